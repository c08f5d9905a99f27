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
    /// Adds what these lines of a runner say.
    pub(super) fn add(&mut self, lines: &[String]) {
        for line in lines {
            let plain = without_colour(line);
            let Some(said) = closing(plain.trim()) else { continue };
            self.summaries += 1;
            self.passed += before(said, "passed");
            self.failed += before(said, "failed") + before(said, "timed out") + before(said, "exec failed");
            self.skipped += before(said, "ignored") + before(said, "skipped");
        }
    }

    /// `1234 passed, 0 failed, 5 skipped`, when a runner counted.
    pub(super) fn closing_line(self) -> Option<String> {
        let Self { passed, failed, skipped, summaries } = self;
        (summaries > 0).then(|| format!("tests: {passed} passed, {failed} failed, {skipped} skipped"))
    }
}

/// The counting part of `test result: …` (cargo test) or `Summary [ … ] …` (nextest).
fn closing(line: &str) -> Option<&str> {
    if let Some(result) = line.strip_prefix("test result:") {
        return result.split_once('.').map(|(_, counts)| counts);
    }
    line.strip_prefix("Summary [")?.split_once("run:").map(|(_, counts)| counts)
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

    fn counted(lines: &[&str]) -> Option<String> {
        let mut counts = Counts::default();
        counts.add(&lines.iter().map(ToString::to_string).collect::<Vec<_>>());
        counts.closing_line()
    }

    #[test]
    fn the_runners_lines_are_added_up() {
        assert_eq!(
            counted(&[
                "running 3 tests",
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
                "     Summary [   0.123s] 12 tests run: 9 passed (2 slow), 2 failed, 1 timed out, 4 skipped",
            ])
            .unwrap(),
            "tests: 12 passed, 3 failed, 5 skipped"
        );
    }

    #[test]
    fn colour_does_not_hide_a_summary() {
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m7\u{1b}[0m tests run: \u{1b}[1m7\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(counted(&[coloured]).unwrap(), "tests: 7 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn without_a_summary_nothing_is_claimed() {
        assert_eq!(counted(&["error: could not compile", "3 passed"]), None);
    }
}
