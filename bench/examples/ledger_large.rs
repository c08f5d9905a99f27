//! A city that owed five million times: `ledger_large build FOLDER [--obligations N] [--orders N]` makes it, `ledger_large ask FOLDER`
//! asks it what its people ask. Results and how they were made: `bench/results/ledger.md`.
//!
//! Thirty days; nine in ten are met on the day they are opened, one in ten is open, one in fifty late. On the last day
//! one district has 100,000 more.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use jiff::ToSpan as _;
use jiff::civil::Date;
use levee_app::city::City;
use levee_app::clock::{Clock as _, MachineClock};
use levee_app::journal::{Journal, JournalError};
use levee_app::ledger::owed::{Query, owed};
use levee_app::ledger::settle::{Settled, settle, statement};
use levee_app::ledger::undo::undo_at;
use levee_app::ledger::{Ask, Desk, carry_out};
use levee_bench::BenchError;
use levee_bench::owing::{
    FIRST_DAY, Owing, by, found_large, founding, hour, load, memory_mib, quantile_ms, syncs_per_second,
};
use levee_ledger::order::{Order, OrderId, OrderState, Promise, Why};
use levee_ledger::{Command, Said, Target};
use levee_model::area::PlaceCode;
use levee_model::ids::EntityId;
use levee_store::blobs::MemoryBlobs;
use levee_store::sqlite::SqliteJournal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const CHUNK: u64 = 1_000;
const DAYS: u64 = 30;
/// Communities of a district.
const OF_DISTRICT: u64 = 200;
/// The district with the heavy day, in the order of codes: 500103.
const HEAVY: u64 = 2;
/// What it has more on the last day.
const MORE: u64 = 100_000;

fn main() -> Result<(), BenchError> {
    let mut args = std::env::args().skip(1);
    let (what, folder) = (args.next(), args.next().map(PathBuf::from));
    let (mut obligations, mut orders) = (5_000_000, 0);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--obligations" => obligations = args.next().ok_or("--obligations N")?.parse()?,
            "--orders" => orders = args.next().ok_or("--orders N")?.parse()?,
            other => return Err(format!("{other}: --obligations N or --orders N").into()),
        }
    }
    let folder = folder.ok_or("build FOLDER, or ask FOLDER")?;
    match what.as_deref() {
        Some("build") => build(&folder, obligations, orders),
        Some("ask") => ask(&folder, obligations),
        _ => Err("build FOLDER, or ask FOLDER".into()),
    }
}

/// One chunk: which day, which district.
fn chunks(obligations: u64) -> impl Iterator<Item = (u64, u64, u64)> {
    let all = obligations / CHUNK;
    let spread = (0..all).map(move |chunk| (chunk, chunk * DAYS / all, chunk % 38));
    spread.chain((all..all + MORE / CHUNK).map(|chunk| (chunk, DAYS - 1, HEAVY)))
}

fn is_open(nth: u64) -> bool {
    nth % 10 == 9
}

fn is_late(nth: u64) -> bool {
    nth % 50 == 9
}

fn commands(owing: &Owing, (chunk, day, district): (u64, u64, u64)) -> Result<[Vec<Command>; 2], BenchError> {
    let at = i64::try_from(24 * day)?;
    let (mut opens, mut meets) = (Vec::new(), Vec::new());
    for nth in chunk * CHUNK..(chunk + 1) * CHUNK {
        let community = usize::try_from(district * OF_DISTRICT + nth.wrapping_mul(7_919) / 7 % OF_DISTRICT)?;
        let due = match is_open(nth) && !is_late(nth) {
            true => hour(i64::try_from(24 * (DAYS + 1) + nth % 96)?),
            false => hour(at + 9 + i64::try_from(nth % 13)?),
        };
        opens.push(owing.open(nth, community, hour(at + 7), due));
        if !is_open(nth) {
            let (what, units) = (Owing::id(nth).into(), owing.units(nth));
            meets.push(Command::Meet { what, units, reason: None, said: Said::Actor, evidence: vec![] });
        }
    }
    Ok([opens, meets])
}

fn work(journal: &mut SqliteJournal, desk: &Desk, nth: u64, at: i64, commands: &[Command]) -> Result<(), BenchError> {
    let envelope = by("commander-1", 1 << 40 | nth)?;
    let mut failed = None;
    journal
        .transact(&envelope, MachineClock.now(), &mut |on| {
            desk.work(on, &envelope, (hour(at), hour(at)), commands, None).map(|_| ()).map_err(|error| {
                failed = Some(error);
                JournalError::GivenUp
            })
        })
        .map_err(|error| failed.take().map_or_else(|| error.into(), BenchError::from))?;
    Ok(())
}

/// One order for each of the first that are open and not late: proposed, approved and given out, one in five taken back.
fn order(
    journal: &mut SqliteJournal,
    desk: &Desk,
    owing: &Owing,
    (obligations, orders): (u64, u64),
) -> Result<(), BenchError> {
    let started = Instant::now();
    let meets: Vec<(u64, u64)> = chunks(obligations)
        .flat_map(|(chunk, _, district)| (chunk * CHUNK..(chunk + 1) * CHUNK).map(move |nth| (nth, district)))
        .filter(|(nth, _)| is_open(*nth) && !is_late(*nth))
        .take(usize::try_from(orders)?)
        .collect();
    let at = i64::try_from(24 * DAYS)? - 4;
    for (chunk, of) in (0u64..).zip(meets.chunks(1_000)) {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (nth, district) in of {
            let id = OrderId(EntityId::new(
                uuid::Uuid::from_u128((0x0184_1000_0000 + u128::from(*nth)) << 80 | 0x7000_8000_0000_0000_0000),
                0,
            ));
            let community = usize::try_from(district * OF_DISTRICT + nth.wrapping_mul(7_919) / 7 % OF_DISTRICT)?;
            let (path, kind) = owing.place(*nth, community).ok_or("no such place")?;
            first.push(Command::Propose(Box::new(Order {
                id,
                action: "visit".parse()?,
                path: path.clone(),
                section: kind.owner.section.parse()?,
                meets: vec![Promise { obligation: Owing::id(*nth), units: owing.units(*nth) }],
                why: Why { code: "need".to_owned(), rests_on: Owing::id(*nth).to_string() },
                holds: vec![],
                life_saving: false,
                carried_out_by: None,
                due: hour(i64::try_from(24 * (DAYS + 4))?),
                state: OrderState::Proposed,
                reason: None,
                version: 1,
            })));
            if kind.life_saving {
                second.push(Command::Issue { order: id, capacities: vec![] });
            } else {
                first.push(Command::Approve { order: id, version: None, capacities: vec![] });
                second.push(Command::Issue { order: id, capacities: vec![] });
            }
            if nth % 50 == 49 {
                second.push(Command::Cancel { order: id, reason: "no longer needed".to_owned() });
            }
        }
        work(journal, desk, (1 << 46) | (2 * chunk), at, &first)?;
        work(journal, desk, (1 << 46) | (2 * chunk + 1), at, &second)?;
    }
    println!("{} orders in {:.0} s", meets.len(), started.elapsed().as_secs_f64());
    Ok(())
}

fn build(folder: &Path, obligations: u64, orders: u64) -> Result<(), BenchError> {
    std::fs::create_dir_all(folder)?;
    println!("load {}, {:.0} syncs/s", load(), syncs_per_second(folder)?);
    let mut journal = SqliteJournal::create(folder)?;
    let (desk, owing) = found_large(&mut journal)?;
    let (started, mut done) = (Instant::now(), 0);
    for one in chunks(obligations) {
        let [opens, meets] = commands(&owing, one)?;
        let at = i64::try_from(24 * one.1)?;
        work(&mut journal, &desk, 2 * one.0, at + 7, &opens)?;
        work(&mut journal, &desk, 2 * one.0 + 1, at + 8, &meets)?;
        done += CHUNK;
        if done % 250_000 == 0 {
            let seconds = started.elapsed().as_secs_f64();
            println!(
                "{done} opened and nine in ten met, {seconds:.0} s, load {}, MiB now and at most {:?}",
                load(),
                memory_mib()
            );
        }
    }
    order(&mut journal, &desk, &owing, (obligations, orders))?;
    let (seconds, events) = (started.elapsed().as_secs_f64(), journal.last()?.0);
    let mib = std::fs::metadata(folder.join(levee_store::sqlite::FILE))?.len() >> 20;
    println!(
        "{done} obligations in {seconds:.0} s: {:.0}/s; {events} events, {mib} MiB; load {}",
        done as f64 / seconds,
        load()
    );
    Ok(())
}

fn timed<T>(
    what: &str,
    bar_ms: f64,
    times: u32,
    mut ask: impl FnMut(u32) -> Result<T, BenchError>,
) -> Result<T, BenchError> {
    let mut took = Vec::new();
    let mut last = None;
    for nth in 0..times {
        let started = Instant::now();
        last = Some(ask(nth)?);
        took.push(started.elapsed());
    }
    let (p50, p95, worst) = (quantile_ms(&mut took, 0.5), quantile_ms(&mut took, 0.95), quantile_ms(&mut took, 1.0));
    println!(
        "{what}: {times} times, p50 {p50:.1} ms, p95 {p95:.1} ms, worst {worst:.1} ms; bar {bar_ms} ms, ratio {:.2}; load {}, MiB now and at most {:?}",
        p95 / bar_ms,
        load(),
        memory_mib()
    );
    last.ok_or_else(|| "asked no time".into())
}

fn ask(folder: &Path, obligations: u64) -> Result<(), BenchError> {
    println!("load {}, {:.0} syncs/s", load(), syncs_per_second(folder)?);
    let started = Instant::now();
    let mut journal = SqliteJournal::open(folder)?;
    let desk = Desk::load(&journal)?;
    println!("opened, and the desk read: {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    let (_, districts) = founding()?;
    let owing = Owing::new(&desk.catalogue, districts)?;
    let end = i64::try_from(24 * DAYS)?;
    let of = |district: u32| -> Result<Query, BenchError> {
        let code = owing.districts.get(district as usize % owing.districts.len()).ok_or("no district")?;
        let (late, kind, section, owner) = (false, None, None, None);
        Ok(Query { area: format!("500000/{code}").parse()?, late, kind, section, owner, limit: 100 })
    };
    timed("owed in a district, at another time each", 50.0, 100, |nth| {
        let now = hour(end - 200 + 4 * i64::from(nth)).saturating_add(Duration::from_secs(60 * u64::from(nth % 13)))?;
        Ok(owed(&journal, &desk, &of(nth)?, now)?)
    })?;
    timed("late in a district, at another time each", 50.0, 100, |nth| {
        let now = hour(end - 200 + 4 * i64::from(nth)).saturating_add(Duration::from_secs(60 * u64::from(nth % 13)))?;
        Ok(owed(&journal, &desk, &Query { late: true, ..of(nth)? }, now)?)
    })?;
    let all = timed("owed in the city", 50.0, 20, |_| {
        let query = Query { area: "500000".parse()?, ..of(0)? };
        Ok(owed(&journal, &desk, &query, hour(end))?)
    })?;
    println!(
        "  {} obligations are owed, {} late",
        all.kinds.values().map(|sum| sum.items).sum::<u64>(),
        all.kinds.values().map(|sum| sum.late_items).sum::<u64>()
    );
    let date = |back: u64| -> Result<_, BenchError> { Ok(FIRST_DAY.checked_add(i64::try_from(DAYS - back)?.days())?) };
    let last = date(1)?;
    explain(&mut journal, &desk, obligations, last)?;
    let (city, heavy) = ("500000".parse()?, "500103".parse()?);
    let open: Vec<Target> = chunks(obligations)
        .filter(|(_, _, district)| *district == HEAVY)
        .flat_map(|(chunk, _, _)| chunk * CHUNK..(chunk + 1) * CHUNK)
        .filter(|nth| is_open(*nth) && !is_late(*nth))
        .take(10_000)
        .map(|nth| Owing::id(nth).into())
        .collect();
    println!("{} obligations of one district are given to somebody as one command, and back", open.len());
    let blobs = MemoryBlobs::default();
    let mut nth = 1 << 50;
    for _ in 0..3 {
        nth += 2;
        let envelope = by("commander-1", nth)?;
        let assign = Command::Assign { what: open.clone(), to: Some("lead-transfer".parse()?) };
        let at = Some(hour(end - 3));
        let mut city = City { journal: &mut journal, blobs: &blobs, clock: &MachineClock };
        let given = timed("  given", 5_000.0, 1, |_| {
            Ok(carry_out(&mut city, &envelope, &Ask { commands: vec![assign.clone()], at, note: None })?)
        })?;
        let undone = timed("  undone", 5_000.0, 1, |_| {
            Ok(undo_at(&mut city, &by("commander-1", nth + 1)?, envelope.command_id, at)?)
        })?;
        println!("  {} and {} changes", given.changes.len(), undone.changes.len());
    }

    let before = date(2)?;
    settled(&mut journal, &blobs, &city, before, "the whole city's day before, and the first ever")?;
    let whole = timed("the city's statement", 1_000.0, 5, |_| Ok(statement(&journal, &desk, &city, last)?))?;
    println!("  {} lines, {} arrears", whole.lines.len(), whole.arrears.len());
    drop(whole);
    let one = timed("the district's statement", 1_000.0, 5, |_| Ok(statement(&journal, &desk, &heavy, last)?))?;
    println!("  {} lines, {} arrears", one.lines.len(), one.arrears.len());
    settled(&mut journal, &blobs, &heavy, last, "the district's heavy day (bar 2,000 ms)")?;
    println!("after: load {}, {:.0} syncs/s", load(), syncs_per_second(folder)?);
    Ok(())
}

/// Law 3: whatever is late must be explained before a day is sealed.
fn explain(journal: &mut SqliteJournal, desk: &Desk, obligations: u64, day: Date) -> Result<(), BenchError> {
    let ends = desk.calendar.end_of(day).ok_or("the day has no end")?;
    let (started, mut said) = (Instant::now(), 0);
    for district in 0..38 {
        let all = chunks(obligations).filter(|(_, _, of)| *of == district);
        let late: Vec<u64> =
            all.flat_map(|(chunk, _, _)| chunk * CHUNK..(chunk + 1) * CHUNK).filter(|nth| is_late(*nth)).collect();
        said += late.len();
        for (chunk, late) in (0u64..).zip(late.chunks(1_000)) {
            let what = late.iter().map(|nth| Owing::id(*nth).into()).collect();
            let (reason, owner) = ("no_capacity".to_owned(), "commander-1".parse()?);
            let explain = Command::Explain { what, day, ends, reason, owner };
            let nth = 1 << 45 | district << 20 | chunk;
            work(journal, desk, nth, i64::try_from(24 * DAYS)? - 2, &[explain])?;
        }
    }
    println!("{said} late ones explained in {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

/// Two people settle a day: each has the statement made anew, and the seal checks it once more.
fn settled(
    journal: &mut SqliteJournal,
    blobs: &MemoryBlobs,
    scope: &PlaceCode,
    day: Date,
    what: &str,
) -> Result<(), BenchError> {
    let started = Instant::now();
    let mut each = Vec::new();
    for (nth, person) in [(1u64, "commander-1"), (2, "commander-2")] {
        let begun = Instant::now();
        let mut city = City { journal, blobs, clock: &MachineClock };
        let command =
            1 << 52 | u64::from(day.day().unsigned_abs()) << 8 | nth << 4 | u64::from(scope.as_str() == "500000");
        match settle(&mut city, &by(person, command)?, Some(scope), day, Some(hour(i64::try_from(24 * DAYS)? + 1)))? {
            Settled::Refused { why, .. } => return Err(format!("{day}: {why}").into()),
            Settled::Prepared { .. } | Settled::Sealed { .. } => each.push(begun.elapsed().as_millis()),
        }
    }
    println!(
        "{what}, statement, first and second person: {} ms ({each:?}); load {}, MiB now and at most {:?}",
        started.elapsed().as_millis(),
        load(),
        memory_mib()
    );
    Ok(())
}
