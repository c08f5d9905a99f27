//! Plans a made-up city of the size of Chongqing and says how long it took. Nothing in it is a real figure.
//!
//! `cargo run --release -p levee-planner --example chongqing_size [-- DISTRICTS FACILITIES SEED [microlp]]`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example run by hand, on inputs it makes itself")]

#[path = "common/random.rs"]
mod random;

use jiff::civil::date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, ExpectedPersons, Persons, Vehicles};
use levee_model::report::VehicleKind;
use levee_planner::solver::{NetworkSimplex, Programmes, Solver};
use levee_planner::{LaneMaker, Place, compare, expected_discharges, nearest_first_greedy, propose_with};
use random::Random;
use std::time::Instant;

fn city(districts: u64, facilities: u64, seed: u64) -> PlanInputs {
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
    let mut needs = Vec::new();
    let mut fleets = Vec::new();
    for place in &places {
        let size = 40 + random.below(400);
        for day in 0..7u32 {
            for (class, per_mille) in
                [(CareClass::Mild, 1000), (CareClass::Moderate, 60), (CareClass::Severe, 12), (CareClass::Critical, 4)]
            {
                let people = size * per_mille / 1000 + random.below(1 + size * per_mille / 3000);
                let known = if day == 0 { people } else { 0 };
                let expected = if day == 0 { 0.0 } else { people as f64 * (1.0 + 0.1 * f64::from(day)) };
                needs.push(Need {
                    district: place.id.clone(),
                    day: start.checked_add(jiff::Span::new().days(i64::from(day))).unwrap(),
                    class,
                    care: None,
                    known: Persons::new(known),
                    forecast: ExpectedPersons::new(expected).map(|people| Forecast { people, quantile: 0.9 }),
                    forecast_failed: false,
                    origin,
                });
            }
        }
        for (kind, vehicles, seats, trips) in
            [(VehicleKind::Coach, 2 + size / 60, 36, 3), (VehicleKind::NegativePressureAmbulance, 2, 1, 5)]
        {
            fleets.push(Fleet {
                district: place.id.clone(),
                kind,
                vehicles: Some(Vehicles::new(vehicles)),
                crews: Some(vehicles),
                seats: Some(seats),
                trips_per_day: Some(trips),
                origin,
            });
        }
    }
    let mut capacity = Vec::new();
    for (k, site) in sites.iter().enumerate() {
        let levels: &[(Level, u64)] = if k % 5 < 2 {
            &[(Level::Makeshift, 6000)]
        } else {
            &[(Level::General, 500), (Level::Severe, 80), (Level::Critical, 25)]
        };
        for &(level, about) in levels {
            let beds = about / 2 + random.below(about);
            let occupied = beds * (50 + random.below(50)) / 100;
            capacity.push(Capacity {
                facility: site.id.clone(),
                level,
                district: places[k % places.len()].id.clone(),
                physical: Some(Beds::new(beds)),
                staffed: Some(Beds::new(beds * (80 + random.below(30)) / 100)),
                equipped: Some(Beds::new(beds)),
                occupied: Some(Beds::new(occupied)),
                discharges: expected_discharges(Beds::new(occupied), 9.0, 7),
                services: Vec::new(),
                acceptance_until: Some(date(2022, 12, 31)),
                opens_on: None,
                closes_on: None,
                origin,
            });
        }
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

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |k: usize, default: u64| args.get(k).and_then(|a| a.parse().ok()).unwrap_or(default);
    let inputs = city(number(0, 38), number(1, 20), number(2, 1));
    let solver: Box<dyn Solver> = match args.get(3).map(String::as_str) {
        Some("microlp") => Box::new(Programmes),
        _ => Box::new(NetworkSimplex::default()),
    };
    let began = Instant::now();
    let plan = propose_with(solver.as_ref(), &inputs, 1);
    let took = began.elapsed();
    let began = Instant::now();
    let violations = levee_check::check(&plan, &inputs);
    println!("checked in {:.3} s: {} violations", began.elapsed().as_secs_f64(), violations.len());
    println!("{} districts, {} bed rows, {} lanes", number(0, 38), inputs.capacity.len(), inputs.lanes.len());
    println!("{:.3} s, {:?}", took.as_secs_f64(), plan.solver);
    println!("{} orders, {} surge, {} shortfalls", plan.orders.len(), plan.surge.len(), plan.shortfalls.len());
    println!("{:?}", plan.totals);
    for tier in &plan.tiers {
        println!("{tier:?}");
    }
    let began = Instant::now();
    let greedy = nearest_first_greedy(&inputs);
    println!("nearest first: {:.3} s", began.elapsed().as_secs_f64());
    for line in compare(&plan, &greedy) {
        println!("{line:?}");
    }
}
