//! Settings of the outlook. Each says its unit and why this number.

use crate::answer::Member;
use crate::ensemble::Prior;
use crate::generation::Generation;
use crate::vintage::OutlookRefusal;
use levee_model::quantity::Persons;
use std::sync::Arc;

/// How to forecast. `Config::default()` is what was measured in `bench/results/outlook-city.md`.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Days to forecast after the origin day, 1 to 56. 28: what the plan and the brief look ahead.
    pub horizon_days: u32,
    /// Joint futures, 100 to 20,000. 1,000 put about 10 paths beyond the outermost quantile levels (0.01, 0.99).
    pub paths: u32,
    /// Seed of the paths. The same seed, vintage and build give the same bytes.
    pub seed: u64,
    /// What other places' outbreaks taught; `None` = the table that the engine was built with.
    pub prior: Option<Arc<Prior>>,
    /// Dates of rows that the prior weighs in the pooled ridge, 1 to 10,000. 200: it moves little. Measured, with the
    /// other settings below, in `bench/results/outlook-city.md`.
    pub pooled_dates: f64,
    /// The same in the learning ridge. 20: after a month the city is heard as much as all others.
    pub learning_dates: f64,
    /// The same for the spread of errors.
    pub spread_dates: f64,
    /// Days after which a row weighs half as much, 1 to 365.
    pub learning_half_life_days: f64,
    /// Weight of the local line among the members, 0 to 1; the two ridges share the rest. 0.3: without it rises that last
    /// are forecast too low, with more of it peaks are overshot.
    pub trend_share: f64,
    /// Factor on the distance of all quantiles from the median, 0.5 to 2, for 14 days; from there it goes back to 1 by the
    /// 28th. Averages of quantiles of members that err alike are wider than their errors; chosen for 80 % intervals that
    /// hold 80 % in Shanghai's districts. Too narrow in provinces whose outbreaks were new.
    pub narrowing: f64,
    /// How far districts' growth and age are drawn to the city's, 0 (own alone) to 1. .3 to .7 scored alike.
    pub city_pull: f64,
    /// Days after which a day's count weighs half in the local line, 1 to 28.
    pub trend_half_life_days: f64,
    /// What is left of a rising rate of the local line after one more day, 0 to 1. 0.85 is 0.3 a week: people and cities
    /// react to a rise.
    pub damping_rise_per_day: f64,
    /// What is left of a falling rate after one more day, 0 to 1. Nearly all of it: what brought the fall about is kept up
    /// until it has done its work.
    pub damping_fall_per_day: f64,
    /// Days of counts before the origin that are read at all, 28 to 400. 120: older errors are next to never drawn.
    pub history_days: u32,
    /// A district's growth differs from the city's by about this much per day (standard deviation, log scale). Judgement;
    /// 0.03 scored alike.
    pub growth_between_districts: f64,
    /// Full days that a series needs within the last `own_window_days` to be forecast from itself.
    pub own_min_days: u32,
    /// See `own_min_days`.
    pub own_window_days: u32,
    /// The newest full day may be this old. Beyond it the series is unknown (city) or borrows from the city (district).
    pub max_age_days: u32,
    /// A list of districts older than this says nothing any more about shares.
    pub list_max_age_days: u32,
    /// How far a district's share of the city drifts in a day: standard deviation of its logarithm per square root of days.
    /// 0.19: for Shanghai's 16 districts, 18 March to 15 May 2022, days with 20 cases or more, the mean square change of the
    /// logarithm of the share is about 0.29 + 0.036 per day of lag (lags of 1 to 21 days).
    pub share_drift_per_day: f64,
    /// 7-day community cases at or below which community spread counts as ended. No default: it is policy, so the
    /// caller names it; `None` = not asked.
    pub community_threshold: Option<Persons>,
    /// Gives the end of community spread although its interval failed its trial (see `CommunityUnknown::Unproven`). For
    /// analysts who work on it; off, so that nobody plans by it.
    pub unproven_community_end: bool,
    /// Fits the renewal model for R and the nowcast. No path depends on it; off where only paths are wanted.
    pub reproduction: bool,
    /// The generation interval that R rests on; `None` = [`Generation::cited_default`]. No path depends on it.
    pub generation: Option<Generation>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            horizon_days: 28,
            paths: 1000,
            seed: 0,
            prior: None,
            pooled_dates: 200.0,
            learning_dates: 20.0,
            spread_dates: 30.0,
            learning_half_life_days: 28.0,
            trend_share: 0.3,
            narrowing: 0.75,
            city_pull: 0.5,
            trend_half_life_days: 3.0,
            damping_rise_per_day: 0.85,
            damping_fall_per_day: 0.985,
            history_days: 120,
            growth_between_districts: 0.05,
            own_min_days: 10,
            own_window_days: 21,
            max_age_days: 14,
            list_max_age_days: 28,
            share_drift_per_day: 0.19,
            community_threshold: None,
            unproven_community_end: false,
            reproduction: true,
            generation: None,
        }
    }
}

impl Config {
    /// What is left of `slope` after one more day.
    pub(crate) fn damping(&self, slope: f64) -> f64 {
        if slope > 0.0 { self.damping_rise_per_day } else { self.damping_fall_per_day }
    }

    /// The members and their weights, which add up to 1.
    pub(crate) fn members(&self) -> Vec<(Member, f64)> {
        let ridges = 0.5 * (1.0 - self.trend_share);
        vec![(Member::Pooled, ridges), (Member::Learning, ridges), (Member::Trend, self.trend_share)]
    }

    /// Refuses a setting outside its range.
    pub(crate) fn check(&self) -> Result<(), OutlookRefusal> {
        whole("horizon_days", self.horizon_days, 1..=56, "1 to 56")?;
        whole("paths", self.paths, 100..=20_000, "100 to 20000")?;
        whole("history_days", self.history_days, 28..=400, "28 to 400")?;
        whole("own_min_days", self.own_min_days, 3..=100, "3 to 100")?;
        whole("own_window_days", self.own_window_days, 7..=100, "7 to 100")?;
        whole("max_age_days", self.max_age_days, 0..=28, "0 to 28")?;
        whole("list_max_age_days", self.list_max_age_days, 0..=100, "0 to 100")?;
        real("pooled_dates", self.pooled_dates, 1.0..=10_000.0, "1 to 10000")?;
        real("learning_dates", self.learning_dates, 1.0..=10_000.0, "1 to 10000")?;
        real("spread_dates", self.spread_dates, 1.0..=10_000.0, "1 to 10000")?;
        real("learning_half_life_days", self.learning_half_life_days, 1.0..=365.0, "1 to 365")?;
        real("trend_share", self.trend_share, 0.0..=1.0, "0 to 1")?;
        real("narrowing", self.narrowing, 0.5..=2.0, "0.5 to 2")?;
        real("city_pull", self.city_pull, 0.0..=1.0, "0 to 1")?;
        real("trend_half_life_days", self.trend_half_life_days, 1.0..=28.0, "1 to 28")?;
        real("damping_rise_per_day", self.damping_rise_per_day, 0.0..=1.0, "0 to 1")?;
        real("damping_fall_per_day", self.damping_fall_per_day, 0.0..=1.0, "0 to 1")?;
        real("growth_between_districts", self.growth_between_districts, 1e-6..=1.0, "0.000001 to 1")?;
        real("share_drift_per_day", self.share_drift_per_day, 0.0..=1.0, "0 to 1")?;
        self.generation.as_ref().map_or(Ok(()), Generation::check)
    }
}

fn whole(
    setting: &'static str,
    given: u32,
    range: std::ops::RangeInclusive<u32>,
    allowed: &'static str,
) -> Result<(), OutlookRefusal> {
    if range.contains(&given) {
        Ok(())
    } else {
        Err(OutlookRefusal::Setting { setting, given: given.to_string(), allowed })
    }
}

/// A range never contains a NaN, so that a NaN is refused too.
pub(crate) fn real(
    setting: &'static str,
    given: f64,
    range: std::ops::RangeInclusive<f64>,
    allowed: &'static str,
) -> Result<(), OutlookRefusal> {
    if range.contains(&given) {
        Ok(())
    } else {
        Err(OutlookRefusal::Setting { setting, given: given.to_string(), allowed })
    }
}
