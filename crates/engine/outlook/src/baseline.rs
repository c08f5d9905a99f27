//! The named baseline that the outlook is measured against: same-weekday persistence.
//!
//! The median of each day is the count of the same weekday in the last known week. Its spread are the past changes of
//! ln(count + 5) over the same number of weeks, less their median (the idea of the forecast hubs' baseline, Cramer et al. 2022,
//! doi 10.1073/pnas.2113561119). It makes no joint paths and knows no lists, residents or growth.
//!
//! Of thirty variants this one was the hardest to beat (`bench/results/outlook-city.md`): taking changes with both signs, as
//! hubs do, or adding 1 before logarithms makes it up to twice as bad in an outbreak that rose fast.

use crate::config::Config;
use crate::daily::{Calendar, Daily};
use crate::ensemble::weighted_quantiles;
use crate::quantile::LEVELS;
use crate::vintage::{OutlookRefusal, Vintage};
use levee_model::area::PlaceCode;
use std::collections::BTreeMap;

const WEEK: usize = 7;
/// Added to counts before logarithms.
const OFFSET: f64 = 5.0;

/// Whose past changes make the spread of a district, and what is done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Those of all districts together, less their median; the city keeps its own.
    Pooled,
    /// The district's own, less their median.
    Own,
    /// Those of all districts together as they were, median included, those of yesterday weighing twice those of the day
    /// before. No persistence any more but a trend; kept because it is harder to beat in the first week.
    Drifting,
}

/// Forecasts of the baseline: `[day][level]`, persons, by place. A place without a count in the last two weeks, or without
/// any change to take a spread from, has none.
pub fn same_weekday_persistence(
    vintage: &Vintage,
    horizon_days: u32,
    spread: Spread,
) -> Result<BTreeMap<PlaceCode, Vec<[f64; LEVELS]>>, OutlookRefusal> {
    let config = Config { horizon_days, ..Config::default() };
    config.check()?;
    let calendar = Calendar::of(vintage, &config)?;
    let logs = |s| {
        Daily::of(s, &calendar, &vintage.completeness).counts.iter().map(|c| c.map(|c| (c + OFFSET).ln())).collect()
    };
    let all: Vec<Vec<Option<f64>>> = vintage.series.iter().map(logs).collect();
    let mut out = BTreeMap::new();
    for (series, own) in vintage.series.iter().zip(&all) {
        let pool: Vec<&[Option<f64>]> = if spread == Spread::Own || series.place == vintage.city {
            vec![own]
        } else {
            let districts = vintage.series.iter().zip(&all).filter(|(s, _)| s.place != vintage.city);
            districts.map(|(_, d)| d.as_slice()).collect()
        };
        if let Some(rows) = forecast(own, &pool, horizon_days as usize, spread) {
            out.insert(series.place.clone(), rows);
        }
    }
    Ok(out)
}

fn forecast(
    own: &[Option<f64>],
    pool: &[&[Option<f64>]],
    horizon: usize,
    spread: Spread,
) -> Option<Vec<[f64; LEVELS]>> {
    let weeks: Vec<Option<[f64; LEVELS]>> =
        (1..=horizon.div_ceil(WEEK)).map(|w| changes(pool, w, spread == Spread::Drifting)).collect();
    let mut rows = Vec::with_capacity(horizon);
    for h in 0..horizon {
        let weekday = h % WEEK + 1;
        let base =
            (1..=2).find_map(|back| own.get((own.len() - 1 + weekday).checked_sub(back * WEEK)?).copied().flatten())?;
        // A lag longer than the history takes the longest one known, which widens no further.
        let row = weeks.iter().take(h / WEEK + 1).rev().find_map(|w| *w)?;
        rows.push(row.map(|change| ((base + change).exp() - OFFSET).max(0.0)));
    }
    Some(rows)
}

/// Quantiles of the changes over so many weeks.
fn changes(pool: &[&[Option<f64>]], weeks: usize, drifting: bool) -> Option<[f64; LEVELS]> {
    let mut all = Vec::new();
    for logs in pool {
        for (t, (now, then)) in logs.iter().skip(weeks * WEEK).zip(*logs).enumerate() {
            if let (Some(now), Some(then)) = (now, then) {
                let age = (logs.len() - 1 - weeks * WEEK - t) as f64;
                all.push((now - then, if drifting { (-age).exp2() } else { 1.0 }));
            }
        }
    }
    if all.is_empty() {
        return None;
    }
    let quantiles = weighted_quantiles(all);
    let middle = if drifting { 0.0 } else { quantiles[crate::quantile::MEDIAN] };
    Some(quantiles.map(|q| q - middle))
}
