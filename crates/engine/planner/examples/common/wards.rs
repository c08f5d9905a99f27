//! Districts and wards of made-up cities: how many people need what, what fetches them, and how full the wards are. Nothing in it is a
//! real figure.

use super::random::Random;
use jiff::civil::{Date, date};
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, ExpectedPersons, Persons, Vehicles};
use levee_model::report::VehicleKind;
use levee_planner::expected_discharges;

/// A week of a district of this size: known people on the first day, forecast ones after it.
pub(crate) fn week(district: &PlaceCode, size: u64, start: Date, random: &mut Random) -> Vec<Need> {
    let shares =
        [(CareClass::Mild, 1000), (CareClass::Moderate, 60), (CareClass::Severe, 12), (CareClass::Critical, 4)];
    let mut needs = Vec::new();
    for day in 0..7u32 {
        for (class, per_mille) in shares {
            let people = size * per_mille / 1000 + random.below(1 + size * per_mille / 3000);
            let expected = if day == 0 { 0.0 } else { people as f64 * (1.0 + 0.1 * f64::from(day)) };
            needs.push(Need {
                district: district.clone(),
                day: start.checked_add(jiff::Span::new().days(i64::from(day))).unwrap(),
                class,
                care: None,
                known: Persons::new(if day == 0 { people } else { 0 }),
                forecast: ExpectedPersons::new(expected).map(|people| Forecast { people, quantile: 0.9 }),
                forecast_failed: false,
                origin: Origin::Synthetic,
            });
        }
    }
    needs
}

/// The coaches and ambulances of a district.
pub(crate) fn fleets(district: &PlaceCode, coaches: u64) -> [Fleet; 2] {
    [(VehicleKind::Coach, coaches, 36, 3), (VehicleKind::NegativePressureAmbulance, 2, 1, 5)].map(
        |(kind, vehicles, seats, trips)| Fleet {
            district: district.clone(),
            kind,
            vehicles: Some(Vehicles::new(vehicles)),
            crews: Some(vehicles),
            seats: Some(seats),
            trips_per_day: Some(trips),
            origin: Origin::Synthetic,
        },
    )
}

/// A ward of about so many beds, of which between `full.0` and `full.0 + full.1` per cent are taken.
pub(crate) fn ward(
    facility: &FacilityId,
    district: &PlaceCode,
    (level, about): (Level, u64),
    full: (u64, u64),
    random: &mut Random,
) -> Capacity {
    let beds = about / 2 + random.below(about);
    let occupied = beds * (full.0 + random.below(full.1)) / 100;
    Capacity {
        facility: facility.clone(),
        level,
        district: district.clone(),
        physical: Some(Beds::new(beds)),
        staffed: Some(Beds::new(beds * (80 + random.below(30)) / 100)),
        equipped: Some(Beds::new(beds)),
        occupied: Some(Beds::new(occupied)),
        discharges: expected_discharges(Beds::new(occupied), 9.0, 7),
        services: Vec::new(),
        acceptance_until: Some(date(2022, 12, 31)),
        opens_on: None,
        closes_on: None,
        origin: Origin::Synthetic,
    }
}
