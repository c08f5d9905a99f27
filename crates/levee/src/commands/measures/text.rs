//! The audit for people: what was found in one line, then each measure with its reasons, then the districts.

use super::super::rulebook::words::{change, clause, pick, title, verdict};
use crate::cli::Lang;
use crate::say;
use levee_app::audit::MeasuresAudit;
use levee_measures::audit::{Audited, Rests, Span, Told, counts};
use levee_model::area::PlaceCode;
use levee_rulebook::{Outcome, Rulebook, Verdict};

/// Terminal cells of a line.
const WIDE: usize = 100;

pub(super) fn of(audit: &MeasuresAudit, book: &Rulebook, lang: Lang) -> String {
    let mut lines = vec![headline(audit, book, lang)];
    lines.push(
        pick(
            lang,
            "以下按当日规定逐项对照事实，仅作描述；Levee 既不认可这些措施，也不认可这些规定。",
            "This describes what was done beside what the rules of the day said; Levee endorses neither.",
        )
        .to_owned(),
    );
    for one in &audit.measures {
        lines.push(String::new());
        measure(audit, book, one, lang, &mut lines);
    }
    recorded(audit, lang, &mut lines);
    lines.push(String::new());
    districts(audit, lang, &mut lines);
    for one in &audit.layered {
        let (lower, higher) = (&one.lower, &one.higher);
        push(
            &mut lines,
            0,
            &match lang {
                Lang::Zh => format!("层层加码：{lower}重复上级命令{higher}，天数更多或范围更大"),
                Lang::En => {
                    format!("layering on: {lower} repeats the higher order {higher} with more days or a wider scope")
                }
            },
        );
    }
    unread(audit, lang, &mut lines);
    lines.join("\n")
}

fn headline(audit: &MeasuresAudit, book: &Rulebook, lang: Lang) -> String {
    let (on, id) = (audit.on, book.id());
    if audit.measures.is_empty() {
        return match lang {
            Lang::Zh => format!("{on}：没有可对照`{id}`的措施记录。没有记录不等于没有措施。"),
            Lang::En => format!("{on}: no measure is on record to hold against `{id}`. No record is not no measure."),
        };
    }
    let counts = counts(&audit.measures);
    let said: Vec<String> = [
        Verdict::Blocked,
        Verdict::Stricter,
        Verdict::Laxer,
        Verdict::Undetermined,
        Verdict::Within,
        Verdict::NotCovered,
    ]
    .into_iter()
    .filter_map(|one| counts.get(&one).map(|count| (one, count)))
    .map(|(one, count)| match lang {
        Lang::Zh => format!("{}{count}项", verdict(lang, one)),
        Lang::En => format!("{count} {}", verdict(lang, one)),
    })
    .collect();
    let number = audit.measures.len();
    match lang {
        Lang::Zh => format!("截至{on}，{number}项外部措施对照`{id}`：{}", said.join("，")),
        Lang::En => format!("{number} measures of others by {on}, held against `{id}`: {}", said.join(", ")),
    }
}

fn measure(audit: &MeasuresAudit, book: &Rulebook, one: &Audited, lang: Lang, lines: &mut Vec<String>) {
    let seen = &one.seen;
    let words: Vec<&str> = seen.words.iter().map(|(en, zh)| pick(lang, zh, en)).collect();
    let places: Vec<&str> = seen.places.iter().map(|place| name(audit, place, lang)).collect();
    let until = match (seen.until, lang) {
        (Some(until), _) => until.to_string(),
        (None, Lang::Zh) => "结束日期未知".to_owned(),
        (None, Lang::En) => "no end known".to_owned(),
    };
    lines.push(format!("{}  {} .. {until}  {}", seen.id, seen.since, places.join(pick(lang, "、", ", "))));
    push(lines, 4, &words.join("; "));
    for span in &one.spans {
        let days = match lang {
            Lang::Zh => format!("{}天", span.days()),
            Lang::En => format!("{} d", span.days()),
        };
        let rules: Vec<&str> = span.rules.iter().map(|rule| rule.as_str()).collect();
        lines.push(format!(
            "    {} {}..{} ({days})  {}",
            verdict(lang, span.verdict),
            span.from,
            span.to,
            rules.join(", ")
        ));
        reasons(book, span, lang, lines);
    }
}

fn reasons(book: &Rulebook, span: &Span, lang: Lang, lines: &mut Vec<String>) {
    for told in span.reasons.iter().filter(|told| matches!(told.outcome, Outcome::Finding(_))) {
        finding(book, span, told, lang, lines);
    }
    let skipped: Vec<&Told> = span.reasons.iter().filter(|told| told.outcome == Outcome::Skipped).collect();
    let mut wanted: Vec<&str> = skipped
        .iter()
        .flat_map(|told| &told.facts_missing)
        .chain(span.possible.iter().flat_map(|(_, facts)| facts))
        .map(|path| path.as_str())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if let Some(begins) = span.before_book {
        let why = match lang {
            Lang::Zh => format!("规则库只收录{begins}起的文件，此前仅有更早的法律条文可对照"),
            Lang::En => {
                format!("the book restates texts from {begins} on; of the time before it holds only older laws")
            }
        };
        push(lines, 8, &why);
    } else if span.verdict == Verdict::Undetermined && span.by_book != Verdict::Undetermined {
        let why = pick(lang, "事实不足，没有一项规定可以核对", "nothing could be checked: facts are missing");
        push(lines, 8, why);
    }
    if !wanted.is_empty() {
        // With nothing known, every rule may apply: the facts asked first are enough to go on.
        let more = wanted.len().saturating_sub(6);
        let first = wanted.iter().take(6).copied().collect::<Vec<_>>().join(", ");
        let tail = match (more, lang) {
            (0, _) => String::new(),
            (more, Lang::Zh) => format!("等（另{more}项）"),
            (more, Lang::En) => format!(" and {more} more"),
        };
        let mut said = Vec::new();
        if !skipped.is_empty() {
            said.push(match lang {
                Lang::Zh => format!("{}项检查未能进行", skipped.len()),
                Lang::En => format!("{} check(s) not made", skipped.len()),
            });
        }
        if !span.possible.is_empty() {
            said.push(match lang {
                Lang::Zh => format!("{}条规定可能适用", span.possible.len()),
                Lang::En => format!("{} rule(s) may apply", span.possible.len()),
            });
        }
        let said = said.join(pick(lang, "，", ", "));
        push(lines, 8, &format!("{said}{}{first}{tail}", pick(lang, "；未报告：", "; not reported: ")));
    }
}

fn finding(book: &Rulebook, span: &Span, told: &Told, lang: Lang, lines: &mut Vec<String>) {
    let clauses: Vec<String> = told.clauses.iter().map(|one| clause(lang, book, one)).collect();
    let check = told.check.as_deref().unwrap_or("applies");
    let local = if told.local { pick(lang, "（地方规定）", " (local text)") } else { "" };
    push(lines, 8, &format!("{}/{check}: {}{local}", told.rule, title(lang, &told.title)));
    push(lines, 10, &format!("{} [{}]", told.why, clauses.join("; ")));
    for (path, value) in &told.facts_used {
        let rests = span.facts.iter().find(|fact| fact.path == *path).map(|fact| match &fact.rests {
            Rests::Words { event, why_en, why_zh, .. } => format!("{event}: {}", pick(lang, why_zh, why_en)),
            Rests::Figures { what_en, what_zh } => pick(lang, what_zh, what_en).to_owned(),
        });
        push(lines, 10, &format!("{path} = {value} ({})", rests.unwrap_or_default()));
    }
    for one in &told.changes {
        push(lines, 10, &format!("-> {}", change(lang, one)));
    }
}

fn districts(audit: &MeasuresAudit, lang: Lang, lines: &mut Vec<String>) {
    let aged = |list: &[(String, i64)]| -> String {
        let said: Vec<String> = list
            .iter()
            .map(|(id, days)| match lang {
                Lang::Zh => format!("{id}（{days}天）"),
                Lang::En => format!("{id} ({days} d)"),
            })
            .collect();
        said.join(", ")
    };
    let mut rows = vec![
        match lang {
            Lang::Zh => ["区县", "在执行", "严于规定", "宽于规定", "无法判定"],
            Lang::En => ["district", "in force", "stricter", "laxer", "undetermined"],
        }
        .map(str::to_owned)
        .to_vec(),
    ];
    // Districts in the same state are one row: 38 equal rows say nothing more.
    let mut same: Vec<(Vec<&PlaceCode>, Vec<String>)> = Vec::new();
    for (code, standing) in audit.districts.iter().filter(|(_, standing)| !standing.counts.is_empty()) {
        let undetermined = standing.counts.get(&Verdict::Undetermined).copied().unwrap_or(0);
        let cells = vec![
            standing.counts.values().sum::<usize>().to_string(),
            aged(&standing.stricter),
            aged(&standing.laxer),
            undetermined.to_string(),
        ];
        match same.iter_mut().find(|(_, other)| *other == cells) {
            Some((codes, _)) => codes.push(code),
            None => same.push((vec![code], cells)),
        }
    }
    if same.is_empty() {
        return;
    }
    same.sort_by_key(|(codes, _)| codes.len());
    for (codes, cells) in same {
        let first: Vec<&str> = codes.iter().take(3).map(|code| name(audit, code, lang)).collect();
        let named = match (codes.len().saturating_sub(3), lang) {
            (0, _) => first.join(pick(lang, "、", ", ")),
            (more, Lang::Zh) => format!("{}等{}个", first.join("、"), more + 3),
            (more, Lang::En) => format!("{} and {more} more", first.join(", ")),
        };
        rows.push([vec![named], cells].concat());
    }
    lines.push(match lang {
        Lang::Zh => format!("{}当日在执行的措施，按区县：", audit.on),
        Lang::En => format!("In force on {}, by district:", audit.on),
    });
    lines.push(say::table(&rows, &[1, 4]));
}

/// What people wrote down by hand, with what speaks against it.
fn recorded(audit: &MeasuresAudit, lang: Lang, lines: &mut Vec<String>) {
    if audit.recorded.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(match lang {
        Lang::Zh => format!("人工记录的外部措施 {} 项：", audit.recorded.len()),
        Lang::En => format!("Recorded by hand: {}", audit.recorded.len()),
    });
    for one in &audit.recorded {
        let unknown = || pick(lang, "不明", "unknown").to_owned();
        let day = |at: Option<jiff::Timestamp>| {
            at.map_or_else(unknown, |at| audit.calendar.civil(at).strftime("%Y-%m-%d %H:%M").to_string())
        };
        lines.push(format!("{}  {} .. {}  {}", one.id, day(one.since), day(one.end), name(audit, &one.area, lang)));
        push(lines, 4, &format!("{} [{}]", one.what, one.report));
        for flag in super::observe::flags(one, lang) {
            push(lines, 4, &flag);
        }
    }
}

fn unread(audit: &MeasuresAudit, lang: Lang, lines: &mut Vec<String>) {
    if audit.unread.is_empty() {
        return;
    }
    lines.push(String::new());
    let ids: Vec<String> = audit.unread.iter().map(|event| format!("{} ({})", event.id, event.kind)).collect();
    let said = match lang {
        Lang::Zh => format!("{}起事件没有人解读为措施（见 measure_facts 表）：{}", ids.len(), ids.join("、")),
        Lang::En => {
            format!("{} events that nobody read as a measure (table measure_facts): {}", ids.len(), ids.join(", "))
        }
    };
    push(lines, 0, &said);
}

fn name<'a>(audit: &'a MeasuresAudit, place: &'a PlaceCode, lang: Lang) -> &'a str {
    audit.places.name(place).map_or(place.as_str(), |name| pick(lang, &name.short_zh, &name.short_en))
}

/// A text in lines that are indented alike.
fn push(lines: &mut Vec<String>, indent: usize, text: &str) {
    let margin = " ".repeat(indent);
    for line in say::wrap(text, WIDE.saturating_sub(indent)) {
        lines.push(format!("{margin}{line}"));
    }
}
