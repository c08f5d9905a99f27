//! Batches: what was received, and law 1 over it.

use super::{decode, encode, keys};
use crate::blob::BlobRef;
use crate::event::{Balance, BatchClosed, BatchOpened, Position, RowsRejected};
use crate::journal::{JournalError, LawBroken, Projections, Space};
use levee_model::ids::EntityId;
use serde::{Deserialize, Serialize};

/// How far a batch has come. Only `Closed` is ever seen outside a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Rows are being written.
    Open,
    /// Whole and balanced.
    Closed {
        /// Where its rows went.
        balance: Balance,
        /// Of the accepted, how many supersede.
        superseding: u64,
        /// Warnings by code.
        warnings: Vec<(String, u64)>,
        /// Where in the journal it ends.
        position: Position,
    },
}

/// A batch as the projections keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRecord {
    /// What was received.
    pub opened: BatchOpened,
    /// Rows accepted so far.
    pub accepted: u64,
    /// Rows rejected so far.
    pub rejected: u64,
    /// Blobs with the values of rejected rows.
    pub rejected_values: Vec<BlobRef>,
    /// How far it has come.
    pub state: BatchState,
}

fn load(on: &dyn Projections, batch: EntityId, space: Space) -> Result<BatchRecord, JournalError> {
    let bytes = on.get(space, &keys::batch(batch))?.ok_or_else(|| LawBroken::BatchNotWhole {
        batch: batch.to_string(),
        why: "rows came for a batch that is not open",
    })?;
    decode(space, &bytes)
}

pub(super) fn open(on: &mut dyn Projections, opened: &BatchOpened) -> Result<(), JournalError> {
    let key = keys::batch(opened.batch);
    if on.get(Space::Batch, &key)?.is_some() || on.get(Space::OpenBatch, &key)?.is_some() {
        let batch = opened.batch.to_string();
        return Err(LawBroken::BatchNotWhole { batch, why: "it was opened twice" }.into());
    }
    let record = BatchRecord {
        opened: opened.clone(),
        accepted: 0,
        rejected: 0,
        rejected_values: vec![],
        state: BatchState::Open,
    };
    on.put(Space::OpenBatch, &key, &encode(Space::OpenBatch, &record)?)
}

pub(super) fn count(
    on: &mut dyn Projections,
    batch: EntityId,
    change: impl FnOnce(&mut BatchRecord),
) -> Result<(), JournalError> {
    let mut record = load(on, batch, Space::OpenBatch)?;
    change(&mut record);
    on.put(Space::OpenBatch, &keys::batch(batch), &encode(Space::OpenBatch, &record)?)
}

pub(super) fn values(on: &mut dyn Projections, rejected: &RowsRejected) -> Result<(), JournalError> {
    count(on, rejected.batch, |record| record.rejected_values.push(rejected.values))
}

pub(super) fn close(on: &mut dyn Projections, position: Position, closed: &BatchClosed) -> Result<(), JournalError> {
    let mut record = load(on, closed.batch, Space::OpenBatch)?;
    let Balance { received, accepted, rejected, duplicate } = closed.balance;
    // The balance is claimed by the use case and counted here from the rows themselves: both must say the same.
    if !closed.balance.holds() || record.accepted != accepted || record.rejected != rejected {
        let batch = closed.batch.to_string();
        let (accepted, rejected) = (record.accepted, record.rejected);
        return Err(LawBroken::Unbalanced { batch, received, accepted, rejected, duplicate }.into());
    }
    record.state = BatchState::Closed {
        balance: closed.balance,
        superseding: closed.superseding,
        warnings: closed.warnings.clone(),
        position,
    };
    let key = keys::batch(closed.batch);
    on.delete(Space::OpenBatch, &key)?;
    let file_key = [record.opened.table.as_bytes(), b"\0", &record.opened.file.0].concat();
    on.put(Space::BatchFile, &file_key, &key)?;
    on.put(Space::Batch, &key, &encode(Space::Batch, &record)?)
}
