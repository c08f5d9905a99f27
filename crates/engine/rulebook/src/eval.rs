//! Evaluation of predicates in three values: true, false, and unknown with the kind of doubt.

use crate::book::Orders;
use crate::ids::FactPath;
use crate::predicate::{Comparison, Op, Operand, Predicate, Test};
use crate::rule::Rule;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Why a predicate is neither true nor false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// A fact is not known.
    pub(crate) fact: bool,
    /// The fact is known but the number it is compared with was never found.
    pub(crate) number: bool,
    /// Both are known but cannot be compared: another kind of value, or a level that the book does not know.
    pub(crate) unfit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown(Doubt),
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl Truth {
    /// True when all are, false as soon as one is, else unknown with every doubt.
    fn all(parts: impl Iterator<Item = Self>) -> Self {
        let mut doubt: Option<Doubt> = None;
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::Unknown(more) => {
                    let so_far = doubt.unwrap_or_default();
                    doubt = Some(Doubt {
                        fact: so_far.fact | more.fact,
                        number: so_far.number | more.number,
                        unfit: so_far.unfit | more.unfit,
                    });
                }
            }
        }
        doubt.map_or(Self::True, Self::Unknown)
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }
}

/// What the predicates of one rule are evaluated over.
pub(crate) struct Scene<'a, 's> {
    pub(crate) orders: &'a Orders,
    pub(crate) rule: &'a Rule,
    /// The facts at the places of the book's vocabulary; the day stands among them under its name.
    pub(crate) facts: &'s [Option<&'s Value>],
    /// The facts alone, at the same places, without the day.
    pub(crate) reported: &'s [Option<&'a Value>],
}

impl<'a, 's> Scene<'a, 's>
where
    'a: 's,
{
    fn fact(&self, place: usize) -> Option<&'s Value> {
        self.facts.get(place).copied().flatten()
    }

    fn reported(&self, place: usize) -> Option<&'a Value> {
        self.reported.get(place).copied().flatten()
    }

    pub(crate) fn truth(&self, predicate: &Predicate) -> Truth {
        match predicate {
            Predicate::All(parts) => Truth::all(parts.iter().map(|part| self.truth(part))),
            // "At least one" is "not all fail".
            Predicate::Any(parts) => Truth::all(parts.iter().map(|part| self.truth(part).not())).not(),
            Predicate::Not(part) => self.truth(part).not(),
            Predicate::Is(comparison) => self.compare(comparison),
        }
    }

    fn compare(&self, comparison: &Comparison) -> Truth {
        let fact = self.fact(comparison.places.fact);
        let (op, operand) = match &comparison.test {
            Test::Exists => return fact.is_some().into(),
            Test::Missing => return fact.is_none().into(),
            Test::Compare(op, operand) => (*op, operand),
        };
        let no_fact = Truth::Unknown(Doubt { fact: true, ..Doubt::default() });
        // A missing fact comes first: where nothing was reported, no comparison is made, whatever its other side.
        let Some(fact) = fact else { return no_fact };
        let other = match operand {
            Operand::Value(value) => value,
            Operand::Param(name) => match self.rule.params.get(name) {
                Some(Some(value)) => value,
                _ => return Truth::Unknown(Doubt { number: true, ..Doubt::default() }),
            },
            Operand::Fact(_) => match self.fact(comparison.places.other) {
                Some(value) => value,
                None => return no_fact,
            },
        };
        match holds(op, fact, other, self.orders) {
            Some(holds) => holds.into(),
            None => Truth::Unknown(Doubt { unfit: true, ..Doubt::default() }),
        }
    }

    /// Notes what decided a predicate: of an `all` that is false the parts that are false, and so on.
    pub(crate) fn trace(&self, predicate: &'a Predicate, trace: &mut Trace<'a>) {
        match predicate {
            Predicate::All(parts) | Predicate::Any(parts) => {
                let deciding = self.truth(predicate);
                let all_matter = match predicate {
                    Predicate::All(_) => deciding != Truth::False,
                    _ => deciding != Truth::True,
                };
                for part in parts.iter().filter(|part| all_matter || self.truth(part) == deciding) {
                    self.trace(part, trace);
                }
            }
            Predicate::Not(part) => self.trace(part, trace),
            Predicate::Is(comparison) => self.trace_leaf(comparison, trace),
        }
    }

    fn trace_leaf(&self, comparison: &'a Comparison, trace: &mut Trace<'a>) {
        let truth = self.compare(comparison);
        let places = [comparison.places.fact, comparison.places.other];
        for (path, place) in comparison.paths().zip(places).filter(|(path, _)| !path.is_date()) {
            match self.reported(place) {
                Some(value) => {
                    trace.used.insert(path, value);
                }
                None if matches!(truth, Truth::Unknown(_)) || !matches!(comparison.test, Test::Compare(..)) => {
                    trace.missing.insert(path);
                }
                None => {}
            }
        }
        let Truth::Unknown(doubt) = truth else { return };
        if let (true, Test::Compare(_, Operand::Param(name))) = (doubt.number, &comparison.test) {
            trace.numbers.insert(name);
        }
        if doubt.unfit {
            trace.unfit.insert(&comparison.path);
        }
    }

    /// The value on the other side of a comparison, where it is known and not the day itself.
    pub(crate) fn operand(&self, comparison: &'a Comparison) -> Option<&'a Value> {
        match &comparison.test {
            Test::Compare(_, Operand::Value(value)) => Some(value),
            Test::Compare(_, Operand::Param(name)) => self.rule.params.get(name)?.as_ref(),
            Test::Compare(_, Operand::Fact(_)) => self.reported(comparison.places.other),
            _ => None,
        }
    }
}

/// What a reason rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trace<'a> {
    pub(crate) used: BTreeMap<&'a FactPath, &'a Value>,
    pub(crate) missing: BTreeSet<&'a FactPath>,
    pub(crate) numbers: BTreeSet<&'a str>,
    pub(crate) unfit: BTreeSet<&'a FactPath>,
}

/// `None` when the two cannot be compared so.
pub(crate) fn holds(op: Op, fact: &Value, other: &Value, orders: &Orders) -> Option<bool> {
    let ranks = |rank: &dyn Fn(&str) -> Option<usize>| match (fact, other) {
        (Value::Text(a), Value::Text(b)) => Some((rank(a)?, rank(b)?)),
        _ => None,
    };
    let scopes = || ranks(&|level| orders.scope_rank(level));
    match op {
        Op::Eq => fact.same(other),
        Op::Ne => fact.same(other).map(|same| !same),
        Op::Lt => fact.order(other).map(std::cmp::Ordering::is_lt),
        Op::Le => fact.order(other).map(std::cmp::Ordering::is_le),
        Op::Gt => fact.order(other).map(std::cmp::Ordering::is_gt),
        Op::Ge => fact.order(other).map(std::cmp::Ordering::is_ge),
        Op::In | Op::NotIn => match other {
            Value::List(items) => fact.among(items).map(|among| among == (op == Op::In)),
            _ => None,
        },
        Op::ContainsAll => match (fact, other) {
            (Value::List(have), Value::List(wanted)) => {
                // An empty list has nothing; it is not of another kind.
                wanted
                    .iter()
                    .try_fold(true, |all, item| Some(all & if have.is_empty() { false } else { item.among(have)? }))
            }
            _ => None,
        },
        Op::ScopeLe => scopes().map(|(a, b)| a <= b),
        Op::ScopeLt => scopes().map(|(a, b)| a < b),
        Op::AuthGe => ranks(&|body| orders.authority_rank(body)).map(|(a, b)| a >= b),
    }
}
