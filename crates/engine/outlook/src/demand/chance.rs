//! Exact draws of whole persons: binomial, gamma, negative binomial. None is replaced by a normal or a Poisson
//! distribution that it only resembles.

use crate::random::Counter;

/// Means below this are inverted term by term; above it, rejection costs less.
const FEW: f64 = 10.0;

/// A coin with one probability, thrown for many persons at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coin {
    /// The smaller of the two sides' probabilities.
    p: f64,
    /// Whether the smaller side is "no".
    flipped: bool,
    /// ln(1 - p).
    log_q: f64,
    /// p / (1 - p).
    odds: f64,
}

impl Coin {
    /// A coin that says yes with probability `p`; anything that is no probability says no.
    pub(crate) fn new(p: f64) -> Self {
        let p = if p.is_finite() { p.clamp(0.0, 1.0) } else { 0.0 };
        let (small, flipped) = if p > 0.5 { (1.0 - p, true) } else { (p, false) };
        Self { p: small, flipped, log_q: (-small).ln_1p(), odds: small / (1.0 - small) }
    }

    /// How many of `n` say yes: binomial, exact.
    pub(crate) fn of(&self, n: u64, counter: &mut Counter) -> u64 {
        let drawn = if n == 0 || self.p <= 0.0 {
            0
        } else if n as f64 * self.p < FEW {
            self.inverted(n, counter)
        } else {
            self.rejected(n, counter)
        };
        if self.flipped { n - drawn } else { drawn }
    }

    /// Inversion (Kachitvichyanukul and Schmeiser 1988, algorithm BINV).
    fn inverted(&self, n: u64, counter: &mut Counter) -> u64 {
        let size = n as f64;
        let mut left = counter.uniform();
        // (1 - p)^n is never below 1 - n p: most draws of rare things end here, before the exponential.
        if left < 1.0 - size * self.p {
            return 0;
        }
        let first = (size * self.log_q).exp();
        let (mut term, mut k) = (first, 0.0);
        // Sums of terms reach 1 within rounding; far beyond every mean that comes here, the next term is nothing.
        while left > term && k < size && k < 110.0 {
            left -= term;
            k += 1.0;
            term *= self.odds * (size - k + 1.0) / k;
        }
        whole(k)
    }

    /// Transformed rejection (Hörmann 1993, J Stat Comput Simul 46, algorithm BTRS).
    fn rejected(&self, n: u64, counter: &mut Counter) -> u64 {
        let (size, p) = (n as f64, self.p);
        let deviation = (size * p * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * deviation;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let centre = size * p + 0.5;
        let squeeze = 0.92 - 4.2 / b;
        let alpha = (2.83 + 5.1 / b) * deviation;
        let mode = ((size + 1.0) * p).floor();
        loop {
            let u = counter.uniform() - 0.5;
            let v = counter.uniform();
            let edge = 0.5 - u.abs();
            let k = ((2.0 * a / edge + b) * u + centre).floor();
            if edge >= 0.07 && v <= squeeze {
                return whole(k);
            }
            if !(0.0..=size).contains(&k) {
                continue;
            }
            let height = (v * alpha / (a / (edge * edge) + b)).ln();
            let bound = (mode + 0.5) * ((mode + 1.0) / (self.odds * (size - mode + 1.0))).ln()
                + (size + 1.0) * ((size - mode + 1.0) / (size - k + 1.0)).ln()
                + (k + 0.5) * (self.odds * (size - k + 1.0) / (k + 1.0)).ln()
                + tail(mode)
                + tail(size - mode)
                - tail(k)
                - tail(size - k);
            if height <= bound {
                return whole(k);
            }
        }
    }
}

/// A count that was computed in floating point, never negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative; a cast saturates")]
fn whole(k: f64) -> u64 {
    k as u64
}

/// What Stirling's formula for ln(k!) leaves out.
fn tail(k: f64) -> f64 {
    const SMALL: [f64; 10] = [
        0.081_061_466_795_327_26,
        0.041_340_695_955_409_29,
        0.027_677_925_684_998_34,
        0.020_790_672_103_765_09,
        0.016_644_691_189_821_19,
        0.013_876_128_823_070_75,
        0.011_896_709_945_891_77,
        0.010_411_265_261_972_09,
        0.009_255_462_182_712_733,
        0.008_330_563_433_362_87,
    ];
    if k < 9.5 {
        return SMALL[usize::try_from(whole(k)).unwrap_or(0).min(9)];
    }
    let square = (k + 1.0) * (k + 1.0);
    (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / (k + 1.0)
}

/// ln(k!) for a whole k.
fn ln_factorial(k: f64) -> f64 {
    const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
    HALF_LN_TAU + (k + 0.5) * (k + 1.0).ln() - (k + 1.0) + tail(k)
}

/// A gamma variate of this shape and scale 1 (Marsaglia and Tsang 2000, ACM TOMS 26); 0 for a shape that is not positive.
pub(crate) fn gamma(shape: f64, counter: &mut Counter) -> f64 {
    if !(shape.is_finite() && shape > 0.0) {
        return 0.0;
    }
    if shape < 1.0 {
        let boost = (1.0 - counter.uniform()).powf(1.0 / shape);
        return gamma(shape + 1.0, counter) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = counter.normal();
        let v = (1.0 + c * x).powi(3);
        let u = 1.0 - counter.uniform();
        if v > 0.0 && (u < 1.0 - 0.0331 * x.powi(4) || u.ln() < 0.5 * x * x + d * (1.0 - v + v.ln())) {
            return d * v;
        }
    }
}

/// A Poisson variate: inversion below a mean of ten, Hörmann's PTRS (1993, Insur Math Econ 12) above.
fn poisson(mean: f64, counter: &mut Counter) -> u64 {
    if !(mean.is_finite() && mean > 0.0) {
        return 0;
    }
    if mean < FEW {
        let mut left = counter.uniform();
        let (mut term, mut k) = ((-mean).exp(), 0.0);
        while left > term && k < 110.0 {
            left -= term;
            k += 1.0;
            term *= mean / k;
        }
        return whole(k);
    }
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.02483 * b;
    let alpha = 1.1239 + 1.1328 / (b - 3.4);
    let squeeze = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = counter.uniform() - 0.5;
        let v = counter.uniform();
        let edge = 0.5 - u.abs();
        let k = ((2.0 * a / edge + b) * u + mean + 0.43).floor();
        if edge >= 0.07 && v <= squeeze {
            return whole(k);
        }
        if k < 0.0 || (edge < 0.013 && v > edge) {
            continue;
        }
        if (v * alpha / (a / (edge * edge) + b)).ln() <= k * mean.ln() - mean - ln_factorial(k) {
            return whole(k);
        }
    }
}

/// Counts that are negative binomial with one mean and size (variance = mean + mean^2 / size), summed over people.
#[derive(Clone, Debug)]
pub(crate) struct Contacts {
    mean: f64,
    size: f64,
    /// Probability of at most so many, for one person, as far as it differs from 1.
    cumulated: Vec<f64>,
    /// For each of 256 steps of probability, the first number whose cumulated probability lies above its start.
    guide: Vec<u16>,
}

/// Up to so many people, each one's contacts are looked up by themselves.
const FEW_PEOPLE: u64 = 12;
/// Longest table of one person's contacts; a wider distribution is never looked up.
const LONGEST_TABLE: usize = 4_000;

impl Contacts {
    /// Of this mean and size; nobody has any if one of them is not positive.
    pub(crate) fn new(mean: f64, size: f64) -> Self {
        let valid = mean.is_finite() && size.is_finite() && mean > 0.0 && size > 0.0;
        let mut cumulated = Vec::new();
        if valid {
            let p = mean / (mean + size);
            let mut term = (size * (-p).ln_1p()).exp();
            let mut sum = 0.0;
            while sum < 1.0 - 1e-14 && cumulated.len() < LONGEST_TABLE {
                sum += term;
                cumulated.push(sum);
                let k = cumulated.len() as f64;
                term *= p * (size + k - 1.0) / k;
            }
            if cumulated.len() == LONGEST_TABLE {
                cumulated.clear();
            }
        }
        let first = |cell: u32| cumulated.partition_point(|c| *c <= f64::from(cell) / 256.0);
        let guide = (0..256).map(|cell| u16::try_from(first(cell)).unwrap_or(u16::MAX)).collect();
        Self { mean: if valid { mean } else { 0.0 }, size, cumulated, guide }
    }

    /// All contacts of `n` people: again negative binomial, with n times mean and size, and as such exactly a Poisson count
    /// whose mean is gamma distributed.
    pub(crate) fn of(&self, n: u64, counter: &mut Counter) -> u64 {
        if n == 0 || self.mean <= 0.0 {
            return 0;
        }
        if n <= FEW_PEOPLE && !self.cumulated.is_empty() {
            return (0..n)
                .map(|_| {
                    let u = counter.uniform();
                    let cell = usize::try_from(whole(u * 256.0)).unwrap_or(0);
                    let mut k = self.guide.get(cell).map_or(0, |k| usize::from(*k));
                    while self.cumulated.get(k).is_some_and(|c| *c <= u) {
                        k += 1;
                    }
                    k as u64
                })
                .sum();
        }
        poisson(gamma(n as f64 * self.size, counter) * self.mean / self.size, counter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn counter(day: u16) -> Counter {
        Counter::new(3, Purpose::Demand, 1, 2, day)
    }

    /// ln of the binomial probability, by the sum of logarithms: shares nothing with the draws.
    fn ln_choose(n: u64, k: u64) -> f64 {
        (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum()
    }

    /// Pearson's chi-square of a sample of whole numbers against the probabilities of 0, 1, …, in cells that expect 10 at least.
    fn chi_square(sample: &[u64], p: impl Fn(u64) -> f64, most: u64) -> (f64, f64) {
        let total = sample.len() as f64;
        let (mut square, mut cells) = (0.0, 0.0);
        let (mut seen, mut expected, mut covered) = (0.0, 0.0, 0.0);
        let mut counts = std::collections::BTreeMap::<u64, f64>::new();
        for k in sample {
            *counts.entry(*k).or_default() += 1.0;
        }
        for k in 0..=most {
            seen += counts.get(&k).copied().unwrap_or(0.0);
            expected += total * p(k);
            if expected >= 10.0 && total - covered - expected >= 10.0 {
                square += (seen - expected).powi(2) / expected;
                covered += expected;
                cells += 1.0;
                (seen, expected) = (0.0, 0.0);
            }
        }
        let rest = sample.len() as f64 - covered;
        let seen_rest: f64 = seen + counts.range(most + 1..).map(|(_, c)| c).sum::<f64>();
        (square + (seen_rest - rest).powi(2) / rest.max(1e-9), cells)
    }

    /// Draws fit their distribution: chi-square within four and a half standard deviations of its degrees of freedom.
    fn fits(square: f64, cells: f64) {
        assert!(square < cells + 4.5 * (2.0 * cells).sqrt() + 3.0, "chi-square {square:.1} with {cells} degrees");
        assert!(cells >= 1.0);
    }

    #[test]
    fn binomial_draws_fit_the_binomial_distribution() {
        for (day, (n, p)) in
            [(1, 0.3), (7, 0.5), (40, 0.02), (190, 0.05), (190, 0.31), (230, 0.77), (5_000, 0.004), (100_000, 0.4)]
                .into_iter()
                .enumerate()
        {
            let mut counter = counter(u16::try_from(day).unwrap());
            let coin = Coin::new(p);
            let sample: Vec<u64> = (0..30_000).map(|_| coin.of(n, &mut counter)).collect();
            assert!(sample.iter().all(|k| *k <= n));
            let most = sample.iter().max().copied().unwrap_or(0);
            let from = sample.iter().min().copied().unwrap_or(0);
            let shifted: Vec<u64> = sample.iter().map(|k| k - from).collect();
            let mass = |k: u64| {
                (ln_choose(n, k + from) + (k + from) as f64 * p.ln() + (n - k - from) as f64 * (1.0 - p).ln()).exp()
            };
            let (square, cells) = chi_square(&shifted, mass, most - from);
            fits(square, cells);
        }
    }

    #[test]
    fn certain_and_impossible_coins_need_no_chance() {
        let mut counter = counter(9);
        assert_eq!(
            [0.0, 1.0, f64::NAN, -3.0].map(|p| Coin::new(p).of(1_000_000_000_000, &mut counter)),
            [0, 1_000_000_000_000, 0, 0]
        );
    }

    #[test]
    fn contacts_fit_the_negative_binomial_distribution() {
        // Mean 3 and size 0.5 each; ten people: mean 30, size 5, by the recursion of its probabilities.
        for (n, mean, size) in [(1u64, 3.0, 0.5), (10, 3.0, 0.5), (40, 0.7, 2.0), (13, 3.0, 0.5)] {
            let mut counter = counter(11);
            let sample: Vec<u64> = (0..30_000).map(|_| Contacts::new(mean, size).of(n, &mut counter)).collect();
            let (size, mean) = (n as f64 * size, n as f64 * mean);
            let p = mean / (mean + size);
            let mut mass = vec![(1.0 - p).powf(size)];
            for k in 1..2_000 {
                let last = mass[k - 1];
                mass.push(last * p * (size + k as f64 - 1.0) / k as f64);
            }
            let (square, cells) = chi_square(&sample, |k| mass[usize::try_from(k).unwrap()], 1_500);
            fits(square, cells);
        }
    }

    #[test]
    fn gamma_draws_have_their_mean_and_variance() {
        for shape in [0.18, 0.9, 1.0, 4.0, 250.0] {
            let mut counter = counter(13);
            let sample: Vec<f64> = (0..40_000).map(|_| gamma(shape, &mut counter)).collect();
            let mean = sample.iter().sum::<f64>() / 4e4;
            let variance = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4e4;
            let error = (shape / 4e4f64).sqrt();
            assert!((mean - shape).abs() < 4.0 * error, "{shape}: {mean}");
            // The variance of a sample variance: (mu4 - var^2) / n with mu4 = 3 shape^2 + 6 shape.
            let off = ((2.0 * shape * shape + 6.0 * shape) / 4e4).sqrt();
            assert!((variance - shape).abs() < 4.5 * off, "{shape}: {variance}");
        }
    }
}
