//! `levee outlook`: issued outlooks in the formats of the field.

use crate::cli::{Cli, ExchangeFormat, OutlookCommand};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::outlooks::{geojson, hubverse};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, command: &OutlookCommand) -> Result<ExitCode, Failure> {
    match command {
        OutlookCommand::Export { city, format: ExchangeFormat::Hubverse, date, out } => export(cli, city, *date, out),
        OutlookCommand::Export { city, format: ExchangeFormat::Geojson, date, out } => map(cli, city, *date, out),
        OutlookCommand::Hub { pack, out, jobs } => super::outlook_hub::run(cli, pack, out, *jobs),
    }
}

fn export(cli: &Cli, city: &Path, date: Option<Date>, out: &Path) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let table = hubverse::export(&opened.city(), date)?;
    write_whole(&[(out, table.csv.as_bytes())])?;
    if cli.json {
        say::json(&json!({
            "schema": "levee.outlook_export/1", "format": "hubverse", "file": out.display().to_string(),
            "day": table.day, "origin_date": table.origin, "target": hubverse::TARGET, "engine": table.engine,
            "rows": table.rows, "places": table.places, "borrowed": table.borrowed, "without_forecast": table.unknown,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    say::out(&out.display().to_string());
    say::note(&format!(
        "{} rows: outlook issued for {}, data until {}, {} place(s), of which {} borrowed from the city",
        say::count(table.rows as u64),
        table.day,
        table.origin,
        table.places,
        table.borrowed,
    ));
    if !table.unknown.is_empty() {
        say::note(&format!("without a forecast, hence without a row: {}", table.unknown.join(", ")));
    }
    Ok(ExitCode::SUCCESS)
}

fn map(cli: &Cli, city: &Path, date: Option<Date>, out: &Path) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let map = geojson::export(&opened.city(), date)?;
    write_whole(&[(out, format!("{}\n", map.json).as_bytes())])?;
    if cli.json {
        say::json(&json!({
            "schema": "levee.outlook_export/1", "format": "geojson", "file": out.display().to_string(), "day": map.day,
            "origin_date": map.origin, "engine": map.engine, "places": map.places, "hatched": map.hatched,
            "not_outlined": map.not_outlined,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    say::out(&out.display().to_string());
    say::note(&format!(
        "{} place(s): outlook issued for {}, data until {}; R unknown, hence hatched, in {}",
        map.places, map.day, map.origin, map.hatched,
    ));
    if !map.not_outlined.is_empty() {
        say::note(&format!("without an outline: {}", map.not_outlined.join(", ")));
    }
    Ok(ExitCode::SUCCESS)
}
