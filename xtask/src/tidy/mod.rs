//! `cargo xtask tidy`: the house rules that no other tool keeps.
//!
//! In: the files of the repository. Out: what breaks a rule, where, and how to mend it. Each rule is a function over the
//! [`Tree`] and has a test that breaks it.

mod docs;
mod manifests;
mod source;
mod text;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::tree::Tree;

/// One breach of a house rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// File from the root.
    path: String,
    /// Line, counted from 1; 0 when the whole file is meant.
    line: usize,
    /// What is wrong, and how to mend it.
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    source::small_files,
    source::crates_say_what_they_are,
    source::silenced_lints_say_why,
    source::engines_touch_nothing_outside,
    manifests::lints_and_licence_are_the_workspaces,
    manifests::the_licence_is_there,
    text::no_word_of_the_workplace,
    text::no_conflict_marks,
    text::tables_end_lines_as_unix_does,
    docs::links_lead_somewhere,
    docs::design_is_indexed,
    docs::the_map_names_what_is_there,
];

/// Checks every house rule and prints what breaks one.
pub fn tidy(root: &Path) -> Result<Answer> {
    let tree = Tree::read(root)?;
    let mut found: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    found.sort();
    for finding in &found {
        println!("{finding}");
    }
    println!("tidy: {} rules over {} files, {} finding(s)", RULES.len(), tree.paths.len(), found.len());
    Ok(if found.is_empty() { Answer::Yes } else { Answer::No })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::TextFile;

    /// A repository of these files.
    pub(super) fn tree(files: &[(&str, &str)]) -> Tree {
        let texts = files.iter().map(|(path, text)| TextFile { path: (*path).into(), text: (*text).into() }).collect();
        Tree { texts, paths: files.iter().map(|(path, _)| (*path).into()).collect() }
    }

    /// What a rule finds in them, one a line.
    pub(super) fn said(rule: Rule, files: &[(&str, &str)]) -> String {
        rule(&tree(files)).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}
