//! Weekdays: what a Monday's count is to its week, learnt from all places together and believed as far as it repeats.

/// Weeks that are read.
const WEEKS: usize = 8;
/// Weeks of one weekday without which nothing is said.
const FEWEST: usize = 3;

/// Effects on ln(count), by day of the calendar modulo 7; they average 0. All zero while nothing repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Weekdays([f64; 7]);

impl Weekdays {
    /// From all places' counts on one calendar.
    pub(crate) fn of(places: &[&[Option<f64>]]) -> Self {
        let days = places.iter().map(|p| p.len()).max().unwrap_or(0);
        let mut ratios: [Vec<f64>; 7] = Default::default();
        for t in days.saturating_sub(7 * WEEKS).max(3)..days.saturating_sub(3) {
            let (mut sum, mut weight) = (0.0, 0.0);
            for counts in places {
                let Some(week) = counts.get(t - 3..=t + 3).and_then(|w| w.iter().copied().collect::<Option<Vec<_>>>())
                else {
                    continue;
                };
                let mean = week.iter().sum::<f64>() / 7.0;
                // Half a case keeps a day without any finite; a small place says little.
                let size = mean / (mean + 10.0);
                sum += size * ((week[3] + 0.5) / (mean + 0.5)).ln();
                weight += size;
            }
            if weight > 0.0 {
                ratios[t % 7].push(sum / weight);
            }
        }
        if ratios.iter().any(|r| r.len() < FEWEST) {
            return Self::default();
        }
        let mean = |r: &[f64]| r.iter().sum::<f64>() / r.len() as f64;
        let means: [f64; 7] = std::array::from_fn(|d| mean(&ratios[d]));
        let all = mean(&means);
        let effects = means.map(|m| m - all);
        // Variance of the effects beyond what chance gives them: what does not repeat is not believed.
        let chance: f64 = ratios
            .iter()
            .zip(means)
            .map(|(r, m)| r.iter().map(|x| (x - m).powi(2)).sum::<f64>() / ((r.len() - 1) * r.len()) as f64)
            .sum::<f64>()
            / 7.0;
        let seen = effects.iter().map(|e| e * e).sum::<f64>() / 6.0;
        let believed = if seen > 0.0 { ((seen - chance) / seen).clamp(0.0, 1.0) } else { 0.0 };
        Self(effects.map(|e| believed * e))
    }

    /// Effect on a day of the calendar (days after its end included).
    pub(crate) fn at(&self, day: usize) -> f64 {
        self.0[day % 7]
    }

    /// Counts as they would be on an average weekday.
    pub(crate) fn taken_off(&self, counts: &[Option<f64>]) -> Vec<Option<f64>> {
        counts.iter().enumerate().map(|(t, c)| c.map(|c| c * (-self.at(t)).exp())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sundays_that_are_half_are_found_and_taken_off() {
        let counts: Vec<Option<f64>> = (0..70).map(|t| Some(if t % 7 == 6 { 500.0 } else { 1000.0 })).collect();
        let weekdays = Weekdays::of(&[&counts]);
        let flat = weekdays.taken_off(&counts);
        let (low, high) = flat.iter().flatten().fold((f64::MAX, 0.0f64), |(l, h), c| (l.min(*c), h.max(*c)));
        assert!(high / low < 1.02, "{low} {high}");
    }

    #[test]
    fn one_odd_sunday_is_no_effect() {
        let mut counts = vec![Some(1000.0); 70];
        counts[48] = Some(200.0);
        let weekdays = Weekdays::of(&[&counts]);
        assert!((0..7).all(|d| weekdays.at(d).abs() < 0.03), "{weekdays:?}");
    }
}
