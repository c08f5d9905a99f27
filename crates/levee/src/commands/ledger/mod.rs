//! Commands of the ledger: what is owed, work on it, orders, duty.

mod capacity;
mod changes;
mod counter;
mod duty;
mod kinds;
mod obligation;
mod open;
mod order;
mod orders;
mod owed;
mod planned;
mod posts;
mod refusal;
mod show;
mod table;
mod words;

pub(super) use counter::Counter;
pub(super) use duty::run as duty;
pub(super) use kinds::run as kinds;
pub(super) use obligation::{explain, run as obligation, undo};
pub(super) use open::run as open;
pub(super) use order::run as order;
pub(super) use orders::list as orders;
pub(super) use owed::run as owed;
pub(super) use planned::propose_of_plan;
pub(super) use refusal::told;
