//! Where a city's journal lives: in its folder, or in the PostgreSQL database that `store.toml` names.

use crate::failure::Failure;
pub(crate) use levee_store::city::CityJournal;
use levee_store::postgres::PostgresJournal;
use levee_store::sqlite::{FILE, SqliteJournal};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;

/// In a city's folder: where its journal lives, when it is not the folder.
pub(crate) const STORE_FILE: &str = "store.toml";

/// What `store.toml` says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoreSettings {
    schema: String,
    journal: JournalSettings,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalSettings {
    /// Address of the database, as PostgreSQL's own programs take it.
    postgres: String,
}

const SCHEMA: &str = "levee.store/1";

/// The address of the database in which the city of this folder keeps its journal; none when the folder has it.
pub(crate) fn address(folder: &Path) -> Result<Option<String>, Failure> {
    let path = folder.join(STORE_FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", &path, &error)),
    };
    // What the file holds is not repeated: the address may hold a password.
    let bad = || {
        Failure::new(
            format!("{} does not say where the journal lives", path.display()),
            format!(
                "it holds `schema = \"{SCHEMA}\"` and `[journal]` with `postgres = \"postgres://user@host/database\"`"
            ),
        )
    };
    let settings: StoreSettings = toml::from_str(&text).map_err(|_| bad())?;
    if settings.schema == SCHEMA { Ok(Some(settings.journal.postgres)) } else { Err(bad()) }
}

/// Writes that the journal of this folder's city lives in a database. Only its owner may read the file.
pub(crate) fn settle_in(folder: &Path, postgres: &str) -> Result<(), Failure> {
    let path = folder.join(STORE_FILE);
    let settings =
        StoreSettings { schema: SCHEMA.to_owned(), journal: JournalSettings { postgres: postgres.to_owned() } };
    let text = toml::to_string(&settings).map_err(|e| Failure::of(&e, None))?;
    let part = path.with_extension("part");
    let put = || {
        let _ = std::fs::remove_file(&part);
        let mut file = private_new(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&part, &path)
    };
    put().map_err(|error| Failure::io("write", &path, &error))
}

/// A new file that only its owner may read.
pub(crate) fn private_new(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens the journal of the city in a folder.
pub(crate) fn open(folder: &Path, write: bool) -> Result<CityJournal, Failure> {
    if let Some(address) = address(folder)? {
        let opened = if write { PostgresJournal::open(&address) } else { PostgresJournal::open_read_only(&address) };
        let place = folder.join(STORE_FILE);
        let hint = format!("check the address in {} (user, password, host, database)", place.display());
        return opened
            .map(|journal| CityJournal::Postgres(Box::new(journal)))
            .map_err(|error| Failure::of(&error, Some(hint)));
    }
    if !folder.join(FILE).is_file() {
        return Err(Failure::new(
            format!("{} is no city folder: it holds no {FILE}", folder.display()),
            "check the path, or make a city with `levee init CITY --pack DIR`",
        ));
    }
    let opened = if write { SqliteJournal::open(folder)? } else { SqliteJournal::open_read_only(folder)? };
    Ok(CityJournal::Sqlite(opened))
}
