//! Plans the rooms of a made-up city and says what the search did. Nothing in it is a real figure.
//!
//! `cargo run --release -p levee-planner --example rooms_size -- DISTRICTS SITES DRAWS SEED NODES [STAFF [OWN]]`; OWN: open rooms of each district in percent of its mean, 175 unless given
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an example run by hand, on inputs it makes itself"
)]

#[path = "common/random.rs"]
mod random;

use jiff::civil::date;
use levee_model::plan::rooms::*;
use levee_model::provenance::Origin;
use levee_model::quantity::Rooms;
use levee_planner::rooms::propose;
use random::Random;

/// More than 0 and below 1, so that its logarithm is finite.
fn open_unit(random: &mut Random) -> f64 {
    (random.below(1 << 52) as f64 + 0.5) / (1u64 << 52) as f64
}

fn normal(random: &mut Random) -> f64 {
    (-2.0 * open_unit(random).ln()).sqrt() * (std::f64::consts::TAU * open_unit(random)).cos()
}

fn city(districts: usize, sites: u64, draws: usize, seed: u64, staff: Option<u64>, own: u64) -> RoomInputs {
    let mut random = Random(seed);
    let start = date(2022, 11, 23);
    let mean: Vec<f64> = (0..districts).map(|_| 60.0 + random.below(500) as f64).collect();
    let mut rooms = Vec::new();
    for _ in 0..draws {
        // The city's wave, and each district's own: both log-normal, growing by the day.
        let wave = 0.2 * normal(&mut random);
        for mean in &mean {
            let own = 0.3 * normal(&mut random);
            rooms.extend(
                (0..7)
                    .map(|t| (mean * ((wave + own) * (1.0 + 0.15 * f64::from(t)) + 0.04 * f64::from(t)).exp()) as u32),
            );
        }
    }
    let code = |d: usize| format!("D{d:02}").parse().unwrap();
    let demand = RoomDemand::new(RoomMeasure::InUse, (0..districts).map(code).collect(), 7, rooms, Origin::Synthetic);
    let mut rows = Vec::new();
    let mut push = |name: String, district: usize, serves: Serves, rooms: u64, opening: Opening| {
        let rooms = Some(Rooms::new(rooms));
        rows.push(RoomSite {
            site: name.parse().unwrap(),
            district: code(district),
            serves,
            physical: rooms,
            certified: rooms,
            staffed: rooms,
            occupied: None,
            leaving: vec![],
            acceptance_until: Some(date(2023, 12, 31)),
            closes_on: None,
            opening,
            origin: Origin::Synthetic,
        });
    };
    for (d, mean) in mean.iter().enumerate() {
        push(format!("O{d:02}"), d, Serves::Own, (own as f64 / 100.0 * mean) as u64, Opening::Open { from: None });
    }
    for n in 0..sites {
        let district = random.below(districts as u64) as usize;
        let serves = if n % 3 == 0 { Serves::Own } else { Serves::City };
        let rooms = 50 + random.below(450);
        let lead_days = Some(1 + random.below(4) as u16);
        let staff = Some(rooms / 20 + random.below(5));
        push(
            format!("P{n:02}"),
            district,
            serves,
            rooms,
            Opening::Possible { lead_days, staff, price: 5 + rooms / 20 + random.below(10) },
        );
    }
    let known = (0..districts).flat_map(|d| {
        let rooms = (mean[d] * 0.6) as u64;
        (0..7).map(move |t| KnownRooms {
            district: code(d),
            day: start.checked_add(jiff::Span::new().days(t)).unwrap(),
            rooms: Rooms::new(rooms * (7 - t as u64) / 7),
            origin: Origin::Synthetic,
        })
    });
    RoomInputs {
        start,
        days: 7,
        demand: Some(demand.unwrap()),
        known: known.collect(),
        sites: rows,
        lanes: vec![],
        staff_free: vec![staff.unwrap_or(100_000)],
        promises: vec![],
        policy: RoomPolicy { overflow_probability: 0.05, tail_room_days: 1_000_000 },
    }
}

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let arg = |n: usize, or: u64| args.get(n).copied().unwrap_or(or);
    let inputs =
        city(arg(0, 40) as usize, arg(1, 60), arg(2, 1000) as usize, arg(3, 1), args.get(5).copied(), arg(6, 175));
    let plan = propose(&inputs, arg(4, 5_000) as u32);
    let last = plan.sharing.last().unwrap();
    println!(
        "{} openings, {} shortfalls, {} nodes, {} evaluations{}",
        plan.openings.len(),
        plan.shortfalls.len(),
        plan.solver.iterations,
        plan.solver.solves,
        plan.solver.fell_back.as_deref().map_or(String::new(), |why| format!(", {why}"))
    );
    for tier in &plan.tiers {
        println!("  {:?}: {} (bound {:?})", tier.tier, tier.value, tier.bound);
    }
    println!(
        "  last day: separate {}, together {}, beside own {}, held {}",
        last.separate, last.together, last.beside_own, last.held
    );
}
