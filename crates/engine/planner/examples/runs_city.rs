//! Runs of a made-up city, timed: how many people get a run, and what plan and check cost.
//!
//! `runs_city PEOPLE DISTRICTS FACILITIES SEED [TRIES]`

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a benchmark, run by hand"
)]

#[path = "common/random.rs"]
mod random;

use jiff::civil::{date, time};
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::plan::runs::*;
use levee_model::plan::{CareClass, Lane};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::report::VehicleKind;
use levee_model::subject::Pseudonym;
use levee_planner::runs::{RunSearch, propose};
use levee_planner::{LaneMaker, Place};
use random::Random;
use std::time::Instant;

/// A point in a city of about 110 by 100 km.
fn point(random: &mut Random) -> Option<(f64, f64)> {
    Some((29.0 + random.below(1000) as f64 / 1000.0, 106.0 + random.below(1000) as f64 / 1000.0))
}

fn pseudonym(n: u64) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    Pseudonym::from_random(bytes)
}

/// Households of one to five; one in twenty moderate, one in three hundred severe; a child in each third household. Beds for everybody,
/// in the nearest facilities; coaches for about nine tenths.
fn city(people: u64, districts: u64, facilities: u64, seed: u64) -> RunInputs {
    let r = &mut Random(seed);
    let origin = Origin::Synthetic;
    let places: Vec<Place<PlaceCode>> =
        (0..districts).map(|d| Place { id: format!("D{d:02}").parse().unwrap(), point: point(r), origin }).collect();
    let sites: Vec<_> =
        (0..facilities).map(|f| Place { id: format!("F{f:04}").parse().unwrap(), point: point(r), origin }).collect();
    let maker = LaneMaker { detour: LaneMaker::DETOUR, coach_km_per_hour: 40.0, ambulance_km_per_hour: 50.0 };
    let lanes = maker.lanes(&places, &sites);
    let day = date(2022, 11, 23);
    let mut rows = Vec::new();
    let mut waiting = vec![[0u64; 2]; districts as usize];
    let mut n = 0;
    while n < people {
        let d = r.below(districts) as usize;
        let size = (1 + r.below(5)).min(people - n);
        let child = size > 1 && r.below(3) == 0;
        for k in 0..size {
            let class = match r.below(300) {
                0 => CareClass::Severe,
                1..=15 => CareClass::Moderate,
                _ => CareClass::Mild,
            };
            if let Some(at) = [CareClass::Mild, CareClass::Moderate].iter().position(|c| *c == class) {
                waiting[d][at] += 1;
            }
            rows.push(WaitingPerson {
                person: pseudonym(r.next() >> 1),
                district: places[d].id.clone(),
                class,
                care: None,
                vulnerable: r.below(8) == 0,
                since: day.at(0, 0, 0, 0).checked_sub(jiff::Span::new().minutes(r.below(4000) as i64)).unwrap(),
                household: (size > 1).then(|| pseudonym(n)),
                parting_agreed: None,
                guardianship: Guardianship::NotNeeded,
                exemption: None,
                origin,
            });
            if child && k + 1 == size {
                let guardian = rows[rows.len() - 2].person;
                rows.last_mut().unwrap().guardianship = Guardianship::By { person: guardian };
            }
        }
        n += size;
    }
    let mut beds: Vec<[u64; 2]> = (0..facilities)
        .map(|f| {
            if f % 4 == 0 {
                [people / facilities, people / facilities * 2 / 5]
            } else {
                [people * 3 / 2 / facilities, 0]
            }
        })
        .collect();
    let mut quotas = Vec::new();
    for (d, place) in places.iter().enumerate() {
        let mut ways: Vec<(u64, usize)> = lanes[d * facilities as usize..(d + 1) * facilities as usize]
            .iter()
            .enumerate()
            .map(|(f, l)| (l.metres, f))
            .collect();
        ways.sort_unstable();
        for (c, (class, level)) in
            [(CareClass::Mild, Level::Makeshift), (CareClass::Moderate, Level::General)].into_iter().enumerate()
        {
            let mut left = waiting[d][c];
            for (_, f) in &ways {
                let given = left.min(beds[*f][c]);
                if given > 0 {
                    beds[*f][c] -= given;
                    left -= given;
                    quotas.push(Quota {
                        from: place.id.clone(),
                        facility: sites[*f].id.clone(),
                        level,
                        class,
                        care: None,
                        people: Persons::new(given),
                        over_capacity: false,
                        origin,
                    });
                }
            }
        }
    }
    let crew = |from: i8, until: i8| Crew {
        from: time(from, 0, 0, 0),
        until: time(until, 0, 0, 0),
        driven_24h_minutes: Some(0),
        driven_7d_minutes: Some(0),
        limit_minutes: None,
    };
    let mut vehicles = Vec::new();
    for (d, place) in places.iter().enumerate() {
        let coaches = (waiting[d][0] + waiting[d][1]).div_ceil(36 * 5);
        for v in 0..coaches {
            let early = v % 2 == 0;
            vehicles.push(RunVehicle {
                id: format!("V{d:02}-{v:03}").parse().unwrap(),
                kind: VehicleKind::Coach,
                base: place.id.clone(),
                seats: Some(30 + r.below(16)),
                crew: Some(if early { crew(6, 16) } else { crew(12, 22) }),
                origin,
            });
        }
    }
    let hops = (0..places.len())
        .flat_map(|a| (0..a).map(move |b| (a, b)))
        .map(|(a, b)| {
            let metres = levee_planner::great_circle_metres(places[a].point.unwrap(), places[b].point.unwrap());
            let minutes = (metres * LaneMaker::DETOUR / 1000.0 / 40.0 * 60.0).ceil() as u32;
            Hop { from: places[a].id.clone(), to: places[b].id.clone(), minutes, origin }
        })
        .collect();
    let lanes: Vec<Lane> = lanes;
    RunInputs { day, people: rows, quotas, lanes, hops, vehicles, limits: RunLimits::default() }
}

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let number = |k: usize, default: u64| args.get(k).copied().unwrap_or(default);
    let inputs = city(number(0, 100_000), number(1, 40), number(2, 1000), number(3, 1));
    let search = RunSearch { tries: number(4, 60) as u32, ..RunSearch::default() };
    let began = Instant::now();
    let plan = propose(&inputs, search, 1);
    let planned = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let found = levee_check::runs::check(&plan, &inputs);
    let checked = began.elapsed().as_secs_f64();
    println!(
        "{} people, {} vehicles, {} places rows: plan {planned:.2} s, check {checked:.2} s, {} violations {:?}",
        inputs.people.len(),
        inputs.vehicles.len(),
        inputs.quotas.len(),
        found.len(),
        found.first()
    );
    println!("{} runs, {} steps, {} cuts", plan.runs.len(), plan.iterations, plan.cuts.len());
    println!("{:#?}", plan.figures);
}
