//! `levee day`: run a day and leave its brief.

use super::rulebook::books;
use super::{brief_lang, language};
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::day::{DayOptions, DayReport};
use levee_app::measures::Book;
use levee_brief::Document;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, city: &Path, day: Date, seed: u64, lang: Option<Lang>) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Write)?;
    let envelope = open::envelope(cli);
    levee_app::measures::tick_of_day(&mut opened.city(), envelope.command_id, day)?;
    // A city that names no rulebook has its brief all the same; it says that nothing was held against one.
    let (_, settings, calendar) = founded(&opened.journal)?;
    let known_by = calendar.end_of(day).ok_or_else(|| Failure::new(format!("{day} has no end"), "check --date"))?;
    let book = books::of_city_if_any(&opened, None, (day, known_by), language(lang, settings.language))?;
    let options = DayOptions { seed };
    let report = levee_app::day::run_by(&mut opened.city(), &envelope, day, options, book.as_ref().map(Book::rules))?;
    let lang = language(lang, report.computed.known.settings.language);
    let document = Document::new(report.brief.clone());
    let page = write(&document, &opened.folder.join("briefs"), day, lang).map_err(|failure| {
        failure.then(&format!("the day itself is on record; then run: levee brief {} --date {day}", city.display()))
    })?;
    if cli.json {
        say::out(document.to_json().map_err(|e| Failure::of(&e, None))?.trim_end());
    } else {
        say::out(&summary(&report, &document, lang));
        let at = lang_pick(lang, "简报全文", "The full brief");
        say::out(&format!("\n{at}: {}", page.display()));
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn lang_pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Writes the page and the JSON of a brief, each whole or not at all; gives the path of the page.
pub(crate) fn write(document: &Document, folder: &Path, day: Date, lang: Lang) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(folder).map_err(|e| Failure::io("make the folder", folder, &e))?;
    let page = folder.join(format!("{day}.html"));
    let html = document.to_html(brief_lang(lang));
    let json = document.to_json().map_err(|e| Failure::of(&e, None))?;
    write_whole(&[(&page, html.as_bytes()), (&folder.join(format!("{day}.json")), json.as_bytes())])?;
    Ok(page)
}

/// The sheet's first sentences, for the terminal.
fn summary(report: &DayReport, document: &Document, lang: Lang) -> String {
    let pick = |zh: &str, en: &str| lang_pick(lang, zh, en).to_owned();
    let head = &report.brief.masthead;
    let number = head
        .number()
        .map_or_else(String::new, |n| lang_pick(lang, "第{n}期", "no. {n}").replace("{n}", &n.to_string()));
    let mut lines = vec![
        format!(
            "{} {} {}  {}  ({} {})",
            pick(&head.headquarters.zh, &head.headquarters.en),
            lang_pick(lang, "每日简报", "daily brief"),
            number,
            head.day,
            lang_pick(lang, "按当时所知", "as known at"),
            head.as_known_at.strftime("%Y-%m-%d %H:%M"),
        ),
        String::new(),
        document.lead_text(brief_lang(lang)),
        String::new(),
    ];
    for point in &document.points {
        let mark = if point.synthetic { " [S]" } else { "" };
        lines.push(format!("- {}{mark}", pick(&point.zh, &point.en)));
    }
    for key in ["explain", "demand", "orders", "shortfalls", "contradictions", "ages"] {
        if let Some(title) = document.titles.get(key) {
            let mark = if title.synthetic { " [S]" } else { "" };
            lines.push(format!("- {}{mark}", pick(&title.zh, &title.en)));
        }
    }
    if document.points.iter().chain(document.titles.values()).any(|s| s.synthetic) {
        lines.push(String::new());
        lines.push(pick("[S] 依据模拟数据", "[S] rests on synthetic rows"));
    }
    lines.join("\n")
}
