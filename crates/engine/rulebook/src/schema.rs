//! The form of a rulebook as JSON Schema (draft 2020-12), for editors that check while a person writes.
//!
//! Its words come from the same tables as the reader's. It refuses what the reader refuses for its shape: unknown, missing and
//! misplaced fields, wrong kinds, unknown words. What one part says of another (sources, parameters, levels, replaced rules,
//! contradictions) and whether a day exists only the reader can tell.

use crate::book::Rulebook;
use crate::choices::Choice;
use crate::predicate::Op;
use crate::rule::{Confidence, Evidence, GateBasis, Kind, OnMissing, Strength, Verdict};
use serde_json::{Map, Value, json};

/// Texts of the form of a day.
pub const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// Names of books, rules and facts: letters, digits, `-_`, in parts between dots.
///
/// Written by what may not stand in them, since not every checker knows classes of letters; the reader is stricter.
pub const NAME: &str = r"^[^\s.!-,/:-@\[-^`{-~]+(\.[^\s.!-,/:-@\[-^`{-~]+)*$";
/// Durations in days, hours and minutes.
pub const DURATION: &str = "^[Pp](?=.)([0-9]+[Dd])?([Tt](?=.)([0-9]+[Hh])?([0-9]+[Mm])?)?$";

/// The schema of `levee.rulebook/0.1`.
pub fn schema() -> Value {
    let mut whole = object(
        &[
            ("schema", json!({ "const": Rulebook::SCHEMA })),
            ("id", name()),
            ("title", reference("title")),
            ("disease", text()),
            (
                "jurisdiction",
                object(&[("country", text())], &[("province_level", maybe(text())), ("note", maybe(text()))]),
            ),
            ("as_of", day()),
            ("timezone", text()),
            ("orders", object(&[("scope", texts()), ("authority", texts())], &[])),
            ("sources", json!({ "type": "object", "additionalProperties": reference("source") })),
            ("rules", json!({ "type": "array", "minItems": 1, "items": reference("rule") })),
        ],
        &[
            ("glossary", json!({ "type": "object", "additionalProperties": reference("title") })),
            (
                "timeline",
                maybe(list(object(
                    &[("instrument", text()), ("from", day())],
                    &[("to", maybe(day())), ("note", maybe(text()))],
                ))),
            ),
        ],
    );
    if let Value::Object(whole) = &mut whole {
        whole.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        whole.insert("title".into(), "Levee rulebook".into());
        whole.insert(
            "description".into(),
            "How a rulebook is written: docs/rulebook.md. Made by `levee rulebook schema`.".into(),
        );
        whole.insert(
            "$defs".into(),
            json!({
                "title": title(), "source": source(), "rule": rule(), "clause": clause(), "check": check(),
                "obligation": obligation(), "predicate": predicate(), "comparison": comparison(), "ref": other_side(),
            }),
        );
    }
    whole
}

fn title() -> Value {
    let mut title = object(&[], &[("en", maybe(text())), ("zh", maybe(text()))]);
    if let Value::Object(fields) = &mut title {
        let has = |key: &str| json!({ "required": [key], "properties": { key: text() } });
        fields.insert("anyOf".into(), json!([has("en"), has("zh")]));
    }
    title
}

fn source() -> Value {
    object(
        &[("title", text()), ("seen", text())],
        &[
            ("zh", maybe(text())),
            ("issuer", maybe(text())),
            ("doc_no", maybe(text())),
            ("date", json!({ "type": ["string", "number", "null"] })),
            ("published", maybe(day())),
            ("in_force", maybe(day())),
            ("url", maybe(text())),
        ],
    )
}

fn rule() -> Value {
    let levels = || maybe(text());
    object(
        &[
            ("id", name()),
            ("kind", words::<Kind>()),
            ("title", reference("title")),
            ("source", json!({ "type": "array", "minItems": 1, "items": reference("clause") })),
            ("effective", object(&[("from", day())], &[("to", maybe(day()))])),
            ("trigger", text()),
            ("applies", reference("predicate")),
            ("checks", list(reference("check"))),
            ("obligations", list(reference("obligation"))),
            ("confidence", words::<Confidence>()),
        ],
        &[
            ("supersedes", maybe(list(name()))),
            ("disease", maybe(text())),
            ("params", json!({ "type": "object" })),
            ("measure", maybe(text())),
            (
                "scope",
                maybe(object(
                    &[],
                    &[
                        ("min", levels()),
                        ("default", maybe(texts())),
                        ("max", levels()),
                        ("extended_max", levels()),
                        ("extension", maybe(text())),
                        ("note", maybe(text())),
                    ],
                )),
            ),
            (
                "duration",
                maybe(object(
                    &[],
                    &[("min_days", maybe(days())), ("max_days", maybe(days())), ("note", maybe(text()))],
                )),
            ),
            ("release", json!({ "anyOf": [{ "type": ["string", "null"] }, reference("predicate")] })),
            (
                "authority",
                maybe(object(
                    &[],
                    &[
                        ("decides", maybe(text())),
                        ("report_to", maybe(text())),
                        ("city_wide", maybe(text())),
                        ("note", maybe(text())),
                    ],
                )),
            ),
            ("examples", maybe(object(&[], &[("stricter", maybe(texts())), ("laxer", maybe(texts()))]))),
            ("notes", maybe(text())),
            ("local", flag()),
            ("product_policy", flag()),
            ("strength", maybe(words::<Strength>())),
        ],
    )
}

fn clause() -> Value {
    object(&[("ref", text()), ("clause", text())], &[("evidence", maybe(words::<Evidence>()))])
}

fn check() -> Value {
    let findings: Vec<&str> = Verdict::TABLE
        .iter()
        .filter(|(_, verdict)| !matches!(verdict, Verdict::Within | Verdict::NotCovered))
        .map(|(word, _)| *word)
        .collect();
    object(
        &[("id", text()), ("assert", reference("predicate")), ("else", json!({ "enum": findings })), ("why", text())],
        &[
            ("when", reference("predicate")),
            ("unless", reference("predicate")),
            ("on_missing", maybe(words::<OnMissing>())),
        ],
    )
}

fn obligation() -> Value {
    let mut obligation = object(
        &[("id", text()), ("owed_by", text()), ("owed_to", text()), ("what", text())],
        &[
            ("due", maybe(json!({ "type": "string", "pattern": DURATION }))),
            ("gate", flag()),
            ("gate_basis", maybe(words::<GateBasis>())),
        ],
    );
    if let Value::Object(fields) = &mut obligation {
        fields.insert("if".into(), json!({ "required": ["gate"], "properties": { "gate": { "const": true } } }));
        fields.insert(
            "then".into(),
            json!({ "required": ["gate_basis"], "properties": { "gate_basis": words::<GateBasis>() } }),
        );
    }
    obligation
}

fn predicate() -> Value {
    let parts = || json!({ "type": "array", "minItems": 1, "items": reference("predicate") });
    json!({ "oneOf": [
        object(&[("all", parts())], &[]),
        object(&[("any", parts())], &[]),
        object(&[("not", reference("predicate"))], &[]),
        reference("comparison"),
    ] })
}

fn comparison() -> Value {
    let reads = |ops: &[Op], value: Value| {
        let ops: Vec<&str> = ops.iter().map(|op| op.code()).collect();
        object(&[("path", name()), ("op", json!({ "enum": ops })), ("value", value)], &[])
    };
    let or_other = |value: Value| json!({ "anyOf": [value, reference("ref")] });
    json!({ "oneOf": [
        object(&[("path", name()), ("op", json!({ "enum": ["exists", "missing"] }))], &[]),
        reads(&[Op::Eq, Op::Ne], or_other(json!({ "type": ["string", "number", "boolean", "array"] }))),
        reads(
            &[Op::Lt, Op::Le, Op::Gt, Op::Ge],
            or_other(json!({ "anyOf": [{ "type": "number" }, day()] })),
        ),
        reads(&[Op::In, Op::NotIn, Op::ContainsAll], or_other(json!({ "type": "array" }))),
        reads(&[Op::ScopeLe, Op::ScopeLt, Op::AuthGe], or_other(text())),
    ] })
}

fn other_side() -> Value {
    json!({ "oneOf": [object(&[("param", text())], &[]), object(&[("path", name())], &[])] })
}

fn object(must: &[(&str, Value)], may: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        must.iter().chain(may).map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let required: Vec<&str> = must.iter().map(|(key, _)| *key).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The same, or `null`.
fn maybe(value: Value) -> Value {
    let either = Value::Array(vec![value, json!({ "type": "null" })]);
    Value::Object(Map::from_iter([("anyOf".to_owned(), either)]))
}

fn list(items: Value) -> Value {
    Value::Object(Map::from_iter([("type".to_owned(), "array".into()), ("items".to_owned(), items)]))
}

fn texts() -> Value {
    list(text())
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn days() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
}

fn day() -> Value {
    json!({ "type": "string", "pattern": DAY })
}

fn name() -> Value {
    json!({ "type": "string", "maxLength": 64, "pattern": NAME })
}

fn words<T: Choice>() -> Value {
    let words: Vec<&str> = T::TABLE.iter().map(|(word, _)| *word).collect();
    json!({ "enum": words })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}
