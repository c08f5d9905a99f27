//! A journal copied from store to store is the same journal; one that was changed is not copied.

use crate::city::*;
use crate::suite::{all_events, assert_sound, dump};
use jiff::Timestamp;
use levee_app::event::{ArtefactKind, Position};
use levee_app::journal::{Fault, Journal, JournalError, Space};
use levee_ledger::Flow;
use levee_store::memory::MemoryJournal;
use levee_store::raw::{Copied, CopyFault, RawRead, RawWrite, copy, position_at};
use levee_store::sqlite::{FILE, SqliteJournal};
use std::path::Path;

/// Five commands, one of them without events; they end at positions 1, 5, 8, 8 and 9.
pub(crate) fn history(journal: &mut impl Journal) {
    append(journal, 1, at(0), vec![founded()]).unwrap();
    append(journal, 2, at(10), batch(2, 0..4)).unwrap();
    let rest = vec![obligations("500103", Flow::Opened, 7), issued(3, ArtefactKind::Plan), read_rejected(2)];
    append(journal, 3, at(20), rest).unwrap();
    append(journal, 4, at(25), vec![]).unwrap();
    append(journal, 5, at(30), vec![obligations("500103", Flow::Met, 2)]).unwrap();
}

/// What `history` gives when it stops after so many commands.
fn first_commands(count: usize) -> MemoryJournal {
    let mut whole = MemoryJournal::new();
    history(&mut whole);
    let mut part = MemoryJournal::new();
    for nth in [1, 2, 3, 4, 5].into_iter().take(count) {
        let receipt = whole.receipt(command(nth).command_id).unwrap().unwrap();
        let events: Vec<_> = all_events(&whole, 0)
            .into_iter()
            .filter(|event| (receipt.first..=receipt.last).contains(&event.position))
            .collect();
        let now = events.first().map_or(at(25), |event| event.recorded_at);
        let new = events.into_iter().map(|event| levee_app::event::NewEvent {
            stream: event.stream,
            occurred: event.occurred,
            known_at: event.known_at,
            event: event.event,
        });
        append(&mut part, nth, now, new.collect()).unwrap();
    }
    part
}

pub(crate) fn assert_same(left: &impl Journal, right: &impl Journal) {
    assert_eq!(left.last().unwrap(), right.last().unwrap());
    assert_eq!(left.heads().unwrap(), right.heads().unwrap());
    assert_eq!(all_events(left, 0), all_events(right, 0));
    assert_eq!(dump(left), dump(right));
    for nth in 0..60 {
        let id = command(nth).command_id;
        assert_eq!(left.receipt(id).unwrap(), right.receipt(id).unwrap(), "receipt {nth}");
    }
}

fn sqlite(outer: &Path, name: &str) -> SqliteJournal {
    let folder = outer.join(name);
    std::fs::create_dir(&folder).unwrap();
    SqliteJournal::create(&folder).unwrap()
}

/// Holds the way from one kind of store to another against what a copy must be. A new store calls it both ways.
pub(crate) fn copies<A: Journal + RawRead, B: Journal + RawWrite + RawRead>(mut from: A, make: impl Fn() -> B) {
    history(&mut from);
    let mut whole = make();
    let copied = copy(&from, &mut whole, None).unwrap();
    let all = Copied { events: 9, commands: 5, streams: 5, last: Position(9), asked: None, mended: vec![] };
    assert_eq!(copied, all);
    assert_same(&from, &whole);
    assert_sound(&whole);
    assert!(not_copied(copy(&from, &mut whole, None)).contains("it is not empty"));
    // It goes on where the other one stands, with the same bytes.
    let more = || vec![obligations("500103", Flow::Met, 1)];
    append(&mut whole, 6, at(40), more()).unwrap();
    let mut onward = first_commands(5);
    append(&mut onward, 6, at(40), more()).unwrap();
    assert_same(&whole, &onward);

    for (asked, ends, commands) in
        [(0, 0, 0), (1, 1, 1), (3, 1, 1), (5, 5, 2), (7, 5, 2), (8, 8, 4), (9, 9, 5), (70, 9, 5)]
    {
        let mut part = make();
        let copied = copy(&from, &mut part, Some(Position(asked))).unwrap();
        assert_eq!((copied.last, copied.events, copied.commands), (Position(ends), ends, commands), "up to {asked}");
        assert_eq!(copied.asked, (asked != ends).then_some(Position(asked)), "up to {asked}");
        assert_same(&part, &first_commands(usize::try_from(commands).unwrap()));
        assert_sound(&part);
    }
}

fn not_copied(done: Result<Copied, JournalError>) -> String {
    let error = done.unwrap_err();
    let mut told = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        told = format!("{told}: {inner}");
        source = inner.source();
    }
    told
}

#[test]
fn a_journal_goes_from_any_store_to_any_other() {
    let outer = tempfile::tempdir().unwrap();
    let made = std::cell::Cell::new(0);
    let on_disk = || {
        made.set(made.get() + 1);
        sqlite(outer.path(), &made.get().to_string())
    };
    copies(on_disk(), on_disk);
    copies(on_disk(), MemoryJournal::new);
    copies(MemoryJournal::new(), on_disk);
    copies(MemoryJournal::new(), MemoryJournal::new);
}

#[test]
fn an_empty_journal_is_copied_too() {
    let mut to = MemoryJournal::new();
    assert_eq!(copy(&MemoryJournal::new(), &mut to, None).unwrap().last, Position(0));
}

#[test]
fn a_moment_leads_to_the_last_command_recorded_by_then() {
    let mut journal = MemoryJournal::new();
    let position = |journal: &MemoryJournal, moment| position_at(journal, moment).unwrap().0;
    assert_eq!(position(&journal, Timestamp::MAX), 0);
    history(&mut journal);
    let found: Vec<u64> = [-1, 0, 9, 10, 11, 20, 29, 30, 99].map(|s| position(&journal, at(s))).to_vec();
    assert_eq!(found, [0, 1, 1, 5, 5, 8, 8, 9, 9]);
}

#[test]
fn a_changed_journal_is_named_and_not_copied() {
    let outer = tempfile::tempdir().unwrap();
    let columns = [
        ("body", "CAST(replace(CAST(body AS TEXT), '2022', '2023') AS BLOB)"),
        ("envelope", "replace(envelope, 'zhang-wei', 'zhang-wee')"),
        ("recorded_at", "recorded_at + 1"),
        ("stream", "'city'"),
    ];
    for (column, value) in columns {
        let folder = outer.path().join(column);
        let mut from = sqlite(outer.path(), column);
        history(&mut from);
        let other = rusqlite::Connection::open(folder.join(FILE)).unwrap();
        let changed = other.execute(&format!("UPDATE event SET {column} = {value} WHERE position = 7"), []).unwrap();
        assert_eq!(changed, 1);
        let mut to = MemoryJournal::new();
        let error = copy(&from, &mut to, None).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().downcast_ref::<CopyFault>().unwrap();
        let fault = match source {
            CopyFault::Source(fault) => fault,
            other => panic!("{column}: {other:?}"),
        };
        assert!(matches!(fault, Fault::Chain { position: 7, .. } | Fault::Gap { position: 7 }), "{column}: {fault}");
        assert_eq!(to.last().unwrap(), Position(0), "{column}");
        assert!(to.heads().unwrap().is_empty() && dump(&to).is_empty(), "{column}");
    }
}

#[test]
fn what_stands_beside_the_events_is_checked_too() {
    let outer = tempfile::tempdir().unwrap();
    let tell = |name: &str, change: &str| {
        let mut from = sqlite(outer.path(), name);
        history(&mut from);
        let file = outer.path().join(name).join(FILE);
        rusqlite::Connection::open(&file).unwrap().execute_batch(change).unwrap();
        let told = not_copied(copy(&from, &mut MemoryJournal::new(), None));
        told.replace(&file.display().to_string(), "<journal>")
    };
    insta::assert_snapshot!(tell("end", "DELETE FROM event WHERE position = 9"), @"the journal <journal> failed: it was changed or damaged, so it was not copied; `levee journal verify` lists all that is wrong: receipts: 4 are kept and the events are of 3 commands, or they name other events");
    insta::assert_snapshot!(tell("hole", "DELETE FROM event WHERE position = 4"), @"the journal <journal> failed: it was changed or damaged, so it was not copied; `levee journal verify` lists all that is wrong: events are missing before position 5");
    insta::assert_snapshot!(tell("receipt", "UPDATE command SET last = 8, first = 8 WHERE first = 6"), @"the journal <journal> failed: it was changed or damaged, so it was not copied; `levee journal verify` lists all that is wrong: receipts: 4 are kept and the events are of 4 commands, or they name other events");
    insta::assert_snapshot!(tell("no receipt", "DELETE FROM command WHERE first = 6"), @"the journal <journal> failed: it was changed or damaged, so it was not copied; `levee journal verify` lists all that is wrong: receipts: 3 are kept and the events are of 4 commands, or they name other events");
    insta::assert_snapshot!(tell("head", "UPDATE stream SET sequence = 1 WHERE name = 'ledger.500103'"), @"the journal <journal> failed: it was changed or damaged, so it was not copied; `levee journal verify` lists all that is wrong: the head of `ledger.500103` does not match its last event");
}

#[test]
fn projections_that_went_astray_are_made_again_and_it_is_said() {
    let outer = tempfile::tempdir().unwrap();
    let mut from = sqlite(outer.path(), "from");
    history(&mut from);
    let other = rusqlite::Connection::open(outer.path().join("from").join(FILE)).unwrap();
    let space = Space::Obligation as u8;
    assert!(other.execute("UPDATE projection SET value = x'7b7d' WHERE space = ?1", [space]).unwrap() > 0);
    let mut to = MemoryJournal::new();
    assert_eq!(copy(&from, &mut to, None).unwrap().mended, [Space::Obligation]);
    assert_same(&to, &first_commands(5));
}

#[test]
fn a_copy_is_of_one_moment_though_others_write() {
    let outer = tempfile::tempdir().unwrap();
    let mut writer = sqlite(outer.path(), "from");
    history(&mut writer);
    let reader = SqliteJournal::open_read_only(&outer.path().join("from")).unwrap();
    let mut to = MemoryJournal::new();
    let mut nth = 100;
    let copied = levee_store::raw::copy_seeing(&reader, &mut to, None, &mut |_, _| {
        nth += 1;
        append(&mut writer, nth, at(50), vec![read_rejected(1)]).unwrap();
    });
    assert_eq!(copied.unwrap().last, Position(9));
    assert_eq!(writer.last().unwrap(), Position(18));
    assert_sound(&to);
    assert_same(&to, &first_commands(5));
}
