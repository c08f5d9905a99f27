//! The published schema is the reader's: the three books fit it, and what the reader refuses for its shape does not.
//!
//! The checker below knows the keywords that the schema uses and fails on any other, so that none is passed over in silence.
//! `rulebooks/schema.json` was also checked with Python's `jsonschema` 4.26 (metaschema and the three books; not the broken ones).

use crate::common::{CHINA, GENERIC, MEASLES};
use crate::evaluation::one_rule;
use levee_rulebook::{DAY, DURATION, NAME, Rulebook, schema};
use serde_json::Value;

const CHECK: &str = "{id: c, assert: {path: m.days, op: le, value: {param: days}}, else: stricter, why: w}";

/// Why a document does not fit, or nothing.
fn fits(rules: &Value, root: &Value, given: &Value) -> Result<(), String> {
    let Value::Object(keywords) = rules else { panic!("a schema is a map: {rules}") };
    for (keyword, wanted) in keywords {
        let list = || wanted.as_array().unwrap().iter();
        let passing = || list().filter(|one| fits(one, root, given).is_ok()).count();
        let fine = match keyword.as_str() {
            "$schema" | "title" | "description" | "$defs" | "properties" | "then" => true,
            "$ref" => {
                let name = wanted.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                fits(&root["$defs"][name], root, given)?;
                true
            }
            "const" => given == wanted,
            "enum" => list().any(|one| one == given),
            "type" => match wanted {
                Value::Array(_) => list().any(|one| is(one, given)),
                one => is(one, given),
            },
            "required" => given.as_object().is_none_or(|map| list().all(|key| map.contains_key(key.as_str().unwrap()))),
            "additionalProperties" => {
                for (key, value) in given.as_object().into_iter().flatten() {
                    match (rules["properties"].get(key), wanted) {
                        (Some(_), _) => {}
                        (None, Value::Bool(false)) => return Err(format!("`{key}` is not known")),
                        (None, wanted) => fits(wanted, root, value)?,
                    }
                }
                true
            }
            "items" => {
                given.as_array().into_iter().flatten().try_for_each(|item| fits(wanted, root, item))?;
                true
            }
            "minItems" => given.as_array().is_none_or(|list| list.len() as u64 >= wanted.as_u64().unwrap()),
            "minimum" => given.as_f64().is_none_or(|number| number >= wanted.as_f64().unwrap()),
            "maximum" => given.as_f64().is_none_or(|number| number <= wanted.as_f64().unwrap()),
            "maxLength" => given.as_str().is_none_or(|text| text.chars().count() as u64 <= wanted.as_u64().unwrap()),
            "pattern" => given.as_str().is_none_or(|text| matches(wanted.as_str().unwrap(), text)),
            "anyOf" => passing() > 0,
            "oneOf" => passing() == 1,
            "if" => fits(wanted, root, given).is_err() || fits(&rules["then"], root, given).is_ok(),
            other => panic!("the checker does not know `{other}`"),
        };
        if !fine {
            return Err(format!("{given} breaks {keyword} {wanted}"));
        }
    }
    for (key, rule) in rules["properties"].as_object().into_iter().flatten() {
        if let Some(value) = given.get(key) {
            fits(rule, root, value).map_err(|why| format!("{key}: {why}"))?;
        }
    }
    Ok(())
}

fn is(kind: &Value, given: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => given.is_object(),
        "array" => given.is_array(),
        "string" => given.is_string(),
        "boolean" => given.is_boolean(),
        "null" => given.is_null(),
        "number" => given.is_number(),
        "integer" => given.is_u64() || given.is_i64(),
        other => panic!("the checker does not know the kind {other}"),
    }
}

/// The three patterns of the schema, each by hand.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match pattern {
        DAY => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.iter().map(|part| part.len()).collect::<Vec<_>>() == [4, 2, 2] && parts.into_iter().all(digits)
        }
        NAME => text.split('.').all(|part| {
            !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
        }),
        DURATION => text.to_uppercase().strip_prefix('P').is_some_and(|text| {
            let (days, time) = text.split_once('T').map_or((text, None), |(days, time)| (days, Some(time)));
            let units = |text: &str, units: &str| {
                text.split_inclusive(|letter: char| letter.is_alphabetic()).try_fold(0, |from, part| {
                    let (number, unit) = part.split_at(part.len() - 1);
                    let at = units.find(unit).filter(|at| *at >= from && digits(number))?;
                    Some(at + 1)
                })
            };
            let days_fit = days.is_empty() || units(days, "D").is_some();
            days_fit && time.map_or(!days.is_empty(), |time| !time.is_empty() && units(time, "HM").is_some())
        }),
        other => panic!("the checker does not know the pattern {other}"),
    }
}

fn checked(text: &str) -> Result<(), String> {
    let given: Value = serde_norway::from_str(text).unwrap();
    let schema = schema();
    fits(&schema, &schema, &given)
}

#[test]
fn the_published_schema_is_the_one_that_the_reader_gives() {
    let published: Value = serde_json::from_str(include_str!("../../../../../rulebooks/schema.json")).unwrap();
    assert_eq!(published, schema(), "write it again: `levee rulebook schema > rulebooks/schema.json`");
}

#[test]
fn the_three_books_fit_the_schema() {
    for text in [CHINA, GENERIC, MEASLES, &one_rule(CHECK)] {
        assert_eq!(checked(text), Ok(()));
    }
}

#[test]
fn what_the_reader_refuses_for_its_shape_the_schema_refuses() {
    let mut tried = 0;
    for (from, to) in [
        ("schema: levee.rulebook/0.1", "schema: levee.rulebook/0.2"),
        ("disease: any", "desease: any"),
        ("disease: any", "disease: 7"),
        ("disease: any", "disease: null"),
        ("id: test", "id: a..b"),
        ("title: {en: Test}", "title: {}"),
        ("title: {en: Test}", "title: Test"),
        ("as_of: 2022-11-24", "as_of: November"),
        ("scope: [person, building, city]", "scope: person"),
        ("seen: all of it", "saw: all of it"),
        ("kind: testing", "kind: guessing"),
        ("kind: testing", "kind: testing\n  colour: red"),
        ("[{ref: A, clause: art. 1}]", "[]"),
        ("clause: art. 1", "clause: art. 1, evidence: heard"),
        ("effective: {from: 2022-01-01, to: null}", "effective: {to: null}"),
        ("effective: {from: 2022-01-01, to: null}", "effective: {from: 2022-01-01, until: null}"),
        ("params: {days: 5, found: null, words: [a, b]}", "params: [days]"),
        ("value: {param: days}", "value: {param: days, path: m.days}"),
        ("value: {param: days}", "value: soon"),
        ("value: {param: days}", "value: null"),
        ("op: le, value: {param: days}", "op: lte, value: {param: days}"),
        ("op: le, value: {param: days}", "op: in, value: building"),
        ("op: le, value: {param: days}", "op: auth_ge, value: 3"),
        ("op: le, value: {param: days}", "op: exists, value: 3"),
        ("op: le, value: {param: days}", "op: le"),
        ("{path: m.days, op: le, value: {param: days}}", "{all: []}"),
        (
            "{path: m.days, op: le, value: {param: days}}",
            "{all: [{path: a, op: exists}], any: [{path: a, op: exists}]}",
        ),
        ("{path: m.days, op: le, value: {param: days}}", "{not: [{path: a, op: exists}]}"),
        ("else: stricter", "else: within"),
        ("else: stricter", "else: stricter, on_missing: shrug"),
        ("m.days", "m..days"),
        ("obligations: []", "obligations: null"),
        ("obligations: []", "obligations: [{id: o, owed_by: a, owed_to: b, what: c, gate: true}]"),
        ("obligations: []", "obligations: [{id: o, owed_by: a, owed_to: b, what: c, gate: perhaps}]"),
        ("obligations: []", "obligations: [{id: o, owed_by: a, owed_to: b, what: c, due: P1M}]"),
        ("obligations: []", "obligations: [{id: o, owed_by: a, owed_to: b, what: c, due: PT30S}]"),
        ("obligations: []", "obligations: [{id: o, owed_by: a, what: c}]"),
        ("confidence: high", "confidence: high\n  duration: {min_days: -1}"),
        ("confidence: high", "confidence: high\n  local: maybe"),
        ("confidence: high", "confidence: high\n  strength: strong"),
        ("confidence: high", "confidence: sure"),
    ] {
        let good = one_rule(CHECK);
        assert!(good.contains(from), "`{from}` does not stand in the book");
        let broken = good.replacen(from, to, 1);
        assert!(Rulebook::parse(&broken).is_err(), "the reader takes `{to}`");
        assert!(checked(&broken).is_err(), "the schema takes `{to}`");
        tried += 1;
    }
    assert_eq!(tried, 41);
}

#[test]
fn what_the_reader_takes_the_schema_takes() {
    for (from, to) in [
        (
            "obligations: []",
            "obligations: [{id: o, owed_by: a, owed_to: b, what: c, due: P1DT12H, gate: true, gate_basis: text}]",
        ),
        ("obligations: []", "obligations: [{id: o, owed_by: a, owed_to: b, what: c, due: null}]"),
        (
            "confidence: high",
            "confidence: low\n  release: {path: m.days, op: ge, value: 5}\n  scope: null\n  notes: null",
        ),
        (
            "confidence: high",
            "confidence: low\n  release: null\n  examples: {stricter: [a]}\n  duration: {min_days: 3}",
        ),
        ("op: le, value: {param: days}", "op: le, value: 2022-11-24"),
        ("op: le, value: {param: days}", "op: eq, value: true"),
        ("op: le, value: {param: days}", "op: missing"),
        ("op: le, value: {param: days}", "op: ge, value: {path: m.other}"),
        ("seen: all of it", "seen: all of it, date: 2022"),
    ] {
        let text = one_rule(CHECK).replacen(from, to, 1);
        assert!(Rulebook::parse(&text).is_ok(), "{to}: {:?}", Rulebook::parse(&text));
        assert_eq!(checked(&text), Ok(()), "{to}");
    }
}
