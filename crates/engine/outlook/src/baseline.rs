//! The named baseline that the outlook is measured against: same-weekday persistence.
//!
//! The median of each day is the count of the same weekday in the last known week. Its spread are the past changes of
//! ln(1 + count) over the same number of weeks, with both signs (the idea of the forecast hubs' baseline, Cramer et al.
//! 2022, doi 10.1073/pnas.2113561119). It makes no joint paths and knows no lists, residents or growth.

use crate::config::Config;
use crate::daily::{Calendar, Daily};
use crate::history::WEEK;
use crate::quantile::{self, LEVELS};
use crate::vintage::{OutlookRefusal, Vintage};
use levee_model::area::PlaceCode;
use std::collections::BTreeMap;

/// Whose past changes make the spread of a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Those of all districts together; the city keeps its own.
    Pooled,
    /// The district's own.
    Own,
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
    let daily: Vec<Daily> = vintage.series.iter().map(|s| Daily::of(s, &calendar, &vintage.completeness)).collect();
    let mut out = BTreeMap::new();
    for (series, own) in vintage.series.iter().zip(&daily) {
        let pool: Vec<&Daily> = if spread == Spread::Own || series.place == vintage.city {
            vec![own]
        } else {
            vintage.series.iter().zip(&daily).filter(|(s, _)| s.place != vintage.city).map(|(_, d)| d).collect()
        };
        if let Some(rows) = forecast(own, &pool, horizon_days as usize) {
            out.insert(series.place.clone(), rows);
        }
    }
    Ok(out)
}

fn forecast(own: &Daily, pool: &[&Daily], horizon: usize) -> Option<Vec<[f64; LEVELS]>> {
    let weeks: Vec<Vec<f64>> = (1..=horizon.div_ceil(WEEK)).map(|w| changes(pool, w)).collect();
    let mut rows = Vec::with_capacity(horizon);
    for h in 0..horizon {
        let weekday = h % WEEK + 1;
        let base = (1..=2).find_map(|back| {
            own.logs.get((own.logs.len() - 1 + weekday).checked_sub(back * WEEK)?).copied().flatten()
        })?;
        // A lag longer than the history takes the longest one known, which widens no further.
        let mut sample: Vec<f64> = weeks.iter().take(h / WEEK + 1).rev().find(|w| !w.is_empty())?.clone();
        let row = quantile::all(&mut sample);
        rows.push(row.map(|change| (base + change).exp_m1().max(0.0)));
    }
    Some(rows)
}

fn changes(pool: &[&Daily], weeks: usize) -> Vec<f64> {
    let mut all = Vec::new();
    for daily in pool {
        for (now, then) in daily.logs.iter().skip(weeks * WEEK).zip(&daily.logs) {
            if let (Some(now), Some(then)) = (now, then) {
                all.extend([now - then, then - now]);
            }
        }
    }
    all
}
