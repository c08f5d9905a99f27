//! Rolling evaluation of the renewal model alone, beside the whole outlook, on the same origins.
//!
//! `cargo run --release -p levee-outlook --example renewal -- packs/shanghai-2022 2022-04-11 2022-05-15`
//!
//! `cargo run --release -p levee-outlook --example renewal -- cost 10` = what 41 districts cost.
//!
//! As `rolling`: a vintage holds the rows known by 24:00 of the day after its origin, truth is what the pack knows at its end.
//! Prints WIS by horizon week relative to the outlook on the same forecasts, coverage, convergence and time. City = sum of
//! the districts' joint paths. Settings: `slope_keeps=0.8`, `managed_effect=0.9`, …
#![allow(clippy::print_stdout, reason = "an example that prints a table")]

#[path = "common/pack.rs"]
mod pack;

use jiff::ToSpan;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_outlook::renewal::{Input, PlaceInput, Priors, fit};
use levee_outlook::score::Summary;
use levee_outlook::{Config, LEVELS, Vintage, outlook};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use pack::Pack;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|a| a == "cost") {
        return cost(args.get(1).map_or(Ok(10), |n| n.parse())?);
    }
    let [folder, first, last, settings @ ..] = args.as_slice() else {
        return Err("usage: renewal PACK FIRST_ORIGIN LAST_ORIGIN [setting=value …]".into());
    };
    let pack = Pack::read(folder)?;
    let mut priors = Priors::default();
    let verbose = settings.iter().any(|s| s == "verbose");
    for setting in settings.iter().filter(|s| *s != "verbose") {
        set(&mut priors, setting)?;
    }
    let (first, last): (Date, Date) = (first.parse()?, last.parse()?);
    evaluate(&pack, first, last, &priors, verbose)
}

fn set(priors: &mut Priors, setting: &str) -> Result<(), Failure> {
    let (name, value) = setting.split_once('=').ok_or("a setting is name=value")?;
    let value: f64 = value.parse()?;
    match name {
        "rise_keeps" => priors.rise_keeps = value,
        "fall_keeps" => priors.fall_keeps = value,
        "step_ahead" => priors.step_ahead = value,
        "drift_sd" => priors.drift_sd = value,
        "slope_keeps" => priors.slope_keeps = value,
        "city_step" => priors.city_step.0 = value,
        "city_step_spread" => priors.city_step.1 = value,
        "district_step" => priors.district_step.0 = value,
        "district_keeps" => priors.district_keeps = value,
        "size" => priors.size.0 = value,
        "weekday_sd" => priors.weekday_sd = value,
        "mixing_away" => priors.mixing_away = value,
        "managed_effect" => priors.managed_effect = value,
        "generation_mean" => priors.disease.generation_mean = value,
        "generation_sd" => priors.disease.generation_sd = value,
        "report_mean" => priors.disease.report_mean = value,
        "report_sd" => priors.disease.report_sd = value,
        _ => return Err(format!("no setting `{name}` here").into()),
    }
    Ok(())
}

/// (group, horizon week) -> forecasts with what came.
type Pairs = BTreeMap<(&'static str, usize), Vec<([f64; LEVELS], f64)>>;
const HORIZON: usize = 28;
const PATHS: u32 = 1000;
const HISTORY: i64 = 70;

fn evaluate(pack: &Pack, first: Date, last: Date, priors: &Priors, verbose: bool) -> Result<(), Failure> {
    let truth = pack.truth(last)?;
    let (mut ours, mut whole) = (Pairs::new(), Pairs::new());
    let mut fitting = Duration::ZERO;
    let (mut spent, mut origins, mut unconverged) = (Duration::ZERO, 0u32, 0u32);
    let config = Config { seed: 1, ..Config::default() };
    let mut origin = first;
    while origin <= last {
        let vintage = pack.vintage(origin)?;
        let (places, input) = input_of(&vintage)?;
        let start = Instant::now();
        let began = start;
        let fit = match fit(&input, priors) {
            Ok(fit) => fit,
            Err(reason) => {
                println!("{origin}: {reason}");
                unconverged += 1;
                origin = origin.tomorrow()?;
                continue;
            }
        };
        fitting += began.elapsed();
        let mut paths = vec![Vec::new(); places.len()];
        for k in 0..PATHS {
            fit.path(k, HORIZON, &mut paths);
        }
        spent += start.elapsed();
        origins += 1;
        unconverged += u32::from(!fit.convergence().converged);
        if verbose {
            let c = fit.convergence();
            let r = fit.r(0).last().copied().unwrap_or_default();
            let hyper = fit.hyper();
            println!(
                "{origin}: {} steps, {} halvings, decrement {:.1e}, grid {:?} effective {:.1}; steps {:.3} {:.3} size {:.1} day {:.2}; R {:.2} ({:.2}-{:.2})",
                c.iterations,
                c.halvings,
                c.decrement,
                c.grid,
                c.grid_effective,
                hyper.city_step,
                hyper.district_step,
                hyper.size,
                hyper.day,
                r.median,
                r.ninety_five.0,
                r.ninety_five.1
            );
        }
        let forecast = outlook(&vintage, &config)?;
        let city_paths: Vec<u64> = (0..PATHS as usize * HORIZON).map(|i| paths.iter().map(|p| p[i]).sum()).collect();
        let city = (!places.contains(&pack.city)).then_some((&pack.city, &city_paths));
        let all = places.iter().zip(&paths).chain(city);
        for (place, paths) in all {
            let group = if *place == pack.city { "city" } else { "districts" };
            let Some(other) = forecast.of(place) else { continue };
            for h in 0..HORIZON {
                let day = origin.checked_add((i64::try_from(h)? + 1).days())?;
                let Some(observed) = truth.get(&(place.clone(), day)) else { continue };
                let mut sample: Vec<f64> = paths.iter().skip(h).step_by(HORIZON).map(|c| *c as f64).collect();
                sample.sort_by(f64::total_cmp);
                let at = |level: f64| {
                    let x = level * (sample.len() - 1) as f64;
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the sample")]
                    let i = x.floor() as usize;
                    let (low, high) = (sample[i], sample[(i + 1).min(sample.len() - 1)]);
                    low + (high - low) * (x - i as f64)
                };
                let key = (group, h / 7 + 1);
                let Some(row) = other.quantiles.get(h) else { continue };
                ours.entry(key).or_default().push((levee_outlook::QUANTILE_LEVELS.map(at), *observed));
                whole.entry(key).or_default().push((*row, *observed));
            }
        }
        origin = origin.tomorrow()?;
    }
    println!("{origins} origins {first} to {last}; not converged: {unconverged}");
    println!(
        "group      week forecasts | WIS (log1p)      | rel. to outlook  | cover 50   80   95 | bias (median above)"
    );
    let of = |pairs: &Pairs, key| Summary::of(pairs.get(key).into_iter().flatten().map(|(q, y)| (q, *y)));
    for (key, pairs) in &ours {
        let (us, o) = (of(&ours, key), of(&whole, key));
        let (n, l) = us.relative_to(&o).unwrap_or((f64::NAN, f64::NAN));
        let above = pairs.iter().filter(|(q, y)| q[levee_outlook::MEDIAN] > *y).count() as f64 / pairs.len() as f64;
        println!(
            "{:10} {:4} {:9} | {:8.1} ({:5.3}) | {n:6.3} ({l:6.3}) |   {:4.2} {:4.2} {:4.2} | {above:.2}",
            key.0, key.1, us.forecasts, us.wis, us.wis_log1p, us.coverage50, us.coverage80, us.coverage95
        );
    }
    println!(
        "time per fit and {PATHS} paths: {:.3} s wall, one thread, of it the fit {:.3}",
        spent.as_secs_f64() / f64::from(origins.max(1)),
        fitting.as_secs_f64() / f64::from(origins.max(1))
    );
    Ok(())
}

/// 41 districts, 70 days, a wave that rises and falls with a ripple no R explains: the fit and 1,000 paths, `runs` times.
fn cost(runs: u32) -> Result<(), Failure> {
    let count = |d: usize, t: usize| {
        let wave = (-((t as f64 - 40.0) / 14.0).powi(2)).exp();
        (30.0 * d as f64 * wave * (1.0 + 0.2 * ((t * 7 + d * 3) as f64).sin())).floor()
    };
    let place = |d: usize| PlaceInput {
        counts: (0..70).map(|t| Some(count(d, t))).collect(),
        population: Some(800_000.0),
        ..PlaceInput::default()
    };
    let places: Vec<PlaceInput> = (1..=41).map(place).collect();
    let (mut fitting, mut drawing, mut steps) = (Duration::ZERO, Duration::ZERO, 0);
    for seed in 0..runs {
        let input = Input { first_weekday: 0, days: 70, places: places.clone(), mixing: None, seed: u64::from(seed) };
        let start = Instant::now();
        let fit = fit(&input, &Priors::default())?;
        fitting += start.elapsed();
        let start = Instant::now();
        let mut paths = vec![Vec::new(); places.len()];
        for k in 0..PATHS {
            fit.path(k, HORIZON, &mut paths);
        }
        drawing += start.elapsed();
        steps += fit.convergence().iterations;
        assert!(fit.convergence().converged && paths.iter().all(|p| p.len() == PATHS as usize * HORIZON));
    }
    let each = |d: Duration| d.as_secs_f64() / f64::from(runs.max(1));
    println!(
        "{runs} runs: fit {:.3} s, paths {:.3} s, {} steps each, wall, one thread",
        each(fitting),
        each(drawing),
        steps / runs.max(1)
    );
    Ok(())
}

/// The districts' full-day counts of the last ten weeks; of two for a day the one that counts nobody twice.
fn input_of(vintage: &Vintage) -> Result<(Vec<PlaceCode>, Input), Failure> {
    let days = usize::try_from(HISTORY)?;
    let first = vintage.origin.checked_sub((HISTORY - 1).days())?;
    let (mut places, mut inputs) = (Vec::new(), Vec::new());
    let only_city = vintage.series.iter().all(|s| s.place == vintage.city || s.observations.len() < 20);
    for series in vintage.series.iter().filter(|s| only_city == (s.place == vintage.city)) {
        let (mut counts, mut community, mut sure) = (vec![None; days], vec![None; days], vec![false; days]);
        for o in &series.observations {
            let Some(day) = o.period.full_day() else { continue };
            let Ok(at) = usize::try_from((day - first).get_days()) else { continue };
            if at < days && !sure[at] {
                counts[at] = Some(o.new_infections.get() as f64);
                community[at] = o.community.map(|c| c.get() as f64);
                sure[at] = !o.may_count_twice;
            }
        }
        places.push(series.place.clone());
        let population = series.population.map(|p| p.get() as f64);
        inputs.push(PlaceInput { counts, community, reported_share: Vec::new(), population });
    }
    // Leading days without any count say nothing.
    let known = (0..days).find(|t| inputs.iter().any(|p| p.counts[*t].is_some())).unwrap_or(0).min(days - 14);
    for place in &mut inputs {
        place.counts.drain(..known);
        place.community.drain(..known);
    }
    let start = first.checked_add(i64::try_from(known)?.days())?;
    let first_weekday = usize::try_from(start.weekday().to_monday_zero_offset())?;
    Ok((places, Input { first_weekday, days: days - known, places: inputs, mixing: None, seed: 1 }))
}
