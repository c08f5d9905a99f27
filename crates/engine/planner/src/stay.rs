//! Discharges expected of the people who are in beds now.

use levee_model::quantity::Beds;

/// How many of `occupied` leave on each of `days` days when the mean stay is `mean_stay_days` and arrivals were even:
/// a share of 1 / stay of them each day, nobody left after one stay.
///
/// Whole people by rounding the cumulated number down: never more beds are counted on than are expected. A stay that is
/// not a positive number gives no discharges: unknown is not plenty.
/// ```
/// # use levee_model::quantity::Beds;
/// # use levee_planner::expected_discharges;
/// // 10 people, 4 days: 2.5 a day in the mean.
/// let leave: Vec<u64> = expected_discharges(Beds::new(10), 4.0, 5).iter().map(|b| b.get()).collect();
/// assert_eq!(leave, [2, 3, 2, 3, 0]);
/// ```
pub fn expected_discharges(occupied: Beds, mean_stay_days: f64, days: u8) -> Vec<Beds> {
    if !(mean_stay_days.is_finite() && mean_stay_days > 0.0) {
        return vec![Beds::ZERO; usize::from(days)];
    }
    let mut before = 0;
    (1..=u32::from(days))
        .map(|day| {
            let share = (f64::from(day) / mean_stay_days).min(1.0);
            #[expect(clippy::cast_precision_loss, reason = "beds of a facility stay far below 2^53")]
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count of beds")]
            let gone = ((occupied.get() as f64 * share + 1e-9).floor() as u64).min(occupied.get());
            let today = gone.saturating_sub(before);
            before = gone;
            Beds::new(today)
        })
        .collect()
}

/// People who are in beds now and have been there for the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InBed {
    /// How many.
    pub people: Beds,
    /// Whole days since they came; `None` = not known, and then arrivals are taken as even.
    pub days_stayed: Option<u32>,
}

/// Why a length of stay cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadStay {
    /// A share is negative or not a number.
    #[error("the share of stays of {days} days is {share}; it must be between 0 and 1")]
    Share {
        /// Of which length.
        days: usize,
        /// What it is.
        share: f64,
    },
    /// The shares do not sum to one.
    #[error("the shares of all lengths of stay sum to {sum}; they must sum to 1")]
    Sum {
        /// What they sum to.
        sum: f64,
    },
    /// Everybody leaves on the day they come.
    #[error("all stays are shorter than a day")]
    NoStay,
}

/// How many of those in beds now leave on each of `days` days, by the distribution of the whole length of stay.
///
/// `stay` is a share of people by whole days of stay, index 0 = they leave on the day they come; it sums to 1. Of people who
/// came `a` days ago and are still there, a share of 1 - S(a + k) / S(a) has left by day k, S(d) being the share of stays
/// longer than d days. Where it is not known when they came, arrivals are taken as even: a share S(k) / mean leaves
/// after k days more (the residual life of renewal theory: Cox, Renewal Theory, 1962, section 5.2).
///
/// Whole people by rounding the cumulated number of all cohorts down: never more beds are counted on than are expected. Who has
/// stayed longer than any stay known is not counted to leave: unknown is not plenty.
/// ```
/// # use levee_model::quantity::Beds;
/// # use levee_planner::{InBed, discharges_by_stay};
/// // Half stay two days, half stay four. Of eight who came yesterday, four leave on the first day, four on the third.
/// let there = [InBed { people: Beds::new(8), days_stayed: Some(1) }];
/// let leave = discharges_by_stay(&there, &[0.0, 0.0, 0.5, 0.0, 0.5], 4)?;
/// assert_eq!(leave.iter().map(|b| b.get()).collect::<Vec<_>>(), [4, 0, 4, 0]);
/// # Ok::<(), levee_planner::BadStay>(())
/// ```
pub fn discharges_by_stay(there: &[InBed], stay: &[f64], days: u8) -> Result<Vec<Beds>, BadStay> {
    if let Some((days, &share)) = stay.iter().enumerate().find(|(_, share)| !(0.0..=1.0).contains(*share)) {
        return Err(BadStay::Share { days, share });
    }
    let sum: f64 = stay.iter().sum();
    if (sum - 1.0).abs() > 1e-6 {
        return Err(BadStay::Sum { sum });
    }
    // Share of stays longer than so many days; none is longer than the longest.
    let mut left = sum;
    let longer: Vec<f64> = stay
        .iter()
        .map(|share| {
            left = (left - share).max(0.0);
            if left < 1e-9 { 0.0 } else { left }
        })
        .collect();
    let mean: f64 = longer.iter().sum();
    if mean <= 0.0 {
        return Err(BadStay::NoStay);
    }
    let longer_than = |days: u64| usize::try_from(days).ok().and_then(|d| longer.get(d)).copied().unwrap_or(0.0);
    let all: u64 = there.iter().fold(0, |sum, cohort| sum.saturating_add(cohort.people.get()));
    let mut before = 0;
    Ok((1..=u64::from(days))
        .map(|day| {
            let expected: f64 = there
                .iter()
                .map(|cohort| {
                    let gone = match cohort.days_stayed.map(u64::from) {
                        None => (0..day).map(longer_than).sum::<f64>() / mean,
                        Some(stayed) if longer_than(stayed) > 0.0 => {
                            1.0 - longer_than(stayed + day) / longer_than(stayed)
                        }
                        Some(_) => 0.0,
                    };
                    #[expect(clippy::cast_precision_loss, reason = "beds of a facility stay far below 2^53")]
                    let people = cohort.people.get() as f64;
                    people * gone.clamp(0.0, 1.0)
                })
                .sum();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count of beds")]
            let gone = ((expected + 1e-9).floor() as u64).min(all).max(before);
            let today = gone - before;
            before = gone;
            Beds::new(today)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leave(there: &[InBed], stay: &[f64], days: u8) -> Vec<u64> {
        discharges_by_stay(there, stay, days).unwrap().iter().map(|b| b.get()).collect()
    }

    #[test]
    fn even_arrivals_and_one_length_of_stay_are_the_mean_stay() {
        // Everybody stays four days: a quarter leaves each day, as `expected_discharges` says.
        let there = [InBed { people: Beds::new(10), days_stayed: None }];
        let mean: Vec<u64> = expected_discharges(Beds::new(10), 4.0, 5).iter().map(|b| b.get()).collect();
        assert_eq!(leave(&there, &[0.0, 0.0, 0.0, 0.0, 1.0], 5), mean);
    }

    #[test]
    fn cohorts_are_added_before_they_are_rounded() {
        // Three cohorts of one person, each with one chance in two to leave tomorrow: one leaves, not none.
        let one = InBed { people: Beds::new(1), days_stayed: Some(0) };
        assert_eq!(leave(&[one, one, one], &[0.0, 0.5, 0.5], 3), [1, 2, 0]);
    }

    #[test]
    fn who_stayed_longer_than_any_stay_known_is_not_counted_to_leave() {
        let there = [InBed { people: Beds::new(5), days_stayed: Some(9) }];
        assert_eq!(leave(&there, &[0.0, 0.0, 1.0], 3), [0, 0, 0]);
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        let there = [InBed { people: Beds::new(5), days_stayed: None }];
        assert_eq!(discharges_by_stay(&there, &[0.5], 1), Err(BadStay::Sum { sum: 0.5 }));
        assert_eq!(discharges_by_stay(&there, &[1.0], 1), Err(BadStay::NoStay));
        assert!(matches!(discharges_by_stay(&there, &[f64::NAN, 1.0], 1), Err(BadStay::Share { days: 0, .. })));
        assert_eq!(
            discharges_by_stay(&there, &[-0.1, 1.1], 1).unwrap_err().to_string(),
            "the share of stays of 0 days is -0.1; it must be between 0 and 1"
        );
    }

    proptest::proptest! {
        /// Nobody leaves twice, and nobody who was not there.
        #[test]
        fn no_more_leave_than_are_there(
            people in proptest::collection::vec((0..50u64, proptest::option::of(0..12u32)), 0..6),
            weights in proptest::collection::vec(0..9u32, 2..12),
        ) {
            let total: u32 = weights.iter().sum();
            proptest::prop_assume!(weights[1..].iter().any(|w| *w > 0));
            let stay: Vec<f64> = weights.iter().map(|w| f64::from(*w) / f64::from(total)).collect();
            let there: Vec<InBed> =
                people.iter().map(|&(n, days_stayed)| InBed { people: Beds::new(n), days_stayed }).collect();
            let gone: u64 = leave(&there, &stay, 28).iter().sum();
            proptest::prop_assert!(gone <= people.iter().map(|p| p.0).sum());
        }
    }
}
