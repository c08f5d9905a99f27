//! Plans openings for a made-up city of the size of Chongqing and says how long it took. Nothing in it is a real figure.
//!
//! `cargo run --release -p levee-planner --example openings_size [-- DISTRICTS FACILITIES SITES SEED NURSES NODES]`
//!
//! With `--features highs` and a seventh number HiGHS solves the same as one mixed-integer programme, with so many nodes for each tier.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example run by hand, on inputs it makes itself")]

#[cfg(feature = "highs")]
#[path = "common/cpu.rs"]
mod cpu;
#[path = "common/random.rs"]
mod random;
#[path = "common/wards.rs"]
mod wards;

use jiff::civil::date;
use levee_model::area::PlaceCode;
use levee_model::facility::{FacilityKind, Level};
use levee_model::ids::FacilityId;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::Beds;
use levee_planner::openings::{OpeningLimits, opened_city, propose_within};
use levee_planner::{LaneMaker, Place, propose};
use random::Random;
use std::time::Instant;

fn city(districts: u64, facilities: u64, sites: u64, seed: u64, nurses: u64) -> OpeningsInputs {
    let mut random = Random(seed);
    let (start, origin) = (date(2022, 11, 23), Origin::Synthetic);
    let at = |r: &mut Random| Some((28.5 + 3.0 * r.unit(), 105.5 + 4.0 * r.unit()));
    let places: Vec<Place<PlaceCode>> = (0..districts)
        .map(|d| Place { id: format!("D{d:02}").parse().unwrap(), point: at(&mut random), origin })
        .collect();
    let all: Vec<Place<FacilityId>> = (0..facilities + sites)
        .map(|f| Place { id: format!("F{f:03}").parse().unwrap(), point: at(&mut random), origin })
        .collect();
    let maker = LaneMaker { detour: LaneMaker::DETOUR, coach_km_per_hour: 50.0, ambulance_km_per_hour: 60.0 };
    let (mut needs, mut fleets) = (Vec::new(), Vec::new());
    for place in &places {
        let size = 60 + random.below(600);
        needs.extend(wards::week(&place.id, size, start, &mut random));
        fleets.extend(wards::fleets(&place.id, 4 + size / 40));
    }
    let levels = |k: usize| -> &'static [(Level, u64)] {
        if k % 5 < 2 {
            &[(Level::Makeshift, 1500)]
        } else {
            &[(Level::General, 160), (Level::Severe, 40), (Level::Critical, 12)]
        }
    };
    let mut capacity = Vec::new();
    for (k, site) in all.iter().enumerate().take(usize::try_from(facilities).unwrap()) {
        let district = &places[k % places.len()].id;
        capacity.extend(levels(k).iter().map(|&one| wards::ward(&site.id, district, one, (60, 40), &mut random)));
    }
    let shut = all.iter().enumerate().skip(usize::try_from(facilities).unwrap()).map(|(k, site)| {
        let beds: Vec<SiteBeds> = levels(k + usize::try_from(random.below(2)).unwrap() * 2)
            .iter()
            .map(|&(level, about)| {
                let beds = Beds::new(about / 2 + random.below(about));
                SiteBeds { level, physical: Some(beds), equipped: Some(beds) }
            })
            .collect();
        let total: u64 = beds.iter().map(|b| b.physical.unwrap().get()).sum();
        let staff = |kind, people| StaffCount { kind, people };
        Site {
            facility: site.id.clone(),
            kind: FacilityKind::MakeshiftHospital,
            district: places[k % places.len()].id.clone(),
            now: SiteNow::Shut,
            lead_days: Some(u8::try_from(random.below(4)).unwrap()),
            prepared_by: Some(vec![staff(StaffKind::Support, 20 + total / 40)]),
            run_by: Some(vec![
                staff(StaffKind::Physician, 4 + total / (40 + random.below(40))),
                staff(StaffKind::Nurse, 10 + total / (10 + random.below(10))),
                staff(StaffKind::Support, 5 + total / 60),
            ]),
            beds,
            minimum_days_open: 10,
            acceptance_until: Some(date(2022, 12, 31)),
            origin,
        }
    });
    let sites: Vec<Site> = shut.collect();
    let team = |team: &str, kind, people, from| StaffTeam {
        team: team.parse().unwrap(),
        kind,
        people: Some(people),
        outside: false,
        from,
        until: None,
        origin,
    };
    let staff = vec![
        team("own", StaffKind::Nurse, nurses, start),
        team("own", StaffKind::Physician, nurses / 4, start),
        team("own", StaffKind::Support, nurses / 2, start),
        team("outside", StaffKind::Nurse, nurses / 2, date(2022, 11, 26)),
    ];
    let lanes = maker.lanes(&places, &all);
    let city = PlanInputs {
        start,
        needs,
        capacity,
        lanes,
        fleets,
        step_downs: Vec::new(),
        revision: Revision::default(),
        limits: PlanLimits::default(),
    };
    OpeningsInputs { city, rooms: Vec::new(), sites, staff }
}

#[cfg(feature = "highs")]
fn by_highs(inputs: &OpeningsInputs, nodes: u64) {
    use levee_planner::openings::programme;
    use levee_planner::solver::programme::{BackEnd, Highs, WorkLimits};
    let began = cpu::cpu_seconds();
    let made = programme(inputs);
    let p = &made.programme;
    println!("{} variables, {} of them switches, {} rows", p.variables.len(), made.switches(), p.rows.len());
    let limits = WorkLimits { nodes_at_most: u32::try_from(nodes).unwrap(), ..WorkLimits::default() };
    match Highs::default().solve(p, limits) {
        Ok(solved) => {
            println!("highs: {:.3} CPU s, {} iterations", cpu::cpu_seconds() - began, solved.iterations);
            println!("{} sites decided", made.decided(&solved));
            for (tier, said) in OpeningTier::ALL.into_iter().zip(&solved.tiers) {
                let gap = 100.0 * (said.value - said.bound) / said.value.max(1.0);
                println!("{tier:?}: {} at least {} ({gap:.3} %)", said.value, said.bound);
            }
        }
        Err(error) => println!("highs: {:.3} CPU s, {error}", cpu::cpu_seconds() - began),
    }
}

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let number = |k: usize, default: u64| args.get(k).copied().unwrap_or(default);
    let inputs = city(number(0, 40), number(1, 60), number(2, 16), number(3, 1), number(4, 500));
    let limits = OpeningLimits { nodes_at_most: number(5, 5_000_000), ..OpeningLimits::default() };
    let began = Instant::now();
    let plan = propose_within(&inputs, limits, 1);
    println!("{:.3} s, {:?}", began.elapsed().as_secs_f64(), plan.solver);
    println!("{} open, {} close, {} stay", plan.openings.len(), plan.closings.len(), plan.left.len());
    for tier in &plan.tiers {
        println!("{tier:?}");
    }
    #[cfg(feature = "highs")]
    if let Some(nodes) = args.get(6).copied() {
        by_highs(&inputs, nodes);
    }
    let began = Instant::now();
    let transfers = propose(&opened_city(&inputs, &plan), 1);
    println!("transfers {:.3} s, {:?}", began.elapsed().as_secs_f64(), transfers.solver);
    for tier in &transfers.tiers {
        println!("{tier:?}");
    }
    let violations = levee_check::openings::check_with_transfers(&plan, &transfers, &inputs);
    println!("{} violations", violations.len());
}
