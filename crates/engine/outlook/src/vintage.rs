//! What the outlook may read: daily counts as they were known on one day.

use crate::completeness::Completeness;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;

/// The counts of a city as known at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Vintage {
    /// The last full civil day that could be known. Forecasts begin on the day after it.
    pub origin: Date,
    /// The city's code. Every other series is a district of it.
    pub city: PlaceCode,
    /// One series for each place, in the order of the answer. The city's own may be missing.
    pub series: Vec<Series>,
    /// How much of a young day's count is usually known by now, learnt from how earlier days were completed.
    pub completeness: Completeness,
}

/// The counts of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The city or a district. Units listed apart from a district have been added to it by the caller.
    pub place: PlaceCode,
    /// Residents; no path infects more of them than there are. `None` = not known, then nothing caps a path.
    pub population: Option<Persons>,
    /// In any order. Days without an observation are unknown, never zero.
    pub observations: Vec<Observation>,
}

/// One count for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// A full civil day, or a part of one. A part of a day informs a district's share of the city, never a level.
    pub period: Period,
    /// New infections, conversions not counted again.
    pub new_infections: Persons,
    /// Of these, found in the community; `None` = not stated.
    pub community: Option<Persons>,
    /// What the count rests on.
    pub origin: Origin,
    /// Whether conversions were not stated, so that people may be in it twice.
    pub may_count_twice: bool,
}

/// Why there is no outlook at all. A single series that cannot be forecast is not a refusal: see `Standing::Unknown`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutlookRefusal {
    /// No series, or none with an observation.
    #[error("no count is known up to {origin}, so nothing can be forecast from it")]
    Empty {
        /// The origin day.
        origin: Date,
    },
    /// An observation ends after the origin day: the caller let the future in.
    #[error("`{place}` has a count for {period}, which ends after the origin day {origin}")]
    AfterOrigin {
        /// Whose.
        place: PlaceCode,
        /// The period.
        period: Period,
        /// The origin day.
        origin: Date,
    },
    /// Two series for one place.
    #[error("`{place}` has two series")]
    Twice {
        /// The place.
        place: PlaceCode,
    },
    /// A setting outside its range.
    #[error("setting `{setting}` is {given}, which is outside {allowed}")]
    Setting {
        /// Its name in `Config`.
        setting: &'static str,
        /// What was given.
        given: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The horizon runs past the last day of the calendar.
    #[error("{days} days after {origin} is no day of the calendar")]
    OutOfCalendar {
        /// The origin day.
        origin: Date,
        /// Days asked for.
        days: u32,
    },
}

impl OutlookRefusal {
    /// What whoever asked can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty { .. } => {
                "import full-day counts of the city or its districts known by that day, or choose a later origin".into()
            }
            Self::AfterOrigin { origin, .. } => {
                format!("keep only periods that end by 24:00 on {origin}, or choose a later origin")
            }
            Self::Twice { .. } => "join the two lists; of two figures for one day keep the newest known".into(),
            Self::Setting { allowed, .. } => format!("choose a value in {allowed}"),
            Self::OutOfCalendar { .. } => "choose an earlier origin or fewer days".into(),
        }
    }
}
