//! Holds 100,000 measures against the largest book, some times over, and prints the count of each verdict.
//!
//! It measures nothing itself: run it under a tool that tells processor time, as `bench/results/rulebook.md` says.

use jiff::civil::date;
use levee_rulebook::{Facts, Rulebook, judge, parse_cases};
use std::collections::BTreeMap;

const CHINA: &str = include_str!("../../../../rulebooks/china-covid-v9-20.yaml");
const CASES: &str = include_str!("../../../../rulebooks/questions.yaml");
const MEASURES: usize = 100_000;

fn main() {
    let runs: usize = std::env::args().nth(1).and_then(|given| given.parse().ok()).unwrap_or(1);
    let (Ok(book), Ok(cases)) = (Rulebook::parse(CHINA), parse_cases(CASES)) else { return };
    let facts: Vec<&Facts> = cases.iter().map(|case| &case.facts).cycle().take(MEASURES).collect();
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..runs {
        for facts in &facts {
            let judgement = judge(&book, date(2022, 11, 24), facts);
            *verdicts.entry(judgement.verdict.code()).or_default() += 1;
        }
    }
    #[expect(clippy::print_stdout, reason = "what an example is for")]
    {
        println!("{} rules, {runs} times {MEASURES} measures: {verdicts:?}", book.rules().count());
    }
}
