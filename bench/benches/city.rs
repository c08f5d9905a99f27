//! How long a screen waits for the picture of a real day, and what a row of an import costs between file and store.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up has no result")]

use divan::{Bencher, black_box, counter::ItemsCount};
use jiff::civil::date;
use levee_app::day::known::load;
use levee_app::row_json::figures_digest;
use levee_bench::{Scratch, moment};
use levee_intake::{ReadRow, Source, read_rows};
use levee_model::table::Row;
use levee_picture::{Moment, picture};
use levee_sim::{Table, infections_csv};
use std::ops::ControlFlow;

fn main() {
    divan::main();
}

/// Chongqing as known at 24:00 of 18 November 2022: from the projections to the picture.
#[divan::bench]
fn picture_of_chongqing(bencher: Bencher<'_, '_>) {
    let mut scratch = Scratch::whole("chongqing-2022").unwrap();
    let city = scratch.city();
    let (_, settings, calendar) = levee_app::city::founded(city.journal).unwrap();
    let day = date(2022, 11, 18);
    let known_at = date(2022, 11, 19).at(0, 0, 0, 0);
    let seen = Moment { outbreak_started: settings.outbreak_started, day, as_known_at: known_at };
    bencher.bench_local(|| {
        let known = load(city.journal, &settings, &calendar, day, moment(known_at)).unwrap();
        let picture = picture(seen, &known.places, &known.facts, &settings.preferred_offices);
        let new = picture.city.last_known().and_then(|day| day.new.value()).map(|new| new.get());
        assert_eq!(new, Some(4666)); // a fast wrong answer is not a result
        black_box(picture)
    });
}

fn table(rows: u64) -> Source {
    let mut bytes = Vec::new();
    infections_csv(&mut bytes, &Table::good(rows, 1)).unwrap();
    Source::bytes("made.csv", bytes)
}

/// Digests by which an import tells a duplicate from a correction.
#[divan::bench(args = [10_000])]
fn figures_digests(bencher: Bencher<'_, '_>, rows: u64) {
    let scratch = Scratch::found("chongqing-2022").unwrap();
    let layout = scratch.pack.layout("infections", date(2026, 1, 1).at(0, 0, 0, 0)).unwrap();
    let mut read: Vec<Row> = Vec::new();
    read_rows(&table(rows), &layout, &mut |row| {
        read.extend(match row {
            ReadRow::Good { row, .. } => Some(row),
            ReadRow::Bad { .. } => None,
        });
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(read.len() as u64, rows);
    bencher.counter(ItemsCount::new(rows)).bench(|| read.iter().map(figures_digest).fold(0u8, |all, one| all ^ one[0]));
}

/// A whole import into the store in memory: reading, checking, projecting; no disk.
#[divan::bench(args = [10_000], sample_count = 20)]
fn import_in_memory(bencher: Bencher<'_, '_>, rows: u64) {
    let source = table(rows);
    bencher
        .counter(ItemsCount::new(rows))
        .with_inputs(|| Scratch::found("chongqing-2022").unwrap())
        .bench_local_values(|mut scratch| {
            let report = scratch.take("infections", &source).unwrap();
            assert_eq!((report.balance.accepted, report.balance.holds()), (rows, true));
            scratch
        });
}
