//! Measures the journal on the disk of a folder: `journal_bench FOLDER [fsync|small|bulk|open|verify]... [--rows N] [--events N]`.
//!
//! Each rival writes the same bytes through SQLite itself, with the same settings, in the same run.
//! Results and how they were made: `bench/results/journal.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use jiff::Timestamp;
use jiff::civil::date;
use levee_app::blob::BlobRef;
use levee_app::event::*;
use levee_app::journal::{Journal, JournalError, Read, Space};
use levee_app::projection::keys;
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::EntityId;
use levee_model::table::{Cell, Row, TableSpec};
use levee_store::sqlite::SqliteJournal;
use rusqlite::{Connection, params};
use std::error::Error;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;
use uuid::Uuid;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let mut folder = None;
    let (mut rows, mut events) = (1_000_000u64, 1_000_000u64);
    let mut parts = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--rows" => rows = args.next().ok_or("--rows N")?.parse()?,
            "--events" => events = args.next().ok_or("--events N")?.parse()?,
            "fsync" | "small" | "bulk" | "open" | "verify" => parts.push(arg),
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let folder = folder.ok_or("name a folder on the disk to measure")?;
    std::fs::create_dir_all(&folder)?;
    for part in parts {
        match part.as_str() {
            "fsync" => fsync(&folder)?,
            "small" => {
                small(&folder, 100, 100_000)?;
                small(&folder, 1000, 500_000)?;
            }
            "bulk" => bulk(&folder, rows)?,
            "open" => open(&folder, events)?,
            _ => verify(&folder)?,
        }
    }
    Ok(())
}

/// How often the disk can be asked to keep 4 KiB for good.
fn fsync(folder: &Path) -> Done {
    let path = folder.join("fsync");
    let mut file = std::fs::File::create(&path)?;
    let started = Instant::now();
    for _ in 0..500 {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    println!("fdatasync after 4 KiB: {:.0}/s", 500.0 / started.elapsed().as_secs_f64());
    Ok(std::fs::remove_file(path)?)
}

fn fresh(folder: &Path, name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let folder = folder.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_second(1_668_729_600 + i64::try_from(seconds).unwrap_or(0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn command(nth: u64) -> Envelope {
    // Spread as the ids of many clients are within one millisecond.
    let id = (u128::from(nth) << 64) | u128::from(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Envelope {
        command_id: CommandId::new(Uuid::from_u128(id)),
        actor: Actor::System,
        on_behalf_of: None,
        channel: Channel::System,
        assurance: Assurance::Authenticated,
    }
}

fn new(stream: &str, event: Event) -> Result<NewEvent, Box<dyn Error>> {
    Ok(NewEvent { stream: stream.parse()?, occurred: at(0), known_at: at(0), event })
}

fn founded(folder: &Path) -> Result<SqliteJournal, Box<dyn Error>> {
    let mut journal = SqliteJournal::create(folder)?;
    let city = CityFounded { mode: Mode::Replay, city_toml: "id = \"bench\"".into(), boundaries: None };
    let mut event = Some(new("city", Event::CityFounded(city))?);
    append(&mut journal, 0, &mut || event.take())?;
    Ok(journal)
}

fn append(
    journal: &mut SqliteJournal,
    nth: u64,
    next: &mut dyn FnMut() -> Option<NewEvent>,
) -> Result<(), JournalError> {
    journal.transact(&command(nth), at(nth), &mut |on| {
        while let Some(event) = next() {
            on.append(event)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn small_event(nth: u64) -> Result<NewEvent, Box<dyn Error>> {
    let batch = EntityId::new(Uuid::from_u128(u128::from(nth)), 0);
    new("audit", Event::RejectedRead(RejectedRead { batch, rows: nth, reason: BlobRef([7; 32]) }))
}

/// Small events without projections, so many to a commit; a commit returns when it is on the disk.
fn small(folder: &Path, per_commit: u64, events: u64) -> Done {
    let ours = fresh(folder, "small")?;
    let mut journal = founded(&ours)?;
    let started = Instant::now();
    for nth in 1..=events / per_commit {
        let mut left = per_commit;
        let event = small_event(nth)?;
        append(&mut journal, nth, &mut || {
            left = left.checked_sub(1)?;
            Some(event.clone())
        })?;
    }
    let ours_rate = events as f64 / started.elapsed().as_secs_f64();
    let raw = raw(folder)?;
    let each = bytes_per_event(&ours)?;
    let bytes = vec![7u8; each];
    let started = Instant::now();
    for commit in 0..events / per_commit {
        let whole = raw.unchecked_transaction()?;
        let mut insert = raw.prepare_cached("INSERT INTO event (position, body) VALUES (?1, ?2)")?;
        for nth in 0..per_commit {
            insert.execute(params![commit * per_commit + nth, bytes])?;
        }
        drop(insert);
        whole.commit()?;
    }
    let raw_rate = events as f64 / started.elapsed().as_secs_f64();
    println!(
        "small events, {per_commit} per commit: journal {ours_rate:.0}/s, raw SQLite ({each} bytes each) {raw_rate:.0}/s"
    );
    Ok(())
}

fn bytes_per_event(ours: &Path) -> Result<usize, Box<dyn Error>> {
    let db = Connection::open(ours.join(levee_store::sqlite::FILE))?;
    let all = "SELECT avg(length(stream) + length(kind) + length(envelope) + length(body) + 16 + 32 + 30) FROM event";
    let average: f64 = db.query_row(all, [], |row| row.get(0))?;
    Ok(format!("{average:.0}").parse()?)
}

/// A database with the journal's settings and none of its work.
fn raw(folder: &Path) -> Result<Connection, Box<dyn Error>> {
    let db = Connection::open(fresh(folder, "raw")?.join("raw.db"))?;
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
        "CREATE TABLE event (position INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
         CREATE TABLE projection (space INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
             PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID;",
    )?;
    Ok(db)
}

/// Reports of 1,000 places, each row another place, day or office; in the order in which a clerk's file has them.
fn report(nth: u64) -> Row {
    let spec = TableSpec::named("infections").unwrap_or(&levee_model::table::TABLES[0]);
    let (place, day, office) = (nth % 1000, nth / 1000 % 365, nth / 365_000);
    let day = date(2022, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(day).unwrap_or(0)));
    let midnight = |day: jiff::civil::Date| day.at(0, 0, 0, 0);
    let cells = spec
        .columns
        .iter()
        .map(|column| match column.name {
            "place" => Some(Cell::Text(format!("500{place:03}"))),
            "period_start" => Some(Cell::DateTime(midnight(day))),
            "period_end" => Some(Cell::DateTime(midnight(day.saturating_add(jiff::Span::new().days(1))))),
            "confirmed" => Some(Cell::Count(nth % 97)),
            "asymptomatic" => Some(Cell::Count(nth % 1009)),
            "converted" => Some(Cell::Count(nth % 13)),
            "total" => Some(Cell::Count(nth % 1100)),
            "community" => Some(Cell::Count(nth % 31)),
            "managed" => Some(Cell::Count(nth % 1069)),
            "office" => Some(Cell::Text(format!("district-hc-{office}"))),
            "source_id" => Some(Cell::Text("S35".into())),
            "known_at" => Some(Cell::DateTime(day.at(20, 30, 0, 0))),
            "known_at_assumed" => Some(Cell::Flag(false)),
            "origin" => Some(Cell::Text("synthetic".into())),
            _ => None,
        })
        .collect();
    // Every required cell is filled above.
    Row::new(spec, cells).unwrap_or_else(|| std::process::exit(3))
}

fn chunk(batch: EntityId, from: u64, to: u64) -> Event {
    let rows = (from..to)
        .map(|nth| AcceptedRow { line: nth + 2, change: Change::New, known_at: at(nth / 1000), row: report(nth) })
        .collect();
    Event::RowsAccepted(RowsAccepted { batch, rows, notes: None })
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// One file of `rows` rows in one commit.
fn bulk(folder: &Path, rows: u64) -> Done {
    let ours = fresh(folder, "bulk")?;
    let mut journal = founded(&ours)?;
    let batch = EntityId::new(Uuid::from_u128(1), 0);
    let started = Instant::now();
    let mut made = 0usize;
    for from in (0..rows).step_by(1000) {
        if let Event::RowsAccepted(chunk) = chunk(batch, from, rows.min(from + 1000)) {
            made += chunk.rows.len();
        }
    }
    let making = started.elapsed().as_secs_f64();
    assert_eq!(made as u64, rows);

    let blob = BlobRef([7; 32]);
    let opened = Event::BatchOpened(BatchOpened {
        batch,
        table: "infections".into(),
        file: blob,
        file_name: blob,
        bytes: 0,
        dialect: Dialect::default(),
    });
    let balance = Balance { received: rows, accepted: rows, rejected: 0, duplicate: 0 };
    let closed = Event::BatchClosed(BatchClosed { batch, balance, superseding: 0, warnings: vec![] });
    let mut events = std::iter::once(opened)
        .chain((0..rows).step_by(1000).map(|from| chunk(batch, from, rows.min(from + 1000))))
        .chain(std::iter::once(closed));
    let before = peak_mib();
    let started = Instant::now();
    append(&mut journal, 1, &mut || {
        let event = events.next()?;
        new("intake", event).ok()
    })?;
    let took = started.elapsed().as_secs_f64();
    let peak = peak_mib();
    println!(
        "bulk of {rows} rows in one commit: {:.0} rows/s ({:.0} without making the rows), {took:.2} s, peak memory {peak} MiB (before: {before})",
        rows as f64 / took,
        rows as f64 / (took - making),
    );
    drop(journal);
    println!("  file: {} MiB", std::fs::metadata(ours.join(levee_store::sqlite::FILE))?.len() >> 20);

    let raw = raw(folder)?;
    let from = Connection::open(ours.join(levee_store::sqlite::FILE))?;
    let started = Instant::now();
    let whole = raw.unchecked_transaction()?;
    let mut reading = 0.0;
    for (select, insert) in [
        (
            "SELECT position, CAST(hash || envelope || body AS BLOB) FROM event",
            "INSERT INTO event (position, body) VALUES (?1, ?2)",
        ),
        ("SELECT key, value FROM projection", "INSERT INTO projection (space, key, value) VALUES (3, ?1, ?2)"),
    ] {
        let mut select = from.prepare(select)?;
        let mut all = select.query([])?;
        let mut insert = raw.prepare(insert)?;
        loop {
            let asked = Instant::now();
            let Some(row) = all.next()? else { break };
            let (key, value): (rusqlite::types::Value, Vec<u8>) = (row.get(0)?, row.get(1)?);
            reading += asked.elapsed().as_secs_f64();
            insert.execute(params![key, value])?;
        }
    }
    whole.commit()?;
    let took = started.elapsed().as_secs_f64() - reading;
    println!("  raw SQLite, the same bytes in key order in one commit: {:.0} rows/s, {took:.2} s", rows as f64 / took);
    Ok(())
}

/// Opening a long journal, up to the first rows that a screen needs.
fn open(folder: &Path, events: u64) -> Done {
    let ours = fresh(folder, "open")?;
    let mut journal = founded(&ours)?;
    for nth in 1..=events / 1000 {
        let mut left = 1000u64;
        let event = small_event(nth)?;
        append(&mut journal, nth, &mut || {
            left = left.checked_sub(1)?;
            Some(event.clone())
        })?;
    }
    let batch = EntityId::new(Uuid::from_u128(1), 0);
    let blob = BlobRef([7; 32]);
    let rows = 10_000u64;
    let opened = Event::BatchOpened(BatchOpened {
        batch,
        table: "infections".into(),
        file: blob,
        file_name: blob,
        bytes: 0,
        dialect: Dialect::default(),
    });
    let balance = Balance { received: rows, accepted: rows, rejected: 0, duplicate: 0 };
    let closed = Event::BatchClosed(BatchClosed { batch, balance, superseding: 0, warnings: vec![] });
    let mut all = std::iter::once(opened)
        .chain((0..rows).step_by(1000).map(|from| chunk(batch, from, from + 1000)))
        .chain(std::iter::once(closed));
    append(&mut journal, u64::from(u32::MAX), &mut || {
        let event = all.next()?;
        new("intake", event).ok()
    })?;
    drop(journal);
    let file = ours.join(levee_store::sqlite::FILE);
    let size = std::fs::metadata(&file)?.len() >> 20;
    for warmth in ["cold", "warm", "warm"] {
        if warmth == "cold" {
            // Drops the file's pages from the system's cache.
            let path = format!("if={}", file.display());
            std::process::Command::new("dd").args([&path, "iflag=nocache", "count=0", "status=none"]).status()?;
        }
        let started = Instant::now();
        let journal = SqliteJournal::open(&ours)?;
        let city = journal.get(Space::City, keys::CITY)?;
        let last = journal.last()?;
        let (from, to) = keys::fact_range("infections", Some(date(2022, 1, 5)), date(2022, 1, 5));
        let mut facts = 0;
        journal.scan(Space::Fact, &from, &to, &mut |_| {
            facts += 1;
            ControlFlow::Continue(())
        })?;
        let took = started.elapsed().as_secs_f64() * 1000.0;
        assert!(city.is_some() && facts == 1000);
        println!("open with {} events ({size} MiB, {warmth}): {took:.1} ms to a day's 1,000 facts", last.0);
    }
    Ok(())
}

/// Verification of what `bulk` left.
fn verify(folder: &Path) -> Done {
    let journal = SqliteJournal::open_read_only(&folder.join("bulk"))?;
    let started = Instant::now();
    let found = journal.verify()?;
    let took = started.elapsed().as_secs_f64();
    println!(
        "verify: {} events, {} projection rows, {} faults in {took:.2} s, peak memory {} MiB",
        found.events,
        found.rows,
        found.faults.len(),
        peak_mib()
    );
    Ok(())
}
