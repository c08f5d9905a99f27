//! What changes is told as it changes, and whoever was away hears what they missed.

use crate::client::{Browser, Served};
use crate::support::City;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Listens in a thread of its own: names of events with their ids and data.
pub(crate) fn listen(by: &Browser, after: Option<&str>) -> Receiver<(String, Option<String>, Value)> {
    let mut request = ureq::get(format!("{}/api/v1/changes", by.base)).header("cookie", by.cookie.as_ref().unwrap());
    if let Some(after) = after {
        request = request.header("last-event-id", after);
    }
    let answer = request.call().unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let (mut name, mut id) = (String::new(), None);
        for line in BufReader::new(answer.into_body().into_reader()).lines().map_while(Result::ok) {
            let Some((field, value)) = line.split_once(": ") else { continue };
            match field {
                "event" => value.clone_into(&mut name),
                "id" => id = Some(value.to_owned()),
                // Nobody listens any more when the test is over.
                "data" => drop(tell.send((name.clone(), id.take(), serde_json::from_str(value).unwrap()))),
                _ => {}
            }
        }
    });
    told
}

pub(crate) const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_change_is_told_and_a_stream_goes_on_where_it_broke() {
    let city = City::replay();
    let open =
        ["open", "city", "--kind", "care_placement", "--area", "500101", "--units", "12", "--at", "2022-11-18T08:00"];
    city.run(&[&open[..], &["--as", "commander-1"]].concat()).done();
    let served = Served::start(city);
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let at = "2022-11-18T20:00:00%2B08:00";
    let id = commander.get(&format!("/api/v1/obligations?at={at}")).ok().json()["items"][0]["obligation"].clone();
    let listening = listen(&commander, None);
    let assign = |to: &str| {
        let command = json!({ "do": "assign", "what": [{ "obligation": id }], "to": to });
        commander.post("/api/v1/ledger", &json!({ "commands": [command], "at": "2022-11-18T20:00:00+08:00" })).ok()
    };
    let first = assign("lead-transfer").json()["first"].clone();
    let (name, seen, change) = listening.recv_timeout(SOON).unwrap();
    assert_eq!((name.as_str(), &change["position"], &change["kind"]), ("change", &first, &json!("ledger_changed")));
    assert_eq!(change["stream"], "ledger.500101");
    // It says what and where, and nothing of whom.
    assert!(!change.to_string().contains("lead-transfer"), "{change}");
    drop(listening);
    let second = assign("lead-testing").json()["first"].clone();
    let again = listen(&commander, seen.as_deref());
    assert_eq!(again.recv_timeout(SOON).unwrap().2["position"], second);
    // More was missed than is kept.
    let late = listen(&commander, Some("0"));
    assert_eq!(late.recv_timeout(SOON).unwrap().0, "look-again");
    commander.ask("GET", "/api/v1/changes", &[("last-event-id", "x")], None).problem(422, "Last-Event-ID");
}

#[test]
fn what_was_acknowledged_outlives_a_server_that_is_killed() {
    let city = City::replay();
    let open =
        ["open", "city", "--kind", "care_placement", "--area", "500101", "--units", "12", "--at", "2022-11-18T08:00"];
    city.run(&[&open[..], &["--as", "commander-1"]].concat()).done();
    let mut served = Served::start(city);
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let at = "2022-11-18T20:00:00%2B08:00";
    let id = commander.get(&format!("/api/v1/obligations?at={at}")).ok().json()["items"][0]["obligation"].clone();
    let mut written = vec![];
    for nth in 0..20 {
        let to = if nth % 2 == 0 { "lead-transfer" } else { "lead-testing" };
        let command = json!({ "do": "assign", "what": [{ "obligation": id }], "to": to });
        let group = json!({ "commands": [command], "at": "2022-11-18T20:00:00+08:00" });
        written.push(commander.post("/api/v1/ledger", &group).ok().json()["last"].as_u64().unwrap());
    }
    let city = served.kill();
    let again = Served::start(city);
    // The session too: nobody has to sign in again.
    let back = Browser { base: again.base.clone(), ..commander };
    assert_eq!(back.get(&format!("/api/v1/obligations/{}", id.as_str().unwrap())).ok().json()["owner"], "lead-testing");
    let city = again.stop();
    assert!(city.events() >= *written.last().unwrap());
    let verified = city.run(&["journal", "verify", "city"]).done();
    assert!(!verified.out.contains("fault:"), "{verified:?}");
}
