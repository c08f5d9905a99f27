//! Forecasting every task, on one thread or several.

use crate::error::PackError;
use crate::pack::HubPack;
use crate::panel;
use crate::tasks::{Round, Task};
use levee_outlook::LEVELS;
use levee_outlook::pooled::{self, Panel, PanelRefusal, PooledForecast, TargetWeek};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The forecast of one task.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// What was asked.
    pub task: Task,
    /// Counts at the 23 levels of [`levee_outlook::QUANTILE_LEVELS`].
    pub quantiles: [f64; LEVELS],
}

/// What forecasts a panel.
pub type Engine<'e> = dyn Fn(&Panel, &[TargetWeek]) -> Result<PooledForecast, PanelRefusal> + Sync + 'e;

/// Forecasts every task of a pack; sorted by origin, target, horizon and location, whatever the number of `jobs`.
pub fn forecast(pack: &HubPack, jobs: NonZeroUsize) -> Result<Vec<Forecast>, PackError> {
    forecast_with(pack, jobs, &pooled::forecast)
}

/// The same with another engine, for comparisons.
pub fn forecast_with(pack: &HubPack, jobs: NonZeroUsize, engine: &Engine<'_>) -> Result<Vec<Forecast>, PackError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.get().min(pack.rounds.len()) {
            scope.spawn(|| {
                // Rounds do not know of one another, so it does not matter who does which.
                while let Some((nth, round)) = nth(&pack.rounds, &next) {
                    let answer = of_round(pack, round, engine);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(nth, answer);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut out = Vec::with_capacity(pack.tasks());
    for answer in done.into_values() {
        out.extend(answer?);
    }
    Ok(out)
}

fn nth<'p>(rounds: &'p [Round], next: &AtomicUsize) -> Option<(usize, &'p Round)> {
    let nth = next.fetch_add(1, Ordering::Relaxed);
    rounds.get(nth).map(|round| (nth, round))
}

fn of_round(pack: &HubPack, round: &Round, engine: &Engine<'_>) -> Result<Vec<Forecast>, PackError> {
    let unknown = || PackError::UnknownTarget {
        place: round.place.clone(),
        target: round.target.clone(),
        origin: round.origin,
        has: pack.vintages.targets().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    let panel = panel::panel(pack, round).ok_or_else(unknown)?;
    // Weeks of different places may share a horizon's number and yet end on different days.
    let weeks: BTreeSet<TargetWeek> =
        round.tasks.iter().map(|task| TargetWeek { horizon: task.horizon, ends: task.ends }).collect();
    let weeks: Vec<TargetWeek> = weeks.into_iter().collect();
    let answer = engine(&panel, &weeks);
    let answer =
        answer.map_err(|source| PackError::Refused { target: round.target.clone(), origin: round.origin, source })?;
    let mut found = BTreeMap::new();
    for place in &answer.places {
        for week in &place.weeks {
            found.insert((place.place.as_str(), week.horizon, week.ends), week.quantiles);
        }
    }
    let of_task = |task: &Task| {
        let quantiles = *found.get(&(task.location.as_str(), task.horizon, task.ends))?;
        Some(Forecast { task: task.clone(), quantiles })
    };
    // Every location of a task stands in its panel, so none is missing.
    round.tasks.iter().map(|task| of_task(task).ok_or_else(unknown)).collect()
}
