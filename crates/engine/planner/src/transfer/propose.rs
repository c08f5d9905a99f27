//! The way from inputs to a plan.

use crate::solver::{Flow, NetworkSimplex, Solver, SolverError, TIERS};
use crate::transfer::books::Books;
use crate::transfer::explain::{self, Worth};
use crate::transfer::limits::Limits;
use crate::transfer::network::{CHANGES, DISTANCE, LIFE_SAVING, Moves, Network, VULNERABLE, WAITING, tier_of};
use crate::transfer::problem::Problem;
use crate::transfer::rulings::{self, Rulings};
use crate::transfer::{loads, orders};
use levee_model::plan::{Plan, PlanInputs, SolverRecord, Tier, TierOutcome};

/// Proposes a plan. There always is one; what it cannot do stands in it.
///
/// `seed` is kept for the record: nothing is drawn.
pub fn propose(inputs: &PlanInputs, seed: u64) -> Plan {
    propose_with(&NetworkSimplex::default(), inputs, seed)
}

/// [`propose`] with a back end of the caller's choice.
///
/// When the back end has no answer, people are placed nearest first instead, the most ill first, and the plan says so.
pub fn propose_with(solver: &dyn Solver, inputs: &PlanInputs, seed: u64) -> Plan {
    made_by(solver.name(), &mut |_, network| solver.solve(&network.flow), inputs, seed)
}

/// Answers a network with a flow.
pub(crate) type Ask<'a> = dyn FnMut(&Problem, &Network) -> Result<Flow, SolverError> + 'a;

/// A plan from whatever answers the networks.
pub(crate) fn made_by(name: &str, ask: &mut Ask<'_>, inputs: &PlanInputs, seed: u64) -> Plan {
    let (problem, rulings) = ruled(inputs);
    match solve(ask, &problem) {
        Ok(solved) => {
            let mut books = Books::of(&problem, solved.moves);
            let taken_back = books.keep_whole_trips();
            if taken_back > 0 || solved.solves > 1 {
                books.place_waiting();
            }
            books.drop_idle_steps();
            let exact = taken_back == 0 && solved.solves == 1;
            let record = SolverRecord {
                name: name.to_owned(),
                iterations: solved.iterations,
                solves: solved.solves,
                fell_back: None,
            };
            let worth = Worth::new(Some((&solved.network, &solved.answer)));
            write(&problem, rulings, &books, worth, Some((solved.bound, exact)), record, seed)
        }
        Err(error) => {
            let books = nearest_first(&problem);
            let record = SolverRecord {
                name: "nearest-first".to_owned(),
                iterations: 0,
                solves: 0,
                fell_back: Some(format!("{name}: {error}")),
            };
            write(&problem, rulings, &books, Worth::new(None), None, record, seed)
        }
    }
}

fn ruled(inputs: &PlanInputs) -> (Problem, Rulings) {
    let mut problem = Problem::new(inputs);
    let rulings = rulings::rule(&mut problem, inputs);
    (problem, rulings)
}

/// Everybody to the nearest bed with room: by day, the most ill first, districts in the order of their codes.
fn nearest_first(problem: &Problem) -> Books<'_> {
    let mut books = Books::new(problem);
    books.place_waiting();
    books
}

pub(crate) fn greedy_plan(inputs: &PlanInputs, seed: u64) -> Plan {
    let (problem, rulings) = ruled(inputs);
    let books = nearest_first(&problem);
    let record = SolverRecord { name: "nearest-first".to_owned(), iterations: 0, solves: 0, fell_back: None };
    write(&problem, rulings, &books, Worth::new(None), None, record, seed)
}

struct Solved {
    moves: Moves,
    network: Network,
    answer: Flow,
    bound: [u128; TIERS],
    iterations: u64,
    solves: u32,
}

fn solve(ask: &mut Ask<'_>, problem: &Problem) -> Result<Solved, SolverError> {
    let mut limits = Limits::each_alone(problem);
    let mut network = Network::new(problem, &limits);
    let mut answer = checked(ask, problem, &network)?;
    let bound = network.cost_of(&answer);
    let mut moves = network.moves(&answer);
    let (mut iterations, mut solves) = (answer.iterations, 1u32);
    // Everything is held after a few passes, so this ends.
    while let Some(held) = limits.held(problem, &moves, solves as usize) {
        limits = held;
        network.bound_by(&limits);
        answer = checked(ask, problem, &network)?;
        moves = network.moves(&answer);
        iterations += answer.iterations;
        solves += 1;
    }
    Ok(Solved { moves, network, answer, bound, iterations, solves })
}

/// A back end is not trusted: what it answers must be a flow.
fn checked(ask: &mut Ask<'_>, problem: &Problem, network: &Network) -> Result<Flow, SolverError> {
    let answer = ask(problem, network)?;
    match network.flow.broken_by(&answer.on) {
        Some(what) => Err(SolverError::NotAFlow { what }),
        None => Ok(answer),
    }
}

fn write(
    problem: &Problem,
    rulings: Rulings,
    books: &Books<'_>,
    mut worth: Worth<'_>,
    bound: Option<([u128; TIERS], bool)>,
    solver: SolverRecord,
    seed: u64,
) -> Plan {
    let (totals, person_metres) = loads::totals(problem, books);
    let shortfalls = explain::shortfalls(problem, books, &mut worth);
    let surge = explain::surge(problem, books, &shortfalls);
    let mut waiting = [0u64; 3];
    for group in 0..problem.groups.len() {
        let days: u64 = (0..problem.days()).map(|day| books.waiting(group, day)).sum();
        if let Some(sum) = waiting.get_mut(tier_of(problem, group)) {
            *sum = sum.saturating_add(days);
        }
    }
    let changes = books
        .moves()
        .iter()
        .map(|(key, people)| problem.kept.changed(*key, people.saturating_sub(problem.kept.fixed(*key).frozen)));
    let bounded = |tier: usize| bound.and_then(|(values, _)| u64::try_from(values[tier]).ok());
    // The bound of a tier assumes the optimum of the tiers before it: the last two only compare when nothing was given up.
    let exactly = |tier: usize| if bound.is_some_and(|(_, exact)| exact) { bounded(tier) } else { None };
    let tiers = vec![
        TierOutcome { tier: Tier::LifeSaving, value: waiting[LIFE_SAVING], bound: bounded(LIFE_SAVING) },
        TierOutcome { tier: Tier::Vulnerable, value: waiting[VULNERABLE], bound: bounded(VULNERABLE) },
        TierOutcome { tier: Tier::Waiting, value: waiting[WAITING], bound: bounded(WAITING) },
        TierOutcome { tier: Tier::Changes, value: changes.sum(), bound: exactly(CHANGES) },
        TierOutcome { tier: Tier::Distance, value: person_metres, bound: exactly(DISTANCE) },
    ];
    Plan {
        start: problem.dates[0],
        days: u8::try_from(problem.days()).unwrap_or(u8::MAX),
        surge,
        orders: orders::orders(problem, books),
        step_downs: orders::step_downs(problem, books),
        pins: rulings.pins,
        frozen: rulings.frozen,
        shortfalls,
        gaps: problem.gaps.iter().cloned().collect(),
        loads: loads::loads(problem, books),
        tiers,
        totals,
        origin: problem.origin,
        solver,
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
    }
}
