//! What others did in the city, held against a rulebook: the use case behind `levee measures audit`.
//!
//! The measures are the events of the city as the table `measure_facts` reads them: each of its rows says what the words of one
//! event mean as a fact of the rulebook. An event without a row is not guessed at; it is listed. What the city's own figures add on
//! a day, they add as they were known on that day.

pub mod document;
mod figures;
mod read;

use crate::city::{AppError, City, founded};
use crate::event::Mode;
use crate::facts;
use crate::journal::Read;
use crate::places;
use crate::projection::measures::observed;
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_measures::ObservedMeasure;
use levee_measures::audit::{self, Audited, ReadFact, Seen, Standing};
use levee_measures::zones::{Layered, layering};
use levee_model::area::PlaceCode;
use levee_model::gazetteer::Gazetteer;
use levee_model::report::ObservedEvent;
use levee_rulebook::Rulebook;
use std::collections::BTreeMap;

pub use read::ReadingFault;

/// The audit of a city on a day.
#[derive(Clone, Debug)]
pub struct MeasuresAudit {
    /// The day; what was known at its 24:00 went in.
    pub on: Date,
    /// Every measure that had begun, by id.
    pub measures: Vec<Audited>,
    /// How each district stood on that day.
    pub districts: BTreeMap<PlaceCode, Standing>,
    /// Orders that repeat a higher order with more days or a wider scope.
    pub layered: Vec<Layered>,
    /// What people recorded by hand, known by then: by when it began or was seen, then by id.
    pub recorded: Vec<ObservedMeasure>,
    /// Events that no reading speaks of, by first day.
    pub unread: Vec<ObservedEvent>,
    /// Rows of readings that cannot be used, or look wrong.
    pub faults: Vec<ReadingFault>,
    /// The city's places.
    pub places: Gazetteer,
    /// The city's calendar.
    pub calendar: Calendar,
}

/// Holds what others did up to `on` against `book`. Without a day: today, or in a replay the last day on which anything about
/// an event became known (about infections, where no event was).
pub fn measures(city: &City<'_>, book: &Rulebook, on: Option<Date>) -> Result<MeasuresAudit, AppError> {
    let (founded, settings, calendar) = founded(city.journal)?;
    let on = match (on, founded.mode) {
        (Some(day), _) => day,
        (None, Mode::Live) => calendar.civil(city.clock.now()).date(),
        (None, Mode::Replay) => last_known(city.journal, &calendar)?.unwrap_or(settings.outbreak_started),
    };
    let moment = end_of(&calendar, on)?;
    let known = |table: &str| facts::known(city.journal, table, None, on, moment);
    let events = known("events")?.iter().map(facts::observed_event).collect::<Result<Vec<_>, _>>()?;
    let places = places::gazetteer(city.journal)?;
    let mut reading = read::seen(&known("measure_facts")?, &events, &places, book)?;
    reading.seen.sort_by(|a, b| (a.since, &a.id).cmp(&(b.since, &b.id)));
    let by_day = figures::by_day(city.journal, &calendar, book, &reading.seen, on)?;
    let figures = |seen: &Seen, day: Date| -> Vec<ReadFact> {
        by_day.get(&day).map(|known| known.of(seen, day, places.city())).unwrap_or_default()
    };
    let measures = audit::audit(book, on, &reading.seen, &figures).map_err(|bad| AppError::Engine {
        engine: "measures",
        what: bad.to_string(),
        hint: "correct the table `measure_facts`".to_owned(),
    })?;
    let districts = audit::by_district(&measures, on, places.districts().map(|area| &area.code));
    let mut unread: Vec<ObservedEvent> =
        events.into_iter().filter(|event| event.starts_on <= on && !reading.events.contains(&event.id)).collect();
    unread.sort_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id)));
    let mut recorded: Vec<ObservedMeasure> = observed(city.journal)?
        .into_iter()
        .filter(|row| row.known_at <= moment && row.observed.since.is_none_or(|since| since < moment))
        .map(|row| row.observed)
        .collect();
    recorded.sort_by_key(|one| (one.since.unwrap_or(one.last_seen), one.id));
    let begun: Vec<Seen> = measures.iter().map(|one| one.seen.clone()).collect();
    let layered = layering(&begun, book.orders(), &places);
    Ok(MeasuresAudit { on, measures, districts, layered, recorded, unread, faults: reading.faults, places, calendar })
}

fn end_of(calendar: &Calendar, day: Date) -> Result<Timestamp, AppError> {
    calendar.end_of(day).ok_or_else(|| AppError::Date {
        what: format!("{day} lies beyond the calendar"),
        hint: "give an earlier day".to_owned(),
    })
}

fn last_known(on: &dyn Read, calendar: &Calendar) -> Result<Option<Date>, AppError> {
    let mut rows = facts::known(on, "events", None, Date::MAX, Timestamp::MAX)?;
    if rows.is_empty() {
        rows = facts::known(on, "infections", None, Date::MAX, Timestamp::MAX)?;
    }
    // Known at 24:00 of a day is known on that day.
    let day = |moment: Timestamp| {
        let before = moment.saturating_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(moment);
        calendar.civil(before).date()
    };
    Ok(rows.iter().map(|row| day(row.known_at)).max())
}
