//! Vehicles: what a district can carry in a day, if that is known.

use super::Group;
use levee_model::area::PlaceCode;
use levee_model::plan::{Fleet, Gap, PEOPLE_AT_MOST};
use levee_model::report::VehicleKind;
use std::collections::BTreeSet;

/// Coaches of a district, for mild and moderate people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coaches {
    Known {
        trips: u64,
        seats: u64,
    },
    /// Not reported: beds are planned, rides are to be confirmed.
    Unknown,
}

impl Coaches {
    /// People in a day; `None` = not known.
    pub(crate) fn people(self) -> Option<u64> {
        match self {
            Self::Known { trips, seats } => Some(trips.saturating_mul(seats).min(PEOPLE_AT_MOST)),
            Self::Unknown => None,
        }
    }
}

/// Ambulances of a district, for severe and critical people.
#[derive(Clone, Debug)]
pub(crate) struct Ambulances {
    /// Kind, trips a day, seats; those with negative pressure first.
    pub(crate) known: Vec<(VehicleKind, u64, u64)>,
    /// A kind that should be there and is not known.
    pub(crate) unknown: Option<VehicleKind>,
}

pub(crate) fn read(
    fleets: &[Fleet],
    districts: &[PlaceCode],
    groups: &[Group],
    gaps: &mut BTreeSet<Gap>,
) -> (Vec<Coaches>, Vec<Ambulances>) {
    let mut coaches = Vec::new();
    let mut ambulances = Vec::new();
    for (number, district) in districts.iter().enumerate() {
        let needs = |life_saving| groups.iter().any(|g| g.district == number && g.is_life_saving() == life_saving);
        let mut quiet = BTreeSet::new();
        let coach_gaps = if needs(false) { &mut *gaps } else { &mut quiet };
        coaches.push(match one_kind(fleets, district, VehicleKind::Coach, coach_gaps) {
            Reported::Known(trips, seats) => Coaches::Known { trips, seats },
            Reported::Absent => {
                coach_gaps.insert(Gap::FleetUnknown { district: district.clone(), kind: VehicleKind::Coach });
                Coaches::Unknown
            }
            Reported::Unknown => Coaches::Unknown,
        });
        let ambulance_gaps = if needs(true) { &mut *gaps } else { &mut quiet };
        ambulances.push(both_kinds(fleets, district, ambulance_gaps));
    }
    (coaches, ambulances)
}

fn both_kinds(fleets: &[Fleet], district: &PlaceCode, gaps: &mut BTreeSet<Gap>) -> Ambulances {
    let mut known = Vec::new();
    let mut unknown = None;
    for kind in [VehicleKind::NegativePressureAmbulance, VehicleKind::Ambulance] {
        match one_kind(fleets, district, kind, gaps) {
            Reported::Known(trips, seats) => known.push((kind, trips, seats)),
            Reported::Unknown => unknown = Some(kind),
            Reported::Absent => {}
        }
    }
    if known.is_empty() && unknown.is_none() {
        unknown = Some(VehicleKind::Ambulance);
        gaps.insert(Gap::FleetUnknown { district: district.clone(), kind: VehicleKind::Ambulance });
    }
    Ambulances { known, unknown }
}

enum Reported {
    /// Trips a day, seats.
    Known(u64, u64),
    Unknown,
    Absent,
}

fn one_kind(fleets: &[Fleet], district: &PlaceCode, kind: VehicleKind, gaps: &mut BTreeSet<Gap>) -> Reported {
    let mut rows = fleets.iter().filter(|f| f.district == *district && f.kind == kind);
    let Some(row) = rows.next() else { return Reported::Absent };
    if rows.any(|other| other != row) {
        gaps.insert(Gap::FleetContradicts { district: district.clone(), kind });
        return Reported::Unknown;
    }
    match (row.vehicles, row.crews, row.seats, row.trips_per_day) {
        (Some(vehicles), Some(crews), Some(seats), Some(each)) => {
            let trips = vehicles.get().min(crews).saturating_mul(each);
            if seats == 0 { Reported::Known(0, 0) } else { Reported::Known(trips, seats) }
        }
        _ => {
            gaps.insert(Gap::FleetUnknown { district: district.clone(), kind });
            Reported::Unknown
        }
    }
}
