//! The use cases of Levee and the ports through which they reach the world.
//!
//! Engines give values for values; this crate decides which engine is asked what, on whose authority, and what is
//! written down. It is the one place that asks what day it is.

pub mod blob;
pub mod clock;
pub mod event;
pub mod journal;
pub mod projection;
pub mod row_json;
