//! The scales (weekly steps, size of the counts) integrated over a small grid, each point weighed by its evidence.
//!
//! After Rue, Martino and Chopin 2009 (INLA): find the mode of the evidence, lay points along each axis, weigh.

use super::newton::{Mode, climb};
use super::posterior::{Point, Posterior, Scales};
use super::problem::Problem;

/// Axes: city's step, districts' step, size.
const AXES: usize = 3;
/// Steps of the two looks around, log units.
const LOOKS: [f64; 2] = [0.7, 0.4];
/// Moves of the centre that need no second look.
const SETTLED: f64 = 0.35;
/// Farthest move of the centre along an axis.
const FARTHEST: f64 = 1.5;
/// Grid points lie this many standard deviations from the centre.
const RADIUS: f64 = 2.0;
/// Spread along an axis, if the evidence says nothing about it or says too much.
const SPREAD: (f64, f64) = (0.15, 0.8);
/// Newton decrement while looking around, at the arms of the grid and at its centre. A mode is known to its root, in posterior
/// standard deviations of all parameters together; what is left of the way counts towards the evidence.
const ROUGH: f64 = 0.1;
const ARMS: f64 = 1e-2;
const FINE: f64 = 1e-6;

/// One kept point of the grid.
#[derive(Clone, Debug)]
pub(crate) struct GridPoint {
    pub(crate) scales: Scales,
    pub(crate) mode: Mode,
    pub(crate) weight: f64,
}

/// What the search found.
pub(crate) struct Grid {
    pub(crate) points: Vec<GridPoint>,
    /// Points laid, kept or not.
    pub(crate) laid: usize,
    pub(crate) steps: u32,
    pub(crate) halvings: u32,
}

/// Finds the centre, lays the grid and weighs it. `Err` holds the centre's last mode if it did not converge.
pub(crate) fn integrate(problem: &Problem, start: Mode, at: Scales) -> Result<Grid, Box<Mode>> {
    let mut count = (0, 0);
    let mut look = |from: &Point, scales: Scales, tolerance: f64| {
        let posterior = Posterior::new(problem, scales);
        let mode = climb(&posterior, from.clone(), tolerance)?;
        count.0 += mode.report.steps;
        count.1 += mode.report.halvings;
        let evidence = evidence(problem, &mode, scales);
        Some((mode, evidence))
    };
    let (mut mode, mut centre, mut best) = (start, logs(at), f64::NEG_INFINITY);
    let (mut spread, mut moves) = ([SPREAD.1; AXES], [0.0f64; AXES]);
    for (round, step) in LOOKS.into_iter().enumerate() {
        if round == 0 {
            best = evidence(problem, &mode, at);
        }
        let before = std::mem::replace(&mut moves, [0.0; AXES]);
        for axis in 0..AXES {
            // The axes are not independent: either all need a second look or none.
            if round > 0 && before.iter().all(|m| m.abs() < SETTLED) {
                break;
            }
            let mut side = |sign: f64| {
                let (mode, evidence) = look(&mode.point, scales(moved(centre, axis, sign * step)), ROUGH)?;
                mode.report.converged.then_some(evidence)
            };
            let (Some(below), Some(above)) = (side(-1.0), side(1.0)) else { continue };
            let slope = (above - below) / (2.0 * step);
            let bend = (above + below - 2.0 * best) / (step * step);
            if bend < -1e-3 {
                moves[axis] = (-slope / bend).clamp(-FARTHEST, FARTHEST);
                spread[axis] = (-1.0 / bend).sqrt().clamp(SPREAD.0, SPREAD.1);
            } else {
                moves[axis] = slope.signum() * 2.0 * step;
            }
        }
        // The axes are not independent: a move that makes things worse is halved.
        let mut part = 1.0;
        loop {
            let to: [f64; AXES] = std::array::from_fn(|i| centre[i] + part * moves[i]);
            let tolerance = if round + 1 == LOOKS.len() { FINE } else { ROUGH };
            match look(&mode.point, scales(to), tolerance) {
                Some((next, evidence)) if next.report.converged && (evidence > best - 0.1 || part < 0.2) => {
                    (mode, centre, best) = (next, to, evidence);
                    break;
                }
                Some((next, _)) if part < 0.2 => return Err(Box::new(next)),
                None if part < 0.2 => return Err(Box::new(mode)),
                _ => part *= 0.5,
            }
        }
    }
    let from = mode.point.clone();
    // Weights that give a normal its mean and variance: 1 - 3/r² for the centre and 1/(2 r²) for each of six points.
    let arm = 1.0 / (2.0 * RADIUS * RADIUS);
    let mut points = vec![(GridPoint { scales: scales(centre), mode, weight: 1.0 - 2.0 * AXES as f64 * arm }, best)];
    for (axis, spread) in spread.into_iter().enumerate() {
        for sign in [-1.0, 1.0] {
            let at = scales(moved(centre, axis, sign * RADIUS * spread));
            if let Some((mode, evidence)) = look(&from, at, ARMS)
                && mode.report.converged
            {
                let weight = arm * (evidence - best + 0.5 * RADIUS * RADIUS).clamp(-50.0, 50.0).exp();
                points.push((GridPoint { scales: at, mode, weight }, evidence));
            }
        }
    }
    let total: f64 = points.iter().map(|(p, _)| p.weight).sum();
    let points = points.into_iter().map(|(p, _)| GridPoint { weight: p.weight / total, ..p }).collect();
    Ok(Grid { points, laid: 1 + 2 * AXES, steps: count.0, halvings: count.1 })
}

/// Log evidence of the counts times the prior of the scales (Laplace).
fn evidence(problem: &Problem, mode: &Mode, scales: Scales) -> f64 {
    let dimensions = problem.shared() + problem.locals() * problem.places.len();
    // Half the decrement is what the last steps to the mode would still add.
    let top = mode.value + 0.5 * mode.report.decrement;
    let laplace = top + 0.5 * (dimensions as f64 * std::f64::consts::TAU.ln() - mode.arrow.log_det);
    let priors = &problem.priors;
    let off = |value: f64, (median, spread): (f64, f64)| -0.5 * ((value / median).ln() / spread).powi(2);
    laplace
        + off(scales.city_step, priors.city_step)
        + off(scales.district_step, priors.district_step)
        + off(scales.size, priors.size)
}

fn logs(scales: Scales) -> [f64; AXES] {
    [scales.city_step.ln(), scales.district_step.ln(), scales.size.ln()]
}

fn scales(logs: [f64; AXES]) -> Scales {
    Scales { city_step: logs[0].exp(), district_step: logs[1].exp(), size: logs[2].exp() }
}

fn moved(mut logs: [f64; AXES], axis: usize, by: f64) -> [f64; AXES] {
    logs[axis] += by;
    logs
}
