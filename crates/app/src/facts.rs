//! Facts as they were known at a moment: of each row the latest version that the city had by then.

use crate::city::AppError;
use crate::journal::{Read, Space};
use crate::places::{choice, codes, id, text};
use crate::projection::{FactRecord, decode, keys};
use crate::row_json;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::facility::{Facility, FacilityService, FacilityStatus};
use levee_model::provenance::Provenance;
use levee_model::quantity::Persons;
use levee_model::report::{InfectionReport, ObservedEvent, Statement, StockLevel, VehicleFleet};
use levee_model::table::Row;
use levee_model::time::Period;
use levee_picture::Volume;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A row with the moment from which it was known.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownRow {
    /// When the city knew it.
    pub known_at: Timestamp,
    /// The row, without its free text.
    pub row: Row,
}

/// Of each row of `table` that speaks of a day up to `to` (and from `from`, if given), the latest version known at
/// `moment`. Rows of tables without a day come whole.
pub fn known(
    on: &dyn Read,
    table: &str,
    from: Option<Date>,
    to: Date,
    moment: Timestamp,
) -> Result<Vec<KnownRow>, AppError> {
    let mut latest: Vec<FactRecord> = Vec::new();
    let mut of_key: Vec<u8> = Vec::new();
    scan(on, table, from, to, moment, &mut |key, record| {
        // Versions of one row lie together, in the order they became known: a later one replaces the one before.
        if key == of_key.as_slice() {
            latest.pop();
        } else {
            of_key = key.to_vec();
        }
        latest.push(record);
        Ok(())
    })?;
    let mut rows = latest.into_iter().map(|record| known_row(table, &record)).collect::<Result<Vec<_>, AppError>>()?;
    rows.sort_by_key(|row| row.known_at);
    Ok(rows)
}

/// Every version of those rows that was known at `moment`, one after another.
pub fn each_version(
    on: &dyn Read,
    table: &str,
    from: Option<Date>,
    to: Date,
    moment: Timestamp,
    each: &mut dyn FnMut(KnownRow) -> Result<(), AppError>,
) -> Result<(), AppError> {
    scan(on, table, from, to, moment, &mut |_, record| each(known_row(table, &record)?))
}

fn known_row(table: &str, record: &FactRecord) -> Result<KnownRow, AppError> {
    let known_at = Timestamp::from_second(record.known_at)
        .map_err(|e| AppError::Meaning { table: table.to_owned(), why: e.to_string() })?;
    Ok(KnownRow { known_at, row: row_json::from_json(table, &record.row)? })
}

type EachVersion<'a> = &'a mut dyn FnMut(&[u8], FactRecord) -> Result<(), AppError>;

/// Calls `each` with the key of the row and the stored version.
fn scan(
    on: &dyn Read,
    table: &str,
    from: Option<Date>,
    to: Date,
    moment: Timestamp,
    each: EachVersion<'_>,
) -> Result<(), AppError> {
    let (first, last) = keys::fact_range(table, from, to);
    let mut fault: Option<AppError> = None;
    on.scan(Space::Fact, &first, &last, &mut |(key, value)| {
        let told = match decode::<FactRecord>(Space::Fact, value) {
            Ok(record) if record.known_at > moment.as_second() => Ok(()),
            Ok(record) => each(keys::fact_row(key), record),
            Err(error) => Err(error.into()),
        };
        match told {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    fault.map_or(Ok(()), Err)
}

fn provenance(known: &KnownRow) -> Result<Provenance, AppError> {
    Ok(Provenance {
        office: id(&known.row, "office")?,
        source: text(&known.row, "source_id")?.to_owned(),
        known_at: known.known_at,
        known_at_assumed: known.row.flag("known_at_assumed").unwrap_or(false),
        origin: choice(&known.row, "origin")?,
    })
}

fn missing(row: &Row, column: &str) -> AppError {
    AppError::Meaning { table: row.spec().name.to_owned(), why: format!("`{column}` is empty") }
}

fn persons(row: &Row, column: &str) -> Option<Persons> {
    row.count(column).map(Persons::new)
}

fn point(row: &Row) -> Option<(f64, f64)> {
    row.decimal("lat").zip(row.decimal("lon"))
}

fn date(row: &Row, column: &str) -> Result<Date, AppError> {
    row.date(column).ok_or_else(|| missing(row, column))
}

fn at(row: &Row) -> Result<jiff::civil::DateTime, AppError> {
    row.datetime("at").ok_or_else(|| missing(row, "at"))
}

/// Ids of every facility that was ever registered.
pub fn facility_ids(on: &dyn Read) -> Result<std::collections::BTreeSet<String>, AppError> {
    let rows = known(on, "facilities", None, Date::MAX, Timestamp::MAX)?;
    Ok(rows.iter().filter_map(|known| known.row.text("facility").map(str::to_owned)).collect())
}

/// Every facility as it is registered now, by id: of several offices the one that spoke last counts.
pub fn facilities(on: &dyn Read) -> Result<Vec<Facility>, AppError> {
    let rows = known(on, "facilities", None, Date::MAX, Timestamp::MAX)?;
    let one = |known: &KnownRow| facility(known).map(|one| (one.id.clone(), one));
    Ok(rows.iter().map(one).collect::<Result<BTreeMap<_, _>, _>>()?.into_values().collect())
}

/// A row of `infections`.
pub fn infection(known: &KnownRow) -> Result<InfectionReport, AppError> {
    let row = &known.row;
    let bound = |column| row.datetime(column).ok_or_else(|| missing(row, column));
    let period = Period::new(bound("period_start")?, bound("period_end")?)
        .map_err(|e| AppError::Meaning { table: "infections".into(), why: e.to_string() })?;
    Ok(InfectionReport {
        place: id(row, "place")?,
        period,
        confirmed: persons(row, "confirmed"),
        asymptomatic: persons(row, "asymptomatic"),
        converted: persons(row, "converted"),
        total: persons(row, "total"),
        pending: persons(row, "pending"),
        community: persons(row, "community"),
        managed: persons(row, "managed"),
        community_pct: row.decimal("community_pct"),
        deaths: persons(row, "deaths"),
        provenance: provenance(known)?,
    })
}

/// A row of `statements`.
pub fn statement(known: &KnownRow) -> Result<Statement, AppError> {
    let row = &known.row;
    Ok(Statement {
        place: id(row, "place")?,
        kind: text(row, "kind")?.to_owned(),
        name: text(row, "name")?.to_owned(),
        at: at(row)?,
        value: row.decimal("value").ok_or_else(|| missing(row, "value"))?,
        unit: text(row, "unit")?.to_owned(),
        qualifier: choice(row, "qualifier")?,
        provenance: provenance(known)?,
    })
}

/// A row of `facilities`.
pub fn facility(known: &KnownRow) -> Result<Facility, AppError> {
    let row = &known.row;
    Ok(Facility {
        id: id(row, "facility")?,
        kind: choice(row, "kind")?,
        name_zh: text(row, "name_zh")?.to_owned(),
        name_en: text(row, "name_en")?.to_owned(),
        area: id(row, "area_code")?,
        point: point(row),
        acceptance_until: row.date("acceptance_until"),
        opens_on: row.date("opens_on"),
        closes_on: row.date("closes_on"),
        provenance: provenance(known)?,
    })
}

/// A row of `facility_status`.
pub fn facility_status(known: &KnownRow) -> Result<FacilityStatus, AppError> {
    let row = &known.row;
    Ok(FacilityStatus {
        facility: id(row, "facility")?,
        at: at(row)?,
        level: choice(row, "level")?,
        unit: choice(row, "unit")?,
        physical: row.count("physical"),
        staffed: row.count("staffed"),
        equipped: row.count("equipped"),
        occupied: row.count("occupied"),
        planned: row.count("planned"),
        provenance: provenance(known)?,
    })
}

/// A row of `facility_services`.
pub fn facility_service(known: &KnownRow) -> Result<FacilityService, AppError> {
    let row = &known.row;
    Ok(FacilityService {
        facility: id(row, "facility")?,
        at: at(row)?,
        level: choice(row, "level")?,
        care: choice(row, "care")?,
        slots: row.count("slots"),
        taken: row.count("taken"),
        provenance: provenance(known)?,
    })
}

/// A row of `vehicles`.
pub fn fleet(known: &KnownRow) -> Result<VehicleFleet, AppError> {
    let row = &known.row;
    Ok(VehicleFleet {
        base: id(row, "base_area")?,
        kind: choice(row, "kind")?,
        at: at(row)?,
        vehicles: row.count("vehicles").ok_or_else(|| missing(row, "vehicles"))?,
        crews: row.count("crews"),
        seats_per_vehicle: row.count("seats_per_vehicle"),
        trips_per_day: row.count("trips_per_day"),
        provenance: provenance(known)?,
    })
}

/// A row of `stock`.
pub fn stock(known: &KnownRow) -> Result<StockLevel, AppError> {
    let row = &known.row;
    Ok(StockLevel {
        place: id(row, "place")?,
        item: text(row, "item")?.to_owned(),
        at: at(row)?,
        on_hand: row.decimal("on_hand").ok_or_else(|| missing(row, "on_hand"))?,
        unit: text(row, "unit")?.to_owned(),
        daily_use: row.decimal("daily_use"),
        provenance: provenance(known)?,
    })
}

/// A row of `events`.
pub fn observed_event(known: &KnownRow) -> Result<ObservedEvent, AppError> {
    let row = &known.row;
    Ok(ObservedEvent {
        id: text(row, "event")?.to_owned(),
        starts_on: date(row, "starts_on")?,
        ends_on: row.date("ends_on"),
        kind: text(row, "kind")?.to_owned(),
        places: codes(row, "places")?,
        area_text: row.text("area_text").map(str::to_owned),
        description_en: text(row, "description_en")?.to_owned(),
        description_zh: text(row, "description_zh")?.to_owned(),
        provenance: provenance(known)?,
    })
}

/// How many rows of a table each office had sent for each day, from rows as they were known.
pub fn volumes(table: &str, rows: &[KnownRow]) -> Vec<Volume> {
    let mut counts: BTreeMap<(String, Date), u64> = BTreeMap::new();
    for known in rows {
        if let (Some(office), Some(day)) = (known.row.text("office"), keys::day_of(&known.row)) {
            *counts.entry((office.to_owned(), day)).or_default() += 1;
        }
    }
    let volume = |((office, day), rows): ((String, Date), u64)| {
        let office = office.parse().ok()?;
        Some(Volume { table: table.to_owned(), office, day, rows })
    };
    counts.into_iter().filter_map(volume).collect()
}
