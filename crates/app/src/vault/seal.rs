//! Use case: take personal data into the vault.

use super::{PersonalRecord, Vault, asked, audit_stream};
use crate::city::{AppError, City};
use crate::commit::carry_out;
use crate::event::{Event, NewEvent, PersonSealed};
use crate::journal::Receipt;
use crate::projection::subjects::subject;
use crate::rights::{Right, check};
use levee_model::command::Envelope;
use levee_model::subject::Pseudonym;
use std::collections::BTreeSet;

/// Somebody whose data are to be kept, under a pseudonym of fresh random bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubject {
    /// Who.
    pub subject: Pseudonym,
    /// What is kept.
    pub record: PersonalRecord,
}

/// Whether the people are new to the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// They are: a pseudonym that is known is refused.
    New,
    /// Their record replaces the one that is there: a pseudonym that is not known is refused.
    Correction,
}

/// Seals records and writes down that they are kept: all of them or none. The same command again does nothing.
///
/// The vault is written before the journal's commit, as blobs are: after a crash in between there may be data that no event
/// names (see [`super::clear_unrecorded`]), never an event whose data are missing.
pub fn seal(
    city: &mut City<'_>,
    vault: &mut dyn Vault,
    envelope: &Envelope,
    people: &[NewSubject],
    sealing: Sealing,
) -> Result<Receipt, AppError> {
    check(city.journal, &envelope.actor, Right::SealPersonal)?;
    if people.is_empty() {
        return Err(asked("nobody was given whose data are to be kept", "give at least one record"));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = people.iter().find(|person| !seen.insert(person.subject)) {
        return Err(asked(format!("{} is given twice", twice.subject), "give one record for each person"));
    }
    let (now, stream) = (city.clock.now(), audit_stream()?);
    carry_out(city.journal, envelope, now, &mut |tx| {
        for NewSubject { subject: whose, record } in people {
            match (subject(&*tx, *whose)?, sealing) {
                (Some(before), _) if before.erased.is_some() => {
                    return Err(super::VaultError::Erased { subject: *whose }.into());
                }
                (Some(_), Sealing::New) => {
                    let hint = "use fresh random bits for each person, or say that it is a correction";
                    return Err(asked(format!("data of {whose} are kept already"), hint));
                }
                (None, Sealing::Correction) => return Err(super::VaultError::Unknown { subject: *whose }.into()),
                (None, Sealing::New) | (Some(_), Sealing::Correction) => {}
            }
            let event = Event::PersonSealed(PersonSealed {
                subject: *whose,
                fields: record.names(),
                purpose: record.purpose().clone(),
                retain_until: record.retain_until(),
            });
            tx.append(NewEvent { stream: stream.clone(), occurred: now, known_at: now, event })?;
        }
        // Last: everything that the journal could refuse has been tried.
        let records: Vec<_> = people.iter().map(|person| (person.subject, person.record.clone())).collect();
        Ok(vault.seal(&records)?)
    })
}
