//! The plans that were stored, as they were issued.

use super::document::{self, PlanDocument};
use crate::city::{AppError, City};
use crate::event::{ArtefactKind, Position};
use crate::journal::Space;
use crate::projection::{ArtefactRecord, decode, keys};
use jiff::Timestamp;
use jiff::civil::Date;
use std::ops::ControlFlow;

/// A stored plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The event that issued it.
    pub position: Position,
    /// When it was issued; what it knew stands in the document.
    pub as_known_at: Timestamp,
    /// Its name.
    pub name: String,
    /// What people saw.
    pub document: PlanDocument,
}

/// Plans of the days from `from` to `to`, both included, by day and in the order in which they were issued. One that was
/// issued twice, word for word, stands once. Plans of the first form, which had no document, are left out.
pub fn stored(city: &City<'_>, from: Date, to: Date) -> Result<Vec<Stored>, AppError> {
    let mut plans: Vec<Stored> = Vec::new();
    for record in records(city, from, to)? {
        if let Some(one) = read(city, &record)?
            && plans.iter().all(|known| known.name != one.name)
        {
            plans.push(one);
        }
    }
    Ok(plans)
}

/// The plan that a new one of `day` follows: the last one issued for the latest day up to it.
pub fn latest(city: &City<'_>, day: Date) -> Result<Option<Stored>, AppError> {
    for record in records(city, Date::MIN, day)?.iter().rev() {
        if let Some(one) = read(city, record)? {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

/// The last plan issued by a moment for the latest day up to `day`.
pub(crate) fn latest_known(city: &City<'_>, day: Date, moment: Timestamp) -> Result<Option<Stored>, AppError> {
    for record in records(city, Date::MIN, day)?.iter().rev() {
        if record.issued.as_known_at <= moment
            && let Some(one) = read(city, record)?
        {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

/// The plan of this name; the beginning of its name will do if only one begins so.
pub fn named(city: &City<'_>, name: &str) -> Result<Stored, AppError> {
    let all = stored(city, Date::MIN, Date::MAX)?;
    let mut fitting = all.into_iter().filter(|one| !name.is_empty() && one.name.starts_with(name));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(_)) if one.name == name => Ok(one),
        (Some(one), Some(other)) => Err(AppError::Asked {
            what: format!("`{name}` begins the names of several plans: {}, {}", one.name, other.name),
            hint: "write more of the name".to_owned(),
        }),
        (None, _) => Err(AppError::Asked {
            what: format!("no stored plan is called `{name}`"),
            hint: "see them with `levee plan list CITY`".to_owned(),
        }),
    }
}

fn records(city: &City<'_>, from: Date, to: Date) -> Result<Vec<ArtefactRecord>, AppError> {
    let (first, last) = keys::artefact_range(ArtefactKind::Plan, from, to);
    let mut stored = Vec::new();
    city.journal.scan(Space::Artefact, &first, &last, &mut |(_, value)| {
        stored.push(value.to_vec());
        ControlFlow::Continue(())
    })?;
    Ok(stored.iter().map(|bytes| decode(Space::Artefact, bytes)).collect::<Result<_, _>>()?)
}

/// `None` for a plan of the first form: bare, without a document around it.
fn read(city: &City<'_>, record: &ArtefactRecord) -> Result<Option<Stored>, AppError> {
    let body = city.blobs.get(&record.issued.body)?;
    let bare = || {
        let value: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
        value.is_some_and(|value| value.get("schema").is_none())
    };
    match document::parse(&body) {
        Ok(document) => Ok(Some(Stored {
            position: record.position,
            as_known_at: record.issued.as_known_at,
            name: document.name()?,
            document,
        })),
        Err(_) if bare() => Ok(None),
        Err(error) => Err(AppError::Meaning { table: "plans".into(), why: error.to_string() }),
    }
}

/// What the plan of rooms before promised, for a new one to be held against.
pub(crate) fn promised(before: &Stored) -> Vec<levee_model::plan::rooms::RoomPromise> {
    before.document.rooms.as_ref().map(|rooms| levee_planner::rooms::made(&rooms.plan)).unwrap_or_default()
}
