//! What went wrong and how to mend it, in both languages of the interface.
//!
//! A problem is a stable code with arguments; the sentences stand here, once. Screens, the command line, the file of
//! rejected rows and `docs/errors.md` all render from [`MESSAGES`].

mod codes;
mod page;

pub use codes::{MESSAGES, Message, code};
pub use page::errors_page;

use levee_model::table::CellProblem;

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// The code as the table has it. A code that an older or newer version wrote and this one lacks is given back as a plain
/// bad value, so that its row can still be mended.
pub fn known_code(stored: &str) -> &'static str {
    MESSAGES.iter().find(|message| message.code == stored).map_or(code::BAD_VALUE, |message| message.code)
}

/// Longest piece of a value that a sentence repeats, in characters. Longer ones are cut: the file itself holds them.
const SHOWN: usize = 60;

/// The sentences for a problem of a cell: what is wrong, and what to do about it.
pub fn explain(problem: &CellProblem, lang: Lang) -> (String, String) {
    let cell = match (problem.value.is_empty(), lang) {
        (true, _) => format!("`{}`", problem.column),
        (false, Lang::En) => format!("`{}` = “{}”", problem.column, shown(&problem.value)),
        (false, Lang::Zh) => format!("`{}`＝“{}”", problem.column, shown(&problem.value)),
    };
    render(problem.code, &cell, &problem.args, lang)
}

/// The sentences for `code`: `{cell}` and `{0}`, `{1}`, … are filled in. An unknown code renders as itself.
pub(crate) fn render(code: &str, cell: &str, args: &[String], lang: Lang) -> (String, String) {
    let Some(message) = MESSAGES.iter().find(|m| m.code == code) else {
        return (format!("{cell}: {code}"), String::new());
    };
    let (what, mend) = match lang {
        Lang::En => (message.what_en, message.mend_en),
        Lang::Zh => (message.what_zh, message.mend_zh),
    };
    (fill(what, cell, args), fill(mend, cell, args))
}

/// One pass over the template, so that braces inside an argument are never taken for a place to fill.
fn fill(template: &str, cell: &str, args: &[String]) -> String {
    let mut out = String::with_capacity(template.len() + cell.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = from.find('}') else {
            rest = from;
            break;
        };
        match from.get(1..close) {
            Some("cell") => out.push_str(cell),
            Some(name) => match name.parse::<usize>().ok().and_then(|n| args.get(n)) {
                Some(arg) => out.push_str(arg),
                // A sentence whose argument is absent reads as an ellipsis rather than failing.
                None => out.push('…'),
            },
            None => {}
        }
        rest = from.get(close + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// A value as a sentence shows it: one line, cut when long.
pub(crate) fn shown(value: &str) -> String {
    let mut out: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_every_sentence_is_there() {
        let codes: BTreeSet<&str> = MESSAGES.iter().map(|m| m.code).collect();
        assert_eq!(codes.len(), MESSAGES.len());
        for m in MESSAGES {
            assert!(m.code.len() == 5 && m.code.starts_with("L1"), "{}", m.code);
            for text in [m.what_en, m.mend_en, m.what_zh, m.mend_zh] {
                assert!(!text.is_empty(), "{}", m.code);
            }
        }
    }

    #[test]
    fn both_languages_use_the_same_arguments() {
        let places = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(name, _)| name.to_owned()).collect()
        };
        for m in MESSAGES {
            let en: BTreeSet<String> = places(m.what_en).union(&places(m.mend_en)).cloned().collect();
            let zh: BTreeSet<String> = places(m.what_zh).union(&places(m.mend_zh)).cloned().collect();
            assert_eq!(en, zh, "{}", m.code);
        }
    }

    #[test]
    fn an_argument_with_braces_is_not_filled_again() {
        assert_eq!(fill("a {0} b {cell}", "{1}", &["{cell}".to_owned(), "no".to_owned()]), "a {cell} b {1}");
        assert_eq!(fill("{9} {open", "", &[]), "… {open");
    }
}
