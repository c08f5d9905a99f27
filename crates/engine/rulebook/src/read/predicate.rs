//! Reading conditions, and making sure that they can be evaluated at all.

use super::fields::{At, Faults, Fields, choice, id, text};
use crate::book::Orders;
use crate::choices::Choice;
use crate::predicate::{Comparison, Op, Operand, Places, Predicate, Test};
use crate::problem::Fault;
use crate::value::Value;
use serde_norway::Value as Yaml;
use std::collections::BTreeMap;

/// What a rule's predicates may refer to.
pub(super) struct Known<'a> {
    pub(super) params: &'a BTreeMap<String, Option<Value>>,
    pub(super) orders: &'a Orders,
}

pub(super) fn read(value: &Yaml, at: At, known: &Known<'_>, faults: &mut Faults<'_>) -> Option<Predicate> {
    let mut fields = Fields::open(value, at, faults)?;
    for (key, make) in [("all", Predicate::All as fn(_) -> _), ("any", Predicate::Any as fn(_) -> _)] {
        if let Some(given) = fields.take(key) {
            let at = fields.at.child(key);
            let parts = match given {
                Yaml::Sequence(parts) if !parts.is_empty() => parts,
                other => {
                    faults.wrong_kind(&at, "a list with at least one condition", other);
                    return None;
                }
            };
            let read: Vec<Option<Predicate>> =
                parts.iter().enumerate().map(|(i, part)| read(part, at.item(i), known, faults)).collect();
            fields.close(faults);
            return read.into_iter().collect::<Option<Vec<_>>>().map(make);
        }
    }
    if let Some(given) = fields.take("not") {
        let part = read(given, fields.at.child("not"), known, faults);
        fields.close(faults);
        return part.map(|part| Predicate::Not(Box::new(part)));
    }
    comparison(fields, known, faults).map(Predicate::Is)
}

fn comparison(mut fields: Fields<'_>, known: &Known<'_>, faults: &mut Faults<'_>) -> Option<Comparison> {
    let path = fields.id("path", faults);
    let op = fields.text("op", faults);
    let test = match op.as_deref() {
        None => {
            fields.take("value");
            None
        }
        Some("exists") => Some(Test::Exists),
        Some("missing") => Some(Test::Missing),
        Some(word) => {
            let at = fields.at.child("op");
            let op = Op::from_word(word);
            if op.is_none() {
                let mut allowed: Vec<String> = Op::TABLE.iter().map(|(word, _)| (*word).to_owned()).collect();
                allowed.extend(["exists".to_owned(), "missing".to_owned()]);
                faults.add(&at, Fault::NotOneOf { given: word.chars().take(80).collect(), allowed });
            }
            let value = fields.need("value", faults);
            match (op, value) {
                (Some(op), Some(value)) => operand(op, value, &fields.at.child("value"), known, faults)
                    .map(|operand| Test::Compare(op, operand)),
                _ => None,
            }
        }
    };
    fields.close(faults);
    Some(Comparison { path: path?, test: test?, places: Places::default() })
}

fn operand(op: Op, value: &Yaml, at: &At, known: &Known<'_>, faults: &mut Faults<'_>) -> Option<Operand> {
    if let Yaml::Mapping(_) = value {
        let mut fields = Fields::open(value, at.clone(), faults)?;
        if let Some(path) = fields.take("path") {
            let path = text(path, &at.child("path"), faults).and_then(|given| id(&given, &at.child("path"), faults));
            fields.close(faults);
            return path.map(Operand::Fact);
        }
        let param = fields.text("param", faults);
        fields.close(faults);
        let param = param?;
        return match known.params.get(&param) {
            None => {
                let defined = known.params.keys().cloned().collect();
                faults.add(at, Fault::NoSuchParam { param, defined });
                None
            }
            Some(Some(value)) => fits(op, value, at, known, faults).then_some(Operand::Param(param)),
            Some(None) => Some(Operand::Param(param)),
        };
    }
    match Value::from_yaml(value) {
        Ok(Some(value)) => fits(op, &value, at, known, faults).then_some(Operand::Value(value)),
        Ok(None) => None,
        Err(why) => {
            faults.bad_value(at, "value", why);
            None
        }
    }
}

/// Whether an operator can use the value at all; else the comparison could never be made.
fn fits(op: Op, value: &Value, at: &At, known: &Known<'_>, faults: &mut Faults<'_>) -> bool {
    let expected = match (op, value) {
        (Op::Eq | Op::Ne, Value::Map(_)) => "a text, number, date, list, or yes or no",
        (Op::Lt | Op::Le | Op::Gt | Op::Ge, Value::Number(_) | Value::Date(_)) | (Op::Eq | Op::Ne, _) => return true,
        (Op::Lt | Op::Le | Op::Gt | Op::Ge, _) => "a number or a date",
        (Op::In | Op::NotIn | Op::ContainsAll, Value::List(_)) => return true,
        (Op::In | Op::NotIn | Op::ContainsAll, _) => "a list",
        (Op::ScopeLe | Op::ScopeLt, Value::Text(level)) => return level_known(level, &known.orders.scope, at, faults),
        (Op::ScopeLe | Op::ScopeLt, _) => "a level of `orders.scope`",
        (Op::AuthGe, Value::Text(body)) => return level_known(body, &known.orders.authority, at, faults),
        (Op::AuthGe, _) => "a body of `orders.authority`",
    };
    faults.add(at, Fault::WrongKind { expected, found: value.kind() });
    false
}

/// A level must be in its order; an order that could not be read was complained about already.
pub(super) fn level_known(level: &str, order: &[String], at: &At, faults: &mut Faults<'_>) -> bool {
    let known = order.is_empty() || order.iter().any(|other| other == level);
    if !known {
        faults.add(at, Fault::NotOneOf { given: level.to_owned(), allowed: order.to_vec() });
    }
    known
}

/// What a check may give when it fails.
pub(super) fn finding(given: &str, at: &At, faults: &mut Faults<'_>) -> Option<crate::rule::Verdict> {
    use crate::rule::Verdict;
    match choice(given, at, faults)? {
        Verdict::Within | Verdict::NotCovered => {
            faults.bad_value(at, given, "is no finding; write blocked, stricter, laxer or undetermined");
            None
        }
        verdict => Some(verdict),
    }
}
