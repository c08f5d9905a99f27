//! How events reach their table: several to a statement, so that it is begun and ended once for all of them.

use levee_app::event::StreamName;
use rusqlite::{CachedStatement, Connection, ToSql};

/// An event that waits to be written; what it shares with its command stands there.
pub(super) struct Waits {
    pub(super) position: u64,
    pub(super) stream: StreamName,
    pub(super) sequence: u64,
    pub(super) kind: &'static str,
    pub(super) version: u32,
    pub(super) occurred: i64,
    pub(super) known_at: i64,
    pub(super) hash: [u8; 32],
    pub(super) body: Vec<u8>,
}

/// Events in one statement.
const TOGETHER: usize = 16;

/// Columns of an event.
const COLUMNS: usize = 12;

/// The statement that writes so many events.
pub(super) fn statement(events: usize) -> String {
    let mut sql = "INSERT INTO event (position, stream, sequence, kind, version, command_id, envelope, occurred, \
         known_at, recorded_at, hash, body) VALUES "
        .to_owned();
    for nth in 0..events {
        sql.push_str(if nth == 0 { "(?" } else { ", (?" });
        for _ in 1..COLUMNS {
            sql.push_str(", ?");
        }
        sql.push(')');
    }
    sql
}

/// Writes the events of one command.
pub(super) fn insert(
    connection: &Connection,
    command: &[u8; 16],
    envelope: &str,
    recorded_at: i64,
    events: &[Waits],
) -> rusqlite::Result<()> {
    let (together, rest) = events.as_chunks::<TOGETHER>();
    if !together.is_empty() {
        let mut many = connection.prepare_cached(many())?;
        for events in together {
            bind(&mut many, command, envelope, recorded_at, events)?;
        }
    }
    if !rest.is_empty() {
        let mut single = connection.prepare_cached(single())?;
        for event in rest {
            bind(&mut single, command, envelope, recorded_at, std::slice::from_ref(event))?;
        }
    }
    Ok(())
}

fn many() -> &'static str {
    static SQL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| statement(TOGETHER));
    &SQL
}

/// The statement that writes one event.
pub(super) fn single() -> &'static str {
    static SQL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| statement(1));
    &SQL
}

fn bind(
    to: &mut CachedStatement<'_>,
    command: &[u8; 16],
    envelope: &str,
    recorded_at: i64,
    events: &[Waits],
) -> rusqlite::Result<()> {
    for (nth, event) in events.iter().enumerate() {
        let stream = event.stream.as_str();
        let values: [&dyn ToSql; COLUMNS] = [
            &event.position,
            &stream,
            &event.sequence,
            &event.kind,
            &event.version,
            command,
            &envelope,
            &event.occurred,
            &event.known_at,
            &recorded_at,
            &event.hash,
            &event.body,
        ];
        for (column, value) in values.into_iter().enumerate() {
            to.raw_bind_parameter(nth * COLUMNS + column + 1, value)?;
        }
    }
    to.raw_execute().map(|_| ())
}
