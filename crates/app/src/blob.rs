//! Port: the encrypted store of raw files, rejected values and free text.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The keyed digest of a blob. Without the key it says nothing about the content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobRef(pub [u8; 32]);

impl fmt::Display for BlobRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobRef({self})")
    }
}

impl std::str::FromStr for BlobRef {
    type Err = BadBlobRef;
    fn from_str(given: &str) -> Result<Self, BadBlobRef> {
        let bad = || BadBlobRef { given: given.chars().take(80).collect() };
        if given.len() != 64 || !given.is_ascii() {
            return Err(bad());
        }
        let mut bytes = [0; 32];
        for (nth, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(given.get(nth * 2..nth * 2 + 2).ok_or_else(bad)?, 16).map_err(|_| bad())?;
        }
        Ok(Self(bytes))
    }
}

/// A text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a blob digest: expected 64 hex digits")]
pub struct BadBlobRef {
    /// What was given.
    pub given: String,
}

impl Serialize for BlobRef {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlobRef {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a blob could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The disk is full.
    #[error("the disk is full while writing {place}")]
    Full {
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
    /// Nothing is stored under the digest.
    #[error("blob {digest} is missing from {place}")]
    Missing {
        /// The digest.
        digest: BlobRef,
        /// Where it was looked for.
        place: String,
    },
    /// The stored bytes are not what was written, or the key is another one.
    #[error("blob {digest} does not open: its bytes were changed, or the key is not the one it was sealed with")]
    Sealed {
        /// The digest.
        digest: BlobRef,
    },
}

/// Keeps bytes under their keyed digest. The same bytes twice are kept once.
pub trait Blobs {
    /// Keeps `bytes`; durable when it returns.
    fn put(&self, bytes: &[u8]) -> Result<BlobRef, BlobError>;
    /// Keeps what `from` gives, without holding it all in memory; says how many bytes it was.
    fn put_stream(&self, from: &mut dyn std::io::Read) -> Result<(BlobRef, u64), BlobError>;
    /// The bytes under a digest, checked.
    fn get(&self, digest: &BlobRef) -> Result<Vec<u8>, BlobError>;
    /// The digest that `bytes` would have, without keeping them (for a dry run).
    fn digest(&self, bytes: &[u8]) -> BlobRef;
    /// The same for a stream; says how many bytes it was.
    fn digest_stream(&self, from: &mut dyn std::io::Read) -> Result<(BlobRef, u64), BlobError>;
}
