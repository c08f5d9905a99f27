//! Cities to measure: made in memory from a pack, with nothing between the benchmark and the use cases.
//!
//! Results, each with its machine, command and spread, stand in `results/`.

mod city;
pub mod owing;

pub use city::{BenchError, Scratch, command, moment};
