//! Figures as the picture tells them: a value with its age, source and origin, or why there is none. Null is never zero.

use jiff::civil::DateTime;
use levee_model::provenance::{Origin, Provenance};
use levee_model::quantity::Persons;
use levee_model::report::{Basis, Qualifier};
use levee_picture::{Figure, Known, Why};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a figure is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "the codes of the picture")]
pub(crate) enum Unknown {
    /// Nobody has ever reported it.
    NeverReported,
    /// Nobody has reported it for this day.
    NotReportedForDay,
    /// It is not out yet at this moment.
    NotYetKnown,
    /// Only of a part of the day; see `parts`.
    OnlyInPart,
    /// The number of residents is not known.
    PopulationUnknown,
    /// One of the figures that it would be computed from is not known.
    PartUnknown,
}

impl From<Why> for Unknown {
    fn from(why: Why) -> Self {
        match why {
            Why::NeverReported => Self::NeverReported,
            Why::NotReportedForDay => Self::NotReportedForDay,
            Why::NotYetKnown => Self::NotYetKnown,
            Why::OnlyInPart => Self::OnlyInPart,
            Why::PopulationUnknown => Self::PopulationUnknown,
            Why::PartUnknown => Self::PartUnknown,
        }
    }
}

/// What a figure rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RestsOn {
    /// Somebody published or sent it.
    Reported,
    /// It follows by arithmetic from what was.
    Derived,
    /// Invented for a demonstration, a drill or a test: mark it with S wherever it is shown.
    Synthetic,
}

impl From<Origin> for RestsOn {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Reported => Self::Reported,
            Origin::Derived => Self::Derived,
            Origin::Synthetic => Self::Synthetic,
        }
    }
}

/// A period in the city's calendar, without time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Span {
    /// From.
    #[schema(value_type = String)]
    from: DateTime,
    /// To, not part of it.
    #[schema(value_type = String)]
    to: DateTime,
    /// Whether it is exactly one day.
    full_day: bool,
}

impl From<levee_model::time::Period> for Span {
    fn from(period: levee_model::time::Period) -> Self {
        Self { from: period.start(), to: period.end(), full_day: period.full_day().is_some() }
    }
}

/// Where a figure comes from and how old it is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Standing {
    /// How exact it is: `=`, `>`, `<` or `~`.
    #[schema(value_type = String)]
    qualifier: Qualifier,
    /// What it rests on.
    origin: RestsOn,
    /// The period that it counts, if it counts over time.
    period: Option<Span>,
    /// The end of what it speaks of, in the city's calendar.
    #[schema(value_type = String)]
    as_of: DateTime,
    /// Hours from then to the moment of the picture.
    age_hours: f64,
    /// When the city received it.
    #[schema(value_type = String, format = DateTime)]
    known_at: jiff::Timestamp,
    /// Who says so.
    offices: Vec<String>,
    /// Ids of the documents; see `sources`.
    sources: Vec<String>,
    /// How new infections were arrived at: `stated`, `computed`, or `may_count_twice` where conversions were not stated.
    #[schema(value_type = Option<String>)]
    basis: Option<Basis>,
}

impl<T> From<&Figure<T>> for Standing {
    fn from(figure: &Figure<T>) -> Self {
        Self {
            qualifier: figure.qualifier,
            origin: figure.origin.into(),
            period: figure.period.map(Span::from),
            as_of: figure.as_of,
            age_hours: tenths(figure.age_hours),
            known_at: figure.known_at,
            offices: figure.offices.iter().map(ToString::to_string).collect(),
            sources: figure.sources.clone(),
            basis: figure.basis,
        }
    }
}

/// Rounded to tenths: no age is known better.
pub(super) fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A count of people: a value with where it comes from, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct CountTold {
    /// Persons; null = not known, which is not zero.
    value: Option<u64>,
    /// Why it is not known.
    unknown: Option<Unknown>,
    /// Where it comes from.
    told: Option<Standing>,
}

impl From<&Known<Persons>> for CountTold {
    fn from(known: &Known<Persons>) -> Self {
        match known {
            Known::Known(figure) => Self { value: Some(figure.value.get()), unknown: None, told: Some(figure.into()) },
            Known::Unknown(why) => Self { value: None, unknown: Some((*why).into()), told: None },
        }
    }
}

/// A figure that is no whole number: a share, a rate, or what an office states in a unit of its own.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct RateTold {
    /// The value; null = not known, which is not zero.
    value: Option<f64>,
    /// Why it is not known.
    unknown: Option<Unknown>,
    /// Where it comes from.
    told: Option<Standing>,
}

impl From<&Figure<f64>> for RateTold {
    fn from(figure: &Figure<f64>) -> Self {
        // Thousandths of a percent are finer than any report.
        Self { value: Some((figure.value * 1e3).round() / 1e3), unknown: None, told: Some(figure.into()) }
    }
}

impl From<&Known<f64>> for RateTold {
    fn from(known: &Known<f64>) -> Self {
        match known {
            Known::Known(figure) => figure.into(),
            Known::Unknown(why) => Self { value: None, unknown: Some((*why).into()), told: None },
        }
    }
}

/// A report as an office sent it, for whoever looks into a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ReportTold {
    /// The place.
    pub(super) place: String,
    /// The period.
    pub(super) period: Span,
    /// The office.
    pub(super) office: String,
    /// Ids of the documents.
    pub(super) sources: Vec<String>,
    /// When the city received it.
    #[schema(value_type = String, format = DateTime)]
    pub(super) known_at: jiff::Timestamp,
    /// What it rests on.
    pub(super) origin: RestsOn,
    /// Confirmed, conversions included.
    pub(super) confirmed: Option<u64>,
    /// Asymptomatic.
    pub(super) asymptomatic: Option<u64>,
    /// Confirmed who had been counted as asymptomatic.
    pub(super) converted: Option<u64>,
    /// New infections, as stated.
    pub(super) total: Option<u64>,
    /// Found in the community.
    pub(super) community: Option<u64>,
    /// Found among people under control.
    pub(super) managed: Option<u64>,
    /// Share found in the community as stated, percent.
    pub(super) community_pct: Option<f64>,
}

impl From<&levee_model::report::InfectionReport> for ReportTold {
    fn from(report: &levee_model::report::InfectionReport) -> Self {
        let count = |persons: Option<Persons>| persons.map(Persons::get);
        let Provenance { office, source, known_at, origin, .. } = &report.provenance;
        Self {
            place: report.place.to_string(),
            period: report.period.into(),
            office: office.to_string(),
            sources: source.split('+').map(str::to_owned).collect(),
            known_at: *known_at,
            origin: (*origin).into(),
            confirmed: count(report.confirmed),
            asymptomatic: count(report.asymptomatic),
            converted: count(report.converted),
            total: count(report.total),
            community: count(report.community),
            managed: count(report.managed),
            community_pct: report.community_pct,
        }
    }
}
