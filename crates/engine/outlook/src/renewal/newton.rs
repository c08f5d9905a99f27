//! Newton steps with Fisher information and step halving, to the mode of the posterior; its end is asserted, not assumed.
//!
//! Imports between places are those of the step before, so that places stay independent given the city (the arrow); they are
//! brought up to date after each step and must have come to rest as well.

use super::course::Course;
use super::posterior::{Arrow, Point, Posterior};

/// Steps after which a fit counts as not converged.
const MOST_STEPS: u32 = 60;
/// Smallest fraction of a step that is tried. A floor of 1e-4 is known to have stalled one fit in twenty.
const SMALLEST_STEP: f64 = 1e-6;
/// Largest change of a parameter in one step, log units.
const LARGEST_CHANGE: f64 = 2.0;
/// Imports may still move by this much (logarithm) at the end.
pub(crate) const MIXING_AT_REST: f64 = 1e-3;

/// Where a fit ended.
#[derive(Clone, Debug)]
pub(crate) struct Mode {
    pub(crate) point: Point,
    pub(crate) arrow: Arrow,
    /// Log posterior there.
    pub(crate) value: f64,
    pub(crate) report: Report,
}

/// How it got there.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) converged: bool,
    pub(crate) steps: u32,
    pub(crate) halvings: u32,
    pub(crate) decrement: f64,
    pub(crate) gradient: f64,
    pub(crate) mixing_change: f64,
    pub(crate) of_place: Vec<f64>,
}

/// Climbs from `point` until the Newton decrement is below `tolerance`, and imports are at rest to match. `None` if the start
/// itself is out of hand.
pub(crate) fn climb(posterior: &Posterior<'_>, mut point: Point, tolerance: f64) -> Option<Mode> {
    let mut course = Course::default();
    let (mut steps, mut halvings) = (0, 0);
    // Where a mode is only looked for roughly, so are its imports.
    let at_rest = MIXING_AT_REST.max(0.5 * tolerance);
    let (_, forces) = posterior.value(&point, &mut course)?;
    let mut mixing_change = update_imports(posterior, &mut point, &forces);
    let mut round = posterior.round(&point, &mut course)?;
    let mut converged = false;
    while steps < MOST_STEPS {
        if round.decrement < tolerance && mixing_change < at_rest {
            converged = true;
            break;
        }
        let locals = round.step_local.iter().flatten();
        let largest = round.step_shared.iter().chain(locals).fold(0.0f64, |m, s| m.max(s.abs()));
        let mut part = (LARGEST_CHANGE / largest).min(1.0);
        // A sum of thousands of terms is known to about this.
        let least = round.value - 1e-10 * round.value.abs().max(1.0);
        let accepted = loop {
            let trial = moved(&point, &round.step_shared, &round.step_local, part);
            if let Some((value, forces)) = posterior.value(&trial, &mut course)
                && value >= least
            {
                break Some((trial, forces));
            }
            part *= 0.5;
            halvings += 1;
            if part < SMALLEST_STEP {
                break None;
            }
        };
        steps += 1;
        let Some((next, forces)) = accepted else { break };
        point = next;
        mixing_change = update_imports(posterior, &mut point, &forces);
        round = posterior.round(&point, &mut course)?;
    }
    let report = Report {
        converged,
        steps,
        halvings,
        decrement: round.decrement,
        gradient: round.gradient,
        mixing_change,
        of_place: round.of_place,
    };
    Some(Mode { point, arrow: round.arrow, value: round.value, report })
}

fn moved(point: &Point, shared: &[f64], local: &[Vec<f64>], part: f64) -> Point {
    let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, s)| x + part * s).collect::<Vec<f64>>();
    Point {
        shared: add(&point.shared, shared),
        local: point.local.iter().zip(local).map(|(x, s)| add(x, s)).collect(),
        imports: point.imports.clone(),
    }
}

/// Brings the imports up to date; returns the largest change of their logarithms.
fn update_imports(posterior: &Posterior<'_>, point: &mut Point, forces: &[Vec<f64>]) -> f64 {
    let mut change = 0.0f64;
    let total: Option<Vec<f64>> = posterior.problem.total_force(forces);
    for (place, old) in point.imports.iter_mut().enumerate() {
        let new = posterior.problem.imports(forces, total.as_deref(), place);
        for (new, old) in new.iter().zip(old.iter()) {
            change = change.max((new / old).ln().abs());
        }
        *old = new;
    }
    change
}
