//! The picture of two real outbreaks, as known on days that mattered, and its laws.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod chongqing;
mod laws;
mod pack;
mod shanghai;
