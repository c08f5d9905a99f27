//! Laws of the pooled forecaster: whatever comes in, an answer for every place and week, ordered, finite and repeatable.
#![expect(clippy::unwrap_used, reason = "clippy takes the helpers of an integration test for code")]

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use levee_outlook::pooled::{
    Panel, PanelPlace, PooledFlag, PooledForecast, PooledStanding, Step, TargetWeek, forecast,
};
use proptest::prelude::*;

const NEWEST: Date = date(2021, 3, 7);

fn place(nth: usize, values: Vec<Option<f64>>) -> PanelPlace {
    PanelPlace { place: format!("place {nth}"), residents: Some(1e6), values, companion: vec![] }
}

fn panel(step: Step, values: impl IntoIterator<Item = Vec<Option<f64>>>) -> Panel {
    let places = values.into_iter().enumerate().map(|(nth, values)| place(nth, values)).collect();
    Panel { newest: NEWEST, step, places, earlier: vec![] }
}

/// Four weeks; those of a daily panel begin on the newest day.
fn weeks(step: Step) -> Vec<TargetWeek> {
    let first = if step == Step::Day { 6 } else { 7 };
    (1..=4)
        .map(|horizon| TargetWeek { horizon, ends: NEWEST + (first + 7 * (i64::from(horizon) - 1)).days() })
        .collect()
}

fn answer(panel: &Panel) -> PooledForecast {
    forecast(panel, &weeks(panel.step)).unwrap()
}

/// A wave of `days` days with a weekday pattern, the same every time.
fn wave(days: u32, height: f64, phase: f64) -> Vec<Option<f64>> {
    let at = |t: u32| height * (1.0 + (f64::from(t) / 40.0 + phase).sin()) * if t % 7 > 4 { 0.6 } else { 1.1 };
    (0..days).map(|t| Some(at(t).round())).collect()
}

fn sound(answer: &PooledForecast) -> Result<(), TestCaseError> {
    for place in &answer.places {
        prop_assert_eq!(place.weeks.len(), 4);
        for week in &place.weeks {
            prop_assert!(week.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0), "{:?}", week);
            prop_assert!(week.quantiles.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", week);
        }
    }
    Ok(())
}

fn counts() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => (0.0..500.0_f64).prop_map(|x| Some(x.round())),
        2 => Just(Some(0.0)),
        2 => Just(None),
        1 => Just(Some(-349_116.0)),
        1 => Just(Some(1e10)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_comes_in_quantiles_are_finite_ordered_and_repeatable(
        lists in prop::collection::vec(prop::collection::vec(counts(), 0..150), 1..6),
        ahead in prop::collection::vec(counts(), 0..150),
        daily in any::<bool>(),
    ) {
        let mut panel = panel(if daily { Step::Day } else { Step::Week }, lists);
        panel.places[0].companion = ahead;
        let first = answer(&panel);
        sound(&first)?;
        prop_assert_eq!(first, answer(&panel));
    }

    /// The order in which places are named changes nothing for any of them, not even the rounding of sums.
    #[test]
    fn places_do_not_depend_on_their_order(phases in prop::collection::vec(0.0..6.0_f64, 3..6)) {
        order_means_nothing(&phases)?;
    }
}

fn order_means_nothing(phases: &[f64]) -> Result<(), TestCaseError> {
    for step in [Step::Day, Step::Week] {
        let mut panel = panel(step, phases.iter().map(|phase| wave(250, 90.0, *phase)));
        let forwards = answer(&panel);
        panel.places.reverse();
        let mut backwards = answer(&panel);
        backwards.places.reverse();
        prop_assert_eq!(forwards, backwards);
    }
    Ok(())
}

/// Found by chance: another order of these three rounded a sum otherwise, and a tree split elsewhere for it.
#[test]
fn a_tree_does_not_split_elsewhere_for_another_order() {
    order_means_nothing(&[0.0, 3.9227875983779197, 3.5735087041075526]).unwrap();
}

#[test]
fn nothing_but_zeros_gives_hardly_anything_and_says_so() {
    let answer = answer(&panel(Step::Day, vec![vec![Some(0.0); 250]; 3]));
    for place in &answer.places {
        assert!(place.flags.contains(&PooledFlag::AllZero));
        assert!(place.weeks[0].quantiles[11] <= 0.5, "{:?}", place.weeks[0]);
    }
}

#[test]
fn a_place_that_appears_late_borrows_and_one_that_never_reported_is_flagged() {
    let mut lists: Vec<_> = (0..6).map(|n| wave(300, 80.0, f64::from(n))).collect();
    lists.push(wave(300, 80.0, 0.5).split_off(280));
    lists.push(vec![]);
    let answer = answer(&panel(Step::Day, lists));
    assert_eq!(answer.places[0].standing, PooledStanding::Own);
    let late = &answer.places[6];
    assert_eq!(late.standing, PooledStanding::Borrowed);
    assert_eq!(late.flags, [PooledFlag::ShortHistory { weeks: 2 }]);
    assert!(late.weeks[0].quantiles[11] > 50.0, "{:?}", late.weeks[0]);
    assert_eq!(answer.places[7].flags[0], PooledFlag::NeverReported);
    // Never zero for sure.
    assert!(answer.places[7].weeks[0].quantiles[22] > 0.5, "{:?}", answer.places[7].weeks[0]);
}

#[test]
fn a_past_too_short_to_teach_gives_a_wide_forecast_by_judgement() {
    let answer = answer(&panel(Step::Day, vec![wave(21, 50.0, 0.0); 2]));
    let place = &answer.places[0];
    assert_eq!(place.standing, PooledStanding::Judgement);
    let quantiles = place.weeks[0].quantiles;
    assert!(quantiles[21] > 4.0 * quantiles[1], "{quantiles:?}");
}

#[test]
fn silence_of_days_is_filled_in_and_silence_of_weeks_believed() {
    let mut lists: Vec<_> = (0..6).map(|n| wave(300, 80.0, f64::from(n))).collect();
    lists[0][297..].fill(None);
    lists[1][290..].fill(Some(0.0));
    let answer = answer(&panel(Step::Day, lists));
    assert_eq!(answer.places[0].flags, [PooledFlag::NewestFilled { periods: 3 }]);
    assert_eq!(answer.places[1].flags, [PooledFlag::Silent { periods: 10 }]);
    assert!(answer.places[0].weeks[0].quantiles[11] > 100.0);
}

#[test]
fn a_weekly_place_whose_newest_week_is_missing_is_forecast_one_step_further() {
    let weekly = |phase: f64| -> Vec<Option<f64>> {
        (0..120).map(|t| Some((400.0 * (1.1 + (f64::from(t) / 6.0 + phase).sin())).round())).collect()
    };
    let whole = panel(Step::Week, (0..8).map(|n| weekly(f64::from(n))));
    let mut cut = whole.clone();
    cut.places[3].values[119] = None;
    let (whole, cut) = (answer(&whole), answer(&cut));
    assert_eq!(cut.places[3].flags, [PooledFlag::NewestFilled { periods: 1 }]);
    let width = |answer: &PooledForecast, week: usize| {
        let q = answer.places[3].weeks[week].quantiles;
        (q[21] + 1.0).ln() - (q[1] + 1.0).ln()
    };
    assert!(width(&cut, 0) > width(&whole, 0), "{} {}", width(&cut, 0), width(&whole, 0));
}

/// What lies after the newest day is not in the panel, so it cannot be read; what lies before it but is not known must not
/// be guessed from a longer list elsewhere.
#[test]
fn a_longer_list_of_another_place_changes_the_level_of_none() {
    let lists: Vec<_> = (0..5).map(|n| wave(300, 80.0, f64::from(n))).collect();
    let short = answer(&panel(Step::Day, lists.clone()));
    let mut longer = lists;
    longer[4].splice(0..0, vec![Some(0.0); 70]);
    let longer = answer(&panel(Step::Day, longer));
    let median = |answer: &PooledForecast| answer.places[0].weeks[0].quantiles[11];
    assert!((median(&short) / median(&longer) - 1.0).abs() < 0.2);
}
