//! Linear and mixed-integer programmes as data, and the back ends that solve them.
//!
//! A [`Programme`] says what is wanted: variables with bounds, rows with bounds, objectives in tiers. A [`BackEnd`] answers with
//! values, what each tier comes to and how low it could be, or says why not. Two are there: [`MicroLp`], pure Rust and always there,
//! and `Highs`, C++ and many times faster, behind the cargo feature `highs` (`cargo xtask highs` installs what it needs and tries it).
//! [`Programmes`] makes either of them a [`Solver`](super::Solver) of flows.
//!
//! The city's plans do not need them: the flows are solved exactly by [`NetworkSimplex`](super::NetworkSimplex). They are the second
//! opinion that the tests compare with, and the way to solve what is no flow (seats shared between groups, sites that open).

mod flow;
#[cfg(feature = "highs")]
mod highs;
mod microlp;

pub use flow::Programmes;
#[cfg(feature = "highs")]
pub use highs::{Highs, HighsMethod};
pub use microlp::MicroLp;

/// A variable: how small and large it may be, and whether it must be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Never below this.
    pub at_least: i64,
    /// Never above this; `None` = no limit.
    pub at_most: Option<i64>,
    /// It must be a whole number.
    pub whole: bool,
}

/// A sum of variables with its bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Variable and its factor; each variable at most once.
    pub entries: Vec<(usize, i64)>,
    /// Never below this; `None` = no limit.
    pub at_least: Option<i64>,
    /// Never above this; `None` = no limit.
    pub at_most: Option<i64>,
}

impl Row {
    /// A sum that has exactly one value.
    pub fn equal(entries: Vec<(usize, i64)>, value: i64) -> Self {
        Self { entries, at_least: Some(value), at_most: Some(value) }
    }
    /// A sum that never exceeds a value.
    pub fn at_most(entries: Vec<(usize, i64)>, value: i64) -> Self {
        Self { entries, at_least: None, at_most: Some(value) }
    }
}

/// What is wanted. Every number given is whole, so that none is lost on the way into a back end's arithmetic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    /// By number.
    pub variables: Vec<Variable>,
    /// All must hold.
    pub rows: Vec<Row>,
    /// To be made as small as can be, the most important first: each only among answers that are best in those before. Variable
    /// and its factor; each variable at most once in a tier.
    pub tiers: Vec<Vec<(usize, i64)>>,
}

/// Beyond this a whole number is not exact in double precision.
const EXACT: u64 = 1 << 53;

/// How far an answer may miss a bound or a whole number. The back ends' own tolerance is 1e-7 of a variable; sums of some hundred of
/// them miss by more.
pub const TOLERANCE: f64 = 1e-4;

#[expect(clippy::cast_precision_loss, reason = "whole numbers below 2^53, which `Programme::fault` holds them to")]
pub(crate) fn float(x: i64) -> f64 {
    x as f64
}

impl Programme {
    /// Adds a variable that may be any number within bounds; answers its number.
    pub fn variable(&mut self, at_least: i64, at_most: Option<i64>) -> usize {
        self.variables.push(Variable { at_least, at_most, whole: false });
        self.variables.len() - 1
    }

    /// Adds a variable that is 0 or 1; answers its number.
    pub fn switch(&mut self) -> usize {
        self.variables.push(Variable { at_least: 0, at_most: Some(1), whole: true });
        self.variables.len() - 1
    }

    /// Whether some variable must be whole.
    pub fn has_whole(&self) -> bool {
        self.variables.iter().any(|v| v.whole)
    }

    /// Factors in all rows.
    pub fn entries(&self) -> usize {
        self.rows.iter().map(|row| row.entries.len()).sum()
    }

    /// What a tier comes to.
    pub fn value_of(&self, tier: usize, values: &[f64]) -> f64 {
        let entries = self.tiers.get(tier).map_or(&[][..], Vec::as_slice);
        entries.iter().map(|&(v, factor)| float(factor) * values.get(v).copied().unwrap_or(0.0)).sum()
    }

    /// What is wrong with the programme itself, in words; `None` = it can be given to a back end.
    pub fn fault(&self) -> Option<String> {
        let far = |x: i64| x.unsigned_abs() >= EXACT;
        for (k, v) in self.variables.iter().enumerate() {
            if v.at_most.is_some_and(|most| most < v.at_least) {
                return Some(format!("variable {k} is to be at least {} and at most less", v.at_least));
            }
            if far(v.at_least) || v.at_most.is_some_and(far) {
                return Some(format!("a bound of variable {k} is beyond 2^53; leave it out if there is no limit"));
            }
        }
        let rows = self.rows.iter().enumerate().map(|(k, row)| ("row", k, &row.entries));
        let tiers = self.tiers.iter().enumerate().map(|(k, entries)| ("tier", k, entries));
        let mut seen = vec![(0, usize::MAX); self.variables.len()];
        for (what, k, entries) in rows.chain(tiers) {
            let mark = (usize::from(what == "tier"), k);
            for &(v, factor) in entries {
                match seen.get_mut(v) {
                    None => return Some(format!("{what} {k} names variable {v}, of {}", self.variables.len())),
                    Some(last) if *last == mark => return Some(format!("{what} {k} names variable {v} twice")),
                    Some(_) if far(factor) => {
                        return Some(format!("the factor of variable {v} in {what} {k} is beyond 2^53"));
                    }
                    Some(last) => *last = mark,
                }
            }
        }
        let bounds = |row: &Row| row.at_least.is_some_and(far) || row.at_most.is_some_and(far);
        self.rows.iter().position(bounds).map(|k| format!("a bound of row {k} is beyond 2^53"))
    }

    /// The first rule that an answer breaks by more than [`TOLERANCE`], in words; `None` = it keeps all of them.
    pub fn broken_by(&self, values: &[f64]) -> Option<String> {
        if values.len() != self.variables.len() {
            return Some(format!("{} values for {} variables", values.len(), self.variables.len()));
        }
        // Written so that what is no number breaks the rule.
        let within = |x: f64, least: Option<i64>, most: Option<i64>| {
            x.is_finite()
                && least.is_none_or(|least| x >= float(least) - TOLERANCE)
                && most.is_none_or(|most| x <= float(most) + TOLERANCE)
        };
        for (k, (v, &x)) in self.variables.iter().zip(values).enumerate() {
            if !within(x, Some(v.at_least), v.at_most) {
                return Some(format!("variable {k} is {x}"));
            }
            if v.whole && (x - x.round()).abs() > TOLERANCE {
                return Some(format!("variable {k} is {x} and should be whole"));
            }
        }
        for (k, row) in self.rows.iter().enumerate() {
            let sum: f64 = row.entries.iter().map(|&(v, factor)| float(factor) * values[v]).sum();
            if !within(sum, row.at_least, row.at_most) {
                return Some(format!("row {k} comes to {sum}"));
            }
        }
        None
    }
}

/// How much work a back end may do. Counted, never timed, so that the same programme has the same answer on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkLimits {
    /// Simplex iterations in each tier.
    pub iterations_at_most: u32,
    /// Nodes of the search in each tier, where variables must be whole.
    pub nodes_at_most: u32,
    /// Where variables must be whole, an answer is good enough when it is within so many millionths of the bound.
    pub gap_millionths: u32,
}

impl Default for WorkLimits {
    fn default() -> Self {
        // The transfers of 40 districts take some ten thousand iterations; see bench/results/planner-lp.md.
        Self { iterations_at_most: 5_000_000, nodes_at_most: 100_000, gap_millionths: 0 }
    }
}

/// What a tier came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TierValue {
    /// Of the answer.
    pub value: f64,
    /// No answer that is as good in the tiers before comes to less. Equal to the value where it was proved best.
    pub bound: f64,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// By variable; exactly whole where it must be whole.
    pub values: Vec<f64>,
    /// By tier.
    pub tiers: Vec<TierValue>,
    /// Work done, in the back end's own unit.
    pub iterations: u64,
}

impl Solved {
    /// All values rounded. Of a flow these are the flow: its best corners are whole.
    pub fn rounded(&self) -> Vec<i64> {
        #[expect(clippy::cast_possible_truncation, reason = "rounded first, and finite as `broken_by` has checked")]
        self.values.iter().map(|x| x.round() as i64).collect()
    }
}

/// Why a back end has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// The programme contradicts itself in form.
    #[error("this is no programme: {what}")]
    Faulty {
        /// In which way.
        what: String,
    },
    /// No values keep all rows.
    #[error("no values keep all rows and bounds")]
    Infeasible,
    /// A tier can be made as small as one likes.
    #[error("tier {tier} has no least value: bound the variables in it")]
    Unbounded {
        /// Which.
        tier: usize,
    },
    /// The work allowed did not suffice.
    #[error(
        "stopped in tier {tier} with no answer after the work allowed; raise the limit, or solve a smaller programme"
    )]
    WorkLimit {
        /// Which.
        tier: usize,
    },
    /// The programme is larger than the back end takes.
    #[error("{what}; build with the feature `highs`, or solve a smaller programme")]
    TooLarge {
        /// What there is too much of.
        what: String,
    },
    /// The back end reported a fault of its own, or its answer breaks the programme.
    #[error("the back end failed in tier {tier}: {said}")]
    BackEnd {
        /// Which.
        tier: usize,
        /// What it said.
        said: String,
    },
}

/// Something that solves programmes, tier by tier.
pub trait BackEnd {
    /// The name that stands in the plan.
    fn name(&self) -> &'static str;
    /// Values that are best in the first tier; among those in the second; and so on. The same programme gives the same answer.
    ///
    /// # Errors
    /// Why there is no answer; never an answer that breaks the programme.
    fn solve(&self, programme: &Programme, limits: WorkLimits) -> Result<Solved, WhyNot>;
}

/// The bounds of a programme while its tiers are solved: what a tier came to is held by bounds where that is possible, which makes the
/// programme smaller, and by a row where not.
pub(crate) struct Held<'a> {
    programme: &'a Programme,
    /// By variable.
    pub(crate) bounds: Vec<(f64, f64)>,
    /// Tier, and what it may come to at most.
    pub(crate) rows: Vec<(usize, f64)>,
}

impl<'a> Held<'a> {
    pub(crate) fn new(programme: &'a Programme) -> Self {
        let most = |v: &Variable| v.at_most.map_or(f64::INFINITY, float);
        let bounds = programme.variables.iter().map(|v| (float(v.at_least), most(v))).collect();
        Self { programme, bounds, rows: Vec::new() }
    }

    /// Whether nothing in a tier can change any more.
    pub(crate) fn is_settled(&self, tier: usize) -> bool {
        let entries = self.programme.tiers.get(tier).map_or(&[][..], Vec::as_slice);
        entries.iter().all(|&(v, factor)| factor == 0 || self.bounds[v].0 >= self.bounds[v].1)
    }

    /// What a tier would come to at the best bounds of its variables alone.
    fn least(&self, tier: usize) -> f64 {
        let best = |&(v, factor): &(usize, i64)| {
            let (low, high) = self.bounds[v];
            if factor >= 0 { float(factor) * low } else { float(factor) * high }
        };
        self.programme.tiers.get(tier).map_or(0.0, |entries| entries.iter().map(best).sum())
    }

    /// Holds a tier at its value.
    pub(crate) fn hold(&mut self, tier: usize, value: f64) {
        if value > self.least(tier) + TOLERANCE {
            self.rows.push((tier, value));
            return;
        }
        // It came to the least there is: each of its variables stays at its better bound.
        for &(v, factor) in self.programme.tiers.get(tier).map_or(&[][..], Vec::as_slice) {
            let (low, high) = self.bounds[v];
            match factor.cmp(&0) {
                std::cmp::Ordering::Greater => self.bounds[v].1 = low,
                std::cmp::Ordering::Less => self.bounds[v].0 = high,
                std::cmp::Ordering::Equal => {}
            }
        }
    }
}

/// The values rounded where they must be whole, and checked.
pub(crate) fn checked(
    programme: &Programme,
    mut values: Vec<f64>,
    tiers: Vec<TierValue>,
    iterations: u64,
) -> Result<Solved, WhyNot> {
    let tier = programme.tiers.len().saturating_sub(1);
    if let Some(said) = programme.broken_by(&values) {
        return Err(WhyNot::BackEnd { tier, said });
    }
    for (value, _) in values.iter_mut().zip(&programme.variables).filter(|(_, v)| v.whole) {
        *value = value.round();
    }
    Ok(Solved { values, tiers, iterations })
}
