//! Which sites open or close, and when.
//!
//! In: one [`OpeningsInputs`]. Out: one [`OpeningsPlan`], always:
//! sites that open, sites that close, and all others with the reason why they stay as they are.
//!
//! The way through: `sites` says what may be done with each site; `network` is the flow of waiting people with the sites' beds as
//! switches; `cuts` reads from each solved flow what any other choice costs at least; `search` finds the cheapest choice that the
//! staff allows and the cuts do not exclude; `propose` goes round until nothing cheaper is left; `explain` says what every decision
//! saves. Everything is counted in whole people, so a proof is a proof. Why it is built so: `docs/design/planner-openings.md`.

mod city;
mod cuts;
mod explain;
mod network;
mod programme;
mod propose;
mod search;
mod sites;

pub use city::opened_city;
pub use programme::{OpeningsProgramme, programme};
pub use propose::{OpeningLimits, propose, propose_within};

use levee_model::plan::{OpeningsInputs, OpeningsPlan, Plan, PlanInputs};

/// A plan of openings, and the plan of transfers that goes with it.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedPlan {
    /// Which sites open or close.
    pub openings: OpeningsPlan,
    /// The city with those decisions taken: what the transfers were planned for, and are to be checked against.
    pub city: PlanInputs,
    /// Who goes where.
    pub transfers: Plan,
}

/// Openings, and transfers into a city in which they are decided.
pub fn propose_with_openings(inputs: &OpeningsInputs, limits: OpeningLimits, seed: u64) -> OpenedPlan {
    let openings = propose_within(inputs, limits, seed);
    let city = opened_city(inputs, &openings);
    let transfers = crate::transfer::propose(&city, seed);
    OpenedPlan { openings, city, transfers }
}
