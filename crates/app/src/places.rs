//! Reference tables as typed values: places, parameters, offices, sources.

use crate::city::{AppError, reference_rows};
use crate::journal::Read;
use jiff::civil::Date;
use levee_model::area::{Area, Level, Name, PlaceCode, Relation, ReportingUnit};
use levee_model::gazetteer::Gazetteer;
use levee_model::parameter::{Parameter, Parameters};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::table::Row;
use levee_picture::Office;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A document that figures come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When.
    pub published: Option<Date>,
    /// Under which terms.
    pub licence: String,
}

fn meaning(row: &Row, why: impl Into<String>) -> AppError {
    AppError::Meaning { table: row.spec().name.to_owned(), why: why.into() }
}

pub(crate) fn text<'a>(row: &'a Row, column: &str) -> Result<&'a str, AppError> {
    row.text(column).ok_or_else(|| meaning(row, format!("`{column}` is empty")))
}

pub(crate) fn id<T: std::str::FromStr>(row: &Row, column: &str) -> Result<T, AppError>
where
    T::Err: std::fmt::Display,
{
    text(row, column)?.parse().map_err(|e: T::Err| meaning(row, e.to_string()))
}

/// A choice of the table as the model's enum; the table's words are the enum's serialised names.
pub(crate) fn choice<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, AppError> {
    serde_json::from_value(Value::from(text(row, column)?)).map_err(|e| meaning(row, format!("`{column}`: {e}")))
}

pub(crate) fn codes(row: &Row, column: &str) -> Result<Vec<PlaceCode>, AppError> {
    let Some(joined) = row.text(column) else { return Ok(vec![]) };
    joined
        .split('+')
        .map(|code| code.parse().map_err(|e: levee_model::ids::BadId| meaning(row, e.to_string())))
        .collect()
}

fn name(row: &Row) -> Result<Name, AppError> {
    let of = |column| text(row, column).map(str::to_owned);
    Ok(Name { zh: of("name_zh")?, en: of("name_en")?, short_zh: of("short_zh")?, short_en: of("short_en")? })
}

/// The areas and reporting units of a city.
pub fn gazetteer(on: &dyn Read) -> Result<Gazetteer, AppError> {
    gazetteer_of(&reference_rows(on, "areas")?, &reference_rows(on, "reporting_units")?)
}

/// The same, from rows that are not in a city yet.
pub fn gazetteer_of(areas: &[Row], units: &[Row]) -> Result<Gazetteer, AppError> {
    let areas = areas
        .iter()
        .map(|row| {
            Ok(Area {
                code: id(row, "code")?,
                parent: row.text("parent_code").map(|_| id(row, "parent_code")).transpose()?,
                level: choice::<Level>(row, "level")?,
                name: name(row)?,
                population: row.count("population").map(Persons::new),
                point: row.decimal("lat").zip(row.decimal("lon")),
            })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    let units = units
        .iter()
        .map(|row| {
            let relation = match text(row, "kind")? {
                "apart" => Relation::Apart { within: id(row, "within_code")? },
                "group" => Relation::Group { members: codes(row, "members")? },
                _ => Relation::Overlap,
            };
            Ok(ReportingUnit { code: id(row, "code")?, name: name(row)?, relation })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    Gazetteer::new(areas, units)
        .map_err(|faults| AppError::Places(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

/// The parameters of a city.
pub fn parameters(on: &dyn Read) -> Result<Parameters, AppError> {
    let rows = reference_rows(on, "parameters")?;
    let parameters = rows.iter().map(|row| {
        Ok(Parameter {
            id: id(row, "parameter")?,
            version: u32::try_from(row.count("version").unwrap_or(0)).unwrap_or(u32::MAX),
            value: row.decimal("value"),
            low: row.decimal("low"),
            high: row.decimal("high"),
            unit: text(row, "unit")?.to_owned(),
            effective_from: row.date("effective_from"),
            source: text(row, "source_id")?.to_owned(),
            origin: choice::<Origin>(row, "origin")?,
        })
    });
    Ok(Parameters::new(parameters.collect::<Result<Vec<_>, AppError>>()?))
}

/// The offices that report to a city.
pub fn offices(on: &dyn Read) -> Result<Vec<Office>, AppError> {
    let rows = reference_rows(on, "offices")?;
    let office = |row: &Row| {
        Ok(Office {
            id: id(row, "office")?,
            name: (text(row, "name_zh")?.to_owned(), text(row, "name_en")?.to_owned()),
            tables: text(row, "tables")?.split('+').map(str::to_owned).collect(),
            cadence_hours: row.count("cadence_hours"),
            age_limit_hours: row.count("age_limit_hours"),
        })
    };
    rows.iter().map(office).collect()
}

/// The documents that a city's figures come from.
pub fn sources(on: &dyn Read) -> Result<Vec<Source>, AppError> {
    let rows = reference_rows(on, "sources")?;
    let source = |row: &Row| {
        Ok(Source {
            id: text(row, "source_id")?.to_owned(),
            title: text(row, "title")?.to_owned(),
            publisher: row.text("publisher").map(str::to_owned),
            published: row.date("published"),
            licence: text(row, "licence")?.to_owned(),
        })
    };
    rows.iter().map(source).collect()
}
