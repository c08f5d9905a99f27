//! Values of facts and parameters, and how two of them compare.

use jiff::civil::Date;
use serde_norway::Value as Yaml;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Above this a whole number no longer survives as a 64-bit float.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A known value. An unknown one is the absence of a value, never zero and never an empty text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A finite number; its unit stands last in the name of the fact or parameter.
    Number(f64),
    /// A word or a text.
    Text(String),
    /// A civil day: every text of the form `2022-11-24`.
    Date(Date),
    /// Several values, in their order.
    List(Vec<Value>),
    /// Values by name; parameters only, no operator reads it.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// What kind of value this is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "yes or no",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// Text, or a date when it has the form of one.
    pub(crate) fn from_text(text: &str) -> Self {
        match text.parse() {
            Ok(date) if text.len() == 10 => Self::Date(date),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// A value of the file; `None` for `null`. The error says why it cannot be one.
    pub(crate) fn from_yaml(given: &Yaml) -> Result<Option<Self>, &'static str> {
        Ok(Some(match given {
            Yaml::Null => return Ok(None),
            Yaml::Bool(yes) => Self::Bool(*yes),
            Yaml::Number(number) => match number.as_f64() {
                Some(number) if number.abs() <= LARGEST_EXACT => Self::Number(number),
                Some(number) if number.is_finite() => return Err("the number is too large to be held exactly"),
                _ => return Err("the number is not finite"),
            },
            Yaml::String(text) => Self::from_text(text),
            Yaml::Sequence(items) => Self::List(
                items
                    .iter()
                    .map(|item| Self::from_yaml(item)?.ok_or("a list holds `null`; leave the item out"))
                    .collect::<Result<_, _>>()?,
            ),
            Yaml::Mapping(entries) => {
                let mut map = BTreeMap::new();
                for (key, value) in entries {
                    let key = key_text(key).ok_or("a key is neither a text nor a number")?;
                    let value = Self::from_yaml(value)?.ok_or("a map holds `null`; leave the entry out")?;
                    map.insert(key, value);
                }
                Self::Map(map)
            }
            Yaml::Tagged(_) => return Err("it has a YAML tag"),
        }))
    }

    /// Whether two values are equal; `None` when they are of different kinds and so cannot be compared.
    pub(crate) fn same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a == b),
            (Self::Text(a), Self::Text(b)) => Some(a == b),
            (Self::List(a), Self::List(b)) => {
                if a.len() != b.len() {
                    return Some(false);
                }
                a.iter().zip(b).try_fold(true, |all, (a, b)| Some(all & a.same(b)?))
            }
            _ => self.order(other).map(|order| order == Ordering::Equal),
        }
    }

    /// Which of two numbers or dates is larger; `None` for anything else.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Whether the value is among `list`; `None` when it is of another kind than every item.
    pub(crate) fn among(&self, list: &[Self]) -> Option<bool> {
        let mut comparable = list.is_empty();
        for item in list {
            match self.same(item) {
                Some(true) => return Some(true),
                Some(false) => comparable = true,
                None => {}
            }
        }
        comparable.then_some(false)
    }
}

/// Keys may be written as numbers (`1: …`); they are names all the same.
pub(crate) fn key_text(key: &Yaml) -> Option<String> {
    match key {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{key}: {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}
