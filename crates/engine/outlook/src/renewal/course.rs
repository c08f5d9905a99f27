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
    /// Infections times what isolation leaves of them.
    infectious: Vec<f64>,
    /// Slopes of `infections` and of `infectious` by local parameter, `stride` a day.
    slopes: Vec<f64>,
    infectious_slopes: Vec<f64>,
    /// Slopes of log `mean` by local parameter, `stride` a day.
    pub(crate) log_slopes: Vec<f64>,
    used: Vec<f64>,
}

/// Parameters are worked on in fours.
const BLOCK: usize = 4;

/// Length of a day's row of slopes.
pub(crate) fn stride(problem: &Problem) -> usize {
    problem.locals().next_multiple_of(BLOCK)
}

/// Sum over lags of `weights` (oldest day first) times four columns of the rows that end before row `end`.
fn weighted(slopes: &[f64], stride: usize, column: usize, end: usize, weights: &[f64; REACH]) -> [f64; BLOCK] {
    let mut sum = [0.0; BLOCK];
    let rows = slopes[(end - REACH) * stride..end * stride].chunks_exact(stride);
    for (row, weight) in rows.zip(weights) {
        for (sum, slope) in sum.iter_mut().zip(&row[column..column + BLOCK]) {
            *sum += weight * slope;
        }
    }
    sum
}

/// Sum of products of the newest `REACH` values before `end`.
fn dot(values: &[f64], end: usize, weights: &[f64; REACH]) -> f64 {
    values[end - REACH..end].iter().zip(weights).map(|(x, w)| x * w).sum()
}

impl Course {
    /// Runs the recursion; `imports` = infections from elsewhere by day (before R). False if a number got out of hand.
    pub(crate) fn run(&mut self, problem: &Problem, place: &Place, at: &At<'_>, slopes: bool) -> bool {
        let stride = stride(problem);
        let total = BEFORE + problem.days;
        let (mut generation, mut delay) = (problem.generation, problem.delay);
        generation.reverse();
        delay.reverse();
        self.infections.clear();
        self.infectious.clear();
        self.force.clear();
        self.mean.clear();
        for back in (1..=BEFORE).rev() {
            let weeks = -(back as f64) / WEEK as f64;
            let infected = (at.local[0] + at.local[1] * weeks).exp();
            self.infections.push(infected);
            self.infectious.push(infected * place.free[BEFORE - back]);
        }
        if slopes {
            for rows in [&mut self.slopes, &mut self.infectious_slopes] {
                rows.clear();
                rows.resize(total * stride, 0.0);
            }
            self.log_slopes.clear();
            self.log_slopes.resize(problem.days * stride, 0.0);
            self.used.clear();
            self.used.resize(stride, 0.0);
            for i in 0..BEFORE {
                let weeks = -((BEFORE - i) as f64) / WEEK as f64;
                self.slopes[i * stride] = self.infections[i];
                self.slopes[i * stride + 1] = self.infections[i] * weeks;
                self.infectious_slopes[i * stride] = self.infectious[i];
                self.infectious_slopes[i * stride + 1] = self.infectious[i] * weeks;
            }
        }
        let mut used = 0.0;
        let mut r = R::new(at);
        for day in 0..problem.days {
            let now = BEFORE + day;
            let (knot, part) = problem.between[day];
            let r = r.next(knot, part);
            let force = dot(&self.infectious, now, &generation);
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
            self.infectious.push(infected * place.free[now]);
            used += infected;
            let mean = dot(&self.infections, now + 1, &delay).max(1e-12);
            self.mean.push(mean);
            if !slopes {
                continue;
            }
            // Knots that lie ahead have no effect yet.
            let active = (START + knot + 2).next_multiple_of(BLOCK).min(stride);
            let through = r * at.home * left;
            for column in (0..active).step_by(BLOCK) {
                let sum = weighted(&self.infectious_slopes, stride, column, now, &generation);
                for (slope, sum) in self.slopes[now * stride + column..].iter_mut().zip(sum) {
                    *slope = through * sum;
                }
            }
            let row = &mut self.slopes[now * stride..now * stride + active];
            row[START + knot] += infected * (1.0 - part);
            row[START + knot + 1] += infected * part;
            if let Some(n) = place.population {
                let lost = if depleted { 0.0 } else { pressure / n };
                for (slope, used) in row.iter_mut().zip(&mut self.used) {
                    *slope -= lost * *used;
                    *used += *slope;
                }
            }
            let free = place.free[now];
            for (all, slope) in self.infectious_slopes[now * stride..].iter_mut().zip(row.iter()) {
                *all = free * slope;
            }
            for column in (0..active).step_by(BLOCK) {
                let sum = weighted(&self.slopes, stride, column, now + 1, &delay);
                for (slope, sum) in self.log_slopes[day * stride + column..].iter_mut().zip(sum) {
                    *slope = sum / mean;
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
    fn new(at: &At<'a>) -> Self {
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
