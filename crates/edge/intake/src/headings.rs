//! Which column a heading stands for, and where in a file the row of headings is.

use crate::error::ReadError;
use crate::message::code;
use crate::tabular::{Record, Source};
use crate::text::{folded, nearest, suggestion};
use levee_model::table::{TableSpec, Use};
use std::collections::BTreeMap;

/// In `headings.csv`: the columns that every table of obligations has.
pub const OWED: &str = "owed";

/// Columns that a file of rejected rows adds and that are passed over when it comes back.
pub const RETURNED: &[&str] = &["problem", "mend", "line"];

/// Units in brackets that do not change what a heading means.
const UNITS: &[&str] = &["(例)", "(人)", "(个)", "(张)", "(间)", "(辆)", "(%)", "(persons)"];

/// What a heading stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The column of the table at this position.
    Column(usize),
    /// A full day: `period_start` and `period_end` at once.
    Day,
    /// A column that [`crate::rejected`] added.
    Returned,
}

/// A row of `headings.csv` that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadHeading {
    /// No table is called so.
    Table(String),
    /// The table has no such column.
    Column(String),
    /// The heading already stands for another column of the table.
    Taken(String),
}

/// The headings of a city's offices, by table. A table's own column names always count and need no row here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    /// By table, then by folded heading: the column and the heading as written.
    by_table: BTreeMap<String, BTreeMap<String, (String, String)>>,
}

impl Headings {
    /// Adds one heading.
    pub fn add(&mut self, table: &str, column: &str, heading: &str) -> Result<(), BadHeading> {
        if table == OWED {
            if !levee_app::catalogue::COMMON_COLUMNS.contains(&column) {
                return Err(BadHeading::Column(column.to_owned()));
            }
            return self.put(table, column, heading);
        }
        let spec = TableSpec::named(table).ok_or_else(|| BadHeading::Table(table.to_owned()))?;
        if spec.position(column).is_none() && !(column == "date" && has_period(spec)) {
            return Err(BadHeading::Column(column.to_owned()));
        }
        self.put(table, column, heading)
    }

    /// Adds the names that a kind's own fields have in the catalogue. A heading that stands for another column already
    /// keeps its meaning.
    pub fn add_fields<'f>(&mut self, spec: &TableSpec, names: impl IntoIterator<Item = (&'f str, &'f str)>) {
        for (column, heading) in names {
            let _ = self.put(spec.name, column, heading);
        }
    }

    fn put(&mut self, table: &str, column: &str, heading: &str) -> Result<(), BadHeading> {
        let known = self.by_table.entry(table.to_owned()).or_default();
        let key = folded(heading);
        match known.get(&key) {
            Some((other, _)) if other != column => return Err(BadHeading::Taken(other.clone())),
            _ => known.insert(key, (column.to_owned(), heading.to_owned())),
        };
        Ok(())
    }

    /// What a heading stands for in a table.
    pub fn resolve(&self, spec: &TableSpec, heading: &str) -> Option<Target> {
        let key = folded(heading);
        self.exact(spec, &key).or_else(|| {
            let bare = UNITS.iter().find_map(|unit| key.strip_suffix(unit))?;
            self.exact(spec, bare)
        })
    }

    fn exact(&self, spec: &TableSpec, key: &str) -> Option<Target> {
        let target = |column: &str| match spec.position(column) {
            Some(at) => Some(Target::Column(at)),
            None => (column == "date" && has_period(spec)).then_some(Target::Day),
        };
        target(key)
            .or_else(|| RETURNED.contains(&key).then_some(Target::Returned))
            .or_else(|| self.lists(spec).find_map(|list| list.get(key)).and_then(|(column, _)| target(column)))
    }

    /// The headings of a table: its own, then those that it shares with its like.
    fn lists<'h>(&'h self, spec: &TableSpec) -> impl Iterator<Item = &'h BTreeMap<String, (String, String)>> {
        let shared = (spec.used == Use::Owed).then(|| self.by_table.get(OWED)).flatten();
        self.by_table.get(spec.name).into_iter().chain(shared)
    }

    /// The headings accepted for a column: its own name, then those of the offices.
    pub fn accepted(&self, spec: &TableSpec, column: &str) -> Vec<String> {
        let mut all = vec![column.to_owned()];
        let offices = self.lists(spec).flat_map(BTreeMap::values);
        all.extend(offices.filter(|(of, _)| of == column).map(|(_, heading)| heading.clone()));
        all
    }

    fn all(&self, spec: &TableSpec) -> Vec<String> {
        let day = has_period(spec).then_some("date");
        spec.columns.iter().map(|c| c.name).chain(day).flat_map(|column| self.accepted(spec, column)).collect()
    }

    /// For a person whose file has no headings: each column's own name with one that offices use, the rest as a number.
    fn told(&self, spec: &TableSpec) -> String {
        let mut said = Vec::new();
        let mut others = 0;
        let day = has_period(spec).then_some("date");
        for column in spec.columns.iter().map(|c| c.name).chain(day) {
            let known = self.accepted(spec, column);
            // Offices write Chinese headings more often than the table's own names.
            let office = known.iter().skip(1).find(|heading| !heading.is_ascii());
            said.push(office.map_or_else(|| column.to_owned(), |heading| format!("{column} ({heading})")));
            others += known.len().saturating_sub(1 + usize::from(office.is_some()));
        }
        if others > 0 {
            said.push(format!("… +{others}"));
        }
        said.join(", ")
    }

    /// How many columns of the table a row names.
    pub(crate) fn score(&self, spec: &TableSpec, record: &Record) -> usize {
        let named = record.cells().filter_map(|cell| self.resolve(spec, cell));
        let mut targets: Vec<Target> = named.filter(|t| *t != Target::Returned).collect();
        targets.sort_unstable();
        targets.dedup();
        targets.len()
    }
}

/// Whether full days may be given in one column.
pub(crate) fn has_period(spec: &TableSpec) -> bool {
    spec.position("period_start").is_some() && spec.position("period_end").is_some()
}

/// Columns of the table that a row of headings must name at least. One may be chance: a title row can read "place".
const ENOUGH: usize = 2;

/// The row of headings found in the head of a file, with what each cell of it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Its place among the rows of the head.
    pub(crate) at: usize,
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
    pub(crate) targets: Vec<Option<Target>>,
}

impl Header {
    /// Finds the row of headings among the first rows.
    pub(crate) fn find(
        source: &Source,
        spec: &TableSpec,
        headings: &Headings,
        head: &[Record],
    ) -> Result<Self, ReadError> {
        let mut rows = head.iter().enumerate().filter(|(_, row)| headings.score(spec, row) >= ENOUGH);
        let Some((at, row)) = rows.next() else {
            let args = [head.len().to_string(), spec.name.to_owned(), headings.told(spec)];
            return Err(source.error(code::NO_HEADER, args));
        };
        if let Some((_, second)) = rows.next() {
            return Err(source.error(code::TWO_HEADERS, [row.line().to_string(), second.line().to_string()]));
        }
        let cells: Vec<String> = row.cells().map(|cell| cell.trim().to_owned()).collect();
        let targets = cells.iter().map(|cell| headings.resolve(spec, cell)).collect();
        let header = Self { at, line: row.line(), cells, targets };
        header.no_column_twice(source, spec)?;
        Ok(header)
    }

    fn no_column_twice(&self, source: &Source, spec: &TableSpec) -> Result<(), ReadError> {
        let mut seen: BTreeMap<usize, &str> = BTreeMap::new();
        for (target, heading) in self.targets.iter().zip(&self.cells) {
            // A full day fills both ends of the period.
            let names: &[&str] = match target {
                Some(Target::Column(at)) => spec.columns.get(*at).map_or(&[], |c| std::slice::from_ref(&c.name)),
                Some(Target::Day) => &["period_start", "period_end"],
                _ => &[],
            };
            for name in names {
                let Some(at) = spec.position(name) else { continue };
                if let Some(first) = seen.insert(at, heading) {
                    let args = [(*name).to_owned(), first.to_owned(), heading.clone()];
                    return Err(source.error(code::COLUMN_TWICE, args));
                }
            }
        }
        Ok(())
    }

    /// Where a target stands.
    pub(crate) fn position(&self, target: Target) -> Option<usize> {
        self.targets.iter().position(|t| *t == Some(target))
    }

    /// The error of a column that nothing gives.
    pub(crate) fn missing(&self, source: &Source, spec: &TableSpec, headings: &Headings, column: &str) -> ReadError {
        let accepted = headings.accepted(spec, column);
        let unknown = self.unknown();
        let near = accepted.iter().find_map(|a| nearest(a, unknown.iter().copied()));
        source.error(code::COLUMN_MISSING, [column.to_owned(), accepted.join(", "), suggestion(near)])
    }

    /// Headings that stand for nothing.
    pub(crate) fn unknown(&self) -> Vec<&str> {
        let cells = self.cells.iter().zip(&self.targets);
        cells.filter(|(cell, target)| target.is_none() && !cell.is_empty()).map(|(cell, _)| cell.as_str()).collect()
    }

    /// The known heading nearest to an unknown one.
    pub(crate) fn near(spec: &TableSpec, headings: &Headings, unknown: &str) -> String {
        let all = headings.all(spec);
        suggestion(nearest(unknown, all.iter().map(String::as_str)))
    }
}
