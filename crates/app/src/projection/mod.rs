//! What the screens read: tables that follow from the journal, kept in the same transaction as the events.
//!
//! [`project`] is a pure function of the projections so far and one event. Every store calls it, so that all stores keep
//! the same bytes and a rebuild can be compared with what was kept.

mod batch;
pub mod keys;
pub mod ledger;
pub mod measures;
pub mod rulebooks;
pub mod subjects;

pub use batch::{BatchRecord, BatchState};

use crate::event::{Event, NewEvent, Position};
use crate::journal::{JournalError, LawBroken, Projections, Read, Space};
use crate::row_json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::ControlFlow;

/// A fact as the projections keep it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactRecord {
    /// Seconds since 1970 when the city knew it.
    pub known_at: i64,
    /// The batch that brought it.
    pub batch: String,
    /// Its line in that batch's file.
    pub line: u64,
    /// Its cells.
    pub row: Map<String, Value>,
}

/// A [`FactRecord`] on its way in: the same bytes, and nothing copied.
#[derive(Serialize)]
struct NewFact<'a> {
    known_at: i64,
    batch: &'a str,
    line: u64,
    row: row_json::AsJson<'a>,
}

/// An issued artefact as the projections keep it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArtefactRecord {
    /// Where in the journal it was issued; the event has a `position` of its own, so it needs another name.
    #[serde(rename = "issued_at_position")]
    pub position: Position,
    /// What was issued.
    #[serde(flatten)]
    pub issued: crate::event::ArtefactIssued,
}

pub(crate) fn encode<T: Serialize>(space: Space, value: &T) -> Result<Vec<u8>, JournalError> {
    serde_json::to_vec(value).map_err(|e| LawBroken::Projection { space, why: e.to_string() }.into())
}

pub(crate) fn decode<T: serde::de::DeserializeOwned>(space: Space, bytes: &[u8]) -> Result<T, JournalError> {
    serde_json::from_slice(bytes).map_err(|e| LawBroken::Projection { space, why: e.to_string() }.into())
}

/// Everything in a range, read one by one; the first that cannot be read is the answer.
pub(crate) fn scanned<T>(
    on: &dyn Read,
    space: Space,
    (from, to): (&[u8], &[u8]),
    read: impl Fn(&[u8], &[u8]) -> Result<T, JournalError>,
) -> Result<Vec<T>, JournalError> {
    let (mut all, mut fault) = (Vec::new(), None);
    on.scan(space, from, to, &mut |(key, value)| match read(key, value) {
        Ok(one) => {
            all.push(one);
            ControlFlow::Continue(())
        }
        Err(error) => {
            fault = Some(error);
            ControlFlow::Break(())
        }
    })?;
    fault.map_or(Ok(all), Err)
}

/// Changes the projections by one event. A law that the event would break is refused, and with it the whole commit.
pub fn project(on: &mut dyn Projections, position: Position, new: &NewEvent) -> Result<(), JournalError> {
    let founded = on.has(Space::City, keys::CITY)?;
    match (&new.event, founded) {
        (Event::CityFounded(_), true) => return Err(LawBroken::Founding("a city is founded once").into()),
        (Event::CityFounded(_), false) | (_, true) => {}
        (_, false) => return Err(LawBroken::Founding("nothing happens before the city is founded").into()),
    }
    match &new.event {
        Event::CityFounded(city) => on.put(Space::City, keys::CITY, &encode(Space::City, city)?)?,
        Event::ReferenceTaken(taken) => {
            for row in &taken.rows {
                let key = keys::reference(row.spec().name, &row.key());
                on.put(Space::Reference, &key, &encode(Space::Reference, &row_json::to_json(row))?)?;
            }
        }
        Event::BatchOpened(opened) => batch::open(on, opened)?,
        Event::RowsAccepted(accepted) => {
            batch::count(on, accepted.batch, |b| b.accepted += accepted.rows.len() as u64)?;
            facts(on, position, accepted)?;
        }
        Event::RowsRejected(rejected) => {
            batch::count(on, rejected.batch, |b| b.rejected += rejected.rows.len() as u64)?;
            for row in &rejected.rows {
                let key = keys::rejected(rejected.batch, row.line);
                on.put(Space::Rejected, &key, &encode(Space::Rejected, row)?)?;
            }
            batch::values(on, rejected)?;
        }
        Event::BatchClosed(closed) => batch::close(on, position, closed)?,
        Event::ArtefactIssued(issued) => {
            let record = ArtefactRecord { position, issued: issued.clone() };
            let key = keys::artefact(issued.kind, issued.day, position);
            on.put(Space::Artefact, &key, &encode(Space::Artefact, &record)?)?;
        }
        Event::ObligationsMoved(moved) => ledger::moved(on, new.occurred, moved)?,
        Event::LedgerChanged(changed) => ledger::changed(on, new.occurred, changed)?,
        Event::SettlementPrepared(prepared) => ledger::prepared(on, prepared)?,
        Event::DaySealed(sealed) => ledger::sealed(on, position, new.occurred, sealed)?,
        Event::HandedOver(handed) => ledger::handed_over(on, handed)?,
        // Kept in the journal alone: it is a trace of who read what, not something that screens compute from.
        Event::RejectedRead(_) => {}
        Event::PersonSealed(sealed) => subjects::sealed(on, sealed)?,
        Event::PersonRead(read) => subjects::read(on, position, read)?,
        Event::PersonErased(erased) => subjects::erased(on, erased)?,
        Event::MeasuresChanged(changed) => measures::changed(on, (new.occurred, new.known_at), changed)?,
        Event::MeasureRecorded(recorded) => measures::recorded(on, recorded)?,
        Event::ServiceOffered(offer) => measures::offered(on, offer)?,
        Event::RulebookKept(kept) => rulebooks::kept(on, position, new.known_at, kept)?,
    }
    Ok(())
}

/// What must hold when a commit ends: no batch is left half taken in.
pub fn at_commit(on: &dyn Read) -> Result<(), JournalError> {
    let mut open = None;
    on.scan(Space::OpenBatch, &[], &[0xff], &mut |(key, _)| {
        open = Some(String::from_utf8_lossy(key).into_owned());
        ControlFlow::Break(())
    })?;
    match open {
        Some(batch) => Err(LawBroken::BatchNotWhole { batch, why: "it was opened and not closed" }.into()),
        None => Ok(()),
    }
}

fn facts(
    on: &mut dyn Projections,
    position: Position,
    accepted: &crate::event::RowsAccepted,
) -> Result<(), JournalError> {
    let batch = accepted.batch.to_string();
    for one in &accepted.rows {
        let table = one.row.spec().name;
        let row_key = one.row.key();
        let day = keys::day_of(&one.row);
        let record = NewFact {
            known_at: one.known_at.as_second(),
            batch: &batch,
            line: one.line,
            row: row_json::AsJson(&one.row),
        };
        let key = keys::fact(table, day, &row_key, one.known_at, position, one.line);
        on.put(Space::Fact, &key, &encode(Space::Fact, &record)?)?;
    }
    Ok(())
}
