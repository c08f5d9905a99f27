//! The three books of the repository, their cases, what people read, what is refused, and the laws.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test helper that cannot go on is a failing test")]

mod books;
mod cases;
mod common;
mod diff;
mod evaluation;
mod laws;
mod refusals;
mod schema;
mod verdicts;
