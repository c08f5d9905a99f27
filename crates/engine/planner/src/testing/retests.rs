//! Second samples: what pooled results are expected to bring, and the hours held for them.
//!
//! A pool that comes back positive asks for each of its people again, alone. How many, and when, follows from the plan itself; so
//! the plan is made with an estimate, the waves are read from it, and it is made again with those, a few times.

use crate::testing::allot::Slot;
use crate::testing::books::Books;
use crate::testing::pools::positive_share;
use crate::testing::problem::{Problem, Task};
use levee_model::area::PlaceCode;
use levee_model::plan::testing::{HourSpan, RetestReserve, RetestWave, TestClass};
use levee_model::quantity::{Persons, Tubes};
use std::collections::BTreeMap;

/// Results of so many hours are called up together.
const BLOCK_HOURS: u16 = 3;

/// Pooled tubes by district, hour of result and pool.
type Results = BTreeMap<(PlaceCode, u16), BTreeMap<u32, u64>>;

/// As if every duty were sampled evenly and its tubes loaded on arrival at the nearest laboratory.
pub(crate) fn estimate(problem: &Problem<'_>, slots: &[Slot]) -> Vec<Task> {
    let mut results = Results::new();
    for slot in slots {
        let task = &problem.tasks[slot.task];
        let roads = problem.roads_from(&problem.spots[slot.spot].id);
        let soonest = roads.iter().filter_map(|road| {
            let (_, _, first) = problem.trip(road, slot.hour)?;
            Some(problem.benches[road.bench].result(first))
        });
        if let (true, Some(result)) = (task.pool > 1, soonest.min()) {
            let hour = u16::try_from(result / 60).unwrap_or(u16::MAX);
            *results.entry((task.district.clone(), hour)).or_default().entry(task.pool).or_default() += slot.given;
        }
    }
    reserves(problem, &results)
}

pub(crate) fn from_plan(books: &Books<'_, '_>) -> Vec<Task> {
    reserves(books.problem, &results(books))
}

fn results(books: &Books<'_, '_>) -> Results {
    let mut results = Results::new();
    for (&(task, _, _, bench, loaded), &tubes) in &books.sent {
        let task = &books.problem.tasks[task];
        if task.pool > 1 {
            let hour = u16::try_from(books.problem.benches[bench].result(loaded) / 60).unwrap_or(u16::MAX);
            *results.entry((task.district.clone(), hour)).or_default().entry(task.pool).or_default() += tubes;
        }
    }
    results
}

/// Tasks for the second samples that can still be taken within the plan.
fn reserves(problem: &Problem<'_>, results: &Results) -> Vec<Task> {
    let mut people: BTreeMap<(&PlaceCode, u16), f64> = BTreeMap::new();
    for ((district, hour), pools) in results {
        let Some(prevalence) = problem.prevalence.get(district) else { continue };
        let called = (hour / BLOCK_HOURS + 1) * BLOCK_HOURS;
        *people.entry((district, called)).or_default() += expected(pools, prevalence.mid).1;
    }
    let mut prefix = "levee.recheck".to_owned();
    while problem.inputs.duties.iter().any(|d| d.id.as_str().starts_with(&prefix)) {
        prefix.push('x');
    }
    let mut tasks = Vec::new();
    for ((district, called), people) in people {
        let from = called.max(problem.sampling.from);
        let until = from.saturating_add(problem.limits.recheck_within_hours.max(1)).min(problem.sampling.until);
        let window = HourSpan { from, until };
        let named = whole_people(people);
        let Ok(id) = format!("{prefix}-{}", tasks.len()).parse() else { continue };
        if named == 0 || window.from >= window.until {
            continue;
        }
        tasks.push(Task {
            id,
            district: district.clone(),
            class: TestClass::Recheck,
            at_door: false,
            site: None,
            named,
            resolved: 0,
            window,
            promise: problem.limits.recheck_promise_minutes,
            priority: 1,
            pool: problem.pool_of(district, TestClass::Recheck).0,
            reserve: true,
            origin: problem.origin,
        });
    }
    tasks
}

/// Expected positive tubes and people in them.
fn expected(pools: &BTreeMap<u32, u64>, infected: f64) -> (f64, f64) {
    let mut sums = (0.0, 0.0);
    for (&pool, &tubes) in pools {
        #[expect(clippy::cast_precision_loss, reason = "tubes stay far below 2^52")]
        let positive = tubes as f64 * positive_share(pool, infected);
        sums.0 += positive;
        sums.1 += positive * f64::from(pool);
    }
    sums
}

/// The next whole number of people; dust below a millionth is nobody.
fn whole_people(expected: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, far below 2^52")]
    let people = (expected - 1e-6).max(0.0).ceil() as u64;
    people
}

/// More digits than that only make the stored plan longer.
fn to_a_millionth(expected: f64) -> f64 {
    (expected * 1e6).round() / 1e6
}

pub(crate) fn waves(books: &Books<'_, '_>) -> Vec<RetestWave> {
    let row = |((district, hour), pools): ((PlaceCode, u16), BTreeMap<u32, u64>)| {
        let at = books.problem.prevalence.get(&district).map(|p| [p.low, p.mid, p.high].map(|x| expected(&pools, x)));
        RetestWave {
            district,
            hour,
            tubes: Tubes::new(pools.values().sum()),
            positive: at.map(|three| three.map(|(tubes, _)| to_a_millionth(tubes))),
            people: at.map(|three| three.map(|(_, people)| to_a_millionth(people))),
        }
    };
    results(books).into_iter().map(row).collect()
}

pub(crate) fn rows(problem: &Problem<'_>) -> Vec<RetestReserve> {
    let row = |t: &Task| RetestReserve {
        duty: t.id.clone(),
        district: t.district.clone(),
        window: t.window,
        people: Persons::new(t.named),
    };
    let mut rows: Vec<RetestReserve> = problem.tasks.iter().filter(|t| t.reserve).map(row).collect();
    rows.sort_by(|a, b| (&a.district, a.window, &a.duty).cmp(&(&b.district, b.window, &b.duty)));
    rows
}
