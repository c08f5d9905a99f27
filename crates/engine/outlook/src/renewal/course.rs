//! The course of one place under given parameters: infections by renewal, expected counts by delay, and their slopes.
//!
//! Only the parameters of the place appear here: the city's log R and the place's deviation act through their sum, so their
//! slopes are the same. Weekdays act on expected counts alone.
#![allow(clippy::needless_range_loop, reason = "days and lags are read best by their numbers")]

use super::parameters::REACH;
use super::problem::{BEFORE, Place, Problem, START, WEEK};

/// Residents are never used up beyond this share: keeps logarithms finite under absurd parameters.
const LAST_SHARE: f64 = 1e-3;
/// Expected counts beyond this make a course unusable.
const LARGEST_MEAN: f64 = 1e13;

/// Buffers for one place; reused from place to place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    /// Infections by day from `BEFORE` days before day 0.
    pub(crate) infections: Vec<f64>,
    /// What the place's infections cause by day (before mixing and susceptibles), from day 0.
    pub(crate) force: Vec<f64>,
    /// Expected counts by day, weekdays left out.
    pub(crate) mean: Vec<f64>,
    /// Slopes of infections by local parameter, day after day.
    slopes: Vec<f64>,
    /// Slopes of log `mean` by local parameter, day after day.
    pub(crate) log_slopes: Vec<f64>,
    used: Vec<f64>,
    lambda: Vec<f64>,
}

impl Course {
    /// Runs the recursion; `imports` = infections from elsewhere by day (before R). False if a number got out of hand.
    pub(crate) fn run(&mut self, problem: &Problem, place: &Place, at: &At<'_>, slopes: bool) -> bool {
        let locals = problem.locals();
        let total = BEFORE + problem.days;
        self.infections.clear();
        self.force.clear();
        self.mean.clear();
        for back in (1..=BEFORE).rev() {
            let weeks = -(back as f64) / WEEK as f64;
            self.infections.push((at.local[0] + at.local[1] * weeks).exp());
        }
        if slopes {
            self.slopes.clear();
            self.slopes.resize(total * locals, 0.0);
            self.log_slopes.clear();
            self.log_slopes.resize(problem.days * locals, 0.0);
            self.used.clear();
            self.used.resize(locals, 0.0);
            self.lambda.clear();
            self.lambda.resize(locals, 0.0);
            for i in 0..BEFORE {
                let weeks = -((BEFORE - i) as f64) / WEEK as f64;
                self.slopes[i * locals] = self.infections[i];
                self.slopes[i * locals + 1] = self.infections[i] * weeks;
            }
        }
        let mut used = 0.0;
        let mut r = R::new(problem, at);
        for day in 0..problem.days {
            let now = BEFORE + day;
            let (knot, part) = problem.between[day];
            let r = r.next(knot, part);
            let mut force = 0.0;
            for lag in 1..=REACH {
                force += problem.generation[lag - 1] * place.free[now - lag] * self.infections[now - lag];
            }
            self.force.push(force);
            let pressure = r * (at.home * force + at.imports[day]);
            let left = place.population.map_or(1.0, |n| 1.0 - used / n);
            let depleted = left < LAST_SHARE;
            let left = left.max(LAST_SHARE);
            let infected = pressure * left;
            if !(infected.is_finite() && infected < LARGEST_MEAN) {
                return false;
            }
            self.infections.push(infected);
            if slopes {
                // Knots that lie ahead have no effect yet.
                let active = (START + knot + 2).min(locals);
                self.lambda[..active].fill(0.0);
                for lag in 1..=REACH {
                    let weight = problem.generation[lag - 1] * place.free[now - lag];
                    let row = &self.slopes[(now - lag) * locals..(now - lag) * locals + active];
                    for (sum, slope) in self.lambda[..active].iter_mut().zip(row) {
                        *sum += weight * slope;
                    }
                }
                let through = r * at.home * left;
                let row = &mut self.slopes[now * locals..now * locals + active];
                for (slope, lambda) in row.iter_mut().zip(&self.lambda[..active]) {
                    *slope = through * lambda;
                }
                row[START + knot] += infected * (1.0 - part);
                row[START + knot + 1] += infected * part;
                if let Some(n) = place.population {
                    let lost = if depleted { 0.0 } else { pressure / n };
                    for (slope, used) in row.iter_mut().zip(&mut self.used[..active]) {
                        *slope -= lost * *used;
                        *used += *slope;
                    }
                }
            }
            used += infected;
            let mut mean = 0.0;
            for lag in 0..REACH {
                mean += problem.delay[lag] * self.infections[now - lag];
            }
            self.mean.push(mean.max(1e-12));
            if slopes {
                let active = (START + knot + 2).min(locals);
                let out = &mut self.log_slopes[day * locals..day * locals + active];
                for lag in 0..REACH {
                    let weight = problem.delay[lag] / mean.max(1e-12);
                    let row = &self.slopes[(now - lag) * locals..(now - lag) * locals + active];
                    for (sum, slope) in out.iter_mut().zip(row) {
                        *sum += weight * slope;
                    }
                }
            }
        }
        true
    }
}

/// Where a course is evaluated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    /// The city's parameters.
    pub(crate) shared: &'a [f64],
    /// The place's.
    pub(crate) local: &'a [f64],
    /// Infections from elsewhere by day.
    pub(crate) imports: &'a [f64],
    /// Share of the place's infections that stay at home.
    pub(crate) home: f64,
}

impl At<'_> {
    /// log R at a knot.
    pub(crate) fn log_r(&self, knot: usize) -> f64 {
        self.shared[knot] + self.local[START + knot]
    }
}

/// R day by day. Between knots log R is linear, so that R changes by one factor: an exponential a week instead of one a day.
struct R<'a> {
    at: At<'a>,
    knot: usize,
    now: f64,
    factor: f64,
}

impl<'a> R<'a> {
    fn new(_: &Problem, at: &At<'a>) -> Self {
        Self { at: *at, knot: usize::MAX, now: 1.0, factor: 1.0 }
    }

    fn next(&mut self, knot: usize, part: f64) -> f64 {
        if knot == self.knot {
            self.now *= self.factor;
        } else {
            let (from, to) = (self.at.log_r(knot), self.at.log_r(knot + 1));
            self.knot = knot;
            self.now = (from + (to - from) * part).exp();
            self.factor = ((to - from) / WEEK as f64).exp();
        }
        self.now
    }
}
