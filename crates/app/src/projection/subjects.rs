//! People with data in the vault: what is kept about them, never a value; and law 12 over it.
//!
//! Three tables in one space. People under `s<16 bytes>`. The days on which data end under `d<day><16 bytes>`, so that
//! those whose time has passed are found without going through everybody. Readings under `r<position>`, so that an audit
//! finds them without going through the journal.

use super::keys::day_bytes;
use super::{decode, encode, scanned};
use crate::event::{ErasedWhy, PersonErased, PersonRead, PersonSealed, Position, Whom};
use crate::journal::{JournalError, LawBroken, Projections, Read, Space};
use jiff::civil::Date;
use levee_model::subject::{PersonalField, Pseudonym, Purpose};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// What the screens may know of a person in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRecord {
    /// Names of the fields that are kept, or were.
    pub fields: Vec<PersonalField>,
    /// What for.
    pub purpose: Purpose,
    /// The last day on which they are kept.
    pub retain_until: Date,
    /// How often they were sealed: more than once after a correction.
    pub times_sealed: u32,
    /// Why they were destroyed, if they were.
    pub erased: Option<ErasedWhy>,
}

/// The most people that a reading names in the event itself; more stand in a list in the blob store.
pub const MOST_NAMED: usize = 100;

fn person_key(subject: Pseudonym) -> Vec<u8> {
    [b"s", &subject.bytes()[..]].concat()
}

fn day_key(last: Date, subject: Pseudonym) -> Vec<u8> {
    [b"d", &day_bytes(last)[..], &subject.bytes()].concat()
}

/// What is known of a person; none when nothing was ever sealed under the pseudonym.
pub fn subject(on: &(impl Read + ?Sized), subject: Pseudonym) -> Result<Option<SubjectRecord>, JournalError> {
    on.get(Space::Subject, &person_key(subject))?.map(|bytes| decode(Space::Subject, &bytes)).transpose()
}

/// Everybody whose data were ever sealed, in the order of their pseudonyms.
pub fn subjects(on: &dyn Read) -> Result<Vec<(Pseudonym, SubjectRecord)>, JournalError> {
    scanned(on, Space::Subject, (b"s", b"t"), |key, value| Ok((tail(key)?, decode(Space::Subject, value)?)))
}

/// Those whose data are still there although their last day lies before `today`, longest overdue first.
pub fn overdue(on: &dyn Read, today: Date) -> Result<Vec<Pseudonym>, JournalError> {
    let until = [b"d", &day_bytes(today)[..]].concat();
    scanned(on, Space::Subject, (b"d", &until), |key, _| tail(key))
}

/// Where the readings stand in the journal, in order.
pub fn readings(on: &dyn Read) -> Result<Vec<Position>, JournalError> {
    let mut all = Vec::new();
    on.scan(Space::Subject, b"r", b"s", &mut |(key, _)| {
        all.extend(key.last_chunk().map(|bytes| Position(u64::from_be_bytes(*bytes))));
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

fn tail(key: &[u8]) -> Result<Pseudonym, JournalError> {
    key.last_chunk().map(|bytes| Pseudonym::from_random(*bytes)).ok_or_else(|| {
        LawBroken::Projection { space: Space::Subject, why: "a key without a pseudonym".to_owned() }.into()
    })
}

pub(super) fn sealed(on: &mut dyn Projections, new: &PersonSealed) -> Result<(), JournalError> {
    let PersonSealed { subject: whose, fields, purpose, retain_until } = new;
    let before = subject(&*on, *whose)?;
    if let Some(before) = &before {
        if before.erased.is_some() {
            return Err(
                LawBroken::Personal { subject: *whose, why: "nothing is sealed again after it was erased" }.into()
            );
        }
        on.delete(Space::Subject, &day_key(before.retain_until, *whose))?;
    }
    let record = SubjectRecord {
        fields: fields.clone(),
        purpose: purpose.clone(),
        retain_until: *retain_until,
        times_sealed: before.map_or(0, |before| before.times_sealed).saturating_add(1),
        erased: None,
    };
    on.put(Space::Subject, &day_key(*retain_until, *whose), &[])?;
    on.put(Space::Subject, &person_key(*whose), &encode(Space::Subject, &record)?)
}

/// A reading must name people whose data are there.
pub(super) fn read(on: &mut dyn Projections, position: Position, new: &PersonRead) -> Result<(), JournalError> {
    if let Whom::Named(named) = &new.whom {
        for whose in named {
            if subject(&*on, *whose)?.is_none_or(|record| record.erased.is_some()) {
                return Err(
                    LawBroken::Personal { subject: *whose, why: "read, but no data of theirs are there" }.into()
                );
            }
        }
    }
    on.put(Space::Subject, &[b"r", &position.0.to_be_bytes()[..]].concat(), &[])
}

pub(super) fn erased(on: &mut dyn Projections, new: &PersonErased) -> Result<(), JournalError> {
    let whose = new.subject;
    let record = subject(&*on, whose)?
        .filter(|record| record.erased.is_none())
        .ok_or(LawBroken::Personal { subject: whose, why: "erased, but no data of theirs are there" })?;
    on.delete(Space::Subject, &day_key(record.retain_until, whose))?;
    let record = SubjectRecord { erased: Some(new.why), ..record };
    on.put(Space::Subject, &person_key(whose), &encode(Space::Subject, &record)?)
}
