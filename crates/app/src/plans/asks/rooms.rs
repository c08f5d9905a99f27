//! What the planner of rooms is asked: joint draws of the rooms needed, sites as reported, and the city's own promise.

use super::parameter;
use crate::day::Why;
use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::{CapacityUnit, Level};
use levee_model::plan::rooms::{
    Opening, RoomDemand, RoomInputs, RoomLane, RoomMeasure, RoomPolicy, RoomPromise, RoomSite, Serves,
};
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Rooms};
use levee_outlook::demand::{Demand, Kind};
use levee_picture::{FacilityLevel, Picture};
use levee_planner::{expected_discharges, great_circle_metres};

/// Days that the plan covers, as the plan of transfers does.
const DAYS: u8 = 7;

/// Room-days short in the worst draws beyond which a site opens although the promise holds: none of the packs names one, so the
/// tail alone opens nothing.
const TAIL: u64 = 1_000_000_000;

/// What it is asked; or why it cannot be.
pub(crate) fn asked(
    known: &KnownCity,
    picture: &Picture,
    demand: Option<&Demand>,
    start: Date,
    promises: Vec<RoomPromise>,
) -> Result<RoomInputs, Why> {
    let quantile = parameter(known, "reserve.quantile", start)?;
    let stay = parameter(known, "stay.isolation_days", start)?;
    let demand = match demand {
        Some(demand) => draws(known, demand, start)?,
        None => None,
    };
    let isolation = || picture.care.facilities.iter().filter(|row| row.level == Level::Isolation);
    let sites: Vec<RoomSite> = isolation().map(|row| site(known, row, start, stay)).collect();
    let mut lanes = Vec::new();
    for district in known.places.districts() {
        for row in isolation() {
            if let Some((a, b)) = district.point.zip(row.facility.point) {
                let metres = great_circle_metres(a, b) * levee_planner::LaneMaker::DETOUR;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on Earth")]
                let metres = if metres.is_finite() { metres.ceil() as u64 } else { continue };
                let origin = row.facility.provenance.origin.and(Origin::Derived);
                lanes.push(RoomLane { from: district.code.clone(), site: row.facility.id.clone(), metres, origin });
            }
        }
    }
    Ok(RoomInputs {
        start,
        days: DAYS,
        demand,
        known: Vec::new(),
        sites,
        lanes,
        staff_free: stewards(known, start).into_iter().collect(),
        promises,
        policy: RoomPolicy { overflow_probability: (1.0 - quantile).clamp(0.0, 1.0), tail_room_days: TAIL },
    })
}

/// People free to run sites, over the districts whose residents are known; `None` = nobody says, and whoever orders an opening must ask.
fn stewards(known: &KnownCity, start: Date) -> Option<u64> {
    let per = parameter(known, "staff.free_stewards_per_10000", start).ok().filter(|per| per.is_finite())?;
    let teams: Vec<u64> = known.places.districts().filter_map(|area| super::openings::free(per, area)).collect();
    (!teams.is_empty()).then(|| teams.iter().sum())
}

/// Joint draws by district; `None` when the outlook says nothing of rooms in any district.
fn draws(known: &KnownCity, demand: &Demand, start: Date) -> Result<Option<RoomDemand>, Why> {
    let before = start.duration_since(demand.first_day()).as_hours() / 24;
    let Ok(before) = usize::try_from(before) else { return Ok(None) };
    let days = usize::from(DAYS).min(demand.days().saturating_sub(before));
    let mut districts: Vec<PlaceCode> = Vec::new();
    let mut columns: Vec<Vec<Vec<f64>>> = Vec::new();
    for area in known.places.districts() {
        let one = |ahead: usize| demand.draws(&area.code, Kind::Rooms, before + ahead).and_then(Result::ok);
        let all: Option<Vec<Vec<f64>>> = (0..days).map(one).collect();
        if let Some(all) = all.filter(|all| !all.is_empty()) {
            districts.push(area.code.clone());
            columns.push(all);
        }
    }
    if districts.is_empty() || days == 0 {
        return Ok(None);
    }
    let mut rooms = Vec::with_capacity(demand.paths() * districts.len() * days);
    for path in 0..demand.paths() {
        for day in columns.iter().flatten() {
            let Some(value) = day.get(path).filter(|value| value.is_finite()) else {
                let en = format!("path {} of the outlook says nothing of rooms on some day", path + 1);
                return Err(Why::new(format!("第{}条推演路径缺少某日房间需求", path + 1), en));
            };
            let value = value.round().clamp(0.0, f64::from(u32::MAX));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the type's range")]
            rooms.push(value as u32);
        }
    }
    let made = RoomDemand::new(RoomMeasure::InUse, districts, days, rooms, demand.origin(Kind::Rooms));
    made.map(Some).map_err(|bad| Why::new(format!("房间需求抽样无法使用（{bad}）"), bad.to_string()))
}

fn site(known: &KnownCity, row: &FacilityLevel, start: Date, stay_days: f64) -> RoomSite {
    let status = row.status.as_ref().filter(|status| status.unit == CapacityUnit::Rooms);
    let facility = &row.facility;
    let there = status.and_then(|status| status.physical).filter(|rooms| *rooms > 0);
    let planned = status.and_then(|status| status.planned);
    let shut = facility.opens_on.is_some_and(|day| day > start);
    // A site held in reserve has no rooms yet; what is planned there is what opening it would bring.
    let physical = if shut { there.or(planned) } else { status.and_then(|status| status.physical) };
    let certified =
        if shut { there.and(status.and_then(|s| s.equipped)).or(planned) } else { status.and_then(|s| s.equipped) };
    let occupied = status.and_then(|status| status.occupied);
    let leaving = occupied.map_or_else(Vec::new, |rooms| expected_discharges(Beds::new(rooms), stay_days, DAYS));
    RoomSite {
        site: facility.id.clone(),
        district: facility.area.clone(),
        serves: if facility.area == *known.places.city() { Serves::City } else { Serves::Own },
        physical: physical.map(Rooms::new),
        certified: certified.map(Rooms::new),
        staffed: if shut { None } else { status.and_then(|status| status.staffed) }.map(Rooms::new),
        occupied: occupied.map(Rooms::new),
        leaving: leaving.into_iter().map(|beds| Rooms::new(beds.get())).collect(),
        acceptance_until: facility.acceptance_until,
        closes_on: facility.closes_on,
        opening: if shut { possible(known, physical, start) } else { Opening::Open { from: None } },
        origin: status
            .map_or(facility.provenance.origin, |status| status.provenance.origin.and(facility.provenance.origin)),
    }
}

/// A site in reserve: the parameters say how long it takes and how many people run it, or nobody does.
fn possible(known: &KnownCity, rooms: Option<u64>, start: Date) -> Opening {
    let lead = parameter(known, "isolation.lead_days", start).ok().filter(|days| days.is_finite() && *days >= 0.0);
    let stewards = parameter(known, "staff.stewards_per_100_rooms", start).ok().zip(rooms);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "days and people of a checked table"
    )]
    let (lead, staff) = (
        lead.map(|days| days.ceil().min(365.0) as u16),
        stewards.map(|(per, rooms)| (per.max(0.0) * rooms as f64 / 100.0).ceil() as u64),
    );
    Opening::Possible { lead_days: lead, staff, price: 1 }
}
