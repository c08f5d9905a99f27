//! Use case: hand personal values over. The only road to them.

use super::{Secret, Vault, VaultError, asked, audit_stream};
use crate::city::{AppError, City};
use crate::commit::carry_out;
use crate::event::{Event, NewEvent, PersonRead, Whom};
use crate::intake::put_json;
use crate::journal::Read;
use crate::projection::subjects::{MOST_NAMED, subject};
use crate::rights::{NotAllowed, Right, check};
use levee_model::command::{Actor, Envelope};
use levee_model::ids::PersonId;
use levee_model::subject::{PersonalField, Pseudonym};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The most people whose data one person may read at once; beyond, a second person must stand for it (law 10).
pub const MOST_BY_ONE: usize = 100;

/// The most characters of a reason: a few sentences.
const MOST_REASON: usize = 1000;

/// What somebody wants to read.
#[derive(Clone, Debug)]
pub struct ReadRequest<'a> {
    /// Whose data.
    pub subjects: &'a [Pseudonym],
    /// Which fields; what a record does not have is left out.
    pub fields: &'a [PersonalField],
    /// Why, in their own words; kept sealed.
    pub reason: &'a str,
    /// The second person, for more than [`MOST_BY_ONE`] people.
    pub with: Option<&'a PersonId>,
}

/// Values of one person, handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalValues {
    /// Whose.
    pub subject: Pseudonym,
    /// The fields that were asked for and are there.
    pub values: BTreeMap<PersonalField, Secret>,
}

/// Reads personal values: by a named person whose role covers it, for a reason. Who, whom, what and why are durable in
/// the audit chain before anything is handed over; a refusal hands nothing over and leaves no event. Everybody asked for
/// must be readable, or nothing is. In the order of pseudonyms.
///
/// A command id reads once: given again it is refused, or one trace would stand for two readings.
pub fn read(
    city: &mut City<'_>,
    vault: &dyn Vault,
    envelope: &Envelope,
    request: &ReadRequest<'_>,
) -> Result<Vec<PersonalValues>, AppError> {
    let subjects: BTreeSet<Pseudonym> = request.subjects.iter().copied().collect();
    let reason = allowed(city.journal, envelope, request, subjects.len())?;
    if city.journal.receipt(envelope.command_id)?.is_some() {
        return Err(read_before());
    }
    let mut people = Vec::with_capacity(subjects.len());
    for whose in &subjects {
        let record = subject(city.journal, *whose)?.ok_or(VaultError::Unknown { subject: *whose })?;
        if record.erased.is_some() {
            return Err(VaultError::Erased { subject: *whose }.into());
        }
        people.push(vault.open(*whose, &record.purpose)?.only(*whose, request.fields));
    }
    let reason = put_json(city.blobs, &Value::from(reason))?;
    let whom = if subjects.len() <= MOST_NAMED {
        Whom::Named(subjects.iter().copied().collect())
    } else {
        let lines: String = subjects.iter().map(|subject| format!("{subject}\n")).collect();
        Whom::Listed { count: subjects.len() as u64, list: city.blobs.put(lines.as_bytes())? }
    };
    let fields: BTreeSet<&PersonalField> = request.fields.iter().collect();
    let fields = fields.into_iter().cloned().collect();
    let with = request.with.filter(|_| subjects.len() > MOST_BY_ONE).cloned();
    let event = Event::PersonRead(PersonRead { whom, fields, reason, with });
    let now = city.clock.now();
    let new = NewEvent { stream: audit_stream()?, occurred: now, known_at: now, event };
    let receipt = carry_out(city.journal, envelope, now, &mut |tx| Ok(tx.append(new.clone()).map(|_| ())?))?;
    // Somebody else carried out this command between the look and the commit: its trace is theirs.
    if receipt.repeated { Err(read_before()) } else { Ok(people) }
}

/// Refuses whoever may not read this; gives the reason without the spaces around it.
fn allowed<'a>(
    on: &dyn Read,
    envelope: &Envelope,
    request: &ReadRequest<'a>,
    people: usize,
) -> Result<&'a str, AppError> {
    let Actor::Person(reader) = &envelope.actor else {
        return Err(NotAllowed::Nameless { what: Right::ReadPersonal.words() }.into());
    };
    check(on, &envelope.actor, Right::ReadPersonal)?;
    let reason = request.reason.trim();
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        return Err(asked(
            format!("personal data are read for a reason of up to {MOST_REASON} characters, and none such was given"),
            "say why they are read; it is written down with your name",
        ));
    }
    if people == 0 || request.fields.is_empty() {
        return Err(asked("nobody, or no field, was asked for", "name the people and the fields"));
    }
    if people > MOST_BY_ONE {
        let second = request.with.ok_or_else(|| {
            asked(
                format!("data of {people} people are read by two persons, and one was named"),
                format!("name the second person, or read at most {MOST_BY_ONE} people"),
            )
        })?;
        if second == reader || Some(second) == envelope.on_behalf_of.as_ref() {
            return Err(asked("the second person is the first one again", "name another person"));
        }
        check(on, &Actor::Person(second.clone()), Right::ReadPersonal)?;
    }
    Ok(reason)
}

fn read_before() -> AppError {
    asked("this command was carried out before, and its reading was written down once", "ask again with a new command")
}
