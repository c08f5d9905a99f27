//! Generated tables are what they claim to be, as intake reads them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use jiff::civil::date;
use levee_intake::pack::{Pack, read_pack};
use levee_intake::{ReadRow, Source, read_rows};
use levee_model::table::Row;
use levee_sim::{
    APART, CENTRAL, CENTRAL_DISTRICTS, CITY, DISTRICTS, Faults, ROWS_PER_DAY, Table, Tally, infections_csv,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

fn pack() -> Pack {
    read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/chongqing-2022")).unwrap()
}

fn made(table: &Table) -> (Vec<u8>, Tally) {
    let mut bytes = Vec::new();
    let tally = infections_csv(&mut bytes, table).unwrap();
    (bytes, tally)
}

/// Good rows and warnings, and how many rows were bad.
fn read(pack: &Pack, bytes: Vec<u8>) -> (Vec<Row>, u64, u64) {
    let layout = pack.layout("infections", date(2026, 1, 1).at(0, 0, 0, 0)).unwrap();
    let (mut good, mut bad, mut flagged) = (Vec::new(), 0, 0);
    read_rows(&Source::bytes("made.csv", bytes), &layout, &mut |row| {
        match row {
            ReadRow::Good { row, warnings, .. } => {
                good.push(row);
                flagged += warnings.len() as u64;
            }
            ReadRow::Bad { .. } => bad += 1,
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (good, bad, flagged)
}

#[test]
fn the_places_are_those_of_the_pack() {
    let pack = pack();
    let districts: Vec<String> = pack.gazetteer.districts().map(|d| d.code.to_string()).collect();
    assert_eq!(districts, DISTRICTS);
    assert_eq!(pack.gazetteer.city().as_str(), CITY);
    assert!([APART, CENTRAL].iter().all(|code| pack.gazetteer.unit(&code.parse().unwrap()).is_some()));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_does_not() {
    let table = Table::good(2_000, 7);
    assert_eq!(made(&table), made(&table));
    assert_ne!(made(&table).0, made(&Table::good(2_000, 8)).0);
    assert_eq!(made(&Table::good(0, 7)).1, Tally::default());
}

#[test]
fn faults_leave_the_good_rows_as_they_are() {
    let lines = |table: &Table| String::from_utf8(made(table).0).unwrap();
    let clean = lines(&Table::good(1_000, 3));
    let faults = Faults { bad_per_mille: 0, duplicate_per_mille: 300, superseding_per_mille: 0 };
    let repeated = lines(&Table { rows: 1_000, seed: 3, faults });
    let distinct: BTreeSet<&str> = repeated.lines().collect();
    assert!(distinct.len() < 1_000 && distinct.is_subset(&clean.lines().collect()));
}

#[test]
fn every_hour_adds_up_and_only_grows() {
    let pack = pack();
    // Two days and the first hour of a third.
    let (rows, bad, flagged) = read(&pack, made(&Table::good(2 * ROWS_PER_DAY + 41, 1)).0);
    assert_eq!((rows.len() as u64, bad, flagged), (2 * ROWS_PER_DAY + 41, 0, 0));
    let mut hours: BTreeMap<String, BTreeMap<&str, u64>> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for row in &rows {
        let total = row.count("total").unwrap();
        assert_eq!(row.count("community").unwrap() + row.count("managed").unwrap(), total);
        let period = format!("{} {}", row.datetime("period_start").unwrap(), row.datetime("period_end").unwrap());
        hours.entry(period).or_default().insert(row.text("place").unwrap(), total);
        assert!(keys.insert(row.key()), "{} stands twice", row.key());
    }
    assert_eq!(hours.len(), 49);
    for of_hour in hours.values() {
        let sum = |codes: &[&str]| codes.iter().map(|code| of_hour[code]).sum::<u64>();
        assert_eq!(sum(&DISTRICTS) + of_hour[APART], of_hour[CITY]);
        assert_eq!(sum(&CENTRAL_DISTRICTS), of_hour[CENTRAL]);
    }
    let city: Vec<u64> = hours.values().map(|of_hour| of_hour[CITY]).collect();
    assert!(city[..24].is_sorted() && city[24..48].is_sorted() && city[24] < city[23]);
}

#[test]
fn a_table_as_long_as_a_sheet_ends_on_the_last_day() {
    let (bytes, tally) = made(&Table::good(65_537, 1));
    assert_eq!((tally.rows, tally.new), (65_537, 65_537));
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().count(), 65_538);
    assert!(text.lines().last().unwrap().contains(",2022-10-31T00:00,"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// The tally counts what intake finds, whatever the faults.
    #[test]
    fn the_tally_is_what_intake_finds(seed: u64, rows in 1u64..1500, bad in 0u32..400, duplicate in 0u32..400, superseding in 0u32..400) {
        let faults = Faults { bad_per_mille: bad, duplicate_per_mille: duplicate, superseding_per_mille: superseding };
        let (bytes, tally) = made(&Table { rows, seed, faults });
        prop_assert_eq!(tally.rows, rows);
        prop_assert_eq!(tally.new + tally.bad + tally.duplicate + tally.superseding, rows);
        let (good, found, _) = read(&pack(), bytes);
        prop_assert_eq!(found, tally.bad);
        prop_assert_eq!(good.len() as u64, rows - tally.bad);
        prop_assert_eq!(good.iter().map(Row::key).collect::<BTreeSet<_>>().len() as u64, tally.new);
    }
}
