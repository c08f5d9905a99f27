//! `levee measure list` and `show`.

use super::changes::phase;
use crate::commands::ledger::{Counter, told};
use crate::commands::rulebook::words::verdict;
use crate::failure::Failure;
use crate::say;
use jiff::Timestamp;
use levee_app::measures::page::{deferred, words};
use levee_app::measures::view::{self, Shown};
use levee_app::projection::measures::urgent_care_sent;
use levee_measures::{Basis, ExitKind, MeasureId, Phase};
use serde_json::json;
use std::process::ExitCode;

fn name(counter: &Counter, shown: &Shown) -> String {
    shown.words.as_ref().map_or_else(String::new, |words| counter.say(&words.place.zh, &words.place.en).to_owned())
}

/// Whether people are held, said beside the phase: time may have brought what nobody wrote down yet.
fn held(counter: &Counter, shown: &Shown, at: Timestamp) -> String {
    match shown.row.measure.binds(at) {
        true => counter.say("约束中", "binds").to_owned(),
        false => counter.say("不约束", "binds nobody").to_owned(),
    }
}

pub(super) fn list(counter: &Counter, at: Timestamp) -> Result<ExitCode, Failure> {
    let (journal, blobs) = (&counter.opened.journal, &counter.opened.blobs);
    let all = view::all(journal, blobs).map_err(|error| told(error, counter.lang))?;
    let upheld = |one: &Shown| {
        let decided = one.row.measure.appeals().values().filter_map(|appeal| appeal.decided.as_ref());
        decided.filter(|decided| decided.upheld).count()
    };
    let appeals: usize = all.iter().map(|one| one.row.measure.appeals().len()).sum();
    let upheld: usize = all.iter().map(upheld).sum();
    if counter.wants_json() {
        say::json(&json!({ "schema": "levee.measures/1", "at": at, "appeals": appeals, "appeals_upheld": upheld,
            "urgent_care_sent": urgent_care_sent(journal)?,
            "measures": all.iter().map(|one| one.document(at)).collect::<Vec<_>>() }));
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        say::out(counter.say("没有限制措施", "there is no restriction"));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows: Vec<Vec<String>> = vec![
        ["措施 measure", "阶段 phase", "", "至 until", "地点 where"]
            .iter()
            .map(|cell| {
                let (zh, en) = cell.split_once(' ').unwrap_or((cell, cell));
                counter.say(zh, en).to_owned()
            })
            .collect(),
    ];
    for one in &all {
        let measure = &one.row.measure;
        rows.push(vec![
            measure.id().to_string(),
            phase(counter, measure.phase().name().code()),
            held(counter, one, at),
            counter.time(measure.over_at().unwrap_or(measure.terms().end())),
            name(counter, one),
        ]);
    }
    say::out(&say::table(&rows, &[]));
    say::out(
        counter.say(&format!("申诉 {appeals} 件，成立 {upheld} 件"), &format!("{appeals} appeal(s), {upheld} upheld")),
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) fn one(counter: &Counter, id: MeasureId, at: Timestamp) -> Result<ExitCode, Failure> {
    let (journal, blobs) = (&counter.opened.journal, &counter.opened.blobs);
    let shown = view::one(journal, blobs, id).map_err(|error| told(error, counter.lang))?;
    if counter.wants_json() {
        let mut document = shown.document(at);
        if let Some(document) = document.as_object_mut() {
            document.insert("schema".into(), "levee.measure/1".into());
        }
        say::json(&document);
        return Ok(ExitCode::SUCCESS);
    }
    for line in lines(counter, &shown, at) {
        say::out(&line);
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(counter: &Counter, shown: &Shown, at: Timestamp) -> Vec<String> {
    let row = &shown.row;
    let (measure, terms) = (&row.measure, row.measure.terms());
    let mut lines = vec![
        format!("{}  {}", measure.id(), name(counter, shown)),
        format!(
            "{}: {}, {}",
            counter.say("阶段", "phase"),
            phase(counter, measure.phase().name().code()),
            held(counter, shown, at)
        ),
        format!(
            "{}: {} → {}, {} {}",
            counter.say("期限", "time"),
            counter.time(terms.start()),
            counter.time(terms.end()),
            counter.say("复核", "review"),
            counter.time(terms.review())
        ),
        format!("{}: {} ({})", counter.say("依据", "ground"), terms.ground().rule, terms.ground().clause),
        format!("{}: {}", counter.say("决定人", "decided by"), terms.decider()),
    ];
    if let Phase::Gated(Basis::Overridden(pass)) | Phase::Live(Basis::Overridden(pass)) = measure.phase() {
        for (what, who) in pass.interim() {
            let (zh, en) = deferred(*what);
            lines.push(format!(
                "{}: {}, {} {}, {who}",
                counter.say("暂缓", "put off"),
                counter.say(zh, en),
                counter.say("至", "until"),
                counter.time(pass.until())
            ));
        }
    }
    if let Some(counted) = &row.counted {
        let unknown = || counter.say("不明", "unknown").to_owned();
        let persons = counted.demand.persons.map_or_else(unknown, say::count);
        lines.push(format!(
            "{}: {persons}, {} {}",
            counter.say("人数", "people"),
            counter.say("户数", "households"),
            say::count(counted.households)
        ));
    }
    if let Some(told) = measure.assessment() {
        let none = || counter.say("不明", "none known").to_owned();
        lines.push(format!(
            "{}: {} / {} {}",
            counter.say("评估", "assessed"),
            verdict(counter.lang, told.verdict),
            counter.say("预期效果", "expected effect"),
            told.effect.clone().unwrap_or_else(none)
        ));
    }
    if let Some(judged) = &row.judged {
        for (rule, check) in &judged.shut {
            lines.push(format!(
                "  {}: {rule} / {check}",
                counter.say("规则库前提未满足", "a gate of the rulebook is shut")
            ));
        }
    }
    for promise in &row.promises {
        let (zh, en) = words(promise.service);
        let vehicle = promise.vehicle.as_ref().map_or_else(String::new, |vehicle| format!(" ({vehicle})"));
        lines.push(format!(
            "  {}: {} {}{vehicle}",
            counter.say(zh, en),
            promise.provider,
            say::count(promise.reserved)
        ));
    }
    for way in &row.ways {
        let kind = match way.kind {
            ExitKind::Exit => counter.say("出口", "exit"),
            ExitKind::FireLane => counter.say("消防通道", "fire lane"),
        };
        let seen = match &way.inspected {
            None => counter.say("未巡查", "not inspected").to_owned(),
            Some(seen) => {
                let state = if seen.open { counter.say("畅通", "open") } else { counter.say("被堵", "blocked") };
                format!("{state} {} ({})", counter.time(seen.at), seen.by)
            }
        };
        lines.push(format!("  {kind} {}: {seen}", way.id));
    }
    lines.push(format!(
        "{}: {} / {}",
        counter.say("应尽事项（未了/全部）", "obligations (owed / all)"),
        shown.owed.0,
        shown.owed.1
    ));
    for (id, appeal) in measure.appeals() {
        let state = match &appeal.decided {
            Some(decided) if decided.upheld => counter.say("成立", "upheld").to_owned(),
            Some(_) => counter.say("不成立", "not upheld").to_owned(),
            None => format!("{} {}", counter.say("须于此前决定", "to be decided by"), counter.time(appeal.due())),
        };
        lines.push(format!("{} {id}: {state}", counter.say("申诉", "appeal")));
    }
    lines.push(counter.say("经过", "history").to_owned());
    lines.extend(
        row.steps.iter().map(|step| format!("  {}  {}", counter.time(step.at), step_words(counter, &step.what))),
    );
    lines
}

fn step_words(counter: &Counter, code: &str) -> String {
    let (zh, en) = match code {
        "proposed" => ("拟议", "proposed"),
        "assessed" => ("评估", "assessed"),
        "gated" => ("通过启用核查", "passed the gate"),
        "live" => ("生效", "live"),
        "completed" => ("暂缓的保障到位", "what was put off is there"),
        "suspended" => ("中止", "suspended"),
        "household_freed" => ("一户不再受限", "a household is free"),
        "renewed" => ("续期", "renewed"),
        "review_due" => ("到期应复核", "to be looked at again"),
        "reviewed" => ("已复核", "looked at"),
        "ended" => ("解除", "ended"),
        "lapsed" => ("到期终止", "over by itself"),
        "appealed" => ("收到申诉", "appealed against"),
        "appeal_late" => ("申诉逾期未决", "an appeal is late"),
        "appeal_decided" => ("申诉已决定", "an appeal was decided"),
        other => (other, other),
    };
    counter.say(zh, en).to_owned()
}
