//! `cargo xtask crash`: a city's process is killed again and again, and loses nothing that it acknowledged.
//!
//! The rounds are `crash-rounds` of `levee-sim`; this only says how many there are and with which build they run.

use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::run::{Call, spoken, timed};

/// What `cargo xtask crash` is asked.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// How often the process is killed
    #[arg(long, value_name = "N", default_value_t = 50)]
    rounds: u64,
    /// The seed of the moments
    #[arg(long, value_name = "S", default_value_t = 20_221_118)]
    seed: u64,
}

/// Runs the rounds.
pub fn crash(root: &Path, args: &Args) -> Result<Answer> {
    let call = call(args, true);
    println!("   {call}");
    let (held, took) = timed(|| call.holds(root));
    println!("took {}", spoken(took));
    Ok(if held? { Answer::Yes } else { Answer::No })
}

fn call(args: &Args, release: bool) -> Call {
    let call = Call::cargo(&["run", "--quiet", "--locked", "--package", "levee-sim", "--bin", "crash-rounds"]);
    let call = if release { call.arg("--release") } else { call };
    call.arg("--").arg("--rounds").arg(args.rounds.to_string()).arg("--seed").arg(args.seed.to_string())
}

/// The size for every check of the repository.
#[must_use]
pub fn smoke() -> Call {
    call(&Args { rounds: 10, seed: 20_221_118 }, false)
}

/// The size of the long proof.
#[must_use]
pub fn full() -> Call {
    call(&Args { rounds: 200, seed: 20_221_118 }, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moments_can_be_repeated() {
        assert_eq!(
            call(&Args { rounds: 3, seed: 5 }, false).to_string(),
            "cargo run --quiet --locked --package levee-sim --bin crash-rounds -- --rounds 3 --seed 5"
        );
    }
}
