//! `levee owed --by-owner`: how each post keeps up.

use super::counter::Counter;
use super::{refusal, words};
use crate::cli::ledger::When;
use crate::failure::Failure;
use crate::say;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::event::Mode;
use levee_app::ledger::owed::{PostRecord, record};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(super) fn run(counter: &Counter, day: Date, when: &When) -> Result<ExitCode, Failure> {
    // In a replay the day itself says when it is looked at: by its 24:00.
    let now = match (when.at, counter.desk.mode, counter.desk.calendar.end_of(day)) {
        (None, Mode::Replay, Some(ends)) => ends,
        _ => counter.at(when)?,
    };
    let posts =
        record(&counter.opened.journal, &counter.desk, day, now).map_err(|error| refusal::told(error, counter.lang))?;
    if counter.wants_json() {
        let posts: Vec<Value> = posts.iter().map(document).collect();
        say::json(&json!({ "schema": "levee.posts/1", "at": now, "date": day, "posts": posts }));
    } else {
        print(counter, day, now, &posts);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(counter: &Counter, day: Date, now: Timestamp, posts: &[PostRecord]) {
    let (n, lang) = (say::count, counter.lang);
    if posts.is_empty() {
        say::out(counter.say("没有待办，也没有当日到期的应尽事项", "nothing is owed, and nothing was due on the day"));
        return;
    }
    let head = [
        ("地点", "place"),
        ("工作组", "section"),
        ("值班", "on duty"),
        ("事项", "items"),
        ("数量", "units"),
        ("最早时限", "oldest due"),
        ("平均积压", "mean age"),
        ("当日应办", "due on the day"),
        ("按时", "in time"),
        ("办结率", "closed"),
    ];
    let mut rows = vec![head.map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec()];
    rows.extend(posts.iter().map(|post| {
        let duty = post.on_duty.as_ref().map(|duty| {
            let gap =
                if levee_app::ledger::gaps::is_gap(duty.how) { counter.say("（缺人）", " (gap)") } else { "" };
            format!("{}{gap}", duty.person)
        });
        let rate = post.closure.rate().map(|rate| format!("{:.0}%", rate * 100.0));
        vec![
            counter.place_name(&post.book),
            post.section.to_string(),
            duty.unwrap_or_else(|| counter.say("无人", "nobody").to_owned()),
            n(post.items),
            n(post.units),
            post.oldest_due.map_or_else(String::new, |due| counter.time(due)),
            post.backlog_age_seconds.map_or_else(String::new, |age| words::minutes_long(lang, age / 60)),
            n(post.closure.due),
            n(post.closure.met_in_time),
            rate.unwrap_or_default(),
        ]
    }));
    say::out(&format!("{day}, {}", counter.time(now)));
    say::out(&say::table(&rows, &[3, 4, 6, 7, 8, 9]));
}

fn document(post: &PostRecord) -> Value {
    json!({
        "book": post.book, "section": post.section,
        "on_duty": post.on_duty.as_ref().map(|duty| json!({ "person": duty.person, "how": duty.how })),
        "items": post.items, "units": post.units, "oldest_due": post.oldest_due,
        "backlog_age_seconds": post.backlog_age_seconds,
        "closure": { "due": post.closure.due, "met_in_time": post.closure.met_in_time,
            "met_late": post.closure.met_late, "waived": post.closure.waived, "expired": post.closure.expired,
            "rate": post.closure.rate() },
    })
}
