//! How much of a day's count is known by now, learnt from how earlier days were completed.
//!
//! Each day's count has versions: what was known on the day itself, a day later, and so on. Of the count known at one age, the
//! part that came in at that age is a hazard in reversed time; the shares follow from the hazards of all later ages
//! (reverse-time hazard of Kalbfleisch and Lawless 1991; the chain ladder of insurance is the same estimate). A day that is
//! too young to be complete is then forecast from what is known *and* from how much that usually is.

use crate::daily::days_between;
use jiff::civil::{Date, Weekday};
use levee_model::quantity::Persons;
use std::collections::BTreeMap;

/// The oldest age, in days, at which a count is still expected to grow. What arrives later is a correction and moves the
/// count, not the shares. Judgement: surveillance feeds by day settle within three weeks, or by bulk corrections.
pub const MAX_AGE: usize = 21;
/// Days after which a completion weighs half as much: offices change how they work. Judgement.
const HALF_LIFE_DAYS: f64 = 28.0;
/// What a weekday's own hazard is shrunk with: as if so many persons had been counted at the pooled one. Judgement.
const WEEKDAY_PERSONS: f64 = 50.0;
/// As if so many persons had been seen to be complete at once, at every age. A feed that was hardly ever seen to be
/// completed is taken as it stands rather than inflated by one odd day. Judgement.
const COMPLETE_PERSONS: f64 = 5.0;

/// One version of a day's count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which series it belongs to, as the caller numbers them: one office's counts of one place. Offices that count the same
    /// place differ for good, which is no completion.
    pub series: u32,
    /// The day that was counted.
    pub day: Date,
    /// The civil day on which this figure became known, `day` or later.
    pub known_on: Date,
    /// The count as it stood then.
    pub count: Persons,
}

/// Shares of a day's final count known at each age, by the weekday of the day that was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Completeness {
    /// `share[weekday][age]`, between 0 and 1, never falling with age; Monday is 0.
    share: [[f64; MAX_AGE + 1]; 7],
    as_of: Option<Date>,
    days: u32,
    completed: u32,
}

impl Default for Completeness {
    fn default() -> Self {
        Self::complete()
    }
}

impl Completeness {
    /// Every count is final when it is first known: what is assumed where no versions were kept.
    pub fn complete() -> Self {
        Self { share: [[1.0; MAX_AGE + 1]; 7], as_of: None, days: 0, completed: 0 }
    }

    /// Learns from all versions known by the end of the day `as_of`; later ones are not read. The order of the versions does
    /// not matter; of two for one day and moment the larger stands.
    pub fn learn(versions: &[Version], as_of: Date) -> Self {
        let histories = histories(versions, as_of);
        let completed = histories.values().filter(|h| h.grew()).count();
        let sums = Sums::of(&histories, as_of);
        let mut learnt = Self {
            share: [[1.0; MAX_AGE + 1]; 7],
            as_of: Some(as_of),
            days: u32::try_from(histories.len()).unwrap_or(u32::MAX),
            completed: u32::try_from(completed).unwrap_or(u32::MAX),
        };
        for (weekday, shares) in learnt.share.iter_mut().enumerate() {
            // From the oldest age backwards: what is known at an age is what is known at the next one less what came in then.
            for age in (0..MAX_AGE).rev() {
                let hazard = sums.hazard(age + 1, (weekday + age + 1) % 7);
                shares[age] = shares[age + 1] * (1.0 - hazard);
            }
        }
        learnt
    }

    /// Share of the final count of `day` that is known by now; 1 for days older than [`MAX_AGE`] days, and for days that
    /// are not over.
    pub fn share(&self, day: Date) -> f64 {
        let age =
            self.as_of.and_then(|now| usize::try_from(days_between(day, now)).ok()).unwrap_or(MAX_AGE).min(MAX_AGE);
        self.share.get(monday_is_0(day.weekday())).and_then(|by_age| by_age.get(age)).copied().unwrap_or(1.0)
    }

    /// Days of all series whose versions were read.
    pub fn days(&self) -> u32 {
        self.days
    }

    /// Of these, how many grew after they were first known.
    pub fn completed(&self) -> u32 {
        self.completed
    }
}

fn monday_is_0(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}

/// What was known of one day at each age: `None` before it was first known, and at ages yet to come.
struct History {
    by_age: [Option<f64>; MAX_AGE + 1],
}

impl History {
    fn grew(&self) -> bool {
        let mut known = self.by_age.iter().flatten();
        known.next().is_some_and(|first| known.any(|later| later > first))
    }
}

fn histories(versions: &[Version], as_of: Date) -> BTreeMap<(u32, Date), History> {
    let mut stated: BTreeMap<(u32, Date), BTreeMap<usize, f64>> = BTreeMap::new();
    for version in versions.iter().filter(|v| v.known_on <= as_of) {
        let Ok(age) = usize::try_from(days_between(version.day, version.known_on)) else { continue };
        let count = version.new_count();
        let at = stated.entry((version.series, version.day)).or_default().entry(age).or_insert(count);
        *at = at.max(count);
    }
    let history = |((series, day), stated): ((_, Date), BTreeMap<usize, f64>)| {
        let last_age = usize::try_from(days_between(day, as_of)).unwrap_or(0);
        let mut by_age = [None; MAX_AGE + 1];
        for (age, slot) in by_age.iter_mut().enumerate().take(last_age.saturating_add(1)) {
            *slot = stated.range(..=age).next_back().map(|(_, count)| *count);
        }
        ((series, day), History { by_age })
    };
    stated.into_iter().map(history).collect()
}

impl Version {
    fn new_count(&self) -> f64 {
        self.count.get() as f64
    }
}

/// Persons that came in at an age, and that were known at it, by the weekday on which they came in.
struct Sums {
    came: [[f64; 7]; MAX_AGE + 1],
    known: [[f64; 7]; MAX_AGE + 1],
}

impl Sums {
    fn of(histories: &BTreeMap<(u32, Date), History>, as_of: Date) -> Self {
        let mut sums = Self { came: [[0.0; 7]; MAX_AGE + 1], known: [[0.0; 7]; MAX_AGE + 1] };
        for ((_, day), history) in histories {
            let weight = (-(days_between(*day, as_of) as f64) / HALF_LIFE_DAYS).exp2();
            let first = monday_is_0(day.weekday());
            for (age, pair) in history.by_age.windows(2).enumerate() {
                let &[Some(before), Some(after)] = pair else { continue };
                let (age, weekday) = (age + 1, (first + age + 1) % 7);
                if let (Some(came), Some(known)) = (
                    sums.came.get_mut(age).and_then(|r| r.get_mut(weekday)),
                    sums.known.get_mut(age).and_then(|r| r.get_mut(weekday)),
                ) {
                    // A downward correction takes nothing back from what usually comes in.
                    *came += weight * (after - before).max(0.0);
                    *known += weight * after.max(before);
                }
            }
        }
        sums
    }

    /// Share of what is known at `age` that came in at that age, when that falls on `weekday`; always below 1.
    fn hazard(&self, age: usize, weekday: usize) -> f64 {
        let row = |of: &[[f64; 7]; MAX_AGE + 1]| of.get(age).copied().unwrap_or_default();
        let (came, known) = (row(&self.came), row(&self.known));
        let pooled = came.iter().sum::<f64>() / (known.iter().sum::<f64>() + COMPLETE_PERSONS);
        let of_day = |row: [f64; 7]| row.get(weekday).copied().unwrap_or(0.0);
        // Below 1 also where counts are so large that the added persons vanish in rounding.
        ((of_day(came) + WEEKDAY_PERSONS * pooled) / (of_day(known) + WEEKDAY_PERSONS)).min(0.999)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    const ORIGIN: Date = date(2022, 11, 20);

    fn version(back: i64, age: i64, count: u64) -> Version {
        let day = ORIGIN.checked_sub(back.days()).unwrap();
        let known_on = day.checked_add(age.days()).unwrap();
        Version { series: 1, day, known_on, count: Persons::new(count) }
    }

    /// Days of 1,000 of which half is known at once, 80 % a day later and all after two.
    fn half_then_most(days: i64) -> Vec<Version> {
        (0..days).flat_map(|back| [version(back, 0, 500), version(back, 1, 800), version(back, 2, 1_000)]).collect()
    }

    #[test]
    fn shares_are_learnt_from_completed_days() {
        let learnt = Completeness::learn(&half_then_most(40), ORIGIN);
        let share = |back: i64| learnt.share(ORIGIN.checked_sub(back.days()).unwrap());
        for (back, expected) in [(0, 0.5), (1, 0.8), (2, 1.0), (5, 1.0)] {
            assert!((share(back) - expected).abs() < 0.01, "{back} days back: {}", share(back));
        }
        assert_eq!((learnt.days(), learnt.completed()), (40, 39));
    }

    #[test]
    fn what_becomes_known_after_the_origin_is_not_read() {
        let past: Vec<Version> = half_then_most(40).into_iter().filter(|v| v.known_on <= ORIGIN).collect();
        assert_eq!(Completeness::learn(&half_then_most(40), ORIGIN), Completeness::learn(&past, ORIGIN));
    }

    #[test]
    fn a_feed_that_is_never_revised_is_complete() {
        let versions: Vec<Version> = (0..60).map(|back| version(back, 1, 300)).collect();
        let learnt = Completeness::learn(&versions, ORIGIN);
        assert_eq!(learnt.share, Completeness::complete().share);
    }

    /// Everything is booked on Mondays: a Friday's count is not complete before the Monday after.
    #[test]
    fn a_weekday_has_its_own_hazard() {
        let versions: Vec<Version> = (0..84)
            .flat_map(|back| {
                let day = ORIGIN.checked_sub(back.days()).unwrap();
                let to_monday = i64::from((7 - day.weekday().to_monday_zero_offset()) % 7).max(1);
                [version(back, 0, 100), version(back, to_monday, 1_000)]
            })
            .collect();
        let friday = date(2022, 11, 18);
        assert!(Completeness::learn(&versions, date(2022, 11, 20)).share(friday) < 0.2);
        assert!(Completeness::learn(&versions, date(2022, 11, 21)).share(friday) > 0.8);
    }

    proptest! {
        /// Shares are shares, never fall with age, and never reach 0: a count over its share stays a number.
        #[test]
        fn shares_are_shares(all in prop::collection::vec((0i64..60, 0i64..80, prop_oneof![0u64..500, Just(u64::MAX)]), 0..80)) {
            let versions: Vec<Version> = all.into_iter().map(|(back, age, count)| version(back, age, count)).collect();
            let learnt = Completeness::learn(&versions, ORIGIN);
            for by_age in learnt.share {
                prop_assert!(by_age.iter().all(|share| *share > 0.0 && *share <= 1.0), "{by_age:?}");
                prop_assert!(by_age.is_sorted(), "{by_age:?}");
            }
        }
    }
}
