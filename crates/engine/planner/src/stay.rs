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
