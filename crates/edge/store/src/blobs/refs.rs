//! Which blobs an event names, and whether they are all there.

use levee_app::blob::{BlobError, BlobRef, Blobs};
use levee_app::event::{Event, MeasureRecorded, MeasuresChanged, Position, Recorded, Whom};
use levee_app::journal::{Fault, Journal, JournalError};
use levee_ledger::Change;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The blobs that an event names, in the order in which it names them.
///
/// An artefact's `inputs` name what it was made from by digest; each of them was put into the store with it.
pub fn blob_refs(event: &Event) -> Vec<BlobRef> {
    match event {
        Event::CityFounded(one) => one.boundaries.into_iter().collect(),
        Event::BatchOpened(one) => vec![one.file, one.file_name],
        Event::RowsAccepted(one) => one.notes.into_iter().collect(),
        Event::RowsRejected(one) => vec![one.values],
        Event::ArtefactIssued(one) => std::iter::once(one.body).chain(one.inputs.iter().copied()).collect(),
        Event::RejectedRead(one) => vec![one.reason],
        Event::PersonRead(one) => match &one.whom {
            Whom::Named(_) => vec![one.reason],
            Whom::Listed { list, .. } => vec![one.reason, *list],
        },
        Event::PersonSealed(_) | Event::PersonErased(_) => vec![],
        Event::LedgerChanged(one) => one.note.into_iter().chain(one.changes.iter().flat_map(change_refs)).collect(),
        Event::SettlementPrepared(one) => vec![one.statement],
        Event::DaySealed(one) => vec![one.statement],
        Event::HandedOver(one) => vec![one.list],
        Event::MeasuresChanged(one) => measure_refs(one),
        Event::MeasureRecorded(one) => recorded_refs(one),
        Event::RulebookKept(one) => vec![one.text],
        Event::ReferenceTaken(_) | Event::BatchClosed(_) | Event::ObligationsMoved(_) | Event::ServiceOffered(_) => {
            vec![]
        }
    }
}

/// Why appeals were decided as they were: the reason of a decision is the digest of its text.
fn measure_refs(event: &MeasuresChanged) -> Vec<BlobRef> {
    let reason = |change: &levee_measures::Change| match change {
        levee_measures::Change::AppealDecided { decided, .. } => decided.reason.parse().ok(),
        _ => None,
    };
    event.changes.iter().filter_map(reason).collect()
}

/// The words of a proposal, and the rulebook that it was judged by.
fn recorded_refs(event: &MeasureRecorded) -> Vec<BlobRef> {
    match &event.what {
        Recorded::Sheet(sheet) => vec![sheet.text],
        Recorded::Judged(judged) => vec![judged.text],
        Recorded::Counted(_)
        | Recorded::Reserved(_)
        | Recorded::Withdrawn { .. }
        | Recorded::Way { .. }
        | Recorded::Seen { .. }
        | Recorded::Notice(_)
        | Recorded::AppealChannel(_)
        | Recorded::Obliged(_) => vec![],
    }
}

/// Notes and evidence.
fn change_refs(change: &Change) -> Vec<BlobRef> {
    match change {
        Change::Opened(one) => one.note.map(|note| BlobRef(note.0)).into_iter().collect(),
        Change::Moved(one) => one.evidence.iter().map(|one| BlobRef(one.digest.0)).collect(),
        Change::Grown(_) | Change::Named(_) | Change::Owned(_) | Change::Explained(_) | Change::Order(_) => vec![],
    }
}

/// Opens every blob that the journal names, each once; a fault for each that is missing or does not open, at the first
/// event that names it.
pub fn verify_blobs(journal: &dyn Journal, blobs: &dyn CheckBlob) -> Result<Vec<Fault>, JournalError> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut broken = None;
    journal.events(Position(0), &mut |stored| {
        for digest in blob_refs(&stored.event).into_iter().filter(|digest| seen.insert(*digest)) {
            match blobs.check(&digest) {
                Ok(()) => {}
                Err(BlobError::Missing { .. } | BlobError::Sealed { .. }) => {
                    faults.push(Fault::Blob { position: stored.position.0, digest: digest.to_string() });
                }
                Err(error @ (BlobError::Io { .. } | BlobError::Full { .. })) => {
                    broken = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    match broken {
        Some(error) => Err(JournalError::Store { place: "the blob store".to_owned(), source: Box::new(error) }),
        None => Ok(faults),
    }
}

/// Opens a blob only to see whether it opens.
pub trait CheckBlob {
    /// Whether the blob is there and is what was put under its digest.
    fn check(&self, digest: &BlobRef) -> Result<(), BlobError>;
}

impl CheckBlob for super::MemoryBlobs {
    fn check(&self, digest: &BlobRef) -> Result<(), BlobError> {
        self.get(digest).map(|_| ())
    }
}

impl CheckBlob for super::FolderBlobs {
    fn check(&self, digest: &BlobRef) -> Result<(), BlobError> {
        self.copy_to(digest, &mut std::io::sink()).map(|_| ())
    }
}
