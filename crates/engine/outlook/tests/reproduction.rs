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
