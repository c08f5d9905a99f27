//! How missing facts, numbers nobody found and unusable values are treated, on a book of one rule.

use crate::common::{book, change};
use jiff::civil::date;
use levee_rulebook::{Facts, GateState, Outcome, Rulebook, Verdict, judge};

/// A book whose only rule applies to `measure.type: x` and has the given checks.
pub(crate) fn one_rule(checks: &str) -> String {
    format!(
        "schema: levee.rulebook/0.1
id: test
title: {{en: Test}}
disease: any
jurisdiction: {{country: any}}
as_of: 2022-11-24
timezone: UTC
orders: {{scope: [person, building, city], authority: [committee, county, state]}}
sources:
  A: {{title: A text, seen: all of it}}
rules:
- id: r.one
  kind: testing
  title: {{en: One}}
  source: [{{ref: A, clause: art. 1}}]
  effective: {{from: 2022-01-01, to: null}}
  trigger: always
  applies: {{path: measure.type, op: eq, value: x}}
  params: {{days: 5, found: null, words: [a, b]}}
  checks: [{checks}]
  obligations: []
  confidence: high
"
    )
}

/// Verdict, then outcome and changes of each check.
fn check(checks: &str, facts: &str) -> String {
    let book: Rulebook = book(&one_rule(checks));
    let facts = Facts::parse(&format!("{{measure.type: x, {facts}}}")).unwrap();
    let judgement = judge(&book, date(2022, 11, 24), &facts);
    let mut out = vec![judgement.verdict.to_string()];
    for reason in &judgement.reasons {
        out.push(reason.outcome.code().to_owned());
        out.extend(reason.changes.iter().map(change));
    }
    out.join(" | ")
}

const DAYS: &str = "{id: c, assert: {path: m.days, op: le, value: {param: days}}, else: stricter, why: w}";

#[test]
fn a_missing_fact_skips_the_check_and_is_named() {
    assert_eq!(check(DAYS, ""), "within | skipped | change.report_fact(fact=m.days)");
    assert_eq!(check(DAYS, "m.days: null"), "within | skipped | change.report_fact(fact=m.days)");
    assert_eq!(check(DAYS, "m.days: 5"), "within | passed");
    assert_eq!(check(DAYS, "m.days: 6"), "stricter | finding.stricter | change.fact_must(fact=m.days op=le value=5)");
}

#[test]
fn on_missing_fails_or_leaves_it_to_a_human() {
    let fail = "{id: c, assert: {path: m.end, op: eq, value: true}, on_missing: fail, else: blocked, why: w}";
    assert_eq!(check(fail, ""), "blocked | finding.blocked | change.report_fact(fact=m.end)");
    let ask = fail.replace("fail,", "undetermined,");
    assert_eq!(check(&ask, ""), "undetermined | finding.undetermined | change.report_fact(fact=m.end)");
    assert_eq!(check(&ask, "m.end: true"), "within | passed");
}

#[test]
fn a_number_nobody_found_never_passes() {
    let found = DAYS.replace("param: days", "param: found");
    let undetermined = "undetermined | finding.undetermined | change.find_number(param=found)";
    assert_eq!(check(&found, "m.days: 0"), undetermined);
    // In a condition and in an exemption too, when the check depends on it.
    let when = "{id: c, when: {path: m.days, op: gt, value: {param: found}}, assert: {path: m.ok, op: eq, value: true}, else: laxer, why: w}";
    assert_eq!(check(when, "m.days: 3, m.ok: true"), undetermined);
    let unless = when.replace("when:", "unless:");
    assert!(check(&unless, "m.days: 3, m.ok: false").starts_with("undetermined | finding.undetermined"));
    assert_eq!(check(&unless, "m.days: 3, m.ok: true"), "within | passed");
    // Nothing to compare: the fact is asked for first.
    assert_eq!(check(&found, ""), "within | skipped | change.report_fact(fact=m.days)");
}

#[test]
fn a_value_of_the_wrong_kind_or_an_unknown_level_is_never_a_pass() {
    assert_eq!(check(DAYS, "m.days: many"), "undetermined | finding.undetermined | change.mend_fact(fact=m.days)");
    let scope = "{id: c, assert: {path: m.scope, op: scope_lt, value: city}, else: stricter, why: w}";
    assert_eq!(check(scope, "m.scope: planet"), "undetermined | finding.undetermined | change.mend_fact(fact=m.scope)");
    assert_eq!(check(scope, "m.scope: building"), "within | passed");
    assert!(check(scope, "m.scope: city").starts_with("stricter"));
    // A rule of which it cannot be said whether it applies.
    let book = book(&one_rule(DAYS));
    let facts = Facts::parse("{measure.type: 7}").unwrap();
    let judgement = judge(&book, date(2022, 11, 24), &facts);
    assert_eq!(judgement.verdict, Verdict::Undetermined);
    assert_eq!(judgement.reasons[0].check, None);
}

#[test]
fn an_exemption_has_to_be_shown() {
    let exempt = DAYS.replace("else:", "unless: {path: person.frail, op: eq, value: true}, else:");
    assert_eq!(check(&exempt, "m.days: 6, person.frail: true"), "within | not_concerned");
    assert_eq!(
        check(&exempt, "m.days: 6"),
        "stricter | finding.stricter | change.fact_must(fact=m.days op=le value=5) | change.report_fact(fact=person.frail)"
    );
    assert_eq!(
        check(&exempt, "m.days: 6, person.frail: false"),
        "stricter | finding.stricter | change.fact_must(fact=m.days op=le value=5) | change.exempt_if(fact=person.frail op=eq value=true)"
    );
}

#[test]
fn every_operator_answers_yes_and_no() {
    let holds = |test: &str, facts: &str| {
        let text = format!("{{id: c, assert: {{path: f, {test}}}, else: laxer, why: w}}");
        match check(&text, facts).split(" | ").nth(1) {
            Some("passed") => Some(true),
            Some("finding.laxer") => Some(false),
            _ => None,
        }
    };
    for (test, yes, no) in [
        ("op: eq, value: 5", "f: 5.0", "f: 6"),
        ("op: eq, value: [1, 2]", "f: [1, 2]", "f: [2, 1]"),
        ("op: ne, value: a", "f: b", "f: a"),
        ("op: lt, value: 5", "f: 4", "f: 5"),
        ("op: le, value: {param: days}", "f: 5", "f: 6"),
        ("op: gt, value: {path: g}", "f: 3, g: 2", "f: 2, g: 2"),
        ("op: ge, value: 2022-11-21", "f: 2022-11-21", "f: 2022-11-20"),
        ("op: in, value: [a, b]", "f: a", "f: c"),
        ("op: not_in, value: {param: words}", "f: c", "f: b"),
        ("op: contains_all, value: [1, 2]", "f: [3, 2, 1]", "f: [1]"),
        ("op: contains_all, value: {param: words}", "f: [b, a]", "f: []"),
        ("op: exists", "f: 0", ""),
        ("op: missing", "", "f: false"),
        ("op: scope_le, value: building", "f: building", "f: city"),
        ("op: scope_lt, value: building", "f: person", "f: building"),
        ("op: auth_ge, value: county", "f: county", "f: committee"),
    ] {
        assert_eq!((holds(test, yes), holds(test, no)), (Some(true), Some(false)), "{test}");
    }
}

#[test]
fn all_any_and_not_are_decided_by_what_is_known() {
    let outcome = |assert: &str, facts: &str| {
        let text = format!("{{id: c, assert: {assert}, else: laxer, why: w}}");
        check(&text, facts).split(" | ").nth(1).unwrap().to_owned()
    };
    let (a, b) = ("{path: a, op: eq, value: true}", "{path: b, op: eq, value: true}");
    let (all, any) = (format!("{{all: [{a}, {b}]}}"), format!("{{any: [{a}, {b}]}}"));
    assert_eq!(outcome(&all, "a: false"), "finding.laxer");
    assert_eq!(outcome(&all, "a: true"), "skipped");
    assert_eq!(outcome(&any, "a: true"), "passed");
    assert_eq!(outcome(&any, "a: false"), "skipped");
    assert_eq!(outcome(&format!("{{not: {any}}}"), "a: true"), "finding.laxer");
    assert_eq!(outcome(&format!("{{not: {any}}}"), "a: false, b: false"), "passed");
}

#[test]
fn the_day_is_an_argument_that_predicates_read_as_date() {
    let text = "{id: c, assert: {path: date, op: lt, value: 2022-11-24}, else: laxer, why: w}";
    assert!(check(text, "").starts_with("laxer"));
    assert!(Facts::parse("{date: 2022-11-23}").is_err());
}

#[test]
fn at_the_gate_missing_facts_fail_though_the_verdict_skips_them() {
    let gate = "{id: c, when: {path: a, op: eq, value: true}, assert: {path: m.exits, op: eq, value: open}, else: blocked, why: w}";
    let book = book(&one_rule(gate));
    let state = |facts: &str| {
        let facts = Facts::parse(facts).unwrap();
        let judgement = judge(&book, date(2022, 11, 24), &facts);
        let gate = judgement.gates.first().map(|gate| match &gate.state {
            GateState::Open => "open".to_owned(),
            GateState::Shut { facts_missing } => {
                let missing: Vec<&str> = facts_missing.iter().map(|path| path.as_str()).collect();
                format!("shut [{}]", missing.join(", "))
            }
        });
        assert_eq!(judgement.gates_open(), gate.as_deref().is_none_or(|gate| gate == "open"));
        (judgement.verdict.code(), gate.unwrap_or_default())
    };
    assert_eq!(state("{measure.type: x, a: true}"), ("within", "shut [m.exits]".to_owned()));
    assert_eq!(state("{measure.type: x}"), ("within", "shut [a, m.exits]".to_owned()));
    assert_eq!(state("{measure.type: x, a: true, m.exits: blocked}"), ("blocked", "shut []".to_owned()));
    assert_eq!(state("{measure.type: x, a: true, m.exits: open}"), ("within", "open".to_owned()));
    assert_eq!(state("{measure.type: x, a: false}"), ("within", String::new()));
    // The rule may apply: what is not known shuts the gate, and the verdict says that nothing was judged.
    assert_eq!(state("{a: true}"), ("not_covered", "shut [m.exits, measure.type]".to_owned()));
    assert_eq!(state("{measure.type: y}"), ("not_covered", String::new()));
}

#[test]
fn a_skipped_check_is_an_outcome_of_its_own() {
    let book = book(&one_rule(DAYS));
    let facts = Facts::parse("{measure.type: x}").unwrap();
    let judgement = judge(&book, date(2022, 11, 24), &facts);
    assert_eq!(judgement.reasons[0].outcome, Outcome::Skipped);
    assert_eq!(judgement.findings().count(), 0);
}
