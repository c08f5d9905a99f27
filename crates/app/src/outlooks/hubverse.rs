//! An issued outlook in the columns of the forecast hubs.
//!
//! One row for each place, day and level: `origin_date` is the last full day that the outlook knew, `horizon` counts days after
//! it, so that the day forecast is `origin_date` + `horizon`; `location` is the place's code; the value is new infections of that
//! one day, persons. Columns and meaning: hubverse, "model output" (hubverse.io). A place without a forecast has no row.

use super::archive::archive;
use crate::city::{AppError, City, founded};
use crate::day::ArchivedOutlook;
use jiff::civil::Date;
use std::fmt::Write as _;

/// What is forecast: new infections of one day, confirmed and asymptomatic, conversions not counted again.
pub const TARGET: &str = "day inc infection";

const COLUMNS: &str = "origin_date,target,horizon,location,output_type,output_type_id,value\n";

/// An outlook as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The day of the meeting that it was issued for.
    pub day: Date,
    /// The last full day that it knew.
    pub origin: Date,
    /// The method.
    pub engine: String,
    /// The table, comma-separated, its head first.
    pub csv: String,
    /// Rows under the head.
    pub rows: usize,
    /// Places with rows.
    pub places: usize,
    /// Of these, districts whose forecast is their share of the city's.
    pub borrowed: usize,
    /// Codes of places that had no forecast, hence no row.
    pub unknown: Vec<String>,
}

/// Writes an outlook as rows.
pub fn table(outlook: &ArchivedOutlook) -> Table {
    let mut csv = String::from(COLUMNS);
    let (mut rows, mut places, mut borrowed, mut unknown) = (0, 0, 0, Vec::new());
    for series in &outlook.series {
        if series.quantiles.is_empty() {
            unknown.push(series.place.clone());
            continue;
        }
        places += 1;
        borrowed += usize::from(series.standing == "borrowed");
        for (horizon, row) in (1u32..).zip(&series.quantiles) {
            for (level, value) in outlook.levels.iter().zip(row) {
                // Writing to a string cannot fail.
                let _ =
                    writeln!(csv, "{},{TARGET},{horizon},{},quantile,{level},{value}", outlook.origin, series.place);
                rows += 1;
            }
        }
    }
    Table {
        day: outlook.day,
        origin: outlook.origin,
        engine: outlook.engine.clone(),
        csv,
        rows,
        places,
        borrowed,
        unknown,
    }
}

/// The outlook that was issued for a day, or the newest one, as a table.
pub fn export(city: &City<'_>, day: Option<Date>) -> Result<Table, AppError> {
    let (_, settings, _) = founded(city.journal)?;
    let last = Date::MAX.yesterday().unwrap_or(Date::MAX);
    let (from, to) = day.map_or((settings.outbreak_started, last), |day| (day, day.min(last)));
    let archive = archive(city, from, to)?;
    let Some(issued) = archive.issued.last() else {
        return Err(not_issued(day));
    };
    Ok(table(&issued.outlook))
}

/// The refusal of an outlook that is not there.
pub(super) fn not_issued(day: Option<Date>) -> AppError {
    let hint = "run the day first: levee day CITY --date D".to_owned();
    let what =
        day.map_or_else(|| "no outlook was issued yet".to_owned(), |day| format!("no outlook was issued for {day}"));
    AppError::Asked { what, hint }
}
