//! Laws that hold for any city and any counts.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{place, series, vintage};
use levee_model::quantity::Persons;
use levee_outlook::{Config, LEVELS, Outlook, Series, Standing, outlook};
use proptest::prelude::*;

fn quick() -> Config {
    Config { paths: 100, ..Config::default() }
}

/// Histories as offices produce them: quiet, steady, exploding, absurd, with holes, late, cut off.
fn history() -> impl Strategy<Value = Vec<Option<u64>>> {
    let count = prop_oneof![
        6 => (0u64..50).prop_map(Some),
        4 => (0u64..20_000).prop_map(Some),
        1 => Just(Some(1_000_000_000)),
        1 => Just(Some(u64::MAX)),
        3 => Just(None),
    ];
    prop_oneof![
        prop::collection::vec(count, 0..60),
        (0u64..1_000_000, 0usize..60).prop_map(|(level, days)| vec![Some(level); days]),
        (-0.5..0.5f64, 0.0..5_000.0f64, 3usize..60).prop_map(|(r, last, days)| common::growing(r, last, days)),
    ]
}

fn city() -> impl Strategy<Value = Vec<Series>> {
    let one = (history(), prop::option::of(0u64..3_000_000));
    prop::collection::vec(one, 1..5).prop_map(|all| {
        let codes = ["city", "d1", "d2", "d3", "d4"];
        all.into_iter()
            .zip(codes)
            .map(|((counts, people), code)| Series { population: people.map(Persons::new), ..series(code, &counts) })
            .collect()
    })
}

fn bytes(outlook: &Outlook) -> Vec<u8> {
    let draws = &outlook.draws;
    draws.places().flat_map(|p| draws.of(p).unwrap().as_slice().iter().flat_map(|c| c.to_le_bytes())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Every place has either a whole forecast or a reason; quantiles are numbers, never negative, never crossing.
    #[test]
    fn a_forecast_is_sound_or_absent_with_a_reason(city in city()) {
        let Ok(answer) = outlook(&vintage(city.clone()), &quick()) else {
            prop_assert!(city.iter().all(|s| s.observations.is_empty()));
            return Ok(());
        };
        prop_assert_eq!(answer.series.len(), city.len());
        for series in &answer.series {
            let draws = answer.draws.of(&series.place);
            if let Standing::Unknown { .. } = series.standing {
                prop_assert!(series.quantiles.is_empty() && draws.is_none());
                continue;
            }
            prop_assert_eq!(series.quantiles.len(), 28);
            prop_assert_eq!(draws.unwrap().as_slice().len(), 28 * 100);
            for row in &series.quantiles {
                prop_assert!(row.iter().all(|q| q.is_finite() && *q >= 0.0));
                prop_assert!((1..LEVELS).all(|i| row[i - 1] <= row[i]));
            }
            if let Some(growth) = series.growth {
                prop_assert!(growth.low80 < growth.per_day && growth.per_day < growth.high80);
            }
        }
    }

    /// No path infects more people than live there.
    #[test]
    fn no_path_infects_more_than_the_residents(city in city()) {
        let Ok(answer) = outlook(&vintage(city.clone()), &quick()) else { return Ok(()) };
        for series in &city {
            let (Some(people), Some(draws)) = (series.population, answer.draws.of(&series.place)) else { continue };
            for path in draws.iter() {
                prop_assert!(path.iter().fold(0u64, |s, c| s.saturating_add(*c)) <= people.get());
            }
        }
    }

    /// The same vintage, settings and seed give the same bytes.
    #[test]
    fn the_same_question_has_the_same_answer(city in city(), seed in any::<u64>()) {
        let config = Config { seed, ..quick() };
        let (once, twice) = (outlook(&vintage(city.clone()), &config), outlook(&vintage(city), &config));
        prop_assert_eq!(&once, &twice);
        if let (Ok(once), Ok(twice)) = (once, twice) {
            prop_assert_eq!(bytes(&once), bytes(&twice));
        }
    }

    /// A district without anything known harms no other: all others keep a forecast if they had one.
    #[test]
    fn an_unknown_district_stops_no_other(city in city()) {
        let Ok(before) = outlook(&vintage(city.clone()), &quick()) else { return Ok(()) };
        let mut more = city;
        more.push(series("silent", &[]));
        let after = outlook(&vintage(more), &quick()).unwrap();
        for series in before.series.iter().filter(|s| s.place != place("city")) {
            let unknown = |s: &Standing| matches!(s, Standing::Unknown { .. });
            if !unknown(&series.standing) {
                prop_assert!(!unknown(&after.of(&series.place).unwrap().standing), "{series:?}");
            }
        }
    }

    /// The order in which counts arrive does not matter.
    #[test]
    fn the_order_of_observations_does_not_matter(city in city()) {
        let mut turned = city.clone();
        for series in &mut turned {
            series.observations.reverse();
        }
        prop_assert_eq!(outlook(&vintage(city), &quick()), outlook(&vintage(turned), &quick()));
    }

    /// When the districts make up the city, every path of the city is the sum of theirs, day by day.
    #[test]
    fn the_city_is_the_sum_of_joint_paths(a in prop::collection::vec(0u64..5_000, 30), b in prop::collection::vec(0u64..5_000, 30)) {
        let sum: Vec<u64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        let all = vec![
            series("city", &common::known(sum)),
            series("d1", &common::known(a)),
            series("d2", &common::known(b)),
        ];
        let answer = outlook(&vintage(all), &quick()).unwrap();
        let of = |code: &str| answer.draws.of(&place(code)).unwrap().as_slice();
        for ((city, one), two) in of("city").iter().zip(of("d1")).zip(of("d2")) {
            prop_assert_eq!(*city, one + two);
        }
    }
}
