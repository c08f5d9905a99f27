//! One table in every way an office may write it gives one journal.

use crate::support::{City, balance};
use levee_app::blob::{BlobRef, Blobs as _};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;

/// Two lines of title, the headings of an office, five rows: known by code and by name, a conversion, a note, a figure
/// that is not known, digits of full width.
const TABLE: [[&str; 8]; 5] = [
    ["500103", "2022年11月16日", "164", "1020", "3", "24.3", "2022-11-17 10:00", "含隔离点, 见附件"],
    ["500112", "2022年11月16日", "40", "５５５", "", "", "2022-11-17 10:00", ""],
    ["500107", "2022年11月16日", "0", "98", "—", "", "2022-11-17 10:00", "\"初报\""],
    ["500103", "2022年11月17日", "12", "1034", "", "26.76", "2022-11-18 10:00", ""],
    ["500000", "2022年11月17日", "193", "4473", "", "", "2022-11-18 10:00", ""],
];
const HEADINGS: [&str; 8] = ["区县", "日期", "确诊病例", "无症状感染者", "转归", "社会面占比", "获知时间", "备注"];
const TITLES: [&str; 2] = ["重庆市新冠肺炎疫情日报", "单位：例"];

fn text(separator: char) -> String {
    let line = |cells: &[&str]| {
        let cells = cells.iter().map(|cell| match cell.contains([separator, '"']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => (*cell).to_owned(),
        });
        cells.collect::<Vec<String>>().join(&separator.to_string()) + "\r\n"
    };
    let titles = TITLES.map(|title| line(&[title, "", "", "", "", "", "", ""]));
    titles.into_iter().chain([line(&HEADINGS)]).chain(TABLE.iter().map(|row| line(row))).collect()
}

fn gb18030() -> Vec<u8> {
    let text = text(',');
    let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
    assert!(!lost);
    bytes.into_owned()
}

fn utf16_tab() -> Vec<u8> {
    let units = text('\t');
    [0xFF, 0xFE].into_iter().chain(units.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// As a spreadsheet keeps it: titles merged over all columns, codes and figures as numbers, dates as serial numbers.
fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("日报").unwrap();
    let plain = Format::new();
    let shown = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for (row, title) in (0..).zip(TITLES) {
        sheet.merge_range(row, 0, row, 7, title, &plain).unwrap();
    }
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write(2, column, heading).unwrap();
    }
    for (row, cells) in (3..).zip(TABLE) {
        for (column, cell) in (0..).zip(cells) {
            let day = |text: &str| text.replace(['年', '月'], "-").replace('日', "");
            match column {
                _ if cell.is_empty() => continue,
                1 => {
                    let day = ExcelDateTime::parse_from_str(&day(cell)).unwrap();
                    sheet.write_with_format(row, column, &day, &shown).unwrap();
                }
                // A serial number that nobody formatted as a date.
                6 => {
                    let moment = ExcelDateTime::parse_from_str(&cell.replace(' ', "T")).unwrap();
                    sheet.write(row, column, moment.to_excel()).unwrap();
                }
                _ => match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number).map(|_| ()).unwrap(),
                    Err(_) => sheet.write(row, column, cell).map(|_| ()).unwrap(),
                },
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// What a journal holds of the one import: its events and the rows that follow from them, without the file's name,
/// digest, size and dialect, the batch's random id, and the moment of the import.
#[derive(Debug, PartialEq)]
struct Kept {
    events: Vec<(String, u64, String, u64, Value)>,
    projections: Vec<(u8, Vec<u8>, Value)>,
    notes: Value,
    balance: [u64; 4],
    printed: String,
}

fn import(name: &str, bytes: &[u8]) -> Kept {
    let city = City::replay();
    city.write(name, bytes);
    let said = city.import(name, &[]).done();
    assert_eq!(said.err, "", "{name}");
    let listed = city.last_batch();
    let batch = listed["batch"].as_str().unwrap();
    let whole = |bytes: &[u8]| -> Value {
        let text = String::from_utf8(bytes.to_vec()).unwrap().replace(batch, "BATCH");
        let mut value = serde_json::from_str(&text).unwrap();
        if let Value::Object(fields) = &mut value {
            for of_the_file in ["file", "file_name", "bytes", "dialect"] {
                fields.remove(of_the_file);
            }
        }
        value
    };
    let database = city.database();
    let mut notes = Value::Null;
    let mut select = database
        .prepare(
            "SELECT stream, sequence, kind, version, body FROM event WHERE stream LIKE 'intake.%' ORDER BY position",
        )
        .unwrap();
    let events = select
        .query_map([], |row| {
            let mut body = whole(&row.get::<_, Vec<u8>>(4)?);
            if let Some(named) = body.as_object_mut().and_then(|fields| fields.remove("notes")) {
                // Digests are keyed by city; what they stand for must agree.
                let digest: BlobRef = serde_json::from_value(named).unwrap();
                notes = serde_json::from_slice(&city.blobs().get(&digest).unwrap()).unwrap();
            }
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, body))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    // All that follows but the city's settings, the batch's record and the digests of files, which name the file.
    let mut select = database
        .prepare("SELECT space, key, value FROM projection WHERE space NOT IN (1, 5, 10) ORDER BY space, key")
        .unwrap();
    let projections = select
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, whole(&row.get::<_, Vec<u8>>(2)?))))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    city.is_whole();
    Kept { events, projections, notes, balance: balance(&listed["balance"]), printed: said.out }
}

#[test]
fn the_gb18030_utf16_and_xlsx_twins_of_a_table_import_to_identical_journals() {
    let plain = import("日报.csv", text(',').as_bytes());
    assert_eq!(plain.balance, [5, 5, 0, 0]);
    assert_eq!(plain.printed, "infections: received 5 = accepted 5 + rejected 0 + duplicate 0\n");
    let kinds: Vec<&str> = plain.events.iter().map(|(_, _, kind, _, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["batch_opened", "rows_accepted", "batch_closed"]);
    let facts: Vec<_> = plain.projections.iter().filter(|(space, _, _)| *space == 3).collect();
    assert_eq!(facts.len(), 5);
    let last = &facts.last().unwrap().2["row"];
    assert_eq!(
        (&last["place"], &last["asymptomatic"], &last["known_at"]),
        (&Value::from("500103"), &Value::from(1034), &Value::from("2022-11-18T10:00"),)
    );
    assert_eq!(plain.notes, serde_json::json!({ "4": "含隔离点, 见附件", "6": "\"初报\"" }));

    for (name, bytes) in [("gb.csv", gb18030()), ("utf16.txt", utf16_tab()), ("日报.xlsx", xlsx())] {
        let twin = import(name, &bytes);
        assert_eq!(twin, plain, "{name}");
    }
}
