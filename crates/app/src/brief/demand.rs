//! Demand in the brief: the city by kind beside what is usable, and the districts.

use super::plan::{level_words, unknown};
use super::words::Names;
use crate::day::Day;
use jiff::civil::Date;
use levee_brief::facts::{Arg, Demand as BriefDemand, DemandRow, DistrictDemand, Estimate, Figure, Message, Words};
use levee_model::area::PlaceCode;
use levee_model::facility::{CapacityUnit, Level};
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;
use levee_outlook::demand::{Demand, Kind, Present, Role, Unusable};
use levee_picture::{FacilityLevel, Known};

/// Days after the meeting that the city's table shows: tomorrow, in a week, in two weeks.
const SHOWN: [i64; 3] = [1, 7, 14];
const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];

fn why(why: &Unusable) -> Message {
    match why {
        Unusable::Missing { id } => Message::new("no_parameter").with("id", Arg::Plain(id.clone())),
        Unusable::OutOfRange { id, .. } => Message::new("demand.bad_parameter").with("id", Arg::Plain(id.clone())),
        Unusable::Shares { .. } => Message::new("demand.bad_shares"),
        Unusable::Residents => Message::new("population_unknown"),
        Unusable::Present => Message::new("demand.present_unknown"),
    }
}

fn ahead(demand: &Demand, on: Date) -> Option<usize> {
    let days = on.duration_since(demand.first_day()).as_hours() / 24;
    usize::try_from(days).ok().filter(|ahead| on >= demand.first_day() && *ahead < demand.days())
}

/// Median and 80 % interval of a kind on a day, or why not.
pub(super) fn estimate(demand: &Demand, place: &PlaceCode, kind: Kind, on: Date) -> Figure<Estimate> {
    let Some(ahead) = ahead(demand, on) else {
        return Figure::unknown(Message::new("no_outlook"));
    };
    match demand.quantiles(place, kind, ahead, &LEVELS) {
        Some(Ok(q)) => of_quantiles(&q, demand.origin(kind)),
        Some(Err(reason)) => Figure::unknown(why(&reason)),
        None => Figure::unknown(Message::new("no_outlook")),
    }
}

fn of_quantiles(q: &[f64], origin: Origin) -> Figure<Estimate> {
    let at = |nth: usize| q.get(nth).copied().unwrap_or(0.0);
    Figure::known(Estimate { median: at(1), low: at(0), high: at(2), interval_pct: 80 }, origin)
}

/// Median and 80 % interval of a sum of kinds and days, path by path.
fn estimate_of_sum(demand: &Demand, place: &PlaceCode, parts: impl Iterator<Item = (Kind, Date)>) -> Figure<Estimate> {
    let mut sum: Vec<f64> = Vec::new();
    let mut origin = Origin::Derived;
    for (kind, on) in parts {
        let Some(drawn) = ahead(demand, on).and_then(|ahead| demand.draws(place, kind, ahead)) else {
            return Figure::unknown(Message::new("no_outlook"));
        };
        match drawn {
            Ok(values) => {
                sum.resize(values.len(), 0.0);
                sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
            Err(reason) => return Figure::unknown(why(&reason)),
        }
        origin = origin.and(demand.origin(kind));
    }
    of_quantiles(&levee_outlook::quantiles(&mut sum, &LEVELS), origin)
}

/// What the facilities of a level report as usable, together; unknown while one of them has said nothing.
fn usable(day: &Day, level: Level, unit: CapacityUnit) -> Figure<u64> {
    let rows: Vec<&FacilityLevel> = day.picture.care.facilities.iter().filter(|row| row.level == level).collect();
    let mut sum = 0u64;
    let mut origin = Origin::Reported;
    let mut silent = 0u64;
    for row in &rows {
        match (&row.usable, &row.status) {
            (Known::Known(usable), Some(status)) if status.unit == unit => {
                sum = sum.saturating_add(usable.value.0);
                origin = origin.and(status.provenance.origin);
            }
            _ => silent += 1,
        }
    }
    if rows.len() as u64 == silent {
        return Figure::unknown(Message::new("never_reported"));
    }
    let mut figure = Figure::known(sum, origin);
    if let Figure::Known(known) = &mut figure
        && silent > 0
    {
        known.basis = Some(Message::new("basis.without_unreported").with("n", Arg::Count(silent)));
    }
    figure
}

/// What a kind is called, its unit, and what is reported beside it.
fn row(day: &Day, kind: Kind) -> Option<(Words, Words, Option<Figure<u64>>)> {
    let w = |zh: &str, en: &str| Words::new(zh, en);
    let silent = || Some(Figure::never_reported());
    let beds = |level| (level_words(level), w("张", "beds"), Some(usable(day, level, CapacityUnit::Beds)));
    Some(match kind {
        Kind::Beds(CareClass::Critical) => beds(Level::Critical),
        Kind::Beds(CareClass::Severe) => beds(Level::Severe),
        Kind::Beds(CareClass::Moderate) => beds(Level::General),
        Kind::Beds(CareClass::Mild) => beds(Level::Makeshift),
        Kind::Rooms => {
            (level_words(Level::Isolation), w("间", "rooms"), Some(usable(day, Level::Isolation, CapacityUnit::Rooms)))
        }
        Kind::Transfers => (w("转运患者", "transfers of patients"), w("人/日", "people a day"), None),
        Kind::ContactTransfers => (w("转运密接", "transfers of contacts"), w("人/日", "people a day"), None),
        Kind::Swabs => (w("采样", "swabs"), w("人次/日", "a day"), None),
        Kind::Tubes => (
            w("检测", "tubes to test"),
            w("管/日", "a day"),
            Some(usable(day, Level::Laboratory, CapacityUnit::TubesPerDay)),
        ),
        Kind::Oxygen => (w("供氧", "oxygen"), w("升/分", "litres a minute"), silent()),
        Kind::OnDuty(role) => {
            let name = match role {
                Role::Doctor => w("在岗医生", "doctors on duty"),
                Role::Nurse => w("在岗护士", "nurses on duty"),
                Role::Steward => w("隔离点在岗人员", "staff of isolation sites on duty"),
                Role::Sampler => w("在岗采样人员", "samplers on duty"),
                Role::Tracer => w("在岗流调人员", "tracers on duty"),
            };
            (name, w("名/班", "a shift"), silent())
        }
        Kind::Found(_) => return None,
    })
}

/// The order of the table: beds that most lie in first, then rooms, transfers, tests, oxygen and staff.
const ROWS: [Kind; 15] = [
    Kind::Beds(CareClass::Mild),
    Kind::Beds(CareClass::Moderate),
    Kind::Beds(CareClass::Severe),
    Kind::Beds(CareClass::Critical),
    Kind::Rooms,
    Kind::Transfers,
    Kind::ContactTransfers,
    Kind::Swabs,
    Kind::Tubes,
    Kind::Oxygen,
    Kind::OnDuty(Role::Doctor),
    Kind::OnDuty(Role::Nurse),
    Kind::OnDuty(Role::Steward),
    Kind::OnDuty(Role::Sampler),
    Kind::OnDuty(Role::Tracer),
];

fn notes(day: &Day, demand: &Demand) -> Vec<Message> {
    let city = day.known.places.city();
    let mut notes = vec![match demand.present(city) {
        Some(Present::Reported { by_level: true }) => Message::new("demand.present_by_level"),
        Some(Present::Reported { by_level: false }) => {
            let seen = day.picture.care.in_care.figure();
            let note = Message::new("demand.present_reported");
            match seen {
                Some(seen) => {
                    note.with("n", Arg::Number { value: seen.value, decimals: 0 }).with("at", Arg::Moment(seen.as_of))
                }
                None => note,
            }
        }
        Some(Present::FromCounts { since, .. }) => Message::new("demand.present_from_counts").day("day", *since),
        Some(Present::Unknown) | None => Message::new("demand.present_unknown"),
    }];
    let shifts = |role| demand.shifts_per_day(role).ok();
    if let (Some(care), Some(field)) = (shifts(Role::Doctor), shifts(Role::Sampler)) {
        let number = |value| Arg::Number { value, decimals: 0 };
        notes.push(Message::new("demand.shifts").with("care", number(care)).with("field", number(field)));
    }
    notes.push(Message::new("demand.ranges"));
    notes.push(Message::new("demand.no_age"));
    let missing: Vec<Arg> = demand.assumptions().missing().map(|m| Arg::Plain(m.id.clone())).collect();
    if !missing.is_empty() {
        notes.push(Message::new("demand.missing").with("ids", Arg::List(missing)));
    }
    notes
}

fn district(demand: &Demand, place: &PlaceCode, names: &Names<'_>, from: Date, on: Date) -> DistrictDemand {
    let week = (0..7).map(|n| (Kind::Transfers, from.saturating_add(jiff::Span::new().days(n))));
    let hospital = [CareClass::Moderate, CareClass::Severe, CareClass::Critical];
    DistrictDemand {
        place: names.place(place),
        transfers_7_days: estimate_of_sum(demand, place, week),
        makeshift: estimate(demand, place, Kind::Beds(CareClass::Mild), on),
        hospital: estimate_of_sum(demand, place, hospital.into_iter().map(|class| (Kind::Beds(class), on))),
        rooms: estimate(demand, place, Kind::Rooms, on),
    }
}

pub(super) fn facts(day: &Day, names: &Names<'_>) -> Figure<BriefDemand> {
    let demand = match &day.demand {
        Ok(demand) => demand,
        Err(why) => return Figure::unknown(unknown(why)),
    };
    let days: Vec<Date> = SHOWN.iter().map(|n| day.day.saturating_add(jiff::Span::new().days(*n))).collect();
    let city = day.known.places.city();
    let rows = ROWS.into_iter().filter_map(|kind| {
        let (name, unit, capacity) = row(day, kind)?;
        let by_day = days.iter().map(|on| estimate(demand, city, kind, *on)).collect();
        Some(DemandRow { name, unit, by_day, capacity })
    });
    let (from, on) = (days[0], days[1]);
    let mut districts: Vec<DistrictDemand> =
        demand.places().filter(|place| *place != city).map(|place| district(demand, place, names, from, on)).collect();
    districts.sort_by(|a, b| {
        let most = |d: &DistrictDemand| d.transfers_7_days.value().map_or(-1.0, |e| e.median);
        most(b).total_cmp(&most(a)).then_with(|| a.place.code.cmp(&b.place.code))
    });
    let value = BriefDemand { city: rows.collect(), days, districts, district_day: on, notes: notes(day, demand) };
    Figure::known(value, Origin::Derived)
}
