//! A file on disk as the rows that the import asks for, and the layout that a city reads it by.

use crate::failure::Failure;
use jiff::civil::DateTime;
use levee_app::city::{AppError, reference_rows};
use levee_app::event::Dialect;
use levee_app::intake::{IncomingRow, Reading, RowSource};
use levee_app::journal::Read;
use levee_app::places::gazetteer;
use levee_intake::message::code;
use levee_intake::tabular::Format;
use levee_intake::{
    Defaults, Head, Headings, Lang, Layout, Note, PlaceIndex, ReadError, ReadRow, References, Source, inspect,
    read_rows,
};
use levee_model::ids::OfficeId;
use levee_model::table::TableSpec;
use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A file with its layout.
pub(crate) struct FileRows {
    path: PathBuf,
    /// As its sender calls it; one that is no Unicode is `file`.
    name: String,
    source: Source,
    sheet: Option<String>,
    layout: Layout,
    /// What the reader told about the file that is no error.
    pub(crate) notes: Vec<Note>,
}

impl FileRows {
    pub(crate) fn new(path: &Path, sheet: Option<&str>, layout: Layout) -> Result<Self, Failure> {
        if !path.is_file() {
            return Err(Failure::new(format!("{} is no file", path.display()), "check the path"));
        }
        let source = Source::path(path);
        let source = match sheet {
            Some(sheet) => source.with_sheet(sheet),
            None => source,
        };
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("file").to_owned();
        Ok(Self { path: path.to_owned(), name, source, sheet: sheet.map(str::to_owned), layout, notes: vec![] })
    }

    /// A file that was received under another name than it has here.
    pub(crate) fn received(path: &Path, name: &str, sheet: Option<&str>, layout: Layout) -> Self {
        let source = Source::path(path).named(name);
        let source = match sheet {
            Some(sheet) => source.with_sheet(sheet),
            None => source,
        };
        let (path, name) = (path.to_owned(), name.to_owned());
        Self { path, name, source, sheet: sheet.map(str::to_owned), layout, notes: vec![] }
    }
}

fn file_error(error: &ReadError) -> AppError {
    let (what, mut hint) = error.explain(Lang::En);
    // What a file lacks can be said beside it.
    if error.code == code::COLUMN_MISSING {
        match error.args.first().map(String::as_str) {
            Some("office") => hint.push_str(": --office OFFICE"),
            Some("source_id") => hint.push_str(": --source ID"),
            _ => {}
        }
    }
    AppError::File { what: format!("[{}] {}: {what}", error.code, error.file), hint }
}

fn dialect(head: &Head) -> Dialect {
    let header_line = head.dialect.header_line;
    match &head.dialect.format {
        Format::Delimited { encoding, delimiter } => Dialect {
            format: "csv".to_owned(),
            encoding: Some(encoding.name().to_owned()),
            delimiter: Some(if *delimiter == '\t' { "tab".to_owned() } else { delimiter.to_string() }),
            sheet: None,
            header_line,
        },
        Format::Workbook { sheet, .. } => Dialect {
            format: "xlsx".to_owned(),
            encoding: None,
            delimiter: None,
            sheet: Some(sheet.clone()),
            header_line,
        },
    }
}

impl RowSource for FileRows {
    fn open(&mut self) -> Result<Reading, AppError> {
        let (head, notes) = inspect(&self.source, &self.layout).map_err(|e| file_error(&e))?;
        self.notes = notes;
        if let (Some(sheet), Format::Delimited { .. }) = (&self.sheet, &head.dialect.format) {
            return Err(AppError::File {
                what: format!("{} is text and has no sheet `{sheet}`", self.name),
                hint: "leave --sheet out, or send the workbook".to_owned(),
            });
        }
        let used: BTreeSet<&str> = head.columns.iter().map(|(heading, _)| heading.as_str()).collect();
        let ignored = head.header.iter().filter(|h| !h.trim().is_empty() && !used.contains(h.as_str()));
        let ignored = ignored.filter(|h| !["line", "problem", "mend"].contains(&h.as_str())).cloned().collect();
        let column = |heading: &String| {
            head.columns.iter().find(|(known, _)| known == heading).map(|(_, column)| (*column).to_owned())
        };
        let columns = head.header.iter().map(column).collect();
        Ok(Reading { dialect: dialect(&head), headings: head.header.clone(), columns, ignored })
    }

    fn rows(&mut self, each: &mut dyn FnMut(IncomingRow) -> ControlFlow<()>) -> Result<(), AppError> {
        let summary = read_rows(&self.source, &self.layout, &mut |row| {
            each(match row {
                ReadRow::Good { line, row, warnings } => {
                    IncomingRow::Good { line, row, warnings: warnings.iter().map(|w| w.code).collect() }
                }
                ReadRow::Bad { line, raw, problems } => IncomingRow::Bad { line, cells: raw, problems },
            })
        })
        .map_err(|e| file_error(&e))?;
        self.notes = summary.notes;
        Ok(())
    }

    fn bytes(&self) -> Result<Box<dyn std::io::Read + '_>, AppError> {
        let file = File::open(&self.path).map_err(|e| AppError::File {
            what: format!("could not read {}: {e}", self.path.display()),
            hint: "check the path and who may read it".to_owned(),
        })?;
        Ok(Box::new(file))
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// How the city reads a table: its headings, places, offices, sources, facilities.
pub(crate) fn layout(
    on: &dyn Read,
    spec: &'static TableSpec,
    now: DateTime,
    defaults: Defaults,
) -> Result<Layout, AppError> {
    let mut headings = Headings::default();
    for row in reference_rows(on, "headings")? {
        let cell = |column| row.text(column).unwrap_or_default();
        // Headings were checked when the city was made; one that an older table knew is passed over.
        let _ = headings.add(cell("table"), cell("column"), cell("heading"));
    }
    let ids = |table: &str, column: &str| -> Result<BTreeSet<String>, AppError> {
        Ok(reference_rows(on, table)?.iter().filter_map(|row| row.text(column).map(str::to_owned)).collect())
    };
    Ok(Layout {
        spec,
        headings,
        places: PlaceIndex::new(&gazetteer(on)?),
        now,
        defaults,
        references: References {
            offices: Some(ids("offices", "office")?),
            sources: Some(ids("sources", "source_id")?),
            facilities: (spec.name == "facility_status").then(|| levee_app::facts::facility_ids(on)).transpose()?,
        },
    })
}

/// An office or document that the city does not know.
pub(crate) enum Unknown {
    Office { given: String, known: Vec<String> },
    Document { given: String, unknown: String },
}

impl Unknown {
    /// What is wrong; `flag` stands before the name of what was given.
    pub(crate) fn what(&self, flag: &str) -> String {
        match self {
            Self::Office { given, .. } => format!("{flag}office {given}: no office that this city knows"),
            Self::Document { given, unknown } => {
                format!("{flag}source {given}: no document `{unknown}` is known to this city")
            }
        }
    }

    /// How to mend it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Office { known, .. } => format!("name one of: {}", known.join(", ")),
            Self::Document { .. } => "name documents of sources.csv, several joined by +".to_owned(),
        }
    }
}

/// An office or document that is named for a whole file must be known: else every row would be rejected for it.
pub(crate) fn known(office: Option<&OfficeId>, source: Option<&str>, references: &References) -> Result<(), Unknown> {
    if let (Some(office), Some(offices)) = (office, &references.offices)
        && !offices.contains(office.as_str())
    {
        return Err(Unknown::Office { given: office.to_string(), known: offices.iter().cloned().collect() });
    }
    if let (Some(given), Some(sources)) = (source, &references.sources)
        && let Some(unknown) = given.split('+').find(|id| !sources.contains(*id))
    {
        return Err(Unknown::Document { given: given.to_owned(), unknown: unknown.to_owned() });
    }
    Ok(())
}
