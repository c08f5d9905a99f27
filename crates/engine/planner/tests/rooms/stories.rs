//! Stories: one thing each, by hand.

use crate::city::{START, closed, day, draws, inputs, known, lane, open};
use levee_model::plan::room_plan::*;
use levee_model::plan::rooms::*;
use levee_model::quantity::Rooms;
use levee_planner::rooms::{NODES, as_it_is, propose};

/// Two districts; each needs 0 to 99 rooms in a hundred draws, one high when the other is low.
fn seesaw() -> RoomDemand {
    draws(&["D1", "D2"], 1, 100, |k, d, _| u32::try_from(if d == 0 { k } else { 99 - k }).unwrap())
}

#[test]
fn a_shared_reserve_needs_fewer_rooms_than_two_separate_ones() {
    let city =
        inputs(Some(seesaw()), vec![known("D1", 0, 0), known("D2", 0, 0)], vec![open("S", "D1", Serves::City, 99)]);
    let plan = propose(&city, NODES);
    // Of 100 draws 4 may overflow: the fifth highest is 95; together the two always need 99.
    assert_eq!(plan.draws_allowed, 4);
    assert_eq!(plan.sharing[0].separate, Rooms::new(190));
    assert_eq!(plan.sharing[0].together, Rooms::new(99));
    assert_eq!(plan.shortfalls, []);
    assert_eq!(plan.city[0].overflow_draws, 0);
}

#[test]
fn the_day_to_come_overflows_no_more_often_than_stated() {
    let alone =
        inputs(Some(seesaw()), vec![], vec![open("S1", "D1", Serves::Own, 95), open("S2", "D2", Serves::Own, 94)]);
    let plan = propose(&alone, NODES);
    // D1 lacks in the draws 96 to 99, D2 in the draws 0 to 4; the city in all nine.
    assert_eq!(plan.districts[0].days[0].overflow_draws, 4);
    assert_eq!(plan.districts[1].days[0].overflow_draws, 5);
    assert_eq!(plan.city[0].overflow_draws, 9);
    let short: Vec<_> = plan.shortfalls.iter().map(|s| (s.district.clone(), s.rooms.get(), s.cause)).collect();
    assert_eq!(short, [(None, 3, RoomCause::Rooms), (Some("D2".parse().unwrap()), 1, RoomCause::Rooms)]);
    // One more room in D2: its fifth draw no longer overflows.
    let mend = &plan.shortfalls[0].mends[0];
    assert_eq!(mend.remedy, RoomRemedy::OneRoom { site: "S2".parse().unwrap(), day: day(0) });
    assert_eq!(mend.saves, Some(RoomSaving { draws: 1, short_sum: 5, known: 0 }));
}

/// A site opens when it is needed and not before; the one that needs too long is named as what would mend.
#[test]
fn lead_times_and_days() {
    let demand = draws(&["D1"], 7, 100, |_, _, t| if t < 3 { 10 } else { 30 });
    let mut city = inputs(
        Some(demand),
        (0..7).map(|t| known("D1", t, 10)).collect(),
        vec![
            open("S1", "D1", Serves::Own, 10),
            closed("S2", "D1", Serves::Own, 15, 2),
            closed("S3", "D1", Serves::Own, 9, 5),
        ],
    );
    city.lanes = vec![lane("D1", "S2", 3), lane("D1", "S3", 4)];
    let plan = propose(&city, NODES);
    let opens: Vec<_> = plan.openings.iter().map(|o| (o.site.to_string(), o.decide_by, o.opens_on)).collect();
    assert_eq!(opens, [("S3".to_owned(), day(-1), day(4)), ("S2".to_owned(), day(1), day(3))]);
    assert_eq!(plan.shortfalls.len(), 2, "{:?}", plan.shortfalls);
    let short = &plan.shortfalls[0];
    assert_eq!((short.day, short.rooms.get(), short.cause), (day(3), 5, RoomCause::LeadTime));
    assert!(short.mends.iter().any(|m| m.remedy == RoomRemedy::OpenEarlier { site: "S3".parse().unwrap() }));
    assert!(plan.tiers.iter().all(|t| t.bound == Some(t.value)), "{:?}", plan.tiers);
    assert_eq!(plan.gaps, []);
}

#[test]
fn a_tail_within_what_the_policy_bears_opens_nothing() {
    let demand = draws(&["D1"], 1, 100, |k, _, _| if k < 3 { 50 } else { 10 });
    let sites = vec![open("S1", "D1", Serves::Own, 10), closed("S2", "D1", Serves::Own, 40, 1)];
    let mut city = inputs(Some(demand), vec![], sites);
    // The worst five draws lack 120 rooms together, 24 in the mean.
    city.policy.tail_room_days = 24;
    assert_eq!(propose(&city, NODES).openings, []);
    city.policy.tail_room_days = 23;
    let plan = propose(&city, NODES);
    assert_eq!(plan.openings[0].reasons, [RoomReason::Tail { room_days: 5 }]);
}

#[test]
fn staff_who_are_not_there_open_nothing() {
    let demand = draws(&["D1"], 2, 100, |_, _, _| 60);
    let mut city = inputs(
        Some(demand),
        vec![],
        vec![closed("S1", "D1", Serves::Own, 40, 1), closed("S2", "D1", Serves::Own, 59, 1)],
    );
    city.staff_free = vec![7];
    // Five run the 40 rooms, six the 59: not both.
    let plan = propose(&city, NODES);
    assert_eq!(plan.openings.iter().map(|o| o.site.to_string()).collect::<Vec<_>>(), ["S2"]);
    assert_eq!(plan.shortfalls[0].cause, RoomCause::Staff);
    assert!(
        plan.shortfalls[0].mends.iter().any(|m| m.remedy == RoomRemedy::StaffToOpen { site: "S1".parse().unwrap() })
    );
    city.staff_free.clear();
    let plan = propose(&city, NODES);
    assert_eq!(plan.openings.len(), 2);
    assert!(plan.openings.iter().all(|o| o.staff_unconfirmed));
    assert!(plan.gaps.contains(&RoomGap::StaffUnknown));
}

#[test]
fn nothing_known_is_still_a_plan() {
    let mut city = inputs(None, vec![known("D1", 0, 5), known("D1", 90, 5)], vec![]);
    let plan = propose(&city, NODES);
    assert_eq!(plan.city[0].need, None);
    assert_eq!(plan.shortfalls[0].cause, RoomCause::NoSite);
    assert_eq!(plan.shortfalls[0].rooms, Rooms::new(5));
    assert_eq!(
        plan.gaps,
        [RoomGap::NoOutlook, RoomGap::KnownNotUsed { district: "D1".parse().unwrap(), day: day(90) }]
    );
    city.known.clear();
    city.days = 0;
    assert_eq!(propose(&city, 0).city.len(), 1);
    assert_eq!(propose(&city, NODES).start, START);
}

#[test]
fn what_is_unknown_not_accepted_or_contradictory_is_listed_and_not_planned_with() {
    let mut unknown = open("S1", "D1", Serves::Own, 9);
    unknown.certified = None;
    let mut expired = open("S2", "D1", Serves::Own, 9);
    expired.acceptance_until = Some(day(-1));
    let (twice, again) = (open("S3", "D1", Serves::Own, 9), open("S3", "D1", Serves::Own, 8));
    let far = open("S4", "D7", Serves::Own, 9);
    let huge = open("S5", "D1", Serves::Own, u64::MAX);
    let demand = draws(&["D1"], 1, 40, |_, _, _| 4);
    let plan = propose(&inputs(Some(demand), vec![], vec![unknown, expired, twice, again, far, huge]), NODES);
    let site = |s: &str| s.parse().unwrap();
    assert_eq!(
        plan.gaps,
        [
            RoomGap::FewerDays { days: 1 },
            RoomGap::KnownMissing { district: "D1".parse().unwrap() },
            RoomGap::RoomsUnknown { site: site("S1"), missing: vec!["certified".to_owned()] },
            RoomGap::SiteContradicts { site: site("S3") },
            RoomGap::SiteContradicts { site: site("S5") },
            RoomGap::NotAccepted { site: site("S2") },
            RoomGap::ServesNobody { site: site("S4") },
        ]
    );
    assert_eq!(plan.city[0].usable, Rooms::ZERO);
    assert_eq!(plan.city[0].uncovered, Some(Rooms::new(4)));
    assert_eq!(plan.shortfalls[0].cause, RoomCause::Unknown);
}

#[test]
fn rooms_in_use_now_count_once() {
    // Additional draws: of ten rooms six are in use, two of them free tomorrow.
    let mut site = open("S1", "D1", Serves::Own, 10);
    site.occupied = Some(Rooms::new(6));
    site.leaving = vec![Rooms::ZERO, Rooms::new(2)];
    let demand = RoomDemand::new(
        RoomMeasure::Additional,
        vec!["D1".parse().unwrap()],
        2,
        [5, 5].repeat(40),
        levee_model::provenance::Origin::Derived,
    );
    let plan = propose(&inputs(Some(demand.unwrap()), vec![], vec![site]), NODES);
    let usable: Vec<u64> = plan.city.iter().map(|d| d.usable.get()).collect();
    assert_eq!(usable, [4, 6]);
    assert_eq!(plan.city[0].uncovered, Some(Rooms::new(1)));
    assert_eq!(plan.city[1].uncovered, Some(Rooms::ZERO));
}

#[test]
fn as_it_is_opens_nothing() {
    let demand = draws(&["D1"], 2, 100, |_, _, _| 60);
    let city = inputs(Some(demand), vec![], vec![closed("S1", "D1", Serves::Own, 60, 1)]);
    assert_eq!(as_it_is(&city).openings, []);
    assert_eq!(as_it_is(&city).city[0].uncovered, Some(Rooms::new(60)));
    assert_eq!(propose(&city, NODES).openings.len(), 1);
}
