//! The plan as people read it, from the books.

use crate::testing::books::Books;
use crate::testing::network::{due_of_waiting, pending_cost};
use crate::testing::problem::{Problem, hours_late};
use crate::testing::{causes, retests, stations};
use levee_model::ids::FacilityId;
use levee_model::plan::SolverRecord;
use levee_model::plan::testing::{
    Caveat, ClassShare, DutyOutcome, LaboratoryLoad, OutsideAsk, ShortfallProof, SiteHour, TestClass, TestingPlan,
    TestingTier, TestingTierOutcome, TestingTotals, TubeFate, TubeOrder, WaitingOutcome, WaitingTubes,
};
use levee_model::quantity::{Persons, Tubes};
use std::collections::BTreeMap;

/// What the solves found beside the plan itself.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) bound: Option<[u64; 3]>,
    pub(crate) proof: Option<ShortfallProof>,
    pub(crate) ask: Option<OutsideAsk>,
}

/// The value of each tier: late hours by tube places, untested ones at their price; changes; distance.
pub(crate) fn values(books: &Books<'_, '_>) -> [u64; 5] {
    let problem = books.problem;
    let mut sums = [0u64; 5];
    let mut add = |tier: usize, amount: u64| sums[tier] = sums[tier].saturating_add(amount);
    for (&(task, spot, hour, bench, loaded), &tubes) in &books.sent {
        let row = &problem.tasks[task];
        let late = hours_late(problem.benches[bench].result(loaded), row.due(hour));
        add(row.tier(), late.saturating_mul(tubes).saturating_mul(u64::from(row.pool)));
        let site = &problem.spots[spot].id;
        let issued = problem.issued.get(&(site, &row.id));
        if issued.is_some_and(|to| !to.contains(&problem.benches[bench].id)) {
            add(3, tubes);
        }
        add(4, tubes.saturating_mul(metres(problem, site, bench).saturating_add(later(problem, loaded))));
    }
    for (k, row) in problem.tasks.iter().enumerate() {
        add(row.tier(), books.left[k].saturating_mul(row.untested(problem.limits)));
    }
    for (&(row, bench, loaded), &tubes) in &books.old {
        let waiting = problem.waiting[row];
        let late = hours_late(problem.benches[bench].result(loaded), due_of_waiting(problem, row));
        let people = u64::from(waiting.people_per_tube);
        add(waiting.class.tier() as usize, late.saturating_mul(tubes).saturating_mul(people));
        let stays = problem.bench_at(waiting) == Some(bench);
        let metres = if stays { 0 } else { metres(problem, &waiting.at, bench) };
        add(4, tubes.saturating_mul(metres.saturating_add(later(problem, loaded))));
    }
    for (k, row) in problem.waiting.iter().enumerate() {
        add(row.class.tier() as usize, books.old_left[k].saturating_mul(pending_cost(problem, k)));
    }
    sums
}

fn later(problem: &Problem<'_>, hour: u16) -> u64 {
    u64::from(hour) * problem.limits.hour_metres.min(1_000_000)
}

fn metres(problem: &Problem<'_>, from: &FacilityId, bench: usize) -> u64 {
    problem.roads_from(from).iter().find(|r| r.bench == bench).map_or(0, |r| r.metres)
}

pub(crate) fn plan(
    books: &Books<'_, '_>,
    posts: &stations::Posts,
    findings: Findings,
    solver: SolverRecord,
    seed: u64,
) -> TestingPlan {
    let problem = books.problem;
    let tubes = orders(books);
    let waiting = waiting(books);
    let duties = outcomes(books, &tubes);
    let shares = shares(problem, &duties);
    let totals = totals(problem, &tubes, &waiting, &duties, &shares);
    let waves = retests::waves(books);
    let pooled = problem.tasks.iter().any(|t| t.pool > 1);
    let mut caveats = vec![Caveat::CareDoesNotWait];
    if pooled {
        caveats.extend([Caveat::Clustering, Caveat::Dilution, Caveat::ExpectedRetests]);
    }
    let named = [
        TestingTier::Safety,
        TestingTier::Vulnerable,
        TestingTier::Waiting,
        TestingTier::Changes,
        TestingTier::Distance,
    ];
    let tiers = named.into_iter().zip(values(books)).enumerate().map(|(k, (tier, value))| {
        let bound = findings.bound.and_then(|b| b.get(k).copied()).or_else(|| (k < 4 && value == 0).then_some(0));
        TestingTierOutcome { tier, value, bound }
    });
    TestingPlan {
        start: problem.inputs.start,
        pools: problem.pools.clone(),
        stations: stations::rows(problem, posts),
        sampling: sampling(books, posts),
        loads: loads(books),
        reserves: retests::rows(problem),
        waves,
        proof: findings.proof,
        ask: findings.ask,
        gaps: problem.gaps.iter().cloned().collect(),
        caveats,
        tiers: tiers.collect(),
        totals,
        origin: problem.origin,
        solver,
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
        tubes,
        waiting,
        duties,
        shares,
    }
}

/// People in tubes: all places, but for the one tube of a duty that is not full, which goes last.
fn orders(books: &Books<'_, '_>) -> Vec<TubeOrder> {
    let problem = books.problem;
    let mut left: Vec<u64> = problem.tasks.iter().map(|t| t.people()).collect();
    let mut orders = Vec::new();
    for (&(task, spot, hour, bench, loaded), &tubes) in &books.sent {
        let (row, at, lab) = (&problem.tasks[task], &problem.spots[spot], &problem.benches[bench]);
        let Some(road) = problem.roads_from(&at.id).iter().find(|r| r.bench == bench) else { continue };
        let (departs, arrives) = road.trip(u32::from(hour) + 1);
        let people = (tubes * u64::from(row.pool)).min(left[task]);
        left[task] -= people;
        orders.push(TubeOrder {
            duty: row.id.clone(),
            class: row.class,
            site: at.id.clone(),
            hour,
            pool: row.pool,
            tubes: Tubes::new(tubes),
            people: Persons::new(people),
            laboratory: lab.id.clone(),
            departs,
            arrives,
            analysed: loaded,
            result: u32::try_from(lab.result(loaded)).unwrap_or(u32::MAX),
            due: u32::try_from(row.due(hour)).unwrap_or(u32::MAX),
            helps: lab.district != at.district,
            origin: row.origin.and(at.origin).and(lab.origin).and(road.origin),
        });
    }
    orders.sort_by(|a, b| {
        (a.hour, &a.site, a.class, &a.duty, &a.laboratory, a.analysed).cmp(&(
            b.hour,
            &b.site,
            b.class,
            &b.duty,
            &b.laboratory,
            b.analysed,
        ))
    });
    orders
}

fn waiting(books: &Books<'_, '_>) -> Vec<WaitingOutcome> {
    let problem = books.problem;
    let outcome = |k: usize, tubes: u64, bench: Option<usize>, fate: TubeFate| {
        let row = problem.waiting[k];
        WaitingOutcome {
            at: row.at.clone(),
            district: row.district.clone(),
            class: row.class,
            sampled_hour: row.sampled_hour,
            due: due_of_waiting(problem, k),
            people_per_tube: row.people_per_tube,
            received: row.received,
            tubes: Tubes::new(tubes),
            laboratory: bench.map(|b| problem.benches[b].id.clone()),
            fate,
        }
    };
    let mut rows = Vec::new();
    for (&(k, bench, loaded), &tubes) in &books.old {
        let row = problem.waiting[k];
        let start = u32::from(problem.loading.from) * 60;
        let trip = || {
            let road = problem.roads_from(&row.at).iter().find(|r| r.bench == bench)?;
            problem.trip_of_waiting(row, road).map(|(departs, arrives, _)| (departs, arrives))
        };
        let stays = problem.bench_at(row) == Some(bench);
        let (departs, arrives) = if stays { (start, start) } else { trip().unwrap_or((start, start)) };
        let result = u32::try_from(problem.benches[bench].result(loaded)).unwrap_or(u32::MAX);
        rows.push(outcome(k, tubes, Some(bench), TubeFate::Analysed { departs, arrives, analysed: loaded, result }));
    }
    for (k, &tubes) in books.old_left.iter().enumerate().filter(|(_, n)| **n > 0) {
        let fate = if is_lost(problem, problem.waiting[k]) { TubeFate::Lost } else { TubeFate::Pending };
        rows.push(outcome(k, tubes, None, fate));
    }
    rows.sort_by(|a, b| {
        let key = |r: &WaitingOutcome| (r.at.clone(), r.district.clone(), r.class, r.sampled_hour, r.due, r.fate);
        key(a).cmp(&key(b)).then_with(|| {
            (&a.laboratory, a.people_per_tube, a.received, a.tubes).cmp(&(
                &b.laboratory,
                b.people_per_tube,
                b.received,
                b.tubes,
            ))
        })
    });
    rows
}

/// Ways are known, and none is quick enough.
fn is_lost(problem: &Problem<'_>, row: &WaitingTubes) -> bool {
    let roads = problem.roads_from(&row.at);
    let too_late = |road: &crate::testing::problem::Road| {
        let ready = u32::from(problem.loading.from).max(u32::try_from(row.sampled_hour.saturating_add(1)).unwrap_or(0));
        let age = i64::from(road.trip(ready).1) - i64::from(row.sampled_hour) * 60;
        age > i64::from(problem.limits.tube_life_hours) * 60
    };
    !row.received && !roads.is_empty() && roads.iter().all(too_late)
}

fn outcomes(books: &Books<'_, '_>, orders: &[TubeOrder]) -> Vec<DutyOutcome> {
    let problem = books.problem;
    let mut sums: BTreeMap<_, [u64; 4]> = BTreeMap::new();
    for order in orders {
        let sum = sums.entry(&order.duty).or_default();
        let people = order.people.get();
        let late = hours_late(order.result.into(), order.due.into());
        sum[0] += people;
        sum[if late == 0 { 1 } else { 2 }] += people;
        sum[3] = sum[3].saturating_add(late.saturating_mul(people));
    }
    let mut rows: Vec<DutyOutcome> = Vec::new();
    for (k, task) in problem.tasks.iter().enumerate() {
        let [sampled, on_time, late, hours] = sums.get(&task.id).copied().unwrap_or_default();
        let unsampled = task.people() - sampled;
        let (cause, mends) = if late + unsampled > 0 {
            let (cause, mends) = causes::why(books, k);
            (Some(cause), mends)
        } else {
            (None, Vec::new())
        };
        rows.push(DutyOutcome {
            duty: task.id.clone(),
            district: task.district.clone(),
            class: task.class,
            people: Persons::new(task.named),
            resolved: Persons::new(task.resolved),
            sampled: Persons::new(sampled),
            on_time: Persons::new(on_time),
            late: Persons::new(late),
            late_person_hours: hours,
            unsampled: Persons::new(unsampled),
            cause,
            mends,
        });
    }
    rows.sort_by(|a, b| (a.class, &a.district, &a.duty).cmp(&(b.class, &b.district, &b.duty)));
    rows
}

fn shares(problem: &Problem<'_>, duties: &[DutyOutcome]) -> Vec<ClassShare> {
    let mut rows = Vec::new();
    for class in TestClass::ALL {
        let of = || duties.iter().filter(|d| d.class == class);
        if !problem.tasks.iter().any(|t| t.class == class) {
            continue;
        }
        let sum = |what: fn(&DutyOutcome) -> Persons| of().map(what).sum::<Persons>();
        let (on_time, late, unsampled) = (sum(|d| d.on_time), sum(|d| d.late), sum(|d| d.unsampled));
        let people: Persons = [on_time, late, unsampled].into_iter().sum();
        let share = (u128::from(on_time.get()) * 1000).checked_div(u128::from(people.get()));
        rows.push(ClassShare {
            class,
            people,
            on_time,
            late,
            unsampled,
            late_person_hours: of().fold(0u64, |s, d| s.saturating_add(d.late_person_hours)),
            in_time_per_mille: share.and_then(|s| u32::try_from(s).ok()),
        });
    }
    rows
}

fn sampling(books: &Books<'_, '_>, posts: &stations::Posts) -> Vec<SiteHour> {
    let problem = books.problem;
    let teams = stations::on_duty(problem, posts);
    let mut tubes: BTreeMap<(usize, u16, bool), u64> = BTreeMap::new();
    for (&(task, spot, hour, ..), &n) in &books.sent {
        *tubes.entry((spot, hour, problem.tasks[task].at_door)).or_default() += n;
    }
    let mut rows = Vec::new();
    for (k, spot) in problem.spots.iter().enumerate() {
        for hour in problem.sampling.from..problem.sampling.until {
            for at_door in [false, true] {
                let place = (usize::from(hour), usize::from(at_door));
                let possible = books.possible[k][place.0][place.1];
                if possible == 0 {
                    continue;
                }
                rows.push(SiteHour {
                    site: spot.id.clone(),
                    hour,
                    at_door,
                    teams: teams[k][place.0][place.1],
                    possible: Persons::new(possible),
                    people: Persons::new(possible - books.free[k][place.0][place.1]),
                    tubes: Tubes::new(tubes.get(&(k, hour, at_door)).copied().unwrap_or(0)),
                });
            }
        }
    }
    rows
}

fn loads(books: &Books<'_, '_>) -> Vec<LaboratoryLoad> {
    let problem = books.problem;
    let mut loaded: BTreeMap<(usize, u16), u64> = BTreeMap::new();
    let new = books.sent.iter().map(|(&(.., bench, hour), &n)| ((bench, hour), n));
    for (key, n) in new.chain(books.old.iter().map(|(&(_, bench, hour), &n)| ((bench, hour), n))) {
        *loaded.entry(key).or_default() += n;
    }
    let mut rows = Vec::new();
    for (k, bench) in problem.benches.iter().enumerate() {
        for hour in problem.loading.from..problem.loading.until {
            let possible = bench.by_hour[usize::from(hour)];
            if possible > 0 {
                let tubes = loaded.get(&(k, hour)).copied().unwrap_or(0);
                rows.push(LaboratoryLoad {
                    laboratory: bench.id.clone(),
                    hour,
                    tubes: Tubes::new(tubes),
                    possible: Tubes::new(possible),
                    runs: tubes.div_ceil(bench.batch),
                });
            }
        }
    }
    rows
}

fn totals(
    problem: &Problem<'_>,
    orders: &[TubeOrder],
    waiting: &[WaitingOutcome],
    duties: &[DutyOutcome],
    shares: &[ClassShare],
) -> TestingTotals {
    let tubes_of =
        |fate: fn(&TubeFate) -> bool| waiting.iter().filter(|w| fate(&w.fate)).map(|w| w.tubes).sum::<Tubes>();
    let district: BTreeMap<_, _> = problem.benches.iter().map(|b| (&b.id, &b.district)).collect();
    let away = |w: &&WaitingOutcome| w.laboratory.as_ref().is_some_and(|l| district.get(l) != Some(&&w.district));
    let collected: Tubes = orders.iter().map(|o| o.tubes).sum();
    let analysed_old = tubes_of(|f| matches!(f, TubeFate::Analysed { .. }));
    let helped_old: Tubes = waiting.iter().filter(away).map(|w| w.tubes).sum();
    let helped_new: Tubes = orders.iter().filter(|o| o.helps).map(|o| o.tubes).sum();
    let sampled: Persons = duties.iter().map(|d| d.sampled).sum();
    let unsampled: Persons = duties.iter().map(|d| d.unsampled).sum();
    let target = problem.limits.target_per_mille;
    TestingTotals {
        people: [sampled, unsampled].into_iter().sum(),
        sampled,
        unsampled,
        on_time: duties.iter().map(|d| d.on_time).sum(),
        collected,
        waiting: waiting.iter().map(|w| w.tubes).sum(),
        analysed: [collected, analysed_old].into_iter().sum(),
        lost: tubes_of(|f| *f == TubeFate::Lost),
        pending: tubes_of(|f| *f == TubeFate::Pending),
        helped: [helped_new, helped_old].into_iter().sum(),
        target_met: shares.iter().all(|s| s.in_time_per_mille.is_none_or(|share| share >= target)),
    }
}
