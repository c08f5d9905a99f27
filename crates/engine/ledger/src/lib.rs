//! The ledger of obligations: what is owed by a time is met, waived, carried over, or failed, and nothing vanishes.
//!
//! First form: *counted* obligations (a number of people in an area), moved by entries. One account per kind, area and
//! settlement day; law 2's equation holds for each:
//! carried in + opened + transferred in + corrections = met + waived + expired + voided + transferred out + carried out.
//!
//! `decide` reads the books and says what a command means, or why it is refused; `apply` writes what has happened and
//! cannot refuse. Neither knows what day it is.

pub mod catalogue;

mod books;
mod kinds;

pub use books::{Account, Books, Command, Entry, Flow, Refusal, Statement};
pub use kinds::{KINDS, Kind, KindId};
