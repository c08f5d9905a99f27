//! The page: both languages in one file, switched by style alone; for a screen, and for A4 paper laid across.
//!
//! Self-contained: no script, no font, no request; its content security policy forbids them all.

use super::facts::{Operations, Row, State};
use super::words::{lateness, speaker, who};
use super::{gantt, style};
use crate::facts::Origin;
use crate::html::{STYLE, esc, synthetic};
use crate::lang::Lang;
use crate::tokens;

/// Lines in the table of the page. A page with more is slow to open and read by nobody; JSON and the workbook hold all.
const TABLE: usize = 1500;

fn keys(of: &Operations, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let count = |state: State| of.rows.iter().filter(|row| row.state == state).count() as u64;
    let figures = [
        (State::Overdue.sign(), State::Overdue.name(lang), count(State::Overdue), true),
        (State::Owed.sign(), State::Owed.name(lang), count(State::Owed), false),
        (State::Live.sign(), lang.pick("生效措施", "measures live"), count(State::Live), false),
        (State::Planned.sign(), lang.pick("建议与计划", "proposed or planned"), count(State::Planned), false),
        ("!", lang.pick("无人负责", "nobody behind it"), of.unowned().count() as u64, true),
    ];
    let cells: String = figures
        .into_iter()
        .map(|(sign, name, n, loud)| {
            let class = if loud && n > 0 { " class=\"t-over\"" } else { "" };
            format!("<div><dt>{sign} {}</dt><dd{class}>{}</dd></div>", esc(name), speaker.count(n))
        })
        .collect();
    format!("<dl class=\"keys\">{cells}</dl>")
}

fn legend(lang: Lang) -> String {
    let items: String = State::ALL
        .into_iter()
        .map(|state| format!("<span><i class=\"b {}\"></i>{} {}</span>", state.code(), state.sign(), state.name(lang)))
        .collect();
    let soon = lang.pick("◔ 6小时内到期", "◔ due within 6 h");
    let ends = lang.pick("◇ 到时自动结束", "◇ ends by itself");
    let now = lang.pick("竖线：此刻", "upright line: this moment");
    format!("<div class=\"legend\">{items}<span>{soon}</span><span>{ends}</span><span>{now}</span></div>")
}

fn line(of: &Operations, row: &Row, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let late = row.late_minutes.map_or_else(String::new, |minutes| format!(" {}", lateness(minutes, speaker)));
    let units = row
        .units
        .as_ref()
        .map_or_else(String::new, |(count, unit)| format!(" {} {}", speaker.count(*count), lang.of(unit)));
    let mark = synthetic(speaker, of.synthetic().1 && row.origin == Origin::Synthetic);
    let note =
        row.note.as_ref().map_or_else(String::new, |note| format!("<div class=\"sub\">{}</div>", esc(lang.of(note))));
    let owner = esc(&who(row, lang));
    let owner = if row.is_open() && row.is_unowned() { format!("<span class=\"no\">! {owner}</span>") } else { owner };
    let from = row.from.map_or_else(String::new, |at| speaker.moment(at.local));
    format!(
        "<tr><th scope=\"row\"><span class=\"st {}\">{} {}{late}</span></th><td>{}</td><td>{owner}</td><td>{}{}{mark}{note}</td>\
         <td>{}</td><td>{}</td><td>{from}</td><td>{}</td><td>{}<div class=\"id\">{}</div></td></tr>",
        row.state.code(),
        row.state.sign(),
        row.state.name(lang),
        esc(&of.section_name(&row.section, lang)),
        esc(lang.of(&row.what)),
        esc(&units),
        esc(&of.district_name(&row.district, lang)),
        esc(lang.of(&row.place_name)),
        esc(&speaker.moment(row.until.local)),
        esc(row.source.name(lang)),
        esc(&row.id),
    )
}

fn table(of: &Operations, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let heads = lang.pick(
        ["状态", "工作组", "责任人", "事项", "区县", "地点", "自", "至（时限）", "来源"],
        ["State", "Section", "Owner", "What", "District", "Place", "From", "By or until", "Comes from"],
    );
    let widths = [8.0, 8.0, 14.0, 22.0, 8.0, 11.0, 8.5, 8.5, 12.0];
    let cols: String = widths.iter().map(|width| format!("<col style=\"width:{width}%\">")).collect();
    let head: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let body: String = of.rows.iter().take(TABLE).map(|row| line(of, row, lang)).collect();
    let all = of.rows.len();
    let note = if all > TABLE {
        let (all, shown) = (speaker.count(all as u64), speaker.count(TABLE as u64));
        lang.pick(
            format!("<p class=\"note\">共{all}行，此处列出最急的{shown}行；全部见JSON与工作簿。</p>"),
            format!("<p class=\"note\">{all} lines in all; these are the {shown} most pressing. JSON and workbook hold all.</p>"),
        )
    } else {
        String::new()
    };
    format!(
        "{note}<div class=\"wide\"><table class=\"tt\" aria-label=\"{}\"><colgroup>{cols}</colgroup><thead><tr>{head}</tr></thead>\
         <tbody>{body}</tbody></table></div>",
        lang.pick("时刻表", "Timetable")
    )
}

/// What has no line, and what could not go in at all.
fn outside(of: &Operations, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let mut items: Vec<String> = of
        .missing
        .iter()
        .map(|one| format!("{}{}{}", lang.of(&one.what), lang.pick("：", ": "), lang.of(&one.why)))
        .collect();
    let mut by: std::collections::BTreeMap<_, u64> = std::collections::BTreeMap::new();
    for one in &of.unplaced {
        *by.entry((one.source, one.why)).or_default() += 1;
    }
    items.extend(by.into_iter().map(|((source, why), n)| {
        let (n, why) = (speaker.count(n), why.words());
        lang.pick(
            format!("{}{n}项：{}", source.name(lang), why.zh),
            format!("{n} of {}: {}", source.name(lang), why.en),
        )
    }));
    if items.is_empty() {
        return String::new();
    }
    let list: String = items.into_iter().map(|one| format!("<li>{}</li>", esc(&one))).collect();
    format!(
        "<section><h2>{}</h2><ul class=\"bul\">{list}</ul></section>",
        lang.pick("未列入时刻表的，及其原因", "What has no line in the timetable, and why")
    )
}

fn article(of: &Operations, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let (some, mixed) = of.synthetic();
    let of_what = match (&of.district, &of.section) {
        (None, None) => String::new(),
        (district, section) => {
            let names = [
                district.as_ref().map(|code| of.district_name(code, lang)),
                section.as_ref().map(|name| of.section_name(name, lang)),
            ];
            format!(" · {}", names.into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
    };
    let replay = if of.replay {
        let said = lang.pick("历史回放：只有当时已知的内容。", "A past outbreak run again: only what was known then.");
        format!("<p class=\"replay\">{said}</p>")
    } else {
        String::new()
    };
    let foot = [
        of.plan.as_ref().map(|plan| format!("{}{plan}", lang.pick("方案：", "Plan: "))),
        of.rulebook.as_ref().map(|book| format!("{}{book}", lang.pick("规则库：", "Rulebook: "))),
        Some(format!("{}{}", lang.pick("时区：", "Time zone: "), of.zone.id)),
        some.then(|| {
            let rows = match mixed {
                true => lang.pick("标S的行依据模拟数据", "lines marked S rest on invented rows"),
                false => lang.pick("全部依据模拟数据（S）", "everything rests on invented rows (S)"),
            };
            rows.to_owned()
        }),
        Some(
            lang.pick("方案与高风险区均为建议，由人决定", "Plan and high-risk areas are proposals: people decide")
                .to_owned(),
        ),
    ];
    let foot = foot.into_iter().flatten().map(|one| esc(&one)).collect::<Vec<_>>().join(" · ");
    let count = speaker.count(of.rows.len() as u64);
    format!(
        "<article class=\"a-{}\" lang=\"{}\"><div class=\"plate\"><header class=\"mast\"><b>{}{}</b><span class=\"hq\">{}</span>\
         <span class=\"when\">{}{}</span></header>{replay}<h1 class=\"lead\">{}{}</h1>{}\
         <section><h2>{}<span class=\"n\">{}</span></h2>{}{}</section>{}<section><h2>{}<span class=\"n\">{}</span></h2>{}</section>\
         <footer class=\"foot\">{foot}</footer></div></article>",
        lang.key(),
        lang.tag(),
        esc(lang.of(&of.city)),
        esc(&of_what),
        lang.pick("作战时刻表", "Operations timetable"),
        lang.pick("按当时所知：", "As known at "),
        of.full_moment(lang),
        esc(&of.headline(lang)),
        synthetic(speaker, some),
        keys(of, lang),
        lang.pick("谁在何处何时前做什么", "Who does what where by when"),
        lang.pick("前24小时至后48小时，按区县与工作组", "24 h back, 48 h ahead, by district and section"),
        legend(lang),
        gantt::lanes(of, lang),
        outside(of, lang),
        lang.pick("同一内容的表格", "The same as a table"),
        lang.pick(format!("{count}行"), format!("{count} lines")),
        table(of, lang),
    )
}

impl Operations {
    /// The page with both languages; `shown` is the one that is shown first and printed.
    pub fn to_html(&self, shown: Lang) -> String {
        let bodies: String = Lang::BOTH.into_iter().map(|lang| article(self, lang)).collect();
        let title = format!(
            "{} · {} · {}",
            shown.of(&self.city),
            shown.pick("作战时刻表", "Operations timetable"),
            self.full_moment(shown)
        );
        let checked = |lang: Lang| if lang == shown { " checked" } else { "" };
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\
<title>{}</title>\n<style>{}{STYLE}{}</style></head>\n<body>\
<input class=\"pick\" type=\"radio\" name=\"lang\" id=\"pick-zh\"{}><input class=\"pick\" type=\"radio\" name=\"lang\" id=\"pick-en\"{}>\
<nav class=\"bar\" aria-label=\"时刻表 Timetable\"><div class=\"langs\"><label class=\"l-zh\" for=\"pick-zh\" lang=\"zh-CN\">中文</label>\
<label class=\"l-en\" for=\"pick-en\" lang=\"en\">English</label></div></nav><main>{bodies}</main></body></html>\n",
            shown.tag(),
            esc(&title),
            tokens::custom_properties(),
            style::STYLE,
            checked(Lang::Zh),
            checked(Lang::En),
        )
    }
}
