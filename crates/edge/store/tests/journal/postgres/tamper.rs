//! Whoever changes the tables behind the journal's back is found out, and the place is named.

use super::{Admin, Server};
use crate::city::*;
use crate::suite::assert_sound;
use levee_app::event::ArtefactKind;
use levee_app::journal::{Fault, Journal, Space};
use levee_ledger::Flow;
use levee_store::postgres::PostgresJournal;

/// Flips a bit of the last byte.
fn flip(column: &str) -> String {
    let last = format!("octet_length({column}) - 1");
    format!("set_byte({column}, {last}, get_byte({column}, {last}) # 1)")
}

/// Three commands, eight events.
fn small_city(address: &str) -> PostgresJournal {
    let mut journal = PostgresJournal::create(address).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    append(&mut journal, 2, at(10), batch(2, 0..4)).unwrap();
    let rest = vec![obligations("500103", Flow::Opened, 7), issued(3, ArtefactKind::Plan), read_rejected(2)];
    append(&mut journal, 3, at(20), rest).unwrap();
    journal
}

#[test]
#[ignore = "makes the frozen database of a version, once, before the step that leads on from it is written"]
fn make_the_frozen_database() {
    let server = Server::start();
    let address = server.database();
    drop(small_city(&address));
    let newest = Admin::connect(&address).run("SELECT max(version) FROM levee.migration");
    let folder = format!("{}/tests/golden/postgres", env!("CARGO_MANIFEST_DIR"));
    let path = std::path::Path::new(&folder).join(format!("v{}.sql", newest[0][0]));
    assert!(!path.exists(), "a frozen database is never made again");
    let about =
        format!("-- A journal of version {} with a small city in it. Frozen: see README.md beside.", newest[0][0]);
    std::fs::write(path, format!("{about}\n\n{}", server.dump(&address))).unwrap();
}

#[test]
fn what_is_changed_behind_the_journals_back_is_named() {
    let server = Server::start();
    let address = server.database();
    let journal = small_city(&address);
    assert_sound(&journal);
    let admin = Admin::connect(&address);
    // Each change is undone: tables beside keep what was there.
    let tables = ["event", "stream", "command", "projection"];
    for table in tables {
        admin.run(&format!("CREATE TABLE public.{table} AS TABLE levee.{table}"));
    }
    let after = |change: &str| {
        assert!(admin.change(change) > 0, "{change} changed nothing");
        let faults = journal.verify().unwrap().faults;
        for table in tables {
            admin.run(&format!("DELETE FROM levee.{table}; INSERT INTO levee.{table} TABLE public.{table}"));
        }
        faults
    };

    for (column, value) in [
        ("stream", "stream || 's'".to_owned()),
        ("sequence", "sequence + 1".to_owned()),
        ("kind", "'rows_rejected'".to_owned()),
        ("version", "2".to_owned()),
        ("command_id", flip("command_id")),
        ("envelope", flip("envelope")),
        ("occurred", "occurred - 1".to_owned()),
        ("known_at", "known_at - 1".to_owned()),
        ("recorded_at", "recorded_at + 1".to_owned()),
        ("body", flip("body")),
        ("hash", flip("hash")),
    ] {
        let faults = after(&format!("UPDATE levee.event SET {column} = {value} WHERE position = 3"));
        let named = |fault: &Fault| matches!(fault, Fault::Chain { position: 3, .. });
        assert!(faults.iter().any(named), "{column}: {faults:?}");
        // Another hash, or another place in a chain, touches the next event of this chain too; nothing else does.
        let elsewhere =
            |fault: &Fault| matches!(fault, Fault::Chain { position, .. } if *position != 3 && *position != 4);
        assert!(!faults.iter().any(elsewhere), "{column}: {faults:?}");
    }
    let has = |change: &str, wanted: Fault| {
        let faults = after(change);
        assert!(faults.contains(&wanted), "{change}: {faults:?}");
    };
    has("DELETE FROM levee.event WHERE position = 3", Fault::Gap { position: 4 });
    has("UPDATE levee.event SET position = -1 WHERE position = 3", Fault::Gap { position: 4 });
    has("DELETE FROM levee.event WHERE position = 8", Fault::Head { stream: "audit".into() });
    has("UPDATE levee.event SET recorded_at = 5 WHERE position = 8", Fault::Time { position: 8 });
    for change in ["sequence = sequence + 1", "sequence = -1", &format!("hash = {}", flip("hash"))] {
        let change = format!("UPDATE levee.stream SET {change} WHERE name = 'intake'");
        assert_eq!(after(&change), [Fault::Head { stream: "intake".into() }], "{change}");
    }
    for change in [
        "UPDATE levee.command SET first = first - 1 WHERE first = 2",
        "UPDATE levee.command SET last = -1 WHERE first = 2",
        "DELETE FROM levee.command WHERE first = 2",
    ] {
        let faults = after(change);
        let named = |fault: &Fault| matches!(fault, Fault::Stored { place, .. } if place.contains("events 2 to 5"));
        assert!(faults.iter().any(named), "{change}: {faults:?}");
    }
    let key = |space: Space| {
        let rows = admin
            .run(&format!("SELECT encode(key, 'escape') FROM levee.projection WHERE space = {} LIMIT 1", space as u8));
        rows[0][0].clone()
    };
    let wanted = Fault::Projection { space: Space::City, key: key(Space::City) };
    assert_eq!(
        after(&format!("UPDATE levee.projection SET value = {} WHERE space = 1", flip("value"))),
        std::slice::from_ref(&wanted)
    );
    assert_eq!(after("DELETE FROM levee.projection WHERE space = 1"), std::slice::from_ref(&wanted));
    let gone = after("UPDATE levee.projection SET space = 200 WHERE space = 1");
    assert!(gone.contains(&wanted) && gone.iter().any(|fault| matches!(fault, Fault::Stored { .. })), "{gone:?}");
    assert_sound(&journal);
}
