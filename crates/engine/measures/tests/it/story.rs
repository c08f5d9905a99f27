//! A building is closed, and opened again. The gate refuses it twice on the way.

use crate::common::{
    act, appeal, area, assessment, evidence, facts, first_appeal, household, live, measure, observed, one_person,
    report, seen, terms, way, who, without,
};
use levee_measures::{
    BadTerms, Change, Command, Deferrable, EndReason, ExitKind, FieldReport, Flag, For, Measures, Phase, PhaseName,
    Refusal, Service, SuspendReason, Terms,
};
use std::collections::BTreeMap;

fn said(result: Result<Vec<Change>, Refusal>) -> String {
    match result {
        Ok(changes) => changes.iter().map(told).collect::<Vec<_>>().join("\n"),
        Err(refusal) => format!("refused: {refusal}\nmend: {}", refusal.hint()),
    }
}

fn told(change: &Change) -> String {
    match change {
        Change::Proposed { .. } => "proposed".to_owned(),
        Change::Assessed { .. } => "assessed".to_owned(),
        Change::Gated { .. } => "gated".to_owned(),
        Change::Activated { at, .. } => format!("live since {at}"),
        Change::Suspended { reason, at, .. } => format!("suspended at {at}: {reason:?}"),
        Change::Lapsed { at, .. } => format!("lapsed at {at}"),
        Change::Ended { reason, at, .. } => format!("ended at {at}: {reason:?}"),
        Change::ReviewFlag { open, .. } => format!("review open: {open}"),
        Change::AppealLate { .. } => "an appeal is late".to_owned(),
        Change::AppealDecided { decided, .. } => format!("appeal upheld: {}", decided.upheld),
        other => format!("{other:?}"),
    }
}

fn phase(measures: &Measures) -> PhaseName {
    measures.measure(&measure(1)).unwrap().phase().name()
}

#[test]
fn a_building_is_closed_and_opened_again_and_the_gate_refuses_it_twice() {
    let id = measure(1);
    let mut city = Measures::default();
    let propose = Command::Propose { id, terms: Box::new(terms(area())) };
    assert_eq!(said(act(&mut city, -3, Some("li"), propose)), "proposed");
    let assess = Command::Assess { id, assessment: Box::new(assessment()) };
    assert_eq!(said(act(&mut city, -3, Some("li"), assess)), "assessed");
    // First: no food, no ambulance, nobody asked about dialysis, and nobody looked at the lane.
    let mut poor = without(without(facts(-2, 120), Service::Food), Service::UrgentCare);
    poor.demand.special.remove(&Service::Dialysis);
    poor.ways[1].inspected = None;
    insta::assert_snapshot!(said(act(&mut city, -2, Some("li"), Command::Gate { id, facts: Box::new(poor) })), @"
refused: the gate of 00000000000000000000000000000001-1 is shut: nobody said how many of them need dialysis; food: 0 of 40 reserved from start to end; urgent_care: 0 of 40 reserved from start to end; fire lane `lane` was not inspected
mend: ask who needs dialysis; none is an answer; reserve 40 more of food, from start to end; reserve 40 more of urgent_care, from start to end; have `lane` inspected today, by a named person
");
    // Then an override for the food; urgent care cannot be put off.
    let until = crate::common::at(20);
    let interim = BTreeMap::from([(Deferrable::Food, "street kitchen".parse().unwrap())]);
    let over =
        |facts| Command::Override { id, facts: Box::new(facts), until, interim: interim.clone(), second: who("wang") };
    let no_ambulance = without(without(facts(-1, 120), Service::Food), Service::UrgentCare);
    insta::assert_snapshot!(said(act(&mut city, -1, Some("li"), over(no_ambulance))), @"
refused: the gate of 00000000000000000000000000000001-1 is shut: urgent_care: 0 of 40 reserved from start to end
mend: reserve 40 more of urgent_care, from start to end
");
    let no_food = without(facts(-1, 120), Service::Food);
    assert_eq!(said(act(&mut city, -1, Some("li"), over(no_food.clone()))), "gated");
    let activate = Command::Activate { id, facts: Box::new(no_food), second: who("li") };
    assert_eq!(
        said(act(&mut city, 0, Some("li"), activate.clone())),
        "refused: `li` cannot be both of the two people\nmend: name a second person"
    );
    let Command::Activate { facts: no_food, .. } = activate else { return };
    let activate = Command::Activate { id, facts: no_food, second: who("wang") };
    assert_eq!(said(act(&mut city, 0, Some("li"), activate)), "live since 2022-11-24T00:00:00Z");
    assert!(city.measure(&id).unwrap().binds(crate::common::at(19)));
    // The food is still not there when the override is over: people are free, noticed or not.
    assert!(!city.measure(&id).unwrap().binds(until));
    assert_eq!(said(act(&mut city, 21, None, Command::Tick)), "suspended at 2022-11-24T21:00:00Z: OverrideOver");
    // With food it goes on; at hour 72 somebody has to look; at hour 120 it ends by itself.
    let activate = Command::Activate { id, facts: Box::new(facts(30, 120)), second: who("wang") };
    assert_eq!(said(act(&mut city, 30, Some("li"), activate)), "live since 2022-11-25T06:00:00Z");
    assert_eq!(said(act(&mut city, 72, None, Command::Tick)), "review open: true");
    for door in ["main door", "lane"] {
        let inspected = report(FieldReport::Inspected { way: door.parse().unwrap(), seen: seen(73, true) });
        act(&mut city, 73, Some("warden"), inspected).unwrap();
    }
    assert!(city.measure(&id).unwrap().binds(crate::common::at(119)));
    assert!(!city.measure(&id).unwrap().binds(crate::common::at(120)));
    assert_eq!(said(act(&mut city, 130, None, Command::Tick)), "lapsed at 2022-11-29T00:00:00Z");
    assert_eq!(said(act(&mut city, 131, None, Command::Tick)), "");
}

#[test]
fn a_blocked_exit_lost_urgent_care_and_a_missed_inspection_free_people_at_once() {
    let blocked = FieldReport::Inspected { way: "main door".parse().unwrap(), seen: seen(5, false) };
    let mut city = live(area());
    assert_eq!(act(&mut city, 5, None, report(blocked)).unwrap().len(), 2);
    assert_eq!(
        *city.measure(&measure(1)).unwrap().phase(),
        Phase::Suspended(SuspendReason::WayBlocked("main door".parse().unwrap()))
    );
    // Opened again, it goes on only when two people say so and the whole gate opens.
    let open = FieldReport::Inspected { way: "main door".parse().unwrap(), seen: seen(6, true) };
    act(&mut city, 6, None, report(open)).unwrap();
    assert_eq!(phase(&city), PhaseName::Suspended);
    let mut city = live(area());
    act(&mut city, 5, None, report(FieldReport::UrgentCareLost)).unwrap();
    assert_eq!(*city.measure(&measure(1)).unwrap().phase(), Phase::Suspended(SuspendReason::UrgentCareLost));
    let mut city = live(area());
    assert!(city.measure(&measure(1)).unwrap().binds(crate::common::at(71)));
    assert!(!city.measure(&measure(1)).unwrap().binds(crate::common::at(72)));
    act(&mut city, 72, None, Command::Tick).unwrap();
    assert_eq!(phase(&city), PhaseName::Suspended);
}

#[test]
fn a_household_without_its_delivery_for_a_day_is_free_unless_help_is_confirmed() {
    let (hungry, helped) = (household("h-1"), household("h-2"));
    let mut city = live(area());
    for household in [&hungry, &helped] {
        let unserved = FieldReport::Unserved { household: household.clone(), since: crate::common::at(2) };
        act(&mut city, 3, None, report(unserved)).unwrap();
    }
    act(&mut city, 20, None, report(FieldReport::Served { household: helped.clone() })).unwrap();
    let binds = |city: &Measures, household, hours| {
        city.measure(&measure(1)).unwrap().binds_household(household, crate::common::at(hours))
    };
    assert!(binds(&city, &hungry, 25) && !binds(&city, &hungry, 26) && binds(&city, &helped, 26));
    act(&mut city, 26, None, Command::Tick).unwrap();
    // Free until it is over, also after a late delivery: only people bind people.
    act(&mut city, 27, None, report(FieldReport::Served { household: hungry.clone() })).unwrap();
    assert!(!binds(&city, &hungry, 28) && binds(&city, &helped, 28));
    // A person in quarantine is a household of one.
    let mut city = live(one_person());
    act(&mut city, 3, None, report(FieldReport::Unserved { household: hungry, since: crate::common::at(2) })).unwrap();
    assert!(!city.measure(&measure(1)).unwrap().binds(crate::common::at(26)));
    act(&mut city, 26, None, Command::Tick).unwrap();
    assert_eq!(*city.measure(&measure(1)).unwrap().phase(), Phase::Suspended(SuspendReason::Unserved));
}

#[test]
fn a_person_is_told_first_and_released_when_the_ground_lapses() {
    let id = measure(1);
    let mut city = live(one_person());
    act(&mut city, 9, None, report(FieldReport::GroundLapsed)).unwrap();
    assert_eq!(*city.measure(&id).unwrap().phase(), Phase::Ended(EndReason::GroundLapsed));
    let mut city = Measures::default();
    act(&mut city, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(one_person())) }).unwrap();
    act(&mut city, 0, Some("li"), Command::Assess { id, assessment: Box::new(assessment()) }).unwrap();
    let mut untold = facts(0, 120);
    untold.notice = None;
    untold.ways = vec![way("door", ExitKind::Exit, 0, true)];
    insta::assert_snapshot!(said(act(&mut city, 0, Some("li"), Command::Gate { id, facts: Box::new(untold) })), @"
refused: the gate of 00000000000000000000000000000001-1 is shut: no notice was given
mend: publish what, why, from when to when, who, how to appeal; hand it to the person it holds
");
}

#[test]
fn renewal_needs_evidence_that_came_since_and_services_to_the_new_end() {
    let renew = |reports: &[(&str, i64)], end: i64, services_to: i64| Command::Renew {
        id: measure(1),
        end: crate::common::at(end),
        review: crate::common::at(end - 1),
        evidence: reports.iter().map(|(report, hours)| evidence(report, *hours)).collect(),
        facts: Box::new(facts(60, services_to)),
        assessment: Box::new(assessment()),
        second: who("wang"),
    };
    let tried = |command| said(act(&mut live(area()), 60, Some("li"), command));
    insta::assert_snapshot!([
        tried(renew(&[], 144, 144)),
        tried(renew(&[("r-1", 30)], 144, 144)),
        tried(renew(&[("r-2", -6)], 144, 144)),
        tried(renew(&[("r-2", 61)], 144, 144)),
        tried(renew(&[("r-2", 30)], 110, 144)),
    ].join("\n"), @"
refused: renewal names no evidence
mend: name reports that came since; else let it end
refused: renewal rests on nothing new: `r-1` was evidence before, or is older than what the restriction rests on
mend: name reports that came since; else let it end
refused: renewal rests on nothing new: `r-2` was evidence before, or is older than what the restriction rests on
mend: name reports that came since; else let it end
refused: renewal rests on nothing new: `r-2` was evidence before, or is older than what the restriction rests on
mend: name reports that came since; else let it end
refused: the new end 2022-11-28T14:00:00Z with review 2022-11-28T13:00:00Z does not lie after 2022-11-29T00:00:00Z in this order
mend: give an end later than the present one, and a review before it
");
    assert!(tried(renew(&[("r-2", 30)], 144, 143)).contains("food: 0 of 40 reserved from start to end"));
    let mut city = live(area());
    act(&mut city, 60, Some("li"), renew(&[("r-2", 30)], 144, 144)).unwrap();
    assert!(city.measure(&measure(1)).unwrap().binds(crate::common::at(131)));
    // The same evidence carries nothing twice.
    assert!(act(&mut city, 60, Some("li"), renew(&[("r-2", 30)], 168, 168)).is_err());
    // What is over is not renewed.
    assert!(act(&mut live(area()), 120, Some("li"), renew(&[("r-2", 30)], 144, 144)).is_err());
}

#[test]
fn an_appeal_is_decided_by_somebody_else_within_a_day_and_an_upheld_one_frees() {
    let id = measure(1);
    let open = |asks| Command::Appeal { id, appeal: appeal(1), by: "p-3".parse().unwrap(), asks };
    let decide =
        |upheld| Command::DecideAppeal { id, appeal: appeal(1), upheld, reason: "no case lives there".to_owned() };
    let mut city = live(area());
    act(&mut city, 10, None, open(For::All)).unwrap();
    for own in ["li", "wang"] {
        assert_eq!(act(&mut city, 11, Some(own), decide(true)), Err(Refusal::OwnCase(who(own))));
    }
    assert_eq!(said(act(&mut city, 34, None, Command::Tick)), "");
    assert_eq!(said(act(&mut city, 35, None, Command::Tick)), "an appeal is late");
    assert_eq!(
        said(act(&mut city, 36, Some("judge"), decide(true))),
        "appeal upheld: true\nended at 2022-11-25T12:00:00Z: AppealUpheld"
    );
    assert_eq!((city.appeals_upheld(), city.appeals_late()), (1, 1));
    assert!(first_appeal(&city).unwrap().late(crate::common::at(36)));
    assert_eq!(act(&mut city, 37, Some("judge"), decide(true)), Err(Refusal::AppealDecided(appeal(1))));
    // For one household, the others stay.
    let mut city = live(area());
    act(&mut city, 10, None, open(For::Household(household("h-1")))).unwrap();
    act(&mut city, 11, Some("judge"), decide(true)).unwrap();
    let measure = city.measure(&id).unwrap();
    assert!(measure.binds(crate::common::at(12)) && !measure.binds_household(&household("h-1"), crate::common::at(12)));
    assert_eq!(city.appeals_upheld(), 1);
}

#[test]
fn what_others_did_is_recorded_and_flagged_and_nothing_asks_for_services() {
    let mut city = Measures::default();
    act(&mut city, 0, None, Command::Observe(Box::new(observed(5)))).unwrap();
    let flags: Vec<String> = city.observed().next().unwrap().flags().iter().map(|flag| format!("{flag:?}")).collect();
    insta::assert_snapshot!(flags.join(", "), @"Stricter, NoEnd, NoService(Water), NoService(Medicine), NoService(UrgentCare), NoService(Dialysis), NoService(Chemotherapy), NoService(Obstetric), NoService(HelpForTheOld), NoService(HelpForChildren), NoService(Refuse), ExitsNotShown");
    // Judged anew, it is the same measure.
    let mut within = observed(5);
    within.verdict = Some(levee_rulebook::Verdict::Within);
    act(&mut city, 1, None, Command::Observe(Box::new(within))).unwrap();
    assert_eq!(city.observed().count(), 1);
    assert!(!city.observed().next().unwrap().flags().contains(&Flag::Stricter));
}

#[test]
fn terms_without_an_end_a_ground_or_evidence_cannot_be() {
    let good = terms(area());
    let with = |evidence: Vec<_>, clause: &str, times: (i64, i64, i64)| {
        let mut ground = good.ground().clone();
        ground.clause = clause.to_owned();
        let [start, review, end] = [times.0, times.1, times.2].map(crate::common::at);
        Terms::new(area(), ground, evidence, who("li"), (start, review, end))
    };
    let one = || vec![evidence("r-1", 0)];
    assert!(with(one(), "art. 1", (0, 1, 2)).is_ok());
    assert!(matches!(with(one(), "art. 1", (0, 1, 0)), Err(BadTerms::EndsBeforeStart { .. })));
    assert!(matches!(with(one(), "art. 1", (0, 3, 2)), Err(BadTerms::ReviewOutside { .. })));
    assert_eq!(with(vec![], "art. 1", (0, 1, 2)), Err(BadTerms::NoEvidence));
    assert_eq!(with(one(), " ", (0, 1, 2)), Err(BadTerms::NoClause));
}
