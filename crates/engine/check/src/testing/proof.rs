//! A proof of shortfall must prove it: every way in time of the duties it names passes through a capacity that it names.

use crate::testing::facts::Facts;
use crate::testing::outcomes::people_at_most;
use crate::testing::violation::TestingViolation;
use levee_model::plan::testing::{Binding, TestingPlan};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    if let Some(what) = fails(plan, facts) {
        found.push(TestingViolation::Proof { what });
    }
}

fn fails(plan: &TestingPlan, facts: &Facts<'_>) -> Option<&'static str> {
    let proof = plan.proof.as_ref()?;
    let duties: BTreeSet<_> = proof.duties.iter().collect();
    let named: BTreeSet<&Binding> = proof.binding.iter().collect();
    if duties.len() != proof.duties.len() || named.len() != proof.binding.len() {
        return Some("something is named twice");
    }
    if !proof.duties.is_sorted() || !proof.binding.is_sorted() {
        return Some("its lists do not stand in their order");
    }
    let mut needed = 0u64;
    for id in &proof.duties {
        let Some(job) = facts.jobs.get(id) else { return Some("no such duty") };
        needed = needed.saturating_add(job.tubes());
    }
    let mut through = 0u64;
    for binding in &proof.binding {
        let (said, is) = match binding {
            Binding::LaboratoryHour { laboratory, hour, tubes } => {
                let lab = facts.labs.get(laboratory);
                (tubes, lab.and_then(|lab| facts.hourly_at_most(lab).get(usize::from(*hour)).copied()))
            }
            Binding::LaboratoryDay { laboratory, day, tubes } => {
                (tubes, facts.labs.get(laboratory).map(|lab| facts.daily(lab, *day)))
            }
            Binding::TeamHour { duty, site, hour, tubes } => {
                let job = facts.jobs.get(duty).filter(|job| facts.serves(site, job) && duties.contains(duty));
                let most = |job: &crate::testing::facts::Job| {
                    (people_at_most(facts, site, *hour, job.at_door) / job.pool).min(job.tubes())
                };
                (tubes, job.map(most))
            }
        };
        if is != Some(said.get()) {
            return Some("a capacity is not what it says");
        }
        through = through.saturating_add(said.get());
    }
    if proof.needed.get() != needed || needed.checked_sub(through) != Some(proof.short.get()) || proof.short.get() == 0
    {
        return Some("its sums do not add up");
    }
    escapes(facts, &duties, &named).then_some("there is a way past it")
}

/// Whether any sample of these duties could be in time without passing a named capacity.
fn escapes(
    facts: &Facts<'_>,
    duties: &BTreeSet<&levee_model::plan::testing::DutyId>,
    named: &BTreeSet<&Binding>,
) -> bool {
    let mut teams = BTreeSet::new();
    let (mut hours, mut days) = (BTreeSet::new(), BTreeSet::new());
    for binding in named {
        match binding {
            Binding::TeamHour { duty, site, hour, .. } => {
                teams.insert((duty, site, *hour));
            }
            Binding::LaboratoryHour { laboratory, hour, .. } => {
                hours.insert((laboratory, *hour));
            }
            Binding::LaboratoryDay { laboratory, day, .. } => {
                days.insert((laboratory, *day));
            }
        }
    }
    let capacity: BTreeMap<_, Vec<u64>> = facts.labs.iter().map(|(id, lab)| (*id, facts.hourly_at_most(lab))).collect();
    for &duty in duties {
        let Some(job) = facts.jobs.get(duty) else { continue };
        for &site in facts.sites.keys().filter(|site| facts.serves(site, job)) {
            for hour in job.from..job.until {
                let possible = people_at_most(facts, site, hour, job.at_door) / job.pool;
                if possible == 0 || teams.contains(&(duty, site, hour)) {
                    continue;
                }
                for ((_, lab), lane) in facts.lanes.iter().filter(|((from, _), _)| *from == site) {
                    let (_, arrives) = Facts::trip(lane, u32::from(hour) + 1);
                    if i64::from(arrives) - i64::from(hour) * 60 > facts.life() {
                        continue;
                    }
                    let (Some(row), Some(can)) = (facts.labs.get(lab), capacity.get(lab)) else { continue };
                    for (h, &tubes) in (0u16..).zip(can) {
                        let there = u32::from(h) * 60 >= arrives && facts.loading.holds(h);
                        let in_time = Facts::result(row, h) <= i64::from(hour) * 60 + job.promise;
                        let open = facts.daily(row, h / 24) > 0 || days.contains(&(*lab, h / 24));
                        let passes = hours.contains(&(*lab, h)) || days.contains(&(*lab, h / 24));
                        if tubes > 0 && there && in_time && open && !passes {
                            return true;
                        }
                    }
                }
            }
        }
    }
    false
}
