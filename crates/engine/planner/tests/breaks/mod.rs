//! Every way of breaking a plan, one at a time.
//!
//! The plan is taken as JSON: each leaf is changed in several ways, each list loses, doubles or turns round its entries.
//! A break is made when it is asked for and gone after: all of them at once would take gigabytes.

use serde_json::Value;

/// What is done to one place of the document.
enum Edit {
    Set(Value),
    Lose(usize),
    Double(usize),
    /// Swaps an entry with the first one.
    Turn(usize),
}

impl Edit {
    fn apply(self, place: &mut Value) {
        match (self, place) {
            (Self::Set(value), place) => *place = value,
            (Self::Lose(k), Value::Array(items)) => drop(items.remove(k)),
            (Self::Double(k), Value::Array(items)) => items.insert(k, items[k].clone()),
            (Self::Turn(k), Value::Array(items)) => items.swap(k, 0),
            (_, other) => assert!(other.is_array(), "{other} is no list"),
        }
    }
}

/// What is put in the place of what.
pub(crate) struct Breaker<'a> {
    /// Words to put in the place of others.
    pub(crate) words: &'a [Value],
    /// Whether one word may stand in the place of another; nothing may stand for all.
    pub(crate) like: fn(&Value, &Value) -> bool,
    /// Whether the order of lists means something.
    pub(crate) ordered: bool,
}

impl Breaker<'_> {
    /// Every broken form of the document, with the path to the break (`*` for an entry of a list).
    pub(crate) fn breaks<'w>(&self, whole: &'w Value) -> impl Iterator<Item = (String, Value)> + 'w {
        let mut edits = Vec::new();
        self.collect(whole, &mut Vec::new(), &mut edits);
        edits.into_iter().map(move |(steps, path, edit)| {
            let mut broken = whole.clone();
            let place = steps.iter().fold(&mut broken, |value, step| match step {
                Step::Field(name) => &mut value[name.as_str()],
                Step::Entry(k) => &mut value[*k],
            });
            edit.apply(place);
            (path, broken)
        })
    }

    fn collect(&self, value: &Value, steps: &mut Vec<Step>, edits: &mut Vec<(Vec<Step>, String, Edit)>) {
        let path: String = steps.iter().map(Step::shown).collect();
        let mut put = |values: Vec<Value>| {
            edits.extend(values.into_iter().map(|value| (steps.clone(), path.clone(), Edit::Set(value))));
        };
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    steps.push(Step::Field(name.clone()));
                    self.collect(inner, steps, edits);
                    steps.pop();
                }
            }
            Value::Array(items) => {
                for (k, inner) in items.iter().enumerate() {
                    steps.push(Step::Entry(k));
                    self.collect(inner, steps, edits);
                    steps.pop();
                    edits.push((steps.clone(), format!("{path}/* lost"), Edit::Lose(k)));
                    edits.push((steps.clone(), format!("{path}/* twice"), Edit::Double(k)));
                    if self.ordered {
                        edits.push((steps.clone(), format!("{path}/* turned"), Edit::Turn(k)));
                    }
                }
            }
            Value::Number(n) => put(match (n.as_i64(), n.as_f64()) {
                (Some(n), _) => [n + 1, n - 1, n + 1_000, n + 1_000_000].map(Value::from).into(),
                (None, Some(x)) => vec![Value::from(x / 2.0)],
                _ => vec![],
            }),
            Value::String(_) | Value::Null => {
                let like = |v: &&Value| *v != value && (v.is_null() || value.is_null() || (self.like)(v, value));
                put(self.words.iter().filter(like).cloned().collect());
            }
            Value::Bool(b) => put(vec![Value::Bool(!b)]),
        }
    }
}

#[derive(Clone)]
enum Step {
    Field(String),
    Entry(usize),
}

impl Step {
    fn shown(&self) -> String {
        match self {
            Self::Field(name) => format!("/{name}"),
            Self::Entry(_) => "/*".to_owned(),
        }
    }
}
