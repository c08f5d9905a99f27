//! Explanations: what drove the change of an outlook.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;

use common::{full, growing, place, series, until};
use jiff::ToSpan;
use levee_model::quantity::Persons;
use levee_outlook::explain::{Change, Driver, Explanation, Issued, Unexplained, explain};
use levee_outlook::{Config, ENGINE, MEDIAN, Outlook, Vintage, outlook};
use std::fmt::Write as _;

fn config() -> Config {
    Config { paths: 300, seed: 2, ..Config::default() }
}

/// A city and a district that report daily, one that borrows; without the newest `days`.
fn vintage(days: i64, change: impl Fn(&mut Vintage)) -> Vintage {
    let (city, own) = (growing(0.04, 300.0, 45), growing(0.06, 100.0, 45));
    let mut borrower = series("b", &[]);
    let mut all = vec![series("city", &city), series("a", &own)];
    for (back, counts) in [(6, [180, 60, 30]), (1, [200, 70, 35])] {
        all[0].observations.push(until(back, 12, counts[0]));
        all[1].observations.push(until(back, 12, counts[1]));
        borrower.observations.push(until(back, 12, counts[2]));
    }
    all.push(borrower);
    let mut vintage = common::vintage(all);
    change(&mut vintage);
    vintage.origin = vintage.origin.checked_sub(days.days()).unwrap();
    for series in &mut vintage.series {
        series.observations.retain(|o| o.period.start().date() <= vintage.origin);
    }
    vintage
}

fn medians(of: &Outlook) -> std::collections::BTreeMap<levee_model::area::PlaceCode, Vec<f64>> {
    of.series.iter().map(|s| (s.place.clone(), s.quantiles.iter().map(|q| q[MEDIAN]).collect())).collect()
}

fn explained(before: &Vintage, now: &Vintage, engine: &str) -> Result<Explanation, Unexplained> {
    let earlier = outlook(before, &config()).unwrap();
    let issued = Issued { vintage: before, engine, medians: medians(&earlier), first_day: earlier.first_day };
    explain(&issued, now, &outlook(now, &config()).unwrap(), &config())
}

fn of<'a>(explanation: &'a Explanation, code: &str) -> &'a Change {
    explanation.changes.iter().find(|c| c.place == place(code)).unwrap()
}

fn driver(change: &Change, driver: Driver) -> f64 {
    change.drivers.iter().find(|(d, _)| *d == driver).map_or(0.0, |(_, persons)| *persons)
}

fn table(explanation: &Explanation) -> String {
    let mut out = String::new();
    for change in &explanation.changes {
        let drivers: Vec<String> = change.drivers.iter().map(|(d, p)| format!("{d:?} {p:+.0}")).collect();
        writeln!(out, "{}: {:.0} -> {:.0}: {}", change.place, change.before, change.after, drivers.join(", ")).unwrap();
    }
    out
}

/// Contributions add up to the change, whatever changed.
fn adds_up(explanation: &Explanation) {
    for change in &explanation.changes {
        let sum: f64 = change.drivers.iter().map(|(_, persons)| persons).sum();
        assert!((sum - (change.after - change.before)).abs() < 1e-6, "{change:?}");
    }
}

#[test]
fn half_as_many_again_as_forecast_is_level_first_and_growth_besides() {
    let before = outlook(&vintage(1, |_| ()), &config()).unwrap();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundreds of persons")]
    let came = (1.5 * before.of(&place("city")).unwrap().quantiles[0][MEDIAN]).round() as u64;
    let now = vintage(0, |v| {
        v.series[0]
            .observations
            .iter_mut()
            .filter(|o| o.period == full(0, 0).period)
            .for_each(|o| o.new_infections = Persons::new(came));
    });
    let explanation = explained(&vintage(1, |_| ()), &now, ENGINE).unwrap();
    adds_up(&explanation);
    let city = of(&explanation, "city");
    assert!(driver(city, Driver::Level) > 300.0 && city.after > city.before);
    assert!(city.surprise.is_some_and(|(days, ratio)| days == 1 && (1.48..1.52).contains(&ratio)));
    insta::assert_snapshot!(table(&explanation), @"
city: 1709 -> 2410: Level +898, Growth -218, Expected +20
a: 530 -> 606: Level +56, Growth +12, Expected +8
b: 276 -> 394: Level +148, Growth -38, Expected +6
");
}

#[test]
fn late_reports_are_revisions_and_no_surprise() {
    let before = vintage(0, |v| {
        v.series[0].observations.retain(|o| o.period != full(2, 0).period && o.period != full(3, 0).period);
    });
    let raised = |v: &mut Vintage| {
        v.series[0]
            .observations
            .iter_mut()
            .filter(|o| o.period == full(2, 0).period)
            .for_each(|o| o.new_infections = Persons::new(600));
    };
    let explanation = explained(&before, &vintage(0, raised), ENGINE).unwrap();
    adds_up(&explanation);
    let city = of(&explanation, "city");
    assert!(city.drivers.iter().all(|(d, _)| matches!(d, Driver::Revisions | Driver::Chance)), "{city:?}");
    assert!(driver(city, Driver::Revisions).abs() > 1.0 && city.surprise.is_none());
}

#[test]
fn a_borrowers_share_changes_with_its_list() {
    // The list of the day before the origin is new, the city's days are known already.
    let before =
        vintage(0, |v| v.series.iter_mut().for_each(|s| s.observations.retain(|o| o.period != until(1, 12, 0).period)));
    let now = vintage(0, |v| {
        v.series[2]
            .observations
            .iter_mut()
            .filter(|o| o.period == until(1, 12, 0).period)
            .for_each(|o| o.new_infections = Persons::new(90));
    });
    let explanation = explained(&before, &now, ENGINE).unwrap();
    adds_up(&explanation);
    assert!(driver(of(&explanation, "b"), Driver::Lists) > 0.0, "{}", table(&explanation));
    assert!(driver(of(&explanation, "city"), Driver::Lists).abs() < 1e-9);
}

#[test]
fn nothing_new_changes_nothing_and_another_method_is_named() {
    let same = vintage(0, |_| ());
    let explanation = explained(&same, &same, ENGINE).unwrap();
    assert!(explanation.changes.iter().all(|c| c.drivers.is_empty()), "{}", table(&explanation));
    // Issued by another method, whose figures were half as large.
    let now = outlook(&same, &config()).unwrap();
    let mut halved = medians(&now);
    halved.values_mut().flatten().for_each(|m| *m *= 0.5);
    let issued = Issued { vintage: &same, engine: "an older one", medians: halved, first_day: now.first_day };
    let explanation = explain(&issued, &same, &now, &config()).unwrap();
    adds_up(&explanation);
    let city = of(&explanation, "city");
    assert_eq!(city.drivers.first().map(|(d, _)| *d), Some(Driver::Method));
    assert!((driver(city, Driver::Method) - city.before).abs() < 1.0);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let refused = |before: i64, now: i64| {
        explained(&vintage(before, |_| ()), &vintage(now, |_| ()), ENGINE).unwrap_err().to_string()
    };
    insta::assert_snapshot!(refused(22, 0), @"the outlook issued before ends before 2022-11-21 and the six days after it, so the two have no week in common");
    insta::assert_snapshot!(refused(0, 3), @"the outlook issued before knew 2022-11-20, later than 2022-11-17: it is not an earlier one");
    // A place that had no forecast is named, not counted from zero.
    let before = vintage(0, |v| v.series[2].observations.clear());
    let explanation = explained(&before, &vintage(0, |_| ()), ENGINE).unwrap();
    assert_eq!(explanation.not_comparable, [place("b")]);
}

/// Ten weeks at one level with noise of a tenth; every seventh day, counted from the origin, at `seventh` times the rest.
fn ten_weeks(seed: u64, seventh: f64) -> Vec<Option<u64>> {
    let noise = |back: u64| {
        let mixed = (seed * 1_000 + back).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        (0.4 * (mixed as f64 / f64::from(1 << 24) - 0.5)).exp()
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundreds of persons")]
    let count = |back: u64| (400.0 * noise(back) * if back.is_multiple_of(7) { seventh } else { 1.0 }).round() as u64;
    (0..70).rev().map(|back| Some(count(back))).collect()
}

/// The city and two districts; the origin of the later vintage is a day that is low every week in `b` alone.
fn low_every_week(seed: u64, seventh: f64) -> (Vintage, Vintage) {
    let (a, b) = (ten_weeks(seed, 1.0), ten_weeks(seed + 500, seventh));
    let c = ten_weeks(seed + 900, 1.0);
    let city = (0..a.len()).map(|t| Some(a[t]? + b[t]? + c[t]?)).collect::<Vec<_>>();
    let now = common::vintage(vec![series("city", &city), series("a", &a), series("b", &b), series("c", &c)]);
    let mut before = now.clone();
    before.origin = before.origin.yesterday().unwrap();
    before.series.iter_mut().for_each(|s| s.observations.retain(|o| o.period.start().date() <= before.origin));
    (before, now)
}

#[test]
fn a_day_that_is_low_every_week_is_the_weekday_and_not_the_level() {
    for seed in 0..6 {
        let (before, now) = low_every_week(seed, 0.2);
        let explanation = explained(&before, &now, ENGINE).unwrap();
        adds_up(&explanation);
        let b = of(&explanation, "b");
        // All districts together show a third of it, which is what the forecast holds.
        assert!(b.surprise.is_some_and(|(days, ratio)| days == 1 && ratio < 0.75), "{b:?}");
        // Noise of that one day and the part of the weekday that chance might have made stay with the level.
        assert_eq!(b.drivers.first().map(|(d, _)| *d), Some(Driver::Weekday), "{seed}: {b:?}");
        assert!(driver(b, Driver::Weekday) < -200.0, "{seed}: {b:?}");
    }
}

#[test]
fn noise_is_never_mainly_the_weekday() {
    let mut named = 0;
    for seed in 0..12 {
        let (before, now) = low_every_week(seed, 1.0);
        let explanation = explained(&before, &now, ENGINE).unwrap();
        adds_up(&explanation);
        for change in &explanation.changes {
            named += usize::from(driver(change, Driver::Weekday).abs() > 0.0);
            assert_ne!(change.drivers.first().map(|(d, _)| *d), Some(Driver::Weekday), "{seed}: {change:?}");
        }
    }
    // 48 changes, of which chance names one in twenty.
    assert!(named <= 8, "{named}");
}
