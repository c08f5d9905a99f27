//! Use case: read rejected rows again, to mend them and send them once more. Every reading is written down.

use crate::city::{AppError, City, stream};
use crate::event::{Event, NewEvent, RejectedRead};
use crate::intake::put_json;
use crate::journal::{Read, Space};
use crate::projection::{BatchRecord, decode, keys};
use crate::rights::{Right, check};
use levee_model::command::Envelope;
use levee_model::ids::EntityId;
use levee_model::table::CellProblem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// A rejected row as it was sent, with what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedValues {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Its cells as they stood.
    pub cells: Vec<String>,
    /// What is wrong, column by column.
    pub problems: Vec<StoredProblem>,
}

/// What is wrong with a cell, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProblem {
    /// The column.
    pub column: String,
    /// The value as it stood.
    pub value: String,
    /// Stable code.
    pub code: String,
    /// Arguments of its sentence.
    pub args: Vec<String>,
}

pub(crate) fn to_blob(headings: &[String], rows: &[(u64, Vec<String>, Vec<CellProblem>)]) -> Value {
    let rows: Vec<RejectedValues> = rows
        .iter()
        .map(|(line, cells, problems)| RejectedValues {
            line: *line,
            cells: cells.clone(),
            problems: problems
                .iter()
                .map(|p| StoredProblem {
                    column: p.column.clone(),
                    value: p.value.clone(),
                    code: p.code.to_owned(),
                    args: p.args.clone(),
                })
                .collect(),
        })
        .collect();
    json!({ "headings": headings, "rows": rows })
}

/// Rejected rows of a batch, with the headings of their file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// The table they are for.
    pub table: String,
    /// Headings of the file.
    pub headings: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<RejectedValues>,
}

/// All batches, in the order of their ids (which is the order in which they were sent).
pub fn batches(on: &dyn Read) -> Result<Vec<BatchRecord>, AppError> {
    let mut stored = Vec::new();
    on.scan(Space::Batch, &[], &[0xff], &mut |(_, value)| {
        stored.push(value.to_vec());
        ControlFlow::Continue(())
    })?;
    stored.into_iter().map(|bytes| Ok(decode(Space::Batch, &bytes)?)).collect()
}

/// One batch.
///
/// # Errors
/// The journal cannot be read.
pub fn batch(on: &dyn Read, id: EntityId) -> Result<Option<BatchRecord>, AppError> {
    let bytes = on.get(Space::Batch, &keys::batch(id))?;
    bytes.map(|bytes| Ok(decode(Space::Batch, &bytes)?)).transpose()
}

/// The latest batches that were sent before another, at most `limit`, the latest first.
///
/// # Errors
/// The journal cannot be read.
pub fn latest(on: &dyn Read, before: Option<EntityId>, limit: usize) -> Result<Vec<BatchRecord>, AppError> {
    let to = before.map_or_else(|| vec![0xff], |id| keys::batch(id).to_vec());
    let mut last: VecDeque<Vec<u8>> = VecDeque::with_capacity(limit.min(1 << 12));
    on.scan(Space::Batch, &[], &to, &mut |(_, value)| {
        if last.len() >= limit {
            last.pop_front();
        }
        last.push_back(value.to_vec());
        ControlFlow::Continue(())
    })?;
    last.iter().rev().map(|bytes| Ok(decode(Space::Batch, bytes)?)).collect()
}

/// Reads the rejected rows of a batch. Needs a person and a reason, and leaves a trace.
pub fn read(city: &mut City<'_>, envelope: &Envelope, batch: EntityId, reason: &str) -> Result<Rejected, AppError> {
    check(city.journal, &envelope.actor, Right::ReadRejected)?;
    if reason.trim().is_empty() {
        return Err(AppError::Asked {
            what: "rejected values are read for a reason, and none was given".to_owned(),
            hint: "say why they are read; it is written down with your name".to_owned(),
        });
    }
    let bytes = city.journal.get(Space::Batch, &keys::batch(batch))?.ok_or_else(|| AppError::Asked {
        what: format!("there is no batch `{batch}`"),
        hint: "see `levee batches CITY` for those that were taken in".to_owned(),
    })?;
    let record: BatchRecord = decode(Space::Batch, &bytes)?;
    let mut rejected = Rejected { table: record.opened.table.clone(), ..Rejected::default() };
    for digest in &record.rejected_values {
        #[derive(Deserialize)]
        struct Stored {
            headings: Vec<String>,
            rows: Vec<RejectedValues>,
        }
        let stored: Stored = serde_json::from_slice(&city.blobs.get(digest)?)
            .map_err(|e| AppError::Meaning { table: "rejected rows".into(), why: e.to_string() })?;
        rejected.headings = stored.headings;
        rejected.rows.extend(stored.rows);
    }
    let now = city.clock.now();
    let reason = put_json(city.blobs, &Value::from(reason))?;
    let event = Event::RejectedRead(RejectedRead { batch, rows: rejected.rows.len() as u64, reason });
    let new = NewEvent { stream: stream("audit")?, occurred: now, known_at: now, event };
    city.journal.transact(envelope, now, &mut |tx| tx.append(new.clone()).map(|_| ()))?;
    Ok(rejected)
}
