//! Tables of obligations: their columns follow from the city's catalogue, so a new kind needs no new code.
//!
//! [`spec`] gives the table of a kind, which [`crate::read_rows`] reads like any other; `levee_app::owed::from_row` then
//! holds each row against the kind. [`template`] is what an office starts from.

use crate::headings::Headings;
use levee_app::catalogue::COMMON_COLUMNS;
use levee_ledger::catalogue::{Catalogue, Counting, DueFrom, Field, FieldType, Kind, KindId, SubjectKind};
use levee_model::table::{Column, Kind as CellKind, ORIGINS, TableSpec, Use};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// Folder of a pack with tables of obligations, and the first part of their names.
pub const FOLDER: &str = "owed";

/// Every spec that was ever asked for, by what it says. Specs live as long as the process, as those of [`TABLES`] do;
/// there is one for each wording of each kind, and a catalogue changes rarely.
///
/// [`TABLES`]: levee_model::table::TABLES
static SPECS: Mutex<BTreeMap<String, &'static TableSpec>> = Mutex::new(BTreeMap::new());

/// A column before it is given for good.
struct Draft {
    name: String,
    kind: DraftKind,
    required: bool,
    about: String,
}

enum DraftKind {
    Plain(CellKind),
    Choice(Vec<String>),
}

/// The table in which obligations of `kind` are handed in: the common columns, then the kind's fields, then where it comes
/// from. `None` if the catalogue has no such kind.
pub fn spec(catalogue: &Catalogue, kind: &KindId) -> Option<&'static TableSpec> {
    let kind = catalogue.kind(kind)?;
    let drafts = drafts(catalogue, kind);
    let mut said = format!("{}\n{}\n", kind.id, kind.name_en);
    for draft in &drafts {
        let words = match &draft.kind {
            DraftKind::Plain(plain) => format!("{plain:?}"),
            DraftKind::Choice(words) => words.join("+"),
        };
        let must = if draft.required { "*" } else { "" };
        // Writing into a String cannot fail.
        let _ = writeln!(said, "{}\t{words}\t{must}\t{}", draft.name, draft.about);
    }
    let mut specs = SPECS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = specs.get(&said) {
        return Some(known);
    }
    let columns: Vec<Column> = drafts.into_iter().map(kept).collect();
    let made: &'static TableSpec = Box::leak(Box::new(TableSpec {
        name: leak(format!("{FOLDER}.{}", kind.id)),
        used: Use::Owed,
        about: leak(format!("an obligation: {}", kind.name_en)),
        columns: Box::leak(columns.into_boxed_slice()),
        key: &["ref", "area"],
    }));
    specs.insert(said, made);
    Some(made)
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn kept(draft: Draft) -> Column {
    let kind = match draft.kind {
        DraftKind::Plain(plain) => plain,
        DraftKind::Choice(words) => {
            let words: Vec<&'static str> = words.into_iter().map(leak).collect();
            CellKind::Choice(Box::leak(words.into_boxed_slice()))
        }
    };
    Column { name: leak(draft.name), kind, required: draft.required, about: leak(draft.about) }
}

fn drafts(catalogue: &Catalogue, kind: &Kind) -> Vec<Draft> {
    let column = |name: &str, plain: CellKind, required: bool, about: String| Draft {
        name: name.to_owned(),
        kind: DraftKind::Plain(plain),
        required,
        about,
    };
    let due = match kind.due {
        DueFrom::Rule(minutes) => format!("by when it is owed; empty = {minutes} minutes after it was opened"),
        DueFrom::Order => "by when it is owed, as the order says".to_owned(),
        DueFrom::Request => "by when it is owed, as the request says".to_owned(),
    };
    let named = kind.counting == Counting::Named;
    let mut all = vec![
        column("ref", CellKind::Id, true, "what it follows from; unique for kind and area".to_owned()),
        column("area", CellKind::Place, true, "where it is owed".to_owned()),
        column("units", CellKind::Count, false, format!("how much is owed; empty = 1; {}", kind.unit.1)),
        column("subject", CellKind::Id, named, format!("whom it is owed to: {}", subject(kind.subject))),
        column("opened_at", CellKind::DateTime, true, "when it began to be owed".to_owned()),
        column("due", CellKind::DateTime, !matches!(kind.due, DueFrom::Rule(_)), due),
        column("owner", CellKind::Id, false, "person who has it in hand, as in people.csv".to_owned()),
    ];
    all.extend(catalogue.fields(&kind.id).iter().map(of_field));
    all.extend([
        column("office", CellKind::Id, true, "office whose statement it is".to_owned()),
        column("source_id", CellKind::Ids, true, "document that says it, several joined by +".to_owned()),
        column("origin", CellKind::Choice(ORIGINS), true, "what it rests on".to_owned()),
        column("note", CellKind::Note, false, "what a reader should know".to_owned()),
    ]);
    debug_assert!(COMMON_COLUMNS.iter().all(|name| all.iter().any(|draft| draft.name == *name)));
    all
}

fn of_field(field: &Field) -> Draft {
    let kind = match &field.holds {
        FieldType::Text => DraftKind::Plain(CellKind::Text),
        FieldType::Id | FieldType::Facility => DraftKind::Plain(CellKind::Id),
        FieldType::Place => DraftKind::Plain(CellKind::Place),
        FieldType::Count => DraftKind::Plain(CellKind::Count),
        FieldType::Decimal => DraftKind::Plain(CellKind::Decimal),
        FieldType::Date => DraftKind::Plain(CellKind::Date),
        FieldType::DateTime => DraftKind::Plain(CellKind::DateTime),
        FieldType::Flag => DraftKind::Plain(CellKind::Flag),
        FieldType::Choice(words) => DraftKind::Choice(words.clone()),
        // Kept like free text, which may hold anything: encrypted, apart from the record.
        FieldType::Personal => DraftKind::Plain(CellKind::Note),
    };
    let unit = field.unit.as_ref().map(|unit| format!("; {}", unit.replace('_', " "))).unwrap_or_default();
    let personal = if field.holds == FieldType::Personal { "; personal, kept in the vault" } else { "" };
    Draft {
        name: field.name.clone(),
        kind,
        required: field.required,
        about: format!("{}{unit}{personal}", field.about.1),
    }
}

fn subject(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::None => "always empty, the kind names nobody",
        SubjectKind::Person => "a person's pseudonym",
        SubjectKind::Household => "the code of a household's area, or a pseudonym",
        SubjectKind::Site => "the id of a place",
        SubjectKind::Staff => "a person id or a pseudonym",
        SubjectKind::Enterprise => "the id of an enterprise",
    }
}

/// The headings under which columns of `kind` are understood: those of the offices, and the names of its fields.
pub fn headings(base: &Headings, catalogue: &Catalogue, kind: &KindId) -> Headings {
    let mut all = base.clone();
    if let Some(spec) = spec(catalogue, kind) {
        let fields = catalogue.fields(kind).iter();
        let names = fields.flat_map(|f| [(f.name.as_str(), f.about.0.as_str()), (f.name.as_str(), f.about.1.as_str())]);
        all.add_fields(spec, names);
    }
    all
}

/// What an office starts from: the row of headings and one row that shows what each cell looks like. CSV in UTF-8.
pub fn template(catalogue: &Catalogue, kind: &KindId) -> Option<String> {
    let (spec, kind) = (spec(catalogue, kind)?, catalogue.kind(kind)?);
    let named = kind.counting == Counting::Named;
    let example = |column: &Column| -> &str {
        match (column.name, column.kind) {
            ("ref", _) => "1",
            ("units", _) => {
                if named {
                    ""
                } else {
                    "3"
                }
            }
            ("subject", _) => match (named, kind.subject) {
                (false, _) => "",
                (true, SubjectKind::Person) => "p-4semw3bq7yesf5n2dc6qfzeeeg",
                (true, _) => "S-01",
            },
            ("opened_at", _) => "2022-11-18T08:00",
            ("due", _) => {
                if column.required {
                    "2022-11-18T20:00"
                } else {
                    ""
                }
            }
            ("owner" | "note", _) | (_, CellKind::Note) => "",
            (_, CellKind::Choice(words)) => words.first().copied().unwrap_or_default(),
            (_, CellKind::Count) => "1",
            (_, CellKind::Decimal) => "1.5",
            (_, CellKind::Date) => "2022-11-18",
            (_, CellKind::DateTime) => "2022-11-18T08:00",
            (_, CellKind::Flag) => "false",
            (_, CellKind::Place | CellKind::Places) => "CODE",
            (_, CellKind::Text) => "text",
            (_, CellKind::Id | CellKind::Ids) => "ID",
        }
    };
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(spec.columns.iter().map(|column| column.name)).ok()?;
    csv.write_record(spec.columns.iter().map(example)).ok()?;
    String::from_utf8(csv.into_inner().ok()?).ok()
}
