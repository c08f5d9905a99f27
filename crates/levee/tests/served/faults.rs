//! What goes wrong with a machine: it loses its power, its disk is full, its clock jumps, those who listen do not read.

use crate::client::{Browser, Served};
use crate::support::{City, LEVEE};
use crate::writers::{self, Command, SEEN_AT, assign, city, commander, nothing_is_lost_or_doubled, owed};
use serde_json::json;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

#[test]
fn a_server_that_is_killed_while_people_write_loses_and_doubles_nothing() {
    let mut served = Served::start(city());
    let by = commander(&served);
    let before = served.city.events();
    let mut city = City::none();
    let heard = writers::write(&by, 100, 150, || city = served.kill());
    assert!(heard.done.len() >= 150 && !heard.unheard.is_empty(), "{} of 400 were acknowledged", heard.done.len());
    let again = Served::start(city);
    let back = Browser { base: again.base.clone(), ..by };
    let all = nothing_is_lost_or_doubled(&heard, &back);
    let city = again.stop();
    // One event for each: none twice, none that nobody sent.
    assert_eq!(city.events() - before, all as u64);
    city.is_whole();
}

#[test]
fn a_full_disk_is_said_and_the_city_reads_on() {
    let city = city();
    let length = std::fs::metadata(city.at("city/levee.db")).unwrap().len();
    let mut command = city.command("sh");
    // No file may grow beyond what the journal has now and a little; blocks of 512 bytes.
    let limit = length / 512 + 256;
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {limit}; exec '{LEVEE}' serve city --listen 127.0.0.1:0")]);
    let served = Served::run(city, command);
    let by = commander(&served);
    let what = owed(&by)[0].clone();
    let mut done = vec![];
    let (refused, last) = loop {
        // Each carries a text, so that the file grows.
        let mut body = assign(&what, ["lead-transfer", "lead-testing"][done.len() % 2]);
        body["note"] = json!("a".repeat(20_000));
        let command = Command::new(body);
        let answer = command.send(&by).unwrap();
        if answer.status != 200 {
            break (answer, command);
        }
        done.push(command);
        assert!(done.len() < 2_000, "the disk is never full");
    };
    let refused = refused.problem(507, "full");
    assert!(!refused.json()["hint"].as_str().unwrap().is_empty());
    println!("{} writes until the disk was full", done.len());
    // What was written is there, and read; again and again the answer is the same.
    by.get("/api/v1/people").ok();
    let shown = by.get(&format!("/api/v1/obligations?at={SEEN_AT}")).ok().json();
    assert_eq!(shown["items"].as_array().unwrap().len(), 4);
    last.send(&by).unwrap().problem(507, "full");
    by.get("/ready").ok();
    // Room again: the same command is carried out, once, and nothing acknowledged is missing.
    let again = Served::start(served.stop());
    let back = Browser { base: again.base.clone(), ..by };
    for command in done.iter().chain([&last]) {
        command.send(&back).unwrap().ok();
    }
    assert_eq!(last.send(&back).unwrap().ok().json()["repeated"], true);
    again.stop().is_whole();
}

/// Resident memory of a process, in MiB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn those_who_listen_and_do_not_read_hold_up_nobody_and_hold_no_memory() {
    let served = Served::start(city());
    let by = commander(&served);
    let place = served.base.strip_prefix("http://").unwrap();
    let before = resident(served.pid());
    let deaf: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(place).unwrap();
            let cookie = by.cookie.as_deref().unwrap();
            write!(stream, "GET /api/v1/changes HTTP/1.1\r\nHost: {place}\r\nCookie: {cookie}\r\n\r\n").unwrap();
            stream
        })
        .collect();
    let listening = crate::changes::listen(&by, None);
    let all = || {
        let text = served.anybody().get("/metrics").ok().text;
        let line = text.lines().find(|line| line.starts_with("levee_streams")).unwrap().to_owned();
        line.split_whitespace().last().unwrap().parse::<f64>().unwrap()
    };
    let began = std::time::Instant::now();
    while all() < 201.0 {
        assert!(began.elapsed() < Duration::from_secs(10), "{} listen", all());
        std::thread::sleep(Duration::from_millis(20));
    }
    // Groups of commands, so that there are many changes: more than a stream remembers.
    let what = owed(&by)[0].clone();
    let mut last = 0;
    for _ in 0..30 {
        let one = |nth: usize| json!({ "do": "assign", "what": [{ "obligation": what }], "to": (["lead-transfer", "lead-testing"][nth % 2]) });
        let group = json!({ "commands": (0..50).map(one).collect::<Vec<_>>(), "at": writers::AT });
        last = by.post("/api/v1/ledger", &group).ok().json()["last"].as_u64().unwrap();
    }
    // Whoever reads is told all of it.
    let mut seen = 0;
    while seen < last {
        let (name, _, change) = listening.recv_timeout(crate::changes::SOON).unwrap();
        seen = if name == "change" { change["position"].as_u64().unwrap() } else { last };
    }
    let grown = resident(served.pid()).saturating_sub(before);
    println!("200 deaf listeners, 1,500 changes: {grown} MiB more");
    assert!(grown < 200, "{grown} MiB for 200 who do not read");
    drop(deaf);
}

/// A clock of our own before the program's: seconds are added that a file holds.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t which, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(which, at);
    if (done == 0 && which == CLOCK_REALTIME) {
        FILE *file = fopen(getenv("TEST_CLOCK"), "r");
        long seconds = 0;
        if (file) { if (fscanf(file, "%ld", &seconds) != 1) seconds = 0; fclose(file); }
        at->tv_sec += seconds;
    }
    return done;
}
"#;

fn clock(city: &City) -> PathBuf {
    city.write("clock.c", CLOCK);
    let made = city.at("clock.so");
    let mut cc = std::process::Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&made).arg(city.at("clock.c")).arg("-ldl");
    assert!(cc.status().unwrap().success(), "the C compiler that builds SQLite is needed here too");
    made
}

#[test]
fn a_clock_that_jumps_neither_turns_the_record_around_nor_lengthens_a_session() {
    let city = city();
    let library = clock(&city);
    let hand = city.at("clock.txt");
    let set = |seconds: i64| {
        // Whole or not at all: it is read all the time.
        std::fs::write(hand.with_extension("new"), seconds.to_string()).unwrap();
        std::fs::rename(hand.with_extension("new"), &hand).unwrap();
    };
    set(0);
    let mut command = city.command(LEVEE);
    command.args(["serve", "city", "--listen", "127.0.0.1:0"]).env("LD_PRELOAD", library).env("TEST_CLOCK", &hand);
    let served = Served::run(city, command);
    let admin = served.administrator();
    let by = served.person(&admin, "commander-1");
    let what = owed(&by)[0].clone();
    let write = |to: &str| Command::new(assign(&what, to)).send(&by).unwrap();
    write("lead-transfer").ok();
    let ends = by.get("/api/v1/session").ok().json()["ends"].clone();

    // An hour back: the record goes on forwards or says why it cannot, and nobody gains an hour.
    set(-3600);
    std::thread::sleep(Duration::from_millis(50));
    let back = write("lead-testing");
    if back.status != 200 {
        back.problem(503, "");
    }
    assert_eq!(by.get("/api/v1/session").ok().json()["ends"], ends);
    // A day forward: every session has ended, and none is opened by it.
    set(24 * 3600);
    by.get("/api/v1/session").problem(401, "has ended");
    let shown = json!({ "login": "commander-1", "password": "not this one at all" });
    served.anybody().post("/api/v1/session", &shown).problem(401, "do not belong together");
    let later = served.anybody().signed_in("commander-1");
    let what = owed(&later)[0].clone();
    Command::new(assign(&what, "lead-testing")).send(&later).unwrap().ok();
    // Back to what it is: the session of tomorrow is no longer than one of today, and the record is monotone all the same.
    set(0);
    let answer = Command::new(assign(&what, "lead-transfer")).send(&later).unwrap();
    if answer.status != 200 {
        answer.problem(503, "");
    }
    let city = served.stop();
    let turned: u64 = city
        .database()
        .query_row(
            "SELECT count(*) FROM event AS next JOIN event AS before ON before.position = next.position - 1 \
             WHERE next.recorded_at < before.recorded_at",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(turned, 0, "an event was recorded before the one that stands before it");
    city.is_whole();
}
