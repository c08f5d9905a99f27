//! Making a city of a backup, as it stood at the end or earlier.

use super::check::locate;
use super::files::{copy, io_error, private_folder, remove, remove_folder, rename, sync};
use super::sealed::blob_path;
use super::{BackupError, VAULT};
use crate::blobs::blob_refs;
use crate::raw::{copy_seeing, position_at};
use crate::sqlite::{FILE, SqliteJournal};
use jiff::Timestamp;
use levee_app::blob::BlobRef;
use levee_app::event::Position;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To the end of the backup.
    Last,
    /// Up to and with this position. One within a command goes back to the end of the command before it.
    Position(Position),
    /// Up to and with the last command recorded at this moment or before.
    Moment(Timestamp),
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where the journal ends.
    pub last: Position,
    /// When its last event was recorded.
    pub recorded_at: Timestamp,
    /// The position that was asked for, when it lay within a command.
    pub asked: Option<Position>,
    /// Blobs that were copied.
    pub blobs: u64,
    /// Blobs that the journal names and that the city had lost when the backup was made.
    pub missing_blobs: Vec<BlobRef>,
    /// The name of the key that must be in the folder for keys.
    pub key: Option<String>,
}

/// Marks a folder in which a restore is at work, so that another folder of that name is not thrown away.
const MARK: &str = "RESTORING";

/// Makes the city of the backup in `folder` in the folder `to`, which is not there yet, or empty.
///
/// Everything is checked first. The city is made beside `to` and moved there when it is whole: a restore that is cut off
/// leaves nothing that could be taken for a city, and is begun anew by the next. Then call [`after_restore`].
pub fn restore(folder: &Path, to: &Path, until: Until) -> Result<Restored, BackupError> {
    let located = locate(folder)?;
    located.check()?;
    vacant(to)?;
    let journal = located.journal()?;
    let last = located.manifest.last;
    let cut = match until {
        Until::Last => Position(last),
        Until::Position(asked) if asked.0 > last => return Err(BackupError::Beyond { asked: asked.0, last }),
        Until::Position(asked) => asked,
        Until::Moment(moment) => position_at(&journal, moment).map_err(BackupError::Journal)?,
    };

    let making = begin(to)?;
    // The journal gets its place only when all else is there: a folder without it is no city.
    let apart = making.join("journal");
    private_folder(&apart)?;
    let mut target = SqliteJournal::create(&apart).map_err(BackupError::Journal)?;
    let (mut named, mut recorded) = (BTreeSet::new(), None);
    let copied = copy_seeing(&journal, &mut target, Some(cut), &mut |raw, event| {
        recorded = Some(raw.recorded_at);
        named.extend(blob_refs(event));
    })
    .map_err(BackupError::Journal)?;
    target.into_one_file().map_err(BackupError::Journal)?;
    let Some(recorded) = recorded else {
        clear(&making)?;
        return Err(BackupError::BeforeTheCity);
    };

    let manifest = &located.manifest;
    let missing_blobs: Vec<BlobRef> =
        named.iter().copied().filter(|blob| manifest.missing_blobs.contains(&blob.to_string())).collect();
    let mut folders = BTreeSet::new();
    let mut names: Vec<String> = named.iter().filter(|blob| !missing_blobs.contains(blob)).map(blob_path).collect();
    let blobs = names.len() as u64;
    names.extend(
        ["blobs/KEY", VAULT]
            .map(str::to_owned)
            .into_iter()
            .filter(|name| manifest.files.iter().any(|file| file.path == *name)),
    );
    for name in &names {
        let (from, path) = (located.path(name), making.join(name));
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
            folders.insert(folder.to_owned());
        }
        copy(&from, &path)?;
    }
    for folder in &folders {
        sync(folder)?;
    }
    rename(&apart.join(FILE), &making.join(FILE))?;
    remove_folder(&apart)?;
    sync(&making)?;
    // An empty folder may stand there; anything else makes this fail.
    match std::fs::remove_dir(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(to, error)),
        _ => rename(&making, to)?,
    }
    sync(parent(to))?;
    // It went along, so that no unmarked folder ever stands where restores work.
    remove(&to.join(MARK))?;
    sync(to)?;
    Ok(Restored {
        last: copied.last,
        recorded_at: Timestamp::from_microsecond(recorded).unwrap_or(Timestamp::MIN),
        asked: copied.asked,
        blobs,
        missing_blobs,
        key: manifest.keys.name.clone(),
    })
}

fn parent(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn vacant(to: &Path) -> Result<(), BackupError> {
    match std::fs::read_dir(to).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(BackupError::NotEmpty { folder: to.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(io_error(to, source)),
    }
}

/// How the folder ends in which a city is made.
const WORKING: &str = ".restoring";

/// Whether a restore is at work in this folder, or was cut off in it: then it is no city, not even when all of it is there.
pub(crate) fn restoring(folder: &Path) -> bool {
    let working = folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with(WORKING));
    working && folder.join(MARK).exists()
}

/// The folder beside `to` in which the city is made, emptied of what a restore left that was cut off.
fn begin(to: &Path) -> Result<PathBuf, BackupError> {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let making = parent(to).join(format!(".{name}{WORKING}"));
    let mark = making.join(MARK);
    if making.exists() {
        if !mark.exists() {
            vacant(&making)?;
        }
        clear(&making)?;
    }
    private_folder(&making)?;
    // A mark that is cut off here is a mark: only that it is there counts.
    let text = "A backup is being restored here. When nothing is at work, this folder can be removed.\n";
    std::fs::write(&mark, text).map_err(|source| io_error(&mark, source))?;
    Ok(making)
}

/// Removes a folder in which a restore was at work, its mark last.
fn clear(making: &Path) -> Result<(), BackupError> {
    let io = |source| io_error(making, source);
    for entry in std::fs::read_dir(making).map_err(io)? {
        let entry = entry.map_err(io)?;
        match entry.file_type().map_err(io)?.is_dir() {
            true => remove_folder(&entry.path())?,
            false if entry.file_name() == MARK => {}
            false => remove(&entry.path())?,
        }
    }
    remove_folder(making)
}

/// The erasure list that must be applied to the restored city before anything is read, one pseudonym each: people who
/// were erased after the backup was made.
///
/// `keys` is the folder for keys; the list lies in it under the name of the city's key. `levee_app::vault::reapply_erasures`
/// applies it and writes it down. No list means that nobody was ever erased; that is also what a folder for keys says that was restored from
/// a copy older than every erasure, so the list is to be kept with the utmost care.
pub fn after_restore(city: &Path, keys: &Path) -> Result<Vec<String>, BackupError> {
    use super::sealed::{SealedBlobs as _, SealedFolder};
    let Some(name) = SealedFolder::new(city).key_name().map_err(BackupError::Blob)? else { return Ok(Vec::new()) };
    let path = keys.join(name).join("erased");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(io_error(&path, source)),
    }
}
