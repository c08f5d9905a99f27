//! R is told where it is known, and nowhere else.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{full, growing, place, series, vintage};
use levee_outlook::{Config, Outlook, Series, Standing, outlook};

fn ask(all: Vec<Series>) -> Outlook {
    outlook(&vintage(all), &Config { paths: 100, ..Config::default() }).unwrap()
}

fn newest_r(answer: &Outlook, code: &str) -> Option<(f64, f64)> {
    let told = answer.of(&place(code)).unwrap().reproduction.as_ref()?;
    let r = told.newest()?;
    assert!(r.ninety_five.0 <= r.eighty.0 && r.eighty.1 <= r.ninety_five.1);
    Some(r.eighty)
}

#[test]
fn what_rises_has_r_above_one_and_what_falls_below() {
    let answer = ask(vec![series("city", &growing(0.1, 2_000.0, 50))]);
    assert!(newest_r(&answer, "city").is_some_and(|r| r.0 > 1.0), "{:?}", newest_r(&answer, "city"));
    let answer = ask(vec![series("city", &growing(-0.1, 200.0, 50))]);
    assert!(newest_r(&answer, "city").is_some_and(|r| r.1 < 1.0), "{:?}", newest_r(&answer, "city"));
    assert!(answer.renewal.iter().all(|went| went.as_ref().is_ok_and(|c| c.converged)));
}

#[test]
fn a_district_that_borrows_or_has_no_case_has_no_r() {
    let list = |code: &str, count| Series { observations: vec![full(1, count)], ..series(code, &[]) };
    let answer = ask(vec![series("city", &growing(0.1, 2_000.0, 50)), list("d1", 1_500), list("d2", 319)]);
    assert!(matches!(answer.of(&place("d1")).unwrap().standing, Standing::Borrowed { .. }));
    assert!(newest_r(&answer, "city").is_some() && newest_r(&answer, "d1").is_none());
    let answer = ask(vec![series("d1", &growing(0.1, 500.0, 50)), series("d2", &growing(0.1, 0.0, 50))]);
    assert!(newest_r(&answer, "d1").is_some() && newest_r(&answer, "d2").is_none());
}

#[test]
fn no_path_depends_on_whether_r_is_asked_for() {
    let asked = vintage(vec![series("city", &growing(0.05, 800.0, 50)), series("d1", &growing(0.05, 300.0, 50))]);
    let with = Config { paths: 100, ..Config::default() };
    let (with, without) =
        (outlook(&asked, &with).unwrap(), outlook(&asked, &Config { reproduction: false, ..with }).unwrap());
    assert_eq!(with.draws, without.draws);
    assert!(without.renewal.is_empty() && without.series.iter().all(|s| s.reproduction.is_none()));
}

#[test]
fn r_rests_on_the_generation_interval_that_is_named_and_no_forecast_does() {
    let vintage = common::vintage(vec![common::series("city", &common::growing(0.08, 900.0, 50))]);
    let made = |generation| {
        let config = levee_outlook::Config { paths: 100, generation, ..levee_outlook::Config::default() };
        levee_outlook::outlook(&vintage, &config)
    };
    let r = |made: &levee_outlook::Outlook| made.series[0].reproduction.as_ref().unwrap().newest().copied().unwrap();
    let named = |mean_days: f64, mean_range| levee_outlook::Generation {
        mean_days,
        mean_range,
        sd_days: 1.5,
        source: "a study".into(),
    };
    let by_default = made(None).unwrap();
    assert!(by_default.generation_is_default && by_default.generation == levee_outlook::Generation::cited_default());
    let longer = made(Some(named(5.0, (5.0, 5.0)))).unwrap();
    assert!(!longer.generation_is_default && longer.generation.source == "a study");
    // The same growth of 8 % a day over five days instead of three: about exp(.4) instead of exp(.24).
    assert!(r(&longer).median > 1.08 * r(&by_default).median, "{:?} {:?}", r(&longer), r(&by_default));
    assert_eq!(longer.series[0].quantiles, by_default.series[0].quantiles);
    // Not knowing the mean widens R.
    let width = |made: &levee_outlook::Outlook| r(made).ninety_five.1 - r(made).ninety_five.0;
    assert!(width(&made(Some(named(5.0, (3.0, 8.0)))).unwrap()) > width(&longer));
    assert!(made(Some(named(40.0, (40.0, 40.0)))).unwrap_err().to_string().contains("generation.mean_days"));
    assert!(made(Some(named(3.0, (4.0, 5.0)))).is_err());
}
