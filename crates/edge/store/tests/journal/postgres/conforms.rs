//! What every journal does, this one does; and a group of commands is like one command after another.

use super::{Admin, Server};
use crate::city::*;
use crate::suite::{self, all_events, assert_sound, dump};
use jiff::civil::date;
use levee_app::event::Position;
use levee_app::journal::{Journal, JournalError, LawBroken, Read, Space};
use levee_ledger::Flow;
use levee_store::group::{Group, GroupStore as _};
use levee_store::memory::MemoryJournal;
use levee_store::postgres::PostgresJournal;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn the_journal_in_postgresql_conforms() {
    let server = Server::start();
    suite::conformance(|| PostgresJournal::create(&server.database()).unwrap());
    a_group_is_like_one_command_after_another(&server);
    a_command_that_outgrows_its_memory_can_still_be_refused(&server);
    what_another_process_wrote_is_seen(&server);
    keys_of_any_length_are_kept_in_order(&server);
    a_reader_may_ask_for_more_while_it_reads(&server);
    opening_for_reading_writes_nothing(&server);
}

fn same(left: &impl Journal, right: &impl Journal) {
    assert_eq!(left.heads().unwrap(), right.heads().unwrap());
    assert_eq!(all_events(left, 0), all_events(right, 0));
    assert_eq!(dump(left), dump(right));
    assert_sound(left);
    assert_sound(right);
}

/// The moment of a command.
fn then(nth: u128) -> jiff::Timestamp {
    at(i64::try_from(nth).unwrap())
}

/// Carries out a command of a group that appends these events.
fn within(group: &mut dyn Group, nth: u128, events: Vec<levee_app::event::NewEvent>) -> Result<Position, JournalError> {
    let mut events = Some(events);
    let work = &mut |on: &mut dyn levee_app::journal::Transaction| {
        events.take().into_iter().flatten().try_for_each(|event| on.append(event).map(|_| ()))
    };
    group.transact(&command(nth), then(nth), work).map(|receipt| receipt.last)
}

fn a_group_is_like_one_command_after_another(server: &Server) {
    let mut journal = PostgresJournal::create(&server.database()).unwrap();
    let mut alone = MemoryJournal::new();
    append(&mut journal, 1, at(1), vec![founded()]).unwrap();
    append(&mut alone, 1, at(1), vec![founded()]).unwrap();
    let ids: Vec<_> = (1..9).map(|nth| command(nth).command_id).collect();
    journal
        .group(&mut |group| {
            group.announce(&mut ids.iter().copied());
            assert_eq!(within(group, 2, vec![obligations("500103", Flow::Opened, 7)]).unwrap(), Position(2));
            // Sees what the one before it opened; the next would close more than that and leaves nothing.
            assert_eq!(within(group, 3, vec![obligations("500103", Flow::Met, 5)]).unwrap(), Position(3));
            let refused = within(group, 4, vec![read_rejected(1), obligations("500103", Flow::Met, 3)]).unwrap_err();
            assert!(matches!(refused, JournalError::Law(LawBroken::Obligations { .. })), "{refused}");
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                group.transact(&command(5), at(5), &mut |on| {
                    on.append(read_rejected(1))?;
                    std::panic::resume_unwind(Box::new("not printed"));
                })
            }));
            assert!(panicked.is_err());
            assert_eq!(within(group, 6, batch(6, 0..20)).unwrap(), Position(7));
            // Once more, within the group and from before it, and one that was not announced.
            assert_eq!(within(group, 2, vec![read_rejected(9)]).unwrap(), Position(2));
            assert_eq!(within(group, 1, vec![read_rejected(9)]).unwrap(), Position(1));
            assert_eq!(within(group, 77, vec![read_rejected(2)]).unwrap(), Position(8));
        })
        .unwrap();
    for (nth, events) in [
        (2, vec![obligations("500103", Flow::Opened, 7)]),
        (3, vec![obligations("500103", Flow::Met, 5)]),
        (6, batch(6, 0..20)),
        (77, vec![read_rejected(2)]),
    ] {
        append(&mut alone, nth, then(nth), events).unwrap();
    }
    same(&journal, &alone);
    for refused in [4, 5] {
        assert_eq!(journal.receipt(command(refused).command_id).unwrap(), None);
    }
}

/// Batches that are larger than what waits in memory, after and before others of their group.
fn a_command_that_outgrows_its_memory_can_still_be_refused(server: &Server) {
    let mut journal = PostgresJournal::create(&server.database()).unwrap();
    let mut alone = MemoryJournal::new();
    append(&mut journal, 1, at(1), vec![founded()]).unwrap();
    append(&mut alone, 1, at(1), vec![founded()]).unwrap();
    let large = |nth: u128, claimed: u64| {
        let mut all = vec![opened(nth)];
        for chunk in 0..26u64 {
            let rows = (chunk * 1000..(chunk + 1) * 1000)
                .map(|place| (place + 2, infections(&format!("{place:06}"), date(2022, 11, 17), place)));
            all.push(accepted(nth, rows));
        }
        all.push(closed(nth, claimed, 0, 0));
        all
    };
    journal
        .group(&mut |group| {
            within(group, 2, vec![obligations("500103", Flow::Opened, 7)]).unwrap();
            let refused = within(group, 3, large(3, 26_001)).unwrap_err();
            assert!(matches!(refused, JournalError::Law(LawBroken::Unbalanced { .. })), "{refused}");
            within(group, 4, large(4, 26_000)).unwrap();
            within(group, 5, vec![obligations("500103", Flow::Met, 7)]).unwrap();
        })
        .unwrap();
    append(&mut alone, 2, at(2), vec![obligations("500103", Flow::Opened, 7)]).unwrap();
    append(&mut alone, 4, at(4), large(4, 26_000)).unwrap();
    append(&mut alone, 5, at(5), vec![obligations("500103", Flow::Met, 7)]).unwrap();
    same(&journal, &alone);
}

/// Two journals on one database, in turn: what each remembers of the database must not be older than the database.
fn what_another_process_wrote_is_seen(server: &Server) {
    let address = server.database();
    let mut one = PostgresJournal::create(&address).unwrap();
    let mut other = PostgresJournal::open(&address).unwrap();
    let mut alone = MemoryJournal::new();
    append(&mut one, 1, at(1), vec![founded()]).unwrap();
    append(&mut alone, 1, at(1), vec![founded()]).unwrap();
    for nth in 2..30u128 {
        let flow = if nth % 3 == 0 { Flow::Met } else { Flow::Opened };
        let events = vec![obligations(&format!("50010{}", nth % 2), flow, 2)];
        let writer = if nth % 5 < 2 { &mut one } else { &mut other };
        let (first, second) =
            (append(writer, nth, then(nth), events.clone()), append(&mut alone, nth, then(nth), events));
        assert_eq!(first.map_err(|e| e.to_string()), second.map_err(|e| e.to_string()), "{nth}");
    }
    same(&other, &alone);
}

fn keys_of_any_length_are_kept_in_order(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    let mut alone = MemoryJournal::new();
    let places =
        ["a".to_owned(), "a".repeat(1_900), "b".repeat(30_000), format!("{}c", "b".repeat(30_000)), "c".into()];
    let rows = || places.iter().zip(2..).map(|(place, line)| (line, infections(place, date(2022, 11, 17), line)));
    for (nth, events) in [
        (1, vec![founded()]),
        (2, vec![opened(2), accepted(2, rows()), closed(2, 5, 0, 0)]),
        (3, vec![read_rejected(1)]),
    ] {
        append(&mut journal, nth, then(nth), events.clone()).unwrap();
        append(&mut alone, nth, then(nth), events).unwrap();
    }
    same(&journal, &alone);
    let kept = Admin::connect(&address).run("SELECT count(*) FROM levee.projection_long");
    assert_eq!(kept, [["2"]], "no index takes keys of this length");
    let long = dump(&journal).into_iter().find(|(_, key, _)| key.len() > 30_000).unwrap();
    assert_eq!(journal.get(long.0, &long.1).unwrap(), Some(long.2));
}

fn a_reader_may_ask_for_more_while_it_reads(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    append(&mut journal, 2, at(0), batch(2, 0..3000)).unwrap();
    let reader = PostgresJournal::open_read_only(&address).unwrap();
    let mut seen = 0u128;
    reader
        .scan(Space::Fact, &[], &[0xff], &mut |(key, value)| {
            seen += 1;
            if seen % 500 == 1 {
                // Somebody writes meanwhile; the scan and what is asked within it stay at one moment.
                append(&mut journal, 10 + seen, at(1), batch(10 + seen, 5000..5010)).unwrap();
                assert_eq!(reader.get(Space::Fact, key).unwrap().as_deref(), Some(value));
                assert_eq!(reader.last().unwrap(), Position(5));
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, 3000);
    assert_eq!(reader.last().unwrap(), Position(5 + 6 * 4));
}

fn opening_for_reading_writes_nothing(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let mut reader = PostgresJournal::open_read_only(&address).unwrap();
    let refused = append(&mut reader, 2, at(0), vec![read_rejected(1)]).unwrap_err();
    insta::assert_snapshot!(super::why(&refused, server), @"the journal PostgreSQL database `city` at <server> failed: the journal can only be read: it was opened for reading, or the server is a standby");
    assert_sound(&reader);
}
