//! What signing in needs: accounts, sessions, tokens. In a file beside the journal's, in the journal's PostgreSQL database, and
//! in memory for tests.
//!
//! It lies apart from the journal because it is changed and forgotten. Secrets come here as digests only.

mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

pub use memory::MemoryAccess;
#[cfg(feature = "postgres")]
pub use postgres::PostgresAccess;
pub use sqlite::{FILE, SqliteAccess};
