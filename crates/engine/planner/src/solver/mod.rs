//! The seam between what is to be planned and what solves it.
//!
//! A [`TieredFlow`] is a flow of people over arcs with whole capacities, and a cost in tiers. Every bound is whole, so an
//! optimal flow of whole people exists (the matrix is totally unimodular) and nothing has to be rounded. Back ends:
//! [`NetworkSimplex`] (ours, the one in use) and [`Programmes`] (the flow as linear programmes, one per tier, through one of the
//! back ends of [`programme`]; slower, the second opinion that the tests compare with). What is no flow, with rows across it or
//! switches, is a [`Programme`](programme::Programme) of its own.

pub mod programme;
mod simplex;

pub use programme::Programmes;
pub use simplex::{Basis, FromSink, NetworkSimplex};

use std::ops::{Add, Neg, Sub};

/// How many tiers a cost has.
pub const TIERS: usize = 5;

/// A cost in tiers, the most important first; compared tier by tier, so that no amount of a lower one outweighs one unit
/// of a higher one. Not a weighted sum: an ordered group, in which every shortest-path and simplex argument still holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost(pub [i64; TIERS]);

impl Cost {
    /// Nothing in any tier.
    pub const ZERO: Self = Self([0; TIERS]);
    /// `amount` in one tier; zero if there is no such tier.
    pub fn in_tier(tier: usize, amount: i64) -> Self {
        let mut cost = Self::ZERO;
        if let Some(slot) = cost.0.get_mut(tier) {
            *slot = amount;
        }
        cost
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] + other.0[k]))
    }
}
impl Sub for Cost {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] - other.0[k]))
    }
}
impl Neg for Cost {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.map(|x| -x))
    }
}

/// More than any flow here can be; stands for "no limit".
pub const UNLIMITED: i64 = i64::MAX / 8;

/// An arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// From which node.
    pub from: usize,
    /// To which node.
    pub to: usize,
    /// At most so many people.
    pub cap: i64,
    /// For each of them; never negative in any tier.
    pub cost: Cost,
}

/// Nodes with what enters (positive) or leaves (negative) there, summing to zero, and the arcs between them.
#[derive(Clone, Debug, Default)]
pub struct TieredFlow {
    /// By node.
    pub supply: Vec<i64>,
    /// All arcs.
    pub arcs: Vec<Arc>,
}

impl TieredFlow {
    /// What a flow costs in each tier.
    pub fn cost_of(&self, flow: &[i64]) -> [u128; TIERS] {
        let mut sum = [0u128; TIERS];
        for (arc, &people) in self.arcs.iter().zip(flow) {
            for (total, &each) in sum.iter_mut().zip(&arc.cost.0) {
                *total += u128::from(people.unsigned_abs()) * u128::from(each.unsigned_abs());
            }
        }
        sum
    }

    /// The first rule that a flow breaks, in words; `None` = it keeps all of them.
    pub fn broken_by(&self, flow: &[i64]) -> Option<String> {
        if flow.len() != self.arcs.len() {
            return Some(format!("{} flows for {} arcs", flow.len(), self.arcs.len()));
        }
        let mut left = self.supply.clone();
        for (k, (arc, &people)) in self.arcs.iter().zip(flow).enumerate() {
            if people < 0 || people > arc.cap {
                return Some(format!("{people} on arc {k}, which takes 0 to {}", arc.cap));
            }
            left[arc.from] -= people;
            left[arc.to] += people;
        }
        left.iter().position(|&x| x != 0).map(|node| format!("node {node} is out of balance by {}", left[node]))
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// People on each arc.
    pub on: Vec<i64>,
    /// Work done, in the back end's own unit.
    pub iterations: u64,
}

/// Why a back end has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolverError {
    /// The supplies cannot all reach a sink.
    #[error("no flow serves all supplies: the network lacks a way for unserved people")]
    Infeasible,
    /// It would take more work than allowed.
    #[error("stopped after {iterations} iterations, the limit given; raise it or plan fewer days")]
    WorkLimit {
        /// Iterations done.
        iterations: u64,
    },
    /// The back end reported a fault of its own.
    #[error("the back end failed in tier {tier}: {said}")]
    BackEnd {
        /// Which tier it was solving.
        tier: usize,
        /// What it said.
        said: String,
    },
    /// The answer breaks the network's own rules.
    #[error("the answer is not a flow: {what}")]
    NotAFlow {
        /// Which rule.
        what: String,
    },
}

/// Something that finds a flow of least cost, tier by tier.
pub trait Solver {
    /// The name that stands in the plan.
    fn name(&self) -> &'static str;
    /// A flow of least cost. The same network gives the same flow, to the unit.
    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError>;
}
