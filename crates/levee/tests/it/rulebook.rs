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
fn the_form_of_a_rulebook_can_be_had_as_a_schema() {
    let said = City::none().run(&["rulebook", "schema"]).done().json();
    let published: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(rulebooks("schema.json")).unwrap()).unwrap();
    assert_eq!(said, published);
}
