//! Who gets in, and who does not.

use crate::client::{PASSWORD, Served, send};
use crate::support::City;
use serde_json::json;

#[test]
fn the_first_start_makes_one_administrator_whose_link_works_once() {
    let served = Served::start(City::live());
    let link = served.link.clone().unwrap();
    let nobody = served.anybody();
    let with = |password: &str| nobody.post("/api/v1/links", &json!({ "link": link, "password": password }));
    with("short").problem(422, "it needs 12");
    with(PASSWORD).ok();
    with("another sentence here").problem(422, "was used");
    let admin = nobody.signed_in("admin");
    assert_eq!(admin.get("/api/v1/session").ok().json()["administrator"], true);
    // A restart makes no second one.
    let again = Served::start(served.stop());
    assert_eq!(again.link, None);
    again.anybody().signed_in("admin");
}

#[test]
fn nobody_gets_in_without_a_session_or_with_one_that_ended() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    served.anybody().get("/api/v1/city").problem(401, "neither a session nor a token");
    let forged = format!("levee_session={}", "a".repeat(64));
    send(&served.base, "GET", "/api/v1/city", &[("cookie", &forged)], None).problem(401, "never was");
    for bad in ["levee_session=", "levee_session=../../etc", "other=1"] {
        send(&served.base, "GET", "/api/v1/city", &[("cookie", bad)], None).problem(401, "neither");
    }
    let leader = served.person(&admin, "lead-transfer");
    leader.get("/api/v1/city").ok();
    // A cookie alone does not change anything: another site's page could have sent it.
    let cookie = leader.cookie.clone().unwrap();
    send(&served.base, "DELETE", "/api/v1/session", &[("cookie", &cookie)], None).problem(403, "own page");
    let elsewhere = [("cookie", cookie.as_str()), ("x-levee", "1"), ("sec-fetch-site", "cross-site")];
    send(&served.base, "DELETE", "/api/v1/session", &elsewhere, None).problem(403, "own page");
    // Signed out is signed out, at once.
    leader.ask("DELETE", "/api/v1/session", &[], None).ok();
    leader.get("/api/v1/city").problem(401, "has ended");
    // A closed account is out too.
    let back = served.anybody().signed_in("lead-transfer");
    admin.ask("PUT", "/api/v1/accounts/lead-transfer", &[], Some(&json!({ "closed": true }))).ok();
    back.get("/api/v1/city").problem(401, "has ended");
    let shown = json!({ "login": "lead-transfer", "password": PASSWORD });
    served.anybody().post("/api/v1/session", &shown).problem(401, "do not belong together");
}

#[test]
fn wrong_tries_lock_and_say_nothing_of_who_is_there() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    served.person(&admin, "lead-testing");
    let try_as = |login: &str| {
        served.anybody().post("/api/v1/session", &json!({ "login": login, "password": "not this one at all" }))
    };
    let (known, stranger) = (try_as("lead-testing"), try_as("nobody-here"));
    assert_eq!((known.status, known.text), (stranger.status, stranger.text));
    for _ in 0..4 {
        try_as("lead-testing").problem(401, "do not belong");
    }
    let right = json!({ "login": "lead-testing", "password": PASSWORD });
    let locked = served.anybody().post("/api/v1/session", &right).problem(429, "too many");
    assert!(locked.header("retry-after").is_some());
    // Others are not locked out with them.
    served.anybody().signed_in("admin");
}

#[test]
fn a_token_may_no_more_than_it_was_made_for() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    let leader = served.person(&admin, "lead-transfer");
    let token = |scope: &str| {
        let made = leader.post("/api/v1/tokens", &json!({ "name": "feed", "scope": scope, "days": 7 })).ok().json();
        format!("Bearer {}", made["token"].as_str().unwrap())
    };
    let with = |token: &str, method: &str, path: &str, body: Option<&str>| {
        let headers = [("authorization", token), ("content-type", "application/json")];
        send(&served.base, method, path, &headers, body.map(str::as_bytes))
    };
    let (read, full) = (token("read"), token("full"));
    with(&read, "GET", "/api/v1/people", None).ok();
    let group = r#"{"commands":[{"do":"accept_order","order":"01a2046a6b417793b910c2b6136d72a3-1"}]}"#;
    with(&read, "POST", "/api/v1/ledger", Some(group)).problem(403, "may only look");
    with(&full, "POST", "/api/v1/ledger", Some(group)).problem(409, "there is no order");
    with(&full, "POST", "/api/v1/tokens", Some(r#"{"name":"x","scope":"full","days":1}"#))
        .problem(403, "makes no tokens");
    // It is no session: a stolen cookie is no token and a token no cookie.
    let as_cookie = full.replace("Bearer ", "levee_session=");
    send(&served.base, "GET", "/api/v1/city", &[("cookie", &as_cookie)], None).problem(401, "goes into the header");
    let key = leader.get("/api/v1/tokens").ok().json()[0]["key"].as_str().unwrap().to_owned();
    leader.ask("DELETE", &format!("/api/v1/tokens/{key}"), &[], None).ok();
    assert_eq!(leader.get("/api/v1/tokens").ok().json().as_array().unwrap().len(), 1);
    // Somebody else's token is none of theirs.
    let other = served.person(&admin, "lead-testing");
    let key = leader.get("/api/v1/tokens").ok().json()[0]["key"].as_str().unwrap().to_owned();
    other.ask("DELETE", &format!("/api/v1/tokens/{key}"), &[], None).problem(404, "no token of yours");
}

#[test]
fn only_an_administrator_looks_after_accounts() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    commander.get("/api/v1/accounts").problem(403, "only an administrator");
    commander
        .post("/api/v1/accounts", &json!({ "login": "x", "administrator": true }))
        .problem(403, "only an administrator");
    commander.ask("POST", "/api/v1/accounts/admin/link", &[], None).problem(403, "only an administrator");
    // And an administrator who is nobody of the city decides nothing in it.
    admin.post("/api/v1/ledger", &json!({ "commands": [] })).problem(403, "belongs to nobody");
    admin.post("/api/v1/accounts", &json!({ "login": "commander-1" })).problem(409, "an account");
    admin.post("/api/v1/accounts", &json!({ "login": "a b" })).problem(422, "cannot be a login");
    admin.ask("PUT", "/api/v1/accounts/admin", &[], Some(&json!({ "closed": true }))).problem(422, "their own");
    let shown = admin.get("/api/v1/accounts").ok().text;
    assert!(!shown.contains("argon2"), "{shown}");
}
