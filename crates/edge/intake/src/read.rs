//! Reads a table as an office sent it, row by row, each row checked.

use crate::cells::{self, Fault};
use crate::error::ReadError;
use crate::headings::{Header, Headings, Target};
use crate::message::{Lang, code, render};
use crate::places::PlaceIndex;
use crate::rules::Rules;
use crate::tabular::{self, Dialect, Format, HEAD_ROWS, Record, Rows, Source};
use crate::text::{nearest, suggestion};
use jiff::civil::{Date, DateTime, Time};
use levee_model::area::PlaceCode;
use levee_model::ids::OfficeId;
use levee_model::provenance::Origin;
use levee_model::table::{Cell, CellProblem, Column, Row, TableSpec};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Values for columns that a file does not have. A column that the file has is never filled from here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// The office that sent the file.
    pub office: Option<OfficeId>,
    /// The document that the file is.
    pub source_id: Option<String>,
    /// When the city received it.
    pub known_at: Option<DateTime>,
    /// Whether that moment is assumed.
    pub known_at_assumed: Option<bool>,
    /// What the figures rest on.
    pub origin: Option<Origin>,
    /// The one place that every row speaks of.
    pub place: Option<PlaceCode>,
}

impl Defaults {
    fn cell(&self, column: &Column) -> Option<Cell> {
        match column.name {
            "office" => self.office.as_ref().map(|id| Cell::Text(id.to_string())),
            "source_id" => self.source_id.clone().map(Cell::Text),
            "known_at" => self.known_at.map(Cell::DateTime),
            "known_at_assumed" => self.known_at_assumed.map(Cell::Flag),
            "origin" => self.origin.map(|origin| Cell::Text(origin_name(origin).to_owned())),
            "place" | "base_area" | "area" => self.place.as_ref().map(|code| Cell::Text(code.to_string())),
            _ => None,
        }
    }
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Reported => "reported",
        Origin::Derived => "derived",
        Origin::Synthetic => "synthetic",
    }
}

/// What rows may refer to besides places. A list that is `None` is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Offices.
    pub offices: Option<BTreeSet<String>>,
    /// Documents.
    pub sources: Option<BTreeSet<String>>,
    /// Facilities; not checked in table `facilities`, which makes them.
    pub facilities: Option<BTreeSet<String>>,
}

/// What a file is read as.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The table.
    pub spec: &'static TableSpec,
    /// Headings of the city's offices.
    pub headings: Headings,
    /// Places of the city.
    pub places: PlaceIndex,
    /// Now, in the city's calendar. Nobody reports the future.
    pub now: DateTime,
    /// Values for columns that the file lacks.
    pub defaults: Defaults,
    /// What rows may refer to.
    pub references: References,
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadRow {
    /// A row that may be taken in.
    Good {
        /// Line or sheet row on which it begins, from 1.
        line: u64,
        /// Its cells.
        row: Row,
        /// Contradictions to flag. They do not keep the row out.
        warnings: Vec<CellProblem>,
    },
    /// A row that is rejected.
    Bad {
        /// Line or sheet row on which it begins, from 1.
        line: u64,
        /// Its cells as they stood in the file.
        raw: Vec<String>,
        /// Everything wrong with it, not the first thing only.
        problems: Vec<CellProblem>,
    },
}

/// Something that a reader of the file is told. Nothing is rejected for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable code.
    pub code: &'static str,
    /// Arguments for the sentences.
    pub args: Vec<String>,
}

impl Note {
    /// What there is to know, and what may be done about it.
    pub fn explain(&self, lang: Lang) -> (String, String) {
        render(self.code, "", &self.args, lang)
    }
}

/// What stands above the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How the file is written.
    pub dialect: Dialect,
    /// The headings as they stand in the file.
    pub header: Vec<String>,
    /// Headings that were understood, with the column (or `date`) each stands for.
    pub columns: Vec<(String, &'static str)>,
    /// Columns that the file lacks and a default fills.
    pub defaulted: Vec<&'static str>,
}

/// How the reading went. `received = good + bad`, unless it was stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadSummary {
    /// What stood above the rows.
    pub head: Head,
    /// Rows with data: everything below the headings that is not blank.
    pub received: u64,
    /// Rows that may be taken in.
    pub good: u64,
    /// Rows rejected.
    pub bad: u64,
    /// Good rows with at least one warning.
    pub flagged: u64,
    /// Blank rows below the headings, passed over.
    pub blank: u64,
    /// What a reader is told.
    pub notes: Vec<Note>,
    /// Whether the visitor stopped the reading before the end.
    pub stopped: bool,
}

/// Reads a table and hands each row to `each`, in the order of the file.
///
/// An error means that the file is not whole or not understood. Rows handed out before it must then be dropped, which is
/// why an import reads the whole file before it commits anything.
pub fn read_rows(
    source: &Source,
    layout: &Layout,
    each: &mut dyn FnMut(ReadRow) -> ControlFlow<()>,
) -> Result<ReadSummary, ReadError> {
    let opened = Opened::new(source, layout)?;
    let Opened { mut rows, mut record, binding, head, below, mut notes } = opened;
    let mut counts = Counts::default();
    let empty_above = if rows.is_text() { below.empty_lines } else { 0 };
    let mut waiting = below.rows.into_iter();
    let mut ended = true;
    let stopped = loop {
        match waiting.next() {
            Some(row) => record = row,
            None if !rows.next(&mut record)? => break false,
            None => {}
        }
        ended = record.ended;
        if record.is_blank() {
            counts.blank += 1;
            continue;
        }
        if !ended && rows.is_text() && record.len() < binding.needed {
            let args = [record.line().to_string(), record.len().to_string(), binding.needed.to_string()];
            return Err(source.error(code::CUT_ROW, args));
        }
        let row = binding.check(&record, rows.is_text());
        counts.add(&row);
        if each(row).is_break() {
            break true;
        }
    };
    counts.blank += rows.empty_lines().saturating_sub(empty_above);
    if counts.blank > 0 {
        notes.push(Note { code: code::BLANK_ROWS, args: vec![counts.blank.to_string()] });
    }
    if !ended && !stopped {
        notes.push(Note { code: code::NO_LAST_LINE_END, args: vec![] });
    }
    let Counts { good, bad, flagged, blank } = counts;
    Ok(ReadSummary { head, received: good + bad, good, bad, flagged, blank, notes, stopped })
}

/// Looks at the head of a file: how it is written, which columns it has. Reads no rows.
pub fn inspect(source: &Source, layout: &Layout) -> Result<(Head, Vec<Note>), ReadError> {
    Opened::new(source, layout).map(|opened| (opened.head, opened.notes))
}

#[derive(Default)]
struct Counts {
    good: u64,
    bad: u64,
    flagged: u64,
    blank: u64,
}

impl Counts {
    fn add(&mut self, row: &ReadRow) {
        match row {
            ReadRow::Good { warnings, .. } => {
                self.good += 1;
                self.flagged += u64::from(!warnings.is_empty());
            }
            ReadRow::Bad { .. } => self.bad += 1,
        }
    }
}

/// Rows of the head that stand below the headings, and the empty lines up to there.
struct Below {
    rows: Vec<Record>,
    empty_lines: u64,
}

struct Opened<'a> {
    rows: Rows,
    record: Record,
    binding: Binding<'a>,
    head: Head,
    below: Below,
    notes: Vec<Note>,
}

impl<'a> Opened<'a> {
    fn new(source: &Source, layout: &'a Layout) -> Result<Self, ReadError> {
        let (spec, headings) = (layout.spec, &layout.headings);
        let (mut rows, format) = tabular::open(source, &|record| headings.score(spec, record))?;
        let mut top: Vec<Record> = Vec::with_capacity(HEAD_ROWS);
        let mut empty_lines = Vec::with_capacity(HEAD_ROWS);
        let mut record = Record::default();
        while top.len() < HEAD_ROWS && rows.next(&mut record)? {
            top.push(std::mem::take(&mut record));
            empty_lines.push(rows.empty_lines());
        }
        let header = Header::find(source, spec, headings, &top)?;
        let binding = Binding::new(source, layout, &header)?;
        let mut notes: Vec<Note> = header
            .unknown()
            .into_iter()
            .map(|unknown| Note {
                code: code::UNKNOWN_HEADING,
                args: vec![unknown.to_owned(), Header::near(spec, headings, unknown)],
            })
            .collect();
        if let Format::Workbook { sheet, others } = &format
            && !others.is_empty()
        {
            notes.push(Note { code: code::OTHER_SHEETS, args: vec![sheet.clone(), others.join(", ")] });
        }
        let name = |target: &Target| match target {
            Target::Column(at) => spec.columns.get(*at).map(|c| c.name),
            Target::Day => Some("date"),
            Target::Returned => None,
        };
        let known = header.cells.iter().zip(&header.targets);
        let columns = known.filter_map(|(cell, t)| Some((cell.clone(), name(t.as_ref()?)?))).collect();
        let defaulted = binding.defaulted();
        let below = Below {
            empty_lines: empty_lines.get(header.at).copied().unwrap_or(0),
            rows: top.into_iter().skip(header.at + 1).collect(),
        };
        let dialect = Dialect { format, header_line: header.line };
        let head = Head { dialect, header: header.cells, columns, defaulted };
        Ok(Self { rows, record, binding, head, below, notes })
    }
}

/// Where the value of a column comes from.
enum From {
    Cell(usize),
    /// Midnight at the start of the day in this cell.
    DayStart(usize),
    /// Midnight at its end.
    DayEnd(usize),
    Fixed(Cell),
    Absent,
}

/// Which list a column refers to.
#[derive(Clone, Copy)]
enum Refers {
    Office,
    Source,
    Facility,
}

struct Binding<'a> {
    layout: &'a Layout,
    from: Vec<From>,
    refers: Vec<(usize, Refers)>,
    rules: Rules,
    /// Cells of the row of headings.
    width: usize,
    /// Cells that a row must have in a file with separators: up to the last heading.
    needed: usize,
}

impl<'a> Binding<'a> {
    fn new(source: &Source, layout: &'a Layout, header: &Header) -> Result<Self, ReadError> {
        let spec = layout.spec;
        let day = header.position(Target::Day);
        let mut from = Vec::with_capacity(spec.columns.len());
        for (at, column) in spec.columns.iter().enumerate() {
            from.push(match (header.position(Target::Column(at)), day, layout.defaults.cell(column)) {
                (Some(nth), _, _) => From::Cell(nth),
                (None, Some(nth), _) if column.name == "period_start" => From::DayStart(nth),
                (None, Some(nth), _) if column.name == "period_end" => From::DayEnd(nth),
                (None, _, Some(cell)) => From::Fixed(cell),
                (None, _, None) if column.required => {
                    return Err(header.missing(source, spec, &layout.headings, column.name));
                }
                (None, _, None) => From::Absent,
            });
        }
        let refers = [("office", Refers::Office), ("source_id", Refers::Source), ("facility", Refers::Facility)]
            .into_iter()
            .filter(|(name, _)| !spec.key.contains(name) || spec.used != levee_model::table::Use::Reference)
            .filter(|(name, _)| !(*name == "facility" && spec.name == "facilities"))
            .filter_map(|(name, list)| Some((spec.position(name)?, list)))
            .collect();
        let needed = header.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        Ok(Self { layout, from, refers, rules: Rules::of(spec), width: header.cells.len(), needed })
    }

    fn defaulted(&self) -> Vec<&'static str> {
        let columns = self.layout.spec.columns.iter().zip(&self.from);
        columns.filter(|(_, from)| matches!(from, From::Fixed(_))).map(|(column, _)| column.name).collect()
    }

    /// Reads and checks one row.
    fn check(&self, record: &Record, is_text: bool) -> ReadRow {
        let line = record.line();
        let mut problems = Vec::new();
        let shape = |code, args: Vec<String>| CellProblem { column: String::new(), value: String::new(), code, args };
        if record.stray_quote {
            problems.push(shape(code::STRAY_QUOTE, vec![]));
        }
        if is_text && record.len() < self.needed {
            problems.push(shape(code::TOO_FEW_CELLS, vec![record.len().to_string(), self.needed.to_string()]));
        } else if record.len() > self.width && record.filled() > self.width {
            problems.push(shape(code::TOO_MANY_CELLS, vec![record.filled().to_string(), self.width.to_string()]));
        }
        let mut found: Vec<Option<Cell>> = Vec::with_capacity(self.from.len());
        for (column, from) in self.layout.spec.columns.iter().zip(&self.from) {
            let (given, name, cell) = match from {
                From::Absent => (None, column.name, Ok(None)),
                From::Fixed(cell) => (None, column.name, Ok(Some(cell.clone()))),
                From::Cell(nth) => {
                    let text = record.get(*nth).unwrap_or("");
                    (Some(text), column.name, cells::parse(column, text, &self.layout.places))
                }
                From::DayStart(nth) | From::DayEnd(nth) => {
                    let text = record.get(*nth).unwrap_or("");
                    (Some(text), "date", full_day(column, text, matches!(from, From::DayEnd(_)), &self.layout.places))
                }
            };
            found.push(cell.unwrap_or_else(|Fault { code, args }| {
                // The day of a row was found wanting once; its end says nothing new.
                if !matches!(from, From::DayEnd(_)) {
                    let value = given.unwrap_or("").to_owned();
                    problems.push(CellProblem { column: name.to_owned(), value, code, args });
                }
                None
            }));
        }
        self.check_references(&found, &mut problems);
        self.rules.problems(&found, self.layout.now, &mut problems);
        let raw = || record.cells().map(str::to_owned).collect();
        if !problems.is_empty() {
            return ReadRow::Bad { line, raw: raw(), problems };
        }
        let mut warnings = Vec::new();
        self.rules.warnings(&found, &mut warnings);
        match Row::new(self.layout.spec, found) {
            Some(row) => ReadRow::Good { line, row, warnings },
            // Every required cell was checked above; should one slip through, the row is still told, not lost.
            None => ReadRow::Bad { line, raw: raw(), problems: vec![shape(code::REQUIRED, vec![])] },
        }
    }

    fn check_references(&self, found: &[Option<Cell>], problems: &mut Vec<CellProblem>) {
        let lists = &self.layout.references;
        for (at, refers) in &self.refers {
            let (list, code) = match refers {
                Refers::Office => (&lists.offices, code::UNKNOWN_OFFICE),
                Refers::Source => (&lists.sources, code::UNKNOWN_SOURCE),
                Refers::Facility => (&lists.facilities, code::UNKNOWN_FACILITY),
            };
            let (Some(list), Some(Some(Cell::Text(ids)))) = (list, found.get(*at)) else { continue };
            for id in ids.split('+').filter(|id| !list.contains(*id)) {
                let column = self.layout.spec.columns.get(*at).map_or("", |c| c.name).to_owned();
                let near = suggestion(nearest(id, list.iter().map(String::as_str)));
                problems.push(CellProblem { column, value: id.to_owned(), code, args: vec![near] });
            }
        }
    }
}

/// The start or the end of the full day in a cell.
fn full_day(column: &Column, text: &str, end: bool, places: &PlaceIndex) -> Result<Option<Cell>, Fault> {
    let as_day = Column { kind: levee_model::table::Kind::Date, ..*column };
    let Some(Cell::Date(day)) = cells::parse(&as_day, text, places)? else { return Ok(None) };
    let day: Option<Date> = if end { day.tomorrow().ok() } else { Some(day) };
    Ok(day.map(|day| Cell::DateTime(day.to_datetime(Time::midnight()))))
}
