//! Isolation rooms in dynamic balance: how many are needed, where they are, which sites could open, and what is proposed.
//!
//! In goes [`RoomInputs`], out comes a [`RoomPlan`](super::room_plan::RoomPlan). Demand is a matrix of joint draws and never a table of quantiles:
//! a quantile of a sum is not the sum of quantiles.

use crate::area::PlaceCode;
use crate::ids::FacilityId;
use crate::provenance::Origin;
use crate::quantity::Rooms;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the draws count, at the end of each day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomMeasure {
    /// Rooms in use if everybody who needs one has one; those in use now are among them.
    InUse,
    /// Rooms in use by people who come from the first day of the plan on, beyond the rooms occupied now.
    Additional,
}

/// Joint draws of the rooms that will be needed: draw `k` of every district and day belongs to one future.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawRoomDemand")]
pub struct RoomDemand {
    measure: RoomMeasure,
    districts: Vec<PlaceCode>,
    days: usize,
    rooms: Vec<u32>,
    flagged: bool,
    origin: Origin,
}

/// The fields of [`RoomDemand`] before they are checked.
#[derive(Deserialize)]
struct RawRoomDemand {
    measure: RoomMeasure,
    districts: Vec<PlaceCode>,
    days: usize,
    rooms: Vec<u32>,
    flagged: bool,
    origin: Origin,
}

impl TryFrom<RawRoomDemand> for RoomDemand {
    type Error = BadRoomDemand;
    fn try_from(raw: RawRoomDemand) -> Result<Self, BadRoomDemand> {
        let made = Self::new(raw.measure, raw.districts, raw.days, raw.rooms, raw.origin)?;
        Ok(if raw.flagged { made.flagged() } else { made })
    }
}

/// Why a matrix of draws means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRoomDemand {
    /// The matrix is empty in one direction.
    #[error("the draws of rooms name no district or no day; give at least one of each")]
    Empty,
    /// Two columns speak of one district.
    #[error("district {district} stands twice in the draws of rooms; add its columns draw by draw")]
    Twice {
        /// Which.
        district: PlaceCode,
    },
    /// The numbers do not fill whole draws.
    #[error("{numbers} numbers do not make whole draws of {districts} districts and {days} days")]
    NotWhole {
        /// How many numbers.
        numbers: usize,
        /// How many districts.
        districts: usize,
        /// How many days.
        days: usize,
    },
}

impl RoomDemand {
    /// Draws one after another; within a draw district by district in the order given, within a district day by day.
    pub fn new(
        measure: RoomMeasure,
        districts: Vec<PlaceCode>,
        days: usize,
        rooms: Vec<u32>,
        origin: Origin,
    ) -> Result<Self, BadRoomDemand> {
        let cells = districts.len().saturating_mul(days);
        if cells == 0 || rooms.is_empty() {
            return Err(BadRoomDemand::Empty);
        }
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = districts.iter().find(|d| !seen.insert(*d)) {
            return Err(BadRoomDemand::Twice { district: twice.clone() });
        }
        if !rooms.len().is_multiple_of(cells) {
            return Err(BadRoomDemand::NotWhole { numbers: rooms.len(), districts: districts.len(), days });
        }
        Ok(Self { measure, districts, days, rooms, flagged: false, origin })
    }

    /// The same draws, marked as coming from a forecast that says of itself that it failed: a plan says so too.
    #[must_use]
    pub fn flagged(mut self) -> Self {
        self.flagged = true;
        self
    }

    /// What the numbers count.
    pub fn measure(&self) -> RoomMeasure {
        self.measure
    }
    /// The districts, in the order of the matrix.
    pub fn districts(&self) -> &[PlaceCode] {
        &self.districts
    }
    /// Days; the first is the plan's first.
    pub fn days(&self) -> usize {
        self.days
    }
    /// How many draws.
    pub fn draws(&self) -> usize {
        self.rooms.len() / (self.districts.len() * self.days).max(1)
    }
    /// Whether the forecast says of itself that it failed.
    pub fn is_flagged(&self) -> bool {
        self.flagged
    }
    /// What the draws rest on.
    pub fn origin(&self) -> Origin {
        self.origin
    }
    /// Rooms of the `district`-th district on the `day`-th day in draw `draw`; `None` outside the matrix.
    pub fn rooms(&self, draw: usize, district: usize, day: usize) -> Option<u32> {
        if district >= self.districts.len() || day >= self.days {
            return None;
        }
        self.rooms.get((draw * self.districts.len() + district) * self.days + day).copied()
    }
}

/// Rooms that known people use or wait for on one day; counted in the measure of the draws. A draw below them counts as they
/// do: nobody who is known is forgotten by a draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRooms {
    /// Where they are.
    pub district: PlaceCode,
    /// The day.
    pub day: Date,
    /// How many rooms, if nobody came but those who are known now.
    pub rooms: Rooms,
    /// What it rests on.
    pub origin: Origin,
}

/// Whose people a site takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "serves", content = "districts")]
pub enum Serves {
    /// Those of the district it lies in.
    Own,
    /// Those of some neighbouring districts.
    Districts(Vec<PlaceCode>),
    /// Everybody's: the city's shared reserve.
    City,
}

/// Whether a site takes people, or when it could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Opening {
    /// Open, or ordered to open: it takes people from that day on; `None` = already.
    Open {
        /// First day.
        from: Option<Date>,
    },
    /// Closed. It opens if somebody decides so.
    Possible {
        /// Days from the decision until it takes people: decided on the day before the plan begins, a site with one day of lead
        /// takes people on its first day. `None` = not known.
        lead_days: Option<u16>,
        /// People that it needs on duty each day to be open. `None` = not known.
        staff: Option<u64>,
        /// What opening it costs, in whatever unit the city chose for all sites; 1 for each = the fewest openings.
        price: u64,
    },
}

/// An isolation site. `None` in a count = not reported, which is neither zero nor plenty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSite {
    /// The site.
    pub site: FacilityId,
    /// The district it lies in.
    pub district: PlaceCode,
    /// Whose people it takes.
    #[serde(flatten)]
    pub serves: Serves,
    /// Rooms that exist.
    pub physical: Option<Rooms>,
    /// Of these, rooms that the health authority has certified.
    pub certified: Option<Rooms>,
    /// Of these, rooms with staff. Not asked of a site that is only possible: its staff come with the opening.
    pub staffed: Option<Rooms>,
    /// Rooms in use before the plan's first day. May exceed those that exist.
    pub occupied: Option<Rooms>,
    /// Of these, rooms that come free on each day of the plan, its first day first; a day without an entry counts as none.
    pub leaving: Vec<Rooms>,
    /// Last day of its safety acceptance; `None` = none known, and nobody is planned in (law 8).
    pub acceptance_until: Option<Date>,
    /// First day it takes none any more; `None` = not foreseen.
    pub closes_on: Option<Date>,
    /// Whether it is open.
    pub opening: Opening,
    /// What the figures rest on.
    pub origin: Origin,
}

/// A way from a district to a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomLane {
    /// The district.
    pub from: PlaceCode,
    /// The site.
    pub site: FacilityId,
    /// Length in metres.
    pub metres: u64,
    /// What it rests on.
    pub origin: Origin,
}

/// What the city promises itself. Neither figure has a default: they are policy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPolicy {
    /// Probability with which rooms may not suffice on a day, for the city and for each district; between 0 and 1.
    pub overflow_probability: f64,
    /// Room-days short over the plan that are borne in the mean of the worst draws, as many as the probability above is of
    /// all. Zero opens whatever makes the tail shorter; a larger number opens no site for a tail no longer than this.
    pub tail_room_days: u64,
}

/// A promise that an earlier plan made, and what came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPromise {
    /// The first day of the plan that made it.
    pub made_on: Date,
    /// The day it speaks of.
    pub day: Date,
    /// Of which district; `None` = of the city as a whole.
    pub district: Option<PlaceCode>,
    /// So many rooms will suffice …
    pub rooms: Rooms,
    /// … but for this probability.
    pub overflow_probability: f64,
    /// Rooms that were needed, in the same measure; `None` = nobody knows yet.
    pub came: Option<Rooms>,
}

/// All that a plan of rooms is made from, and all that it is checked against. The order of the rows means nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomInputs {
    /// The plan's first day.
    pub start: Date,
    /// Days that the plan covers, 1 to 28; never more than the draws hold.
    pub days: u8,
    /// What will be needed; `None` = no outlook, and only known people are planned for.
    pub demand: Option<RoomDemand>,
    /// What known people need.
    pub known: Vec<KnownRooms>,
    /// Sites.
    pub sites: Vec<RoomSite>,
    /// Ways to them.
    pub lanes: Vec<RoomLane>,
    /// People free to run sites that open, on each day of the plan; a day without an entry has as many as the last one that
    /// has. Empty = not reported: openings then need somebody to confirm their staff.
    pub staff_free: Vec<u64>,
    /// What earlier plans promised.
    pub promises: Vec<RoomPromise>,
    /// What the city promises itself.
    pub policy: RoomPolicy,
}

/// Sites that take the people of some districts make a group. A plan tells at most so many groups apart (the city's own
/// is one); sites of further groups are listed and not planned with.
pub const ROOM_GROUPS_AT_MOST: usize = 6;

/// How many of `draws` may overflow on a day so that the day to come, one more draw of the same kind, overflows with no more
/// than the stated probability: `floor(p (draws + 1)) - 1`. `None` = so few draws cannot promise it.
///
/// Rank of one more exchangeable draw among the others; the usual `p draws` errs by one draw.
/// ```
/// use levee_model::plan::rooms::draws_allowed;
/// assert_eq!(draws_allowed(0.05, 1000), Some(49));
/// assert_eq!(draws_allowed(0.05, 19), Some(0));
/// assert_eq!(draws_allowed(0.05, 18), None);
/// ```
pub fn draws_allowed(overflow_probability: f64, draws: usize) -> Option<usize> {
    #[expect(clippy::cast_precision_loss, reason = "draws are counted in thousands")]
    let rank = overflow_probability.clamp(0.0, 1.0) * (draws as f64 + 1.0) + 1e-9;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to draws + 1")]
    let rank = if rank.is_finite() { rank.floor() as usize } else { 0 };
    rank.checked_sub(1).map(|allowed| allowed.min(draws))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(names: &[&str]) -> Vec<PlaceCode> {
        names.iter().map(|n| n.parse().unwrap()).collect()
    }

    #[test]
    fn a_matrix_is_whole_or_refused() {
        let new = |names: &[&str], days, numbers| {
            RoomDemand::new(RoomMeasure::InUse, places(names), days, vec![1; numbers], Origin::Derived)
        };
        assert_eq!(new(&["A", "B"], 3, 12).unwrap().draws(), 2);
        assert_eq!(new(&["A", "B"], 3, 7), Err(BadRoomDemand::NotWhole { numbers: 7, districts: 2, days: 3 }));
        assert_eq!(new(&["A", "A"], 3, 6), Err(BadRoomDemand::Twice { district: "A".parse().unwrap() }));
        assert_eq!(new(&[], 3, 6), Err(BadRoomDemand::Empty));
        assert_eq!(new(&["A"], 3, 0), Err(BadRoomDemand::Empty));
    }

    #[test]
    fn a_stored_matrix_is_checked_again() {
        let made = RoomDemand::new(RoomMeasure::InUse, places(&["A"]), 2, vec![1, 2, 3, 4], Origin::Derived).unwrap();
        assert_eq!(made.rooms(1, 0, 1), Some(4));
        assert_eq!(made.rooms(1, 1, 1), None);
        let text = serde_json::to_string(&made.clone().flagged()).unwrap();
        assert_eq!(serde_json::from_str::<RoomDemand>(&text).unwrap(), made.flagged());
        assert!(serde_json::from_str::<RoomDemand>(&text.replace("[1,2,3,4]", "[1,2,3]")).is_err());
    }

    #[test]
    fn a_probability_that_means_nothing_promises_nothing() {
        assert_eq!(draws_allowed(f64::NAN, 1000), None);
        assert_eq!(draws_allowed(-1.0, 1000), None);
        assert_eq!(draws_allowed(7.0, 1000), Some(1000));
        assert_eq!(draws_allowed(0.05, 0), None);
    }
}
