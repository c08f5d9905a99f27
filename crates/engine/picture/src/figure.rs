//! A figure with its age and source, or the reason why there is none.

use jiff::Timestamp;
use jiff::civil::DateTime;
use levee_model::ids::OfficeId;
use levee_model::provenance::{Origin, Provenance};
use levee_model::report::{Basis, Qualifier};
use levee_model::time::Period;

/// A known figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure<T> {
    /// The figure.
    pub value: T,
    /// How exact it is.
    pub qualifier: Qualifier,
    /// What it rests on.
    pub origin: Origin,
    /// The period it counts, if it is a count over time.
    pub period: Option<Period>,
    /// The end of what it speaks of.
    pub as_of: DateTime,
    /// Hours from `as_of` to the moment of the picture.
    pub age_hours: f64,
    /// When the city received it.
    pub known_at: Timestamp,
    /// Who says so.
    pub offices: Vec<OfficeId>,
    /// Where it is said.
    pub sources: Vec<String>,
    /// How a number of new infections came about.
    pub basis: Option<Basis>,
}

/// Why a figure is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nobody has ever reported it.
    NeverReported,
    /// Nobody has reported it for this day.
    NotReportedForDay,
    /// It is not published yet at this moment.
    NotYetKnown,
    /// A part of it was reported, but not the whole.
    OnlyInPart,
    /// The number of residents is not known.
    PopulationUnknown,
    /// One of the figures it would be computed from is not known.
    PartUnknown,
}

/// A figure, or why there is none. There is no third state.
#[derive(Clone, Debug, PartialEq)]
pub enum Known<T> {
    /// Known.
    Known(Figure<T>),
    /// Not known.
    Unknown(Why),
}

impl<T> Known<T> {
    /// The figure, if it is known.
    pub fn figure(&self) -> Option<&Figure<T>> {
        match self {
            Self::Known(figure) => Some(figure),
            Self::Unknown(_) => None,
        }
    }
    /// The value, if it is known.
    pub fn value(&self) -> Option<&T> {
        self.figure().map(|figure| &figure.value)
    }
}

/// Hours from `then` to `now` in the city's calendar; negative when `then` lies ahead.
pub(crate) fn hours_between(then: DateTime, now: DateTime) -> f64 {
    now.duration_since(then).as_secs_f64() / 3600.0
}

impl<T> Figure<T> {
    /// A figure stated by one row, about `as_of`.
    pub(crate) fn stated(value: T, provenance: &Provenance, as_of: DateTime, now: DateTime) -> Self {
        Self {
            value,
            qualifier: Qualifier::Exact,
            origin: provenance.origin,
            period: None,
            as_of,
            age_hours: hours_between(as_of, now),
            known_at: provenance.known_at,
            offices: vec![provenance.office.clone()],
            sources: provenance.source.split('+').map(str::to_owned).collect(),
            basis: None,
        }
    }

    /// A figure computed from this one and others: the oldest, the worst origin and the latest receipt stand.
    pub(crate) fn computed<U>(&self, value: U) -> Figure<U> {
        Figure {
            value,
            qualifier: self.qualifier,
            origin: self.origin.and(Origin::Derived),
            period: self.period,
            as_of: self.as_of,
            age_hours: self.age_hours,
            known_at: self.known_at,
            offices: self.offices.clone(),
            sources: self.sources.clone(),
            basis: self.basis,
        }
    }

    /// Takes up the provenance of another figure that this one was computed from.
    pub(crate) fn also_from<U>(&mut self, other: &Figure<U>) {
        self.origin = self.origin.and(other.origin);
        self.known_at = self.known_at.max(other.known_at);
        if other.as_of < self.as_of {
            self.as_of = other.as_of;
            self.age_hours = other.age_hours;
        }
        if other.qualifier != Qualifier::Exact {
            self.qualifier = other.qualifier;
        }
        self.basis = self.basis.max(other.basis);
        for office in &other.offices {
            if !self.offices.contains(office) {
                self.offices.push(office.clone());
            }
        }
        for source in &other.sources {
            if !self.sources.contains(source) {
                self.sources.push(source.clone());
            }
        }
    }
}
