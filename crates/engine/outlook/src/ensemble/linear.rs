//! Small linear algebra: ridges drawn to a prior, robust to outliers, and weighted quantiles.

use crate::quantile::{LEVELS, QUANTILE_LEVELS};

/// Errors beyond this many robust standard deviations weigh less (Huber 1964).
const HUBER: f64 = 1.5;

/// A row of a regression: terms (the first is 1), what came, its weight.
pub(crate) struct Row<const N: usize> {
    pub(crate) terms: [f64; N],
    pub(crate) came: f64,
    pub(crate) weight: f64,
}

/// Product of terms and coefficients.
pub(crate) fn dot<const N: usize>(terms: &[f64; N], coefficients: &[f64; N]) -> f64 {
    terms.iter().zip(coefficients).map(|(t, c)| t * c).sum()
}

/// Minimises the weighted squares plus (b - b0)' K (b - b0), `rounds` times with Huber weights. Returns `b0` where the
/// system cannot be solved, which a positive definite K rules out.
pub(crate) fn ridge<const N: usize>(
    rows: &[Row<N>],
    penalty: &[[f64; N]; N],
    start: &[f64; N],
    rounds: usize,
) -> [f64; N] {
    let mut robust = vec![1.0; rows.len()];
    let mut sizes = Vec::with_capacity(rows.len());
    let mut b = *start;
    for _ in 0..rounds {
        let (mut a, mut y) = (*penalty, [0.0; N]);
        for (yi, row) in y.iter_mut().zip(penalty) {
            *yi = dot(row, start);
        }
        for (row, r) in rows.iter().zip(&robust) {
            let w = row.weight * r;
            for i in 0..N {
                let wi = w * row.terms[i];
                y[i] += wi * row.came;
                for (a, term) in a[i].iter_mut().zip(&row.terms).take(i + 1) {
                    *a += wi * term;
                }
            }
        }
        b = solve(a, y).unwrap_or(*start);
        sizes.clear();
        sizes.extend(rows.iter().map(|row| (row.came - dot(&row.terms, &b)).abs()));
        let scale = 1.4826 * middle(&mut sizes.clone()) + 1e-6;
        for (r, size) in robust.iter_mut().zip(&sizes) {
            *r = (HUBER * scale / size.max(1e-9)).min(1.0);
        }
    }
    b
}

fn middle(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let half = values.len() / 2;
    *values.select_nth_unstable_by(half, f64::total_cmp).1
}

/// Solves a symmetric positive definite system by Cholesky; only the lower triangle is read.
fn solve<const N: usize>(mut a: [[f64; N]; N], mut y: [f64; N]) -> Option<[f64; N]> {
    for i in 0..N {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            let left = a[i][j] - inner;
            if i == j {
                if left.is_nan() || left <= 0.0 {
                    return None;
                }
                a[i][i] = left.sqrt();
            } else {
                a[i][j] = left / a[j][j];
            }
        }
    }
    for i in 0..N {
        let inner: f64 = (0..i).map(|k| a[i][k] * y[k]).sum();
        y[i] = (y[i] - inner) / a[i][i];
    }
    for i in (0..N).rev() {
        let inner: f64 = (i + 1..N).map(|k| a[k][i] * y[k]).sum();
        y[i] = (y[i] - inner) / a[i][i];
    }
    y.iter().all(|v| v.is_finite()).then_some(y)
}

/// The 23 quantiles of weighted values, by interpolation between the middles of their weights, flat at the ends.
pub(crate) fn weighted_quantiles(mut values: Vec<(f64, f64)>) -> [f64; LEVELS] {
    values.retain(|(_, w)| *w > 0.0);
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|(_, w)| w).sum();
    let mut before = 0.0;
    let mut points = Vec::with_capacity(values.len());
    for (value, weight) in &values {
        points.push(((before + weight / 2.0) / total, *value));
        before += weight;
    }
    QUANTILE_LEVELS.map(|level| interpolate(&points, level))
}

/// Linear interpolation between points sorted by their first number; flat beyond them, 0 without any.
pub(crate) fn interpolate(points: &[(f64, f64)], at: f64) -> f64 {
    let above = points.partition_point(|p| p.0 < at);
    match (above.checked_sub(1).and_then(|i| points.get(i)), points.get(above)) {
        (Some(low), Some(high)) if high.0 > low.0 => low.1 + (high.1 - low.1) * (at - low.0) / (high.0 - low.0),
        (_, Some(only)) | (Some(only), None) => only.1,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_and_a_wild_row_hardly_matters() {
        let row = |x: f64, came| Row { terms: [1.0, x], came, weight: 1.0 };
        let mut rows: Vec<_> = (0..40).map(|i| row(f64::from(i), 2.0 + 0.5 * f64::from(i))).collect();
        rows.push(row(20.0, 500.0));
        let b = ridge(&rows, &[[1e-6, 0.0], [0.0, 1e-6]], &[0.0; 2], 6);
        assert!((b[0] - 2.0).abs() < 0.1 && (b[1] - 0.5).abs() < 0.01, "{b:?}");
    }

    #[test]
    fn without_rows_the_prior_stands() {
        let b = ridge::<2>(&[], &[[2.0, 0.5], [0.5, 1.0]], &[3.0, -1.0], 2);
        assert!((b[0] - 3.0).abs() < 1e-12 && (b[1] + 1.0).abs() < 1e-12, "{b:?}");
    }

    #[test]
    fn weights_count_as_copies_do() {
        let values = vec![(3.0, 1.0), (1.0, 2.0), (2.0, 1.0)];
        let q = weighted_quantiles(values);
        assert!((q[0] - 1.0).abs() < 1e-12 && (q[LEVELS - 1] - 3.0).abs() < 1e-12);
        assert!((q[11] - 1.666_666).abs() < 1e-3, "{q:?}");
    }
}
