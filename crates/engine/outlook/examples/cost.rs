//! What an outlook costs: 41 places, 70 days of counts, 1,000 paths of 28 days, on one thread.
//!
//! `cargo run --release -p levee-outlook --example cost`
//!
//! Twice: every district with its own daily counts, and 40 districts that borrow from the city by one list.
#![allow(clippy::print_stdout, reason = "an example that prints a figure")]

use jiff::ToSpan;
use jiff::civil::date;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::{Config, Observation, Series, Vintage, outlook};
use std::error::Error;
use std::time::Instant;

const DISTRICTS: i64 = 40;
const DAYS: i64 = 70;
const RUNS: u32 = 11;

fn main() -> Result<(), Box<dyn Error>> {
    for (name, own) in [("40 districts from their own days", true), ("40 districts that borrow from the city", false)] {
        let vintage = city(own)?;
        let mut seconds = Vec::new();
        for seed in 0..RUNS {
            let start = Instant::now();
            let answer = outlook(&vintage, &Config { seed: u64::from(seed), ..Config::default() })?;
            seconds.push(start.elapsed().as_secs_f64());
            assert_eq!(answer.draws.places().count(), 41); // A fast answer that leaves places out is no result.
        }
        seconds.sort_by(f64::total_cmp);
        println!(
            "{name}: median {:.3} s, least {:.3} s, most {:.3} s of {RUNS} runs",
            seconds[5], seconds[0], seconds[10]
        );
    }
    Ok(())
}

/// A wave that rises for 40 days and falls for 30, in districts of 1 to 40 parts, with a ripple that no line explains.
fn city(own: bool) -> Result<Vintage, Box<dyn Error>> {
    let origin = date(2022, 11, 27);
    let count = |district: i64, t: i64| {
        let wave = (-((t - 40) as f64 / 14.0).powi(2)).exp();
        let ripple = 1.0 + 0.2 * ((t * 7 + district * 3) as f64).sin();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and below 10,000")]
        let count = (30.0 * district as f64 * wave * ripple) as u64;
        count
    };
    let seen = |t: i64, n: u64| -> Result<Observation, Box<dyn Error>> {
        Ok(Observation {
            period: Period::full_day_of(origin.checked_sub((DAYS - 1 - t).days())?).ok_or("no such day")?,
            new_infections: Persons::new(n),
            community: None,
            origin: Origin::Synthetic,
            may_count_twice: false,
        })
    };
    let mut series = Vec::new();
    for d in 0..=DISTRICTS {
        let from = if d == 0 || own { 0 } else { DAYS - 3 };
        let to = if d == 0 || own { DAYS } else { DAYS - 2 };
        let of_city = |t: i64| (1..=DISTRICTS).map(|d| count(d, t)).sum();
        let observations =
            (from..to).map(|t| seen(t, if d == 0 { of_city(t) } else { count(d, t) })).collect::<Result<_, _>>()?;
        let place = if d == 0 { "city".parse()? } else { format!("d{d}").parse()? };
        series.push(Series { place, population: Some(Persons::new(800_000)), observations });
    }
    if let Some(city) = series.first_mut() {
        city.population = Some(Persons::new(32_000_000));
    }
    Ok(Vintage { origin, city: "city".parse()?, series, completeness: levee_outlook::Completeness::complete() })
}
