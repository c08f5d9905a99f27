//! Dates and moments as people and spreadsheets write them.

use super::Fault;
use crate::message::code;
use crate::text::narrow;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span};

/// Day 0 of the serial numbers of spreadsheets (1900 system). Right from March 1900 on, which is all that is accepted.
const DAY_ZERO: Date = jiff::civil::date(1899, 12, 30);

/// A day. A moment counts as its day only at midnight: a report for noon is not one for the day.
pub(super) fn date(text: &str) -> Result<Date, Fault> {
    let bad = || Fault::bare(code::NOT_A_DATE);
    let (day, time) = match fast(text) {
        Some((day, "")) => return Ok(day),
        _ => split(narrow(text).trim()).ok_or_else(bad)?,
    };
    match time {
        Rest::None | Rest::Serial(0) => Ok(day),
        Rest::Serial(_) => Err(bad()),
        Rest::Time(text) => match clock(&text) {
            Ok((time, false)) if time == Time::midnight() => Ok(day),
            _ => Err(bad()),
        },
    }
}

/// A moment. Without an hour it is midnight, except for the end of a period, where that would be a guess.
pub(super) fn datetime(text: &str, is_end: bool) -> Result<DateTime, Fault> {
    let bad = || Fault::bare(code::NOT_A_MOMENT);
    if let Some((day, rest)) = fast(text)
        && let [b'T' | b' ', h1, h2, b':', m1, m2] = rest.as_bytes()
        && let (Some(hour), Some(minute)) = (two(*h1, *h2), two(*m1, *m2))
        && let Ok(time) = Time::new(hour, minute, 0, 0)
    {
        return Ok(day.to_datetime(time));
    }
    let (day, rest) = split(narrow(text).trim()).ok_or_else(bad)?;
    match rest {
        Rest::None if is_end => Err(Fault::with(code::END_WITHOUT_HOUR, [day.to_string()])),
        Rest::None => Ok(day.to_datetime(Time::midnight())),
        Rest::Serial(seconds) => {
            day.to_datetime(Time::midnight()).checked_add(SignedDuration::from_secs(seconds)).map_err(|_| bad())
        }
        Rest::Time(text) => {
            let (time, next_day) = clock(&text)?;
            let day = if next_day { day.tomorrow().map_err(|_| bad())? } else { day };
            Ok(day.to_datetime(time))
        }
    }
}

fn two(tens: u8, ones: u8) -> Option<i8> {
    let digit = |b: u8| b.is_ascii_digit().then(|| b - b'0');
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

/// `2022-11-18…` without a detour, and what follows.
fn fast(text: &str) -> Option<(Date, &str)> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ..] = text.as_bytes() else { return None };
    let year = i16::from(two(*y1, *y2)?) * 100 + i16::from(two(*y3, *y4)?);
    Some((day(year, two(*m1, *m2)?, two(*d1, *d2)?)?, text.get(10..)?))
}

/// A day in the years that a report can speak of.
fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    (1900..=2199).contains(&year).then(|| Date::new(year, month, day).ok()).flatten()
}

enum Rest {
    None,
    /// Seconds after midnight, from a serial number.
    Serial(i64),
    Time(String),
}

fn split(text: &str) -> Option<(Date, Rest)> {
    if let Some(found) = serial(text) {
        return Some(found);
    }
    let (year, rest) = digits(text, 4)?;
    if year.len() != 4 {
        return None;
    }
    // 20221118, and nothing after it.
    if rest.len() == 4 && rest.bytes().all(|b| b.is_ascii_digit()) {
        let (month, date) = rest.split_at(2);
        return Some((day(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)?, Rest::None));
    }
    let mut after = rest.chars();
    let sign = after.next().filter(|c| matches!(c, '-' | '/' | '.' | '年'))?;
    let (month, rest) = digits(after.as_str().trim_start(), 2)?;
    let mut after = rest.chars();
    let wanted = if sign == '年' { '月' } else { sign };
    if after.next() != Some(wanted) {
        return None;
    }
    let (date, rest) = digits(after.as_str().trim_start(), 2)?;
    let rest = if sign == '年' { rest.strip_prefix('日').or_else(|| rest.strip_prefix('号'))? } else { rest };
    let found = day(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)?;
    let time = rest.trim_start();
    // A digit right after the day would make it another day.
    if time.len() == rest.len() && sign != '年' && rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let time = time.strip_prefix(['T', 't']).unwrap_or(time).trim_start();
    Some((found, if time.is_empty() { Rest::None } else { Rest::Time(time.to_owned()) }))
}

/// At least one and at most `most` digits, and what follows.
fn digits(text: &str, most: usize) -> Option<(&str, &str)> {
    let n = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if n == 0 { None } else { text.split_at_checked(n) }
}

/// Five digits, perhaps with a fraction of the day: the serial number of a spreadsheet, 1927 to 2173.
fn serial(text: &str) -> Option<(Date, Rest)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 5 || whole.starts_with('0') || !plain(whole) || !plain(fraction) {
        return None;
    }
    let days: i32 = whole.parse().ok()?;
    let share: f64 = format!("0.{fraction}").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "a share of a day is at most 86,400 seconds")]
    let seconds = (share * 86_400.0).round() as i64;
    let date = DAY_ZERO.checked_add(Span::new().days(days)).ok()?;
    Some((day(date.year(), date.month(), date.day())?, Rest::Serial(seconds)))
}

/// A time of day: `12:00`, `12:00:30`, `12时`, `12时30分`, `24:00`. The flag says that it falls on the next day.
fn clock(text: &str) -> Result<(Time, bool), Fault> {
    let bad = || Fault::bare(code::NOT_A_MOMENT);
    let text = text.trim();
    let zoned = text.ends_with(['Z', 'z']) || text.get(1..).is_some_and(|rest| rest.contains(['+', '-']));
    if zoned {
        return Err(Fault::bare(code::WITH_ZONE));
    }
    let (hour, rest) = digits(text, 2).ok_or_else(bad)?;
    let mut parts = [hour, "0", "0"];
    if let Some(rest) = rest.strip_prefix(':') {
        let (minute, rest) = digits(rest, 2).filter(|(m, _)| m.len() == 2).ok_or_else(bad)?;
        parts = [hour, minute, "0"];
        if let Some(rest) = rest.strip_prefix(':') {
            let (second, rest) = digits(rest, 2).filter(|(s, _)| s.len() == 2).ok_or_else(bad)?;
            parts = [hour, minute, second];
            // Fractions of a second are noise of the program that wrote them.
            let noise = rest.strip_prefix('.').unwrap_or(rest);
            if !noise.bytes().all(|b| b.is_ascii_digit()) || (rest == noise && !rest.is_empty()) {
                return Err(bad());
            }
        } else if !rest.is_empty() {
            return Err(bad());
        }
    } else {
        let rest = rest.strip_prefix('时').or_else(|| rest.strip_prefix('点')).ok_or_else(bad)?;
        if !rest.is_empty() && rest != "整" {
            let (minute, rest) = digits(rest, 2).ok_or_else(bad)?;
            if !matches!(rest, "" | "分") {
                return Err(bad());
            }
            parts = [hour, minute, "0"];
        }
    }
    let [hour, minute, second] = parts.map(|part| part.parse::<i8>().unwrap_or(-1));
    if (hour, minute, second) == (24, 0, 0) {
        return Ok((Time::midnight(), true));
    }
    Time::new(hour, minute, second, 0).map(|time| (time, false)).map_err(|_| bad())
}
