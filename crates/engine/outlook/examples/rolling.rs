//! Rolling evaluation: how the outlook would have done, day by day, against same-weekday persistence.
//!
//! `cargo run --release -p levee-outlook --example rolling -- packs/shanghai-2022 2022-04-11 2022-05-15`
//!
//! For each origin day the vintage holds the rows known by 24:00 of the day after (figures of a day are published on the
//! next). Truth is what the pack knows at its end. Prints relative WIS by horizon week, coverage and time. With
//! `provinces:FILE` each province is a city of its own, on the origins on which it had 50 cases in a week.
#![allow(clippy::print_stdout, reason = "an example that prints a table")]

#[path = "common/pack.rs"]
mod pack;
#[path = "common/provinces.rs"]
mod provinces;

use jiff::ToSpan;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use levee_outlook::baseline::{Spread, same_weekday_persistence};
use levee_outlook::score::{Summary, wis, wis_log1p};
use levee_outlook::{CommunityEnd, CommunityUnknown, Config, LEVELS, Observation, Standing, Vintage, outlook};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pack::{Pack, Row};

type Failure = Box<dyn Error>;

type CommunityTold = Result<CommunityEnd, CommunityUnknown>;

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
}
