//! Laws of openings: the checker finds nothing, nothing better was overlooked, and every breakage is caught.

use crate::city::{any_city, beds, day, inputs, lane, need};
use levee_check::openings::check_with_transfers;
use levee_model::facility::{FacilityKind, Level};
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Persons, Rooms};
use levee_planner::openings::{OpeningLimits, opened_city, propose, propose_with_openings};
use proptest::prelude::*;

pub(crate) fn count(kind: StaffKind, people: u64) -> StaffCount {
    StaffCount { kind, people }
}

pub(crate) fn shut(facility: &str, district: &str, level: Level, beds: u64, nurses: u64, lead_days: u8) -> Site {
    Site {
        facility: facility.parse().unwrap(),
        kind: FacilityKind::MakeshiftHospital,
        district: district.parse().unwrap(),
        now: SiteNow::Shut,
        beds: vec![SiteBeds { level, physical: Some(Beds::new(beds)), equipped: Some(Beds::new(beds)) }],
        lead_days: Some(lead_days),
        prepared_by: Some(vec![count(StaffKind::Support, 2)]),
        run_by: Some(vec![count(StaffKind::Nurse, nurses), count(StaffKind::Support, 1)]),
        minimum_days_open: 5,
        acceptance_until: Some(day(60)),
        origin: Origin::Reported,
    }
}

pub(crate) fn open(facility: &str, district: &str, nurses: u64, since: i64) -> Site {
    let now = SiteNow::Open { since: Some(day(since)) };
    Site { now, beds: Vec::new(), ..shut(facility, district, Level::Makeshift, 1, nurses, 0) }
}

pub(crate) fn team(name: &str, kind: StaffKind, people: u64) -> StaffTeam {
    StaffTeam {
        team: name.parse().unwrap(),
        kind,
        people: Some(people),
        outside: false,
        from: day(0),
        until: None,
        origin: Origin::Reported,
    }
}

fn a_site(name: String) -> impl Strategy<Value = Site> {
    let levels = vec![Level::Isolation, Level::Makeshift, Level::General, Level::Severe, Level::Critical];
    let beds = proptest::collection::vec((proptest::sample::select(levels), 0..40u64, 0..20u64), 1..3);
    let staff = |most: u64| {
        let kinds = proptest::sample::select(&StaffKind::ALL[..]);
        proptest::collection::vec((kinds, 0..most).prop_map(|(kind, people)| StaffCount { kind, people }), 0..3)
    };
    let now = prop_oneof![
        3 => Just(SiteNow::Shut),
        1 => (-12..3i64).prop_map(|since| SiteNow::Open { since: Some(day(since)) }),
        1 => Just(SiteNow::Open { since: None }),
    ];
    (
        (beds, now, 0..4u8, 0..10u8),
        (proptest::option::weighted(0.95, 0..6u8), proptest::option::weighted(0.95, staff(6))),
        (proptest::option::weighted(0.95, staff(12)), proptest::option::weighted(0.9, 2..20i64), 0..20u8),
    )
        .prop_map(move |((beds, now, district, least), (lead_days, prepared_by), (run_by, until, odd))| Site {
            facility: name.parse().unwrap(),
            kind: FacilityKind::MakeshiftHospital,
            district: format!("D{district}").parse().unwrap(),
            now,
            beds: match now {
                SiteNow::Open { .. } => Vec::new(),
                SiteNow::Shut => beds
                    .into_iter()
                    .map(|(level, physical, less)| SiteBeds {
                        level,
                        physical: Some(Beds::new(physical)),
                        equipped: (odd != 7).then(|| Beds::new(physical.saturating_sub(less / 4))),
                    })
                    .collect(),
            },
            lead_days,
            prepared_by,
            run_by,
            minimum_days_open: least,
            acceptance_until: until.map(day),
            origin: if odd == 3 { Origin::Synthetic } else { Origin::Reported },
        })
}

fn a_team() -> impl Strategy<Value = StaffTeam> {
    let kinds = proptest::sample::select(&StaffKind::ALL[..]);
    (0..4u8, kinds, proptest::option::weighted(0.95, 0..25u64), -2..4i64, proptest::option::weighted(0.3, 0..8i64))
        .prop_map(|(name, kind, people, from, until)| StaffTeam {
            team: format!("T{name}").parse().unwrap(),
            kind,
            people,
            outside: name > 2,
            from: day(from),
            until: until.map(day),
            origin: Origin::Reported,
        })
}

/// Any city with any sites: those that are open, F0 to F3, and shut ones, F4 to F6.
pub(crate) fn any_openings() -> impl Strategy<Value = OpeningsInputs> {
    let shut = (4..7).map(|f| proptest::option::weighted(0.8, a_site(format!("F{f}")))).collect::<Vec<_>>();
    let open = (0..2).map(|f| proptest::option::weighted(0.5, a_site(format!("F{f}")))).collect::<Vec<_>>();
    let ways = proptest::collection::vec((0..4u8, 0..7u8, 1..300u64), 0..16);
    let rooms = proptest::collection::vec((0..4u8, -1..8i64, 0..30u64), 0..4);
    let teams = proptest::collection::vec(a_team(), 0..8);
    (any_city(), shut, open, ways, rooms, teams).prop_map(|(mut city, shut, open, ways, rooms, staff)| {
        city.lanes.extend(ways.into_iter().map(|(d, f, km)| lane(&format!("D{d}"), &format!("F{f}"), km)));
        let rooms = rooms.into_iter().map(|(d, on, rooms)| RoomsNeed {
            district: format!("D{d}").parse().unwrap(),
            day: day(on),
            rooms: Rooms::new(rooms),
            origin: Origin::Reported,
        });
        let rooms = rooms.collect();
        OpeningsInputs { city, rooms, sites: shut.into_iter().chain(open).flatten().collect(), staff }
    })
}

fn proved(plan: &OpeningsPlan) -> bool {
    plan.tiers.iter().all(|t| t.bound == Some(t.value))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// No site opens before its lead time, without acceptance or without staff; nothing is counted twice; the transfers fit.
    #[test]
    fn openings_and_their_transfers_pass_the_check(inputs in any_openings()) {
        let all = propose_with_openings(&inputs, OpeningLimits::default(), 3);
        prop_assert_eq!(check_with_transfers(&all.openings, &all.transfers, &inputs), []);
        prop_assert!(all.openings.solver.fell_back.is_none());
        prop_assert!(proved(&all.openings), "{:?}", all.openings.tiers);
    }

    /// The same input gives the same bytes, in whatever order its rows come.
    #[test]
    fn the_order_of_sites_and_teams_means_nothing(inputs in any_openings()) {
        let mut turned = inputs.clone();
        turned.sites.reverse();
        turned.staff.reverse();
        turned.rooms.reverse();
        turned.city.needs.reverse();
        turned.city.capacity.reverse();
        turned.city.lanes.reverse();
        let bytes = |i: &OpeningsInputs| serde_json::to_string(&propose(i, 3)).unwrap();
        prop_assert_eq!(bytes(&inputs), bytes(&turned));
    }

    /// With hardly any work allowed there is still a plan that passes, and it says what it does not know.
    #[test]
    fn a_work_limit_leaves_a_plan(inputs in any_openings(), flows in 1..4u64) {
        let limits = OpeningLimits { flows_at_most: flows, nodes_at_most: 50 };
        let all = propose_with_openings(&inputs, limits, 3);
        prop_assert_eq!(check_with_transfers(&all.openings, &all.transfers, &inputs), []);
    }
}

/// Two or three makeshift sites and one ward that may close, small enough to try everything; coaches unknown, so that the plan of
/// transfers is as good as its flow.
fn a_small_city() -> impl Strategy<Value = OpeningsInputs> {
    let sites = proptest::collection::vec((1..30u64, 1..6u64, 0..3u8, any::<bool>()), 1..4);
    let needs = proptest::collection::vec((0..2u8, 0..4i64, 0..40u64, any::<bool>()), 1..6);
    (sites, needs, 0..12u64, 0..8u64, (1..25u64, 0..6u64)).prop_map(|(sites, needs, nurses, support, (there, run))| {
        let needs = needs.iter().map(|&(d, on, people, moderate)| {
            let class = if moderate { CareClass::Moderate } else { CareClass::Mild };
            need(&format!("D{d}"), on, class, people, 0.0)
        });
        let mut wards = vec![beds("F1", Level::Makeshift, there, there / 2), beds("F2", Level::General, 6, 2)];
        wards[0].discharges = vec![Beds::new(1); 4];
        let mut ways = Vec::new();
        for d in 0..2 {
            ways.extend((1..7).map(|f| lane(&format!("D{d}"), &format!("F{f}"), 5 + d + f)));
        }
        let mut city = inputs(needs.collect(), wards, ways, Vec::new());
        city.limits.days = 4;
        let mut all: Vec<Site> = sites
            .iter()
            .enumerate()
            .map(|(k, &(beds, nurses, lead, ward))| {
                let level = if ward { Level::General } else { Level::Makeshift };
                shut(&format!("F{}", k + 3), "D0", level, beds, nurses, lead)
            })
            .collect();
        all.push(open("F1", "D1", run, -4));
        let staff = vec![team("T1", StaffKind::Nurse, nurses), team("T2", StaffKind::Support, support)];
        OpeningsInputs { city, rooms: Vec::new(), sites: all, staff }
    })
}

/// Every way of deciding, as plans with nothing in them but the decisions.
fn every_decision(inputs: &OpeningsInputs) -> Vec<(OpeningsPlan, u64)> {
    let empty = propose(&OpeningsInputs { sites: Vec::new(), ..inputs.clone() }, 0);
    let days = i64::from(inputs.city.limits.days);
    let mut all = vec![(empty, vec![])];
    for site in &inputs.sites {
        let mut next = Vec::new();
        for (plan, chosen) in all {
            let with = |pick: Option<i64>| chosen.iter().copied().chain([pick]).collect::<Vec<_>>();
            next.push((plan.clone(), with(None)));
            let first = match site.now {
                SiteNow::Shut => i64::from(site.lead_days.unwrap()),
                SiteNow::Open { since } => {
                    let open = i64::from((since.unwrap() - day(0)).get_days());
                    (open + i64::from(site.minimum_days_open)).max(0)
                }
            };
            for on in first..days {
                let mut plan = plan.clone();
                if site.now == SiteNow::Shut {
                    plan.openings.push(ProposedOpening {
                        facility: site.facility.clone(),
                        kind: site.kind,
                        district: site.district.clone(),
                        prepare_from: day(on),
                        opens_on: day(on),
                        closes_not_before: day(on),
                        beds: site.beds.iter().map(|b| (b.level, b.physical.unwrap())).collect(),
                        prepared_by: Vec::new(),
                        run_by: Vec::new(),
                        reasons: Vec::new(),
                        origin: Origin::Reported,
                    });
                } else {
                    let row = inputs.city.capacity.iter().find(|row| row.facility == site.facility).unwrap();
                    let gone: u64 = row.discharges.iter().take(usize::try_from(on).unwrap() + 1).map(|b| b.get()).sum();
                    let still = row.occupied.unwrap().get().saturating_sub(gone);
                    plan.closings.push(ProposedClosing {
                        facility: site.facility.clone(),
                        kind: site.kind,
                        district: site.district.clone(),
                        closes_on: day(on),
                        moved_out: if still > 0 { vec![(row.level, Persons::new(still))] } else { Vec::new() },
                        frees: Vec::new(),
                        reasons: Vec::new(),
                        origin: Origin::Reported,
                    });
                }
                next.push((plan, with(Some(on))));
            }
        }
        all = next;
    }
    let staffed = |chosen: &[Option<i64>]| -> Option<u64> {
        let mut total = 0i64;
        for kind in [StaffKind::Nurse, StaffKind::Support] {
            for on in 0..days {
                let there = inputs.staff.iter().filter(|t| t.kind == kind).map(|t| t.people.unwrap()).sum::<u64>();
                let mut left = i64::try_from(there).unwrap();
                for (site, pick) in inputs.sites.iter().zip(chosen) {
                    let of = |c: &Option<Vec<StaffCount>>| -> i64 {
                        let all = c.as_ref().unwrap().iter().filter(|c| c.kind == kind).map(|c| c.people).sum::<u64>();
                        i64::try_from(all).unwrap()
                    };
                    let lead = i64::from(site.lead_days.unwrap());
                    match (site.now, pick) {
                        (SiteNow::Shut, Some(opens)) if on >= *opens => {
                            left -= of(&site.run_by);
                            total += of(&site.run_by);
                        }
                        (SiteNow::Shut, Some(opens)) if on >= opens - lead => {
                            left -= of(&site.prepared_by);
                            total += of(&site.prepared_by);
                        }
                        (SiteNow::Open { .. }, Some(closes)) if on >= *closes => left += of(&site.run_by),
                        (SiteNow::Open { .. }, _) => total += of(&site.run_by),
                        _ => {}
                    }
                }
                if left < 0 {
                    return None;
                }
            }
        }
        u64::try_from(total).ok()
    };
    all.into_iter().filter_map(|(plan, chosen)| Some((plan, staffed(&chosen)?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of all ways of deciding, each planned through as transfers, none is better than the one proposed.
    #[test]
    fn nothing_better_was_overlooked(inputs in a_small_city()) {
        let plan = propose(&inputs, 0);
        prop_assert!(proved(&plan), "{:?}", plan.tiers);
        let cost = |decided: &OpeningsPlan, staff: u64| {
            let transfers = levee_planner::propose(&opened_city(&inputs, decided), 0);
            let value = |tier| transfers.tiers.iter().find(|t| t.tier == tier).unwrap().value;
            [value(Tier::LifeSaving), value(Tier::Vulnerable), value(Tier::Waiting), 0, staff]
        };
        let best = every_decision(&inputs).iter().map(|(decided, staff)| cost(decided, *staff)).min().unwrap();
        let said: Vec<u64> = plan.tiers.iter().map(|t| t.value).collect();
        prop_assert_eq!(said, best);
    }
}

/// 1,000 cities here; as many as the environment says where there is time.
#[test]
fn random_openings_pass_the_check() {
    use proptest::strategy::ValueTree;
    let many = std::env::var("LEVEE_RANDOM_PLANS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000u32);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = any_openings();
    for number in 0..many {
        let inputs = strategy.new_tree(&mut runner).unwrap().current();
        let all = propose_with_openings(&inputs, OpeningLimits::default(), 0);
        let found = check_with_transfers(&all.openings, &all.transfers, &inputs);
        assert!(found.is_empty(), "city {number}: {found:?}\n{}", serde_json::to_string(&inputs).unwrap());
        assert!(proved(&all.openings), "city {number}: {:?}", all.openings.tiers);
    }
}
