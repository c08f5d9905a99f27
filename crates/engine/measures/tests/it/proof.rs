//! A pass that somebody made by hand gets in nowhere, and a restriction that was kept in a row comes back as it was.

use crate::common::{act, area, assessment, at, facts, live, measure, report, seen, terms, who, without};
use levee_measures::{
    Basis, Change, Command, FieldReport, For, GateFacts, Measure, Measures, Promise, Service, Unproven,
};
use std::collections::BTreeMap;

fn told(change: &Change, on: &Measures, facts: Option<&GateFacts>) -> String {
    match on.proves(change, facts) {
        Ok(()) => "proved".to_owned(),
        Err(unproven @ (Unproven::Pass { .. } | Unproven::People { .. })) => {
            unproven.to_string().split_once(' ').unwrap().1.to_owned()
        }
        Err(unproven) => unproven.to_string(),
    }
}

fn assessed() -> Measures {
    let (mut city, id) = (Measures::default(), measure(1));
    act(&mut city, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(area())) }).unwrap();
    act(&mut city, 0, Some("li"), Command::Assess { id, assessment: Box::new(assessment()) }).unwrap();
    city
}

fn gated(basis: Basis, ways: &GateFacts) -> Change {
    Change::Gated { id: measure(1), basis: Box::new(basis), ways: ways.ways.clone() }
}

#[test]
fn a_forged_pass_is_refused_whatever_facts_come_with_it() {
    let city = assessed();
    let good = facts(0, 120);
    let honest = || gated(Basis::recorded(at(0), good.promises.clone()), &good);
    assert_eq!(told(&honest(), &city, Some(&good)), "proved");
    assert!(told(&honest(), &city, None).contains("the facts that it rests on are not there"));
    let poor = without(facts(0, 120), Service::UrgentCare);
    let forged = gated(Basis::recorded(at(0), poor.promises.clone()), &poor);
    assert!(told(&forged, &city, Some(&poor)).contains("urgent_care: 0 of 40 reserved"));
    // Facts that would do, and a pass that says something else.
    let none: Vec<Promise> = vec![];
    assert!(told(&gated(Basis::recorded(at(0), none), &good), &city, Some(&good)).contains("it gives another one"));
    let later = gated(Basis::recorded(at(30), good.promises.clone()), &good);
    assert!(told(&later, &city, Some(&good)).contains("not in the 24 h before"));
    let by = |second: &str| [who("li"), who(second)];
    let interim = BTreeMap::from([("food".parse().unwrap(), "street kitchen".parse().unwrap())]);
    let no_food = without(facts(0, 120), Service::Food);
    let over = |until, second: &str, interim| {
        gated(Basis::recorded_override(at(0), at(until), by(second), interim, no_food.promises.clone()), &no_food)
    };
    assert_eq!(told(&over(24, "wang", interim.clone()), &city, Some(&no_food)), "proved");
    for bad in [over(25, "wang", interim.clone()), over(24, "li", interim.clone()), over(24, "wang", BTreeMap::new())] {
        assert!(told(&bad, &city, Some(&no_food)).contains("by two people, puts something off"), "{bad:?}");
    }
    // Nothing goes live from where it may not.
    let basis = Box::new(Basis::recorded(at(0), good.promises.clone()));
    let live = Change::Activated { id: measure(1), basis, ways: good.ways.clone(), by: by("wang"), at: at(0) };
    assert!(told(&live, &city, Some(&good)).contains("cannot become live from assessed"));
    assert!(told(&live, &Measures::default(), Some(&good)).contains("is not there"));
    let lapsed = Change::Lapsed { id: measure(1), at: at(5) };
    assert!(told(&lapsed, &city, None).contains("over at its end and at no other moment"));
}

#[test]
fn what_is_kept_in_a_row_comes_back_as_it_was() {
    let mut city = live(area());
    let appeal = Command::Appeal {
        id: measure(1),
        appeal: crate::common::appeal(1),
        by: "p-9".parse().unwrap(),
        asks: For::Household(crate::common::household("h-1")),
    };
    act(&mut city, 1, None, appeal).unwrap();
    let unserved = FieldReport::Unserved { household: crate::common::household("h-2"), since: at(0) };
    act(&mut city, 2, None, report(unserved)).unwrap();
    let blocked = FieldReport::Inspected { way: "lane".parse().unwrap(), seen: seen(3, false) };
    act(&mut city, 3, None, report(blocked)).unwrap();
    let kept = serde_json::to_string(city.measure(&measure(1)).unwrap()).unwrap();
    let back: Measure = serde_json::from_str(&kept).unwrap();
    assert_eq!(back, *city.measure(&measure(1)).unwrap());
    let mut again = Measures::default();
    again.take(back);
    assert_eq!(again.measures().collect::<Vec<_>>(), city.measures().collect::<Vec<_>>());
}
