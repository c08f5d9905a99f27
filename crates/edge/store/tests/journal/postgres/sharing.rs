//! Many processes at one journal: writers wait for each other, readers are woken.

use super::Server;
use crate::city::*;
use crate::suite::{all_events, assert_sound};
use levee_app::event::Position;
use levee_app::journal::{Journal, JournalError};
use levee_ledger::Flow;
use levee_store::postgres::PostgresJournal;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Names the database to the children; without it they are not run.
const ADDRESS: &str = "LEVEE_TEST_POSTGRES";
const NUMBER: &str = "LEVEE_TEST_NUMBER";

/// Commands of a child.
const EACH: u64 = 60;

fn child(name: &str, address: &str, number: u128) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = format!("postgres::sharing::{name}");
    command.args([&name, "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(ADDRESS, address).env(NUMBER, number.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
#[ignore = "run by `several_processes_share_a_journal`"]
fn child_that_writes() {
    let (Ok(address), Ok(number)) = (std::env::var(ADDRESS), std::env::var(NUMBER)) else { return };
    let number: u128 = number.parse().unwrap();
    let mut journal = PostgresJournal::open(&address).unwrap();
    for nth in 1..=u128::from(EACH) {
        let (id, stream) = (number * 1000 + nth, "ledger.500103".parse().unwrap());
        // Half of them rest on what they saw before; whoever was faster is told.
        loop {
            let expected = journal.heads().unwrap().iter().find(|(name, ..)| *name == stream).map_or(0, |head| head.1);
            let written = journal.transact(&command(id), at(20_000), &mut |on| {
                if nth % 2 == 0 {
                    on.expect(&stream, expected)?;
                }
                on.append(obligations("500103", Flow::Opened, 1)).map(|_| ())
            });
            match written {
                Ok(_) => break,
                Err(JournalError::Stale { .. }) if nth % 2 == 0 => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    }
}

#[test]
fn several_processes_share_a_journal() {
    let server = Server::start();
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    append(&mut journal, 1, at(10_000), vec![founded()]).unwrap();
    a_reader_is_woken_by_another_thread(&address);
    let before = journal.last().unwrap();
    let mut running: Vec<_> =
        (0..3).map(|nth| child("child_that_writes", &address, 10 + nth).spawn().unwrap()).collect();
    // Every position once, in order, whichever process wrote it, and never one before those ahead of it.
    let (mut seen, mut woken, begun) = (before, 0u64, Instant::now());
    let end = before.0 + 3 * EACH;
    while seen.0 < end {
        assert!(begun.elapsed() < Duration::from_secs(60), "only {seen:?} after a minute");
        let last = journal.wait(seen, Duration::from_secs(10)).unwrap();
        woken += u64::from(last > seen);
        let read = all_events(&journal, seen.0);
        let positions: Vec<u64> = read.iter().map(|event| event.position.0).collect();
        assert_eq!(positions, (seen.0 + 1..=seen.0 + read.len() as u64).collect::<Vec<_>>());
        seen = Position(seen.0 + read.len() as u64);
    }
    for process in &mut running {
        assert!(process.wait().unwrap().success(), "a writer failed");
    }
    assert!(woken > 10, "woken {woken} times for {} events", end - before.0);
    assert_sound(&journal);
    assert!(all_events(&journal, 0).is_sorted_by_key(|event| event.recorded_at));
    a_city_that_is_busy_is_said_to_be(&server, &address);
}

fn a_reader_is_woken_by_another_thread(address: &str) {
    let reader = PostgresJournal::open_read_only(address).unwrap();
    let last = reader.last().unwrap();
    let begun = Instant::now();
    assert_eq!(reader.wait(last, Duration::from_millis(50)).unwrap(), last, "nothing came");
    assert!(begun.elapsed() >= Duration::from_millis(50));
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut writer = PostgresJournal::open(address).unwrap();
            std::thread::sleep(Duration::from_millis(200));
            append(&mut writer, 2, at(10_000), vec![read_rejected(1)]).unwrap();
            Instant::now()
        });
        assert_eq!(reader.wait(last, Duration::from_secs(60)).unwrap(), Position(last.0 + 1));
        let woken = Instant::now();
        let written = writer.join().unwrap();
        // Long before it would have looked for itself. Generous, for the machine may be busy.
        assert!(woken.saturating_duration_since(written) < Duration::from_secs(3));
    });
    // Nothing to wait for.
    assert_eq!(reader.wait(last, Duration::ZERO).unwrap(), Position(last.0 + 1));
}

fn a_city_that_is_busy_is_said_to_be(server: &Server, address: &str) {
    let holder = super::Admin::connect(address);
    holder.run("BEGIN; SELECT pg_advisory_xact_lock(1281709669)");
    let mut impatient = PostgresJournal::open(&format!("{address} options='-c lock_timeout=50ms'")).unwrap();
    let refused = append(&mut impatient, 66, at(20_000), vec![read_rejected(1)]).unwrap_err();
    insta::assert_snapshot!(super::why(&refused, server), @"another process works on PostgreSQL database `city` at <server>");
    holder.run("ROLLBACK");
    append(&mut impatient, 66, at(20_000), vec![read_rejected(1)]).unwrap();
}
