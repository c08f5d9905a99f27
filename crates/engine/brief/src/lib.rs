//! The brief: the document of the day.
//!
//! In: [`facts::BriefFacts`], values that the other engines made. Out: a versioned JSON document and one self-contained
//! page that holds both languages. Pure: no file, no clock, no network; the same facts give the same bytes.

pub mod catalogue;
pub mod chart;
pub mod document;
pub mod facts;
pub mod findings;
mod html;
pub mod lang;
pub mod operations;
pub mod rich;
pub mod statement;
pub mod tokens;

pub use document::{Document, NotWritable, SCHEMA, Sentence};
pub use lang::Lang;

#[cfg(test)]
#[path = "../tests/support/fixture.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::type_complexity,
    clippy::cast_precision_loss,
    reason = "shared with page tests and preview"
)]
mod fixture;
