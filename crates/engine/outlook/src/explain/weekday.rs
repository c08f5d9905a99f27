//! What the weekdays of one place usually show beyond what its forecast holds already, as far as chance cannot have made it.

use crate::config::Config;
use crate::daily::{Calendar, Daily, days_between};
use crate::ensemble::weekday::Weekdays;
use crate::vintage::Vintage;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use std::collections::BTreeMap;

/// Weeks that are read: as many as the method reads.
const WEEKS: usize = 8;
/// Days of one weekday without which nothing is said of it.
const FEWEST: usize = 3;
/// Days beyond one for each weekday without which nobody knows how much days of one weekday differ.
const FREEDOM: usize = 14;
/// Standard errors that chance reaches one time in twenty: Student's t with 14 degrees of freedom (2.145), less with more.
const CHANCE: f64 = 2.145;
/// Weeks of fewer persons a day say more about chance than about weekdays: at five, Poisson noise alone is .45.
const LEAST_MEAN: f64 = 5.0;

/// Effects on ln(count) by place and weekday.
#[derive(Clone, Debug, Default)]
pub(super) struct Unforeseen {
    first: Option<Date>,
    by_place: BTreeMap<PlaceCode, [f64; 7]>,
}

impl Unforeseen {
    /// From what a forecast was made from. A forecast holds the effects that the method believes, common to all places.
    pub(super) fn of(vintage: &Vintage, config: &Config) -> Self {
        let Ok(calendar) = Calendar::of(vintage, config) else { return Self::default() };
        let daily: Vec<(&PlaceCode, Daily)> = vintage
            .series
            .iter()
            .map(|series| (&series.place, Daily::of(series, &calendar, &vintage.completeness)))
            .collect();
        let usable = |city: bool| -> Vec<&[Option<f64>]> {
            let kind = daily.iter().filter(|(place, _)| (**place == vintage.city) == city);
            kind.filter(|(_, d)| d.usable(&calendar, config).is_ok()).map(|(_, d)| d.counts.as_slice()).collect()
        };
        let districts = usable(false);
        let held = Weekdays::of(&if districts.is_empty() { usable(true) } else { districts });
        let effects = |counts: &[Option<f64>]| beyond_chance(counts, |t| held.at(t));
        let by_place = daily.iter().map(|(place, d)| ((*place).clone(), effects(&d.counts))).collect();
        Self { first: Some(calendar.first), by_place }
    }

    /// Factor on what was forecast for a day; 1 where nothing beyond chance is known.
    pub(super) fn factor(&self, place: &PlaceCode, day: Date) -> f64 {
        let at = self.first.and_then(|first| usize::try_from(days_between(first, day)).ok());
        at.and_then(|at| self.by_place.get(place).map(|effects| effects[at % 7])).map_or(1.0, f64::exp)
    }
}

/// By day of the calendar modulo 7: the part of each effect that lies beyond [`CHANCE`] standard errors, `held` taken off.
fn beyond_chance(counts: &[Option<f64>], held: impl Fn(usize) -> f64) -> [f64; 7] {
    let mut off: [Vec<f64>; 7] = Default::default();
    for t in counts.len().saturating_sub(7 * WEEKS).max(3)..counts.len().saturating_sub(3) {
        let week = counts.get(t - 3..=t + 3).and_then(|w| w.iter().copied().collect::<Option<Vec<f64>>>());
        let Some((week, mean)) = week.map(|w| (w[3], w.iter().sum::<f64>() / 7.0)).filter(|(_, m)| *m >= LEAST_MEAN)
        else {
            continue;
        };
        off[t % 7].push(((week + 0.5) / (mean + 0.5)).ln() - held(t));
    }
    let days: usize = off.iter().map(Vec::len).sum();
    if off.iter().any(|o| o.len() < FEWEST) || days < 7 + FREEDOM {
        return [0.0; 7];
    }
    let means: [f64; 7] = std::array::from_fn(|d| off[d].iter().sum::<f64>() / off[d].len() as f64);
    let all = means.iter().sum::<f64>() / 7.0;
    let squares: f64 = off.iter().zip(means).flat_map(|(o, m)| o.iter().map(move |x| (x - m).powi(2))).sum();
    let variance = squares / (days - 7) as f64;
    std::array::from_fn(|d| {
        let effect = means[d] - all;
        // A mean less the mean of all seven.
        let error = (variance / off[d].len() as f64 * 6.0 / 7.0).sqrt();
        effect.signum() * (effect.abs() - CHANCE * error).max(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Counter, Purpose};

    /// Ten weeks that grow by 5 % a day with noise of a fifth; Sundays at `sunday` times the rest.
    fn weeks(seed: u64, sunday: f64) -> Vec<Option<f64>> {
        let mut noise = Counter::new(seed, Purpose::Demand, 0, 0, 0);
        (0..70)
            .map(|t| {
                let weekday = if t % 7 == 6 { sunday } else { 1.0 };
                Some(20.0 * (0.05 * f64::from(t) + 0.2 * noise.normal()).exp() * weekday)
            })
            .collect()
    }

    #[test]
    fn noise_is_no_weekday() {
        // One in twenty is chance's share; 200 series of seven weekdays, 1,400 chances.
        let named = (0..200).flat_map(|seed| beyond_chance(&weeks(seed, 1.0), |_| 0.0)).filter(|e| e.abs() > 0.0);
        let named = named.count();
        assert!((20..=120).contains(&named), "{named}");
    }

    #[test]
    fn sundays_of_half_are_named_for_less_than_they_are_and_no_other_day_is() {
        let (mut sundays, mut others) = (0.0, 0.0);
        for seed in 0..50 {
            let effects = beyond_chance(&weeks(seed, 0.5), |_| 0.0);
            sundays += effects[6] / 50.0;
            others += effects[..6].iter().map(|e| e.abs()).sum::<f64>() / 300.0;
        }
        // ln(1/2) less the mean of seven, six sevenths of it, is -.59; a fifth of noise over eight weeks takes .15 of it.
        assert!((-0.55..-0.35).contains(&sundays) && others < 0.03, "{sundays} {others}");
    }

    #[test]
    fn what_the_forecast_holds_is_not_named_again() {
        let held = |t: usize| if t % 7 == 6 { 6.0 / 7.0 * 0.5f64.ln() } else { -0.5f64.ln() / 7.0 };
        for seed in 0..20 {
            assert!(beyond_chance(&weeks(seed, 0.5), held)[6].abs() < 0.12, "{seed}");
        }
    }

    #[test]
    fn three_weeks_of_a_young_outbreak_say_nothing() {
        let young: Vec<Option<f64>> = weeks(1, 0.5).split_off(48);
        assert!(beyond_chance(&young, |_| 0.0).iter().all(|e| e.abs() < 1e-12));
        assert!(beyond_chance(&[], |_| 0.0).iter().all(|e| e.abs() < 1e-12));
    }
}
