//! A forecast rests on what was known at its origin and on nothing else.

use crate::support::{FIRST, ORIGINS, pack};
use flate2::read::MultiGzDecoder;
use jiff::ToSpan as _;
use jiff::civil::Date;
use levee_hub::{HubPack, forecast, render};
use std::io::Read as _;
use std::num::NonZeroUsize;

/// Rows of origins up to a day.
fn up_to(rows: &str, last: Date) -> Vec<&str> {
    let of = |row: &&str| row.split(',').next().unwrap().parse::<Date>().is_ok_and(|origin| origin <= last);
    rows.lines().filter(of).collect()
}

#[test]
fn every_task_has_all_levels_in_order_and_none_crosses() {
    let rows = pack(None).rows(1);
    let lines: Vec<Vec<&str>> = rows.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 23 * 4 * 2 * 5 * 4);
    for task in lines.chunks(23) {
        assert!(task.iter().all(|row| row[..4] == task[0][..4] && row[4] == "quantile"));
        let values: Vec<f64> = task.iter().map(|row| row[6].parse().unwrap()).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]) && values[0] >= 0.0, "{task:?}");
    }
    assert_eq!(rows.lines().next().unwrap(), "origin_date,target,horizon,location,output_type,output_type_id,value");
    assert!(lines[0][..6] == ["2021-03-08", "wk inc case", "1", "A", "quantile", "0.01"], "{:?}", lines[0]);
}

#[test]
fn figures_that_became_known_later_change_no_forecast() {
    let clean = pack(None).rows(2);
    for round in 0..ORIGINS {
        let last = FIRST + (7 * round).days();
        let spoiled = pack(Some(last)).rows(2);
        assert_eq!(up_to(&clean, last), up_to(&spoiled, last), "{last}");
        // The spoiled figures do reach the origins after it, or the test would show nothing.
        assert_eq!(round + 1 == ORIGINS, clean == spoiled);
    }
}

#[test]
fn truth_and_the_forecasts_of_others_are_not_read() {
    let clean = pack(None);
    let alone = clean.rows(1);
    // Were one of them opened as a table, the pack would be refused.
    for name in [
        "truth.csv.gz",
        "truth_daily_final.csv.gz",
        "hub_forecasts.parquet",
        "anomalies.csv",
        "models.csv",
        "pack.json",
    ] {
        std::fs::write(clean.path().join(name), b"\xff\x00not a table").unwrap();
        assert!(HubPack::read(clean.path()).is_ok(), "{name}");
        std::fs::remove_file(clean.path().join(name)).unwrap();
        // A folder of that name cannot be opened as a file at all.
        std::fs::create_dir(clean.path().join(name)).unwrap();
    }
    assert_eq!(clean.rows(1), alone);
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_jobs_and_compress_to_the_same_rows() {
    let pack = pack(None);
    let rows = pack.rows(1);
    assert_eq!(pack.rows(3), rows);
    let read = HubPack::read(pack.path()).unwrap();
    let forecasts = forecast(&read, NonZeroUsize::MIN).unwrap();
    let compressed = render(&forecasts, true).unwrap();
    assert_eq!(compressed, render(&forecasts, true).unwrap());
    let mut unpacked = String::new();
    MultiGzDecoder::new(compressed.as_slice()).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, rows);
}

/// Weekly figures whose weeks end on a Sunday, forecast on a Wednesday: the week nearest is past but not yet reported.
#[test]
fn a_weekly_pack_is_read_with_its_own_weekdays() {
    let pack = pack(None);
    std::fs::remove_file(pack.path().join("truth_daily_vintages.csv.gz")).unwrap();
    let sunday = jiff::civil::date(2024, 10, 13);
    let mut vintages = "as_of,target,location,target_end_date,value\n".to_owned();
    for week in 0..120_i64 {
        for place in ["A", "B", "C"] {
            let ends = sunday - (7 * week).days();
            let count = 100.0 * (1.2 + (week as f64 / 6.0).sin());
            vintages += &format!("2024-10-18,hospital admissions,{place},{ends},{count:.0}\n");
        }
    }
    pack.put("truth_vintages.csv.gz", &vintages);
    let mut tasks = "origin_date,target,horizon,target_end_date,location\n".to_owned();
    for horizon in 1..=4_i64 {
        let ends = sunday + (7 * horizon).days();
        tasks += &format!("2024-10-23,hospital admissions,{horizon},{ends},B\n");
    }
    pack.put("tasks.csv.gz", &tasks);
    let rows = pack.rows(1);
    assert_eq!(rows.lines().count(), 1 + 4 * 23);
    let median = rows.lines().find(|row| row.contains(",1,B,quantile,0.5,")).unwrap();
    let median: f64 = median.rsplit(',').next().unwrap().parse().unwrap();
    assert!((60.0..200.0).contains(&median), "{median}");
}
