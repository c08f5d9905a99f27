//! One obligation with its history, and one order.

use super::counter::Counter;
use super::obligation::known;
use super::{changes, refusal, words};
use crate::failure::Failure;
use crate::say;
use levee_app::event::{Event, Position};
use levee_app::journal::Journal as _;
use levee_app::projection::ledger::read;
use levee_ledger::catalogue::FieldValue;
use levee_ledger::order::{Order, OrderChange, OrderId};
use levee_ledger::{Change, Obligation, ObligationId, Refusal, State};
use levee_model::command::{Actor, CommandId};
use levee_model::ids::EntityId;
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::process::ExitCode;

/// One entry of a history.
struct Entry {
    occurred: jiff::Timestamp,
    known_at: jiff::Timestamp,
    actor: Actor,
    command: CommandId,
    change: Change,
}

fn actor(counter: &Counter, actor: &Actor) -> String {
    match actor {
        Actor::Person(id) => id.to_string(),
        Actor::LocalOperator => counter.say("本机操作员", "local operator").to_owned(),
        Actor::System => "Levee".to_owned(),
    }
}

/// What happened to something, oldest first. It cannot have begun before the command that made it.
fn history(counter: &Counter, made: EntityId, about: &dyn Fn(&Change) -> bool) -> Result<Vec<Entry>, Failure> {
    let first = counter.opened.journal.receipt(CommandId::new(made.command()))?;
    let after = Position(first.map_or(0, |receipt| receipt.first.0.saturating_sub(1)));
    let mut entries = Vec::new();
    counter.opened.journal.events(after, &mut |stored| {
        if let Event::LedgerChanged(event) = stored.event {
            entries.extend(event.changes.into_iter().filter(|change| about(change)).map(|change| Entry {
                occurred: stored.occurred,
                known_at: stored.known_at,
                actor: stored.envelope.actor.clone(),
                command: stored.envelope.command_id,
                change,
            }));
        }
        ControlFlow::Continue(())
    })?;
    Ok(entries)
}

fn history_document(counter: &Counter, entries: &[Entry]) -> Vec<Value> {
    let entry = |entry: &Entry| {
        json!({ "occurred": entry.occurred, "known_at": entry.known_at, "actor": actor(counter, &entry.actor),
            "command": entry.command.to_string(), "change": changes::document(counter, &entry.change) })
    };
    entries.iter().map(entry).collect()
}

fn print_history(counter: &Counter, id: EntityId, entries: &[Entry]) {
    // Whose history it is stands above: the lines need not say it again.
    let own = [format!("{id} "), format!("{} {id} ", counter.say("指令", "order"))];
    say::out(&format!("\n{}", counter.say("经过", "history")));
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let line = changes::line(counter, &entry.change);
            let line = own.iter().find_map(|own| line.strip_prefix(own.as_str())).unwrap_or(&line).to_owned();
            vec![format!("  {}", counter.time(entry.occurred)), actor(counter, &entry.actor), line]
        })
        .collect();
    say::out(&say::table(&rows, &[]));
}

fn value(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Count(number) => number.to_string(),
        FieldValue::Decimal(number) => number.to_string(),
        FieldValue::Date(day) => day.to_string(),
        FieldValue::DateTime(at) => at.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
    }
}

fn typed(of: &FieldValue) -> Value {
    match of {
        FieldValue::Count(number) => (*number).into(),
        FieldValue::Decimal(number) => (*number).into(),
        FieldValue::Flag(flag) => (*flag).into(),
        other => value(other).into(),
    }
}

fn split(counter: &Counter, one: &Obligation) -> String {
    let states = State::ALL.into_iter().filter(|state| one.split.of(*state) > 0);
    let parts: Vec<String> = states
        .map(|state| format!("{} {}", words::state(counter.lang, state), say::count(one.split.of(state))))
        .collect();
    parts.join(", ")
}

pub(super) fn obligation(counter: &Counter, id: ObligationId) -> Result<ExitCode, Failure> {
    let one = known(counter, id)?;
    let entries = history(counter, id.0, &|change| change.obligation() == Some(id))?;
    if counter.wants_json() {
        let states: serde_json::Map<String, Value> = State::ALL
            .into_iter()
            .filter(|state| one.split.of(*state) > 0)
            .filter_map(|state| Some((json!(state).as_str()?.to_owned(), one.split.of(state).into())))
            .collect();
        say::json(&json!({
            "schema": "levee.obligation/1", "obligation": id.to_string(), "version": one.version, "kind": one.kind,
            "area": one.path.area(), "path": one.path, "section": one.section, "subject": one.subject,
            "ground": one.ground, "opened_at": one.opened_at, "due": one.due, "owner": one.owner,
            "priority": one.priority, "units": one.split.all(), "owed": one.owed(), "states": states,
            "fields": one.fields.iter().map(|(name, of)| (name.clone(), typed(of)))
                .collect::<serde_json::Map<String, Value>>(),
            "arrears": one.arrears, "orders": one.orders.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "posted": one.posted, "synthetic": one.synthetic, "life_saving": one.life_saving,
            "history": history_document(counter, &entries),
        }));
        return Ok(ExitCode::SUCCESS);
    }
    say::out(&format!("{}  {}", one.id, counter.kind_name(&one.kind)));
    let mut rows = vec![
        [("版本", "version"), ("", "")].map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec(),
        vec![counter.say("地点", "place").to_owned(), format!("{} ({})", counter.place(&one.path), one.path)],
        vec![counter.say("状态", "units").to_owned(), split(counter, &one)],
        vec![counter.say("登记", "since").to_owned(), counter.time(one.opened_at)],
        vec![counter.say("时限", "due").to_owned(), counter.time(one.due)],
        vec![
            counter.say("责任", "owner").to_owned(),
            match &one.owner {
                Some(owner) => owner.to_string(),
                None => format!("{} {}", counter.say("值班：", "on duty:"), one.section),
            },
        ],
    ];
    if let Some([_, version]) = rows.first_mut().map(Vec::as_mut_slice) {
        *version = one.version.to_string();
    }
    let mut also = |name: (&str, &str), text: Option<String>| {
        rows.extend(text.map(|text| vec![counter.say(name.0, name.1).to_owned(), text]));
    };
    also(("对象", "owed to"), one.subject.as_ref().map(ToString::to_string));
    also(("由来", "ground"), one.ground.as_ref().map(ToString::to_string));
    also(("结转", "carried over"), one.arrears.as_ref().map(|a| format!("{}: {}, {}", a.day, a.reason, a.owner)));
    for (name, given) in &one.fields {
        also((name, name), Some(value(given)));
    }
    let orders: Vec<String> = one.orders.iter().map(ToString::to_string).collect();
    also(("指令", "orders"), (!orders.is_empty()).then(|| orders.join(", ")));
    also(("标注", "mark"), one.synthetic.then(|| counter.say("模拟", "invented").to_owned()));
    say::out(&say::table(&rows, &[]));
    print_history(counter, id.0, &entries);
    Ok(ExitCode::SUCCESS)
}

/// The order, or the refusal that there is none.
pub(super) fn known_order(counter: &Counter, id: OrderId) -> Result<Order, Failure> {
    read::order(&counter.opened.journal, &id)?
        .ok_or_else(|| refusal::told(Refusal::UnknownOrder(id).into(), counter.lang))
}

pub(super) fn order(counter: &Counter, id: OrderId) -> Result<ExitCode, Failure> {
    let order = known_order(counter, id)?;
    let entries = history(counter, id.0, &|change| match change {
        Change::Order(change) => match change.as_ref() {
            OrderChange::Proposed(order) => order.id == id,
            OrderChange::Advanced(step) => step.order == id,
        },
        _ => false,
    })?;
    if counter.wants_json() {
        let mut document = order_document(&order);
        document["schema"] = "levee.order/1".into();
        document["history"] = history_document(counter, &entries).into();
        say::json(&document);
        return Ok(ExitCode::SUCCESS);
    }
    say::out(&format!("{}  {}", order.id, order.action));
    let meets = order.meets.iter().map(|one| format!("{} × {}", say::count(one.units), one.obligation));
    let holds = order.holds.iter().map(|hold| {
        let used = if hold.used { counter.say("，已用", ", used") } else { "" };
        format!(
            "{} × {}, {} – {}{used}",
            say::count(hold.units),
            hold.resource,
            counter.time(hold.from),
            counter.time(hold.until)
        )
    });
    let mut rows = vec![
        vec![counter.say("版本", "version").to_owned(), order.version.to_string()],
        vec![counter.say("状态", "state").to_owned(), words::order(counter.lang, order.state).to_owned()],
        vec![counter.say("地点", "place").to_owned(), format!("{} ({})", counter.place(&order.path), order.section)],
        vec![counter.say("时限", "due").to_owned(), counter.time(order.due)],
        vec![counter.say("理由", "why").to_owned(), format!("{}: {}", order.why.code, order.why.rests_on)],
    ];
    rows.extend(meets.map(|meets| vec![counter.say("办理", "meets").to_owned(), meets]));
    rows.extend(holds.map(|holds| vec![counter.say("占用", "holds").to_owned(), holds]));
    rows.extend(order.carried_out_by.iter().map(|by| vec![counter.say("执行", "by").to_owned(), by.to_string()]));
    rows.extend(order.reason.iter().map(|why| vec![counter.say("原因", "reason").to_owned(), why.clone()]));
    say::out(&say::table(&rows, &[]));
    print_history(counter, id.0, &entries);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn order_document(order: &Order) -> Value {
    json!({
        "order": order.id.to_string(), "version": order.version, "state": order.state, "action": order.action,
        "area": order.path.area(), "path": order.path, "section": order.section, "due": order.due,
        "meets": order.meets.iter().map(|one| json!({ "obligation": one.obligation.to_string(), "units": one.units }))
            .collect::<Vec<_>>(),
        "why": order.why, "holds": order.holds, "carried_out_by": order.carried_out_by, "reason": order.reason,
        "life_saving": order.life_saving,
    })
}
