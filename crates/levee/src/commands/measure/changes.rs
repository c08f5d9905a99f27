//! What a command of restrictions has changed, in words and as data.

use crate::commands::ledger::Counter;
use crate::commands::rulebook::words;
use crate::failure::Failure;
use crate::say;
use levee_app::measures::Done;
use levee_app::measures::page::freed_because;
use levee_app::measures::view::suspended_why;
use levee_ledger::Refusal;
use levee_measures::{Basis, Change, EndReason};
use serde_json::{Value, json};
use std::process::ExitCode;

/// A phase in words.
pub(super) fn phase(counter: &Counter, code: &str) -> String {
    let (zh, en) = match code {
        "draft" => ("拟议", "draft"),
        "assessed" => ("已评估", "assessed"),
        "gated" => ("已通过启用核查", "gated"),
        "live" => ("生效", "live"),
        "suspended" => ("已中止", "suspended"),
        "ended" => ("已解除", "ended"),
        "lapsed" => ("到期终止", "lapsed"),
        other => (other, other),
    };
    counter.say(zh, en).to_owned()
}

fn ended(reason: &EndReason) -> (&'static str, &'static str, &'static str) {
    match reason {
        EndReason::Decided => ("decided", "决定解除", "it was lifted"),
        EndReason::GroundLapsed => ("ground_lapsed", "依据已消失", "what it rested on is no longer so"),
        EndReason::AppealUpheld => ("appeal_upheld", "申诉成立", "an appeal was upheld"),
    }
}

/// One change as a person reads it.
fn line(counter: &Counter, change: &Change) -> String {
    let say = |zh: String, en: String| counter.say(&zh, &en).to_owned();
    let id = change.measure().map_or_else(String::new, |id| id.to_string());
    match change {
        Change::Proposed { .. } => {
            say(format!("{id}：已拟议，尚不限制任何人"), format!("{id}: drafted; it binds nobody"))
        }
        Change::Assessed { assessment, .. } => {
            let verdict = words::verdict(counter.lang, assessment.verdict);
            let gates = match assessment.rulebook_gates_open {
                true => ("规则库所设前提均已满足", "every gate of the rulebook is open"),
                false => ("规则库所设前提尚有未满足的", "a gate of the rulebook is shut"),
            };
            let effect = assessment.effect.clone();
            let (zh, en) = (
                effect.clone().unwrap_or_else(|| "未知".to_owned()),
                effect.unwrap_or_else(|| "none known".to_owned()),
            );
            let (persons, days) = (say::count(assessment.persons), say::count(assessment.person_days));
            say(
                format!(
                    "{id}：已评估：规则库判定“{verdict}”，{}；限制 {persons} 人、{days} 人日；预期效果：{zh}",
                    gates.0
                ),
                format!(
                    "{id}: assessed: the rulebook says {verdict}, {}; {persons} people, {days} person-days restricted; expected effect: {en}",
                    gates.1
                ),
            )
        }
        Change::Gated { basis, .. } => match &**basis {
            Basis::Gated(_) => say(
                format!("{id}：已通过启用核查，可由两人启用"),
                format!("{id}: the gate is open; two people can activate it"),
            ),
            Basis::Overridden(pass) => {
                let until = counter.time(pass.until());
                say(
                    format!("{id}：经批准暂缓部分保障（最迟 {until}），已通过启用核查，可由两人启用"),
                    format!("{id}: the gate is open by an override until {until}; two people can activate it"),
                )
            }
        },
        Change::Activated { by: [first, second], .. } => {
            say(format!("{id}：已生效（{first}、{second}）"), format!("{id}: live ({first}, {second})"))
        }
        Change::Completed { .. } => say(format!("{id}：暂缓的保障已到位"), format!("{id}: what was put off is there")),
        Change::Suspended { reason, at, .. } => {
            let (why, way) = suspended_why(reason);
            let (zh, en) = freed_because(why);
            let way = way.map_or_else(String::new, |way| format!(" `{way}`"));
            let at = counter.time(*at);
            say(
                format!("{id}：{at} 起中止，人员不再受限，服务照常：{zh}{way}"),
                format!("{id}: suspended from {at}; people are free, services go on: {en}{way}"),
            )
        }
        Change::HouseholdFreed { .. } => {
            say(format!("{id}：一户断供满24小时，不再受限"), format!("{id}: a household unserved for 24 h is free"))
        }
        Change::Renewed { end, .. } => {
            let end = counter.time(*end);
            say(format!("{id}：续期至 {end}"), format!("{id}: renewed until {end}"))
        }
        Change::ReviewFlag { open: true, .. } => {
            say(format!("{id}：到期应复核"), format!("{id}: somebody has to look at it again"))
        }
        Change::ReviewFlag { open: false, .. } => {
            say(format!("{id}：已复核，维持不变"), format!("{id}: looked at; it goes on as it is"))
        }
        Change::Ended { reason, at, .. } => {
            let ((_, zh, en), at) = (ended(reason), counter.time(*at));
            say(format!("{id}：{at} 解除（{zh}）"), format!("{id}: ended at {at}: {en}"))
        }
        Change::Lapsed { at, .. } => {
            let at = counter.time(*at);
            say(format!("{id}：{at} 到期，自动终止"), format!("{id}: over by itself at {at}"))
        }
        Change::Inspected { way, seen, .. } => match seen.open {
            true => say(format!("{id}：“{way}”畅通"), format!("{id}: `{way}` is open")),
            false => say(format!("{id}：“{way}”被堵"), format!("{id}: `{way}` is blocked")),
        },
        Change::UrgentCare { there: true, .. } => {
            say(format!("{id}：急救保障恢复"), format!("{id}: urgent care is there again"))
        }
        Change::UrgentCare { there: false, .. } => {
            say(format!("{id}：急救保障中断"), format!("{id}: urgent care is lost"))
        }
        Change::Unserved { since, .. } => {
            let since = counter.time(*since);
            say(
                format!("{id}：一户自 {since} 起未收到应送保障"),
                format!("{id}: a household is unserved since {since}"),
            )
        }
        Change::Served { .. } => {
            say(format!("{id}：已确认该户得到保障"), format!("{id}: help for a household is confirmed"))
        }
        Change::Appealed { appeal, .. } => say(
            format!("{id}：收到申诉 {appeal}，须在24小时内由其他人作出决定"),
            format!("{id}: appeal {appeal}, to be decided by somebody else within 24 h"),
        ),
        Change::AppealLate { appeal, .. } => {
            say(format!("{id}：申诉 {appeal} 逾期未决"), format!("{id}: appeal {appeal} is late"))
        }
        Change::AppealDecided { appeal, decided, .. } => match decided.upheld {
            true => say(format!("{id}：申诉 {appeal} 成立"), format!("{id}: appeal {appeal} upheld")),
            false => say(format!("{id}：申诉 {appeal} 不成立"), format!("{id}: appeal {appeal} not upheld")),
        },
        Change::Observed(observed) => {
            let id = observed.id;
            say(
                format!("{id}：已记录（他人所为，只评判、标注，不设核查）"),
                format!("{id}: recorded, as others did it"),
            )
        }
        Change::UrgentCareSent { .. } => say("急救车辆已派出".into(), "a vehicle for urgent care was sent".into()),
    }
}

/// One change as data.
fn document(change: &Change) -> Value {
    let id = change.measure().map(|id| id.to_string());
    let (what, more) = match change {
        Change::Proposed { .. } => ("proposed", json!({})),
        Change::Assessed { assessment, .. } => {
            ("assessed", json!({ "verdict": assessment.verdict.code(), "gates_open": assessment.rulebook_gates_open }))
        }
        Change::Gated { basis, .. } => ("gated", json!({ "override_until": basis.until() })),
        Change::Activated { by, .. } => ("activated", json!({ "by": by })),
        Change::Completed { .. } => ("completed", json!({})),
        Change::Suspended { reason, at, .. } => {
            let (why, way) = suspended_why(reason);
            ("suspended", json!({ "at": at, "why": why, "way": way }))
        }
        Change::HouseholdFreed { at, .. } => ("household_freed", json!({ "at": at })),
        Change::Renewed { end, review, .. } => ("renewed", json!({ "end": end, "review": review })),
        Change::ReviewFlag { open, .. } => ("review", json!({ "open": open })),
        Change::Ended { reason, at, .. } => ("ended", json!({ "at": at, "why": ended(reason).0 })),
        Change::Lapsed { at, .. } => ("lapsed", json!({ "at": at })),
        Change::Inspected { way, seen, .. } => ("inspected", json!({ "way": way.to_string(), "open": seen.open })),
        Change::UrgentCare { there, .. } => ("urgent_care", json!({ "there": there })),
        Change::Unserved { since, .. } => ("unserved", json!({ "since": since })),
        Change::Served { .. } => ("served", json!({})),
        Change::Appealed { appeal, .. } => ("appealed", json!({ "appeal": appeal.to_string() })),
        Change::AppealLate { appeal, .. } => ("appeal_late", json!({ "appeal": appeal.to_string() })),
        Change::AppealDecided { appeal, decided, .. } => {
            ("appeal_decided", json!({ "appeal": appeal.to_string(), "upheld": decided.upheld }))
        }
        Change::Observed(observed) => ("observed", json!({ "observed": observed.id.to_string() })),
        Change::UrgentCareSent { at, .. } => ("urgent_care_sent", json!({ "at": at })),
    };
    let mut told = json!({ "change": what, "measure": id });
    if let (Some(told), Some(more)) = (told.as_object_mut(), more.as_object()) {
        told.extend(more.clone());
    }
    told
}

/// Says what was done.
pub(super) fn report(counter: &Counter, done: &Done) -> Result<ExitCode, Failure> {
    if counter.wants_json() {
        let all = |changes: &[Change]| changes.iter().map(document).collect::<Vec<_>>();
        say::json(&json!({ "schema": "levee.measure_done/1", "command": done.receipt.command_id.to_string(),
            "measure": done.id.map(|id| id.to_string()), "appeal": done.appeal.map(|id| id.to_string()),
            "time_brought": all(&done.ticked), "changes": all(&done.changes),
            "obligations": { "opened": done.opened, "closed": done.closed, "met": done.met,
                "still_owed": done.unmet.as_ref().map(ToString::to_string) } }));
        return Ok(ExitCode::SUCCESS);
    }
    for change in &done.ticked {
        say::out(&format!("{}{}", counter.say("到时：", "in time: "), line(counter, change)));
    }
    for change in &done.changes {
        say::out(&line(counter, change));
    }
    if done.changes.is_empty() {
        say::out(counter.say("已记录", "recorded"));
    }
    if done.opened > 0 {
        let (n, s) = (done.opened, if done.opened == 1 { "" } else { "s" });
        say::out(counter.say(&format!("新登记应尽事项 {n} 件"), &format!("{n} obligation{s} opened")));
    }
    if done.closed > 0 {
        let (n, s) = (done.closed, if done.closed == 1 { "" } else { "s" });
        say::out(counter.say(&format!("应尽事项 {n} 件已无必要"), &format!("{n} obligation{s} became moot")));
    }
    if done.met > 0 {
        let (n, s) = (done.met, if done.met == 1 { "" } else { "s" });
        say::out(counter.say(&format!("应尽事项 {n} 件已办结"), &format!("{n} obligation{s} met")));
    }
    if let Some(refusal) = &done.unmet {
        say::out(&still_owed(counter, refusal));
    }
    say::note(&format!("{} {}", counter.say("命令", "command"), done.receipt.command_id));
    Ok(ExitCode::SUCCESS)
}

/// Why something that was done did not meet what is owed.
fn still_owed(counter: &Counter, refusal: &Refusal) -> String {
    let (zh, en) = match refusal {
        Refusal::EvidenceMissing { .. } => {
            ("应尽事项仍未办结：缺少凭证（--evidence FILE）", "still owed: proof is missing (--evidence FILE)")
        }
        Refusal::NotTheirs { .. } => {
            ("应尽事项仍未办结：须由其责任人记录", "still owed: somebody who answers for it has to record it")
        }
        _ => ("应尽事项仍未办结，见 levee owed", "still owed; see levee owed"),
    };
    counter.say(zh, en).to_owned()
}
