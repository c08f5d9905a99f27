//! Use case: where the city stood on a day, as it was known at a moment. Only the picture is made: no outlook, no plan, no ledger.

mod moments;
mod outlined;

pub use moments::{Known, Moments, moments};
pub use outlined::outlines;

use crate::brief::known_issues::message;
use crate::brief::words::Names;
use crate::city::{AppError, City, founded, reference_rows};
use crate::day::as_known_at;
use crate::day::known::{self, KnownCity};
use crate::event::{Mode, Position};
use crate::journal::Journal;
use crate::places;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_brief::facts::{Message, Words};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_picture::{Contradiction, Moment, Picture, PlaceSeries, place_series};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Where the number of residents of an area comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedBy {
    /// When they were counted, if the source says so.
    pub on: Option<Date>,
    /// Ids of the documents.
    pub sources: Vec<String>,
    /// What the number rests on.
    pub origin: Origin,
}

/// Where a city stood.
#[derive(Debug)]
pub struct Situation {
    /// The day.
    pub day: Date,
    /// Live or replay.
    pub mode: Mode,
    /// What was known by then went in.
    pub as_known_at: Timestamp,
    /// Whether the moment moves on with the clock.
    pub is_now: bool,
    /// The city as known.
    pub known: KnownCity,
    /// The picture.
    pub picture: Picture,
    /// The series of the city, then of each district by code.
    pub series: Vec<PlaceSeries>,
    /// Who counted the residents of an area.
    pub counted: BTreeMap<PlaceCode, CountedBy>,
}

/// Looks at a day as it was known at its end or now, whichever is earlier; or at `known_at`, which may lie after the day: what is
/// known of it by then. `days` is the length of the series.
///
/// # Errors
/// A day before the outbreak or one that has not begun; a moment that has not come; the journal.
pub fn situation(city: &City<'_>, day: Date, known_at: Option<Timestamp>, days: u16) -> Result<Situation, AppError> {
    let (founded, settings, calendar) = founded(city.journal)?;
    if day < settings.outbreak_started {
        return Err(AppError::Date {
            what: format!("{day} lies before the outbreak began ({})", settings.outbreak_started),
            hint: "choose a later day".to_owned(),
        });
    }
    let now = city.clock.now();
    let standing = as_known_at(&calendar, day, founded.mode, now)?;
    let moment = known_at.unwrap_or(standing);
    if founded.mode == Mode::Live && moment > now {
        return Err(AppError::Date {
            what: format!("{moment} has not come yet"),
            hint: "leave `known_at` out for now, or give an earlier moment".to_owned(),
        });
    }
    let on = &*city.journal;
    let known = known::load(on, &settings, &calendar, day, moment)?;
    let seen = Moment { outbreak_started: settings.outbreak_started, day, as_known_at: calendar.civil(moment) };
    let picture = levee_picture::picture(seen, &known.places, &known.facts, &settings.preferred_offices);
    let back = jiff::Span::new().days(i64::from(days.max(1)) - 1);
    let from = day.checked_sub(back).unwrap_or(settings.outbreak_started).max(settings.outbreak_started);
    let all = std::iter::once(known.places.city()).chain(known.places.districts().map(|area| &area.code));
    let of = |place: &PlaceCode| {
        place_series(seen, &known.places, place, &known.facts.infections, &settings.preferred_offices, from)
    };
    let series = all.map(of).collect();
    let counted = counted(city)?;
    let is_now = founded.mode == Mode::Live && known_at.is_none() && moment == now;
    Ok(Situation { day, mode: founded.mode, as_known_at: moment, is_now, known, picture, series, counted })
}

fn counted(city: &City<'_>) -> Result<BTreeMap<PlaceCode, CountedBy>, AppError> {
    let one = |row: &levee_model::table::Row| {
        let by = CountedBy {
            on: row.date("population_date"),
            sources: places::text(row, "source_id")?.split('+').map(str::to_owned).collect(),
            origin: places::choice(row, "origin")?,
        };
        Ok((places::id(row, "code")?, by))
    };
    reference_rows(city.journal, "areas")?.iter().map(one).collect()
}

impl Situation {
    /// What a contradiction is, as a message of the brief.
    pub fn said_of(&self, seen: &Contradiction) -> Message {
        message(seen, &Names::known(&self.known))
    }

    /// The name of an office.
    pub fn office(&self, id: &levee_model::ids::OfficeId) -> Words {
        Names::known(&self.known).office(id)
    }

    /// The name of a table of reports.
    pub fn table(&self, name: &str) -> Words {
        Names::known(&self.known).table(name)
    }
}

/// Events that change what is known of the outbreak. What is owed, ordered or restricted is none of them.
const OF_THE_PICTURE: [&str; 4] = ["city_founded", "reference_taken", "rows_accepted", "batch_closed"];

/// Events that are looked at to see whether one of them changed the picture. Reading more takes longer than making it anew.
const LOOKED_AT: usize = 2048;

/// Whether something after `after` may have changed what is known of the outbreak; where too much has happened to tell, it may have.
///
/// # Errors
/// The journal cannot be read.
pub fn may_have_changed(on: &dyn Journal, after: Position) -> Result<bool, AppError> {
    let (mut changed, mut looked) = (false, 0);
    on.events(after, &mut |event| {
        looked += 1;
        changed = OF_THE_PICTURE.contains(&event.event.kind()) || looked > LOOKED_AT;
        if changed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(changed)
}
