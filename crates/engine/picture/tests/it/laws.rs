//! What holds for any reports whatever.

use crate::pack::{Outbreak, moment, office, place};
use jiff::civil::{Date, date};
use levee_model::area::{Area, Level, Name, PlaceCode, Relation, ReportingUnit};
use levee_model::gazetteer::Gazetteer;
use levee_model::provenance::{Origin, Provenance};
use levee_model::quantity::Persons;
use levee_model::report::InfectionReport;
use levee_model::time::Period;
use levee_picture::{Facts, Known, Moment, Picture, Why, picture, place_series};
use proptest::prelude::*;
use std::collections::BTreeMap;

const PLACES: [&str; 7] = ["100000", "100101", "100102", "100103", "ZONE", "EAST", "NOWHERE"];
const OFFICES: [&str; 3] = ["city-hc", "nation", "stranger"];
const STARTED: Date = date(2022, 11, 1);

/// Three districts, one zone listed apart from the first, one stated group; `NOWHERE` is in nobody's list.
fn gazetteer() -> Gazetteer {
    let name = |code: &str| Name { zh: code.into(), en: code.into(), short_zh: code.into(), short_en: code.into() };
    let area = |code: &str, population: Option<u64>| Area {
        code: place(code),
        parent: (code != "100000").then(|| place("100000")),
        level: if code == "100000" { Level::City } else { Level::District },
        name: name(code),
        population: population.map(Persons::new),
        point: None,
    };
    let unit = |code: &str, relation| ReportingUnit { code: place(code), name: name(code), relation };
    Gazetteer::new(
        vec![area("100000", Some(900)), area("100101", Some(500)), area("100102", Some(0)), area("100103", None)],
        vec![
            unit("ZONE", Relation::Apart { within: place("100101") }),
            unit("EAST", Relation::Group { members: vec![place("100102"), place("100103")] }),
        ],
    )
    .unwrap()
}

fn count() -> impl Strategy<Value = Option<Persons>> {
    let bound = prop_oneof![6 => 0u64..50, 1 => Just(0), 1 => Just(u64::MAX)];
    prop::option::weighted(0.7, bound.prop_map(Persons::new))
}

/// Any report of twelve days: whole days, parts, periods over midnight; any gaps, however absurd.
fn report() -> impl Strategy<Value = InfectionReport> {
    let when = (0i64..12, prop_oneof![3 => Just((0i64, 24i64)), 1 => (0i64..23, 1i64..30)]);
    let who = (0..PLACES.len(), 0..OFFICES.len(), 0i64..400);
    let counts = prop::array::uniform8(count());
    (who, when, counts, prop::option::weighted(0.2, 0.0f64..120.0)).prop_map(
        |(
            (at, by, known),
            (day, (from, hours)),
            [confirmed, asymptomatic, converted, total, pending, community, managed, deaths],
            community_pct,
        )| {
            let midnight = STARTED.checked_add(jiff::Span::new().days(day)).unwrap().at(0, 0, 0, 0);
            let hour = |n: i64| midnight.checked_add(jiff::Span::new().hours(n)).unwrap();
            InfectionReport {
                place: place(PLACES[at]),
                period: Period::new(hour(from), hour(from + hours)).unwrap(),
                confirmed,
                asymptomatic,
                converted,
                total,
                pending,
                community,
                managed,
                community_pct,
                deaths,
                provenance: Provenance {
                    office: office(OFFICES[by]),
                    source: "S1+S2".into(),
                    known_at: moment(STARTED.at(0, 0, 0, 0).checked_add(jiff::Span::new().hours(known)).unwrap()),
                    known_at_assumed: false,
                    origin: Origin::Reported,
                },
            }
        },
    )
}

/// Any reports, as facts come: one version of each row, in the order in which they became known.
fn reports() -> impl Strategy<Value = Vec<InfectionReport>> {
    prop::collection::vec(report(), 0..60).prop_map(|all| {
        let key = |r: &InfectionReport| (r.place.clone(), r.period, r.provenance.office.clone());
        let mut once: Vec<_> =
            all.into_iter().map(|r| (key(&r), r)).collect::<BTreeMap<_, _>>().into_values().collect();
        once.sort_by_key(|report| report.provenance.known_at);
        once
    })
}

fn seen(day: Date) -> Moment {
    Moment { outbreak_started: STARTED, day, as_known_at: day.tomorrow().unwrap().at(0, 0, 0, 0) }
}

fn of(reports: Vec<InfectionReport>, day: Date) -> Picture {
    let facts = Facts { infections: reports, ..Facts::default() };
    picture(seen(day), &gazetteer(), &facts, &[office("city-hc"), office("nation")])
}

/// What was known by 24:00 of `day`.
fn by(reports: &[InfectionReport], day: Date) -> Vec<InfectionReport> {
    let until = moment(seen(day).as_known_at);
    reports.iter().filter(|report| report.provenance.known_at <= until).cloned().collect()
}

/// Whether anybody says anything about new infections of the place on that full day.
fn says(reports: &[InfectionReport], at: &PlaceCode, day: Date) -> bool {
    reports.iter().any(|r| r.place == *at && r.period.full_day() == Some(day) && r.new_infections().is_some())
}

/// All figures as lines of text, with how many contradictions stand on each day. Which of two offices is called left and
/// which right follows the order of the facts; that they differ does not.
fn figures(picture: &Picture) -> Vec<String> {
    let mut found: BTreeMap<(Date, &PlaceCode), usize> = BTreeMap::new();
    for contradiction in &picture.contradictions {
        *found.entry((contradiction.day, &contradiction.place)).or_default() += 1;
    }
    format!("{:#?}{:#?}{found:#?}", picture.city, picture.districts).lines().map(str::to_owned).collect()
}

fn mixed(reports: Vec<InfectionReport>, by: &[u32]) -> Vec<InfectionReport> {
    let mut mixed: Vec<_> = reports.into_iter().zip(by.iter().cycle()).collect();
    mixed.sort_by_key(|(_, at)| **at);
    mixed.into_iter().map(|(report, _)| report).collect()
}

/// Fails with the first line that differs and what stands around it.
fn same(left: &Picture, right: &Picture) -> Result<(), String> {
    let (left, right) = (figures(left), figures(right));
    let differs = (0..left.len().max(right.len())).find(|nth| left.get(*nth) != right.get(*nth));
    differs.map_or(Ok(()), |nth| {
        let around = |lines: &[String]| lines[nth.saturating_sub(9)..lines.len().min(nth + 4)].join("\n");
        Err(format!("{}\n-- or --\n{}", around(&left), around(&right)))
    })
}

proptest! {
    /// The series of a district tells of each day what the list of districts does, and a day that was told in part is no day.
    #[test]
    fn a_series_is_what_the_districts_are(reports in reports(), day in 0i64..14) {
        let day = STARTED.checked_add(jiff::Span::new().days(day)).unwrap();
        let (reports, places) = (by(&reports, day), gazetteer());
        for row in &of(reports.clone(), day).districts.rows {
            let preferred = [office("city-hc"), office("nation")];
            let series = place_series(seen(day), &places, &row.place, &reports, &preferred, STARTED);
            prop_assert_eq!(series.days.len() as i64, day.duration_since(STARTED).as_hours() / 24 + 1);
            for told in &series.days {
                prop_assert_eq!(told.new.value(), row.full_days.get(&told.day).map(|figure| &figure.value));
                let in_part = series.parts.iter().any(|part| part.period.part_day().is_some_and(|(of, _, _)| of == told.day));
                if let Known::Unknown(why) = &told.new {
                    prop_assert_eq!(*why == Why::OnlyInPart, in_part);
                }
            }
            prop_assert!(series.parts.iter().all(|part| part.period.full_day().is_none()));
        }
    }

    /// No report can make the picture panic, and a day has a figure just when somebody gave one.
    #[test]
    fn a_missing_report_never_becomes_a_zero(reports in reports(), day in 0i64..14) {
        let day = STARTED.checked_add(jiff::Span::new().days(day)).unwrap();
        let reports = by(&reports, day);
        let picture = of(reports.clone(), day);
        let city = place("100000");
        prop_assert_eq!(picture.city.days.len() as i64, day.duration_since(STARTED).as_hours() / 24 + 1);
        for known in &picture.city.days {
            prop_assert_eq!(known.new.value().is_some(), says(&reports, &city, known.day));
            for (figure, field) in [(&known.confirmed, 0), (&known.community, 1), (&known.deaths, 2)] {
                let stated = |r: &InfectionReport| [r.confirmed, r.community, r.deaths][field];
                let mut of_day = reports.iter().filter(|r| r.place == city && r.period.full_day() == Some(known.day));
                prop_assert_eq!(figure.value().is_some(), of_day.any(|r| stated(r).is_some()));
            }
        }
        for row in &picture.districts.rows {
            for on in row.full_days.keys() {
                prop_assert!(says(&reports, &row.place, *on));
            }
            let listed = |period: Period| {
                reports.iter().any(|r| r.place == row.place && r.period == period && r.new_infections().is_some())
            };
            let expected = picture.districts.period.is_some_and(listed);
            prop_assert_eq!(row.new.value().is_some(), expected);
        }
        if let Known::Known(week) = &picture.city.seven_days {
            let last = picture.city.last_known().unwrap().day;
            let mut day = last;
            let mut sum = 0u64;
            for _ in 0..7 {
                let known = picture.city.days.iter().find(|d| d.day == day).unwrap();
                sum = sum.saturating_add(known.new.value().unwrap().get());
                day = day.yesterday().unwrap();
            }
            prop_assert_eq!(week.value.get(), sum);
        }
    }

    /// What becomes known later changes nothing in the picture of an earlier moment.
    #[test]
    fn the_future_does_not_change_the_past(reports in reports(), more in reports(), day in 0i64..14) {
        let day = STARTED.checked_add(jiff::Span::new().days(day)).unwrap();
        let late = |r: &InfectionReport| r.provenance.known_at > moment(seen(day).as_known_at);
        let mut all = by(&reports, day);
        let before = of(all.clone(), day);
        all.extend(more.into_iter().filter(late));
        prop_assert_eq!(same(&of(by(&all, day), day), &before), Ok(()));
    }

    /// Where one office speaks for each place and period, rows may come in any order.
    #[test]
    fn the_order_of_rows_does_not_matter(reports in reports(), order in prop::collection::vec(any::<u32>(), 60)) {
        let day = STARTED.checked_add(jiff::Span::new().days(11)).unwrap();
        let once: BTreeMap<_, _> = reports.into_iter().map(|r| ((r.place.clone(), r.period), r)).collect();
        let reports: Vec<_> = once.into_values().collect();
        let straight = of(reports.clone(), day);
        prop_assert_eq!(same(&of(mixed(reports, &order), day), &straight), Ok(()));
    }

    /// Which office's figure stands for a day of the city follows from its basis and the preferred offices, not from the
    /// order in which offices came.
    #[test]
    fn the_order_of_offices_does_not_choose_the_figure(reports in reports(), order in prop::collection::vec(any::<u32>(), 60)) {
        let day = STARTED.checked_add(jiff::Span::new().days(11)).unwrap();
        let straight = of(reports.clone(), day).city;
        let other = of(mixed(reports, &order), day).city;
        prop_assert_eq!(other.days, straight.days);
        prop_assert_eq!((other.seven_days, other.seven_days_before), (straight.seven_days, straight.seven_days_before));
    }
}

#[test]
fn the_order_of_real_rows_does_not_matter() {
    let mut outbreak = Outbreak::of("chongqing-2022", STARTED);
    let known = date(2022, 12, 14).at(0, 0, 0, 0);
    let straight = outbreak.picture(date(2022, 12, 12), known);
    outbreak.reports.reverse();
    let reversed = outbreak.picture(date(2022, 12, 12), known);
    assert_eq!(reversed.city.days, straight.city.days);
    assert_eq!(reversed.districts.rows, straight.districts.rows);
    assert_eq!(reversed.districts.lists.len(), straight.districts.lists.len());
}
