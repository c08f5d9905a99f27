//! Files that are cut, damaged, or no tables. Each is refused with what is wrong and what to do.

use crate::support::{answer, bytes};
use levee_intake::Source;

const TABLE: &str = "place,date,confirmed,note\n渝中,2022-11-18,1,一\n渝北,2022-11-18,2,二\n";

#[test]
fn a_file_cut_inside_a_quoted_cell() {
    insta::assert_snapshot!(answer(&bytes("place,date,note\n渝中,2022-11-18,\"甲\n渝北,2022-11-18,乙\n")), @"
    refused L1006 sent.csv: the file ends inside a quoted cell that opens on line 2: it is cut, or a quotation mark is missing
    mend: look at line 2; fetch or export the whole file again, or close the quotation mark
    ");
}

#[test]
fn a_file_cut_inside_a_row() {
    insta::assert_snapshot!(answer(&bytes("place,date,confirmed\n渝中,2022-11-18,1\n渝北,2022-1")), @"
    refused L1007 sent.csv: the file is cut: its last row (line 3) has 2 of 3 cells and no line end
    mend: fetch or export the whole file again; nothing of this one was taken in
    ");
}

#[test]
fn a_file_cut_inside_a_character() {
    let cut = &TABLE.as_bytes()[..TABLE.len() - 2];
    insta::assert_snapshot!(answer(&bytes(cut)), @"
    refused L1005 sent.csv: the file is cut: it ends in the middle of a character at byte 70 (line 3)
    mend: fetch or export the whole file again; nothing of this one was taken in
    ");
    let mut wide: Vec<u8> = vec![0xFF, 0xFE];
    wide.extend(TABLE.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes));
    wide.pop();
    insta::assert_snapshot!(answer(&bytes(wide)), @"
    refused L1005 sent.csv: the file is cut: it ends in the middle of a character at byte 124 (line 3)
    mend: fetch or export the whole file again; nothing of this one was taken in
    ");
    let (gb, _, _) = encoding_rs::GB18030.encode(TABLE);
    let cut = &gb[..gb.len() - 2];
    insta::assert_snapshot!(answer(&bytes(cut)), @"
    refused L1005 sent.csv: the file is cut: it ends in the middle of a character at byte 65 (line 3)
    mend: fetch or export the whole file again; nothing of this one was taken in
    ");
}

#[test]
fn a_damaged_byte_is_named_with_its_line() {
    let mut damaged = TABLE.replace("一", "社会面管控人员复核后").into_bytes();
    let at = damaged.len() - 5;
    damaged[at] = 0xFF;
    insta::assert_snapshot!(answer(&bytes(damaged)), @"
    refused L1004 sent.csv: the text is damaged at byte 96 (line 3): it is not UTF-8
    mend: export the file again as CSV UTF-8; if that line shows strange characters, type them again
    ");
}

#[test]
fn another_encoding_is_not_guessed_at() {
    let (big5, _, _) =
        encoding_rs::BIG5.encode("place,date,note\n500103,2022-11-18,這個區的確診病例數與無症狀感染者數\n");
    insta::assert_snapshot!(answer(&bytes(big5)), @"
    refused L1017 sent.csv: the text is neither UTF-8 nor GB18030; it looks like Big5 (first such byte: 34, line 2)
    mend: save it as CSV UTF-8 or as .xlsx
    ");
}

#[test]
fn things_that_are_no_tables() {
    for (content, what) in [
        (&b""[..], "L1002"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "L1003"),
        (b"%PDF-1.7", "L1003"),
        (b"<html>\n<table><tr><td>place</td></tr></table>", "L1003"),
        (b"\x00\x01\x02\x03 some binary", "L1003"),
        (b"PK\x03\x04 cut right away", "L1008"),
    ] {
        let answer = answer(&bytes(content));
        assert!(answer.starts_with(&format!("refused {what}")), "{answer}");
    }
    assert!(answer(&Source::path("/nowhere/at/all.csv")).starts_with("refused L1001"));
}

#[test]
fn headings_that_cannot_be_used() {
    insta::assert_snapshot!(answer(&bytes("何处,几时\n渝中,2022-11-18\n")), @"
    refused L1012 sent.csv: no row of headings was found in the first 2 rows; table `infections` knows these headings: place (区县), period_start, period_end, confirmed (确诊病例), asymptomatic (无症状感染者), converted (无症状转确诊), total, pending, community (社会面), managed, community_pct (社会面占比), deaths, office, source_id, known_at, known_at_assumed, origin, note (备注), date (日期)
    mend: put the headings in one row above the data, spelled as listed, or add the office's own to headings.csv
    ");
    insta::assert_snapshot!(answer(&bytes("区县,确诊病例\n渝中,1\n区县,确诊病例\n渝北,1\n")), @"
    refused L1013 sent.csv: lines 1 and 3 both look like the row of headings
    mend: keep one table with one row of headings in the file
    ");
    insta::assert_snapshot!(answer(&bytes("区县,曰期,确诊病例\n渝中,2022-11-18,1\n")), @"
    refused L1014 sent.csv: column `period_start` is missing; accepted headings: period_start; nearest heading in the file: —
    mend: add the column, rename the nearest one, or give a default for it when importing
    ");
    insta::assert_snapshot!(answer(&bytes("区县,日期,确诊病例,confirmed\n渝中,2022-11-18,1,1\n")), @"
    refused L1015 sent.csv: column `confirmed` stands twice: under `确诊病例` and under `confirmed`
    mend: keep the one that holds and delete the other
    ");
    insta::assert_snapshot!(answer(&bytes("区县,日期,period_end\n渝中,2022-11-18,2022-11-18T24:00\n")), @"
    refused L1015 sent.csv: column `period_end` stands twice: under `日期` and under `period_end`
    mend: keep the one that holds and delete the other
    ");
}

#[test]
fn an_unknown_heading_is_told_and_left_out() {
    insta::assert_snapshot!(answer(&bytes("区县,日期,确诊病历\n渝中,2022-11-18,1\n")), @"
    2 place=500103 period_start=2022-11-18T00:00 period_end=2022-11-19T00:00
    note L1401 column `确诊病历` is not known and was left out
    ");
}

#[test]
fn a_workbook_bomb_and_a_cut_workbook() {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options.large_file(true)).unwrap();
    let zeros = vec![0u8; 1 << 20];
    for _ in 0..1025 {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20);
    insta::assert_snapshot!(answer(&bytes(&bomb)), @"
    refused L1009 sent.csv: the workbook unpacks to more than 1024 MiB
    mend: save the one sheet that is needed as CSV and send that
    ");
    let answer = answer(&bytes(&bomb[..bomb.len() / 2]));
    assert!(answer.starts_with("refused L1008 sent.csv: the workbook is cut or damaged"), "{answer}");
}
