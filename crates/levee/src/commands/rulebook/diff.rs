//! `levee rulebook diff`: what changed between two books, or between two days of one, and for whom.

use super::books::one;
use super::words::{pick, title, verdict};
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::say;
use jiff::civil::Date;
use levee_app::measures::Book;
use levee_rulebook::diff::{Changed, Difference, Instance, OneSided, Part, Side, also_replaces, concerns, diff};
use levee_rulebook::{Effective, Rule, Rulebook, Value as Fact};
use std::path::Path;
use std::process::ExitCode;

/// Terminal cells of a line.
const WIDE: usize = 100;

pub(super) fn run(cli: &Cli, before: &str, after: &str, lang: Lang) -> Result<ExitCode, Failure> {
    let ((old, old_day), (new, new_day)) = (side(before, lang)?, side(after, lang)?);
    let (old, new) = (old.rules(), new.rules());
    let found = diff(Side { book: old, on: old_day }, Side { book: new, on: new_day });
    if cli.json {
        say::json(&levee_app::rulebooks::document::difference(&found, (old, old_day), (new, new_day)));
    } else {
        say::out(&text(&found, (old, old_day), (new, new_day), lang));
    }
    Ok(ExitCode::SUCCESS)
}

/// A file or id, or either with `@DAY`. A file whose name ends like that is meant as it stands.
fn side(given: &str, lang: Lang) -> Result<(Book, Option<Date>), Failure> {
    let (file, day) = match given.rsplit_once('@') {
        Some((file, day)) if !Path::new(given).exists() => {
            let day = day.parse::<Date>().map_err(|_| {
                Failure::new(format!("`{day}` in `{given}` is no day"), "write FILE@2022-11-24, or FILE alone")
            })?;
            (file, Some(day))
        }
        _ => (given, None),
    };
    let book = one(Path::new(file), lang)?;
    match (day, book.rules().first_day()) {
        (Some(day), Some(first)) if day < first => Err(Failure::new(
            format!("{day} lies before every version of `{}`", book.rules().id()),
            format!("give a day from {first} on"),
        )),
        _ => Ok((book, day)),
    }
}

type Named<'a> = (&'a Rulebook, Option<Date>);

fn text(found: &Difference<'_>, before: Named<'_>, after: Named<'_>, lang: Lang) -> String {
    let named = |(book, day): Named<'_>| match day {
        Some(day) => format!("{}@{day}", book.id()),
        None => book.id().to_string(),
    };
    let (added, removed, changed) = (found.added.len(), found.removed.len(), found.changed.len());
    let mut lines = vec![match lang {
        Lang::Zh => format!(
            "{} -> {}：新增{added}条，取消{removed}条，变更{changed}条，未变{}条",
            named(before),
            named(after),
            found.same
        ),
        Lang::En => format!(
            "{} -> {}: {added} added, {removed} removed, {changed} changed, {} the same",
            named(before),
            named(after),
            found.same
        ),
    }];
    for one in &found.added {
        one_sided(one, pick(lang, "新增", "added"), lang, &mut lines);
    }
    for one in &found.removed {
        one_sided(one, pick(lang, "取消", "removed"), lang, &mut lines);
    }
    for one in &found.changed {
        changed_rule(one, lang, &mut lines);
    }
    lines.join("\n")
}

fn head(rule: &Rule, lang: Lang, lines: &mut Vec<String>) {
    push(lines, 4, title(lang, &rule.title));
    let whom: Vec<String> = concerns(rule).into_iter().collect();
    if !whom.is_empty() {
        push(lines, 4, &format!("{}{}", pick(lang, "涉及：", "for: "), whom.join(", ")));
    }
}

fn one_sided(one: &OneSided<'_>, said: &str, lang: Lang, lines: &mut Vec<String>) {
    let rule = one.rule;
    lines.push(format!("\n{said}  {}  {}  {}", rule.id, rule.kind, effective(rule.effective, lang)));
    head(rule, lang, lines);
    instance(one.instance.as_ref(), lang, lines);
}

fn changed_rule(one: &Changed<'_>, lang: Lang, lines: &mut Vec<String>) {
    let (before, after) = (one.before, one.after);
    let said = if before.id == after.id { pick(lang, "变更", "changed") } else { pick(lang, "取代", "replaced") };
    let ids = if before.id == after.id { after.id.to_string() } else { format!("{} -> {}", before.id, after.id) };
    lines.push(format!("\n{said}  {ids}  {}", after.kind));
    head(after, lang, lines);
    let also: Vec<&str> = also_replaces(after, &before.id).into_iter().map(|id| id.as_str()).collect();
    if before.id != after.id && !also.is_empty() {
        push(lines, 4, &format!("{}{}", pick(lang, "同时取代：", "also replaces: "), also.join(", ")));
    }
    let mut words = Vec::new();
    for part in &one.parts {
        if let Part::Words(field) = part {
            words.push(*field);
            continue;
        }
        push(lines, 4, &said_of(part, one, lang));
    }
    if !words.is_empty() {
        push(lines, 4, &format!("{}{}", pick(lang, "文字变更：", "other fields: "), words.join(", ")));
    }
    instance(one.instance.as_ref(), lang, lines);
}

fn said_of(part: &Part<'_>, one: &Changed<'_>, lang: Lang) -> String {
    let number = |value: &Option<Option<&Fact>>| match value {
        None => pick(lang, "无", "not there").to_owned(),
        Some(None) => pick(lang, "未查到", "not found").to_owned(),
        Some(Some(value)) => value.to_string(),
    };
    match part {
        Part::Effective => format!(
            "{}{} -> {}",
            pick(lang, "施行：", "in force: "),
            effective(one.before.effective, lang),
            effective(one.after.effective, lang)
        ),
        Part::Applies => {
            format!("{}{} -> {}", pick(lang, "适用条件：", "applies: "), one.before.applies, one.after.applies)
        }
        Part::Param { name, before, after } => format!("{name}: {} -> {}", number(before), number(after)),
        Part::Check { id, before: None, after: Some(check) } => {
            format!("{}{id} ({}): {}", pick(lang, "新增检查 ", "check added: "), check.otherwise, check.why)
        }
        Part::Check { id, before: Some(check), .. } if part_gone(part) => {
            format!("{}{id} ({}): {}", pick(lang, "取消检查 ", "check removed: "), check.otherwise, check.why)
        }
        Part::Check { id, before, after } => {
            let asked = |check: &Option<&levee_rulebook::Check>| {
                check.map(|check| format!("{} ({})", check.assert, check.otherwise)).unwrap_or_default()
            };
            format!("{}{id}: {} -> {}", pick(lang, "检查变更 ", "check changed: "), asked(before), asked(after))
        }
        Part::Obligation { id, owed_to, was, is } => {
            let said = match (was, is) {
                (false, _) => pick(lang, "新增应尽事项 ", "owed from now on: "),
                (_, false) => pick(lang, "不再应尽 ", "no longer owed: "),
                _ => pick(lang, "应尽事项变更 ", "owed otherwise: "),
            };
            format!("{said}{id} ({owed_to})")
        }
        Part::Words(field) => (*field).to_owned(),
    }
}

fn part_gone(part: &Part<'_>) -> bool {
    matches!(part, Part::Check { after: None, .. })
}

fn effective(span: Effective, lang: Lang) -> String {
    let to = span.to.map_or_else(|| pick(lang, "未定", "open").to_owned(), |to| to.to_string());
    format!("{}..{to}", span.from)
}

fn instance(found: Option<&Instance>, lang: Lang, lines: &mut Vec<String>) {
    let Some(found) = found else {
        push(lines, 4, pick(lang, "未找到判定不同的事例", "no facts were found that are judged otherwise"));
        return;
    };
    let facts: Vec<String> = found.facts.iter().map(|(path, value)| format!("{path}={value}")).collect();
    let [was, is] = [found.before, found.after].map(|(one, day)| format!("{} ({day})", verdict(lang, one)));
    let by = if found.whole { "" } else { pick(lang, "（仅就本条）", " (this rule alone)") };
    push(
        lines,
        4,
        &match lang {
            Lang::Zh => format!("例如 {}：原{was}，现{is}{by}", facts.join(", ")),
            Lang::En => format!("for instance {}: was {was}, is {is}{by}", facts.join(", ")),
        },
    );
}

/// A text in lines that are indented alike.
fn push(lines: &mut Vec<String>, indent: usize, text: &str) {
    let margin = " ".repeat(indent);
    for line in say::wrap(text, WIDE.saturating_sub(indent)) {
        lines.push(format!("{margin}{line}"));
    }
}
