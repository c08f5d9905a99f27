//! What was known when.

use crate::error::PackError;
use crate::table::Table;
use jiff::civil::Date;
use levee_outlook::pooled::Step;
use std::collections::{BTreeMap, BTreeSet};

/// Figures of one target as known on one day, by place and day (or last day of the week). A figure that was taken back is
/// `None`.
pub(crate) type Known = BTreeMap<String, BTreeMap<Date, Option<f64>>>;

/// All statements about one figure: the day each became known, and what it said.
type Statements = BTreeMap<Date, Option<f64>>;

/// Every figure with every later correction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vintages {
    /// By target, place, and day or last day of the week.
    figures: BTreeMap<String, BTreeMap<String, BTreeMap<Date, Statements>>>,
}

impl Vintages {
    /// Reads a table of vintages.
    pub(crate) fn read(mut table: Table, step: Step) -> Result<Self, PackError> {
        let as_of = table.column("as_of")?;
        let target = table.column("target")?;
        let location = table.column("location")?;
        let date = table.column(match step {
            Step::Day => "date",
            Step::Week => "target_end_date",
        })?;
        let value = table.column("value")?;
        let mut out = Self::default();
        while let Some(line) = table.next()? {
            let (known, day) = (line.date(as_of)?, line.date(date)?);
            if day > known {
                return Err(PackError::FromTheFuture { place: line.place("as_of"), date: day, as_of: known });
            }
            let (target, location) = (line.text(target)?, line.text(location)?);
            let said = line.number(value)?;
            // Names are few and lines are many: a name is copied only when it is new.
            if !out.figures.contains_key(target) {
                out.figures.insert(target.to_owned(), BTreeMap::new());
            }
            let Some(places) = out.figures.get_mut(target) else { continue };
            if !places.contains_key(location) {
                places.insert(location.to_owned(), BTreeMap::new());
            }
            let Some(days) = places.get_mut(location) else { continue };
            if days.entry(day).or_default().insert(known, said).is_some() {
                let what = format!("the figure of `{location}` for {day} as known on {known}");
                return Err(PackError::Twice { place: line.place(""), what });
            }
        }
        Ok(out)
    }

    /// The figures of a target as they were known at the end of a day: for each, what was said last by then.
    pub(crate) fn known_at(&self, target: &str, day: Date) -> Known {
        let Some(places) = self.figures.get(target) else { return Known::new() };
        let newest = |said: &Statements| said.range(..=day).next_back().map(|(_, value)| *value);
        places
            .iter()
            .map(|(place, days)| {
                (place.clone(), days.iter().filter_map(|(d, said)| Some((*d, newest(said)?))).collect())
            })
            .filter(|(_, days): &(_, BTreeMap<_, _>)| !days.is_empty())
            .collect()
    }

    /// Days before `day` on which something about a target became known.
    pub(crate) fn earlier(&self, target: &str, day: Date) -> BTreeSet<Date> {
        let places = self.figures.get(target).into_iter().flat_map(BTreeMap::values);
        places.flat_map(BTreeMap::values).flat_map(|said| said.range(..day).map(|(known, _)| *known)).collect()
    }

    /// Names of all targets.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &str> {
        self.figures.keys().map(String::as_str)
    }

    /// The target that a task means: the same name, or the same but for the first word, which names the period.
    pub(crate) fn meant_by(&self, task_target: &str) -> Option<&str> {
        let rest = |name: &str| name.split_once(' ').map(|(_, rest)| rest.to_owned());
        let exact = self.targets().find(|name| *name == task_target);
        exact.or_else(|| self.targets().find(|name| rest(name).is_some() && rest(name) == rest(task_target)))
    }
}
