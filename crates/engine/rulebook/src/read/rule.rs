//! Reading one rule.

use super::book::title;
use super::fields::{At, Faults, Fields};
use super::predicate::{self, Known};
use super::refs::Names;
use crate::book::Orders;
use crate::ids::RuleId;
use crate::problem::Fault;
use crate::rule::{
    Authority, Check, Clause, Confidence, Effective, Examples, Kind, Limits, Obligation, OnMissing, Release, Rule,
    Scope, Strength,
};
use crate::value::Value;
use jiff::{SignedDuration, Span};
use serde_norway::Value as Yaml;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn read(
    value: &Yaml,
    position: usize,
    orders: &Orders,
    names: &Names,
    faults: &mut Faults<'_>,
) -> Option<Rule> {
    let name = value.get("id").and_then(Yaml::as_str).map_or_else(|| format!("rule {}", position + 1), str::to_owned);
    let mut f = Fields::open(value, At::entry(position, name.chars().take(80).collect()), faults)?;
    let id = f.id("id", faults);
    let kind: Option<Kind> = f.choice("kind", faults);
    let title = f.need("title", faults).and_then(|given| title(given, f.at.child("title"), faults));
    let source = clauses(&mut f, names, faults);
    let effective = effective(&mut f, faults);
    let supersedes = supersedes(&mut f, names, faults);
    let params = params(&mut f, faults);
    let known = Known { params: &params, orders };
    let applies = f.need("applies", faults).and_then(|p| predicate::read(p, f.at.child("applies"), &known, faults));
    let checks = checks(&mut f, &known, faults);
    let obligations = obligations(&mut f, faults);
    let release = match f.take("release") {
        None | Some(Yaml::Null) => None,
        Some(Yaml::String(words)) => Some(Release::Words(words.clone())),
        Some(given) => predicate::read(given, f.at.child("release"), &known, faults).map(Release::When),
    };
    let disease = f.text_if_any("disease", faults);
    let trigger = f.text("trigger", faults);
    let measure = f.text_if_any("measure", faults);
    let scope = scope(&mut f, orders, faults);
    let duration = duration(&mut f, faults);
    let authority = authority(&mut f, faults);
    let examples = examples(&mut f, faults);
    let confidence: Option<Confidence> = f.choice("confidence", faults);
    let notes = f.text_if_any("notes", faults).unwrap_or_default();
    let (local, product_policy) = (f.flag("local", faults), f.flag("product_policy", faults));
    let strength = f.choice_if_any("strength", faults).unwrap_or(Strength::Binding);
    f.close(faults);
    Some(Rule {
        id: id?,
        kind: kind?,
        title: title?,
        source: source?,
        effective: effective?,
        supersedes,
        disease,
        trigger: trigger?,
        applies: applies?,
        params,
        measure,
        scope,
        duration,
        release,
        authority,
        checks: checks?,
        obligations: obligations?,
        examples,
        confidence: confidence?,
        notes,
        local,
        product_policy,
        strength,
    })
}

/// Opens each item of a list, reads it, and gives the list only when every item was good.
fn each<T>(
    items: Vec<(At, &Yaml)>,
    faults: &mut Faults<'_>,
    mut read: impl FnMut(Fields<'_>, &mut Faults<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let read: Vec<Option<T>> =
        items.into_iter().map(|(at, item)| Fields::open(item, at, faults).and_then(|f| read(f, faults))).collect();
    read.into_iter().collect()
}

fn clauses(f: &mut Fields<'_>, names: &Names, faults: &mut Faults<'_>) -> Option<Vec<Clause>> {
    let items = f.list("source", true, faults);
    if items.is_empty() {
        faults.bad_value(&f.at.child("source"), "source", "names no clause; no rule and no number stands without one");
        return None;
    }
    each(items, faults, |mut f, faults| {
        let (source, clause) = (f.text("ref", faults), f.text("clause", faults));
        source.iter().for_each(|key| names.source(key, &f.at.child("ref"), faults));
        let evidence = f.choice_if_any("evidence", faults);
        f.close(faults);
        Some(Clause { source: source?, clause: clause?, evidence })
    })
}

fn supersedes(f: &mut Fields<'_>, names: &Names, faults: &mut Faults<'_>) -> Vec<RuleId> {
    let at = f.at.child("supersedes");
    let given = f.texts("supersedes", false, faults);
    let ids: Vec<RuleId> = given.iter().filter_map(|given| super::fields::id(given, &at, faults)).collect();
    ids.iter().for_each(|id| names.rule(id, &at, faults));
    ids
}

fn effective(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Option<Effective> {
    let given = f.need("effective", faults)?;
    let mut f = Fields::open(given, f.at.child("effective"), faults)?;
    let (from, to) = (f.date("from", faults), f.date_if_any("to", faults));
    let at = f.at.clone();
    f.close(faults);
    let from = from?;
    if let Some(to) = to.filter(|to| *to < from) {
        faults.add(&at, Fault::EndsBeforeStart { from, to });
        return None;
    }
    Some(Effective { from, to })
}

fn params(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> BTreeMap<String, Option<Value>> {
    let mut params = BTreeMap::new();
    let Some(given) = f.take("params") else { return params };
    let Some(names) = Fields::open(given, f.at.child("params"), faults) else { return params };
    for (name, value, at) in names.into_names() {
        let value = Value::from_yaml(value).unwrap_or_else(|why| {
            faults.bad_value(&at, &name, why);
            None
        });
        params.insert(name, value);
    }
    params
}

fn checks(f: &mut Fields<'_>, known: &Known<'_>, faults: &mut Faults<'_>) -> Option<Vec<Check>> {
    let items = f.list("checks", true, faults);
    let mut ids = BTreeSet::new();
    each(items, faults, |mut f, faults| {
        let id = f.text("id", faults);
        if let Some(id) = id.as_ref().filter(|id| !ids.insert((*id).clone())) {
            faults.add(&f.at.child("id"), Fault::Duplicate { id: id.clone() });
        }
        let mut condition = |key, must: bool, f: &mut Fields<'_>| {
            let given = if must { f.need(key, faults) } else { f.take(key) };
            // Absent is `Some(None)`; what could not be read is `None`.
            given.map_or(if must { None } else { Some(None) }, |given| {
                predicate::read(given, f.at.child(key), known, faults).map(Some)
            })
        };
        let when = condition("when", false, &mut f);
        let unless = condition("unless", false, &mut f);
        let assert = condition("assert", true, &mut f).flatten();
        let on_missing = f.choice_if_any("on_missing", faults).unwrap_or(OnMissing::Skip);
        let otherwise =
            f.text("else", faults).and_then(|given| predicate::finding(&given, &f.at.child("else"), faults));
        let why = f.text("why", faults);
        f.close(faults);
        let (id, when, unless) = (id?, when?, unless?);
        Some(Check { id, when, unless, assert: assert?, on_missing, otherwise: otherwise?, why: why? })
    })
}

fn obligations(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Option<Vec<Obligation>> {
    let items = f.list("obligations", true, faults);
    let mut ids = BTreeSet::new();
    each(items, faults, |mut f, faults| {
        let id = f.text("id", faults);
        if let Some(id) = id.as_ref().filter(|id| !ids.insert((*id).clone())) {
            faults.add(&f.at.child("id"), Fault::Duplicate { id: id.clone() });
        }
        let (owed_by, owed_to) = (f.text("owed_by", faults), f.text("owed_to", faults));
        let what = f.text("what", faults);
        let at_due = f.at.child("due");
        let due = match f.text_if_any("due", faults) {
            None => Some(None),
            Some(given) => due(&given, &at_due, faults).map(Some),
        };
        let gate = f.flag("gate", faults);
        let gate_basis = f.choice_if_any("gate_basis", faults);
        if gate && gate_basis.is_none() {
            faults.add(&f.at.child("gate_basis"), Fault::Missing);
        }
        f.close(faults);
        let (id, owed_by, owed_to, what) = (id?, owed_by?, owed_to?, what?);
        Some(Obligation { id, owed_by, owed_to, what, due: due?, gate, gate_basis })
    })
}

/// Days, hours and minutes only: months have no length of their own, and nobody owes anything by the second.
fn due(given: &str, at: &At, faults: &mut Faults<'_>) -> Option<SignedDuration> {
    let due = given.parse::<Span>().ok().and_then(|span| {
        let plain = Span::new()
            .try_days(span.get_days())
            .and_then(|plain| plain.try_hours(span.get_hours()))
            .and_then(|plain| plain.try_minutes(span.get_minutes()))
            .ok()?;
        let minutes = i64::from(span.get_days()) * 24 * 60 + i64::from(span.get_hours()) * 60 + span.get_minutes();
        (span.fieldwise() == plain.fieldwise() && minutes >= 0).then(|| SignedDuration::from_mins(minutes))
    });
    if due.is_none() {
        faults.bad_value(at, given, "is no duration in days, hours and minutes; write it as P5D, PT24H or PT30M");
    }
    due
}

fn scope(f: &mut Fields<'_>, orders: &Orders, faults: &mut Faults<'_>) -> Option<Scope> {
    let given = f.take("scope").filter(|given| !given.is_null())?;
    let mut f = Fields::open(given, f.at.child("scope"), faults)?;
    let scope = Scope {
        min: f.text_if_any("min", faults),
        default: f.texts("default", false, faults),
        max: f.text_if_any("max", faults),
        extended_max: f.text_if_any("extended_max", faults),
        extension: f.text_if_any("extension", faults),
        note: f.text_if_any("note", faults),
    };
    for level in scope.min.iter().chain(&scope.default).chain(&scope.max).chain(&scope.extended_max) {
        predicate::level_known(level, &orders.scope, &f.at, faults);
    }
    f.close(faults);
    Some(scope)
}

fn duration(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Option<Limits> {
    let given = f.take("duration").filter(|given| !given.is_null())?;
    let mut f = Fields::open(given, f.at.child("duration"), faults)?;
    let limits = Limits {
        min_days: f.days_if_any("min_days", faults),
        max_days: f.days_if_any("max_days", faults),
        note: f.text_if_any("note", faults),
    };
    if let (Some(min), Some(max)) = (limits.min_days, limits.max_days)
        && min > max
    {
        faults.bad_value(&f.at, &format!("{min}..{max}"), "has a minimum above its maximum");
    }
    f.close(faults);
    Some(limits)
}

fn authority(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Option<Authority> {
    let given = f.take("authority").filter(|given| !given.is_null())?;
    let mut f = Fields::open(given, f.at.child("authority"), faults)?;
    let authority = Authority {
        decides: f.text_if_any("decides", faults),
        report_to: f.text_if_any("report_to", faults),
        city_wide: f.text_if_any("city_wide", faults),
        note: f.text_if_any("note", faults),
    };
    f.close(faults);
    Some(authority)
}

fn examples(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Examples {
    let Some(given) = f.take("examples").filter(|given| !given.is_null()) else { return Examples::default() };
    let Some(mut f) = Fields::open(given, f.at.child("examples"), faults) else { return Examples::default() };
    let examples = Examples { stricter: f.texts("stricter", false, faults), laxer: f.texts("laxer", false, faults) };
    f.close(faults);
    examples
}
