//! What the brief says about its figures: the lead, the four facts, the title of every part.
//!
//! Each is composed from rules and figures, never judged: a sentence that has no figure behind it is not written. The
//! thresholds stand in [`Thresholds`] with the reason for each.

mod lead;
mod points;
mod titles;
pub mod trend;
pub(crate) use titles::FIRST_SHEET_DAYS;

use crate::facts::{Arg, BriefFacts, Figure, Known, Message, Qualifier};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sentence that the brief composed, by code and arguments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it says.
    pub message: Message,
    /// Whether it rests on synthetic figures; it then carries the S mark.
    pub synthetic: bool,
}

impl Finding {
    fn new(message: Message, synthetic: bool) -> Self {
        Self { message, synthetic }
    }
}

/// Everything that the brief says of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// One to three sentences: where it stands, and what the limit is.
    pub lead: Vec<Finding>,
    /// Four facts: infections, community share, care, end of community spread.
    pub points: Vec<Finding>,
    /// Title of each part, by its key.
    pub titles: BTreeMap<String, Finding>,
    /// Whether counts rise; the page then says that nobody knows how much of it is more testing.
    pub rising: bool,
}

/// From where on a change is called one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Counts hold while the last is within this share of the one two days before, and each of the three within it of
    /// their mean. 0.07: a doubling time beyond three weeks, and about the scatter of a weekday effect in daily counts.
    pub hold_share: f64,
    /// A difference of counts is called one only from so many standard deviations of counting noise on. 2: one false
    /// call in twenty days at a steady count.
    pub noise_deviations: f64,
    /// A community share holds while it moves by less than this many percentage points. 1: less than what a hundred
    /// late classifications move on a day of ten thousand.
    pub share_points: f64,
    /// A community share older than so many days is called unknown. 3: the window in which counts are compared.
    pub share_stale_days: i32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { hold_share: 0.07, noise_deviations: 2.0, share_points: 1.0, share_stale_days: 3 }
    }
}

/// Composes everything that the brief says.
pub fn findings(facts: &BriefFacts, thresholds: &Thresholds) -> Findings {
    let trend = trend::counts(&facts.city.days, thresholds);
    let share = trend::share(&facts.city, thresholds);
    let rising = matches!(trend, trend::Counts::Rise { .. });
    Findings {
        lead: lead::lead(facts, &trend, &share),
        points: points::points(facts, rising),
        titles: titles::titles(facts, &trend),
        rising,
    }
}

/// A known count as an argument, with its qualifier.
fn count_arg(known: &Known<u64>) -> Arg {
    match known.qualifier {
        Qualifier::Exact => Arg::Count(known.value),
        qualifier => Arg::Qualified { qualifier, count: known.value },
    }
}

/// The message with a count when it is known; without it the sentence says "unknown".
fn with_count(message: Message, name: &str, figure: &Figure<u64>) -> Message {
    match figure.as_known() {
        Some(known) => message.with(name, count_arg(known)),
        None => message,
    }
}

/// The message with the reason of an unknown figure.
fn with_reason<T>(message: Message, figure: &Figure<T>) -> Message {
    match figure.reason() {
        Some(reason) => message.with("reason", Arg::Message(Box::new(reason.clone()))),
        None => message,
    }
}

/// A message as an argument of another one.
fn nested(message: Message) -> Arg {
    Arg::Message(Box::new(message))
}

/// A whole number for people: rounded, thousands by comma.
fn round_arg(value: f64) -> Arg {
    Arg::Number { value: value.round(), decimals: 0 }
}

/// An estimate's interval as arguments `low`, `high`, `interval`.
fn with_interval(message: Message, low: f64, high: f64, interval_pct: u8) -> Message {
    message.with("low", round_arg(low)).with("high", round_arg(high)).count("interval", u64::from(interval_pct))
}
