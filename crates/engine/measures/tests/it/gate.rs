//! The gate line by line: whatever is taken away is told, with what would mend it, and nothing else is.

use crate::common::{act, area, assessment, at, facts, live, measure, terms, who, without};
use levee_measures::{Command, Deferrable, GateFacts, Lack, Measures, Refusal, Service};
use levee_rulebook::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// A measure that was assessed, at the gate at hour 0.
fn at_gate(facts: GateFacts) -> BTreeSet<Lack> {
    at_gate_of(&mut Measures::default(), facts)
}

fn at_gate_of(city: &mut Measures, facts: GateFacts) -> BTreeSet<Lack> {
    let id = measure(2);
    act(city, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(area())) }).unwrap();
    act(city, 0, Some("li"), Command::Assess { id, assessment: Box::new(assessment()) }).unwrap();
    match act(city, 0, Some("li"), Command::Gate { id, facts: Box::new(facts) }) {
        Ok(_) => BTreeSet::new(),
        Err(Refusal::GateShut { lacks, .. }) => lacks,
        Err(other) => unreachable!("{other}"),
    }
}

#[test]
fn each_missing_thing_shuts_the_gate_by_one_line_that_says_how_to_mend_it() {
    assert_eq!(at_gate(facts(0, 120)), BTreeSet::new());
    let mut broken: Vec<(String, GateFacts)> = Vec::new();
    let mut add = |name: String, change: &dyn Fn(&mut GateFacts)| {
        let mut facts = facts(0, 120);
        change(&mut facts);
        broken.push((name, facts));
    };
    for service in Service::ALL {
        add(format!("no {service}"), &|facts| facts.promises.retain(|promise| promise.service != service));
        add(format!("too little {service}"), &|facts| {
            facts
                .promises
                .iter_mut()
                .filter(|promise| promise.service == service)
                .for_each(|promise| promise.reserved = 1);
        });
        add(format!("{service} ends early"), &|facts| {
            facts
                .promises
                .iter_mut()
                .filter(|promise| promise.service == service)
                .for_each(|promise| promise.to = at(119));
        });
        add(format!("{service} begins late"), &|facts| {
            facts
                .promises
                .iter_mut()
                .filter(|promise| promise.service == service)
                .for_each(|promise| promise.from = at(1));
        });
        if !service.for_everybody() {
            add(format!("nobody asked for {service}"), &|facts| {
                facts.demand.special.remove(&service);
            });
        }
    }
    for way in [0, 1] {
        add(format!("no way {way}"), &|facts| {
            facts.ways.remove(way);
        });
        add(format!("way {way} not seen"), &|facts| facts.ways[way].inspected = None);
        add(format!("way {way} blocked"), &|facts| facts.ways[way].inspected.as_mut().unwrap().open = false);
        add(format!("way {way} seen long ago"), &|facts| facts.ways[way].inspected.as_mut().unwrap().at = at(-25));
        add(format!("way {way} seen tomorrow"), &|facts| facts.ways[way].inspected.as_mut().unwrap().at = at(1));
    }
    add("people not counted".to_owned(), &|facts| facts.demand.persons = None);
    add("nobody in it".to_owned(), &|facts| facts.demand.persons = Some(0));
    add("no notice".to_owned(), &|facts| facts.notice = None);
    add("notice tomorrow".to_owned(), &|facts| facts.notice.as_mut().unwrap().at = at(1));
    add("no appeals".to_owned(), &|facts| facts.appeal_channel = None);
    add("an empty channel".to_owned(), &|facts| facts.appeal_channel = Some(" ".to_owned()));
    for (name, facts) in broken {
        let lacks = at_gate(facts);
        assert_eq!(lacks.len(), 1, "{name}: {lacks:?}");
        assert!(lacks.iter().all(|lack| !lack.mend().is_empty()));
    }
    // Without a vehicle urgent care is no urgent care: two lines for one cause.
    let mut walking = facts(0, 120);
    walking.promises.iter_mut().for_each(|promise| promise.vehicle = None);
    assert_eq!(at_gate(walking).len(), 2);
    // Facts that say nothing at all fail on every count.
    assert!(at_gate(GateFacts::default()).len() >= 11);
}

#[test]
fn the_rulebook_blocks_beside_the_gate_and_stricter_is_a_flag() {
    let verdict = |verdict, open| {
        let (mut city, id) = (Measures::default(), measure(2));
        act(&mut city, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(area())) }).unwrap();
        let mut told = assessment();
        (told.verdict, told.rulebook_gates_open) = (verdict, open);
        act(&mut city, 0, Some("li"), Command::Assess { id, assessment: Box::new(told) }).unwrap();
        act(&mut city, 0, Some("li"), Command::Gate { id, facts: Box::new(facts(0, 120)) }).is_ok()
    };
    assert!(verdict(Verdict::Within, true) && verdict(Verdict::Stricter, true));
    assert!(!verdict(Verdict::Blocked, true) && !verdict(Verdict::Within, false));
}

#[test]
fn a_provider_cannot_promise_the_same_food_to_two_buildings() {
    let mut city = live(area());
    let mut other = facts(0, 120);
    other.promises.retain(|promise| promise.service != Service::Food);
    let lacks = at_gate_of(&mut city, facts(0, 120));
    assert_eq!(lacks.len(), Service::ALL.len(), "{lacks:?}");
    assert!(lacks.iter().all(|lack| matches!(lack, Lack::PromisedTwice { other: Some(id), .. } if *id == measure(1))));
    let food = lacks.iter().find(|lack| lack.to_string().contains("food")).unwrap();
    assert!(food.to_string().starts_with("`food office` promised food twice: 80 in all, it can give 40"), "{food}");
    // Who can give enough for both may promise to both; once one is over, its food is free again.
    let mut enough = facts(0, 120);
    enough.offers = enough.promises.iter().map(|one| ((one.provider.clone(), one.service), 80)).collect();
    let id = measure(2);
    assert!(act(&mut city.clone(), 0, Some("li"), Command::Gate { id, facts: Box::new(enough) }).is_ok());
    act(&mut city, 0, Some("li"), Command::End { id: measure(1) }).unwrap();
    assert!(act(&mut city, 0, Some("li"), Command::Gate { id, facts: Box::new(facts(0, 120)) }).is_ok());
    // Twice within one list is twice.
    let mut doubled = facts(0, 120);
    doubled.promises.push(doubled.promises[0].clone());
    assert_eq!(at_gate(doubled).len(), 1);
}

#[test]
fn an_override_defers_only_food_medicine_water_and_notice_and_never_longer_than_a_day() {
    let id = measure(2);
    let over = |facts: GateFacts, hours: i64, deferred: &[Deferrable], second: &str| {
        let mut city = Measures::default();
        act(&mut city, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(area())) }).unwrap();
        act(&mut city, 0, Some("li"), Command::Assess { id, assessment: Box::new(assessment()) }).unwrap();
        let interim: BTreeMap<_, _> = deferred.iter().map(|what| (*what, "street kitchen".parse().unwrap())).collect();
        let second = who(second);
        act(
            &mut city,
            0,
            Some("li"),
            Command::Override { id, facts: Box::new(facts), until: at(hours), interim, second },
        )
    };
    let all = [Deferrable::Food, Deferrable::Medicine, Deferrable::Water, Deferrable::Notice];
    let deferrable = [Service::Food, Service::Medicine, Service::Water];
    for service in Service::ALL {
        let tried = over(without(facts(0, 120), service), 24, &all, "wang");
        assert_eq!(tried.is_ok(), deferrable.contains(&service), "{service}");
    }
    let mut untold = facts(0, 120);
    untold.notice = None;
    assert!(over(untold, 24, &all, "wang").is_ok());
    for way in [0, 1] {
        let mut blocked = facts(0, 120);
        blocked.ways[way].inspected.as_mut().unwrap().open = false;
        assert!(over(blocked, 24, &all, "wang").is_err());
    }
    let no_food = || without(facts(0, 120), Service::Food);
    assert!(matches!(over(no_food(), 25, &all, "wang"), Err(Refusal::OverrideTooLong { .. })));
    assert!(matches!(over(no_food(), 0, &all, "wang"), Err(Refusal::OverrideTooLong { .. })));
    assert!(matches!(over(no_food(), 24, &all, "li"), Err(Refusal::SamePerson(_))));
    assert!(matches!(over(no_food(), 24, &[], "wang"), Err(Refusal::NothingDeferred)));
    // Somebody must help out with what is really missing.
    assert!(matches!(over(no_food(), 24, &[Deferrable::Water], "wang"), Err(Refusal::GateShut { .. })));
}
