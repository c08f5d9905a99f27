//! Draws of the parameters and joint paths into the future.

use super::answer::Basis;
use super::parameters::REACH;
use super::posterior::resting_sd;
use super::problem::{BEFORE, CONTRASTS, START, WEEK};
use super::sample::{LARGEST, negative_binomial};
use super::scales::GridPoint;
use super::{Fit, matrix};
use crate::random::{Purpose, Stream};

/// log R is held between these: R of 20 and of 1/20 in a week are beyond anything observed.
const LARGEST_LOG_R: f64 = 3.0;
/// How far a borrowed place's share of the city wanders, log units per square root of a day: measured on Shanghai's districts,
/// see `share_drift_per_day` of [`crate::Config`].
const SHARE_DRIFT: f64 = 0.19;
/// Spread of a borrowed share's logarithm: from a few counts, and from none.
const SHARE_SD: (f64, f64) = (0.5, 1.5);

/// The parameters that a path shares between places, and their future.
pub(crate) struct Shared<'a> {
    pub(crate) point: &'a GridPoint,
    /// Draw of the shared parameters.
    pub(crate) now: Vec<f64>,
    /// Their distance from the mode.
    off: Vec<f64>,
    /// log R of the city at the knots after the origin.
    ahead: Vec<f64>,
    /// Factor of each day of `weeks` weeks that all places share.
    shocks: Vec<f64>,
}

impl Fit {
    /// Draw `k` of the shared parameters, with `weeks` knots of future.
    pub(crate) fn shared(&self, k: u32, weeks: usize) -> Shared<'_> {
        let mut stream = Stream::new(self.seed, Purpose::Renewal, k, 0);
        let at = stream.uniform();
        let mut sum = 0.0;
        let points = self.grid.iter();
        let point = points.take_while(|p| {
            let before = sum;
            sum += p.weight;
            before <= at
        });
        let point = point.last().unwrap_or(&self.first_point);
        let mode = &point.mode;
        let mut off: Vec<f64> = mode.point.shared.iter().map(|_| stream.normal()).collect();
        matrix::solve_upper(&mode.arrow.corner, off.len(), &mut off);
        let now: Vec<f64> = mode.point.shared.iter().zip(&off).map(|(m, o)| m + o).collect();
        let knots = self.problem.knots;
        let priors = &self.problem.priors;
        let (variance, drift) = (point.scales.city_step.powi(2), priors.drift_sd.powi(2));
        let known = variance + (knots - 1) as f64 * drift;
        let drift = (now[knots - 1] - now[0]) * drift / known + (drift * variance / known).sqrt() * stream.normal();
        let mut slope = now[knots - 1] - now[knots - 2] - drift;
        let mut last = now[knots - 1];
        let ahead: Vec<f64> = (0..weeks)
            .map(|_| {
                slope *= priors.slope_keeps;
                last *= if last > 0.0 { priors.rise_keeps } else { priors.fall_keeps };
                last += drift + slope + priors.step_ahead * point.scales.city_step * stream.normal();
                last
            })
            .collect();
        let shocks = (0..weeks * WEEK).map(|_| (self.problem.day_sd * stream.normal()).exp()).collect();
        Shared { point, now, off, ahead, shocks }
    }

    /// Draw `k` of a fitted place's parameters, given the shared ones, followed by its deviations at the knots ahead.
    pub(crate) fn local(&self, k: u32, place: usize, shared: &Shared<'_>) -> Vec<f64> {
        let number = u16::try_from(self.problem.places[place].number).unwrap_or(u16::MAX);
        let mut stream = Stream::new(self.seed, Purpose::RenewalPlace, k, number);
        let mode = &shared.point.mode;
        let mut x: Vec<f64> = mode.point.local[place].iter().map(|_| stream.normal()).collect();
        mode.arrow.back(place, &shared.off, &mut x);
        for (x, m) in x.iter_mut().zip(&mode.point.local[place]) {
            *x += m;
        }
        let mut last = x.last().copied().unwrap_or(0.0);
        for _ in &shared.ahead {
            last = self.problem.priors.district_keeps * last + shared.point.scales.district_step * stream.normal();
            x.push(last);
        }
        x
    }

    /// Infections and expected counts of every fitted place on path `k`, to `horizon` days after the origin.
    fn futures(&self, k: u32, horizon: usize) -> Futures {
        let problem = &self.problem;
        let weeks = horizon.div_ceil(WEEK);
        let shared = self.shared(k, weeks);
        let days = problem.days + horizon;
        let width = BEFORE + days;
        let n = problem.places.len();
        let mut infections = vec![0.0; n * width];
        let mut infectious = vec![0.0; n * width];
        let mut runs: Vec<Run> = Vec::with_capacity(n);
        // Managed shares of the days of report ahead, where isolation enters the model.
        let mut ahead: Vec<Vec<f64>> = Vec::with_capacity(n);
        for (i, place) in problem.places.iter().enumerate() {
            let local = self.local(k, i, &shared);
            for back in 1..=BEFORE {
                let at = i * width + BEFORE - back;
                infections[at] = (local[0] - local[1] * back as f64 / WEEK as f64).exp().min(LARGEST);
                infectious[at] = infections[at] * place.free[BEFORE - back];
            }
            let city = shared.now[..problem.knots].iter().chain(&shared.ahead);
            let log_r = city.zip(&local[START..]).map(|(c, u)| (c + u).clamp(-LARGEST_LOG_R, LARGEST_LOG_R));
            ahead.push(self.managed_ahead(k, i, horizon));
            runs.push(Run { log_r: log_r.collect(), now: 1.0, factor: 1.0, used: 0.0 });
        }
        let mut reversed = problem.generation;
        reversed.reverse();
        let (mut force, mut imports) = (vec![0.0; n], vec![0.0; n]);
        let mut knot_before = usize::MAX;
        for day in 0..days {
            let now = BEFORE + day;
            for (i, force) in force.iter_mut().enumerate() {
                let from = i * width + now - REACH;
                *force = infectious[from..from + REACH].iter().zip(&reversed).map(|(x, g)| x * g).sum();
            }
            problem.imports_of_day(&force, &mut imports);
            let (knot, part) = self.knot_of(day);
            for (i, place) in problem.places.iter().enumerate() {
                let run = &mut runs[i];
                let r = run.r(knot, part, knot != knot_before);
                let left = place.population.map_or(1.0, |p| (1.0 - run.used / p).max(0.0));
                let infected = (r * (self.home[i] * force[i] + imports[i]) * left).min(LARGEST);
                let infected = place.population.map_or(infected, |p| infected.min((p - run.used).max(0.0)));
                run.used += infected;
                infections[i * width + now] = infected;
                let free = place.free.get(now).copied();
                infectious[i * width + now] = infected * free.unwrap_or_else(|| self.free_ahead(&ahead[i], day));
            }
            knot_before = knot;
        }
        let weekdays = self.weekdays(&shared.now);
        let factors = (0..horizon)
            .zip(shared.shocks)
            .map(|(h, shock)| shock * weekdays[(problem.first_weekday + problem.days + h) % 7])
            .collect();
        Futures { infections, width, factors, size: shared.point.scales.size }
    }

    /// Managed shares of a fitted place on the days ahead, if isolation enters the model; else nothing.
    fn managed_ahead(&self, k: u32, place: usize, horizon: usize) -> Vec<f64> {
        if self.problem.priors.managed_effect > 0.0 { self.split_ahead(k, place, horizon) } else { Vec::new() }
    }

    /// Draw `k` of the managed share of a fitted place on the days ahead; nothing where the split is not known.
    pub(crate) fn split_ahead(&self, k: u32, place: usize, horizon: usize) -> Vec<f64> {
        let number = self.problem.places[place].number;
        let Some(split) = self.splits.get(number).and_then(Option::as_ref) else { return Vec::new() };
        let mut stream = Stream::new(self.seed, Purpose::RenewalSplit, k, u16::try_from(number).unwrap_or(u16::MAX));
        split.ahead(horizon, self.problem.priors.slope_keeps, &mut stream)
    }

    /// Infectiousness left of a day's infections after the origin: they are reported a delay later.
    fn free_ahead(&self, managed: &[f64], day: usize) -> f64 {
        let at = day - self.problem.days + self.delay_days;
        let share = managed.get(at).or(managed.last()).copied().unwrap_or(0.0);
        1.0 - self.problem.priors.managed_effect * share
    }

    /// The knot before a day, also after the origin, and how far the day lies towards the next.
    fn knot_of(&self, day: usize) -> (usize, f64) {
        match self.problem.between.get(day) {
            Some(between) => *between,
            None => {
                let ahead = day - self.problem.days + 1;
                let knot = self.problem.knots - 1 + (ahead - 1) / WEEK;
                (knot, ((ahead - 1) % WEEK + 1) as f64 / WEEK as f64)
            }
        }
    }

    /// Factor of each weekday, from Monday.
    fn weekdays(&self, shared: &[f64]) -> [f64; 7] {
        let effects: &[f64] = &shared[self.problem.knots..self.problem.knots + CONTRASTS];
        std::array::from_fn(|weekday| {
            super::problem::contrasts(weekday).iter().zip(effects).map(|(c, e)| c * e).sum::<f64>().exp()
        })
    }

    /// Path `k`: see [`Fit::path`].
    pub(crate) fn write_path(&self, k: u32, horizon: usize, out: &mut [Vec<u64>]) {
        let futures = self.futures(k, horizon);
        let mut delays = self.problem.delay;
        delays.reverse();
        for (i, place) in self.problem.places.iter().enumerate() {
            let number = u16::try_from(place.number).unwrap_or(u16::MAX);
            let mut stream = Stream::new(self.seed, Purpose::RenewalCounts, k, number);
            let Some(out) = out.get_mut(place.number) else { continue };
            let mut left = self.residents_left[place.number];
            let row = &futures.infections[i * futures.width..(i + 1) * futures.width];
            for h in 0..horizon {
                let day = self.problem.days + h;
                let mean = expected(row, &delays, day) * futures.factors[h];
                let count = negative_binomial(mean, futures.size * place.size_factor, &mut stream).min(left);
                left -= count;
                out.push(whole(count));
            }
        }
        self.borrowed_paths(k, horizon, &futures, &delays, out);
    }

    /// Places that are not fitted: the city's course times a share of it that wanders.
    fn borrowed_paths(&self, k: u32, horizon: usize, futures: &Futures, delays: &[f64; REACH], out: &mut [Vec<u64>]) {
        if self.borrowed.is_empty() {
            return;
        }
        let n = self.problem.places.len();
        let city: Vec<f64> = (0..horizon)
            .map(|h| {
                let rows = (0..n).map(|i| &futures.infections[i * futures.width..(i + 1) * futures.width]);
                rows.map(|row| expected(row, delays, self.problem.days + h)).sum()
            })
            .collect();
        for (number, share) in &self.borrowed {
            let Some(out) = out.get_mut(*number) else { continue };
            let mut stream =
                Stream::new(self.seed, Purpose::RenewalCounts, k, u16::try_from(*number).unwrap_or(u16::MAX));
            let sd =
                if self.convergence.places.get(*number) == Some(&Basis::NoCounts) { SHARE_SD.1 } else { SHARE_SD.0 };
            let mut log_share = share.max(1e-9).ln() + sd * stream.normal();
            let mut left = self.residents_left[*number];
            for (h, city) in city.iter().enumerate() {
                log_share += SHARE_DRIFT * stream.normal();
                let mean = (log_share.exp() * city * futures.factors[h]).min(LARGEST);
                let count = negative_binomial(mean, futures.size, &mut stream).min(left);
                left -= count;
                out.push(whole(count));
            }
        }
    }

    /// Spread of a deviation of log R about which nothing is known.
    pub(crate) fn resting(&self) -> f64 {
        resting_sd(self.hyper.district_step, self.problem.priors.district_keeps)
    }
}

/// One path of all fitted places.
struct Futures {
    infections: Vec<f64>,
    width: usize,
    /// Weekday and common shock by day after the origin.
    factors: Vec<f64>,
    size: f64,
}

/// R of one place day by day along its knots.
struct Run {
    log_r: Vec<f64>,
    now: f64,
    factor: f64,
    used: f64,
}

impl Run {
    fn r(&mut self, knot: usize, part: f64, fresh: bool) -> f64 {
        if fresh {
            let (from, to) = (self.log_r[knot], self.log_r[knot + 1]);
            self.now = (from + (to - from) * part).exp();
            self.factor = ((to - from) / WEEK as f64).exp();
        } else {
            self.now *= self.factor;
        }
        self.now
    }
}

/// Expected count of a day from infections by day; `delays` newest last.
fn expected(infections: &[f64], delays: &[f64; REACH], day: usize) -> f64 {
    let to = BEFORE + day + 1;
    infections[to - REACH..to].iter().zip(delays).map(|(x, d)| x * d).sum()
}

fn whole(count: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number between 0 and 10^13")]
    let whole = count.max(0.0) as u64;
    whole
}
