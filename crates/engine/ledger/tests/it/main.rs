//! Rosters, catalogues and settlements, tried from outside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod catalogue;
mod duty;
mod settlement;
