//! A file that is sent over HTTP balances, once, and what was rejected comes back to be corrected.

use crate::client::{Answer, Browser, Served, send};
use crate::support::{City, balance, hourly};
use serde_json::Value;
use std::io::Write as _;

const OF: &str = "table=infections&office=cq-hc&source=S23&name=infections.csv";

fn import(by: &Browser, query: &str, key: Option<&str>, bytes: &[u8]) -> Answer {
    let mut headers = vec![("x-levee", "1"), ("content-type", "application/octet-stream")];
    headers.extend(by.cookie.as_deref().map(|cookie| ("cookie", cookie)));
    headers.extend(key.map(|key| ("idempotency-key", key)));
    send(&by.base, "POST", &format!("/api/v1/imports?{query}"), &headers, Some(bytes))
}

fn balance_of(answer: &Value) -> [u64; 4] {
    balance(&answer["balance"])
}

/// Two rows that can be read, and one that cannot.
const FILE: &str = "place,period_start,period_end,confirmed,asymptomatic\n\
    500101,2022-11-17T00:00,2022-11-18T00:00,3,40\n\
    500103,2022-11-17T00:00,2022-11-18T00:00,minus,7\n\
    500105,2022-11-17T00:00,2022-11-18T00:00,1,2\n";

#[test]
fn a_file_is_taken_in_once_and_what_was_rejected_comes_back_to_be_corrected() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    let clerk = served.person(&admin, "clerk-1");
    let before = served.city.events();

    // A dry run says what would become of it, and writes nothing.
    let dry = import(&clerk, &format!("{OF}&dry_run=true"), None, FILE.as_bytes()).ok();
    assert_eq!((dry.status, balance_of(&dry.json())), (200, [3, 2, 1, 0]));
    assert_eq!(dry.json()["batch"], Value::Null);
    assert_eq!(served.city.events(), before);

    let key = Some("019a2046-a6b4-7793-b910-c2b6136d72a3");
    let first = import(&clerk, OF, key, FILE.as_bytes()).ok();
    let told = first.json();
    assert_eq!((first.status, balance_of(&told), &told["same_file_before"]), (201, [3, 2, 1, 0], &Value::Bool(false)));
    let cell = &told["first_rejected"][0];
    assert_eq!((&cell["line"], &cell["value"]), (&Value::from(3), &Value::from("minus")));
    for words in ["what_zh", "mend_zh", "what_en", "mend_en"] {
        assert!(!cell[words].as_str().unwrap().is_empty(), "{cell}");
    }
    assert_ne!(cell["what_zh"], cell["what_en"]);

    // The same command is carried out once; the same file sent anew adds nothing and says so.
    let again = import(&clerk, OF, key, FILE.as_bytes()).ok();
    assert_eq!(
        (again.status, &again.json()["repeated"], &again.json()["batch"]),
        (200, &Value::Bool(true), &told["batch"])
    );
    let anew = import(&clerk, OF, None, FILE.as_bytes()).ok().json();
    assert_eq!((balance_of(&anew), &anew["same_file_before"]), ([3, 0, 1, 2], &Value::Bool(true)));

    let listed = clerk.get("/api/v1/imports?limit=1").ok().json();
    assert_eq!(listed["batches"][0]["batch"], anew["batch"]);
    let next = clerk.get(&format!("/api/v1/imports?before={}", listed["next"].as_str().unwrap())).ok().json();
    assert_eq!((&next["batches"][0]["batch"], &next["next"]), (&told["batch"], &Value::Null));
    let batch = format!("/api/v1/imports/{}", told["batch"].as_str().unwrap());
    assert_eq!(balance_of(&clerk.get(&batch).ok().json()), [3, 2, 1, 0]);

    // To correct it: read for a reason, by somebody who may, and on record.
    clerk.get(&format!("{batch}/rejected?reason=%20")).problem(422, "for a reason");
    served.person(&admin, "auditor-1").get(&format!("{batch}/rejected?reason=x")).problem(403, "may not");
    let read = clerk.get(&format!("{batch}/rejected?reason=correct&lang=zh")).ok();
    assert_eq!(read.header("content-type"), Some("text/csv; charset=utf-8"));
    let corrected = read.text.replace(",minus,", ",9,");
    let sent = import(&clerk, OF, None, corrected.as_bytes()).ok().json();
    assert_eq!(balance_of(&sent), [1, 1, 0, 0], "{sent:#}");
    let city = served.stop();
    assert_eq!(std::fs::read_dir(city.at("city/uploads")).unwrap().count(), 0);
    city.is_whole();
}

/// A workbook of one part that says of itself that it unpacks to 2 GiB.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<workbook/>").unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    // The size after unpacking, in the record of the central directory (APPNOTE.TXT 4.3.12).
    let record = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bytes[record + 24..record + 28].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    bytes
}

#[test]
fn what_is_no_report_is_refused_in_words_and_nothing_of_it_stays() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    let clerk = served.person(&admin, "clerk-1");
    let before = served.city.events();
    let refused = |query: &str, bytes: &[u8], words: &str| import(&clerk, query, None, bytes).problem(422, words);
    refused("table=areas", b"a\n", "is not a table of reports");
    refused("table=infections&office=nobody", FILE.as_bytes(), "office nobody");
    refused("table=infections&office=cq-hc&source=S999", FILE.as_bytes(), "S999");
    refused(&format!("{OF}&sheet=one"), FILE.as_bytes(), "has no sheet");
    refused(OF, b"", "empty");
    refused(OF, b"\0\x01\x02 no table", "L1");
    refused(&format!("{OF}&until=2022"), FILE.as_bytes(), "until");
    refused(&OF.replace(".csv", ".xlsx"), &bomb(), "L1009");
    import(&clerk, OF, Some("1"), FILE.as_bytes()).problem(422, "version 7");
    import(&served.person(&admin, "auditor-1"), OF, None, FILE.as_bytes()).problem(403, "may not");
    clerk.get("/api/v1/imports/01a2046a6b417793b910c2b6136d72a3-0").problem(404, "no batch");
    clerk.get("/api/v1/imports?limit=0").problem(422, "limit");
    assert_eq!(served.city.events(), before);
    let city = served.stop();
    assert_eq!(std::fs::read_dir(city.at("city/uploads")).unwrap().count(), 0);
}

#[test]
fn a_file_larger_than_a_command_may_be_is_taken_in() {
    let served = Served::start(City::replay());
    let admin = served.administrator();
    let clerk = served.person(&admin, "clerk-1");
    let file = hourly(70_000);
    assert!(file.len() > 4 << 20, "{}", file.len());
    let told = import(&clerk, OF, None, file.as_bytes()).ok().json();
    assert_eq!(balance_of(&told), [70_000, 70_000, 0, 0]);
}
