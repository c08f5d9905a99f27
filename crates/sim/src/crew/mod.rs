//! A scripted crew for demonstrations: it works through a day's obligations as people would, on a real city folder.
//!
//! What it does is invented and follows from the day, the obligations' ids and a seed; every command is given by a person
//! of the city through the same use cases as the command line. Not everything gets done: a day that closes with arrears,
//! their reasons and their owners is what a real one looks like.

mod shift;
mod tables;

pub use shift::{Report, ShiftError, work};
pub use tables::open_samples;

use levee_ledger::ObligationId;

/// A number below `of` that follows from an obligation, a seed and a purpose: the same however often it is asked.
pub(crate) fn chance(id: ObligationId, seed: u64, purpose: &str, of: u64) -> u64 {
    let mut hasher = blake3::Hasher::new_derive_key("levee 2026 scripted crew v1");
    hasher.update(id.to_string().as_bytes());
    hasher.update(&seed.to_le_bytes());
    hasher.update(purpose.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(hasher.finalize().as_bytes().get(..8).unwrap_or(&[0; 8]));
    u64::from_le_bytes(bytes) % of.max(1)
}
