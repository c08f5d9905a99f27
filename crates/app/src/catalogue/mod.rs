//! The catalogue of kinds of obligations that a city goes by, made from the rows of its pack.
//!
//! In: rows of `obligation_kinds`, `obligation_fields`, `obligation_ladders`, `obligation_reasons`, in any order and mixed
//! with others. Out: the catalogue, or everything wrong with the rows, each problem with its row and column. A city without
//! kinds of its own has care placement alone.

mod fault;
mod minimal;

use crate::city::{AppError, reference_rows};
use crate::journal::Read;
use fault::Finder;
use jiff::civil::DateTime;
use levee_ledger::catalogue::{Catalogue, Class, Counting, DueFrom, Field, FieldType, Kind, KindId, Ladder, MayDecide};
use levee_ledger::catalogue::{Outcome, Post, Reason, Rung, SubjectKind};
use levee_model::area::Level;
use levee_model::subject::PersonalField;
use levee_model::table::{CellProblem, Row};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// The tables of a catalogue.
pub const TABLES: [&str; 4] = ["obligation_kinds", "obligation_fields", "obligation_ladders", "obligation_reasons"];

/// In the column `kind` of a reason: every kind that the law does not keep it from.
pub const ANY: &str = "any";

/// Columns that every table of obligations has; no field may be called so.
pub const COMMON_COLUMNS: [&str; 11] =
    ["ref", "area", "units", "subject", "opened_at", "due", "owner", "office", "source_id", "origin", "note"];

/// Stable codes of problems with the rows of a catalogue; their sentences stand with those of intake.
pub mod code {
    /// A row about a kind that is not there.
    pub const UNKNOWN_KIND: &str = "L1515";
    /// A kind that climbs a ladder that is not there.
    pub const UNKNOWN_LADDER: &str = "L1516";
    /// A ladder whose steps do not rise.
    pub const LADDER_STEPS: &str = "L1517";
    /// A reason that law 2 keeps from the kind.
    pub const AGAINST_LAW: &str = "L1518";
    /// Named to nobody, or counted to somebody.
    pub const SUBJECT: &str = "L1519";
    /// Minutes without `due_from = rule`, or the other way round.
    pub const DUE: &str = "L1520";
    /// A field whose choices do not go with what it holds.
    pub const CHOICES: &str = "L1521";
    /// A name that is taken.
    pub const RESERVED: &str = "L1522";
    /// A value that cannot be used.
    pub const BAD_VALUE: &str = "L1512";
    /// Two rows of one key.
    pub const TWICE: &str = "L1523";
    /// All of them.
    pub const ALL: &[&str] =
        &[UNKNOWN_KIND, UNKNOWN_LADDER, LADDER_STEPS, AGAINST_LAW, SUBJECT, DUE, CHOICES, RESERVED, BAD_VALUE, TWICE];
}

/// One thing wrong with the rows of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}, `{}` = “{}” [{}]: {why}", problem.column, problem.value, problem.code)]
pub struct CatalogueProblem {
    /// The table.
    pub table: &'static str,
    /// Which of the rows that were given, from 0; `None` when no single row is at fault.
    pub nth: Option<usize>,
    /// Column, value, code and arguments.
    pub problem: CellProblem,
    /// In a few words, for logs; people read the sentences of the code.
    pub why: String,
}

/// Makes the catalogue of a city from its rows. Rows of other tables are passed over.
pub fn from_rows(rows: &[Row]) -> Result<Catalogue, Vec<CatalogueProblem>> {
    if !rows.iter().any(|row| row.spec().name == "obligation_kinds") {
        return minimal::catalogue();
    }
    let mut reader = Reader { rows, problems: Vec::new() };
    let kinds = reader.each("obligation_kinds", Reader::kind);
    let mut fields = reader.each("obligation_fields", Reader::field);
    fields.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    let ladders = reader.ladders();
    let reasons = reader.each("obligation_reasons", Reader::reason);
    let mut problems = reader.problems;
    // A row that could not be read would only be missed by others; what is wrong with it was told.
    if !problems.is_empty() {
        return Err(problems);
    }
    let fields = fields.into_iter().map(|(_, kind, field)| (kind, field)).collect();
    Catalogue::new(kinds, fields, ladders, reasons).map_err(|faults| {
        let finder = Finder::new(rows);
        problems.extend(faults.iter().map(|fault| finder.find(fault)));
        problems
    })
}

/// The catalogue that a city was founded with.
pub fn of_city(on: &dyn Read) -> Result<Catalogue, AppError> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.extend(reference_rows(on, table)?);
    }
    from_rows(&rows).map_err(|problems| {
        // The pack was checked when the city was made: only rows written by another version can be at fault.
        let table = problems.first().map_or("obligation_kinds", |problem| problem.table).to_owned();
        let why = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        AppError::Meaning { table, why }
    })
}

/// Every section that the catalogue names: owners of kinds, and who stands on its ladders.
pub fn sections(catalogue: &Catalogue) -> BTreeSet<&str> {
    let owners = catalogue.kinds().map(|kind| kind.owner.section.as_str());
    let ladders = catalogue.kinds().filter_map(|kind| catalogue.ladder(kind));
    owners.chain(ladders.flat_map(|ladder| &ladder.rungs).map(|rung| rung.post.section.as_str())).collect()
}

struct Reader<'r> {
    rows: &'r [Row],
    problems: Vec<CatalogueProblem>,
}

impl<'r> Reader<'r> {
    fn of(&self, table: &'static str) -> Vec<(usize, &'r Row)> {
        let rows: &'r [Row] = self.rows;
        rows.iter().enumerate().filter(|(_, row)| row.spec().name == table).collect()
    }

    fn each<T>(&mut self, table: &'static str, mut read: impl FnMut(&mut Self, usize, &'r Row) -> Option<T>) -> Vec<T> {
        self.of(table).into_iter().filter_map(|(nth, row)| read(self, nth, row)).collect()
    }

    fn refuse(&mut self, nth: usize, column: &str, code: &'static str, args: Vec<String>, why: &str) {
        self.problems.push(problem(self.rows, nth, column, code, args, why));
    }

    fn bad(&mut self, nth: usize, column: &str, why: &str) {
        self.refuse(nth, column, code::BAD_VALUE, vec![why.to_owned()], why);
    }

    /// A word of a choice as the ledger's own type; the table and the type list the same words.
    fn word<T: DeserializeOwned>(&mut self, nth: usize, row: &Row, column: &str) -> Option<T> {
        let word = serde_json::Value::from(row.text(column).unwrap_or_default());
        serde_json::from_value(word).map_err(|_| self.bad(nth, column, "the word is not known")).ok()
    }

    fn kind_id(&mut self, nth: usize, row: &Row) -> Option<KindId> {
        let id = row.text("kind").unwrap_or_default().parse::<KindId>();
        id.map_err(|bad| self.bad(nth, "kind", bad.why)).ok()
    }

    fn number<T: TryFrom<u64>>(&mut self, nth: usize, row: &Row, column: &str) -> Option<T> {
        let number = T::try_from(row.count(column)?);
        number.map_err(|_| self.bad(nth, column, "the number is too large")).ok()
    }

    fn kind(&mut self, nth: usize, row: &'r Row) -> Option<Kind> {
        let id = self.kind_id(nth, row)?;
        if id.as_str() == ANY {
            self.refuse(nth, "kind", code::RESERVED, vec![ANY.to_owned()], "`any` stands for every kind");
        }
        let minutes: Option<u32> = self.number(nth, row, "due_after_minutes");
        let due = match (row.text("due_from"), minutes) {
            (Some("rule"), Some(minutes)) => Some(DueFrom::Rule(minutes)),
            (Some("order"), None) => Some(DueFrom::Order),
            (Some("request"), None) => Some(DueFrom::Request),
            _ => {
                self.refuse(
                    nth,
                    "due_after_minutes",
                    code::DUE,
                    vec![],
                    "minutes go with due_from = rule, and only so",
                );
                None
            }
        };
        let level: Option<Level> = self.word(nth, row, "owner_level");
        let counting: Option<Counting> = self.word(nth, row, "counting");
        let class: Option<Class> = self.word(nth, row, "class");
        let subject: Option<SubjectKind> = self.word(nth, row, "subject");
        let (system, priority) = (self.number(nth, row, "system"), self.number(nth, row, "priority"));
        let retention_days = self.number(nth, row, "retention_days");
        Some(Kind {
            id,
            system: system?,
            name_zh: text(row, "name_zh"),
            name_en: text(row, "name_en"),
            unit: (text(row, "unit_zh"), text(row, "unit_en")),
            counting: counting?,
            class: class?,
            life_saving: row.flag("life_saving")?,
            priority: priority?,
            due: due?,
            owner: Post { section: text(row, "owner_section"), level: level? },
            ladder: text(row, "ladder"),
            evidence: list(row, "evidence"),
            subject: subject?,
            retention_days: retention_days?,
        })
    }

    fn field(&mut self, nth: usize, row: &'r Row) -> Option<(u64, KindId, Field)> {
        let kind = self.kind_id(nth, row)?;
        let (name, choices) = (text(row, "field"), list(row, "choices"));
        if COMMON_COLUMNS.contains(&name.as_str()) {
            let why = "every table of obligations has a column of this name";
            self.refuse(nth, "field", code::RESERVED, vec![name.clone()], why);
        }
        let holds = match row.text("holds").unwrap_or_default() {
            "text" => FieldType::Text,
            "id" => FieldType::Id,
            "place" => FieldType::Place,
            "facility" => FieldType::Facility,
            "count" => FieldType::Count,
            "decimal" => FieldType::Decimal,
            "date" => FieldType::Date,
            "datetime" => FieldType::DateTime,
            "flag" => FieldType::Flag,
            "personal" => FieldType::Personal,
            _ => FieldType::Choice(choices.clone()),
        };
        if matches!(holds, FieldType::Choice(_)) == choices.is_empty() {
            self.refuse(nth, "choices", code::CHOICES, vec![], "choices go with holds = choice, and only so");
        }
        if holds == FieldType::Personal && name.parse::<PersonalField>().is_err() {
            self.bad(nth, "field", "a personal field is named by lower-case letters, digits and _, at most 40");
        }
        let about = (text(row, "about_zh"), text(row, "about_en"));
        let unit = row.text("unit").map(str::to_owned);
        Some((row.count("position")?, kind, Field { name, holds, required: row.flag("required")?, unit, about }))
    }

    fn ladders(&mut self) -> Vec<Ladder> {
        let mut ladders: BTreeMap<String, Vec<(u64, Rung)>> = BTreeMap::new();
        for (nth, row) in self.of("obligation_ladders") {
            let after_minutes = self.number(nth, row, "after_minutes");
            let level = self.word(nth, row, "level");
            let (Some(after_minutes), Some(level), Some(step)) = (after_minutes, level, row.count("rung")) else {
                continue;
            };
            let post = Post { section: text(row, "section"), level };
            ladders.entry(text(row, "ladder")).or_default().push((step, Rung { after_minutes, post }));
        }
        let ladder = |(id, mut steps): (String, Vec<(u64, Rung)>)| {
            steps.sort_by_key(|(step, _)| *step);
            Ladder { id, rungs: steps.into_iter().map(|(_, rung)| rung).collect() }
        };
        ladders.into_iter().map(ladder).collect()
    }

    fn reason(&mut self, nth: usize, row: &'r Row) -> Option<(Option<KindId>, Reason)> {
        let kind = match row.text("kind") {
            Some(ANY) => None,
            _ => Some(self.kind_id(nth, row)?),
        };
        let (outcome, by): (Option<Outcome>, Option<MayDecide>) =
            (self.word(nth, row, "outcome"), self.word(nth, row, "by"));
        let reason = Reason {
            outcome: outcome?,
            code: text(row, "reason"),
            name_zh: text(row, "name_zh"),
            name_en: text(row, "name_en"),
            by: by?,
            moot: row.flag("moot")?,
            evidence: list(row, "evidence"),
        };
        Some((kind, reason))
    }
}

fn text(row: &Row, column: &str) -> String {
    row.text(column).unwrap_or_default().to_owned()
}

fn list(row: &Row, column: &str) -> Vec<String> {
    row.text(column).map(|joined| joined.split('+').map(str::to_owned).collect()).unwrap_or_default()
}

fn problem(
    rows: &[Row],
    nth: usize,
    column: &str,
    code: &'static str,
    args: Vec<String>,
    why: &str,
) -> CatalogueProblem {
    let row = rows.get(nth);
    let value = row.and_then(|row| row.get(column)).map_or_else(String::new, ToString::to_string);
    CatalogueProblem {
        table: row.map_or("obligation_kinds", |row| row.spec().name),
        nth: row.map(|_| nth),
        problem: CellProblem { column: column.to_owned(), value, code, args },
        why: why.to_owned(),
    }
}

/// When an obligation of a kind is due that was opened at `opened`, where the kind's rule says so.
pub fn due_by_rule(kind: &Kind, opened: DateTime) -> Option<DateTime> {
    match kind.due {
        DueFrom::Rule(minutes) => opened.checked_add(jiff::Span::new().minutes(minutes)).ok(),
        DueFrom::Order | DueFrom::Request => None,
    }
}
