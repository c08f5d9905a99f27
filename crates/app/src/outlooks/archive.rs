//! The outlooks that were issued, as they were issued.

use crate::city::{AppError, City};
use crate::day::ArchivedOutlook;
use crate::event::{ArtefactKind, Position};
use crate::journal::Space;
use crate::projection::{ArtefactRecord, decode, keys};
use jiff::civil::Date;
use std::ops::ControlFlow;

/// An outlook with its place in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// The event that issued it.
    pub position: Position,
    /// What people saw.
    pub outlook: ArchivedOutlook,
}

/// What was issued for a stretch of days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Archive {
    /// The first that was issued for each day, by day: what people saw first is what is scored.
    pub issued: Vec<Issued>,
    /// Outlooks issued again for a day that had one. They stay in the journal; none replaces the first.
    pub again: u32,
}

/// Outlooks issued for the days from `from` to `to`, both included.
pub fn archive(city: &City<'_>, from: Date, to: Date) -> Result<Archive, AppError> {
    let mut archive = Archive::default();
    if to < from {
        return Ok(archive);
    }
    let (first, last) = keys::artefact_range(ArtefactKind::Outlook, from, to);
    let mut stored = Vec::new();
    city.journal.scan(Space::Artefact, &first, &last, &mut |(_, value)| {
        stored.push(value.to_vec());
        ControlFlow::Continue(())
    })?;
    let mut last_day = None;
    for bytes in stored {
        let record: ArtefactRecord = decode(Space::Artefact, &bytes)?;
        if last_day == Some(record.issued.day) {
            archive.again += 1;
            continue;
        }
        last_day = Some(record.issued.day);
        let body = city.blobs.get(&record.issued.body)?;
        let outlook = serde_json::from_slice(&body)
            .map_err(|e| AppError::Meaning { table: "outlooks".into(), why: e.to_string() })?;
        archive.issued.push(Issued { position: record.position, outlook });
    }
    Ok(archive)
}
