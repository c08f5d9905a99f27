//! The nouns of Levee: areas, periods, persons, beds, reports, facilities, commands.
//!
//! This crate knows nobody. It does no input or output and asks no clock: every type is a value that was checked
//! when it was made. What an office sends is parsed into these types once, at the edge, and never checked again.

pub mod area;
pub mod command;
pub mod detection;
pub mod facility;
pub mod gazetteer;
pub mod ids;
pub mod parameter;
pub mod person;
pub mod plan;
pub mod provenance;
pub mod quantity;
pub mod report;
pub mod settings;
pub mod subject;
pub mod table;
pub mod time;
