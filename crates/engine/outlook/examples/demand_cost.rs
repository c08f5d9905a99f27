//! What demand costs: 41 places, 1,000 paths of 28 days, on one thread.
//!
//! `cargo run --release -p levee-outlook --example demand_cost`
//!
//! Three sizes, unless others are named: about 8, 230 and 23,000 infections a day in each district. The times are of the wall: on a
//! machine that does other work, compare `user` of `/usr/bin/time` with that of a run over one size less.
#![allow(clippy::print_stdout, reason = "an example that prints a figure")]

use jiff::ToSpan;
use jiff::civil::date;
use levee_model::parameter::{Parameter, Parameters};
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::demand::{Assumptions, InCare, Kind, demand};
use levee_outlook::{Completeness, Config, Observation, Series, Vintage, outlook};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let assumed = Assumptions::read(&table()?, date(2022, 11, 27));
    let asked: Vec<f64> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![8.0, 230.0, 23_000.0] } else { asked };
    for size in sizes {
        let vintage = city(size)?;
        let answer = outlook(&vintage, &Config::default())?;
        let (mut all, mut quantiles) = (Vec::new(), Vec::new());
        for seed in 0..5 {
            let start = Instant::now();
            let demand = demand(&vintage, &answer, &InCare::default(), &assumed, seed)?;
            all.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let mut rows = 0;
            for place in demand.places() {
                for kind in [Kind::Transfers, Kind::Rooms].into_iter().chain(CareClass::ALL.map(Kind::Beds)) {
                    for ahead in 0..28 {
                        rows += usize::from(
                            demand.quantiles(place, kind, ahead, &[0.1, 0.5, 0.9]).is_some_and(|q| q.is_ok()),
                        );
                    }
                }
            }
            quantiles.push(start.elapsed().as_secs_f64());
            assert_eq!(rows, 42 * 6 * 28); // A fast answer that leaves places out is no result.
        }
        all.sort_by(f64::total_cmp);
        quantiles.sort_by(f64::total_cmp);
        println!(
            "{size} a day and district: draws least {:.3} s, median {:.3} s; 7,056 rows of quantiles {:.3} s",
            all[0], all[2], quantiles[2]
        );
    }
    Ok(())
}

/// The parameters of the Chongqing pack.
fn table() -> Result<Parameters, Box<dyn Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../packs/chongqing-2022/parameters.csv");
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(path)?.records() {
        let row = row?;
        let number = |at: usize| row.get(at).and_then(|cell| cell.parse::<f64>().ok());
        rows.push(Parameter {
            id: row.get(0).ok_or("no id")?.parse()?,
            version: 1,
            value: number(2),
            low: number(3),
            high: number(4),
            unit: String::new(),
            effective_from: None,
            source: String::new(),
            origin: Origin::Synthetic,
        });
    }
    Ok(Parameters::new(rows))
}

/// Forty-one districts that hold steady with a ripple, and the city.
fn city(size: f64) -> Result<Vintage, Box<dyn Error>> {
    let origin = date(2022, 11, 27);
    let count = |d: i64, t: i64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and small")]
        let n = (size * (0.5 + d as f64 / 41.0) * (1.0 + 0.2 * ((t * 7 + d * 3) as f64).sin())) as u64;
        n
    };
    let series = (0..=41i64).map(|d| {
        let observations = (0..60i64)
            .map(|t| {
                let n = if d == 0 { (1..=41).map(|d| count(d, t)).sum() } else { count(d, t) };
                Ok(Observation {
                    period: Period::full_day_of(origin.checked_sub((59 - t).days())?).ok_or("no such day")?,
                    new_infections: Persons::new(n),
                    community: None,
                    origin: Origin::Synthetic,
                    may_count_twice: false,
                })
            })
            .collect::<Result<_, Box<dyn Error>>>()?;
        let place = if d == 0 { "city".parse()? } else { format!("d{d}").parse()? };
        Ok(Series { place, population: Some(Persons::new(if d == 0 { 41_000_000 } else { 1_000_000 })), observations })
    });
    let series = series.collect::<Result<_, Box<dyn Error>>>()?;
    Ok(Vintage { origin, city: "city".parse()?, series, completeness: Completeness::complete() })
}
