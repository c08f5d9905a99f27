//! Where high-risk areas may be drawn, from what the city knows: the use case behind `levee zone propose`.
//!
//! An infection's place is the narrowest area that some row of `infections` names: a district's figure is not spread over its
//! buildings. Where a row of a wider place counts infections that rows of narrower places within it count too, only what
//! is left over is known by the wider place. Closing rounds are statements of the kind `closing_round` with the name `positive`: the
//! number of positive results of the round, zero when all were negative.

pub mod document;

use crate::city::{AppError, City, founded};
use crate::facts;
use crate::places;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_measures::zones::{self, CaseAt, FreeState, Round, ZoneRules, Zones};
use levee_model::area::{Level, PlaceCode, Relation};
use levee_model::detection::Detection;
use levee_model::gazetteer::Gazetteer;
use levee_model::report::InfectionReport;
use levee_rulebook::{Facts, RuleId, Rulebook, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of statement that gives the result of a closing round.
const CLOSING_ROUND: &str = "closing_round";
/// The parameter that says how many days make a community free of infections; of whichever rule in force has it.
const FREE_DAYS: &str = "clear_days_community";

/// A community is not looked back on further than a year.
const MOST_FREE_DAYS: i32 = 366;

/// Proposed areas of a city on a day.
#[derive(Debug)]
pub struct ProposedZones {
    /// The day; what was known at its 24:00 went in.
    pub on: Date,
    /// The areas.
    pub zones: Zones,
    /// Levels that the rules of the day allow, and those that they leave to a human; narrowest first.
    pub levels: (Vec<Level>, Vec<Level>),
    /// Clear days that the rules of the day ask for, and whether a closing round beside.
    pub clear_days: Option<i64>,
    /// Whether they ask for an all-negative closing round.
    pub round_needed: bool,
    /// The rules that this rests on.
    pub grounds: BTreeSet<RuleId>,
    /// How many days without infection make a community free, and the rule that says so; `None` = no rule in force says.
    pub free_days: Option<(i64, RuleId)>,
    /// Communities by state; empty when no rule says how many days.
    pub communities: BTreeMap<PlaceCode, FreeState>,
    /// The city's places.
    pub places: Gazetteer,
}

const LEVELS: [Level; 7] =
    [Level::Unit, Level::Building, Level::Compound, Level::Community, Level::Subdistrict, Level::District, Level::City];

/// Proposes areas for `on` from what was known at its end.
pub fn propose(city: &City<'_>, book: &Rulebook, on: Date) -> Result<ProposedZones, AppError> {
    let (_, _, calendar) = founded(city.journal)?;
    let moment = calendar.end_of(on).ok_or_else(|| AppError::Date {
        what: format!("{on} lies beyond the calendar"),
        hint: "give an earlier day".to_owned(),
    })?;
    propose_at(city, book, on, moment)
}

/// Proposes areas for `on` from what was known at a moment of it.
pub fn propose_at(city: &City<'_>, book: &Rulebook, on: Date, moment: Timestamp) -> Result<ProposedZones, AppError> {
    let (_, settings, _) = founded(city.journal)?;
    let date = |what: String, hint: &str| AppError::Date { what, hint: hint.to_owned() };
    if book.first_day().is_none_or(|first| on < first) {
        let first = book.first_day().map_or_else(String::new, |day| format!("; it begins on {day}"));
        return Err(date(format!("{on} lies before every version of `{}`{first}", book.id()), "give a later day"));
    }
    let places = places::gazetteer(city.journal)?;
    let from = settings.outbreak_started;
    let rows = facts::known(city.journal, "infections", Some(from), on, moment)?;
    let reports = rows.iter().map(facts::infection).collect::<Result<Vec<_>, _>>()?;
    let cases = cases(&reports, &places);
    let mut rounds = Vec::new();
    for row in facts::known(city.journal, "statements", Some(from), on, moment)? {
        let said = facts::statement(&row)?;
        if said.kind == CLOSING_ROUND {
            rounds.push(Round { place: said.place, day: said.at.date(), all_negative: said.value == 0.0 });
        }
    }
    let outbreak = Facts::new();
    let rules = ZoneRules::on(book, on, &outbreak);
    let allowed = |wanted| LEVELS.into_iter().filter(|level| rules.allows(*level) == wanted).collect::<Vec<_>>();
    let levels = (allowed(zones::Allowed::Yes), allowed(zones::Allowed::AskAHuman));
    let clear_days = rules.clear_days(zones::MOST_CLEAR_DAYS);
    let free_days = book.in_force(on).into_iter().find_map(|rule| match rule.params.get(FREE_DAYS) {
        Some(Some(Value::Number(days))) => (1..=MOST_FREE_DAYS)
            .find(|whole| f64::from(*whole).total_cmp(days).is_eq())
            .map(|whole| (i64::from(whole), rule.id.clone())),
        _ => None,
    });
    let communities =
        free_days.as_ref().map(|(days, _)| zones::free_communities(&places, &cases, on, *days)).unwrap_or_default();
    Ok(ProposedZones {
        on,
        zones: zones::propose(book, on, &outbreak, &places, &cases, &rounds),
        levels,
        clear_days,
        round_needed: clear_days.is_some_and(|days| rules.needs_final_round(days)),
        grounds: rules.grounds(),
        free_days,
        communities,
        places,
    })
}

/// Infections by the narrowest place that is known, for whole days. Of several offices the first by name that gives a number counts:
/// they count the same people.
fn cases(reports: &[InfectionReport], places: &Gazetteer) -> Vec<CaseAt> {
    /// (infections, of them in the community, of them under control)
    type Count = (u64, Option<u64>, Option<u64>);
    let mut by_day: BTreeMap<Date, BTreeMap<PlaceCode, Count>> = BTreeMap::new();
    let mut sorted: Vec<&InfectionReport> = reports.iter().collect();
    sorted.sort_by(|a, b| (&a.place, &a.provenance.office).cmp(&(&b.place, &b.provenance.office)));
    for report in sorted {
        // A total for several places counts people whom those places, or the city, count too.
        let totals = places.unit(&report.place).map(|unit| &unit.relation);
        if matches!(totals, Some(Relation::Group { .. } | Relation::Overlap)) {
            continue;
        }
        let Some(day) = report.period.full_day() else { continue };
        let Some((count, _)) = report.new_infections() else { continue };
        let of = |persons: Option<levee_model::quantity::Persons>| persons.map(|one| one.get());
        by_day.entry(day).or_default().entry(report.place.clone()).or_insert((
            count.get(),
            of(report.community),
            of(report.managed),
        ));
    }
    let mut cases = Vec::new();
    for (day, counts) in by_day {
        for (place, (all, community, managed)) in &counts {
            // What narrower places count of the same day is known there.
            let inner = counts
                .iter()
                .filter(|(other, _)| *other != place && nearest(places, other, &counts).as_ref() == Some(place));
            let (mut below, mut below_community, mut below_managed) = (0_u64, 0_u64, 0_u64);
            for (_, (all, community, managed)) in inner {
                below = below.saturating_add(*all);
                below_community = below_community.saturating_add(community.unwrap_or(0));
                below_managed = below_managed.saturating_add(managed.unwrap_or(0));
            }
            let left = all.saturating_sub(below);
            let community = community.map_or(0, |n| n.saturating_sub(below_community)).min(left);
            let managed = managed.map_or(0, |n| n.saturating_sub(below_managed)).min(left - community);
            let unsaid = left - community - managed;
            for (persons, detection) in
                [(community, Some(Detection::Community)), (managed, Some(Detection::Managed)), (unsaid, None)]
            {
                if persons > 0 {
                    cases.push(CaseAt { place: place.clone(), day, detection, persons });
                }
            }
        }
    }
    cases
}

/// The narrowest place around `place` that has a count of its own.
fn nearest<T>(places: &Gazetteer, place: &PlaceCode, counts: &BTreeMap<PlaceCode, T>) -> Option<PlaceCode> {
    let around = match places.unit(place).map(|unit| &unit.relation) {
        // Listed beside its district, inside the same city.
        Some(Relation::Apart { within }) => places.area(within),
        _ => places.area(place),
    };
    let mut at = around?.parent.clone();
    while let Some(code) = at {
        if counts.contains_key(&code) {
            return Some(code);
        }
        at = places.area(&code)?.parent.clone();
    }
    None
}
