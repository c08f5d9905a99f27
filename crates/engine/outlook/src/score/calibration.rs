//! Whether intervals mean what they say: where an outcome fell within its forecast.

use crate::quantile::{LEVELS, MEDIAN, QUANTILE_LEVELS};
use crate::random::{Purpose, Stream};

/// Bins of a histogram of the transform, each a tenth wide.
pub const PIT_BINS: usize = 10;

/// How far a forecast lay to one side of the outcome, -1 (every quantile below it) to 1 (every quantile above it); 0 when the
/// median met it.
///
/// Bosse et al. 2022, doi 10.48550/arXiv.2205.07090 (`bias_quantile`): 1 - 2 × the highest level whose quantile is no more than
/// the outcome, for an outcome below the median; 1 - 2 × the lowest level whose quantile is no less, above it.
pub fn bias(quantiles: &[f64; LEVELS], observed: f64) -> f64 {
    let median = quantiles[MEDIAN];
    if observed < median {
        let level = QUANTILE_LEVELS.iter().zip(quantiles).rev().find(|(_, q)| **q <= observed).map_or(0.0, |(l, _)| *l);
        1.0 - 2.0 * level
    } else if observed > median {
        let level = QUANTILE_LEVELS.iter().zip(quantiles).find(|(_, q)| **q >= observed).map_or(1.0, |(l, _)| *l);
        1.0 - 2.0 * level
    } else {
        0.0
    }
}

/// The randomised probability integral transform of an outcome, 0 to 1, from quantiles: uniform over forecasts whose
/// quantiles are right, whatever lies between two levels and also where many quantiles are equal (Czado et al. 2009,
/// doi 10.1111/j.1541-0420.2009.01191.x).
///
/// The levels on both sides of the outcome bound it; `uniform`, in [0, 1), chooses between them. It says nothing about the
/// shape within a stretch between two levels, because the quantiles do not.
pub fn pit(quantiles: &[f64; LEVELS], observed: f64, uniform: f64) -> f64 {
    let below = QUANTILE_LEVELS.iter().zip(quantiles).rev().find(|(_, q)| **q < observed).map_or(0.0, |(l, _)| *l);
    let above = QUANTILE_LEVELS.iter().zip(quantiles).find(|(_, q)| **q > observed).map_or(1.0, |(l, _)| *l);
    below + uniform * (above - below)
}

/// The bin of a transform.
pub fn pit_bin(pit: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the bins")]
    let bin = (pit * PIT_BINS as f64).clamp(0.0, PIT_BINS as f64 - 1.0) as usize;
    bin
}

/// The random numbers for the transforms of one forecast of one place, day after day: they depend on the seed, the forecast and
/// the place alone, so that one more forecast in the archive changes no number of another.
pub fn pit_numbers(seed: u64, forecast: u32, place: u16) -> impl Iterator<Item = f64> {
    let mut stream = Stream::new(seed, Purpose::Pit, forecast, place);
    std::iter::from_fn(move || Some(stream.uniform()))
}
