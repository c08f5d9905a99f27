//! Reporting periods. A period is civil time in the city's calendar; a moment is a [`jiff::Timestamp`].
//!
//! The city's time zone joins the two, once, in `app`.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why two civil times do not make a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period must end after it starts: `{start}` to `{end}`")]
pub struct BadPeriod {
    /// The given start.
    pub start: DateTime,
    /// The given end.
    pub end: DateTime,
}

/// The civil time that a report covers: from `start`, up to and without `end`.
///
/// A full day runs from 00:00 to 00:00 of the next day. A part of a day is a period of its own and is never taken for a
/// full one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    start: DateTime,
    end: DateTime,
}

impl Period {
    /// A period from `start` up to `end`.
    pub fn new(start: DateTime, end: DateTime) -> Result<Self, BadPeriod> {
        if end > start { Ok(Self { start, end }) } else { Err(BadPeriod { start, end }) }
    }
    /// The whole of `day`; `None` only for the last day of the calendar (9999-12-31).
    pub fn full_day_of(day: Date) -> Option<Self> {
        let next = day.tomorrow().ok()?;
        Some(Self {
            start: day.to_datetime(jiff::civil::Time::midnight()),
            end: next.to_datetime(jiff::civil::Time::midnight()),
        })
    }
    /// Start.
    pub fn start(&self) -> DateTime {
        self.start
    }
    /// End, not part of the period.
    pub fn end(&self) -> DateTime {
        self.end
    }
    /// The day, if the period is exactly one full civil day.
    pub fn full_day(&self) -> Option<Date> {
        let day = self.start.date();
        (Self::full_day_of(day) == Some(*self)).then_some(day)
    }
    /// The day and the hours covered, if the period lies within one day but is not the whole of it.
    pub fn part_day(&self) -> Option<(Date, i8, i8)> {
        let day = self.start.date();
        if self.full_day().is_some() || self.end.date() != day {
            return None;
        }
        Some((day, self.start.hour(), self.end.hour()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.full_day(), self.part_day()) {
            (Some(day), _) => write!(f, "{day}"),
            (_, Some((day, from, to))) => write!(f, "{day} {from}-{to} h"),
            _ => write!(f, "{} to {}", self.start, self.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    #[test]
    fn a_half_day_is_not_a_day() {
        let half = Period::new(datetime(2022, 11, 17, 0, 0, 0, 0), datetime(2022, 11, 17, 12, 0, 0, 0)).unwrap();
        assert_eq!(half.full_day(), None);
        assert_eq!(half.part_day(), Some((date(2022, 11, 17), 0, 12)));
        assert_eq!(half.to_string(), "2022-11-17 0-12 h");
        let full = Period::full_day_of(date(2022, 11, 17)).unwrap();
        assert_eq!(full.full_day(), Some(date(2022, 11, 17)));
        assert_eq!(full.part_day(), None);
    }

    #[test]
    fn a_period_ends_after_it_starts() {
        let moment = datetime(2022, 11, 17, 0, 0, 0, 0);
        assert!(Period::new(moment, moment).is_err());
    }
}
