//! A connection for tables that are not the journal's: asked on the calling thread, and made anew when it was lost.

use super::link::Link;
use levee_app::journal::JournalError;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// A database that is asked.
pub(crate) struct Asked(Link);

impl Asked {
    pub(crate) fn open(address: &str) -> Result<Self, JournalError> {
        Link::new(address, false).map(Self)
    }

    /// Runs statements that may be run twice.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), JournalError> {
        self.0.ask(async |session| session.client().batch_execute(sql).await)
    }

    /// Asks for rows.
    pub(crate) fn query(&self, sql: &'static str, with: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, JournalError> {
        self.0.ask(async |session| session.client().query(&session.prepared(sql).await?, with).await)
    }

    /// Changes rows and says how many. It is tried once: a lost connection is told, for nobody knows what became of it.
    pub(crate) fn execute(&self, sql: &'static str, with: &[&(dyn ToSql + Sync)]) -> Result<u64, JournalError> {
        let session = self.0.session()?;
        let changed = session.wait_for(async { session.client().execute(&session.prepared(sql).await?, with).await });
        changed.map_err(|error| self.0.fault(error))
    }

    /// Drops the connection; the next call makes a new one.
    pub(crate) fn forget(&self) {
        self.0.forget();
    }
}
