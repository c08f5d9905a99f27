//! Who goes to which bed on which day.
//!
//! Transfers and beds for some days (7 by default) by district, class of illness and facility. In: one
//! [`PlanInputs`](levee_model::plan::PlanInputs). Out: one [`Plan`](levee_model::plan::Plan), always: what cannot be
//! served stands in it as surge, shortfalls and gaps.
//!
//! The way through: `problem` tidies the inputs and says what is missing; `network` makes a flow of people over time
//! with a cost in tiers; a [`solver`](crate::solver) solves it; `limits` holds what is no flow; `books` keeps whole coach trips;
//! `explain` gives every order its reasons and every shortfall its cause and remedy. What people decided before (accepted orders, pins,
//! issued orders) is ruled on in `rulings` and stands in `kept`. To change what is preferred, start at `network`; what is
//! possible, at `problem`. Why it is built so: `docs/design/planner-first-form.md`, `docs/design/planner-transfer.md`.

mod books;
mod compare;
mod differ;
mod explain;
mod kept;
mod limits;
mod loads;
mod marginal;
mod names;
mod network;
mod orders;
pub(crate) mod problem;
mod programme;
mod propose;
mod replan;
mod rulings;

pub use compare::{Comparison, compare, nearest_first_greedy};
pub use differ::compare_plans;
pub use programme::{TransferProgramme, programme};
pub use propose::{propose, propose_with};
pub use replan::{Replanned, Warm, replan};
