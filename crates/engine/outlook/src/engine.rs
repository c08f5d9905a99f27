//! From a vintage to an outlook: read the days, fit the members, draw the paths, add up, answer.

use crate::answer::{CommunityUnknown, Draws, Flag, Growth, Outlook, SeriesOutlook, Standing, WhyUnknown};
use crate::community;
use crate::config::Config;
use crate::daily::{Calendar, Daily};
use crate::ensemble::Prior;
use crate::ensemble::features::{Pull, Signals};
use crate::ensemble::fit::Fitted;
use crate::ensemble::joint::{self, Grid, Own};
use crate::ensemble::weekday::Weekdays;
use crate::generation::Generation;
use crate::growth::Fit;
use crate::quantile::{self, LEVELS};
use crate::renewal::{Convergence, NotFitted};
use crate::reproduction::{self, Reproduction};
use crate::share::{self, Share};
use crate::vintage::{OutlookRefusal, Series, Vintage};
use jiff::ToSpan;
use levee_model::area::PlaceCode;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Sums of districts and the city's own counts may differ by so much over the last common days and still be one series.
/// Shanghai 2022: equal on all but one day from 18 March on.
const ADDS_UP: f64 = 0.05;
/// Common days that the comparison needs, and those it looks at.
const COMMON_DAYS: (usize, usize) = (3, 14);
/// Fewer dates with own errors than this, and the reader is told.
const FEW_ERRORS: u32 = 14;
/// Days that a forecast goes back to find a week of which four days are known.
const LOOK_BACK: usize = 14;
const WEEK: usize = 7;
/// 80 % of a normal distribution lie within so many standard deviations.
const Z80: f64 = 1.281_551_565_544_6;

/// Forecasts every place of a vintage.
///
/// A place that cannot be forecast says why and stops no other. Refused are only vintages without any count, with counts
/// from after the origin or two series for one place, and settings outside their range.
pub fn outlook(vintage: &Vintage, config: &Config) -> Result<Outlook, OutlookRefusal> {
    config.check()?;
    let horizon = i64::from(config.horizon_days);
    let too_far = || OutlookRefusal::OutOfCalendar { origin: vintage.origin, days: config.horizon_days };
    vintage.origin.checked_add(horizon.days()).map_err(|_| too_far())?;
    let first_day = vintage.origin.tomorrow().map_err(|_| too_far())?;
    check(vintage)?;
    let vintage = with_city(vintage);
    let calendar = Calendar::of(&vintage, config)?;
    let daily: Vec<Daily> = vintage.series.iter().map(|s| Daily::of(s, &calendar, &vintage.completeness)).collect();
    let mut run = Run::new(&vintage, config, calendar, daily);
    run.forecast_from_themselves();
    run.city_from_districts();
    run.borrow_from_city();
    let renewal = run.reproduce();
    let error_dates = run.error_dates;
    let (series, draws) = run.answers();
    Ok(Outlook {
        origin: vintage.origin,
        first_day,
        horizon_days: config.horizon_days,
        series,
        draws,
        seed: config.seed,
        engine: crate::ENGINE,
        members: config.members(),
        error_dates,
        renewal,
        generation: config.generation.clone().unwrap_or_else(Generation::cited_default),
        generation_is_default: config.generation.is_none(),
    })
}

fn check(vintage: &Vintage) -> Result<(), OutlookRefusal> {
    let origin = vintage.origin;
    if vintage.series.iter().all(|s| s.observations.is_empty()) {
        return Err(OutlookRefusal::Empty { origin });
    }
    let mut seen = BTreeSet::new();
    for series in &vintage.series {
        if !seen.insert(&series.place) {
            return Err(OutlookRefusal::Twice { place: series.place.clone() });
        }
        for o in &series.observations {
            // The end is not part of a period: one that ends at 00:00 of the next day lies before it.
            if o.period.end()
                > origin.tomorrow().map_or(o.period.end(), |d| d.to_datetime(jiff::civil::Time::midnight()))
            {
                return Err(OutlookRefusal::AfterOrigin { place: series.place.clone(), period: o.period, origin });
            }
        }
    }
    Ok(())
}

/// The vintage with a city series, an empty one if it had none.
fn with_city(vintage: &Vintage) -> Cow<'_, Vintage> {
    if vintage.series.iter().any(|s| s.place == vintage.city) {
        return Cow::Borrowed(vintage);
    }
    let mut whole = vintage.clone();
    whole.series.insert(0, Series { place: vintage.city.clone(), population: None, observations: Vec::new() });
    Cow::Owned(whole)
}

/// Everything about one place while the outlook is being made.
struct Place {
    standing: Standing,
    flags: Vec<Flag>,
    growth: Option<Growth>,
    reproduction: Option<Reproduction>,
    /// All paths, one after another; empty while unknown.
    paths: Vec<u64>,
}

struct Run<'a> {
    vintage: &'a Vintage,
    config: &'a Config,
    calendar: Calendar,
    daily: Vec<Daily>,
    /// Newest usable day by place, or why there is none.
    usable: Vec<Result<usize, WhyUnknown>>,
    places: Vec<Place>,
    city: usize,
    error_dates: u32,
}

/// What is said of a place beside its paths.
struct About {
    place: usize,
    fit: Fit,
    own_dates: u32,
}

impl<'a> Run<'a> {
    fn new(vintage: &'a Vintage, config: &'a Config, calendar: Calendar, daily: Vec<Daily>) -> Self {
        let usable: Vec<_> = daily.iter().map(|d| d.usable(&calendar, config)).collect();
        let places = daily
            .iter()
            .zip(&usable)
            .map(|(d, u)| Place {
                standing: match u {
                    Ok(_) => Standing::Own,
                    Err(reason) => Standing::Unknown { reason: reason.clone() },
                },
                flags: d.flags.clone(),
                growth: None,
                reproduction: None,
                paths: Vec::new(),
            })
            .collect();
        let city = vintage.series.iter().position(|s| s.place == vintage.city).unwrap_or(0);
        Self { vintage, config, calendar, daily, usable, places, city, error_dates: 0 }
    }

    /// Every place with enough recent full days, all on joint paths.
    fn forecast_from_themselves(&mut self) {
        let own: Vec<usize> =
            (0..self.daily.len()).filter(|p| self.usable.get(*p).is_some_and(Result::is_ok)).collect();
        let districts: Vec<usize> = own.iter().copied().filter(|p| *p != self.city).collect();
        let city: Vec<usize> = own.iter().copied().filter(|p| *p == self.city).collect();
        let weekdays = {
            let panel = if districts.is_empty() { &city } else { &districts };
            let counts: Vec<&[Option<f64>]> =
                panel.iter().filter_map(|p| Some(self.daily.get(*p)?.counts.as_slice())).collect();
            Weekdays::of(&counts)
        };
        let half_life = self.config.trend_half_life_days;
        // What districts' growth is drawn to: the city's own series, or the sum of the districts on days all are known.
        let whole = if city.is_empty() { self.sums(&own) } else { self.daily[self.city].counts.clone() };
        let whole = Signals::of(&weekdays.taken_off(&whole), half_life, None);
        let pull = Pull { share: self.config.city_pull, growth_sd: self.config.growth_between_districts };
        let mut places = self.panel(&districts, &weekdays, Some((&whole, pull)));
        places.extend(self.panel(&city, &weekdays, None));
        let size = self.config.paths as usize * self.config.horizon_days as usize;
        let mut paths: Vec<Vec<u64>> = places.iter().map(|_| Vec::with_capacity(size)).collect();
        let mut capped = vec![false; places.len()];
        let (joint, about): (Vec<Own>, Vec<About>) = places.into_iter().unzip();
        for k in 0..self.config.paths {
            for (was, is) in capped.iter_mut().zip(joint::path(&joint, self.config, k, &mut paths)) {
                *was |= is;
            }
        }
        self.error_dates = about.iter().map(|a| a.own_dates).max().unwrap_or(0);
        for ((about, paths), capped) in about.into_iter().zip(paths).zip(capped) {
            let Some(place) = self.places.get_mut(about.place) else { continue };
            place.paths = paths;
            let wide = Z80 * about.fit.slope_se;
            let slope = about.fit.slope;
            place.growth = Some(Growth { per_day: slope, low80: slope - wide, high80: slope + wide });
            if about.own_dates < FEW_ERRORS {
                place.flags.push(Flag::FewErrors { own_dates: about.own_dates });
            }
            if capped {
                place.flags.push(Flag::CappedByPopulation);
            }
        }
    }

    /// Fits the members to places of one kind and gives each its counts by day and normal number.
    fn panel(&self, places: &[usize], weekdays: &Weekdays, city: Option<(&Signals, Pull)>) -> Vec<(Own, About)> {
        let half_life = self.config.trend_half_life_days;
        let prior = self.config.prior.as_deref().unwrap_or_else(|| Prior::built_in());
        let read = |counts: &[Option<f64>]| Signals::of(&weekdays.taken_off(counts), half_life, city);
        let signals: Vec<Signals> = places.iter().map(|p| read(&self.daily[*p].counts)).collect();
        let fitted = Fitted::new(&signals.iter().collect::<Vec<_>>(), prior, self.config);
        let last = self.calendar.days - 1;
        let grid = |signals: &Signals, newest: usize| {
            // A week of which too little is known is looked for a little further back.
            let from = (newest.saturating_sub(LOOK_BACK)..=newest).rev().find(|t| signals.mean[*t].is_some())?;
            let mut grid = Grid::default();
            for day in last + 1..=last + self.config.horizon_days as usize {
                grid.push(&fitted.quantiles(signals, from, day - from)?, weekdays.at(day));
            }
            Some(grid)
        };
        let mut out = Vec::new();
        for (p, own) in places.iter().zip(&signals) {
            let daily = &self.daily[*p];
            let Ok(newest) = self.usable[*p] else { continue };
            let (Some(fit), Some(all)) = (own.trend[newest], grid(own, newest)) else { continue };
            let without_newest = daily.jumped.then(|| {
                let mut counts = daily.counts.clone();
                counts[newest] = None;
                let before = (0..newest).rev().find(|t| counts[*t].is_some())?;
                grid(&read(&counts), before)
            });
            let rows =
                (0..last.saturating_sub(WEEK)).filter(|t| own.mean[*t].is_some() && own.log[*t + WEEK].is_some());
            let about = About { place: *p, fit, own_dates: u32::try_from(rows.count()).unwrap_or(u32::MAX) };
            let own = Own {
                place: u16::try_from(*p).unwrap_or(u16::MAX),
                city: *p == self.city,
                age: last - newest,
                population: daily.population,
                grid: all,
                without_newest: without_newest.flatten(),
            };
            out.push((own, about));
        }
        out
    }

    /// Sum of the places' counts on each day that all of them are known.
    fn sums(&self, places: &[usize]) -> Vec<Option<f64>> {
        let at = |day: usize| {
            places
                .iter()
                .map(|p| self.daily.get(*p).and_then(|d| d.counts.get(day).copied().flatten()))
                .sum::<Option<f64>>()
        };
        (0..self.calendar.days).map(|day| if places.is_empty() { None } else { at(day) }).collect()
    }

    fn districts(&self) -> Vec<usize> {
        (0..self.places.len()).filter(|p| *p != self.city).collect()
    }

    /// If every district is forecast from itself and they add up to the city, the city's paths are their sums.
    fn city_from_districts(&mut self) {
        let districts = self.districts();
        let unknown = districts.iter().filter(|p| self.places.get(**p).is_none_or(|d| d.paths.is_empty())).count();
        let city_known = self.places.get(self.city).is_some_and(|c| !c.paths.is_empty());
        if districts.is_empty() {
            return;
        }
        if unknown > 0 {
            let some_own = unknown < districts.len();
            if let Some(city) = self.places.get_mut(self.city).filter(|_| !city_known && some_own) {
                let unknown = u32::try_from(unknown).unwrap_or(u32::MAX);
                city.standing = Standing::Unknown { reason: WhyUnknown::DistrictsUnknown { unknown } };
            }
            return;
        }
        let ratio = self.districts_over_city(&districts);
        let adds_up = match ratio {
            Some(ratio) => (ratio - 1.0).abs() <= ADDS_UP,
            None => !city_known,
        };
        if let Some(ratio) = ratio.filter(|_| !adds_up) {
            self.flag_city(Flag::DistrictsDoNotAddUp { ratio });
        }
        if city_known && !adds_up {
            return;
        }
        self.cap_at_city(&districts);
        let size = self.config.paths as usize * self.config.horizon_days as usize;
        let mut sum = vec![0u64; size];
        for p in &districts {
            for (total, one) in sum.iter_mut().zip(self.places.get(*p).map_or(&[][..], |d| &d.paths)) {
                *total = total.saturating_add(*one);
            }
        }
        if let Some(city) = self.places.get_mut(self.city) {
            city.paths = sum;
            city.standing = Standing::Own;
        }
        self.flag_city(Flag::SumOfDistricts);
    }

    fn flag_city(&mut self, flag: Flag) {
        if let Some(city) = self.places.get_mut(self.city) {
            city.flags.push(flag);
        }
    }

    /// Districts' sum over the city's own counts on the newest common days; `None` with fewer than three such days.
    fn districts_over_city(&self, districts: &[usize]) -> Option<f64> {
        let own = &self.daily.get(self.city)?.counts;
        let (mut of_districts, mut of_city, mut days) = (0.0, 0.0, 0);
        for (sum, city) in self.sums(districts).iter().zip(own).rev() {
            if let (Some(sum), Some(city)) = (sum, city) {
                of_districts += sum;
                of_city += city;
                days += 1;
                if days == COMMON_DAYS.1 {
                    break;
                }
            }
        }
        // Half a case on both sides: 0 over 0 adds up.
        (days >= COMMON_DAYS.0).then(|| (of_districts + 0.5) / (of_city + 0.5))
    }

    /// A city has no more residents to infect than its own figure says, whatever its districts' figures add up to.
    fn cap_at_city(&mut self, districts: &[usize]) {
        let Some(population) = self.vintage.series.get(self.city).and_then(|s| s.population) else { return };
        let horizon = self.config.horizon_days as usize;
        let mut capped = false;
        for k in 0..self.config.paths as usize {
            let mut left = population.get();
            for at in k * horizon..(k + 1) * horizon {
                for p in districts {
                    if let Some(count) = self.places.get_mut(*p).and_then(|d| d.paths.get_mut(at)) {
                        capped |= *count > left;
                        *count = (*count).min(left);
                        left -= *count;
                    }
                }
            }
        }
        if capped {
            self.flag_city(Flag::CappedByPopulation);
        }
    }

    /// Districts without a series of their own take their share of the city's paths.
    fn borrow_from_city(&mut self) {
        let borrowers: Vec<usize> =
            self.districts().into_iter().filter(|p| self.places.get(*p).is_some_and(|d| d.paths.is_empty())).collect();
        if borrowers.is_empty() {
            return;
        }
        let shares = share::shares(self.vintage, self.config);
        let city_known = self.places.get(self.city).is_some_and(|c| !c.paths.is_empty());
        for p in &borrowers {
            let (Some(share), Some(place)) = (shares.get(p), self.places.get_mut(*p)) else { continue };
            // Full days of its own that are too few or too old say more than a city that is unknown too.
            if !city_known && !share.part_day_only {
                continue;
            }
            place.flags.push(Flag::ListAge { days: share.age_days, part_day_only: share.part_day_only });
            place.standing = if city_known {
                Standing::Borrowed { from: self.vintage.city.clone() }
            } else {
                Standing::Unknown { reason: WhyUnknown::NothingToBorrow }
            };
        }
        if city_known {
            self.split_city(&borrowers, &shares);
        }
    }

    fn split_city(&mut self, borrowers: &[usize], shares: &BTreeMap<usize, Share>) {
        let horizon = self.config.horizon_days as usize;
        let city = self.places.get(self.city).map(|c| c.paths.clone()).unwrap_or_default();
        for (k, path) in (0u32..).zip(city.chunks_exact(horizon)) {
            let split = share::split(path, shares, self.config, k);
            for (p, mut path) in shares.keys().zip(split) {
                let population = self.vintage.series.get(*p).and_then(|s| s.population);
                let Some(place) = self.places.get_mut(*p).filter(|_| borrowers.contains(p)) else { continue };
                let mut left = population.map_or(u64::MAX, |n| n.get());
                for count in &mut path {
                    if *count > left && !place.flags.contains(&Flag::CappedByPopulation) {
                        place.flags.push(Flag::CappedByPopulation);
                    }
                    *count = (*count).min(left);
                    left -= *count;
                }
                place.paths.extend_from_slice(&path);
            }
        }
    }

    /// R and nowcast of every place that is forecast from itself.
    fn reproduce(&mut self) -> Vec<Result<Convergence, NotFitted>> {
        let own = |p: &usize| self.usable.get(*p).is_some_and(Result::is_ok);
        let (districts, city): (Vec<usize>, Vec<usize>) =
            (0..self.daily.len()).filter(own).partition(|p| *p != self.city);
        let mut went = Vec::new();
        if !self.config.reproduction {
            return went;
        }
        for panel in [districts, city].iter().filter(|panel| !panel.is_empty()) {
            let daily: Vec<&Daily> = panel.iter().filter_map(|p| self.daily.get(*p)).collect();
            went.push(reproduction::fit(&daily, &self.calendar, self.config).map(|fit| {
                for (i, p) in panel.iter().enumerate() {
                    if let Some(place) = self.places.get_mut(*p) {
                        place.reproduction = fit.of(i, &self.calendar);
                    }
                }
                fit.convergence().clone()
            }));
        }
        went
    }

    fn answers(self) -> (Vec<SeriesOutlook>, Draws) {
        let horizon = self.config.horizon_days as usize;
        let mut by_place: BTreeMap<PlaceCode, Vec<u64>> = BTreeMap::new();
        let mut answers = Vec::new();
        for (p, (place, series)) in self.places.into_iter().zip(&self.vintage.series).enumerate() {
            let own = place.standing == Standing::Own;
            let community_end = match self.daily.get(p).filter(|_| own && !place.paths.is_empty()) {
                Some(daily) => {
                    let number = u16::try_from(p).unwrap_or(u16::MAX);
                    community::end(daily, self.vintage.origin, place.paths.chunks_exact(horizon), number, self.config)
                }
                None => Err(CommunityUnknown::NoForecast),
            };
            answers.push(SeriesOutlook {
                place: series.place.clone(),
                quantiles: quantiles(&place.paths, horizon),
                standing: place.standing,
                flags: place.flags,
                growth: place.growth,
                reproduction: place.reproduction,
                community_end,
            });
            if !place.paths.is_empty() {
                by_place.insert(series.place.clone(), place.paths);
            }
        }
        (answers, Draws { days: horizon, paths: self.config.paths as usize, by_place })
    }
}

fn quantiles(paths: &[u64], horizon: usize) -> Vec<[f64; LEVELS]> {
    if paths.is_empty() {
        return Vec::new();
    }
    (0..horizon)
        .map(|day| {
            let mut sample: Vec<f64> = paths.iter().skip(day).step_by(horizon).map(|c| *c as f64).collect();
            quantile::all(&mut sample)
        })
        .collect()
}
