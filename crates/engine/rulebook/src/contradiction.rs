//! Two checks of two rules that no measure can meet together, though both are made.
//!
//! Checks of one rule are left to whoever writes the rule: they stand beside one another, and facts under which both are made
//! may never occur together (a closing round that was clean after two clean rounds of three).

use crate::book::Orders;
use crate::ids::{FactPath, RuleId};
use crate::possible::{Wanted, Wish, Witness, witness};
use crate::predicate::{Comparison, Op, Operand, Predicate, Test};
use crate::rule::{Check, Effective, Rule, Verdict};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Two checks of rules in force on the same days of which a measure can meet one or the other and never both.
pub(crate) struct Contradiction<'a> {
    /// The rule later by id.
    pub(crate) rule: &'a Rule,
    /// Its check, by position.
    pub(crate) check: usize,
    /// The other rule.
    pub(crate) other: &'a Rule,
    /// Its check.
    pub(crate) other_check: &'a Check,
    /// The days that both are in force.
    pub(crate) shared: Effective,
    /// Facts under which both are made.
    pub(crate) when: Witness,
}

/// Finds all of them. Rules that name each other are left alone: one replaces a part of the other, and says so.
pub(crate) fn contradictions<'a>(rules: &'a BTreeMap<RuleId, Rule>, orders: &Orders) -> Vec<Contradiction<'a>> {
    let mut found = Vec::new();
    let speaking: Vec<(&Rule, usize, &Check, BTreeSet<&FactPath>)> = rules
        .values()
        .flat_map(|rule| rule.checks.iter().enumerate().map(move |(position, check)| (rule, position, check)))
        .filter(|(_, _, check)| check.otherwise != Verdict::Undetermined)
        .map(|(rule, position, check)| (rule, position, check, paths(&check.assert)))
        .collect();
    for (at, (rule, position, check, asked)) in speaking.iter().enumerate() {
        for (other, _, other_check, other_asked) in speaking.get(..at).unwrap_or_default() {
            let named = rule.supersedes.contains(&other.id) || other.supersedes.contains(&rule.id);
            let Some(shared) = rule.effective.overlap(other.effective) else { continue };
            if rule.id == other.id || named || asked.is_disjoint(other_asked) || apart(rule, other) {
                continue;
            }
            if let Some(when) = contradict((rule, check), (other, other_check), orders) {
                found.push(Contradiction { rule, check: *position, other, other_check, shared, when });
            }
        }
    }
    found
}

/// Whether two rules can be told apart at a glance: each wants one of a few words of the same fact, and no word is common.
/// Most pairs are, by the type of measure; the rest is looked at closely.
fn apart(one: &Rule, two: &Rule) -> bool {
    let two = words(&two.applies);
    words(&one.applies).iter().any(|(path, some)| {
        two.iter().any(|(other, more)| path == other && !some.iter().any(|word| more.contains(word)))
    })
}

fn words(applies: &Predicate) -> Vec<(&FactPath, &[Value])> {
    match applies {
        Predicate::All(parts) => parts.iter().flat_map(words).collect(),
        Predicate::Is(Comparison { path, test: Test::Compare(op, Operand::Value(value)), .. }) => match (op, value) {
            (Op::Eq, Value::Text(_)) => vec![(path, std::slice::from_ref(value))],
            (Op::In, Value::List(list)) => vec![(path, list.as_slice())],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Facts under which both checks are made and each alone can be met, if both together cannot.
fn contradict(one: (&Rule, &Check), two: (&Rule, &Check), orders: &Orders) -> Option<Witness> {
    let mut made = Vec::new();
    for (rule, check) in [one, two] {
        made.push(Wanted { rule, predicate: &rule.applies, wish: Wish::True });
        made.extend(check.when.iter().map(|predicate| Wanted { rule, predicate, wish: Wish::True }));
        made.extend(check.unless.iter().map(|predicate| Wanted { rule, predicate, wish: Wish::NotTrue }));
    }
    let asks = |(rule, check): (&'_ Rule, &'_ Check)| -> bool {
        let mut all = made.clone();
        all.push(Wanted { rule, predicate: &check.assert, wish: Wish::True });
        matches!(witness(&all, orders), Ok(Some(_)))
    };
    let when = witness(&made, orders).ok().flatten()?;
    if !asks(one) || !asks(two) {
        return None;
    }
    let mut both = made.clone();
    both.extend([one, two].map(|(rule, check)| Wanted { rule, predicate: &check.assert, wish: Wish::True }));
    matches!(witness(&both, orders), Ok(None)).then_some(when)
}

fn paths(predicate: &Predicate) -> BTreeSet<&FactPath> {
    let mut paths = BTreeSet::new();
    predicate.each(&mut |comparison| paths.extend(comparison.paths()));
    paths
}
