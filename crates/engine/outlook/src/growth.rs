//! Local log-linear growth: a straight line through the newest ln(1 + count), newer days weighing more, outliers less.

/// A line fitted to the days up to one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    /// Height at its last day, log scale.
    pub(crate) level: f64,
    /// Slope per day.
    pub(crate) slope: f64,
    /// Standard error of the slope, widened for errors that follow one another.
    pub(crate) slope_se: f64,
    /// Days with a count in the window.
    pub(crate) points: usize,
}

/// Days that a fit looks back: five half-lives of the default, so that what is cut off weighs under 3 %.
const WINDOW: usize = 21;
/// Beyond this slope (per day, either way) an estimate is noise or a change of counting. The fastest growth in the
/// sources used here is 0.42 a day (0.35-0.51), December 2022 (Goldberg, Nat Commun 2023); 0.7 doubles every day.
const STEEPEST: f64 = 0.7;
/// Variance of ln(1 + count) beside counting noise; keeps a day of 10^5 cases from outweighing all others.
const DAY_TO_DAY_VARIANCE: f64 = 0.02;
/// Counts further off the line than this many robust standard deviations are weighed down (Huber 1964).
const HUBER: f64 = 1.5;

/// Fits the days up to and with `end`; `None` without a count in the window.
pub(crate) fn fit(logs: &[Option<f64>], end: usize, half_life_days: f64) -> Option<Fit> {
    let mut points = [(0.0, 0.0, 0.0); WINDOW];
    let mut n = 0;
    for age in 0..WINDOW.min(end + 1) {
        if let Some(z) = logs.get(end - age).copied().flatten() {
            // Delta method: a Poisson count of mean m has variance about m / (1 + m)^2 on this scale, at most 1/4.
            let mean = z.exp_m1().max(0.5);
            let variance = mean / ((1.0 + mean) * (1.0 + mean)) + DAY_TO_DAY_VARIANCE;
            points[n] = (-(age as f64), z, (-(age as f64) / half_life_days).exp2() / variance);
            n += 1;
        }
    }
    let points = points.get(..n)?;
    let (first, last) = (points.last()?, points.first()?);
    let span = last.0 - first.0;
    if n < 3 || span < 3.0 {
        let level = points.iter().map(|p| p.1).sum::<f64>() / n as f64;
        return Some(Fit { level, slope: 0.0, slope_se: 0.3, points: n });
    }
    let mut robust = [1.0; WINDOW];
    let (mut line, mut se) = ((0.0, 0.0), 0.3);
    for _ in 0..4 {
        let (mut sw, mut sx, mut sy) = (0.0, 0.0, 0.0);
        for ((x, z, w), r) in points.iter().zip(robust) {
            let w = w * r;
            sw += w;
            sx += w * x;
            sy += w * z;
        }
        let (mx, my) = (sx / sw, sy / sw);
        let (mut sxx, mut sxy, mut sww) = (0.0, 0.0, 0.0);
        for ((x, z, w), r) in points.iter().zip(robust) {
            let w = w * r;
            sxx += w * (x - mx) * (x - mx);
            sxy += w * (x - mx) * (z - my);
            sww += w * w * (x - mx) * (x - mx);
        }
        if sxx <= 0.0 {
            break;
        }
        let slope = sxy / sxx;
        line = (my - slope * mx, slope);
        let mut sizes: Vec<f64> = points.iter().map(|(x, z, _)| (z - line.0 - slope * x).abs()).collect();
        let scale = (1.4826 * crate::quantile::median(&mut sizes).unwrap_or(0.0)).max(1e-6);
        for ((x, z, _), r) in points.iter().zip(robust.iter_mut()) {
            let off = (z - line.0 - slope * x).abs() / scale;
            *r = if off > HUBER { HUBER / off } else { 1.0 };
        }
        // Neighbouring errors are alike; a factor 1.5 stands for an autocorrelation of about 0.4.
        se = 1.5 * scale.max(0.02) * sww.sqrt() / sxx;
    }
    // The line's height is kept within the counts that it was fitted to: extrapolated noise is no level.
    let (low, high) = points.iter().fold((f64::INFINITY, 0.0f64), |(l, h), p| (l.min(p.1), h.max(p.1)));
    let slope = line.1.clamp(-STEEPEST, STEEPEST);
    Some(Fit { level: line.0.clamp(low, high), slope, slope_se: se.clamp(1e-3, 1.0), points: n })
}

impl Fit {
    /// Draws the slope towards `pool`, from which places differ by `between` (standard deviation): the less sure, the more.
    pub(crate) fn shrunk_to(mut self, pool: Option<Fit>, between: f64) -> Self {
        if let Some(pool) = pool {
            let own = 1.0 / (self.slope_se * self.slope_se);
            let of_pool = 1.0 / (between * between + pool.slope_se * pool.slope_se);
            self.slope = (own * self.slope + of_pool * pool.slope) / (own + of_pool);
            self.slope_se = (1.0 / (own + of_pool)).sqrt();
        }
        self
    }

    /// Height `days` after the fit's last day when what is left of the slope each day is `damping`.
    pub(crate) fn ahead(&self, days: usize, damping: f64) -> f64 {
        self.level + self.slope * damped_days(days, damping)
    }
}

/// damping + damping^2 + … : the days of undamped growth that `days` of damped growth are worth.
pub(crate) fn damped_days(days: usize, damping: f64) -> f64 {
    let (mut sum, mut left) = (0.0, 1.0);
    for _ in 0..days {
        left *= damping;
        sum += left;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exponential(per_day: f64, days: usize) -> Vec<Option<f64>> {
        (0..days).map(|t| Some((per_day * t as f64 + 5.0).exp().ln_1p())).collect()
    }

    #[test]
    fn exponential_growth_is_found() {
        let fit = fit(&exponential(0.1, 30), 29, 4.0).unwrap();
        assert!((fit.slope - 0.1).abs() < 0.002, "{fit:?}");
        assert!((fit.level - (0.1 * 29.0 + 5.0)).abs() < 0.01, "{fit:?}");
    }

    #[test]
    fn one_wild_day_does_not_turn_the_slope() {
        let mut logs = exponential(0.1, 30);
        logs[25] = Some(14.0);
        let fit = fit(&logs, 29, 4.0).unwrap();
        assert!((fit.slope - 0.1).abs() < 0.03, "{fit:?}");
    }

    #[test]
    fn days_after_the_end_are_not_read() {
        let mut logs = exponential(0.1, 30);
        let before = fit(&logs, 20, 4.0);
        logs[21] = Some(0.0);
        assert_eq!(fit(&logs, 20, 4.0), before);
    }

    #[test]
    fn an_unsure_slope_goes_to_the_city() {
        let unsure = Fit { level: 1.0, slope: 0.5, slope_se: 0.5, points: 4 };
        let city = Fit { level: 9.0, slope: 0.1, slope_se: 0.01, points: 21 };
        let shrunk = unsure.shrunk_to(Some(city), 0.05);
        assert!((shrunk.slope - 0.1).abs() < 0.01 && shrunk.slope_se < 0.06, "{shrunk:?}");
    }
}
