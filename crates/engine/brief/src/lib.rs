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
pub mod rich;
pub mod tokens;

pub use document::{Document, NotWritable, SCHEMA, Sentence};
pub use lang::Lang;

#[cfg(test)]
#[path = "../tests/support/fixture.rs"]
mod fixture;
