//! The vault in memory, not sealed: nothing leaves the process.

use levee_app::vault::{PersonalRecord, Vault, VaultError};
use levee_model::subject::{Pseudonym, Purpose};
use std::collections::{BTreeMap, BTreeSet};

/// A vault for tests and drills. A clone of it is its backup.
#[derive(Clone, Debug, Default)]
pub struct MemoryVault {
    records: BTreeMap<Pseudonym, PersonalRecord>,
    erased: BTreeSet<Pseudonym>,
}

impl Vault for MemoryVault {
    fn seal(&mut self, records: &[(Pseudonym, PersonalRecord)]) -> Result<(), VaultError> {
        if let Some((subject, _)) = records.iter().find(|(subject, _)| self.erased.contains(subject)) {
            return Err(VaultError::Erased { subject: *subject });
        }
        self.records.extend(records.iter().cloned());
        Ok(())
    }

    fn open(&self, subject: Pseudonym, purpose: &Purpose) -> Result<PersonalRecord, VaultError> {
        if self.erased.contains(&subject) {
            return Err(VaultError::Erased { subject });
        }
        let record = self.records.get(&subject).ok_or(VaultError::Unknown { subject })?;
        super::sealed::kept_for(subject, record.clone(), purpose)
    }

    fn erase(&mut self, subjects: &[Pseudonym]) -> Result<(), VaultError> {
        self.erased.extend(subjects);
        self.records.retain(|subject, _| !self.erased.contains(subject));
        Ok(())
    }

    fn subjects(&self) -> Result<Vec<Pseudonym>, VaultError> {
        Ok(self.records.keys().copied().collect())
    }

    fn erased(&self) -> Result<Vec<Pseudonym>, VaultError> {
        Ok(self.erased.iter().copied().collect())
    }
}
