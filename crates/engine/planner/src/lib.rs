//! Needs + capacity -> proposed orders. The planner proposes; it issues nothing (law 10).
//!
//! One class of problem is one module: [`transfer`] (who goes to which bed on which day), [`openings`] (which sites open or
//! close), [`runs`] (who rides when), [`rooms`] (isolation rooms), [`testing`] (who is sampled where, which laboratory takes which tubes when). [`assign`] is the
//! large assignment alone, exact and proved by its prices. What they share: [`solver`] (back ends
//! behind traits), ways between places ([`LaneMaker`]) and stays. Every module takes plain data of
//! `levee_model::plan` and answers with plain data, always: there is always a plan, and what cannot be met stands in it with its cause and
//! what would mend it. Pure: the same inputs give the same plan, to the byte, in whatever order the rows come. `levee-check` judges
//! every plan from its definition alone.

pub mod assign;
mod lanes;
pub mod openings;
pub mod rooms;
pub mod runs;
pub mod solver;
mod stay;
pub mod testing;
pub mod transfer;

pub use lanes::{LaneMaker, Place, great_circle_metres};
pub use stay::{BadStay, InBed, discharges_by_stay, expected_discharges};
pub use transfer::{Comparison, compare, compare_plans, nearest_first_greedy, propose, propose_with, replan};
