//! The restrictions' projections, and law 5 in every commit: a change that the engine could not have decided is refused, and a pass
//! that the gate does not give again over the facts beside it.

use crate::event::{Counted, Judged, MeasureRecorded, MeasuresChanged, Obliged, Recorded, ServiceOffered, Sheet};
use crate::journal::{JournalError, LawBroken, Projections, Read, Space};
use crate::projection::{decode, encode, scanned};
use jiff::Timestamp;
use levee_measures::{Change, Measure, MeasureId, Measures, Notice, ObservedMeasure, Promise, Provider, Service, Way};
use levee_model::ids::EntityId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A step in the life of a restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// What: a message key.
    pub what: String,
}

/// A restriction as the projections keep it, with what was recorded for its gate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureRow {
    /// Its life.
    pub measure: Measure,
    /// Its proposal in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Sheet>,
    /// How many it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// Who keeps what for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// The ways out, as last seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
    /// People were told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Where people can appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_channel: Option<String>,
    /// What the rulebook said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
    /// What is owed because of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obliged: Vec<Obliged>,
    /// How often it was put in force or renewed.
    pub runs: u32,
    /// Its life, step by step.
    pub steps: Vec<Step>,
}

fn law(why: String) -> JournalError {
    LawBroken::Restriction { why }.into()
}

fn entity(letter: u8, id: EntityId) -> Vec<u8> {
    [&[letter][..], id.command().as_bytes(), &id.ordinal().to_be_bytes()].concat()
}

/// Key of a restriction.
pub fn key(id: MeasureId) -> Vec<u8> {
    entity(b'm', id.0)
}

fn offer_key(provider: &Provider, service: Service) -> Vec<u8> {
    [b"o", provider.as_str().as_bytes(), b"\0", service.code().as_bytes()].concat()
}

/// The one key of how many vehicles were sent for urgent care.
const URGENT: &[u8] = b"u";

/// One restriction.
pub fn measure(on: &dyn Read, id: MeasureId) -> Result<Option<MeasureRow>, JournalError> {
    on.get(Space::Measure, &key(id))?.map(|bytes| decode(Space::Measure, &bytes)).transpose()
}

fn each<T: serde::de::DeserializeOwned>(on: &dyn Read, letter: u8) -> Result<Vec<T>, JournalError> {
    scanned(on, Space::Measure, (&[letter], &[letter + 1]), |_, bytes| decode(Space::Measure, bytes))
}

/// All restrictions, by id.
pub fn measures(on: &dyn Read) -> Result<Vec<MeasureRow>, JournalError> {
    each(on, b'm')
}

/// What others did, and since when the city knew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservedRow {
    /// What.
    #[serde(flatten)]
    pub observed: ObservedMeasure,
    /// When it was known.
    pub known_at: Timestamp,
}

/// What others did, by id.
pub fn observed(on: &dyn Read) -> Result<Vec<ObservedRow>, JournalError> {
    each(on, b'x')
}

/// What each provider can give in all.
pub fn offers(on: &dyn Read) -> Result<BTreeMap<(Provider, Service), u64>, JournalError> {
    let offers: Vec<(Provider, Service, u64)> = each(on, b'o')?;
    Ok(offers.into_iter().map(|(provider, service, units)| ((provider, service), units)).collect())
}

/// Vehicles that were sent for urgent care.
pub fn urgent_care_sent(on: &dyn Read) -> Result<u64, JournalError> {
    Ok(on.get(Space::Measure, URGENT)?.map(|bytes| decode(Space::Measure, &bytes)).transpose()?.unwrap_or(0))
}

/// All restrictions as the engine decides on them.
pub fn state(on: &dyn Read) -> Result<Measures, JournalError> {
    let mut state = Measures::default();
    for row in measures(on)? {
        state.take(row.measure);
    }
    for one in observed(on)? {
        state.take_observed(one.observed);
    }
    Ok(state)
}

fn put(on: &mut dyn Projections, id: MeasureId, row: &MeasureRow) -> Result<(), JournalError> {
    on.put(Space::Measure, &key(id), &encode(Space::Measure, row)?)
}

/// What a change is called in the life of a restriction; none for what is no step of it.
fn step(change: &Change) -> Option<&'static str> {
    Some(match change {
        Change::Proposed { .. } => "proposed",
        Change::Assessed { .. } => "assessed",
        Change::Gated { .. } => "gated",
        Change::Activated { .. } => "live",
        Change::Completed { .. } => "completed",
        Change::Suspended { .. } => "suspended",
        Change::HouseholdFreed { .. } => "household_freed",
        Change::Renewed { .. } => "renewed",
        Change::ReviewFlag { open: true, .. } => "review_due",
        Change::ReviewFlag { open: false, .. } => "reviewed",
        Change::Ended { .. } => "ended",
        Change::Lapsed { .. } => "lapsed",
        Change::Appealed { .. } => "appealed",
        Change::AppealLate { .. } => "appeal_late",
        Change::AppealDecided { .. } => "appeal_decided",
        Change::Inspected { .. }
        | Change::UrgentCare { .. }
        | Change::Unserved { .. }
        | Change::Served { .. }
        | Change::Observed(_)
        | Change::UrgentCareSent { .. } => return None,
    })
}

/// Changes the projections by what changed in restrictions at a moment, known at another.
pub(super) fn changed(
    on: &mut dyn Projections,
    (at, known_at): (Timestamp, Timestamp),
    event: &MeasuresChanged,
) -> Result<(), JournalError> {
    for change in &event.changes {
        let known = change.measure().map(|id| measure(on, id)).transpose()?.flatten();
        // A pass rests on what every other restriction relies on too; anything else on its own alone.
        let mut about = match (change.basis(), &known) {
            (Some(_), _) => state(on)?,
            (None, Some(row)) => {
                let mut about = Measures::default();
                about.take(row.measure.clone());
                about
            }
            (None, None) => Measures::default(),
        };
        about.proves(change, event.gate.as_deref()).map_err(|unproven| law(unproven.to_string()))?;
        match change {
            Change::Observed(observed) => {
                if on.has(Space::Measure, &key(observed.id))? {
                    return Err(law(format!("{} was drafted here: what others did has an id of its own", observed.id)));
                }
                let row = ObservedRow { observed: ObservedMeasure::clone(observed), known_at };
                on.put(Space::Measure, &entity(b'x', observed.id.0), &encode(Space::Measure, &row)?)?;
            }
            Change::UrgentCareSent { .. } => {
                let sent = urgent_care_sent(on)?.saturating_add(1);
                on.put(Space::Measure, URGENT, &encode(Space::Measure, &sent)?)?;
            }
            _ => {
                let Some(id) = change.measure() else { continue };
                about.apply(change);
                let Some(measure) = about.measure(&id).cloned() else { return Err(law(format!("{id} is not there"))) };
                let mut row = match known {
                    Some(row) => MeasureRow { measure, ..row },
                    None => fresh(measure),
                };
                if let Some(what) = step(change) {
                    let at = if let Change::Lapsed { at, .. } = change { *at } else { at };
                    row.steps.push(Step { at, what: what.to_owned() });
                }
                row.runs = row
                    .runs
                    .saturating_add(u32::from(matches!(change, Change::Activated { .. } | Change::Renewed { .. })));
                put(on, id, &row)?;
            }
        }
    }
    Ok(())
}

fn fresh(measure: Measure) -> MeasureRow {
    MeasureRow {
        measure,
        sheet: None,
        counted: None,
        promises: vec![],
        ways: vec![],
        notice: None,
        appeal_channel: None,
        judged: None,
        obliged: vec![],
        runs: 0,
        steps: vec![],
    }
}

/// Changes the projections by what was recorded of a restriction.
pub(super) fn recorded(on: &mut dyn Projections, event: &MeasureRecorded) -> Result<(), JournalError> {
    let id = event.id;
    let mut row = measure(on, id)?.ok_or_else(|| law(format!("{id} is not there")))?;
    match event.what.clone() {
        Recorded::Sheet(sheet) => row.sheet = Some(sheet),
        Recorded::Counted(counted) => row.counted = Some(counted),
        Recorded::Reserved(promise) => {
            let same = |other: &Promise| {
                (&other.provider, other.service, other.from, other.to)
                    == (&promise.provider, promise.service, promise.from, promise.to)
            };
            match row.promises.iter_mut().find(|other| same(other)) {
                Some(other) => *other = promise,
                None => row.promises.push(promise),
            }
        }
        Recorded::Withdrawn { provider, service } => {
            row.promises.retain(|promise| promise.provider != provider || promise.service != service);
        }
        Recorded::Way { id, kind } => match row.ways.iter_mut().find(|way| way.id == id) {
            Some(way) => way.kind = kind,
            None => row.ways.push(Way { id, kind, inspected: None }),
        },
        Recorded::Seen { way, seen } => {
            let known = row.ways.iter_mut().find(|known| known.id == way);
            let known = known.ok_or_else(|| law(format!("{id} has no way out `{way}`")))?;
            // A look reported late does not hide a later one.
            if known.inspected.as_ref().is_none_or(|before| before.at <= seen.at) {
                known.inspected = Some(seen);
            }
        }
        Recorded::Notice(notice) => row.notice = Some(notice),
        Recorded::AppealChannel(channel) => row.appeal_channel = Some(channel),
        Recorded::Judged(judged) => row.judged = Some(judged),
        Recorded::Obliged(obliged) => row.obliged.extend(obliged),
    }
    put(on, id, &row)
}

/// Changes the projections by what a provider can give.
pub(super) fn offered(on: &mut dyn Projections, offer: &ServiceOffered) -> Result<(), JournalError> {
    let row = (&offer.provider, offer.service, offer.units);
    on.put(Space::Measure, &offer_key(&offer.provider, offer.service), &encode(Space::Measure, &row)?)
}
