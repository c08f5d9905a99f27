//! Every parcel of tubes keeps the rules of its duty, its way and its laboratory.

use crate::testing::facts::Facts;
use crate::testing::violation::TestingViolation;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{TestingPlan, TubeFate, TubeOrder};
use std::collections::BTreeMap;

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    for (row, order) in plan.tubes.iter().enumerate() {
        for what in broken(order, facts) {
            found.push(TestingViolation::Parcel { row, what });
        }
    }
    let key = |o: &TubeOrder| (o.hour, o.site.clone(), o.class, o.duty.clone(), o.laboratory.clone(), o.analysed);
    for (row, pair) in plan.tubes.windows(2).enumerate() {
        if let [a, b] = pair
            && key(a) >= key(b)
        {
            found.push(TestingViolation::Parcel { row, what: "it stands twice or not in its order" });
        }
    }
    laboratories(plan, facts, found);
}

fn broken(order: &TubeOrder, facts: &Facts<'_>) -> Vec<&'static str> {
    let Some(job) = facts.jobs.get(&order.duty) else { return vec!["no such duty"] };
    let (Some(lab), Some(site)) = (facts.labs.get(&order.laboratory), facts.sites.get(&order.site)) else {
        return vec!["no such laboratory or site can be planned with"];
    };
    let Some(lane) = facts.lanes.get(&(&order.site, &order.laboratory)) else { return vec!["no such way"] };
    let mut wrong = Vec::new();
    let mut must = |so: bool, what: &'static str| {
        if !so {
            wrong.push(what);
        }
    };
    let (tubes, people) = (order.tubes.get(), order.people.get());
    let places = tubes.saturating_mul(job.pool);
    must(order.class == job.class && u64::from(order.pool) == job.pool, "class or pool is not the duty's");
    must(tubes > 0 && people <= places && people + job.pool > places, "its people do not fill its tubes");
    must(facts.serves(&order.site, job), "the site does not serve these people");
    must(facts.open(&order.site, order.hour), "the site is not open");
    must(job.from <= order.hour && order.hour < job.until, "outside the hours of the duty");
    must(
        (order.departs, order.arrives) == Facts::trip(lane, u32::from(order.hour) + 1),
        "departure or receipt is not so",
    );
    let taken = i64::from(order.hour) * 60;
    must(i64::from(order.arrives) - taken <= facts.life(), "its tubes do not live to be received");
    let there = u32::from(order.analysed) * 60 >= order.arrives && facts.loading.holds(order.analysed);
    must(there, "loaded before it is there, or outside the plan");
    must(i64::from(order.result) == Facts::result(lab, order.analysed), "the result comes at another minute");
    must(i64::from(order.due) == taken + job.promise, "promised for another minute");
    must(order.helps == (lab.district != site.district), "whether another district helps is not so");
    let worst = [job.origin, site.origin, lab.origin, lane.origin].into_iter().max();
    must(Some(order.origin) == worst, "its origin is not the worst of what it rests on");
    wrong
}

fn laboratories(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut loaded: BTreeMap<(&FacilityId, u16), u64> = BTreeMap::new();
    for order in &plan.tubes {
        *loaded.entry((&order.laboratory, order.analysed)).or_default() += order.tubes.get();
    }
    for row in &plan.waiting {
        if let (TubeFate::Analysed { analysed, .. }, Some(lab)) = (row.fate, &row.laboratory) {
            *loaded.entry((lab, analysed)).or_default() += row.tubes.get();
        }
    }
    let mut due = Vec::new();
    let mut days: BTreeMap<(&FacilityId, u16), u64> = BTreeMap::new();
    let mut listed = plan.loads.iter();
    for (&id, lab) in &facts.labs {
        for (hour, possible) in (0..facts.loading.until).zip(facts.hourly(lab)) {
            let tubes = loaded.remove(&(id, hour)).unwrap_or(0);
            *days.entry((id, hour / 24)).or_default() += tubes;
            let wrong = TestingViolation::Load { laboratory: id.clone(), hour, tubes, possible };
            if possible > 0 {
                due.push((id, hour));
                let runs = tubes.div_ceil(u64::from(lab.batch.max(1)));
                let so = listed.next().is_some_and(|l| {
                    l.laboratory == *id
                        && (l.hour, l.tubes.get(), l.possible.get(), l.runs) == (hour, tubes, possible, runs)
                });
                if !so {
                    found.push(wrong.clone());
                }
            }
            if tubes > possible {
                found.push(wrong);
            }
        }
    }
    if plan.loads.len() != due.len() {
        found.push(TestingViolation::Wrong { what: "list of laboratory loads" });
    }
    for ((laboratory, hour), tubes) in loaded {
        found.push(TestingViolation::Load { laboratory: laboratory.clone(), hour, tubes, possible: 0 });
    }
    for ((id, day), tubes) in days {
        let possible = facts.labs.get(id).map_or(0, |lab| facts.daily(lab, day));
        if tubes > possible {
            found.push(TestingViolation::Day { laboratory: id.clone(), day, tubes, possible });
        }
    }
}
