//! Back-test of the planner on simulated cities: rooms and beds. Nothing in it is a real figure.
//!
//! `cargo run --release -p levee-planner --example backtest -- rooms CITIES DAYS` runs sites in three ways and scores promises;
//! `… -- wrong CITIES DAYS` scores promises of forecasters who believe something wrong; `… -- beds CITIES DAYS` runs beds.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an example run by hand, on inputs it makes itself"
)]

mod beds;
mod city;
mod figures;
mod rooms;

use city::{AHEAD, Belief, City, DISTRICTS, TRUTH};
use figures::Mean;
use rooms::{Tally, broken};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let number = |n: usize, or: usize| args.get(n).and_then(|a| a.parse().ok()).unwrap_or(or);
    let (cities, days) = (number(2, 100), number(3, 100));
    match args.get(1).map_or("rooms", String::as_str) {
        "rooms" => rooms_in_three_ways(cities, days),
        "wrong" => wrong_beliefs(cities, days),
        _ => beds_in_three_ways(cities, days),
    }
}

fn promises(name: &str, tallies: &[Tally]) {
    let all = 0..AHEAD;
    println!("{name}: promises broken, % (stated 5), days 1 to {AHEAD} ahead together [95 % over cities]");
    println!("  city together      {}", broken(tallies, |t| &t.city, all.clone(), 1));
    println!("    1 day ahead      {}", broken(tallies, |t| &t.city, 0..1, 1));
    println!("    {AHEAD} days ahead     {}", broken(tallies, |t| &t.city, AHEAD - 1..AHEAD, 1));
    println!("  single districts   {}", broken(tallies, |t| &t.districts, all.clone(), DISTRICTS as u32));
    println!("  sum of districts'  {}", broken(tallies, |t| &t.summed, all.clone(), 1));
    println!("  Poisson            {}", broken(tallies, |t| &t.poisson, all, 1));
    let per = |n: usize| {
        tallies.iter().map(|t| t.rooms[n]).sum::<f64>()
            / tallies.iter().map(|t| f64::from(t.days)).sum::<f64>()
            / AHEAD as f64
    };
    println!(
        "  rooms promised: together {:.0}, separate {:.0}, Poisson {:.0}; expected {:.0}",
        per(0),
        per(1),
        per(2),
        per(3)
    );
    let (reserve, separate) = (per(0) - per(3), per(1) - per(3));
    println!(
        "  one reserve saves {:.1} % of the rooms, {:.1} % of the rooms beyond those expected",
        100.0 * (1.0 - per(0) / per(1)),
        100.0 * (1.0 - reserve / separate)
    );
}

fn rooms_in_three_ways(cities: usize, days: usize) {
    let one = |seed: usize| {
        let mut city = City::new(seed as u64, TRUTH, None);
        rooms::run(&mut city, seed as u64, days, false, true)
    };
    let tallies: Vec<Tally> = (1..=cities).map(one).collect();
    println!("{cities} cities, {days} days each: {} days", cities * days);
    promises("right beliefs", &tallies);
    let covered: u32 = tallies.iter().map(|t| t.covered).sum();
    let short = Mean::of(
        tallies.iter().filter(|t| t.covered > 0).map(|t| 100.0 * f64::from(t.covered_short) / f64::from(t.covered)),
    );
    println!("  days whose rooms the plan called enough: {covered}; of these short, %: {short}");
    for (n, way) in ["planned", "nearest first", "each alone"].iter().enumerate() {
        let per = |of: fn(&Tally) -> &[u64; 3]| Mean::of(tallies.iter().map(|t| of(t)[n] as f64));
        println!(
            "  {way:<14} room-days short per city {}; days short {}; rooms opened for a day {}",
            per(|t| &t.short),
            per(|t| &t.short_days),
            per(|t| &t.opened)
        );
    }
    for (n, way) in [(1, "nearest first"), (2, "each alone")] {
        let paired = Mean::of(tallies.iter().map(|t| t.short[0] as f64 - t.short[n] as f64));
        let days = Mean::of(tallies.iter().map(|t| t.short_days[0] as f64 - t.short_days[n] as f64));
        println!("  planned less {way}: room-days short {paired}; days short {days}");
    }
    println!("  searches cut off: {} of {}", tallies.iter().map(|t| t.cut_off).sum::<u32>(), cities * days);
}

fn wrong_beliefs(cities: usize, days: usize) {
    let calm = Belief { step: TRUTH.step / 2.0, ..TRUTH };
    let poisson = Belief { poisson_contacts: true, ..TRUTH };
    for (name, belief, measure, independent) in [
        ("R believed half as restless", calm, None, false),
        ("districts believed independent", TRUTH, None, true),
        ("contacts believed Poisson", poisson, None, false),
        ("a measure nobody told of (R times 0.6 for three weeks)", TRUTH, Some(50), false),
    ] {
        let one = |seed: usize| {
            let mut city = City::new(seed as u64, belief, measure);
            rooms::run(&mut city, seed as u64, days, independent, false)
        };
        promises(name, &(1..=cities).map(one).collect::<Vec<_>>());
    }
}

fn beds_in_three_ways(cities: usize, days: usize) {
    let one = |seed: usize| beds::run(&mut City::new(seed as u64, TRUTH, None), seed as u64, days);
    let sums: Vec<[beds::Waited; 3]> = (1..=cities).map(one).collect();
    println!(
        "beds: {cities} cities, {days} days each: {} days; person-days short per city [95 % over cities]",
        cities * days
    );
    for (n, way) in ["planned", "nearest first", "each alone"].iter().enumerate() {
        let per = |tier: usize| Mean::of(sums.iter().map(|s| s[n][tier] as f64));
        println!("  {way:<14} life-saving {}; moderate {}; mild {}; person-km {}", per(0), per(1), per(2), per(3));
    }
    for (n, way) in [(1, "nearest first"), (2, "each alone")] {
        let paired = |tier: usize| Mean::of(sums.iter().map(|s| s[0][tier] as f64 - s[n][tier] as f64));
        println!("  planned less {way}: life-saving {}; moderate {}; mild {}", paired(0), paired(1), paired(2));
    }
}
