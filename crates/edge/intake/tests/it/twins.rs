//! One table in every dialect gives the same rows.

use crate::support::{bytes, layout, read, shown};
use levee_intake::{Format, ReadRow, Source};
use rust_xlsxwriter::{ExcelDateTime, Format as Look, Formula, Workbook};

const TABLE: &str = "重庆市疫情日报,,,,,\n区县,日期,确诊病例,无症状感染者,社会面占比,备注\n500103,2022-11-18,12,1034,24.3,\"引号\"\"与,逗号\"\n500112,2022-11-19,0,—,,换\n";

/// Rows without their line numbers.
fn rows(source: &Source) -> Vec<levee_model::table::Row> {
    let (rows, summary) = read(source, &layout("infections")).unwrap();
    assert_eq!(summary.bad, 0, "{}", shown(&rows));
    rows.into_iter()
        .filter_map(|row| match row {
            ReadRow::Good { row, .. } => Some(row),
            ReadRow::Bad { .. } => None,
        })
        .collect()
}

fn dialect(source: &Source) -> (String, char) {
    match read(source, &layout("infections")).unwrap().1.head.dialect.format {
        Format::Delimited { encoding, delimiter } => (encoding.name().to_owned(), delimiter),
        Format::Workbook { .. } => panic!("a workbook"),
    }
}

#[test]
fn text_in_every_encoding_gives_identical_rows() {
    let plain = rows(&bytes(TABLE));
    assert_eq!(plain.len(), 2);
    let (gb, _, lost) = encoding_rs::GB18030.encode(TABLE);
    assert!(!lost);
    // The cell with the comma stays quoted in the twin with tabs.
    let tabs = TABLE.replace("与,逗号", "与，逗号").replace(',', "\t").replace("与，逗号", "与,逗号");
    let wide = |mark: [u8; 2], encode: fn(u16) -> [u8; 2]| {
        let mut all = mark.to_vec();
        all.extend(tabs.encode_utf16().flat_map(encode));
        bytes(all)
    };
    let semicolons = TABLE.replace("与,逗号", "与，逗号").replace(',', ";").replace("与，逗号", "与,逗号");
    for (source, encoding, delimiter) in [
        (bytes(format!("\u{FEFF}{TABLE}")), "UTF-8", ','),
        (bytes(TABLE.replace('\n', "\r\n")), "UTF-8", ','),
        (bytes(TABLE.replace('\n', "\r")), "UTF-8", ','),
        (bytes(gb), "GB18030", ','),
        (wide([0xFF, 0xFE], u16::to_le_bytes), "UTF-16LE", '\t'),
        (wide([0xFE, 0xFF], u16::to_be_bytes), "UTF-16BE", '\t'),
        (bytes(&tabs), "UTF-8", '\t'),
        (bytes(&semicolons), "UTF-8", ';'),
    ] {
        assert_eq!(dialect(&source), (encoding.to_owned(), delimiter));
        assert_eq!(rows(&source), plain, "{encoding} {delimiter:?}");
    }
}

#[test]
fn a_few_chinese_characters_are_enough_to_know_gb18030() {
    for word in ["渝中", "渝北区", "江津", "见附件", "，", "区", "县", "两江新区数据含保税港区"]
    {
        let table = format!("place,date,note\n500103,2022-11-18,{word}\n");
        let (gb, _, _) = encoding_rs::GB18030.encode(&table);
        assert_eq!(rows(&bytes(gb)), rows(&bytes(&table)), "{word}");
    }
}

/// The same table as an office keeps it: merged title, codes as numbers, real dates, a formula.
fn workbook(date_as_number: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("封面").unwrap();
    let sheet = book.add_worksheet().set_name("日报").unwrap();
    sheet.merge_range(0, 0, 0, 5, "重庆市疫情日报", &Look::new()).unwrap();
    for (column, heading) in (0..).zip(["区县", "日期", "确诊病例", "无症状感染者", "社会面占比", "备注"])
    {
        sheet.write(1, column, heading).unwrap();
    }
    let day = Look::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for (row, code, date, confirmed) in [(2, 500_103.0, (2022, 11, 18), 12.0), (3, 500_112.0, (2022, 11, 19), 0.0)] {
        sheet.write(row, 0, code).unwrap();
        let date = ExcelDateTime::from_ymd(date.0, date.1, date.2).unwrap();
        if date_as_number {
            sheet.write(row, 1, date.to_excel()).unwrap();
        } else {
            sheet.write_with_format(row, 1, &date, &day).unwrap();
        }
        sheet.write(row, 2, confirmed).unwrap();
    }
    sheet.write_formula(2, 3, Formula::new("=1000+34").set_result("1034")).unwrap();
    sheet.write(2, 4, 24.3).unwrap();
    sheet.write(2, 5, "引号\"与,逗号").unwrap();
    sheet.write(3, 3, "—").unwrap();
    sheet.write(3, 5, "换").unwrap();
    book.add_worksheet().set_name("附表").unwrap().write(0, 0, "说明").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_gives_the_rows_of_its_text_twin() {
    for source in [bytes(workbook(false)), bytes(workbook(true))] {
        assert_eq!(rows(&source), rows(&bytes(TABLE)));
        let (read_rows, summary) = read(&source, &layout("infections")).unwrap();
        assert!(matches!(read_rows[0], ReadRow::Good { line: 3, .. }));
        assert_eq!(summary.head.dialect.header_line, 2);
        let Format::Workbook { sheet, others } = summary.head.dialect.format else { panic!("no workbook") };
        assert_eq!((sheet.as_str(), others.join(",").as_str()), ("日报", "附表"));
        assert_eq!(summary.notes.iter().map(|n| n.code).collect::<Vec<_>>(), ["L1402"]);
    }
}

#[test]
fn a_sheet_can_be_named_and_a_cut_workbook_is_refused() {
    let whole = workbook(false);
    assert_eq!(rows(&bytes(&whole).with_sheet("日报")).len(), 2);
    let error = read(&bytes(&whole).with_sheet("日抱"), &layout("infections")).unwrap_err();
    assert_eq!(error.to_string(), "sent.csv: the workbook has no sheet `日抱`; it has: 封面, 日报, 附表");
    for share in [3, 5, 9] {
        let error = read(&bytes(&whole[..whole.len() * share / 10]), &layout("infections")).unwrap_err();
        assert_eq!(error.code, "L1008", "{error}");
    }
}

#[test]
fn the_error_of_a_formula_is_a_problem_and_never_an_empty_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["place", "date", "confirmed"]) {
        sheet.write(0, column, heading).unwrap();
    }
    sheet.write(1, 0, "渝中").unwrap();
    sheet.write(1, 1, 44883.0).unwrap();
    sheet.write_formula(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    insta::assert_snapshot!(crate::support::answer(&bytes(book.save_to_buffer().unwrap())), @"
    2 rejected
        x L1118 `confirmed` = “#DIV/0!” is the error of a formula; mend the formula in the spreadsheet, or type the figure
    ");
}
