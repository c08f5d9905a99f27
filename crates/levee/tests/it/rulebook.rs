//! What `levee rulebook` says of the books and cases of the repository, and of broken ones.

use crate::support::{City, Output};
use std::path::Path;

fn rulebooks(file: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks").join(file).to_str().unwrap().to_owned()
}

fn judged(here: &City, rulebook: &str, cases: &str, more: &[&str]) -> Output {
    here.run(&[&["rulebook", "judge", "--rulebook", rulebook, "--cases", cases], more].concat())
}

#[test]
fn all_public_cases_come_out_as_expected_from_the_rule_that_is_expected() {
    let here = City::none();
    let said = judged(&here, &rulebooks(""), &rulebooks("questions.yaml"), &[]).done();
    assert!(said.out.contains("25 cases; 25 of 25 with an expected verdict came out as expected"), "{}", said.out);
    assert!(said.out.contains("Q01  stricter  cn.zone.high.designate"), "{}", said.out);
    let json = judged(&here, &rulebooks(""), &rulebooks("questions.yaml"), &["--json"]).done().json();
    assert_eq!((json["as_expected"].as_u64(), json["cases"].as_array().unwrap().len()), (Some(25), 25));
    assert_eq!(json["cases"][0]["rules"][0], "cn.zone.high.designate");
}

#[test]
fn what_cannot_be_judged_is_refused_with_the_case_and_the_mend() {
    let here = City::none();
    let case = |date: &str, book: &str, fact: &str| {
        format!(
            "schema: levee.rulebook-cases/0.1\ncases:\n- id: A\n  rulebook: {book}\n  text: t\n  facts: {{date: {date}, \
             {fact}: close_room}}\n  expected: {{verdict: blocked}}\n"
        )
    };
    let tried = |text: String| {
        here.write("cases.yaml", text);
        judged(&here, &rulebooks("measles-school.yaml"), "cases.yaml", &[])
    };
    tried(case("1900-01-01", "measles-school", "measure.type"))
        .refused(&["lies before every version", "give a day from"]);
    tried(case("2022-11-24", "other", "measure.type")).refused(&["no rulebook `other`", "measles-school"]);
    tried(case("2022-11-24", "measles-school", "measure.typ"))
        .refused(&["no rule reads", "did you mean `measure.type`"]);
    tried(case("2022-11-24", "measles-school", "measure.type")).no(&["NOT AS EXPECTED: blocked"]);
}

#[test]
fn a_broken_book_is_shown_with_the_line() {
    let here = City::none();
    let book = std::fs::read_to_string(rulebooks("measles-school.yaml")).unwrap();
    here.write("book.yaml", book.replacen("kind: ", "kind: no_", 1));
    let said = here.run(&["rulebook", "check", "book.yaml"]).no(&["--> book.yaml:", "kind: no_", "= mend: "]);
    assert!(said.out.contains("^^^^"), "{}", said.out);
}

#[test]
fn what_changed_overnight_is_told_for_whom_with_facts_that_are_judged_otherwise() {
    let here = City::none();
    let side = |day: &str| format!("{}@{day}", rulebooks("china-covid-v9-20.yaml"));
    let (before, after) = (side("2022-11-10"), side("2022-11-11"));
    let said = here.run(&["rulebook", "diff", &before, &after]).done();
    for words in [
        "13 added, 0 removed, 6 changed, 26 the same",
        "central_days: 7 -> 5",
        "was laxer (2022-11-10), is within (2022-11-11)",
    ] {
        assert!(said.out.contains(words), "{words}: {said:#?}");
    }
    let chinese = here.run(&["rulebook", "diff", &before, &after, "--lang", "zh"]).done();
    assert!(chinese.out.contains("新增13条，取消0条，变更6条，未变26条"), "{chinese:#?}");
    let json = here.run(&["rulebook", "diff", &before, &after, "--json"]).done().json();
    assert_eq!((json["added"].as_array().unwrap().len(), json["same"].as_u64()), (13, Some(26)));
    here.run(&["rulebook", "diff", &side("1990-01-01"), &after]).refused(&["before every version", "give a day from"]);
    here.run(&["rulebook", "diff", &side("soon"), &after]).refused(&["is no day", "FILE@2022-11-24"]);
    here.run(&["rulebook", "diff", "nowhere.yaml", &after]).refused(&["nowhere.yaml"]);
}

#[test]
fn a_rulebook_that_travels_with_the_program_is_named_by_its_id_and_a_wrong_one_names_the_nearest() {
    let here = City::none();
    here.run(&["rulebook", "check", "who-generic"]).done();
    let said = here.run(&["rulebook", "diff", "cn-covid19-v9-20@2022-11-10", "cn-covid19-v9-20@2022-11-11"]).done();
    assert!(said.out.contains("13 added, 0 removed, 6 changed, 26 the same"), "{said:#?}");
    judged(&here, "measles-school", &rulebooks("questions.yaml"), &[]).refused(&["no rulebook `cn-covid19-v9-20`"]);
    let diff = |one: &str, lang: &str| here.run(&["rulebook", "diff", one, "who-generic", "--lang", lang]);
    diff("measels-school", "en").refused(&["no rulebook `measels-school`", "did you mean `measles-school`?"]);
    diff("measels-school", "zh").refused(&["没有规则库“measels-school”", "是否指“measles-school”"]);
    diff("cn-2022", "en").refused(&["there is: cn-covid19-v9-20, measles-school, who-generic; or name a file"]);
    // What lies there as a file is meant as the file.
    here.write("who-generic", "schema: levee.rulebook/0.1\n");
    here.run(&["rulebook", "check", "who-generic"]).no(&["problem(s) in who-generic"]);
}

#[test]
fn a_city_goes_by_the_book_it_keeps_from_the_day_and_the_moment_it_was_said() {
    let city = crate::ledger_open::again("chongqing-2022");
    let book = std::fs::read_to_string(rulebooks("china-covid-v9-20.yaml")).unwrap();
    city.write("own.yaml", book.replacen("id: cn-covid19-v9-20", "id: chongqing-own", 1));
    let keep = |from: &str, who: &str| {
        let words = format!("rulebook keep city own.yaml --from {from} --at 2022-11-22T10:00 --as {who} --lang en");
        crate::ledger_open::run(&city, &words, &[])
    };
    let before = city.events();
    keep("2022-11-25", "coordinator-500103").refused(&["may not say which rulebook the city goes by"]);
    keep("1990-01-01", "commander-1").refused(&["lies before every version of `chongqing-own`", "give a start from"]);
    assert_eq!(city.events(), before, "a refused book was kept");
    let said = keep("2022-11-25", "commander-1").done();
    assert!(said.out.starts_with("measures from 2022-11-25 on are judged by chongqing-own (digest "), "{said:#?}");
    let listed = city.run(&["rulebook", "list", "city", "--json"]).done().json();
    assert_eq!((&listed["city_toml"], &listed["kept"][0]["from"]), (&"cn-covid19-v9-20".into(), &"2022-11-25".into()));
    // What the audit of a day goes by: not yet on the day before, and not before anybody had said so.
    let book_of = |day: &str| {
        let said = city.run(&["measures", "audit", "city", "--date", day, "--lang", "en"]).done().out;
        said.split('`').nth(1).unwrap().to_owned()
    };
    assert_eq!(book_of("2022-11-24"), "cn-covid19-v9-20");
    assert_eq!(book_of("2022-11-25"), "chongqing-own");
    city.is_whole();
}

#[test]
fn the_form_of_a_rulebook_can_be_had_as_a_schema() {
    let said = City::none().run(&["rulebook", "schema"]).done().json();
    let published: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(rulebooks("schema.json")).unwrap()).unwrap();
    assert_eq!(said, published);
}
