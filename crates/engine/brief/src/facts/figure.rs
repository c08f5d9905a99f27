//! A figure as a brief needs it: what it says, how exact it is, of when, since when known and from where; or why it is
//! not known. There is no third state: an absent figure is an unknown one, never zero.

use crate::facts::Message;
use jiff::civil::{Date, DateTime};
pub use levee_model::provenance::Origin;
pub use levee_model::report::Qualifier;
use levee_model::time::Period;
use serde::{Deserialize, Serialize};

/// The time that a figure speaks of, in the city's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOf {
    /// One full civil day.
    Day(Date),
    /// A period, often a part of a day.
    Period(Period),
    /// A moment.
    Moment(DateTime),
}

/// A figure that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known<T> {
    /// The figure. Its unit is named where the figure stands.
    pub value: T,
    /// How exact it is.
    pub qualifier: Qualifier,
    /// What it rests on; synthetic figures get the S mark wherever they are shown.
    pub origin: Origin,
    /// The time it speaks of; `None` where the row it stands in says so already.
    pub as_of: Option<AsOf>,
    /// When the city received it, in the city's calendar.
    pub known_at: Option<DateTime>,
    /// Hours from the end of what it speaks of to the moment of the brief.
    pub age_hours: Option<f64>,
    /// Ids of the sources it comes from, keys of [`crate::facts::BriefFacts::sources`].
    pub sources: Vec<String>,
    /// How it was arrived at, where that is not plain: may count twice, computed from a share, …
    pub basis: Option<Message>,
}

/// A figure that is not known, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unknown<T> {
    /// Why: never reported, not yet due, too old to be used, the district's population is not known, …
    pub reason: Message,
    /// The last figure that was known, if there was one; shown as old, never used as if it were new.
    pub last: Option<Box<Known<T>>>,
}

/// A figure or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Figure<T> {
    /// It is known.
    Known(Known<T>),
    /// It is not.
    Unknown(Unknown<T>),
}

impl<T> Figure<T> {
    /// An exact figure of this origin, with nothing else said about it yet.
    pub fn known(value: T, origin: Origin) -> Self {
        Self::Known(Known {
            value,
            qualifier: Qualifier::Exact,
            origin,
            as_of: None,
            known_at: None,
            age_hours: None,
            sources: Vec::new(),
            basis: None,
        })
    }
    /// An exact figure that somebody reported.
    pub fn reported(value: T) -> Self {
        Self::known(value, Origin::Reported)
    }
    /// A figure computed from reported ones.
    pub fn derived(value: T) -> Self {
        Self::known(value, Origin::Derived)
    }
    /// A figure that rests on invented rows.
    pub fn synthetic(value: T) -> Self {
        Self::known(value, Origin::Synthetic)
    }
    /// Not known, for this reason.
    pub fn unknown(reason: Message) -> Self {
        Self::Unknown(Unknown { reason, last: None })
    }
    /// Nobody has ever reported it.
    pub fn never_reported() -> Self {
        Self::unknown(Message::new("never_reported"))
    }
    /// The same figure, of this time.
    #[must_use]
    pub fn of(mut self, as_of: AsOf) -> Self {
        if let Self::Known(known) = &mut self {
            known.as_of = Some(as_of);
        }
        self
    }
    /// The same figure, known since `at` and `age_hours` old.
    #[must_use]
    pub fn since(mut self, at: DateTime, age_hours: f64) -> Self {
        if let Self::Known(known) = &mut self {
            (known.known_at, known.age_hours) = (Some(at), Some(age_hours));
        }
        self
    }
    /// The same figure with these sources.
    #[must_use]
    pub fn from_sources<S: Into<String>>(mut self, sources: impl IntoIterator<Item = S>) -> Self {
        if let Self::Known(known) = &mut self {
            known.sources = sources.into_iter().map(Into::into).collect();
        }
        self
    }
    /// The same figure with this qualifier.
    #[must_use]
    pub fn qualified(mut self, qualifier: Qualifier) -> Self {
        if let Self::Known(known) = &mut self {
            known.qualifier = qualifier;
        }
        self
    }
    /// The known figure, if it is one.
    pub fn as_known(&self) -> Option<&Known<T>> {
        match self {
            Self::Known(known) => Some(known),
            Self::Unknown(_) => None,
        }
    }
    /// The value, if it is known, however exact.
    pub fn value(&self) -> Option<&T> {
        self.as_known().map(|known| &known.value)
    }
    /// Why it is not known, if it is not.
    pub fn reason(&self) -> Option<&Message> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(unknown) => Some(&unknown.reason),
        }
    }
    /// Whether it rests on invented rows.
    pub fn is_synthetic(&self) -> bool {
        self.as_known().is_some_and(|known| known.origin == Origin::Synthetic)
    }
}

/// An estimate with its interval. A median without its band is a defect, so there is no other way to write one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The median.
    pub median: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Width of the interval, percent: 80 or 95.
    pub interval_pct: u8,
}

/// An estimated date with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateEstimate {
    /// The median.
    pub median: Date,
    /// Lower end of the interval.
    pub low: Date,
    /// Upper end of the interval; `None` = beyond the horizon.
    pub high: Option<Date>,
    /// Width of the interval, percent.
    pub interval_pct: u8,
}
