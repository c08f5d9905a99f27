//! The ledger of obligations: what is owed by a time is met, waived, carried over, or failed, and nothing vanishes.
//!
//! One life for every kind ([`catalogue`] says what differs between them, as data). An [`Obligation`] is a number of units
//! owed in one area by one time; a *named* one is a single unit with a subject, a *counted* one has any number and moves
//! in parts. Each unit is in one [`State`] at any time, and every change posts to the account of its kind, area and day:
//! carried in + opened + transferred in + corrections = met + waived + expired + voided + transferred out + carried out.
//! The books keep both sides apart (units by state, flows by day), so that the equation is a check and not a definition.
//!
//! [`Books::decide`] reads and says what a command means, or why it is refused; [`Books::apply`] writes what has happened
//! and cannot refuse. Neither knows what time it is: the caller says. [`order`]s promise units of obligations and hold
//! capacity; [`settlement`] closes a day; [`duty`] says who answers for what at any hour.

mod account;
mod books;
pub mod catalogue;
mod change;
mod command;
pub mod duty;
mod obligation;
pub mod order;
mod place;
mod refusal;
pub mod settlement;

pub use account::{Balance, Broken, Flow, Flows};
pub use books::{Acting, Books, Standing};
pub use catalogue::{Catalogue, Kind, KindId};
pub use change::{Change, Evidence, Explained, Grown, Move, Named, Opened, Opening, Owned, Said};
pub use command::{Command, NewObligation, NewSubject, Target};
pub use obligation::{Arrears, BadText, Digest, Ground, Obligation, ObligationId, Section, Split, State, Subject};
pub use place::{AreaPath, BadPath};
pub use refusal::Refusal;
