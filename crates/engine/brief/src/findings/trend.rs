//! Whether counts and shares rise, hold or fall, and when that cannot be said.

use super::Thresholds;
use crate::facts::{CityDay, CityFacts};
use jiff::civil::Date;

/// What the daily counts do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Counts {
    /// No day is known.
    None,
    /// The last day that should be known is not.
    Missing {
        /// That day.
        day: Date,
        /// The last known day and its count.
        last: (Date, u64),
    },
    /// The last day is known, one of the two before it is not.
    NoTrend {
        /// The last day and its count.
        last: (Date, u64),
    },
    /// Three days of zero.
    Zero {
        /// First and last of them.
        days: (Date, Date),
    },
    /// Within the threshold over three days.
    Hold {
        /// Mean of the three, rounded to two digits.
        near: u64,
    },
    /// Above it.
    Rise {
        /// The last day and its count.
        last: (Date, u64),
        /// Two days before.
        before: (Date, u64),
    },
    /// Below it.
    Fall {
        /// The last day and its count.
        last: (Date, u64),
        /// Two days before.
        before: (Date, u64),
    },
    /// The ends agree, the middle does not.
    Swing {
        /// Lowest of the three.
        low: u64,
        /// Highest of the three.
        high: u64,
    },
}

/// What the counts of the last three full days do.
pub fn counts(days: &[CityDay], thresholds: &Thresholds) -> Counts {
    let known = |day: &CityDay| day.new.value().map(|count| (day.day, *count));
    let Some(last_day) = days.last() else { return Counts::None };
    let Some(last) = known(last_day) else {
        return match days.iter().rev().find_map(known) {
            Some(last) => Counts::Missing { day: last_day.day, last },
            None => Counts::None,
        };
    };
    let earlier: Vec<(Date, u64)> = (1..=2)
        .filter_map(|back| {
            let wanted = last.0.checked_sub(jiff::Span::new().days(back)).ok()?;
            days.iter().rev().find(|day| day.day == wanted).and_then(known)
        })
        .collect();
    let [middle, before] = earlier[..] else { return Counts::NoTrend { last } };
    judge(before, middle, last, thresholds)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
fn judge(before: (Date, u64), middle: (Date, u64), last: (Date, u64), thresholds: &Thresholds) -> Counts {
    let three = [before.1, middle.1, last.1].map(|count| count as f64);
    let [first, _, end] = three;
    if three.iter().all(|count| *count < 0.5) {
        return Counts::Zero { days: (before.0, last.0) };
    }
    let mean = three.iter().sum::<f64>() / 3.0;
    let differs = |a: f64, b: f64, of: f64| {
        (a - b).abs() > thresholds.hold_share * of && (a - b).abs() > thresholds.noise_deviations * (a + b).sqrt()
    };
    if differs(end, first, first) {
        return if end > first { Counts::Rise { last, before } } else { Counts::Fall { last, before } };
    }
    if three.iter().any(|count| differs(*count, mean, mean)) {
        let all = [before.1, middle.1, last.1];
        return Counts::Swing { low: all.into_iter().min().unwrap_or(0), high: all.into_iter().max().unwrap_or(0) };
    }
    Counts::Hold { near: two_digits(mean) }
}

/// Rounded to two digits that count: 4,697 to 4,700.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded, never negative, saturating")]
pub fn two_digits(value: f64) -> u64 {
    if !value.is_finite() || value < 0.0 {
        return 0;
    }
    let mut unit = 1.0;
    while value / unit >= 100.0 {
        unit *= 10.0;
    }
    ((value / unit).round() * unit) as u64
}

/// Which way a share moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Down.
    Falls,
    /// Up.
    Rises,
    /// Neither.
    Holds,
}

/// What the community share does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// No day is known.
    None,
    /// The last known day is too long ago.
    Stale {
        /// That day.
        day: Date,
    },
    /// One known day only.
    Single {
        /// That day.
        day: Date,
        /// Percent.
        pct: f64,
    },
    /// The last two known days, compared.
    Moves {
        /// Which way.
        way: Way,
        /// The last known day.
        day: Date,
        /// Its share, percent.
        pct: f64,
        /// Whether that is the last full day of the series.
        current: bool,
    },
}

/// What the community share did over its last two known days.
pub fn share(city: &CityFacts, thresholds: &Thresholds) -> Share {
    let mut known = city
        .community_share
        .iter()
        .rev()
        .filter_map(|point| point.percent.value().copied().filter(|p| p.is_finite()).map(|p| (point.day, p)));
    let Some((day, pct)) = known.next() else { return Share::None };
    let age = city.days.last().and_then(|last| day.until(last.day).ok()).map_or(0, |span| span.get_days());
    if age >= thresholds.share_stale_days {
        return Share::Stale { day };
    }
    let Some((earlier, before)) = known.next() else { return Share::Single { day, pct } };
    // Two shares a week apart say nothing about which way it goes today.
    if earlier.until(day).map_or(i32::MAX, |span| span.get_days()) > 7 {
        return Share::Single { day, pct };
    }
    let way = match pct - before {
        moved if moved.abs() < thresholds.share_points => Way::Holds,
        moved if moved > 0.0 => Way::Rises,
        _ => Way::Falls,
    };
    Share::Moves { way, day, pct, current: age <= 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Figure;
    use jiff::civil::date;

    fn of(given: &[Option<u64>]) -> Counts {
        let days: Vec<CityDay> = given
            .iter()
            .zip(1i8..)
            .map(|(count, day)| CityDay {
                new: count.map_or_else(Figure::never_reported, Figure::reported),
                ..crate::fixture::empty_day(date(2022, 11, day))
            })
            .collect();
        counts(&days, &Thresholds::default())
    }

    #[test]
    fn counts_hold_within_seven_percent_over_three_days() {
        assert_eq!(of(&[Some(4666), Some(4713), Some(4683)]), Counts::Hold { near: 4700 });
        assert!(matches!(of(&[Some(4072), Some(4666), Some(4713)]), Counts::Rise { .. }));
        assert!(matches!(of(&[Some(7721), Some(6378), Some(6300)]), Counts::Fall { .. }));
        assert!(matches!(of(&[Some(4000), Some(6000), Some(4010)]), Counts::Swing { low: 4000, high: 6000 }));
    }

    #[test]
    fn a_handful_more_is_noise_and_no_rise() {
        assert!(matches!(of(&[Some(5), Some(6), Some(8)]), Counts::Hold { .. }));
        assert!(matches!(of(&[Some(5), Some(6), Some(30)]), Counts::Rise { .. }));
    }

    #[test]
    fn an_unknown_day_is_neither_zero_nor_bridged() {
        assert!(matches!(of(&[Some(4000), Some(4100), None]), Counts::Missing { last: (_, 4100), .. }));
        assert!(matches!(of(&[Some(4000), None, Some(4100)]), Counts::NoTrend { .. }));
        assert_eq!(of(&[None, None]), Counts::None);
        assert_eq!(of(&[]), Counts::None);
        assert!(matches!(of(&[Some(0), Some(0), Some(0)]), Counts::Zero { .. }));
    }

    #[test]
    fn a_round_figure_keeps_two_digits() {
        assert_eq!([two_digits(4697.3), two_digits(99.6), two_digits(7.4), two_digits(f64::NAN)], [4700, 100, 7, 0]);
    }
}
