//! The outlook: what is likely to be reported on each of the coming days, by district and for the city.
//!
//! In goes a [`Vintage`]: daily counts of new infections as they were known on one day, with their gaps. Out comes an
//! [`Outlook`]: joint futures ([`Draws`], whole persons by place, path and day) and 23 quantiles for each day and place.
//! Nothing later than the origin day can enter: [`outlook`] refuses a vintage that holds it.
//!
//! Several members make one forecast ([`ensemble`]): two regressions over places and past days that start from what other
//! places' outbreaks taught, and a local line. Their quantiles are averaged; joint paths are drawn from them, so that
//! districts rise and fall together and city figures are sums over paths, never sums of quantiles.
//!
//! What is not known stays unknown: a missing day is not a zero, and a district without usable lists has no quantiles
//! but a reason ([`Standing::Unknown`]).
//!
//! Start at module `engine` for the order of steps, [`ensemble`] for the members, `share` for districts that borrow from the
//! city.

mod answer;
pub mod baseline;
mod community;
mod completeness;
mod config;
mod daily;
pub mod demand;
mod engine;
pub mod ensemble;
pub mod explain;
mod generation;
mod growth;
pub mod pooled;
mod quantile;
mod random;
pub mod renewal;
mod reproduction;
pub mod score;
mod share;
mod vintage;

pub use answer::{
    CommunityEnd, CommunityUnknown, Draws, Flag, Growth, Member, Outlook, PlaceDraws, SeriesOutlook, Standing,
    WhyUnknown,
};
pub use completeness::{Completeness, MAX_AGE, Version};
pub use config::Config;
pub use engine::outlook;
pub use generation::Generation;
pub use quantile::{LEVELS, MEDIAN, QUANTILE_LEVELS, quantiles};
pub use reproduction::Reproduction;
pub use vintage::{Observation, OutlookRefusal, Series, Vintage};

/// Name and version of the method. It changes whenever the same vintage, settings and seed give other figures.
pub const ENGINE: &str = "levee-outlook ensemble 3";
