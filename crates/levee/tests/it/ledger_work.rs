//! Work on what is owed: begun, met, excused, corrected, moved, given, explained; and what is refused.

use crate::ledger_open::{again, opened, run, sample};
use crate::support::{City, Output};
use serde_json::{Value, json};

/// Fifty food deliveries owed in Yuzhong since 08:00, and whose post it is: the coordinator of the district.
fn fifty() -> (City, String) {
    let city = again("chongqing-2022");
    let words =
        "open city --kind food_delivery --area 500103 --units 50 --field packages=1 --at 2022-11-18T08:00 --json";
    let id = opened(&run(&city, words, &[]).done());
    (city, id)
}

const AS: &str = "--at 2022-11-18T10:00 --as coordinator-500103 --lang en";

fn on(city: &City, what: &str, id: &str, rest: &str) -> Output {
    run(city, &format!("obligation city {what} {id} {rest}"), &[])
}

fn shown(city: &City, id: &str) -> Value {
    run(city, &format!("obligation city show {id} --json"), &[]).done().json()
}

#[test]
fn units_of_one_obligation_go_their_own_ways_and_none_is_lost() {
    let (city, id) = fifty();
    city.write("record.txt", "signed");
    on(&city, "begin", &id, &format!("--units 20 {AS}")).done();
    let proof = "--evidence delivery_record=record.txt";
    on(&city, "meet", &id, &format!("--units 20 --reason delivered {proof} {AS}")).done();
    on(&city, "waive", &id, &format!("--units 3 --reason recipient_withdrew --said recipient {AS}")).done();
    on(&city, "void", &id, &format!("--units 2 --reason duplicate {AS}")).done();
    on(&city, "correct", &id, &format!("--from met --units 1 --reason counted_twice {AS}")).done();
    let moved = on(&city, "transfer", &id, &format!("--units 5 --to-area 500112 {AS} --json")).done();
    on(&city, "name", &id, &format!("--subject hh-1 hh-2 {AS}")).done();
    let one = shown(&city, &id);
    let states = json!({ "opened": 19, "met": 19, "waived": 3, "voided": 2, "transferred": 5, "named": 2 });
    assert_eq!((&one["states"], &one["owed"], &one["units"]), (&states, &json!(19), &json!(50)));
    // From the books of one district to those of another.
    let there = shown(&city, &opened(&moved));
    assert_eq!((&there["area"], &there["owed"], &there["due"]), (&json!("500112"), &json!(5), &one["due"]));
    let history: Vec<_> = one["history"].as_array().unwrap().iter().map(|entry| &entry["change"]["change"]).collect();
    assert_eq!(history, ["opened", "moved", "moved", "moved", "moved", "moved", "moved", "named"]);
    let text = run(&city, &format!("obligation city show {id} --lang en"), &[]).done().out;
    let history = text.split_once("history\n").unwrap().1.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("history_en", history);
    city.is_whole();
}

#[test]
fn what_is_refused_says_why_and_writes_nothing() {
    let (city, id) = fifty();
    let before = city.events();
    let no = |what: &str, rest: &str, words: &[&str]| {
        on(&city, what, &id, rest).no(&[words, &["refused: ", "mend: "]].concat());
    };
    no("begin", "--at 2022-11-18T10:00 --lang en", &["a person must do this", "--as PERSON"]);
    let other = "--at 2022-11-18T10:00 --as coordinator-500107 --lang en";
    no("begin", other, &["owned by supplies of 500103"]);
    no("begin", &format!("--units 51 {AS}"), &["51 cannot leave", "name at most 50"]);
    no("begin", &format!("--units 0 {AS}"), &["no units"]);
    no("begin", &format!("--version 7 {AS}"), &["you saw version 7, it is at version 1"]);
    no("meet", &format!("--reason delivered {AS}"), &["needs delivery_record", "--evidence WHAT=FILE"]);
    no("waive", &format!("--reason too_far {AS}"), &["no reason", "recipient_withdrew"]);
    no("waive", &format!("--reason recipient_withdrew {AS}"), &["can only be given by Recipient"]);
    no("expire", &format!("--reason no_staff {AS}"), &["never expires"]);
    no("correct", &format!("--from met --units 1 --reason counted_twice {AS}"), &["1 cannot leave"]);
    no("transfer", &format!("--to-area 500103 --units 1 {AS}"), &["already owed there"]);
    on(&city, "transfer", &id, &format!("--to-area 999999 --units 1 {AS}")).refused(&["999999", "areas.csv"]);
    on(&city, "name", &id, &format!("--subject hh-1 hh-1 {AS}")).refused(&["hh-1 is named twice"]);
    on(&city, "assign", &id, &format!("--to nobody-here {AS}")).refused(&["nobody-here", "people.csv"]);
    on(&city, "meet", &id, &format!("--evidence delivery_record=gone.txt {AS}")).refused(&["gone.txt", "mend: "]);
    on(&city, "meet", &id, "--at 2022-11-18T10:00 --as a-stranger").refused(&["a-stranger"]);
    let stranger = format!("{}-9", id.split('-').next().unwrap());
    on(&city, "begin", &stranger, AS).no(&["there is no obligation", "levee owed"]);
    on(&city, "begin", "not-an-id", AS).refused(&["not-an-id", "32 hex digits"]);
    assert_eq!(city.events(), before, "a refused command wrote something");
    let json = on(&city, "begin", &id, &format!("--units 51 {AS} --json")).no(&["levee.refusal/1"]).json();
    assert_eq!(json["hint"], "name at most 50");
    city.is_whole();
}

#[test]
fn a_chinese_city_is_told_in_chinese() {
    let (city, id) = fifty();
    let zh = "--at 2022-11-18T10:00 --as coordinator-500103";
    on(&city, "expire", &id, &format!("--reason no_staff {zh}")).no(&["不予办理：", "永不过期", "处理："]);
    on(&city, "waive", &id, &format!("--reason recipient_withdrew {zh}")).no(&["只能由本人提出", "--said recipient"]);
    let said = on(&city, "begin", &id, &format!("--units 20 {zh}")).done();
    assert!(said.out.contains("20: 待办 → 在办") && said.err.contains("命令 "), "{said:#?}");
}

#[test]
fn many_are_given_in_one_step_and_taken_back_in_one() {
    let (city, id) = fifty();
    run(&city, "open city --kind care_placement", &[&sample("chongqing-2022", "care_placement")]).done();
    let give = "obligation city assign --where area=500103 --to coordinator-500103 --as commander-1 --json";
    let given = run(&city, &format!("{give} --at 2022-11-18T20:00"), &[]).done().json();
    assert_eq!(shown(&city, &id)["states"], json!({ "assigned": 50 }));
    let command = given["command"].as_str().unwrap();
    let undo = format!("undo city --command {command} --at 2022-11-18T20:05 --as commander-1 --lang en");
    run(&city, &undo, &[]).done();
    let one = shown(&city, &id);
    assert_eq!((&one["states"], &one["owner"]), (&json!({ "opened": 50 }), &Value::Null));
    run(&city, &undo, &[]).no(&["mend: "]);
    // What was changed meanwhile is not taken back by halves.
    let given = run(&city, &format!("{give} --at 2022-11-18T20:10"), &[]).done().json();
    on(&city, "assign", &id, "--to lead-supplies --at 2022-11-18T20:15 --as commander-1").done();
    let undo = format!("undo city --command {} --at 2022-11-18T20:20", given["command"].as_str().unwrap());
    let before = city.events();
    run(&city, &format!("{undo} --as commander-1 --lang en"), &[]).no(&["given to somebody else"]);
    assert_eq!(city.events(), before);
    let strange = "undo city --command 0192f0c1-0000-7000-8000-000000000000 --at 2022-11-18T20:20 --as commander-1";
    run(&city, strange, &["--lang", "en"]).no(&["no command"]);
    run(&city, "obligation city assign --where color=red --to commander-1", &[]).refused(&["color=red", "kind=K"]);
    let none = "obligation city assign --where kind=directive --to commander-1 --as commander-1 --lang en";
    run(&city, &format!("{none} --at 2022-11-18T20:00"), &[]).no(&["nothing that is owed fits"]);
}

#[test]
fn what_is_late_is_explained_for_a_day_with_somebody_who_answers() {
    let (city, id) = fifty();
    let explain = |date: &str, reason: &str, at: &str| {
        let words = format!("explain city --date {date} --reason {reason} --owner commander-2 --where area=500103");
        run(&city, &format!("{words} --at {at} --as coordinator-500103 --lang en"), &[])
    };
    explain("2022-11-18", "no_staff", "2022-11-18T23:30").no(&["nothing that is owed fits"]);
    explain("2022-11-19", "bad_mood", "2022-11-19T23:30").no(&["`bad_mood` is no reason", "no_staff"]);
    let said = explain("2022-11-19", "no_staff", "2022-11-19T23:30").done();
    assert!(said.out.contains("carried over after 2022-11-19: no_staff, answered for by commander-2"), "{said:#?}");
    assert_eq!(shown(&city, &id)["arrears"]["reason"], "no_staff");
    let words = format!("explain city {id} --date 2022-11-18 --reason no_staff --owner commander-2");
    run(&city, &format!("{words} --at 2022-11-18T23:30 --as coordinator-500103 --lang en"), &[])
        .no(&["is not late on 2022-11-18"]);
}
