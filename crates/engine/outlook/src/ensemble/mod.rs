//! The ensemble: what is said of one place and day by several members, put together as quantiles.
//!
//! Members (all on ln(count + 2), days counted from the newest day of the place):
//! - **pooled**: a ridge over places and past days, held close to what other places' outbreaks taught ([`Prior`]);
//! - **learning**: the same ridge, let go further by what this city itself has shown;
//! - **trend**: a robust local line whose slope dies away (module `growth`).
//!
//! Their quantiles are averaged level by level, narrowed by one measured factor, and given to places with hardly a case
//! only in part (see `low`). Joint paths are drawn from them afterwards (`joint`).

pub(crate) mod features;
pub(crate) mod fit;
pub(crate) mod joint;
mod learn;
mod linear;
mod low;
pub mod prior;
mod table;
pub(crate) mod weekday;

pub(crate) use linear::weighted_quantiles;
pub use prior::{Knot, Prior, TrendKnot};
