//! Tables as offices send them: CSV in several encodings and separators, and workbooks. Rows of text come out.
//!
//! CSV is read as a stream: memory does not grow with the file. A workbook's sheet is held in memory. Line numbers are
//! those a person sees in a text editor or in the spreadsheet, from 1.

mod decode;
mod delimited;
mod encoding;
mod record;
mod unpack;
mod workbook;
mod write;

pub use record::Record;
pub use write::{NotWritten, workbook};

use crate::error::ReadError;
use crate::message::code;
use delimited::Delimited;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;

/// A text encoding in which offices send tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
    /// UTF-16, least significant byte first; what spreadsheets call "Unicode text".
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
}

impl Encoding {
    /// Its name as reports and screens show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }
}

/// How a file turned out to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Delimited {
        /// Its encoding.
        encoding: Encoding,
        /// Its separator: `,`, tab or `;`.
        delimiter: char,
    },
    /// An XLSX workbook.
    Workbook {
        /// The sheet that was read.
        sheet: String,
        /// Other visible sheets that hold rows and were not read.
        others: Vec<String>,
    },
}

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Text or workbook, with its details.
    pub format: Format,
    /// Line of the row of headings, from 1.
    pub header_line: u64,
}

#[derive(Clone, Debug)]
enum Origin {
    Path(PathBuf),
    Bytes(Arc<[u8]>),
}

/// Something that can be opened and read from its start, more than once.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    origin: Origin,
    sheet: Option<String>,
    encoding: Option<Encoding>,
}

pub(crate) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl Source {
    /// A file on disk.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { name: path.display().to_string(), origin: Origin::Path(path), sheet: None, encoding: None }
    }
    /// The same source under the name by which its sender knows it.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }
    /// A message that is in memory already; `name` is what its sender calls it.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), origin: Origin::Bytes(bytes.into()), sheet: None, encoding: None }
    }
    /// Reads this sheet of a workbook instead of the first visible one with rows.
    #[must_use]
    pub fn with_sheet(mut self, sheet: impl Into<String>) -> Self {
        self.sheet = Some(sheet.into());
        self
    }
    /// Reads text in this encoding instead of looking for it.
    #[must_use]
    pub fn with_encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }
    /// What the sender calls it.
    pub fn name(&self) -> &str {
        &self.name
    }
    pub(crate) fn open(&self) -> Result<Box<dyn ReadSeek>, ReadError> {
        match &self.origin {
            Origin::Bytes(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Origin::Path(path) => match std::fs::File::open(path) {
                Ok(file) => Ok(Box::new(BufReader::new(file))),
                Err(cause) => Err(self.refuse(cause)),
            },
        }
    }
    pub(crate) fn refuse(&self, cause: std::io::Error) -> ReadError {
        let mut error = ReadError::new(&self.name, code::CANNOT_OPEN, [cause.kind().to_string()]);
        error.cause = Some(cause);
        error
    }
    pub(crate) fn error(&self, code: &'static str, args: impl IntoIterator<Item = String>) -> ReadError {
        ReadError::new(&self.name, code, args)
    }
}

/// The rows of an opened source.
pub(crate) enum Rows {
    Text(Box<Delimited>),
    Sheet(std::vec::IntoIter<Record>),
}

impl Rows {
    /// The next row that is not an empty line; `false` at the end.
    pub(crate) fn next(&mut self, into: &mut Record) -> Result<bool, ReadError> {
        match self {
            Self::Text(text) => text.next(into),
            Self::Sheet(rows) => Ok(rows.next().map(|row| *into = row).is_some()),
        }
    }
    /// Empty lines passed over so far.
    pub(crate) fn empty_lines(&self) -> u64 {
        match self {
            Self::Text(text) => text.empty_lines(),
            Self::Sheet(_) => 0,
        }
    }
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }
}

/// How many rows from the top are looked at for the separator and the row of headings.
pub(crate) const HEAD_ROWS: usize = 50;

/// Opens a source. `score` says how many cells of a row are known headings; it settles which separator is meant.
pub(crate) fn open(source: &Source, score: &dyn Fn(&Record) -> usize) -> Result<(Rows, Format), ReadError> {
    let found = encoding::detect(source)?;
    match found {
        encoding::Found::Workbook => {
            let (rows, format) = workbook::read(source, source.sheet.as_deref())?;
            Ok((Rows::Sheet(rows.into_iter()), format))
        }
        encoding::Found::Text { encoding, skip } => {
            let mut best = (0, 0, b',');
            for delimiter in [b',', b'\t', b';'] {
                let (known, width) = rate(source, encoding, skip, delimiter, score)?;
                if (known, width) > (best.0, best.1) {
                    best = (known, width, delimiter);
                }
            }
            let text = Delimited::open(source, encoding, skip, best.2)?;
            Ok((Rows::Text(Box::new(text)), Format::Delimited { encoding, delimiter: char::from(best.2) }))
        }
    }
}

/// Best number of known headings in a row of the head, and the widest row, if cells were separated by `delimiter`.
fn rate(
    source: &Source,
    encoding: Encoding,
    skip: usize,
    delimiter: u8,
    score: &dyn Fn(&Record) -> usize,
) -> Result<(usize, usize), ReadError> {
    let mut text = Delimited::open(source, encoding, skip, delimiter)?;
    let mut record = Record::default();
    let (mut known, mut width) = (0, 0);
    for _ in 0..HEAD_ROWS {
        // A fault in the head is met again, and told, when the file is read in earnest.
        if !text.next(&mut record).unwrap_or(false) {
            break;
        }
        known = known.max(score(&record));
        width = width.max(record.len());
    }
    Ok((known, width))
}
