//! A row of a table of obligations as a typed value.
//!
//! Intake has read the cells; here they are held against the kind: whom it is owed to, in how many units, which fields it
//! has. Personal cells are kept apart from the rest from the first moment: they go to the vault, never into the journal.

use jiff::civil::DateTime;
use levee_ledger::catalogue::{Catalogue, Counting, DueFrom, Field, FieldType, FieldValue, Kind, KindId, SubjectKind};
use levee_model::area::PlaceCode;
use levee_model::ids::{OfficeId, PersonId};
use levee_model::provenance::Origin;
use levee_model::subject::Pseudonym;
use levee_model::table::{Cell, CellProblem, Row};
use std::collections::BTreeMap;
use std::fmt;

/// An obligation that somebody hands in.
#[derive(Clone, PartialEq)]
pub struct OwedRow {
    /// What it follows from, such as the number of a request; unique within kind and area.
    pub reference: String,
    /// Where it is owed.
    pub area: PlaceCode,
    /// How much is owed, in the kind's unit; at least 1, and exactly 1 where somebody is named.
    pub units: u64,
    /// Whom or what it is owed to: a pseudonym, an area, a site, a member of staff.
    pub subject: Option<String>,
    /// When it began to be owed.
    pub opened_at: DateTime,
    /// By when it is owed, as the row says; `None` = the kind's rule says.
    pub due: Option<DateTime>,
    /// Who has it in hand.
    pub owner: Option<PersonId>,
    /// The kind's fields, without the personal ones.
    pub fields: BTreeMap<String, FieldValue>,
    /// Personal fields: for the vault, under the subject's key.
    pub personal: BTreeMap<String, String>,
    /// Free text; it may hold anything, so it goes where free text goes.
    pub note: Option<String>,
    /// The office whose statement it is.
    pub office: OfficeId,
    /// The documents that say it, joined by `+`.
    pub source_id: String,
    /// What it rests on.
    pub origin: Origin,
}

/// Personal values and free text never reach a log.
impl fmt::Debug for OwedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwedRow")
            .field("reference", &self.reference)
            .field("area", &self.area)
            .field("units", &self.units)
            .field("opened_at", &self.opened_at)
            .field("due", &self.due)
            .field("named", &self.subject.is_some())
            .field("personal", &self.personal.keys())
            .finish_non_exhaustive()
    }
}

/// Stable codes of problems with a row of obligations; their sentences stand with those of intake.
pub mod code {
    /// Nothing where something must stand.
    pub const REQUIRED: &str = "L1101";
    /// A text that is too long.
    pub const TOO_LONG: &str = "L1119";
    /// No pseudonym where a person must be named by one.
    pub const NO_PSEUDONYM: &str = "L1125";
    /// A value that a field cannot hold.
    pub const BAD_FIELD: &str = "L1127";
    /// Due before it was opened.
    pub const DUE_BEFORE_OPENED: &str = "L1209";
    /// A kind that names nobody, and a row that does.
    pub const NAMES_NOBODY: &str = "L1210";
    /// More than one unit of one subject, or none at all.
    pub const UNITS: &str = "L1211";
    /// Personal data of nobody.
    pub const PERSONAL_OF_NOBODY: &str = "L1212";
    /// A value that cannot be used.
    pub const BAD_VALUE: &str = "L1512";
    /// A kind that the catalogue does not have.
    pub const UNKNOWN_KIND: &str = "L1515";
    /// All of them.
    pub const ALL: &[&str] = &[
        REQUIRED,
        TOO_LONG,
        NO_PSEUDONYM,
        BAD_FIELD,
        DUE_BEFORE_OPENED,
        NAMES_NOBODY,
        UNITS,
        PERSONAL_OF_NOBODY,
        BAD_VALUE,
        UNKNOWN_KIND,
    ];
}

/// Most characters of a text field, as the catalogue has it.
const LONGEST_TEXT: usize = 200;

/// Reads one row of the table of `kind`. All problems come back, not the first.
pub fn from_row(catalogue: &Catalogue, kind: &KindId, row: &Row) -> Result<OwedRow, Vec<CellProblem>> {
    let mut read = Read { row, problems: Vec::new() };
    let Some(kind) = catalogue.kind(kind) else {
        read.refuse("", code::UNKNOWN_KIND, vec![kind.to_string()]);
        return Err(read.problems);
    };
    let reference = row.text("ref").map(str::to_owned).or_else(|| read.missing("ref"));
    let (area, office) = (read.id("area"), read.id("office"));
    let source_id = row.text("source_id").map(str::to_owned).or_else(|| read.missing("source_id"));
    let origin = read.origin();
    let owner = row.text("owner").and_then(|_| read.id("owner"));
    let opened_at = row.datetime("opened_at").or_else(|| read.missing("opened_at"));
    let due = row.datetime("due");
    if due.is_none() && matches!(kind.due, DueFrom::Order | DueFrom::Request) {
        read.refuse("due", code::REQUIRED, vec![]);
    }
    if let (Some(opened), Some(due)) = (opened_at, due)
        && due < opened
    {
        read.refuse("due", code::DUE_BEFORE_OPENED, vec![opened.strftime("%Y-%m-%dT%H:%M").to_string()]);
    }
    let subject = read.subject(kind);
    let units = row.count("units").unwrap_or(1);
    if units == 0 || (units > 1 && subject.is_some()) {
        read.refuse("units", code::UNITS, vec![]);
    }
    let (mut fields, mut personal) = (BTreeMap::new(), BTreeMap::new());
    for field in catalogue.fields(&kind.id) {
        match read.field(field) {
            Some(Value::Public(value)) => fields.insert(field.name.clone(), value).map(|_| ()),
            Some(Value::Personal(text)) => personal.insert(field.name.clone(), text).map(|_| ()),
            None => None,
        };
    }
    if subject.is_none()
        && kind.counting != Counting::Named
        && let Some(name) = personal.keys().next()
    {
        let problem = CellProblem {
            column: name.clone(),
            // The value is personal: it is not repeated.
            value: String::new(),
            code: code::PERSONAL_OF_NOBODY,
            args: vec![],
        };
        read.problems.push(problem);
    }
    let note = row.text("note").map(str::to_owned);
    let whole = (|| {
        let (reference, area, opened_at) = (reference?, area?, opened_at?);
        let (office, source_id, origin) = (office?, source_id?, origin?);
        Some(OwedRow {
            reference,
            area,
            units,
            subject,
            opened_at,
            due,
            owner,
            fields,
            personal,
            note,
            office,
            source_id,
            origin,
        })
    })();
    whole.filter(|_| read.problems.is_empty()).ok_or(read.problems)
}

enum Value {
    Public(FieldValue),
    Personal(String),
}

struct Read<'r> {
    row: &'r Row,
    problems: Vec<CellProblem>,
}

impl Read<'_> {
    fn refuse(&mut self, column: &str, code: &'static str, args: Vec<String>) {
        let value = self.row.get(column).map_or_else(String::new, ToString::to_string);
        self.problems.push(CellProblem { column: column.to_owned(), value, code, args });
    }

    fn missing<T>(&mut self, column: &str) -> Option<T> {
        self.refuse(column, code::REQUIRED, vec![]);
        None
    }

    fn id<T: std::str::FromStr<Err = levee_model::ids::BadId>>(&mut self, column: &str) -> Option<T> {
        let Some(text) = self.row.text(column) else { return self.missing(column) };
        text.parse()
            .map_err(|bad: levee_model::ids::BadId| self.refuse(column, code::BAD_VALUE, vec![bad.why.into()]))
            .ok()
    }

    fn origin(&mut self) -> Option<Origin> {
        let Some(word) = self.row.text("origin") else { return self.missing("origin") };
        let origin = serde_json::from_value(serde_json::Value::from(word));
        origin.map_err(|_| self.refuse("origin", code::BAD_VALUE, vec!["the word is not known".to_owned()])).ok()
    }

    fn subject(&mut self, kind: &Kind) -> Option<String> {
        let subject = self.row.text("subject").map(str::to_owned);
        match (&subject, kind.counting) {
            (None, Counting::Named) => return self.missing("subject"),
            (Some(_), Counting::Counted) => {
                self.refuse("subject", code::NAMES_NOBODY, vec![]);
                return None;
            }
            _ => {}
        }
        let subject = subject?;
        // Whoever writes a name or a number here would put it into the journal, which forgets nothing.
        let fits = match kind.subject {
            SubjectKind::Person => subject.parse::<Pseudonym>().is_ok(),
            // The code of a household's area or the id of a member of staff is ours; a name in Chinese is not.
            SubjectKind::Household | SubjectKind::Staff => subject.is_ascii(),
            SubjectKind::None | SubjectKind::Site | SubjectKind::Enterprise => true,
        };
        if !fits {
            let problem = CellProblem {
                column: "subject".to_owned(),
                value: String::new(),
                code: code::NO_PSEUDONYM,
                args: vec![],
            };
            self.problems.push(problem);
        }
        Some(subject)
    }

    fn field(&mut self, field: &Field) -> Option<Value> {
        let Some(cell) = self.row.get(&field.name) else {
            if field.required {
                self.refuse(&field.name, code::REQUIRED, vec![]);
            }
            return None;
        };
        let value = match (&field.holds, cell) {
            (FieldType::Personal, Cell::Text(text)) => return Some(Value::Personal(text.clone())),
            (_, Cell::Text(text)) => FieldValue::Text(text.clone()),
            (_, Cell::Count(count)) => FieldValue::Count(*count),
            (_, Cell::Decimal(number)) => FieldValue::Decimal(*number),
            (_, Cell::Date(day)) => FieldValue::Date(*day),
            (_, Cell::DateTime(moment)) => FieldValue::DateTime(*moment),
            (_, Cell::Flag(flag)) => FieldValue::Flag(*flag),
        };
        if field.holds.fits(&value) {
            return Some(Value::Public(value));
        }
        match field.holds {
            FieldType::Text => self.refuse(&field.name, code::TOO_LONG, vec![LONGEST_TEXT.to_string()]),
            _ => self.refuse(&field.name, code::BAD_FIELD, vec![field.holds.words()]),
        }
        None
    }
}
