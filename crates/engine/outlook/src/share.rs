//! Districts without daily counts: their share of the city, from the newest lists, times the city's paths.
//!
//! A list is all districts' counts for one period. Lists for a part of a day count here, against the city's count for the
//! same part; nowhere else. A list that adds up to the city's figure is whole, so who is absent from it had none.

use crate::config::Config;
use crate::daily::days_between;
use crate::random::{Purpose, Stream};
use crate::vintage::Vintage;
use levee_model::time::Period;
use std::collections::{BTreeMap, BTreeSet};

/// A list this close to the city's figure for the period is whole. The pairs of lists and totals of Chongqing 2022 agree
/// exactly or, where conversions were not taken off the list, within 1 %; a list that was cut falls much shorter.
const WHOLE: f64 = 0.05;
/// Without a city figure, a list of two or more that holds this share of the districts ever listed stands for the city.
const MOST: f64 = 0.8;
/// Days after which a list weighs half as much as the newest. Judgement: shares move within a week.
const HALF_LIFE_DAYS: f64 = 3.0;
/// Half a case for every district, so that none in a list is not none for ever (Jeffreys 1946 for a multinomial).
const HALF_A_CASE: f64 = 0.5;
/// What one day's list differs from the share behind it beyond counting noise (standard deviation of the logarithm): half of
/// the 0.29 that `Config::share_drift_per_day` names for a lag of no days.
const LIST_SD: f64 = 0.38;
/// What a part of a day may differ from the whole one (log scale): rounds end at different hours in different districts.
/// Judgement; eight part-day lists without their full day give nothing to measure it on.
const PART_DAY_SD: f64 = 0.2;

/// A district's share of the city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    /// Between 0 and 1; all districts' add up to at most 1.
    pub(crate) share: f64,
    /// Standard deviation of its logarithm at the origin.
    pub(crate) log_sd: f64,
    /// Days from the newest list to the origin.
    pub(crate) age_days: u32,
    /// No list covers a full day.
    pub(crate) part_day_only: bool,
}

/// Shares by number of the series, for every district that a usable list speaks of.
pub(crate) fn shares(vintage: &Vintage, config: &Config) -> BTreeMap<usize, Share> {
    let districts: BTreeSet<usize> =
        (0..vintage.series.len()).filter(|i| vintage.series.get(*i).is_some_and(|s| s.place != vintage.city)).collect();
    let mut lists: BTreeMap<Period, BTreeMap<usize, f64>> = BTreeMap::new();
    let mut totals: BTreeMap<Period, f64> = BTreeMap::new();
    for (i, series) in vintage.series.iter().enumerate() {
        for o in &series.observations {
            let age = days_between(o.period.start().date(), vintage.origin);
            if age > i64::from(config.list_max_age_days)
                || (o.period.full_day().is_none() && o.period.part_day().is_none())
            {
                continue;
            }
            let count = o.new_infections.get() as f64;
            // Of two figures for one period, the newest that counts nobody twice, else the first.
            let known = if series.place == vintage.city {
                totals.entry(o.period).or_insert(count)
            } else {
                lists.entry(o.period).or_default().entry(i).or_insert(count)
            };
            if !o.may_count_twice {
                *known = count;
            }
        }
    }
    // A district that no list ever named makes no list less whole.
    let listed: BTreeSet<usize> = lists.values().flat_map(|list| list.keys().copied()).collect();
    let (mut evidence, mut any_whole) = (BTreeMap::<usize, Vec<Evidence>>::new(), false);
    for (period, list) in &lists {
        let sum: f64 = list.values().sum();
        let most = list.len() > 1 && list.len() as f64 >= MOST * listed.len() as f64;
        let (total, whole) = match totals.get(period) {
            Some(total) => (*total, *total > 0.0 && (sum / total - 1.0).abs() <= WHOLE),
            None if most => (sum, true),
            None => continue,
        };
        if total <= 0.0 {
            continue;
        }
        any_whole |= whole;
        let age = u32::try_from(days_between(period.start().date(), vintage.origin)).unwrap_or(0);
        // Only against the city's own figure is nothing left for those that no list ever named.
        let spoken_of = if totals.contains_key(period) { &districts } else { &listed };
        for d in spoken_of {
            let count = match list.get(d) {
                Some(count) => count.min(total),
                None if whole => 0.0,
                None => continue,
            };
            let full_day = period.full_day().is_some();
            evidence.entry(*d).or_default().push(Evidence { count, total, age, full_day });
        }
    }
    let mut shares: BTreeMap<usize, Share> =
        evidence.iter().map(|(d, e)| (*d, share_from(e, districts.len(), config))).collect();
    let sum: f64 = shares.values().map(|s| s.share).sum();
    if any_whole || sum > 1.0 {
        for share in shares.values_mut() {
            share.share /= sum;
        }
    }
    shares
}

struct Evidence {
    count: f64,
    total: f64,
    age: u32,
    full_day: bool,
}

fn share_from(evidence: &[Evidence], districts: usize, config: &Config) -> Share {
    let age_days = evidence.iter().map(|e| e.age).min().unwrap_or(0);
    let (mut cases, mut of) = (HALF_A_CASE, HALF_A_CASE * districts as f64);
    let mut lists = 0.0;
    for e in evidence {
        let weight = (-f64::from(e.age - age_days) / HALF_LIFE_DAYS).exp2();
        lists += weight;
        cases += weight * e.count;
        of += weight * e.total;
    }
    let part_day_only = evidence.iter().all(|e| !e.full_day);
    let drift = config.share_drift_per_day;
    let part = if part_day_only { PART_DAY_SD * PART_DAY_SD } else { 0.0 };
    let log_sd = (drift * drift * f64::from(age_days) + 1.0 / cases + LIST_SD * LIST_SD / lists + part).sqrt();
    Share { share: cases / of, log_sd, age_days, part_day_only }
}

/// Splits one path of the city, day by day, into whole persons for each district with a share.
///
/// What the shares leave over stays with districts that nobody listed. Districts with shares that add up to 1 get exactly
/// the city's path.
pub(crate) fn split(city: &[u64], shares: &BTreeMap<usize, Share>, config: &Config, path: u32) -> Vec<Vec<u64>> {
    let mut stream = Stream::new(config.seed, Purpose::Shares, path, 0);
    let mut drift: Vec<f64> = shares.values().map(|s| s.log_sd * stream.normal()).collect();
    let elsewhere = (1.0 - shares.values().map(|s| s.share).sum::<f64>()).max(0.0);
    let elsewhere = if elsewhere < 1e-9 { 0.0 } else { elsewhere };
    let mut out = vec![Vec::with_capacity(city.len()); shares.len()];
    for day in city {
        for d in &mut drift {
            *d += config.share_drift_per_day * stream.normal();
        }
        let weights: Vec<f64> =
            shares.values().zip(&drift).map(|(s, d)| s.share * (d + LIST_SD * stream.normal()).exp()).collect();
        let total = weights.iter().sum::<f64>() + elsewhere;
        // Systematic rounding (one uniform number for the whole row): whole persons, unbiased, and the sum is kept.
        let start = stream.uniform();
        let (mut sum, mut given) = (0.0, 0u64);
        let last = weights.len().checked_sub(1).filter(|_| elsewhere <= 0.0);
        for (i, (weight, out)) in weights.iter().zip(&mut out).enumerate() {
            sum += if total > 0.0 { weight / total } else { 0.0 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and `day`")]
            let up_to =
                if last == Some(i) { *day } else { ((*day as f64 * sum + start).floor() as u64).clamp(given, *day) };
            out.push(up_to - given);
            given = up_to;
        }
    }
    out
}
