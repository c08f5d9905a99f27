//! What one part of a book says of another: sources, replaced rules, versions that overlap.

use super::fields::{At, Faults};
use crate::book::Orders;
use crate::contradiction;
use crate::ids::RuleId;
use crate::problem::Fault;
use crate::rule::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// What rules may refer to, taken from the text before any rule is read, so that one bad rule hides no other fault.
pub(super) struct Names {
    /// Keys of `sources`.
    pub(super) sources: BTreeSet<String>,
    /// Ids of the rules in the order of the file; `None` where a rule has none.
    pub(super) rules: Vec<Option<String>>,
}

impl Names {
    pub(super) fn source(&self, key: &str, at: &At, faults: &mut Faults<'_>) {
        if !self.sources.contains(key) {
            faults.add(at, Fault::NoSuchSource { reference: key.to_owned() });
        }
    }

    pub(super) fn rule(&self, id: &RuleId, at: &At, faults: &mut Faults<'_>) {
        if !self.rules.iter().flatten().any(|known| known == id.as_str()) {
            faults.add(at, Fault::NoSuchRule { id: id.to_string() });
        }
    }
}

/// Rules that replace themselves, or the rule that they replace while it is still in force.
pub(super) fn versions(rules: &BTreeMap<RuleId, Rule>, names: &Names, faults: &mut Faults<'_>) {
    for rule in rules.values() {
        let position = names.rules.iter().position(|id| id.as_deref() == Some(rule.id.as_str()));
        let at = At::entry(position.unwrap_or(usize::MAX), rule.id.to_string());
        for other in rule.supersedes.iter().filter_map(|id| rules.get(id)) {
            if leads_to(rules, other, &rule.id) {
                faults.add(&at.child("supersedes"), Fault::Ring { by: other.id.to_string() });
            } else if let (true, Some(shared)) = (rule.kind == other.kind, rule.effective.overlap(other.effective)) {
                let (from, to) = (shared.from, shared.to);
                faults.add(&at.child("effective"), Fault::Overlap { other: other.id.to_string(), from, to });
            }
        }
    }
}

/// Checks that no measure can meet together.
pub(super) fn contradictions(rules: &BTreeMap<RuleId, Rule>, orders: &Orders, names: &Names, faults: &mut Faults<'_>) {
    for found in contradiction::contradictions(rules, orders) {
        let position = names.rules.iter().position(|id| id.as_deref() == Some(found.rule.id.as_str()));
        let at = At::entry(position.unwrap_or(usize::MAX), found.rule.id.to_string());
        let here = found.rule.checks.get(found.check).map(|check| check.assert.to_string()).unwrap_or_default();
        let fault = Fault::Contradiction {
            other: format!("{}/{}", found.other.id, found.other_check.id),
            here,
            there: found.other_check.assert.to_string(),
            when: found.when.iter().filter_map(|(path, value)| Some(format!("{path}={}", value.as_ref()?))).collect(),
            from: found.shared.from,
            to: found.shared.to,
        };
        faults.add(&at.child("checks").item(found.check).child("assert"), fault);
    }
}

/// Whether `start` is `target`, or replaces it by way of others.
fn leads_to(rules: &BTreeMap<RuleId, Rule>, start: &Rule, target: &RuleId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![&start.id];
    while let Some(id) = open.pop() {
        if id == target {
            return true;
        }
        if seen.insert(id) {
            open.extend(rules.get(id).into_iter().flat_map(|rule| &rule.supersedes));
        }
    }
    false
}
