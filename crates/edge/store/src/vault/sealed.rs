//! The vault on disk: persons' keys and erasure list in the folder of keys, sealed records with the city.

use super::erased::ErasureList;
use super::keys::SubjectKeys;
use super::records::{SealedRecord, SealedRecords, SqliteRecords};
use super::{io_error, seal};
use crate::blobs::{BlobStoreError, key_name};
use crate::keys::{self, MasterKey};
use jiff::civil::Date;
use levee_app::vault::{PersonalRecord, Secret, Vault, VaultError};
use levee_model::subject::{PersonalField, Pseudonym, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Why a vault could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultOpenError {
    /// The city's key is missing, wrong, or not named.
    #[error(transparent)]
    Key(#[from] BlobStoreError),
    /// A file of the vault could not be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<keys::KeyError> for VaultOpenError {
    fn from(error: keys::KeyError) -> Self {
        Self::Key(error.into())
    }
}

/// A vault whose records lie wherever `R` keeps them.
pub struct SealedVault<R> {
    keys: SubjectKeys,
    list: ErasureList,
    records: R,
}

/// The vault of a city on disk.
pub type FolderVault = SealedVault<SqliteRecords>;

impl FolderVault {
    /// Opens the vault of the city in the folder `city` with its keys from the folder `keys`; makes it when it is not
    /// there. One process at a time. Whoever is on the erasure list and has a key again loses it at once.
    pub fn open(city: &Path, keys: &Path) -> Result<Self, VaultOpenError> {
        Self::with(city, keys, true)
    }

    /// Opens it to be read, whoever writes to it.
    pub fn open_read_only(city: &Path, keys: &Path) -> Result<Self, VaultOpenError> {
        Self::with(city, keys, false)
    }

    fn with(city: &Path, keys: &Path, write: bool) -> Result<Self, VaultOpenError> {
        let master = keys::load(keys, &key_name(city)?)?;
        Ok(Self::over(SqliteRecords::open(city, write)?, keys, &master, write)?)
    }
}

impl<R: SealedRecords> SealedVault<R> {
    /// A vault over `records`, with the keys of the city whose key is `master` from the folder `keys`.
    pub fn over(records: R, keys: &Path, master: &MasterKey, write: bool) -> Result<Self, VaultError> {
        let folder = keys.join(master.name());
        if write {
            crate::keys::private_folder(&folder).map_err(|source| io_error(&folder, source))?;
        }
        let wrap = master.derive("levee 2026 wrap of a person's key v1");
        // First the keys, whose file holds the lock: who does not get it changes nothing.
        let keys = SubjectKeys::open(&folder.join("subjects"), wrap, write)?;
        let list = ErasureList::open(&folder.join("erased"), write)?;
        let mut vault = Self { keys, list, records };
        if write {
            for at in [folder.as_path(), folder.parent().unwrap_or(&folder)] {
                let synced = std::fs::File::open(at).and_then(|open| open.sync_all());
                synced.map_err(|source| io_error(at, source))?;
            }
            let returned: Vec<Pseudonym> = vault.list.all().filter(|subject| vault.keys.has(*subject)).collect();
            if !returned.is_empty() {
                vault.erase(&returned)?;
            }
        }
        Ok(vault)
    }
}

/// The record as it is sealed. Frozen: a field more asks for another place (see [`place`]).
#[derive(Serialize)]
struct Content<'a> {
    purpose: &'a Purpose,
    retain_until: Date,
    fields: BTreeMap<&'a PersonalField, &'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    purpose: Purpose,
    retain_until: Date,
    fields: BTreeMap<PersonalField, String>,
}

/// Records are filled up with spaces to a multiple of this, so that their lengths do not tell names apart.
const PADDED: usize = 256;

/// What a record is sealed for: the version of its shape, whose it is, and how often it was sealed.
fn place(subject: Pseudonym, revision: u32) -> Vec<u8> {
    [b"levee vault record 1 ", &subject.bytes()[..], &revision.to_be_bytes()].concat()
}

fn seal_record(
    key: &[u8; 32],
    subject: Pseudonym,
    revision: u32,
    record: &PersonalRecord,
) -> Result<Vec<u8>, VaultError> {
    let content = Content {
        purpose: record.purpose(),
        retain_until: record.retain_until(),
        fields: record.fields().iter().map(|(field, value)| (field, value.expose())).collect(),
    };
    let unwritable = |_| VaultError::Damaged { place: format!("the record of {subject}"), why: "it cannot be written" };
    let mut content = serde_json::to_vec(&content).map_err(unwritable)?;
    content.resize(content.len().next_multiple_of(PADDED), b' ');
    seal::seal(key, &place(subject, revision), &content)
}

fn open_record(key: &[u8; 32], subject: Pseudonym, sealed: &SealedRecord) -> Option<PersonalRecord> {
    let content = seal::open(key, &place(subject, sealed.revision), &sealed.bytes)?;
    let Opened { purpose, retain_until, fields } = serde_json::from_slice(&content).ok()?;
    let fields = fields.into_iter().map(|(field, value)| (field, Secret::new(value))).collect();
    PersonalRecord::new(fields, purpose, retain_until).ok()
}

/// The record, if it is kept for `purpose`.
pub(super) fn kept_for(
    subject: Pseudonym,
    record: PersonalRecord,
    purpose: &Purpose,
) -> Result<PersonalRecord, VaultError> {
    if record.purpose() == purpose {
        return Ok(record);
    }
    Err(VaultError::OtherPurpose { subject, kept_for: record.purpose().clone(), asked_for: purpose.clone() })
}

impl<R: SealedRecords> Vault for SealedVault<R> {
    fn seal(&mut self, records: &[(Pseudonym, PersonalRecord)]) -> Result<(), VaultError> {
        if let Some((subject, _)) = records.iter().find(|(subject, _)| self.list.has(*subject)) {
            return Err(VaultError::Erased { subject: *subject });
        }
        let new: BTreeSet<Pseudonym> =
            records.iter().map(|(subject, _)| *subject).filter(|subject| !self.keys.has(*subject)).collect();
        let new: Vec<Pseudonym> = new.into_iter().collect();
        // Keys first: a key without a record is harmless, a record without a key is lost.
        let made: BTreeMap<Pseudonym, [u8; 32]> = new.iter().copied().zip(self.keys.make(&new)?).collect();
        let mut sealed = Vec::with_capacity(records.len());
        for (subject, record) in records {
            let (key, revision) = match made.get(subject) {
                Some(key) => (*key, 1),
                None => {
                    let before = self.records.get(*subject)?.map_or(0, |before| before.revision);
                    let key = self.keys.key(*subject)?.ok_or(VaultError::KeyMissing { subject: *subject })?;
                    (key, before.saturating_add(1))
                }
            };
            sealed.push((*subject, SealedRecord { revision, bytes: seal_record(&key, *subject, revision, record)? }));
        }
        self.records.put(&sealed)
    }

    fn open(&self, subject: Pseudonym, purpose: &Purpose) -> Result<PersonalRecord, VaultError> {
        if self.list.has(subject) {
            return Err(VaultError::Erased { subject });
        }
        let sealed = self.records.get(subject)?.ok_or(VaultError::Unknown { subject })?;
        let key = self.keys.key(subject)?.ok_or(VaultError::KeyMissing { subject })?;
        let record = open_record(&key, subject, &sealed).ok_or(VaultError::Sealed { subject })?;
        kept_for(subject, record, purpose)
    }

    fn erase(&mut self, subjects: &[Pseudonym]) -> Result<(), VaultError> {
        // The list first: whatever is cut off after it is finished when the vault is opened again.
        self.list.add(subjects)?;
        self.keys.destroy(subjects.iter().copied())?;
        self.records.remove(subjects)
    }

    fn subjects(&self) -> Result<Vec<Pseudonym>, VaultError> {
        Ok(self.keys.subjects())
    }

    fn erased(&self) -> Result<Vec<Pseudonym>, VaultError> {
        Ok(self.list.all().collect())
    }
}
