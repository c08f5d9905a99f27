//! Draws of counts, and the logarithm of the gamma function.

use crate::random::Stream;

/// Largest mean that a count is drawn for: beyond it a count means nothing, and 64 bits are safe.
pub(crate) const LARGEST: f64 = 1e12;

/// ln Γ(x) for x > 0 (Stirling's series after shifting to x >= 8; error below 1e-12).
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 1.0);
    while x < 8.0 {
        shift *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))));
    // ln sqrt(2 pi).
    (x - 0.5) * x.ln() - x + 0.918_938_533_204_672_8 + series - shift.ln()
}

/// Gamma with this shape and mean 1 (Marsaglia and Tsang 2000).
pub(crate) fn gamma_of_mean_one(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        // Gamma(a) = Gamma(a + 1) U^(1/a).
        let boost = (1.0 - stream.uniform()).powf(1.0 / shape);
        return gamma_of_mean_one(shape + 1.0, stream) * (shape + 1.0) / shape * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = stream.normal();
        let v = (1.0 + c * x).powi(3);
        if v <= 0.0 {
            continue;
        }
        let u = 1.0 - stream.uniform();
        if u < 1.0 - 0.0331 * x.powi(4) || u.ln() < 0.5 * x * x + d * (1.0 - v + v.ln()) {
            return d * v / shape;
        }
    }
}

/// Poisson. Below a mean of 12 by multiplying uniforms (Knuth), above by Hörmann's transformed rejection (PTRS, 1993).
pub(crate) fn poisson(mean: f64, stream: &mut Stream) -> f64 {
    let mean = mean.min(LARGEST);
    if mean <= 0.0 || mean.is_nan() {
        return 0.0;
    }
    if mean < 12.0 {
        let (end, mut product, mut n) = ((-mean).exp(), stream.uniform(), 0.0);
        while product > end {
            product *= stream.uniform();
            n += 1.0;
        }
        return n;
    }
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.02483 * b;
    let v_r = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let (u, v) = (stream.uniform() - 0.5, 1.0 - stream.uniform());
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
        if us >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0.0 || (us < 0.013 && v > us) {
            continue;
        }
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        if (v * inverse_alpha / (a / (us * us) + b)).ln() <= k * mean.ln() - mean - ln_gamma(k + 1.0) {
            return k;
        }
    }
}

/// Negative binomial with this mean and size: variance mean + mean² / size.
pub(crate) fn negative_binomial(mean: f64, size: f64, stream: &mut Stream) -> f64 {
    poisson(mean.min(LARGEST) * gamma_of_mean_one(size, stream), stream)
}

/// Binomial of a beta-distributed chance with this mean and `a + b = strength`; `n` beyond 40 by a normal of the same mean and
/// variance given the chance, rounded.
pub(crate) fn beta_binomial(n: f64, mean: f64, strength: f64, stream: &mut Stream) -> f64 {
    let (a, b) = (strength * mean, strength * (1.0 - mean));
    let chance = if a < 1e-6 {
        0.0
    } else if b < 1e-6 {
        1.0
    } else {
        let x = a * gamma_of_mean_one(a, stream);
        let y = b * gamma_of_mean_one(b, stream);
        if x + y > 0.0 { x / (x + y) } else { mean }
    };
    if n <= 40.0 {
        let mut hits = 0.0;
        let mut left = n;
        while left >= 1.0 {
            hits += f64::from(u8::from(stream.uniform() < chance));
            left -= 1.0;
        }
        return hits;
    }
    (n * chance + (n * chance * (1.0 - chance)).sqrt() * stream.normal()).round().clamp(0.0, n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn moments(mut draw: impl FnMut(&mut Stream) -> f64) -> (f64, f64) {
        let mut stream = Stream::new(5, Purpose::Renewal, 0, 0);
        let sample: Vec<f64> = (0..40_000).map(|_| draw(&mut stream)).collect();
        let mean = sample.iter().sum::<f64>() / 4e4;
        (mean, sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4e4)
    }

    #[test]
    fn ln_gamma_knows_factorials_and_the_half() {
        let mut factorial: f64 = 1.0;
        for n in 1..30 {
            assert!((ln_gamma(f64::from(n)) - factorial.ln()).abs() < 1e-11, "{n}");
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-11);
    }

    #[test]
    fn counts_have_the_mean_and_variance_they_are_asked_for() {
        for (mean, size) in [(0.3, 2.0), (5.0, 0.5), (30.0, 15.0), (4000.0, 15.0), (40.0, 1e6)] {
            let (m, v) = moments(|s| negative_binomial(mean, size, s));
            let variance = mean + mean * mean / size;
            assert!((m - mean).abs() < 5.0 * (variance / 4e4).sqrt(), "{mean} {size}: {m}");
            assert!((v / variance - 1.0).abs() < 0.2, "{mean} {size}: {v} for {variance}");
        }
    }

    #[test]
    fn shares_of_a_whole_have_the_mean_and_variance_they_are_asked_for() {
        for (n, mean, strength) in [(20.0, 0.3, 10.0), (500.0, 0.05, 30.0)] {
            let (m, v) = moments(|s| beta_binomial(n, mean, strength, s));
            let variance = n * mean * (1.0 - mean) * (strength + n) / (strength + 1.0);
            assert!((m - n * mean).abs() < 5.0 * (variance / 4e4).sqrt(), "{m}");
            assert!((v / variance - 1.0).abs() < 0.1, "{v} for {variance}");
        }
    }
}
