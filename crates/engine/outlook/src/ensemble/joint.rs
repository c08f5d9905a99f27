//! Joint futures drawn from the quantiles of single days: districts rise and fall together, and a day follows the day before.
//!
//! A path is a standard normal number for each place and day (a Gaussian copula); the place's quantiles for that day turn it
//! into a count. The number is made of a walk, which keeps a path high or low, and a day's own noise; a part of either
//! is the city's, the same in all places.

use super::features::OFFSET;
use crate::config::Config;
use crate::quantile::LEVELS;
use crate::random::{Purpose, Stream};

/// Largest log count that a path may reach (10^12): only there to keep numbers finite when nothing else caps a path.
const LARGEST_LOG: f64 = 27.6;
/// The quantile levels on the normal scale (any statistics table).
const NORMAL: [f64; LEVELS] = [
    -2.326_347_9,
    -1.959_964_0,
    -1.644_853_6,
    -1.281_551_6,
    -1.036_433_4,
    -0.841_621_2,
    -0.674_489_8,
    -0.524_400_5,
    -0.385_320_5,
    -0.253_347_1,
    -0.125_661_3,
    0.0,
    0.125_661_3,
    0.253_347_1,
    0.385_320_5,
    0.524_400_5,
    0.674_489_8,
    0.841_621_2,
    1.036_433_4,
    1.281_551_6,
    1.644_853_6,
    1.959_964_0,
    2.326_347_9,
];
/// The grid on which a day's counts are kept: from -3.5 to 3.5 in steps of an eighth.
const STEPS: usize = 57;
const FIRST: f64 = -3.5;
const PER_UNIT: f64 = 8.0;
/// Share of a day's variance that is its own noise, on the first day and from the fourteenth on; between them it falls with
/// the logarithm of the day. Errors of one day and the next correlate by .1 on day 1, .6 on day 3, .8 to .85 from day 7 on
/// (Shanghai's districts, origins 11 April to 15 May 2022).
const NOISE: (f64, f64) = (0.7, 0.2);
/// Share of districts' variance that is the city's: of the walk, of the noise. Measured there: .16 on the first day, .18 on the
/// third, .07 to .10 from day 7 on; a little more is taken, because other cities move more as one.
const COMMON: (f64, f64) = (0.2, 0.15);
/// The same for a city that is forecast beside districts which do not add up to it. Judgement.
const COMMON_CITY: (f64, f64) = (0.6, 0.5);

/// Counts by day and step of the normal scale.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid(Vec<f64>);

impl Grid {
    /// Adds a day: quantiles of ln(count + 2) and the effect of its weekday.
    pub(crate) fn push(&mut self, quantiles: &[f64; LEVELS], weekday: f64) {
        let (low, high) = (quantiles[0], quantiles[LEVELS - 1]);
        // Beyond the outermost levels the quantiles run on as between the last three of them.
        let below = (quantiles[2] - low) / (NORMAL[2] - NORMAL[0]);
        let above = (high - quantiles[LEVELS - 3]) / (NORMAL[LEVELS - 1] - NORMAL[LEVELS - 3]);
        let mut at = 1;
        for step in 0..STEPS {
            let z = FIRST + step as f64 / PER_UNIT;
            while at < LEVELS - 1 && NORMAL[at] < z {
                at += 1;
            }
            let log = if z < NORMAL[0] {
                low + below * (z - NORMAL[0])
            } else if z > NORMAL[LEVELS - 1] {
                high + above * (z - NORMAL[LEVELS - 1])
            } else {
                let share = (z - NORMAL[at - 1]) / (NORMAL[at] - NORMAL[at - 1]);
                quantiles[at - 1] + (quantiles[at] - quantiles[at - 1]) * share
            };
            let count = (log.min(LARGEST_LOG).exp() - OFFSET).max(0.0);
            self.0.push((count * weekday.exp()).min(LARGEST_LOG.exp()));
        }
    }

    fn at(&self, day: usize, z: f64) -> f64 {
        let position = ((z - FIRST) * PER_UNIT).clamp(0.0, (STEPS - 1) as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and STEPS - 1")]
        let below = (position as usize).min(STEPS - 2);
        match self.0.get(day * STEPS + below..day * STEPS + below + 2) {
            Some([low, high]) => low + (high - low) * (position - below as f64),
            _ => 0.0,
        }
    }
}

/// A place that is forecast from itself.
pub(crate) struct Own {
    /// Its number in the vintage.
    pub(crate) place: u16,
    /// Whether it is the city itself.
    pub(crate) city: bool,
    /// Days from its newest count to the origin.
    pub(crate) age: usize,
    /// Residents.
    pub(crate) population: Option<f64>,
    /// Counts from the first day after the origin.
    pub(crate) grid: Grid,
    /// The same without the newest day, for a series that jumped: every second path disbelieves it.
    pub(crate) without_newest: Option<Grid>,
}

/// Draws path `k` of every place, counts by day after the origin, and says where residents ran out.
pub(crate) fn path(own: &[Own], config: &Config, k: u32, out: &mut [Vec<u64>]) -> Vec<bool> {
    let horizon = config.horizon_days as usize;
    let oldest = own.iter().map(|o| o.age).max().unwrap_or(0);
    let mut common = Stream::new(config.seed, Purpose::Errors, k, 0);
    let shared: Vec<(f64, f64)> = (0..oldest + horizon).map(|_| (common.normal(), common.normal())).collect();
    own.iter().zip(out).map(|(own, out)| one(own, &shared[oldest - own.age..], config, k, out)).collect()
}

fn one(own: &Own, shared: &[(f64, f64)], config: &Config, k: u32, out: &mut Vec<u64>) -> bool {
    let mut stream = Stream::new(config.seed, Purpose::Counts, k, own.place);
    let common = if own.city { COMMON_CITY } else { COMMON };
    let grid = own.without_newest.as_ref().filter(|_| k % 2 == 1).unwrap_or(&own.grid);
    let parts = |share: f64| (share.sqrt(), (1.0 - share).sqrt());
    let ((walk_city, walk_own), (noise_city, noise_own)) = (parts(common.0), parts(common.1));
    let (mut walk, mut used, mut short) = (0.0, 0.0, false);
    for (j, (step, noise)) in shared.iter().enumerate() {
        walk += walk_city * step + walk_own * stream.normal();
        let noise = noise_city * noise + noise_own * stream.normal();
        let Some(day) = j.checked_sub(own.age) else { continue };
        let ahead = (j + 1) as f64;
        let own_noise = NOISE.0 + (NOISE.1 - NOISE.0) * (ahead.ln() / 14f64.ln()).min(1.0);
        let z = (1.0 - own_noise).sqrt() * walk / ahead.sqrt() + own_noise.sqrt() * noise;
        let mut value = grid.at(day, z);
        if let Some(population) = own.population {
            // Fewer are left to infect as a path goes on; without this, paths explode.
            let left = (population - used).max(0.0);
            let share_left = if population > 0.0 { left / population } else { 0.0 };
            short |= share_left < 0.5;
            value = (value * share_left).min(left.floor());
        }
        // Rounded up as often as the fraction says, so that small expectations are kept.
        let mut whole = (value + stream.uniform()).floor();
        if let Some(population) = own.population {
            whole = whole.min((population - used).max(0.0).floor());
        }
        used += whole;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10^12")]
        out.push(whole as u64);
    }
    short
}
