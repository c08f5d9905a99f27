//! Version 1 of settlements, seals and hand-overs. Frozen, as [`super::v1`] is.

use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::blob::BlobRef;
use levee_app::event::{self, Event, HandOverStep};
use levee_ledger::Section;
use levee_model::ids::PersonId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettlementPrepared {
    scope: String,
    day: Date,
    statement: BlobRef,
    by: PersonId,
}

pub(super) fn write_prepared(one: &event::SettlementPrepared) -> serde_json::Result<Vec<u8>> {
    let event::SettlementPrepared { scope, day, statement, by } = one.clone();
    serde_json::to_vec(&SettlementPrepared { scope, day, statement, by })
}

pub(super) fn settlement_prepared(body: &[u8]) -> Result<Event, String> {
    let SettlementPrepared { scope, day, statement, by } = read(body)?;
    Ok(Event::SettlementPrepared(event::SettlementPrepared { scope, day, statement, by }))
}

/// The hashes are written as digests of blobs are: 64 hexadecimal digits.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DaySealed {
    scope: String,
    books: Vec<String>,
    day: Date,
    ends: Timestamp,
    statement: BlobRef,
    sealed_by: (PersonId, PersonId),
    root: BlobRef,
    previous: BlobRef,
    seal: BlobRef,
}

pub(super) fn write_sealed(one: &event::DaySealed) -> serde_json::Result<Vec<u8>> {
    let event::DaySealed { scope, books, day, ends, statement, sealed_by, root, previous, seal } = one.clone();
    let (root, previous, seal) = (BlobRef(root), BlobRef(previous), BlobRef(seal));
    serde_json::to_vec(&DaySealed { scope, books, day, ends, statement, sealed_by, root, previous, seal })
}

pub(super) fn day_sealed(body: &[u8]) -> Result<Event, String> {
    let DaySealed { scope, books, day, ends, statement, sealed_by, root, previous, seal } = read(body)?;
    let (root, previous, seal) = (root.0, previous.0, seal.0);
    let sealed = event::DaySealed { scope, books, day, ends, statement, sealed_by, root, previous, seal };
    Ok(Event::DaySealed(Box::new(sealed)))
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredStep {
    Offered,
    Accepted,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedOver {
    area: String,
    section: Section,
    from: PersonId,
    to: PersonId,
    step: StoredStep,
    at: Timestamp,
    open: u64,
    list: BlobRef,
}

pub(super) fn write_handed_over(one: &event::HandedOver) -> serde_json::Result<Vec<u8>> {
    let event::HandedOver { area, section, from, to, step, at, open, list } = one.clone();
    let step = match step {
        HandOverStep::Offered => StoredStep::Offered,
        HandOverStep::Accepted => StoredStep::Accepted,
    };
    serde_json::to_vec(&HandedOver { area, section, from, to, step, at, open, list })
}

pub(super) fn handed_over(body: &[u8]) -> Result<Event, String> {
    let HandedOver { area, section, from, to, step, at, open, list } = read(body)?;
    let step = match step {
        StoredStep::Offered => HandOverStep::Offered,
        StoredStep::Accepted => HandOverStep::Accepted,
    };
    Ok(Event::HandedOver(event::HandedOver { area, section, from, to, step, at, open, list }))
}
