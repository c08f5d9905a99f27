//! Reading maps field by field, so that all faults are found and no field goes unread.

use super::lines::Lines;
use crate::choices::Choice;
use crate::problem::{Fault, RulebookProblem};
use crate::value::{Value, key_text};
use jiff::civil::Date;
use serde_norway::Value as Yaml;
use std::collections::BTreeSet;

/// Where the reader is.
#[derive(Clone, Debug, Default)]
pub(crate) struct At {
    /// Position and name of the entry of the main list.
    pub(crate) entry: Option<(usize, String)>,
    field: String,
}

impl At {
    pub(crate) fn entry(position: usize, name: String) -> Self {
        Self { entry: Some((position, name)), field: String::new() }
    }

    pub(crate) fn child(&self, key: &str) -> Self {
        let field = if self.field.is_empty() { key.to_owned() } else { format!("{}.{key}", self.field) };
        Self { entry: self.entry.clone(), field }
    }

    pub(crate) fn item(&self, position: usize) -> Self {
        Self { entry: self.entry.clone(), field: format!("{}[{position}]", self.field) }
    }
}

/// The faults found so far.
pub(crate) struct Faults<'t> {
    found: Vec<RulebookProblem>,
    lines: Lines<'t>,
    lines_agree: bool,
}

impl<'t> Faults<'t> {
    /// `list` is the key of the file's main list.
    pub(crate) fn new(text: &'t str, list: &str) -> Self {
        Self { found: Vec::new(), lines: Lines::new(text, list), lines_agree: true }
    }

    /// Tells how many entries the main list has, so that lines are given only when the text was understood.
    pub(crate) fn expect_entries(&mut self, count: usize) {
        self.lines_agree = self.lines.entries() == count;
    }

    pub(crate) fn add(&mut self, at: &At, fault: Fault) {
        let line = match &at.entry {
            Some((position, _)) if self.lines_agree => self.lines.find(Some(*position), &at.field),
            Some(_) => None,
            None => self.lines.find(None, &at.field),
        };
        let rule = at.entry.as_ref().map(|(_, name)| name.clone());
        let field = if at.field.is_empty() { "the entry".to_owned() } else { at.field.clone() };
        self.found.push(RulebookProblem { rule, field, line, fault });
    }

    pub(crate) fn wrong_kind(&mut self, at: &At, expected: &'static str, found: &Yaml) {
        self.add(at, Fault::WrongKind { expected, found: kind(found) });
    }

    pub(crate) fn bad_value(&mut self, at: &At, given: &str, why: impl Into<String>) {
        self.add(at, Fault::BadValue { given: given.chars().take(80).collect(), why: why.into() });
    }

    /// The result, or all faults in the order of the file.
    pub(crate) fn done<T>(mut self, result: Option<T>) -> Result<T, Vec<RulebookProblem>> {
        match result {
            Some(result) if self.found.is_empty() => Ok(result),
            _ => {
                self.found.sort_by_key(|problem| problem.line);
                Err(self.found)
            }
        }
    }
}

/// Parses the text; the one fault that hides all others.
pub(crate) fn yaml(text: &str, faults: &mut Faults<'_>) -> Option<Yaml> {
    match serde_norway::from_str(text) {
        Ok(root) => Some(root),
        Err(error) => {
            faults.found.push(RulebookProblem {
                rule: None,
                field: "the file".to_owned(),
                line: error.location().map(|place| place.line()),
                fault: Fault::NotYaml { message: error.to_string() },
            });
            None
        }
    }
}

fn kind(value: &Yaml) -> &'static str {
    match value {
        Yaml::Null => "nothing",
        Yaml::Bool(_) => "yes or no",
        Yaml::Number(_) => "a number",
        Yaml::String(_) => "a text",
        Yaml::Sequence(_) => "a list",
        Yaml::Mapping(_) => "a map",
        Yaml::Tagged(_) => "a tagged value",
    }
}

/// One map being read.
pub(crate) struct Fields<'a> {
    pub(crate) at: At,
    entries: Vec<(String, &'a Yaml)>,
    known: BTreeSet<&'static str>,
}

impl<'a> Fields<'a> {
    pub(crate) fn open(value: &'a Yaml, at: At, faults: &mut Faults<'_>) -> Option<Self> {
        let Yaml::Mapping(map) = value else {
            faults.wrong_kind(&at, "a map of fields", value);
            return None;
        };
        let mut entries = Vec::with_capacity(map.len());
        for (key, value) in map {
            match key_text(key) {
                Some(key) => entries.push((key, value)),
                None => faults.wrong_kind(&at, "names as keys", key),
            }
        }
        Some(Self { at, entries, known: BTreeSet::new() })
    }

    /// All entries of a map whose keys are names, not fields.
    pub(crate) fn into_names(self) -> impl Iterator<Item = (String, &'a Yaml, At)> {
        let at = self.at;
        self.entries.into_iter().map(move |(key, value)| {
            let at = at.child(&key);
            (key, value, at)
        })
    }

    /// Takes a field if it stands there; `null` stands there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'a Yaml> {
        self.known.insert(key);
        let position = self.entries.iter().position(|(known, _)| known == key)?;
        Some(self.entries.swap_remove(position).1)
    }

    /// Takes a field that must stand there and not be `null`.
    pub(crate) fn need(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<&'a Yaml> {
        match self.take(key) {
            None | Some(Yaml::Null) => {
                faults.add(&self.at.child(key), Fault::Missing);
                None
            }
            found => found,
        }
    }

    pub(crate) fn text(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<String> {
        let value = self.need(key, faults)?;
        text(value, &self.at.child(key), faults)
    }

    /// A text that may be absent or `null`; a fault gives `None` too, and is noted.
    pub(crate) fn text_if_any(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<String> {
        match self.take(key) {
            None | Some(Yaml::Null) => None,
            Some(value) => text(value, &self.at.child(key), faults),
        }
    }

    /// A name of one of the id types.
    pub(crate) fn id<T: std::str::FromStr<Err = levee_model::ids::BadId>>(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<T> {
        let given = self.text(key, faults)?;
        id(&given, &self.at.child(key), faults)
    }

    pub(crate) fn date(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Date> {
        let given = self.text(key, faults)?;
        date(&given, &self.at.child(key), faults)
    }

    pub(crate) fn date_if_any(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Date> {
        let given = self.text_if_any(key, faults)?;
        date(&given, &self.at.child(key), faults)
    }

    /// Yes or no; absent means no.
    pub(crate) fn flag(&mut self, key: &'static str, faults: &mut Faults<'_>) -> bool {
        match self.take(key) {
            None => false,
            Some(Yaml::Bool(yes)) => *yes,
            Some(other) => {
                faults.wrong_kind(&self.at.child(key), "true or false", other);
                false
            }
        }
    }

    pub(crate) fn choice<T: Choice>(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<T> {
        let given = self.text(key, faults)?;
        choice(&given, &self.at.child(key), faults)
    }

    pub(crate) fn choice_if_any<T: Choice>(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<T> {
        let given = self.text_if_any(key, faults)?;
        choice(&given, &self.at.child(key), faults)
    }

    /// A whole number of days that may be absent or `null`.
    pub(crate) fn days_if_any(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<u32> {
        match self.take(key) {
            None | Some(Yaml::Null) => None,
            Some(value) => {
                let days = value.as_u64().and_then(|days| u32::try_from(days).ok());
                if days.is_none() {
                    faults.wrong_kind(&self.at.child(key), "a whole number of days, not negative", value);
                }
                days
            }
        }
    }

    /// The items of a list with their places; absent gives none, and a fault is noted when it must be there.
    pub(crate) fn list(&mut self, key: &'static str, must: bool, faults: &mut Faults<'_>) -> Vec<(At, &'a Yaml)> {
        let at = self.at.child(key);
        match self.take(key) {
            Some(Yaml::Sequence(items)) => items.iter().enumerate().map(|(i, item)| (at.item(i), item)).collect(),
            None | Some(Yaml::Null) => {
                if must {
                    faults.add(&at, Fault::Missing);
                }
                Vec::new()
            }
            Some(other) => {
                faults.wrong_kind(&at, "a list", other);
                Vec::new()
            }
        }
    }

    pub(crate) fn texts(&mut self, key: &'static str, must: bool, faults: &mut Faults<'_>) -> Vec<String> {
        let items = self.list(key, must, faults);
        items.into_iter().filter_map(|(at, item)| text(item, &at, faults)).collect()
    }

    /// Ends the map: whatever was not asked for is a fault.
    pub(crate) fn close(self, faults: &mut Faults<'_>) {
        for (key, _) in &self.entries {
            let nearest = nearest(key, &self.known);
            faults.add(&self.at.child(key), Fault::UnknownField { nearest });
        }
    }
}

pub(crate) fn text(value: &Yaml, at: &At, faults: &mut Faults<'_>) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        other => {
            faults.wrong_kind(at, "a text", other);
            None
        }
    }
}

pub(crate) fn id<T: std::str::FromStr<Err = levee_model::ids::BadId>>(
    given: &str,
    at: &At,
    faults: &mut Faults<'_>,
) -> Option<T> {
    given
        .parse()
        .map_err(|bad: levee_model::ids::BadId| faults.bad_value(at, given, format!("is no {}: {}", bad.kind, bad.why)))
        .ok()
}

pub(crate) fn date(given: &str, at: &At, faults: &mut Faults<'_>) -> Option<Date> {
    match Value::from_text(given) {
        Value::Date(date) => Some(date),
        _ => {
            faults.bad_value(at, given, "is no day; write it as 2022-11-24");
            None
        }
    }
}

pub(crate) fn choice<T: Choice>(given: &str, at: &At, faults: &mut Faults<'_>) -> Option<T> {
    let found = T::from_word(given);
    if found.is_none() {
        let allowed = T::TABLE.iter().map(|(word, _)| (*word).to_owned()).collect();
        faults.add(at, Fault::NotOneOf { given: given.chars().take(80).collect(), allowed });
    }
    found
}

/// The known name that looks most like `given`, when it looks like it at all.
fn nearest(given: &str, known: &BTreeSet<&'static str>) -> Option<&'static str> {
    if given.chars().count() > 64 {
        return None;
    }
    let best = known.iter().map(|name| (edits(given, name), *name)).min()?;
    (best.0 <= 2).then_some(best.1)
}

/// How many letters must be added, dropped or replaced to turn one word into the other.
pub(crate) fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}
