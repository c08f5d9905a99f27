//! `cargo xtask prove`: the long forms of what `cargo verify` tries in small.
//!
//! Every property with many more cases, and every test marked `#[ignore = "long: …"]`, optimised as the product is; then the
//! simulated city days and the killed processes in full size, unless only some tests were asked for. What it found goes to
//! `bench/results/` by hand, with date and machine.

use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::run::{Call, spoken, timed};

/// Random small plans that each class of problem makes and has checked (10,000 in `cargo verify`).
const RANDOM_PLANS: &str = "1000000";
/// Random facts and histories of restrictions that are held against the laws.
const RANDOM_FACTS: &str = "1000000";

/// What `cargo xtask prove` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Cases for each property (in `cargo verify` it is proptest's own 256, or what a test says)
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    cases: u32,
    /// Only tests whose path contains this
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
}

/// Runs all tests, long ones too, then the simulation and the killing.
pub fn prove(root: &Path, args: &Args) -> Result<Answer> {
    let mut calls = vec![call(args)];
    if args.filter.is_none() {
        calls.extend([crate::sim::full(), crate::crash::full()]);
    }
    let mut all = Answer::Yes;
    for call in calls {
        println!("   {call}");
        let (held, took) = timed(|| call.holds(root));
        println!("took {}", spoken(took));
        if !held? {
            all = Answer::No;
        }
    }
    Ok(all)
}

fn call(args: &Args) -> Call {
    let call = Call::cargo(&["test", "--workspace", "--release", "--locked", "--no-fail-fast", "--tests"]);
    let call = args.filter.iter().fold(call, |call, filter| call.arg(filter));
    let call = ["--", "--include-ignored"].iter().fold(call, |call, word| call.arg(*word));
    call.env("PROPTEST_CASES", args.cases.to_string())
        .env("INSTA_UPDATE", "no")
        .env("LEVEE_RANDOM_PLANS", RANDOM_PLANS)
        .env("LEVEE_RANDOM_FACTS", RANDOM_FACTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_stands_before_what_the_tests_are_told() {
        let args = Args { cases: 500, filter: Some("planner".into()) };
        assert_eq!(
            call(&args).to_string(),
            "PROPTEST_CASES=500 INSTA_UPDATE=no LEVEE_RANDOM_PLANS=1000000 LEVEE_RANDOM_FACTS=1000000 cargo test --workspace --release --locked --no-fail-fast --tests planner -- --include-ignored"
        );
    }
}
