//! Use cases of the ledger: open, work, explain, settle. Every one of them asks the ledger and writes what it decides.

mod areas;
pub mod capacity;
mod day_of_books;
mod desk;
pub mod gaps;
pub mod hand_over;
pub mod open;
pub mod orders;
pub mod owed;
pub mod placements;
mod rest;
pub mod settle;
mod slice;
pub mod statement_facts;
pub mod undo;

pub use areas::path_of;
pub use desk::{Ask, Desk, Done, carry_out};
