//! A forecast for one place and day, beside what came.

use super::outcomes::Outcomes;
use crate::day::ArchivedOutlook;
use jiff::civil::Date;
use levee_outlook::LEVELS;
use levee_outlook::score::{Judged, pit_numbers};

/// Whose forecast it was, and what it rested on. City and districts are never averaged together: the same people are in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The city's.
    City,
    /// A district's, from its own days.
    District,
    /// A district's, as its share of the city's.
    Borrowed,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// So many persons.
    Known(u64),
    /// The day lies after the newest that was known.
    Pending,
    /// Later days were known, this one was not: nobody reported it.
    NotReported,
}

/// A forecast beside what came.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired<'a> {
    /// The outlook that holds it.
    pub outlook: &'a ArchivedOutlook,
    /// The place's code.
    pub place: &'a str,
    /// Whose.
    pub whose: Whose,
    /// The day that was forecast.
    pub day: Date,
    /// Days after the last full day that the outlook knew: 1, 2, ….
    pub ahead: u32,
    /// The forecast, persons.
    pub quantiles: [f64; LEVELS],
    /// The baseline's, archived with it.
    pub baseline: Option<[f64; LEVELS]>,
    /// Its number for the randomised transform.
    pub uniform: f64,
    /// What came.
    pub came: Came,
}

/// All forecasts of an outlook, in its order. Places without a forecast have none.
pub fn pairs<'a>(outlook: &'a ArchivedOutlook, city: &str, outcomes: &Outcomes) -> Vec<Paired<'a>> {
    // Days since 1970 name the outlook: there is one scored outlook a day.
    let days = outlook.day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    let forecast = u32::try_from(days).unwrap_or(0);
    let mut all = Vec::new();
    for (nth, series) in (0u16..).zip(&outlook.series) {
        let whose = match (series.place.as_str() == city, series.standing.as_str()) {
            (true, _) => Whose::City,
            (false, "borrowed") => Whose::Borrowed,
            (false, _) => Whose::District,
        };
        let rows = series.quantiles.iter().zip(1u32..).zip(pit_numbers(outlook.seed, forecast, nth));
        for ((row, ahead), uniform) in rows {
            let Ok(day) = outlook.origin.checked_add(jiff::Span::new().days(i64::from(ahead))) else { break };
            let Ok(quantiles) = row.as_slice().try_into() else { continue };
            let nth_day = usize::try_from(ahead).unwrap_or(0).saturating_sub(1);
            all.push(Paired {
                outlook,
                place: &series.place,
                whose,
                day,
                ahead,
                quantiles,
                baseline: series.baseline.get(nth_day).and_then(|row| row.as_slice().try_into().ok()),
                uniform,
                came: match outcomes.at(&series.place, day) {
                    Some(came) => Came::Known(came),
                    None if outcomes.newest().is_some_and(|newest| day <= newest) => Came::NotReported,
                    None => Came::Pending,
                },
            });
        }
    }
    all
}

/// What the scores ask for; `None` while nothing is known to have come.
pub fn judged<'a>(pair: &'a Paired<'_>) -> Option<Judged<'a>> {
    let Came::Known(came) = pair.came else { return None };
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let observed = came as f64;
    Some(Judged { quantiles: &pair.quantiles, observed, baseline: pair.baseline.as_ref(), uniform: pair.uniform })
}
