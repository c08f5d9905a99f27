//! What the planner is asked: needs from the outlook, beds from the picture, ways and vehicles.

use super::known::KnownCity;
use crate::city::AppError;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::{CapacityUnit, Level};
use levee_model::parameter::Parameters;
use levee_model::plan::{
    Capacity, CareClass, CareNeed, Fleet, Forecast, Need, PlanInputs, PlanLimits, Revision, ServiceSlots,
};
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, ExpectedPersons, Persons, Vehicles};
use levee_outlook::demand::{Demand, Kind};
use levee_picture::{FacilityLevel, Known, Picture};
use levee_planner::{InBed, LaneMaker, Place, discharges_by_stay, expected_discharges};
use std::collections::BTreeMap;

/// Parameters that the plan used beside those of the demand, for the brief: id by id.
pub const USED: &[&str] = &[
    "stay.makeshift_days",
    "stay.general_days",
    "stay.severe_days",
    "stay.critical_days",
    "stay.makeshift_sd_days",
    "stay.general_sd_days",
    "stay.severe_sd_days",
    "stay.critical_sd_days",
    "plan.quantile",
    "speed.coach_km_per_hour",
    "speed.ambulance_km_per_hour",
];

/// What keeps the planner from being asked at all.
fn missing(error: &levee_model::parameter::NoParameter) -> AppError {
    AppError::Engine {
        engine: "planner",
        what: error.to_string(),
        hint: "the pack's parameters.csv must name it, with its source".to_owned(),
    }
}

fn stay_at(level: Level) -> Option<&'static str> {
    match level {
        Level::Makeshift => Some("stay.makeshift_days"),
        Level::General => Some("stay.general_days"),
        Level::Severe => Some("stay.severe_days"),
        Level::Critical => Some("stay.critical_days"),
        Level::Isolation | Level::Laboratory => None,
    }
}

/// Who is to be placed, by class, district and day: the policy's quantile of the city's joint draws, shared out by what each
/// district expects. Those found since the last reported day and before the plan begins still wait when it does: no report says that
/// anybody has placed them.
fn needs(known: &KnownCity, demand: &Demand, start: Date, days: u8) -> Result<Vec<Need>, AppError> {
    let (planned_for, asked) = known.parameters.in_force("plan.quantile", start).map_err(|e| missing(&e))?;
    let quantile = if asked.is_finite() { asked.clamp(0.0, 1.0) } else { 0.5 };
    let mut needs = Vec::new();
    let shares = care_shares(&known.parameters, start);
    for class in CareClass::ALL {
        let rows = demand.to_place(class, start, usize::from(days), quantile);
        let by_day: BTreeMap<Date, BTreeMap<(&PlaceCode, Option<CareNeed>), f64>> = (0i64..)
            .zip(&rows)
            .map(|(ahead, row)| {
                let day = start.saturating_add(jiff::Span::new().days(ahead));
                let cut = |(place, people)| shares.iter().map(move |(care, share, _)| ((place, *care), people * share));
                (day, row.iter().flat_map(cut).collect())
            })
            .collect();
        let found = demand.origin(Kind::Found(class)).and(planned_for.origin);
        for (day, (district, care), people) in whole_people(&by_day) {
            let Some(people) = ExpectedPersons::new(people) else { continue };
            let forecast = Some(Forecast { people, quantile });
            let origin = shares.iter().find(|(of, _, _)| *of == care).map_or(found, |(_, _, share)| found.and(*share));
            needs.push(Need {
                district: district.clone(),
                day,
                class,
                care,
                known: Persons::ZERO,
                forecast,
                forecast_failed: false,
                origin,
            });
        }
    }
    Ok(needs)
}

/// How people divide by what they need beside the bed: share and what it rests on; those with no such need first. A share that
/// the table lacks is not guessed: whoever it would tell of stands among those without.
fn care_shares(parameters: &Parameters, day: Date) -> Vec<(Option<CareNeed>, f64, Origin)> {
    let mut shares = Vec::new();
    let mut without = 1.0;
    for care in CareNeed::ALL {
        let Ok((row, share)) = parameters.in_force(&format!("care_share.{}", care_id(care)), day) else { continue };
        if !(share.is_finite() && share > 0.0 && share <= without) {
            continue;
        }
        without -= share;
        shares.push((Some(care), share, row.origin));
    }
    shares.insert(0, (None, without, Origin::Reported));
    shares
}

/// As tables write it.
fn care_id(care: CareNeed) -> &'static str {
    match care {
        CareNeed::Dialysis => "dialysis",
        CareNeed::Obstetrics => "obstetrics",
        CareNeed::Paediatrics => "paediatrics",
        CareNeed::Psychiatry => "psychiatry",
        CareNeed::Frail => "frail",
    }
}

/// Expected people as whole ones, day by day, so that the city's sum is kept to within one person.
///
/// A plan counts the next whole person. Thirty-eight districts that expect a tenth of a critical patient each would then
/// be thirty-eight patients; here they are three or four, given to the districts that have waited longest for theirs.
fn whole_people<K: Copy + Ord>(by_day: &BTreeMap<Date, BTreeMap<K, f64>>) -> Vec<(Date, K, f64)> {
    let mut owed: BTreeMap<K, f64> = BTreeMap::new();
    let mut given = Vec::new();
    for (day, expected) in by_day {
        let mut today: BTreeMap<K, f64> = BTreeMap::new();
        for (place, people) in expected {
            let sum = owed.entry(*place).or_default();
            *sum += people;
            let whole = sum.floor().max(0.0);
            *sum -= whole;
            *today.entry(*place).or_default() += whole;
        }
        let mut left = owed.values().sum::<f64>() + 1e-9;
        while left >= 1.0 {
            let next =
                owed.iter().max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(place, _)| *place);
            let Some(place) = next else { break };
            *owed.entry(place).or_default() -= 1.0;
            *today.entry(place).or_default() += 1.0;
            left -= 1.0;
        }
        given.extend(
            today.into_iter().filter(|(_, people)| *people >= 1.0).map(|(place, people)| (*day, place, people)),
        );
    }
    given
}

/// Services that the ward's beds come with, with what is left of each.
fn services(known: &KnownCity, row: &FacilityLevel) -> Vec<ServiceSlots> {
    let of_ward = known.services.iter().filter(|one| one.facility == row.facility.id && one.level == row.level);
    of_ward.map(|one| ServiceSlots { care: one.care, slots: one.free().map(Beds::new) }).collect()
}

/// Who leaves on each day, by the same distribution of stays as the demand rests on. Nobody reports when those in bed came, so
/// arrivals are taken as even; without a spread every stay is taken as the mean one.
fn leaving(beds: Beds, mean_days: f64, spread: Option<f64>, days: u8) -> Vec<Beds> {
    let by_spread = spread.and_then(|sd| {
        let stays = levee_outlook::demand::stays(mean_days, sd)?;
        let there = [InBed { people: beds, days_stayed: None }];
        discharges_by_stay(&there, &stays, days).ok()
    });
    by_spread.unwrap_or_else(|| expected_discharges(beds, mean_days, days))
}

fn capacity(known: &KnownCity, row: &FacilityLevel, start: Date, days: u8) -> Result<Option<Capacity>, AppError> {
    let parameters = &known.parameters;
    let Some(stay_id) = stay_at(row.level) else { return Ok(None) };
    if row.status.as_ref().is_some_and(|s| s.unit != CapacityUnit::Beds) {
        return Ok(None);
    }
    let (stay, mean_days) = parameters.in_force(stay_id, start).map_err(|e| missing(&e))?;
    let status = row.status.as_ref();
    let occupied = status.and_then(|s| s.occupied).map(Beds::new);
    let spread = parameters.in_force(&stay_id.replace("_days", "_sd_days"), start).ok().map(|(_, days)| days);
    let discharges = occupied.map_or_else(Vec::new, |beds| leaving(beds, mean_days, spread, days));
    let origin = status.map_or(row.facility.provenance.origin, |s| s.provenance.origin.and(stay.origin));
    Ok(Some(Capacity {
        facility: row.facility.id.clone(),
        level: row.level,
        district: row.facility.area.clone(),
        physical: status.and_then(|s| s.physical).map(Beds::new),
        staffed: status.and_then(|s| s.staffed).map(Beds::new),
        equipped: status.and_then(|s| s.equipped).map(Beds::new),
        occupied,
        discharges,
        services: services(known, row),
        acceptance_until: row.facility.acceptance_until,
        opens_on: row.facility.opens_on,
        closes_on: row.facility.closes_on,
        origin,
    }))
}

/// Who is known to wait when there is no outlook: those of the latest list by district, whom nobody has said to be placed.
/// How many more will come is not known, and the plan says so.
fn known_needs(known: &KnownCity, picture: &Picture, start: Date) -> Result<Vec<Need>, AppError> {
    let lists: Vec<(&PlaceCode, u64, Origin)> = picture
        .districts
        .rows
        .iter()
        .filter_map(|row| {
            let Known::Known(figure) = &row.new else { return None };
            Some((&row.place, figure.value.get(), figure.origin))
        })
        .collect();
    let mut left: BTreeMap<&PlaceCode, u64> = lists.iter().map(|(place, people, _)| (*place, *people)).collect();
    let mut needs = Vec::new();
    // The rarer the class, the earlier it is made whole over the city; whoever is left is mild.
    for class in CareClass::ALL.into_iter().rev() {
        let id = format!("class_share.{}", share_of(class));
        let (row, share) = known.parameters.in_force(&id, start).map_err(|e| missing(&e))?;
        #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
        let expected =
            lists.iter().map(|(place, people, _)| (*place, *people as f64 * share.clamp(0.0, 1.0))).collect();
        let whole: BTreeMap<&PlaceCode, u64> = match class {
            CareClass::Mild => left.clone(),
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole people, not negative")]
            _ => whole_people(&[(start, expected)].into()).into_iter().map(|(_, place, n)| (place, n as u64)).collect(),
        };
        for (place, _, origin) in &lists {
            let rest = left.entry(*place).or_default();
            let people = whole.get(place).copied().unwrap_or(0).min(*rest);
            *rest -= people;
            needs.push(Need {
                district: (*place).clone(),
                day: start,
                class,
                care: None,
                known: Persons::new(people),
                forecast: None,
                forecast_failed: true,
                origin: origin.and(row.origin),
            });
        }
    }
    Ok(needs)
}

fn share_of(class: CareClass) -> &'static str {
    match class {
        CareClass::Mild => "makeshift",
        CareClass::Moderate => "general",
        CareClass::Severe => "severe",
        CareClass::Critical => "critical",
    }
}

/// What the planner is asked, for the days from `start` on. Without demand, who is known is planned for.
pub(super) fn inputs(
    known: &KnownCity,
    picture: &Picture,
    demand: Option<&Demand>,
    start: Date,
    revision: Revision,
) -> Result<PlanInputs, AppError> {
    let limits = PlanLimits::default();
    let speed = |id: &str| known.parameters.in_force(id, start).map(|(_, v)| v).map_err(|e| missing(&e));
    let maker = LaneMaker {
        detour: LaneMaker::DETOUR,
        coach_km_per_hour: speed("speed.coach_km_per_hour")?,
        ambulance_km_per_hour: speed("speed.ambulance_km_per_hour")?,
    };
    let districts: Vec<Place<_>> = known
        .places
        .districts()
        .map(|area| Place { id: area.code.clone(), point: area.point, origin: Origin::Reported })
        .collect();
    let mut facilities: Vec<Place<_>> = Vec::new();
    let mut beds = Vec::new();
    for row in &picture.care.facilities {
        if let Some(capacity) = capacity(known, row, start, limits.days)? {
            if facilities.last().is_none_or(|last| last.id != row.facility.id) {
                facilities.push(Place {
                    id: row.facility.id.clone(),
                    point: row.facility.point,
                    origin: row.facility.provenance.origin,
                });
            }
            beds.push(capacity);
        }
    }
    let fleets = known.fleets.iter().map(|fleet| Fleet {
        district: fleet.base.clone(),
        kind: fleet.kind,
        vehicles: Some(Vehicles::new(fleet.vehicles)),
        crews: fleet.crews,
        seats: fleet.seats_per_vehicle,
        trips_per_day: fleet.trips_per_day,
        origin: fleet.provenance.origin,
    });
    Ok(PlanInputs {
        start,
        needs: match demand {
            Some(demand) => needs(known, demand, start, limits.days)?,
            None => known_needs(known, picture, start)?,
        },
        capacity: beds,
        lanes: maker.lanes(&districts, &facilities),
        fleets: fleets.collect(),
        step_downs: Vec::new(),
        revision,
        limits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    proptest! {
        /// However expectations are cut into districts and days, no person is made or lost in the rounding.
        #[test]
        fn rounding_keeps_the_city(expected in prop::collection::vec(prop::collection::vec(0.0f64..40.0, 5), 1..8)) {
            let codes: Vec<PlaceCode> = (0..5).map(|n| format!("5001{n:02}").parse().unwrap()).collect();
            let mut by_day = BTreeMap::new();
            for (nth, row) in expected.iter().enumerate() {
                let day = date(2022, 11, 19).saturating_add(jiff::Span::new().days(nth as i64));
                by_day.insert(day, codes.iter().zip(row.iter().copied()).collect::<BTreeMap<_, _>>());
            }
            let total: f64 = expected.iter().flatten().sum();
            let given: f64 = whole_people(&by_day).iter().map(|(_, _, people)| people).sum();
            prop_assert!((total - given).abs() < 1.0 + 1e-6, "{given} given of {total}");
        }
    }
}
