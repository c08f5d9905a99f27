//! Sealed blobs in a city's folder: `blobs/ab/cdef…`, one file each, readable by their owner only.
//!
//! A blob is written to a temporary file, synced, and renamed to its name; then the folder is synced. So a blob is whole
//! or not there. Blobs are put before the event that names them is committed: after a crash there may be a blob that no
//! event names, never an event whose blob is missing.

use super::BlobKeys;
use super::seal::{self, Opening};
use crate::keys::{self, KeyError};
use crate::sqlite::is_full;
use levee_app::blob::{BlobError, BlobRef, Blobs};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Why a blob store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BlobStoreError {
    /// The key is missing, wrong, or lies badly.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The folder could not be read or written.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// The blobs of a city on disk.
pub struct FolderBlobs {
    root: PathBuf,
    keys: BlobKeys,
}

impl FolderBlobs {
    /// Makes the blob store of a new city in the folder `city`, with a new key in the folder `keys`.
    pub fn create(city: &Path, keys: &Path) -> Result<Self, BlobStoreError> {
        let root = city.join("blobs");
        private_folder(&root)?;
        let named = root.join("KEY");
        if named.try_exists().map_err(|source| io_error(&named, source))? {
            let exists = io::Error::new(io::ErrorKind::AlreadyExists, "there is a blob store here already");
            return Err(io_error(&named, exists).into());
        }
        let master = keys::create(keys, city)?;
        let store = Self { keys: BlobKeys::new(&master), root };
        let name = master.name();
        store.write(&named, |to| to.write_all(format!("{name}\n").as_bytes()))?;
        Ok(store)
    }

    /// Opens the blob store of the city in the folder `city` with its key from the folder `keys`.
    pub fn open(city: &Path, keys: &Path) -> Result<Self, BlobStoreError> {
        let root = city.join("blobs");
        let master = keys::load(keys, &key_name(city)?)?;
        Ok(Self { keys: BlobKeys::new(&master), root })
    }

    /// Removes what writes left that a crash cut off. Only while nobody else writes: with the city's lock held.
    pub fn clear_leftovers(&self) -> Result<u64, BlobError> {
        let mut removed = 0;
        let io = |source| io_error(&self.root, source);
        for entry in std::fs::read_dir(&self.root).map_err(io)? {
            let entry = entry.map_err(io)?;
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                std::fs::remove_file(entry.path()).map_err(|source| io_error(&entry.path(), source))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Writes the content of a blob to `to` without holding it all in memory. Checked chunk by chunk, and as a whole
    /// at the end: on an error, throw away what was written.
    pub fn copy_to(&self, digest: &BlobRef, to: &mut dyn Write) -> Result<u64, BlobError> {
        let path = self.path(digest);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing { digest: *digest, place: self.root.display().to_string() });
            }
            Err(source) => return Err(io_error(&path, source)),
        };
        let mut hasher = self.keys.hasher();
        let opened = seal::open(&self.keys.seal, &mut BufReader::with_capacity(2 * seal::CHUNK, file), |piece| {
            hasher.update(piece);
            to.write_all(piece)
        });
        match opened {
            // `Hash` compares in constant time.
            Ok(()) if hasher.finalize() == digest.0 => Ok(hasher.count()),
            Ok(()) | Err(Opening::Sealed) => Err(BlobError::Sealed { digest: *digest }),
            Err(Opening::Io(source)) => Err(io_error(&path, source)),
        }
    }

    fn path(&self, digest: &BlobRef) -> PathBuf {
        let name = digest.to_string();
        let (first, rest) = name.split_at(2);
        self.root.join(first).join(rest)
    }

    /// Whether the blob is there and opens. One that is there and does not is written anew by whoever puts it again.
    fn holds(&self, digest: &BlobRef) -> Result<bool, BlobError> {
        match self.copy_to(digest, &mut io::sink()) {
            Ok(_) => Ok(true),
            Err(BlobError::Missing { .. } | BlobError::Sealed { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn temporary(&self) -> Result<Temporary, BlobError> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|e| io_error(&self.root, io::Error::other(e.to_string())))?;
        let path = self.root.join(format!("{TEMPORARY}{:016x}", u64::from_le_bytes(random)));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|source| io_error(&path, source))?;
        Ok(Temporary { path, file, kept: false })
    }

    /// Writes a file whole or not at all.
    fn write(&self, path: &Path, content: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), BlobError> {
        let mut temporary = self.temporary()?;
        content(&mut temporary.file).map_err(|source| io_error(&temporary.path, source))?;
        temporary.keep(path)
    }

    /// Gives a sealed temporary file its name.
    fn name(&self, temporary: Temporary, digest: &BlobRef) -> Result<(), BlobError> {
        let path = self.path(digest);
        if let Some(folder) = path.parent()
            && !folder.is_dir()
        {
            private_folder(folder)?;
            sync_folder(&self.root)?;
        }
        temporary.keep(&path)
    }
}

impl Blobs for FolderBlobs {
    fn put(&self, bytes: &[u8]) -> Result<BlobRef, BlobError> {
        let digest = self.keys.digest(bytes);
        if !self.holds(&digest)? {
            let mut temporary = self.temporary()?;
            seal::seal(&self.keys.seal, &mut &*bytes, &mut temporary.file, |_| {})
                .map_err(|source| io_error(&temporary.path, source))?;
            self.name(temporary, &digest)?;
        }
        Ok(digest)
    }

    fn put_stream(&self, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        let mut temporary = self.temporary()?;
        let mut hasher = self.keys.hasher();
        let length = seal::seal(&self.keys.seal, from, &mut temporary.file, |piece| {
            hasher.update(piece);
        })
        .map_err(|source| io_error(&temporary.path, source))?;
        let digest = BlobRef(*hasher.finalize().as_bytes());
        if !self.holds(&digest)? {
            self.name(temporary, &digest)?;
        }
        Ok((digest, length))
    }

    fn get(&self, digest: &BlobRef) -> Result<Vec<u8>, BlobError> {
        let mut all = Vec::new();
        self.copy_to(digest, &mut all)?;
        Ok(all)
    }

    fn digest(&self, bytes: &[u8]) -> BlobRef {
        self.keys.digest(bytes)
    }

    fn digest_stream(&self, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        self.keys.digest_stream(from).map_err(|source| io_error(Path::new("the file that was given"), source))
    }
}

/// The name of the key that the city in the folder `city` needs.
pub(crate) fn key_name(city: &Path) -> Result<String, BlobStoreError> {
    let path = city.join("blobs").join("KEY");
    let named = match std::fs::read_to_string(&path) {
        Ok(named) => named,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(KeyError::Unnamed { path }.into()),
        Err(source) => return Err(io_error(&path, source).into()),
    };
    let name = named.trim();
    if name.len() != 16 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(KeyError::Unnamed { path }.into());
    }
    Ok(name.to_owned())
}

/// How the names of unfinished files begin.
const TEMPORARY: &str = "tmp-";

/// A file that goes away unless it is kept.
struct Temporary {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Temporary {
    fn keep(mut self, path: &Path) -> Result<(), BlobError> {
        self.file.sync_all().map_err(|source| io_error(&self.path, source))?;
        std::fs::rename(&self.path, path).map_err(|source| io_error(path, source))?;
        self.kept = true;
        path.parent().map_or(Ok(()), sync_folder)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed now is a leftover that `clear_leftovers` takes.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn private_folder(folder: &Path) -> Result<(), BlobError> {
    keys::private_folder(folder).map_err(|source| io_error(folder, source))
}

fn sync_folder(folder: &Path) -> Result<(), BlobError> {
    File::open(folder).and_then(|open| open.sync_all()).map_err(|source| io_error(folder, source))
}

fn io_error(path: &Path, source: io::Error) -> BlobError {
    let place = path.display().to_string();
    if is_full(&source) { BlobError::Full { place } } else { BlobError::Io { place, source } }
}
