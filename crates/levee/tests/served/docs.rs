//! What `docs/api.md` shows is so: its blocks are run, one after the other, against a served city.

use crate::day::riverside;
use serde_json::json;
use std::process::{Command, Stdio};

#[test]
fn the_examples_of_the_page_work_as_they_stand() {
    let page = include_str!("../../../../docs/api.md");
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script: String = blocks.collect::<Vec<_>>().join("\n");
    assert!(script.matches("$LEVEE").count() > 15, "the page has lost its examples");
    let served = riverside();
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let token = json!({ "name": "examples", "scope": "full", "days": 1 });
    let token = commander.post("/api/v1/tokens", &token).ok().json()["token"].as_str().unwrap().to_owned();
    let table = |name: &str| {
        std::fs::read_to_string(format!("{}/{name}", crate::support::pack("riverside-synthetic"))).unwrap()
    };
    let first = |name: &str| table(name).lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let ran = Command::new("sh")
        .args([
            "-eu",
            "-c",
            &format!("{script}\ntest \"$(api \"$LEVEE/api/v1/orders/$ORDER\" | field state)\" = done\n"),
        ])
        .current_dir(served.city.at("."))
        .envs([("LEVEE", served.base.clone()), ("TOKEN", token)])
        .envs([("OFFICE", first("offices.csv")), ("SOURCE", first("sources.csv"))])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = format!("{}\n{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("say when with `at`"), "{said}");
    // What came back to be corrected holds the one row that was rejected.
    let rejected = served.city.read("rejected.csv");
    assert!(rejected.lines().count() == 2 && rejected.contains("many"), "{rejected}");
    served.stop().is_whole();
}
