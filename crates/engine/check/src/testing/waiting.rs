//! Tubes collected before: each is analysed, lost or pending, and none is forgotten.

use crate::testing::facts::Facts;
use crate::testing::violation::TestingViolation;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{TestClass, TestingPlan, TubeFate, WaitingOutcome, WaitingTubes};
use std::collections::BTreeMap;

/// What tells tubes apart.
type Kind<'a> = (&'a FacilityId, &'a PlaceCode, TestClass, i32, i64, u32, bool);

fn due(row: &WaitingTubes) -> i64 {
    i64::from(row.sampled_hour) * 60 + i64::from(row.promise_minutes)
}

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut sums: BTreeMap<Kind<'_>, (u64, u64)> = BTreeMap::new();
    for row in &facts.inputs.waiting {
        let kind = (&row.at, &row.district, row.class, row.sampled_hour, due(row), row.people_per_tube, row.received);
        sums.entry(kind).or_default().0 += row.tubes.get();
    }
    for row in &plan.waiting {
        let kind = (&row.at, &row.district, row.class, row.sampled_hour, row.due, row.people_per_tube, row.received);
        sums.entry(kind).or_default().1 += row.tubes.get();
        if let Some(what) = broken(row, facts) {
            found.push(TestingViolation::Waiting { at: row.at.clone(), what });
        }
    }
    for (kind, _) in sums.iter().filter(|(_, (given, said))| given != said) {
        found.push(TestingViolation::Waiting { at: kind.0.clone(), what: "its tubes do not add up" });
    }
}

fn broken(row: &WaitingOutcome, facts: &Facts<'_>) -> Option<&'static str> {
    let ready = u32::from(facts.loading.from).max(u32::try_from(row.sampled_hour.saturating_add(1)).unwrap_or(0));
    let age = |minute: u32| i64::from(minute) - i64::from(row.sampled_hour) * 60;
    if row.tubes.get() == 0 {
        return Some("it speaks of no tubes");
    }
    match (row.fate, &row.laboratory) {
        (TubeFate::Analysed { departs, arrives, analysed, result }, Some(to)) => {
            let Some(lab) = facts.labs.get(to) else { return Some("no such laboratory") };
            if row.received && row.at == *to {
                let start = u32::from(facts.loading.from) * 60;
                // Received tubes that stay there need no way.
                if (departs, arrives) != (start, start) {
                    return Some("it is there already");
                }
            } else {
                let Some(lane) = facts.lanes.get(&(&row.at, to)) else { return Some("no such way") };
                if (departs, arrives) != Facts::trip(lane, ready) {
                    return Some("departure or receipt is not so");
                }
                if !row.received && age(arrives) > facts.life() {
                    return Some("its tubes do not live to be received");
                }
            }
            let there = u32::from(analysed) * 60 >= arrives && facts.loading.holds(analysed);
            (!there || i64::from(result) != Facts::result(lab, analysed)).then_some("loading or result is not so")
        }
        (TubeFate::Lost | TubeFate::Pending, None) => {
            let mut ways = facts.lanes.iter().filter(|((from, _), _)| **from == row.at).peekable();
            let known = ways.peek().is_some();
            let dead = ways.all(|(_, lane)| age(Facts::trip(lane, ready).1) > facts.life());
            let lost = !row.received && known && dead;
            (lost != (row.fate == TubeFate::Lost)).then_some("lost or pending is not so")
        }
        _ => Some("analysed nowhere, or not analysed somewhere"),
    }
}
