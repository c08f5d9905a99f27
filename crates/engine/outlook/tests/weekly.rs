//! The forecaster of weekly feeds, through its public face.
#![expect(clippy::unwrap_used, reason = "clippy takes the helpers of an integration test for code")]

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use levee_outlook::pooled::{
    EarlierVintage, Panel, PanelPlace, PooledFlag, PooledForecast, PooledStanding, Step, TargetWeek, forecast,
};
use proptest::prelude::*;

const NEWEST: Date = date(2025, 3, 2);

fn panel(lists: impl IntoIterator<Item = Vec<Option<f64>>>) -> Panel {
    let place = |(nth, values)| PanelPlace { place: format!("p{nth}"), residents: None, values, companion: vec![] };
    Panel {
        newest: NEWEST,
        step: Step::Week,
        places: lists.into_iter().enumerate().map(place).collect(),
        earlier: vec![],
    }
}

fn weeks() -> Vec<TargetWeek> {
    (1..=4).map(|horizon| TargetWeek { horizon, ends: NEWEST + (7 * i64::from(horizon)).days() }).collect()
}

fn answer(panel: &Panel) -> PooledForecast {
    forecast(panel, &weeks()).unwrap()
}

/// Two years of waves, one place after the other.
fn wave(nth: u32) -> Vec<Option<f64>> {
    let height = 40.0 * f64::from(nth + 1);
    (0..110).map(|week| Some((height * (1.2 + (f64::from(week + 3 * nth) / 6.0).sin())).round())).collect()
}

fn waves() -> Vec<Vec<Option<f64>>> {
    (0..6).map(wave).collect()
}

/// The panel as it stood `back` weeks ago.
fn vintage(panel: &Panel, back: usize) -> EarlierVintage {
    let values = panel.places.iter().map(|p| p.values[..p.values.len().saturating_sub(back)].to_vec()).collect();
    EarlierVintage { newest: NEWEST - (0..back).map(|_| 7).sum::<i64>().days(), values }
}

fn width(answer: &PooledForecast, place: usize) -> f64 {
    let quantiles = answer.places[place].weeks[0].quantiles;
    ((quantiles[21] + 1.0) / (quantiles[1] + 1.0)).ln()
}

fn counts() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        2 => Just(None),
        2 => Just(Some(0.0)),
        8 => (0.0..500.0_f64).prop_map(|c| Some(c.round())),
        1 => Just(Some(-40.0)),
        1 => Just(Some(1e9)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_comes_in_quantiles_are_finite_ordered_and_repeatable(
        lists in prop::collection::vec(prop::collection::vec(counts(), 0..70), 1..6),
        backs in prop::collection::vec(0_usize..20, 0..6),
        changed in prop::collection::vec(counts(), 20),
    ) {
        let mut panel = panel(lists);
        let mut backs = backs;
        backs.sort_unstable_by(|a, b| b.cmp(a));
        for back in backs {
            let mut vintage = vintage(&panel, back);
            for values in &mut vintage.values {
                for (count, other) in values.iter_mut().rev().zip(&changed) {
                    *count = *other;
                }
            }
            panel.earlier.push(vintage);
        }
        let first = answer(&panel);
        for week in first.places.iter().flat_map(|place| &place.weeks) {
            prop_assert!(week.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0), "{week:?}");
            prop_assert!(week.quantiles.windows(2).all(|pair| pair[0] <= pair[1]), "{week:?}");
        }
        prop_assert_eq!(first, answer(&panel));
    }

    #[test]
    fn vintages_that_changed_nothing_change_no_bit(backs in prop::collection::btree_set(1_usize..40, 1..8)) {
        let bare = panel(waves());
        let mut with = bare.clone();
        with.earlier = backs.into_iter().rev().map(|back| vintage(&bare, back)).collect();
        prop_assert_eq!(answer(&bare), answer(&with));
    }
}

#[test]
fn a_place_that_first_reports_a_third_is_forecast_at_its_whole_and_wider() {
    let complete = panel(waves());
    let mut feed = complete.clone();
    let cut = |values: &mut Vec<Option<f64>>| {
        if let Some(Some(last)) = values.last_mut() {
            *last = (*last / 3.0).round();
        }
    };
    feed.earlier = (1..=12).rev().map(|back| vintage(&complete, back)).collect();
    feed.earlier.iter_mut().for_each(|vintage| cut(&mut vintage.values[3]));
    cut(&mut feed.places[3].values);
    let mut unknowing = feed.clone();
    unknowing.earlier.clear();
    let median = |panel: &Panel| answer(panel).places[3].weeks[0].quantiles[11];
    let (whole, learnt, taken_at_its_word) = (median(&complete), median(&feed), median(&unknowing));
    assert!((learnt - whole).abs() < (taken_at_its_word - whole).abs() / 2.0, "{whole} {learnt} {taken_at_its_word}");
    assert!(width(&answer(&feed), 3) > width(&answer(&complete), 3));
}

#[test]
fn a_late_place_is_forecast_from_its_own_last_week_and_wider_the_later_it_is() {
    let late = |by: usize| {
        let mut panel = panel(waves());
        let n = panel.places[2].values.len();
        panel.places[2].values[n - by..].fill(None);
        answer(&panel)
    };
    let widths: Vec<f64> = [0, 3, 30, 60].map(|by| width(&late(by), 2)).to_vec();
    assert!(widths.windows(2).all(|pair| pair[0] < pair[1]), "{widths:?}");
    assert!(late(3).places[2].flags.contains(&PooledFlag::NewestFilled { periods: 3 }));
}

#[test]
fn a_place_that_books_once_a_month_keeps_its_level_and_doubts_its_silence() {
    let monthly = |silent: usize| {
        let mut lists = waves();
        let booked = |week: usize| if week < 110 - silent { [0.0, 0.0, 30.0, 90.0][week % 4] } else { 0.0 };
        lists.push((0..110).map(|week| Some(booked(week))).collect());
        answer(&panel(lists)).places[6].weeks[1].quantiles
    };
    // A week of it may be any of the four; its level is that of the month.
    let usual = monthly(0);
    assert!(usual[1] < 5.0 && usual[21] > 50.0, "{} {}", usual[1], usual[21]);
    // Twenty weeks of zeros are an end or a silence: neither is ruled out.
    let silent = monthly(20);
    assert!(silent[1] < 2.0 && silent[21] > 20.0, "{} {}", silent[1], silent[21]);
}

#[test]
fn nothing_but_zeros_is_hardly_anything_and_never_reported_is_anything() {
    let mut lists = waves();
    lists.push(vec![Some(0.0); 110]);
    lists.push(vec![]);
    let got = answer(&panel(lists));
    assert!(got.places[6].flags.contains(&PooledFlag::AllZero));
    assert!(got.places[6].weeks[0].quantiles[11] < 2.0);
    assert_eq!(got.places[7].flags[0], PooledFlag::NeverReported);
    assert_eq!(got.places[7].standing, PooledStanding::Judgement);
    let quantiles = got.places[7].weeks[0].quantiles;
    assert!(quantiles[1] < 10.0 && quantiles[21] > 1_000.0);
}

#[test]
fn a_week_that_is_known_already_is_what_it_is() {
    let panel = panel(waves());
    let known = panel.places[4].values.iter().rev().nth(2).copied().flatten().expect("all weeks are known");
    let week = TargetWeek { horizon: 1, ends: NEWEST - 14.days() };
    let quantiles = forecast(&panel, &[week]).expect("a sound panel").places[4].weeks[0].quantiles;
    assert!((quantiles[11] - known).abs() < 1e-6 && quantiles[22] < known * 1.1 + 1.0);
}

#[test]
fn a_panel_of_one_short_list_is_judged_and_says_so() {
    let got = answer(&panel([vec![Some(20.0), Some(30.0)]]));
    assert_eq!(got.places[0].standing, PooledStanding::Judgement);
    assert!(width(&got, 0) > 1.0);
}
