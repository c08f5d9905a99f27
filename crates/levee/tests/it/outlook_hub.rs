//! `levee outlook hub`, as a person runs it.

use crate::support::City;
use std::fmt::Write as _;

/// A pack of two places and weekly figures, compressed by the program that reads it: a stored block is gzip too.
fn pack(city: &City) {
    let mut vintages = "as_of,target,location,target_end_date,value\n".to_owned();
    let mut week = jiff::civil::date(2023, 1, 1);
    for nth in 0..90 {
        for place in ["A", "B"] {
            let count = 100 + (nth * 7) % 40;
            writeln!(vintages, "2024-09-25,hospital admissions,{place},{week},{count}").unwrap();
        }
        week = week.checked_add(jiff::Span::new().days(7)).unwrap();
    }
    let tasks = "origin_date,target,horizon,target_end_date,location\n2024-09-25,hospital admissions,1,2024-09-29,A\n";
    std::fs::create_dir(city.at("pack")).unwrap();
    std::fs::write(city.at("pack/tasks.csv.gz"), stored(tasks.as_bytes())).unwrap();
    std::fs::write(city.at("pack/truth_vintages.csv.gz"), stored(vintages.as_bytes())).unwrap();
}

/// Bytes as a gzip file of stored blocks (RFC 1951, 3.2.4; RFC 1952).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks: Vec<&[u8]> = bytes.chunks(60_000).collect();
    for (nth, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        out.push(u8::from(nth + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    out.extend((!crc).to_le_bytes());
    out.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
    out
}

#[test]
fn a_pack_is_forecast_into_a_file() {
    let city = City::none();
    pack(&city);
    let said = city.run(&["outlook", "hub", "--pack", "pack", "--out", "ours.csv", "--jobs", "2"]).done();
    assert_eq!(said.err, "1 tasks forecast, written to ours.csv\n");
    let rows = city.read("ours.csv");
    assert_eq!(rows.lines().count(), 24);
    assert!(rows.starts_with("origin_date,target,horizon,location,output_type,output_type_id,value\n"), "{rows}");
    assert_eq!(
        city.run(&["outlook", "hub", "--pack", "pack", "--out", "again.csv.gz", "--json"]).done().json()["tasks"],
        1
    );
    assert!(!city.at("ours.csv.part").exists());
}

#[test]
fn a_bad_pack_is_refused_with_file_line_and_column_and_leaves_no_file() {
    let city = City::none();
    pack(&city);
    let tasks =
        "origin_date,target,horizon,target_end_date,location\n2024-09-25,hospital admissions,next,2024-09-29,A\n";
    std::fs::write(city.at("pack/tasks.csv.gz"), stored(tasks.as_bytes())).unwrap();
    city.run(&["outlook", "hub", "--pack", "pack", "--out", "ours.csv"])
        .refused(&["tasks.csv.gz, line 2, column `horizon`: `next` is not a whole number from 1", "mend: "]);
    assert!(!city.at("ours.csv").exists());
    city.run(&["outlook", "hub", "--pack", "nowhere", "--out", "ours.csv"])
        .refused(&["tasks.csv.gz", "check the path"]);
    city.run(&["outlook", "hub", "--pack", "pack", "--out", "ours.parquet"]).refused(&["ours.parquet", ".csv.gz"]);
}
