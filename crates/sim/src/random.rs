//! Chance that is the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A seeded stream of numbers.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// `stream` keeps apart what one seed is used for: faults never change the figures of good rows.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number below `bound`; 0 when `bound` is 0. The bias of this method is below `bound` / 2^32: nothing, for drills.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(bound);
        // The upper half of a product of two 32-bit numbers fits in 32 bits.
        u32::try_from(wide >> 32).unwrap_or(0)
    }
}
