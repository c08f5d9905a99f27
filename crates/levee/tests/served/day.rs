//! A day by HTTP alone: reports, a plan as a job, its orders approved, given out and done, the books closed by two people.

use crate::client::{Browser, Served, send};
use crate::support::{City, pack};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const AT: &str = "2024-03-18T20:00:00+08:00";
const SEEN_AT: &str = "2024-03-18T20:00:00%2B08:00";

/// Riverside with all that was known by 24:00 of 18 March.
pub(crate) fn riverside() -> Served {
    riverside_with(&[])
}

/// The same, served with more arguments.
pub(crate) fn riverside_with(more: &[&str]) -> Served {
    let city = City::none();
    let pack = pack("riverside-synthetic");
    city.run(&["init", "city", "--pack", &pack, "--replay"]).done();
    city.run(&["import", "city", "--pack", &pack, "--until", "2024-03-18"]).done();
    Served::start_with(city, more)
}

/// Waits until a job is over.
pub(crate) fn over(by: &Browser, job: &Value) -> Value {
    let began = Instant::now();
    loop {
        let shown = by.get(&format!("/api/v1/jobs/{}", job["job"].as_str().unwrap())).ok().json();
        if !matches!(shown["state"].as_str().unwrap(), "queued" | "running") {
            return shown;
        }
        assert!(began.elapsed() < Duration::from_secs(180), "{shown:#}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn group(commands: &Value) -> Value {
    json!({ "commands": commands, "at": AT })
}

#[test]
fn a_plan_is_a_job_and_people_approve_what_it_proposes() {
    let served = riverside();
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let lead = served.person(&admin, "lead-transfer");

    // Whoever may not compute is told before anything waits; pins that cannot be read too.
    served.person(&admin, "auditor-1").post("/api/v1/plans", &json!({ "day": "2024-03-18" })).problem(403, "may not");
    let bad =
        json!({ "day": "2024-03-18", "pins": { "cap": [{ "facility": "nowhere", "level": "general", "beds": 1 }] } });
    commander.post("/api/v1/plans", &bad).problem(422, "nowhere");
    commander.post("/api/v1/plans", &json!({ "day": "2024-03-18", "pins": "schema = 1" })).problem(422, "line 1");

    let key = [("idempotency-key", "019a2046-a6b4-7793-b910-c2b6136d72a4")];
    let ask = json!({ "day": "2024-03-18", "parts": ["transfer"] });
    let asked = commander.ask("POST", "/api/v1/plans", &key, Some(&ask)).ok();
    assert_eq!(asked.status, 202);
    let job = asked.json();
    // Sent again it is the same job; nobody else sees it.
    assert_eq!(commander.ask("POST", "/api/v1/plans", &key, Some(&ask)).ok().json()["job"], job["job"]);
    lead.get(&format!("/api/v1/jobs/{}", job["job"].as_str().unwrap())).problem(404, "no job of yours");
    let done = over(&commander, &job);
    assert_eq!(done["state"], "done", "{done:#}");
    commander.ask("DELETE", &format!("/api/v1/jobs/{}", job["job"].as_str().unwrap()), &[], None).problem(409, "ended");

    let link = done["made"]["link"].as_str().unwrap();
    let plan = lead.get(link).ok().json();
    assert_eq!((&plan["schema"], &plan["name"]), (&json!("levee.plan/1"), &done["made"]["name"]));
    let listed = lead.get("/api/v1/plans?day=2024-03-18").ok().json();
    assert_eq!(listed[0]["plan"], plan["name"]);
    assert_eq!(lead.get("/api/v1/plans?day=2024-03-17").ok().json(), json!([]));
    let pinned = json!({ "day": "2024-03-18", "parts": ["transfer"],
        "pins": { "cap": [{ "facility": "RS-DH-1", "level": "general", "beds": 1 }] } });
    let other = over(&commander, &commander.post("/api/v1/plans", &pinned).ok().json());
    let other = other["made"]["name"].as_str().unwrap_or_else(|| panic!("{other:#}")).to_owned();
    let compared = lead.get(&format!("{link}/compare/{other}")).ok().json();
    assert_eq!(compared["b"], json!(other));
    assert_eq!(lead.get(&format!("{link}/lanes")).ok().json()["type"], "FeatureCollection");
    lead.get("/api/v1/plans/nothing").problem(404, "nothing");

    // Law 10: its orders are proposals, which a person approves; all of them or none.
    let open = json!([{ "do": "open", "kind": "care_placement", "area": "RS-1", "units": 1000 }]);
    commander.post("/api/v1/ledger", &group(&open)).ok();
    let take = |orders: &[&str], approve: bool| json!({ "orders": orders, "approve": approve, "at": AT });
    lead.post(&format!("{link}/orders"), &take(&["0319-99"], false)).problem(422, "no order 0319-99");
    lead.post(&format!("{link}/orders"), &take(&[], false)).problem(422, "no order is named");
    assert_eq!(lead.get("/api/v1/orders").ok().json()["orders"], json!([]));
}

#[test]
fn an_order_is_proposed_approved_given_out_and_done_with_what_proves_it() {
    let served = riverside();
    let admin = served.administrator();
    let (commander, lead) = (served.person(&admin, "commander-1"), served.person(&admin, "lead-transfer"));
    let open = json!([{ "do": "open", "kind": "care_placement", "area": "RS-1", "units": 1000, "due": "2024-03-19T12:00:00+08:00" }]);
    let owed = commander.post("/api/v1/ledger", &group(&open)).ok().json()["made"][0].as_str().unwrap().to_owned();
    let step = |by: &Browser, command: Value| by.post("/api/v1/ledger", &group(&json!([command])));
    let propose = |units: u64| {
        let hold = json!({ "resource": "RS-DH-1:general", "units": units, "from": "2024-03-19T08:00:00+08:00",
            "until": "2024-03-20T08:00:00+08:00" });
        let command = json!({ "do": "propose_order", "action": "transfer", "meets": { &owed: units }, "why": "need",
            "rests_on": &owed, "due": "2024-03-19T12:00:00+08:00", "holds": [hold] });
        step(&lead, command).ok().json()["made"][0].as_str().unwrap().to_owned()
    };
    let order = propose(500);
    step(&lead, json!({ "do": "issue_order", "order": order })).problem(409, "must approve it first");
    step(&lead, json!({ "do": "approve_order", "order": order, "version": 9 })).problem(412, "you saw version 9");
    let approved = step(&lead, json!({ "do": "approve_order", "order": order, "version": 1 })).ok().json();
    let free = approved["capacity"][0]["free"].as_u64().unwrap();
    assert_eq!(
        (&approved["capacity"][0]["says"], approved["capacity"][0]["resource"].as_str()),
        (&json!("free"), Some("RS-DH-1:general"))
    );
    // Law 8: what is stated by hand makes no more beds.
    let over = propose(free - 499);
    let stated = json!({ "do": "approve_order", "order": over, "capacity": { "RS-DH-1:general": 9000 } });
    step(&lead, stated).problem(409, "asked for");
    step(&lead, json!({ "do": "issue_order", "order": order })).ok();
    let listed = lead.get("/api/v1/orders").ok().json();
    assert!(
        listed["orders"].as_array().unwrap().iter().any(|one| one["order"] == json!(order) && one["state"] == "issued")
    );
    step(&lead, json!({ "do": "accept_order", "order": order })).ok();
    let finish = |evidence: Value| json!({ "do": "finish_order", "order": order, "met": { &owed: 400 }, "reason": "transferred", "evidence": evidence });
    step(&lead, finish(json!([{ "what": "photo", "base64": "%" }]))).problem(422, "base 64");
    step(&lead, finish(json!([{ "what": "photo", "base64": "" }]))).problem(422, "0 bytes");
    let before = served.city.blob_files().len();
    step(&lead, finish(json!([{ "what": "photo", "base64": "cGhvdG8=" }]))).ok();
    assert_eq!(served.city.blob_files().len(), before + 1);
    let shown = lead.get(&format!("/api/v1/orders/{order}")).ok();
    assert_eq!((shown.json()["state"].as_str(), shown.header("etag")), (Some("done"), Some("\"5\"")));
    // Who is known by pseudonym, and what was recorded wrongly.
    let named = json!({ "do": "name", "what": { "obligation": owed }, "subjects": ["p-1", "p-2"] });
    assert_eq!(step(&commander, named).ok().json()["made"].as_array().unwrap().len(), 2);
    let twice = json!({ "do": "name", "what": { "obligation": owed }, "subjects": ["p-3", "p-3"] });
    step(&commander, twice).problem(422, "named twice");
    let correct =
        json!({ "do": "correct", "what": { "obligation": owed }, "from": "met", "units": 10, "reason": "miscounted" });
    step(&commander, correct).ok();
    let city = served.stop();
    city.is_whole();
}

#[test]
fn a_day_is_closed_by_two_people_with_their_own_sessions() {
    let served = riverside();
    let admin = served.administrator();
    let (one, other) = (served.person(&admin, "commander-1"), served.person(&admin, "commander-2"));
    let open = json!([{ "do": "open", "kind": "care_placement", "area": "RS-1", "units": 3, "due": "2024-03-18T21:00:00+08:00" }]);
    let owed = one.post("/api/v1/ledger", &group(&open)).ok().json()["made"][0].clone();
    let path = "/api/v1/days/2024-03-18/settlement";
    let close = json!({ "at": "2024-03-19T00:30:00+08:00" });
    one.post(path, &json!({})).problem(422, "has no present");
    one.post(path, &close).problem(409, "neither");
    let explain = json!([{ "do": "explain", "what": [{ "obligation": owed }], "day": "2024-03-18", "reason": "no_capacity",
        "owner": "lead-transfer" }]);
    one.post("/api/v1/ledger", &group(&explain)).ok();
    assert_eq!(one.get(path).ok().json()["sealed"], false);
    let key = [("idempotency-key", "019a2046-a6b4-7793-b910-c2b6136d72a5")];
    let prepared = one.ask("POST", path, &key, Some(&close)).ok().json();
    assert_eq!((&prepared["state"], &prepared["signed"]), (&json!("prepared"), &json!(["commander-1"])));
    let again = one.ask("POST", path, &key, Some(&close)).ok().json();
    assert_eq!(again["state"], "prepared");
    // Nobody seals what they signed.
    one.post(path, &close).problem(409, "commander-1");
    served.person(&admin, "auditor-1").post(path, &close).problem(403, "may not");
    let sealed = other.post(path, &close).ok().json();
    assert_eq!((&sealed["state"], &sealed["signed"]), (&json!("sealed"), &json!(["commander-1", "commander-2"])));
    let stands = one.get(path).ok().json();
    assert_eq!((&stands["sealed"], &stands["seal"]), (&json!(true), &sealed["seal"]));
    let page = one.get(&format!("{path}?form=html&lang=zh")).ok();
    assert!(page.text.contains("<html") && page.header("content-type") == Some("text/html; charset=utf-8"));
    for form in ["accounts", "arrears"] {
        assert_eq!(
            one.get(&format!("{path}?form={form}")).ok().header("content-type"),
            Some("text/csv; charset=utf-8")
        );
    }
    served.stop().is_whole();
}

#[test]
fn a_post_goes_from_one_to_the_next_and_both_sign_the_list() {
    let served = riverside();
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let asked = format!("/api/v1/duty?section=transfer&at={SEEN_AT}");
    let post = commander.get(&asked).ok().json()["posts"][0].clone();
    let (holder, area) = (post["person"].as_str().unwrap().to_owned(), post["area"].clone());
    let next = if holder == "lead-treatment" { "lead-testing" } else { "lead-treatment" };
    let (holder, next) = (served.person(&admin, &holder), (next, served.person(&admin, next)));
    let hand = |by: &Browser, to: Option<&str>| {
        by.post("/api/v1/duty/hand-over", &json!({ "area": area, "section": "transfer", "to": to, "at": AT }))
    };
    let opened = json!([{ "do": "open", "kind": "care_placement", "area": area, "units": 5 }]);
    commander.post("/api/v1/ledger", &group(&opened)).ok();
    let owed = commander.get(&format!("/api/v1/obligations?section=transfer&at={SEEN_AT}")).ok().json();
    let begin = json!([{ "do": "begin", "what": { "obligation": owed["items"][0]["obligation"] }, "units": 1 }]);
    let begins = |by: &Browser| by.post("/api/v1/ledger", &group(&begin)).status;
    assert_eq!(begins(&next.1), 403);
    hand(&next.1, None).problem(422, "is not offered to you");
    assert_eq!(hand(&holder, Some(next.0)).ok().json()["step"], "offered");
    assert_eq!(hand(&next.1, None).ok().json()["step"], "accepted");
    let began = Instant::now();
    // Nobody has looked at anything since: who is on duty now may work all the same.
    while begins(&next.1) != 200 {
        assert!(began.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(50));
    }
    while commander.get(&asked).ok().json()["posts"][0]["person"] != next.0 {
        assert!(began.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(50));
    }
    commander.get(&format!("/api/v1/duty?section=nothing&at={SEEN_AT}")).problem(422, "knows no section");
}

#[test]
fn a_page_that_is_not_signed_in_reads_none_of_it() {
    let served = riverside();
    for path in ["/api/v1/imports", "/api/v1/plans", "/api/v1/orders", "/api/v1/measures", "/api/v1/confirmations"] {
        send(&served.base, "GET", path, &[], None).problem(401, "neither a session nor a token");
    }
}
