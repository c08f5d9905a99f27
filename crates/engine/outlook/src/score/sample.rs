//! Scores of draws: for forecasts whose paths are at hand, not only their quantiles.

/// Continuous ranked probability score of draws, in the unit of the draws; lower is better, 0 when every draw is the outcome.
///
/// E|X - y| - E|X - X'| / 2 over the empirical distribution (Gneiting and Raftery 2007, eq. 20), by sorting instead of by
/// pairs. `None` of no draws.
pub fn crps(draws: &[f64], observed: f64) -> Option<f64> {
    if draws.is_empty() {
        return None;
    }
    // Both parts are the same for values seen from the outcome; small numbers lose less.
    let mut from: Vec<f64> = draws.iter().map(|x| x - observed).collect();
    from.sort_unstable_by(f64::total_cmp);
    let n = from.len() as f64;
    let (mut distance, mut spread) = (0.0, 0.0);
    for (i, x) in from.iter().enumerate() {
        distance += x.abs();
        spread += x * (2.0 * i as f64 + 1.0 - n);
    }
    Some(distance / n - spread / (n * n))
}

/// The same on the scale ln(1 + count); draws and outcome are no less than 0.
pub fn crps_log1p(draws: &[f64], observed: f64) -> Option<f64> {
    let logs: Vec<f64> = draws.iter().map(|x| x.ln_1p()).collect();
    crps(&logs, observed.ln_1p())
}

/// Shares of the draws below and at the outcome; `None` of no draws.
fn shares(draws: &[f64], observed: f64) -> Option<(f64, f64)> {
    let n = draws.len() as f64;
    let below = draws.iter().filter(|x| **x < observed).count() as f64;
    let at = draws.iter().filter(|x| **x <= observed).count() as f64;
    (n > 0.0).then(|| (below / n, at / n))
}

/// Bias of draws, -1 (all below the outcome) to 1 (all above it): 1 - P(X <= y) - P(X < y) (Funk et al. 2019,
/// doi 10.1371/journal.pcbi.1006785). `None` of no draws.
pub fn bias(draws: &[f64], observed: f64) -> Option<f64> {
    shares(draws, observed).map(|(below, at)| 1.0 - below - at)
}

/// Randomised probability integral transform of whole counts (Czado et al. 2009, doi 10.1111/j.1541-0420.2009.01191.x):
/// `uniform`, in [0, 1), chooses between P(X < y) and P(X <= y). `None` of no draws.
pub fn pit(draws: &[f64], observed: f64, uniform: f64) -> Option<f64> {
    shares(draws, observed).map(|(below, at)| below + uniform * (at - below))
}
