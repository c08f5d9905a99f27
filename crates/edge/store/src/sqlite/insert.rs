//! How rows reach their tables: several to a statement, so that it is begun and ended once for all of them.

use crate::layer::Layer;
use levee_app::event::StreamName;
use levee_model::command::CommandId;
use rusqlite::{CachedStatement, Connection, ToSql};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An event that waits to be written.
pub(super) struct Waits {
    pub(super) position: u64,
    pub(super) stream: StreamName,
    pub(super) sequence: u64,
    pub(super) kind: &'static str,
    pub(super) version: u32,
    pub(super) command: CommandId,
    pub(super) envelope: Arc<str>,
    pub(super) occurred: i64,
    pub(super) known_at: i64,
    pub(super) recorded_at: i64,
    pub(super) hash: [u8; 32],
    pub(super) body: Vec<u8>,
}

impl Waits {
    /// What it takes in memory, about; the envelope is shared.
    pub(super) fn bytes(&self) -> usize {
        self.body.len() + std::mem::size_of::<Self>()
    }
}

/// Events, or commands, in one statement. They are told to `FAIL`: were they to leave nothing behind when one of several
/// does not fit, SQLite would copy every page aside before it writes to it. Whoever fails gives up the whole transaction.
const TOGETHER: usize = 16;

/// A row of a table, as a statement takes it.
trait Bind {
    /// Binds the row's values from parameter `at` on.
    fn bind(&self, to: &mut CachedStatement<'_>, at: usize) -> rusqlite::Result<()>;
}

fn bind<const N: usize>(to: &mut CachedStatement<'_>, at: usize, values: [&dyn ToSql; N]) -> rusqlite::Result<()> {
    values.into_iter().enumerate().try_for_each(|(nth, value)| to.raw_bind_parameter(at + nth, value))
}

impl Bind for Waits {
    fn bind(&self, to: &mut CachedStatement<'_>, at: usize) -> rusqlite::Result<()> {
        let stream = self.stream.as_str();
        let (command, envelope) = (self.command.uuid(), &*self.envelope);
        bind::<12>(
            to,
            at,
            [
                &self.position,
                &stream,
                &self.sequence,
                &self.kind,
                &self.version,
                command.as_bytes(),
                &envelope,
                &self.occurred,
                &self.known_at,
                &self.recorded_at,
                &self.hash,
                &self.body,
            ],
        )
    }
}

/// A command and its first and last event.
impl Bind for (&CommandId, &(u64, u64)) {
    fn bind(&self, to: &mut CachedStatement<'_>, at: usize) -> rusqlite::Result<()> {
        let (id, (first, last)) = *self;
        bind::<3>(to, at, [id.uuid().as_bytes(), first, last])
    }
}

/// A row of the projections: space, key, value.
impl Bind for (u8, &[u8], &[u8]) {
    fn bind(&self, to: &mut CachedStatement<'_>, at: usize) -> rusqlite::Result<()> {
        let (space, key, value) = self;
        bind::<3>(to, at, [space, key, value])
    }
}

/// The statements of a table that write one row, and several.
pub(super) struct Table {
    columns: usize,
    pub(super) single: String,
    /// None where rows go one by one.
    many: Option<String>,
}

impl Table {
    fn new(into: &str, columns: usize, several: bool) -> Self {
        let row = format!("(?{})", ", ?".repeat(columns - 1));
        let single = format!("{into} VALUES {row}");
        let many = several.then(|| format!("{single}{}", format!(", {row}").repeat(TOGETHER - 1)));
        Self { columns, single, many }
    }

    fn write<R: Bind>(
        &self,
        connection: &Connection,
        mut rows: impl ExactSizeIterator<Item = R>,
    ) -> rusqlite::Result<()> {
        let many = self.many.as_ref().map(|sql| (sql, TOGETHER));
        for (sql, at_once) in many.into_iter().chain([(&self.single, 1)]) {
            if rows.len() < at_once {
                continue;
            }
            let mut statement = connection.prepare_cached(sql)?;
            while rows.len() >= at_once {
                for (nth, row) in rows.by_ref().take(at_once).enumerate() {
                    row.bind(&mut statement, nth * self.columns + 1)?;
                }
                statement.raw_execute()?;
            }
        }
        Ok(())
    }
}

impl<B: Bind> Bind for &B {
    fn bind(&self, to: &mut CachedStatement<'_>, at: usize) -> rusqlite::Result<()> {
        (**self).bind(to, at)
    }
}

/// Events, by position.
pub(super) fn event() -> &'static Table {
    static INTO: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| {
        Table::new(
            "INSERT OR FAIL INTO event (position, stream, sequence, kind, version, command_id, envelope, occurred, known_at, \
             recorded_at, hash, body)",
            12,
            true,
        )
    });
    &INTO
}

fn command() -> &'static Table {
    static INTO: std::sync::LazyLock<Table> =
        std::sync::LazyLock::new(|| Table::new("INSERT OR FAIL INTO command (command_id, first, last)", 3, true));
    &INTO
}

/// A table whose only index is its key: replacing a row is one walk down the tree, `ON CONFLICT … DO UPDATE` would be two.
/// One row to a statement, for SQLite copies pages aside for several that replace (see [`TOGETHER`]).
fn projection() -> &'static Table {
    static INTO: std::sync::LazyLock<Table> =
        std::sync::LazyLock::new(|| Table::new("REPLACE INTO projection (space, key, value)", 3, false));
    &INTO
}

pub(super) fn events(connection: &Connection, events: &[Waits]) -> rusqlite::Result<()> {
    event().write(connection, events.iter())
}

pub(super) fn commands(connection: &Connection, commands: &BTreeMap<CommandId, (u64, u64)>) -> rusqlite::Result<()> {
    command().write(connection, commands.iter())
}

pub(super) fn layer(connection: &Connection, layer: &Layer) -> rusqlite::Result<()> {
    for (space, entries) in layer.spaces() {
        let kept: Vec<_> =
            entries.iter().filter_map(|(key, value)| Some((space, key.as_slice(), value.as_deref()?))).collect();
        projection().write(connection, kept.iter())?;
        if kept.len() < entries.len() {
            let mut delete = connection.prepare_cached("DELETE FROM projection WHERE space = ?1 AND key = ?2")?;
            for (key, _) in entries.iter().filter(|(_, value)| value.is_none()) {
                delete.execute((space, key))?;
            }
        }
    }
    Ok(())
}
