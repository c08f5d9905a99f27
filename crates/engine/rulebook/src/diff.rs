//! What changed between two books, or between two days of one book, and for whom.
//!
//! Rules are paired by id, else by `supersedes`: another version of a rule has another id. For every rule that was added, removed
//! or changed a *witness* is looked for: facts that the one side judges otherwise than the other. It is found by trying the
//! values at which the rules' own comparisons turn, and is believed only after both sides have judged it.

use crate::book::Rulebook;
use crate::facts::Facts;
use crate::ids::{FactPath, RuleId};
use crate::judge::judge;
use crate::possible::{Wanted, Wish, Witness, witness};
use crate::predicate::{Op, Operand, Predicate, Test};
use crate::reason::Outcome;
use crate::rule::{Check, Rule, Verdict};
use crate::value::Value;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// One side of a comparison: a book, whole or as it was on a day.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The book.
    pub book: &'a Rulebook,
    /// Only the rules in force on this day; `None` = all.
    pub on: Option<Date>,
}

impl<'a> Side<'a> {
    fn rules(self) -> Vec<&'a Rule> {
        self.on.map_or_else(|| self.book.rules().collect(), |day| self.book.in_force(day))
    }
}

/// What changed.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    /// Rules that only the second side has, by id.
    pub added: Vec<OneSided<'a>>,
    /// Rules that only the first side has, by id.
    pub removed: Vec<OneSided<'a>>,
    /// Rules that differ, by the id of the second side.
    pub changed: Vec<Changed<'a>>,
    /// How many are the same.
    pub same: usize,
}

/// A rule that the other side has no version of.
#[derive(Clone, Debug)]
pub struct OneSided<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Facts that it makes a difference for, if any were found.
    pub instance: Option<Instance>,
}

/// A rule and its other version.
#[derive(Clone, Debug)]
pub struct Changed<'a> {
    /// Before.
    pub before: &'a Rule,
    /// After.
    pub after: &'a Rule,
    /// What differs, in the order of the file's fields.
    pub parts: Vec<Part<'a>>,
    /// Facts that are judged otherwise, if any were found.
    pub instance: Option<Instance>,
}

/// One thing that differs between two versions of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Part<'a> {
    /// The days on which it is in force.
    Effective,
    /// When it applies.
    Applies,
    /// A parameter; the outer `None` = it is not there, the inner one = number not found.
    Param {
        /// Its name.
        name: &'a str,
        /// Before.
        before: Option<Option<&'a Value>>,
        /// After.
        after: Option<Option<&'a Value>>,
    },
    /// A check, by its name.
    Check {
        /// Its name.
        id: &'a str,
        /// Before.
        before: Option<&'a Check>,
        /// After.
        after: Option<&'a Check>,
    },
    /// Something owed, by its name.
    Obligation {
        /// Its name.
        id: &'a str,
        /// To whom.
        owed_to: &'a str,
        /// Whether it was there before.
        was: bool,
        /// Whether it is there now.
        is: bool,
    },
    /// A field for people, by its name in the file.
    Words(&'static str),
}

/// Facts that the two sides judge otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The facts.
    pub facts: Vec<(FactPath, Value)>,
    /// The verdict before, and the day it was judged by.
    pub before: (Verdict, Date),
    /// The verdict after, likewise.
    pub after: (Verdict, Date),
    /// Whether the books as wholes differ, and not only this rule's part in them.
    pub whole: bool,
}

/// Compares two sides.
pub fn diff<'a>(before: Side<'a>, after: Side<'a>) -> Difference<'a> {
    let (old, new) = (before.rules(), after.rules());
    let mut unpaired: Vec<&Rule> = new.clone();
    let (mut pairs, mut removed) = (Vec::new(), Vec::new());
    let mut rest = Vec::new();
    for rule in old {
        match unpaired.iter().position(|other| other.id == rule.id) {
            Some(at) => pairs.push((rule, unpaired.remove(at))),
            None => rest.push(rule),
        }
    }
    for rule in rest {
        match unpaired.iter().position(|other| other.supersedes.contains(&rule.id)) {
            Some(at) => pairs.push((rule, unpaired.remove(at))),
            None => removed.push(OneSided { rule, instance: instance(Some(rule), None, before, after) }),
        }
    }
    let added = unpaired
        .into_iter()
        .map(|rule| OneSided { rule, instance: instance(None, Some(rule), before, after) })
        .collect();
    let mut changed = Vec::new();
    let mut same = 0;
    pairs.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    for (old, new) in pairs {
        let parts = parts(old, new);
        if parts.is_empty() {
            same += 1;
            continue;
        }
        let instance = instance(Some(old), Some(new), before, after);
        changed.push(Changed { before: old, after: new, parts, instance });
    }
    Difference { added, removed, changed, same }
}

/// For whom a rule is: the words that its condition asks of a measure, a person or a place, and to whom it owes something.
pub fn concerns(rule: &Rule) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    rule.applies.each(&mut |comparison| {
        let Test::Compare(Op::Eq | Op::In, Operand::Value(value)) = &comparison.test else { return };
        let items = match value {
            Value::List(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        said.extend(items.iter().map(|item| format!("{}={item}", comparison.path)));
    });
    said.extend(rule.obligations.iter().map(|owed| format!("owed_to={}", owed.owed_to)));
    said
}

fn parts<'a>(old: &'a Rule, new: &'a Rule) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut note = |differs: bool, part: Part<'a>| parts.extend(differs.then_some(part));
    note(old.effective != new.effective, Part::Effective);
    note(old.applies != new.applies, Part::Applies);
    let names: BTreeSet<&String> = old.params.keys().chain(new.params.keys()).collect();
    for name in names {
        let (before, after) = (old.params.get(name), new.params.get(name));
        let shown = |value: Option<&'a Option<Value>>| value.map(Option::as_ref);
        note(before != after, Part::Param { name, before: shown(before), after: shown(after) });
    }
    let ids: BTreeSet<&str> = old.checks.iter().chain(&new.checks).map(|check| check.id.as_str()).collect();
    for id in ids {
        let of = |rule: &'a Rule| rule.checks.iter().find(|check| check.id == id);
        let (before, after) = (of(old), of(new));
        note(before != after, Part::Check { id, before, after });
    }
    let ids: BTreeSet<&str> = old.obligations.iter().chain(&new.obligations).map(|owed| owed.id.as_str()).collect();
    for id in ids {
        let of = |rule: &'a Rule| rule.obligations.iter().find(|owed| owed.id == id);
        let (before, after) = (of(old), of(new));
        let owed_to = after.or(before).map(|owed| owed.owed_to.as_str()).unwrap_or_default();
        note(before != after, Part::Obligation { id, owed_to, was: before.is_some(), is: after.is_some() });
    }
    note(old.kind != new.kind, Part::Words("kind"));
    note(old.title != new.title, Part::Words("title"));
    note(old.source != new.source, Part::Words("source"));
    note(old.disease != new.disease, Part::Words("disease"));
    note(old.trigger != new.trigger, Part::Words("trigger"));
    note(old.measure != new.measure, Part::Words("measure"));
    note(old.scope != new.scope, Part::Words("scope"));
    note(old.duration != new.duration, Part::Words("duration"));
    note(old.release != new.release, Part::Words("release"));
    note(old.authority != new.authority, Part::Words("authority"));
    note(old.strength != new.strength, Part::Words("strength"));
    note(old.local != new.local, Part::Words("local"));
    note(old.product_policy != new.product_policy, Part::Words("product_policy"));
    note(old.confidence != new.confidence, Part::Words("confidence"));
    note(old.examples != new.examples, Part::Words("examples"));
    note(old.notes != new.notes, Part::Words("notes"));
    parts
}

/// The day that a side is judged by: its own, else a day on which the rule is in force there, as late as the other's.
fn day(side: Side<'_>, here: Option<&Rule>, there: Option<&Rule>) -> Option<Date> {
    let spans = here.map(|rule| rule.effective).zip(there.map(|rule| rule.effective));
    let shared = spans.and_then(|(a, b)| a.overlap(b)).map(|both| both.from);
    side.on.or(shared).or_else(|| here.or(there).map(|rule| rule.effective.from))
}

/// Facts that the sides judge otherwise; the books as wholes if possible, else the rule's own part.
fn instance(old: Option<&Rule>, new: Option<&Rule>, before: Side<'_>, after: Side<'_>) -> Option<Instance> {
    let (old_day, new_day) = (day(before, old, new)?, day(after, new, old)?);
    let judged = |facts: &Facts, whole: bool| {
        let (was, is) = (judge(before.book, old_day, facts), judge(after.book, new_day, facts));
        if whole { (was.verdict, is.verdict) } else { (of_rule(&was, old), of_rule(&is, new)) }
    };
    let tried = tried(old, new, before, after);
    [true, false].into_iter().find_map(|whole| {
        let (facts, (was, is)) = tried.iter().find_map(|facts| {
            let verdicts = judged(facts, whole);
            (verdicts.0 != verdicts.1).then_some((facts, verdicts))
        })?;
        let facts = fewest(facts, |fewer| judged(fewer, whole) == (was, is));
        Some(Instance { facts, before: (was, old_day), after: (is, new_day), whole })
    })
}

/// The facts without those that make no difference.
fn fewest(facts: &Facts, same: impl Fn(&Facts) -> bool) -> Vec<(FactPath, Value)> {
    let of = |kept: &[(FactPath, Value)]| {
        let mut facts = Facts::new();
        // Each path was a fact before and stands once.
        kept.iter().for_each(|(path, value)| drop(facts.insert(path.clone(), value.clone())));
        facts
    };
    let mut kept: Vec<(FactPath, Value)> = facts.iter().map(|(path, value)| (path.clone(), value.clone())).collect();
    let mut nth = 0;
    while nth < kept.len() {
        let mut fewer = kept.clone();
        fewer.remove(nth);
        if same(&of(&fewer)) {
            kept = fewer;
        } else {
            nth += 1;
        }
    }
    kept
}

/// What one rule says of a measure.
fn of_rule(judgement: &crate::judge::Judgement<'_>, rule: Option<&Rule>) -> Verdict {
    let Some(id) = rule.map(|rule| &rule.id) else { return Verdict::NotCovered };
    let findings = judgement.reasons.iter().filter(|reason| reason.rule.id == *id);
    let strongest = findings
        .filter_map(|reason| match reason.outcome {
            Outcome::Finding(verdict) => Some(verdict),
            _ => None,
        })
        .max();
    let applies = judgement.applied.iter().any(|rule| rule.id == *id);
    strongest.unwrap_or(if applies { Verdict::Within } else { Verdict::NotCovered })
}

/// Facts worth trying: each check of one version that fails, alone and where the other version is met; and where only one applies.
fn tried(old: Option<&Rule>, new: Option<&Rule>, before: Side<'_>, after: Side<'_>) -> Vec<Facts> {
    let sides = [(old, new, before), (new, old, after)];
    let mut all = Vec::new();
    for (here, there, side) in sides {
        let Some(rule) = here else { continue };
        let orders = side.book.orders();
        let mut ask = |wanted: &[Wanted<'_>]| {
            all.extend(witness(wanted, orders).ok().flatten().and_then(|found| facts(&found)));
        };
        let want = |rule, predicate, wish| Wanted { rule, predicate, wish };
        for check in &rule.checks {
            let failing = failing(rule, check);
            if let Some(other) = there {
                let mut met = failing.clone();
                met.push(want(other, &other.applies, Wish::True));
                let same = other.checks.iter().find(|known| known.id == check.id);
                let mut asserted = met.clone();
                asserted.extend(same.map(|same| want(other, &same.assert, Wish::True)));
                ask(&asserted);
                met.extend(other.checks.iter().map(|check| want(other, &check.assert, Wish::True)));
                ask(&met);
            }
            ask(&failing);
        }
        if let Some(other) = there {
            ask(&[want(rule, &rule.applies, Wish::True), want(other, &other.applies, Wish::False)]);
        }
        ask(&[want(rule, &rule.applies, Wish::True)]);
    }
    all
}

fn failing<'a>(rule: &'a Rule, check: &'a Check) -> Vec<Wanted<'a>> {
    let want = |predicate: &'a Predicate, wish| Wanted { rule, predicate, wish };
    let mut wanted = vec![want(&rule.applies, Wish::True), want(&check.assert, Wish::False)];
    wanted.extend(check.when.iter().map(|when| want(when, Wish::True)));
    wanted.extend(check.unless.iter().map(|unless| want(unless, Wish::NotTrue)));
    wanted
}

/// A witness as facts; the day of the judgement is none.
fn facts(witness: &Witness) -> Option<Facts> {
    let mut facts = Facts::new();
    for (path, value) in witness {
        if let Some(value) = value.as_ref().filter(|_| !path.is_date()) {
            facts.insert(path.clone(), value.clone()).ok()?;
        }
    }
    Some(facts)
}

/// Ids of rules that `rule` replaces beyond the one that it was paired with.
pub fn also_replaces<'a>(rule: &'a Rule, paired: &RuleId) -> Vec<&'a RuleId> {
    rule.supersedes.iter().filter(|id| *id != paired).collect()
}
