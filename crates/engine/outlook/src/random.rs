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
    Demand = 20,
    DemandPath = 21,
    DemandPlace = 22,
    DemandPast = 23,
    /// The randomised transform of scores; beyond the paths' own purposes.
    Pit = 64,
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

/// Cheap random numbers by address: number `n` of a day of a path in a place depends on these, the seed and nothing else.
///
/// SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195): a mixing function of a counter, started at a
/// key that the same function makes of the address. Where millions of short streams are needed, a block cipher for each
/// would cost more than all that is drawn from it.
#[derive(Clone, Debug)]
pub(crate) struct Counter(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Counter {
    /// The numbers of one day of one path in one place.
    pub(crate) fn new(seed: u64, purpose: Purpose, path: u32, place: u16, day: u16) -> Self {
        let address = (purpose as u64) << 32 | u64::from(day) << 16 | u64::from(place);
        Self(mixed(
            mixed(mixed(seed ^ GOLDEN).wrapping_add(address)).wrapping_add(u64::from(path).wrapping_mul(GOLDEN)),
        ))
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mixed(self.0)
    }

    /// Uniform in [0, 1), 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Standard normal, by Marsaglia's polar method (1964); the second of each pair is not kept.
    pub(crate) fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return x * (-2.0 * square.ln() / square).sqrt();
            }
        }
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

    #[test]
    fn every_address_has_numbers_of_its_own() {
        let first = |seed, path, place, day| Counter::new(seed, Purpose::Demand, path, place, day).bits();
        let mut seen = std::collections::BTreeSet::new();
        for at in 0..40u16 {
            seen.extend([
                first(1, u32::from(at), 0, 0),
                first(1, 99, at, 1),
                first(1, 99, 77, at + 2),
                first(u64::from(at) + 2, 99, 77, 2),
            ]);
        }
        assert_eq!(seen.len(), 160);
        assert_eq!(first(1, 2, 3, 4), first(1, 2, 3, 4));
    }

    #[test]
    fn counted_numbers_are_uniform_and_normal_across_addresses() {
        // One number from each of many addresses: neighbours must not be alike.
        let uniform: Vec<f64> = (0..40_000).map(|k| Counter::new(5, Purpose::Demand, k, 1, 2).uniform()).collect();
        let mean = uniform.iter().sum::<f64>() / 4e4;
        let pairs = uniform.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>() / 4e4 * 12.0;
        // Standard errors .0014 and .005: four of them.
        assert!((mean - 0.5).abs() < 0.006 && pairs.abs() < 0.02, "{mean} {pairs}");
        let mut counter = Counter::new(1, Purpose::Demand, 0, 0, 0);
        let normal: Vec<f64> = (0..40_000).map(|_| counter.normal()).collect();
        let (mean, square) = (normal.iter().sum::<f64>() / 4e4, normal.iter().map(|x| x * x).sum::<f64>() / 4e4);
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
    }
}
