//! Whatever comes in: no panic, no row lost, and the same cells as another reader sees.

use crate::support::{bytes, city, layout, read};
use levee_intake::{Lang, PlaceIndex, ReadRow, cells, explain};
use levee_model::table::{CellProblem, TABLES};
use proptest::prelude::*;

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(content in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes(content), &layout("infections"));
    }

    #[test]
    fn arbitrary_bytes_below_good_headings_never_panic(content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut file = b"place,date,confirmed,note\n".to_vec();
        file.extend(content);
        let _ = read(&bytes(file), &layout("infections"));
    }

    #[test]
    fn arbitrary_cells_never_panic_in_any_column(text in any::<String>(), head in "[0-9'/年月日.: +-]{0,12}") {
        let places = PlaceIndex::new(&city());
        for column in TABLES.iter().flat_map(|t| t.columns) {
            for text in [&text, &head, &format!("{head}{text}")] {
                if let Err(fault) = cells::parse(column, text, &places) {
                    let problem = CellProblem { column: column.name.into(), value: text.clone(), code: fault.code, args: fault.args };
                    for lang in [Lang::En, Lang::Zh] {
                        let (what, mend) = explain(&problem, lang);
                        prop_assert!(!what.is_empty() && !mend.is_empty() && !what.contains('…') || text.len() > 60 || text.contains('…'), "{what}");
                    }
                }
            }
        }
    }

    /// The reader of separated text agrees with the `csv` crate on everything that crate writes.
    #[test]
    fn text_is_split_as_the_csv_crate_splits_it(
        rows in proptest::collection::vec(proptest::collection::vec("[a-z\",\r\n 一]{0,6}", 3), 1..20),
        ends in prop_oneof![Just(csv::Terminator::CRLF), Just(csv::Terminator::Any(b'\n'))],
    ) {
        let mut writer = csv::WriterBuilder::new().terminator(ends).from_writer(Vec::new());
        writer.write_record(["place", "date", "note"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let (read, _) = read(&bytes(writer.into_inner().unwrap()), &layout("infections")).unwrap();
        let raw: Vec<Vec<String>> = read.into_iter().map(|row| match row {
            ReadRow::Bad { raw, .. } => raw,
            ReadRow::Good { .. } => panic!("a row without a date"),
        }).collect();
        let kept: Vec<Vec<String>> = rows.into_iter().filter(|row| row.iter().any(|c| !c.trim().is_empty())).collect();
        prop_assert_eq!(raw, kept);
    }
}

/// Rows and characters that straddle the pieces in which a file is read.
#[test]
fn rows_across_pieces_are_whole_and_lines_are_counted() {
    for end in ["\n", "\r\n", "\r"] {
        let mut file = format!("place,date,note{end}");
        for n in 0..40_000u32 {
            let pad = "一".repeat((n % 7) as usize);
            file.push_str(&format!("渝中,2022-11-18,\"{n}{pad}\"\"{end}.\"{end}"));
        }
        let (gb, _, _) = encoding_rs::GB18030.encode(&file);
        for source in [bytes(&file), bytes(&gb)] {
            let (rows, summary) = read(&source, &layout("infections")).unwrap();
            assert_eq!((summary.good, summary.bad, summary.blank), (40_000, 0, 0));
            for (n, row) in rows.iter().enumerate() {
                let ReadRow::Good { line, row, .. } = row else { panic!("rejected") };
                assert_eq!(*line, 2 + 2 * n as u64);
                assert_eq!(row.text("note"), Some(format!("{n}{}\"{end}.", "一".repeat(n % 7)).as_str()));
            }
        }
    }
}

/// England lost 15,841 results at row 65,536 of a sheet. One row more than either limit of spreadsheets is no limit here.
#[test]
fn no_row_is_lost_at_the_limits_of_spreadsheets() {
    for rows in [65_537, 1_048_577] {
        let file = format!("place,date\n{}", "500103,2022-11-18\n".repeat(rows));
        let mut seen = 0;
        let summary = levee_intake::read_rows(&bytes(file), &layout("infections"), &mut |row| {
            seen += usize::from(matches!(row, ReadRow::Good { line, .. } if line == seen as u64 + 2));
            std::ops::ControlFlow::Continue(())
        });
        let summary = summary.unwrap();
        assert_eq!((seen, summary.received, summary.good), (rows, rows as u64, rows as u64));
    }
}
