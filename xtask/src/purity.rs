//! What the source of an engine must not mention: files, sockets, clocks, the environment, threads, chance of its own.
//!
//! The layer test keeps crates out; this keeps the standard library's own doors shut. Tests are free to open them.

use crate::tree::{TextFile, Tree};

/// Where the rule holds: sources of the model and of the engines.
fn is_engine_source(path: &str) -> bool {
    let in_layer = path.starts_with("crates/model/src/")
        || (path.starts_with("crates/engine/") && path.split('/').nth(3) == Some("src"));
    let in_tests = path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs");
    in_layer && path.ends_with(".rs") && !in_tests
}

/// Parts of `std` that reach outside.
const STD: &[&str] = &["fs", "net", "env", "thread", "process", "os"];

/// Words that reach outside, wherever they come from.
const WORDS: &[(&str, &str)] = &[
    ("Instant::now", "a clock"),
    ("SystemTime", "a clock"),
    ("Timestamp::now", "a clock"),
    ("Zoned::now", "a clock"),
    ("TimeZone::system", "the machine's time zone; a city's stands in its settings"),
    ("now_v7", "an id from clock and chance"),
    ("new_v4", "an id from chance"),
    ("thread_rng", "chance that nobody handed in"),
    ("from_os_rng", "chance that nobody handed in"),
    ("from_entropy", "chance that nobody handed in"),
    ("OsRng", "chance that nobody handed in"),
    ("rand::rng()", "chance that nobody handed in"),
    ("RandomState", "hashes that differ between runs"),
    ("std::io::std", "the terminal"),
];

/// Something that an engine must not mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impurity {
    /// The file, from the root.
    pub path: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What stands there, and what it reaches.
    pub what: String,
}

/// Everything impure in the engines' sources.
#[must_use]
pub fn impurities(tree: &Tree) -> Vec<Impurity> {
    tree.texts.iter().filter(|file| is_engine_source(&file.path)).flat_map(in_file).collect()
}

/// How many files the rule reads. A rule that reads none holds nothing.
#[must_use]
pub fn files_read(tree: &Tree) -> usize {
    tree.texts.iter().filter(|file| is_engine_source(&file.path)).count()
}

fn in_file(file: &TextFile) -> Vec<Impurity> {
    let mut found = Vec::new();
    let code = code_only(&file.text);
    for (at, line) in code.lines().enumerate() {
        let mut add = |what: String| found.push(Impurity { path: file.path.clone(), line: at + 1, what });
        for (word, reaches) in WORDS {
            if line.contains(word) {
                add(format!("`{word}` ({reaches})"));
            }
        }
    }
    for (at, part) in parts_of_std(&code) {
        if STD.contains(&part) {
            let line = code[..at].lines().count().max(1);
            found.push(Impurity { path: file.path.clone(), line, what: format!("`std::{part}`") });
        }
    }
    found.sort_by_key(|impurity| impurity.line);
    found
}

/// The source with comments blanked and without the test module, which stands last in our files.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_tests = line.trim() == "#[cfg(test)]"
            && lines.peek().is_some_and(|next| next.contains("mod ") && next.contains('{'));
        if opens_tests {
            break;
        }
        let without_comment = line.find("//").map_or(line, |at| &line[..at]);
        code.push_str(without_comment);
        code.push('\n');
    }
    code
}

/// Each `std::x`, and each x of `std::{x, y::z}`, with its place.
fn parts_of_std(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("std::") {
        let rest = &code[at + "std::".len()..];
        match rest.strip_prefix('{') {
            None => found.push((at, word(rest))),
            Some(group) => {
                let mut depth = 0_i32;
                let mut starts = true;
                for (offset, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => starts = true,
                        c if starts && !c.is_whitespace() => {
                            starts = false;
                            found.push((at, word(&group[offset..])));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let tree = Tree { texts: vec![TextFile { path: path.into(), text: text.into() }], paths: vec![path.into()] };
        impurities(&tree).into_iter().map(|found| format!("{}: {}", found.line, found.what)).collect()
    }

    const ENGINE: &str = "crates/engine/picture/src/care.rs";

    #[test]
    fn an_engine_that_opens_a_file_is_found_however_it_says_so() {
        assert_eq!(found(ENGINE, "\nlet x = std::fs::read(p);\n"), ["2: `std::fs`"]);
        assert_eq!(found(ENGINE, "use std::{collections::BTreeMap, fs};\n"), ["1: `std::fs`"]);
        assert_eq!(found(ENGINE, "use std::{\n    fmt::{self, Display},\n    thread,\n};\n"), ["1: `std::thread`"]);
        assert_eq!(found(ENGINE, "let id = Uuid::now_v7();\n"), ["1: `now_v7` (an id from clock and chance)"]);
    }

    #[test]
    fn comments_tests_and_the_rest_of_std_are_free() {
        let text = "//! Never std::fs.\nuse std::{fmt::Write as _, collections::BTreeMap};\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert_eq!(found(ENGINE, text), [""; 0]);
        assert_eq!(found("crates/engine/picture/src/tests.rs", "use std::fs;"), [""; 0]);
        assert_eq!(found("crates/edge/store/src/lib.rs", "use std::fs;"), [""; 0]);
    }
}
