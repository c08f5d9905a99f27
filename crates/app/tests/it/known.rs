//! Law 4: "as known then" is fixed for ever, and nobody can back-date what a live city learns.

use crate::town::{Town, good, moment, row};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use levee_app::city::AppError;
use levee_app::event::Mode;
use levee_app::facts::{KnownRow, known};
use levee_app::journal::{Journal, JournalError};
use levee_model::command::Actor;
use proptest::prelude::*;

fn hour(n: i64) -> DateTime {
    date(2022, 11, 20).at(0, 0, 0, 0).checked_add(jiff::Span::new().hours(n)).unwrap()
}

fn day(n: i8) -> Date {
    date(2022, 11, n)
}

fn all(town: &Town, at: Timestamp) -> Vec<KnownRow> {
    known(&town.journal, "infections", None, date(2022, 12, 31), at).unwrap()
}

fn rows(hours: std::ops::Range<i64>) -> impl Strategy<Value = Vec<levee_app::intake::IncomingRow>> {
    prop::collection::vec((0usize..3, 15i8..18, 0u64..50, hours), 0..30).prop_map(|specs| {
        let place = ["500103", "500112", "500110"];
        let one = |(line, (at, on, count, known)): (u64, (usize, i8, u64, i64))| {
            good(line, row(place[at], day(on), count, hour(known)))
        };
        (2u64..).zip(specs).map(one).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// What becomes known after a moment changes nothing of what was known at it, in whatever order it is sent.
    #[test]
    fn as_known_then_is_stable(early in rows(0..10), late in prop::collection::vec(rows(11..20), 1..4)) {
        let mut town = Town::new(Mode::Replay);
        town.send(early);
        let at = moment(hour(10));
        let before = all(&town, at);
        for file in late {
            town.send(file);
            prop_assert_eq!(all(&town, at), before.clone());
        }
        prop_assert!(all(&town, moment(hour(20))).iter().all(|row| row.known_at <= moment(hour(20))));
    }

    /// In a live city a row is known when it arrives, whatever it claims.
    #[test]
    fn a_live_city_cannot_be_told_when_it_knew(claims in prop::collection::vec(-2000i64..2000, 1..6)) {
        let mut town = Town::new(Mode::Live);
        let now = town.clock.0;
        let sent = (2u64..).zip(&claims).map(|(line, claim)| {
            good(line, row("500103", day(i8::try_from(line).unwrap()), 7, hour(*claim)))
        });
        let report = town.send(sent.collect());
        prop_assert_eq!(report.balance.accepted, claims.len() as u64);
        prop_assert!(all(&town, now.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap()).is_empty());
        for known in all(&town, now) {
            prop_assert_eq!(known.known_at, now);
            prop_assert_eq!(known.row.datetime("known_at"), Some(date(2022, 12, 1).at(12, 0, 0, 0)));
        }
    }
}

#[test]
fn a_live_correction_is_known_from_its_arrival_and_the_old_figure_until_then() {
    let mut town = Town::new(Mode::Live);
    let first = town.clock.0;
    town.send(vec![good(2, row("500103", day(17), 164, hour(0)))]);
    town.clock.0 = first.checked_add(jiff::SignedDuration::from_hours(3)).unwrap();
    // It claims to have been known before the first.
    let report = town.send(vec![good(2, row("500103", day(17), 165, hour(-100)))]);
    assert_eq!((report.balance.accepted, report.superseding), (1, 1));
    let confirmed = |at| all(&town, at).iter().map(|k| k.row.count("confirmed")).collect::<Vec<_>>();
    assert_eq!(confirmed(first), [Some(164)]);
    assert_eq!(confirmed(town.clock.0), [Some(165)]);
    town.verify();
}

#[test]
fn a_clock_that_was_set_back_is_refused() {
    let mut town = Town::new(Mode::Live);
    town.clock.0 = town.clock.0.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap();
    let last = town.journal.last().unwrap();
    let refused = town.send_as(Actor::LocalOperator, vec![good(2, row("500103", day(17), 1, hour(0)))]);
    assert!(matches!(refused, Err(AppError::Journal(JournalError::ClockBehind { .. }))), "{refused:?}");
    assert_eq!(town.journal.last().unwrap(), last);
}
