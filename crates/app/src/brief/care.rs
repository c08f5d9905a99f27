//! People in care and facilities in the brief.

use super::figures::{figure, of, whole};
use super::words::Names;
use crate::day::Day;
use levee_brief::facts::{CareFacts, FacilityRow, Figure, LoadUnit, Message, SeverityRow, Words};
use levee_model::facility::{CapacityUnit, Level};
use levee_model::quantity::Persons;
use levee_picture::{Care, FacilityLevel, Known};

/// Severities from the worst to the mildest, with the kind under which offices state them.
const SEVERITIES: [(&str, &str, &str); 4] = [
    ("patients_critical", "危重型", "critical"),
    ("patients_severe", "重型", "severe"),
    ("patients_moderate", "普通型", "moderate"),
    ("patients_mild", "轻型", "mild"),
];

fn stated(care: &Care, kind: &str, day: &Day) -> Figure<u64> {
    care.latest(kind).map_or_else(
        || Figure::unknown(Message::new("never_reported")),
        |seen| of(seen, whole(seen.value), &day.known.calendar),
    )
}

/// Beds opened: the statement about the whole city with the largest figure of its latest hour ("all 12", not one site).
fn beds_opened(day: &Day) -> Figure<u64> {
    let beds: Vec<_> =
        day.picture.care.stated.iter().filter(|((kind, _), _)| kind == "fangcang_beds").map(|(_, f)| f).collect();
    let latest = beds.iter().map(|f| f.as_of).max();
    let largest = beds.into_iter().filter(|f| Some(f.as_of) == latest).max_by(|a, b| a.value.total_cmp(&b.value));
    largest.map_or_else(
        || Figure::unknown(Message::new("never_reported")),
        |seen| of(seen, whole(seen.value), &day.known.calendar),
    )
}

/// Makeshift beds in use: the sum over facilities, if every one that is listed has said so and one hour is meant.
fn beds_in_use(day: &Day) -> Figure<u64> {
    let of_kind: Vec<&FacilityLevel> =
        day.picture.care.facilities.iter().filter(|row| row.level == Level::Makeshift).collect();
    let mut total = 0u64;
    let mut first = None;
    for row in &of_kind {
        let Known::Known(seen) = &row.occupied else { return Figure::unknown(Message::new("unknown.part_missing")) };
        total = total.saturating_add(seen.value);
        first.get_or_insert(seen);
    }
    match first {
        Some(seen) => of(seen, total, &day.known.calendar),
        None => Figure::unknown(Message::new("never_reported")),
    }
}

fn deaths(day: &Day) -> Figure<u64> {
    let stated: Vec<_> = day.picture.city.days.iter().filter_map(|d| d.deaths.figure()).collect();
    let Some(last) = stated.last() else { return Figure::unknown(Message::new("not_stated")) };
    // Days without a statement are unknown, so the sum is a lower bound unless all of them are there.
    let sum: Persons = stated.iter().map(|f| f.value).sum();
    let known_days = day.picture.city.days.iter().filter(|d| d.new.value().is_some()).count();
    let mut figure = of(last, sum.get(), &day.known.calendar);
    if stated.len() < known_days
        && let Figure::Known(known) = &mut figure
    {
        known.qualifier = levee_model::report::Qualifier::MoreThan;
        known.value = known.value.saturating_sub(1);
    }
    figure
}

pub(super) fn unit_of(unit: CapacityUnit) -> LoadUnit {
    match unit {
        CapacityUnit::Beds => LoadUnit::Beds,
        CapacityUnit::Rooms => LoadUnit::Rooms,
        CapacityUnit::TubesPerDay => LoadUnit::TubesPerDay,
    }
}

pub(super) fn facts(day: &Day, names: &Names<'_>) -> CareFacts {
    let care = &day.picture.care;
    let calendar = &day.known.calendar;
    let row = |row: &FacilityLevel| {
        let status = row.status.as_ref();
        let count = |value: Option<u64>| match (status, value, row.age_hours) {
            (Some(status), Some(value), Some(age)) => Figure::known(value, status.provenance.origin)
                .since(calendar.civil(status.provenance.known_at), age)
                .from_sources(status.provenance.source.split('+')),
            (Some(_), None, _) => Figure::unknown(Message::new("not_stated")),
            _ => Figure::unknown(Message::new("never_reported")),
        };
        let limit = status.and_then(|s| {
            day.known.facts.offices.iter().find(|o| o.id == s.provenance.office).and_then(|o| o.age_limit_hours)
        });
        #[expect(clippy::cast_precision_loss, reason = "hours lie far below 2^52")]
        let age_limit_hours = limit.map(|hours| hours as f64);
        FacilityRow {
            id: row.facility.id.to_string(),
            name: names.facility(&row.facility.id),
            level: row.level,
            unit: status.map_or_else(|| default_unit(row.level), |s| unit_of(s.unit)),
            physical: count(status.and_then(|s| s.physical)),
            staffed: count(status.and_then(|s| s.staffed)),
            equipped: count(status.and_then(|s| s.equipped)),
            occupied: count(status.and_then(|s| s.occupied)),
            binding: figure(&row.usable, calendar, |(_, binding)| *binding),
            age_hours: row.age_hours,
            age_limit_hours,
        }
    };
    CareFacts {
        in_care: figure(&care.in_care, calendar, |v| whole(*v)),
        by_severity: SEVERITIES
            .iter()
            .map(|(kind, zh, en)| SeverityRow { name: Words::new(*zh, *en), people: stated(care, kind, day) })
            .collect(),
        beds_opened: beds_opened(day),
        beds_in_use: beds_in_use(day),
        deaths: deaths(day),
        facilities: facilities(&care.facilities, row),
    }
}

/// Hospitals one by one; isolation sites that have reported as one row, for a city has a hundred of them. Those that have
/// not reported stand by themselves: they are what somebody must ask for.
fn facilities(all: &[FacilityLevel], row: impl Fn(&FacilityLevel) -> FacilityRow) -> Vec<FacilityRow> {
    let gathered = |f: &&FacilityLevel| f.level == Level::Isolation && f.status.is_some();
    let mut rows: Vec<FacilityRow> = all.iter().filter(|f| !gathered(f)).map(&row).collect();
    let sites: Vec<FacilityRow> = all.iter().filter(gathered).map(&row).collect();
    let Some(first) = sites.first() else { return rows };
    let sum = |of: fn(&FacilityRow) -> &Figure<u64>| {
        let known: Vec<_> = sites.iter().filter_map(|site| of(site).as_known()).collect();
        match known.first() {
            None => of(first).clone(),
            Some(one) => {
                let total = known.iter().map(|k| k.value).sum();
                let origin = known.iter().map(|k| k.origin).max().unwrap_or(one.origin);
                let missing = known.len() < sites.len();
                let figure = Figure::known(total, origin).from_sources(one.sources.clone());
                // A sum over an unknown is a lower bound and says so.
                if missing { figure.qualified(levee_model::report::Qualifier::MoreThan) } else { figure }
            }
        }
    };
    let n = sites.len();
    rows.push(FacilityRow {
        id: "isolation-sites".to_owned(),
        name: Words::new(
            format!("已报送的隔离点{n}处，合计"),
            format!("{n} isolation sites that have reported, together"),
        ),
        level: Level::Isolation,
        unit: LoadUnit::Rooms,
        physical: sum(|f| &f.physical),
        staffed: sum(|f| &f.staffed),
        equipped: sum(|f| &f.equipped),
        occupied: sum(|f| &f.occupied),
        binding: Figure::unknown(Message::new("not_computed")),
        age_hours: sites.iter().filter_map(|f| f.age_hours).reduce(f64::max),
        age_limit_hours: first.age_limit_hours,
    });
    rows
}

fn default_unit(level: Level) -> LoadUnit {
    match level {
        Level::Isolation => LoadUnit::Rooms,
        Level::Laboratory => LoadUnit::TubesPerDay,
        _ => LoadUnit::Beds,
    }
}
