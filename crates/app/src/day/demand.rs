//! Demand of a day: the outlook's paths, the city's parameters and what is reported of people in care, put together.

use super::known::KnownCity;
use super::{Why, vintage};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use levee_model::facility::{CapacityUnit, Level};
use levee_outlook::demand::{Assumptions, Demand, InCare, demand};
use levee_outlook::{Completeness, Outlook};
use levee_picture::Picture;

/// Reports of people in care count for the first day forecast if they speak of the 24 hours before it.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// Demand of the day; or why it could not be computed.
pub(super) fn of(
    known: &KnownCity,
    picture: &Picture,
    completeness: &Completeness,
    outlook: &Outlook,
    seed: u64,
) -> Result<Demand, Why> {
    let vintage = vintage::vintage(picture, &known.places, outlook.origin, completeness.clone());
    let assumptions = Assumptions::read(&known.parameters, outlook.first_day);
    let starts = outlook.first_day.to_datetime(jiff::civil::Time::midnight());
    demand(&vintage, outlook, &in_care(picture, starts), &assumptions, seed)
        .map_err(|why| Why::new(format!("需求未能测算（{why}）"), why.to_string()))
}

/// What is reported of people in care when the first day forecast begins.
fn in_care(picture: &Picture, starts: DateTime) -> InCare {
    let recent = |at: DateTime| at <= starts && starts.duration_since(at) <= RECENT;
    let care = &picture.care;
    // Beds in use of a level, if every facility that offers it has said how many.
    let beds = |level: Level| -> Option<u64> {
        let mut rows = care.facilities.iter().filter(|row| row.level == level).peekable();
        rows.peek()?;
        rows.map(|row| {
            let status = row.status.as_ref().filter(|s| s.unit == CapacityUnit::Beds && recent(s.at))?;
            status.occupied
        })
        .sum()
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of people from a checked table"
    )]
    let whole = |value: f64| value.max(0.0).round() as u64;
    let stated = |kind: &str| care.latest(kind).filter(|figure| recent(figure.as_of)).map(|figure| whole(figure.value));
    let total = care
        .in_care
        .figure()
        .filter(|figure| recent(figure.as_of) && figure.qualifier == levee_model::report::Qualifier::Exact);
    InCare {
        by_level: [
            beds(Level::Makeshift),
            beds(Level::General),
            beds(Level::Severe).or_else(|| stated("patients_severe")),
            beds(Level::Critical).or_else(|| stated("patients_critical")),
        ],
        total: total.map(|figure| whole(figure.value)),
    }
}
