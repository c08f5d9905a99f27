//! Making a backup while the city is at work.

use super::check::{Located, NEXT, locate};
use super::files::{copy, digest, entry, io_error, private_folder, remove, remove_folder, rename, sync, write};
use super::manifest::{Chain, FileEntry, MANIFEST, Manifest};
use super::sealed::{SealedBlobs, SealedFolder, blob_path};
use super::{BackupError, VAULT};
use crate::blobs::blob_refs;
use crate::raw::{RawRead, copy_seeing};
use crate::sqlite::{FILE, SqliteJournal};
use jiff::Timestamp;
use levee_app::blob::{BlobError, BlobRef};
use levee_app::event::Event;
use levee_app::journal::Journal as _;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::path::Path;

/// Held while a backup is made into a folder.
const LOCK: &str = "lock";

/// Backs up the city in the folder `city` into the folder `to`, while others write to the city.
///
/// `journal` is any open journal of the city; one that was opened to be read will do. The backup holds the journal as it
/// stands when the copy begins, and every blob that it names.
pub fn backup(journal: &dyn RawRead, city: &Path, to: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    backup_from(journal, &SealedFolder::new(city), Some(&city.join(VAULT)), to, now)
}

/// [`backup()`] of a city whose parts lie elsewhere. `vault` is the file of sealed personal records; it need not be there.
pub fn backup_from(
    journal: &dyn RawRead,
    blobs: &dyn SealedBlobs,
    vault: Option<&Path>,
    to: &Path,
    now: Timestamp,
) -> Result<Manifest, BackupError> {
    private_folder(to)?;
    // Looked at before anything is written: it may be a city.
    earlier(to)?;
    let _lock = lock(to)?;
    let before = earlier(to)?;
    if let Some(located) = before.as_ref().filter(|before| before.moving) {
        // Cut off while it took its place; it must not be thrown away with `next`.
        take_place(to, &located.manifest)?;
    }
    let before = before.map(|before| before.manifest);
    let next = to.join(NEXT);
    remove_folder(&next)?;
    private_folder(&next)?;

    let (mut manifest, named) = copy_journal(journal, &next, now)?;
    if before.as_ref().is_some_and(|before| before.founded != manifest.founded) {
        remove_folder(&next)?;
        return Err(BackupError::NotOurs { folder: to.to_owned() });
    }
    manifest.files.push(entry(&next, FILE)?);
    // After the journal: whoever it speaks of has a record by now.
    if let Some(vault) = vault.filter(|vault| vault.exists()) {
        copy_vault(vault, &next.join(VAULT))?;
        manifest.files.push(entry(&next, VAULT)?);
    }
    let known = before.map(|before| before.files).unwrap_or_default();
    copy_blobs(blobs, &named, to, &known, &mut manifest)?;

    // Now it is whole, and takes the place of the one before. Whoever is cut off from here on finds it in `next`.
    manifest.write(&next.join(MANIFEST))?;
    sync(&next)?;
    sync(to)?;
    remove(&to.join(MANIFEST))?;
    sync(to)?;
    take_place(to, &manifest)?;
    Ok(manifest)
}

/// Moves a whole backup from `next` to its place. May be begun again after it was cut off anywhere.
fn take_place(to: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let next = to.join(NEXT);
    for name in [FILE, VAULT] {
        if next.join(name).exists() {
            rename(&next.join(name), &to.join(name))?;
        } else if !manifest.files.iter().any(|file| file.path == name) {
            remove(&to.join(name))?;
        }
    }
    sync(to)?;
    rename(&next.join(MANIFEST), &to.join(MANIFEST))?;
    sync(to)?;
    remove_folder(&next)
}

/// The backup that is there already. A folder with anything else is not touched: it may be a city.
fn earlier(to: &Path) -> Result<Option<Located>, BackupError> {
    match locate(to) {
        Ok(located) => return Ok(Some(located)),
        Err(BackupError::NoManifest { .. }) => {}
        Err(error) => return Err(error),
    }
    let io = |source| io_error(to, source);
    for found in std::fs::read_dir(to).map_err(io)? {
        let name = found.map_err(io)?.file_name();
        // What a first backup leaves that was cut off.
        if ![NEXT, LOCK, "blobs"].iter().any(|ours| name == *ours) {
            return Err(BackupError::NotOurs { folder: to.to_owned() });
        }
    }
    Ok(None)
}

fn lock(to: &Path) -> Result<File, BackupError> {
    let path = to.join(LOCK);
    let file = File::create(&path).map_err(|source| io_error(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::Running { folder: to.to_owned() }),
        Err(TryLockError::Error(source)) => Err(io_error(&path, source)),
    }
}

fn copy_journal(
    journal: &dyn RawRead,
    next: &Path,
    now: Timestamp,
) -> Result<(Manifest, BTreeSet<BlobRef>), BackupError> {
    let mut target = SqliteJournal::create(next).map_err(BackupError::Journal)?;
    let (mut named, mut founded, mut city, mut recorded) = (BTreeSet::new(), None, None, 0);
    let copied = copy_seeing(journal, &mut target, None, &mut |raw, event| {
        founded.get_or_insert(raw.hash);
        recorded = raw.recorded_at;
        named.extend(blob_refs(event));
        if let Event::CityFounded(founding) = event {
            city = levee_app::settings::parse(&founding.city_toml).ok().map(|settings| settings.id.to_string());
        }
    })
    .map_err(BackupError::Journal)?;
    let founded = founded.ok_or(BackupError::Nothing)?;
    let heads = target.heads().map_err(BackupError::Journal)?;
    target.into_one_file().map_err(BackupError::Journal)?;
    remove(&next.join("levee.lock"))?;
    let chain = |(stream, sequence, hash): (levee_app::event::StreamName, _, _)| Chain {
        stream: stream.to_string(),
        sequence,
        hash: hex(hash),
    };
    let manifest = Manifest {
        format: Manifest::format(),
        made_at: now,
        city,
        founded: hex(founded),
        last: copied.last.0,
        last_recorded_at: Timestamp::from_microsecond(recorded).unwrap_or(Timestamp::MIN),
        commands: copied.commands,
        heads: heads.into_iter().map(chain).collect(),
        keys: Manifest::keys(None),
        missing_blobs: Vec::new(),
        files: Vec::new(),
    };
    Ok((manifest, named))
}

pub(super) fn hex(hash: [u8; 32]) -> String {
    blake3::Hash::from_bytes(hash).to_hex().to_string()
}

/// A copy at one moment, without what deleted rows have left in the file.
fn copy_vault(vault: &Path, to: &Path) -> Result<(), BackupError> {
    let fail = |error: rusqlite::Error| BackupError::Vault(Box::new(error));
    let path = to.to_str().ok_or_else(|| {
        io_error(to, std::io::Error::new(std::io::ErrorKind::InvalidFilename, "the name of the folder is not text"))
    })?;
    let from =
        rusqlite::Connection::open_with_flags(vault, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(fail)?;
    from.busy_timeout(std::time::Duration::from_secs(5)).map_err(fail)?;
    from.execute("VACUUM INTO ?1", [path]).map_err(fail)?;
    // Made once more under its name, readable by its owner only and durable.
    let made = to.with_extension("made");
    rename(to, &made)?;
    copy(&made, to)?;
    remove(&made)
}

fn copy_blobs(
    blobs: &dyn SealedBlobs,
    named: &BTreeSet<BlobRef>,
    to: &Path,
    known: &[FileEntry],
    manifest: &mut Manifest,
) -> Result<(), BackupError> {
    let known: BTreeMap<&str, &FileEntry> = known.iter().map(|entry| (entry.path.as_str(), entry)).collect();
    let mut folders = BTreeSet::new();
    let name = blobs.key_name().map_err(BackupError::Blob)?;
    if let Some(name) = &name {
        private_folder(&to.join("blobs"))?;
        let path = to.join("blobs/KEY");
        write(&path, |to| writeln!(to, "{name}"), |source| io_error(&path, source))?;
        manifest.files.push(entry(to, "blobs/KEY")?);
    }
    manifest.keys = Manifest::keys(name);
    for blob in named {
        let name = blob_path(blob);
        let path = to.join(&name);
        if let Some(kept) = kept(blobs, blob, &name, &path, known.get(name.as_str()).copied())? {
            manifest.files.push(kept);
            continue;
        }
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
            folders.insert(folder.to_owned());
        }
        match write(&path, |to| blobs.sealed(blob, to), BackupError::Blob) {
            Ok(()) => manifest.files.push(entry(to, &name)?),
            // What the city itself has lost must not keep the rest from being backed up.
            Err(BackupError::Blob(BlobError::Missing { .. })) => {
                remove(&path.with_extension("tmp"))?;
                manifest.missing_blobs.push(blob.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    for folder in &folders {
        sync(folder)?;
    }
    if folders.is_empty() { Ok(()) } else { sync(&to.join("blobs")) }
}

/// The entry of a blob that an earlier backup has copied and that still has its bytes.
fn kept(
    blobs: &dyn SealedBlobs,
    blob: &BlobRef,
    name: &str,
    path: &Path,
    known: Option<&FileEntry>,
) -> Result<Option<FileEntry>, BackupError> {
    let Some((bytes, there)) = digest(path)? else { return Ok(None) };
    let found = FileEntry { path: name.to_owned(), bytes, blake3: there.to_hex().to_string() };
    if let Some(known) = known {
        return Ok((*known == found).then_some(found));
    }
    // Left by a backup that was cut off: it says nothing about its files, so the city's is read.
    let mut hasher = blake3::Hasher::new();
    match blobs.sealed(blob, &mut hasher) {
        Ok(()) => Ok((hasher.finalize() == there).then_some(found)),
        // The city has lost it, and the backup has it: good.
        Err(BlobError::Missing { .. }) => Ok(Some(found)),
        Err(error) => Err(BackupError::Blob(error)),
    }
}
