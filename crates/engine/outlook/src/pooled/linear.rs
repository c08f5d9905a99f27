//! Weighted ridge regression with Huber's weights, on standardised and clipped columns.

/// A table of numbers by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// Row after row.
    pub(crate) cells: Vec<f64>,
    /// Columns.
    pub(crate) columns: usize,
}

impl Table {
    /// One row.
    pub(crate) fn row(&self, nth: usize) -> &[f64] {
        &self.cells[nth * self.columns..(nth + 1) * self.columns]
    }
}

/// How a ridge is fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ridge {
    /// Penalty as a share of the sum of the weights; the intercept has none.
    pub(crate) penalty: f64,
    /// Re-fits with Huber's weights.
    pub(crate) huber_rounds: usize,
}

/// Rows beyond which the penalty is that of the share alone; with fewer, slopes shrink towards none.
const PENALTY_ROWS: f64 = 2.0;
/// Standardised columns are clipped here: beyond what was seen often, nothing is extrapolated.
const CLIP: f64 = 2.0;
/// Residuals beyond this many robust standard deviations weigh less (Huber 1964).
const HUBER: f64 = 1.5;

/// A fitted line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Linear {
    mean: Vec<f64>,
    scale: Vec<f64>,
    /// Slopes, then the intercept.
    slopes: Vec<f64>,
}

impl Linear {
    /// Fits `response` on the chosen rows of `table`; both are parallel to `chosen` and `weights`.
    pub(crate) fn fit(table: &Table, chosen: &[usize], response: &[f64], weights: &[f64], how: Ridge) -> Self {
        let columns = table.columns;
        let n = chosen.len().max(1) as f64;
        let mut mean = vec![0.0; columns];
        for &row in chosen {
            mean.iter_mut().zip(table.row(row)).for_each(|(m, x)| *m += x / n);
        }
        let mut scale = vec![0.0; columns];
        for &row in chosen {
            scale.iter_mut().zip(table.row(row)).zip(&mean).for_each(|((s, x), m)| *s += (x - m) * (x - m) / n);
        }
        // A column that never changes says nothing; it becomes zero, not infinite.
        scale.iter_mut().for_each(|s| *s = if *s > 1e-16 { s.sqrt() } else { f64::INFINITY });
        let mut out = Self { mean, scale, slopes: vec![0.0; columns + 1] };
        let standard: Vec<f64> = chosen.iter().flat_map(|&row| out.standardise(table.row(row))).collect();
        let width = columns + 1;
        let mut robust = vec![1.0; chosen.len()];
        for round in 0..=how.huber_rounds {
            let mut normal = vec![0.0; width * width];
            let mut right = vec![0.0; width];
            let mut total = 0.0;
            for ((x, z), (w, r)) in standard.chunks_exact(width).zip(response).zip(weights.iter().zip(&robust)) {
                let w = w * r;
                total += w;
                for i in 0..width {
                    let wx = w * x[i];
                    right[i] += wx * z;
                    for j in 0..=i {
                        normal[i * width + j] += wx * x[j];
                    }
                }
            }
            // The share is of the weights given, so that outliers do not loosen the penalty.
            let given: f64 = if how.huber_rounds > 0 { weights.iter().sum() } else { total };
            for i in 0..columns {
                normal[i * width + i] += how.penalty * given + PENALTY_ROWS * given / n;
            }
            let Some(slopes) = solve(&mut normal, right, width) else { break };
            out.slopes = slopes;
            if round < how.huber_rounds {
                let residual: Vec<f64> =
                    standard.chunks_exact(width).zip(response).map(|(x, z)| z - dot(x, &out.slopes)).collect();
                let mut sizes: Vec<f64> = residual.iter().map(|r| r.abs()).collect();
                let scale = 1.4826 * crate::quantile::median(&mut sizes).unwrap_or(0.0);
                for (weight, r) in robust.iter_mut().zip(&residual) {
                    *weight = if r.abs() > HUBER * scale && r.abs() > 0.0 { HUBER * scale / r.abs() } else { 1.0 };
                }
                if scale <= 0.0 {
                    break;
                }
            }
        }
        out
    }

    /// The columns as they enter the line: standardised, clipped, with a one for the intercept.
    fn standardise(&self, row: &[f64]) -> Vec<f64> {
        let columns = row.iter().zip(&self.mean).zip(&self.scale);
        columns.map(|((x, m), s)| ((x - m) / s).clamp(-CLIP, CLIP)).chain([1.0]).collect()
    }

    /// The line at a row.
    pub(crate) fn at(&self, row: &[f64]) -> f64 {
        let columns = row.iter().zip(&self.mean).zip(&self.scale).zip(&self.slopes);
        let slopes: f64 = columns.map(|(((x, m), s), slope)| ((x - m) / s).clamp(-CLIP, CLIP) * slope).sum();
        slopes + self.slopes.last().copied().unwrap_or(0.0)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Solves a symmetric positive definite system (lower triangle given) by Cholesky; `None` when it is not.
fn solve(lower: &mut [f64], mut right: Vec<f64>, n: usize) -> Option<Vec<f64>> {
    for j in 0..n {
        for i in j..n {
            let mut sum = lower[i * n + j];
            for k in 0..j {
                sum -= lower[i * n + k] * lower[j * n + k];
            }
            if i == j {
                if !(sum > 0.0 && sum.is_finite()) {
                    return None;
                }
                lower[j * n + j] = sum.sqrt();
            } else {
                lower[i * n + j] = sum / lower[j * n + j];
            }
        }
    }
    for i in 0..n {
        for k in 0..i {
            right[i] -= lower[i * n + k] * right[k];
        }
        right[i] /= lower[i * n + i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            right[i] -= lower[k * n + i] * right[k];
        }
        right[i] /= lower[i * n + i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Ridge = Ridge { penalty: 1e-6, huber_rounds: 4 };

    fn line(n: u32) -> (Table, Vec<usize>, Vec<f64>) {
        let x: Vec<f64> = (0..n).map(|i| f64::from(i) / f64::from(n)).collect();
        let y = x.iter().map(|x| 1.0 + 2.0 * x).collect();
        (Table { cells: x, columns: 1 }, (0..n as usize).collect(), y)
    }

    #[test]
    fn a_straight_line_is_found_and_outliers_do_not_turn_it() {
        let (table, rows, mut y) = line(5_000);
        let weights = vec![1.0; rows.len()];
        let at_half = |y: &[f64]| Linear::fit(&table, &rows, y, &weights, PLAIN).at(&[0.5]);
        assert!((at_half(&y) - 2.0).abs() < 1e-2);
        y.iter_mut().step_by(10).for_each(|z| *z = 40.0);
        assert!((at_half(&y) - 2.0).abs() < 0.1, "{}", at_half(&y));
    }

    #[test]
    fn beyond_what_was_seen_it_does_not_extrapolate() {
        let (table, rows, y) = line(1_000);
        let fit = Linear::fit(&table, &rows, &y, &vec![1.0; 1_000], PLAIN);
        assert!((fit.at(&[1e9]) - fit.at(&[5.0])).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_learn_from_gives_zero_and_no_nan() {
        let table = Table { cells: vec![3.0; 4], columns: 2 };
        assert!(Linear::fit(&table, &[], &[], &[], PLAIN).at(&[1.0, 2.0]).abs() < 1e-12);
        let constant = Linear::fit(&table, &[0, 1], &[0.5, 0.5], &[1.0, 1.0], PLAIN).at(&[1.0, 2.0]);
        assert!((constant - 0.5).abs() < 1e-9);
    }
}
