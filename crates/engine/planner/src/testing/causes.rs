//! Why a duty is late or not met, and what would mend it.

use crate::testing::books::Books;
use crate::testing::problem::{Problem, Task};
use levee_model::plan::testing::{TestingCause, TestingRemedy};

/// Sites and hours of a task's window in which a site is open.
fn open<'p>(problem: &'p Problem<'_>, task: &'p Task) -> impl Iterator<Item = (usize, u16)> + 'p {
    problem.spots_of(task).flat_map(move |spot| {
        let here = &problem.spots[spot];
        (task.window.from..task.window.until).filter(|&h| here.open[usize::from(h)]).map(move |h| (spot, h))
    })
}

/// The least minutes from sampling to result if nothing else were to be done; `None` = no way or no laboratory.
fn shortest(problem: &Problem<'_>, task: &Task) -> Option<i64> {
    let mut best = None;
    for (spot, hour) in open(problem, task) {
        for road in problem.roads_from(&problem.spots[spot].id) {
            let Some((_, _, first)) = problem.trip(road, hour) else { continue };
            let bench = &problem.benches[road.bench];
            let works = |h: &u16| bench.by_hour[usize::from(*h)].min(bench.by_day[usize::from(*h) / 24]) > 0;
            if let Some(loaded) = (first..problem.loading.until).find(works) {
                let minutes = bench.result(loaded) - i64::from(hour) * 60;
                best = Some(best.map_or(minutes, |b: i64| b.min(minutes)));
            }
        }
    }
    best
}

pub(crate) fn why(books: &Books<'_, '_>, task: usize) -> (TestingCause, Vec<TestingRemedy>) {
    let (problem, row) = (books.problem, &books.problem.tasks[task]);
    let (district, hours, at_door) = (row.district.clone(), row.window, row.at_door);
    let door = usize::from(at_door);
    if open(problem, row).next().is_none() {
        return (TestingCause::NoSite, vec![TestingRemedy::OpenSite { district, hours }]);
    }
    let team = TestingRemedy::SendTeam { district: district.clone(), hours, at_door };
    if open(problem, row).all(|(spot, hour)| problem.at_most[spot][usize::from(hour)][door] == 0) {
        return (TestingCause::NoTeam, vec![team]);
    }
    let life = u32::from(problem.limits.tube_life_hours) * 60;
    let reached = |(spot, hour): (usize, u16)| {
        let roads = problem.roads_from(&problem.spots[spot].id);
        roads.iter().any(|road| road.trip(u32::from(hour) + 1).1 <= u32::from(hour) * 60 + life)
    };
    if !open(problem, row).any(reached) {
        return (TestingCause::NoLane, vec![TestingRemedy::Lane { district }]);
    }
    let Some(minutes) = shortest(problem, row) else {
        return (TestingCause::NoLaboratory, vec![TestingRemedy::LaboratoryHours]);
    };
    if minutes > i64::from(row.promise) {
        let minutes = u32::try_from(minutes).unwrap_or(u32::MAX);
        return (TestingCause::PromiseTooShort, vec![TestingRemedy::LongerPromise { minutes }]);
    }
    let full = |(spot, hour): (usize, u16)| books.free[spot][usize::from(hour)][door] < u64::from(row.pool);
    if books.left[task] > 0 && open(problem, row).all(full) {
        return (TestingCause::Teams, vec![team]);
    }
    (TestingCause::Laboratories, vec![TestingRemedy::LaboratoryHours])
}
