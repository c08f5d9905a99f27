//! Use cases of restrictions: proposed, weighed, gated, in force, over. The engine decides; here it is asked who may, what the city
//! knows, and what going live obliges to.
//!
//! [`carry_out`] is the one door for people. Before it does what is asked, what time alone brings is written down ([`tick`]), in
//! a commit of its own, so that a refusal does not keep it back. What was recorded for the gate (services, inspections,
//! notice) is read from the store when the gate runs; nobody hands a pass in.

mod ask;
mod book;
mod fault;
mod follow;
mod judged;
mod meets;
mod obliges;
mod office;
pub mod page;
mod proposal;
pub mod sheet;
mod sighting;
mod tick;
pub mod view;

pub use ask::{Ask, Done, Effect, Reserve};
pub use book::{Book, BookFault};
pub use fault::Fault;
pub use meets::Proof;
pub use office::{carry_out, carry_out_at, carry_out_proven};
pub use proposal::{Place, Proposal, Whom, Words};
pub use sighting::Sighting;
pub use tick::{tick, tick_of_day};
