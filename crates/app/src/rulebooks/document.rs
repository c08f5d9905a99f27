//! What changed between rulebooks, as one JSON document, `levee.rulebook_diff/1`; and rules as data.

use jiff::civil::Date;
use levee_rulebook::diff::{Changed, Difference, Instance, OneSided, Part, concerns};
use levee_rulebook::{Rule, Rulebook, Value as Fact};
use serde_json::{Map, Value, json};

/// A book, and the day on which only its rules in force are meant.
pub type Named<'a> = (&'a Rulebook, Option<Date>);

/// The document of a difference.
pub fn difference(found: &Difference<'_>, before: Named<'_>, after: Named<'_>) -> Value {
    let side = |(book, day): Named<'_>| json!({ "rulebook": book.id().as_str(), "as_of": book.as_of(), "on": day });
    json!({
        "schema": "levee.rulebook_diff/1",
        "before": side(before),
        "after": side(after),
        "added": found.added.iter().map(one_sided_json).collect::<Vec<_>>(),
        "removed": found.removed.iter().map(one_sided_json).collect::<Vec<_>>(),
        "changed": found.changed.iter().map(changed_json).collect::<Vec<_>>(),
        "same": found.same,
    })
}

/// A rule in short.
pub fn rule(rule: &Rule) -> Value {
    json!({
        "rule": rule.id.as_str(), "kind": rule.kind.code(), "title": { "en": rule.title.en, "zh": rule.title.zh },
        "from": rule.effective.from, "to": rule.effective.to, "concerns": concerns(rule),
    })
}

fn one_sided_json(one: &OneSided<'_>) -> Value {
    json!({ "rule": rule(one.rule), "instance": one.instance.as_ref().map(instance_json) })
}

fn changed_json(one: &Changed<'_>) -> Value {
    let parts: Vec<Value> = one
        .parts
        .iter()
        .map(|part| match part {
            Part::Effective => json!({ "part": "effective" }),
            Part::Applies => {
                json!({ "part": "applies", "before": one.before.applies.to_string(), "after": one.after.applies.to_string() })
            }
            Part::Param { name, before, after } => {
                let number = |value: &Option<Option<&Fact>>| match value {
                    None => json!({ "there": false }),
                    Some(value) => json!({ "there": true, "value": value.map(ToString::to_string) }),
                };
                json!({ "part": "param", "name": name, "before": number(before), "after": number(after) })
            }
            Part::Check { id, before, after } => {
                let check = |check: &Option<&levee_rulebook::Check>| {
                    check.map(|check| {
                        json!({ "assert": check.assert.to_string(), "else": check.otherwise.code(), "why": check.why })
                    })
                };
                json!({ "part": "check", "id": id, "before": check(before), "after": check(after) })
            }
            Part::Obligation { id, owed_to, was, is } => {
                json!({ "part": "obligation", "id": id, "owed_to": owed_to, "before": was, "after": is })
            }
            Part::Words(field) => json!({ "part": field }),
        })
        .collect();
    json!({
        "before": rule(one.before), "after": rule(one.after), "parts": parts,
        "instance": one.instance.as_ref().map(instance_json),
    })
}

fn instance_json(found: &Instance) -> Value {
    let facts: Map<String, Value> =
        found.facts.iter().map(|(path, value)| (path.to_string(), value.to_string().into())).collect();
    json!({
        "facts": facts,
        "before": { "verdict": found.before.0.code(), "on": found.before.1 },
        "after": { "verdict": found.after.0.code(), "on": found.after.1 },
        "whole_book": found.whole,
    })
}
