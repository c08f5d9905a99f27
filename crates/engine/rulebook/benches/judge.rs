//! How long does it take to hold a city's measures against its book?

use divan::counter::ItemsCount;
use jiff::civil::date;
use levee_rulebook::{Facts, Rulebook, Verdict, judge, parse_cases};
use std::hint::black_box;

const CHINA: &str = include_str!("../../../../rulebooks/china-covid-v9-20.yaml");
const CASES: &str = include_str!("../../../../rulebooks/questions.yaml");

fn main() {
    divan::main();
}

/// 10^3 is a district's measures in a bad week, 10^5 those of a city with every quarantine of a person.
#[divan::bench(args = [1_000, 100_000], sample_count = 10)]
fn judge_measures(bencher: divan::Bencher<'_, '_>, measures: usize) {
    let Ok(book) = Rulebook::parse(CHINA) else { return };
    let cases = parse_cases(CASES).unwrap_or_default();
    let facts: Vec<&Facts> = cases.iter().map(|case| &case.facts).cycle().take(measures).collect();
    bencher.counter(ItemsCount::new(measures)).bench(|| {
        let blocked = black_box(&facts)
            .iter()
            .filter(|facts| judge(&book, date(2022, 11, 24), facts).verdict == Verdict::Blocked)
            .count();
        assert!(blocked >= measures / 25, "a fast wrong answer is not a result");
    });
}

/// Reading the largest book.
#[divan::bench]
fn read_the_book() {
    assert!(Rulebook::parse(black_box(CHINA)).is_ok());
}
