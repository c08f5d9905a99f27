//! Rules over all text files.

use crate::tidy::Finding;
use crate::tree::Tree;

/// Words that mean something only where somebody happened to work: a reader elsewhere can do nothing with them.
/// Written in two halves, so that this file does not break its own rule.
const WORKPLACE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("../sha", "red"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("registry.npmjs", ".org"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("deb.debian", ".org"),
];

pub(super) fn no_word_of_the_workplace(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in &tree.texts {
        for (line, text) in (1..).zip(file.text.lines()) {
            for word in WORKPLACE.iter().filter(|word| stands_in(text, word)) {
                found.push(Finding::new(
                    &file.path,
                    line,
                    format!("`{word}` belongs to one workplace: say it for everybody"),
                ));
            }
        }
    }
    found
}

/// Whether a word stands in a line on its own. A path inside an address of the web (`example.org` + path) does not count:
/// there a letter or digit stands before its first `/`.
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !word.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "-_.}".contains(c))
    })
}

pub(super) fn no_conflict_marks(tree: &Tree) -> Vec<Finding> {
    let marks = ["<<<<<<< ", ">>>>>>> "];
    let mut found = Vec::new();
    for file in &tree.texts {
        for (line, text) in (1..).zip(file.text.lines()) {
            if marks.iter().any(|mark| text.starts_with(mark)) {
                found.push(Finding::new(&file.path, line, "a merge was left half done"));
            }
        }
    }
    found
}

/// The tables of a pack are compared byte by byte with what their build gives.
pub(super) fn tables_end_lines_as_unix_does(tree: &Tree) -> Vec<Finding> {
    let tables = tree.ending(".csv").filter(|file| file.path.starts_with("packs/"));
    let mut found = Vec::new();
    for file in tables {
        if let Some(at) = file.text.find('\r') {
            let line = file.text[..at].matches('\n').count() + 1;
            found.push(Finding::new(&file.path, line, "a carriage return: end lines with LF alone"));
        }
        if file.text.starts_with('\u{feff}') {
            found.push(Finding::new(&file.path, 1, "a byte-order mark: write plain UTF-8"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_path_of_the_workplace_is_found_and_an_address_of_the_web_is_not() {
        let path = concat!("/wo", "rk/");
        let text = format!(
            "see {path}main\nhttps://example.org{path}main\nhttps://{host}/simple\n",
            host = concat!("pypi", ".org")
        );
        let found = said(no_word_of_the_workplace, &[("a.md", &text)]);
        let lines: Vec<_> = found.lines().map(|line| line.split_once(": ").unwrap().0).collect();
        assert_eq!(lines, ["a.md:1", "a.md:3"]);
    }

    #[test]
    fn a_merge_left_half_done_is_found() {
        let text = format!("a\n{}HEAD\nb\n", "<<<<<<< ");
        assert_eq!(said(no_conflict_marks, &[("a.rs", &text)]), "a.rs:2: a merge was left half done");
    }

    #[test]
    fn a_carriage_return_in_a_table_of_a_pack_is_found() {
        let files = [("packs/a/b.csv", "x\n1\r\n"), ("packs/a/c.csv", "x\n1\n"), ("elsewhere/d.csv", "x\r\n")];
        assert_eq!(
            said(tables_end_lines_as_unix_does, &files),
            "packs/a/b.csv:2: a carriage return: end lines with LF alone"
        );
    }
}
