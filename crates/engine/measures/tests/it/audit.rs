//! What others did, judged by the rules of its days; and orders that go further than the order they repeat.

use jiff::civil::{Date, date};
use levee_measures::audit::{Audited, ReadFact, Rests, Seen, audit, by_district, counts};
use levee_measures::zones::{Excess, layering};
use levee_model::area::PlaceCode;
use levee_rulebook::{Facts, Rulebook, Verdict};
use std::sync::LazyLock;

pub(crate) static CHINA: LazyLock<Rulebook> =
    LazyLock::new(|| Rulebook::parse(include_str!("../../../../../rulebooks/china-covid-v9-20.yaml")).unwrap());

fn code(text: &str) -> PlaceCode {
    text.parse().unwrap()
}

fn seen(id: &str, since: Date, until: Option<Date>, facts: &str) -> Seen {
    let rests =
        Rests::Words { event: "E1".into(), source: "S1".into(), why_en: "said".into(), why_zh: "所述".into() };
    Seen {
        id: id.into(),
        words: vec![("something was done".into(), "采取措施".into())],
        events: vec!["E1".into()],
        places: vec![code("500103")],
        districts: [code("500103")].into(),
        since,
        until,
        facts: Facts::parse(facts)
            .unwrap()
            .iter()
            .map(|(path, value)| ReadFact { path: path.clone(), value: value.clone(), rests: rests.clone() })
            .collect(),
    }
}

fn judged(on: Date, one: Seen) -> Audited {
    audit(&CHINA, on, &[one], &|_, _| Vec::new()).unwrap().remove(0)
}

fn spans(one: &Audited) -> String {
    let said = one.spans.iter().map(|span| format!("{}..{} {}", span.from, span.to, span.verdict));
    said.collect::<Vec<_>>().join("; ")
}

const LEAVE: &str = "{measure.type: leave_city_condition, person.zone: low, measure.tests_count: 3}";

#[test]
fn a_measure_is_judged_again_when_the_rules_change_and_its_days_add_up() {
    let tests = "{measure.type: test_area, measure.scope: district, measure.rounds_per_day: 1}";
    let one = judged(date(2022, 12, 10), seen("A", date(2022, 11, 9), None, tests));
    insta::assert_snapshot!(spans(&one), @"2022-11-09..2022-11-10 not_covered; 2022-11-11..2022-12-06 within; 2022-12-07..2022-12-10 stricter");
    let from_spans: i64 = one.spans.iter().map(levee_measures::audit::Span::days).sum();
    assert_eq!(from_spans, 32);
    assert_eq!((one.days_stricter(), one.days_laxer()), (4, 0));
}

#[test]
fn its_age_ends_with_it_and_not_with_the_audit() {
    let ended = judged(date(2022, 12, 4), seen("A", date(2022, 11, 15), Some(date(2022, 11, 17)), LEAVE));
    assert_eq!((ended.days_stricter(), spans(&ended).as_str()), (3, "2022-11-15..2022-11-17 stricter"));
    let runs = judged(date(2022, 12, 4), seen("A", date(2022, 11, 15), None, LEAVE));
    assert_eq!(runs.days_stricter(), 20);
}

#[test]
fn what_the_words_do_not_say_leaves_it_undetermined_and_never_within() {
    let asked = seen("A", date(2022, 11, 20), None, "{measure.type: confine_residents, place.zone: low}");
    let one = judged(date(2022, 11, 20), asked);
    let span = one.latest().unwrap();
    assert_eq!((span.verdict, span.by_book), (Verdict::Undetermined, Verdict::Within));
    let unknown = judged(date(2022, 11, 20), seen("A", date(2022, 11, 20), None, "{measure.scope: district}"));
    let span = unknown.latest().unwrap();
    assert_eq!((span.verdict, span.by_book), (Verdict::Undetermined, Verdict::NotCovered));
    assert!(span.possible.iter().any(|(_, facts)| facts.iter().any(|path| path.as_str() == "measure.type")));
    // With the one fact, it is told.
    let confined = "{measure.type: confine_residents, place.zone: low, measure.confined: true}";
    let one = judged(date(2022, 11, 20), seen("A", date(2022, 11, 20), None, confined));
    assert_eq!(one.latest().unwrap().verdict, Verdict::Stricter);
    let nothing = judged(date(2022, 11, 20), seen("A", date(2022, 11, 20), None, "{measure.type: hand_out_kits}"));
    assert_eq!(nothing.latest().unwrap().verdict, Verdict::NotCovered);
}

#[test]
fn what_the_words_say_stands_before_what_figures_say() {
    let one =
        seen("A", date(2022, 11, 20), None, "{measure.type: test_area, outbreak.present: false, measure.scope: city}");
    let figures = |_: &Seen, _: Date| {
        let rests = Rests::Figures { what_en: "listed".into(), what_zh: "通报".into() };
        let facts = Facts::parse("{outbreak.present: true, measure.rounds_per_day: 2}").unwrap();
        let facts = facts.iter().map(|(path, value)| (path.clone(), value.clone()));
        facts.map(|(path, value)| ReadFact { path, value, rests: rests.clone() }).collect()
    };
    let all = audit(&CHINA, date(2022, 11, 20), &[one], &figures).unwrap();
    let span = all[0].latest().unwrap();
    let facts: Vec<String> = span.facts.iter().map(|fact| format!("{}={}", fact.path, fact.value)).collect();
    assert!(
        facts.contains(&"outbreak.present=false".to_owned()) && facts.contains(&"measure.rounds_per_day=2".to_owned())
    );
    assert_eq!(span.verdict, Verdict::Stricter);
}

#[test]
fn districts_show_what_is_in_force_and_the_oldest_first() {
    let on = date(2022, 11, 30);
    let all = [
        seen("A", date(2022, 11, 15), None, LEAVE),
        seen("B", date(2022, 11, 12), None, LEAVE),
        seen("C", date(2022, 11, 1), Some(date(2022, 11, 12)), LEAVE),
        seen("D", date(2022, 12, 1), None, LEAVE),
    ];
    let audited = audit(&CHINA, on, &all, &|_, _| Vec::new()).unwrap();
    assert_eq!(audited.len(), 3, "what has not begun is not judged");
    assert_eq!(counts(&audited).get(&Verdict::Stricter), Some(&3));
    let districts = [code("500103"), code("500106")];
    let standing = by_district(&audited, on, &districts);
    assert_eq!(standing[&districts[0]].stricter, [("B".to_owned(), 19), ("A".to_owned(), 16)]);
    assert!(standing[&districts[1]].counts.is_empty());
}

#[test]
fn a_lower_order_that_goes_further_is_found_and_one_that_does_not_say_who_gave_it_is_not() {
    let order = |id: &str, who: &str, days: u32, scope: &str| {
        let facts = format!(
            "{{measure.type: close_area, measure.ordered_by: {who}, measure.days: {days}, measure.scope: {scope}}}"
        );
        seen(id, date(2022, 11, 20), Some(date(2022, 11, 29)), &facts)
    };
    let found = |orders: &[Seen]| layering(orders, CHINA.orders(), &crate::zones::town());
    let higher = order("city", "prefecture", 3, "building");
    let layered = found(&[higher.clone(), order("street", "subdistrict", 5, "compound")]);
    assert_eq!(layered.len(), 1);
    assert_eq!((layered[0].higher.as_str(), layered[0].lower.as_str()), ("city", "street"));
    assert!(matches!(layered[0].excess[..], [Excess::Days { higher: 3.0, lower: 5.0 }, Excess::Scope { .. }]));
    assert_eq!(found(&[higher.clone(), order("street", "subdistrict", 3, "building")]), []);
    assert_eq!(found(&[higher.clone(), order("state", "state_council", 5, "compound")]), []);
    let mut later = order("street", "subdistrict", 5, "compound");
    (later.since, later.until) = (date(2022, 12, 1), None);
    assert_eq!(found(&[higher.clone(), later]), []);
    let mut elsewhere = order("street", "subdistrict", 5, "compound");
    elsewhere.places = vec![code("500106")];
    assert_eq!(found(&[higher.clone(), elsewhere]), []);
    let nobody = seen("street", date(2022, 11, 20), None, "{measure.type: close_area, measure.days: 9}");
    assert_eq!(found(&[higher, nobody]), []);
}
