//! The laws a plan keeps, against `levee-check`, which shares no code with the planner.

#![allow(clippy::unwrap_used, reason = "helpers of tests, on inputs the tests make themselves")]

#[path = "../back_ends/mod.rs"]
mod back_ends;
#[path = "../breaks/mod.rs"]
mod breaks;
mod broken;
mod city;
mod decided;
mod degenerate;
mod openings;
mod openings_broken;
mod programmes;
mod properties;
mod replans;
mod stories;
