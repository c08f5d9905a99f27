//! A day of the calendar, as far as a chore needs one: read, written, followed by the next.
//!
//! Levee's own dates are `jiff::civil::Date`s. A chore that only counts from the 18th to the 24th does not make everybody wait
//! until a calendar library is compiled.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, 1900 to 2199.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.day < last_day(self.year, self.month) {
            Self { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Self { month: self.month + 1, day: 1, ..self }
        } else {
            Self { year: self.year + 1, month: 1, day: 1 }
        }
    }
}

fn last_day(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl FromStr for Day {
    type Err = anyhow::Error;

    fn from_str(given: &str) -> anyhow::Result<Self> {
        let parts: Vec<&str> = given.split('-').collect();
        let read = match parts.as_slice() {
            [y, m, d] if [y.len(), m.len(), d.len()] == [4, 2, 2] => (y.parse().ok(), m.parse().ok(), d.parse().ok()),
            _ => (None, None, None),
        };
        match read {
            (Some(year @ 1900..=2199), Some(month @ 1..=12), Some(day @ 1..)) if day <= last_day(year, month) => {
                Ok(Self { year, month, day })
            }
            _ => Err(anyhow::anyhow!("`{given}` is not a day: expected YYYY-MM-DD, such as 2022-11-18")),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_one_another_over_months_leap_days_and_years() {
        let next = |day: &str| day.parse::<Day>().unwrap().next().to_string();
        assert_eq!(next("2022-11-18"), "2022-11-19");
        assert_eq!(next("2022-11-30"), "2022-12-01");
        assert_eq!(next("2022-12-31"), "2023-01-01");
        assert_eq!(next("2022-02-28"), "2022-03-01");
        assert_eq!(next("2024-02-28"), "2024-02-29");
        assert_eq!(next("2100-02-28"), "2100-03-01");
    }

    #[test]
    fn what_is_not_a_day_is_refused() {
        for given in
            ["2022-11-31", "2022-13-01", "2022-11-00", "22-11-18", "2022-11-18T24:00", "2022/11/18", "", "+022-11-18"]
        {
            assert!(given.parse::<Day>().is_err(), "{given} was taken for a day");
        }
    }
}
