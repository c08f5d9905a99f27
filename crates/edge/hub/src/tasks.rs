//! What must be forecast.

use crate::error::{PackError, Place};
use crate::table::Table;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// One week of one place that must be forecast.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task {
    /// The day on which it is forecast: nothing that became known later may be used.
    pub origin: Date,
    /// What is counted.
    pub target: String,
    /// The week, counted from the origin.
    pub horizon: u32,
    /// Where.
    pub location: String,
    /// Last day of the week.
    pub ends: Date,
}

/// Tasks that share a panel: one target at one origin.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) origin: Date,
    pub(crate) target: String,
    /// Sorted by horizon and location.
    pub(crate) tasks: Vec<Task>,
    /// Line of the first one in the file.
    pub(crate) place: Place,
}

/// Reads the tasks; rounds come sorted by origin and target.
pub(crate) fn read(mut table: Table) -> Result<Vec<Round>, PackError> {
    let origin = table.column("origin_date")?;
    let target = table.column("target")?;
    let horizon = table.column("horizon")?;
    let ends = table.column("target_end_date")?;
    let location = table.column("location")?;
    /// Last day of the week by horizon and location.
    type Weeks = BTreeMap<(u32, String), Date>;
    let mut rounds: BTreeMap<(Date, String), (Place, Weeks)> = BTreeMap::new();
    while let Some(line) = table.next()? {
        let key = (line.date(origin)?, line.text(target)?.to_owned());
        let task = (line.ordinal(horizon)?, line.text(location)?.to_owned());
        let round = rounds.entry(key).or_insert_with(|| (line.place("target"), Weeks::new()));
        let what = format!("the task of `{}` at horizon {}", task.1, task.0);
        if round.1.insert(task, line.date(ends)?).is_some() {
            return Err(PackError::Twice { place: line.place(""), what });
        }
    }
    let rounds = rounds.into_iter().map(|((origin, target), (place, tasks))| {
        let tasks = tasks.into_iter().map(|((horizon, location), ends)| Task {
            origin,
            target: target.clone(),
            horizon,
            location,
            ends,
        });
        Round { origin, tasks: tasks.collect(), target: target.clone(), place }
    });
    Ok(rounds.collect())
}
