//! Packs in, rows out: what is read, what is not, and what a person is told.
#![expect(clippy::unwrap_used, reason = "clippy takes the helpers of an integration test for code")]

mod honesty;
mod parsers;
mod refusals;
mod support;
