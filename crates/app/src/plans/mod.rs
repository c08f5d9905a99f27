//! Use cases of plans: make one for a city and a day, store it as issued, look at stored ones, compare, check, draw.
//!
//! A plan is made from the same picture and outlook as the brief of its day. It is stored whole, with everything that it was
//! made from, and never changed: another plan is another document that names the one before it. What the checker
//! refuses is neither shown nor stored.

pub mod archive;
pub(crate) mod asks;
mod books;
mod check;
mod compare;
mod counted;
mod document;
mod lanes;
mod pins;
mod propose;
mod said;
mod sections;
mod view;

pub(crate) use archive::promised;
pub use asks::openings::{OpeningsAsked, hall_of};
pub use asks::runs::{RunsAsked, Shifts};
pub use asks::testing::Asked as AskedTesting;
pub(crate) use books::standing;
pub use books::{ACTION, FROM_PLAN};
pub use check::check;
pub use compare::{ChangedRow, Compared, compare};
pub use counted::{Boarding, CountedRuns, RunRow, Span, StopRow, UrgentRow, WaitingRow};
pub use document::{
    Answered, FacilityLine, Made, NoPlan, OutlookRef, Part, PartGap, PlaceLine, PlanDocument, SCHEMA, parse,
};
pub use lanes::{LaneMap, lanes};
pub use pins::{KnownPlaces, PINS_SCHEMA, PinFault, parse_pins};
pub use propose::proposals;
pub use sections::sections;
pub use view::{DecidedRow, TransferView, class_name};

use crate::city::{AppError, City, stream};
use crate::commit::carry_out;
use crate::day::{Asking, Day, DayOptions, compute_with, moment_of};
use crate::event::{ArtefactIssued, ArtefactKind, Event, NewEvent};
use crate::rights::{Right, check as may};
use jiff::civil::Date;
use levee_model::command::Envelope;
use levee_model::ids::EntityId;
use levee_model::plan::Pin;

/// A plan that was made.
#[derive(Debug)]
pub struct MadePlan {
    /// Its name.
    pub name: String,
    /// The plan.
    pub document: PlanDocument,
    /// Whether it is stored now; not when it says, word for word, what the plan before it says.
    pub stored: bool,
}

/// The document of a computed day, after the plan that it follows.
pub(crate) fn document(day: &Day) -> Result<PlanDocument, AppError> {
    let mut document = PlanDocument::of(day)?;
    document.made.parent = day.before.as_ref().map(|before| before.name.clone());
    let violations = check(&document)?;
    match violations.first() {
        None => Ok(document),
        Some(first) => Err(AppError::PlanRefused { count: violations.len(), first: first.clone() }),
    }
}

/// What a plan is asked to be.
#[derive(Clone, Debug, Default)]
pub struct PlanAsk {
    /// Seed of the outlook's paths.
    pub options: DayOptions,
    /// Pins that it must answer.
    pub pins: Vec<Pin>,
    /// Parts to be planned; empty = all.
    pub what: Vec<Part>,
}

/// The places that pins may name, as known when the plan of a day is made.
pub fn known_places(city: &City<'_>, day: Date) -> Result<KnownPlaces, AppError> {
    KnownPlaces::of(city.journal, day, moment_of(city, day)?)
}

/// Makes a plan; stores nothing.
pub fn make(city: &City<'_>, day: Date, ask: &PlanAsk) -> Result<PlanDocument, AppError> {
    let parts = if ask.what.is_empty() { Part::ALL.to_vec() } else { ask.what.clone() };
    document(&compute_with(city, day, ask.options, Asking { pins: &ask.pins, parts: &parts, follows: Some(day) })?)
}

/// Makes a plan and stores it as issued.
pub fn issue(city: &mut City<'_>, envelope: &Envelope, day: Date, ask: &PlanAsk) -> Result<MadePlan, AppError> {
    may(city.journal, &envelope.actor, Right::RunDay)?;
    let document = make(city, day, ask)?;
    keep(city, envelope, day, document)
}

/// Stores a plan that was made for this day, as issued.
///
/// # Errors
/// The actor may not; the journal or the blob store fails.
pub fn keep(city: &mut City<'_>, envelope: &Envelope, day: Date, document: PlanDocument) -> Result<MadePlan, AppError> {
    may(city.journal, &envelope.actor, Right::RunDay)?;
    // The same plan again is the same plan: it is not its own child.
    if let Some(before) = archive::latest(city, day)? {
        let mut again = document.clone();
        again.made.parent.clone_from(&before.document.made.parent);
        if again == before.document {
            return Ok(MadePlan { name: before.name, document: before.document, stored: false });
        }
    }
    let body = city.blobs.put(&document.bytes()?)?;
    let (now, position) = (city.clock.now(), city.journal.last()?);
    let known_at = moment_of(city, day)?;
    let stream = stream("plan")?;
    carry_out(city.journal, envelope, now, &mut |tx| {
        let event = Event::ArtefactIssued(ArtefactIssued {
            id: EntityId::new(envelope.command_id.uuid(), 0),
            kind: ArtefactKind::Plan,
            day,
            as_known_at: known_at,
            position,
            body,
            inputs: vec![],
            engine: document.made.engine.clone(),
            seed: document.made.seed,
        });
        tx.append(NewEvent { stream: stream.clone(), occurred: now, known_at, event })?;
        Ok(())
    })?;
    Ok(MadePlan { name: document.name()?, document, stored: true })
}
