//! What solves: flows by our simplex, programmes by the back ends, and each against the others.

#![allow(clippy::unwrap_used, reason = "helpers of tests, on inputs the tests make themselves")]

#[path = "../back_ends/mod.rs"]
mod back_ends;
mod flows;
mod programmes;
