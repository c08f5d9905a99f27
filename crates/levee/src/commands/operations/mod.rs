//! `levee operations`: who does what where by when, as a table, a map, a page, a workbook, a calendar.

mod text;

use super::brief_lang;
use super::ledger::{Counter, told};
use super::rulebook::books;
use crate::cli::{Cli, Lang, OperationsArgs};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::Access;
use crate::say;
use levee_app::measures::Book;
use levee_app::operations::{Ask, Operations, operations};
use levee_intake::nearest;
use levee_intake::tabular::workbook;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &OperationsArgs) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, &args.city, Access::Read, args.when.lang)?;
    let at = counter.at(&args.when)?;
    asked(&counter, args)?;
    // Without a rulebook everything but the areas of high risk is there, and they are named as missing.
    let day = counter.desk.calendar.civil(at).date();
    let lang = counter.lang;
    let book = books::of_city_if_any(&counter.opened, args.rulebook.as_deref(), (day, at), lang)?;
    let city = counter.opened.city();
    let all = operations(&city, Ask { at, book: book.as_ref().map(Book::rules), plan: None, picture: None })
        .map_err(|error| told(error, lang))?;
    let chosen = all.only(
        args.district.as_ref().map(|code| code.as_str()),
        args.section.as_ref().map(levee_ledger::Section::as_str),
    );
    write(&chosen, args, lang)?;
    if cli.json {
        say::json(&chosen.to_json());
    } else {
        say::out(&text::of(&chosen, lang, args.limit));
    }
    Ok(ExitCode::SUCCESS)
}

/// The district and the section must be there; what was meant is named.
fn asked(counter: &Counter, args: &OperationsArgs) -> Result<(), Failure> {
    if let Some(code) = &args.district {
        let places = &counter.desk.places;
        let known: Vec<String> = std::iter::once(places.city().to_string())
            .chain(places.districts().map(|area| area.code.to_string()))
            .collect();
        if !known.iter().any(|one| one == code.as_str()) {
            let all = ("全部见城市包的 areas.csv", "all stand in areas.csv of the pack");
            let mend = match nearest(code.as_str(), known.iter().map(String::as_str)) {
                Some(near) => {
                    let name = counter.place_name(near);
                    (
                        format!("最接近的是 {near}（{name}）；{}", all.0),
                        format!("the nearest is {near} ({name}); {}", all.1),
                    )
                }
                None => (all.0.to_owned(), all.1.to_owned()),
            };
            let what = (format!("本城没有区县“{code}”"), format!("the city has no district `{code}`"));
            return Err(counter.failure(what, mend));
        }
    }
    if let Some(section) = &args.section {
        let mut known: Vec<String> = counter.desk.catalogue.kinds().map(|kind| kind.owner.section.clone()).collect();
        known.push("headquarters".to_owned());
        known.sort();
        known.dedup();
        if !known.iter().any(|one| one == section.as_str()) {
            let all = known.join(", ");
            let mend = match nearest(section.as_str(), known.iter().map(String::as_str)) {
                Some(near) => {
                    (format!("最接近的是 {near}；有：{all}"), format!("the nearest is {near}; there are: {all}"))
                }
                None => (format!("有：{all}"), format!("there are: {all}")),
            };
            let what = (format!("没有工作组“{section}”"), format!("there is no section `{section}`"));
            return Err(counter.failure(what, mend));
        }
    }
    Ok(())
}

fn write(of: &Operations, args: &OperationsArgs, lang: Lang) -> Result<(), Failure> {
    let words = brief_lang(lang);
    let mut files: Vec<(&Path, Vec<u8>)> = Vec::new();
    if let Some(file) = &args.geojson {
        files.push((file, format!("{:#}\n", of.geojson()).into_bytes()));
    }
    if let Some(file) = &args.html {
        files.push((file, of.to_html(words).into_bytes()));
    }
    if let Some(file) = &args.xlsx {
        let book = workbook(&of.sheets(words)).map_err(|error| {
            Failure::of(&error, Some("a sheet holds a million rows; choose a district or a section".to_owned()))
        })?;
        files.push((file, book));
    }
    if let Some(file) = &args.ics {
        files.push((file, of.ics(words).into_bytes()));
    }
    let parts: Vec<(&Path, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    write_whole(&parts)?;
    for (path, _) in files {
        say::note(&format!("{}", path.display()));
    }
    Ok(())
}
