//! A day of Chongqing run twice, and what it leaves in the ledger.

use crate::town::{Town, good, row};
use jiff::civil::{Date, date};
use levee_app::day::{DayOptions, DayReport, issued_brief, run};
use levee_app::event::Mode;
use levee_app::projection::obligations::books;
use levee_ledger::{Account, KindId, Statement};
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

fn placements(town: &Town, day: Date) -> Statement {
    let kind = KindId::named("care_placement").unwrap();
    books(&town.journal).unwrap().statement(&Account { kind, area: "500000".parse().unwrap(), day })
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
    assert_eq!((owed.opened, owed.debit()), (known_in_all(&first), known_in_all(&first)));
    assert_eq!(owed.credit(), 0);
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
    let (left, right) = (placements(&town, friday), placements(&town, saturday));
    assert_eq!((left.carried_out, left.open()), (known_in_all(&first), Some(0)));
    assert_eq!(right.carried_in, left.carried_out);
    assert_eq!(right.debit() - right.credit(), known_in_all(&second));
    // A day on which nothing was run is passed through, not skipped.
    let third = run_day(&mut town, monday);
    let sunday = placements(&town, date(2022, 11, 20));
    assert_eq!((sunday.carried_in, sunday.carried_out), (right.debit() - right.voided, sunday.carried_in));
    assert_eq!(placements(&town, monday).open(), Some(known_in_all(&third)));
    // An earlier day, run again, finds nothing new to open on the later books.
    let again = run_day(&mut town, monday);
    assert_eq!(placements(&town, monday).open(), Some(known_in_all(&again)));
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
    assert_eq!((more.opened, more.voided), (before.opened + 3, 0));
    town.send(vec![good(2, nation(4_070, 2))]);
    run_day(&mut town, day);
    let fewer = placements(&town, day);
    assert_eq!((fewer.opened, fewer.voided, fewer.open()), (more.opened, 5, Some(before.opened - 2)));
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
