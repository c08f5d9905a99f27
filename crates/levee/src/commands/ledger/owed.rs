//! `levee owed`: what is owed, how late it is, and who is asked.

use super::counter::Counter;
use super::words;
use crate::cli::Cli;
use crate::cli::ledger::OwedArgs;
use crate::failure::Failure;
use crate::open::Access;
use crate::say;
use jiff::Timestamp;
use levee_app::ledger::owed::{Item, KindSum, Owed, Query};
use levee_ledger::KindId;
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &OwedArgs) -> Result<ExitCode, Failure> {
    let counter = Counter::open(cli, &args.city, Access::Read, args.when.lang)?;
    if let Some(day) = args.date {
        return super::posts::run(&counter, day, &args.when);
    }
    if let Some(kind) = &args.kind {
        counter.kind(kind)?;
    }
    if let Some(owner) = &args.owner {
        counter.known(owner)?;
    }
    let now = counter.at(&args.when)?;
    let query = Query {
        area: counter.path_or_city(args.area.as_ref())?,
        late: args.late,
        kind: args.kind.clone(),
        section: args.section.clone(),
        owner: args.owner.clone(),
        limit: args.limit,
    };
    let owed = counter.owed(&query, now)?;
    if cli.json {
        say::json(&document(&query, &owed));
    } else {
        print(&counter, &query, &owed);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(counter: &Counter, query: &Query, owed: &Owed) {
    let (n, lang) = (say::count, counter.lang);
    let place = counter.place(&query.area);
    say::out(&format!("{place}, {}", counter.time(owed.now)));
    let mut kinds: Vec<(&KindId, &KindSum)> = owed.kinds.iter().filter(|(_, sum)| sum.items > 0).collect();
    if kinds.is_empty() {
        say::out(counter.say("没有待办的应尽事项", "nothing is owed"));
        return;
    }
    // What is late stands first.
    kinds.sort_by_key(|(kind, sum)| (std::cmp::Reverse((sum.late_units, sum.units)), *kind));
    let head = [
        ("类别", "kind"),
        ("事项", "items"),
        ("数量", "units"),
        ("逾期事项", "late items"),
        ("逾期数量", "late units"),
    ];
    let mut rows = vec![head.map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec()];
    let mut all = KindSum::default();
    for (kind, sum) in kinds {
        let figures = [sum.items, sum.units, sum.late_items, sum.late_units].map(n);
        rows.push([vec![counter.kind_name(kind)], figures.to_vec()].concat());
        all.items += sum.items;
        all.late_items += sum.late_items;
    }
    rows.push(vec![counter.say("合计", "all").to_owned(), n(all.items), String::new(), n(all.late_items)]);
    say::out(&say::table(&rows, &[1, 2, 3, 4]));
    let head = [
        ("时限", "due"),
        ("逾期", "late"),
        ("类别", "kind"),
        ("地点", "place"),
        ("数量", "units"),
        ("责任人", "owner"),
        ("现找", "asked"),
        ("编号", "id"),
    ];
    let mut rows = vec![head.map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec()];
    rows.extend(owed.items.iter().map(|item| {
        let late = words::late_minutes(item.due, owed.now).map(|minutes| words::minutes_long(lang, minutes));
        let asked = item.asked.as_ref().map(|asked| format!("{}: {}", asked.rung, asked.owner.person));
        vec![
            counter.time(item.due),
            late.unwrap_or_default(),
            format!("{}{}", counter.kind_name(&item.row.kind), marks(counter, item)),
            counter.place(&item.row.path),
            n(item.row.units),
            item.owner.as_ref().map_or_else(|| counter.say("无人", "nobody").to_owned(), ToString::to_string),
            asked.unwrap_or_default(),
            item.obligation.to_string(),
        ]
    }));
    if owed.items.is_empty() {
        return;
    }
    say::out(&format!("\n{}", say::table(&rows, &[1, 4])));
    if owed.more {
        say::note(counter.say("还有更多：--limit N", "there are more: --limit N"));
    }
}

/// What a reader should see at the kind: that it names somebody, that it was explained, that it is invented.
fn marks(counter: &Counter, item: &Item) -> String {
    let mut marks = Vec::new();
    if let Some(subject) = &item.row.subject {
        // The first letters tell two apart on a screen; the whole pseudonym stands in `obligation show`.
        marks.push(subject.as_str().chars().take(8).collect::<String>());
    }
    if let Some((day, reason, _)) = &item.row.arrears {
        marks.push(format!("{day}: {reason}"));
    }
    if item.row.synthetic {
        marks.push(counter.say("模拟", "invented").to_owned());
    }
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join("; ")) }
}

pub(super) fn item_document(item: &Item, now: Timestamp) -> Value {
    json!({
        "obligation": item.obligation.to_string(), "kind": item.row.kind, "area": item.row.path.area(),
        "path": item.row.path, "section": item.section, "units": item.row.units, "priority": item.row.priority,
        "subject": item.row.subject, "due": item.due, "late_minutes": words::late_minutes(item.due, now),
        "owner": item.owner, "given_to": item.row.owner, "synthetic": item.row.synthetic,
        "arrears": item.row.arrears.as_ref().map(|(day, reason, owner)| {
            json!({ "day": day, "reason": reason, "owner": owner })
        }),
        "asked": item.asked.as_ref().map(|asked| json!({
            "rung": asked.rung, "section": asked.post.section, "level": asked.post.level,
            "person": asked.owner.person, "how": asked.owner.how,
        })),
    })
}

fn document(query: &Query, owed: &Owed) -> Value {
    let kinds: Vec<Value> = owed
        .kinds
        .iter()
        .filter(|(_, sum)| sum.items > 0)
        .map(|(kind, sum)| {
            json!({ "kind": kind, "items": sum.items, "units": sum.units, "late_items": sum.late_items,
                "late_units": sum.late_units })
        })
        .collect();
    let items: Vec<Value> = owed.items.iter().map(|item| item_document(item, owed.now)).collect();
    json!({ "schema": "levee.owed/1", "at": owed.now, "area": query.area.area(), "kinds": kinds, "items": items,
        "more": owed.more })
}
