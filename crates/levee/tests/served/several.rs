//! Several servers of one city on one database: a change at one is told at the others, either may be killed, and the database may go away
//! for a while.

use crate::changes::{SOON, listen};
use crate::client::{Browser, Served};
use crate::postgres::{Admin, Server};
use crate::support::City;
use crate::writers::{self, Command, SEEN_AT, assign, city, commander, nothing_is_lost_or_doubled, owed};
use std::time::{Duration, Instant};

/// The city, moved into a database.
fn moved(server: &Server) -> (City, String) {
    let (city, address) = (city(), server.database());
    city.run(&["store", "copy", "city", "--to", &address, "--switch"]).done();
    (city, address)
}

fn at(by: &Browser, served: &Served) -> Browser {
    Browser { base: served.base.clone(), ..by.clone() }
}

/// How many commands were carried out.
fn commands(address: &str) -> usize {
    Admin::connect(address).run("SELECT count(*) FROM levee.command")[0][0].parse().unwrap()
}

#[test]
fn a_change_at_one_server_is_told_at_the_other() {
    let server = Server::start();
    let (city, _) = moved(&server);
    let one = Served::start(city);
    let two = one.beside();
    // Who signed in at one is known at the other, and who signs out is gone there within what it trusts.
    let here = commander(&one);
    let there = at(&here, &two);
    let told = listen(&there, None);
    let what = owed(&there)[0].clone();
    let mut took = vec![];
    for nth in 0..20 {
        let to = ["lead-transfer", "lead-testing"][nth % 2];
        let written = here.post("/api/v1/ledger", &assign(&what, to)).ok().json();
        let answered = Instant::now();
        let (name, _, change) = told.recv_timeout(SOON).unwrap();
        took.push(answered.elapsed());
        assert_eq!((name.as_str(), &change["position"]), ("change", &written["first"]));
        assert_eq!(change["kind"], "ledger_changed");
    }
    took.sort();
    println!(
        "from the answer at one server to the word at the other: median {:?}, longest {:?} of 20",
        took[10], took[19]
    );
    here.ask("DELETE", "/api/v1/session", &[], None).ok();
    std::thread::sleep(Duration::from_millis(2100));
    there.get("/api/v1/city").problem(401, "has ended");
}

#[test]
fn one_of_two_servers_is_killed_while_people_write_and_nothing_is_lost_or_doubled() {
    let server = Server::start();
    let (city, address) = moved(&server);
    let mut one = Served::start(city);
    let two = one.beside();
    let here = commander(&one);
    let there = at(&here, &two);
    let told = listen(&there, None);
    let before = commands(&address);
    let mut city = City::none();
    let heard = writers::write(&here, 50, 80, || city = one.kill());
    assert!(heard.done.len() >= 80 && !heard.unheard.is_empty(), "{} of 200 were acknowledged", heard.done.len());
    // The other goes on, and its stream has told every change that was acknowledged.
    let mut last = heard.done.iter().map(|(_, last)| *last).max().unwrap();
    let all = nothing_is_lost_or_doubled(&heard, &there);
    assert_eq!(commands(&address) - before, all);
    let more = writers::write(&there, 10, 0, || {});
    assert_eq!(more.done.len(), 40);
    last = last.max(more.done.iter().map(|(_, last)| *last).max().unwrap());
    let mut seen = 0;
    while seen < last {
        seen = told.recv_timeout(SOON).unwrap().2["position"].as_u64().unwrap();
    }
    // One that comes back finds all of it.
    let again = Served::start(city);
    nothing_is_lost_or_doubled(&more, &at(&here, &again));
    drop(two);
    again.stop().is_whole();
}

#[test]
fn a_database_that_is_started_anew_is_waited_for_and_nothing_acknowledged_is_lost() {
    let mut server = Server::start();
    let (city, address) = moved(&server);
    let served = Served::start(city);
    let by = commander(&served);
    let told = listen(&by, None);
    let before = commands(&address);
    let heard = writers::write(&by, 50, 40, || server.stop());
    assert!(heard.done.len() >= 40 && !heard.unheard.is_empty(), "{} of 200 were acknowledged", heard.done.len());
    // While it is away: not now, and when to ask again. The process itself is well.
    let what = heard.unheard[0].clone();
    let away = what.send(&by).unwrap().problem(503, "");
    assert!(away.header("retry-after").is_some(), "{away:?}");
    let away = by.get(&format!("/api/v1/obligations?at={SEEN_AT}")).problem(503, "");
    assert!(away.header("retry-after").is_some(), "{away:?}");
    by.get("/ready").problem(503, "");
    by.get("/health").ok();
    let shown = serde_json::json!({ "login": "commander-1", "password": crate::client::PASSWORD });
    let refused = served.anybody().post("/api/v1/session", &shown).problem(503, "does not answer");
    // Where the database lies is nobody's business who has not signed in.
    assert!(!refused.text.contains("postgres") && !refused.text.contains("127.0.0.1"), "{refused:?}");
    server.start_again();
    let began = Instant::now();
    while by.get("/ready").status != 200 {
        assert!(began.elapsed() < Duration::from_secs(20), "it is not well again");
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("ready again {:?} after the database was", began.elapsed());
    let all = nothing_is_lost_or_doubled(&heard, &by);
    assert_eq!(commands(&address) - before, all);
    // Nobody has to listen anew.
    let last = Command::new(assign(&owed(&by)[0], "lead-testing")).send(&by).unwrap().ok().json()["last"].clone();
    while told.recv_timeout(SOON).unwrap().2["position"] != last {}
    served.stop().is_whole();
}
