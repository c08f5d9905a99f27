//! Tables as a workbook: typed cells, one sheet each, its first row kept in sight. The same tables give the same bytes.

use levee_brief::statement::{Sheet, Value};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError};

/// Why a workbook could not be written: more rows than a sheet holds, for one.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written")]
pub struct NotWritten(#[source] Box<dyn std::error::Error + Send + Sync>);

impl From<XlsxError> for NotWritten {
    fn from(error: XlsxError) -> Self {
        Self(Box::new(error))
    }
}

/// Whole numbers up to this are exact in a workbook, which keeps numbers as 64-bit floats.
const EXACT: u64 = 1 << 53;

struct Formats {
    head: Format,
    count: Format,
    day: Format,
    moment: Format,
}

/// The bytes of a workbook with these sheets, in this order.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, NotWritten> {
    let mut book = Workbook::new();
    // The day on which it was made is that of the tables, or the bytes would differ from run to run.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let formats = Formats {
        head: Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap(),
        count: Format::new().set_num_format("#,##0"),
        day: Format::new().set_num_format("yyyy-mm-dd"),
        moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    };
    for sheet in sheets {
        let page = book.add_worksheet().set_name(sheet.name)?.set_freeze_panes(1, 0)?;
        for (at, (_, name)) in (0u16..).zip(&sheet.heads) {
            page.write_with_format(0, at, name.as_str(), &formats.head)?;
        }
        for (down, row) in (1u32..).zip(&sheet.rows) {
            for (at, value) in (0u16..).zip(row) {
                write(page, (down, at), value, &formats)?;
            }
        }
        page.autofit();
        if let (Ok(rows), Some(last)) = (u32::try_from(sheet.rows.len()), sheet.heads.len().checked_sub(1))
            && let Ok(last) = u16::try_from(last)
            && rows > 0
        {
            page.autofilter(0, 0, rows, last)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

#[expect(clippy::cast_precision_loss, reason = "only up to 2^53; above it the number is written as text")]
fn write(page: &mut Worksheet, (down, at): (u32, u16), value: &Value, formats: &Formats) -> Result<(), NotWritten> {
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            page.write_string(down, at, text)?;
        }
        Value::Count(count) if *count <= EXACT => {
            page.write_number_with_format(down, at, *count as f64, &formats.count)?;
        }
        Value::Signed(count) if count.unsigned_abs() <= u128::from(EXACT) => {
            page.write_number_with_format(down, at, *count as f64, &formats.count)?;
        }
        Value::Count(count) => {
            page.write_string(down, at, count.to_string())?;
        }
        Value::Signed(count) => {
            page.write_string(down, at, count.to_string())?;
        }
        Value::Day(day) => {
            page.write_datetime_with_format(down, at, ExcelDateTime::parse_from_str(&day.to_string())?, &formats.day)?;
        }
        Value::Moment(moment) => {
            let text = moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            page.write_datetime_with_format(down, at, ExcelDateTime::parse_from_str(&text)?, &formats.moment)?;
        }
        Value::Flag(yes) => {
            page.write_boolean(down, at, *yes)?;
        }
    }
    Ok(())
}
