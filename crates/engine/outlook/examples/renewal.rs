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

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::renewal::{Input, PlaceInput, Priors, fit};
use levee_outlook::score::Summary;
use levee_outlook::{Config, LEVELS, Observation, Series, Vintage, outlook};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

type Failure = Box<dyn Error>;

/// A count with the moment it became known.
struct Row {
    place: PlaceCode,
    known_at: DateTime,
    observation: Observation,
}

struct Pack {
    city: PlaceCode,
    places: Vec<(PlaceCode, Option<Persons>)>,
    rows: Vec<Row>,
}

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

impl Pack {
    fn read(folder: &str) -> Result<Self, Failure> {
        let mut places = Vec::new();
        let mut city = None;
        for row in table(folder, "areas.csv")? {
            let code: PlaceCode = cell(&row, "code")?.parse()?;
            let population = cell(&row, "population")?.parse().ok().map(Persons::new);
            match cell(&row, "level")? {
                "city" => {
                    city = Some(code.clone());
                    places.insert(0, (code, population));
                }
                "district" => places.push((code, population)),
                _ => {}
            }
        }
        // Units listed apart are added to their district, see `vintage`; others are never added to anything.
        let mut apart = BTreeMap::new();
        for row in table(folder, "reporting_units.csv")? {
            if cell(&row, "kind")? == "apart" {
                apart.insert(cell(&row, "code")?.to_owned(), cell(&row, "within_code")?.parse::<PlaceCode>()?);
            }
        }
        let mut rows = Vec::new();
        for row in table(folder, "infections.csv")? {
            let number = |name: &str| -> Result<Option<u64>, Failure> { Ok(cell(&row, name)?.parse().ok()) };
            let (confirmed, asymptomatic) = (number("confirmed")?, number("asymptomatic")?);
            let (new, twice) = match (number("total")?, confirmed.zip(asymptomatic), number("converted")?) {
                (Some(total), _, _) => (total, false),
                (None, Some((c, a)), converted) => {
                    ((c + a).saturating_sub(converted.unwrap_or(0)), converted.is_none())
                }
                _ => continue,
            };
            let code = cell(&row, "place")?;
            let place = apart.get(code).cloned().map_or_else(|| code.parse(), Ok)?;
            if !places.iter().any(|(p, _)| *p == place) {
                continue;
            }
            rows.push(Row {
                place,
                known_at: cell(&row, "known_at")?.parse()?,
                observation: Observation {
                    period: Period::new(cell(&row, "period_start")?.parse()?, cell(&row, "period_end")?.parse()?)?,
                    new_infections: Persons::new(new),
                    community: number("community")?.map(Persons::new),
                    origin: Origin::Reported,
                    may_count_twice: twice,
                },
            });
        }
        let city = city.ok_or("areas.csv names no city")?;
        Ok(Self { city, places, rows: join_apart(rows, &apart)? })
    }

    fn vintage(&self, origin: Date) -> Result<Vintage, Failure> {
        let midnight = jiff::civil::Time::midnight();
        let end = origin.tomorrow()?.to_datetime(midnight);
        let known_by = origin.checked_add(2.days())?.to_datetime(midnight);
        let series = self.places.iter().map(|(place, population)| Series {
            place: place.clone(),
            population: *population,
            observations: self
                .rows
                .iter()
                .filter(|r| r.place == *place && r.known_at <= known_by && r.observation.period.end() <= end)
                .map(|r| r.observation)
                .collect(),
        });
        Ok(Vintage {
            origin,
            city: self.city.clone(),
            series: series.collect(),
            completeness: levee_outlook::Completeness::complete(),
        })
    }

    /// Full-day counts as known at the end of the pack; of two for a day the one that counts nobody twice. Nothing is read
    /// beyond 28 days after the last origin.
    fn truth(&self, last: Date) -> Result<BTreeMap<(PlaceCode, Date), f64>, Failure> {
        let mut truth = BTreeMap::new();
        let end = last.checked_add(28.days())?;
        let (twice, once): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(|r| r.observation.may_count_twice);
        for row in twice.into_iter().chain(once) {
            if let Some(day) = row.observation.period.full_day().filter(|d| *d <= end) {
                truth.insert((row.place.clone(), day), row.observation.new_infections.get() as f64);
            }
        }
        Ok(truth)
    }
}

/// Adds a unit's count to its district's of the same period and moment; a unit's count alone says nothing of the district.
fn join_apart(rows: Vec<Row>, apart: &BTreeMap<String, PlaceCode>) -> Result<Vec<Row>, Failure> {
    if apart.is_empty() {
        return Ok(rows);
    }
    let mut joined: BTreeMap<(PlaceCode, Period, DateTime, bool), (Row, u32)> = BTreeMap::new();
    let mut out = Vec::new();
    for row in rows {
        if !apart.values().any(|d| *d == row.place) {
            out.push(row);
            continue;
        }
        let key = (row.place.clone(), row.observation.period, row.known_at, row.observation.may_count_twice);
        if let Some((sum, n)) = joined.get_mut(&key) {
            let total = sum.observation.new_infections.checked_add(row.observation.new_infections);
            sum.observation.new_infections = total.ok_or("a sum beyond 64 bits")?;
            *n += 1;
        } else {
            joined.insert(key, (row, 1));
        }
    }
    out.extend(joined.into_values().filter(|(_, n)| *n == 2).map(|(row, _)| row));
    Ok(out)
}

type Table = Vec<BTreeMap<String, String>>;

fn table(folder: &str, name: &str) -> Result<Table, Failure> {
    let path = format!("{folder}/{name}");
    let mut reader = csv::Reader::from_path(&path).map_err(|e| format!("could not read `{path}`: {e}"))?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

fn cell<'a>(row: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str, Failure> {
    row.get(name).map(String::as_str).ok_or_else(|| format!("no column `{name}`").into())
}
