//! The timetable in a terminal: what is overdue first, section by section.

use crate::cli::Lang;
use crate::commands::brief_lang;
use crate::commands::day::lang_pick;
use crate::say;
use levee_app::operations::Operations;
use levee_brief::facts::Origin;
use levee_brief::operations::{Row, State};
use std::collections::BTreeMap;

/// Cells of a line's widest column.
const WHAT: usize = 44;

fn line(of: &Operations, row: &Row, lang: Lang) -> Vec<String> {
    let in_words = brief_lang(lang);
    let late = of.late_words(row, in_words).unwrap_or_default();
    let units =
        row.units.as_ref().map_or_else(String::new, |(n, unit)| format!(" {} {}", say::count(*n), in_words.of(unit)));
    let synthetic = if of.synthetic().1 && row.origin == Origin::Synthetic { " [S]" } else { "" };
    vec![
        format!("{} {}", row.state.sign(), row.state.name(in_words)),
        row.until.local.strftime("%m-%d %H:%M").to_string(),
        late,
        format!("{}{units}{synthetic}", in_words.of(&row.what)),
        in_words.of(&row.place_name).to_owned(),
        of.owner_words(row, in_words),
    ]
}

pub(super) fn of(of: &Operations, lang: Lang, limit: usize) -> String {
    let in_words = brief_lang(lang);
    let pick = |zh: &'static str, en: &'static str| lang_pick(lang, zh, en);
    let mut out = vec![format!(
        "{} · {} {}",
        in_words.of(&of.city),
        pick("按当时所知", "as known at"),
        of.at.local.strftime("%Y-%m-%d %H:%M")
    )];
    out.push(of.headline(in_words));
    let mut sections: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in of.rows.iter().filter(|row| row.is_open()) {
        sections.entry(&row.section).or_default().push(row);
    }
    let overdue = |rows: &[&Row]| rows.iter().filter(|row| row.state == State::Overdue).count();
    let mut sections: Vec<(&str, Vec<&Row>)> = sections.into_iter().collect();
    sections.sort_by_key(|(name, rows)| (std::cmp::Reverse(overdue(rows)), *name));
    for (section, rows) in &sections {
        let (all, late) = (say::count(rows.len() as u64), say::count(overdue(rows) as u64));
        let counts = match lang {
            Lang::Zh => format!("{all}行，逾期{late}"),
            Lang::En => format!("{all} lines, {late} overdue"),
        };
        out.push(format!("\n{}: {counts}", of.section_name(section, in_words)));
        let lines: Vec<Vec<String>> = rows.iter().take(limit).map(|row| line(of, row, lang)).collect();
        if !lines.is_empty() {
            out.push(say::wrapped_table(&lines, &[12, 11, 16, WHAT, 18, 40], &[2]));
        }
        if rows.len() > limit {
            let more = say::count((rows.len() - limit) as u64);
            out.push(match lang {
                Lang::Zh => format!("另有{more}行：--limit N，或 --html、--xlsx、--ics"),
                Lang::En => format!("{more} more: --limit N, or --html, --xlsx, --ics"),
            });
        }
    }
    let done = of.rows.iter().filter(|row| !row.is_open()).count() as u64;
    if done > 0 {
        out.push(format!("\n{} {}", pick("今日办结或结束的行：", "lines done or over today:"), say::count(done)));
    }
    let mut notes: BTreeMap<_, u64> = BTreeMap::new();
    for one in &of.unplaced {
        *notes.entry((one.source, one.why)).or_default() += 1;
    }
    if !notes.is_empty() || !of.missing.is_empty() {
        out.push(format!("\n{}", pick("未列入时刻表的，及其原因", "what has no line in the timetable, and why")));
    }
    for one in &of.missing {
        out.push(format!("  {}{}{}", in_words.of(&one.what), pick("：", ": "), in_words.of(&one.why)));
    }
    for ((source, why), n) in notes {
        let (name, why) = (source.name(in_words), why.words());
        out.push(match lang {
            Lang::Zh => format!("  {name}{}项：{}", say::count(n), why.zh),
            Lang::En => format!("  {} of {name}: {}", say::count(n), why.en),
        });
    }
    if of.synthetic().0 {
        out.push(format!(
            "\n{}",
            match of.synthetic().1 {
                true => pick("[S] 依据模拟数据", "[S] rests on invented rows"),
                false => pick("全部依据模拟数据", "everything rests on invented rows"),
            }
        ));
    }
    out.join("\n")
}
