//! Small cities for the tests.
#![allow(dead_code, reason = "each test file uses its own part")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::{Observation, Series, Vintage};

pub(crate) const ORIGIN: Date = date(2022, 11, 20);

pub(crate) fn place(code: &str) -> PlaceCode {
    code.parse().unwrap()
}

/// `back` days before the origin.
pub(crate) fn day(back: usize) -> Date {
    ORIGIN.checked_sub(i64::try_from(back).unwrap().days()).unwrap()
}

pub(crate) fn full(back: usize, count: u64) -> Observation {
    Observation {
        period: Period::full_day_of(day(back)).unwrap(),
        new_infections: Persons::new(count),
        community: None,
        origin: Origin::Reported,
        may_count_twice: false,
    }
}

/// From midnight to `hour` o'clock of that day.
pub(crate) fn until(back: usize, hour: i8, count: u64) -> Observation {
    let start = day(back).at(0, 0, 0, 0);
    Observation { period: Period::new(start, day(back).at(hour, 0, 0, 0)).unwrap(), ..full(back, count) }
}

/// Counts in order of days, the last of them on the origin; `None` = not known.
pub(crate) fn series(code: &str, counts: &[Option<u64>]) -> Series {
    let known = counts.iter().rev().enumerate().filter_map(|(back, c)| c.map(|c| full(back, c)));
    Series { place: place(code), population: None, observations: known.collect() }
}

pub(crate) fn known(counts: impl IntoIterator<Item = u64>) -> Vec<Option<u64>> {
    counts.into_iter().map(Some).collect()
}

pub(crate) fn vintage(series: Vec<Series>) -> Vintage {
    Vintage { origin: ORIGIN, city: place("city"), series, completeness: levee_outlook::Completeness::complete() }
}

/// Growth by `per_day` that ends with `last` on the origin.
pub(crate) fn growing(per_day: f64, last: f64, days: usize) -> Vec<Option<u64>> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
    let count = |back: usize| (last * (-per_day * back as f64).exp()).round() as u64;
    (0..days).rev().map(|back| Some(count(back))).collect()
}
