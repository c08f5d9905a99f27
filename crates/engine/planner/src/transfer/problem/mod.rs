//! The inputs tidied: sorted, added up, indexed, and with every gap and contradiction listed.

mod beds;
mod demand;
mod fleet;
mod ways;

pub(crate) use beds::{Bed, BedState, Door};
pub(crate) use demand::Demand;
pub(crate) use fleet::{Ambulances, Coaches};
pub(crate) use ways::Way;

use jiff::civil::{Date, Time};
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::plan::{CareClass, Gap, PlanInputs, PlanLimits, Window};
use levee_model::provenance::Origin;
use std::collections::BTreeSet;

/// No coach rides between 02:00 and 05:00 whatever the limits say (law 9): a window is cut to start here.
const CURFEW_ENDS: Time = Time::constant(5, 0, 0, 0);

/// What `propose` works on. Districts, beds, days and classes are indices from here on.
pub(crate) struct Problem {
    pub(crate) dates: Vec<Date>,
    pub(crate) limits: PlanLimits,
    pub(crate) coach_window: Window,
    /// Districts in which somebody needs a bed.
    pub(crate) districts: Vec<PlaceCode>,
    /// `[district][class][day]`.
    pub(crate) demand: Vec<[Vec<Demand>; 4]>,
    /// Every facility and level that gives care to infected people, usable or not.
    pub(crate) beds: Vec<Bed>,
    /// `[district][class]`, the nearest first; all that may serve the class, usable or not.
    pub(crate) ways: Vec<[Vec<Way>; 4]>,
    /// By district.
    pub(crate) coaches: Vec<Coaches>,
    pub(crate) ambulances: Vec<Ambulances>,
    pub(crate) gaps: BTreeSet<Gap>,
    pub(crate) origin: Origin,
}

/// 0 for makeshift to 3 for critical; `None` for what is not a bed for infected people.
pub(crate) fn rank(level: Level) -> Option<usize> {
    match level {
        Level::Makeshift => Some(0),
        Level::General => Some(1),
        Level::Severe => Some(2),
        Level::Critical => Some(3),
        Level::Isolation | Level::Laboratory => None,
    }
}

/// Index of a class; also the rank of the level it needs.
pub(crate) fn index(class: CareClass) -> usize {
    match class {
        CareClass::Mild => 0,
        CareClass::Moderate => 1,
        CareClass::Severe => 2,
        CareClass::Critical => 3,
    }
}

/// Classes in the order in which they are served: the most ill first.
pub(crate) const MOST_ILL_FIRST: [CareClass; 4] =
    [CareClass::Critical, CareClass::Severe, CareClass::Moderate, CareClass::Mild];

impl Problem {
    pub(crate) fn new(inputs: &PlanInputs) -> Self {
        let mut gaps = BTreeSet::new();
        let dates = days_from(inputs.start, inputs.limits.days.clamp(1, 28));
        let limits = inputs.limits;
        let coach_window = Window { from: limits.coach_from.max(CURFEW_ENDS), until: limits.coach_until };
        let (districts, demand) = demand::read(&inputs.needs, &dates, &mut gaps);
        let beds = beds::read(&inputs.capacity, &dates, &mut gaps);
        let ways = ways::read(&inputs.lanes, &districts, &beds, &limits, coach_window, &mut gaps);
        let (coaches, ambulances) = fleet::read(&inputs.fleets, &districts, &demand, &mut gaps);
        let origin = inputs
            .needs
            .iter()
            .map(|n| n.origin)
            .chain(inputs.capacity.iter().map(|c| c.origin))
            .chain(inputs.lanes.iter().map(|l| l.origin))
            .chain(inputs.fleets.iter().map(|f| f.origin))
            .fold(Origin::Reported, Origin::and);
        Self { dates, limits, coach_window, districts, demand, beds, ways, coaches, ambulances, gaps, origin }
    }

    pub(crate) fn days(&self) -> usize {
        self.dates.len()
    }

    /// People of a class who newly need a bed in a district on a day.
    pub(crate) fn need(&self, district: usize, class: usize, day: usize) -> u64 {
        self.demand[district][class][day].people()
    }
}

/// `days` days from `start`; fewer only at the end of the calendar.
fn days_from(start: Date, days: u8) -> Vec<Date> {
    let mut dates = vec![start];
    while dates.len() < usize::from(days) {
        match dates.last().map(|d| d.tomorrow()) {
            Some(Ok(next)) => dates.push(next),
            _ => break,
        }
    }
    dates
}
