//! Blobs in memory, named as on disk and not sealed: nothing leaves the process.

use super::BlobKeys;
use crate::keys::MasterKey;
use levee_app::blob::{BlobError, BlobRef, Blobs};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

/// Blobs for tests, drills and what-if runs.
pub struct MemoryBlobs {
    keys: BlobKeys,
    all: Mutex<BTreeMap<BlobRef, Vec<u8>>>,
}

impl MemoryBlobs {
    /// An empty store whose digests are those of `master`.
    pub fn new(master: &MasterKey) -> Self {
        Self { keys: BlobKeys::new(master), all: Mutex::default() }
    }
}

impl Default for MemoryBlobs {
    /// With a key that everybody knows: tests and drills give the same digests each time.
    fn default() -> Self {
        Self::new(&MasterKey::from_bytes([7; 32]))
    }
}

impl Blobs for MemoryBlobs {
    fn put(&self, bytes: &[u8]) -> Result<BlobRef, BlobError> {
        let digest = self.keys.digest(bytes);
        // A panic elsewhere cannot leave the map half changed.
        self.all.lock().unwrap_or_else(PoisonError::into_inner).insert(digest, bytes.to_vec());
        Ok(digest)
    }

    fn put_stream(&self, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)
            .map_err(|source| BlobError::Io { place: "the file that was given".to_owned(), source })?;
        Ok((self.put(&bytes)?, bytes.len() as u64))
    }

    fn get(&self, digest: &BlobRef) -> Result<Vec<u8>, BlobError> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(digest).cloned().ok_or_else(|| BlobError::Missing { digest: *digest, place: "memory".to_owned() })
    }

    fn digest(&self, bytes: &[u8]) -> BlobRef {
        self.keys.digest(bytes)
    }

    fn digest_stream(&self, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        self.keys
            .digest_stream(from)
            .map_err(|source| BlobError::Io { place: "the file that was given".to_owned(), source })
    }
}
