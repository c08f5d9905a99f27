//! Chongqing, November 2022. The figures are those of the public record, as the pack's README counts them.

use crate::pack::{Outbreak, found, office, place};
use jiff::civil::{Date, date};
use levee_model::quantity::Persons;
use levee_model::report::Basis;
use levee_model::time::Period;
use levee_picture::{CityDay, Finding, Known, Picture, Why};

fn chongqing() -> Outbreak {
    Outbreak::of("chongqing-2022", date(2022, 11, 1))
}

/// What the meeting of 18 November knew at its 24:00.
fn meeting() -> Picture {
    chongqing().picture(date(2022, 11, 18), date(2022, 11, 19).at(0, 0, 0, 0))
}

/// Everything published by 24:00 of 30 November.
fn end_of_november() -> Picture {
    chongqing().picture(date(2022, 11, 30), date(2022, 12, 1).at(0, 0, 0, 0))
}

fn on(picture: &Picture, day: Date) -> &CityDay {
    picture.city.days.iter().find(|d| d.day == day).unwrap()
}

#[test]
fn the_meeting_of_18_november_knows_17_november_from_the_nation_only() {
    let picture = meeting();
    let new = on(&picture, date(2022, 11, 17)).new.figure().unwrap().clone();
    assert_eq!((new.value, new.basis), (Persons::new(4666), Some(Basis::MayCountTwice)));
    assert_eq!((new.offices, new.age_hours), (vec![office("nhc")], 24.0));
    let named = found(&picture, |f| matches!(f, Finding::ConversionsUnknown { .. }));
    assert!(named.iter().any(|(day, c)| *day == date(2022, 11, 17) && c.sources == ["NHC"]));
}

#[test]
fn a_day_that_is_not_out_yet_is_unknown() {
    let picture = meeting();
    let today = on(&picture, date(2022, 11, 18));
    for figure in [&today.new, &today.confirmed, &today.asymptomatic, &today.community, &today.deaths] {
        assert_eq!(*figure, Known::Unknown(Why::NotYetKnown));
    }
    assert_eq!(picture.city.days.len(), 18);
    assert_eq!(picture.city.last_known().map(|d| d.day), Some(date(2022, 11, 17)));
}

#[test]
fn a_day_that_nobody_reported_is_missing_and_never_zero() {
    let mut outbreak = chongqing();
    let gone = date(2022, 11, 8);
    outbreak.reports.retain(|report| report.period.full_day() != Some(gone));
    let picture = outbreak.picture(date(2022, 11, 18), date(2022, 11, 19).at(0, 0, 0, 0));
    assert_eq!(on(&picture, gone).new, Known::Unknown(Why::NotReportedForDay));
    assert_eq!(
        found(&picture, |f| matches!(f, Finding::DayMissing)).iter().map(|(d, _)| *d).collect::<Vec<_>>(),
        [gone]
    );
    // 8 November lies in the week before the last: a sum with a hole in it is no sum.
    assert!(picture.city.seven_days.value().is_some());
    assert_eq!(picture.city.seven_days_before, Known::Unknown(Why::PartUnknown));
    let whole = meeting();
    assert!(whole.city.seven_days_before.value().is_some());
    assert!(found(&whole, |f| matches!(f, Finding::DayMissing)).is_empty());
}

#[test]
fn the_latest_list_is_half_a_day_and_stays_half_a_day() {
    let picture = meeting();
    let period = picture.districts.period.unwrap();
    assert_eq!(period.part_day(), Some((date(2022, 11, 17), 0, 12)));
    assert_eq!(picture.districts.city.value(), Some(&Persons::new(859)));
    assert_eq!(picture.districts.rows.len(), 38);
    let sum: u64 = picture.districts.rows.iter().map(|row| row.new.value().unwrap().get()).sum();
    assert_eq!(sum, 859, "38 districts with Wansheng make the city's 42 + 817");
    // No list of a whole 17 November exists: nothing of the half day may stand for it.
    assert!(picture.districts.rows.iter().all(|row| !row.full_days.contains_key(&date(2022, 11, 17))));
}

#[test]
fn wansheng_is_listed_apart_and_counted_with_qijiang() {
    let picture = meeting();
    let rows = &picture.districts.rows;
    let qijiang = rows.iter().find(|row| row.place == place("500110")).unwrap();
    assert_eq!(qijiang.new.value(), Some(&Persons::new(2 + 1)));
    assert!(rows.iter().all(|row| row.place != place("CQ-WS")));
}

#[test]
fn five_counties_have_no_population_and_so_no_incidence() {
    let picture = meeting();
    let unknown = picture.districts.rows.iter().filter(|row| row.per_100k == Known::Unknown(Why::PopulationUnknown));
    let unknown: Vec<&str> = unknown.map(|row| row.place.as_str()).collect();
    assert_eq!(unknown, ["500233", "500235", "500238", "500241", "500242"]);
    let yuzhong = picture.districts.rows.iter().find(|row| row.place == place("500103")).unwrap();
    // 164 of 588,717 residents.
    assert!((yuzhong.per_100k.value().unwrap() - 27.857).abs() < 0.001);
}

#[test]
fn the_central_share_is_as_stated() {
    let picture = meeting();
    let central = picture.city.shares.iter().filter(|share| share.place == place("CQ-CENTRAL"));
    let latest = central.max_by_key(|share| share.day).unwrap();
    assert_eq!((latest.day, latest.percent.value), (date(2022, 11, 16), 26.76));
    // Of how many the 913 are was never stated, so there is no quotient to show.
    assert_eq!(latest.counts, None);
}

#[test]
fn the_28_november_differs_between_offices_and_within_one() {
    let picture = end_of_november();
    let differ = found(&picture, |f| matches!(f, Finding::OfficesDiffer { .. }));
    let [(day, differ)] = differ.as_slice() else { panic!("expected one, found {differ:?}") };
    assert_eq!(*day, date(2022, 11, 28));
    let sides = |left: (&str, u64), right: (&str, u64)| Finding::OfficesDiffer {
        field: "asymptomatic",
        left: (office(left.0), left.1),
        right: (office(right.0), right.1),
    };
    let (city, nation) = (("cq-hc", 8538), ("nhc", 8583));
    assert!([sides(city, nation), sides(nation, city)].contains(&differ.what), "{differ:?}");
    let identity = found(&picture, |f| matches!(f, Finding::IdentityDiffers { .. }));
    let [(day, identity)] = identity.as_slice() else { panic!("expected one, found {identity:?}") };
    assert_eq!(*day, date(2022, 11, 28));
    assert_eq!(identity.what, Finding::IdentityDiffers { stated: 8721, computed: 8676 });
    // The office's own total stands: nothing is repaired.
    let new = on(&picture, *day).new.figure().unwrap();
    assert_eq!((new.value, new.basis), (Persons::new(8721), Some(Basis::Stated)));
}

#[test]
fn shares_that_are_not_the_quotient_of_their_counts_are_found() {
    let picture = end_of_november();
    let found = found(&picture, |f| matches!(f, Finding::ShareDiffers { .. }));
    let outside = found.iter().find(|(day, _)| *day == date(2022, 11, 27)).unwrap();
    assert_eq!(outside.1.place, place("CQ-OUTSIDE"));
    let Finding::ShareDiffers { stated, computed } = outside.1.what else { unreachable!() };
    // 43 of 862; the briefing prints 5.68.
    assert!((stated - 5.68).abs() < 1e-9 && (computed - 4.988).abs() < 0.001);
}

#[test]
fn groups_that_make_the_city_add_up_wherever_both_are_stated() {
    let last = date(2022, 12, 12);
    let differ = |f: &Finding| matches!(f, Finding::GroupsDoNotAddUp { .. });
    let mut outbreak = chongqing();
    let whole = outbreak.picture(last, date(2022, 12, 14).at(0, 0, 0, 0));
    // 21, 26, 27, 28, 29, 30 November and 3 December add up. 23 November is not held against the groups: 7,812 beside
    // 409 + 7,437 without conversions says nothing but that conversions are missing.
    assert_eq!(found(&whole, differ), []);
    let outside = outbreak
        .reports
        .iter_mut()
        .find(|report| report.place == place("CQ-OUTSIDE") && report.period.full_day() == Some(date(2022, 12, 3)));
    outside.unwrap().total = Some(Persons::new(706));
    let wrong = outbreak.picture(last, date(2022, 12, 14).at(0, 0, 0, 0));
    let wrong = found(&wrong, differ);
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0].1.what, Finding::GroupsDoNotAddUp { groups: 4540 + 706, city: 5245 });
}

#[test]
fn no_part_of_a_day_exceeds_its_day_until_somebody_makes_it() {
    let exceeds = |f: &Finding| matches!(f, Finding::PartExceedsDay { .. });
    assert_eq!(found(&end_of_november(), exceeds), []);
    let mut outbreak = chongqing();
    let half = Period::new(date(2022, 11, 25).at(0, 0, 0, 0), date(2022, 11, 25).at(18, 0, 0, 0)).unwrap();
    let mut full = outbreak.reports.iter().find(|r| r.place == place("500000") && r.period == half).unwrap().clone();
    full.period = Period::full_day_of(date(2022, 11, 25)).unwrap();
    full.confirmed = Some(Persons::new(100));
    outbreak.reports.push(full);
    let picture = outbreak.picture(date(2022, 11, 30), date(2022, 12, 1).at(0, 0, 0, 0));
    let found = found(&picture, exceeds);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1.what, Finding::PartExceedsDay { part: 133, day: 100 });
}
