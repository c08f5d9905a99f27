//! What came, as it was known at one moment.

use crate::city::{AppError, City, founded};
use crate::day::known;
use crate::event::Mode;
use crate::facts;
use crate::journal::Read;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_picture::{Moment, Picture};
use std::collections::BTreeMap;

/// New infections by place and full day. A day that is not in it is unknown, never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    by_place: BTreeMap<String, BTreeMap<Date, u64>>,
    newest: Option<Date>,
}

impl Outcomes {
    /// Those that a picture knows, of the city and of every district.
    pub fn of(picture: &Picture, city: &str) -> Self {
        let own = picture.city.days.iter().filter_map(|day| Some((day.day, day.new.value()?.get()))).collect();
        let mut by_place = BTreeMap::from([(city.to_owned(), own)]);
        for row in &picture.districts.rows {
            let days = row.full_days.iter().map(|(day, figure)| (*day, figure.value.get())).collect();
            by_place.insert(row.place.to_string(), days);
        }
        let newest = by_place.values().filter_map(|days: &BTreeMap<Date, u64>| days.last_key_value()).map(|(d, _)| *d);
        Self { newest: newest.max(), by_place }
    }

    /// What came at a place on a day, if it was known.
    pub fn at(&self, place: &str, day: Date) -> Option<u64> {
        self.by_place.get(place)?.get(&day).copied()
    }

    /// The newest day of which anything was known.
    pub fn newest(&self) -> Option<Date> {
        self.newest
    }
}

/// The moment that is meant: 24:00 of the day, or now if that is earlier and the city is live. Without a day: now, or in a
/// replay the moment at which its newest count became known.
fn moment(city: &City<'_>, day: Option<Date>) -> Result<Timestamp, AppError> {
    let (founded, _, calendar) = founded(city.journal)?;
    let now = city.clock.now();
    let Some(day) = day else {
        if founded.mode == Mode::Live {
            return Ok(now);
        }
        let rows = facts::known(city.journal as &dyn Read, "infections", None, Date::MAX, now)?;
        return Ok(rows.iter().map(|row| row.known_at).max().unwrap_or(now));
    };
    let end = calendar.end_of(day).ok_or_else(|| AppError::Date {
        what: format!("{day} has no end"),
        hint: "check the date given to --as-of".to_owned(),
    })?;
    Ok(if founded.mode == Mode::Live { end.min(now) } else { end })
}

/// What came, as known at 24:00 of `day`; without a day, as known now (in a replay: all that was ever taken in). With the moment.
pub fn as_of(city: &City<'_>, day: Option<Date>) -> Result<(Timestamp, Outcomes, known::KnownCity), AppError> {
    let (_, settings, calendar) = founded(city.journal)?;
    let moment = moment(city, day)?;
    let seen = calendar.civil(moment);
    // 24:00 of a day is 00:00 of the next, of which nothing is known yet.
    let last = day.unwrap_or(seen.date());
    let known = known::load(city.journal, &settings, &calendar, last, moment)?;
    let when = Moment { outbreak_started: settings.outbreak_started, day: last, as_known_at: seen };
    let picture = levee_picture::picture(when, &known.places, &known.facts, &settings.preferred_offices);
    let outcomes = Outcomes::of(&picture, known.places.city().as_str());
    Ok((moment, outcomes, known))
}
