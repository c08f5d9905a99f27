//! Orders: proposed, approved by a person, given out, done; and the capacity that they hold.

use crate::ledger_open::{again, opened, run};
use crate::support::{City, Output};

const LEAD: &str = "--as lead-transfer --lang en";

/// Riverside on 18 March, with its facilities reported, and a thousand people to be placed in the East Bank.
fn riverside() -> (City, String) {
    let city = again("riverside-synthetic");
    run(&city, "import city --until 2024-03-18 --pack", &[&crate::support::pack("riverside-synthetic")]).done();
    let words = "open city --kind care_placement --area RS-1 --units 1000 --at 2024-03-18T09:00 --json";
    let id = opened(&run(&city, words, &[]).done());
    (city, id)
}

fn propose(city: &City, meets: &str, hold: &str) -> String {
    let id = meets.split('=').next().unwrap();
    let words = format!("order city propose --action transfer --meets {meets} --why need={id}");
    let when = format!("--due 2024-03-19T12:00 --at 2024-03-18T10:00 {LEAD} --json");
    let said = run(city, &format!("{words} --hold {hold}@2024-03-19T08:00/2024-03-20T08:00 {when}"), &[]).done();
    said.json()["changes"][0]["order"].as_str().unwrap().to_owned()
}

fn step(city: &City, what: &str, order: &str, rest: &str) -> Output {
    run(city, &format!("order city {what} {order} {rest} --at 2024-03-18T11:00 {LEAD}"), &[])
}

/// The beds that the hospital's last report leaves free: min(physical, staffed, equipped) less occupied.
fn free() -> u64 {
    let table = std::fs::read_to_string(format!("{}/facility_status.csv", crate::support::pack("riverside-synthetic")));
    let table = table.unwrap();
    let row = table.lines().find(|line| line.starts_with("RS-DH-1,2024-03-18T08:00,general,")).unwrap();
    let n: Vec<u64> = row.split(',').skip(4).take(4).map(|cell| cell.parse().unwrap()).collect();
    n[0].min(n[1]).min(n[2]) - n[3]
}

#[test]
fn an_order_is_approved_issued_taken_and_done_and_what_it_did_not_meet_is_owed_again() {
    let (city, id) = riverside();
    let order = propose(&city, &format!("{id}=500"), "RS-DH-1:general=500");
    step(&city, "issue", &order, "").no(&["a person must approve it first"]);
    step(&city, "approve", &order, "--version 9").no(&["you saw version 9"]);
    let said = step(&city, "approve", &order, "").done();
    assert!(said.err.contains(&format!("free {}", free())), "{said:#?}");
    step(&city, "issue", &order, "").done();
    let listed = run(&city, "orders city --json", &[]).done().json();
    assert_eq!(
        (&listed["orders"][0]["state"], &listed["orders"][0]["order"]),
        (&"issued".into(), &order.clone().into())
    );
    run(&city, "orders city --area RS-2 --lang en", &[]).done().out.contains("no order");
    step(&city, "accept", &order, "").done();
    step(&city, "finish", &order, &format!("--met {id}=501 --reason transferred")).no(&["501 cannot leave"]);
    step(&city, "finish", &order, &format!("--met {id}=400 --reason transferred")).done();
    let one = run(&city, &format!("obligation city show {id} --json"), &[]).done().json();
    assert_eq!(one["states"], serde_json::json!({ "opened": 600, "met": 400 }));
    let shown = run(&city, &format!("order city show {order} --json"), &[]).done().json();
    let steps: Vec<_> = shown["history"].as_array().unwrap().iter().map(|e| e["change"]["to"].clone()).collect();
    assert_eq!(steps, [serde_json::Value::Null, "approved".into(), "issued".into(), "accepted".into(), "done".into()]);
    city.is_whole();
}

#[test]
fn nobody_is_planned_into_beds_that_the_hospital_does_not_have() {
    let (city, id) = riverside();
    let over = propose(&city, &format!("{id}=700"), &format!("RS-DH-1:general={}", free() + 1));
    let words = [format!("{} asked for", free() + 1), format!("{} free", free())];
    step(&city, "approve", &over, "").no(&words.each_ref().map(String::as_str));
    // What is stated by hand does not make more beds.
    step(&city, "approve", &over, "--capacity RS-DH-1:general=9000").no(&["asked for", "does not count"]);
    let all = propose(&city, &format!("{id}={}", free()), &format!("RS-DH-1:general={}", free()));
    step(&city, "approve", &all, "").done();
    let one = propose(&city, &format!("{id}=1"), "RS-DH-1:general=1");
    step(&city, "approve", &one, "").no(&["0 free"]);
    step(&city, "cancel", &all, "--reason taken_back").done();
    step(&city, "approve", &one, "").done();
    city.is_whole();
}

#[test]
fn unknown_is_not_free() {
    let (city, id) = riverside();
    let nobody_said = propose(&city, &format!("{id}=1"), "coach:RS-1-7=1");
    step(&city, "approve", &nobody_said, "").no(&["nobody has stated", "unknown is not free"]);
    step(&city, "approve", &nobody_said, "--capacity coach:RS-1-7=1").done();
    let unknown = propose(&city, &format!("{id}=1"), "RS-XX:general=1");
    step(&city, "approve", &unknown, "").no(&["RS-XX:general", "unknown is not free"]);
    // Its acceptance ends with 2024: later nobody is planned in, whatever is stated.
    let words = format!("order city propose --action transfer --meets {id}=1 --why need={id} --due 2025-01-03T12:00");
    let hold = "--hold RS-DH-1:general=1@2025-01-02T08:00/2025-01-03T08:00 --at 2024-03-18T10:00";
    let said = run(&city, &format!("{words} {hold} {LEAD} --json"), &[]).done().json();
    let late = said["changes"][0]["order"].as_str().unwrap().to_owned();
    step(&city, "approve", &late, "--capacity RS-DH-1:general=5").no(&["no valid safety acceptance"]);
}

#[test]
fn an_order_that_promises_too_much_or_names_nothing_is_refused() {
    let (city, id) = riverside();
    let before = city.events();
    let propose = |rest: &str| {
        let words = format!("order city propose --action transfer --due 2024-03-19T12:00 --at 2024-03-18T10:00 {LEAD}");
        run(&city, &format!("{words} {rest}"), &[])
    };
    propose(&format!("--meets {id}=1001 --why need=x")).no(&["1001 cannot leave", "name at most 1000"]);
    propose(&format!("--meets {id}=5 {id}=5 --why need=x")).no(&["no units were named"]);
    propose(&format!("--meets {id} --why need=x")).refused(&["NAME=NUMBER"]);
    propose(&format!("--meets {id}=5 --why need")).refused(&["CODE=RESTS_ON"]);
    propose(&format!("--meets {id}=5 --why need=x --hold beds")).refused(&["RESOURCE=UNITS@FROM/UNTIL"]);
    propose(&format!("--meets {id}=5 --why need=x --by nobody-here")).refused(&["nobody-here"]);
    let none = format!("{}-77=5", id.split('-').next().unwrap());
    propose(&format!("--meets {none} --why need=x")).no(&["there is no obligation"]);
    let stranger = id.replacen("-1", "-5", 1);
    step(&city, "approve", &stranger, "").no(&["there is no order", "levee orders"]);
    assert_eq!(city.events(), before, "a refused command wrote something");
}
