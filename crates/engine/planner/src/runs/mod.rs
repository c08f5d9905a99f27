//! Who rides when: waiting people to facilities and vehicle runs, inside the places of the plan of transfers.
//!
//! In: one [`RunInputs`](levee_model::plan::runs::RunInputs). Out: one [`RunPlan`](levee_model::plan::runs::RunPlan), always: who cannot
//! go stands in it with cause and remedy, and places that no run reaches are cuts for the plan of transfers.
//!
//! The way through: `people` says who travels and who stays together; `problem` tidies places, ways and vehicles; `places` shares the
//! places out; `schedule` makes each district's runs and `clock` keeps their hours; `aid` lets districts help one another;
//! `turns` gives the earlier run to whoever comes first; `write` says it all. [`converge`] takes turns with the plan of
//! transfers. Why it is built so: `docs/design/planner-runs.md`.

mod aid;
mod clock;
mod converge;
mod people;
mod places;
mod problem;
mod propose;
mod schedule;
mod stay;
mod turns;
mod urgent;
mod write;

pub use converge::{Converged, converge, quotas};
pub use propose::{RunSearch, propose};
