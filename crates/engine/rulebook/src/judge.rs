//! A measure held against a rulebook.

use crate::book::Rulebook;
use crate::eval::{Doubt, Scene, Truth};
use crate::facts::Facts;
use crate::ids::{FactPath, RuleId};
use crate::predicate::Predicate;
use crate::reason::{Outcome, Reason};
use crate::rule::{Check, Obligation, OnMissing, Rule, Verdict};
use crate::value::Value;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// What a measure is by a rulebook on a day, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement<'a> {
    /// The day whose rules were used.
    pub date: Date,
    /// The strongest finding; `within` when rules apply and nothing speaks against the measure.
    pub verdict: Verdict,
    /// The rules in force that apply, by id.
    pub applied: Vec<&'a Rule>,
    /// Rules in force that may apply: a fact is missing. By id, with the facts that would tell.
    pub possible: Vec<(&'a Rule, BTreeSet<&'a FactPath>)>,
    /// One for each check of the rules that apply: findings first, strongest first; then by rule id and the order of
    /// the file.
    pub reasons: Vec<Reason<'a>>,
    /// The checks that a measure must pass before it goes live, by rule id. Here missing facts fail.
    pub gates: Vec<Gate<'a>>,
}

/// A check whose failure blocks, as the gate sees it: what is not shown to hold is shut.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The check.
    pub check: &'a Check,
    /// Whether it holds.
    pub state: GateState<'a>,
}

/// Whether a gate lets a measure pass.
#[derive(Clone, Debug, PartialEq)]
pub enum GateState<'a> {
    /// Shown to hold.
    Open,
    /// Not shown to hold.
    Shut {
        /// The facts nobody reported; empty when what was reported speaks against it.
        facts_missing: BTreeSet<&'a FactPath>,
    },
}

impl<'a> Judgement<'a> {
    /// The rules that the verdict rests on, by id: those with a finding of that strength, or for `within` all that
    /// apply.
    pub fn grounds(&self) -> Vec<&'a RuleId> {
        let mut ids: Vec<&RuleId> = match self.verdict {
            Verdict::Within => self.applied.iter().map(|rule| &rule.id).collect(),
            verdict => self
                .reasons
                .iter()
                .filter(|reason| reason.outcome == Outcome::Finding(verdict))
                .map(|reason| &reason.rule.id)
                .collect(),
        };
        ids.sort();
        ids.dedup();
        ids
    }

    /// The reasons that speak against the measure or leave it to a human, strongest first.
    pub fn findings(&self) -> impl Iterator<Item = &Reason<'a>> {
        self.reasons.iter().filter(|reason| matches!(reason.outcome, Outcome::Finding(_)))
    }

    /// Whether every gate of the rulebook is open. Necessary before a restriction goes live, never sufficient: the
    /// services that law 5 asks for are reserved and inspected elsewhere.
    pub fn gates_open(&self) -> bool {
        self.gates.iter().all(|gate| gate.state == GateState::Open)
    }

    /// What is owed while the measure is in force, by rule id, then in the order of the file.
    pub fn obligations(&self) -> impl Iterator<Item = (&'a Rule, &'a Obligation)> {
        self.applied.iter().flat_map(|rule| rule.obligations.iter().map(move |obligation| (*rule, obligation)))
    }
}

/// Holds one measure against the rules of `book` in force on `date`.
///
/// Total: any facts give a judgement. Depends on nothing but its arguments, and not on the order of the rules.
pub fn judge<'a>(book: &'a Rulebook, date: Date, facts: &'a Facts) -> Judgement<'a> {
    let today = Value::Date(date);
    let reported = facts.laid_out(&book.vocabulary);
    let mut known: Vec<Option<&Value>> = reported.clone();
    let day = book.vocabulary.iter().position(FactPath::is_date).and_then(|place| known.get_mut(place));
    day.into_iter().for_each(|place| *place = Some(&today));
    let (mut applied, mut possible, mut reasons, mut gates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for rule in book.rules().filter(|rule| rule.effective.holds(date)) {
        let scene = Scene { orders: &book.orders, rule, facts: &known, reported: &reported };
        match scene.truth(&rule.applies) {
            Truth::False => continue,
            Truth::True => {
                applied.push(rule);
                reasons.extend(rule.checks.iter().map(|check| Reason::of_check(&scene, check, outcome(&scene, check))));
            }
            Truth::Unknown(doubt) => {
                if doubt.number || doubt.unfit {
                    reasons.push(Reason::of_applies(&scene));
                }
                possible.push((rule, missing(&scene, [&rule.applies])));
            }
        }
        gates.extend(rule.checks.iter().filter(|check| check.is_gate()).filter_map(|check| gate(&scene, check)));
    }
    // Stable: within one strength the order stays that of rule ids and of the file.
    reasons.sort_by_key(|reason| match reason.outcome {
        Outcome::Finding(verdict) => Reverse(Some(verdict)),
        _ => Reverse(None),
    });
    let strongest = reasons.first().and_then(|reason| match reason.outcome {
        Outcome::Finding(verdict) => Some(verdict),
        _ => None,
    });
    let verdict = strongest.unwrap_or(if applied.is_empty() { Verdict::NotCovered } else { Verdict::Within });
    Judgement { date, verdict, applied, possible, reasons, gates }
}

fn outcome(scene: &Scene<'_, '_>, check: &Check) -> Outcome {
    match check.when.as_ref().map(|when| scene.truth(when)) {
        Some(Truth::False) => return Outcome::NotConcerned,
        Some(Truth::Unknown(doubt)) => return in_doubt(check, doubt),
        Some(Truth::True) | None => {}
    }
    let exemption = check.unless.as_ref().map(|unless| scene.truth(unless));
    if exemption == Some(Truth::True) {
        return Outcome::NotConcerned;
    }
    match scene.truth(&check.assert) {
        Truth::True => Outcome::Passed,
        Truth::Unknown(doubt) => in_doubt(check, doubt),
        // An exemption has to be shown: a missing fact does not exempt. Where its number was never found, or what was
        // reported cannot be compared, nobody can say whether it holds.
        Truth::False => match exemption {
            Some(Truth::Unknown(doubt)) if doubt.number || doubt.unfit => Outcome::Finding(Verdict::Undetermined),
            _ => Outcome::Finding(check.otherwise),
        },
    }
}

fn in_doubt(check: &Check, doubt: Doubt) -> Outcome {
    match check.on_missing {
        OnMissing::Fail if doubt.fact || doubt.unfit => Outcome::Finding(check.otherwise),
        _ if doubt.number || doubt.unfit => Outcome::Finding(Verdict::Undetermined),
        OnMissing::Undetermined => Outcome::Finding(Verdict::Undetermined),
        OnMissing::Skip | OnMissing::Fail => Outcome::Skipped,
    }
}

/// The gate's view of a check; `None` when it is shown not to concern the measure.
fn gate<'a>(scene: &Scene<'a, '_>, check: &'a Check) -> Option<Gate<'a>> {
    let is = |predicate: &Option<Predicate>, truth| predicate.as_ref().is_some_and(|p| scene.truth(p) == truth);
    if is(&check.when, Truth::False) || is(&check.unless, Truth::True) {
        return None;
    }
    let state = if scene.truth(&check.assert) == Truth::True {
        GateState::Open
    } else {
        let asked = std::iter::once(&scene.rule.applies).chain(&check.when).chain(std::iter::once(&check.assert));
        GateState::Shut { facts_missing: missing(scene, asked) }
    };
    Some(Gate { rule: scene.rule, check, state })
}

fn missing<'a>(scene: &Scene<'a, '_>, asked: impl IntoIterator<Item = &'a Predicate>) -> BTreeSet<&'a FactPath> {
    let mut trace = crate::eval::Trace::default();
    for predicate in asked {
        if scene.truth(predicate) != Truth::True {
            scene.trace(predicate, &mut trace);
        }
    }
    trace.missing
}
