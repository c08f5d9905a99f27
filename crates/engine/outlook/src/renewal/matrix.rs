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

/// Subtracts VᵀV from the lower triangle of `a` (`n` x `n`); `v` has rows of `n`.
///
/// Row by row of `a` and four rows of `v` at a time, so that what is worked on stays in the nearest cache.
pub(crate) fn subtract_square(a: &mut [f64], v: &[f64], n: usize) {
    for j in 0..n {
        let row = &mut a[j * n..j * n + j + 1];
        let mut fours = v.chunks_exact(4 * n);
        for four in &mut fours {
            let (v0, rest) = four.split_at(n);
            let (v1, rest) = rest.split_at(n);
            let (v2, v3) = rest.split_at(n);
            let f = [v0[j], v1[j], v2[j], v3[j]];
            for ((((x, a), b), c), d) in row.iter_mut().zip(v0).zip(v1).zip(v2).zip(v3) {
                *x -= (f[0] * a + f[1] * b) + (f[2] * c + f[3] * d);
            }
        }
        for one in fours.remainder().chunks_exact(n) {
            let f = one[j];
            for (x, a) in row.iter_mut().zip(one) {
                *x -= f * a;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_subtracted_whatever_the_number_of_rows() {
        for rows in 1..10 {
            let v: Vec<f64> = (0..rows * 3).map(|i| f64::from(i * i % 7) - 2.0).collect();
            let mut a = [10.0; 9];
            subtract_square(&mut a, &v, 3);
            for i in 0..3 {
                for j in 0..3 {
                    let square: f64 = v.chunks(3).map(|row| row[i] * row[j]).sum();
                    let expected = if j <= i { 10.0 - square } else { 10.0 };
                    assert!((a[i * 3 + j] - expected).abs() < 1e-12);
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
