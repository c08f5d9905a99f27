//! Where high-risk areas may be drawn, how long each has been clear, and when it ends: proposals, never orders.
//!
//! In go the places of infections as they are known, the results of closing rounds, and a rulebook; out comes the history of
//! every area that the rules allow to be drawn. The book is asked, not copied: a level is allowed when it finds nothing
//! against it, and an area ends on the first day on which the book finds nothing against its release. So another book, or a
//! change of rules while an area is closed, changes the answer without a change here.
//!
//! An infection known only by a level that the rules do not allow is never spread over it: it is listed as too coarse. Proposals only
//! ever follow infections that were found; no area is drawn for fear of one. Kept in this crate and not in one of its own because
//! it shares the vocabulary of measures with the audit, and nothing else would use it.

mod free;
mod history;
mod layering;
mod rules;

pub use free::{FreeState, free_communities};
pub use history::{Clock, MOST_CLEAR_DAYS, ToAssess, TooCoarse, Zone, ZoneState, Zones, propose};
pub use layering::{Excess, Layered, layering};
pub use rules::{Allowed, ZoneRules};

use jiff::civil::Date;
use levee_model::area::{Level, PlaceCode};
use levee_model::detection::Detection;
use levee_model::gazetteer::Gazetteer;

/// Infections found on one day at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseAt {
    /// The narrowest place that is known.
    pub place: PlaceCode,
    /// The day.
    pub day: Date,
    /// Where they were found; `None` = not said.
    pub detection: Option<Detection>,
    /// How many; at least one.
    pub persons: u64,
}

/// A round in which everybody of an area was tested.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round {
    /// The area.
    pub place: PlaceCode,
    /// The day.
    pub day: Date,
    /// Whether all results are in and negative.
    pub all_negative: bool,
}

/// The place of a level that `place` lies in, itself included.
pub(crate) fn at_level(places: &Gazetteer, place: &PlaceCode, wanted: Level) -> Option<PlaceCode> {
    above(places, place).find(|(_, level)| *level == wanted).map(|(code, _)| code)
}

/// A place and everything that it lies in, from the narrowest on. A reporting unit lies nowhere.
pub(crate) fn above(places: &Gazetteer, place: &PlaceCode) -> impl Iterator<Item = (PlaceCode, Level)> {
    std::iter::successors(places.area(place), |area| area.parent.as_ref().and_then(|parent| places.area(parent)))
        .map(|area| (area.code.clone(), area.level))
}

/// Whether `inner` is `outer` or lies in it.
pub(crate) fn lies_in(places: &Gazetteer, inner: &PlaceCode, outer: &PlaceCode) -> bool {
    inner == outer || above(places, inner).any(|(code, _)| code == *outer)
}
