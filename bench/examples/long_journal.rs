//! Gives a city a long past: `long_journal CITY [--events N]` appends N small events, 5,000,000 unless told otherwise.
//!
//! Of every ten, six are a message of one row taken in (opened, row, closed), two move a unit of a duty, two are traces of
//! reading. All of it lies before the outbreak of the pack; results and how they were made: `bench/results/long-city.md`.
#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use jiff::Span;
use jiff::civil::{Date, date};
use levee_app::blob::BlobRef;
use levee_app::clock::{Clock as _, MachineClock};
use levee_app::event::legacy::{Account, Entry, Flow};
use levee_app::event::{
    AcceptedRow, Balance, BatchClosed, BatchOpened, Change, Dialect, Event, NewEvent, ObligationsMoved, RejectedRead,
    RowsAccepted,
};
use levee_app::journal::{Journal as _, Transaction};
use levee_bench::{BenchError, command, moment};
use levee_model::ids::EntityId;
use levee_model::table::{Cell, Row, TableSpec};
use levee_sim::DISTRICTS;
use levee_store::sqlite::SqliteJournal;
use std::path::PathBuf;
use std::time::Instant;

/// Events of one round: a message (3), a message (3), two moves, two traces.
const ROUND: u64 = 10;
const ROUNDS_PER_COMMIT: u64 = 1_000;

fn main() -> Result<(), BenchError> {
    let (mut folder, mut events) = (None, 5_000_000u64);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--events" => events = args.next().ok_or("--events N")?.parse()?,
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let mut journal = SqliteJournal::open(&folder.ok_or("name the folder of a city")?)?;
    let now = MachineClock.now();
    let started = Instant::now();
    let rounds = events / ROUND;
    for commit in 0..rounds.div_ceil(ROUNDS_PER_COMMIT) {
        let mut failed = None;
        journal
            .transact(&command(1 << 40 | commit), now, &mut |tx| {
                for round in commit * ROUNDS_PER_COMMIT..rounds.min((commit + 1) * ROUNDS_PER_COMMIT) {
                    if let Err(error) = append_round(tx, round) {
                        failed = Some(error);
                        return Err(levee_app::journal::JournalError::GivenUp);
                    }
                }
                Ok(())
            })
            .map_err(|error| failed.take().unwrap_or_else(|| error.into()))?;
    }
    println!("{} events in {:.0} s, now {}", rounds * ROUND, started.elapsed().as_secs_f64(), journal.last()?.0);
    Ok(())
}

/// Three years of days that end before the packs' outbreaks come into view.
fn day_of(nth: u64) -> Date {
    date(2019, 1, 1).saturating_add(Span::new().days(i64::try_from(nth % 1_095).unwrap_or(0)))
}

fn district(nth: u64) -> &'static str {
    let nth = usize::try_from(nth).unwrap_or(0);
    DISTRICTS.get(nth % DISTRICTS.len()).copied().unwrap_or("500101")
}

fn append_round(tx: &mut dyn Transaction, round: u64) -> Result<(), BenchError> {
    let mut append = |stream: &str, day: Date, event: Event| -> Result<(), BenchError> {
        let at = moment(day.at(12, 0, 0, 0));
        tx.append(NewEvent { stream: stream.parse()?, occurred: at, known_at: at, event })?;
        Ok(())
    };
    for message in [2 * round, 2 * round + 1] {
        for event in batch(message)? {
            append("intake.infections", day_of(message), event)?;
        }
    }
    let day = day_of(round);
    for flow in [Flow::Opened, Flow::Met] {
        let account = Account { kind: "care_placement".parse()?, area: district(round).parse()?, day };
        let ground = (flow == Flow::Opened).then_some(day);
        let entry = Entry { account, flow, units: 1, ground, reason: None, decided_by: None };
        append("ledger", day, Event::ObligationsMoved(ObligationsMoved { entries: vec![entry] }))?;
    }
    for rows in [1, 2] {
        let batch = EntityId::new(uuid::Uuid::from_u128(u128::from(2 * round)), 0);
        append("audit", day, Event::RejectedRead(RejectedRead { batch, rows, reason: BlobRef([7; 32]) }))?;
    }
    Ok(())
}

/// A message of one row: an hour of a place that no other message speaks of.
fn batch(nth: u64) -> Result<[Event; 3], BenchError> {
    let batch = EntityId::new(uuid::Uuid::from_u128(u128::from(nth)), 0);
    let mut file = [0; 32];
    file[..8].copy_from_slice(&nth.to_be_bytes());
    let opened = BatchOpened {
        batch,
        table: "infections".to_owned(),
        file: BlobRef(file),
        file_name: BlobRef([2; 32]),
        bytes: 120,
        dialect: Dialect { format: "csv".to_owned(), ..Dialect::default() },
    };
    let day = day_of(nth);
    let hour = i8::try_from(nth / 1_095 / 38 % 23)?;
    let minute = i8::try_from(nth / 1_095 / 38 / 23 % 60)?;
    let start = day.at(hour, minute, 0, 0);
    let spec = TableSpec::named("infections").ok_or("no table")?;
    let cell = |name: &str| match name {
        "place" => Some(Cell::Text(district(nth / 1_095).to_owned())),
        "period_start" => Some(Cell::DateTime(start)),
        "period_end" => Some(Cell::DateTime(start.saturating_add(Span::new().hours(1)))),
        "confirmed" => Some(Cell::Count(nth % 17)),
        "asymptomatic" => Some(Cell::Count(nth % 101)),
        "office" => Some(Cell::Text("levee-synthetic".to_owned())),
        "source_id" => Some(Cell::Text("SYN".to_owned())),
        "known_at" => Some(Cell::DateTime(day.at(23, 59, 0, 0))),
        "known_at_assumed" => Some(Cell::Flag(false)),
        "origin" => Some(Cell::Text("synthetic".to_owned())),
        _ => None,
    };
    let row = Row::new(spec, spec.columns.iter().map(|column| cell(column.name)).collect()).ok_or("an empty cell")?;
    let rows = vec![AcceptedRow { line: 2, change: Change::New, known_at: moment(day.at(23, 59, 0, 0)), row }];
    let balance = Balance { received: 1, accepted: 1, rejected: 0, duplicate: 0 };
    Ok([
        Event::BatchOpened(opened),
        Event::RowsAccepted(RowsAccepted { batch, rows, notes: None }),
        Event::BatchClosed(BatchClosed { batch, balance, superseding: 0, warnings: vec![] }),
    ])
}
