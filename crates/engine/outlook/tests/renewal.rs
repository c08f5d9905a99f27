//! The renewal model: laws for any counts, and truths worked out apart from it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

#[path = "../examples/calibration/city.rs"]
mod city;
use city::{KINDS, Kind, Tally, city, judge};
use levee_outlook::renewal::{Basis, Fit, Input, NotFitted, PlaceInput, Priors, WhyBorrowed, fit};
use proptest::prelude::*;

fn one(counts: Vec<Option<f64>>) -> PlaceInput {
    PlaceInput { counts, ..PlaceInput::default() }
}

fn input(places: Vec<PlaceInput>) -> Input {
    Input { first_weekday: 0, days: places[0].counts.len(), places, mixing: None, seed: 3 }
}

fn growing(from: f64, per_day: f64, days: usize) -> Vec<Option<f64>> {
    (0..days).map(|t| Some((from * (per_day * t as f64).exp()).round())).collect()
}

/// Paths of every place, and that each figure is a number in its order.
fn sound(fit: &Fit, input: &Input, paths: u32) -> Vec<Vec<u64>> {
    let mut out = vec![Vec::new(); input.places.len()];
    for k in 0..paths {
        fit.path(k, 14, &mut out);
    }
    for (place, written) in out.iter().enumerate() {
        assert_eq!(written.len(), 14 * paths as usize);
        for r in fit.r(place).iter().chain(&fit.growth(place)) {
            let row = [r.ninety_five.0, r.eighty.0, r.half.0, r.median, r.half.1, r.eighty.1, r.ninety_five.1];
            assert!(row.iter().all(|x| x.is_finite()) && row.is_sorted(), "{row:?}");
        }
        for day in fit.nowcast(place, 7) {
            for i in [day.count, day.infections] {
                let row = [i.ninety_five.0, i.eighty.0, i.half.0, i.median, i.half.1, i.eighty.1, i.ninety_five.1];
                assert!(row.iter().all(|x| x.is_finite() && *x >= 0.0) && row.is_sorted(), "{row:?}");
            }
        }
    }
    out
}

fn counts() -> impl Strategy<Value = Vec<Option<f64>>> {
    let days = 42;
    let count = prop_oneof![
        6 => (0u32..50).prop_map(|n| Some(f64::from(n))),
        4 => (0u32..20_000).prop_map(|n| Some(f64::from(n))),
        1 => Just(Some(1e9)),
        3 => Just(None),
    ];
    prop_oneof![
        3 => prop::collection::vec(count, days),
        1 => Just(vec![Some(0.0); days]),
        1 => Just(vec![None; days]),
        1 => (0u32..1_000_000).prop_map(move |n| vec![Some(f64::from(n)); days]),
        // One value, the rest unknown.
        1 => (0..days, 0u32..5_000).prop_map(move |(t, n)| {
            (0..days).map(|d| (d == t).then_some(f64::from(n))).collect()
        }),
        2 => (-0.4..0.4f64, 1.0..500.0f64).prop_map(move |(r, from)| growing(from, r, days)),
        // A jump by a hundred that stays, weeks of silence, a place that appears late.
        2 => (1.0..300.0f64, 10..40usize).prop_map(move |(n, t)| {
            (0..days).map(|d| Some((n * if d < t { 1.0 } else { 100.0 }).round())).collect()
        }),
        2 => (1.0..300.0f64, 5..20usize, 5..21usize).prop_map(move |(n, t, long)| {
            (0..days).map(|d| (d < t || d >= t + long).then_some(n.round())).collect()
        }),
        1 => (1.0..300.0f64, 20..40usize).prop_map(move |(n, t)| {
            (0..days).map(|d| (d >= t).then_some(n.round())).collect()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever is reported, the answer is sound or refused; a place without a fit says so.
    #[test]
    fn any_counts_give_a_sound_answer_or_a_refusal(
        all in prop::collection::vec((counts(), prop::option::of(1u32..3_000_000)), 1..5)
    ) {
        let places = all
            .into_iter()
            .map(|(c, n)| PlaceInput { population: n.map(f64::from), ..one(c) })
            .collect();
        let input = input(places);
        match fit(&input, &Priors::default()) {
            Err(reason) => prop_assert!(!reason.to_string().is_empty()),
            Ok(fit) => {
                let c = fit.convergence();
                prop_assert!(c.converged && c.decrement < 1e-6 && c.gradient < 0.01, "{c:?}");
                for (place, basis) in input.places.iter().zip(&c.places) {
                    let known = place.counts.iter().flatten().count();
                    prop_assert!(known > 0 || *basis == Basis::NoCounts);
                }
                sound(&fit, &input, 20);
            }
        }
    }

    /// No path infects more people than live there.
    #[test]
    fn no_path_infects_more_than_the_residents(
        from in 1.0..200.0f64, per_day in 0.0..0.4f64, spare in 1.1..4.0f64, seed in 0u64..1000
    ) {
        let counts = growing(from, per_day, 28);
        let known: f64 = counts.iter().flatten().sum();
        let residents = (known * spare).ceil();
        let place = PlaceInput { population: Some(residents), ..one(counts) };
        let input = Input { seed, ..input(vec![place]) };
        if let Ok(fit) = fit(&input, &Priors::default()) {
            for k in 0..50 {
                let mut out = vec![Vec::new()];
                fit.path(k, 28, &mut out);
                let total: u64 = out[0].iter().sum();
                prop_assert!(total as f64 + known <= residents, "{total} + {known} > {residents}");
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_a_path_does_not_depend_on_what_ran_before() {
    let city = (1..).find_map(|seed| city(Kind::AsBelieved, seed)).unwrap();
    let (a, b) = (fit(&city.input, &Priors::default()).unwrap(), fit(&city.input, &Priors::default()).unwrap());
    let mut first = vec![Vec::new(); city::PLACES];
    for k in 0..8 {
        a.path(k, 28, &mut first);
    }
    let mut alone = vec![Vec::new(); city::PLACES];
    b.path(7, 28, &mut alone);
    for (all, one) in first.iter().zip(&alone) {
        assert_eq!(all[7 * 28..], one[..]);
    }
    let other = fit(&Input { seed: 99, ..city.input.clone() }, &Priors::default()).unwrap();
    let mut shifted = vec![Vec::new(); city::PLACES];
    other.path(7, 28, &mut shifted);
    assert_ne!(alone, shifted);
}

/// Euler and Lotka for a gamma generation interval in continuous time: R = (1 + growth · scale)^shape. Whole days differ from it
/// by less than the tolerance.
#[test]
fn exponential_growth_is_the_growth_that_r_means() {
    for per_day in [-0.05f64, 0.05, 0.15] {
        let places = (1..4).map(|i| one(growing(4000.0 * f64::from(i), per_day, 42))).collect();
        let input = input(places);
        let fit = fit(&input, &Priors::default()).unwrap();
        let expected = (1.0 + per_day * 0.75).powi(4);
        for place in 0..3 {
            // A week before the origin: what is younger is known less, by design.
            let (r, growth) = (fit.r(place)[31], fit.growth(place)[31]);
            assert!((r.median / expected - 1.0).abs() < 0.05, "{per_day}: R {r:?} for {expected}");
            assert!((growth.median - per_day).abs() < 0.015, "{per_day}: {growth:?}");
            assert!(r.ninety_five.0 < expected && expected < r.ninety_five.1, "{per_day}: {r:?}");
        }
    }
}

/// R after Cori et al. 2013 (doi 10.1093/aje/kwt133), written out here: cases of a window over what earlier cases would cause.
/// With no delay between infection and report both speak of the same days.
#[test]
fn r_agrees_with_the_ratio_of_cases_to_infectiousness() {
    let mut priors = Priors::default();
    priors.disease.report_mean = 0.0;
    let g: Vec<f64> = {
        let density = |x: f64| if x <= 0.0 { 0.0 } else { x.powi(3) * (-x / 0.75).exp() };
        let day = |d: usize| (0..1000).map(|i| density(d as f64 - 0.5 + f64::from(i) / 1000.0)).sum::<f64>();
        let all: f64 = (0..15).map(day).sum();
        (0..15).map(|d| (day(d) + if d == 1 { day(0) } else { 0.0 }) / all * f64::from(u8::from(d > 0))).collect()
    };
    // R 1.8 that falls to 0.7 over two weeks: renewed day by day, counted without noise but that of rounding.
    let r_of = |t: usize| 1.8 + (0.7 - 1.8) * ((t as f64 - 28.0) / 14.0).clamp(0.0, 1.0);
    let mut infections: Vec<f64> = (0..20).map(|i| 200.0 * (0.1 * f64::from(i)).exp()).collect();
    for t in 20..76 {
        let caused: f64 = (1..15).map(|s| g[s] * infections[t - s]).sum();
        infections.push(r_of(t - 20) * caused);
    }
    let counts: Vec<Option<f64>> = infections[20..].iter().map(|i| Some(i.round())).collect();
    let input = input(vec![one(counts)]);
    let r = fit(&input, &priors).unwrap().r(0);
    for day in (10..53).step_by(3) {
        let window = day - 3..=day + 3;
        let cases: f64 = window.clone().map(|t| infections[20 + t]).sum();
        let force: f64 = window.map(|t| (1..15).map(|s| g[s] * infections[20 + t - s]).sum::<f64>()).sum();
        let cori = cases / force;
        assert!((r[day].median / cori - 1.0).abs() < 0.12, "day {day}: {:?} for {cori}", r[day]);
    }
}

/// A day of which a half has been reported is not a fall: the forecast and the nowcast see the whole day.
#[test]
fn late_reports_are_not_a_fall() {
    let whole = vec![Some(400.0); 42];
    let mut part = whole.clone();
    let mut share = vec![1.0; 42];
    for (back, reported) in [(1, 0.25), (2, 0.5), (3, 0.75)] {
        part[42 - back] = Some(400.0 * reported);
        share[42 - back] = reported;
    }
    let median = |place: PlaceInput| {
        let input = input(vec![place]);
        let fit = fit(&input, &Priors::default()).unwrap();
        let mut week: Vec<u64> = sound(&fit, &input, 200).remove(0).chunks(14).map(|p| p[6]).collect();
        week.sort_unstable();
        (week[100] as f64, fit.nowcast(0, 1)[0].count)
    };
    let (told, nowcast) = median(PlaceInput { reported_share: share, ..one(part.clone()) });
    let (untold, _) = median(one(part));
    assert!((told / 400.0 - 1.0).abs() < 0.15, "{told}");
    assert!(untold < 0.8 * told, "{untold} {told}");
    assert!(nowcast.eighty.0 < 400.0 && 400.0 < nowcast.eighty.1, "{nowcast:?}");
}

#[test]
fn a_missing_day_is_no_zero() {
    let mut gap = growing(300.0, 0.0, 42);
    gap[30..37].fill(None);
    let input = input(vec![one(gap)]);
    let r = fit(&input, &Priors::default()).unwrap().r(0);
    assert!((r[33].median - 1.0).abs() < 0.1, "{:?}", r[33]);
}

#[test]
fn what_a_place_rests_on_is_said() {
    let few = (0..42).map(|t| (t > 35).then_some(9.0)).collect();
    let mut wild = growing(200.0, 0.0, 42);
    for (t, count) in wild.iter_mut().enumerate() {
        *count = Some(if t % 2 == 0 { 3.0 } else { 4000.0 });
    }
    let places = vec![
        one(growing(50.0, 0.05, 42)),
        one(vec![Some(0.0); 42]),
        one(few),
        one(vec![None; 42]),
        one(wild),
        one(growing(80.0, 0.05, 42)),
    ];
    let input = input(places);
    let fit = fit(&input, &Priors::default()).unwrap();
    sound(&fit, &input, 50);
    assert_eq!(
        fit.convergence().places,
        [
            Basis::Fitted,
            Basis::Borrowed(WhyBorrowed::NoCases),
            Basis::Borrowed(WhyBorrowed::FewDays { have: 6, need: 10 }),
            Basis::NoCounts,
            Basis::Borrowed(WhyBorrowed::Erratic { days: 0 }),
            Basis::Fitted,
        ]
    );
    // The wild place does not widen its neighbours beyond use.
    let r = fit.r(0)[34];
    assert!(r.ninety_five.1 / r.ninety_five.0 < 4.0, "{r:?}");
}

#[test]
fn community_spread_ends_when_it_is_managed_away_and_is_not_said_without_the_split() {
    let days = 42;
    let counts = growing(4000.0, -0.1, days);
    let community = (0..days).map(|t| Some((counts[t].unwrap() * 0.5 * (-0.03 * t as f64).exp()).round())).collect();
    let known = PlaceInput { community, ..one(counts.clone()) };
    let fit_of = |place| fit(&input(vec![place]), &Priors::default()).unwrap();
    let end = fit_of(known.clone()).community_end(&[0], 20.0, 200, 28).unwrap();
    assert!(end[0] < 0.1 && end[27] > 0.5, "{end:?}");
    assert_eq!(fit_of(one(counts)).community_end(&[0], 20.0, 200, 28), None);
    let mut late = known;
    late.community[days - 2] = None;
    assert_eq!(fit_of(late).community_end(&[0], 20.0, 200, 28), None);
}

/// Where isolation enters the model, an infection that nobody manages causes more than the average one.
#[test]
fn an_unmanaged_infection_causes_more_than_the_average_one() {
    let counts = growing(400.0, 0.0, 42);
    let place = PlaceInput { community: vec![Some(100.0); 42], ..one(counts) };
    let input = input(vec![place]);
    let isolating = Priors { managed_effect: 0.8, ..Priors::default() };
    let fitted = fit(&input, &isolating).unwrap();
    let (all, unmanaged) = (fitted.r(0)[30], fitted.community_r(0).unwrap()[30]);
    assert!((all.median - 1.0).abs() < 0.1, "{all:?}");
    // Three quarters are managed and cause a fifth: R of the others is 1 / (1 - 0.8 * 0.75) = 2.5.
    assert!((unmanaged.median / all.median - 2.5).abs() < 0.05, "{unmanaged:?}");
    assert_eq!(fit(&input, &Priors::default()).unwrap().community_r(0), None);
}

#[test]
fn refusals_say_what_and_where() {
    let refusal = |change: fn(&mut Input)| {
        let mut input = input(vec![one(growing(50.0, 0.05, 42)), one(growing(50.0, 0.05, 42))]);
        change(&mut input);
        fit(&input, &Priors::default()).unwrap_err()
    };
    let all = [
        refusal(|i| i.places[1].reported_share = vec![1.0; 49]),
        refusal(|i| i.places[0].counts[3] = Some(-4.0)),
        refusal(|i| i.places[0].counts[3] = Some(f64::NAN)),
        refusal(|i| i.places[0].reported_share = vec![0.0; 42]),
        refusal(|i| i.places[1].population = Some(0.0)),
        refusal(|i| i.days = 9),
        refusal(|i| i.mixing = Some(vec![vec![0.9, 0.1], vec![0.5, 0.6]])),
        refusal(|i| i.places.iter_mut().for_each(|p| p.counts = vec![None; 42])),
    ];
    let said: Vec<String> = all.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    place 1: reported share has 49 entries for 42; give one for each
    place 0, day 3: count is -4, expected 0 to 10^12, or nothing
    place 0, day 3: count is NaN, expected 0 to 10^12, or nothing
    place 0, day 0: reported share is 0, expected above 0, to 1
    place 1, day 0: population is 0, expected 1 to 10^12, or nothing
    days: 9; the renewal model takes 14 to 200
    place 1, day 0: sum of mixing is 1.1, expected shares from 0 to 1 that add up to 1
    no place has 10 days with counts: nothing to fit
    ");
    let priors = Priors { district_keeps: 1.5, ..Priors::default() };
    let wrong = fit(&input(vec![one(growing(50.0, 0.05, 42))]), &priors).unwrap_err();
    assert!(matches!(wrong, NotFitted::Prior { prior: "district_keeps", .. }), "{wrong}");
}

/// A small turn of the calibration example: the truth is where the paths are, and no fit is wrong without saying so.
#[test]
fn simulated_cities_are_calibrated_and_none_diverges_silently() {
    for kind in KINDS {
        let mut tally = Tally::default();
        let mut cities = (1u64..).filter_map(|seed| city(kind, seed));
        while tally.cities < if kind == Kind::AsBelieved { 12 } else { 3 } {
            judge(&cities.next().unwrap(), 100, &mut tally);
        }
        assert_eq!((tally.silent, tally.refused), (0, 0), "{kind:?}");
        if kind == Kind::AsBelieved {
            let within =
                |ranks: &[u32; 10]| f64::from(ranks[1..9].iter().sum::<u32>()) / f64::from(ranks.iter().sum::<u32>());
            // 144 dependent ranks: two cities that go wrong together move a share by a sixth.
            assert!(tally.ranks.iter().all(|r| (0.6..=0.97).contains(&within(r))), "{:?}", tally.ranks);
            let r95 = f64::from(tally.r_within[2]) / f64::from(tally.r_asked);
            assert!(r95 > 0.8, "{r95}");
        }
    }
}
