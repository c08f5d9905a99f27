//! Full-day counts of each place on one calendar of days, ending with the origin. Days without a count stay `None`.

use crate::answer::{Flag, WhyUnknown};
use crate::completeness::Completeness;
use crate::config::Config;
use crate::quantile;
use crate::vintage::{OutlookRefusal, Series, Vintage};
use jiff::ToSpan;
use jiff::civil::Date;
use levee_model::provenance::Origin;
use std::collections::BTreeMap;

/// The days that are read: index 0 is `first`, the last index is the origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    pub(crate) first: Date,
    pub(crate) days: usize,
}

impl Calendar {
    /// From the earliest full day, but no more than `history_days`. A vintage without a full day has the origin alone.
    pub(crate) fn of(vintage: &Vintage, config: &Config) -> Result<Self, OutlookRefusal> {
        let origin = vintage.origin;
        let all = vintage.series.iter().flat_map(|s| &s.observations);
        let earliest = all.filter_map(|o| o.period.full_day()).min().unwrap_or(origin);
        let back = days_between(earliest, origin).min(i64::from(config.history_days) - 1);
        let first = origin
            .checked_sub(back.days())
            .map_err(|_| OutlookRefusal::OutOfCalendar { origin, days: config.horizon_days })?;
        Ok(Self { first, days: usize::try_from(back).unwrap_or(0) + 1 })
    }

    fn day(&self, index: usize) -> Date {
        i64::try_from(index).ok().and_then(|i| self.first.checked_add(i.days()).ok()).unwrap_or(Date::MAX)
    }

    fn index(&self, day: Date) -> Option<usize> {
        usize::try_from(days_between(self.first, day)).ok().filter(|i| *i < self.days)
    }
}

/// Whole days from `from` to `to`; negative if `to` is earlier.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The full-day counts of one place.
#[derive(Clone, Debug)]
pub(crate) struct Daily {
    /// Counts by day of the calendar, young days completed by what usually still comes in. `None` as long as too little of a
    /// day is known.
    pub(crate) counts: Vec<Option<f64>>,
    /// The same as they were reported.
    pub(crate) reported: Vec<Option<f64>>,
    /// Share of each day's final count that is usually known by now, above 0 to 1.
    pub(crate) reported_share: Vec<f64>,
    /// ln(1 + count).
    pub(crate) logs: Vec<Option<f64>>,
    /// Community cases by day.
    pub(crate) community: Vec<Option<f64>>,
    /// Residents.
    pub(crate) population: Option<f64>,
    /// Index of the newest day with a count.
    pub(crate) newest: Option<usize>,
    /// What is odd about them.
    pub(crate) flags: Vec<Flag>,
    /// Whether the newest day is more than ten times off the days before it.
    pub(crate) jumped: bool,
}

/// Beyond this factor between the newest day and the week before, half of the paths disbelieve the newest day. The largest
/// such factors of the city series are 7.3 (Shanghai, to 15 May 2022) and 7.4 (Chongqing, 15 October to 12 December 2022).
const JUMP: f64 = 10.0;
/// A day of which usually less than this share is known by now says nothing about its level. Judgement: at a third, an
/// error of one in ten in the share moves the completed count by three in ten.
const LEAST_SHARE: f64 = 0.3;
/// Completions by less than this are rounding, not worth a word to the reader.
const WHOLE_SHARE: f64 = 0.99;
/// Days of the window in which gaps and double counts are counted.
const FLAG_WINDOW: usize = 28;

impl Daily {
    pub(crate) fn of(series: &Series, calendar: &Calendar, completeness: &Completeness) -> Self {
        let mut chosen = BTreeMap::new();
        let (mut two_counts, mut synthetic) = (0u32, false);
        for observation in &series.observations {
            let Some(i) = observation.period.full_day().and_then(|day| calendar.index(day)) else { continue };
            synthetic |= observation.origin == Origin::Synthetic;
            match chosen.get(&i) {
                None => {
                    chosen.insert(i, *observation);
                }
                Some(old) => {
                    two_counts += u32::from(old.new_infections != observation.new_infections);
                    if old.may_count_twice || !observation.may_count_twice {
                        chosen.insert(i, *observation);
                    }
                }
            }
        }
        let day = |i| chosen.get(&i);
        let reported: Vec<Option<f64>> =
            (0..calendar.days).map(|i| Some(day(i)?.new_infections.get() as f64)).collect();
        let reported_share: Vec<f64> = (0..calendar.days).map(|i| completeness.share(calendar.day(i))).collect();
        let counts: Vec<Option<f64>> = reported
            .iter()
            .zip(&reported_share)
            .map(|(count, share)| count.filter(|_| *share >= LEAST_SHARE).map(|count| count / share))
            .collect();
        let community = (0..calendar.days).map(|i| Some(day(i)?.community?.get() as f64)).collect();
        let mut this = Self {
            logs: counts.iter().map(|c| c.map(f64::ln_1p)).collect(),
            newest: counts.iter().rposition(Option::is_some),
            counts,
            reported,
            reported_share,
            community,
            population: series.population.map(|p| p.get() as f64),
            flags: Vec::new(),
            jumped: false,
        };
        let young = || this.reported.iter().zip(&this.reported_share).filter(|(c, s)| c.is_some() && **s < WHOLE_SHARE);
        if young().next().is_some() {
            let days = u32::try_from(young().count()).unwrap_or(u32::MAX);
            let least_share = young().map(|(_, share)| *share).fold(1.0, f64::min);
            this.flags.push(Flag::Completed { days, least_share });
        }
        if two_counts > 0 {
            this.flags.push(Flag::TwoCounts { days: two_counts });
        }
        if synthetic {
            this.flags.push(Flag::Synthetic);
        }
        let recent = calendar.days.saturating_sub(FLAG_WINDOW);
        let doubtful = chosen.range(recent..).filter(|(_, o)| o.may_count_twice).count();
        if doubtful > 0 {
            this.flags.push(Flag::MayCountTwice { days: u32::try_from(doubtful).unwrap_or(u32::MAX) });
        }
        this.look_for_oddities(calendar);
        this
    }

    fn look_for_oddities(&mut self, calendar: &Calendar) {
        let Some(newest) = self.newest else { return };
        let age = calendar.days - 1 - newest;
        if age > 0 {
            self.flags.push(Flag::Stale { days: u32::try_from(age).unwrap_or(u32::MAX) });
        }
        let oldest = self.counts.iter().position(Option::is_some).unwrap_or(newest);
        let from = oldest.max(newest.saturating_sub(FLAG_WINDOW - 1));
        let missing = self.counts.get(from..newest).unwrap_or(&[]).iter().filter(|c| c.is_none()).count();
        if missing > 0 {
            self.flags.push(Flag::Gaps { missing_days: u32::try_from(missing).unwrap_or(u32::MAX) });
        }
        let total: f64 = self.counts.iter().flatten().sum();
        if total <= 0.0 {
            self.flags.push(Flag::NoCases);
        }
        if self.population.is_some_and(|p| total > p) {
            self.flags.push(Flag::MoreThanPopulation);
        }
        let mut before: Vec<f64> =
            self.logs.get(newest.saturating_sub(7)..newest).unwrap_or(&[]).iter().flatten().copied().collect();
        if let (Some(last), Some(usual)) = (self.logs.get(newest).copied().flatten(), quantile::median(&mut before)) {
            let change = last - usual;
            if change.abs() > JUMP.ln() && last.max(usual) > 21f64.ln() {
                self.jumped = true;
                self.flags.push(Flag::Jump { factor: change.exp() });
            }
        }
    }

    /// Full days with a count among the last `window`.
    pub(crate) fn known_within(&self, window: u32) -> u32 {
        let from = self.counts.len().saturating_sub(window as usize);
        let known = self.counts.get(from..).unwrap_or(&[]).iter().flatten().count();
        u32::try_from(known).unwrap_or(u32::MAX)
    }

    /// Whether the series can be forecast from itself, or why not.
    pub(crate) fn usable(&self, calendar: &Calendar, config: &Config) -> Result<usize, WhyUnknown> {
        let newest = self.newest.ok_or(WhyUnknown::NoReports)?;
        let age = calendar.days - 1 - newest;
        if age > config.max_age_days as usize {
            let newest = i64::try_from(newest).unwrap_or(0);
            let day = calendar.first.checked_add(newest.days()).unwrap_or(calendar.first);
            return Err(WhyUnknown::TooOld { newest: day, allowed: config.max_age_days });
        }
        let have = self.known_within(config.own_window_days);
        if have < config.own_min_days {
            let (need, window) = (config.own_min_days, config.own_window_days);
            return Err(WhyUnknown::TooFewDays { have, need, window });
        }
        Ok(newest)
    }
}
