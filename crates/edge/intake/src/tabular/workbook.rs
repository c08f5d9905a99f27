//! XLSX workbooks: one sheet as rows of text.
//!
//! Cells come one at a time, never as a rectangle: a sheet with one cell in its farthest corner would be a rectangle of
//! seventeen thousand million. Formulas give the value that the spreadsheet program last computed.

use super::{Format, ReadSeek, Record, Source, unpack};
use crate::error::ReadError;
use crate::message::code;
use calamine::{DataRef, ExcelDateTime, Reader as _, SheetVisible, Xlsx};
use jiff::civil::{DateTime, Time, date};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most columns that are looked at: what a spreadsheet can hold.
const MOST_COLUMNS: u32 = 16_384;
/// Most rows: what a spreadsheet can hold.
const MOST_ROWS: u32 = 1_048_576;

pub(crate) fn read(source: &Source, named: Option<&str>) -> Result<(Vec<Record>, Format), ReadError> {
    unpack::check(source, source.open()?.as_mut(), unpack::MOST_UNPACKED)?;
    // The reader below does arithmetic on cell names without checks; a forged workbook must not take us down with it.
    catch_unwind(AssertUnwindSafe(|| sheets(source, named)))
        .unwrap_or_else(|_| Err(source.error(code::BAD_WORKBOOK, ["a cell has an impossible name".to_owned()])))
}

fn sheets(source: &Source, named: Option<&str>) -> Result<(Vec<Record>, Format), ReadError> {
    let broken = |e: calamine::XlsxError| source.error(code::BAD_WORKBOOK, [e.to_string()]);
    let mut book = Xlsx::new(source.open()?).map_err(broken)?;
    let visible: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    if let Some(name) = named {
        let all = book.sheet_names();
        if !all.iter().any(|known| known == name) {
            return Err(source.error(code::NO_SUCH_SHEET, [name.to_owned(), all.join(", ")]));
        }
        let rows = rows(&mut book, name, MOST_ROWS).map_err(broken)?;
        return Ok((rows, Format::Workbook { sheet: name.to_owned(), others: vec![] }));
    }
    let mut found: Option<(Vec<Record>, String)> = None;
    let mut others = Vec::new();
    for name in visible {
        // Of sheets after the first with rows it is enough to know whether they hold any. A chart has none.
        let most = if found.is_some() { 1 } else { MOST_ROWS };
        let rows = match rows(&mut book, &name, most) {
            Ok(rows) => rows,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(broken(e)),
        };
        match found {
            _ if rows.is_empty() => {}
            None => found = Some((rows, name)),
            Some(_) => others.push(name),
        }
    }
    let (rows, sheet) = found.ok_or_else(|| source.error(code::NO_ROWS, []))?;
    Ok((rows, Format::Workbook { sheet, others }))
}

/// The rows of a sheet that hold anything, with their row numbers.
fn rows(book: &mut Xlsx<Box<dyn ReadSeek>>, name: &str, most: u32) -> Result<Vec<Record>, calamine::XlsxError> {
    let mut cells = book.worksheet_cells_reader(name)?;
    let mut rows: Vec<Record> = Vec::new();
    let mut text = String::new();
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(calamine::XlsxError::Unexpected("a cell lies beyond the last row or column"));
        }
        text.clear();
        write_cell(cell.get_value(), &mut text);
        if text.trim().is_empty() {
            continue;
        }
        let line = u64::from(row) + 1;
        match rows.last().map(|last| last.line) {
            Some(last) if last > line => return Err(calamine::XlsxError::Unexpected("rows are out of order")),
            Some(last) if last == line => {}
            _ if rows.len() >= most as usize => break,
            _ => rows.push(Record { line, ended: true, ..Record::default() }),
        }
        let Some(record) = rows.last_mut() else { continue };
        if record.len() > column as usize {
            return Err(calamine::XlsxError::Unexpected("cells are out of order"));
        }
        while record.len() < column as usize {
            record.push("");
        }
        record.push(&text);
    }
    for record in &mut rows {
        record.text.shrink_to_fit();
        record.ends.shrink_to_fit();
    }
    Ok(rows)
}

/// The text that a person would have typed into a CSV for this cell.
fn write_cell(value: &DataRef<'_>, out: &mut String) {
    use std::fmt::Write as _;
    // Writing into a String cannot fail.
    let _ = match value {
        DataRef::Empty => Ok(()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.write_str(text),
        DataRef::SharedString(text) => out.write_str(text),
        DataRef::Int(n) => write!(out, "{n}"),
        // Display of a whole `f64` has no `.0`, so that 500103 stays a code.
        DataRef::Float(n) => write!(out, "{n}"),
        DataRef::Bool(flag) => write!(out, "{flag}"),
        DataRef::Error(error) => write!(out, "{error}"),
        DataRef::DateTime(serial) => match moment(serial) {
            Some(moment) => write!(out, "{}", moment.strftime("%Y-%m-%dT%H:%M:%S")),
            None => write!(out, "{}", serial.as_f64()),
        },
    };
}

/// The civil moment of a serial number that the sheet shows as a date, rounded to the second.
fn moment(serial: &ExcelDateTime) -> Option<DateTime> {
    if serial.is_duration() {
        return None;
    }
    // Serial numbers are fractions of a day in binary: half a second of rounding makes 11:59:59.9999 noon again.
    let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    let whole = date_of(year, month, day)?.to_datetime(time);
    if milli < 500 { Some(whole) } else { whole.checked_add(jiff::SignedDuration::from_secs(1)).ok() }
}

fn date_of(year: u16, month: u8, day: u8) -> Option<jiff::civil::Date> {
    let year = i16::try_from(year).ok().filter(|y| (1900..=2199).contains(y))?;
    jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
        .ok()
        .filter(|d| *d > date(1900, 1, 1))
}
