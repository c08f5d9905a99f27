//! Undoing a command of the ledger as one: by new changes that lead back, never by taking anything out of the journal.

use super::desk::{Ask, Done, carry_out};
use crate::city::{AppError, City};
use crate::event::{Event, Position};
use crate::projection::ledger::read;
use jiff::Timestamp;
use levee_ledger::{Change, Command, ObligationId, Owned, Target};
use levee_model::command::{CommandId, Envelope};
use levee_model::ids::PersonId;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Gives everything that a command had given to somebody back to those who had it before. Refused as a whole when any of
/// it was changed since: then there is no way back that everybody would expect.
pub fn undo(city: &mut City<'_>, envelope: &Envelope, command: CommandId) -> Result<Done, AppError> {
    undo_at(city, envelope, command, None)
}

/// [`undo`] at a moment; none = now. A replay lives in the past, and its books would not go back from today.
pub fn undo_at(
    city: &mut City<'_>,
    envelope: &Envelope,
    command: CommandId,
    at: Option<Timestamp>,
) -> Result<Done, AppError> {
    let cannot = |what: String, hint: &str| AppError::Asked { what, hint: hint.to_owned() };
    // Whoever asks again because the answer was lost is told what was done.
    if let Some(receipt) = city.journal.receipt(envelope.command_id)? {
        return Ok(Done { receipt, changes: vec![] });
    }
    let receipt = city.journal.receipt(command)?.ok_or_else(|| {
        cannot(format!("no command {command} was carried out"), "see the id that the command printed")
    })?;
    let mut changes: Vec<Change> = Vec::new();
    city.journal.events(Position(receipt.first.0.saturating_sub(1)), &mut |stored| {
        if stored.position > receipt.last {
            return ControlFlow::Break(());
        }
        if let Event::LedgerChanged(event) = stored.event {
            changes.extend(event.changes);
        }
        ControlFlow::Continue(())
    })?;
    let mut given: BTreeMap<ObligationId, (Option<PersonId>, Option<PersonId>)> = BTreeMap::new();
    for change in &changes {
        match change {
            Change::Owned(Owned { obligation, before, owner }) => {
                let first = given.get(obligation).map_or(before.clone(), |(first, _)| first.clone());
                given.insert(*obligation, (first, owner.clone()));
            }
            // Giving something to somebody assigns its units; giving it back returns them.
            Change::Moved(moved) if moved.from.is_owed() && moved.to.is_owed() => {}
            _ => {
                return Err(cannot(
                    format!("command {command} did more than give obligations to people"),
                    "cancel its orders, or correct what it closed with `levee obligation correct`",
                ));
            }
        }
    }
    if given.is_empty() {
        return Err(cannot(format!("command {command} gave nothing to anybody"), "there is nothing to undo"));
    }
    let mut back: BTreeMap<Option<PersonId>, Vec<Target>> = BTreeMap::new();
    for (id, (before, owner)) in given {
        let now = read::obligation(city.journal, &id)?.filter(|now| now.owner == owner && !now.is_closed());
        let Some(now) = now else {
            return Err(cannot(
                format!("{id} was closed or given to somebody else after command {command}"),
                "give the obligations to somebody one by one",
            ));
        };
        back.entry(before).or_default().push(Target { id, version: Some(now.version) });
    }
    let commands = back.into_iter().map(|(to, what)| Command::Assign { what, to }).collect();
    carry_out(city, envelope, &Ask { commands, at, note: None })
}
