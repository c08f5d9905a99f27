//! The chores of this repository: `cargo demo`, `cargo verify` and `cargo xtask <name>`.
//!
//! In: the work tree. Out: what a step printed, a table of what held, and an exit code: 0 done, 1 something did not hold,
//! 2 it could not be tried. No chore knows how Levee computes anything; they call the tools and the binary as a person would,
//! and print each command so that a person can repeat it.
#![expect(clippy::print_stdout, reason = "a chore talks to the person who started it")]

pub mod crash;
pub mod day;
pub mod demo;
pub mod highs;
pub mod layers;
pub mod load;
pub mod prove;
pub mod purity;
pub mod run;
pub mod screens;
pub mod sim;
pub mod tidy;
pub mod tree;
pub mod verify;
pub mod web;

/// What a chore answers. That it could not be tried is an error, not an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Everything held.
    Yes,
    /// Something did not hold; it has been printed.
    No,
}
