//! What the city's own figures add to a measure on a day, as they were known at the end of that day.

use super::{end_of, read};
use crate::city::AppError;
use crate::facts;
use crate::journal::Read;
use crate::places;
use crate::settings::Calendar;
use jiff::civil::Date;
use levee_measures::audit::{ReadFact, Rests, Seen};
use levee_model::area::PlaceCode;
use levee_model::report::{InfectionReport, Statement};
use levee_rulebook::{FactPath, Rulebook, Value};
use std::collections::BTreeMap;

/// An infection in so many days makes an outbreak present. Judgement: two weeks, the longest quarantine that any of the national
/// rules of 2022 asked for. That there is no outbreak is never derived: a district that says nothing may have one.
const OUTBREAK_DAYS: i64 = 14;
/// The kind of statement that counts areas of high risk.
const HIGH_RISK_AREAS: &str = "high_risk_areas";

/// What was known at the end of one day.
pub(super) struct Known {
    /// Days with infections, by the district or city they are listed for; the last one counts.
    last_infection: BTreeMap<PlaceCode, Date>,
    /// The latest stated number of high-risk areas and the day it speaks of.
    high_risk_areas: BTreeMap<PlaceCode, (Date, f64)>,
}

/// For every day on which a measure is judged, what was known then.
pub(super) fn by_day(
    on: &dyn Read,
    calendar: &Calendar,
    book: &Rulebook,
    seen: &[Seen],
    last: Date,
) -> Result<BTreeMap<Date, Known>, AppError> {
    let mut days: Vec<Date> = seen.iter().map(|one| one.since).collect();
    days.extend(book.turning_days());
    days.retain(|day| *day <= last && seen.iter().any(|one| one.runs(*day)));
    days.sort();
    days.dedup();
    let gazetteer = places::gazetteer(on)?;
    days.into_iter()
        .map(|day| {
            let from = day.checked_sub(jiff::Span::new().days(OUTBREAK_DAYS)).ok();
            let moment = end_of(calendar, day)?;
            let mut known = Known { last_infection: BTreeMap::new(), high_risk_areas: BTreeMap::new() };
            for row in facts::known(on, "infections", from, day, moment)? {
                known.infection(&facts::infection(&row)?, |place| {
                    let at = read::districts(&gazetteer, place);
                    // A figure for several districts tells of none of them that it has a case.
                    if at.len() > 1 { vec![place.clone()] } else { at }
                });
            }
            for row in facts::known(on, "statements", from, day, moment)? {
                known.statement(&facts::statement(&row)?);
            }
            Ok((day, known))
        })
        .collect()
}

impl Known {
    fn infection(&mut self, report: &InfectionReport, districts: impl Fn(&PlaceCode) -> Vec<PlaceCode>) {
        let some = report.new_infections().is_some_and(|(count, _)| count.get() > 0)
            || report.confirmed.is_some_and(|count| count.get() > 0)
            || report.asymptomatic.is_some_and(|count| count.get() > 0);
        if !some {
            return;
        }
        let day = report.period.start().date();
        for place in districts(&report.place) {
            let last = self.last_infection.entry(place).or_insert(day);
            *last = (*last).max(day);
        }
    }

    fn statement(&mut self, said: &Statement) {
        if said.kind != HIGH_RISK_AREAS {
            return;
        }
        let day = said.at.date();
        let latest = self.high_risk_areas.entry(said.place.clone()).or_insert((day, said.value));
        if latest.0 <= day {
            *latest = (day, said.value);
        }
    }

    /// What this adds to a measure.
    pub(super) fn of(&self, seen: &Seen, day: Date, city: &PlaceCode) -> Vec<ReadFact> {
        let mut facts = Vec::new();
        let whole = std::iter::once(city).filter(|_| seen.districts.is_empty());
        let last = seen.districts.iter().chain(&seen.places).chain(whole);
        if let Some(last) = last.filter_map(|place| self.last_infection.get(place)).max() {
            let ago = (day.duration_since(*last).as_hours() / 24).max(0);
            let rests = Rests::Figures {
                what_en: format!("infections listed there for {last}"),
                what_zh: format!("当地{last}有感染者通报"),
            };
            facts.extend(fact("outbreak.present", Value::Bool(true), rests.clone()));
            facts.extend(fact("known.days_since_infection", Value::Number(ago as f64), rests));
        }
        if let [place] = seen.places.as_slice()
            && let Some((said, count)) = self.high_risk_areas.get(place)
        {
            let rests = Rests::Figures { what_en: format!("stated for {said}"), what_zh: format!("{said}通报") };
            facts.extend(fact("known.high_risk_areas", Value::Number(*count), rests));
        }
        facts
    }
}

fn fact(path: &str, value: Value, rests: Rests) -> Option<ReadFact> {
    // The names stand in this file and are names of facts.
    path.parse::<FactPath>().ok().map(|path| ReadFact { path, value, rests })
}
