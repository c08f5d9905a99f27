//! Who is sampled where and when, and which laboratory takes which tubes in which hour.
//!
//! In: one [`TestingInputs`](levee_model::plan::testing::TestingInputs). Out: one
//! [`TestingPlan`](levee_model::plan::testing::TestingPlan), always: what cannot be done stands in it with its cause, its proof and
//! what to ask for. No care waits for anything planned here (law 7).
//!
//! The way through: `duties` says whom a rule obliges on the day; `problem` tidies the inputs; `pools` sets how many share a tube;
//! `stations` sends teams; `allot` shares out their hours; `network` makes the flow of tubes, a [`solver`](crate::solver) solves it;
//! `books` places what the shares left over; `retests` holds hours for second samples; `proof` shows what cannot be in time;
//! `write` puts it down. To change what is preferred, start at `network`; what is possible, at `problem`. Why it is built so:
//! `docs/design/planner-testing.md`.

mod allot;
mod books;
mod causes;
mod duties;
mod network;
mod pools;
mod problem;
mod proof;
mod propose;
mod retests;
mod stations;
mod write;

pub use duties::{Cohort, Schedule};
pub use pools::{best_size, positive_share, threshold, tubes_per_person};
pub use propose::{nearest_until_full, propose, propose_with};
