//! Sums, times, gaps and origins.

use crate::runs::facts::{Facts, minute};
use crate::runs::people::{Fate, Folk};
use crate::runs::violation::RunViolation;
use levee_model::plan::CareClass;
use levee_model::plan::runs::{RunGap, RunInputs, RunPlan, Spread, StayCause};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::subject::Pseudonym;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check(
    plan: &RunPlan,
    inputs: &RunInputs,
    facts: &Facts<'_>,
    folk: &Folk<'_>,
    found: &mut Vec<RunViolation>,
) {
    let told = &plan.figures;
    let mut figure = |what: &'static str, good: bool| {
        if !good {
            found.push(RunViolation::Figure { what });
        }
    };
    let riding: BTreeSet<Pseudonym> =
        (plan.runs.iter()).flat_map(|run| &run.pick_ups).flat_map(|stop| &stop.people).map(|one| one.person).collect();
    let waiting: BTreeSet<Pseudonym> = plan.waiting.iter().map(|one| one.person).collect();
    let of_class = |good: &dyn Fn(&Pseudonym, Fate) -> bool| {
        CareClass::ALL.map(|class| {
            let all = folk.all.iter().filter(|(person, one)| one.row.class == class && good(person, one.fate));
            Persons::new(all.count() as u64)
        })
    };
    figure("all", told.all == of_class(&|_, _| true));
    figure("urgent", told.urgent == of_class(&|_, fate| fate == Fate::Now));
    figure("along", told.along == of_class(&|_, fate| fate == Fate::WithChild));
    figure("exempt", told.exempt == of_class(&|_, fate| fate == Fate::Stays));
    figure("on_runs", told.on_runs == of_class(&|person, _| riding.contains(person)));
    figure("waiting", told.waiting == of_class(&|person, _| waiting.contains(person)));
    for class in 0..4 {
        let parts = [&told.urgent, &told.along, &told.on_runs, &told.exempt, &told.waiting];
        let sum = parts.iter().fold(0u64, |sum, part| sum.saturating_add(part[class].get()));
        figure("balance", sum == told.all[class].get());
    }
    let mut beds = Vec::new();
    for run in &plan.runs {
        for one in run.pick_ups.iter().flat_map(|stop| &stop.people) {
            let Some(listed) = folk.all.get(&one.person) else { continue };
            let since = listed.row.since;
            let days = i64::from(since.date().until(plan.day).map_or(0, |span| span.get_days()));
            let in_bed = i64::from(minute(run.arrive)) + i64::from(facts.limits.unload_minutes);
            let waited = days * 24 * 60 + in_bed - i64::from(minute(since.time()));
            beds.extend(u64::try_from(waited).ok());
        }
    }
    figure("positive_to_bed", told.positive_to_bed == spread(beds));
    let midnight = plan.waiting.iter().filter_map(|one| one.minutes).collect();
    figure("waiting_at_midnight", told.waiting_at_midnight == spread(midnight));
    let mut causes: BTreeMap<StayCause, u64> = BTreeMap::new();
    for one in &plan.waiting {
        *causes.entry(one.cause).or_default() += 1;
    }
    let causes: Vec<_> = causes.into_iter().map(|(cause, n)| (cause, Persons::new(n))).collect();
    figure("waiting_by_cause", told.waiting_by_cause == causes);
    let homes = folk.groups.values().filter(|members| members.len() > 1 && members.iter().all(|m| riding.contains(m)));
    figure("households_together", told.households_together == homes.count() as u64);
    let places = facts.places.values().fold(0u64, |sum, n| sum.saturating_add(*n));
    figure("places", told.places.get() == places);
    let wheel = plan.runs.iter().fold(0u64, |sum, run| sum + u64::from(run.drive_minutes));
    figure("drive_minutes", told.drive_minutes == wheel);
    figure("seats", told.seats == plan.runs.iter().fold(0u64, |sum, run| sum.saturating_add(run.seats)));

    let lacking: BTreeSet<&RunGap> = facts.gaps.iter().chain(&folk.gaps).collect();
    let mut said: BTreeSet<&RunGap> = BTreeSet::new();
    for gap in &plan.gaps {
        if !lacking.contains(gap) || !said.insert(gap) {
            found.push(RunViolation::GapInvented { gap: gap.clone() });
        }
    }
    for gap in lacking.difference(&said) {
        found.push(RunViolation::GapMissing { gap: (*gap).clone() });
    }
    if plan.gaps.windows(2).any(|pair| pair[0] > pair[1]) {
        found.push(RunViolation::Unordered { list: "gaps" });
    }
    let mut worst = Origin::Reported;
    for origin in (inputs.people.iter().map(|r| r.origin))
        .chain(inputs.quotas.iter().map(|r| r.origin))
        .chain(inputs.lanes.iter().map(|r| r.origin))
        .chain(inputs.hops.iter().map(|r| r.origin))
        .chain(inputs.vehicles.iter().map(|r| r.origin))
    {
        worst = worst.max(origin);
    }
    if plan.origin != worst {
        found.push(RunViolation::Origin { of: "the plan" });
    }
}

/// The smallest value that half, nine tenths and all of the others do not exceed.
fn spread(mut minutes: Vec<u64>) -> Option<Spread> {
    minutes.sort_unstable();
    let count = minutes.len();
    let at_share = |tenths: usize| (0..count).find(|k| (k + 1) * 10 >= count * tenths).and_then(|k| minutes.get(k));
    Some(Spread { median_minutes: *at_share(5)?, p90_minutes: *at_share(9)?, oldest_minutes: *minutes.last()? })
}
