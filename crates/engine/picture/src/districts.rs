//! District by district: the latest list, and the daily series where there is one.

use crate::Moment;
use crate::city::{best, by_day, new_infections, sum};
use crate::figure::{Figure, Known, Why};
use jiff::civil::Date;
use levee_model::area::{Area, PlaceCode};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::OfficeId;
use levee_model::quantity::Persons;
use levee_model::report::InfectionReport;
use levee_model::time::Period;
use std::collections::BTreeMap;

/// One district.
#[derive(Clone, Debug, PartialEq)]
pub struct DistrictDay {
    /// The district.
    pub place: PlaceCode,
    /// New infections in the period of the latest list, units listed apart included.
    pub new: Known<Persons>,
    /// The same per 100,000 residents.
    pub per_100k: Known<f64>,
    /// Share of these found in the community, percent.
    pub community_pct: Known<f64>,
    /// New infections of the last seven full days per 100,000 residents.
    pub incidence_7d: Known<f64>,
    /// New infections on full days, where reported; absent days are unknown.
    pub full_days: BTreeMap<Date, Figure<Persons>>,
}

/// A list of districts for one period.
#[derive(Clone, Debug, PartialEq)]
pub struct DistrictList {
    /// The period.
    pub period: Period,
    /// New infections by place, units listed apart already added to their district.
    pub new: BTreeMap<PlaceCode, Figure<Persons>>,
}

/// All districts.
#[derive(Clone, Debug, PartialEq)]
pub struct Districts {
    /// The period of the latest list that covers at least half of the districts; `None` = none has arrived.
    pub period: Option<Period>,
    /// The districts, by code.
    pub rows: Vec<DistrictDay>,
    /// The city in the same period, as stated.
    pub city: Known<Persons>,
    /// All lists that cover at least half of the districts, oldest first: what the outlook learns shares from.
    pub lists: Vec<DistrictList>,
}

#[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
pub(crate) fn per_100k(new: &Known<Persons>, area: Option<&Area>) -> Known<f64> {
    let Known::Known(figure) = new else { return Known::Unknown(Why::PartUnknown) };
    match area.and_then(|a| a.population).filter(|p| p.get() > 0) {
        Some(people) => Known::Known(figure.computed(figure.value.get() as f64 * 1e5 / people.get() as f64)),
        None => Known::Unknown(Why::PopulationUnknown),
    }
}

/// A district's count of a period with the units that are listed apart from it. If such a unit ever reported for the
/// period, its count is needed; a unit that never lists apart takes nothing away.
fn with_apart(
    places: &Gazetteer,
    district: &PlaceCode,
    of_period: &BTreeMap<&PlaceCode, Figure<Persons>>,
) -> Option<Figure<Persons>> {
    let mut total = of_period.get(district)?.clone();
    for unit in places.apart_of(district) {
        if let Some(apart) = of_period.get(&unit.code) {
            let mut sum = total.computed(Persons::new(total.value.get().saturating_add(apart.value.get())));
            sum.also_from(apart);
            total = sum;
        }
    }
    Some(total)
}

fn lists(moment: Moment, places: &Gazetteer, reports: &[InfectionReport], preferred: &[OfficeId]) -> Vec<DistrictList> {
    type Spoken<'a> = BTreeMap<&'a PlaceCode, Vec<&'a InfectionReport>>;
    let mut spoken: BTreeMap<(jiff::civil::DateTime, jiff::civil::DateTime), Spoken<'_>> = BTreeMap::new();
    for report in reports.iter().filter(|r| r.new_infections().is_some()) {
        let of_period = spoken.entry((report.period.end(), report.period.start())).or_default();
        of_period.entry(&report.place).or_default().push(report);
    }
    let by_period = spoken.into_iter().map(|(period, of_period)| {
        let figures = of_period.into_iter().filter_map(|(place, of_place)| {
            best(of_place.into_iter(), preferred).and_then(|r| new_infections(r, moment)).map(|figure| (place, figure))
        });
        (period, figures.collect::<BTreeMap<&PlaceCode, Figure<Persons>>>())
    });
    let enough = places.districts().count().div_ceil(2);
    let mut lists = Vec::new();
    for ((end, start), of_period) in by_period {
        let new: BTreeMap<PlaceCode, Figure<Persons>> = places
            .districts()
            .filter_map(|d| with_apart(places, &d.code, &of_period).map(|f| (d.code.clone(), f)))
            .collect();
        if new.len() >= enough.max(1)
            && let Ok(period) = Period::new(start, end)
        {
            lists.push(DistrictList { period, new });
        }
    }
    lists
}

pub(crate) fn districts(
    moment: Moment,
    places: &Gazetteer,
    reports: &[InfectionReport],
    preferred: &[OfficeId],
) -> Districts {
    let lists = lists(moment, places, reports, preferred);
    let latest = lists.last();
    let period = latest.map(|list| list.period);
    let city = period
        .and_then(|period| {
            let of_city = reports.iter().filter(|r| r.place == *places.city() && r.period == period);
            best(of_city, preferred).and_then(|r| new_infections(r, moment))
        })
        .map_or(Known::Unknown(Why::NotReportedForDay), Known::Known);
    let rows = places
        .districts()
        .map(|area| {
            let missing = if latest.is_some() { Why::NotReportedForDay } else { Why::NeverReported };
            let new =
                latest.and_then(|list| list.new.get(&area.code).cloned()).map_or(Known::Unknown(missing), Known::Known);
            let full_days = full_days(moment, places, &area.code, reports, preferred);
            let community_pct = period
                .and_then(|period| {
                    best(reports.iter().filter(|r| r.place == area.code && r.period == period), preferred)
                })
                .map_or(Known::Unknown(missing), |report| community(report, moment));
            DistrictDay {
                per_100k: per_100k(&new, Some(area)),
                incidence_7d: incidence_7d(area, &full_days),
                place: area.code.clone(),
                new,
                community_pct,
                full_days,
            }
        })
        .collect();
    Districts { period, rows, city, lists }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
fn community(report: &InfectionReport, moment: Moment) -> Known<f64> {
    let counts = report.community.zip(report.new_infections().map(|(n, _)| n)).filter(|(_, of)| of.get() > 0);
    let percent = report.community_pct.or(counts.map(|(found, of)| 100.0 * found.get() as f64 / of.get() as f64));
    percent.map_or(Known::Unknown(Why::NotReportedForDay), |percent| {
        Known::Known(Figure::stated(percent, &report.provenance, report.period.end(), moment.as_known_at))
    })
}

fn full_days(
    moment: Moment,
    places: &Gazetteer,
    district: &PlaceCode,
    reports: &[InfectionReport],
    preferred: &[OfficeId],
) -> BTreeMap<Date, Figure<Persons>> {
    let pick = |place: &PlaceCode| -> BTreeMap<Date, Figure<Persons>> {
        by_day(place, reports, preferred)
            .into_iter()
            .filter_map(|(day, of_day)| of_day.iter().find_map(|r| new_infections(r, moment)).map(|f| (day, f)))
            .collect()
    };
    let mut own = pick(district);
    for unit in places.apart_of(district) {
        for (day, apart) in pick(&unit.code) {
            if let Some(figure) = own.get_mut(&day) {
                let mut sum = figure.computed(Persons::new(figure.value.get().saturating_add(apart.value.get())));
                sum.also_from(&apart);
                *figure = sum;
            }
        }
    }
    own
}

fn incidence_7d(area: &Area, full_days: &BTreeMap<Date, Figure<Persons>>) -> Known<f64> {
    let Some((last, _)) = full_days.last_key_value() else { return Known::Unknown(Why::NeverReported) };
    let mut week = Vec::with_capacity(7);
    let mut day = *last;
    for _ in 0..7 {
        let Some(figure) = full_days.get(&day) else { return Known::Unknown(Why::NotReportedForDay) };
        week.push(Known::Known(figure.clone()));
        match day.yesterday() {
            Ok(before) => day = before,
            Err(_) => return Known::Unknown(Why::NotReportedForDay),
        }
    }
    per_100k(&sum(&week.iter().collect::<Vec<_>>()), Some(area))
}
