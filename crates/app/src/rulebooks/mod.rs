//! Which rulebook a city goes by: the one that it keeps from a day on. Before the first of those stands the one that `city.toml`
//! names, which travels with the program; finding it is the business of whoever holds that text.

pub mod document;

use crate::blob::Blobs;
use crate::city::{AppError, City, stream};
use crate::event::{Event, NewEvent, RulebookKept};
use crate::journal::{Read, Receipt};
use crate::ledger::Desk;
use crate::measures::Book;
use crate::projection::rulebooks::{KeptRow, rulebooks};
use crate::rights::{Right, check};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::command::Envelope;

/// Keeps a rulebook: measures that start on `from` or later are held against it. None for `from`: the day on which that is said.
///
/// Nothing that was judged is judged again by it; a later one for the same day replaces it for what is judged after that.
pub fn keep(
    city: &mut City<'_>,
    envelope: &Envelope,
    book: &Book,
    from: Option<Date>,
    at: Option<Timestamp>,
) -> Result<(Receipt, RulebookKept), AppError> {
    let desk = Desk::load(city.journal)?;
    let now = city.clock.now();
    let (occurred, known_at) = desk.times(now, at)?;
    check(city.journal, &envelope.actor, Right::KeepRulebook)?;
    let from = from.unwrap_or_else(|| desk.calendar.civil(occurred).date());
    if let Some(first) = book.rules().first_day().filter(|first| from < *first) {
        let fault = crate::measures::Fault::BeforeBook { book: book.rules().id().to_string(), day: from, first };
        return Err(AppError::Measure(Box::new(fault)));
    }
    let text = city.blobs.put(book.text().as_bytes())?;
    let kept = RulebookKept { book: book.rules().id().to_string(), text, from };
    let stream = stream("city")?;
    let receipt = crate::commit::carry_out(city.journal, envelope, now, &mut |tx| {
        let event = Event::RulebookKept(kept.clone());
        tx.append(NewEvent { stream: stream.clone(), occurred, known_at, event })?;
        Ok(())
    })?;
    Ok((receipt, kept))
}

/// The rulebook that the city kept for a day, as was known at a moment; none where it keeps none for it.
pub fn in_force(on: &dyn Read, blobs: &dyn Blobs, day: Date, known_by: Timestamp) -> Result<Option<Book>, AppError> {
    let stands = |row: &KeptRow| row.kept.from <= day && row.known_at <= known_by;
    let Some(row) = rulebooks(on)?.into_iter().rfind(stands) else { return Ok(None) };
    let text = String::from_utf8_lossy(&blobs.get(&row.kept.text)?).into_owned();
    let book = Book::read(text).map_err(|problems| AppError::Asked {
        what: format!(
            "the rulebook `{}` that the city keeps cannot be read by this version: {}",
            row.kept.book,
            problems.first().map_or_else(String::new, ToString::to_string)
        ),
        hint: "keep a mended one: levee rulebook keep CITY FILE".to_owned(),
    })?;
    Ok(Some(book))
}
