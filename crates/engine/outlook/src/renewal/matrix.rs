//! Small dense matrices, row after row in one slice: Cholesky factors and triangular solves.
#![allow(clippy::needless_range_loop, reason = "rows and columns are read best by their numbers")]

/// Replaces the lower triangle of the symmetric `n` x `n` matrix `a` by its Cholesky factor; returns ln|a|. `None` if `a` is
/// not positive definite or not finite. The upper triangle is neither read nor written.
pub(crate) fn cholesky(a: &mut [f64], n: usize) -> Option<f64> {
    let mut log_det = 0.0;
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                if !(sum > 0.0 && sum.is_finite()) {
                    return None;
                }
                a[i * n + i] = sum.sqrt();
                log_det += sum.ln();
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    Some(log_det)
}

/// Solves L x = b in place, for `columns` right-hand sides at once: `b` is `n` x `columns`.
pub(crate) fn solve_lower(l: &[f64], n: usize, b: &mut [f64], columns: usize) {
    for i in 0..n {
        let (done, rest) = b.split_at_mut(i * columns);
        let row = &mut rest[..columns];
        for j in 0..i {
            let factor = l[i * n + j];
            for (x, y) in row.iter_mut().zip(&done[j * columns..(j + 1) * columns]) {
                *x -= factor * y;
            }
        }
        let inverse = 1.0 / l[i * n + i];
        for x in row {
            *x *= inverse;
        }
    }
}

/// Solves Lᵀ x = b in place.
pub(crate) fn solve_upper(l: &[f64], n: usize, b: &mut [f64]) {
    for i in (0..n).rev() {
        let x = b[i] / l[i * n + i];
        b[i] = x;
        for j in 0..i {
            b[j] -= l[i * n + j] * x;
        }
    }
}

/// Side of the tiles that [`add_square`] works in: sixteen sums stay in registers.
pub(crate) const TILE: usize = 4;

/// Adds `times` VᵀV to the lower triangle of `a` (`n` x `n`); `v` has rows of `n`.
pub(crate) fn add_square(a: &mut [f64], times: f64, v: &[f64], n: usize) {
    let tiles = n / TILE * TILE;
    for j in (0..tiles).step_by(TILE) {
        for i in (0..=j).step_by(TILE) {
            let mut sums = [[0.0; TILE]; TILE];
            for row in v.chunks_exact(n) {
                let (left, right) = (&row[j..j + TILE], &row[i..i + TILE]);
                for (sums, x) in sums.iter_mut().zip(left) {
                    for (sum, y) in sums.iter_mut().zip(right) {
                        *sum += x * y;
                    }
                }
            }
            for (k, sums) in sums.iter().enumerate() {
                // On the diagonal a tile reaches above it.
                let width = if i == j { k + 1 } else { TILE };
                let at = (j + k) * n + i;
                for (x, sum) in a[at..at + width].iter_mut().zip(sums) {
                    *x += times * sum;
                }
            }
        }
    }
    for j in tiles..n {
        for row in v.chunks_exact(n) {
            let factor = times * row[j];
            for (x, y) in a[j * n..j * n + j + 1].iter_mut().zip(row) {
                *x += factor * y;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_added_whatever_the_size() {
        for n in [1, 3, 4, 5, 8, 11] {
            let v: Vec<f64> = (0..7 * n).map(|i| (i * i % 7) as f64 - 2.0).collect();
            let mut a = vec![10.0; n * n];
            add_square(&mut a, -1.0, &v, n);
            for i in 0..n {
                for j in 0..n {
                    let square: f64 = v.chunks(n).map(|row| row[i] * row[j]).sum();
                    let expected = if j <= i { 10.0 - square } else { 10.0 };
                    assert!((a[i * n + j] - expected).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn a_factor_gives_back_its_matrix_and_solves() {
        let a = [4.0, 0.0, 0.0, 2.0, 5.0, 0.0, -1.0, 0.5, 3.0];
        let full = |i: usize, j: usize| if i >= j { a[i * 3 + j] } else { a[j * 3 + i] };
        let mut l = a;
        let log_det = cholesky(&mut l, 3).unwrap();
        // By Sarrus: 60 - 1 - 1 - 5 - 1 - 12 = 40.
        let determinant: f64 = 4.0 * (5.0 * 3.0 - 0.25) - 2.0 * (2.0 * 3.0 + 0.5) - 1.0 * (2.0 * 0.5 + 5.0);
        assert!((log_det - determinant.ln()).abs() < 1e-12);
        let mut x = [1.0, -2.0, 0.5];
        solve_lower(&l, 3, &mut x, 1);
        solve_upper(&l, 3, &mut x);
        for (i, b) in [1.0, -2.0, 0.5].into_iter().enumerate() {
            let got: f64 = (0..3).map(|j| full(i, j) * x[j]).sum();
            assert!((got - b).abs() < 1e-12);
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert_eq!(cholesky(&mut [1.0, 0.0, 2.0, 1.0], 2), None);
        assert_eq!(cholesky(&mut [f64::NAN], 1), None);
    }
}
