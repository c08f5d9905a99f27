//! Use cases: destroy personal data, and see to it that they stay destroyed.

use super::{Vault, VaultError, asked, audit_stream};
use crate::city::{AppError, City, founded};
use crate::commit::carry_out;
use crate::event::{ErasedWhy, Event, NewEvent, PersonErased, Position, StreamName};
use crate::journal::{Journal, Read, Receipt, Transaction};
use crate::projection::subjects::{overdue, subject, subjects};
use crate::rights::{NotAllowed, Right, check};
use jiff::Timestamp;
use levee_model::command::{Actor, Envelope};
use levee_model::subject::Pseudonym;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Whose data a command destroyed, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// By this command.
    pub now: Vec<Pseudonym>,
    /// Asked for, and destroyed before.
    pub before: Vec<Pseudonym>,
}

/// Destroys the data of these people. By a person whose role covers it; unknown people are refused, and with them all.
///
/// Key and record are destroyed within the command, when the journal has nothing left to refuse. If the commit then fails,
/// the data are gone and the event is missing: the same command again, or [`reapply_erasures`], writes it.
pub fn erase(
    city: &mut City<'_>,
    vault: &mut dyn Vault,
    envelope: &Envelope,
    people: &[Pseudonym],
    why: ErasedWhy,
) -> Result<Erased, AppError> {
    person_or(city.journal, &envelope.actor, false)?;
    if why == ErasedWhy::OnTheList {
        return Err(asked("that is not a reason to erase anybody", "say purpose_ended, person_asked or retention"));
    }
    destroy(city, vault, envelope, people.iter().copied().collect(), why)
}

/// Destroys the data of everybody whose last day has passed, and says whom. By Levee itself, or by a person whose role
/// covers it.
pub fn expire(city: &mut City<'_>, vault: &mut dyn Vault, envelope: &Envelope) -> Result<Vec<Pseudonym>, AppError> {
    person_or(city.journal, &envelope.actor, true)?;
    let (_, _, calendar) = founded(city.journal)?;
    let today = calendar.civil(city.clock.now()).date();
    let over = overdue(city.journal, today)?.into_iter().collect();
    Ok(destroy(city, vault, envelope, over, ErasedWhy::Retention)?.now)
}

fn destroy(
    city: &mut City<'_>,
    vault: &mut dyn Vault,
    envelope: &Envelope,
    people: BTreeSet<Pseudonym>,
    why: ErasedWhy,
) -> Result<Erased, AppError> {
    let (now, stream) = (city.clock.now(), audit_stream()?);
    let mut done = Erased::default();
    let receipt = carry_out(city.journal, envelope, now, &mut |tx| {
        done = Erased::default();
        for whose in &people {
            match subject(&*tx, *whose)?.ok_or(VaultError::Unknown { subject: *whose })?.erased {
                Some(_) => done.before.push(*whose),
                None => {
                    note(tx, &stream, now, *whose, why)?;
                    done.now.push(*whose);
                }
            }
        }
        // All of them: of those erased before, a copy of the keys may have been put back.
        Ok(vault.erase(&people.iter().copied().collect::<Vec<_>>())?)
    })?;
    if receipt.repeated {
        done.now = of_command(city.journal, &receipt)?;
        done.before = people.into_iter().filter(|whose| done.now.binary_search(whose).is_err()).collect();
    }
    Ok(done)
}

fn note(
    tx: &mut dyn Transaction,
    stream: &StreamName,
    now: Timestamp,
    subject: Pseudonym,
    why: ErasedWhy,
) -> Result<(), AppError> {
    let event = Event::PersonErased(PersonErased { subject, why });
    tx.append(NewEvent { stream: stream.clone(), occurred: now, known_at: now, event })?;
    Ok(())
}

/// Whom a command erased that was carried out before.
fn of_command(journal: &dyn Journal, receipt: &Receipt) -> Result<Vec<Pseudonym>, AppError> {
    let mut erased = Vec::new();
    journal.events(Position(receipt.first.0.saturating_sub(1)), &mut |stored| {
        if stored.position > receipt.last {
            return ControlFlow::Break(());
        }
        if let Event::PersonErased(one) = stored.event {
            erased.push(one.subject);
        }
        ControlFlow::Continue(())
    })?;
    erased.sort();
    Ok(erased)
}

/// What was done again after a restore.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reapplied {
    /// On the list or in the journal: people who must stay erased.
    pub people: u64,
    /// Those whose key had come back, and is destroyed again.
    pub destroyed_again: Vec<Pseudonym>,
    /// Those whom the journal thought to be there; it now says that they are not.
    pub written_down: Vec<Pseudonym>,
}

/// Destroys again what was erased: for after a restore of keys, of the city's folder, or of both; it may be run at any time.
///
/// Whoever is erased according to the vault's list, the journal, or `elsewhere` (a copy of the list kept in a third place)
/// is erased in all of them. By Levee itself without `elsewhere`, else by a person whose role covers it.
pub fn reapply_erasures(
    city: &mut City<'_>,
    vault: &mut dyn Vault,
    envelope: &Envelope,
    elsewhere: &[Pseudonym],
) -> Result<Reapplied, AppError> {
    person_or(city.journal, &envelope.actor, elsewhere.is_empty())?;
    let mut people: BTreeSet<Pseudonym> = vault.erased()?.into_iter().chain(elsewhere.iter().copied()).collect();
    let known = subjects(city.journal)?;
    people.extend(known.iter().filter(|(_, record)| record.erased.is_some()).map(|(subject, _)| *subject));
    let had: BTreeSet<Pseudonym> = vault.subjects()?.into_iter().collect();
    let all: Vec<Pseudonym> = people.iter().copied().collect();
    let live: Vec<Pseudonym> = known
        .into_iter()
        .filter(|(subject, record)| record.erased.is_none() && people.contains(subject))
        .map(|(subject, _)| subject)
        .collect();
    let (now, stream) = (city.clock.now(), audit_stream()?);
    let receipt = carry_out(city.journal, envelope, now, &mut |tx| {
        live.iter().try_for_each(|whose| note(tx, &stream, now, *whose, ErasedWhy::OnTheList))?;
        Ok(vault.erase(&all)?)
    })?;
    if receipt.repeated {
        // The command was carried out; what came back since then goes all the same.
        vault.erase(&all)?;
    }
    let written_down = if receipt.repeated { vec![] } else { live };
    let destroyed_again = people.intersection(&had).copied().collect();
    Ok(Reapplied { people: people.len() as u64, destroyed_again, written_down })
}

/// Where journal and vault do not agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In the vault, and no event names them: left by a command that was cut off, or the journal is an older copy.
    pub unrecorded: Vec<Pseudonym>,
    /// In the journal, not erased, and the vault has no key for them: the vault is an older copy.
    pub missing: Vec<Pseudonym>,
    /// Erased according to the journal, and the vault has a key: erasures must be applied again.
    pub returned: Vec<Pseudonym>,
}

/// Compares who is in the journal with who is in the vault.
pub fn compare(on: &dyn Read, vault: &dyn Vault) -> Result<Comparison, AppError> {
    let mut comparison = Comparison::default();
    let mut kept: BTreeSet<Pseudonym> = vault.subjects()?.into_iter().collect();
    for (subject, record) in subjects(on)? {
        match (kept.remove(&subject), record.erased) {
            (true, Some(_)) => comparison.returned.push(subject),
            (false, None) => comparison.missing.push(subject),
            (true, None) | (false, Some(_)) => {}
        }
    }
    comparison.unrecorded = kept.into_iter().collect();
    Ok(comparison)
}

/// Destroys data that no event names: nobody could find, read or expire them. Only while no other command seals, and not
/// after an older journal was restored beside a newer vault. By a person whose role covers it.
pub fn clear_unrecorded(
    city: &mut City<'_>,
    vault: &mut dyn Vault,
    envelope: &Envelope,
) -> Result<Vec<Pseudonym>, AppError> {
    person_or(city.journal, &envelope.actor, false)?;
    let unrecorded = compare(city.journal, vault)?.unrecorded;
    vault.erase(&unrecorded)?;
    Ok(unrecorded)
}

/// A person whose role covers erasing; or Levee itself, where a rule and nobody's judgement says whom.
fn person_or(on: &dyn Read, actor: &Actor, system: bool) -> Result<(), NotAllowed> {
    match actor {
        Actor::System if !system => Err(NotAllowed::Nameless { what: Right::ErasePersonal.words() }),
        actor => check(on, actor, Right::ErasePersonal),
    }
}
