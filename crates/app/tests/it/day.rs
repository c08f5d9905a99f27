//! A day of Chongqing run twice, and what it leaves in the ledger.

use crate::town::{Town, good, row};
use jiff::civil::{Date, date};
use levee_app::day::{DayOptions, DayReport, issued_brief, run};
use levee_app::event::Mode;
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
