//! The transfers as one programme: the flow, and the rules that no flow keeps as rows of it.
//!
//! The flow of `network` counts shared coach seats, slots and people able to move down for each group and day alone, and holds them in
//! passes (`limits`). Here they are rows, so the programme's values are never below the flow's bound, and never above those of a plan
//! that serves fractions of nobody: in between lies what the passes may have given away. Whole coach trips are not in it.

use crate::solver::TIERS;
use crate::solver::programme::{Programme, Row};
use crate::transfer::limits::{Limits, seats_left, slots_left};
use crate::transfer::network::Network;
use crate::transfer::problem::Problem;
use crate::transfer::rulings;
use levee_model::plan::PlanInputs;

/// A programme made from a plan's inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferProgramme {
    /// Its tiers are those of the plan: person-days of life-saving care, of the vulnerable, of the others; changes; person-metres.
    pub programme: Programme,
    /// What people who are not the planner's to place cost besides, by tier.
    pub fixed: [u64; TIERS],
    /// How many of its rows no flow could keep.
    pub coupled: usize,
}

/// The transfers of these inputs as a programme, decisions ruled on as for a plan.
pub fn programme(inputs: &PlanInputs) -> TransferProgramme {
    let mut problem = Problem::new(inputs);
    rulings::rule(&mut problem, inputs);
    let network = Network::new(&problem, &Limits::each_alone(&problem));
    let mut programme = network.flow.programme();
    let balances = programme.rows.len();
    programme.rows.extend(coupled(&problem, &network));
    let coupled = programme.rows.len() - balances;
    let fixed = network.fixed().map(|x| u64::try_from(x).unwrap_or(u64::MAX));
    TransferProgramme { programme, fixed, coupled }
}

/// Shared seats by district and day, slots over all days, people able to move down by each day.
fn coupled(problem: &Problem, network: &Network) -> Vec<Row> {
    let whole = |x: u64| i64::try_from(x).unwrap_or(i64::MAX);
    let limit = |arcs: Vec<usize>, most: u64| {
        let total: i64 = network.flow.supply.iter().filter(|s| **s > 0).sum();
        (!arcs.is_empty() && whole(most) < total)
            .then(|| Row::at_most(arcs.into_iter().map(|arc| (arc, 1)).collect(), whole(most)))
    };
    let mut rows = Vec::new();
    for district in 0..problem.districts.len() {
        for day in 0..problem.days() {
            let arcs: Vec<usize> = problem.riders(district).filter_map(|group| network.seats[group][day]).collect();
            let seats = seats_left(problem, district, day).filter(|_| arcs.len() > 1);
            rows.extend(seats.and_then(|seats| limit(arcs, seats)));
        }
    }
    for (&(bed, care), arcs) in network.slots() {
        rows.extend(limit(arcs.clone(), slots_left(problem, bed, care)));
    }
    for (step, arcs) in problem.steps.iter().zip(network.steps()) {
        for (day, able) in problem.able(step).into_iter().enumerate() {
            rows.extend(limit(arcs.iter().take(day + 1).copied().flatten().collect(), able));
        }
    }
    rows
}
