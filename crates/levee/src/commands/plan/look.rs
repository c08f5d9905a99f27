//! Stored plans: listed, shown, drawn.

use super::{load, text};
use crate::cli::{Cli, Lang, OnePlan};
use crate::commands::language;
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::plans::{self, archive};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn list(cli: &Cli, folder: &Path, lang: Option<Lang>) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, folder, Access::Read)?;
    let (_, settings, _) = founded(&opened.journal)?;
    let lang = language(lang, settings.language);
    let all = archive::stored(&opened.city(), Date::MIN, Date::MAX)?;
    if cli.json {
        let plans: Vec<_> = all
            .iter()
            .map(|one| {
                json!({ "plan": one.name, "day": one.document.day, "as_known_at": one.document.as_known_at,
                    "after": one.document.made.parent, "parts": one.document.parts(), "position": one.position.0,
                    "totals": one.document.transfers().map(|plan| &plan.totals) })
            })
            .collect();
        say::json(&json!({ "schema": "levee.plans/1", "plans": plans }));
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        say::out(text::pick(lang, "尚无存档方案", "no plan is stored"));
        return Ok(ExitCode::SUCCESS);
    }
    let head =
        [("方案", "plan"), ("会议日", "day"), ("上一方案", "after"), ("安排", "placed"), ("未安排", "without a bed")];
    let mut rows = vec![head.map(|(zh, en)| text::pick(lang, zh, en).to_owned()).to_vec()];
    for one in &all {
        let sum = |of: fn(&levee_model::plan::Totals) -> [levee_model::quantity::Persons; 4]| {
            one.document.transfers().map_or_else(
                || "-".to_owned(),
                |plan| say::count(of(&plan.totals).iter().map(|people| people.get()).sum()),
            )
        };
        rows.push(vec![
            one.name.clone(),
            one.document.day.to_string(),
            one.document.made.parent.clone().unwrap_or_else(|| "-".to_owned()),
            sum(|totals| totals.admitted),
            sum(|totals| totals.unserved),
        ]);
    }
    say::out(&say::table(&rows, &[3, 4]));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show(cli: &Cli, folder: &Path, plan: Option<&str>, lang: Option<Lang>) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, folder, Access::Read)?;
    let (_, settings, _) = founded(&opened.journal)?;
    let lang = language(lang, settings.language);
    let stored = match plan {
        Some(name) => archive::named(&opened.city(), name)?,
        None => archive::latest(&opened.city(), Date::MAX)?.ok_or_else(|| {
            Failure::new(
                text::pick(lang, "尚无存档方案", "no plan is stored"),
                text::pick(lang, "先运行 levee plan CITY --date D", "make one with `levee plan CITY --date D`"),
            )
            .told_in(lang)
        })?,
    };
    if cli.json {
        say::json(&stored.document.printed()?);
    } else {
        let before = super::parent(&opened.city(), &stored.document)?;
        say::out(&text::plan(&stored.document, before.as_ref(), &stored.name, lang));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn lanes(cli: &Cli, of: &OnePlan, day: Option<Date>, file: Option<&Path>) -> Result<ExitCode, Failure> {
    let document = load(cli, &of.plan, of.city.as_deref(), Lang::En)?;
    let map = plans::lanes(&document, day);
    match file {
        None => say::json(&map.geojson),
        Some(path) => {
            write_whole(&[(path, format!("{:#}\n", map.geojson).as_bytes())])?;
            if cli.json {
                say::json(&json!({ "schema": "levee.plan_lanes/1", "file": path.display().to_string(),
                    "lanes": map.lanes, "people_not_drawn": map.not_drawn, "tubes_not_drawn": map.tubes_not_drawn }));
            } else {
                say::out(&path.display().to_string());
            }
        }
    }
    say::note(&format!(
        "{} lanes; {} people and {} tubes on lanes without a point at one end",
        map.lanes,
        say::count(map.not_drawn),
        say::count(map.tubes_not_drawn)
    ));
    Ok(ExitCode::SUCCESS)
}
