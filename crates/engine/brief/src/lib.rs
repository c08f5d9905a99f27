//! The brief: the document of the day.
//!
//! In: [`facts::BriefFacts`], values that the other engines made. Out: a versioned JSON document and one self-contained
//! page that holds both languages. Pure: no file, no clock, no network; the same facts give the same bytes.

pub mod facts;
