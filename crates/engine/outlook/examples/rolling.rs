//! Rolling evaluation: how the outlook would have done, day by day, against same-weekday persistence.
//!
//! `cargo run --release -p levee-outlook --example rolling -- packs/shanghai-2022 2022-04-11 2022-05-15`
//!
//! For each origin day the vintage holds the rows known by 24:00 of the day after (figures of a day are published on the
//! next). Truth is what the pack knows at its end. Prints relative WIS by horizon week, coverage and time. With
//! `provinces:FILE` each province is a city of its own, on the origins on which it had 50 cases in a week.
#![allow(clippy::print_stdout, reason = "an example that prints a table")]

#[path = "common/provinces.rs"]
mod provinces;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::baseline::{Spread, same_weekday_persistence};
use levee_outlook::score::{Summary, wis, wis_log1p};
use levee_outlook::{CommunityEnd, CommunityUnknown, Config, LEVELS, Observation, Series, Standing, Vintage, outlook};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
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
    /// Origins without 50 cases in their week are passed over.
    only_active: bool,
}

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [source, first, last, settings @ ..] = args.as_slice() else {
        return Err("usage: rolling PACK|provinces:FILE FIRST_ORIGIN LAST_ORIGIN [every=DAYS] [setting=value …]".into());
    };
    let packs = match source.strip_prefix("provinces:") {
        Some(file) => provinces::read(file)?.iter().map(|(name, days)| Pack::of_province(name, days)).collect(),
        None => Pack::read(source).map(|pack| vec![pack]),
    }?;
    let mut config = Config { seed: 1, ..Config::default() };
    let mut every = 1;
    for setting in settings {
        match setting.strip_prefix("every=") {
            Some(days) => every = days.parse()?,
            None => set(&mut config, setting)?,
        }
    }
    let (first, last): (Date, Date) = (first.parse()?, last.parse()?);
    let origins: Vec<Date> = first.series(1.day()).take_while(|d| *d <= last).step_by(every).collect();
    let (mut groups, mut spent) = (Groups::new(), Duration::ZERO);
    for pack in &packs {
        spent += evaluate(pack, &origins, &config, &mut groups)?;
    }
    println!(
        "{} origins {first} to {last}, {} places",
        origins.len(),
        packs.iter().map(|p| p.places.len()).sum::<usize>()
    );
    print(&groups);
    println!("time for all outlooks: {:.3} s wall, one thread", spent.as_secs_f64());
    Ok(())
}

fn set(config: &mut Config, setting: &str) -> Result<(), Failure> {
    let (name, value) = setting.split_once('=').ok_or("a setting is name=value")?;
    match name {
        "pooled_dates" => config.pooled_dates = value.parse()?,
        "learning_dates" => config.learning_dates = value.parse()?,
        "spread_dates" => config.spread_dates = value.parse()?,
        "learning_half_life_days" => config.learning_half_life_days = value.parse()?,
        "trend_share" => config.trend_share = value.parse()?,
        "narrowing" => config.narrowing = value.parse()?,
        "city_pull" => config.city_pull = value.parse()?,
        "trend_half_life_days" => config.trend_half_life_days = value.parse()?,
        "damping_rise_per_day" => config.damping_rise_per_day = value.parse()?,
        "damping_fall_per_day" => config.damping_fall_per_day = value.parse()?,
        "growth_between_districts" => config.growth_between_districts = value.parse()?,
        // FILE:LAST_DAY:PLACE,PLACE: another prior than the built-in one, see the example `prior`.
        "prior" => {
            let parts: Vec<&str> = value.split(':').collect();
            let [file, until, without] = parts.as_slice() else { return Err("prior=FILE:LAST_DAY:PLACE,PLACE".into()) };
            config.prior = Some(Arc::new(provinces::learn(file, until.parse()?, without, config)?));
        }
        "community_threshold" => {
            config.community_threshold = Some(Persons::new(value.parse()?));
            config.unproven_community_end = true;
        }
        "horizon_days" => config.horizon_days = value.parse()?,
        "seed" => config.seed = value.parse()?,
        "paths" => config.paths = value.parse()?,
        _ => return Err(format!("no setting `{name}` here").into()),
    }
    Ok(())
}

/// A forecast, ours and the two baselines', with what came.
struct Scored {
    origin: Date,
    ours: [f64; LEVELS],
    baselines: Option<[[f64; LEVELS]; 2]>,
    came: f64,
}

/// (group, horizon week) -> forecasts.
type Groups = BTreeMap<(&'static str, usize), Vec<Scored>>;

fn evaluate(pack: &Pack, origins: &[Date], config: &Config, groups: &mut Groups) -> Result<Duration, Failure> {
    let truth = pack.truth(origins.last().copied().ok_or("no origin")?)?;
    let mut spent = Duration::ZERO;
    for origin in origins {
        let vintage = pack.vintage(*origin)?;
        if pack.only_active && !active(&vintage) {
            continue;
        }
        let start = Instant::now();
        let forecast = outlook(&vintage, config)?;
        spent += start.elapsed();
        if let (Some(threshold), Some(city)) = (config.community_threshold, forecast.of(&pack.city)) {
            println!("{origin} {}", pack.community_end(*origin, threshold, &city.community_end)?);
        }
        let persistence = same_weekday_persistence(&vintage, config.horizon_days, Spread::Pooled)?;
        let drifting = same_weekday_persistence(&vintage, config.horizon_days, Spread::Drifting)?;
        for series in &forecast.series {
            let group = if series.place == pack.city { "city" } else { "districts" };
            let borrowed = matches!(series.standing, Standing::Borrowed { .. });
            for (h, row) in series.quantiles.iter().enumerate() {
                let day = origin.checked_add((i64::try_from(h)? + 1).days())?;
                let Some(came) = truth.get(&(series.place.clone(), day)) else { continue };
                let base =
                    |b: &BTreeMap<PlaceCode, Vec<[f64; LEVELS]>>| b.get(&series.place).and_then(|r| r.get(h)).copied();
                let baselines = base(&persistence).zip(base(&drifting)).map(|(p, d)| [p, d]);
                if !borrowed && baselines.is_none() {
                    continue;
                }
                let baselines = baselines.filter(|_| !borrowed);
                for group in if borrowed { ["borrowed", ""] } else { [group, "together"] } {
                    let scored = Scored { origin: *origin, ours: *row, baselines, came: *came };
                    groups.entry((group, h / 7 + 1)).or_default().push(scored);
                }
            }
        }
    }
    Ok(spent)
}

/// Whether the newest week has 50 cases: quiet provinces say nothing of forecasts.
fn active(vintage: &Vintage) -> bool {
    let week = vintage.origin.checked_sub(6.days()).unwrap_or(vintage.origin);
    let newest = vintage.series.iter().flat_map(|s| &s.observations);
    newest.filter(|o| o.period.start().date() >= week).map(|o| o.new_infections.get()).sum::<u64>() >= 50
}

fn print(groups: &Groups) {
    println!(
        "group      week forecasts | WIS (log1p)      | rel. persistence, 90 % by blocks of origins          | rel. drifting    | cover 50   80   95 | baseline 80"
    );
    for ((group, week), scored) in groups.iter().filter(|((group, _), _)| !group.is_empty()) {
        let us = Summary::of(scored.iter().map(|s| (&s.ours, s.came)));
        let base =
            |which: usize| Summary::of(scored.iter().filter_map(|s| Some((&s.baselines.as_ref()?[which], s.came))));
        let relative =
            |b: &Summary| us.relative_to(b).map_or("   -        -   ".into(), |(n, l)| format!("{n:6.3} ({l:6.3})"));
        let (natural, log) =
            (bootstrap(scored, |q, y| wis(q, y).total), bootstrap(scored, |q, y| wis_log1p(q, y).total));
        println!(
            "{group:10} {week:4} {:9} | {:8.1} ({:5.3}) | {} {natural} {log} | {} |   {:4.2} {:4.2} {:4.2} |   {:4.2}",
            us.forecasts,
            us.wis,
            us.wis_log1p,
            relative(&base(0)),
            relative(&base(1)),
            us.coverage50,
            us.coverage80,
            us.coverage95,
            base(0).coverage80
        );
    }
}

/// 5 % and 95 % points of the ratio to persistence when blocks of 5 origins are drawn anew, 1,000 times.
fn bootstrap(scored: &[Scored], score: impl Fn(&[f64; LEVELS], f64) -> f64) -> String {
    let mut by_origin: BTreeMap<Date, (f64, f64)> = BTreeMap::new();
    for s in scored {
        let Some([base, _]) = &s.baselines else { continue };
        let sums = by_origin.entry(s.origin).or_default();
        sums.0 += score(&s.ours, s.came);
        sums.1 += score(base, s.came);
    }
    let origins: Vec<(f64, f64)> = by_origin.into_values().collect();
    if origins.is_empty() {
        return "-".into();
    }
    let mut state = 20_221_127u64;
    let mut ratios: Vec<f64> = (0..1000)
        .map(|_| {
            let (mut ours, mut base) = (0.0, 0.0);
            for _ in 0..origins.len().div_ceil(5) {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let from = usize::try_from(state >> 33).unwrap_or(0) % origins.len();
                for i in 0..5 {
                    let (o, b) = origins[(from + i) % origins.len()];
                    ours += o;
                    base += b;
                }
            }
            ours / base
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    format!("[{:.2}-{:.2}]", ratios[50], ratios[949])
}

impl Pack {
    /// A province as a city of its own; counts are known on the next day.
    fn of_province(name: &str, counts: &BTreeMap<Date, f64>) -> Result<Self, Failure> {
        let place: PlaceCode = name.to_lowercase().replace(' ', "-").parse()?;
        let mut rows = Vec::new();
        for (day, count) in counts {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole persons below a million"
            )]
            let new_infections = Persons::new(*count as u64);
            rows.push(Row {
                place: place.clone(),
                known_at: day.checked_add(2.days())?.to_datetime(jiff::civil::Time::midnight()),
                observation: Observation {
                    period: Period::full_day_of(*day).ok_or("no such day")?,
                    new_infections,
                    community: None,
                    origin: Origin::Reported,
                    may_count_twice: false,
                },
            });
        }
        Ok(Self { city: place.clone(), places: vec![(place, None)], rows, only_active: true })
    }

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
        Ok(Self { city, places, rows: join_apart(rows, &apart)?, only_active: false })
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
