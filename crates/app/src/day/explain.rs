//! Why the outlook changed against the one issued before: the earlier day's vintage, made again as it was known then.

use super::known;
use super::{ArchivedOutlook, Why, completeness, vintage};
use crate::city::AppError;
use crate::journal::Read;
use crate::settings::{Calendar, CitySettings};
use jiff::civil::Date;
use levee_outlook::explain::{Explanation, Issued, explain};
use levee_outlook::{Config, MEDIAN, Outlook, Vintage};
use levee_picture::Moment;

/// An explanation and what it is against.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The day whose outlook it is compared with.
    pub against: Date,
    /// What drove the change.
    pub explanation: Explanation,
}

/// Explains `outlook`, made from `vintage`, against what was issued as `before`.
pub(super) fn of(
    on: &dyn Read,
    (settings, calendar): (&CitySettings, &Calendar),
    before: &ArchivedOutlook,
    vintage: &Vintage,
    outlook: &Outlook,
    seed: u64,
) -> Result<Result<Explained, Why>, AppError> {
    let known = known::load(on, settings, calendar, before.day, before.as_known_at)?;
    let seen = Moment {
        outbreak_started: settings.outbreak_started,
        day: before.day,
        as_known_at: calendar.civil(before.as_known_at),
    };
    let picture = levee_picture::picture(seen, &known.places, &known.facts, &settings.preferred_offices);
    let learnt = completeness::completeness(on, calendar, before.day, before.as_known_at)?;
    let earlier = vintage::vintage(&picture, &known.places, before.origin, learnt);
    let medians = before.series.iter().filter_map(|series| {
        let medians: Option<Vec<f64>> = series.quantiles.iter().map(|row| row.get(MEDIAN).copied()).collect();
        Some((series.place.parse().ok()?, medians.filter(|m| !m.is_empty())?))
    });
    let issued =
        Issued { vintage: &earlier, engine: &before.engine, medians: medians.collect(), first_day: before.first_day };
    let config = Config { seed, ..Config::default() };
    Ok(explain(&issued, vintage, outlook, &config)
        .map(|explanation| Explained { against: before.day, explanation })
        .map_err(|why| Why::new(format!("与上期研判的变化未能说明（{why}）"), why.to_string())))
}
