//! Use case: run a past stretch of days again, each as it was known then, and score yesterday's outlook.
//!
//! It works on a copy: the caller hands in a scratch city. Nothing of a later day can enter an earlier one, because facts
//! are chosen by `known_at`, and outcomes are looked up only when they are scored.

use crate::city::{AppError, City, founded};
use crate::day::{Day, DayOptions, compute};
use jiff::civil::Date;
use levee_outlook::score::{Interval, wis, wis_log1p};
use levee_outlook::{MEDIAN, Outlook};

/// One line of a replay: a day and how its outlook did.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayDay {
    /// The day of the meeting.
    pub day: Date,
    /// The last full day known then.
    pub origin: Option<Date>,
    /// New infections known then for that day.
    pub new: Option<u64>,
    /// What yesterday's outlook said of the newest day that today knows: median and 95 % interval.
    pub said: Option<(f64, f64, f64)>,
    /// What it was.
    pub came: Option<u64>,
    /// Whether the 95 % interval of yesterday's outlook held it.
    pub held95: Option<bool>,
    /// Weighted interval score of yesterday's outlook for that day: natural and log scale.
    pub wis: Option<(f64, f64)>,
    /// People proposed for admission tomorrow.
    pub admitted_tomorrow: Option<u64>,
    /// The largest number waiting on a day of the plan.
    pub waiting_at_most: Option<u64>,
    /// Contradictions found.
    pub contradictions: usize,
}

/// What a replay adds up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplaySummary {
    /// Days run.
    pub days: usize,
    /// Days scored.
    pub scored: usize,
    /// Of these, 95 % intervals that held.
    pub held95: usize,
    /// Of these, 80 % intervals that held.
    pub held80: usize,
    /// Mean score, natural scale.
    pub mean_wis: f64,
    /// Mean score, log scale.
    pub mean_wis_log: f64,
}

fn line(day: &Day, yesterday: Option<&Outlook>) -> (ReplayDay, Option<bool>) {
    let city = day.known.places.city();
    let newest = day.picture.city.last_known();
    let came = newest.and_then(|d| d.new.value()).map(|n| n.get());
    let quantiles = yesterday.zip(newest).and_then(|(outlook, newest)| {
        let ahead = newest.day.duration_since(outlook.first_day).as_hours() / 24;
        let ahead = usize::try_from(ahead).ok().filter(|_| newest.day >= outlook.first_day)?;
        outlook.of(city)?.quantiles.get(ahead).copied()
    });
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let outcome = came.map(|n| n as f64);
    let scored = quantiles.zip(outcome);
    let waiting = day.plan.as_ref().ok().map(|(_, plan)| {
        let mut by_day = std::collections::BTreeMap::new();
        for short in &plan.shortfalls {
            *by_day.entry(short.day).or_insert(0u64) += short.people.get();
        }
        by_day.into_values().max().unwrap_or(0)
    });
    let admitted = day
        .plan
        .as_ref()
        .ok()
        .map(|(_, plan)| plan.orders.iter().filter(|o| o.day == plan.start).map(|o| o.people.get()).sum::<u64>());
    let row = ReplayDay {
        day: day.day,
        origin: newest.map(|d| d.day),
        new: came,
        said: quantiles.map(|q| {
            let (low, high) = Interval::P95.of(&q);
            (q[MEDIAN], low, high)
        }),
        came: quantiles.and(came),
        held95: scored.map(|(q, y)| Interval::P95.covers(&q, y)),
        wis: scored.map(|(q, y)| (wis(&q, y).total, wis_log1p(&q, y).total)),
        admitted_tomorrow: admitted,
        waiting_at_most: waiting,
        contradictions: day.picture.contradictions.len(),
    };
    (row, scored.map(|(q, y)| Interval::P80.covers(&q, y)))
}

/// Runs every day from `from` to `to`, both included; `each` sees every line as it comes.
pub fn replay(
    city: &City<'_>,
    from: Date,
    to: Date,
    options: DayOptions,
    each: &mut dyn FnMut(&ReplayDay),
) -> Result<ReplaySummary, AppError> {
    founded(city.journal)?;
    if to < from {
        return Err(AppError::Date {
            what: format!("the replay ends ({to}) before it begins ({from})"),
            hint: "give --from a day no later than --to".to_owned(),
        });
    }
    let mut summary = ReplaySummary::default();
    let mut yesterday: Option<Outlook> = None;
    let mut day = from;
    loop {
        let computed = compute(city, day, options)?;
        let (row, held80) = line(&computed, yesterday.as_ref());
        summary.days += 1;
        if let (Some((natural, log)), Some(held95)) = (row.wis, row.held95) {
            summary.scored += 1;
            summary.held95 += usize::from(held95);
            summary.held80 += usize::from(held80 == Some(true));
            summary.mean_wis += natural;
            summary.mean_wis_log += log;
        }
        each(&row);
        yesterday = computed.outlook.ok();
        match day.tomorrow() {
            Ok(next) if day < to => day = next,
            _ => break,
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of days")]
    let scored = summary.scored.max(1) as f64;
    summary.mean_wis /= scored;
    summary.mean_wis_log /= scored;
    Ok(summary)
}
