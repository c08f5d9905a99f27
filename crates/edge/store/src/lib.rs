//! The journal and the blob store of a city: in one SQLite file, in a PostgreSQL database that several processes share
//! (feature `postgres`), and in memory for tests and drills.
//!
//! In: commands' events (`levee_app::journal`), bytes (`levee_app::blob`). Out: the same, proven unchanged.
//! [`mod@format`] says how an event lies in the store; [`sqlite`] and [`memory`] keep events, chains and projections;
//! [`raw`] copies a journal from store to store; [`blobs`] keeps sealed bytes; [`keys`] keeps the key that opens them,
//! never beside them.
//! Questions and answers: `docs/design/journal.md`.

pub mod access;
pub mod backup;
pub mod blobs;
#[cfg(feature = "postgres")]
pub mod city;
pub mod format;
pub mod group;
pub mod keys;
pub mod memory;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod raw;
pub mod shared;
pub mod sqlite;
pub mod vault;

mod audit;
mod layer;
mod record;
