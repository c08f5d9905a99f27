//! Reproduction number and nowcast of each place by the renewal model ([`crate::renewal`]).
//!
//! Two fits: one of all districts that are forecast from themselves, one of the city's own series (or the districts' sum). A
//! place that the model could not fit from its own counts has no R: one that is borrowed would look like knowledge.

use crate::config::Config;
use crate::daily::{Calendar, Daily};
use crate::generation::Generation;
use crate::renewal::{self, Basis, Convergence, Fit, Input, Interval, NotFitted, NowcastDay, PlaceInput, Priors};
use jiff::ToSpan;
use jiff::civil::Date;

/// Days that are fitted. Older ones say nothing of today and cost time.
const DAYS: usize = 70;
/// Days of the nowcast.
const NOWCAST: usize = 7;
/// Days of R that are told.
const TOLD: usize = 28;

/// Where the infections of a place stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Reproduction {
    /// The first day of `r`, which ends with the origin.
    pub first_day: Date,
    /// Reproduction number by day: onward infections of an infection of that day. Above 1 the outbreak grows.
    pub r: Vec<Interval>,
    /// The newest days, the last of them the origin, as their counts will stand when all is reported. Empty while every one
    /// of them is complete: then the counts say it.
    pub nowcast: Vec<NowcastDay>,
}

impl Reproduction {
    /// R on the origin day.
    pub fn newest(&self) -> Option<&Interval> {
        self.r.last()
    }
}

/// A fit of some places together, and the first day it reads.
pub(crate) struct Fitted {
    fit: Fit,
    first: usize,
    /// Whether one of the newest days is not complete.
    young: bool,
}

/// Fits places together; counts as they were reported, with the share known by now.
pub(crate) fn fit(places: &[&Daily], calendar: &Calendar, config: &Config) -> Result<Fitted, NotFitted> {
    let known = places.iter().filter_map(|d| d.reported.iter().position(Option::is_some)).min().unwrap_or(0);
    // The model wants a fortnight; leading days without any count say nothing.
    let first = known.max(calendar.days.saturating_sub(DAYS)).min(calendar.days.saturating_sub(14));
    let cut = |values: &[Option<f64>]| values.get(first..).unwrap_or(&[]).to_vec();
    let of = |daily: &&Daily| PlaceInput {
        counts: cut(&daily.reported),
        community: cut(&daily.community),
        reported_share: daily.reported_share.get(first..).unwrap_or(&[]).to_vec(),
        population: daily.population,
    };
    let offset = i64::try_from(first).unwrap_or(0);
    let weekday = calendar.first.checked_add(offset.days()).unwrap_or(calendar.first).weekday();
    let input = Input {
        first_weekday: usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0),
        days: calendar.days - first,
        places: places.iter().map(of).collect(),
        mixing: None,
        seed: config.seed,
    };
    let priors = config.generation.as_ref().map_or_else(Priors::default, Generation::priors);
    let young = |p: &PlaceInput| p.reported_share.iter().rev().take(NOWCAST).any(|share| *share < 1.0);
    Ok(Fitted { fit: renewal::fit(&input, &priors)?, first, young: input.places.iter().any(young) })
}

impl Fitted {
    /// How the fit went.
    pub(crate) fn convergence(&self) -> &Convergence {
        self.fit.convergence()
    }

    /// What is said of a place; `None` unless it was fitted from its own counts.
    pub(crate) fn of(&self, place: usize, calendar: &Calendar) -> Option<Reproduction> {
        let convergence = self.fit.convergence();
        if !convergence.converged || convergence.places.get(place) != Some(&Basis::Fitted) {
            return None;
        }
        let newest = |mut all: Vec<Interval>| all.split_off(all.len().saturating_sub(TOLD));
        let r = newest(self.fit.r(place));
        let back = i64::try_from(calendar.days - r.len().min(calendar.days - self.first)).unwrap_or(0);
        Some(Reproduction {
            first_day: calendar.first.checked_add(back.days()).unwrap_or(calendar.first),
            nowcast: if self.young { self.fit.nowcast(place, NOWCAST) } else { Vec::new() },
            r,
        })
    }
}
