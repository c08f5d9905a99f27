//! Who may move from a higher bed to a lower one of the same facility.

use super::{Bed, BedState, rank};
use levee_model::plan::{Gap, StepDown};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// People in one row of beds who may move to another row of the same facility.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) upper: usize,
    pub(crate) lower: usize,
    /// By day: people able to move by then, those who moved included. Only of those who would stay to the plan's end, so
    /// that nobody's bed comes free twice.
    pub(crate) able: Vec<u64>,
    pub(crate) origin: Origin,
}

/// Not from or to beds that are not known, not out of overfull ones (they would free none), and never to a level of
/// life-saving care: who still needs that is not moved.
pub(crate) fn read(rows: &[StepDown], beds: &[Bed], days: usize, gaps: &mut BTreeSet<Gap>) -> Vec<Step> {
    let mut by_key: BTreeMap<_, Vec<&StepDown>> = BTreeMap::new();
    for row in rows {
        by_key.entry((&row.facility, row.level, row.to)).or_default().push(row);
    }
    let mut steps: Vec<Step> = Vec::new();
    for ((facility, level, to), same) in by_key {
        let find = |level| beds.iter().position(|b| b.facility == *facility && b.level == level);
        let one = same.first().filter(|first| same.iter().all(|row| row == *first));
        let step = one.zip(find(level).zip(find(to))).and_then(|(row, (upper, lower))| {
            let lower_enough = rank(to)? < rank(level)? && rank(to)? <= 1;
            let BedState::Known { usable, occupied, staying, .. } = &beds[upper].state else { return None };
            let known = matches!(beds[lower].state, BedState::Known { .. });
            (lower_enough && known && occupied <= usable).then(|| {
                let spoken_for: u64 =
                    steps.iter().filter(|s| s.upper == upper).filter_map(|s| s.able.last()).copied().sum();
                let most = staying.last().map_or(0, |stay| stay.saturating_sub(spoken_for));
                let able = (0..days).scan(0u64, |sum, day| {
                    *sum = sum.saturating_add(row.eligible.get(day).map_or(0, |p| p.get()));
                    Some((*sum).min(most))
                });
                Step { upper, lower, able: able.collect(), origin: row.origin }
            })
        });
        match step {
            Some(step) => steps.push(step),
            None => {
                gaps.insert(Gap::StepDownNotPossible { facility: facility.clone(), level, to });
            }
        }
    }
    steps
}
