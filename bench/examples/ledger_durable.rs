//! Durable commands of the ledger per second on the disk of a folder: `ledger_durable FOLDER [--seconds N] [--rounds N]
//! [--few-accounts]`.
//!
//! Of every four commands one opens an obligation, one gives it to a person, one begins it, one meets it; each is one event
//! with its balances, lists and sums. Beside each part stands its peer in the same run: plain SQLite with the same settings
//! that inserts the same stored rows, and has nothing to decide, chain or project. Results: `bench/results/ledger.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use levee_app::clock::{Clock as _, MachineClock};
use levee_app::journal::{Journal as _, JournalError, Transaction};
use levee_app::ledger::Desk;
use levee_bench::BenchError;
use levee_bench::owing::{Owing, by, found_large, fresh, hour, load, processor_time, quantile_ms, syncs_per_second};
use levee_ledger::{Command, Said};
use levee_model::command::Envelope;
use levee_store::group::{Committer, GroupLimits, GroupStore as _};
use levee_store::sqlite::{FILE, SqliteJournal};
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Commands of a commit.
const TOGETHER: u64 = 100;
/// Writers that wait.
const WRITERS: u64 = 64;

struct Options {
    folder: PathBuf,
    most: Duration,
    /// Everything is owed in one community of each district: 760 accounts instead of 152,000.
    few: bool,
}

fn main() -> Result<(), BenchError> {
    let (mut folder, mut seconds, mut rounds, mut few) = (None, 5, 3, false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || -> Result<u64, BenchError> { Ok(args.next().ok_or("a number is missing")?.parse()?) };
        match arg.as_str() {
            "--seconds" => seconds = number()?,
            "--rounds" => rounds = number()?,
            "--few-accounts" => few = true,
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let folder = folder.ok_or("name a folder on the disk to measure")?;
    let options = Options { folder, most: Duration::from_secs(seconds), few };
    std::fs::create_dir_all(&options.folder)?;
    for round in 1..=rounds {
        println!("round {round}: load {}, {:.0} syncs/s", load(), syncs_per_second(&options.folder)?);
        batches(&options)?;
        writers(&options)?;
        println!("  after: load {}, {:.0} syncs/s", load(), syncs_per_second(&options.folder)?);
    }
    Ok(())
}

/// The `nth` command of a stream of its own: obligation `nth / 4` is opened, given, begun and met, with `apart` commands
/// in between, so that none finds its rows where the one before left them.
fn command(owing: &Owing, few: bool, stream: u64, nth: u64, apart: u64) -> Result<Option<Command>, BenchError> {
    let (step, place) = (nth % 4, nth / 4);
    let Some(place) = place.checked_sub(step * apart) else { return Ok(None) };
    let of = stream << 20 | place;
    let (what, units) = (Owing::id(of).into(), owing.units(of));
    let community = usize::try_from(if few { of % 38 * 200 } else { of.wrapping_mul(7_919) })?;
    Ok(Some(match step {
        0 => owing.open(of, community, hour(8), hour(32)),
        1 => Command::Assign { what: vec![what], to: Some("lead-transfer".parse()?) },
        2 => Command::Begin { what, units },
        _ => Command::Meet { what, units, reason: None, said: Said::Actor, evidence: vec![] },
    }))
}

fn envelope(stream: u64, nth: u64) -> Result<Envelope, BenchError> {
    by("commander-1", 1 << 40 | stream << 24 | nth)
}

/// Carries one command out, as a use case does.
fn carry_out(desk: &Desk, on: &mut dyn Transaction, envelope: &Envelope, command: Command) -> Result<(), JournalError> {
    desk.work(on, envelope, (hour(9), hour(9)), &[command], None).map(|_| ()).map_err(|error| match error {
        levee_app::city::AppError::Journal(error) => error,
        other => JournalError::Store { place: "the benchmark".to_owned(), source: Box::new(other) },
    })
}

/// A hundred commands to a commit.
fn batches(options: &Options) -> Result<(), BenchError> {
    let folder = fresh(&options.folder, "journal")?;
    let mut journal = SqliteJournal::create(&folder)?;
    let (desk, owing) = found_large(&mut journal)?;
    let founded = journal.last()?.0;
    let (mut spent, mut ran, mut nth, mut events) = (Duration::ZERO, Duration::ZERO, 0, 0u64);
    while spent < options.most {
        let mut commands = Vec::new();
        while (commands.len() as u64) < TOGETHER {
            if let Some(command) = command(&owing, options.few, 0, nth, TOGETHER / 4)? {
                commands.push((envelope(0, nth)?, command));
            }
            nth += 1;
        }
        events += TOGETHER;
        let (started, before) = (Instant::now(), processor_time());
        let mut failed = None;
        journal.group(&mut |group| {
            for (envelope, command) in commands.drain(..) {
                let mut command = Some(command);
                let done = group.transact(&envelope, MachineClock.now(), &mut |on| {
                    command.take().map_or(Ok(()), |command| carry_out(&desk, on, &envelope, command))
                });
                failed = failed.take().or(done.err());
            }
        })?;
        spent += started.elapsed();
        ran += processor_time().saturating_sub(before);
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
    assert_eq!(journal.last()?.0, founded + events, "each command has its event");
    drop(journal);
    let rate = events as f64 / spent.as_secs_f64();
    let own = events as f64 / ran.as_secs_f64();
    let rows = stored(&folder, founded)?;
    let bytes = rows.iter().map(Row::bytes).sum::<usize>() / rows.len();
    let plain = plain_batches(options, &rows)?;
    println!(
        "  {TOGETHER} commands a commit: {rate:.0} events/s ({:.2} of 20,000; {own:.0} per second of processor time); plain SQLite, the same {bytes} bytes an event: {plain:.0}/s; share {:.2} (bar 0.50)",
        rate / 20_000.0,
        rate / plain,
    );
    Ok(())
}

/// An event as it is stored.
#[derive(Clone)]
struct Row {
    numbers: [i64; 5],
    stream: String,
    kind: String,
    command: Vec<u8>,
    envelope: String,
    hash: Vec<u8>,
    body: Vec<u8>,
}

impl Row {
    fn bytes(&self) -> usize {
        let texts = self.stream.len() + self.kind.len() + self.envelope.len();
        texts + self.command.len() + self.hash.len() + self.body.len() + 8 * self.numbers.len()
    }
}

fn stored(folder: &Path, after: u64) -> Result<Vec<Row>, BenchError> {
    let db = Connection::open(folder.join(FILE))?;
    let mut select = db.prepare(
        "SELECT sequence, version, occurred, known_at, recorded_at, stream, kind, command_id, envelope, hash, body \
         FROM event WHERE position > ?1 ORDER BY position LIMIT 200000",
    )?;
    let rows = select.query_map([after], |row| {
        Ok(Row {
            numbers: [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
            stream: row.get(5)?,
            kind: row.get(6)?,
            command: row.get(7)?,
            envelope: row.get(8)?,
            hash: row.get(9)?,
            body: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A database with the journal's settings, one table with its columns, and none of its work.
fn plain(folder: &Path) -> Result<Connection, BenchError> {
    let db = Connection::open(fresh(folder, "plain")?.join("plain.db"))?;
    for (name, value) in [
        ("page_size", "16384"),
        ("journal_mode", "wal"),
        ("synchronous", "full"),
        ("cache_size", "-65536"),
        ("wal_autocheckpoint", "4096"),
        ("journal_size_limit", "67108864"),
    ] {
        db.pragma_update(None, name, value)?;
    }
    db.execute_batch(
        "CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, sequence INTEGER NOT NULL, \
         kind TEXT NOT NULL, version INTEGER NOT NULL, command_id BLOB NOT NULL, envelope TEXT NOT NULL, \
         occurred INTEGER NOT NULL, known_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, hash BLOB NOT NULL, \
         body BLOB NOT NULL) STRICT",
    )?;
    Ok(db)
}

const INSERT: &str = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

fn insert(on: &Connection, position: u64, row: &Row) -> rusqlite::Result<()> {
    let [sequence, version, occurred, known_at, recorded_at] = row.numbers;
    on.prepare_cached(INSERT)?
        .execute(params![
            position,
            row.stream,
            sequence,
            row.kind,
            version,
            row.command,
            row.envelope,
            occurred,
            known_at,
            recorded_at,
            row.hash,
            row.body
        ])
        .map(|_| ())
}

fn plain_batches(options: &Options, rows: &[Row]) -> Result<f64, BenchError> {
    let db = plain(&options.folder)?;
    let (started, mut done) = (Instant::now(), 0u64);
    while started.elapsed() < options.most {
        for together in rows.chunks_exact(usize::try_from(TOGETHER)?) {
            let whole = db.unchecked_transaction()?;
            for row in together {
                done += 1;
                insert(&db, done, row)?;
            }
            whole.commit()?;
            if started.elapsed() >= options.most {
                break;
            }
        }
    }
    Ok(done as f64 / started.elapsed().as_secs_f64())
}

/// Many writers, one command each at a time, each waiting until it is durable.
fn writers(options: &Options) -> Result<(), BenchError> {
    let folder = fresh(&options.folder, "journal")?;
    let mut journal = SqliteJournal::create(&folder)?;
    let (desk, owing) = found_large(&mut journal)?;
    let founded = journal.last()?.0;
    let (desk, owing) = (Arc::new(desk), Arc::new(owing));
    let committer = Committer::start(journal, MachineClock, GroupLimits::default())?;
    let (started, few) = (Instant::now(), options.few);
    let until = started + options.most;
    let threads: Vec<_> = (1..=WRITERS)
        .map(|writer| {
            let (handle, desk, owing) = (committer.handle(), Arc::clone(&desk), Arc::clone(&owing));
            std::thread::spawn(move || {
                let (mut took, mut nth) = (Vec::new(), 0);
                while Instant::now() < until {
                    let (Ok(next), Ok(envelope)) = (command(&owing, few, writer, nth, 3), envelope(writer, nth)) else {
                        break;
                    };
                    nth += 1;
                    let Some(next) = next else { continue };
                    let (desk, asked, by) = (Arc::clone(&desk), Instant::now(), envelope.clone());
                    let done = handle
                        .transact(envelope, move |on: &mut dyn Transaction| carry_out(&desk, on, &by, next.clone()));
                    assert!(done.is_ok_and(|done| !done.receipt.repeated), "a fast wrong answer is no result");
                    took.push(asked.elapsed());
                }
                took
            })
        })
        .collect();
    let mut took: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect();
    let rate = took.len() as f64 / started.elapsed().as_secs_f64();
    let journal = committer.stop()?;
    assert_eq!(journal.last()?.0, founded + took.len() as u64, "each command has its event");
    drop(journal);
    let rows = stored(&folder, founded)?;
    let (plain, groups) = plain_writers(options, &rows)?;
    println!(
        "  {WRITERS} writers that wait: {rate:.0} commands/s ({:.2} of 8,000), p50 {:.1} ms, p99 {:.1} ms (bar 20), worst {:.1} ms; plain SQLite {plain:.0}/s in groups of {groups:.0}; share {:.2} (bar 0.50)",
        rate / 8_000.0,
        quantile_ms(&mut took, 0.5),
        quantile_ms(&mut took, 0.99),
        quantile_ms(&mut took, 1.0),
        rate / plain,
    );
    Ok(())
}

/// The peer: the same writers hand the same rows to one thread that inserts whatever waits, commits, and answers.
fn plain_writers(options: &Options, rows: &[Row]) -> Result<(f64, f64), BenchError> {
    let db = plain(&options.folder)?;
    let (queue, requests) = channel::<(Row, Sender<()>)>();
    let rows: Arc<[Row]> = rows.iter().take(20_000).cloned().collect();
    let started = Instant::now();
    let until = started + options.most;
    let threads: Vec<_> = (0..usize::try_from(WRITERS)?)
        .map(|writer| {
            let (queue, rows) = (queue.clone(), Arc::clone(&rows));
            std::thread::spawn(move || {
                let (give, take) = channel();
                let mut nth = writer;
                while Instant::now() < until {
                    let Some(row) = rows.get(nth % rows.len()).cloned() else { break };
                    nth += 64;
                    if queue.send((row, give.clone())).is_err() || take.recv().is_err() {
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
        let mut nth = 0;
        while let Some((row, _)) = waiting.get(nth) {
            done += 1;
            insert(&db, done, row)?;
            nth += 1;
            waiting.extend(requests.try_recv());
        }
        whole.commit()?;
        groups += 1;
        for (_, answer) in waiting {
            // Whoever has gone needs no answer.
            let _ = answer.send(());
        }
    }
    for thread in threads {
        thread.join().map_err(|_| "a writer of the peer panicked")?;
    }
    Ok((done as f64 / started.elapsed().as_secs_f64(), done as f64 / groups as f64))
}
