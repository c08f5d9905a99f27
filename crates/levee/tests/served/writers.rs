//! People who write all at once, and remember what they were told: whatever was acknowledged must be there, and what was not is sent
//! again with its id.

use crate::client::{Answer, Browser, Served, try_send};
use crate::support::City;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) const AT: &str = "2022-11-18T20:00:00+08:00";
pub(crate) const SEEN_AT: &str = "2022-11-18T20:00:00%2B08:00";

const DISTRICTS: [&str; 4] = ["500101", "500103", "500105", "500106"];

/// Chongqing on 18 November, with one obligation for each of four writers.
pub(crate) fn city() -> City {
    let city = City::replay();
    for district in DISTRICTS {
        let what = ["--kind", "care_placement", "--area", district, "--units", "12", "--at", "2022-11-18T08:00"];
        city.run(&[&["open", "city"], &what[..], &["--as", "commander-1"]].concat()).done();
    }
    city
}

/// The obligations, by area.
pub(crate) fn owed(by: &Browser) -> Vec<Value> {
    let listed = by.get(&format!("/api/v1/obligations?at={SEEN_AT}")).ok().json();
    listed["items"].as_array().unwrap().iter().map(|item| item["obligation"].clone()).collect()
}

pub(crate) fn assign(what: &Value, to: &str) -> Value {
    json!({ "commands": [{ "do": "assign", "what": [{ "obligation": what }], "to": to }], "at": AT })
}

/// A command with its id.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    id: String,
    body: Value,
}

impl Command {
    pub(crate) fn new(body: Value) -> Self {
        Self { id: uuid::Uuid::now_v7().to_string(), body }
    }

    /// Sends it; none when the connection broke before an answer came.
    pub(crate) fn send(&self, by: &Browser) -> Option<Answer> {
        let headers = [
            ("x-levee", "1"),
            ("content-type", "application/json"),
            ("idempotency-key", &self.id),
            ("cookie", by.cookie.as_deref().unwrap()),
        ];
        try_send(&by.base, "POST", "/api/v1/ledger", &headers, Some(self.body.to_string().as_bytes())).ok()
    }
}

/// What four writers were told.
#[derive(Default)]
pub(crate) struct Told {
    /// Acknowledged, with the position of its last event.
    pub(crate) done: Vec<(Command, u64)>,
    /// Nothing was heard of these, or that it is not to be had now.
    pub(crate) unheard: Vec<Command>,
}

/// Four people write, `each` commands each, one after the other; `meanwhile` is run when `half` were acknowledged. Whoever gets no answer
/// stops: the server is gone.
pub(crate) fn write(by: &Browser, each: usize, half: usize, meanwhile: impl FnOnce()) -> Told {
    let (told, acknowledged) = (Mutex::new(Told::default()), AtomicUsize::new(0));
    let owed = owed(by);
    assert_eq!(owed.len(), DISTRICTS.len());
    std::thread::scope(|scope| {
        for what in &owed {
            let (told, acknowledged) = (&told, &acknowledged);
            scope.spawn(move || {
                for nth in 0..each {
                    let command = Command::new(assign(what, ["lead-transfer", "lead-testing"][nth % 2]));
                    let answer = command.send(by);
                    let mut told = told.lock().unwrap();
                    match answer {
                        Some(answer) if answer.status == 200 => {
                            let last = answer.json()["last"].as_u64().unwrap();
                            told.done.push((command, last));
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                        }
                        Some(answer) => {
                            answer.problem(503, "");
                            told.unheard.push(command);
                            return;
                        }
                        None => {
                            told.unheard.push(command);
                            return;
                        }
                    }
                }
            });
        }
        while acknowledged.load(Ordering::Relaxed) < half {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        meanwhile();
    });
    told.into_inner().unwrap()
}

/// Everything acknowledged is there, once; what was not heard of is carried out when it is sent again, once. Gives how many commands
/// were written in all.
pub(crate) fn nothing_is_lost_or_doubled(told: &Told, at: &Browser) -> usize {
    for (command, last) in &told.done {
        let again = command.send(at).unwrap().ok().json();
        assert_eq!((&again["repeated"], again["last"].as_u64()), (&json!(true), Some(*last)), "{command:?}");
    }
    for command in &told.unheard {
        let first = command.send(at).unwrap().ok().json();
        let again = command.send(at).unwrap().ok().json();
        assert_eq!((&again["repeated"], &again["last"]), (&json!(true), &first["last"]), "{command:?}");
    }
    told.done.len() + told.unheard.len()
}

/// A commander who is signed in.
pub(crate) fn commander(served: &Served) -> Browser {
    let admin = served.administrator();
    served.person(&admin, "commander-1")
}
