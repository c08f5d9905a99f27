//! How long people stay, by whole days, and how long those stay on who are there already.

use super::chance::Coin;
use crate::random::Counter;

/// Longest stay, days. What a distribution leaves beyond it is put on the last day: at the longest mean and the widest
/// spread of the packs (30 and 15 days) that is under one in a thousand.
const LONGEST: usize = 90;
/// Stays that fewer than so many people in one have are cut to the longest that more have.
const NEGLIGIBLE: f64 = 1e-6;
/// Up to so many people, each one's day is looked up; above it, days take their share one after the other.
const ONE_BY_ONE: u64 = 300;
/// Of up to so many people, each one is told by itself.
const FEW_PEOPLE: u64 = 24;
/// Cells of the guide to the cumulated distribution: so many that hardly any holds the end of a day.
const CELLS: usize = 2_048;

/// Probability of each length of stay in whole days, index 0 = none: a gamma distribution of this mean and standard deviation in
/// days, rounded to whole days, at least one. `None` if either is no number, the mean not positive or the deviation negative.
///
/// The planner's discharges rest on it as the demand does, so that the two do not contradict each other.
/// ```
/// # use levee_outlook::demand::stays;
/// let shares = stays(7.0, 2.5).expect("two numbers of days");
/// let mean: f64 = (0u8..).zip(&shares).map(|(days, share)| f64::from(days) * share).sum();
/// assert!((mean - 7.0).abs() < 0.01);
/// assert_eq!(stays(0.0, 2.5), None);
/// ```
pub fn stays(mean_days: f64, sd_days: f64) -> Option<Vec<f64>> {
    let usable = mean_days.is_finite() && mean_days > 0.0 && sd_days.is_finite() && sd_days >= 0.0;
    usable.then(|| Sojourn::gamma(mean_days, sd_days).mass)
}

/// A length of stay, or of what is left of one, in whole days from 1 on.
#[derive(Clone, Debug)]
pub(crate) struct Sojourn {
    /// Probability of exactly `l` days; `mass[0]` is 0.
    mass: Vec<f64>,
    /// Probability of at most `l` days; the last is 1.
    cumulated: Vec<f64>,
    /// At `l`: does somebody who stayed at least `l` days leave after exactly `l`?
    leaves: Vec<Coin>,
    /// First `l` whose cumulated probability lies above cell / CELLS.
    guide: Vec<u8>,
}

impl Sojourn {
    /// From masses by day; index 0 is one day. What is not a positive number counts as nothing; of nothing, one day.
    pub(crate) fn from_mass(days: impl IntoIterator<Item = f64>) -> Self {
        let mut mass = vec![0.0];
        mass.extend(days.into_iter().map(|m| if m.is_finite() && m > 0.0 { m } else { 0.0 }));
        if mass.len() > LONGEST + 1 {
            let beyond: f64 = mass.drain(LONGEST + 1..).sum();
            mass[LONGEST] += beyond;
        }
        while mass.len() > 2 && mass.last().is_some_and(|m| *m <= 0.0) {
            mass.pop();
        }
        let total: f64 = mass.iter().sum();
        if total <= 0.0 {
            mass = vec![0.0, 1.0];
        } else {
            mass.iter_mut().for_each(|m| *m /= total);
        }
        let mut sum = 0.0;
        let mut cumulated: Vec<f64> = mass
            .iter()
            .map(|m| {
                sum += m;
                f64::min(sum, 1.0)
            })
            .collect();
        if let Some(last) = cumulated.last_mut() {
            *last = 1.0;
        }
        // From the far end, so that small tails keep their digits.
        let mut tail = 0.0;
        let mut leaves: Vec<Coin> = mass
            .iter()
            .rev()
            .map(|m| {
                tail += m;
                Coin::new(if tail > 0.0 { m / tail } else { 1.0 })
            })
            .collect();
        leaves.reverse();
        let guide = (0..CELLS)
            .map(|cell| {
                let at = cell as f64 / CELLS as f64;
                u8::try_from(cumulated.partition_point(|c| *c <= at)).unwrap_or(u8::MAX)
            })
            .collect();
        Self { mass, cumulated, leaves, guide }
    }

    /// Exactly so many days; at least one.
    pub(crate) fn exactly(days: usize) -> Self {
        let days = days.clamp(1, LONGEST);
        Self::from_mass((1..=days).map(|l| f64::from(u8::from(l == days))))
    }

    /// A gamma distribution of this mean and standard deviation, each stay rounded to the nearest whole day, at least one.
    pub(crate) fn gamma(mean_days: f64, sd_days: f64) -> Self {
        if !(mean_days.is_finite() && mean_days > 0.0) {
            return Self::exactly(1);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number of days")]
        if !(sd_days.is_finite() && sd_days > 1e-3) {
            return Self::exactly(mean_days.round().min(LONGEST as f64) as usize);
        }
        let shape = (mean_days / sd_days).powi(2);
        let scale = sd_days * sd_days / mean_days;
        let up_to = |l: usize| super::special::lower_gamma(shape, (l as f64 + 0.5) / scale);
        let longest = (1..LONGEST).find(|l| 1.0 - up_to(*l) < NEGLIGIBLE).unwrap_or(LONGEST);
        Self::from_mass((1..=longest).map(|l| match l {
            _ if l == longest => 1.0 - if l == 1 { 0.0 } else { up_to(l - 1) },
            1 => up_to(1),
            _ => up_to(l) - up_to(l - 1),
        }))
    }

    /// What is left of the stays of people who are there at the end of a day, if `arrived[a]` people came `a` days before
    /// it (0 = on that day). Without arrivals that tell anything: as if they had come evenly (the equilibrium distribution).
    pub(crate) fn residual(&self, arrived: &[f64]) -> Self {
        let longest = self.longest();
        let even = vec![1.0; longest];
        let told: f64 = arrived.iter().zip(0..longest).map(|(n, a)| n * self.stays_beyond(a)).sum();
        let weights = if told > 0.0 { arrived } else { &even };
        Self::from_mass((1..=longest).map(|left| {
            weights.iter().enumerate().map(|(a, n)| n * self.mass.get(a + left).copied().unwrap_or(0.0)).sum()
        }))
    }

    /// Longest stay that can be, days.
    pub(crate) fn longest(&self) -> usize {
        self.mass.len() - 1
    }

    /// Probability of more than `days` days.
    pub(crate) fn stays_beyond(&self, days: usize) -> f64 {
        self.cumulated.get(days).map_or(0.0, |c| 1.0 - c)
    }

    /// Mean, days.
    #[cfg(test)]
    pub(crate) fn mean(&self) -> f64 {
        self.mass.iter().enumerate().map(|(l, m)| l as f64 * m).sum()
    }

    /// Splits `n` people who have already stayed more than `after` days by the day they leave on: one multinomial over the exact
    /// distribution. `leave` is told of stays shorter than `before` days; the others stay longer than anybody asks.
    pub(crate) fn split(
        &self,
        n: u64,
        after: usize,
        before: usize,
        counter: &mut Counter,
        mut leave: impl FnMut(usize, u64),
    ) {
        if n == 0 || after + 1 >= before {
            return;
        }
        if after >= self.longest() {
            // Nobody stays so long; whoever did, leaves next.
            leave(after + 1, n);
            return;
        }
        let from = self.cumulated.get(after).copied().unwrap_or(1.0);
        if n <= FEW_PEOPLE {
            for _ in 0..n {
                let day = self.day_at(from + (1.0 - from) * counter.uniform()).max(after + 1);
                if day < before {
                    leave(day, 1);
                }
            }
            return;
        }
        if n <= ONE_BY_ONE {
            let mut days = [0u16; LONGEST + 2];
            for _ in 0..n {
                days[self.day_at(from + (1.0 - from) * counter.uniform()).min(LONGEST)] += 1;
            }
            // Rounding may put somebody on the last day that is over.
            days[after + 1] += std::mem::take(&mut days[after]);
            let to = before.min(self.longest() + 1);
            for (day, people) in days.iter().enumerate().take(to).skip(after + 1) {
                if *people > 0 {
                    leave(day, u64::from(*people));
                }
            }
            return;
        }
        // A multinomial, one binomial after another: those who leave after exactly `day` days, of those still there.
        let mut left = n;
        for (day, coin) in self.leaves.iter().enumerate().take(before).skip(after + 1) {
            let gone = coin.of(left, counter);
            if gone > 0 {
                leave(day, gone);
                left -= gone;
            }
            if left == 0 {
                return;
            }
        }
    }

    /// Of `n` people who came `ago` days before, those who are still there, by the day they leave on: one multinomial over all days.
    pub(crate) fn still_there(
        &self,
        n: u64,
        ago: usize,
        still: &Coin,
        before: usize,
        counter: &mut Counter,
        mut leave: impl FnMut(usize, u64),
    ) -> u64 {
        if n > FEW_PEOPLE {
            let there = still.of(n, counter);
            self.split(there, ago, before, counter, leave);
            return there;
        }
        let gone = self.cumulated.get(ago).copied().unwrap_or(1.0);
        let mut there = 0;
        for _ in 0..n {
            let u = counter.uniform();
            if u >= gone {
                there += 1;
                let day = self.day_at(u).max(ago + 1);
                if day < before {
                    leave(day, 1);
                }
            }
        }
        there
    }

    /// The day whose part of the cumulated distribution holds `u`.
    fn day_at(&self, u: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and CELLS")]
        let cell = ((u * CELLS as f64) as usize).min(CELLS - 1);
        let mut day = usize::from(self.guide[cell]);
        while day < self.longest() && self.cumulated[day] <= u {
            day += 1;
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use proptest::prelude::*;

    #[test]
    fn a_stay_has_the_mean_that_was_asked_for() {
        for (mean, sd) in [(7.0, 2.5), (9.0, 4.0), (14.0, 7.0), (18.0, 9.0)] {
            let stay = Sojourn::gamma(mean, sd);
            assert!((stay.mean() - mean).abs() < 0.02, "{mean}: {}", stay.mean());
            assert!((stay.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert!((Sojourn::gamma(5.0, 0.0).mean() - 5.0).abs() < 1e-12);
        assert_eq!(Sojourn::gamma(f64::NAN, 1.0).longest(), 1);
    }

    #[test]
    fn what_is_left_of_even_arrivals_is_the_equilibrium_distribution() {
        // 1 or 3 days, alike: of those present after even arrivals, 3/4 came for 3 days; 1, 2 or 3 nights are left with
        // probabilities (1 + 1) / 4, 1 / 4, 1 / 4.
        let stay = Sojourn::from_mass([0.5, 0.0, 0.5]);
        let left = stay.residual(&[]);
        assert_eq!(left.mass, [0.0, 0.5, 0.25, 0.25]);
        // All came today: nothing of the stay is gone.
        assert_eq!(stay.residual(&[10.0]).mass, stay.mass);
    }

    #[test]
    fn splits_follow_the_distribution_one_by_one_and_by_binomials() {
        let stay = Sojourn::gamma(7.0, 2.5);
        for (n, rounds) in [(7u64, 20_000u64), (90, 2_000), (301, 1_000)] {
            for after in [0usize, 5] {
                let mut counter = Counter::new(1, Purpose::Demand, 0, 0, u16::try_from(n).unwrap());
                let mut seen = vec![0u64; stay.longest() + 1];
                for _ in 0..rounds {
                    stay.split(n, after, usize::MAX, &mut counter, |day, people| seen[day] += people);
                }
                let total = (n * rounds) as f64;
                assert_eq!(seen.iter().sum::<u64>(), n * rounds);
                let staying = stay.stays_beyond(after);
                for (day, people) in seen.iter().enumerate() {
                    let p = if day > after { stay.mass[day] / staying } else { 0.0 };
                    let error = (total * p * (1.0 - p)).sqrt();
                    assert!((*people as f64 - total * p).abs() <= 4.5 * error + 1e-9, "{n} {after} {day}");
                }
            }
        }
    }

    #[test]
    fn those_still_there_are_as_many_as_stay_so_long() {
        let stay = Sojourn::gamma(7.0, 2.5);
        for (n, rounds) in [(7u64, 20_000u64), (90, 2_000)] {
            let still = Coin::new(stay.stays_beyond(6));
            let mut counter = Counter::new(2, Purpose::Demand, 0, 0, u16::try_from(n).unwrap());
            let (mut there, mut told, mut first) = (0, 0, usize::MAX);
            for _ in 0..rounds {
                there += stay.still_there(n, 6, &still, usize::MAX, &mut counter, |day, people| {
                    told += people;
                    first = first.min(day);
                });
            }
            assert_eq!((there, first), (told, 7));
            let (total, p) = ((n * rounds) as f64, stay.stays_beyond(6));
            assert!((there as f64 - total * p).abs() < 4.5 * (total * p * (1.0 - p)).sqrt(), "{there}");
        }
    }

    proptest! {
        /// Whatever the distribution and the number: nobody is lost, nobody leaves before they have stayed.
        #[test]
        fn a_split_keeps_everybody(
            mass in prop::collection::vec(0.0f64..1.0, 1..40),
            n in prop_oneof![0u64..200, Just(1_000_000_000u64)],
            after in 0usize..45,
            seed: u64,
        ) {
            let stay = Sojourn::from_mass(mass);
            let mut counter = Counter::new(seed, Purpose::Demand, 0, 0, 0);
            let mut total = 0;
            let mut earliest = usize::MAX;
            stay.split(n, after, usize::MAX, &mut counter, |day, people| {
                total += people;
                earliest = earliest.min(day);
            });
            prop_assert_eq!(total, n);
            prop_assert!(n == 0 || earliest > after);
        }
    }
}
