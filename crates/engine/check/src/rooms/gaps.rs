//! Gaps: all that the inputs have, and no others.

use super::facts::Facts;
use super::violation::RoomViolation;
use levee_model::plan::PEOPLE_AT_MOST;
use levee_model::plan::room_plan::{RoomGap, RoomPlan};
use levee_model::plan::rooms::Opening;
use std::collections::BTreeSet;

pub(crate) fn check(plan: &RoomPlan, facts: &Facts<'_>, found: &mut Vec<RoomViolation>) {
    let expected = of(facts);
    let listed: BTreeSet<&RoomGap> = plan.gaps.iter().collect();
    found.extend(expected.iter().filter(|g| !listed.contains(g)).map(|g| RoomViolation::GapMissing { gap: g.clone() }));
    let twice = plan.gaps.windows(2).filter(|pair| pair[0] >= pair[1]).map(|pair| &pair[1]);
    let made_up = plan.gaps.iter().filter(|gap| !expected.contains(gap)).chain(twice);
    found.extend(made_up.map(|gap| RoomViolation::GapMadeUp { gap: gap.clone() }));
}

fn of(facts: &Facts<'_>) -> BTreeSet<RoomGap> {
    let inputs = facts.inputs;
    let mut gaps = BTreeSet::new();
    match &inputs.demand {
        None => drop(gaps.insert(RoomGap::NoOutlook)),
        Some(demand) => {
            if demand.is_flagged() {
                gaps.insert(RoomGap::OutlookFlagged);
            }
            if facts.dates.len() < usize::from(inputs.days.clamp(1, 28)) {
                gaps.insert(RoomGap::FewerDays { days: u8::try_from(facts.dates.len()).unwrap_or(u8::MAX) });
            }
            let stated = inputs.policy.overflow_probability;
            if facts.allowed.is_none() || !(0.0..1.0).contains(&stated) {
                gaps.insert(RoomGap::TooFewDraws);
            }
            for d in (0..facts.districts.len()).filter(|d| !facts.has_draws(*d)) {
                gaps.insert(RoomGap::NoDraws { district: facts.districts[d].clone() });
            }
        }
    }
    for district in &facts.districts {
        if inputs.known.iter().all(|row| row.district != **district) {
            gaps.insert(RoomGap::KnownMissing { district: (*district).clone() });
        }
    }
    for row in &inputs.known {
        if !facts.dates.contains(&row.day) || row.rooms.get() > PEOPLE_AT_MOST {
            gaps.insert(RoomGap::KnownNotUsed { district: row.district.clone(), day: row.day });
        }
    }
    sites(facts, &mut gaps);
    gaps
}

fn sites(facts: &Facts<'_>, gaps: &mut BTreeSet<RoomGap>) {
    let names = |columns: &[&str]| columns.iter().map(|c| (*c).to_owned()).collect::<Vec<String>>();
    for (site, view) in &facts.sites {
        let site = (*site).clone();
        let Some(row) = view.row else {
            gaps.insert(RoomGap::SiteContradicts { site });
            continue;
        };
        if view.serves.is_empty() {
            gaps.insert(RoomGap::ServesNobody { site });
            continue;
        }
        if !view.told_apart {
            gaps.insert(RoomGap::TooManyGroups { site });
            continue;
        }
        if !view.accepted {
            gaps.insert(RoomGap::NotAccepted { site: site.clone() });
        }
        if !view.rooms_missing.is_empty() {
            gaps.insert(RoomGap::RoomsUnknown { site: site.clone(), missing: names(&view.rooms_missing) });
        }
        if !view.opening_missing.is_empty() {
            gaps.insert(RoomGap::OpeningUnknown { site: site.clone(), missing: names(&view.opening_missing) });
        }
        if matches!(row.opening, Opening::Possible { .. }) && facts.inputs.staff_free.is_empty() {
            gaps.insert(RoomGap::StaffUnknown);
        }
        if view.could_open().is_some_and(|first| first < facts.dates.len()) {
            for d in view.serves.iter().filter(|d| facts.lane(**d, &site).is_none()) {
                gaps.insert(RoomGap::NoLane { district: facts.districts[*d].clone(), site: site.clone() });
            }
        }
    }
}
