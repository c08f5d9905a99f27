//! The way from inputs to a plan.

use crate::solver::{Flow, FromSink, Solver, SolverError};
use crate::testing::allot::{self, Slot};
use crate::testing::books::Books;
use crate::testing::network::{Network, Reach, Scope};
use crate::testing::problem::{Problem, Task};
use crate::testing::write::{Findings, values};
use crate::testing::{causes, network, proof, retests, stations, write};
use levee_model::plan::SolverRecord;
use levee_model::plan::testing::{OutsideAsk, TestingCause, TestingInputs, TestingPlan};
use levee_model::quantity::Tubes;

/// Proposes rounds, pools and the way of every tube. There always is a plan; what it cannot do stands in it.
///
/// `seed` is kept for the record: nothing is drawn.
pub fn propose(inputs: &TestingInputs, seed: u64) -> TestingPlan {
    propose_with(&FromSink::default(), inputs, seed)
}

/// [`propose`] with a back end of the caller's choice. When it has no answer, tubes go to the nearest laboratory until that is full,
/// and the plan says so.
pub fn propose_with(solver: &dyn Solver, inputs: &TestingInputs, seed: u64) -> TestingPlan {
    let mut work = Work { solver, iterations: 0, solves: 0 };
    match exact(&mut work, inputs, seed) {
        Ok(plan) => plan,
        Err(error) => naive(inputs, Some(format!("{}: {error}", solver.name())), seed),
    }
}

/// What a plan without an optimiser would be: sampling spread evenly, each tube to the nearest laboratory until that is full.
pub fn nearest_until_full(inputs: &TestingInputs, seed: u64) -> TestingPlan {
    naive(inputs, None, seed)
}

struct Work<'s> {
    solver: &'s dyn Solver,
    iterations: u64,
    solves: u32,
}

impl Work<'_> {
    /// A back end is not trusted: what it answers must be a flow.
    fn solve(&mut self, network: &Network) -> Result<Flow, SolverError> {
        let answer = self.solver.solve(&network.flow)?;
        self.iterations += answer.iterations;
        self.solves += 1;
        match network.flow.broken_by(&answer.on) {
            Some(what) => Err(SolverError::NotAFlow { what }),
            None => Ok(answer),
        }
    }
}

/// Replaces the reserves among the tasks.
fn with_reserves(problem: &mut Problem<'_>, reserves: Vec<Task>) {
    problem.tasks.retain(|t| !t.reserve);
    problem.tasks.extend(reserves);
    problem.order_tasks();
}

/// The problem with the second samples as they would come if nothing queued, and the posts of its teams.
fn prepare(inputs: &TestingInputs) -> (Problem<'_>, stations::Posts) {
    let mut problem = Problem::new(inputs);
    let posts = stations::send(&problem);
    let slots = allot::slots(&problem, &stations::possible(&problem, &posts));
    let reserves = retests::estimate(&problem, &slots);
    with_reserves(&mut problem, reserves);
    let posts = stations::send(&problem);
    (problem, posts)
}

fn exact(work: &mut Work<'_>, inputs: &TestingInputs, seed: u64) -> Result<TestingPlan, SolverError> {
    let (mut problem, posts) = prepare(inputs);
    let possible = stations::possible(&problem, &posts);
    // The second samples that the plan would bring become duties, once: more rounds hardly change their number.
    let slots = allot::slots(&problem, &possible);
    let reserves = retests::from_plan(&solved(work, &problem, &possible, &slots, Reach::NEAR)?);
    with_reserves(&mut problem, reserves);
    let slots = allot::slots(&problem, &possible);
    let mut books = solved(work, &problem, &possible, &slots, Reach::NEAR)?;
    if more_could_help(&books) {
        books = solved(work, &problem, &possible, &slots, Reach::ALL)?;
    }
    let findings = find(work, &problem, &books, &slots)?;
    let record = SolverRecord {
        name: work.solver.name().to_owned(),
        iterations: work.iterations,
        solves: work.solves,
        fell_back: None,
    };
    Ok(write::plan(&books, &posts, findings, record, seed))
}

fn solved<'p, 'a>(
    work: &mut Work<'_>,
    problem: &'p Problem<'a>,
    possible: &[Vec<[u64; 2]>],
    slots: &[Slot],
    reach: Reach,
) -> Result<Books<'p, 'a>, SolverError> {
    let network = Network::new(problem, &Scope { slots, loose: false, outside: None, reach });
    let answer = work.solve(&network)?;
    let mut books = Books::new(problem, possible);
    books.enter(slots, &network.parcels(&answer));
    books.fill();
    Ok(books)
}

/// Whether laboratories further off or later could mend something: tubes that are late, or that none takes. What has no site,
/// no team, no way, or whose teams are all at work cannot be mended so.
fn more_could_help(books: &Books<'_, '_>) -> bool {
    let problem = books.problem;
    let old = books.old_left.iter().any(|&tubes| tubes > 0)
        || books
            .old
            .keys()
            .any(|&(row, bench, loaded)| problem.benches[bench].result(loaded) > network::due_of_waiting(problem, row));
    let untaken = |k: usize| books.left[k] > 0 && causes::why(books, k).0 == TestingCause::Laboratories;
    old || (0..problem.tasks.len()).any(|k| is_late(books, k) || untaken(k))
}

/// Bounds and the proof of a shortfall when hours of teams or laboratories are short; what to ask for when laboratories are.
fn find(
    work: &mut Work<'_>,
    problem: &Problem<'_>,
    books: &Books<'_, '_>,
    slots: &[Slot],
) -> Result<Findings, SolverError> {
    let value = values(books);
    let mut findings = Findings::default();
    if value[..3] == [0; 3] {
        return Ok(findings);
    }
    let all = allot::all_for_each(problem, &problem.at_most);
    if !more_could_help(books) {
        findings.proof = proof::by_teams(problem, &all);
    } else {
        let network = Network::new(problem, &Scope { slots: &all, loose: true, outside: None, reach: Reach::ALL });
        let answer = work.solve(&network)?;
        let cost = network.flow.cost_of(&answer.on);
        findings.bound = Some(std::array::from_fn(|k| u64::try_from(cost[k]).unwrap_or(u64::MAX)));
        let (proof, iterations) = proof::find(work.solver, problem, &all)?;
        work.iterations += iterations;
        work.solves += 1;
        findings.proof = proof;
    }
    let outside_helps = |k: usize| {
        let may = |cause| {
            matches!(
                cause,
                TestingCause::Laboratories
                    | TestingCause::NoLaboratory
                    | TestingCause::NoLane
                    | TestingCause::PromiseTooShort
            )
        };
        is_short(books, k) && may(causes::why(books, k).0)
    };
    if (0..problem.tasks.len()).any(outside_helps) {
        findings.ask = ask(work, problem, slots, [value[0], value[1], value[2]])?;
    }
    Ok(findings)
}

fn is_short(books: &Books<'_, '_>, task: usize) -> bool {
    books.left[task] > 0 || is_late(books, task)
}

fn is_late(books: &Books<'_, '_>, task: usize) -> bool {
    let row = &books.problem.tasks[task];
    let late = |(key, _): (&(usize, usize, u16, usize, u16), &u64)| {
        books.problem.benches[key.3].result(key.4) > row.due(key.2)
    };
    books.sent.range((task, 0, 0, 0, 0)..(task + 1, 0, 0, 0, 0)).any(late)
}

/// The least that a laboratory outside would have to take so that nothing is late that need not be.
fn ask(
    work: &mut Work<'_>,
    problem: &Problem<'_>,
    slots: &[Slot],
    without: [u64; 3],
) -> Result<Option<OutsideAsk>, SolverError> {
    let scope = Scope { slots, loose: false, outside: problem.limits.outside, reach: Reach::ALL };
    if scope.outside.is_none() {
        return Ok(None);
    }
    let network = Network::new(problem, &scope);
    let answer = work.solve(&network)?;
    let cost = network.flow.cost_of(&answer.on);
    let with = std::array::from_fn(|k| u64::try_from(cost[k]).unwrap_or(u64::MAX));
    let mut by_hour = std::collections::BTreeMap::new();
    for parcel in network.parcels(&answer).iter().filter(|p| p.bench == problem.benches.len()) {
        *by_hour.entry(parcel.hour).or_insert(0u64) += parcel.tubes;
    }
    let Some((&from_hour, _)) = by_hour.first_key_value() else { return Ok(None) };
    if with >= without {
        return Ok(None);
    }
    Ok(Some(OutsideAsk {
        from_hour,
        peak: Tubes::new(by_hour.values().copied().max().unwrap_or(0)),
        tubes: Tubes::new(by_hour.values().sum()),
        by_hour: by_hour.into_iter().map(|(hour, n)| (hour, Tubes::new(n))).collect(),
        without,
        with,
    }))
}

fn naive(inputs: &TestingInputs, fell_back: Option<String>, seed: u64) -> TestingPlan {
    let (problem, posts) = prepare(inputs);
    let possible = stations::possible(&problem, &posts);
    let slots = allot::slots(&problem, &possible);
    let mut books = Books::new(&problem, &possible);
    books.nearest_until_full(&slots);
    books.fill();
    let record = SolverRecord { name: "nearest-until-full".to_owned(), iterations: 0, solves: 0, fell_back };
    write::plan(&books, &posts, Findings::default(), record, seed)
}
