//! Port and use cases: personal data, apart from the journal, under a key for each person.
//!
//! The journal says *that* data of a pseudonym are kept, read or destroyed; the vault holds *what*. Each person has a key of
//! their own; destroying it makes every copy of the record unreadable, in backups too, while the journal and its balances
//! stay as they are. Values are shown masked; [`read`] alone hands them over, and writes down who, whom, what and why first.
//! Questions and answers: `docs/design/vault.md`.

mod audit;
mod erase;
mod mask;
mod read;
mod record;
mod seal;
mod show;

pub use audit::{AuditedRead, audit};
pub use erase::{Comparison, Erased, Reapplied, clear_unrecorded, compare, erase, expire, reapply_erasures};
pub use mask::mask;
pub use read::{MOST_BY_ONE, PersonalValues, ReadRequest, read};
pub use record::{BadRecord, MOST_BYTES, MOST_FIELDS, PersonalRecord, Secret};
pub use seal::{NewSubject, Sealing, seal};
pub use show::{MaskedPerson, show};

use crate::city::AppError;
use crate::event::StreamName;
use levee_model::subject::{Pseudonym, Purpose};

/// Why the vault could not do what was asked. It names pseudonyms and places, never a value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Nothing is kept under the pseudonym.
    #[error("the vault keeps nothing about {subject}")]
    Unknown {
        /// Whose.
        subject: Pseudonym,
    },
    /// Their data were destroyed.
    #[error("the data of {subject} were erased; nobody can read them any more")]
    Erased {
        /// Whose.
        subject: Pseudonym,
    },
    /// The record is there and does not open.
    #[error("the record of {subject} does not open: it was changed, or its key is not the one it was sealed with")]
    Sealed {
        /// Whose.
        subject: Pseudonym,
    },
    /// The record is there, its key is not.
    #[error("the key of {subject} is missing")]
    KeyMissing {
        /// Whose.
        subject: Pseudonym,
    },
    /// The record is kept for something else.
    #[error("the data of {subject} are kept for `{kept_for}` and may not be read for `{asked_for}`")]
    OtherPurpose {
        /// Whose.
        subject: Pseudonym,
        /// What they are kept for.
        kept_for: Purpose,
        /// What was asked.
        asked_for: Purpose,
    },
    /// The disk is full.
    #[error("the disk is full while writing {place}")]
    Full {
        /// The file.
        place: String,
    },
    /// Another process writes to the vault.
    #[error("another process works on {place}")]
    Busy {
        /// The file.
        place: String,
    },
    /// Reading or writing failed.
    #[error("could not read or write {place}")]
    Io {
        /// The file.
        place: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store of sealed records failed, or is of a later version.
    #[error("the vault {place} failed")]
    Store {
        /// The database.
        place: String,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file of the vault holds something else than it must.
    #[error("{place}: {why}")]
    Damaged {
        /// The file, and where in it.
        place: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes for a key: {why}")]
    Random {
        /// What it said.
        why: String,
    },
}

impl VaultError {
    /// How to mend it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unknown { .. } => "check the pseudonym; `levee vault show CITY` lists those that are kept",
            Self::Erased { .. } => "it is so for good; ask the person again if the data are needed for something new",
            Self::Sealed { .. } => "restore vault.db from a backup of the city's folder, then apply the erasures again",
            Self::KeyMissing { .. } => {
                "restore the folder of keys from where its copy is kept, then apply the erasures again"
            }
            Self::OtherPurpose { .. } => "ask the person, and seal the data for the new purpose",
            Self::Full { .. } => "free some space, then give the same command again",
            Self::Busy { .. } => "wait until it ends, then try again",
            Self::Damaged { .. } => "restore this file from where its copy is kept, then apply the erasures again",
            Self::Io { .. } | Self::Store { .. } | Self::Random { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

/// Keeps a record for each pseudonym, sealed under a key of its own.
pub trait Vault {
    /// Seals records; all of them durable when it returns. A record that is there is replaced. A pseudonym that was
    /// erased is refused, and with it all.
    fn seal(&mut self, records: &[(Pseudonym, PersonalRecord)]) -> Result<(), VaultError>;
    /// Opens one record for what it is kept for. Only use cases that write down the reading first, or mask, call it.
    fn open(&self, subject: Pseudonym, purpose: &Purpose) -> Result<PersonalRecord, VaultError>;
    /// Destroys the keys and records of these people, for good when it returns, and puts them on the erasure list. It
    /// does not mind who is not there, or no longer.
    fn erase(&mut self, subjects: &[Pseudonym]) -> Result<(), VaultError>;
    /// Everybody with a key here, in order.
    fn subjects(&self) -> Result<Vec<Pseudonym>, VaultError>;
    /// The erasure list, in order.
    fn erased(&self) -> Result<Vec<Pseudonym>, VaultError>;
}

/// The chain that all of this stands in.
fn audit_stream() -> Result<StreamName, AppError> {
    crate::city::stream("audit")
}

fn asked(what: impl Into<String>, hint: impl Into<String>) -> AppError {
    AppError::Asked { what: what.into(), hint: hint.into() }
}
