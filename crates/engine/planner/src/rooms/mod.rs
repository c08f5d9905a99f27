//! Isolation rooms in dynamic balance: what reserve a stated overflow probability needs, and which site opens when.
//!
//! In: one [`RoomInputs`]. Out: one [`RoomPlan`], always. The reserve is an order statistic of the outlook's joint draws, for the
//! city and for each district: never a Poisson quantile, never a sum of the districts' quantiles.
//!
//! The way through: `world` tidies the inputs and says what is missing; `balance` says who is left without a room in each draw;
//! `search` chooses openings by branch and bound, `bound` bounds them; `write` and `shortfalls` make the plan. To change what
//! is preferred, start at `search`; what a shortage is, at `balance`. Why it is built so: `docs/design/planner-rooms.md`.
#![expect(
    clippy::indexing_slicing,
    reason = "days, districts, groups and candidates are numbered by this module itself"
)]

mod balance;
mod bound;
mod promises;
mod search;
mod shortfalls;
mod world;
mod write;

pub use promises::{held, made};

use levee_model::plan::room_plan::RoomPlan;
use levee_model::plan::rooms::RoomInputs;

/// How many nodes the search expands unless the caller says otherwise: about twenty-five seconds for forty districts, a week, a
/// thousand draws and sixty sites (`bench/results/planner-rooms.md`), and an instant for a dozen sites.
pub const NODES: u32 = 5_000;

/// Proposes which sites open when, and says what is promised and what is short.
///
/// The tiers, one after another: room-days that known people lack; room-days that the promise lacks, for the city and for each
/// district; room-days short in the worst draws beyond what the policy bears; price; staff-days; distance. The same inputs
/// give the same plan to the byte, in whatever order the rows come. `nodes` limits the search ([`NODES`]); a plan
/// that ends at the limit carries its bounds.
pub fn propose(inputs: &RoomInputs, nodes: u32) -> RoomPlan {
    let world = world::World::of(inputs);
    let found = search::search(&world, nodes);
    write::plan(&world, &found)
}

/// The plan in which nothing opens: what the city has, held against the same draws.
pub fn as_it_is(inputs: &RoomInputs) -> RoomPlan {
    let world = world::World::of(inputs);
    let found = search::nothing(&world);
    write::plan(&world, &found)
}
