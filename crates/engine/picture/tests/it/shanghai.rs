//! Shanghai, spring 2022: whole days by district. The pack's README says on which days they do not add up.

use crate::pack::{Outbreak, found};
use jiff::civil::{Date, date};
use levee_picture::{Finding, Picture};

/// The window over which the README of the raw collection counts conversions: 1 March to 30 June.
fn spring() -> Picture {
    let outbreak = Outbreak::of("shanghai-2022", date(2022, 3, 1));
    outbreak.picture(date(2022, 6, 30), date(2022, 7, 3).at(0, 0, 0, 0))
}

fn march(days: impl IntoIterator<Item = i8>) -> Vec<Date> {
    days.into_iter().map(|day| date(2022, 3, day)).collect()
}

#[test]
fn districts_add_up_to_the_city_but_on_the_documented_days() {
    let picture = spring();
    let mut days: Vec<Date> =
        found(&picture, |f| matches!(f, Finding::DistrictsDoNotAddUp { .. })).into_iter().map(|(day, _)| day).collect();
    days.dedup();
    // The README names 13 days; on 13 March and 3 June only the split between community and managed does not agree.
    assert_eq!(days, march([6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17]));
}

#[test]
fn nobody_is_counted_twice() {
    let picture = spring();
    let twice = found(&picture, |f| matches!(f, Finding::CountedTwiceIfSummed { .. }));
    assert_eq!(twice.len(), 1);
    assert_eq!(twice[0].1.what, Finding::CountedTwiceIfSummed { people: 22_544, days: 122 });
    // 58,137 confirmed and 591,518 asymptomatic, 627,111 infections: the raw collection's README.
    let sum = |field: fn(&levee_picture::CityDay) -> u64| picture.city.days.iter().map(field).sum::<u64>();
    assert_eq!(sum(|d| d.confirmed.value().unwrap().get()), 58_137);
    assert_eq!(sum(|d| d.asymptomatic.value().unwrap().get()), 591_518);
    assert_eq!(sum(|d| d.new.value().unwrap().get()), 627_111);
}

#[test]
fn the_nation_differs_on_24_and_26_march() {
    let picture = spring();
    let mut days: Vec<Date> =
        found(&picture, |f| matches!(f, Finding::OfficesDiffer { .. })).into_iter().map(|(day, _)| day).collect();
    days.dedup();
    assert_eq!(days, march([24, 26]));
}

#[test]
fn every_day_splits_into_community_and_managed() {
    assert_eq!(found(&spring(), |f| matches!(f, Finding::SplitDiffers { .. })), []);
}
