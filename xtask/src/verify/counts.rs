//! How many tests ran, as the test runners counted them. Nothing is counted here that a runner did not say.

/// Sums over the runners' own closing lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
    /// Closing lines that were read. Without one, nothing is known.
    summaries: u64,
}

impl Counts {
    /// Adds what these lines of one run of a runner say.
    ///
    /// Nextest closes once, and repeats before that what a failed test's own harness printed (`test result: …`, indented):
    /// where nextest closed, only that counts. `cargo test` closes once for each binary.
    pub(super) fn add(&mut self, lines: &[String]) {
        let plain: Vec<String> = lines.iter().map(|line| without_colour(line)).collect();
        let nextest = plain.iter().rev().find_map(|line| line.trim().strip_prefix("Summary [")?.split_once("run:"));
        let closings: Vec<&str> = match nextest {
            Some((_, counts)) => vec![counts],
            None => {
                plain.iter().filter_map(|line| Some(line.strip_prefix("test result:")?.split_once('.')?.1)).collect()
            }
        };
        for counts in closings {
            self.summaries += 1;
            self.passed += before(counts, "passed");
            self.failed += before(counts, "failed") + before(counts, "timed out") + before(counts, "exec failed");
            self.skipped += before(counts, "ignored") + before(counts, "skipped");
        }
    }

    /// `1234 passed, 0 failed, 5 skipped`, when a runner counted.
    pub(super) fn closing_line(self) -> Option<String> {
        let Self { passed, failed, skipped, summaries } = self;
        (summaries > 0).then(|| format!("tests: {passed} passed, {failed} failed, {skipped} skipped"))
    }
}

/// The number before a word: 12 in `…; 12 passed (1 slow), …`. Absent is none.
fn before(counts: &str, word: &str) -> u64 {
    let part = counts.split([',', ';']).map(str::trim).find_map(|part| {
        let (number, rest) = part.split_once(' ')?;
        (rest == word || rest.starts_with(&format!("{word} ("))).then_some(number)
    });
    part.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The line without escape sequences for colour (`ESC [ … m`).
fn without_colour(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said after these runs.
    fn counted(runs: &[&[&str]]) -> Option<String> {
        let mut counts = Counts::default();
        for lines in runs {
            counts.add(&lines.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        counts.closing_line()
    }

    #[test]
    fn the_runners_lines_are_added_up() {
        let examples = [
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        let tests = ["     Summary [   0.123s] 12 tests run: 9 passed (2 slow), 2 failed, 1 timed out, 4 skipped"];
        assert_eq!(counted(&[&examples, &tests]).unwrap(), "tests: 14 passed, 3 failed, 5 skipped");
    }

    #[test]
    fn a_failed_test_is_counted_once_although_nextest_repeats_its_harness() {
        let lines = [
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 5 filtered out; finished in 0.66s",
            "     Summary [   0.7s] 2 tests run: 1 passed, 1 failed, 0 skipped",
        ];
        assert_eq!(counted(&[&lines]).unwrap(), "tests: 1 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn colour_does_not_hide_a_summary() {
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m7\u{1b}[0m tests run: \u{1b}[1m7\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(counted(&[&[coloured]]).unwrap(), "tests: 7 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn without_a_summary_nothing_is_claimed() {
        assert_eq!(counted(&[&["error: could not compile", "3 passed"]]), None);
    }
}
