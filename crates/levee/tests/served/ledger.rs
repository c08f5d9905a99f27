//! Work on what is owed: carried out once, by those who may, on what they have seen.

use crate::client::{Answer, Browser, Served};
use crate::support::City;
use serde_json::{Value, json};

const AT: &str = "2022-11-18T20:00:00+08:00";
const SEEN_AT: &str = "2022-11-18T20:00:00%2B08:00";

/// Chongqing on 18 November with what that day opened.
fn served() -> (Served, Browser) {
    let city = City::replay();
    for district in ["500101", "500103"] {
        let open = [
            "open",
            "city",
            "--kind",
            "care_placement",
            "--area",
            district,
            "--units",
            "12",
            "--at",
            "2022-11-18T08:00",
        ];
        city.run(&[&open[..], &["--as", "commander-1"]].concat()).done();
    }
    let served = Served::start(city);
    let admin = served.administrator();
    (served, admin)
}

fn owed(by: &Browser, more: &str) -> Answer {
    by.get(&format!("/api/v1/obligations?at={SEEN_AT}{more}"))
}

fn first(by: &Browser) -> Value {
    owed(by, "&limit=1").ok().json()["items"][0]["obligation"].clone()
}

fn assign(what: &Value, to: &str) -> Value {
    json!({ "commands": [{ "do": "assign", "what": [{ "obligation": what }], "to": to }], "at": AT })
}

#[test]
fn two_people_who_edit_one_thing_do_not_overwrite_each_other() {
    let (served, admin) = served();
    let (one, other) = (served.person(&admin, "commander-1"), served.person(&admin, "commander-2"));
    let id = first(&one);
    let path = format!("/api/v1/obligations/{}", id.as_str().unwrap());
    let tag = one.get(&path).ok().header("etag").unwrap().to_owned();
    let with_tag =
        |by: &Browser, to: &str| by.ask("POST", "/api/v1/ledger", &[("if-match", &tag)], Some(&assign(&id, to)));
    with_tag(&one, "lead-transfer").ok();
    let late = with_tag(&other, "lead-testing").problem(412, "you saw version 1, it is at version");
    assert!(late.text.contains("changed"), "{late:?}");
    assert_eq!(one.get(&path).ok().json()["owner"], "lead-transfer");
    other
        .ask("POST", "/api/v1/ledger", &[("if-match", "\"x\"")], Some(&assign(&id, "lead-testing")))
        .problem(422, "If-Match");
}

#[test]
fn a_command_that_is_sent_twice_is_carried_out_once() {
    let (served, admin) = served();
    let one = served.person(&admin, "commander-1");
    let id = first(&one);
    let key = [("idempotency-key", "019a2046-a6b4-7793-b910-c2b6136d72a3")];
    let send = || one.ask("POST", "/api/v1/ledger", &key, Some(&assign(&id, "lead-transfer"))).ok().json();
    let (once, twice) = (send(), send());
    assert_eq!((&once["repeated"], &twice["repeated"]), (&json!(false), &json!(true)));
    assert_eq!((&once["first"], &once["last"]), (&twice["first"], &twice["last"]));
    let undone = one.post("/api/v1/ledger/undo", &json!({ "command": once["command"], "at": AT })).ok().json();
    assert!(undone["changes"].as_u64().unwrap() > 0, "{undone}");
    one.ask("POST", "/api/v1/ledger", &[("idempotency-key", "1")], Some(&assign(&id, "lead-transfer")))
        .problem(422, "version 7");
}

#[test]
fn nobody_sees_or_changes_beyond_their_area() {
    let (served, admin) = served();
    let commander = served.person(&admin, "commander-1");
    let wanzhou = served.person(&admin, "coordinator-500101");
    let mine = owed(&wanzhou, "").ok().json();
    assert_eq!(mine["area"], "500101");
    let items = mine["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|item| item["path"].as_str().unwrap().contains("500101")), "{mine}");
    owed(&wanzhou, "&area=500103").problem(403, "does not lie in it");
    let theirs = owed(&commander, "&area=500103").ok().json()["items"][0]["obligation"].clone();
    wanzhou.get(&format!("/api/v1/obligations/{}", theirs.as_str().unwrap())).problem(403, "does not lie in it");
    let refused = wanzhou.post("/api/v1/ledger", &assign(&theirs, "coordinator-500101"));
    assert!([403, 409].contains(&refused.status), "{refused:?}");
    assert_eq!(
        commander.get(&format!("/api/v1/obligations/{}", theirs.as_str().unwrap())).ok().json().get("owner"),
        None
    );
    // Whoever only looks changes nothing.
    let auditor = served.person(&admin, "auditor-1");
    owed(&auditor, "").ok();
    auditor.post("/api/v1/ledger", &assign(&theirs, "auditor-1")).problem(403, "may not");
}

#[test]
fn what_cannot_be_read_is_refused_in_words() {
    let (served, admin) = served();
    let one = served.person(&admin, "commander-1");
    owed(&one, "&area=99").problem(422, "knows no place");
    owed(&one, "&kind=care_placemen").problem(422, "no kind of obligation");
    owed(&one, "&limit=0").problem(422, "limit");
    owed(&one, "&limit=many").problem(422, "limit");
    owed(&one, "&wrong=1").problem(422, "wrong");
    one.get("/api/v1/obligations").problem(422, "has no present");
    one.get("/api/v1/obligations/%27%3B%20DROP%20TABLE%20event").problem(422, "id");
    one.get("/api/v1/obligations/01a2046a6b417793b910c2b6136d72a3-9999").problem(404, "there is no obligation");
    one.post("/api/v1/ledger", &json!({ "commands": [] })).problem(422, "0 commands");
    one.post("/api/v1/ledger", &json!({ "commands": [{ "do": "jump" }] })).problem(422, "unknown variant");
    one.get("/api/v1/nothing").problem(404, "nothing at this address");
    one.ask("PATCH", "/api/v1/ledger", &[], None).problem(405, "no such method");
    let unnamed = crate::client::send(&one.base, "POST", "/api/v1/session", &[], Some(b"{}"));
    unnamed.problem(415, "Content-Type");
    // Just beyond the limit: who sends far more may find the connection closed while they still send, before they read why.
    let much = json!({ "commands": [{ "do": "fail_order", "order": "x".repeat(4 << 20), "reason": "" }] });
    one.post("/api/v1/ledger", &much).problem(413, "more was sent");
}
