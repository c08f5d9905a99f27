//! `cargo xtask prove`: the long forms of what `cargo verify` tries in small.
//!
//! Every property with many more cases, and every test marked `#[ignore = "long: …"]`, optimised as the product is; then, unless only
//! some tests were asked for, the random plans of each class of problem, the simulated city days, the killed processes and the load of a served city in full size.
//! What it found goes to `bench/results/` by hand, with date and machine.

use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::run::{Call, spoken, timed};

/// Each class of problem: where its random plans are made and checked, and how many (10,000 in `cargo verify`; of openings 1,000). A plan
/// of openings takes as long as some fifty of the others: it searches, and plans the transfers too.
const CLASSES: [(&str, &str, &str); 5] = [
    ("laws", "properties::random_plans_pass_the_check", "1000000"),
    ("laws", "openings::random_openings_pass_the_check", "100000"),
    ("rooms", "properties::many_random_plans_pass_the_check", "1000000"),
    ("testing", "properties::a_proposal_passes_the_check", "1000000"),
    ("runs", "properties::the_checker_finds_nothing_on_any_day", "1000000"),
];
/// Random facts and histories of restrictions that are held against the laws.
const RANDOM_FACTS: &str = "1000000";
/// Random commands about restrictions through the use cases of a city.
const RANDOM_COMMANDS: &str = "1000000";

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
        calls.extend(CLASSES.map(plans));
        calls.extend([crate::sim::full(), crate::crash::full(), crate::load::full()]);
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
        .env("LEVEE_RANDOM_FACTS", RANDOM_FACTS)
        .env("LEVEE_RANDOM_COMMANDS", RANDOM_COMMANDS)
}

/// One class of problem, so that what takes long is seen to go on, and can be repeated alone.
fn plans((binary, test, many): (&str, &str, &str)) -> Call {
    let call = Call::cargo(&["test", "--release", "--locked", "--package", "levee-planner", "--test", binary]);
    call.arg("--").arg("--exact").arg(test).env("LEVEE_RANDOM_PLANS", many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_stands_before_what_the_tests_are_told() {
        let args = Args { cases: 500, filter: Some("planner".into()) };
        assert_eq!(
            call(&args).to_string(),
            "PROPTEST_CASES=500 INSTA_UPDATE=no LEVEE_RANDOM_FACTS=1000000 LEVEE_RANDOM_COMMANDS=1000000 cargo test --workspace --release --locked --no-fail-fast --tests planner -- --include-ignored"
        );
    }

    /// A test that was renamed would be proved by nobody, and `--exact` says nothing about it.
    #[test]
    fn every_class_of_problem_has_its_line_and_its_test() {
        let root = crate::tree::root().unwrap();
        for class in CLASSES {
            let (binary, test, _) = class;
            let (module, name) = test.split_once("::").unwrap();
            let file = root.join(format!("crates/engine/planner/tests/{binary}/{module}.rs"));
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(text.contains(&format!("fn {name}(")), "{} has no {name}", file.display());
            assert!(text.contains("LEVEE_RANDOM_PLANS"), "{} does not ask how many", file.display());
        }
        assert_eq!(
            plans(CLASSES[0]).to_string(),
            "LEVEE_RANDOM_PLANS=1000000 cargo test --release --locked --package levee-planner --test laws -- --exact properties::random_plans_pass_the_check"
        );
    }
}
