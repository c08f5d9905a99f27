//! Restrictions as lists and screens show them.

use super::proposal::Words;
use crate::blob::Blobs;
use crate::city::AppError;
use crate::journal::Read;
use crate::projection::ledger::read;
use crate::projection::measures::{MeasureRow, measure, measures};
use jiff::Timestamp;
use levee_measures::{Basis, MeasureId, Phase, Refusal, Scope, SuspendReason};
use serde_json::{Value, json};

/// One restriction with its words.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is kept of it.
    pub row: MeasureRow,
    /// Its proposal in words.
    pub words: Option<Words>,
    /// Obligations under it that are still owed, of how many.
    pub owed: (u64, u64),
}

fn shown(on: &dyn Read, blobs: &dyn Blobs, row: MeasureRow) -> Result<Shown, AppError> {
    let words = match &row.sheet {
        Some(sheet) => {
            let read = serde_json::from_slice(&blobs.get(&sheet.text)?);
            Some(read.map_err(|error| AppError::Meaning { table: "measures".into(), why: error.to_string() })?)
        }
        None => None,
    };
    let mut owed = (0, row.obliged.len() as u64);
    for one in &row.obliged {
        owed.0 += u64::from(read::obligation(on, &one.obligation)?.is_some_and(|known| known.owed() > 0));
    }
    Ok(Shown { row, words, owed })
}

/// One restriction.
pub fn one(on: &dyn Read, blobs: &dyn Blobs, id: MeasureId) -> Result<Shown, AppError> {
    let row = measure(on, id)?.ok_or_else(|| super::office::refused(Refusal::Unknown(id)))?;
    shown(on, blobs, row)
}

/// All restrictions, those that are not over first, then by start.
pub fn all(on: &dyn Read, blobs: &dyn Blobs) -> Result<Vec<Shown>, AppError> {
    let mut all = measures(on)?.into_iter().map(|row| shown(on, blobs, row)).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|one| {
        let measure = &one.row.measure;
        (measure.phase().name().is_over(), measure.terms().start(), measure.id())
    });
    Ok(all)
}

/// Why people are free for now: a message key, and the way out that it is about.
pub fn suspended_why(reason: &SuspendReason) -> (&'static str, Option<String>) {
    match reason {
        SuspendReason::Decided => ("decided", None),
        SuspendReason::WayBlocked(way) => ("way_blocked", Some(way.to_string())),
        SuspendReason::InspectionOverdue(way) => ("inspection_overdue", Some(way.to_string())),
        SuspendReason::UrgentCareLost => ("urgent_care_lost", None),
        SuspendReason::Unserved => ("unserved", None),
        SuspendReason::OverrideOver => ("override_over", None),
    }
}

impl Shown {
    /// As data, as of a moment. Nobody is named by a pseudonym here.
    pub fn document(&self, now: Timestamp) -> Value {
        let row = &self.row;
        let (measure, terms) = (&row.measure, row.measure.terms());
        let (scope, area) = match terms.scope() {
            Scope::Area(area) => ("area", Some(area.as_str())),
            Scope::Person { .. } => ("person", None),
        };
        let basis = match measure.phase() {
            Phase::Gated(basis) | Phase::Live(basis) => Some(basis),
            _ => None,
        };
        let override_until = basis.and_then(Basis::until);
        let why = match measure.phase() {
            Phase::Suspended(reason) => Some(suspended_why(reason)),
            _ => None,
        };
        let weighed = measure.assessment().map(|told| {
            json!({ "verdict": told.verdict.code(), "gates_open": told.rulebook_gates_open, "effect": told.effect,
                "persons": told.persons, "person_days": told.person_days,
                "alternative": self.words.as_ref().map(|words| &words.alternative) })
        });
        let appeals = measure.appeals().iter().map(|(id, appeal)| {
            json!({ "appeal": id.to_string(), "opened": appeal.opened, "due": appeal.due(), "late": appeal.late(now),
                "decided": appeal.decided.as_ref().map(|d| json!({ "at": d.at, "by": d.by, "upheld": d.upheld })) })
        });
        json!({
            "measure": measure.id().to_string(), "phase": measure.phase().name().code(), "binds": measure.binds(now),
            "scope": scope, "area": area, "within": row.sheet.as_ref().map(|sheet| sheet.path.as_str()),
            "place": self.words.as_ref().map(|words| &words.place), "what": self.words.as_ref().map(|words| &words.what),
            "why": self.words.as_ref().map(|words| &words.why),
            "rule": terms.ground().rule.as_str(), "clause": terms.ground().clause,
            "evidence": terms.evidence().iter().map(|e| json!({ "report": e.report, "occurred": e.occurred }))
                .collect::<Vec<_>>(),
            "decided_by": terms.decider(), "start": terms.start(), "review": terms.review(), "end": terms.end(),
            "over_at": measure.over_at(), "suspended": why.map(|(why, way)| json!({ "why": why, "way": way })),
            "override_until": override_until, "override_used": measure.override_used(),
            "review_open": measure.review_open(),
            "persons": row.counted.as_ref().and_then(|counted| counted.demand.persons),
            "households": row.counted.as_ref().map(|counted| counted.households),
            "services": row.promises.iter().map(|p| json!({ "service": p.service.code(), "provider": p.provider.as_str(),
                "reserved": p.reserved, "vehicle": p.vehicle, "from": p.from, "to": p.to })).collect::<Vec<_>>(),
            "ways": row.ways.iter().map(|way| json!({ "way": way.id.as_str(), "kind": way.kind,
                "inspected": way.inspected })).collect::<Vec<_>>(),
            "notice": row.notice, "appeal_channel": row.appeal_channel, "assessment": weighed,
            "judged": row.judged.as_ref().map(|j| json!({ "book": j.book, "digest": j.text.to_string(), "day": j.day, "rules": j.rules,
                "shut": j.shut, "duties": j.duties })),
            "freed_households": measure.freed().len(), "appeals": appeals.collect::<Vec<_>>(),
            "obligations": { "owed": self.owed.0, "all": self.owed.1 },
            "steps": row.steps,
        })
    }
}
