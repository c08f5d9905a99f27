//! Judges plans from their definition alone. Shares no code with the planner and never depends on it. One class of problem is
//! one module: [`assign`], [`openings`], [`rooms`], [`runs`], [`testing`], [`transfer`]. [`ledger`] tells the statement of a day a second time, and
//! knows nothing of the ledger.

pub mod assign;
pub mod ledger;
pub mod openings;
pub mod rooms;
pub mod runs;
pub mod testing;
pub mod transfer;

pub use transfer::{OrderRule, Violation, check};
