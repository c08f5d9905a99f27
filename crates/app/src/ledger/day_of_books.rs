//! On the books of which day something is entered.

use crate::journal::{JournalError, Read};
use crate::projection::ledger::read;
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;

/// The day on which it happened; or, if that is sealed in these books, the first day that is not: there it stands as a
/// correction of what the sealed day said.
pub(super) fn day_of_books(
    on: &dyn Read,
    calendar: &Calendar,
    book: &str,
    occurred: Timestamp,
) -> Result<(Date, Option<Date>), JournalError> {
    let day = calendar.civil(occurred).date();
    let sealed = read::sealed(on, book)?.map(|row| row.day);
    let open = sealed.and_then(|sealed| sealed.tomorrow().ok()).map_or(day, |first| day.max(first));
    Ok((open, sealed))
}
