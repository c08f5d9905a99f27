//! Programmes through `microlp`: pure Rust, always there.

use super::{BackEnd, Held, Programme, Solved, TierValue, WhyNot, WorkLimits, checked, float};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// `microlp` behind the trait. Its arithmetic is floating point; its authors warn that it may cycle or panic on hard programmes. A
/// panic of its own is reported as its fault. It counts no work, so that instead of [`WorkLimits`] its limits are sizes: what is
/// larger is refused before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MicroLp {
    /// At most so many factors in all rows.
    pub entries_at_most: usize,
    /// At most so many variables that must be whole: each may double the work.
    pub whole_at_most: usize,
}

impl Default for MicroLp {
    fn default() -> Self {
        // Transfers of 40 districts, 60 facilities and 7 days have some 150,000 factors: see bench/results/planner-lp.md.
        Self { entries_at_most: 1_000_000, whole_at_most: 64 }
    }
}

impl BackEnd for MicroLp {
    fn name(&self) -> &'static str {
        "microlp"
    }

    fn solve(&self, programme: &Programme, _: WorkLimits) -> Result<Solved, WhyNot> {
        if let Some(what) = programme.fault() {
            return Err(WhyNot::Faulty { what });
        }
        let (entries, whole) = (programme.entries(), programme.variables.iter().filter(|v| v.whole).count());
        if entries > self.entries_at_most {
            let what = format!("{entries} factors, and microlp is given {} at most", self.entries_at_most);
            return Err(WhyNot::TooLarge { what });
        }
        if whole > self.whole_at_most {
            let what = format!("{whole} variables must be whole, and microlp is given {} at most", self.whole_at_most);
            return Err(WhyNot::TooLarge { what });
        }
        let mut held = Held::new(programme);
        let (mut values, mut tiers, mut solves) = (None, Vec::new(), 0);
        for tier in 0..programme.tiers.len() {
            if values.is_none() || !held.is_settled(tier) {
                values = Some(one_tier(programme, Some(tier), &held)?);
                solves += 1;
            }
            let value = programme.value_of(tier, values.as_deref().unwrap_or_default());
            // Whole where it can only be whole, so that an error does not grow from tier to tier.
            let value = if (value - value.round()).abs() < super::TOLERANCE { value.round() } else { value };
            held.hold(tier, value);
            tiers.push(TierValue { value, bound: value });
        }
        let values = match values {
            Some(values) => values,
            None => one_tier(programme, None, &held)?,
        };
        checked(programme, values, tiers, solves)
    }
}

fn one_tier(programme: &Programme, tier: Option<usize>, held: &Held<'_>) -> Result<Vec<f64>, WhyNot> {
    let number = tier.unwrap_or(0);
    let failed = |said: &str| WhyNot::BackEnd { tier: number, said: said.to_owned() };
    // Nothing outlives the call: whatever state a panic left behind is dropped with it.
    let solved = catch_unwind(AssertUnwindSafe(|| ask(programme, tier, held)));
    solved.map_err(|_| failed("it panicked"))?.map_err(|error| match error {
        microlp::Error::Infeasible => WhyNot::Infeasible,
        microlp::Error::Unbounded => WhyNot::Unbounded { tier: number },
        microlp::Error::InternalError(said) => failed(&said),
    })
}

fn ask(programme: &Programme, tier: Option<usize>, held: &Held<'_>) -> Result<Vec<f64>, microlp::Error> {
    let mut costs = vec![0.0; programme.variables.len()];
    for &(v, factor) in tier.and_then(|tier| programme.tiers.get(tier)).map_or(&[][..], Vec::as_slice) {
        costs[v] = float(factor);
    }
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    // What is fixed is no variable: it only shifts the rows.
    let vars: Vec<Option<Variable>> = (costs.iter().zip(&held.bounds).zip(&programme.variables))
        .map(|((&cost, &(low, high)), v)| {
            if low >= high {
                return None;
            }
            Some(match (v.whole, whole(low), whole(high.min(f64::from(i32::MAX)))) {
                (true, Some(low), Some(high)) => problem.add_integer_var(cost, (low, high)),
                _ => problem.add_var(cost, (low, high)),
            })
        })
        .collect();
    let mut row = |entries: &[(usize, i64)], at_least: Option<f64>, at_most: Option<f64>| {
        let fixed: f64 = entries.iter().filter(|e| vars[e.0].is_none()).map(|e| float(e.1) * held.bounds[e.0].0).sum();
        let free: Vec<(Variable, f64)> = entries.iter().filter_map(|e| Some((vars[e.0]?, float(e.1)))).collect();
        if free.is_empty() {
            let kept = at_least.is_none_or(|least| fixed >= least - super::TOLERANCE)
                && at_most.is_none_or(|most| fixed <= most + super::TOLERANCE);
            return if kept { Ok(()) } else { Err(microlp::Error::Infeasible) };
        }
        match (at_least, at_most) {
            (Some(least), Some(most)) if least >= most => {
                problem.add_constraint(free, ComparisonOp::Eq, least - fixed);
            }
            (least, most) => {
                if let Some(least) = least {
                    problem.add_constraint(free.clone(), ComparisonOp::Ge, least - fixed);
                }
                if let Some(most) = most {
                    problem.add_constraint(free, ComparisonOp::Le, most - fixed);
                }
            }
        }
        Ok(())
    };
    for r in &programme.rows {
        row(&r.entries, r.at_least.map(float), r.at_most.map(float))?;
    }
    for &(tier, most) in &held.rows {
        // Too little to matter where costs are whole, enough for floating point.
        row(&programme.tiers[tier], None, Some(most + 1e-6))?;
    }
    let solution = problem.solve()?;
    let value = |(var, bounds): (&Option<Variable>, &(f64, f64))| var.map_or(bounds.0, |var| *solution.var_value(var));
    Ok(vars.iter().zip(&held.bounds).map(value).collect())
}

/// A bound as `microlp` takes it for whole variables; no limit is taken as the largest number it knows.
fn whole(x: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    (x.abs() <= f64::from(i32::MAX)).then(|| x.round() as i32)
}
