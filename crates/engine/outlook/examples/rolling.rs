//! Rolling evaluation: how the outlook would have done, day by day, against same-weekday persistence.
//!
//! `cargo run --release -p levee-outlook --example rolling -- packs/shanghai-2022 2022-04-11 2022-05-15`
//!
//! For each origin day the vintage holds the rows known by 24:00 of the day after (figures of a day are published on the
//! next). Truth is what the pack knows at its end. Prints relative WIS by horizon week, coverage and time.
#![allow(clippy::print_stdout, reason = "an example that prints a table")]

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::baseline::{Spread, same_weekday_persistence};
use levee_outlook::score::Summary;
use levee_outlook::{
    CommunityEnd, CommunityUnknown, Config, Flag, LEVELS, Observation, Series, Standing, Vintage, outlook,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

type Failure = Box<dyn Error>;

type CommunityTold = Result<CommunityEnd, CommunityUnknown>;

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
    let [folder, first, last, settings @ ..] = args.as_slice() else {
        return Err("usage: rolling PACK FIRST_ORIGIN LAST_ORIGIN [setting=value …]".into());
    };
    let pack = Pack::read(folder)?;
    let mut config = Config { seed: 1, ..Config::default() };
    for setting in settings {
        set(&mut config, setting)?;
    }
    let (first, last): (Date, Date) = (first.parse()?, last.parse()?);
    evaluate(&pack, first, last, &config)
}

fn set(config: &mut Config, setting: &str) -> Result<(), Failure> {
    let (name, value) = setting.split_once('=').ok_or("a setting is name=value")?;
    match name {
        "persistence_share" => config.persistence_share = value.parse()?,
        "trend_half_life_days" => config.trend_half_life_days = value.parse()?,
        "damping_rise_per_day" => config.damping_rise_per_day = value.parse()?,
        "damping_fall_per_day" => config.damping_fall_per_day = value.parse()?,
        "error_half_life_days" => config.error_half_life_days = value.parse()?,
        "small_count_power" => config.small_count_power = value.parse()?,
        "growth_between_districts" => config.growth_between_districts = value.parse()?,
        "prior_dates" => config.prior_dates = value.parse()?,
        "community_threshold" => {
            config.community_threshold = Some(Persons::new(value.parse()?));
            config.unproven_community_end = true;
        }
        "seed" => config.seed = value.parse()?,
        "paths" => config.paths = value.parse()?,
        _ => return Err(format!("no setting `{name}` here").into()),
    }
    Ok(())
}

/// (group, horizon week) -> forecasts with what came, for ours and the two baselines.
type Pairs = BTreeMap<(&'static str, usize), Vec<([f64; LEVELS], f64)>>;

fn evaluate(pack: &Pack, first: Date, last: Date, config: &Config) -> Result<(), Failure> {
    let truth = pack.truth(last)?;
    let (mut ours, mut pooled, mut own) = (Pairs::new(), Pairs::new(), Pairs::new());
    let (mut spent, mut origins, mut sums) = (Duration::ZERO, 0u32, 0u32);
    let mut origin = first;
    while origin <= last {
        let vintage = pack.vintage(origin)?;
        let start = Instant::now();
        let forecast = outlook(&vintage, config)?;
        spent += start.elapsed();
        origins += 1;
        if let (Some(threshold), Some(city)) = (config.community_threshold, forecast.of(&pack.city)) {
            println!("{origin} {}", pack.community_end(origin, threshold, &city.community_end)?);
        }
        let base_pooled = same_weekday_persistence(&vintage, config.horizon_days, Spread::Pooled)?;
        let base_own = same_weekday_persistence(&vintage, config.horizon_days, Spread::Own)?;
        for series in &forecast.series {
            sums += u32::from(series.flags.contains(&Flag::SumOfDistricts));
            let city = series.place == pack.city;
            let group = if city { "city" } else { "districts" };
            let group = if matches!(series.standing, Standing::Borrowed { .. }) { "borrowed" } else { group };
            for (h, row) in series.quantiles.iter().enumerate() {
                let day = origin.checked_add((i64::try_from(h)? + 1).days())?;
                let Some(observed) = truth.get(&(series.place.clone(), day)) else { continue };
                let base =
                    |b: &BTreeMap<PlaceCode, Vec<[f64; LEVELS]>>| b.get(&series.place).and_then(|r| r.get(h)).copied();
                let key = (group, h / 7 + 1);
                let (p, o) = (base(&base_pooled), base(&base_own));
                if group == "borrowed" {
                    ours.entry(key).or_default().push((*row, *observed));
                } else if let (Some(p), Some(o)) = (p, o) {
                    ours.entry(key).or_default().push((*row, *observed));
                    pooled.entry(key).or_default().push((p, *observed));
                    own.entry(key).or_default().push((o, *observed));
                }
            }
        }
        origin = origin.tomorrow()?;
    }
    println!(
        "{origins} origins {first} to {last}; city made as sum of districts: {sums}; {} places",
        pack.places.len()
    );
    println!(
        "group      week forecasts | WIS (log1p)      | rel. pooled      | rel. own spread  | cover 50   80   95 | baseline 80   95"
    );
    let of = |pairs: &Pairs, key| Summary::of(pairs.get(key).into_iter().flatten().map(|(q, y)| (q, *y)));
    for key in ours.keys() {
        let (us, p, o) = (of(&ours, key), of(&pooled, key), of(&own, key));
        let relative =
            |b: &Summary| us.relative_to(b).map_or("   -        -   ".into(), |(n, l)| format!("{n:6.3} ({l:6.3})"));
        println!(
            "{:10} {:4} {:9} | {:8.1} ({:5.3}) | {} | {} |   {:4.2} {:4.2} {:4.2} |   {:4.2} {:4.2}",
            key.0,
            key.1,
            us.forecasts,
            us.wis,
            us.wis_log1p,
            relative(&p),
            relative(&o),
            us.coverage50,
            us.coverage80,
            us.coverage95,
            p.coverage80,
            p.coverage95
        );
    }
    println!("time per outlook: {:.3} s wall, one thread", spent.as_secs_f64() / f64::from(origins.max(1)));
    Ok(())
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

    /// The end of community spread as foretold on `origin`, and the day on which it came.
    fn community_end(&self, origin: Date, threshold: Persons, told: &CommunityTold) -> Result<String, Failure> {
        let mut found = BTreeMap::new();
        for row in self.rows.iter().filter(|r| r.place == self.city) {
            if let (Some(day), Some(n)) = (row.observation.period.full_day(), row.observation.community) {
                found.insert(day, n.get());
            }
        }
        let mut came = None;
        for h in 1..=28 {
            let day = origin.checked_add(h.days())?;
            let week: Vec<u64> = found.range(day.checked_sub(6.days())?..=day).map(|(_, n)| *n).collect();
            if came.is_none() && week.len() == 7 && week.iter().sum::<u64>() <= threshold.get() {
                came = Some(day);
            }
        }
        let date = |d: Option<Date>| d.map_or("later".to_owned(), |d| d.to_string());
        Ok(match told {
            Ok(end) => format!(
                "came {} | 10 % {} median {} 90 % {} | first sure {} | within horizon {:.2}",
                date(came),
                date(end.low80),
                date(end.median),
                date(end.high80),
                date(end.first_day_90),
                end.probability_within_horizon
            ),
            Err(reason) => format!("came {} | {reason}", date(came)),
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
