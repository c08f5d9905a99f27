//! Use case: how the issued outlooks did.

use super::archive::archive;
use super::outcomes::as_of;
use super::pairs::{Came, Paired, Whose, judged, pairs};
use crate::city::{AppError, City, founded};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use levee_model::area::PlaceCode;
use levee_outlook::score::Summary;
use std::collections::{BTreeMap, BTreeSet};

/// A way to group the forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// By week ahead: days 1-7, 8-14, ….
    Horizon,
    /// By place.
    Place,
    /// By the week, from Monday, in which the forecast day lies.
    Week,
}

/// What is to be scored.
#[derive(Clone, Debug, Default)]
pub struct ScoreOptions {
    /// First day of a meeting whose outlook counts; `None` = the first of the outbreak.
    pub from: Option<Date>,
    /// The last; `None` = the last that has one.
    pub to: Option<Date>,
    /// What came is taken as known at 24:00 of this day; `None` = as known now, in a replay as finally known.
    pub as_of: Option<Date>,
    /// How forecasts are grouped, beside whose they are.
    pub by: BTreeSet<By>,
}

/// Forecasts that belong together, and their scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Whose.
    pub whose: Whose,
    /// Days ahead, from and to; `None` = all.
    pub ahead: Option<(u32, u32)>,
    /// The place; `None` = all of these.
    pub place: Option<PlaceCode>,
    /// Monday of the week of the forecast days; `None` = all.
    pub week: Option<Date>,
    /// The scores.
    pub scores: Summary,
    /// Forecasts of days that lie after the newest known.
    pub pending: u32,
    /// Forecasts of days that nobody reported although later ones were.
    pub not_reported: u32,
}

/// Names of places, in Chinese and English, by code.
pub type Places = BTreeMap<PlaceCode, (String, String)>;

/// How the outlooks did.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreReport {
    /// Outcomes were taken as known at this moment.
    pub as_of: Timestamp,
    /// The same on the city's clocks.
    pub as_of_local: DateTime,
    /// The newest day of which anything was known then.
    pub newest_outcome: Option<Date>,
    /// Days of the meetings whose outlooks were read, ascending.
    pub issued: Vec<Date>,
    /// Outlooks issued again for a day that had one; not scored.
    pub again: u32,
    /// Methods, with the number of outlooks that each made.
    pub engines: BTreeMap<String, u32>,
    /// Baselines that were archived, with the number of outlooks; empty text = none was.
    pub baselines: BTreeMap<String, u32>,
    /// Whose forecasts, all horizons together; one line each.
    pub whole: Vec<Line>,
    /// Group by group.
    pub lines: Vec<Line>,
    /// Names of the places in `lines`.
    pub places: Places,
}

/// Whose, week ahead, place, Monday of the week.
type Key<'a> = (Whose, Option<u32>, Option<&'a str>, Option<Date>);

fn monday_of(day: Date) -> Date {
    let back = i64::from(day.weekday().since(Weekday::Monday));
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

fn key<'a>(pair: &Paired<'a>, by: &BTreeSet<By>) -> Key<'a> {
    (
        pair.whose,
        by.contains(&By::Horizon).then(|| (pair.ahead - 1) / 7),
        by.contains(&By::Place).then_some(pair.place),
        by.contains(&By::Week).then(|| monday_of(pair.day)),
    )
}

fn lines(pairs: &[Paired<'_>], by: &BTreeSet<By>) -> Vec<Line> {
    let mut groups: BTreeMap<Key<'_>, Vec<&Paired<'_>>> = BTreeMap::new();
    for pair in pairs {
        groups.entry(key(pair, by)).or_default().push(pair);
    }
    let count = |group: &[&Paired<'_>], came: Came| {
        u32::try_from(group.iter().filter(|pair| pair.came == came).count()).unwrap_or(u32::MAX)
    };
    groups
        .into_iter()
        .map(|((whose, week_ahead, place, week), group)| Line {
            whose,
            ahead: week_ahead.map(|week| (week * 7 + 1, week * 7 + 7)),
            place: place.and_then(|code| code.parse().ok()),
            week,
            scores: Summary::of_judged(group.iter().filter_map(|pair| judged(pair))),
            pending: count(&group, Came::Pending),
            not_reported: count(&group, Came::NotReported),
        })
        .collect()
}

/// Scores every outlook that was issued for the days asked for, against what came.
pub fn score(city: &City<'_>, options: &ScoreOptions) -> Result<ScoreReport, AppError> {
    let (_, settings, calendar) = founded(city.journal)?;
    let (from, to) = (options.from.unwrap_or(settings.outbreak_started), options.to.unwrap_or(Date::MAX));
    if to < from {
        return Err(AppError::Date {
            what: format!("the days asked for end ({to}) before they begin ({from})"),
            hint: "give --from a day no later than --to".to_owned(),
        });
    }
    // The last day of the calendar has no tomorrow to look before.
    let to_there = to.min(Date::MAX.yesterday().unwrap_or(Date::MAX));
    let archive = archive(city, from, to_there)?;
    if archive.issued.is_empty() {
        let until = if to == Date::MAX { String::new() } else { format!(" to {to}") };
        return Err(AppError::Asked {
            what: format!("no outlook was issued for the days from {from}{until}"),
            hint: "run days first (`levee day CITY --date D`), or ask for other days; `levee replay` tries past days \
                   without issuing anything"
                .to_owned(),
        });
    }
    let (moment, outcomes, known) = as_of(city, options.as_of)?;
    let own = known.places.city().as_str();
    let all: Vec<Paired<'_>> = archive.issued.iter().flat_map(|one| pairs(&one.outlook, own, &outcomes)).collect();
    let mut engines = BTreeMap::new();
    let mut baselines = BTreeMap::new();
    for one in &archive.issued {
        *engines.entry(one.outlook.engine.clone()).or_insert(0) += 1;
        *baselines.entry(one.outlook.baseline.clone()).or_insert(0) += 1;
    }
    let lines_by = lines(&all, &options.by);
    let places = lines_by
        .iter()
        .filter_map(|line| line.place.clone())
        .filter_map(|code| {
            let name = known.places.name(&code).map(|name| (name.short_zh.to_string(), name.short_en.to_string()))?;
            Some((code, name))
        })
        .collect();
    Ok(ScoreReport {
        as_of: moment,
        as_of_local: calendar.civil(moment),
        newest_outcome: outcomes.newest(),
        issued: archive.issued.iter().map(|one| one.outlook.day).collect(),
        again: archive.again,
        engines,
        baselines,
        whole: lines(&all, &BTreeSet::new()),
        lines: lines_by,
        places,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday_of(date(2022, 11, 20)), date(2022, 11, 14));
        assert_eq!(monday_of(date(2022, 11, 21)), date(2022, 11, 21));
    }
}
