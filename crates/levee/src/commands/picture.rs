//! `levee picture`: what is known of a day, in the terminal.

use super::brief_lang;
use super::day::lang_pick;
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::day::{DayOptions, compute};
use levee_brief::Document;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, city: &Path, day: Date, lang: Lang) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let computed = compute(&opened.city(), day, DayOptions::default())?;
    let facts = levee_app::brief::facts(&computed, None, levee_app::brief::Around::default());
    if cli.json {
        let document = Document::new(facts);
        say::out(document.to_json().map_err(|e| Failure::of(&e, None))?.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let unknown = lang_pick(lang, "未知", "unknown");
    let cell = |figure: &levee_brief::facts::Figure<u64>| {
        figure.as_known().map_or_else(|| unknown.to_owned(), |k| say::count(k.value))
    };
    let head = match lang {
        Lang::Zh => ["日期", "新增", "确诊", "无症状", "转归", "社会面"],
        Lang::En => ["day", "new", "confirmed", "asymptomatic", "converted", "community"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let skip = facts.city.days.len().saturating_sub(14);
    for on in facts.city.days.iter().skip(skip) {
        let counts = [&on.new, &on.confirmed, &on.asymptomatic, &on.converted, &on.community].map(cell);
        rows.push([vec![on.day.to_string()], counts.to_vec()].concat());
    }
    say::out(&say::table(&rows, &[1, 2, 3, 4, 5]));
    let pick = |words: &levee_brief::facts::Words| brief_lang(lang).pick(words.zh.clone(), words.en.clone());
    let mut districts = vec![vec![
        lang_pick(lang, "区县", "district").to_owned(),
        lang_pick(lang, "新增", "new").to_owned(),
        lang_pick(lang, "每10万人", "per 100,000").to_owned(),
    ]];
    for row in facts.districts.rows.iter().take(15) {
        let per = row.per_100k.value().map_or_else(|| unknown.to_owned(), |v| format!("{v:.1}"));
        districts.push(vec![pick(&row.place.name), cell(&row.new), per]);
    }
    let period = facts.districts.period.map_or_else(|| unknown.to_owned(), |p| p.to_string());
    say::out(&format!("\n{} ({period})", lang_pick(lang, "最近区县清单", "latest list of districts")));
    say::out(&say::table(&districts, &[1, 2]));
    let document = Document::new(facts);
    let found = document.titles.get("contradictions").map(|t| brief_lang(lang).pick(t.zh.clone(), t.en.clone()));
    say::out(&format!("\n{}", found.unwrap_or_default()));
    Ok(ExitCode::SUCCESS)
}
