//! A day of Chongqing run twice, and what it leaves in the ledger.

use crate::town::{Town, good, row};
use jiff::civil::{Date, date};
use levee_app::day::{DayOptions, DayReport, issued_brief, run};
use levee_app::event::Mode;
use levee_app::intake::IncomingRow;
use levee_app::projection::ledger::read;
use levee_ledger::Flow;
use levee_ledger::settlement::Line;
use levee_model::command::Actor;
use levee_model::table::Cell;

fn chongqing() -> Town {
    let mut town = Town::new(Mode::Replay);
    town.send_pack();
    town
}

fn run_day(town: &mut Town, day: Date) -> DayReport {
    let envelope = town.command(Actor::LocalOperator);
    run(&mut town.city(), &envelope, day, DayOptions::default()).unwrap()
}

/// The placements of the whole city on the books of a day.
fn placements(town: &Town, day: Date) -> Line {
    let books = read::books(&town.journal).unwrap();
    let last = read::last_day(&town.journal, day).unwrap();
    let lines = read::lines(&town.journal, "500000", &books, day, last).unwrap();
    let lines: Vec<Line> = lines.into_iter().filter(|line| line.kind.as_str() == "care_placement").collect();
    let mut total = lines.first().unwrap().clone();
    lines.iter().skip(1).for_each(|line| total.add(line));
    total
}

/// New infections of all days that the report's picture knows.
fn known_in_all(report: &DayReport) -> u64 {
    report.computed.picture.city.days.iter().filter_map(|day| day.new.value()).map(|new| new.get()).sum()
}

#[test]
fn a_day_run_twice_says_the_same_and_owes_nothing_twice() {
    let mut town = chongqing();
    let day = date(2022, 11, 18);
    let first = run_day(&mut town, day);
    let owed = placements(&town, day);
    let second = run_day(&mut town, day);
    assert_eq!(first.brief, second.brief);
    assert_eq!(placements(&town, day), owed);
    assert_eq!((owed.of(Flow::Opened), owed.carried_out), (known_in_all(&first), known_in_all(&first)));
    assert_eq!((owed.flows.outgoing(), owed.residual()), (0, 0));
    // What was issued last reads back as it was issued.
    let (_, issued) = issued_brief(&town.city(), day).unwrap().unwrap();
    assert_eq!(serde_json::to_value(&issued).unwrap(), serde_json::to_value(&second.brief).unwrap());
    town.verify();
}

#[test]
fn what_is_open_carries_over_and_a_ground_is_opened_once() {
    let mut town = chongqing();
    let (friday, saturday, monday) = (date(2022, 11, 18), date(2022, 11, 19), date(2022, 11, 21));
    let first = run_day(&mut town, friday);
    let second = run_day(&mut town, saturday);
    let left = placements(&town, friday);
    assert_eq!(left.carried_out, known_in_all(&first));
    assert_eq!(placements(&town, saturday).carried_out, known_in_all(&second));
    // A day on which nothing was run is passed through, not skipped.
    let third = run_day(&mut town, monday);
    assert_eq!(placements(&town, date(2022, 11, 20)).carried_out, known_in_all(&second));
    assert_eq!(placements(&town, monday).carried_out, known_in_all(&third));
    // A day run again finds nothing new to open.
    let again = run_day(&mut town, monday);
    assert_eq!(placements(&town, monday).carried_out, known_in_all(&again));
    assert_eq!(placements(&town, friday), left);
    town.verify();
}

#[test]
fn a_corrected_count_opens_the_difference_or_voids_the_surplus() {
    let mut town = chongqing();
    let day = date(2022, 11, 18);
    run_day(&mut town, day);
    let before = placements(&town, day);
    let nation = |count, hour| {
        let known = date(2022, 11, 18).at(hour, 0, 0, 0);
        row("500000", date(2022, 11, 16), count, known).with("office", Cell::Text("cq-hc".to_owned()))
    };
    // 16 November was 4,072.
    assert_eq!(town.send(vec![good(2, nation(4_075, 1))]).superseding, 1);
    run_day(&mut town, day);
    let more = placements(&town, day);
    assert_eq!((more.of(Flow::Opened), more.of(Flow::Voided)), (before.of(Flow::Opened) + 3, 0));
    town.send(vec![good(2, nation(4_070, 2))]);
    run_day(&mut town, day);
    let fewer = placements(&town, day);
    assert_eq!((fewer.of(Flow::Opened), fewer.of(Flow::Voided)), (more.of(Flow::Opened), 5));
    assert_eq!((fewer.carried_out, fewer.residual()), (before.carried_out - 2, 0));
    town.verify();
}

#[test]
fn a_day_before_the_outbreak_is_refused_with_a_way_out() {
    let mut town = Town::new(Mode::Replay);
    let envelope = town.command(Actor::LocalOperator);
    let refused = run(&mut town.city(), &envelope, date(2022, 10, 31), DayOptions::default()).unwrap_err();
    assert_eq!(refused.to_string(), "2022-10-31 lies before the outbreak began (2022-11-01)");
    assert_eq!(refused.hint().as_deref(), Some("choose a later day"));
}

/// A feed that knows half of a day at its end, four fifths a day later, and all after two.
#[test]
fn how_late_counts_come_is_learnt_from_the_versions_that_were_kept() {
    let mut town = Town::new(Mode::Replay);
    let versions = (1..=20i8).flat_map(|d| {
        let day = date(2022, 11, d);
        let known = |days: i64, hour| day.checked_add(jiff::Span::new().days(days)).unwrap().at(hour, 0, 0, 0);
        [(day, 50, known(0, 23)), (day, 80, known(1, 12)), (day, 100, known(2, 12))]
    });
    let rows = (2..).zip(versions).map(|(line, (day, count, known))| good(line, row("500000", day, count, known)));
    let mut rows: Vec<_> = rows.collect();
    // In the order in which they became known, as they would have arrived.
    rows.sort_by_key(|incoming| match incoming {
        IncomingRow::Good { row, .. } => row.datetime("known_at"),
        _ => None,
    });
    town.send(rows);
    let computed = levee_app::day::compute(&town.city(), date(2022, 11, 18), DayOptions::default()).unwrap();
    let outlook = computed.outlook.unwrap();
    assert_eq!(outlook.origin, date(2022, 11, 18));
    let city = outlook.of(&"500000".parse().unwrap()).unwrap();
    let told = city.flags.iter().find_map(|flag| match flag {
        levee_outlook::Flag::Completed { days, least_share } => Some((*days, *least_share)),
        _ => None,
    });
    let (days, least) = told.unwrap();
    assert!(days == 2 && (0.48..0.56).contains(&least), "{days} {least}");
    // The same as of a city that knows all 100 of a day at once: today's 50 is no fall.
    let mut whole = Town::new(Mode::Replay);
    let at_once = (1..=18i8).map(|d| date(2022, 11, d)).map(|day| row("500000", day, 100, day.at(23, 0, 0, 0)));
    whole.send((2..).zip(at_once).map(|(line, row)| good(line, row)).collect());
    let whole = levee_app::day::compute(&whole.city(), date(2022, 11, 18), DayOptions::default()).unwrap();
    let whole = whole.outlook.unwrap();
    let week = |outlook: &levee_outlook::Outlook| outlook.series[0].quantiles[6][levee_outlook::MEDIAN];
    assert!((week(&outlook) / week(&whole) - 1.0).abs() < 0.1, "{} {}", week(&outlook), week(&whole));
    assert!((80.0..120.0).contains(&week(&outlook)), "{}", week(&outlook));
}

/// Chongqing's own daily counts carry R of the city; its districts published few full days, so none of theirs is shown.
#[test]
fn r_is_said_of_the_city_and_never_borrowed_by_districts() {
    let mut town = chongqing();
    let report = run_day(&mut town, date(2022, 11, 18));
    let computed = &report.computed;
    let outlook = computed.outlook.as_ref().unwrap();
    let city = outlook.of(computed.known.places.city()).unwrap();
    let r = *city.reproduction.as_ref().unwrap().newest().unwrap();
    let (low, high) = r.ninety_five;
    // Reported infections rose from 4,072 to about 6,000 within three days; three weeks of counts leave R unsure.
    assert!(1.0 < r.median && low < r.median && r.median < high && high < 4.0, "{r:?}");
    let known = report.brief.outlook.value().unwrap();
    assert_eq!(known.reproduction.value().map(|r| (r.median, r.low, r.high)), Some((r.median, low, high)));
    assert!(known.districts.iter().all(|one| one.reproduction.value().is_none()), "R of a district with few lists");
}
