//! Reference tables of a pack as typed values.

use super::problem::PackProblem;
use super::{Document, Office, Reading};
use crate::headings::{BadHeading, Headings};
use crate::message::code;
use crate::text::{nearest, suggestion};
use levee_model::area::{Area, Name, PlaceCode, Relation, ReportingUnit};
use levee_model::ids::BadId;
use levee_model::parameter::Parameter;
use levee_model::person::Person;
use levee_model::quantity::Persons;
use levee_model::table::{CellProblem, Row, TABLES, Use};
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// One row with its place, for turning cells into types. A type that refuses a cell leaves a problem behind.
struct Typed<'a> {
    file: String,
    line: u64,
    row: &'a Row,
    problems: &'a mut Vec<PackProblem>,
}

impl Typed<'_> {
    fn text(&self, column: &str) -> String {
        self.row.text(column).unwrap_or_default().to_owned()
    }
    fn optional(&self, column: &str) -> Option<String> {
        self.row.text(column).map(str::to_owned)
    }
    fn refuse(&mut self, column: &str, code: &'static str, args: Vec<String>) {
        let value = self.row.get(column).map_or_else(String::new, ToString::to_string);
        let problem = CellProblem { column: column.to_owned(), value, code, args };
        self.problems.push(PackProblem::at(&self.file, self.line, problem));
    }
    fn id<T: FromStr<Err = BadId>>(&mut self, column: &str, text: &str) -> Option<T> {
        text.parse().map_err(|why: BadId| self.refuse(column, code::BAD_VALUE, vec![why.why.to_owned()])).ok()
    }
    fn must_id<T: FromStr<Err = BadId>>(&mut self, column: &str) -> Option<T> {
        let text = self.text(column);
        self.id(column, &text)
    }
    /// A word of a choice as the model's own type. The table and the type list the same words.
    fn word<T: DeserializeOwned>(&mut self, column: &str) -> Option<T> {
        let word = serde_json::Value::String(self.text(column));
        serde_json::from_value(word)
            .map_err(|_| self.refuse(column, code::BAD_VALUE, vec!["the word is not known".to_owned()]))
            .ok()
    }
    fn name(&self) -> Name {
        Name {
            zh: self.text("name_zh"),
            en: self.text("name_en"),
            short_zh: self.text("short_zh"),
            short_en: self.text("short_en"),
        }
    }
}

/// Turns every row into a value; rows that refuse leave problems.
fn each<T>(
    reading: &Reading,
    problems: &mut Vec<PackProblem>,
    mut make: impl FnMut(&mut Typed<'_>) -> Option<T>,
) -> Vec<T> {
    let mut all = Vec::with_capacity(reading.rows.len());
    for (line, row) in &reading.rows {
        all.extend(make(&mut Typed { file: reading.file.clone(), line: *line, row, problems }));
    }
    all
}

pub(crate) fn areas(reading: &Reading, problems: &mut Vec<PackProblem>) -> Vec<Area> {
    each(reading, problems, |t| {
        let parent = match t.optional("parent_code") {
            Some(code) => Some(t.id::<PlaceCode>("parent_code", &code)?),
            None => None,
        };
        Some(Area {
            code: t.must_id("code")?,
            parent,
            level: t.word("level")?,
            name: t.name(),
            population: t.row.count("population").map(Persons::new),
            point: t.row.decimal("lat").zip(t.row.decimal("lon")),
        })
    })
}

pub(crate) fn units(reading: &Reading, problems: &mut Vec<PackProblem>) -> Vec<ReportingUnit> {
    each(reading, problems, |t| {
        let relation = match t.row.text("kind") {
            Some("apart") => match t.optional("within_code") {
                Some(within) => Relation::Apart { within: t.id("within_code", &within)? },
                None => {
                    let why = "a unit listed apart names the district it is added to".to_owned();
                    t.refuse("within_code", code::BAD_VALUE, vec![why]);
                    return None;
                }
            },
            Some("group") => {
                let members = t.text("members");
                let members: Option<Vec<PlaceCode>> = members.split('+').map(|code| t.id("members", code)).collect();
                Relation::Group { members: members? }
            }
            _ => Relation::Overlap,
        };
        Some(ReportingUnit { code: t.must_id("code")?, name: t.name(), relation })
    })
}

pub(crate) fn offices(reading: &Reading, problems: &mut Vec<PackProblem>) -> Vec<Office> {
    each(reading, problems, |t| {
        let tables: Vec<String> = t.text("tables").split('+').map(str::to_owned).collect();
        // `owed` stands for the tables of obligations, of whatever kind.
        let reports = || {
            let tables = TABLES.iter().filter(|table| table.used == Use::Report).map(|table| table.name);
            tables.chain([crate::headings::OWED])
        };
        for table in &tables {
            if !reports().any(|known| known == table) {
                let near = suggestion(nearest(table, reports()));
                t.refuse("tables", code::NOT_LISTED, vec!["the report tables of docs/pack.md".to_owned(), near]);
            }
        }
        Some(Office {
            id: t.must_id("office")?,
            name_zh: t.text("name_zh"),
            name_en: t.text("name_en"),
            tables,
            cadence_hours: t.row.count("cadence_hours"),
            age_limit_hours: t.row.count("age_limit_hours"),
            origin: t.word("origin")?,
        })
    })
}

pub(crate) fn sources(reading: &Reading, problems: &mut Vec<PackProblem>) -> Vec<Document> {
    each(reading, problems, |t| {
        Some(Document {
            id: t.text("source_id"),
            title: t.text("title"),
            publisher: t.optional("publisher"),
            url: t.optional("url"),
            published: t.row.date("published"),
            licence: t.text("licence"),
        })
    })
}

pub(crate) fn people(reading: &Reading, problems: &mut Vec<PackProblem>) -> Vec<Person> {
    each(reading, problems, |t| {
        let area = match t.optional("area_code") {
            Some(code) => Some(t.id("area_code", &code)?),
            None => None,
        };
        Some(Person {
            id: t.must_id("person")?,
            name_zh: t.text("name_zh"),
            name_en: t.text("name_en"),
            role: t.word("role")?,
            section: t.optional("section"),
            area,
        })
    })
}

pub(crate) fn parameters(reading: &Reading, problems: &mut Vec<PackProblem>) -> Vec<Parameter> {
    each(reading, problems, |t| {
        let (value, low, high) = (t.row.decimal("value"), t.row.decimal("low"), t.row.decimal("high"));
        let below = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a < b);
        if below(value, low) || below(high, value) || below(high, low) {
            let end = |end: Option<f64>| end.map_or_else(|| "—".to_owned(), |n| n.to_string());
            t.refuse("value", code::RANGE_REVERSED, vec![end(low), end(high)]);
        }
        Some(Parameter {
            id: t.must_id("parameter")?,
            version: u32::try_from(t.row.count("version")?).ok()?,
            value,
            low,
            high,
            unit: t.text("unit"),
            effective_from: t.row.date("effective_from"),
            source: t.text("source_id"),
            origin: t.word("origin")?,
        })
    })
}

pub(crate) fn headings(reading: &Reading, problems: &mut Vec<PackProblem>) -> Headings {
    let mut headings = Headings::default();
    each(reading, problems, |t| {
        let (table, column, heading) = (t.text("table"), t.text("column"), t.text("heading"));
        match headings.add(&table, &column, &heading) {
            Ok(()) => {}
            Err(BadHeading::Table(_)) => {
                let tables = TABLES.iter().map(|table| table.name).chain([crate::headings::OWED]);
                let near = suggestion(nearest(&table, tables));
                t.refuse("table", code::NOT_LISTED, vec!["the tables of docs/pack.md".to_owned(), near]);
            }
            Err(BadHeading::Column(_)) => {
                let spec = TABLES.iter().find(|spec| spec.name == table);
                let common = levee_app::catalogue::COMMON_COLUMNS.into_iter().filter(|_| spec.is_none());
                let columns = spec.into_iter().flat_map(|spec| spec.columns).map(|c| c.name).chain(common);
                let near = suggestion(nearest(&column, columns));
                t.refuse("column", code::NOT_LISTED, vec![format!("the columns of table `{table}`"), near]);
            }
            Err(BadHeading::Taken(other)) => t.refuse("heading", code::HEADING_TAKEN, vec![other]),
        }
        Some(())
    });
    headings
}
