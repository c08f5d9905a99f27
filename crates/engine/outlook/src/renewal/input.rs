//! What the renewal model is given, and why it may refuse.

use super::parameters::{Disease, GENERATION_MEAN};

/// Counts of all places on one calendar of days. Day 0 is the first, the last is the origin.
#[derive(Clone, Debug)]
pub struct Input {
    /// Weekday of day 0: 0 = Monday to 6 = Sunday.
    pub first_weekday: usize,
    /// Days of the calendar, 14 to [`MAX_DAYS`].
    pub days: usize,
    /// The places; each path is joint over them.
    pub places: Vec<PlaceInput>,
    /// `mixing[e][d]`: share of the infections caused by place `e` that happen in place `d`; each row adds up to 1. `None` = mostly
    /// at home, the rest spread by size ([`Priors::mixing_away`]).
    pub mixing: Option<Vec<Vec<f64>>>,
    /// Seed of the draws.
    pub seed: u64,
}

/// What is known of one place; every vector has one entry for each day.
#[derive(Clone, Debug, Default)]
pub struct PlaceInput {
    /// New cases by day of report, as known now; `None` = not reported, which is no zero.
    pub counts: Vec<Option<f64>>,
    /// Of them, found in the community; `None` = split not known.
    pub community: Vec<Option<f64>>,
    /// Share of the day's count that has been reported by now, above 0 to 1 (= complete). Empty = all complete.
    pub reported_share: Vec<f64>,
    /// Residents.
    pub population: Option<f64>,
}

/// Longest calendar that is fitted: beyond half a year old days cost time and say nothing about tomorrow.
pub const MAX_DAYS: usize = 200;
/// Most places in one fit.
pub const MAX_PLACES: usize = 500;

/// What is believed before any count is seen. Scales are standard deviations of logarithms unless said otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Priors {
    /// Generation interval and delay to report.
    pub disease: Disease,
    /// How unsure the mean generation interval is: standard deviation over the mean. Widens R; leaves paths alone.
    pub generation_unsure: f64,
    /// log R of the city at the first knot: mean 0, this spread.
    pub level_sd: f64,
    /// Weekly step of the city's log R: (median, spread of its logarithm).
    pub city_step: (f64, f64),
    /// Drift of the city's log R a week, the same all along, mean 0: estimated with the rest, and carried forward.
    pub drift_sd: f64,
    /// Weekly step of a district's deviation: (median, spread of its logarithm).
    pub district_step: (f64, f64),
    /// What is left of a district's deviation after a week, 0 to 1.
    pub district_keeps: f64,
    /// Size of the negative binomial counts: (median, spread of its logarithm).
    pub size: (f64, f64),
    /// Effect of a weekday.
    pub weekday_sd: f64,
    /// What is left of the city's slope of log R (the newest beyond its drift) after a week of forecast, 0 to 1.
    pub slope_keeps: f64,
    /// What is left of the city's log R after a week of forecast while it is above 0: people and cities react to a rise.
    pub rise_keeps: f64,
    /// The same while it is below 0: what brought the fall about is mostly kept up.
    pub fall_keeps: f64,
    /// Weekly steps ahead over those behind, 0 to 2.
    pub step_ahead: f64,
    /// Share of infections that a place causes elsewhere, when no mixing is given.
    pub mixing_away: f64,
    /// How tight isolation is: share of onward infections that a managed infection does not cause. 0 = the split is not used.
    pub managed_effect: f64,
}

impl Default for Priors {
    /// Judgement, where nothing else is said in `docs/design/outlook.md`.
    fn default() -> Self {
        Self {
            disease: Disease::omicron(),
            generation_unsure: GENERATION_MEAN.unsure(),
            level_sd: 0.3,
            city_step: (0.12, 0.7),
            drift_sd: 0.2,
            district_step: (0.06, 0.7),
            district_keeps: 0.9,
            size: (15.0, 1.0),
            weekday_sd: 0.15,
            slope_keeps: 0.0,
            rise_keeps: 0.2,
            fall_keeps: 1.0,
            step_ahead: 1.0,
            mixing_away: 0.05,
            managed_effect: 0.0,
        }
    }
}

/// Why nothing could be fitted at all. A single bad place is no reason: it falls back, see [`super::Basis`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotFitted {
    /// Too few or too many days or places.
    #[error("{what}: {given}; the renewal model takes {allowed}")]
    Size {
        /// What is out of range.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many it takes.
        allowed: String,
    },
    /// A vector that does not have one entry for each day (or a row of mixing not one for each place). A vector of reported
    /// shares longer than the data would silently be read from the wrong end.
    #[error("place {place}: {what} has {given} entries for {expected}; give one for each")]
    Shape {
        /// Number of the place.
        place: usize,
        /// Which vector.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A number that cannot be: not finite, negative, a share outside its range.
    #[error("place {place}, day {day}: {what} is {given}, expected {allowed}")]
    Number {
        /// Number of the place.
        place: usize,
        /// Day of the calendar.
        day: usize,
        /// What it is.
        what: &'static str,
        /// What was given.
        given: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A prior outside its range.
    #[error("prior `{prior}` is {given}, expected {allowed}")]
    Prior {
        /// Its name.
        prior: &'static str,
        /// What was given.
        given: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// No place has enough days with counts.
    #[error("no place has {need} days with counts: nothing to fit")]
    Nothing {
        /// Days that one place needs.
        need: usize,
    },
    /// The shared parameters did not converge; use a simpler model.
    #[error("the fit stopped after {iterations} steps with Newton decrement {decrement:e}: use a simpler model")]
    NotConverged {
        /// Steps taken.
        iterations: u32,
        /// gᵀH⁻¹g, squared posterior standard deviations.
        decrement: f64,
    },
}
