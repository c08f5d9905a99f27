//! Measures the journal in PostgreSQL: `postgres_bench [--seconds N] [--rows N]`. It makes a server of its own in the folder for temporary
//! files (`TMPDIR`), with `fsync` on.
//!
//! The peer writes the same number of bytes through PostgreSQL itself, in the same run, on the same server. Results and how
//! they were made: `bench/results/postgres.md`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program that measures, or stops"
)]

#[path = "../tests/support/postgres.rs"]
mod server;

use jiff::Timestamp;
use levee_app::blob::BlobRef;
use levee_app::clock::Clock;
use levee_app::event::*;
use levee_app::journal::Journal;
use levee_ledger::{Change, Obligation, ObligationId, Opened, Opening, Split};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::EntityId;
use levee_store::group::{Committer, GroupLimits};
use levee_store::postgres::PostgresJournal;
use server::{Admin, Server};
use std::io::Write as _;
use std::time::{Duration, Instant};
use uuid::Uuid;

const WRITERS: u64 = 64;

fn main() {
    let (mut seconds, mut rounds) = (5, 3);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value = args.next().and_then(|value| value.parse().ok()).unwrap();
        match arg.as_str() {
            "--seconds" => seconds = value,
            "--rounds" => rounds = value,
            other => panic!("{other}?"),
        }
    }
    let time = Duration::from_secs(seconds);
    let server = Server::start_with(&["fsync=on", "full_page_writes=on", "shared_buffers=256MB"]);
    for round in 1..=rounds {
        println!("round {round}: load {}", std::fs::read_to_string("/proc/loadavg").unwrap().trim());
        println!("  fdatasync after 4 KiB: {:.0}/s", fsync(server.folder()));
        alone(&server);
        let plain = plain(&server, time);
        let journal = journal(&server, time, "small commands", small);
        println!("  ratio to plain INSERTs: {:.2}", journal / plain);
        journal_alone(&server);
        self::journal(&server, time, "obligations", obligation);
        println!("  fdatasync after 4 KiB: {:.0}/s", fsync(server.folder()));
    }
}

/// How often the disk can be asked to keep 4 KiB for good.
fn fsync(folder: &std::path::Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("fsync")).unwrap();
    let started = Instant::now();
    for _ in 0..300 {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
    }
    300.0 / started.elapsed().as_secs_f64()
}

const PLAIN: &str =
    "CREATE TABLE plain (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)";

fn report(name: &str, mut took: Vec<Duration>, time: Duration) -> f64 {
    took.sort();
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).copied().unwrap_or_default();
    let rate = took.len() as f64 / time.as_secs_f64();
    println!("  {name}: {rate:.0}/s; waited p50 {:.1?}, p99 {:.1?}, longest {:.1?}", at(0.5), at(0.99), at(0.9999999));
    rate
}

/// 64 connections that each insert a row of a small event's size and wait for its commit, as pgbench would.
fn plain(server: &Server, time: Duration) -> f64 {
    let address = server.database();
    Admin::connect(&address).run(PLAIN);
    let started = Instant::now();
    let threads: Vec<_> = (0..WRITERS)
        .map(|_| {
            let address = address.clone();
            std::thread::spawn(move || {
                let admin = Admin::connect(&address);
                let mut took = vec![];
                while started.elapsed() < time {
                    let began = Instant::now();
                    admin.insert("INSERT INTO plain (body) VALUES ($1)", &[7; 420]);
                    took.push(began.elapsed());
                }
                took
            })
        })
        .collect();
    let took = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    report("plain INSERT, 64 connections", took, time)
}

/// One connection, one row, one commit at a time.
fn alone(server: &Server) {
    let address = server.database();
    let admin = Admin::connect(&address);
    admin.run(PLAIN);
    let (time, started, mut took) = (Duration::from_secs(1), Instant::now(), vec![]);
    while started.elapsed() < time {
        let began = Instant::now();
        admin.insert("INSERT INTO plain (body) VALUES ($1)", &[7; 420]);
        took.push(began.elapsed());
    }
    report("plain INSERT, 1 connection", took, time);
}

#[derive(Clone)]
struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

fn envelope(nth: u128) -> Envelope {
    Envelope {
        command_id: CommandId::new(Uuid::from_u128(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))),
        actor: Actor::System,
        on_behalf_of: None,
        channel: Channel::System,
        assurance: Assurance::Authenticated,
    }
}

fn new(stream: &str, event: Event) -> NewEvent {
    NewEvent { stream: stream.parse().unwrap(), occurred: Now.now(), known_at: Now.now(), event }
}

/// An event without projections.
fn small(writer: u64, nth: u64) -> NewEvent {
    let batch = EntityId::new(Uuid::from_u128(u128::from(writer)), 0);
    new("audit", Event::RejectedRead(RejectedRead { batch, rows: nth, reason: BlobRef([7; 32]) }))
}

/// An obligation that is opened: a record, a line in a list, and four sums that writers of an area share.
fn obligation(writer: u64, nth: u64) -> NewEvent {
    let area = format!("5001{:02}", writer % 40);
    let obligation = Obligation {
        id: ObligationId(EntityId::new(Uuid::from_u128(u128::from(writer) << 64 | u128::from(nth)), 0)),
        kind: "food_delivery".parse().unwrap(),
        path: format!("500000/{area}").parse().unwrap(),
        subject: None,
        ground: Some(format!("request:{writer}-{nth}").parse().unwrap()),
        opened_at: Now.now(),
        due: Now.now() + jiff::SignedDuration::from_hours(24),
        section: "supplies".parse().unwrap(),
        priority: 3,
        never_expires: true,
        life_saving: false,
        synthetic: true,
        fields: std::collections::BTreeMap::new(),
        split: Split::opened(1),
        owner: None,
        posted: jiff::civil::date(1970, 1, 1),
        arrears: None,
        orders: vec![],
        version: 1,
    };
    let change = Change::Opened(Box::new(Opened { obligation, how: Opening::New, note: None }));
    let event = LedgerChanged { changes: vec![change], batch: None, note: None };
    new(&format!("ledger.{area}"), Event::LedgerChanged(event))
}

fn founded(server: &Server) -> PostgresJournal {
    let mut journal = PostgresJournal::create(&server.database()).unwrap();
    let city = CityFounded { mode: Mode::Replay, city_toml: "id = \"bench\"".into(), boundaries: None };
    let mut event = Some(new("city", Event::CityFounded(city)));
    journal.transact(&envelope(0), Now.now(), &mut |on| on.append(event.take().unwrap()).map(|_| ())).unwrap();
    journal
}

/// 64 writers that each wait until their command is durable, through one committer.
fn journal(server: &Server, time: Duration, name: &str, event: fn(u64, u64) -> NewEvent) -> f64 {
    let committer = Committer::start(founded(server), Now, GroupLimits::default()).unwrap();
    let started = Instant::now();
    let threads: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let handle = committer.handle();
            std::thread::spawn(move || {
                let mut took = vec![];
                while started.elapsed() < time {
                    let (began, nth) = (Instant::now(), took.len() as u64);
                    let mut new = Some(event(writer, nth));
                    let id = (u128::from(writer) + 1) << 64 | u128::from(nth);
                    let done = handle.transact(envelope(id), move |on| on.append(new.take().unwrap()).map(|_| ()));
                    done.unwrap();
                    took.push(began.elapsed());
                }
                took
            })
        })
        .collect();
    let took: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let journal = committer.stop().unwrap();
    assert_eq!(journal.last().unwrap().0, took.len() as u64 + 1, "a fast wrong answer is not a result");
    let rate = report(&format!("journal, {name}, 64 writers"), took, time);
    let verification = journal.verify().unwrap();
    assert_eq!(verification.faults, []);
    rate
}

/// One writer, one command, one commit at a time.
fn journal_alone(server: &Server) {
    let mut journal = founded(server);
    let (time, started, mut took) = (Duration::from_secs(1), Instant::now(), vec![]);
    while started.elapsed() < time {
        let (began, nth) = (Instant::now(), took.len() as u64);
        let mut event = Some(small(0, nth));
        let work = &mut |on: &mut dyn levee_app::journal::Transaction| on.append(event.take().unwrap()).map(|_| ());
        journal.transact(&envelope(u128::from(nth) + 1), Now.now(), work).unwrap();
        took.push(began.elapsed());
    }
    report("journal, small commands, 1 writer", took, time);
}
