//! What the outlook says of hard cases, one by one.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{ORIGIN, full, growing, known, place, series, until, vintage};
use jiff::civil::date;
use levee_model::quantity::Persons;
use levee_outlook::{
    CommunityUnknown, Completeness, Config, Flag, LEVELS, MEDIAN, Outlook, Series, Standing, Version, WhyUnknown,
    outlook,
};

fn ask(all: Vec<Series>) -> Outlook {
    outlook(&vintage(all), &Config::default()).unwrap()
}

/// One line a place: standing, the days 1, 7 and 28 as 2.5 % - median - 97.5 %, flags.
fn told(answer: &Outlook) -> String {
    let row = |q: &[f64; LEVELS]| format!("{:.0}-{:.0}-{:.0}", q[1], q[MEDIAN], q[LEVELS - 2]);
    let line = |s: &levee_outlook::SeriesOutlook| {
        let days = [0, 6, 27].iter().filter_map(|d| s.quantiles.get(*d)).map(row).collect::<Vec<_>>().join("  ");
        format!("{} {:?} | {days} | {:?}\n", s.place, s.standing, s.flags)
    };
    answer.series.iter().map(line).collect()
}

#[test]
fn a_steady_city_stays_about_steady_and_never_certain() {
    let answer = ask(vec![series("city", &known(vec![100; 60]))]);
    let city = &answer.series[0];
    assert_eq!(city.flags, []);
    for row in &city.quantiles {
        assert!(row[1] < 95.0 && row[LEVELS - 2] > 105.0, "{row:?}");
        assert!((60.0..=120.0).contains(&row[MEDIAN]), "{row:?}");
    }
}

#[test]
fn no_case_for_weeks_is_forecast_as_hardly_any_with_a_flag() {
    let answer = ask(vec![series("city", &known(vec![0; 40]))]);
    let city = &answer.series[0];
    assert!(city.flags.contains(&Flag::NoCases));
    assert!(city.quantiles.iter().all(|q| q[MEDIAN] < 0.5));
    assert!(city.quantiles[27][LEVELS - 1] >= 1.0, "a case within four weeks must not be impossible");
}

#[test]
fn a_hundredfold_day_is_half_believed() {
    let mut counts = known(vec![50; 40]);
    counts.push(Some(5_000));
    let answer = ask(vec![series("city", &counts)]);
    let city = &answer.series[0];
    assert!(
        matches!(city.flags.as_slice(), [Flag::Jump { factor }] if (90.0..110.0).contains(factor)),
        "{:?}",
        city.flags
    );
    let tomorrow = city.quantiles[0];
    assert!(tomorrow[3] < 200.0 && tomorrow[LEVELS - 4] > 1_500.0, "{tomorrow:?}");
}

#[test]
fn weeks_without_reports_are_not_weeks_without_cases() {
    let mut counts = growing(0.05, 400.0, 50);
    counts[10..35].fill(None);
    let answer = ask(vec![series("city", &counts)]);
    let city = &answer.series[0];
    assert!(city.flags.contains(&Flag::Gaps { missing_days: 13 }), "{:?}", city.flags);
    assert!((200.0..1_200.0).contains(&city.quantiles[6][MEDIAN]), "{:?}", city.quantiles[6]);
}

#[test]
fn what_is_too_short_or_too_old_is_unknown_with_its_reason() {
    let mut old = known(vec![30; 40]);
    old.extend([None; 20]);
    let answer = ask(vec![series("city", &known([1, 2, 3])), series("d1", &old), series("d2", &[])]);
    insta::assert_snapshot!(told(&answer), @r"
    city Unknown { reason: TooFewDays { have: 3, need: 10, window: 21 } } |  | []
    d1 Unknown { reason: TooOld { newest: 2022-10-31, allowed: 14 } } |  | [Stale { days: 20 }]
    d2 Unknown { reason: NoReports } |  | []
    ");
    let Standing::Unknown { reason } = &answer.series[0].standing else { panic!("{:?}", answer.series[0]) };
    assert_eq!(reason.to_string(), "3 full day(s) in the last 21 days, 10 are needed, and no usable list of districts");
}

#[test]
fn a_district_that_appears_late_uses_the_errors_of_the_others() {
    let old = growing(0.03, 200.0, 60);
    let late: Vec<Option<u64>> = [vec![None; 49], growing(0.1, 40.0, 11)].concat();
    let answer = ask(vec![series("d1", &old), series("d2", &late)]);
    let late = answer.of(&place("d2")).unwrap();
    assert_eq!(late.standing, Standing::Own);
    assert!(
        late.flags.iter().any(|f| matches!(f, Flag::FewErrors { own_dates } if *own_dates < 14)),
        "{:?}",
        late.flags
    );
    let row = late.quantiles[6];
    assert!(row[LEVELS - 2] / row[1].max(1.0) > 2.0, "too sure of a district of 11 days: {row:?}");
}

#[test]
fn a_billion_cases_are_capped_by_the_residents() {
    let mut city = series("city", &known(vec![1_000_000_000; 30]));
    city.population = Some(Persons::new(32_000_000));
    let answer = ask(vec![city]);
    let flags = &answer.series[0].flags;
    assert!(flags.contains(&Flag::MoreThanPopulation) && flags.contains(&Flag::CappedByPopulation), "{flags:?}");
}

#[test]
fn districts_borrow_from_the_city_what_the_newest_list_gives_them() {
    let mut city = series("city", &growing(0.02, 1_000.0, 40));
    // 18 h of the day before yesterday: 600 in the city, 450 + 150 in the districts, none in d3.
    city.observations.push(until(2, 18, 600));
    let list = |code: &str, count| Series { observations: vec![until(2, 18, count)], ..series(code, &[]) };
    let answer = ask(vec![city, list("d1", 450), list("d2", 150), series("d3", &[])]);
    let from = Standing::Borrowed { from: place("city") };
    for code in ["d1", "d2", "d3"] {
        let district = answer.of(&place(code)).unwrap();
        assert_eq!(district.standing, from);
        assert_eq!(district.flags, [Flag::ListAge { days: 2, part_day_only: true }]);
    }
    let median = |code: &str| answer.of(&place(code)).unwrap().quantiles[0][MEDIAN];
    assert!((0.6..0.85).contains(&(median("d1") / median("city"))), "{}", median("d1"));
    assert!(median("d3") < 5.0, "{}", median("d3"));
    // The list is whole, so that the districts' paths add up to the city's.
    let of = |code: &str| answer.draws.of(&place(code)).unwrap().as_slice();
    for (i, city) in of("city").iter().enumerate() {
        assert_eq!(*city, of("d1")[i] + of("d2")[i] + of("d3")[i]);
    }
}

#[test]
fn a_part_of_a_day_never_sets_a_level() {
    let plain = vec![series("city", &growing(0.02, 1_000.0, 40))];
    let mut with_part = plain.clone();
    with_part[0].observations.push(until(0, 12, 3));
    assert_eq!(ask(plain), ask(with_part));
}

#[test]
fn a_cut_list_leaves_the_others_unknown() {
    let city = series("city", &known(vec![1_000; 40]));
    let named = Series { observations: vec![full(1, 400)], ..series("d1", &[]) };
    let answer = ask(vec![city, named, series("d2", &[])]);
    assert_eq!(answer.of(&place("d1")).unwrap().standing, Standing::Borrowed { from: place("city") });
    assert_eq!(answer.of(&place("d2")).unwrap().standing, Standing::Unknown { reason: WhyUnknown::NoReports });
}

#[test]
fn districts_that_do_not_add_up_leave_the_city_its_own_series() {
    let answer = ask(vec![series("city", &known(vec![1_000; 40])), series("d1", &known(vec![300; 40]))]);
    let city = &answer.series[0];
    assert!(matches!(city.flags.as_slice(), [Flag::DistrictsDoNotAddUp { ratio }] if (0.29..0.31).contains(ratio)));
    assert!(city.quantiles[0][MEDIAN] > 800.0);
}

#[test]
fn a_city_without_a_series_is_the_sum_of_its_districts_or_unknown() {
    let d1 = series("d1", &known(vec![300; 40]));
    let whole = ask(vec![d1.clone(), series("d2", &known(vec![100; 40]))]);
    assert_eq!(whole.series[0].place, place("city"));
    assert!(whole.series[0].flags.contains(&Flag::SumOfDistricts));
    let part = ask(vec![d1, series("d2", &[])]);
    assert_eq!(part.series[0].standing, Standing::Unknown { reason: WhyUnknown::DistrictsUnknown { unknown: 1 } });
}

#[test]
fn the_seed_matters_and_the_first_day_follows_the_origin() {
    let all = vec![series("city", &growing(0.05, 500.0, 40))];
    let other = outlook(&vintage(all.clone()), &Config { seed: 1, ..Config::default() }).unwrap();
    let answer = ask(all);
    assert_ne!(answer.draws, other.draws);
    assert_eq!((answer.origin, answer.first_day), (ORIGIN, date(2022, 11, 21)));
    let growth = answer.series[0].growth.unwrap();
    assert!((growth.per_day - 0.05).abs() < 0.01 && growth.doubling_days().is_some_and(|d| (11.0..17.0).contains(&d)));
}

fn with_community(share: f64, known_days: usize) -> Series {
    let mut city = series("city", &growing(-0.1, 100.0, 40));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
    for o in city.observations.iter_mut().take(known_days) {
        o.community = Some(Persons::new((o.new_infections.get() as f64 * share).round() as u64));
    }
    city
}

#[test]
fn the_end_of_community_spread_is_withheld_until_asked_for_as_unproven() {
    let config = Config { community_threshold: Some(Persons::new(40)), ..Config::default() };
    let withheld = outlook(&vintage(vec![with_community(0.2, 14)]), &config).unwrap();
    assert_eq!(withheld.series[0].community_end, Err(CommunityUnknown::Unproven));
    let config = Config { unproven_community_end: true, ..config };
    let answer = outlook(&vintage(vec![with_community(0.2, 14)]), &config).unwrap();
    let end = answer.series[0].community_end.unwrap();
    // 7-day community cases now: about 190, falling by a tenth a day: at 40 after some 16 days.
    let (low, median) = (end.low80.unwrap(), end.median.unwrap());
    assert!(low < median && median < date(2022, 12, 13) && median > date(2022, 12, 1), "{end:?}");
    assert!(end.first_day_90.is_none_or(|d| d >= median), "{end:?}");
    assert!((0.15..0.25).contains(&end.share_now) && end.probability_within_horizon > 0.5, "{end:?}");
}

#[test]
fn an_unknown_community_share_gives_no_date() {
    let config = Config { community_threshold: Some(Persons::new(20)), ..Config::default() };
    let answer = outlook(&vintage(vec![with_community(0.2, 3)]), &config).unwrap();
    assert_eq!(answer.series[0].community_end, Err(CommunityUnknown::ShareNotKnown { known: 3 }));
    let not_asked = ask(vec![with_community(0.2, 14)]);
    assert_eq!(not_asked.series[0].community_end, Err(CommunityUnknown::NotAsked));
}

/// Every day of 100 is known by half at first and whole two days later. Today's 50 is no fall.
#[test]
fn a_day_that_is_half_known_is_no_fall() {
    let day = |back: i64| ORIGIN.checked_sub(jiff::Span::new().days(back)).unwrap();
    let version = |back: i64, age: i64, count| Version {
        series: 0,
        day: day(back),
        known_on: day(back - age),
        count: Persons::new(count),
    };
    let versions: Vec<Version> =
        (2..60).flat_map(|back| [version(back, 0, 50), version(back, 1, 80), version(back, 2, 100)]).collect();
    let mut counts = known(vec![100; 60]);
    counts[58] = Some(80);
    counts[59] = Some(50);
    let mut asked = vintage(vec![series("city", &counts)]);
    let taken_as_it_stands = outlook(&asked, &Config::default()).unwrap();
    asked.completeness = Completeness::learn(&versions, ORIGIN);
    let answer = outlook(&asked, &Config::default()).unwrap();
    let week = |answer: &Outlook| answer.series[0].quantiles[6][MEDIAN];
    assert!((85.0..115.0).contains(&week(&answer)), "{}", week(&answer));
    // Without the completion the range above would not be kept.
    assert!(week(&taken_as_it_stands) < 85.0, "{}", week(&taken_as_it_stands));
    let told = answer.series[0].flags.iter().find_map(|flag| match flag {
        Flag::Completed { days, least_share } => Some((*days, *least_share)),
        _ => None,
    });
    let (days, least) = told.unwrap();
    assert!(days == 2 && (0.48..0.53).contains(&least), "{days} {least}");
}
