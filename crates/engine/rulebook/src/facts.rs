//! Facts about one measure: what was reported, and nothing else.

use crate::ids::FactPath;
use crate::value::{Value, key_text};
use levee_model::ids::BadId;
use serde::Deserialize;
use serde_norway::Value as Yaml;
use std::collections::BTreeMap;

/// What is known of a measure, by path. A fact that is absent is unknown.
///
/// Written flat (`measure.scope: building`) or nested (`measure: {scope: building}`); `null` leaves a fact unknown.
/// The day is not a fact: it is an argument of [`crate::judge`], and predicates read it as `date`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "Yaml")]
pub struct Facts(BTreeMap<FactPath, Value>);

/// Why something cannot be facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFacts {
    /// Not YAML or JSON.
    #[error("facts could not be read{}: {message}", at_line(*line))]
    Unreadable {
        /// What the parser says.
        message: String,
        /// Line, from 1, where the parser knows it.
        line: Option<usize>,
    },
    /// Not a map.
    #[error("facts must be a map of paths to values, such as `measure.scope: building`")]
    NotAMap,
    /// A path that is no path.
    #[error(transparent)]
    Path(#[from] BadId),
    /// A value that is no value.
    #[error("the fact `{path}` cannot be read: {why}")]
    Value {
        /// Which fact.
        path: String,
        /// What is wrong.
        why: &'static str,
    },
    /// One path given twice, flat and nested.
    #[error("the fact `{path}` is given twice; keep one")]
    Twice {
        /// Which fact.
        path: FactPath,
    },
    /// The day among the facts.
    #[error("`date` is no fact: give the day of the judgement beside the facts")]
    Date,
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!(" at line {line}")).unwrap_or_default()
}

impl Facts {
    /// No facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// From YAML or JSON text.
    pub fn parse(text: &str) -> Result<Self, BadFacts> {
        let given: Yaml = serde_norway::from_str(text).map_err(|error| BadFacts::Unreadable {
            message: error.to_string(),
            line: error.location().map(|place| place.line()),
        })?;
        Self::try_from(given)
    }

    /// Adds one fact.
    pub fn insert(&mut self, path: FactPath, value: Value) -> Result<(), BadFacts> {
        if path.is_date() {
            return Err(BadFacts::Date);
        }
        if matches!(value, Value::Number(number) if !number.is_finite()) {
            return Err(BadFacts::Value { path: path.to_string(), why: "the number is not finite" });
        }
        if self.0.contains_key(&path) {
            return Err(BadFacts::Twice { path });
        }
        self.0.insert(path, value);
        Ok(())
    }

    /// What is known under a path.
    pub fn get(&self, path: &FactPath) -> Option<&Value> {
        self.0.get(path)
    }

    /// All facts, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&FactPath, &Value)> {
        self.0.iter()
    }

    /// The facts of a vocabulary, each at the place of its name; both are in order, so that one walk does it. The rest is
    /// read by no rule.
    pub(crate) fn laid_out<'a>(&'a self, vocabulary: &[FactPath]) -> Vec<Option<&'a Value>> {
        let mut laid = vec![None; vocabulary.len()];
        let mut from = 0;
        for (path, value) in &self.0 {
            let rest = vocabulary.get(from..).unwrap_or_default();
            match rest.binary_search(path) {
                Ok(found) => {
                    if let Some(place) = laid.get_mut(from + found) {
                        *place = Some(value);
                    }
                    from += found + 1;
                }
                Err(next) => from += next,
            }
        }
        laid
    }

    fn add(&mut self, prefix: &str, given: &Yaml) -> Result<(), BadFacts> {
        let Yaml::Mapping(entries) = given else { return Err(BadFacts::NotAMap) };
        for (key, value) in entries {
            let key = key_text(key).ok_or(BadFacts::NotAMap)?;
            let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            if let Yaml::Mapping(_) = value {
                self.add(&path, value)?;
            } else if let Some(value) =
                Value::from_yaml(value).map_err(|why| BadFacts::Value { path: path.clone(), why })?
            {
                self.insert(path.parse()?, value)?;
            }
        }
        Ok(())
    }
}

impl TryFrom<Yaml> for Facts {
    type Error = BadFacts;
    fn try_from(given: Yaml) -> Result<Self, BadFacts> {
        let mut facts = Self::new();
        facts.add("", &given)?;
        Ok(facts)
    }
}
