//! `levee store copy`: a city from one store into another, compared afterwards.

use super::NO;
use crate::cli::{Cli, StoreCommand};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use crate::store::{self, CityJournal};
use levee_app::event::Position;
use levee_app::journal::Journal;
use levee_store::backup::{self, SealedFolder, Until};
use levee_store::blobs::{FolderBlobs, verify_blobs};
use levee_store::postgres::PostgresJournal;
use levee_store::raw;
use levee_store::sqlite::{FILE, SqliteJournal};
use levee_store::vault::VAULT_FILE;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the journal goes that a database has taken the place of.
const BEFORE: &str = "before-postgres";

pub(crate) fn run(cli: &Cli, command: &StoreCommand) -> Result<ExitCode, Failure> {
    let StoreCommand::Copy { city, to, switch } = command;
    if to.starts_with("postgres://") || to.starts_with("postgresql://") || to.starts_with("host=") {
        return to_postgres(cli, city, to, *switch);
    }
    if *switch {
        return Err(Failure::new("only a journal in a database can be switched to", "leave --switch out"));
    }
    if to.contains("://") {
        return Err(Failure::new(
            "this is the address of no store that Levee knows",
            "name a folder, or postgres://user@host/database",
        ));
    }
    to_folder(cli, city, Path::new(to))
}

/// What a copy was found to be.
struct Found {
    events: u64,
    faults: Vec<String>,
}

/// Compares a copy with what it is of: every chain ends in the same hash, and what is kept follows from the events.
fn compare(copy: &dyn Journal, heads: &[(levee_app::event::StreamName, u64, [u8; 32])]) -> Result<Found, Failure> {
    let verified = copy.verify()?;
    let mut faults: Vec<String> = verified.faults.iter().map(ToString::to_string).collect();
    if copy.heads()? != heads {
        faults.push("its chains end otherwise than those of the city".to_owned());
    }
    Ok(Found { events: verified.events, faults })
}

fn told(cli: &Cli, place: &str, found: &Found, switched: bool) -> ExitCode {
    let equal = found.faults.is_empty();
    if cli.json {
        say::json(&json!({ "schema": "levee.store_copy/1", "to": place, "events": found.events, "equal": equal,
            "faults": found.faults, "switched": switched }));
    } else {
        for fault in &found.faults {
            say::out(&format!("fault: {fault}"));
        }
        say::out(&match equal {
            true => format!("copied {} events to {place}; compared: both are equal", say::count(found.events)),
            false => format!("NOT equal: do not use the copy in {place}"),
        });
    }
    ExitCode::from(if equal { 0 } else { NO })
}

fn to_folder(cli: &Cli, city: &Path, to: &Path) -> Result<ExitCode, Failure> {
    let failed = |error: backup::BackupError| {
        Failure::of(&error, Some("name a folder that is not there yet, on a disk with room".to_owned()))
    };
    if std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(failed(backup::BackupError::NotEmpty { folder: to.to_owned() }));
    }
    let opened = open::open(cli, city, Access::Read)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let between: PathBuf = to.with_file_name(format!(".{name}.copying"));
    let vault = city.join(VAULT_FILE);
    // By way of a backup: it is of one moment though the city is at work, and a copy that is cut off is no city.
    let manifest = backup::backup_from(&opened.journal, &SealedFolder::new(city), Some(&vault), &between, open::now());
    let manifest = manifest.map_err(failed)?;
    backup::restore(&between, to, Until::Last).map_err(failed)?;
    std::fs::remove_dir_all(&between).map_err(|error| Failure::io("remove", &between, &error))?;
    let copy = SqliteJournal::open_read_only(to)?;
    let mut found = compare(&copy, &copy.heads()?)?;
    let heads = copy.heads()?;
    // The source may have moved on: what the copy was of stands in the manifest.
    let same = heads.len() == manifest.heads.len()
        && heads
            .iter()
            .zip(&manifest.heads)
            .all(|((stream, sequence, _), chain)| stream.as_str() == chain.stream && *sequence == chain.sequence);
    if !same || copy.last()? != Position(manifest.last) {
        found.faults.push("it ends otherwise than the city did".to_owned());
    }
    let blobs = FolderBlobs::open(to, &open::key_folder(cli)?).map_err(|e| Failure::of(&e, None))?;
    found.faults.extend(verify_blobs(&copy, &blobs)?.iter().map(ToString::to_string));
    Ok(told(cli, &to.display().to_string(), &found, false))
}

fn to_postgres(cli: &Cli, city: &Path, address: &str, switch: bool) -> Result<ExitCode, Failure> {
    // Held against other writers while it is copied, when it is to be switched.
    let opened = open::open(cli, city, if switch { Access::Write } else { Access::Read })?;
    if switch && matches!(opened.journal, CityJournal::Postgres(_)) {
        return Err(Failure::new(
            "the city's journal lives in a database already",
            "copy it to a folder, and that into the other database",
        ));
    }
    let failed = |error: levee_app::journal::JournalError| {
        let hint = "check user, password, host and database; the database must hold no journal yet";
        Failure::of(&error, Some(hint.to_owned()))
    };
    let mut target = match PostgresJournal::create(address) {
        Ok(target) => target,
        // Tables without an event are what a copy leaves that was cut off.
        Err(error) => match PostgresJournal::open(address) {
            Ok(target) if target.last().is_ok_and(|last| last == Position(0)) => target,
            _ => return Err(failed(error)),
        },
    };
    let copied = raw::copy(&opened.journal, &mut target, None).map_err(failed)?;
    let heads = if opened.journal.last()? == copied.last { opened.journal.heads()? } else { target.heads()? };
    let mut found = compare(&target, &heads)?;
    if !copied.mended.is_empty() {
        found
            .faults
            .push(format!("the city kept otherwise than its events say: {:?}; run journal verify", copied.mended));
    }
    let place = target.place().to_owned();
    if switch && found.faults.is_empty() {
        store::settle_in(city, address)?;
        drop(opened);
        aside(city)?;
    }
    Ok(told(cli, &place, &found, switch && found.faults.is_empty()))
}

/// Puts the old journal aside: nobody shall write to it by mistake, and nothing is thrown away.
fn aside(city: &Path) -> Result<(), Failure> {
    let folder = city.join(BEFORE);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io("make the folder", &folder, &error))?;
    for name in [FILE.to_owned(), format!("{FILE}-wal"), format!("{FILE}-shm")] {
        let from = city.join(&name);
        if from.exists() {
            std::fs::rename(&from, folder.join(&name)).map_err(|error| Failure::io("move", &from, &error))?;
        }
    }
    Ok(())
}
