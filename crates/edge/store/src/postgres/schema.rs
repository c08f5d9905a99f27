//! The tables of a journal in PostgreSQL, and the way from each version of them to the next.
//!
//! They lie in the schema `levee`; whatever else is in the database is left alone. `levee.migration` has a row for each
//! step that was taken, and its largest number is the version.

use super::fault::{self, PostgresFault};
use super::link::Session;
use levee_app::journal::JournalError;

/// The n-th entry leads from version n to n + 1. Entries are added, never changed.
///
/// Bytes that are hashed lie in `bytea` unless they are names: PostgreSQL checks and converts texts. Names sort by their
/// bytes (`"C"`). A B-tree takes keys of up to 2,704 bytes; `projection_long` has those that [`LONGEST_KEY`] excludes.
const MIGRATIONS: &[&str] = &[
    r#"
CREATE SCHEMA levee;
CREATE TABLE levee.migration (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE levee.event (
    position bigint PRIMARY KEY,
    stream text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    command_id bytea NOT NULL,
    envelope bytea NOT NULL,
    occurred bigint NOT NULL,
    known_at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE levee.stream (
    name text COLLATE "C" PRIMARY KEY,
    sequence bigint NOT NULL,
    hash bytea NOT NULL
);
CREATE TABLE levee.command (
    command_id bytea PRIMARY KEY,
    first bigint NOT NULL,
    last bigint NOT NULL
);
CREATE TABLE levee.projection (
    space smallint NOT NULL,
    key bytea NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (space, key)
);
CREATE TABLE levee.projection_long (
    space smallint NOT NULL,
    key bytea NOT NULL,
    value bytea NOT NULL
);
"#,
    r#"
CREATE TABLE levee.blob_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text COLLATE "C" NOT NULL
);
CREATE SEQUENCE levee.blob_content;
CREATE TABLE levee.blob (
    digest bytea PRIMARY KEY,
    content bigint NOT NULL UNIQUE
);
CREATE TABLE levee.blob_piece (
    content bigint NOT NULL REFERENCES levee.blob (content) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    nth integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (content, nth)
);
-- Sealed bytes do not get smaller.
ALTER TABLE levee.blob_piece ALTER body SET STORAGE EXTERNAL;
"#,
    // Obligations have a life of their own; before, the projections kept sums of them. Projections that are empty beside
    // events are made again from these when the journal is opened for writing.
    "DELETE FROM levee.projection; DELETE FROM levee.projection_long",
    // Rows of the ledger are short bytes; before, they were JSON and numbers of eight bytes. Made again as above.
    "DELETE FROM levee.projection; DELETE FROM levee.projection_long",
];

/// The version of the tables that this Levee writes.
pub(super) const KNOWN: u32 = 4;

// A migration without its version, or a version without its migration, does not build.
const _: () = assert!(MIGRATIONS.len() == KNOWN as usize);

/// Bytes of a key up to which it lies in `projection` rather than `projection_long`.
pub(super) const LONGEST_KEY: usize = 2_000;

/// The lock that a commit, an import or a migration holds until it ends; one number for every journal, for locks are
/// the database's own. "LeVe" as a number.
pub(super) const LOCK: &str = "SELECT pg_advisory_xact_lock(1281709669)";

/// The version of the tables, if they are ones that this Levee can read.
pub(super) fn check(session: &Session, place: &str) -> Result<u32, JournalError> {
    let missing = || fault::store(place, PostgresFault::Missing);
    found(session, place)?.ok_or_else(missing)
}

/// The same; `None` when the database has no schema of this name.
fn found(session: &Session, place: &str) -> Result<Option<u32>, JournalError> {
    let postgres = |error| fault::postgres(place, error);
    let asked = session.wait_for(session.client().query_one(
        "SELECT to_regnamespace('levee') IS NOT NULL, to_regclass('levee.migration') IS NOT NULL \
         AND to_regclass('levee.event') IS NOT NULL AND to_regclass('levee.projection') IS NOT NULL",
        &[],
    ));
    let asked = asked.map_err(postgres)?;
    match (asked.get::<_, bool>(0), asked.get::<_, bool>(1)) {
        (false, _) => return Ok(None),
        (true, false) => return Err(fault::store(place, PostgresFault::NotAJournal)),
        (true, true) => {}
    }
    let version = session.wait_for(session.client().query_one("SELECT max(version)::bigint FROM levee.migration", &[]));
    let version: Option<i64> = match version {
        Ok(row) => row.get(0),
        // A table of this name with other columns.
        Err(error) if !fault::is_lost(&error) && error.as_db_error().is_some() => None,
        Err(error) => return Err(postgres(error)),
    };
    match version.and_then(|version| u32::try_from(version).ok()) {
        None | Some(0) => Err(fault::store(place, PostgresFault::NotAJournal)),
        Some(found) if found > KNOWN => Err(JournalError::TooNew { place: place.to_owned(), found, known: KNOWN }),
        Some(found) => Ok(Some(found)),
    }
}

/// Makes the tables of a new journal.
pub(super) fn create(session: &Session, place: &str) -> Result<(), JournalError> {
    let encoding = session.wait_for(session.client().query_one("SELECT current_setting('server_encoding')", &[]));
    let encoding: String = encoding.map_err(|error| fault::postgres(place, error))?.get(0);
    if encoding != "UTF8" {
        return Err(fault::store(place, PostgresFault::Encoding { found: encoding }));
    }
    locked(session, place, |session| match found(session, place)? {
        Some(_) => Err(fault::store(place, PostgresFault::Exists)),
        None => steps(session, place, 0),
    })
}

/// Brings the tables to [`KNOWN`], all steps in one transaction. Whoever comes second finds it done.
pub(super) fn migrate(session: &Session, place: &str) -> Result<(), JournalError> {
    if check(session, place)? == KNOWN {
        return Ok(());
    }
    locked(session, place, |session| steps(session, place, check(session, place)?))
}

fn locked(
    session: &Session,
    place: &str,
    work: impl FnOnce(&Session) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let run = |sql: &str| {
        session.wait_for(session.client().batch_execute(sql)).map_err(|error| fault::postgres(place, error))
    };
    run(&format!("BEGIN; {LOCK}"))?;
    let done = work(session).and_then(|()| run("COMMIT"));
    if done.is_err() {
        // The answer to the caller is the first error; a rollback that fails too ends with the connection.
        let _ = run("ROLLBACK");
    }
    done
}

fn steps(session: &Session, place: &str, from: u32) -> Result<(), JournalError> {
    for (step, version) in MIGRATIONS.iter().zip(1u32..).skip(from as usize) {
        let sql = format!("{step}; INSERT INTO levee.migration (version) VALUES ({version})");
        session.wait_for(session.client().batch_execute(&sql)).map_err(|error| fault::postgres(place, error))?;
    }
    Ok(())
}
