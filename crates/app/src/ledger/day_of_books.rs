//! On the books of which day something is entered.

use crate::journal::{JournalError, Read};
use crate::projection::ledger::read;
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The day on which it happened; or, if that is sealed in any of these books, the first day that is sealed in none: there it
/// stands as a correction of what the sealed day said. With the last sealed day of each book that has one.
///
/// What is one command is entered on one day, though it touches the books of several districts.
pub(super) fn day_of_books(
    on: &dyn Read,
    calendar: &Calendar,
    city: &str,
    books: &BTreeSet<String>,
    occurred: Timestamp,
) -> Result<(Date, Vec<(String, Date)>), JournalError> {
    let mut day = calendar.civil(occurred).date();
    let mut sealed = Vec::new();
    for book in books {
        if let Some(last) = read::closed(on, city, book)? {
            day = last.tomorrow().map_or(day, |first| day.max(first));
            sealed.push((book.clone(), last));
        }
    }
    Ok((day, sealed))
}
