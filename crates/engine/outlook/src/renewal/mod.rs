//! The renewal model: each infection causes R others over the generation interval, in all districts together.
//!
//! In: counts by place and day with their gaps and the share reported by now ([`Input`]). Out: a [`Fit`] with joint paths, R by
//! place and day, a nowcast, and whether it converged ([`Convergence`]). Counts stand for reported infections: how many are
//! never reported cannot be told from counts alone.
//!
//! Infections `I[d,t] = R[d,t] (home Σ g(s) I[d,t-s] + imports) S/N`. log R is a weekly random walk of the city plus a
//! deviation of the district that is drawn back to it. Counts are negative binomial about delayed infections times a weekday
//! effect times the share reported by now. Fitted by Laplace's approximation (module `newton`), scales integrated over a
//! grid (`scales`), futures drawn jointly (`paths`).

mod answer;
mod course;
mod input;
mod matrix;
mod newton;
pub mod parameters;
mod paths;
mod posterior;
mod prepare;
mod problem;
mod sample;
mod scales;
mod split;
mod summary;

pub use answer::{Basis, Convergence, Hyper, Interval, NowcastDay, WhyBorrowed};
pub use input::{Input, MAX_DAYS, MAX_PLACES, NotFitted, PlaceInput, Priors};
pub use parameters::Disease;
pub(crate) use parameters::{GENERATION_MEAN, GENERATION_SD};

use posterior::{Posterior, Scales};
use problem::Problem;
use scales::GridPoint;
use split::Split;

/// A fitted model: all that draws are made from.
#[derive(Clone, Debug)]
pub struct Fit {
    problem: Problem,
    grid: Vec<GridPoint>,
    /// The centre of the grid.
    first_point: GridPoint,
    seed: u64,
    /// Share of a fitted place's infections that stay at home.
    home: Vec<f64>,
    /// Managed share of each place of the input that knows it.
    splits: Vec<Option<Split>>,
    /// Mean delay from infection to report, whole days.
    delay_days: usize,
    /// Community counts of the last six days, where all are known.
    recent_community: Vec<Option<[f64; 6]>>,
    /// Residents not yet counted, by number in the input; infinite where not known.
    residents_left: Vec<f64>,
    /// Places that are not fitted, with their share of the fitted places' counts.
    borrowed: Vec<(usize, f64)>,
    convergence: Convergence,
    hyper: Hyper,
}

/// Rounds in which places that do not converge may be taken out of the fit.
const MOST_ROUNDS: usize = 4;

/// Fits the model; the same input, priors and seed give the same bytes.
///
/// A place that does not let the fit converge is taken out and borrows, with a flag; the others are fitted again.
pub fn fit(input: &Input, priors: &Priors) -> Result<Fit, NotFitted> {
    prepare::check(input, priors)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10 days, checked")]
    let delay_days = priors.disease.report_mean.round() as usize;
    let splits: Vec<Option<Split>> = input.places.iter().map(|p| Split::of(p, input.days)).collect();
    let free = |split: &Option<Split>| match split {
        Some(split) if priors.managed_effect > 0.0 => {
            split.by_infection(delay_days).iter().map(|q| 1.0 - priors.managed_effect * q).collect()
        }
        _ => vec![1.0; problem::BEFORE + input.days],
    };
    let free: Vec<Vec<f64>> = splits.iter().map(free).collect();
    let mut out: Vec<(usize, f64)> = Vec::new();
    let mut last = NotFitted::Nothing { need: prepare::NEED };
    for _ in 0..MOST_ROUNDS {
        let prepared = prepare::prepare(input, priors, &free, &out)?;
        match attempt(input, priors, prepared, (&splits, delay_days)) {
            Ok(fit) => return Ok(fit),
            Err((failure, worst)) => {
                last = failure;
                let Some(worst) = worst else { break };
                out.push(worst);
            }
        }
    }
    Err(last)
}

/// One fit of the places prepared; else why not, and the place that is worst off.
fn attempt(
    input: &Input,
    priors: &Priors,
    prepared: prepare::Prepared,
    splits: (&[Option<Split>], usize),
) -> Result<Fit, (NotFitted, Option<(usize, f64)>)> {
    let prepare::Prepared { mut problem, mut places, set_aside } = prepared;
    let scales = Scales { city_step: priors.city_step.0, district_step: priors.district_step.0, size: priors.size.0 };
    let (mut steps, mut halvings) = (0, 0);
    let nothing = |iterations| (NotFitted::NotConverged { iterations, decrement: f64::INFINITY }, None);
    let mut point = prepare::start(&problem);
    for tolerance in [1.0, 1e-1] {
        let mode = newton::climb(&Posterior::new(&problem, scales), point, tolerance).ok_or_else(|| nothing(steps))?;
        steps += mode.report.steps;
        halvings += mode.report.halvings;
        if !mode.report.converged {
            return Err(why(&problem, &mode.report, steps));
        }
        point = mode.point;
        prepare::fit_days(&mut problem, &point, scales);
        if tolerance > 0.5 {
            for i in prepare::fit_sizes(&mut problem, &point, scales) {
                let number = problem.places[i].number;
                places[number] = Basis::Borrowed(WhyBorrowed::Erratic { days: set_aside[number].len() });
            }
        }
    }
    let start = newton::climb(&Posterior::new(&problem, scales), point, 1e-1).ok_or_else(|| nothing(steps))?;
    let grid = match scales::integrate(&problem, start, scales) {
        Ok(grid) => grid,
        Err(mode) => return Err(why(&problem, &mode.report, steps + mode.report.steps)),
    };
    steps += grid.steps;
    halvings += grid.halvings;
    Ok(Fit::new(input, problem, grid, places, set_aside, (splits.0.to_vec(), splits.1), (steps, halvings)))
}

fn why(problem: &Problem, report: &newton::Report, iterations: u32) -> (NotFitted, Option<(usize, f64)>) {
    let worst = report.of_place.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let worst = worst.map(|(i, decrement)| (problem.places[i].number, *decrement));
    (NotFitted::NotConverged { iterations, decrement: report.decrement }, worst)
}
