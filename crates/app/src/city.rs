//! A city at work: its journal, its blobs, its clock, and who is acting. Every use case starts here.

use crate::blob::{BlobError, Blobs};
use crate::clock::Clock;
use crate::event::{CityFounded, Event, Mode, NewEvent, ReferenceTaken, StreamName};
use crate::journal::{Journal, JournalError, Read, Space};
use crate::projection::{decode, keys};
use crate::row_json::{self, BadRow};
use crate::settings::{self, BadSettings, Calendar, CitySettings};
use levee_model::command::Envelope;
use levee_model::table::{Row, TABLES, Use};
use std::ops::ControlFlow;

/// What every use case may need.
pub struct City<'a> {
    /// The journal.
    pub journal: &'a mut dyn Journal,
    /// The blob store.
    pub blobs: &'a dyn Blobs,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// Why a use case could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The journal refused or failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The blob store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The settings are bad.
    #[error(transparent)]
    Settings(#[from] BadSettings),
    /// A stored row cannot be read.
    #[error(transparent)]
    Row(#[from] BadRow),
    /// The ledger refused.
    #[error(transparent)]
    Refused(Box<levee_ledger::Refusal>),
    /// A use case of restrictions was refused.
    #[error(transparent)]
    Measure(Box<crate::measures::Fault>),
    /// The vault refused or failed.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
    /// The actor may not.
    #[error(transparent)]
    NotAllowed(#[from] crate::rights::NotAllowed),
    /// The places of the city do not hang together.
    #[error("the city's places do not hang together: {0}")]
    Places(String),
    /// A table that is not taken in this way.
    #[error("`{0}` is not a table of reports")]
    NotAReport(String),
    /// No city yet.
    #[error("there is no city here yet")]
    NoCity,
    /// A row's typed meaning is missing.
    #[error("a row of `{table}` says nothing that can be read: {why}")]
    Meaning {
        /// The table.
        table: String,
        /// Why.
        why: String,
    },
    /// The file could not be read as a table.
    #[error("{what}")]
    File {
        /// What and where.
        what: String,
        /// How to mend it.
        hint: String,
    },
    /// What was asked for is not there, or was not asked for as it must be.
    #[error("{what}")]
    Asked {
        /// What.
        what: String,
        /// How to mend it.
        hint: String,
    },
    /// A date outside what the use case can do.
    #[error("{what}")]
    Date {
        /// What.
        what: String,
        /// How to mend it.
        hint: String,
    },
    /// An engine refused.
    #[error("{engine}: {what}")]
    Engine {
        /// Which.
        engine: &'static str,
        /// What it said.
        what: String,
        /// How to mend it.
        hint: String,
    },
    /// The checker found a plan wrong. It is a fault of the planner; no such plan is shown.
    #[error("the proposed plan breaks {} rule(s) and is not shown: {first}", count)]
    PlanRefused {
        /// How many.
        count: usize,
        /// The first.
        first: String,
    },
}

impl AppError {
    /// How to mend it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Journal(JournalError::Full { .. }) | Self::Blob(BlobError::Full { .. }) => {
                Some("free some space, then give the same command again".to_owned())
            }
            Self::Journal(JournalError::Busy { .. }) => Some("wait until it ends, then try again".to_owned()),
            Self::Journal(JournalError::TooNew { .. }) => {
                Some("use the version that wrote it, or a later one".to_owned())
            }
            Self::Journal(JournalError::Store { .. }) => {
                Some("run `levee journal verify CITY`; restore a backup if it reports faults".to_owned())
            }
            Self::Refused(refusal) => Some(refusal.hint()),
            Self::Measure(fault) => Some(fault.hint()),
            Self::NotAllowed(not_allowed) => Some(not_allowed.hint()),
            Self::Vault(error) => error.hint(),
            Self::NotAReport(_) => {
                let names: Vec<&str> = TABLES.iter().filter(|t| t.used == Use::Report).map(|t| t.name).collect();
                Some(format!("tables of reports: {}", names.join(", ")))
            }
            Self::NoCity => Some("make one with `levee init CITY --pack DIR`".to_owned()),
            Self::File { hint, .. }
            | Self::Asked { hint, .. }
            | Self::Date { hint, .. }
            | Self::Engine { hint, .. } => Some(hint.clone()),
            Self::PlanRefused { .. } => {
                Some("this is a fault of ours: please report it with the city folder".to_owned())
            }
            _ => None,
        }
    }
}

/// What a pack gives to found a city.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Live or replay.
    pub mode: Mode,
    /// `city.toml`.
    pub city_toml: String,
    /// The boundaries file.
    pub boundaries: Option<Vec<u8>>,
    /// Rows of the reference tables, table by table.
    pub reference: Vec<Vec<Row>>,
}

pub(crate) fn stream(name: &str) -> Result<StreamName, AppError> {
    name.parse().map_err(|e: levee_model::ids::BadId| AppError::Meaning { table: "stream".into(), why: e.to_string() })
}

/// Makes the city: its settings and reference tables, in one commit.
pub fn found(city: &mut City<'_>, envelope: &Envelope, founding: &Founding) -> Result<CitySettings, AppError> {
    let settings = settings::parse(&founding.city_toml)?;
    let boundaries = founding.boundaries.as_deref().map(|bytes| city.blobs.put(bytes)).transpose()?;
    let now = city.clock.now();
    let stream = stream("city")?;
    let mut events = vec![Event::CityFounded(CityFounded {
        mode: founding.mode,
        city_toml: founding.city_toml.clone(),
        boundaries,
    })];
    for rows in founding.reference.iter().filter(|rows| !rows.is_empty()) {
        for chunk in rows.chunks(1000) {
            // Notes of reference tables are the pack's own published remarks; they are not needed again.
            let rows = chunk.iter().map(|row| row.clone().split_notes().0).collect();
            events.push(Event::ReferenceTaken(ReferenceTaken { rows }));
        }
    }
    city.journal.transact(envelope, now, &mut |tx| {
        for event in &events {
            tx.append(NewEvent { stream: stream.clone(), occurred: now, known_at: now, event: event.clone() })?;
        }
        Ok(())
    })?;
    Ok(settings)
}

/// What the city was founded with.
pub fn founded(on: &dyn Read) -> Result<(CityFounded, CitySettings, Calendar), AppError> {
    let bytes = on.get(Space::City, keys::CITY)?.ok_or(AppError::NoCity)?;
    let founded: CityFounded = decode(Space::City, &bytes)?;
    let settings = settings::parse(&founded.city_toml)?;
    let calendar = Calendar::of(&settings)?;
    Ok((founded, settings, calendar))
}

/// All rows of a reference table, by key.
pub fn reference_rows(on: &dyn Read, table: &str) -> Result<Vec<Row>, AppError> {
    let (from, to) = keys::table_range(table);
    let mut stored = Vec::new();
    on.scan(Space::Reference, &from, &to, &mut |(_, value)| {
        stored.push(value.to_vec());
        ControlFlow::Continue(())
    })?;
    stored.into_iter().map(|bytes| Ok(row_json::from_json(table, &decode(Space::Reference, &bytes)?)?)).collect()
}
