//! `cargo xtask sim`: a city's days, simulated from seeds, with the laws held against every step.
//!
//! The simulation is `levee_sim::city_day`; this only says how large it is and with which build it runs.

use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::run::{Call, spoken, timed};

/// What `cargo xtask sim` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Days of each seed
    #[arg(long, value_name = "N", default_value_t = 10)]
    days: u32,
    /// How many seeds, from 1 on
    #[arg(long, value_name = "M", default_value_t = 8)]
    seeds: u64,
    /// Only this seed: repeats what a failure named, to the same step
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Things that people set about in a day
    #[arg(long, value_name = "N", default_value_t = 200)]
    actions: u32,
    /// The store on disk beside that in memory for each N-th seed; 0 = for none
    #[arg(long, value_name = "N", default_value_t = 1)]
    disk_every: u64,
    /// Verify the whole journal at the end of every so many days, and of the last
    #[arg(long, value_name = "N", default_value_t = 1)]
    verify_every: u32,
    /// Check every account after so many steps; what a step touched is checked after each
    #[arg(long, value_name = "N", default_value_t = 1)]
    check_all_every: u64,
}

impl Args {
    fn call(&self, release: bool) -> Call {
        let call = Call::cargo(&["run", "--quiet", "--locked", "--package", "levee-sim", "--bin", "city-day"]);
        let call = if release { call.arg("--release") } else { call };
        let call = call.arg("--").arg("--days").arg(self.days.to_string());
        let call = match self.seed {
            Some(seed) => call.arg("--seed").arg(seed.to_string()),
            None => call.arg("--seeds").arg(self.seeds.to_string()),
        };
        let numbers = [
            ("--actions", u64::from(self.actions)),
            ("--disk-every", self.disk_every),
            ("--verify-every", u64::from(self.verify_every)),
            ("--check-all-every", self.check_all_every),
        ];
        numbers.into_iter().fold(call, |call, (name, number)| call.arg(name).arg(number.to_string()))
    }
}

/// Runs the simulation.
pub fn sim(root: &Path, args: &Args) -> Result<Answer> {
    let call = args.call(true);
    println!("   {call}");
    let (held, took) = timed(|| call.holds(root));
    println!("took {}", spoken(took));
    Ok(if held? { Answer::Yes } else { Answer::No })
}

/// The size for every check of the repository: every step, every account, every day, on both stores; in the build that the
/// tests use.
#[must_use]
pub fn smoke() -> Call {
    Args { days: 4, seeds: 4, seed: None, actions: 150, disk_every: 2, verify_every: 1, check_all_every: 1 }.call(false)
}

/// The size of the long proof: 200 days of 50 seeds.
#[must_use]
pub fn full() -> Call {
    Args { days: 200, seeds: 50, seed: None, actions: 60, disk_every: 10, verify_every: 20, check_all_every: 50 }
        .call(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_that_failed_is_repeated_alone() {
        let args =
            Args { days: 3, seeds: 8, seed: Some(7), actions: 9, disk_every: 0, verify_every: 1, check_all_every: 1 };
        assert_eq!(
            args.call(true).to_string(),
            "cargo run --quiet --locked --package levee-sim --bin city-day --release -- --days 3 --seed 7 --actions 9 --disk-every 0 --verify-every 1 --check-all-every 1"
        );
    }
}
