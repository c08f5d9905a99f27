//! Sealed blobs as they lie in a city, moved without being opened.

use levee_app::blob::{BlobError, BlobRef};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A blob store whose sealed bytes can be copied without its key.
pub trait SealedBlobs {
    /// The name of the key that opens them; none when there is no blob store.
    fn key_name(&self) -> Result<Option<String>, BlobError>;
    /// Writes the sealed bytes of a blob to `to`.
    fn sealed(&self, digest: &BlobRef, to: &mut dyn Write) -> Result<(), BlobError>;
}

/// The blobs in a city's folder, or in a backup's.
#[derive(Clone, Debug)]
pub struct SealedFolder {
    root: PathBuf,
}

/// The path of a blob within a city's folder.
pub(super) fn blob_path(digest: &BlobRef) -> String {
    let name = digest.to_string();
    let (first, rest) = name.split_at(2);
    format!("blobs/{first}/{rest}")
}

impl SealedFolder {
    /// Of the city, or backup, in this folder.
    pub fn new(city: &Path) -> Self {
        Self { root: city.to_owned() }
    }
}

impl SealedBlobs for SealedFolder {
    fn key_name(&self) -> Result<Option<String>, BlobError> {
        let path = self.root.join("blobs").join("KEY");
        match std::fs::read_to_string(&path) {
            Ok(name) => Ok(Some(name.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(BlobError::Io { place: path.display().to_string(), source }),
        }
    }

    fn sealed(&self, digest: &BlobRef, to: &mut dyn Write) -> Result<(), BlobError> {
        let path = self.root.join(blob_path(digest));
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing { digest: *digest, place: self.root.display().to_string() });
            }
            Err(source) => return Err(BlobError::Io { place: path.display().to_string(), source }),
        };
        let copied = io::copy(&mut file, to).map(|_| ());
        copied.map_err(|source| match crate::sqlite::is_full(&source) {
            true => BlobError::Full { place: path.display().to_string() },
            false => BlobError::Io { place: path.display().to_string(), source },
        })
    }
}
