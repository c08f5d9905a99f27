//! The laws that the use cases keep, tried from outside, on the journal in memory.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod batches;
mod catalogue;
mod day;
mod known;
mod ledger;
mod ledger_check;
mod measures;
mod operations;
mod outlooks;
mod plans;
mod plans_moves;
mod rights;
mod settlement;
mod testing;
mod town;
mod vault;
