//! Verification of a journal on disk. Needs room for the projections in the folder for temporary files, little memory.

use super::fault;
use super::tables::Tables;
use super::{COLUMNS, fields};
use crate::audit::{Audit, Commanded, ProjectionRow};
use levee_app::journal::{Fault, JournalError, Verification};
use rusqlite::{Connection, OptionalExtension as _, Rows, params};

/// Reads the journal as it stands at one moment, though others write meanwhile.
pub(super) fn verify(connection: &Connection, place: &str) -> Result<Verification, JournalError> {
    let sqlite = |error| fault::sqlite(place, error);
    let _snapshot = connection.unchecked_transaction().map_err(sqlite)?;
    // A database without a name lies in a file of its own among the temporary ones and goes when it is closed.
    let scratch = scratch().map_err(|error| fault::sqlite("the temporary copy of the projections", error))?;
    let mut rebuilt = Tables::new(&scratch, "the temporary copy of the projections");
    let mut audit = Audit::default();
    let mut commands = 0u64;

    let mut select = connection.prepare(&format!("SELECT {COLUMNS} FROM event ORDER BY position")).map_err(sqlite)?;
    let mut rows = select.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        match fields(row) {
            Ok((fields, hash)) => {
                if let Some(ended) = audit.event(&fields, hash, &mut rebuilt)? {
                    commands += check_command(connection, &ended, &mut audit).map_err(sqlite)?;
                }
            }
            Err(error) => {
                let position: i64 = row.get(0).map_err(sqlite)?;
                audit.unreadable(u64::try_from(position).unwrap_or(0), error.to_string());
            }
        }
    }
    if let Some(ended) = audit.ended(&rebuilt)? {
        commands += check_command(connection, &ended, &mut audit).map_err(sqlite)?;
    }
    check_other_commands(connection, commands, &mut audit).map_err(sqlite)?;
    audit.heads(heads(connection).map_err(sqlite)?.into_iter());

    rebuilt.flush()?;
    let all = "SELECT space, key, value FROM projection ORDER BY space, key";
    let mut kept = connection.prepare(all).map_err(sqlite)?;
    let mut kept = kept.query([]).map_err(sqlite)?;
    let mut made = scratch.prepare(all).map_err(sqlite)?;
    let mut made = made.query([]).map_err(sqlite)?;
    audit.compare(|| next(&mut kept).map_err(sqlite), || next(&mut made).map_err(sqlite))?;
    Ok(audit.finish())
}

/// Gives rows one by one.
#[cfg(feature = "postgres")]
type NextRow<'r> = &'r mut dyn FnMut() -> Result<Option<ProjectionRow>, JournalError>;

/// For a store that has no place of its own for projections that are made again: `fill` writes them, `read` is given the
/// rows in the order of space and key. They lie in a temporary file and need little memory.
#[cfg(feature = "postgres")]
pub(crate) fn made_again(
    fill: &mut dyn FnMut(&mut dyn levee_app::journal::Projections) -> Result<(), JournalError>,
    read: &mut dyn FnMut(NextRow<'_>) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let place = "the temporary copy of the projections";
    let sqlite = |error| fault::sqlite(place, error);
    let scratch = scratch().map_err(sqlite)?;
    let mut rebuilt = Tables::new(&scratch, place);
    fill(&mut rebuilt)?;
    rebuilt.flush()?;
    let mut made = scratch.prepare("SELECT space, key, value FROM projection ORDER BY space, key").map_err(sqlite)?;
    let mut made = made.query([]).map_err(sqlite)?;
    read(&mut || next(&mut made).map_err(sqlite))
}

fn scratch() -> rusqlite::Result<Connection> {
    let scratch = Connection::open("")?;
    scratch.set_prepared_statement_cache_capacity(16);
    scratch.pragma_update(None, "page_size", super::schema::PAGE_BYTES)?;
    scratch.pragma_update(None, "journal_mode", "off")?;
    scratch.pragma_update(None, "synchronous", "off")?;
    super::tune(&scratch, super::CACHE_KIB)?;
    scratch.execute_batch(
        "CREATE TABLE projection (space INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, \
         PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID; BEGIN",
    )?;
    Ok(scratch)
}

fn next(rows: &mut Rows<'_>) -> rusqlite::Result<Option<ProjectionRow>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(ProjectionRow { space: row.get(0)?, key: row.get(1)?, value: row.get(2)? }))
}

/// 1 when the command's row is there, right or wrong.
fn check_command(connection: &Connection, ended: &Commanded, audit: &mut Audit) -> rusqlite::Result<u64> {
    let kept: Option<(i64, i64)> = connection
        .prepare_cached("SELECT first, last FROM command WHERE command_id = ?1")?
        .query_row([&ended.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let whole = kept.map(|(first, last)| (u64::try_from(first), u64::try_from(last)));
    if whole != Some((Ok(ended.first), Ok(ended.last))) {
        audit.fault(Fault::Stored {
            place: format!("the receipt of the command of events {} to {}", ended.first, ended.last),
            why: "it is missing or names other events".to_owned(),
        });
    }
    Ok(u64::from(kept.is_some()))
}

/// Receipts that belong to no events, other than those of commands that had none.
fn check_other_commands(connection: &Connection, seen: u64, audit: &mut Audit) -> rusqlite::Result<()> {
    let all: u64 =
        connection.query_row("SELECT count(*) FROM command WHERE first <= last", params![], |row| row.get(0))?;
    if all != seen {
        audit.fault(Fault::Stored {
            place: "receipts".to_owned(),
            why: format!("{all} commands are said to have events, but the events are of {seen}"),
        });
    }
    Ok(())
}

/// A chain's name, length and hash, as stored.
type Head = (Vec<u8>, u64, Vec<u8>);

fn heads(connection: &Connection) -> rusqlite::Result<Vec<Head>> {
    let mut select = connection.prepare("SELECT name, sequence, hash FROM stream ORDER BY name")?;
    let rows = select.query_map([], |row| {
        let name = row.get_ref(0)?.as_bytes().map(<[u8]>::to_vec).unwrap_or_default();
        // A sequence below zero is no sequence; it will not match.
        Ok((name, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(u64::MAX), row.get(2)?))
    })?;
    rows.collect()
}
