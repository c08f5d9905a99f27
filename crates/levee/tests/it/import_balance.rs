//! Every row is accepted, rejected or a duplicate; figures are superseded and never lost; rejected rows come back mended.

use crate::support::{City, balance, hourly};
use serde_json::Value;

const TWO_DAYS: &str =
    "区县,日期,确诊病例,无症状感染者\n渝中区,2022-11-16,12,300\n渝北区,2022-11-16,3,40\n渝中区,2022-11-17,15,420\n";

#[test]
fn a_dry_run_says_the_balance_and_writes_nothing() {
    let city = City::live();
    city.write("a.csv", TWO_DAYS);
    let (events, blobs) = (city.events(), city.blob_files());
    let journal = std::fs::read(city.at("city/levee.db")).unwrap();
    let said = city.import("a.csv", &["--dry-run"]).done();
    assert_eq!(said.out, "dry run, nothing written: infections: received 3 = accepted 3 + rejected 0 + duplicate 0\n");
    let said = city.import("a.csv", &["--dry-run", "--json"]).done().json();
    assert_eq!((&said["dry_run"], &said["batches"][0]["batch"]), (&Value::Bool(true), &Value::Null));
    assert_eq!((city.events(), city.blob_files()), (events, blobs));
    assert_eq!(std::fs::read(city.at("city/levee.db")).unwrap(), journal);
    city.is_whole();
}

#[test]
fn a_dry_run_of_rejected_rows_answers_no_and_writes_nothing() {
    let city = City::live();
    city.write("a.csv", TWO_DAYS.replace("420", "-1"));
    let (events, blobs) = (city.events(), city.blob_files());
    city.import("a.csv", &["--dry-run"]).no(&["accepted 2 + rejected 1", "line 4, asymptomatic", "L1103"]);
    assert_eq!((city.events(), city.blob_files()), (events, blobs));
}

#[test]
fn the_same_file_twice_adds_nothing() {
    let city = City::live();
    city.write("a.csv", TWO_DAYS);
    let first = city.import("a.csv", &["--json"]).done().json();
    assert_eq!(balance(&first["batches"][0]), [3, 3, 0, 0]);
    assert_eq!(first["batches"][0]["same_file_before"], false);
    let facts = city.facts();
    let second = city.import("a.csv", &["--json"]).done().json();
    assert_eq!(balance(&second["batches"][0]), [3, 0, 0, 3]);
    assert_eq!(second["batches"][0]["same_file_before"], true);
    assert_eq!(city.facts(), facts);
    city.is_whole();
}

#[test]
fn a_row_that_stands_twice_in_a_file_counts_once() {
    let city = City::live();
    city.write("a.csv", format!("{TWO_DAYS}渝中区,2022-11-16,12,300\n"));
    let said = city.import("a.csv", &["--json"]).done().json();
    assert_eq!(balance(&said["batches"][0]), [4, 3, 0, 1]);
}

/// The figure that `picture` shows as new infections of 16 November, as known by the end of `day`.
fn known_on(city: &City, day: &str) -> String {
    let said = city.run(&["picture", "city", "--date", day]).done().out;
    let line = said.lines().find(|line| line.starts_with("2022-11-16")).unwrap_or_else(|| panic!("{said}"));
    line.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn a_correction_supersedes_and_what_was_known_before_stays_on_record() {
    let city = City::replay();
    let sent = |known: &str, asymptomatic: u32| {
        let head = "地区,日期,确诊病例,无症状感染者,转归,获知时间\n";
        city.write("a.csv", format!("{head}重庆市,2022-11-16,172,{asymptomatic},0,{known} 10:00\n"));
        let said = city.import("a.csv", &["--json"]).done().json();
        let batch = &said["batches"][0];
        assert_eq!(balance(batch), [1, 1, 0, 0], "{known}");
        batch["superseding"].as_u64().unwrap()
    };
    assert_eq!(sent("2022-11-17", 3900), 0);
    assert_eq!(sent("2022-11-19", 3950), 1);
    // Taken back: the first figure holds again, from its own moment on.
    assert_eq!(sent("2022-11-21", 3900), 1);
    assert_eq!(city.facts(), 3);
    let shown = ["2022-11-17", "2022-11-18", "2022-11-19", "2022-11-20", "2022-11-21"].map(|day| known_on(&city, day));
    assert_eq!(shown, ["4,072", "4,072", "4,122", "4,122", "4,072"]);
    city.is_whole();
}

#[test]
fn an_older_version_that_arrives_later_does_not_undo_the_newer_one() {
    let city = City::replay();
    for (known, asymptomatic) in [("2022-11-19", 3950), ("2022-11-17", 3900)] {
        let head = "地区,日期,确诊病例,无症状感染者,转归,获知时间\n";
        city.write("a.csv", format!("{head}重庆市,2022-11-16,172,{asymptomatic},0,{known} 10:00\n"));
        city.import("a.csv", &[]).done();
    }
    assert_eq!(["2022-11-18", "2022-11-20"].map(|day| known_on(&city, day)), ["4,072", "4,122"]);
}

/// A file with three good rows, three bad ones, and a heading that nobody knows; returns its batch.
fn sent_with_faults(city: &City) -> String {
    let faults = "渝中区,2022-11-18,-3,400,甲\n火星区,2022-11-18,1,2,乙\n渝北区,2022-11-18,1.5,2,丙\n";
    let rows: String = TWO_DAYS.lines().skip(1).map(|line| format!("{line},\n")).collect();
    city.write("a.csv", format!("区县,日期,确诊病例,无症状感染者,填表人\n{rows}{faults}"));
    city.import("a.csv", &[]).no(&["accepted 3 + rejected 3", "levee rejected", "填表人"]);
    city.last_batch()["batch"].as_str().unwrap().to_owned()
}

#[test]
fn rejected_rows_are_exported_corrected_sent_again_and_accepted() {
    let city = City::live();
    let batch = sent_with_faults(&city);
    let asked = [
        "rejected",
        "city",
        "--batch",
        &batch,
        "--reason",
        "三行有误，改正后重报",
        "--out",
        "r.csv",
        "--as",
        "clerk-1",
    ];
    city.run(&asked).done();
    let sheet = city.read("r.csv");
    for told in ["is negative", "is no place that this city knows", "has a fraction", "填表人", "甲"] {
        assert!(sheet.contains(told), "`{told}` is not in {sheet}");
    }
    // A spreadsheet would take -3 for a formula; the apostrophe goes away when the file comes back.
    let mended = sheet.replace("'-3", "3").replace("火星区", "江北区").replace("1.5", "15");
    assert_ne!(mended, sheet);
    city.write("r.csv", mended);
    let said = city.import("r.csv", &["--json"]).done().json();
    assert_eq!(balance(&said["batches"][0]), [3, 3, 0, 0], "{said:#}");
    assert_eq!(city.facts(), 6);
    city.is_whole();
}

#[test]
fn a_row_rejected_for_contradicting_another_comes_back_under_the_same_headings() {
    let city = City::live();
    city.write("a.csv", format!("{TWO_DAYS}渝中区,2022-11-16,12,333\n"));
    city.import("a.csv", &[]).no(&["L1190", "line 5"]);
    let batch = city.last_batch()["batch"].as_str().unwrap().to_owned();
    city.run(&["rejected", "city", "--batch", &batch, "--reason", "x", "--out", "r.csv", "--as", "clerk-1"]).done();
    let sheet = city.read("r.csv");
    let lines: Vec<&str> = sheet.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "区县,日期,确诊病例,无症状感染者,line,problem,mend");
    assert!(lines[1].starts_with("500103,2022-11-16,12,333,5,"), "{sheet}");
    // Sent again by itself it is a correction: later, so nothing stands against it.
    let said = city.import("r.csv", &["--json"]).done().json();
    assert_eq!(balance(&said["batches"][0]), [1, 1, 0, 0]);
    assert_eq!(said["batches"][0]["superseding"], 1);
    city.is_whole();
}

#[test]
fn rejected_values_are_read_by_a_named_person_whose_role_covers_it_and_it_is_written_down() {
    let city = City::live();
    let batch = sent_with_faults(&city);
    let asked = ["rejected", "city", "--batch", &batch, "--reason", "to call the district", "--out", "r.csv"];
    let events = city.events();
    city.run(&asked).refused(&["a person must act", "mend: say who acts with --as PERSON"]);
    city.run(&[&asked[..], &["--as", "analyst-1"]].concat()).refused(&[
        "analyst-1",
        "may not read rejected values",
        "mend:",
    ]);
    city.run(&[&asked[..], &["--as", "nobody"]].concat()).refused(&["no person `nobody`", "people.csv"]);
    let no_reason = ["rejected", "city", "--batch", &batch, "--reason", " ", "--out", "r.csv", "--as", "clerk-1"];
    city.run(&no_reason).refused(&["none was given", "mend: say why"]);
    assert_eq!(city.events(), events);
    assert!(!city.at("r.csv").exists());

    let said = city.run(&[&asked[..], &["--as", "clerk-1", "--json"]].concat()).done().json();
    assert_eq!((&said["schema"], &said["rows"]), (&Value::from("levee.rejected/1"), &Value::from(3)));
    let (kind, body, envelope): (String, Vec<u8>, String) = city
        .database()
        .query_row("SELECT kind, body, envelope FROM event WHERE stream = 'audit'", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((kind.as_str(), &body["rows"]), ("rejected_read", &Value::from(3)));
    assert!(envelope.contains("clerk-1"), "{envelope}");
    // The reason is free text: it lies sealed, not in the journal.
    assert!(!String::from_utf8_lossy(&std::fs::read(city.at("city/levee.db")).unwrap()).contains("call the district"));
    city.is_whole();
}

#[test]
fn a_batch_without_rejected_rows_gives_no_file_to_correct() {
    let city = City::live();
    city.write("a.csv", TWO_DAYS);
    city.import("a.csv", &[]).done();
    let batch = city.last_batch()["batch"].as_str().unwrap().to_owned();
    let asked = ["rejected", "city", "--batch", &batch, "--reason", "x", "--out", "r.csv", "--as", "clerk-1"];
    city.run(&asked).no(&["has no rejected rows; nothing was written"]);
    assert!(!city.at("r.csv").exists());
}

#[test]
fn what_an_office_wrote_is_nowhere_in_the_city_folder_in_plain_text() {
    let city = City::live();
    city.write(
        "pangolin.csv",
        "区县,日期,确诊病例,备注\n渝中区,2022-11-16,12,okapi\n渝北区,2022-11-16,quokka,numbat\n",
    );
    city.import("pangolin.csv", &[]).no(&["quokka"]);
    let mut all = city.blob_files();
    all.extend(["levee.db", "levee.db-wal"].map(|name| city.at("city").join(name)).into_iter().filter(|f| f.is_file()));
    for file in all {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        for word in ["okapi", "quokka", "numbat", "pangolin"] {
            assert!(!text.contains(word), "`{word}` stands in {}", file.display());
        }
    }
}

#[test]
fn a_file_of_65_537_rows_balances_to_the_row() {
    let city = City::live();
    city.write("long.csv", hourly(65_537));
    let said = city.import("long.csv", &["--json"]).done().json();
    assert_eq!(balance(&said["batches"][0]), [65_537, 65_537, 0, 0], "{said:#}");
    assert_eq!(city.facts(), 65_537);
    city.is_whole();
}
