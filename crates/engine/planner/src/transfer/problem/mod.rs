//! The inputs tidied: sorted, added up, indexed, and with every gap and contradiction listed.

mod beds;
mod demand;
mod fleet;
mod steps;
mod ways;

pub(crate) use beds::{Bed, BedState, Door};
pub(crate) use demand::Demand;
pub(crate) use fleet::{Ambulances, Coaches};
pub(crate) use steps::Step;
pub(crate) use ways::Way;

use crate::transfer::kept::Kept;
use jiff::civil::{Date, Time};
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::plan::{CareClass, CareNeed, Gap, PlanInputs, PlanLimits, Window};
use levee_model::provenance::Origin;
use std::collections::BTreeSet;

/// No coach rides between 02:00 and 05:00 whatever the limits say (law 9): a window is cut to start here.
const CURFEW_ENDS: Time = Time::constant(5, 0, 0, 0);

/// People of one district, class and care need: they wait in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    pub(crate) district: usize,
    pub(crate) class: usize,
    pub(crate) care: Option<CareNeed>,
}

impl Group {
    pub(crate) fn class(self) -> CareClass {
        CareClass::ALL[self.class]
    }
    pub(crate) fn is_life_saving(self) -> bool {
        self.class().is_life_saving()
    }
}

/// What `propose` works on. Districts, groups, beds, days and classes are indices from here on.
pub(crate) struct Problem {
    pub(crate) dates: Vec<Date>,
    pub(crate) limits: PlanLimits,
    pub(crate) coach_window: Window,
    /// Districts in which somebody needs a bed.
    pub(crate) districts: Vec<PlaceCode>,
    /// By district, class and care need.
    pub(crate) groups: Vec<Group>,
    /// `[group][day]`.
    pub(crate) demand: Vec<Vec<Demand>>,
    /// Every facility and level that gives care to infected people, usable or not.
    pub(crate) beds: Vec<Bed>,
    /// `[group]`, the nearest first; all that may serve it, usable or not.
    pub(crate) ways: Vec<Vec<Way>>,
    /// By district.
    pub(crate) coaches: Vec<Coaches>,
    pub(crate) ambulances: Vec<Ambulances>,
    pub(crate) steps: Vec<Step>,
    /// What was decided before and is kept.
    pub(crate) kept: Kept,
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
    /// The inputs tidied, with nothing of what was decided before; [`crate::transfer::rulings`] adds that.
    pub(crate) fn new(inputs: &PlanInputs) -> Self {
        let mut gaps = BTreeSet::new();
        let dates = days_from(inputs.start, inputs.limits.days.clamp(1, 28));
        let limits = inputs.limits;
        let coach_window = Window { from: limits.coach_from.max(CURFEW_ENDS), until: limits.coach_until };
        let demand::Demands { districts, groups, by_day: demand } = demand::read(&inputs.needs, &dates, &mut gaps);
        let beds = beds::read(&inputs.capacity, &dates, &mut gaps);
        let ways = ways::read(&inputs.lanes, &districts, &groups, &beds, &limits, coach_window, &mut gaps);
        let (coaches, ambulances) = fleet::read(&inputs.fleets, &districts, &groups, &mut gaps);
        let steps = steps::read(&inputs.step_downs, &beds, dates.len(), &mut gaps);
        let origin = inputs
            .needs
            .iter()
            .map(|n| n.origin)
            .chain(inputs.capacity.iter().map(|c| c.origin))
            .chain(inputs.lanes.iter().map(|l| l.origin))
            .chain(inputs.fleets.iter().map(|f| f.origin))
            .chain(inputs.step_downs.iter().map(|s| s.origin))
            .fold(Origin::Reported, Origin::and);
        let kept = Kept::default();
        Self {
            dates,
            limits,
            coach_window,
            districts,
            groups,
            demand,
            beds,
            ways,
            coaches,
            ambulances,
            steps,
            kept,
            gaps,
            origin,
        }
    }

    pub(crate) fn days(&self) -> usize {
        self.dates.len()
    }

    /// People of a group who newly need a bed on a day.
    pub(crate) fn need(&self, group: usize, day: usize) -> u64 {
        self.demand[group][day].people()
    }

    /// Groups of a class, by district and care need.
    pub(crate) fn of_class(&self, class: CareClass) -> impl Iterator<Item = usize> + '_ {
        self.groups.iter().enumerate().filter(move |(_, g)| g.class() == class).map(|(group, _)| group)
    }

    /// Groups of a district that ride by coach.
    pub(crate) fn riders(&self, district: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.groups.partition_point(|g| g.district < district);
        let mine = self.groups[first..].iter().enumerate().take_while(move |(_, g)| g.district == district);
        mine.filter(|(_, g)| !g.is_life_saving()).map(move |(k, _)| first + k)
    }

    /// Free beds by the end of the day before the plan's own people, capped ones left out; `None` = not known.
    pub(crate) fn free(&self, bed: usize, day: usize) -> Option<u64> {
        self.beds[bed].free(day, self.kept.cap(bed))
    }

    /// Whether a pin keeps beds of this row out of use.
    pub(crate) fn is_capped(&self, bed: usize) -> bool {
        match (&self.beds[bed].state, self.kept.cap(bed)) {
            (BedState::Known { usable, .. }, Some(cap)) => cap < *usable,
            _ => false,
        }
    }

    /// How many more people of a group's care need a row of beds can take; more than anybody for those without one.
    pub(crate) fn slots(&self, bed: usize, care: Option<CareNeed>) -> u64 {
        let Some(care) = care else { return u64::MAX };
        self.beds[bed].slots.get(&care).copied().flatten().unwrap_or(0)
    }

    /// By day: people who may have moved from the higher row to the lower one by then. Nobody while the higher one holds
    /// more people than it may: their beds would not come free.
    pub(crate) fn able(&self, step: &Step) -> Vec<u64> {
        let overfull = match (&self.beds[step.upper].state, self.kept.cap(step.upper)) {
            (BedState::Known { staying, .. }, Some(cap)) => staying.first().is_some_and(|now| *now > cap),
            _ => false,
        };
        if overfull { vec![0; self.days()] } else { step.able.clone() }
    }

    /// Whether people of the group may be planned on this way on that day, room and vehicles aside.
    pub(crate) fn is_usable(&self, group: usize, way: &Way, day: usize) -> bool {
        self.beds[way.bed].admits(day) && !way.service_unknown && !self.kept.forbids(group, way.bed)
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
