//! Programmes through HiGHS (Huangfu, Hall, 2018): simplex for linear ones, branch and cut where variables must be whole.
//!
//! One thread, a fixed seed, limits in iterations and nodes: the same programme gives the same answer. No clock is read by us, and none
//! of its limits is a time.

use super::{BackEnd, Held, Programme, Solved, TOLERANCE, TierValue, WhyNot, WorkLimits, checked, float};
use highs::{Col, HighsModelStatus, HighsSolutionStatus, Model, RowProblem, Sense, SolvedModel};

/// HiGHS behind the trait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Highs {
    /// How the first tier of a linear programme is solved; the others go on from it with the primal simplex.
    pub method: HighsMethod,
}

/// A way to solve a linear programme from nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HighsMethod {
    /// The dual simplex.
    #[default]
    Dual,
    /// The primal simplex.
    Primal,
    /// The interior-point method, then a crossover to a corner.
    Interior,
}

impl HighsMethod {
    fn option(self) -> (&'static str, i32) {
        match self {
            Self::Dual => ("simplex", 1),
            Self::Primal => ("simplex", 4),
            Self::Interior => ("ipm", 1),
        }
    }
}

/// Prices of the flows are whole; below this one is arithmetic's error.
const PRICE: f64 = 1e-6;

impl BackEnd for Highs {
    fn name(&self) -> &'static str {
        "highs"
    }

    fn solve(&self, programme: &Programme, limits: WorkLimits) -> Result<Solved, WhyNot> {
        if let Some(what) = programme.fault() {
            return Err(WhyNot::Faulty { what });
        }
        if programme.has_whole() { whole(programme, limits) } else { linear(programme, limits, self.method) }
    }
}

/// The programme as HiGHS takes it, and its variables.
struct Given {
    problem: RowProblem,
    cols: Vec<Col>,
}

/// Rows that are no equation get a variable for what they leave open: then every row is an equation, and the best face of a tier is
/// told by bounds of variables alone.
fn equations(programme: &Programme) -> (Programme, usize) {
    let mut all = programme.clone();
    let own = all.variables.len();
    for k in 0..all.rows.len() {
        let Row { at_least, at_most, .. } = all.rows[k];
        if at_least.is_some() && at_least == at_most {
            continue;
        }
        // Counted from the bound there is: sum - least = open, or most - sum = open.
        let (from, factor) = match (at_least, at_most) {
            (Some(least), _) => (least, -1),
            (None, Some(most)) => (most, 1),
            (None, None) => continue,
        };
        let width = at_least.zip(at_most).map(|(least, most)| most - least);
        let open = all.variable(0, width);
        let row = &mut all.rows[k];
        row.entries.push((open, factor));
        (row.at_least, row.at_most) = (Some(from), Some(from));
    }
    (all, own)
}

use super::Row;

fn given(programme: &Programme, held: &Held<'_>) -> Given {
    let mut problem = RowProblem::default();
    let cols: Vec<Col> =
        (programme.variables.iter().zip(&held.bounds))
            .map(|(v, &(low, high))| {
                if v.whole { problem.add_integer_column(0.0, low..=high) } else { problem.add_column(0.0, low..=high) }
            })
            .collect();
    let factors = |entries: &[(usize, i64)]| -> Vec<(Col, f64)> {
        entries.iter().map(|&(v, factor)| (cols[v], float(factor))).collect()
    };
    for row in &programme.rows {
        let low = row.at_least.map_or(f64::NEG_INFINITY, float);
        let high = row.at_most.map_or(f64::INFINITY, float);
        problem.add_row(low..=high, factors(&row.entries));
    }
    for &(tier, most) in &held.rows {
        problem.add_row(..=most, factors(&programme.tiers[tier]));
    }
    Given { problem, cols }
}

fn set(model: &mut Model, limits: WorkLimits, method: HighsMethod, tier: usize) -> Result<(), WhyNot> {
    let (solver, strategy) = method.option();
    let count = |x: u32| i32::try_from(x).unwrap_or(i32::MAX);
    let done = model
        .try_set_option("threads", 1)
        .and_then(|()| model.try_set_option("parallel", "off"))
        .and_then(|()| model.try_set_option("random_seed", 0))
        .and_then(|()| model.try_set_option("solver", solver))
        .and_then(|()| model.try_set_option("simplex_strategy", strategy))
        .and_then(|()| model.try_set_option("simplex_iteration_limit", count(limits.iterations_at_most)))
        .and_then(|()| model.try_set_option("mip_max_nodes", count(limits.nodes_at_most)))
        .and_then(|()| model.try_set_option("mip_rel_gap", f64::from(limits.gap_millionths) * 1e-6));
    done.map_err(|_| WhyNot::BackEnd { tier, said: "it does not know one of the options".to_owned() })
}

fn run(model: Model, tier: usize) -> Result<SolvedModel, WhyNot> {
    let failed = |said: String| WhyNot::BackEnd { tier, said };
    let solved = model.try_solve().map_err(|status| failed(format!("{status:?}")))?;
    match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Ok(solved),
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Err(WhyNot::Infeasible),
        HighsModelStatus::Unbounded => Err(WhyNot::Unbounded { tier }),
        HighsModelStatus::ReachedIterationLimit | HighsModelStatus::ReachedSolutionLimit => {
            let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
            // An answer that is not proved best is one only where the search says how far from best it may be.
            let searched = solved.double_info_value(c"mip_dual_bound").is_ok_and(f64::is_finite);
            if found && searched && solved.mip_gap().is_finite() { Ok(solved) } else { Err(WhyNot::WorkLimit { tier }) }
        }
        other => Err(failed(format!("{other:?}"))),
    }
}

fn iterations(solved: &SolvedModel) -> u64 {
    u64::try_from(solved.simplex_iteration_count()).unwrap_or(0)
}

/// Tier after tier in one model: each starts from the basis of the one before, and whatever has a price there stays where it is. By
/// complementary slackness that is exactly the face of all best answers, so no row is added.
fn linear(programme: &Programme, limits: WorkLimits, first: HighsMethod) -> Result<Solved, WhyNot> {
    let (all, own) = equations(programme);
    let mut held = Held::new(&all);
    let Given { problem, cols } = given(&all, &held);
    let refused = |status| WhyNot::BackEnd { tier: 0, said: format!("{status:?}") };
    let mut model = problem.try_optimise(Sense::Minimise).map_err(refused)?;
    let mut values: Option<Vec<f64>> = None;
    let (mut tiers, mut work) = (Vec::new(), 0);
    let mut before: &[(usize, i64)] = &[];
    for tier in 0..all.tiers.len().max(1) {
        let entries = all.tiers.get(tier).map_or(&[][..], Vec::as_slice);
        if values.is_none() || !held.is_settled(tier) {
            for &(v, _) in before {
                model.change_column_cost(cols[v], 0.0);
            }
            for &(v, factor) in entries {
                model.change_column_cost(cols[v], float(factor));
            }
            before = entries;
            // An answer before is possible and not yet best: the primal simplex goes on from it.
            set(&mut model, limits, if values.is_some() { HighsMethod::Primal } else { first }, tier)?;
            let solved = run(model, tier)?;
            work += iterations(&solved);
            let answer = solved.get_solution();
            model = Model::from(solved);
            for (v, (&x, &price)) in answer.columns().iter().zip(answer.dual_columns()).enumerate() {
                let (low, high) = held.bounds[v];
                if price.abs() > PRICE && low < high {
                    let at = if (x - low).abs() <= (high - x).abs() { low } else { high };
                    held.bounds[v] = (at, at);
                    model.change_column_bounds(cols[v], at..=at);
                }
            }
            values = Some(answer.columns().to_vec());
        }
        if tier < all.tiers.len() {
            let value = all.value_of(tier, values.as_deref().unwrap_or_default());
            let value = if (value - value.round()).abs() < TOLERANCE { value.round() } else { value };
            tiers.push(TierValue { value, bound: value });
        }
    }
    let mut values = values.unwrap_or_default();
    values.truncate(own);
    checked(programme, values, tiers, work)
}

/// A search for each tier; the tiers before are held by bounds or rows, and the search starts from the answer before.
fn whole(programme: &Programme, limits: WorkLimits) -> Result<Solved, WhyNot> {
    let mut held = Held::new(programme);
    let mut values: Option<Vec<f64>> = None;
    let (mut tiers, mut work) = (Vec::new(), 0);
    for tier in 0..programme.tiers.len().max(1) {
        let mut bound = None;
        if values.is_none() || !held.is_settled(tier) {
            let Given { mut problem, cols } = given(programme, &held);
            for &(v, factor) in programme.tiers.get(tier).map_or(&[][..], Vec::as_slice) {
                problem.change_column_cost(cols[v], float(factor));
            }
            let failed = |status| WhyNot::BackEnd { tier, said: format!("{status:?}") };
            let mut model = problem.try_optimise(Sense::Minimise).map_err(failed)?;
            set(&mut model, limits, HighsMethod::Dual, tier)?;
            if let Some(values) = &values {
                model.try_set_solution(Some(values), None, None, None).map_err(failed)?;
            }
            let solved = run(model, tier)?;
            work += iterations(&solved);
            bound = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
            values = Some(solved.get_solution().columns().to_vec());
        }
        if tier < programme.tiers.len() {
            let value = programme.value_of(tier, values.as_deref().unwrap_or_default());
            let value = if (value - value.round()).abs() < TOLERANCE { value.round() } else { value };
            held.hold(tier, value);
            tiers.push(TierValue { value, bound: bound.map_or(value, |bound| bound.min(value)) });
        }
    }
    checked(programme, values.unwrap_or_default(), tiers, work)
}
