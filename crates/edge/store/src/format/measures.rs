//! Version 1 of what changes in restrictions. Frozen, as [`super::v1`] is.
//!
//! A pass of the gate is stored with what it says; the facts that it rests on stand beside it, and in every commit and every rebuild the
//! gate runs again over them.

use super::measure_parts::{
    StoredAppeal, StoredAssessment, StoredBasis, StoredEvidence, StoredFacts, StoredInspection, StoredObserved,
    StoredTerms, StoredWay, text,
};
use jiff::Timestamp;
use levee_app::event::{self, Event};
use levee_measures::{AppealId, Change, Decided, EndReason, MeasureId, SuspendReason};
use levee_model::ids::{EntityId, PersonId};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasuresChanged {
    changes: Vec<StoredChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gate: Option<StoredFacts>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredChange {
    Proposed { id: EntityId, terms: StoredTerms },
    Assessed { id: EntityId, assessment: StoredAssessment },
    Gated { id: EntityId, basis: StoredBasis, ways: Vec<StoredWay> },
    Activated { id: EntityId, basis: StoredBasis, ways: Vec<StoredWay>, by: (PersonId, PersonId), at: Timestamp },
    Completed { id: EntityId, basis: StoredBasis, ways: Vec<StoredWay> },
    Suspended { id: EntityId, reason: StoredSuspend, at: Timestamp },
    HouseholdFreed { id: EntityId, household: String, at: Timestamp },
    Renewed(Box<StoredRenewal>),
    ReviewFlag { id: EntityId, open: bool },
    Ended { id: EntityId, reason: StoredEnd, at: Timestamp },
    Lapsed { id: EntityId, at: Timestamp },
    Inspected { id: EntityId, way: String, seen: StoredInspection },
    UrgentCare { id: EntityId, there: bool },
    Unserved { id: EntityId, household: String, since: Timestamp },
    Served { id: EntityId, household: String },
    Appealed { id: EntityId, appeal: EntityId, by: String, asks: StoredAppeal, at: Timestamp },
    AppealLate { id: EntityId, appeal: EntityId },
    AppealDecided { id: EntityId, appeal: EntityId, at: Timestamp, by: PersonId, upheld: bool, reason: String },
    Observed(Box<StoredObserved>),
    UrgentCareSent { subject: String, at: Timestamp },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRenewal {
    id: EntityId,
    end: Timestamp,
    review: Timestamp,
    evidence: Vec<StoredEvidence>,
    assessment: StoredAssessment,
    basis: StoredBasis,
    ways: Vec<StoredWay>,
    by: (PersonId, PersonId),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredSuspend {
    Decided,
    WayBlocked(String),
    InspectionOverdue(String),
    UrgentCareLost,
    Unserved,
    OverrideOver,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredEnd {
    Decided,
    GroundLapsed,
    AppealUpheld,
}

fn ways(ways: &[levee_measures::Way]) -> Vec<StoredWay> {
    ways.iter().map(StoredWay::of).collect()
}

fn read_ways(ways: Vec<StoredWay>) -> Result<Vec<levee_measures::Way>, String> {
    ways.into_iter().map(StoredWay::read).collect()
}

fn two(by: &[PersonId; 2]) -> (PersonId, PersonId) {
    let [first, second] = by.clone();
    (first, second)
}

fn store_suspend(reason: &SuspendReason) -> StoredSuspend {
    match reason {
        SuspendReason::Decided => StoredSuspend::Decided,
        SuspendReason::WayBlocked(way) => StoredSuspend::WayBlocked(way.to_string()),
        SuspendReason::InspectionOverdue(way) => StoredSuspend::InspectionOverdue(way.to_string()),
        SuspendReason::UrgentCareLost => StoredSuspend::UrgentCareLost,
        SuspendReason::Unserved => StoredSuspend::Unserved,
        SuspendReason::OverrideOver => StoredSuspend::OverrideOver,
    }
}

fn read_suspend(reason: StoredSuspend) -> Result<SuspendReason, String> {
    Ok(match reason {
        StoredSuspend::Decided => SuspendReason::Decided,
        StoredSuspend::WayBlocked(way) => SuspendReason::WayBlocked(text(&way)?),
        StoredSuspend::InspectionOverdue(way) => SuspendReason::InspectionOverdue(text(&way)?),
        StoredSuspend::UrgentCareLost => SuspendReason::UrgentCareLost,
        StoredSuspend::Unserved => SuspendReason::Unserved,
        StoredSuspend::OverrideOver => SuspendReason::OverrideOver,
    })
}

fn store_change(change: &Change) -> StoredChange {
    match change {
        Change::Proposed { id, terms } => StoredChange::Proposed { id: id.0, terms: StoredTerms::of(terms) },
        Change::Assessed { id, assessment } => {
            StoredChange::Assessed { id: id.0, assessment: StoredAssessment::of(assessment) }
        }
        Change::Gated { id, basis, ways: out } => {
            StoredChange::Gated { id: id.0, basis: StoredBasis::of(basis), ways: ways(out) }
        }
        Change::Activated { id, basis, ways: out, by, at } => {
            StoredChange::Activated { id: id.0, basis: StoredBasis::of(basis), ways: ways(out), by: two(by), at: *at }
        }
        Change::Completed { id, basis, ways: out } => {
            StoredChange::Completed { id: id.0, basis: StoredBasis::of(basis), ways: ways(out) }
        }
        Change::Suspended { id, reason, at } => {
            StoredChange::Suspended { id: id.0, reason: store_suspend(reason), at: *at }
        }
        Change::HouseholdFreed { id, household, at } => {
            StoredChange::HouseholdFreed { id: id.0, household: household.as_str().to_owned(), at: *at }
        }
        Change::Renewed { id, end, review, evidence, assessment, basis, ways: out, by } => {
            StoredChange::Renewed(Box::new(StoredRenewal {
                id: id.0,
                end: *end,
                review: *review,
                evidence: evidence.iter().map(StoredEvidence::of).collect(),
                assessment: StoredAssessment::of(assessment),
                basis: StoredBasis::of(basis),
                ways: ways(out),
                by: two(by),
            }))
        }
        Change::ReviewFlag { id, open } => StoredChange::ReviewFlag { id: id.0, open: *open },
        Change::Ended { id, reason, at } => {
            let reason = match reason {
                EndReason::Decided => StoredEnd::Decided,
                EndReason::GroundLapsed => StoredEnd::GroundLapsed,
                EndReason::AppealUpheld => StoredEnd::AppealUpheld,
            };
            StoredChange::Ended { id: id.0, reason, at: *at }
        }
        Change::Lapsed { id, at } => StoredChange::Lapsed { id: id.0, at: *at },
        Change::Inspected { id, way, seen } => {
            StoredChange::Inspected { id: id.0, way: way.to_string(), seen: StoredInspection::of(seen) }
        }
        Change::UrgentCare { id, there } => StoredChange::UrgentCare { id: id.0, there: *there },
        Change::Unserved { id, household, since } => {
            StoredChange::Unserved { id: id.0, household: household.as_str().to_owned(), since: *since }
        }
        Change::Served { id, household } => StoredChange::Served { id: id.0, household: household.as_str().to_owned() },
        Change::Appealed { id, appeal, by, asks, at } => StoredChange::Appealed {
            id: id.0,
            appeal: appeal.0,
            by: by.as_str().to_owned(),
            asks: StoredAppeal::of(asks),
            at: *at,
        },
        Change::AppealLate { id, appeal } => StoredChange::AppealLate { id: id.0, appeal: appeal.0 },
        Change::AppealDecided { id, appeal, decided: Decided { at, by, upheld, reason } } => {
            StoredChange::AppealDecided {
                id: id.0,
                appeal: appeal.0,
                at: *at,
                by: by.clone(),
                upheld: *upheld,
                reason: reason.clone(),
            }
        }
        Change::Observed(observed) => StoredChange::Observed(Box::new(StoredObserved::of(observed))),
        Change::UrgentCareSent { subject, at } => {
            StoredChange::UrgentCareSent { subject: subject.as_str().to_owned(), at: *at }
        }
    }
}

fn read_change(change: StoredChange) -> Result<Change, String> {
    let m = MeasureId;
    Ok(match change {
        StoredChange::Proposed { id, terms } => Change::Proposed { id: m(id), terms: Box::new(terms.read()?) },
        StoredChange::Assessed { id, assessment } => {
            Change::Assessed { id: m(id), assessment: Box::new(assessment.read()?) }
        }
        StoredChange::Gated { id, basis, ways } => {
            Change::Gated { id: m(id), basis: Box::new(basis.read()?), ways: read_ways(ways)? }
        }
        StoredChange::Activated { id, basis, ways, by, at } => Change::Activated {
            id: m(id),
            basis: Box::new(basis.read()?),
            ways: read_ways(ways)?,
            by: [by.0, by.1],
            at,
        },
        StoredChange::Completed { id, basis, ways } => {
            Change::Completed { id: m(id), basis: Box::new(basis.read()?), ways: read_ways(ways)? }
        }
        StoredChange::Suspended { id, reason, at } => {
            Change::Suspended { id: m(id), reason: read_suspend(reason)?, at }
        }
        StoredChange::HouseholdFreed { id, household, at } => {
            Change::HouseholdFreed { id: m(id), household: text(&household)?, at }
        }
        StoredChange::Renewed(one) => {
            let StoredRenewal { id, end, review, evidence, assessment, basis, ways, by } = *one;
            Change::Renewed {
                id: m(id),
                end,
                review,
                evidence: evidence.into_iter().map(StoredEvidence::read).collect(),
                assessment: Box::new(assessment.read()?),
                basis: Box::new(basis.read()?),
                ways: read_ways(ways)?,
                by: [by.0, by.1],
            }
        }
        StoredChange::ReviewFlag { id, open } => Change::ReviewFlag { id: m(id), open },
        StoredChange::Ended { id, reason, at } => {
            let reason = match reason {
                StoredEnd::Decided => EndReason::Decided,
                StoredEnd::GroundLapsed => EndReason::GroundLapsed,
                StoredEnd::AppealUpheld => EndReason::AppealUpheld,
            };
            Change::Ended { id: m(id), reason, at }
        }
        StoredChange::Lapsed { id, at } => Change::Lapsed { id: m(id), at },
        StoredChange::Inspected { id, way, seen } => {
            Change::Inspected { id: m(id), way: text(&way)?, seen: seen.read() }
        }
        StoredChange::UrgentCare { id, there } => Change::UrgentCare { id: m(id), there },
        StoredChange::Unserved { id, household, since } => {
            Change::Unserved { id: m(id), household: text(&household)?, since }
        }
        StoredChange::Served { id, household } => Change::Served { id: m(id), household: text(&household)? },
        StoredChange::Appealed { id, appeal, by, asks, at } => {
            Change::Appealed { id: m(id), appeal: AppealId(appeal), by: text(&by)?, asks: asks.read()?, at }
        }
        StoredChange::AppealLate { id, appeal } => Change::AppealLate { id: m(id), appeal: AppealId(appeal) },
        StoredChange::AppealDecided { id, appeal, at, by, upheld, reason } => {
            Change::AppealDecided { id: m(id), appeal: AppealId(appeal), decided: Decided { at, by, upheld, reason } }
        }
        StoredChange::Observed(observed) => Change::Observed(Box::new(observed.read()?)),
        StoredChange::UrgentCareSent { subject, at } => Change::UrgentCareSent { subject: text(&subject)?, at },
    })
}

pub(super) fn write_changed(one: &event::MeasuresChanged) -> serde_json::Result<Vec<u8>> {
    let event::MeasuresChanged { changes, gate } = one;
    let changes = changes.iter().map(store_change).collect();
    serde_json::to_vec(&MeasuresChanged { changes, gate: gate.as_deref().map(StoredFacts::of) })
}

pub(super) fn measures_changed(body: &[u8]) -> Result<Event, String> {
    let MeasuresChanged { changes, gate } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(Event::MeasuresChanged(event::MeasuresChanged {
        changes: changes.into_iter().map(read_change).collect::<Result<_, _>>()?,
        gate: gate.map(|facts| facts.read().map(Box::new)).transpose()?,
    }))
}
