//! Port: who may sign in. Accounts, sessions and tokens lie beside the journal: they are changed and forgotten, and no
//! projection rests on them. What people did with them stands in the journal, under their name.

use serde::{Deserialize, Serialize};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RecordKind {
    /// Somebody who may sign in, by login name.
    Account = 1,
    /// A session or an API token, by the digest of its secret.
    Session = 2,
    /// A link that works once, by the digest of its secret.
    Link = 3,
    /// The answer to a command that came with an idempotency key, by person and key.
    Answer = 4,
    /// A request that waits for a second person, by its command.
    Request = 5,
    /// Which account belongs to somebody whom another house vouches for, by that house and their name there.
    Vouched = 6,
}

/// A record with its version, which counts its changes from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What was kept.
    pub value: Vec<u8>,
    /// Its version.
    pub version: u64,
}

/// Why a record could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Somebody changed it meanwhile, or made it first.
    #[error("the record was changed meanwhile")]
    Changed,
    /// The store failed.
    #[error("the store of sign-ins {place} failed")]
    Store {
        /// Which.
        place: String,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Keeps what signing in needs. A record that was put is durable.
pub trait AccessRecords: Send + Sync {
    /// The record under a key.
    ///
    /// # Errors
    /// The store failed.
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Kept>, AccessError>;

    /// Puts a record in the place of version `instead_of`; 0 = there is none yet.
    ///
    /// # Errors
    /// [`AccessError::Changed`] when another version stands there; the store failed.
    fn put(&self, kind: RecordKind, key: &str, value: &[u8], instead_of: u64) -> Result<(), AccessError>;

    /// Forgets a record; it need not be there.
    ///
    /// # Errors
    /// The store failed.
    fn forget(&self, kind: RecordKind, key: &str) -> Result<(), AccessError>;

    /// All records of a kind, by key.
    ///
    /// # Errors
    /// The store failed.
    fn all(&self, kind: RecordKind) -> Result<Vec<(String, Kept)>, AccessError>;
}
