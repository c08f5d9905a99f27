//! Tomorrow's tests from the command line: planned, read in both languages, checked, drawn, broken.

use crate::plan::{fits, riverside, unnamed, words};
use serde_json::Value;

#[test]
fn tests_are_planned_read_checked_and_drawn() {
    let city = riverside();
    let read = |lang: &str| {
        let line = format!("plan city --date 2024-03-18 --dry-run --what testing --lang {lang}");
        city.run(&words(&line, &[])).done().out
    };
    let (en, zh) = (read("en"), read("zh"));
    fits(&en);
    fits(&zh);
    insta::assert_snapshot!("plan_testing_en", unnamed(&en));
    insta::assert_snapshot!("plan_testing_zh", unnamed(&zh));
    let made = city.run(&words("plan city --date 2024-03-18 --what testing --json", &[])).done();
    city.write("plan.json", &made.out);
    let checked = city.run(&words("plan check plan.json --json", &[])).done().json();
    assert_eq!(checked["parts"], serde_json::json!(["testing"]));
    city.run(&words("plan lanes plan.json --geojson lanes.geojson", &[])).done();
    let map: Value = serde_json::from_str(&city.read("lanes.geojson")).unwrap();
    let plan = made.json();
    let tubes = map["features"].as_array().unwrap().iter().map(|feature| {
        assert_eq!(feature["properties"]["kind"], "tubes");
        feature["properties"]["tubes"].as_u64().unwrap()
    });
    assert_eq!(tubes.sum::<u64>(), plan["testing"]["plan"]["totals"]["collected"].as_u64().unwrap());
    // A laboratory that is said to have loaded a tube more: caught, though the document's own name is taken off.
    let mut broken = plan;
    broken.as_object_mut().unwrap().remove("name");
    let tubes = &mut broken["testing"]["plan"]["loads"][0]["tubes"];
    *tubes = (tubes.as_u64().unwrap() + 1).into();
    city.write("broken.json", broken.to_string());
    city.run(&words("plan check broken.json", &[])).no(&["testing: "]);
    city.run(&words("plan city --date 2024-03-18 --what tests", &[])).refused(&["tests", "testing"]);
}
