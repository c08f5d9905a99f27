//! Simulated cities whose truth is known. Written apart from the engine: it shares no code with the model that is judged.
#![allow(dead_code, reason = "the example and the tests each use their part")]

use levee_outlook::renewal::{Input, PlaceInput, Priors};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// Districts of a simulated city.
pub(crate) const PLACES: usize = 6;
/// Days known.
pub(crate) const DAYS: usize = 56;
/// Days to come.
pub(crate) const HORIZON: usize = 28;
const BURN: usize = 20;

/// How the truth differs from what the model believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Not at all.
    AsBelieved,
    /// Mean generation interval 4.2 days instead of 3.
    LongerGeneration,
    /// Weekends report a third of what weekdays do; the model expects a tenth more or less.
    StrongWeekdays,
    /// R falls or rises by a factor of two within a day, twice.
    Jumps,
    /// A fifth of the infections is reported at first, three fifths in the end.
    UnderReporting,
    /// Counts scatter by half of their mean (size 4 instead of 15), and by tens of per cent in all places on one day.
    Overdispersed,
}

pub(crate) const KINDS: [Kind; 6] = [
    Kind::AsBelieved,
    Kind::LongerGeneration,
    Kind::StrongWeekdays,
    Kind::Jumps,
    Kind::UnderReporting,
    Kind::Overdispersed,
];

/// Priors that cities are drawn from and fitted with: narrower scales than the default, so that few cities explode or die.
pub(crate) fn priors() -> Priors {
    Priors { city_step: (0.12, 0.3), district_step: (0.06, 0.3), size: (15.0, 0.4), ..Priors::default() }
}

/// One simulated city.
pub(crate) struct City {
    pub(crate) input: Input,
    /// `[place][day]` after the origin.
    pub(crate) future: Vec<Vec<f64>>,
    /// log R by place and day of the calendar (susceptibles left aside: none run out).
    pub(crate) log_r: Vec<Vec<f64>>,
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn uniform(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 4_294_967_296.0
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Gamma with this shape (at least 1) and mean 1, by rejection from its own log-density about the mode (Cheng 1977).
    fn gamma(&mut self, shape: f64) -> f64 {
        let a = 1.0 / (2.0 * shape - 1.0).sqrt();
        let (b, c) = (shape - 4f64.ln(), shape + 1.0 / a);
        loop {
            let (u, v) = (self.uniform(), self.uniform());
            let y = a * (u / (1.0 - u)).ln();
            let x = shape * y.exp();
            if b + c * y - x >= (u * u * v).ln() {
                return x / shape;
            }
        }
    }

    fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 200.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let (mut product, mut n) = (self.uniform(), 0.0);
        while product > (-mean).exp() {
            product *= self.uniform();
            n += 1.0;
        }
        n
    }
}

fn gamma_by_day(mean: f64, sd: f64, days: usize) -> Vec<f64> {
    let (shape, scale) = ((mean / sd).powi(2), sd * sd / mean);
    let density = |x: f64| if x <= 0.0 { 0.0 } else { ((shape - 1.0) * x.ln() - x / scale).exp() };
    let mut out: Vec<f64> =
        (0..days).map(|d| (0..100).map(|i| density(d as f64 - 0.5 + (f64::from(i) + 0.5) / 100.0)).sum()).collect();
    let total: f64 = out.iter().sum();
    out.iter_mut().for_each(|x| *x /= total);
    out
}

/// City number `seed` of a kind; `None` if it died out or exploded (no forecast is at stake there).
pub(crate) fn city(kind: Kind, seed: u64) -> Option<City> {
    let priors = priors();
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed ^ ((kind as u64) << 32)));
    let disease = priors.disease;
    let stretch = if kind == Kind::LongerGeneration { 1.4 } else { 1.0 };
    let mut g = gamma_by_day(disease.generation_mean * stretch, disease.generation_sd * stretch, 15);
    g[1] += g[0];
    g[0] = 0.0;
    let delay = gamma_by_day(disease.report_mean, disease.report_sd, 14);
    let lognormal = |dice: &mut Dice, (median, spread): (f64, f64)| median * (spread * dice.normal()).exp();
    let city_step = lognormal(&mut dice, priors.city_step);
    let district_step = lognormal(&mut dice, priors.district_step);
    let size = if kind == Kind::Overdispersed { 4.0 } else { lognormal(&mut dice, priors.size) };
    let day_sd = if kind == Kind::Overdispersed { 0.3 } else { 0.1 };
    // log R at knots a week apart, the last of the known ones on the origin; what is ahead follows the model's own rule.
    let behind = (DAYS - 1).div_ceil(7);
    let ahead = HORIZON.div_ceil(7);
    let drift = priors.drift_sd * dice.normal();
    let mut common = vec![priors.level_sd * dice.normal()];
    for w in 0..behind + ahead {
        let last = common[w];
        let (kept, step) = if w < behind {
            (last, city_step)
        } else {
            (last * if last > 0.0 { priors.rise_keeps } else { priors.fall_keeps }, priors.step_ahead * city_step)
        };
        common.push(kept + drift + step * dice.normal());
    }
    if kind == Kind::Jumps {
        let sign = if dice.uniform() < 0.5 { 1.0 } else { -1.0 };
        let (from, to) = (3, 6);
        for (w, c) in common.iter_mut().enumerate() {
            *c += sign * if (from..to).contains(&w) { 0.7 } else { 0.0 };
        }
    }
    let keeps = priors.district_keeps;
    let resting = district_step / (1.0 - keeps * keeps).sqrt();
    let deviations: Vec<Vec<f64>> = (0..PLACES)
        .map(|_| {
            let mut u = vec![resting * dice.normal()];
            for w in 0..behind + ahead {
                u.push(keeps * u[w] + district_step * dice.normal());
            }
            u
        })
        .collect();
    let early = behind * 7 - (DAYS - 1);
    let log_r = |place: usize, day: usize| {
        let at = day + early;
        let (knot, part) = (at / 7, if kind == Kind::Jumps { 0.0 } else { (at % 7) as f64 / 7.0 });
        let next = (knot + 1).min(behind + ahead);
        let x = |w: usize| common[w] + deviations[place][w];
        x(knot) * (1.0 - part) + x(next) * part
    };
    let residents: Vec<f64> = (0..PLACES).map(|p| 3e5 * (p + 1) as f64).collect();
    let total_residents: f64 = residents.iter().sum();
    let days = DAYS + HORIZON;
    let mut infections: Vec<Vec<f64>> = (0..PLACES)
        .map(|p| {
            let height = (60.0 * residents[p] / total_residents * 6.0).ln() + 0.7 * dice.normal();
            let slope = 0.2 * dice.normal();
            (0..BURN).map(|i| (height + slope * (i as f64 - BURN as f64) / 7.0).exp()).collect()
        })
        .collect();
    for day in 0..days {
        let force: Vec<f64> =
            infections.iter().map(|i| (1..15).map(|s| g[s] * i[BURN + day - s]).sum::<f64>()).collect();
        let all: f64 = force.iter().sum();
        for p in 0..PLACES {
            let away = priors.mixing_away * residents[p] / total_residents;
            let pressure = (1.0 - priors.mixing_away) * force[p] + away * all;
            let used: f64 = infections[p][BURN..].iter().sum();
            infections[p].push(log_r(p, day).exp() * pressure * (1.0 - used / residents[p]).max(0.0));
        }
    }
    let weekdays: Vec<f64> = (0..7)
        .map(|w| match kind {
            Kind::StrongWeekdays => {
                if w >= 5 {
                    -1.1
                } else {
                    0.0
                }
            }
            _ => priors.weekday_sd * dice.normal(),
        })
        .collect();
    let mut counts = vec![Vec::new(); PLACES];
    for day in 0..days {
        let shock = day_sd * dice.normal();
        let reported = match kind {
            Kind::UnderReporting => 0.2 + 0.4 * (day as f64 / DAYS as f64).min(1.0),
            _ => 1.0,
        };
        for p in 0..PLACES {
            let mean: f64 = (0..14).map(|s| delay[s] * infections[p][BURN + day - s]).sum();
            let mean = mean * reported * (shock + weekdays[day % 7]).exp();
            let count = mean * dice.gamma(size.max(1.0));
            counts[p].push(dice.poisson(count));
        }
    }
    let known: f64 = counts.iter().map(|c| c[..DAYS].iter().sum::<f64>()).sum();
    let last: f64 = counts.iter().map(|c| c[DAYS - 7..DAYS].iter().sum::<f64>()).sum();
    if !(200.0..300_000.0).contains(&known) || last < 10.0 {
        return None;
    }
    let places = counts
        .iter()
        .zip(&residents)
        .map(|(c, residents)| PlaceInput {
            counts: c[..DAYS].iter().map(|n| Some(*n)).collect(),
            population: Some(*residents),
            ..PlaceInput::default()
        })
        .collect();
    Some(City {
        input: Input { first_weekday: 0, days: DAYS, places, mixing: None, seed },
        future: counts.iter().map(|c| c[DAYS..].to_vec()).collect(),
        log_r: (0..PLACES).map(|p| (0..DAYS).map(|t| log_r(p, t)).collect()).collect(),
    })
}

/// Figures of many cities of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) cities: u32,
    /// Refused by the fit, with a reason.
    pub(crate) refused: u32,
    /// Fits that say they did not converge, or places that borrow.
    pub(crate) flagged: u32,
    /// Fits that say they converged while their gradient does not vanish: there must be none.
    pub(crate) silent: u32,
    /// Ranks of what came among the paths, ten bins, by days ahead 1-7, 8-14, 15-28.
    pub(crate) ranks: [[u32; 10]; 3],
    /// Ranks of the city's sums, days 7, 14 and 28.
    pub(crate) city_ranks: [[u32; 10]; 3],
    /// True R within the 50, 80 and 95 % intervals; days of places asked.
    pub(crate) r_within: [u32; 3],
    pub(crate) r_asked: u32,
}

/// Fits one city and notes how it did.
pub(crate) fn judge(city: &City, paths: u32, tally: &mut Tally) {
    tally.cities += 1;
    let fit = match levee_outlook::renewal::fit(&city.input, &priors()) {
        Ok(fit) => fit,
        Err(_) => {
            tally.refused += 1;
            return;
        }
    };
    let c = fit.convergence();
    let flagged = !c.converged || c.places.iter().any(|b| *b != levee_outlook::renewal::Basis::Fitted);
    tally.flagged += u32::from(flagged);
    tally.silent += u32::from(c.converged && !(c.gradient < 0.01 && c.decrement < 1e-6));
    let mut out = vec![Vec::new(); PLACES];
    for k in 0..paths {
        fit.path(k, HORIZON, &mut out);
    }
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(city.input.seed));
    let mut bin = |paths: &[f64], truth: f64| {
        let below = paths.iter().filter(|x| **x < truth).count() as f64;
        let equal = paths.iter().filter(|x| (**x - truth).abs() < 0.5).count() as f64;
        let rank = (below + dice.uniform() * (equal + 1.0)) / (paths.len() as f64 + 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10")]
        let bin = (rank * 10.0) as usize;
        bin.min(9)
    };
    let of = |place: usize, h: usize| -> Vec<f64> {
        out[place].iter().skip(h).step_by(HORIZON).map(|c| *c as f64).collect()
    };
    for place in 0..PLACES {
        for (slot, h) in [(0, 0), (0, 6), (1, 13), (2, 20), (2, 27)] {
            tally.ranks[slot][bin(&of(place, h), city.future[place][h])] += 1;
        }
        let r = fit.r(place);
        for day in [DAYS - 1, DAYS - 8, DAYS - 22] {
            let truth = city.log_r[place][day].exp();
            tally.r_asked += 1;
            for (hits, (low, high)) in tally.r_within.iter_mut().zip([r[day].half, r[day].eighty, r[day].ninety_five]) {
                *hits += u32::from((low..=high).contains(&truth));
            }
        }
    }
    for (slot, h) in [6, 13, 27].into_iter().enumerate() {
        let all: Vec<Vec<f64>> = (0..PLACES).map(|p| of(p, h)).collect();
        let sums: Vec<f64> = (0..all[0].len()).map(|k| all.iter().map(|p| p[k]).sum()).collect();
        let truth: f64 = city.future.iter().map(|f| f[h]).sum();
        tally.city_ranks[slot][bin(&sums, truth)] += 1;
    }
}
