//! Simulated cities with known truth, believed and not: ranks of what came among the paths, R within its intervals, convergence.
//!
//! `cargo run --release -p levee-outlook --example calibration -- 200`
//!
//! The cities (default 200) are spread over six kinds. Flat ranks = calibrated; a hump = too wide; a bowl = too narrow; a slope =
//! too high or too low.
#![allow(clippy::print_stdout, reason = "an example that prints a table")]

mod city;
use city::{KINDS, Tally, city, judge};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cities: u32 = std::env::args().nth(1).map_or(Ok(200), |n| n.parse())?;
    let mut silent = 0;
    for (i, kind) in KINDS.into_iter().enumerate() {
        let share = (cities + u32::try_from(i)?) / u32::try_from(KINDS.len())?;
        let mut tally = Tally::default();
        let mut seed = 0;
        while tally.cities < share {
            seed += 1;
            if let Some(city) = city(kind, seed) {
                judge(&city, 400, &mut tally);
            }
        }
        silent += tally.silent;
        let asked = f64::from(tally.r_asked.max(1));
        let [half, eighty, most] = tally.r_within.map(|n| f64::from(n) / asked);
        println!(
            "{kind:?}: {} cities ({} drawn), refused {}, flagged {}, silently diverged {}; true R within 50 / 80 / 95 %: {half:.2} {eighty:.2} {most:.2}",
            tally.cities, seed, tally.refused, tally.flagged, tally.silent
        );
        let row = |ranks: &[u32; 10]| {
            let total = f64::from(ranks.iter().sum::<u32>().max(1));
            let cells: Vec<String> = ranks.iter().map(|n| format!("{:5.1}", 100.0 * f64::from(*n) / total)).collect();
            let inner = f64::from(ranks[1..9].iter().sum::<u32>()) / total;
            format!("{} | within 80 %: {inner:.2}", cells.join(" "))
        };
        for (name, ranks) in ["days 1, 7 ", "day 14    ", "days 21,28"].iter().zip(&tally.ranks) {
            println!("  districts {name}  {}", row(ranks));
        }
        for (name, ranks) in ["day 7     ", "day 14    ", "day 28    "].iter().zip(&tally.city_ranks) {
            println!("  city      {name}  {}", row(ranks));
        }
    }
    println!("silently diverged in all: {silent}");
    Ok(())
}
