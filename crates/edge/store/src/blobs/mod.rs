//! Raw files, rejected values, free text: sealed, and named by a keyed digest of their content.
//!
//! Whoever has the city's folder without its key learns how many blobs there are, how long each is and when it was
//! written; not what is in them, and not whether a file they guess is among them.

mod folder;
mod memory;
mod refs;
mod seal;

pub(crate) use folder::key_name;
pub use folder::{BlobStoreError, FolderBlobs};
pub use memory::MemoryBlobs;
pub use refs::{CheckBlob, blob_refs, verify_blobs};

use crate::keys::MasterKey;
use levee_app::blob::BlobRef;
use std::io::Read;

/// The sub-keys of a master key that blobs need.
pub(crate) struct BlobKeys {
    digest: [u8; 32],
    seal: [u8; 32],
}

impl BlobKeys {
    pub(crate) fn new(master: &MasterKey) -> Self {
        Self { digest: master.derive("levee 2026 blob digest v1"), seal: master.derive("levee 2026 blob seal v1") }
    }

    fn hasher(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.digest)
    }

    pub(crate) fn digest(&self, bytes: &[u8]) -> BlobRef {
        BlobRef(*blake3::keyed_hash(&self.digest, bytes).as_bytes())
    }

    pub(crate) fn digest_stream(&self, from: &mut dyn Read) -> std::io::Result<(BlobRef, u64)> {
        let mut hasher = self.hasher();
        hasher.update_reader(from)?;
        Ok((BlobRef(*hasher.finalize().as_bytes()), hasher.count()))
    }

    /// Seals what `from` gives into `to`; gives the digest of the content and its length.
    #[cfg(feature = "postgres")]
    pub(crate) fn seal(&self, from: &mut dyn Read, to: &mut dyn std::io::Write) -> std::io::Result<(BlobRef, u64)> {
        let mut hasher = self.hasher();
        let length = seal::seal(&self.seal, from, to, |piece| {
            hasher.update(piece);
        })?;
        Ok((BlobRef(*hasher.finalize().as_bytes()), length))
    }

    /// Opens what `from` gives into `to` and gives its length; `None` when it is not what was sealed under this digest.
    #[cfg(feature = "postgres")]
    pub(crate) fn open(
        &self,
        digest: &BlobRef,
        from: &mut dyn Read,
        to: &mut dyn std::io::Write,
    ) -> std::io::Result<Option<u64>> {
        let mut hasher = self.hasher();
        let opened = seal::open(&self.seal, from, |piece| {
            hasher.update(piece);
            to.write_all(piece)
        });
        match opened {
            // `Hash` compares in constant time.
            Ok(()) => Ok((hasher.finalize() == digest.0).then(|| hasher.count())),
            Err(seal::Opening::Sealed) => Ok(None),
            Err(seal::Opening::Io(error)) => Err(error),
        }
    }
}
