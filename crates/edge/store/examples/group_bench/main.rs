//! Measures group commit on the disk of a folder: `group_bench FOLDER [--seconds N] [--writers N] [--rounds N]`.
//!
//! Every part stands beside a peer in the same run: one thread that writes the same number of bytes through SQLite with the same
//! settings, grouping likewise. Results and how they were made: `bench/results/group.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

#[path = "../bench/mod.rs"]
mod bench;

use bench::{fresh, load, plain_sqlite, quantile, syncs_per_second};
use jiff::Timestamp;
use jiff::civil::date;
use levee_app::blob::BlobRef;
use levee_app::clock::MachineClock;
use levee_app::event::*;
use levee_app::journal::{Journal, Transaction};
use levee_ledger::{Change, Obligation, ObligationId, Opened, Opening, Split};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::EntityId;
use levee_store::group::{Committer, GroupLimits};
use levee_store::sqlite::SqliteJournal;
use rusqlite::params;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

type Fallible<T> = Result<T, Box<dyn Error>>;

struct Options {
    folder: PathBuf,
    seconds: u64,
    writers: u64,
    rounds: u64,
}

fn main() -> Fallible<()> {
    let (mut folder, mut seconds, mut writers, mut rounds) = (None, 5, 64, 3);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || -> Fallible<u64> { Ok(args.next().ok_or("a number is missing")?.parse()?) };
        match arg.as_str() {
            "--seconds" => seconds = number()?,
            "--writers" => writers = number()?,
            "--rounds" => rounds = number()?,
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let folder = folder.ok_or("name a folder on the disk to measure")?;
    std::fs::create_dir_all(&folder)?;
    let options = Options { folder, seconds, writers, rounds };
    for round in 1..=options.rounds {
        println!("round {round}: load {}, {:.0} syncs/s", load(), syncs_per_second(&options.folder)?);
        for kind in [Kind::Plain, Kind::Obligation] {
            waiting_writers(&options, kind)?;
        }
        for kind in [Kind::Plain, Kind::Obligation] {
            batches(&options, kind, 100)?;
        }
        println!("  after: {:.0} syncs/s, load {}", syncs_per_second(&options.folder)?, load());
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    /// A small event without a projection row.
    Plain,
    /// Obligations of 40 areas: a row or two shared by many events, and a sum. Stands in for events of obligations.
    Obligation,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "audit events, no projection row",
            Self::Obligation => "obligations moved, 2 shared rows each",
        }
    }
}

/// The city's clock starts where its first event was recorded; the committer's clock is the machine's.
fn at() -> Timestamp {
    Timestamp::from_second(1_668_729_600).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn envelope(writer: u64, nth: u64) -> Envelope {
    // As UUIDv7s made within the same second on many devices: the time in front, chance behind.
    let id = (u128::from(nth) << 64) | u128::from((writer << 48 | nth).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Envelope {
        command_id: CommandId::new(Uuid::from_u128(id)),
        actor: Actor::System,
        on_behalf_of: None,
        channel: Channel::Api,
        assurance: Assurance::Authenticated,
    }
}

fn event(kind: Kind, nth: u64) -> Fallible<NewEvent> {
    let (stream, event) = match kind {
        Kind::Plain => {
            let batch = EntityId::new(Uuid::from_u128(u128::from(nth)), 0);
            ("audit".to_owned(), Event::RejectedRead(RejectedRead { batch, rows: nth, reason: BlobRef([7; 32]) }))
        }
        Kind::Obligation => {
            // A record, a line in a list, and four sums that the obligations of an area share.
            let area = format!("5001{:02}", nth % 40);
            let obligation = Obligation {
                id: ObligationId(EntityId::new(Uuid::from_u128(u128::from(nth)), 0)),
                kind: "food_delivery".parse()?,
                path: format!("500000/{area}").parse()?,
                subject: None,
                ground: Some(format!("request:{nth}").parse()?),
                opened_at: at(),
                due: at() + jiff::SignedDuration::from_hours(24),
                section: "supplies".parse()?,
                priority: 3,
                never_expires: true,
                life_saving: false,
                synthetic: true,
                fields: std::collections::BTreeMap::new(),
                split: Split::opened(1),
                owner: None,
                posted: date(2022, 11, 18),
                arrears: None,
                orders: vec![],
                version: 1,
            };
            let change = Change::Opened(Box::new(Opened { obligation, how: Opening::New, note: None }));
            let event = LedgerChanged { changes: vec![change], batch: None, note: None };
            (format!("ledger.{area}"), Event::LedgerChanged(event))
        }
    };
    Ok(NewEvent { stream: stream.parse()?, occurred: at(), known_at: at(), event })
}

fn founded(folder: &Path) -> Fallible<SqliteJournal> {
    let mut journal = SqliteJournal::create(folder)?;
    let city = CityFounded { mode: Mode::Live, city_toml: "id = \"bench\"\n".repeat(100), boundaries: None };
    let new = NewEvent { stream: "city".parse()?, occurred: at(), known_at: at(), event: Event::CityFounded(city) };
    Journal::transact(&mut journal, &envelope(u64::from(u16::MAX), 0), at(), &mut |on| {
        on.append(new.clone()).map(|_| ())
    })?;
    Ok(journal)
}

/// Bytes that the journal keeps for an event, columns and receipt.
fn bytes_per_event(folder: &Path) -> Fallible<usize> {
    let db = rusqlite::Connection::open(folder.join(levee_store::sqlite::FILE))?;
    let all = "SELECT avg(length(stream) + length(kind) + length(envelope) + length(body) + 16 + 32 + 30) FROM event WHERE position > 1";
    let average: f64 = db.query_row(all, [], |row| row.get(0))?;
    Ok(format!("{average:.0}").parse()?)
}

/// Many writers, one command each at a time, each waiting until it is durable.
fn waiting_writers(options: &Options, kind: Kind) -> Fallible<()> {
    let folder = fresh(&options.folder, "journal")?;
    let committer = Committer::start(founded(&folder)?, MachineClock, GroupLimits::default())?;
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let started = Instant::now();
    let threads: Vec<_> = (0..options.writers)
        .map(|writer| {
            let handle = committer.handle();
            std::thread::spawn(move || {
                let (mut took, mut nth) = (Vec::new(), 1);
                while Instant::now() < until {
                    let asked = Instant::now();
                    let Ok(new) = event(kind, writer + nth * 64) else { break };
                    let done = handle.transact(envelope(writer, nth), move |on: &mut dyn Transaction| {
                        on.append(new.clone()).map(|_| ())
                    });
                    assert!(done.is_ok_and(|done| !done.receipt.repeated), "a fast wrong answer is no result");
                    took.push(asked.elapsed());
                    nth += 1;
                }
                took
            })
        })
        .collect();
    let mut took: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect();
    let elapsed = started.elapsed().as_secs_f64();
    took.sort_unstable();
    let rate = took.len() as f64 / elapsed;
    let journal = committer.stop()?;
    assert_eq!(journal.last()?.0, took.len() as u64 + 1, "each command has its event");
    drop(journal);
    let (plain, groups) = plain_writers(options, bytes_per_event(&folder)?)?;
    println!(
        "  {} writers, {}: {rate:.0} commands/s, p50 {:.1} ms, p99 {:.1} ms, worst {:.1} ms; plain SQLite {plain:.0}/s in groups of {groups:.0}; share {:.2}",
        options.writers,
        kind.name(),
        quantile(&took, 0.5).as_secs_f64() * 1e3,
        quantile(&took, 0.99).as_secs_f64() * 1e3,
        quantile(&took, 1.0).as_secs_f64() * 1e3,
        rate / plain,
    );
    Ok(())
}

/// The peer: the same writers hand their bytes to one thread that inserts whatever waits, commits, and answers.
fn plain_writers(options: &Options, bytes: usize) -> Fallible<(f64, f64)> {
    let db = plain_sqlite(&options.folder)?;
    let (queue, requests) = channel::<(Vec<u8>, Sender<()>)>();
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let started = Instant::now();
    let threads: Vec<_> = (0..options.writers)
        .map(|_| {
            let queue = queue.clone();
            std::thread::spawn(move || {
                let (give, take) = channel();
                while Instant::now() < until {
                    if queue.send((vec![7; bytes], give.clone())).is_err() || take.recv().is_err() {
                        break;
                    }
                }
            })
        })
        .collect();
    drop(queue);
    let (mut done, mut groups) = (0u64, 0u64);
    while let Ok(first) = requests.recv() {
        let mut waiting = vec![first];
        let whole = db.unchecked_transaction()?;
        let mut insert = db.prepare_cached("INSERT INTO event (position, body) VALUES (?1, ?2)")?;
        let mut nth = 0;
        while let Some((body, _)) = waiting.get(nth) {
            insert.execute(params![done, body])?;
            done += 1;
            nth += 1;
            waiting.extend(requests.try_recv());
        }
        drop(insert);
        whole.commit()?;
        groups += 1;
        for (_, answer) in waiting {
            let _ = answer.send(());
        }
    }
    for thread in threads {
        thread.join().map_err(|_| "a writer of the peer panicked")?;
    }
    Ok((done as f64 / started.elapsed().as_secs_f64(), done as f64 / groups as f64))
}

/// One writer, so many events to a command.
fn batches(options: &Options, kind: Kind, per_commit: u64) -> Fallible<()> {
    let folder = fresh(&options.folder, "journal")?;
    let mut journal = founded(&folder)?;
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let (started, mut commits) = (Instant::now(), 0u64);
    while Instant::now() < until {
        commits += 1;
        let all = (0..per_commit).map(|nth| event(kind, commits * per_commit + nth)).collect::<Fallible<Vec<_>>>()?;
        let mut all = all.into_iter();
        Journal::transact(&mut journal, &envelope(0, commits), at(), &mut |on| {
            all.try_for_each(|event| on.append(event).map(|_| ()))
        })?;
    }
    let rate = (commits * per_commit) as f64 / started.elapsed().as_secs_f64();
    assert_eq!(journal.last()?.0, commits * per_commit + 1);
    drop(journal);
    let bytes = vec![7u8; bytes_per_event(&folder)?];
    let db = plain_sqlite(&options.folder)?;
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let (started, mut plain) = (Instant::now(), 0u64);
    while Instant::now() < until {
        let whole = db.unchecked_transaction()?;
        let mut insert = db.prepare_cached("INSERT INTO event (position, body) VALUES (?1, ?2)")?;
        for _ in 0..per_commit {
            insert.execute(params![plain, bytes])?;
            plain += 1;
        }
        drop(insert);
        whole.commit()?;
    }
    let plain = plain as f64 / started.elapsed().as_secs_f64();
    println!(
        "  {per_commit} per commit, {}: {rate:.0} events/s; plain SQLite ({} bytes each) {plain:.0}/s; share {:.2}",
        kind.name(),
        bytes.len(),
        rate / plain
    );
    Ok(())
}
