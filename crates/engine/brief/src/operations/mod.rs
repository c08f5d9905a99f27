//! The operations map and timetable (挂图作战): who does what where by when, as one value and as the documents people carry.
//!
//! In: [`Operations`], which the city's use case fills from its ledger, restrictions, zones and plan at one moment. Out: JSON, GeoJSON
//! ([`Operations::geojson`]), a page ([`Operations::to_html`]), tables for a workbook ([`Operations::sheets`]) and a calendar
//! ([`Operations::ics`]). Pure: the same value gives the same bytes.
//!
//! Nothing is left out in silence: for each source, rows + what has no place in the timetable (with its reason) + what a filter left out
//! = what was found ([`Tally`]). A row without an owner is a finding of its own.

mod document;
mod facts;
mod gantt;
mod geojson;
mod ics;
mod page;
mod sheets;
mod style;
mod words;

pub use facts::{
    At, Feature, FeatureKind, NoGeometry, NotInBooks, Operations, Owner, Row, Source, State, Tally, TimeZoneFacts,
    Unplaced, WhyUnplaced, ZoneClock,
};
