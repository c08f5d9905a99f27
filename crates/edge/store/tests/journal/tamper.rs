//! Whoever changes the file behind the journal's back is found out, and the place is named.

use crate::city::*;
use crate::suite::assert_sound;
use levee_app::event::ArtefactKind;
use levee_app::journal::{Fault, Journal, Space};
use levee_ledger::Flow;
use levee_store::sqlite::{FILE, SqliteJournal};
use rusqlite::Connection;
use std::path::Path;

fn make(folder: &Path) {
    let mut journal = SqliteJournal::create(folder).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    append(&mut journal, 2, at(10), batch(2, 0..4)).unwrap();
    let rest = vec![obligations("500103", Flow::Opened, 7), issued(3, ArtefactKind::Plan), read_rejected(2)];
    append(&mut journal, 3, at(20), rest).unwrap();
    assert_sound(&journal);
}

/// What `verify` says after this change to a sound journal.
fn after(change: &str) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let changed = Connection::open(folder.path().join(FILE)).unwrap().execute(change, []).unwrap();
    assert!(changed > 0, "{change} changed nothing");
    SqliteJournal::open_read_only(folder.path()).unwrap().verify().unwrap().faults
}

/// SQL that flips a bit of the last byte of a column of bytes or text.
fn flip(column: &str, kind: &str) -> String {
    let last = format!("unicode(substr({column}, -1))");
    match kind {
        "TEXT" => format!("substr({column}, 1, length({column}) - 1) || char(({last} | 1) - ({last} & 1))"),
        // A blob has no `unicode`; hexadecimal text has.
        _ => format!(
            "unhex(substr(hex({column}), 1, 2 * length({column}) - 1) || CASE substr(hex({column}), -1) WHEN '0' THEN '1' ELSE '0' END)"
        ),
    }
}

#[test]
fn a_change_in_any_column_of_an_event_names_it() {
    let columns = [
        ("stream", flip("stream", "TEXT")),
        ("sequence", "sequence + 1".to_owned()),
        ("kind", "'rows_rejected'".to_owned()),
        ("version", "2".to_owned()),
        ("command_id", flip("command_id", "BLOB")),
        ("envelope", "replace(envelope, 'zhang-wei', 'zhang-wee')".to_owned()),
        ("occurred", "occurred - 1".to_owned()),
        ("known_at", "known_at - 1".to_owned()),
        ("recorded_at", "recorded_at + 1".to_owned()),
        ("body", flip("body", "BLOB")),
        ("body", "CAST(replace(CAST(body AS TEXT), ',1,', ',0,') AS BLOB)".to_owned()),
        ("hash", flip("hash", "BLOB")),
    ];
    for (column, value) in columns {
        let faults = after(&format!("UPDATE event SET {column} = {value} WHERE position = 3"));
        let named = |fault: &Fault| matches!(fault, Fault::Chain { position: 3, .. });
        assert!(faults.iter().any(named), "{column}: {faults:?}");
        let elsewhere = |fault: &&Fault| matches!(fault, Fault::Chain { position, .. } if *position != 3);
        // Another hash, or another place in another chain, touches the next event of this chain too; nothing else does.
        let others: Vec<_> = faults.iter().filter(elsewhere).collect();
        let next = |fault: &&&Fault| matches!(fault, Fault::Chain { position: 4, .. });
        assert_eq!(others.len(), others.iter().filter(next).count(), "{column}: {faults:?}");
    }
}

#[test]
fn events_that_are_missing_moved_or_added_are_named() {
    let has = |change: &str, wanted: &Fault| {
        let faults = after(change);
        assert!(faults.contains(wanted), "{change}: {faults:?}");
    };
    has("DELETE FROM event WHERE position = 3", &Fault::Gap { position: 4 });
    has("UPDATE event SET position = 99 WHERE position = 8", &Fault::Gap { position: 99 });
    has("DELETE FROM event WHERE position = 8", &Fault::Head { stream: "audit".into() });
    has("UPDATE event SET position = -1 WHERE position = 3", &Fault::Gap { position: 4 });
    has("UPDATE event SET recorded_at = 5 WHERE position = 8", &Fault::Time { position: 8 });
    has(
        "INSERT INTO event SELECT 9, stream, 2, kind, version, command_id, envelope, occurred, known_at, recorded_at, \
         hash, body FROM event WHERE position = 8",
        &Fault::Chain { position: 9, stream: "audit".into(), sequence: 2 },
    );
}

#[test]
fn a_law_that_the_changed_journal_breaks_is_named() {
    let faults = after("DELETE FROM event WHERE position = 5");
    assert!(faults.iter().any(|fault| matches!(fault, Fault::Law(_))), "the batch is never closed: {faults:?}");
}

#[test]
fn a_change_of_a_projection_row_names_its_space_and_key() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let file = Connection::open(folder.path().join(FILE)).unwrap();
    let mut rows = file.prepare("SELECT space, hex(key), key FROM projection").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Vec<(u8, String, Vec<u8>)> = rows.unwrap().map(Result::unwrap).collect();
    assert!(rows.len() >= 12);
    let mut seen = 0;
    for (space, hex, key) in &rows {
        if *space == seen {
            continue;
        }
        seen = *space;
        let space = Space::ALL.into_iter().find(|one| *one as u8 == seen).unwrap();
        let wanted = [Fault::Projection { space, key: key.escape_ascii().to_string() }];
        let at = format!("WHERE space = {seen} AND hex(key) = '{hex}'");
        assert_eq!(after(&format!("UPDATE projection SET value = {} {at}", flip("value", "BLOB"))), wanted);
        assert_eq!(after(&format!("DELETE FROM projection {at}")), wanted);
        let moved = after(&format!("UPDATE projection SET key = unhex('00' || hex(key)) {at}"));
        assert_eq!(moved.len(), 2, "{moved:?}");
        assert!(moved.contains(&wanted[0]));
        let gone = after(&format!("UPDATE projection SET space = 200 {at}"));
        assert!(
            gone.contains(&wanted[0]) && gone.iter().any(|fault| matches!(fault, Fault::Stored { .. })),
            "{gone:?}"
        );
    }
}

#[test]
fn a_change_of_a_head_names_its_chain() {
    let wanted = [Fault::Head { stream: "intake".into() }];
    for change in ["sequence = sequence + 1", "sequence = -1", &format!("hash = {}", flip("hash", "BLOB"))] {
        assert_eq!(after(&format!("UPDATE stream SET {change} WHERE name = 'intake'")), wanted, "{change}");
    }
    assert_eq!(after("DELETE FROM stream WHERE name = 'intake'"), wanted);
    assert_eq!(after("INSERT INTO stream VALUES ('intake', 1, x'00') ON CONFLICT DO UPDATE SET hash = x'00'"), wanted);
    assert_eq!(after("INSERT INTO stream VALUES ('x', 1, x'00')"), [Fault::Head { stream: "x".into() }]);
}

#[test]
fn a_change_of_a_receipt_names_the_events_of_its_command() {
    for change in [
        "UPDATE command SET first = first - 1 WHERE first = 2",
        "UPDATE command SET last = last + 1 WHERE first = 2",
        "UPDATE command SET last = -1 WHERE first = 2",
        "DELETE FROM command WHERE first = 2",
        &format!("UPDATE command SET command_id = {} WHERE first = 2", flip("command_id", "BLOB")),
    ] {
        let faults = after(change);
        let named = |fault: &Fault| matches!(fault, Fault::Stored { place, .. } if place.contains("events 2 to 5"));
        assert!(faults.iter().any(named), "{change}: {faults:?}");
    }
    let faults = after("INSERT INTO command VALUES (x'00', 2, 5)");
    assert!(matches!(&faults[..], [Fault::Stored { .. }]), "{faults:?}");
}
