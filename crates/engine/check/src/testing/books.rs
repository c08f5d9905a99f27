//! Shares, waves, tiers, totals and what is asked for are what the parts add up to.

use crate::testing::facts::{Facts, late, positive};
use crate::testing::violation::TestingViolation;
use levee_model::plan::testing::{TestClass, TestingPlan, TestingTier, TubeFate};
use levee_model::quantity::Persons;
use std::collections::BTreeMap;

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    shares(plan, facts, found);
    totals(plan, facts, found);
    tiers(plan, facts, found);
    waves(plan, facts, found);
    ask(plan, facts, found);
}

fn shares(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let due: Vec<TestClass> =
        TestClass::ALL.into_iter().filter(|c| facts.jobs.values().any(|j| j.class == *c)).collect();
    if plan.shares.iter().map(|s| s.class).collect::<Vec<_>>() != due {
        found.push(TestingViolation::Wrong { what: "list of shares" });
    }
    for share in &plan.shares {
        let rows = || plan.duties.iter().filter(|d| d.class == share.class);
        let sum = |what: fn(&levee_model::plan::testing::DutyOutcome) -> u64| {
            rows().map(what).fold(0u64, u64::saturating_add)
        };
        let people = sum(|d| d.people.get().saturating_sub(d.resolved.get()));
        let on_time = sum(|d| d.on_time.get());
        let said = [share.people, share.on_time, share.late, share.unsampled].map(Persons::get);
        let so = said == [people, on_time, sum(|d| d.late.get()), sum(|d| d.unsampled.get())]
            && share.late_person_hours == sum(|d| d.late_person_hours)
            && share.in_time_per_mille.map(u128::from) == (u128::from(on_time) * 1000).checked_div(u128::from(people));
        if !so {
            found.push(TestingViolation::Share { class: share.class });
        }
    }
}

fn totals(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let t = &plan.totals;
    let parcels = |keep: &dyn Fn(&levee_model::plan::testing::TubeOrder) -> bool| {
        plan.tubes.iter().filter(|o| keep(o)).map(|o| o.tubes.get()).fold(0u64, u64::saturating_add)
    };
    let old = |keep: &dyn Fn(&levee_model::plan::testing::WaitingOutcome) -> bool| {
        plan.waiting.iter().filter(|w| keep(w)).map(|w| w.tubes.get()).fold(0u64, u64::saturating_add)
    };
    let people = facts.jobs.values().map(|j| j.people()).fold(0u64, u64::saturating_add);
    let sampled = plan.tubes.iter().map(|o| o.people.get()).fold(0u64, u64::saturating_add);
    let on_time = plan.duties.iter().map(|d| d.on_time.get()).fold(0u64, u64::saturating_add);
    let analysed = |w: &levee_model::plan::testing::WaitingOutcome| matches!(w.fate, TubeFate::Analysed { .. });
    let away = |w: &levee_model::plan::testing::WaitingOutcome| {
        w.laboratory.as_ref().is_some_and(|l| facts.labs.get(l).is_some_and(|lab| lab.district != w.district))
    };
    let collected = parcels(&|_| true);
    let pairs = [
        ("people", t.people.get(), people),
        ("sampled", t.sampled.get(), sampled),
        ("unsampled", t.unsampled.get(), people.saturating_sub(sampled)),
        ("people in time", t.on_time.get(), on_time),
        ("tubes collected", t.collected.get(), collected),
        ("tubes waiting", t.waiting.get(), facts.inputs.waiting.iter().map(|w| w.tubes.get()).sum()),
        ("tubes analysed", t.analysed.get(), collected.saturating_add(old(&analysed))),
        ("tubes lost", t.lost.get(), old(&|w| w.fate == TubeFate::Lost)),
        ("tubes pending", t.pending.get(), old(&|w| w.fate == TubeFate::Pending)),
        ("tubes helped", t.helped.get(), parcels(&|o| o.helps).saturating_add(old(&away))),
        (
            "tubes balance",
            t.collected.get().saturating_add(t.waiting.get()),
            t.analysed.get().saturating_add(t.lost.get()).saturating_add(t.pending.get()),
        ),
    ];
    for (what, _, _) in pairs.into_iter().filter(|(_, said, is)| said != is) {
        found.push(TestingViolation::Wrong { what });
    }
    let reached = |s: &levee_model::plan::testing::ClassShare| {
        s.in_time_per_mille.is_none_or(|share| share >= facts.limits.target_per_mille)
    };
    if t.target_met != plan.shares.iter().all(reached) {
        found.push(TestingViolation::Wrong { what: "target" });
    }
}

fn tiers(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let untested = u64::from(facts.limits.untested_hours.max(1));
    let mut values: BTreeMap<TestingTier, u64> = BTreeMap::new();
    let mut add = |tier: TestingTier, n: u64| {
        let sum = values.entry(tier).or_default();
        *sum = sum.saturating_add(n);
    };
    let hour = |h: u16| u64::from(h) * facts.limits.hour_metres.min(1_000_000);
    let mut taken: BTreeMap<_, u64> = BTreeMap::new();
    for o in &plan.tubes {
        let (Some(job), Some(lane)) = (facts.jobs.get(&o.duty), facts.lanes.get(&(&o.site, &o.laboratory))) else {
            continue;
        };
        let tubes = o.tubes.get();
        *taken.entry(&o.duty).or_default() += tubes;
        add(job.class.tier(), late(o.result.into(), o.due.into()).saturating_mul(tubes).saturating_mul(job.pool));
        add(TestingTier::Distance, tubes.saturating_mul(lane.metres.saturating_add(hour(o.analysed))));
        let mut issued = facts.inputs.issued.iter().filter(|i| i.site == o.site && i.duty == o.duty).peekable();
        if issued.peek().is_some() && issued.all(|i| i.laboratory != o.laboratory) {
            add(TestingTier::Changes, tubes);
        }
    }
    for (id, job) in &facts.jobs {
        let left = job.tubes().saturating_sub(taken.get(id).copied().unwrap_or(0));
        add(job.class.tier(), left.saturating_mul((untested * job.pool).div_ceil(job.priority)));
    }
    for w in &plan.waiting {
        let (tubes, people) = (w.tubes.get(), u64::from(w.people_per_tube));
        match (w.fate, &w.laboratory) {
            (TubeFate::Analysed { analysed, result, .. }, Some(to)) => {
                add(w.class.tier(), late(result.into(), w.due).saturating_mul(tubes).saturating_mul(people));
                let stays = w.received && w.at == *to;
                let metres = if stays { 0 } else { facts.lanes.get(&(&w.at, to)).map_or(0, |l| l.metres) };
                add(TestingTier::Distance, tubes.saturating_mul(metres.saturating_add(hour(analysed))));
            }
            _ => {
                let each = late(i64::from(facts.loading.until) * 60, w.due) + untested;
                add(w.class.tier(), each.saturating_mul(people).saturating_mul(tubes));
            }
        }
    }
    let order = [
        TestingTier::Safety,
        TestingTier::Vulnerable,
        TestingTier::Waiting,
        TestingTier::Changes,
        TestingTier::Distance,
    ];
    if plan.tiers.iter().map(|t| t.tier).ne(order) {
        found.push(TestingViolation::Wrong { what: "list of tiers" });
    }
    let mut equal = true;
    for said in &plan.tiers {
        let value = values.get(&said.tier).copied().unwrap_or(0);
        // A bound holds only while no tier before it was given up.
        let beats = equal && said.bound.is_some_and(|bound| said.value < bound);
        equal &= said.bound.is_some_and(|bound| bound == said.value);
        if said.value != value || beats {
            found.push(TestingViolation::Tier { tier: said.tier });
        }
    }
}

fn waves(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut results: BTreeMap<_, BTreeMap<u32, u64>> = BTreeMap::new();
    for o in &plan.tubes {
        if let Some(job) = facts.jobs.get(&o.duty).filter(|_| o.pool > 1) {
            let hour = u16::try_from(o.result / 60).unwrap_or(u16::MAX);
            *results.entry((&job.district, hour)).or_default().entry(o.pool).or_default() += o.tubes.get();
        }
    }
    let near = |said: Option<[f64; 3]>, is: Option<[f64; 3]>| match (said, is) {
        (None, None) => true,
        (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs().max(1.0)),
        _ => false,
    };
    let mut rows = plan.waves.iter();
    let mut so = plan.waves.len() == results.len();
    for ((district, hour), pools) in results {
        let at = facts.prevalence.get(district).map(|p| [p.low, p.mid, p.high]);
        #[expect(clippy::cast_precision_loss, reason = "tubes stay far below 2^52")]
        let tubes = at.map(|at| at.map(|p| pools.iter().map(|(&n, &t)| t as f64 * positive(n, p)).sum::<f64>()));
        #[expect(clippy::cast_precision_loss, reason = "tubes stay far below 2^52")]
        let people =
            at.map(|at| at.map(|p| pools.iter().map(|(&n, &t)| t as f64 * positive(n, p) * f64::from(n)).sum::<f64>()));
        so &= rows.next().is_some_and(|row| {
            row.district == *district
                && (row.hour, row.tubes.get()) == (hour, pools.values().sum())
                && near(row.positive, tubes)
                && near(row.people, people)
        });
    }
    if !so {
        found.push(TestingViolation::Wrong { what: "list of retest waves" });
    }
}

fn ask(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let Some(ask) = &plan.ask else { return };
    let without: Vec<u64> = plan.tiers.iter().take(3).map(|t| t.value).collect();
    let earliest = facts.limits.outside.map_or(u16::MAX, |o| o.from_hour);
    let so = ask.without.as_slice() == without.as_slice()
        && ask.with < ask.without
        && ask.by_hour.first().map(|(h, _)| *h) == Some(ask.from_hour)
        && ask.from_hour >= earliest
        && ask.by_hour.is_sorted_by(|a, b| a.0 < b.0)
        && ask.by_hour.iter().all(|(h, t)| facts.loading.holds(*h) && t.get() > 0)
        && ask.by_hour.iter().map(|(_, t)| t.get()).max() == Some(ask.peak.get())
        && ask.by_hour.iter().map(|(_, t)| t.get()).sum::<u64>() == ask.tubes.get();
    if !so {
        found.push(TestingViolation::Wrong { what: "ask for help from outside" });
    }
}
