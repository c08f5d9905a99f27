//! Restrictions tried from outside: a story, the gate line by line, the whole state machine, and the laws.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod audit;
mod common;
mod gate;
mod laws;
mod machine;
mod proof;
mod story;
mod zones;
