//! The catalogue of kinds of obligations: data that the city's pack brings, not code.
//!
//! A kind says what is owed, in which unit, by when, by whom, what proves it, and what may excuse it. A department is rows
//! here; the life of an obligation is the same for all.

mod build;
mod field;
mod kind;
mod reason;

pub use build::{Catalogue, CatalogueFault};
pub use field::{BadField, Field, FieldType, FieldValue};
pub use kind::{Class, Counting, DueFrom, Kind, KindId, Ladder, Post, Rung, SubjectKind};
pub use reason::{MayDecide, Outcome, Reason};
