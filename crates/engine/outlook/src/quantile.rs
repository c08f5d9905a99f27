//! The quantile levels of the forecast hubs, and quantiles of a sample.

/// Number of quantile levels.
pub const LEVELS: usize = 23;

/// Place of the median among them.
pub const MEDIAN: usize = 11;

/// The 23 levels that the COVID-19 forecast hubs collect (Cramer et al. 2022, doi 10.1038/s41597-022-01517-w).
pub const QUANTILE_LEVELS: [f64; LEVELS] = [
    0.01, 0.025, 0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85,
    0.90, 0.95, 0.975, 0.99,
];

/// Quantile of sorted values by linear interpolation (Hyndman and Fan 1996, type 7); 0 of an empty slice.
pub(crate) fn of_sorted(sorted: &[f64], level: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let position = level.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and `last` by construction")]
    let below = position.floor() as usize;
    let low = sorted.get(below).copied().unwrap_or(0.0);
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    low + (high - low) * (position - below as f64)
}

/// All levels of a sample. They never cross: each is an interpolation further along the same sorted values.
pub(crate) fn all(sample: &mut [f64]) -> [f64; LEVELS] {
    sample.sort_unstable_by(f64::total_cmp);
    let mut out = QUANTILE_LEVELS.map(|level| of_sorted(sample, level));
    // Interpolation may round by one unit in the last place; equal neighbours must stay equal.
    for i in 1..LEVELS {
        out[i] = out[i].max(out[i - 1]);
    }
    out
}

/// Quantiles of a sample at these levels by linear interpolation (type 7), 0 of an empty one; sorts the sample. For rising levels they
/// never cross.
/// ```
/// assert_eq!(levee_outlook::quantiles(&mut [3.0, 1.0, 2.0], &[0.0, 0.5, 0.75]), [1.0, 2.0, 2.5]);
/// ```
pub fn quantiles(sample: &mut [f64], levels: &[f64]) -> Vec<f64> {
    sample.sort_unstable_by(f64::total_cmp);
    levels.iter().map(|level| of_sorted(sample, *level)).collect()
}

/// Median; `None` of nothing.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    (!values.is_empty()).then(|| of_sorted(values, 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_0_to_100_are_the_levels_in_percent() {
        let mut sample: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        for (got, level) in all(&mut sample).iter().zip(QUANTILE_LEVELS) {
            assert!((got - 100.0 * level).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_has_no_median() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0]), Some(2.0));
    }
}
