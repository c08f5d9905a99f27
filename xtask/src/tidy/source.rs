//! Rules over Rust sources.

use crate::purity;
use crate::tidy::Finding;
use crate::tree::Tree;

/// A file longer than this has more than one subject.
const MOST_LINES: usize = 600;

pub(super) fn small_files(tree: &Tree) -> Vec<Finding> {
    let long =
        tree.ending(".rs").map(|file| (file, file.text.lines().count())).filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(file, lines)| {
        Finding::new(&file.path, 0, format!("{lines} lines, at most {MOST_LINES}: split it by subject"))
    })
    .collect()
}

/// Every crate opens with what it is for, and none is a placeholder.
pub(super) fn crates_say_what_they_are(tree: &Tree) -> Vec<Finding> {
    let roots =
        tree.texts.iter().filter(|file| file.path.ends_with("src/lib.rs") || file.path.ends_with("src/main.rs"));
    let mut found = Vec::new();
    for file in roots {
        let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if !first.starts_with("//! ") {
            found.push(Finding::new(
                &file.path,
                1,
                "does not open with `//!`: say what the crate is for, what goes in, what comes out",
            ));
        } else if first.contains("(in the making)") {
            found.push(Finding::new(
                &file.path,
                1,
                "is a placeholder: write the crate, or take it out of the workspace",
            ));
        }
    }
    found
}

/// `#[allow]` and `#[expect]` without a reason leave the next reader guessing.
pub(super) fn silenced_lints_say_why(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.ending(".rs") {
        for name in ["allow", "expect"] {
            for open in [format!("#[{name}("), format!("#![{name}(")] {
                for (at, _) in file.text.match_indices(&open) {
                    let attribute = file.text[at..].split(")]").next().unwrap_or_default();
                    let line = file.text[..at].matches('\n').count() + 1;
                    // Only where an attribute can stand: not in a text or a comment.
                    let in_place = file.text[..at].rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
                    if in_place && !attribute.contains("reason") {
                        found.push(Finding::new(
                            &file.path,
                            line,
                            format!("`{name}` without a reason: add `reason = \"…\"`"),
                        ));
                    }
                }
            }
        }
    }
    found
}

pub(super) fn engines_touch_nothing_outside(tree: &Tree) -> Vec<Finding> {
    let found = purity::impurities(tree).into_iter();
    found.map(|it| Finding::new(&it.path, it.line, format!("an engine uses {}: take it as a value", it.what))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_long_file_is_found_and_one_at_the_limit_is_not() {
        assert_eq!(
            said(small_files, &[("a.rs", &"x\n".repeat(601))]),
            "a.rs: 601 lines, at most 600: split it by subject"
        );
        assert_eq!(said(small_files, &[("a.rs", &"x\n".repeat(600)), ("b.csv", &"x\n".repeat(9000))]), "");
    }

    #[test]
    fn a_crate_without_a_word_or_with_an_empty_one_is_found() {
        let files = [
            ("crates/a/src/lib.rs", "\nuse std::fmt;\n"),
            ("crates/b/src/lib.rs", "//! (in the making)\n"),
            ("crates/c/src/main.rs", "//! Parses and wires.\nfn main() {}\n"),
        ];
        insta::assert_snapshot!(said(crates_say_what_they_are, &files), @"
        crates/a/src/lib.rs:1: does not open with `//!`: say what the crate is for, what goes in, what comes out
        crates/b/src/lib.rs:1: is a placeholder: write the crate, or take it out of the workspace
        ");
    }

    #[test]
    fn a_silenced_lint_needs_a_reason() {
        let text = "#![allow(a)]\n    #[expect(b)]\n#[allow(\n    c,\n    reason = \"because\"\n)]\n// #[allow(d)]\n";
        insta::assert_snapshot!(said(silenced_lints_say_why, &[("a.rs", text)]), @r#"
        a.rs:1: `allow` without a reason: add `reason = "…"`
        a.rs:2: `expect` without a reason: add `reason = "…"`
        "#);
    }
}
