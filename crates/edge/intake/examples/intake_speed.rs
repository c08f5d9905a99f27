//! Reads and checks a generated table of infections as long as a spreadsheet can be; prints rows per second and memory.
//!
//! `cargo run --release -p levee-intake --example intake_speed -- FILE [csv|gb18030|utf16|xlsx]`: writes FILE when it is
//! not there, then reads it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to the terminal")]

use levee_intake::{Layout, PlaceIndex, ReadRow, References, Source, pack, read_rows};
use levee_model::table::TableSpec;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

/// Rows below the headings that a spreadsheet can hold.
const ROWS: usize = 1_048_576;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("which file?")?;
    let kind = args.next().unwrap_or_else(|| "csv".to_owned());
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../packs/chongqing-2022");
    let pack = pack::read_pack(&packs).map_err(|problems| format!("{}", problems[0]))?;
    if !Path::new(&file).exists() {
        write(Path::new(&file), &kind, &pack)?;
        eprintln!("wrote {file}");
        return Ok(());
    }
    let layout = Layout {
        spec: TableSpec::named("infections").ok_or("no table")?,
        headings: pack.headings.clone(),
        places: PlaceIndex::new(&pack.gazetteer),
        now: jiff::civil::datetime(2026, 1, 1, 0, 0, 0, 0),
        defaults: levee_intake::Defaults::default(),
        references: References {
            offices: Some(pack.offices.iter().map(|o| o.id.to_string()).collect()),
            sources: Some(pack.sources.iter().map(|s| s.id.clone()).collect()),
            facilities: None,
        },
    };
    let before = memory("VmHWM");
    for _ in 0..3 {
        let started = Instant::now();
        let mut confirmed = 0;
        let summary = read_rows(&Source::path(&file), &layout, &mut |row| {
            if let ReadRow::Good { row, .. } = row {
                confirmed += row.count("confirmed").unwrap_or(0);
            }
            ControlFlow::Continue(())
        })?;
        let seconds = started.elapsed().as_secs_f64();
        // A fast wrong answer is not a result.
        // A sheet holds one row less, for the headings take the first.
        let rows = ROWS as u64 - u64::from(file.ends_with(".xlsx"));
        assert_eq!((summary.received, summary.bad), (rows, 0));
        assert_eq!(confirmed, (0..rows).map(|n| n % 97).sum::<u64>());
        println!("{rows} rows in {seconds:.2} s = {:.0} rows/s", rows as f64 / seconds);
    }
    println!("peak memory {} MiB, before reading {} MiB", memory("VmHWM") / 1024, before / 1024);
    Ok(())
}

fn line(n: usize, places: &[String]) -> String {
    let day = 1 + n / places.len() % 28;
    let mut line = String::with_capacity(160);
    let _ = write!(
        line,
        "{},2022-11-{day:02}T00:00,2022-11-{:02}T00:00,{},{},{},,,0,0,24.3,0,cq-hc,S01,2022-12-01T09:00,false,reported,第{n}行",
        places[n % places.len()],
        day + 1,
        n % 97,
        n % 1009,
        n % 7 % (n % 97 + 1),
    );
    line
}

fn write(file: &Path, kind: &str, pack: &pack::Pack) -> Result<(), Box<dyn std::error::Error>> {
    let places: Vec<String> = pack.gazetteer.districts().map(|d| d.code.to_string()).collect();
    let spec = TableSpec::named("infections").ok_or("no table")?;
    let header: Vec<&str> = spec.columns.iter().map(|c| c.name).collect();
    if kind == "xlsx" {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, header)?;
        // One row less: the headings take the first.
        for n in 0..ROWS - 1 {
            for (column, cell) in (0u16..).zip(line(n, &places).split(',')) {
                let row = u32::try_from(n + 1)?;
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number)?,
                    Err(_) => sheet.write(row, column, cell)?,
                };
            }
        }
        book.save(file)?;
        return Ok(());
    }
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let mut put = |text: &str| -> std::io::Result<()> {
        match kind {
            "gb18030" => out.write_all(&encoding_rs::GB18030.encode(text).0),
            "utf16" => {
                let wide: Vec<u8> = text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
                out.write_all(&wide)
            }
            _ => out.write_all(text.as_bytes()),
        }
    };
    if kind == "utf16" {
        put("\u{FEFF}")?;
    }
    put(&format!("{}\r\n", header.join(",")))?;
    for n in 0..ROWS {
        put(&format!("{}\r\n", line(n, &places)))?;
    }
    out.flush()?;
    Ok(())
}

/// A figure of this process in KiB, from the kernel.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|n| n.parse().ok()).unwrap_or(0)
}
