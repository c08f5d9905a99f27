//! Counts and decimals.

use super::{Fault, LARGEST_COUNT};
use crate::message::code;
use crate::text::narrow;

/// A whole number that is not negative: `1234`, `1,234`, `１２３４`, `12.0`.
pub(super) fn count(text: &str) -> Result<u64, Fault> {
    // Nine digits cannot overflow and are what nearly every cell holds.
    if text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        let n = text.bytes().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
        return within(n);
    }
    let text = narrow(text);
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('-') {
        let number = plain(rest).is_some();
        return Err(Fault::bare(if number { code::NEGATIVE } else { code::NOT_A_COUNT }));
    }
    let plain = plain(text).ok_or_else(|| Fault::bare(code::NOT_A_COUNT))?;
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if fraction.bytes().any(|b| b != b'0') {
        return Err(Fault::bare(code::FRACTION));
    }
    match whole.parse::<u64>() {
        Ok(n) => within(n),
        // Only digits are left, so a failure means too many of them.
        Err(_) => within(u64::MAX),
    }
}

fn within(n: u64) -> Result<u64, Fault> {
    if n > LARGEST_COUNT { Err(Fault::with(code::TOO_LARGE, [LARGEST_COUNT.to_string()])) } else { Ok(n) }
}

/// Digits with at most one point, thousands separators taken out where they stand right; `None` for anything else.
fn plain(text: &str) -> Option<String> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if fraction.is_some_and(|f| f.is_empty() || !digits(f)) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.contains(',');
    let right = !first.is_empty() && digits(first) && (!grouped || first.len() <= 3);
    if !right || !groups.all(|g| g.len() == 3 && digits(g)) {
        return None;
    }
    let mut plain: String = whole.chars().filter(|c| *c != ',').collect();
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

/// A number, fractions and a sign allowed. Percent signs only where the column is a percentage.
pub(super) fn decimal(column: &str, text: &str) -> Result<f64, Fault> {
    let narrow = narrow(text);
    let mut text = narrow.trim();
    let percent = column.ends_with("_pct");
    if let Some(rest) = text.strip_suffix('%') {
        if !percent {
            return Err(Fault::bare(code::PERCENT_SIGN));
        }
        text = rest.trim_end();
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    // `f64` alone would also take `inf`, `nan` and `.5e300`.
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let bad = || Fault::bare(code::NOT_A_NUMBER);
    let mut plain = plain(mantissa).ok_or_else(bad)?;
    if let Some(exponent) = exponent {
        // Spreadsheets write very small and very large numbers so: 1.2E-05.
        let size: i16 = exponent.parse().map_err(|_| bad())?;
        if size.abs() > 15 {
            return Err(bad());
        }
        plain.push('e');
        plain.push_str(&size.to_string());
    }
    let value: f64 = plain.parse().map_err(|_| bad())?;
    // An empty minus would print as -0 and make two equal rows differ.
    let value = if negative && value > 0.0 { -value } else { value };
    if !value.is_finite() {
        return Err(bad());
    }
    let (low, high) = match column {
        "lat" => (-90.0, 90.0),
        "lon" => (-180.0, 180.0),
        _ if percent => (0.0, 100.0),
        // The largest whole number that a decimal holds exactly is some 9e15; no figure of a city comes near.
        _ => (-1e15, 1e15),
    };
    if value < low || value > high {
        return Err(Fault::with(code::OUT_OF_RANGE, [low.to_string(), high.to_string()]));
    }
    Ok(value)
}
