//! Sentences by code, one for each language.
//!
//! A template is text with `**strong**` parts and places for arguments: `{n}` the argument as its kind writes it,
//! `{day!long}` a date with its month in full, `{n#bed|beds}` one of two words by count (English only). An argument that
//! was not given shows as unknown; a code that is not here shows as it is with its arguments. Neither ever fails.

mod ahead;
mod day;
mod moves;
mod plan;
mod said;
mod spoken;
mod timetable;

use crate::facts::{Arg, Message};
use crate::lang::{DateStyle, Lang, Speaker};
use crate::rich::{Rich, Run};

/// One code with its sentence in each language.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// Every code that other engines may use, and every sentence that this one composes.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    said::ENTRIES
        .iter()
        .chain(ahead::ENTRIES)
        .chain(day::ENTRIES)
        .chain(plan::ENTRIES)
        .chain(moves::ENTRIES)
        .chain(spoken::ENTRIES)
        .chain(timetable::ENTRIES)
}

/// Messages within messages are followed so far and no further; nobody composes sentences deeper than three.
const DEPTH: u8 = 6;

/// Writes a message in the speaker's language.
pub fn write(message: &Message, speaker: Speaker) -> Rich {
    write_at(message, speaker, 0)
}

fn write_at(message: &Message, speaker: Speaker, depth: u8) -> Rich {
    let Some(entry) = entries().find(|entry| entry.code == message.code).filter(|_| depth < DEPTH) else {
        return raw(message, speaker);
    };
    let mut out = Rich::default();
    for (at, half) in speaker.lang.pick(entry.zh, entry.en).split("**").enumerate() {
        let mut part = fill(half, message, speaker, depth);
        if at % 2 == 1 {
            part.0.iter_mut().for_each(|run| run.strong = true);
        }
        out.push(part);
    }
    out
}

/// A code without a sentence: itself and its arguments, so that nothing that was said is lost.
fn raw(message: &Message, speaker: Speaker) -> Rich {
    let mut out = Rich::text(message.code.clone());
    for (name, arg) in &message.args {
        out.push(Rich::text(speaker.lang.pick("；", "; ")));
        out.push(Rich::text(format!("{name} = ")));
        out.push(speaker.arg(arg, DateStyle::Short));
    }
    out
}

fn fill(mut rest: &str, message: &Message, speaker: Speaker, depth: u8) -> Rich {
    let mut out = Rich::default();
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        if open > 0 {
            out.push(Rich::text(&rest[..open]));
        }
        out.push(place(&rest[open + 1..close], message, speaker, depth));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        out.push(Rich::text(rest));
    }
    keep_units(out, speaker.lang)
}

fn place(name: &str, message: &Message, speaker: Speaker, depth: u8) -> Rich {
    if let Some((name, words)) = name.split_once('#') {
        let (one, many) = words.split_once('|').unwrap_or((words, words));
        let single = matches!(
            message.args.get(name),
            Some(Arg::Count(1) | Arg::Qualified { count: 1, qualifier: crate::facts::Qualifier::Exact })
        );
        return Rich::text(if single { one } else { many });
    }
    let (name, style) = match name.split_once('!') {
        Some((name, "long")) => (name, DateStyle::Long),
        Some((name, _)) => (name, DateStyle::Full),
        None => (name, DateStyle::Short),
    };
    match message.args.get(name) {
        None => Rich::unknown(speaker.unknown()),
        Some(arg) => write_arg(arg, style, speaker, depth),
    }
}

/// Writes an argument as its kind is written, for a cell of a table.
pub fn argument(arg: &Arg, style: DateStyle, speaker: Speaker) -> Rich {
    write_arg(arg, style, speaker, 0)
}

fn write_arg(arg: &Arg, style: DateStyle, speaker: Speaker, depth: u8) -> Rich {
    match arg {
        Arg::Message(inner) => write_at(inner, speaker, depth + 1),
        Arg::List(items) if depth < DEPTH => {
            speaker.list(items.iter().map(|item| write_arg(item, style, speaker, depth + 1)).collect())
        }
        Arg::List(_) => Rich::text("…"),
        plain => speaker.arg(plain, style),
    }
}

/// In Chinese a measure word follows its figure without a space; it must not be parted from it by the end of a line.
fn keep_units(rich: Rich, lang: Lang) -> Rich {
    if lang == Lang::En {
        return rich;
    }
    let mut out: Vec<Run> = Vec::with_capacity(rich.0.len());
    for mut run in rich.0 {
        if let Some(before) = out.last_mut().filter(|before| before.whole && !before.unknown && !run.whole) {
            let unit = run.text.chars().next().filter(|c| "例人张间管辆名项天次期%".contains(*c));
            if let Some(unit) = unit {
                before.text.push(unit);
                run.text.drain(..unit.len_utf8());
            }
        }
        if !run.text.is_empty() {
            out.push(run);
        }
    }
    Rich(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(template: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for part in template.split('{').skip(1) {
            let inside = part.split('}').next().unwrap_or("");
            names.insert(inside.split(['#', '!']).next().unwrap_or("").to_owned());
        }
        names
    }

    #[test]
    fn both_languages_say_the_same_figures() {
        let mut seen = BTreeSet::new();
        for entry in entries() {
            assert!(seen.insert(entry.code), "`{}` stands in the catalogue twice", entry.code);
            assert_eq!(
                places(entry.en),
                places(entry.zh),
                "`{}` says different figures in its two languages",
                entry.code
            );
            for template in [entry.en, entry.zh] {
                assert_eq!(template.matches('{').count(), template.matches('}').count(), "{template}");
                assert_eq!(template.matches("**").count() % 2, 0, "{template}");
            }
        }
    }

    #[test]
    fn chinese_is_written_with_full_width_punctuation_and_without_typed_spaces() {
        for entry in entries() {
            let bare = entry.zh.replace("**", "");
            assert!(!bare.contains([',', ';', '(', ')', '?', '!']) || bare.contains("!long"), "{bare}");
            assert!(!bare.contains('万'), "{bare}");
            assert!(!bare.contains(' '), "{bare}");
        }
    }

    #[test]
    fn what_is_missing_is_said_and_nothing_is_lost() {
        let en = Speaker { lang: Lang::En, year: 2022 };
        assert_eq!(write(&Message::new("not_kept_yet"), en).plain(), "not kept yet");
        assert!(write(&Message::new("too_old"), en).plain().contains("unknown"));
        let odd = Message::new("from_another_engine").count("n", 3);
        assert_eq!(write(&odd, en).plain(), "from_another_engine; n = 3");
        let mut deep = odd;
        for _ in 0..50 {
            deep = Message::new("said").with("text", Arg::Message(Box::new(deep)));
        }
        assert!(!write(&deep, en).plain().is_empty());
    }
}
