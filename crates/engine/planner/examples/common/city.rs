//! A made-up city of the size of Chongqing. Nothing in it is a real figure.

use super::random::Random;
use super::wards;
use jiff::civil::date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, ExpectedPersons, Persons};
use levee_planner::{LaneMaker, Place, expected_discharges};

/// Two more lines in each district beside the four of [`city`]: moderate people on dialysis and mild ones late in pregnancy, each with
/// slots in every other ward that could serve them. Beds are so many per cent of those of [`city`].
#[allow(dead_code, reason = "each example takes what it needs")]
pub(crate) fn city_of_six_lines(districts: u64, facilities: u64, seed: u64, beds_per_cent: u64) -> PlanInputs {
    let mut all = city(districts, facilities, seed);
    let mut random = Random(seed ^ 0x6c69_6e65);
    for need in all.needs.clone() {
        let (care, one_in) = match need.class {
            CareClass::Mild => (CareNeed::Obstetrics, 60),
            CareClass::Moderate => (CareNeed::Dialysis, 12),
            CareClass::Severe | CareClass::Critical => continue,
        };
        let known = Persons::new(need.known.get() / one_in + random.below(2));
        let forecast = need.forecast.and_then(|f| {
            let people = ExpectedPersons::new(f.people.get() / one_in as f64)?;
            Some(Forecast { people, ..f })
        });
        all.needs.push(Need { care: Some(care), known, forecast, ..need });
    }
    for (k, row) in all.capacity.iter_mut().enumerate() {
        for beds in [&mut row.physical, &mut row.staffed, &mut row.equipped, &mut row.occupied] {
            *beds = beds.map(|beds| Beds::new(beds.get() * beds_per_cent / 100));
        }
        if let Some(occupied) = row.occupied {
            row.discharges = expected_discharges(occupied, 9.0, 7);
        }
        let care = match row.level {
            Level::Makeshift | Level::General if k % 2 == 0 => CareNeed::Obstetrics,
            Level::General => CareNeed::Dialysis,
            _ => continue,
        };
        row.services = vec![ServiceSlots { care, slots: Some(Beds::new(10 + random.below(40))) }];
    }
    all
}

/// Districts, facilities and people from a seed; four lines of people in each district, by class.
pub(crate) fn city(districts: u64, facilities: u64, seed: u64) -> PlanInputs {
    let mut random = Random(seed);
    let start = date(2022, 11, 23);
    let origin = Origin::Synthetic;
    let at = |r: &mut Random| Some((28.5 + 3.0 * r.unit(), 105.5 + 4.0 * r.unit()));
    let places: Vec<Place<PlaceCode>> = (0..districts)
        .map(|d| Place { id: format!("D{d:02}").parse().unwrap(), point: at(&mut random), origin })
        .collect();
    let sites: Vec<Place<FacilityId>> = (0..facilities)
        .map(|f| Place { id: format!("F{f:02}").parse().unwrap(), point: at(&mut random), origin })
        .collect();
    let maker = LaneMaker { detour: LaneMaker::DETOUR, coach_km_per_hour: 50.0, ambulance_km_per_hour: 60.0 };
    let (mut needs, mut fleets) = (Vec::new(), Vec::new());
    for place in &places {
        let size = 40 + random.below(400);
        needs.extend(wards::week(&place.id, size, start, &mut random));
        fleets.extend(wards::fleets(&place.id, 2 + size / 60));
    }
    let mut capacity = Vec::new();
    for (k, site) in sites.iter().enumerate() {
        let levels: &[(Level, u64)] = if k % 5 < 2 {
            &[(Level::Makeshift, 6000)]
        } else {
            &[(Level::General, 500), (Level::Severe, 80), (Level::Critical, 25)]
        };
        let district = &places[k % places.len()].id;
        capacity.extend(levels.iter().map(|&one| wards::ward(&site.id, district, one, (50, 50), &mut random)));
    }
    let lanes = maker.lanes(&places, &sites);
    PlanInputs {
        start,
        needs,
        capacity,
        lanes,
        fleets,
        step_downs: Vec::new(),
        revision: levee_model::plan::Revision::default(),
        limits: PlanLimits::default(),
    }
}
