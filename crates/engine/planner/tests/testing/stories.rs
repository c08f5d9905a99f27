//! What a section lead would read, in cities small enough to follow.

use crate::city::{duty, inputs, laboratory, lane, prevalence, site, span, team};
use levee_check::testing::check;
use levee_model::plan::testing::*;
use levee_model::quantity::Persons;
use levee_planner::testing::{nearest_until_full, propose};

/// One district, one site, two teams; a near laboratory with 20 tubes an hour and one further off with 40.
fn two_laboratories() -> TestingInputs {
    TestingInputs {
        duties: vec![
            duty("contacts", "D1", TestClass::Contact, 60, span(8, 12), 6),
            duty("round", "D1", TestClass::Screening, 2000, span(8, 16), 24),
        ],
        sites: vec![site("S1", "D1", 4)],
        teams: vec![
            team("T1", "D1", span(8, 16), 200),
            team("T2", "D1", span(8, 16), 200),
            team("T3", "D1", span(16, 24), 20),
        ],
        laboratories: vec![laboratory("L1", "D1", 20, span(0, 48), 120), laboratory("L2", "D2", 40, span(0, 48), 120)],
        lanes: vec![lane("S1", "L1", 20), lane("S1", "L2", 50)],
        prevalence: vec![prevalence("D1", 0.001)],
        ..inputs()
    }
}

fn told(plan: &TestingPlan) -> String {
    let mut text = String::new();
    for p in &plan.pools {
        text += &format!("{:?}: {} to a tube\n", p.class, p.size);
    }
    for s in &plan.shares {
        text +=
            &format!("{:?}: {} people, {:?} per mille in time\n", s.class, s.people, s.in_time_per_mille.unwrap_or(0));
    }
    let t = &plan.totals;
    text + &format!("tubes {} = analysed {} + lost {} + pending {}", t.collected, t.analysed, t.lost, t.pending)
}

#[test]
fn contacts_alone_the_round_in_twenties_and_everything_in_time() {
    let city = two_laboratories();
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    insta::assert_snapshot!(told(&plan), @"
    Contact: 1 to a tube
    Screening: 20 to a tube
    Recheck: 41 people, 1000 per mille in time
    Contact: 60 people, 1000 per mille in time
    Screening: 2000 people, 1000 per mille in time
    tubes 201 = analysed 201 + lost 0 + pending 0
    ");
    assert!(plan.totals.target_met && plan.proof.is_none() && plan.ask.is_none());
    assert_eq!(plan.caveats[0], Caveat::CareDoesNotWait);
}

#[test]
fn a_refused_or_exempt_test_is_not_planned() {
    let mut city = two_laboratories();
    city.duties[0].resolved = Persons::new(60);
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    let contacts = plan.duties.iter().find(|d| d.duty.as_str() == "contacts").unwrap();
    assert_eq!((contacts.resolved.get(), contacts.sampled.get(), contacts.unsampled.get()), (60, 0, 0));
    assert!(plan.tubes.iter().all(|t| t.duty.as_str() != "contacts"));
}

#[test]
fn an_outage_sends_tubes_to_the_next_laboratory_and_the_naive_rule_is_late() {
    let mut city = two_laboratories();
    city.laboratories[0].outages = vec![span(9, 14)];
    city.laboratories[1].per_hour[0].tubes = levee_model::quantity::Tubes::new(60);
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    let in_time = |p: &TestingPlan| p.shares.iter().find(|s| s.class == TestClass::Contact).unwrap().in_time_per_mille;
    assert_eq!(in_time(&plan), Some(1000));
    // No run touches the outage, and none is loaded that would not be done before it.
    let first = city.laboratories[0].laboratory.clone();
    assert!(plan.tubes.iter().filter(|t| t.laboratory == first).all(|t| t.analysed >= 14));
    assert!(in_time(&nearest_until_full(&city, 0)) < Some(1000));
}

#[test]
fn a_shortfall_is_proved_and_the_ask_would_mend_it() {
    let mut city = two_laboratories();
    city.laboratories.pop();
    city.lanes.pop();
    city.duties = vec![duty("contacts", "D1", TestClass::Contact, 400, span(8, 12), 8)];
    city.limits.outside = Some(OutsideHelp { minutes: 60, turnaround_minutes: 120, from_hour: 10 });
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    let proof = plan.proof.as_ref().unwrap();
    // 18 tubes an hour (20 x 0.9) from 10:00 on, results within eight hours of sampling at 08:00 to 11:59.
    insta::assert_snapshot!(format!("{} of {} tubes short; {:?}", proof.short, proof.needed, proof.binding.first()), @r#"256 of 400 tubes short; Some(LaboratoryHour { laboratory: FacilityId("L1"), hour: 10, tubes: Tubes(18) })"#);
    let ask = plan.ask.as_ref().unwrap();
    assert_eq!(ask.with, [0; 3]);
    assert_eq!(ask.tubes, proof.short);
    assert_eq!(plan.duties[0].cause, Some(TestingCause::Laboratories));
}

#[test]
fn tubes_older_than_their_life_are_lost_and_said_so() {
    let mut city = two_laboratories();
    city.waiting = vec![WaitingTubes {
        at: "S1".parse().unwrap(),
        district: "D1".parse().unwrap(),
        class: TestClass::KeyPost,
        sampled_hour: -13,
        promise_minutes: 1440,
        tubes: levee_model::quantity::Tubes::new(9),
        people_per_tube: 10,
        received: false,
        origin: levee_model::provenance::Origin::Reported,
    }];
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    assert_eq!((plan.totals.waiting.get(), plan.totals.lost.get()), (9, 9));
    city.waiting[0].received = true;
    city.waiting[0].at = "L1".parse().unwrap();
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    assert_eq!((plan.totals.lost.get(), plan.totals.pending.get()), (0, 0));
}

#[test]
fn nothing_known_is_still_a_plan() {
    let mut city = two_laboratories();
    city.teams[0].people_per_hour = None;
    city.teams[1].people_per_hour = None;
    city.teams[2].people_per_hour = None;
    city.laboratories[0].turnaround_minutes = None;
    city.prevalence.clear();
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    assert_eq!(plan.totals.unsampled, plan.totals.people);
    insta::assert_snapshot!(format!("{:?} {}", plan.duties[0].cause, plan.gaps.len()), @"Some(NoTeam) 5");
    let city = inputs();
    assert_eq!(check(&propose(&city, 0), &city), []);
}
