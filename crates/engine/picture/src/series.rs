//! The daily series of one place, with its split, and what was told of parts of its days.

use crate::Moment;
use crate::city::{CityDay, best, by_day, days, new_infections};
use crate::figure::{Figure, Known, Why};
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::OfficeId;
use levee_model::quantity::Persons;
use levee_model::report::InfectionReport;
use levee_model::time::Period;
use std::collections::BTreeMap;

/// What was told of a period that is not one full day: the hours of a part, or several days at once. Never taken for a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PartTold {
    /// Its hours.
    pub period: Period,
    /// New infections in them.
    pub new: Figure<Persons>,
    /// Confirmed, conversions included.
    pub confirmed: Option<Persons>,
    /// Asymptomatic.
    pub asymptomatic: Option<Persons>,
    /// Found in the community.
    pub community: Option<Persons>,
    /// Found among people under control.
    pub managed: Option<Persons>,
}

/// The series of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceSeries {
    /// The place.
    pub place: PlaceCode,
    /// Each day from the one asked for to the day of the meeting, gaps as unknown; units that are listed apart are added.
    pub days: Vec<CityDay>,
    /// What was told of other periods that end in these days, by period, of the place alone.
    pub parts: Vec<PartTold>,
    /// The end of the last period that anybody spoke of, and who did; `None` = nobody ever has.
    pub last: Option<(jiff::civil::DateTime, OfficeId)>,
}

/// Adds a unit's figure to its district's: what the unit told of the day without this field leaves the sum unknown.
fn with(own: &mut Known<Persons>, apart: &Known<Persons>) {
    let sum = match (&*own, apart) {
        (Known::Unknown(_), _) => return,
        (Known::Known(_), Known::Unknown(_)) => Known::Unknown(Why::PartUnknown),
        (Known::Known(one), Known::Known(other)) => {
            let mut sum = one.computed(Persons::new(one.value.get().saturating_add(other.value.get())));
            sum.also_from(other);
            Known::Known(sum)
        }
    };
    *own = sum;
}

/// The series of a place from a day on. `preferred` are the offices whose figures stand first, best first.
pub fn place_series(
    moment: Moment,
    places: &Gazetteer,
    place: &PlaceCode,
    reports: &[InfectionReport],
    preferred: &[OfficeId],
    from: Date,
) -> PlaceSeries {
    let own: Vec<InfectionReport> = reports.iter().filter(|report| report.place == *place).cloned().collect();
    let mut series = days(moment, &by_day(place, &own, preferred), from);
    for unit in places.apart_of(place) {
        let apart = by_day(&unit.code, reports, preferred);
        for (day, told) in series.iter_mut().zip(days(moment, &apart, from)) {
            // A unit that gave no number for a day takes nothing away: it does not list apart then.
            if told.new.value().is_none() {
                continue;
            }
            with(&mut day.new, &told.new);
            with(&mut day.confirmed, &told.confirmed);
            with(&mut day.asymptomatic, &told.asymptomatic);
            with(&mut day.converted, &told.converted);
            with(&mut day.community, &told.community);
            with(&mut day.managed, &told.managed);
            with(&mut day.deaths, &told.deaths);
        }
    }
    let mut of_period: BTreeMap<Period, Vec<&InfectionReport>> = BTreeMap::new();
    for report in own.iter().filter(|r| r.period.full_day().is_none() && r.period.end().date() >= from) {
        of_period.entry(report.period).or_default().push(report);
    }
    let part = |(period, told): (Period, Vec<&InfectionReport>)| {
        let report = best(told.into_iter(), preferred)?;
        let InfectionReport { confirmed, asymptomatic, community, managed, .. } = *report;
        Some(PartTold { period, new: new_infections(report, moment)?, confirmed, asymptomatic, community, managed })
    };
    let parts: Vec<PartTold> = of_period.into_iter().filter_map(part).collect();
    for day in &mut series {
        let in_part = parts.iter().any(|part| part.period.part_day().is_some_and(|(of, _, _)| of == day.day));
        if in_part && let Known::Unknown(why) = &mut day.new {
            *why = Why::OnlyInPart;
        }
    }
    let last = own.iter().max_by_key(|r| (r.period.end(), &r.provenance.office));
    PlaceSeries {
        place: place.clone(),
        days: series,
        parts,
        last: last.map(|report| (report.period.end(), report.provenance.office.clone())),
    }
}
