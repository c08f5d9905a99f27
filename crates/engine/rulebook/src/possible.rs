//! What a condition can be, before any fact is known: whether some facts could make several conditions hold together.
//!
//! Conditions are spread out into ways to meet them, each a list of comparisons. Within one way, each fact is tried at every
//! value at which one of its comparisons turns, and beside it, by the comparisons themselves; so "possible" always has a
//! witness, and for facts compared with values it is never missed. Facts compared with other facts, and numbers nobody found, are taken as
//! possible unless the very same comparison is wanted both ways.

use crate::book::Orders;
use crate::eval::holds;
use crate::ids::FactPath;
use crate::predicate::{Comparison, Op, Operand, Predicate, Test};
use crate::rule::Rule;
use crate::value::Value;
use std::collections::BTreeMap;

/// Ways that are looked at; a condition with more is not decided.
const WAYS: usize = 512;

/// How a condition should come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// True, all its facts known.
    True,
    /// False, all its facts known.
    False,
    /// False or not known: what an exemption is when it does not exempt.
    NotTrue,
}

/// A condition of a rule, whose parameters it reads, and how it should come out.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) predicate: &'a Predicate,
    pub(crate) wish: Wish,
}

/// Facts that meet the conditions, by name; `None` = the fact is not known.
pub(crate) type Witness = BTreeMap<FactPath, Option<Value>>;

#[derive(Clone, Copy)]
struct Atom<'a> {
    rule: &'a Rule,
    comparison: &'a Comparison,
    wish: Wish,
}

/// Facts under which all conditions come out as wished; `Err` when that was not decided, because there are too many ways.
pub(crate) fn witness(wanted: &[Wanted<'_>], orders: &Orders) -> Result<Option<Witness>, TooManyWays> {
    let mut ways: Vec<Vec<Atom<'_>>> = vec![Vec::new()];
    for one in wanted {
        ways = cross(&ways, &spread(one.rule, one.predicate, one.wish)?)?;
    }
    Ok(ways.iter().find_map(|way| met(way, orders)))
}

/// There were more ways to meet the conditions than are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyWays;

fn cross<'a>(left: &[Vec<Atom<'a>>], right: &[Vec<Atom<'a>>]) -> Result<Vec<Vec<Atom<'a>>>, TooManyWays> {
    if left.len().saturating_mul(right.len()) > WAYS {
        return Err(TooManyWays);
    }
    Ok(left.iter().flat_map(|a| right.iter().map(move |b| a.iter().chain(b).copied().collect())).collect())
}

fn spread<'a>(rule: &'a Rule, predicate: &'a Predicate, wish: Wish) -> Result<Vec<Vec<Atom<'a>>>, TooManyWays> {
    let every = |parts: &'a [Predicate]| {
        parts.iter().try_fold(vec![Vec::new()], |ways, part| cross(&ways, &spread(rule, part, wish)?))
    };
    let some = |parts: &'a [Predicate]| {
        let mut ways = Vec::new();
        for part in parts {
            ways.extend(spread(rule, part, wish)?);
        }
        if ways.len() > WAYS { Err(TooManyWays) } else { Ok(ways) }
    };
    match (predicate, wish) {
        (Predicate::All(parts), Wish::True) | (Predicate::Any(parts), Wish::False | Wish::NotTrue) => every(parts),
        (Predicate::Any(parts), Wish::True) | (Predicate::All(parts), Wish::False | Wish::NotTrue) => some(parts),
        (Predicate::Not(part), Wish::True) => spread(rule, part, Wish::False),
        (Predicate::Not(part), Wish::False | Wish::NotTrue) => spread(rule, part, Wish::True),
        (Predicate::Is(comparison), _) => Ok(vec![vec![Atom { rule, comparison, wish }]]),
    }
}

/// A witness for one way.
fn met(way: &[Atom<'_>], orders: &Orders) -> Option<Witness> {
    let mut by_path: BTreeMap<&FactPath, Vec<Atom<'_>>> = BTreeMap::new();
    let mut opaque: BTreeMap<String, Wish> = BTreeMap::new();
    for atom in way {
        let there = by_path.entry(&atom.comparison.path).or_default();
        if atom.operand().is_some() || !matches!(atom.comparison.test, Test::Compare(..)) {
            there.push(*atom);
            continue;
        }
        let (key, wish) = (atom.comparison.to_string(), atom.wish);
        if *opaque.entry(key).or_insert(wish) != wish && wish != Wish::NotTrue {
            return None;
        }
    }
    let mut witness = Witness::new();
    for (path, atoms) in by_path {
        let found = candidates(&atoms, orders).into_iter().find(|value| {
            let fits = |atom: &Atom<'_>| atom.fits(value.as_ref(), orders);
            atoms.iter().all(fits)
        })?;
        witness.insert(path.clone(), found);
    }
    Some(witness)
}

impl<'a> Atom<'a> {
    fn operand(&self) -> Option<&'a Value> {
        match &self.comparison.test {
            Test::Compare(_, Operand::Value(value)) => Some(value),
            Test::Compare(_, Operand::Param(name)) => self.rule.params.get(name)?.as_ref(),
            _ => None,
        }
    }

    fn fits(&self, fact: Option<&Value>, orders: &Orders) -> bool {
        let truth = match (&self.comparison.test, fact) {
            (Test::Exists, fact) => Some(fact.is_some()),
            (Test::Missing, fact) => Some(fact.is_none()),
            (Test::Compare(..), None) => None,
            (Test::Compare(op, _), Some(fact)) => self.operand().and_then(|other| holds(*op, fact, other, orders)),
        };
        match self.wish {
            Wish::True => truth == Some(true),
            Wish::False => truth == Some(false),
            Wish::NotTrue => truth != Some(true),
        }
    }
}

/// Every value at which a comparison of this fact turns, and one on each side of it; and that the fact is not known.
fn candidates(atoms: &[Atom<'_>], orders: &Orders) -> Vec<Option<Value>> {
    let mut values = Vec::new();
    let mut numbers = Vec::new();
    let mut items: Vec<Value> = Vec::new();
    for atom in atoms {
        let Test::Compare(op, _) = &atom.comparison.test else { continue };
        match (op, atom.operand()) {
            (Op::ScopeLe | Op::ScopeLt, _) => values.extend(orders.scope.iter().cloned().map(Value::Text)),
            (Op::AuthGe, _) => values.extend(orders.authority.iter().cloned().map(Value::Text)),
            (Op::ContainsAll, Some(Value::List(wanted))) => {
                items.extend(wanted.iter().cloned());
                values.extend(wanted.iter().map(|one| {
                    let others = wanted.iter().filter(|other| *other != one);
                    Value::List(others.cloned().collect())
                }));
            }
            (Op::In | Op::NotIn, Some(Value::List(list))) => values.extend(list.iter().cloned()),
            (_, Some(value)) => values.push(value.clone()),
            (_, None) => {}
        }
    }
    values.push(Value::List(items));
    values.push(Value::List(Vec::new()));
    let mut beside = Vec::new();
    for value in &values {
        match value {
            Value::Number(number) => numbers.push(*number),
            Value::Date(date) => {
                beside.extend([date.yesterday(), date.tomorrow()].into_iter().flatten().map(Value::Date));
            }
            Value::Bool(yes) => beside.push(Value::Bool(!yes)),
            _ => {}
        }
    }
    values.append(&mut beside);
    numbers.sort_by(f64::total_cmp);
    let between = numbers.windows(2).filter_map(|pair| Some((pair.first()? + pair.get(1)?) / 2.0));
    values.extend(between.map(Value::Number));
    values.extend(numbers.first().map(|least| Value::Number(least - 1.0)));
    values.extend(numbers.last().map(|most| Value::Number(most + 1.0)));
    if atoms.iter().any(|atom| matches!(atom.operand(), Some(Value::Text(_) | Value::List(_)))) || values.len() == 2 {
        values.push(Value::Text("something-else".to_owned()));
    }
    let mut all: Vec<Option<Value>> = values.into_iter().map(Some).collect();
    all.push(None);
    all
}
