//! Small stories with a known right answer.

use crate::day::{at_hours, crew, hop, inputs, lane, person, pseudonym, quota, vehicle};
use levee_model::facility::Level::{General, Makeshift};
use levee_model::plan::CareClass::{Critical, Mild, Moderate};
use levee_model::plan::runs::*;
use levee_model::report::VehicleKind::{Ambulance, Coach};
use levee_planner::runs::{RunSearch, propose};

fn plan(inputs: &RunInputs) -> RunPlan {
    let plan = propose(inputs, RunSearch::default(), 1);
    assert_eq!(levee_check::runs::check(&plan, inputs), []);
    plan
}

/// A pseudonym's last digits are enough to tell people of a story apart.
fn short(person: levee_model::subject::Pseudonym) -> String {
    person.to_string().trim_start_matches("p-").trim_start_matches('0').to_owned()
}

fn told(plan: &RunPlan) -> String {
    let mut lines = Vec::new();
    for one in &plan.urgent {
        let to = one.facility.as_ref().map_or("emergency", |f| f.as_str());
        let by = one.vehicle.as_ref().map_or("whatever can go", |v| v.as_str());
        let with = one.escort.map(|e| format!(" with {}", short(e))).unwrap_or_default();
        lines.push(format!("now: {}{with} from {} to {to} by {by}", short(one.person), one.district));
    }
    for run in &plan.runs {
        let stops: Vec<String> = run
            .pick_ups
            .iter()
            .map(|stop| {
                let people: Vec<String> = stop.people.iter().map(|p| short(p.person)).collect();
                format!("{} {} [{}]", stop.arrive.strftime("%H:%M"), stop.district, people.join(" "))
            })
            .collect();
        lines.push(format!(
            "{}: {} off, {}, {} {}, back {}",
            run.vehicle,
            run.depart.strftime("%H:%M"),
            stops.join(", "),
            run.arrive.strftime("%H:%M"),
            run.facility,
            run.back.strftime("%H:%M"),
        ));
    }
    for one in &plan.exempt {
        lines.push(format!("stays: {} {:?}, {}", short(one.person), one.ground, one.decided_by));
    }
    for one in &plan.waiting {
        lines.push(format!("waits: {} {:?}", short(one.person), one.cause));
    }
    for cut in &plan.cuts {
        lines.push(format!("cut: {} from {} to {} {:?}", cut.people, cut.district, cut.facility, cut.cause));
    }
    lines.join("\n")
}

#[test]
fn who_waited_longest_goes_first_and_who_finds_no_seat_is_told_why() {
    let people = vec![person(1, "D1", Mild, 5), person(2, "D1", Mild, 30), person(3, "D1", Mild, 9)];
    let day = inputs(
        people,
        vec![quota("D1", "F1", Makeshift, Mild, 3)],
        vec![lane("D1", "F1", 200)],
        vec![vehicle("V1", Coach, "D1", 2)],
    );
    insta::assert_snapshot!(told(&plan(&day)), @"
    V1: 06:00 off, 06:00 D1 [2 3], 09:40 F1, back 13:35
    waits: 1 VehicleTime
    cut: 1 from D1 to F1 VehicleTime
    ");
}

#[test]
fn urgent_people_go_now_whatever_else_is_lacking() {
    let mut child = person(1, "D1", Critical, 1);
    child.guardianship = Guardianship::By { person: pseudonym(2) };
    let people = vec![child, person(2, "D1", Mild, 1), person(3, "D1", Critical, 2)];
    let mut ambulance = vehicle("A1", Ambulance, "D1", 1);
    ambulance.crew = Some(crew(6, 22));
    let day = inputs(people, vec![], vec![], vec![ambulance]);
    insta::assert_snapshot!(told(&plan(&day)), @"
    now: 3 from D1 to emergency by A1
    now: 1 with 2 from D1 to emergency by whatever can go
    ");
}

#[test]
fn a_mixed_family_goes_where_both_levels_are() {
    let mut people = vec![person(1, "D1", Mild, 5), person(2, "D1", Moderate, 5), person(3, "D1", Mild, 50)];
    for one in &mut people[..2] {
        one.household = Some(pseudonym(100));
    }
    let quotas = vec![
        quota("D1", "F1", Makeshift, Mild, 5),
        quota("D1", "F2", Makeshift, Mild, 1),
        quota("D1", "F3", General, Moderate, 5),
        quota("D1", "F2", General, Moderate, 1),
    ];
    let lanes = vec![lane("D1", "F1", 10), lane("D1", "F2", 50), lane("D1", "F3", 10)];
    let day = inputs(people, quotas, lanes, vec![vehicle("V1", Coach, "D1", 30)]);
    insta::assert_snapshot!(told(&plan(&day)), @"
    V1: 06:00 off, 06:00 D1 [1 2], 07:10 F2, back 08:15
    V1: 08:45 off, 08:45 D1 [3], 09:15 F1, back 09:40
    ");
}

#[test]
fn a_child_goes_up_with_its_guardian_and_a_family_without_a_common_place_is_not_split() {
    let mut child = person(1, "D1", Mild, 5);
    child.guardianship = Guardianship::By { person: pseudonym(2) };
    let mut people = vec![child, person(2, "D1", Moderate, 5), person(3, "D1", Mild, 9), person(4, "D1", Moderate, 9)];
    for one in &mut people[2..] {
        one.household = Some(pseudonym(100));
    }
    let quotas = vec![quota("D1", "F1", Makeshift, Mild, 5), quota("D1", "F2", General, Moderate, 3)];
    let lanes = vec![lane("D1", "F1", 10), lane("D1", "F2", 50)];
    let day = inputs(people, quotas, lanes, vec![vehicle("V1", Coach, "D1", 30)]);
    insta::assert_snapshot!(told(&plan(&day)), @"
    V1: 06:00 off, 06:00 D1 [1 2], 07:10 F2, back 08:15
    waits: 4 NoPlaceTogether
    waits: 3 NoPlaceTogether
    ");
}

#[test]
fn a_neighbour_with_a_free_coach_helps() {
    let people = vec![person(1, "D1", Mild, 5), person(2, "D2", Mild, 6), person(3, "D3", Mild, 7)];
    let quotas = ["D1", "D2", "D3"].map(|d| quota(d, "F1", Makeshift, Mild, 1)).to_vec();
    let lanes = ["D1", "D2", "D3"].map(|d| lane(d, "F1", 30)).to_vec();
    let mut day = inputs(people, quotas, lanes, vec![vehicle("V1", Coach, "D1", 30)]);
    day.hops = vec![hop("D1", "D2", 15)];
    insta::assert_snapshot!(told(&plan(&day)), @"
    V1: 06:00 off, 06:00 D1 [1], 06:35 D2 [2], 07:25 F1, back 08:10
    waits: 3 NoVehicle
    cut: 1 from D3 to F1 Vehicles
    ");
}

#[test]
fn exemptions_hold_once_decided_and_late_people_are_not_fetched_early() {
    let mut people: Vec<_> = (1..=4).map(|n| person(n, "D1", Mild, 5)).collect();
    let claimed = |by: Option<&str>| {
        Some(Exemption { ground: ExemptionGround::Carer, decided_by: by.map(|p| p.parse().unwrap()) })
    };
    people[0].exemption = claimed(Some("lead-1"));
    people[1].exemption = claimed(None);
    people[2].guardianship = Guardianship::Unknown;
    people[3].since = at_hours(13);
    let day = inputs(
        people,
        vec![quota("D1", "F1", Makeshift, Mild, 9)],
        vec![lane("D1", "F1", 30)],
        vec![vehicle("V1", Coach, "D1", 30)],
    );
    insta::assert_snapshot!(told(&plan(&day)), @"
    V1: 13:00 off, 13:00 D1 [4], 13:50 F1, back 14:35
    stays: 1 Carer, lead-1
    waits: 2 ExemptionUndecided
    waits: 3 GuardianUnknown
    ");
}
