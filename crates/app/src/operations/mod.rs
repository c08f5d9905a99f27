//! The operations map and timetable (挂图作战) of a city at a moment: who does what where by when, as it was known then.
//!
//! [`operations`] gathers it from the ledger (what is owed, orders, the settlement), restrictions (their ends, reviews and appeals),
//! proposed areas of high risk, and the plan that was last stored by then. The value and its documents (JSON, GeoJSON, page,
//! tables, calendar) are [`levee_brief::operations`].
//!
//! Nobody is named by a pseudonym here, and places below a community are told as the community that they lie in, as in the statement of
//! a day: fewer people than that are somebody. Restrictions and areas of high risk have the place that is published with them.

mod areas;
mod books;
mod gather;
mod map;
mod pending;
mod planned;
mod restrictions;
mod then;

use crate::city::{AppError, City, founded};
use crate::event::Mode;
use crate::journal::{Read, Space};
use crate::ledger::Desk;
use crate::ledger::hand_over::duties_at;
use crate::plans::{PlanDocument, archive};
use crate::projection::{FactRecord, decode, keys};
use gather::Gather;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use levee_brief::facts::Words;
pub use levee_brief::operations::Operations;
use levee_brief::operations::{NotInBooks, TimeZoneFacts};
use levee_model::table::{TABLES, Use};
use levee_picture::Picture;
use levee_rulebook::Rulebook;
use std::ops::ControlFlow;
use std::sync::Arc;
use then::Then;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The moment; what became known later does not go in.
    pub at: Timestamp,
    /// The rulebook that areas of high risk are proposed by.
    pub book: Option<&'a Rulebook>,
    /// A plan that is just being made, with its name; else the last one stored by the moment.
    pub plan: Option<(&'a str, &'a PlanDocument)>,
    /// The picture of a day that is just being run: what its counts will open stands in the timetable as if it had been, so that a day
    /// run twice says the same.
    pub picture: Option<&'a Picture>,
}

/// Whether any report was known at a moment; if none was, when the first one is.
fn first_report(on: &dyn Read, at: Timestamp) -> Result<Option<Timestamp>, AppError> {
    let (mut first, mut fault) = (None::<i64>, None);
    for table in TABLES.iter().filter(|table| table.used == Use::Report) {
        let (from, to) = keys::fact_range(table.name, None, Date::MAX);
        on.scan(Space::Fact, &from, &to, &mut |(_, bytes)| match decode::<FactRecord>(Space::Fact, bytes) {
            Ok(record) => {
                first = Some(first.map_or(record.known_at, |known| known.min(record.known_at)));
                // One is enough.
                if record.known_at <= at.as_second() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        })?;
        if let Some(error) = fault {
            return Err(error.into());
        }
        if first.is_some_and(|known| known <= at.as_second()) {
            break;
        }
    }
    Ok(first.and_then(|known| Timestamp::from_second(known).ok()))
}

/// Refuses a moment of which nothing can be said.
fn sayable(city: &City<'_>, at: Timestamp) -> Result<(), AppError> {
    let (founded, settings, calendar) = founded(city.journal)?;
    let civil = |moment: Timestamp| calendar.civil(moment).strftime("%Y-%m-%dT%H:%M").to_string();
    if founded.mode == Mode::Live && city.clock.now() < at {
        return Err(AppError::Date {
            what: format!("{} has not come yet", civil(at)),
            hint: "leave `--at` out for now, or give an earlier moment".to_owned(),
        });
    }
    let begins = calendar.moment(settings.outbreak_started.to_datetime(Time::midnight()));
    if begins.is_some_and(|begins| at < begins) {
        return Err(AppError::Date {
            what: format!("{} lies before the outbreak began ({})", civil(at), settings.outbreak_started),
            hint: "choose a later moment".to_owned(),
        });
    }
    match first_report(city.journal, at)? {
        Some(first) if at < first => Err(AppError::Date {
            what: format!("no report had come in by {}", civil(at)),
            hint: format!("the first one was known at {}; choose that moment or a later one", civil(first)),
        }),
        _ => Ok(()),
    }
}

/// The operations map and timetable at a moment. Reads, and writes nothing.
pub fn operations(city: &City<'_>, ask: Ask<'_>) -> Result<Operations, AppError> {
    sayable(city, ask.at)?;
    let (founded, settings, calendar) = founded(city.journal)?;
    let past = founded.mode == Mode::Replay || ask.at < city.clock.now();
    let then = if past { Then::at(city.journal, ask.at)? } else { Then::now(city.journal) };
    let mut desk = Desk::load(city.journal)?;
    desk.duties = Arc::new(duties_at(&then, &calendar, ask.at)?);
    let mut gather = Gather::new(&desk, ask.at);
    if then.left_out > 0 {
        let n = then.left_out;
        gather.missing.push(NotInBooks {
            what: Words::new(format!("{n}条记录"), format!("{n} entries of the journal")),
            why: Words::new("所依据的记录当时尚不知悉", "they rest on entries that were not known yet"),
        });
    }
    let pending = match ask.picture {
        Some(picture) => pending::pending(&then, &desk, picture)?,
        None => vec![],
    };
    books::settlement(&then, &mut gather, !pending.is_empty())?;
    books::obligations(&then, &mut gather, pending)?;
    books::orders(&then, &mut gather)?;
    restrictions::restrictions(&then, city.blobs, &mut gather)?;
    areas::areas(city, ask.book, ask.at, &mut gather)?;
    let stored = match ask.plan {
        Some(_) => None,
        None => archive::latest_known(city, gather.today(), ask.at)?,
    };
    let plan = ask.plan.or_else(|| stored.as_ref().map(|one| (one.name.as_str(), &one.document)));
    match plan {
        Some((name, document)) => planned::plan(&mut gather, name, document),
        None => gather.missing.push(NotInBooks {
            what: Words::new("方案", "the plan"),
            why: Words::new("当时没有存档的方案：levee day 可编制", "none was stored by then: `levee day` makes one"),
        }),
    }
    map::map(city, plan.map(|(_, document)| document), ask.at, &mut gather)?;

    let (districts, sections) = gather.names();
    let moments = || gather.rows.iter().flat_map(|row| [row.from, Some(row.until)]).flatten().map(|at| at.utc);
    let first = moments().min().unwrap_or(ask.at).min(ask.at);
    let last = moments().max().unwrap_or(ask.at).max(ask.at);
    let mut operations = Operations {
        city: Words::new(&settings.name.zh, &settings.name.en),
        city_code: desk.places.city().to_string(),
        at: gather.at(ask.at),
        zone: TimeZoneFacts { id: settings.time_zone.clone(), fixed_offset: calendar.fixed_offset(first, last) },
        replay: founded.mode == Mode::Replay,
        plan: plan.map(|(name, _)| name.to_owned()),
        rulebook: ask.book.map(|book| book.id().to_string()),
        district: None,
        section: None,
        districts,
        sections,
        rows: gather.rows,
        unplaced: gather.unplaced,
        tally: gather.tally,
        missing: gather.missing,
        features: gather.features,
    };
    operations.settle();
    Ok(operations)
}
