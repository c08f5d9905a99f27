//! Outlooks after they were issued: read back, set beside what came, scored, handed on.
//!
//! Every outlook that was issued is an event of the journal, its quantiles, baseline and identity in the blob store
//! ([`crate::day::ArchivedOutlook`]). What came is looked up only as of a later moment that is named ([`Outcomes`]); a forecast
//! whose outcome was not known then is counted, never scored.

mod archive;
pub mod document;
pub mod geojson;
pub mod hubverse;
mod outcomes;
mod pairs;
mod score;

pub use archive::{Archive, Issued, archive};
pub use outcomes::{Outcomes, as_of};
pub use pairs::{Came, Paired, Whose, judged, pairs};
pub use score::{By, Line, Places, ScoreOptions, ScoreReport, score};
