//! Use case: who read whose personal data, when and why.

use super::Secret;
use crate::blob::BlobRef;
use crate::city::{AppError, City};
use crate::event::{Event, PersonRead, Position, StoredEvent, Whom};
use crate::projection::subjects::readings;
use crate::rights::{NotAllowed, Right, check};
use jiff::Timestamp;
use levee_model::command::{Actor, Envelope};
use levee_model::ids::PersonId;
use levee_model::subject::{PersonalField, Pseudonym};
use std::ops::ControlFlow;

/// One reading of personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedRead {
    /// Where it stands in the journal.
    pub position: Position,
    /// When the journal wrote it down.
    pub at: Timestamp,
    /// Who read, for whom, through which door, how surely known.
    pub by: Envelope,
    /// The second person, where two were needed.
    pub with: Option<PersonId>,
    /// Whose data.
    pub whom: Vec<Pseudonym>,
    /// Which fields.
    pub fields: Vec<PersonalField>,
    /// Why. Free text: it may name somebody, so it does not print by accident.
    pub reason: Secret,
}

/// The readings that were written down from `from` up to and without `to`, in order. For auditors and commanders, by name.
/// It costs by the readings, not by the length of the journal.
pub fn audit(
    city: &City<'_>,
    envelope: &Envelope,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<AuditedRead>, AppError> {
    if !matches!(envelope.actor, Actor::Person(_)) {
        return Err(NotAllowed::Nameless { what: Right::AuditReadings.words() }.into());
    }
    check(city.journal, &envelope.actor, Right::AuditReadings)?;
    let mut all = Vec::new();
    for position in readings(city.journal)? {
        let mut found = None;
        city.journal.events(Position(position.0.saturating_sub(1)), &mut |stored| {
            found = Some(stored);
            ControlFlow::Break(())
        })?;
        match found {
            Some(stored) if stored.recorded_at >= to => break,
            Some(stored) if stored.recorded_at >= from => all.extend(reading(city, stored)?),
            _ => {}
        }
    }
    Ok(all)
}

fn reading(city: &City<'_>, stored: StoredEvent) -> Result<Option<AuditedRead>, AppError> {
    let Event::PersonRead(PersonRead { whom, fields, reason, with }) = stored.event else { return Ok(None) };
    let unreadable = |what: &str| AppError::Meaning { table: "readings of personal data".into(), why: what.to_owned() };
    let text = |digest: &BlobRef| {
        String::from_utf8(city.blobs.get(digest)?).map_err(|_| unreadable("a text that is not UTF-8"))
    };
    let whom = match whom {
        Whom::Named(named) => named,
        Whom::Listed { list, .. } => text(&list)?
            .lines()
            .map(|line| line.parse().map_err(|_| unreadable("a list that holds more than pseudonyms")))
            .collect::<Result<_, _>>()?,
    };
    let reason: String =
        serde_json::from_str(&text(&reason)?).map_err(|_| unreadable("a reason that is not a text"))?;
    Ok(Some(AuditedRead {
        position: stored.position,
        at: stored.recorded_at,
        by: stored.envelope,
        with,
        whom,
        fields,
        reason: Secret::new(reason),
    }))
}
