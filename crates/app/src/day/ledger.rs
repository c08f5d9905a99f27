//! What a day opens in the ledger: every newly found infection is owed a care placement.

use crate::city::AppError;
use jiff::civil::Date;
use levee_ledger::{Account, Books, Command, Entry, KindId, Refusal};
use levee_model::gazetteer::Gazetteer;
use levee_picture::Picture;

fn refused(refusal: &Refusal) -> AppError {
    AppError::Engine { engine: "ledger", what: refusal.to_string(), hint: refusal.hint() }
}

/// Entries that bring the books up to what is known: open days carried over to the day of the meeting, and one opening
/// for each full day whose count is known. A day reported before is opened once; a corrected count corrects it.
pub(super) fn openings(books: &Books, picture: &Picture, places: &Gazetteer) -> Result<Vec<Entry>, AppError> {
    let kind =
        KindId::named("care_placement").map_err(|e| AppError::Meaning { table: "kinds".into(), why: e.to_string() })?;
    let day = picture.moment.day;
    let mut books = books.clone();
    let mut entries = Vec::new();
    // Nobody reports yet who was placed: what earlier days left open passes on, with that reason.
    let open_days: std::collections::BTreeSet<Date> =
        books.accounts().filter(|(a, s)| a.day < day && s.open().unwrap_or(0) > 0).map(|(a, _)| a.day).collect();
    if let Some(first) = open_days.first() {
        let mut from = *first;
        while from < day {
            let command = Command::CarryOver { day: from, reason: "no_placement_report".to_owned() };
            for entry in books.decide(command).map_err(|r| refused(&r))? {
                books.apply(&entry);
                entries.push(entry);
            }
            let Ok(next) = from.tomorrow() else { break };
            from = next;
        }
    }
    for known in picture.city.days.iter().filter(|known| known.day <= day) {
        let Some(count) = known.new.value() else { continue };
        let account = Account { kind, area: places.city().clone(), day };
        let command = Command::Open { account, units: count.get(), ground: known.day };
        for entry in books.decide(command).map_err(|r| refused(&r))? {
            books.apply(&entry);
            entries.push(entry);
        }
    }
    Ok(entries)
}
