//! Use case: the people in the vault, masked. What every screen shows unless somebody reads.

use super::{Vault, VaultError, mask};
use crate::city::{AppError, City};
use crate::projection::subjects::{SubjectRecord, subject};
use crate::rights::{NotAllowed, Right, check};
use levee_model::command::{Actor, Envelope};
use levee_model::subject::{PersonalField, Pseudonym};
use std::collections::BTreeMap;

/// A person as everybody sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedPerson {
    /// Who.
    pub subject: Pseudonym,
    /// What is kept, what for, until when; or that it was erased.
    pub record: SubjectRecord,
    /// The fields, masked; none when it was erased.
    pub masked: BTreeMap<PersonalField, String>,
}

/// These people, masked. For any person whom the city knows; it is no reading and leaves no trace.
pub fn show(
    city: &City<'_>,
    vault: &dyn Vault,
    envelope: &Envelope,
    subjects: &[Pseudonym],
) -> Result<Vec<MaskedPerson>, AppError> {
    if !matches!(envelope.actor, Actor::Person(_)) {
        return Err(NotAllowed::Nameless { what: Right::SeeMasked.words() }.into());
    }
    check(city.journal, &envelope.actor, Right::SeeMasked)?;
    let person = |whose: &Pseudonym| {
        let record = subject(city.journal, *whose)?.ok_or(VaultError::Unknown { subject: *whose })?;
        let masked = match record.erased {
            Some(_) => BTreeMap::new(),
            None => {
                let opened = vault.open(*whose, &record.purpose)?;
                opened.fields().iter().map(|(field, value)| (field.clone(), mask(field, value))).collect()
            }
        };
        Ok(MaskedPerson { subject: *whose, record, masked })
    };
    subjects.iter().map(person).collect()
}
