//! The city's own series: every day since the outbreak began, and the shares found in the community.

use crate::Moment;
use crate::figure::{Figure, Known, Why};
use jiff::civil::Date;
use levee_model::area::{PlaceCode, Relation};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::OfficeId;
use levee_model::quantity::Persons;
use levee_model::report::InfectionReport;
use levee_model::time::Period;
use std::collections::BTreeMap;

/// One full day of the city, or of a place in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CityDay {
    /// The day.
    pub day: Date,
    /// New infections, conversions not counted twice where they were stated.
    pub new: Known<Persons>,
    /// Confirmed, conversions included.
    pub confirmed: Known<Persons>,
    /// Asymptomatic.
    pub asymptomatic: Known<Persons>,
    /// Confirmed who had been counted as asymptomatic.
    pub converted: Known<Persons>,
    /// Found in the community.
    pub community: Known<Persons>,
    /// Found among people under control.
    pub managed: Known<Persons>,
    /// Deaths.
    pub deaths: Known<Persons>,
}

/// A part of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PartDay {
    /// Its hours.
    pub period: Period,
    /// New infections in them.
    pub new: Known<Persons>,
    /// New infections of the same hours a day earlier.
    pub same_hours_before: Known<Persons>,
    /// Tested positive, not yet classified.
    pub pending: Known<Persons>,
}

/// A share found in the community.
#[derive(Clone, Debug, PartialEq)]
pub struct SharePoint {
    /// The day.
    pub day: Date,
    /// The place it is about.
    pub place: PlaceCode,
    /// Percent.
    pub percent: Figure<f64>,
    /// Found in the community, of how many; when both counts are known.
    pub counts: Option<(Persons, Persons)>,
}

/// The city's series.
#[derive(Clone, Debug, PartialEq)]
pub struct CitySeries {
    /// Every day from the start of the outbreak to the day of the meeting, gaps as unknown.
    pub days: Vec<CityDay>,
    /// The latest part of a day after the last full one, if one was reported.
    pub part_day: Option<PartDay>,
    /// Shares by day, then place; gaps where nothing was stated.
    pub shares: Vec<SharePoint>,
    /// New infections of the last seven full days that are known.
    pub seven_days: Known<Persons>,
    /// Of the seven before them.
    pub seven_days_before: Known<Persons>,
}

impl CitySeries {
    /// The last day whose new infections are known.
    pub fn last_known(&self) -> Option<&CityDay> {
        self.days.iter().rev().find(|day| day.new.value().is_some())
    }
}

/// How well a report serves as the city's figure: the best basis first, then the preferred office, then the latest.
fn rank(report: &InfectionReport, preferred: &[OfficeId]) -> impl Ord + use<> {
    let basis = report.new_infections().map(|(_, basis)| basis);
    let office = preferred.iter().position(|o| *o == report.provenance.office).unwrap_or(preferred.len());
    let latest = std::cmp::Reverse(report.provenance.known_at);
    (basis.is_none(), basis, office, latest, report.provenance.office.clone())
}

/// The report that stands where several offices speak of one place and period; the order of the rows means nothing.
pub(crate) fn best<'a>(
    reports: impl Iterator<Item = &'a InfectionReport>,
    preferred: &[OfficeId],
) -> Option<&'a InfectionReport> {
    reports.min_by_key(|report| rank(report, preferred))
}

/// Reports of one place for full days, best first for each day.
pub(crate) fn by_day<'a>(
    place: &PlaceCode,
    reports: &'a [InfectionReport],
    preferred: &[OfficeId],
) -> BTreeMap<Date, Vec<&'a InfectionReport>> {
    let mut days: BTreeMap<Date, Vec<&InfectionReport>> = BTreeMap::new();
    for report in reports.iter().filter(|r| r.place == *place) {
        if let Some(day) = report.period.full_day() {
            days.entry(day).or_default().push(report);
        }
    }
    for reports in days.values_mut() {
        reports.sort_by_key(|r| rank(r, preferred));
    }
    days
}

pub(crate) fn new_infections(report: &InfectionReport, moment: Moment) -> Option<Figure<Persons>> {
    let (count, basis) = report.new_infections()?;
    let mut figure = Figure::stated(count, &report.provenance, report.period.end(), moment.as_known_at);
    figure.period = Some(report.period);
    figure.basis = Some(basis);
    Some(figure)
}

/// The first report, best first, that states the field.
fn first_stated(
    reports: &[&InfectionReport],
    moment: Moment,
    why: Why,
    field: impl Fn(&InfectionReport) -> Option<Persons>,
) -> Known<Persons> {
    let found = reports.iter().find_map(|report| {
        field(report).map(|count| {
            let mut figure = Figure::stated(count, &report.provenance, report.period.end(), moment.as_known_at);
            figure.period = Some(report.period);
            figure
        })
    });
    found.map_or(Known::Unknown(why), Known::Known)
}

pub(crate) fn sum(days: &[&Known<Persons>]) -> Known<Persons> {
    let mut total: Option<Figure<Persons>> = None;
    for day in days {
        let Known::Known(figure) = day else { return Known::Unknown(Why::PartUnknown) };
        match &mut total {
            None => total = Some(figure.computed(figure.value)),
            Some(sum) => {
                sum.value = Persons::new(sum.value.get().saturating_add(figure.value.get()));
                sum.also_from(figure);
            }
        }
    }
    total.map_or(Known::Unknown(Why::PartUnknown), Known::Known)
}

fn share(report: &InfectionReport, moment: Moment) -> Option<SharePoint> {
    let day = report.period.full_day()?;
    let counts = report.community.zip(report.new_infections().map(|(new, _)| new)).filter(|(_, of)| of.get() > 0);
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let percent = report.community_pct.or(counts.map(|(found, of)| 100.0 * found.get() as f64 / of.get() as f64))?;
    let mut percent = Figure::stated(percent, &report.provenance, report.period.end(), moment.as_known_at);
    percent.period = Some(report.period);
    Some(SharePoint { day, place: report.place.clone(), percent, counts })
}

/// Each day from `from` to the day of the meeting, gaps as unknown.
pub(crate) fn days(moment: Moment, by_day: &BTreeMap<Date, Vec<&InfectionReport>>, from: Date) -> Vec<CityDay> {
    let last_reported = by_day.keys().next_back().copied();
    let mut days = Vec::new();
    let mut day = from;
    while day <= moment.day {
        let of_day = by_day.get(&day).map_or(&[][..], Vec::as_slice);
        // A day after the last one reported is simply not out yet; a hole before it is a missing report.
        let why = if Some(day) > last_reported { Why::NotYetKnown } else { Why::NotReportedForDay };
        let of = |field: fn(&InfectionReport) -> Option<Persons>| first_stated(of_day, moment, why, field);
        let new = of_day.iter().find_map(|r| new_infections(r, moment)).map_or(Known::Unknown(why), Known::Known);
        days.push(CityDay {
            day,
            new,
            confirmed: of(|r| r.confirmed),
            asymptomatic: of(|r| r.asymptomatic),
            converted: of(|r| r.converted),
            community: of(|r| r.community),
            managed: of(|r| r.managed),
            deaths: of(|r| r.deaths),
        });
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    days
}

pub(crate) fn series(
    moment: Moment,
    places: &Gazetteer,
    reports: &[InfectionReport],
    preferred: &[OfficeId],
) -> CitySeries {
    let city = places.city();
    let by_day = by_day(city, reports, preferred);
    let last_reported = by_day.keys().next_back().copied();
    let days = days(moment, &by_day, moment.outbreak_started);
    let (seven_days, seven_days_before) = weeks(&days);
    let mut shares: Vec<SharePoint> = reports
        .iter()
        .filter(|r| {
            r.place == *city || matches!(places.unit(&r.place).map(|u| &u.relation), Some(Relation::Group { .. }))
        })
        .filter_map(|r| share(r, moment))
        .collect();
    shares.sort_by(|a, b| (a.day, &a.place).cmp(&(b.day, &b.place)));
    CitySeries {
        part_day: part_day(moment, city, reports, preferred, last_reported),
        days,
        shares,
        seven_days,
        seven_days_before,
    }
}

fn weeks(days: &[CityDay]) -> (Known<Persons>, Known<Persons>) {
    let Some(last) = days.iter().rposition(|day| day.new.value().is_some()) else {
        return (Known::Unknown(Why::NeverReported), Known::Unknown(Why::NeverReported));
    };
    let week = |end: usize| match end.checked_sub(7) {
        Some(start) => sum(&days[start..end].iter().map(|d| &d.new).collect::<Vec<_>>()),
        None => Known::Unknown(Why::NotReportedForDay),
    };
    let end = last + 1;
    (week(end), end.checked_sub(7).map_or(Known::Unknown(Why::NotReportedForDay), week))
}

fn part_day(
    moment: Moment,
    city: &PlaceCode,
    reports: &[InfectionReport],
    preferred: &[OfficeId],
    last_full: Option<Date>,
) -> Option<PartDay> {
    let of_city = |r: &&InfectionReport| r.place == *city && r.period.part_day().is_some();
    let end = reports.iter().filter(of_city).map(|r| r.period.end()).max()?;
    let latest = best(reports.iter().filter(of_city).filter(|r| r.period.end() == end), preferred)?;
    let (day, from, to) = latest.period.part_day()?;
    if Some(day) <= last_full {
        return None;
    }
    let yesterday = day.yesterday().ok();
    let same_hours = best(
        reports
            .iter()
            .filter(of_city)
            .filter(|r| r.period.part_day().is_some_and(|(d, f, t)| Some(d) == yesterday && (f, t) == (from, to))),
        preferred,
    );
    Some(PartDay {
        period: latest.period,
        new: new_infections(latest, moment).map_or(Known::Unknown(Why::OnlyInPart), Known::Known),
        same_hours_before: same_hours
            .and_then(|r| new_infections(r, moment))
            .map_or(Known::Unknown(Why::NotReportedForDay), Known::Known),
        pending: first_stated(&[latest], moment, Why::NotReportedForDay, |r| r.pending),
    })
}
