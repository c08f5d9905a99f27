//! The timetable as people ask for it: both languages, every export, one district, one section, a wrong input.

use crate::ledger_open::{again, run};
use crate::support::{City, Output};
use serde_json::Value;

/// A city with a delivery that is late, one that is due, and a decision of the meeting that is late.
fn city() -> City {
    let city = again("chongqing-2022");
    let open = |kind: &str, area: &str, units: &str, due: &str, more: &[&str]| {
        let words = format!("open city --kind {kind} --area {area} --units {units} --due {due} --at 2022-11-18T08:00");
        run(&city, &format!("{words} --as commander-1"), more).done();
    };
    open("food_delivery", "500103", "40", "2022-11-18T12:00", &["--field", "packages=40"]);
    open("food_delivery", "500105", "12", "2022-11-19T08:00", &["--field", "packages=12"]);
    let decided = ["--field", "meeting=HQ-1118", "--field", "item=3", "--note", "beds in use within two days"];
    open("directive", "500000", "1", "2022-11-18T18:00", &decided);
    city
}

fn ask(city: &City, words: &str) -> Output {
    run(city, &format!("operations city --at 2022-11-18T20:00 {words}"), &[])
}

#[test]
fn the_timetable_says_what_is_late_first_in_both_languages() {
    let city = city();
    insta::assert_snapshot!("operations_en", ask(&city, "--lang en").done().out);
    insta::assert_snapshot!("operations_zh", ask(&city, "--lang zh").done().out);
    let events = city.events();
    let one = ask(&city, "--district 500103 --section supplies --json").done().json();
    let rows = one["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{one:#}");
    assert_eq!((&rows[0]["state"], &rows[0]["late_minutes"]), (&Value::from("overdue"), &Value::from(480)));
    assert_eq!(one["tally"]["obligation"]["found"], 3);
    assert_eq!(city.events(), events, "a look wrote something");
    // An hour before anything was opened nothing is there.
    let before = run(&city, "operations city --at 2022-11-18T07:00 --json", &[]).done().json();
    assert_eq!(before["tally"]["obligation"]["found"], 0);
    city.is_whole();
}

#[test]
fn every_export_says_the_same_twice() {
    let city = city();
    let files = "--geojson map.json --html page.html --xlsx book.xlsx --ics cal.ics --lang en";
    let read = || ["map.json", "page.html", "book.xlsx", "cal.ics"].map(|name| std::fs::read(city.at(name)).unwrap());
    ask(&city, files).done();
    let first = read();
    ask(&city, files).done();
    assert!(first == read(), "the bytes differ from run to run");
    let map: Value = serde_json::from_str(&city.read("map.json")).unwrap();
    let features = map["features"].as_array().unwrap();
    let yuzhong = features.iter().find(|one| one["id"] == "district:500103").unwrap();
    assert_eq!(
        (&yuzhong["properties"]["overdue"], &yuzhong["properties"]["kind"]),
        (&Value::from(1), &Value::from("district"))
    );
    assert!(yuzhong["geometry"]["type"].as_str().unwrap().ends_with("Polygon"));
    let task =
        features.iter().find(|one| one["properties"]["kind"] == "task" && one["properties"]["place"] == "500103");
    assert_eq!(task.unwrap()["geometry"]["type"], "Point");
    let whole =
        features.iter().find(|one| one["properties"]["kind"] == "task" && one["properties"]["place"] == "500000");
    assert_eq!(whole.unwrap()["properties"]["no_geometry"], "whole_city");
    let calendar = city.read("cal.ics");
    assert!(calendar.contains("BEGIN:VTODO\r\n") && calendar.contains("SUMMARY:OVERDUE: "), "{calendar}");
    assert!(city.read("page.html").contains("Who does what where by when"));
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_was_meant() {
    let city = city();
    ask(&city, "--lang en --district 500113x").refused(&["no district `500113x`", "the nearest is 500113"]);
    ask(&city, "--lang zh --section tresting").refused(&["没有工作组“tresting”", "最接近的是 testing"]);
    run(&city, "operations city --lang en", &[]).refused(&["has no present", "--at"]);
    run(&city, "operations city --at 2022-10-01T00:00", &[]).refused(&["before the outbreak began", "later moment"]);
    run(&city, "operations nowhere --at 2022-11-18T20:00", &[]).refused(&["no city folder"]);
    ask(&city, "--rulebook missing.yaml").refused(&["missing.yaml"]);
}
