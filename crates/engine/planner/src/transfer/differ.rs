//! Two plans side by side: what each comes to, what differs, and what in the inputs bears on it.

use crate::transfer::problem::{Bed, Problem, index, rank};
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{
    CareClass, CareNeed, ChangeCause, Lane, Pin, Plan, PlanChange, PlanComparison, PlanFigures, PlanInputs,
};
use levee_model::quantity::{Beds, Persons};
use levee_model::report::VehicleKind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Two plans with what they were made from: the earlier one first.
///
/// Causes are told from the inputs: what changed of the people, beds, way, vehicles and decisions of a line. A line whose own
/// inputs are as they were follows from others, and says so.
pub fn compare_plans(before: (&PlanInputs, &Plan), after: (&PlanInputs, &Plan)) -> PlanComparison {
    let mut lines: BTreeMap<Line<'_>, [u64; 2]> = BTreeMap::new();
    for (side, plan) in [before.1, after.1].into_iter().enumerate() {
        for order in &plan.orders {
            let key = (order.day, Reverse(order.class), &order.from, order.care, &order.facility, order.level);
            if let Some(sum) = lines.entry(key).or_default().get_mut(side) {
                *sum = sum.saturating_add(order.people.get());
            }
        }
    }
    let sides = [Side::new(before), Side::new(after)];
    let (mut more, mut fewer) = (0u64, 0u64);
    let mut changes = Vec::new();
    for (line, [was, is]) in lines {
        if was == is {
            continue;
        }
        more = more.saturating_add(is.saturating_sub(was));
        fewer = fewer.saturating_add(was.saturating_sub(is));
        let (day, Reverse(class), from, care, facility, level) = line;
        changes.push(PlanChange {
            day,
            from: from.clone(),
            class,
            care,
            facility: facility.clone(),
            level,
            before: Persons::new(was),
            after: Persons::new(is),
            why: why(&sides, line),
        });
    }
    PlanComparison {
        before: figures(before.1),
        after: figures(after.1),
        people_changed: Persons::new(more.max(fewer)),
        changes,
    }
}

type Line<'a> = (Date, Reverse<CareClass>, &'a PlaceCode, Option<CareNeed>, &'a FacilityId, Level);

fn figures(plan: &Plan) -> PlanFigures {
    let mut reserve = [0u64; 4];
    let last = plan.loads.iter().map(|load| load.day).max();
    for load in plan.loads.iter().filter(|load| Some(load.day) == last) {
        if let Some(sum) = rank(load.level).and_then(|rank| reserve.get_mut(rank)) {
            *sum = sum.saturating_add(load.usable.get().saturating_sub(load.occupied.get()));
        }
    }
    PlanFigures {
        needed: plan.totals.needed,
        served: plan.totals.admitted,
        unserved: plan.totals.unserved,
        late_person_days: plan.totals.waiting_person_days,
        person_km: plan.totals.person_km,
        reserve: reserve.map(Beds::new),
        surge_person_days: plan.surge.iter().fold(0, |sum, surge| sum.saturating_add(surge.in_surge.get())),
        tiers: plan.tiers.clone(),
    }
}

/// One plan and its inputs, tidied.
struct Side<'a> {
    inputs: &'a PlanInputs,
    plan: &'a Plan,
    problem: Problem,
}

impl<'a> Side<'a> {
    fn new((inputs, plan): (&'a PlanInputs, &'a Plan)) -> Self {
        Self { inputs, plan, problem: Problem::new(inputs) }
    }

    fn day(&self, day: Date) -> Option<usize> {
        self.problem.dates.binary_search(&day).ok()
    }

    /// People of the line's group who need a bed by its day.
    fn need(&self, (day, Reverse(class), from, care, ..): Line<'_>) -> u64 {
        let (Some(day), Ok(district)) = (self.day(day), self.problem.districts.binary_search(from)) else { return 0 };
        let wanted = crate::transfer::problem::Group { district, class: index(class), care };
        let Ok(group) = self.problem.groups.binary_search(&wanted) else { return 0 };
        (0..=day).fold(0, |sum, day| sum.saturating_add(self.problem.need(group, day)))
    }

    fn bed(&self, (_, _, _, _, facility, level): Line<'_>) -> Option<&Bed> {
        self.problem.beds.iter().find(|bed| bed.facility == *facility && bed.level == level)
    }

    fn lanes(&self, (_, _, from, _, facility, _): Line<'_>) -> BTreeSet<(u64, u32, u32)> {
        let same = |lane: &&Lane| lane.from == *from && lane.facility == *facility;
        let rows = self.inputs.lanes.iter().filter(same);
        rows.map(|lane| (lane.metres, lane.coach_minutes, lane.ambulance_minutes)).collect()
    }

    fn fleet(&self, (_, _, from, ..): Line<'_>, kind: VehicleKind) -> BTreeSet<[Option<u64>; 4]> {
        let rows = self.inputs.fleets.iter().filter(|fleet| fleet.district == *from && fleet.kind == kind);
        rows.map(|f| [f.vehicles.map(|v| v.get()), f.crews, f.seats, f.trips_per_day]).collect()
    }

    /// Pins that are kept and speak of the line.
    fn pins(&self, (day, Reverse(class), from, care, facility, level): Line<'_>) -> BTreeSet<&Pin> {
        let speaks = |pin: &&Pin| match pin {
            Pin::Forbid { from: f, facility: to, class: of } => {
                f == from && to == facility && of.is_none_or(|of| of == class)
            }
            Pin::Cap { facility: to, level: l, .. } => to == facility && *l == level,
            Pin::Assign { order: o, .. } => {
                (o.day, &o.from, o.class, o.care, &o.facility, o.level) == (day, from, class, care, facility, level)
            }
            Pin::Priority { district, class: of, care: only } => {
                district == from && *of == class && (only.is_none() || *only == care)
            }
        };
        self.plan.pins.iter().filter(|o| o.refused.is_none()).map(|o| &o.pin).filter(speaks).collect()
    }

    fn accepted(&self, (day, Reverse(class), from, care, facility, level): Line<'_>) -> u64 {
        let same = self.plan.orders.iter().filter(|o| {
            o.frozen
                && (o.day, &o.from, o.class, o.care, &o.facility, o.level) == (day, from, class, care, facility, level)
        });
        same.fold(0, |sum, order| sum.saturating_add(order.people.get()))
    }
}

fn why([before, after]: &[Side<'_>; 2], line: Line<'_>) -> Vec<ChangeCause> {
    let (Some(day_before), Some(day_after)) = (before.day(line.0), after.day(line.0)) else {
        return vec![ChangeCause::OtherDays];
    };
    let mut why = Vec::new();
    if before.pins(line) != after.pins(line) {
        why.push(ChangeCause::Pin);
    }
    if before.accepted(line) != after.accepted(line) {
        why.push(ChangeCause::Accepted);
    }
    let (was, is) = (before.need(line), after.need(line));
    if is > was {
        why.push(ChangeCause::NeedGrew { by: Persons::new(is - was) });
    }
    if is < was {
        why.push(ChangeCause::NeedShrank { by: Persons::new(was - is) });
    }
    let open = |bed: Option<&Bed>, day: usize| bed.is_some_and(|bed| bed.admits(day));
    let free = |bed: Option<&Bed>, day: usize| bed.and_then(|bed| bed.free(day, None)).unwrap_or(0);
    let (bed_before, bed_after) = (before.bed(line), after.bed(line));
    match (open(bed_before, day_before), open(bed_after, day_after)) {
        (false, true) => why.push(ChangeCause::BedsOpened),
        (true, false) => why.push(ChangeCause::BedsClosed),
        (true, true) => {
            let (was, is) = (free(bed_before, day_before), free(bed_after, day_after));
            if is > was {
                why.push(ChangeCause::BedsGained { by: Beds::new(is - was) });
            }
            if is < was {
                why.push(ChangeCause::BedsLost { by: Beds::new(was - is) });
            }
        }
        (false, false) => {}
    }
    let (lanes_before, lanes_after) = (before.lanes(line), after.lanes(line));
    if lanes_before != lanes_after {
        why.push(match (lanes_before.is_empty(), lanes_after.is_empty()) {
            (true, _) => ChangeCause::LaneFound,
            (_, true) => ChangeCause::LaneGone,
            _ => ChangeCause::LaneChanged,
        });
    }
    let kinds: &[VehicleKind] = if line.1.0.is_life_saving() {
        &[VehicleKind::Ambulance, VehicleKind::NegativePressureAmbulance]
    } else {
        &[VehicleKind::Coach]
    };
    for &kind in kinds {
        if before.fleet(line, kind) != after.fleet(line, kind) {
            why.push(ChangeCause::Vehicles { kind });
        }
    }
    if why.is_empty() {
        why.push(ChangeCause::Elsewhere);
    }
    why
}
