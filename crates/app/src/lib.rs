//! The use cases of Levee and the ports through which they reach the world.
//!
//! Engines give values for values; this crate decides which engine is asked what, on whose authority, and what is
//! written down. It is the one place that asks what day it is.

pub mod access;
pub mod audit;
pub mod blob;
pub mod brief;
pub mod catalogue;
pub mod city;
pub mod clock;
mod commit;
pub mod day;
pub mod event;
pub mod facts;
pub mod intake;
pub mod journal;
pub mod journals;
pub mod ledger;
pub mod measures;
pub mod operations;
pub mod outlooks;
pub mod owed;
pub mod places;
pub mod plans;
pub mod projection;
pub mod rejected;
pub mod replay;
pub mod rights;
pub mod row_json;
pub mod rulebooks;
pub mod seal;
pub mod settings;
pub mod situation;
pub mod vault;
pub mod zones;
