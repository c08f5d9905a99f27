//! The journal in PostgreSQL: the laws, and what befalls a journal that many processes share.
//!
//! Each test starts a server of its own, so that they can run in processes of their own; there are few of them.

#[path = "../support/postgres.rs"]
mod server;

#[path = "postgres/conforms.rs"]
mod conforms;
#[path = "postgres/copies.rs"]
mod copies;
#[path = "postgres/lost.rs"]
mod lost;
#[path = "postgres/schema.rs"]
mod schema;
#[path = "postgres/sharing.rs"]
mod sharing;
#[path = "postgres/tamper.rs"]
mod tamper;

use levee_app::journal::JournalError;
use server::{Admin, Server};
use std::error::Error as _;

/// An error with all that is behind it, the same on every machine.
fn why(error: &JournalError, server: &Server) -> String {
    let mut all = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        all = format!("{all}: {inner}");
        source = inner.source();
    }
    let all = all.replace(&server.folder().display().to_string(), "<server>");
    // Databases are numbered in the order in which a test asks for them.
    let mut pieces = all.split("`city_").map(|piece| piece.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |all, piece| format!("{all}`city{piece}"))
}
