//! What has changed, in words and as data.

use super::counter::Counter;
use super::words;
use crate::say;
use levee_ledger::order::OrderChange;
use levee_ledger::{Change, Opening};
use serde_json::{Value, json};

/// More changes than this are summed up: nobody reads a thousand lines.
const SHOWN: usize = 40;

/// A line for each change, or the first of them and how many more there are.
pub(super) fn lines(counter: &Counter, changes: &[Change]) -> Vec<String> {
    let mut lines: Vec<String> = changes.iter().take(SHOWN).map(|change| line(counter, change)).collect();
    if let Some(more) = changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let more = say::count(more as u64);
        lines.push(format!("… {}", counter.say("另有 N 项", "and N more").replace('N', &more)));
    }
    lines
}

/// One change in one line.
pub(super) fn line(counter: &Counter, change: &Change) -> String {
    let lang = counter.lang;
    let n = say::count;
    match change {
        Change::Opened(opened) => {
            let one = &opened.obligation;
            let how = match opened.how {
                Opening::New => counter.say("登记", "opened").to_owned(),
                Opening::Transferred(from) => format!("{} {from}", counter.say("移入，来自", "transferred in from")),
                Opening::Named(from) => format!("{} {from}", counter.say("具名，出自", "named, out of")),
            };
            let subject = one.subject.as_ref().map(|subject| format!(", {subject}")).unwrap_or_default();
            format!(
                "{} {how}: {}, {}{subject}, {}, {} {}",
                one.id,
                counter.kind_name(&one.kind),
                counter.place(&one.path),
                n(one.split.all()),
                counter.say("时限", "due"),
                counter.time(one.due),
            )
        }
        Change::Grown(grown) => format!("{} +{}", grown.obligation, n(grown.units)),
        Change::Moved(moved) => {
            let reason = moved.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            let said = Some(words::said(lang, moved.said)).filter(|said| !said.is_empty());
            let said = said.map(|said| format!(", {said}")).unwrap_or_default();
            let proven: Vec<&str> = moved.evidence.iter().map(|one| one.what.as_str()).collect();
            let proven = match proven.is_empty() {
                true => String::new(),
                false => format!(", {} {}", counter.say("依据", "evidence"), proven.join(", ")),
            };
            format!(
                "{} {}: {} → {}{reason}{said}{proven}",
                moved.obligation,
                n(moved.units),
                words::state(lang, moved.from),
                words::state(lang, moved.to),
            )
        }
        Change::Named(named) => {
            format!("{} {}: {}", named.obligation, n(named.units), counter.say("转为具名", "become named"))
        }
        Change::Owned(owned) => {
            let post = counter.say("值班人", "its post");
            let name = |person: &Option<levee_model::ids::PersonId>| {
                person.as_ref().map_or_else(|| post.to_owned(), ToString::to_string)
            };
            format!(
                "{} {}: {} → {}",
                owned.obligation,
                counter.say("责任人", "owner"),
                name(&owned.before),
                name(&owned.owner)
            )
        }
        Change::Explained(said) => format!(
            "{} {} {}: {}, {} {}",
            said.obligation,
            counter.say("结转", "carried over after"),
            said.day,
            said.reason,
            counter.say("责任人", "answered for by"),
            said.owner
        ),
        Change::Order(order) => match order.as_ref() {
            OrderChange::Proposed(order) => format!(
                "{} {} {}: {} → {}, {} {}",
                counter.say("指令", "order"),
                order.id,
                words::order(lang, order.state),
                order.action,
                counter.place(&order.path),
                counter.say("时限", "due"),
                counter.time(order.due),
            ),
            OrderChange::Advanced(step) => {
                let reason = step.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!(
                    "{} {}: {} → {}{reason}",
                    counter.say("指令", "order"),
                    step.order,
                    words::order(lang, step.from),
                    words::order(lang, step.to),
                )
            }
        },
    }
}

/// One change as data.
pub(super) fn document(counter: &Counter, change: &Change) -> Value {
    match change {
        Change::Opened(opened) => {
            let (how, from) = match opened.how {
                Opening::New => ("new", None),
                Opening::Transferred(from) => ("transferred", Some(from.to_string())),
                Opening::Named(from) => ("named", Some(from.to_string())),
            };
            json!({ "change": "opened", "obligation": opened.obligation.id.to_string(), "how": how, "from": from,
                "kind": opened.obligation.kind, "area": opened.obligation.path.area(),
                "units": opened.obligation.split.all(), "subject": opened.obligation.subject,
                "due": opened.obligation.due })
        }
        Change::Grown(grown) => json!({ "change": "grown", "obligation": grown.obligation.to_string(),
            "units": grown.units, "day": grown.day }),
        Change::Moved(moved) => json!({ "change": "moved", "obligation": moved.obligation.to_string(),
            "from": moved.from, "to": moved.to, "units": moved.units, "day": moved.day, "reason": moved.reason,
            "said": moved.said, "evidence": moved.evidence.iter().map(|one| &one.what).collect::<Vec<_>>() }),
        Change::Named(named) => json!({ "change": "named", "obligation": named.obligation.to_string(),
            "from": named.from, "units": named.units, "day": named.day }),
        Change::Owned(owned) => json!({ "change": "owned", "obligation": owned.obligation.to_string(),
            "before": owned.before, "owner": owned.owner }),
        Change::Explained(said) => json!({ "change": "explained", "obligation": said.obligation.to_string(),
            "day": said.day, "reason": said.reason, "owner": said.owner }),
        Change::Order(order) => match order.as_ref() {
            OrderChange::Proposed(order) => json!({ "change": "proposed", "order": order.id.to_string(),
                "action": order.action, "area": order.path.area(), "due": order.due,
                "place": counter.place(&order.path) }),
            OrderChange::Advanced(step) => json!({ "change": "advanced", "order": step.order.to_string(),
                "from": step.from, "to": step.to, "reason": step.reason,
                "capacities": step.capacities.iter().map(|(what, n)| json!({ "resource": what, "units": n }))
                    .collect::<Vec<_>>() }),
        },
    }
}
