//! The catalogue of obligations that a city goes by.

use crate::town::{Town, pack_of};
use levee_app::catalogue::{due_by_rule, of_city};
use levee_app::event::Mode;
use levee_ledger::catalogue::Outcome;

#[test]
fn a_city_goes_by_the_catalogue_that_it_was_founded_with() {
    let town = Town::new(Mode::Replay);
    let (kept, given) = (of_city(&town.journal).unwrap(), &pack_of().catalogue);
    assert!(kept.kinds().eq(given.kinds()));
    for kind in given.kinds() {
        assert_eq!(kept.fields(&kind.id), given.fields(&kind.id), "{}", kind.id);
        assert_eq!(kept.ladder(kind), given.ladder(kind), "{}", kind.id);
        for outcome in [Outcome::Met, Outcome::Waived, Outcome::Expired, Outcome::Voided, Outcome::Carried] {
            for reason in given.reasons(kind, outcome) {
                assert_eq!(kept.reason(kind, outcome, &reason.code), Some(reason), "{}", kind.id);
            }
        }
    }
}

#[test]
fn a_rule_says_when_it_is_due_and_an_order_does_not() {
    let catalogue = &pack_of().catalogue;
    let due = |kind: &str| {
        let kind = catalogue.kind(&kind.parse().unwrap()).unwrap();
        due_by_rule(kind, jiff::civil::date(2022, 11, 18).at(23, 0, 0, 0)).map(|due| due.to_string())
    };
    assert_eq!(due("care_placement").as_deref(), Some("2022-11-19T23:00:00"));
    assert_eq!(due("urgent_care_ack").as_deref(), Some("2022-11-18T23:02:00"));
    assert_eq!(due("directive"), None);
}
