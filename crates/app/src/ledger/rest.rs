//! What a use case rests on that reads first and commits later: the chains as it read them, and what its command did before.

use crate::city::AppError;
use crate::event::{Event, Position, StreamName};
use crate::journal::{Journal, JournalError, Receipt, Transaction};
use levee_model::command::Envelope;
use std::ops::ControlFlow;

/// How many events a chain has; 0 when there is none.
pub(super) fn head(journal: &dyn Journal, stream: &StreamName) -> Result<u64, JournalError> {
    Ok(journal.heads()?.into_iter().find(|(name, _, _)| name == stream).map_or(0, |(_, sequence, _)| sequence))
}

/// Whether a chain belongs to the books: those of the ledger, and the seals.
fn is_of_the_books(stream: &StreamName) -> bool {
    stream.as_str() == "seal" || stream.as_str().starts_with("ledger.")
}

/// How long the chains of the books are.
pub(super) fn books(journal: &dyn Journal) -> Result<Vec<(StreamName, u64)>, JournalError> {
    let heads = journal.heads()?.into_iter();
    Ok(heads.filter(|(name, _, _)| is_of_the_books(name)).map(|(name, sequence, _)| (name, sequence)).collect())
}

/// Refuses a commit that rests on books that somebody has written in since they were read.
pub(super) fn unmoved(tx: &dyn Transaction, seen: &[(StreamName, u64)]) -> Result<(), JournalError> {
    for (name, found, _) in tx.heads()?.into_iter().filter(|(name, _, _)| is_of_the_books(name)) {
        let expected = seen.iter().find(|(known, _)| *known == name).map_or(0, |(_, sequence)| *sequence);
        if expected != found {
            return Err(JournalError::Stale { stream: name.to_string(), expected, found });
        }
    }
    Ok(())
}

/// The first event of a command that was carried out.
pub(super) fn first_event(journal: &dyn Journal, receipt: &Receipt) -> Result<Option<Event>, JournalError> {
    let mut first = None;
    journal.events(Position(receipt.first.0.saturating_sub(1)), &mut |stored| {
        first = (stored.position <= receipt.last).then_some(stored.event);
        ControlFlow::Break(())
    })?;
    Ok(first)
}

/// The id of a command was used for something else before.
pub(super) fn another(envelope: &Envelope) -> AppError {
    AppError::Asked {
        what: format!("command {} was carried out before and did something else", envelope.command_id),
        hint: "give every command an id of its own".to_owned(),
    }
}
