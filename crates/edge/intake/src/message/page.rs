//! `docs/errors.md`: the page of codes, written from the table of messages.

use super::MESSAGES;
use std::fmt::Write as _;

const GROUPS: &[(&str, &str, &str)] = &[
    ("L10", "The file as a whole", "Nothing of the file is taken in."),
    ("L11", "One cell", "The row is rejected and comes back with its mend; the other rows are taken in."),
    ("L12", "Cells that do not agree", "The row is rejected."),
    ("L13", "Contradictions", "The row is accepted as stated and flagged: what somebody reports is a fact."),
    ("L14", "Things to know", "Told to whoever reads the file; nothing is rejected."),
    ("L15", "A pack", "Found by `levee pack check`; a pack with any of them is not read."),
];

/// The text of `docs/errors.md`. A test compares it with the file.
pub fn errors_page() -> String {
    let mut out = String::from(
        "# Error codes of intake\n\nWritten from the table in `crates/edge/intake/src/message/codes.rs`; do not edit by hand. A code keeps its\nmeaning for good. `{cell}` is the column with its value; `{0}`, `{1}` are arguments.\n",
    );
    for (prefix, title, effect) in GROUPS {
        // Writing into a String cannot fail.
        let _ = write!(out, "\n## {prefix}xx: {title}\n\n{effect}\n\n");
        out.push_str("| code | what | mend | 问题 | 处理 |\n| --- | --- | --- | --- | --- |\n");
        for m in MESSAGES.iter().filter(|m| m.code.starts_with(prefix)) {
            let _ = writeln!(
                out,
                "| <a id=\"{0}\"></a>{0} | {1} | {2} | {3} | {4} |",
                m.code, m.what_en, m.mend_en, m.what_zh, m.mend_zh
            );
        }
    }
    out
}
