//! Conditions over facts, as a typed tree.

use crate::choices::choices;
use crate::ids::FactPath;
use crate::value::Value;

choices! {
    /// How a fact is compared. `a` is the fact, `b` the operand.
    Op {
        /// a = b.
        Eq = "eq",
        /// a is not b.
        Ne = "ne",
        /// a < b; numbers or dates, as the next three.
        Lt = "lt",
        /// a <= b.
        Le = "le",
        /// a > b.
        Gt = "gt",
        /// a >= b.
        Ge = "ge",
        /// a is an item of the list b.
        In = "in",
        /// a is no item of the list b.
        NotIn = "not_in",
        /// Every item of the list b is in the list a.
        ContainsAll = "contains_all",
        /// The level a is not larger than b in `orders.scope`.
        ScopeLe = "scope_le",
        /// The level a is smaller than b in `orders.scope`.
        ScopeLt = "scope_lt",
        /// The body a ranks as high as b or higher in `orders.authority`.
        AuthGe = "auth_ge",
    }
}

/// Where the other side of a comparison comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// It stands in the file.
    Value(Value),
    /// A parameter of the same rule: `{param: name}`. The reader made sure that the rule has it.
    Param(String),
    /// Another fact: `{path: name}`.
    Fact(FactPath),
}

/// What is asked of one fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is known.
    Exists,
    /// It is not known.
    Missing,
    /// It is known and compares so.
    Compare(Op, Operand),
}

/// One fact and what is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Which fact.
    pub path: FactPath,
    /// What is asked.
    pub test: Test,
    /// Where the facts lie that it reads; set when the book is whole.
    pub(crate) places: Places,
}

/// Where the facts of a comparison lie in the book's vocabulary, so that judging compares no names.
///
/// It says nothing of what is asked: conditions of two books are equal whatever their places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) fact: usize,
    /// Of the fact on the other side, where there is one.
    pub(crate) other: usize,
}

impl Default for Places {
    /// Nowhere: reads as a fact that nobody reported.
    fn default() -> Self {
        Self { fact: usize::MAX, other: usize::MAX }
    }
}

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A condition over facts. Lists are never empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// All hold.
    All(Vec<Predicate>),
    /// At least one holds.
    Any(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
    /// One fact.
    Is(Comparison),
}

impl Predicate {
    /// Calls `visit` for every comparison in it, from left to right.
    pub fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Comparison)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each(visit)),
            Self::Not(part) => part.each(visit),
            Self::Is(comparison) => visit(comparison),
        }
    }

    /// The same, to change them.
    pub(crate) fn each_mut(&mut self, visit: &mut impl FnMut(&mut Comparison)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter_mut().for_each(|part| part.each_mut(visit)),
            Self::Not(part) => part.each_mut(visit),
            Self::Is(comparison) => visit(comparison),
        }
    }
}

impl Comparison {
    /// The facts it reads.
    pub fn paths(&self) -> impl Iterator<Item = &FactPath> {
        let other = match &self.test {
            Test::Compare(_, Operand::Fact(path)) => Some(path),
            _ => None,
        };
        std::iter::once(&self.path).chain(other)
    }
}

impl std::fmt::Display for Test {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exists => f.write_str("exists"),
            Self::Missing => f.write_str("missing"),
            Self::Compare(op, Operand::Value(value)) => write!(f, "{op} {value}"),
            Self::Compare(op, Operand::Param(name)) => write!(f, "{op} {{param: {name}}}"),
            Self::Compare(op, Operand::Fact(path)) => write!(f, "{op} {{path: {path}}}"),
        }
    }
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.path, self.test)
    }
}

impl Predicate {
    /// The condition in one line, with the words of a language for "and", "or" and "not".
    pub fn told(&self, and: &str, or: &str, not: &str) -> String {
        let joined = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    Self::All(_) | Self::Any(_) => format!("({})", part.told(and, or, not)),
                    _ => part.told(and, or, not),
                })
                .collect();
            parts.join(word)
        };
        match self {
            Self::All(parts) => joined(parts, and),
            Self::Any(parts) => joined(parts, or),
            Self::Not(part) => format!("{not}({})", part.told(and, or, not)),
            Self::Is(comparison) => comparison.to_string(),
        }
    }
}

impl std::fmt::Display for Predicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.told(" and ", " or ", "not "))
    }
}
