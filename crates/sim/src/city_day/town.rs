//! The city that is simulated: that of a pack, with many field workers more, and a roster for transfers.

use super::Options;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::blob::Blobs;
use levee_app::city::{City, Founding, found};
use levee_app::clock::FixedClock;
use levee_app::event::Mode;
use levee_app::intake::{ImportOptions, IncomingRow, Reading, RowSource, import};
use levee_app::journal::Journal;
use levee_app::ledger::{Desk, path_of};
use levee_app::row_json::from_json;
use levee_intake::pack::{founding_rows, read_pack};
use levee_ledger::AreaPath;
use levee_model::area::{Level, PlaceCode};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::PersonId;
use levee_model::table::{Row, TableSpec};
use serde_json::{Map, Value, json};
use std::ops::ControlFlow;
use std::path::Path;
use uuid::Uuid;

/// The city and its people.
pub(super) struct Town {
    pub(super) founding: Founding,
    pub(super) first_day: Date,
    pub(super) workers: Vec<PersonId>,
    pub(super) roster: Vec<Row>,
}

/// Why the city could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the simulated city could not be made: {0}")]
pub struct BadTown(pub(super) String);

pub(super) fn bad(why: impl std::fmt::Display) -> BadTown {
    BadTown(why.to_string())
}

/// The envelope of a command by its number: the same seed and number give the same id.
pub fn envelope(seed: u64, number: u64, actor: Actor) -> Envelope {
    let assurance = if matches!(actor, Actor::Person(_)) { Assurance::Authenticated } else { Assurance::Asserted };
    let channel = if actor == Actor::System { Channel::System } else { Channel::Api };
    let id = (0x0193_4a5b_u128 << 96)
        | (0x7000_u128 << 64)
        | (0b10_u128 << 62)
        | (u128::from(seed & 0xffff) << 40)
        | u128::from(number);
    Envelope { command_id: CommandId::new(Uuid::from_u128(id)), actor, on_behalf_of: None, channel, assurance }
}

fn row(table: &str, cells: Value) -> Result<Row, BadTown> {
    let Value::Object(cells) = cells else { return Err(bad("a row is an object")) };
    from_json(table, &Map::from_iter(cells)).map_err(bad)
}

impl Town {
    /// Reads the pack and adds the people of the simulation.
    pub(super) fn new(options: &Options) -> Result<Self, BadTown> {
        let pack = read_pack(Path::new(&options.pack)).map_err(|problems| bad(format!("{problems:?}")))?;
        let kept = founding_rows(&pack).map_err(|problems| bad(format!("{problems:?}")))?;
        let first_day = Date::constant(2024, 3, 1);
        let mut reference = kept.reference;
        let communities: Vec<PlaceCode> = pack
            .gazetteer
            .areas()
            .filter(|area| area.level == Level::Community)
            .map(|area| area.code.clone())
            .collect();
        let mut workers = Vec::new();
        let mut people = Vec::new();
        for nth in 0..options.workers {
            let area = communities.get(nth % communities.len().max(1)).ok_or_else(|| bad("no communities"))?;
            let person = format!("worker-{nth}");
            let name = format!("Field worker {nth} (invented)");
            people.push(row(
                "people",
                json!({"person": person, "name_zh": name, "name_en": name, "role": "intake_clerk",
                       "area_code": area.as_str(), "origin": "synthetic"}),
            )?);
            workers.push(person.parse().map_err(bad)?);
        }
        reference.push(people);
        let mut roster = Vec::new();
        let last = first_day.checked_add(jiff::Span::new().days(i64::from(options.days) + 5)).map_err(bad)?;
        for (nth, district) in pack.gazetteer.districts().enumerate() {
            let person: &PersonId = workers.get(nth).ok_or_else(|| bad("more districts than field workers"))?;
            roster.push(row(
                "duty_roster",
                json!({"area": district.code.as_str(), "section": "transfer", "starts_at": first_day.at(0, 0, 0, 0).to_string(),
                       "ends_at": last.at(0, 0, 0, 0).to_string(), "person": person.as_str(), "office": "levee-synthetic",
                       "source_id": "SYN", "known_at": first_day.at(0, 0, 0, 0).to_string(), "known_at_assumed": false,
                       "origin": "synthetic"}),
            )?);
        }
        let founding = Founding { mode: Mode::Live, city_toml: kept.city_toml, boundaries: None, reference };
        Ok(Self { founding, first_day, workers, roster })
    }

    /// Founds the city in a journal and takes its roster in.
    pub(super) fn found(
        &self,
        journal: &mut dyn Journal,
        blobs: &dyn Blobs,
        at: Timestamp,
        seed: u64,
    ) -> Result<Desk, BadTown> {
        let clock = FixedClock(at);
        let mut city = City { journal, blobs, clock: &clock };
        found(&mut city, &envelope(seed, 0, Actor::LocalOperator), &self.founding).map_err(bad)?;
        let table = TableSpec::named("duty_roster").ok_or_else(|| bad("no table of duties"))?;
        let options = ImportOptions { table, dry_run: false, known_until: None };
        let mut rows = Sent { rows: self.roster.clone() };
        let report = import(&mut city, &envelope(seed, 1, Actor::LocalOperator), &mut rows, &options).map_err(bad)?;
        if report.balance.accepted != report.balance.received {
            return Err(bad("the roster was not taken in"));
        }
        Desk::load(journal).map_err(bad)
    }
}

/// The places where anything is owed: communities, districts, and the city itself.
pub(super) fn paths(desk: &Desk) -> Vec<AreaPath> {
    let places = &desk.places;
    let wanted = |level| matches!(level, Level::City | Level::District | Level::Community);
    places.areas().filter(|area| wanted(area.level)).filter_map(|area| path_of(places, &area.code)).collect()
}

/// Rows as if they stood in a file.
struct Sent {
    rows: Vec<Row>,
}

impl RowSource for Sent {
    fn open(&mut self) -> Result<Reading, levee_app::city::AppError> {
        Ok(Reading::default())
    }
    fn rows(&mut self, each: &mut dyn FnMut(IncomingRow) -> ControlFlow<()>) -> Result<(), levee_app::city::AppError> {
        for (nth, row) in self.rows.iter().enumerate() {
            let row = IncomingRow::Good { line: nth as u64 + 2, row: row.clone(), warnings: vec![] };
            if each(row).is_break() {
                break;
            }
        }
        Ok(())
    }
    fn bytes(&self) -> Result<Box<dyn std::io::Read + '_>, levee_app::city::AppError> {
        Ok(Box::new(&b"roster"[..]))
    }
    fn name(&self) -> &str {
        "roster.csv"
    }
}

/// Founds the simulated city in a journal, with so many field workers and a roster, and gives what its servers know.
///
/// # Errors
/// The pack cannot be read, or the store failed.
pub fn found_city(
    options: &Options,
    journal: &mut dyn Journal,
    blobs: &dyn Blobs,
    at: Timestamp,
) -> Result<Desk, BadTown> {
    Town::new(options)?.found(journal, blobs, at, 0)
}
