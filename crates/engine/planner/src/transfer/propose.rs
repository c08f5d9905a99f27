//! The way from inputs to a plan.

use crate::solver::{Flow, NetworkSimplex, Solver, SolverError, TIERS};
use crate::transfer::books::{Books, Move};
use crate::transfer::explain::{self, Worth};
use crate::transfer::network::{DISTANCE, LIFE_SAVING, Network, Seats, VULNERABLE, WAITING, leaving};
use crate::transfer::problem::{Coaches, Problem};
use crate::transfer::{loads, orders};
use levee_model::plan::{Plan, PlanInputs, SolverRecord, Tier, TierOutcome};
use std::collections::BTreeMap;

/// Proposes a plan. There always is one; what it cannot do stands in it.
///
/// `seed` is kept for the record: the first form draws nothing.
pub fn propose(inputs: &PlanInputs, seed: u64) -> Plan {
    propose_with(&NetworkSimplex::default(), inputs, seed)
}

/// [`propose`] with a back end of the caller's choice.
///
/// When the back end has no answer, people are placed nearest first instead, the most ill first, and the plan says so.
pub fn propose_with(solver: &dyn Solver, inputs: &PlanInputs, seed: u64) -> Plan {
    let problem = Problem::new(inputs);
    match solve(solver, &problem) {
        Ok(solved) => {
            let mut books = Books::new(&problem, solved.moves);
            let taken_back = books.keep_whole_trips();
            if taken_back > 0 {
                books.place_waiting();
            }
            let exact = taken_back == 0 && solved.solves == 1;
            let record = SolverRecord {
                name: solver.name().to_owned(),
                iterations: solved.iterations,
                solves: solved.solves,
                fell_back: None,
            };
            let worth = Worth::new(Some((&solved.network, &solved.answer)));
            write(&problem, &books, worth, Some((solved.bound, exact)), record, seed)
        }
        Err(error) => {
            let books = nearest_first(&problem);
            let record = SolverRecord {
                name: "nearest-first".to_owned(),
                iterations: 0,
                solves: 0,
                fell_back: Some(format!("{}: {error}", solver.name())),
            };
            write(&problem, &books, Worth::new(None), None, record, seed)
        }
    }
}

/// Everybody to the nearest bed with room: by day, the most ill first, districts in the order of their codes.
pub(crate) fn nearest_first(problem: &Problem) -> Books<'_> {
    let mut books = Books::new(problem, BTreeMap::new());
    books.place_waiting();
    books
}

pub(crate) fn greedy_plan(inputs: &PlanInputs, seed: u64) -> Plan {
    let problem = Problem::new(inputs);
    let books = nearest_first(&problem);
    let record = SolverRecord { name: "nearest-first".to_owned(), iterations: 0, solves: 0, fell_back: None };
    write(&problem, &books, Worth::new(None), None, record, seed)
}

struct Solved {
    moves: BTreeMap<Move, u64>,
    network: Network,
    answer: Flow,
    bound: [u128; TIERS],
    iterations: u64,
    solves: u32,
}

fn solve(solver: &dyn Solver, problem: &Problem) -> Result<Solved, SolverError> {
    let network = Network::new(problem, &Seats::all_for_each(problem));
    let answer = checked(solver, &network)?;
    let bound = network.flow.cost_of(&answer.on);
    let moves = network.moves(&answer);
    let iterations = answer.iterations;
    if shared_seats_suffice(problem, &moves) {
        return Ok(Solved { moves, network, answer, bound, iterations, solves: 1 });
    }
    let network = Network::new(problem, &Seats::moderate_first(problem, &moves));
    let answer = checked(solver, &network)?;
    let moves = network.moves(&answer);
    let iterations = iterations + answer.iterations;
    Ok(Solved { moves, network, answer, bound, iterations, solves: 2 })
}

/// A back end is not trusted: what it answers must be a flow.
fn checked(solver: &dyn Solver, network: &Network) -> Result<Flow, SolverError> {
    let answer = solver.solve(&network.flow)?;
    match network.flow.broken_by(&answer.on) {
        Some(what) => Err(SolverError::NotAFlow { what }),
        None => Ok(answer),
    }
}

fn shared_seats_suffice(problem: &Problem, moves: &BTreeMap<Move, u64>) -> bool {
    problem.coaches.iter().enumerate().all(|(district, coaches)| match coaches {
        Coaches::Unknown => true,
        Coaches::Known { .. } => (0..problem.days()).all(|day| {
            let riding = leaving(moves, district, 0, day) + leaving(moves, district, 1, day);
            coaches.people().is_none_or(|seats| riding <= seats)
        }),
    })
}

fn write(
    problem: &Problem,
    books: &Books<'_>,
    mut worth: Worth<'_>,
    bound: Option<([u128; TIERS], bool)>,
    solver: SolverRecord,
    seed: u64,
) -> Plan {
    let (totals, person_metres) = loads::totals(problem, books);
    let shortfalls = explain::shortfalls(problem, books, &mut worth);
    let surge = explain::surge(problem, books, &shortfalls);
    let days = totals.waiting_person_days;
    let bounded = |tier: usize| bound.and_then(|(values, _)| u64::try_from(values[tier]).ok());
    // The bound of a tier assumes the optimum of the tiers before it: distance only compares when nothing was given up.
    let distance = bound.filter(|(_, exact)| *exact).and_then(|(values, _)| u64::try_from(values[DISTANCE]).ok());
    let tiers = vec![
        TierOutcome { tier: Tier::LifeSaving, value: days[2] + days[3], bound: bounded(LIFE_SAVING) },
        TierOutcome { tier: Tier::Vulnerable, value: days[1], bound: bounded(VULNERABLE) },
        TierOutcome { tier: Tier::Waiting, value: days[0], bound: bounded(WAITING) },
        TierOutcome { tier: Tier::Changes, value: 0, bound: Some(0) },
        TierOutcome { tier: Tier::Distance, value: person_metres, bound: distance },
    ];
    Plan {
        start: problem.dates[0],
        days: u8::try_from(problem.days()).unwrap_or(u8::MAX),
        surge,
        orders: orders::orders(problem, books),
        step_downs: Vec::new(),
        pins: Vec::new(),
        frozen: Vec::new(),
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
