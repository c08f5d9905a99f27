//! Life-saving care: everybody at once, told again from the beginning (law 7).

use crate::runs::facts::{Facts, serves};
use crate::runs::people::{Fate, Folk, guardian_of, rank};
use crate::runs::violation::RunViolation;
use levee_model::plan::runs::{RunInputs, RunPlan, Urgent};
use std::collections::BTreeMap;

pub(crate) fn check(
    plan: &RunPlan,
    inputs: &RunInputs,
    facts: &Facts<'_>,
    folk: &Folk<'_>,
    found: &mut Vec<RunViolation>,
) {
    let mut rows: Vec<_> = folk.all.values().filter(|one| one.fate == Fate::Now).map(|one| one.row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(rank(row)));
    // What is left of each place, the best first: within capacity, known minutes, fewest minutes.
    let mut left: BTreeMap<_, Vec<(bool, bool, u32, _, u64)>> = BTreeMap::new();
    for quota in &inputs.quotas {
        if quota.class.is_life_saving() && serves(quota.level, quota.class) {
            let minutes = facts.lane(&quota.from, &quota.facility).map(|l| l.1);
            let place =
                (quota.over_capacity, minutes.is_none(), minutes.unwrap_or(0), &quota.facility, quota.people.get());
            left.entry((&quota.from, quota.class, quota.care)).or_default().push(place);
        }
    }
    for places in left.values_mut() {
        places.sort_unstable();
    }
    let mut sent: BTreeMap<_, usize> = BTreeMap::new();
    let mut listed = plan.urgent.iter();
    for row in rows {
        let places = left.get_mut(&(&row.district, row.class, row.care)).into_iter().flatten();
        let place = places.into_iter().find(|p| p.4 > 0).map(|p| {
            p.4 -= 1;
            (p.3.clone(), p.0)
        });
        let nth = sent.entry(&row.district).or_default();
        let ambulance = facts.ambulances.get(&row.district).and_then(|all| all.get(*nth));
        *nth += 1;
        let expected = Urgent {
            person: row.person,
            district: row.district.clone(),
            class: row.class,
            over_capacity: place.as_ref().is_some_and(|p| p.1),
            facility: place.map(|p| p.0),
            vehicle: ambulance.map(|a| a.id.clone()),
            escort: guardian_of(row).filter(|g| *g != row.person),
        };
        if listed.next() != Some(&expected) {
            found.push(RunViolation::Person { person: row.person, what: "not dispatched now as they should be" });
            return;
        }
    }
    if let Some(more) = listed.next() {
        found.push(RunViolation::Person { person: more.person, what: "dispatched now, but not in need of it" });
    }
}
