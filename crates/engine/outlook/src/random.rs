//! Random numbers by address: the stream of a path depends on the seed and the path alone, not on what ran before it.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// The random numbers of one path.
pub(crate) struct Stream {
    rng: ChaCha8Rng,
    spare: Option<f64>,
}

/// What the numbers are for: each purpose has streams of its own, so that one more draw here shifts nothing there.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Errors = 1,
    Counts = 2,
    Shares = 3,
    Community = 4,
    Renewal = 5,
    RenewalPlace = 6,
    RenewalCounts = 7,
    RenewalSplit = 8,
    RenewalCheck = 9,
}

impl Stream {
    /// The stream of one path (and, where a place needs numbers of its own, its `place` number).
    pub(crate) fn new(seed: u64, purpose: Purpose, path: u32, place: u16) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((purpose as u64) << 48 | u64::from(place) << 32 | u64::from(path));
        Self { rng, spare: None }
    }

    /// Uniform in [0, 1), 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.rng.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Standard normal (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sin);
        radius * cos
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_its_own_numbers_whatever_ran_before() {
        let first = Stream::new(7, Purpose::Errors, 3, 0).uniform();
        let mut other = Stream::new(7, Purpose::Errors, 2, 0);
        other.uniform();
        assert_eq!(first.to_bits(), Stream::new(7, Purpose::Errors, 3, 0).uniform().to_bits());
        assert_ne!(first.to_bits(), Stream::new(8, Purpose::Errors, 3, 0).uniform().to_bits());
        assert_ne!(first.to_bits(), Stream::new(7, Purpose::Counts, 3, 0).uniform().to_bits());
    }

    #[test]
    fn normals_are_normal() {
        let mut stream = Stream::new(1, Purpose::Errors, 0, 0);
        let sample: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
        let mean = sample.iter().sum::<f64>() / 2e4;
        let variance = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 2e4;
        // Standard errors .007 and .01: four of them.
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
    }
}
