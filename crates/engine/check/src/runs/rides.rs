//! Every run, minute by minute.

use crate::runs::facts::{Facts, Usable, minute};
use crate::runs::people::{Fate, Folk};
use crate::runs::violation::{RunRule, RunViolation};
use jiff::civil::Time;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::{Run, RunLimits, RunPlan, VehicleId};
use levee_model::report::VehicleKind;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check(plan: &RunPlan, facts: &Facts<'_>, folk: &Folk<'_>, found: &mut Vec<RunViolation>) {
    let order = |run: &Run| (run.depart, run.vehicle.clone());
    if plan.runs.windows(2).any(|pair| order(&pair[0]) > order(&pair[1])) {
        found.push(RunViolation::Unordered { list: "runs" });
    }
    let mut of_vehicle: BTreeMap<&VehicleId, Vec<(usize, &Run)>> = BTreeMap::new();
    for (number, run) in plan.runs.iter().enumerate() {
        let mut broken: BTreeSet<u8> = BTreeSet::new();
        for rule in one(run, facts, folk) {
            if broken.insert(rule as u8) {
                found.push(RunViolation::Run { run: number, rule });
            }
        }
        of_vehicle.entry(&run.vehicle).or_default().push((number, run));
    }
    for (id, mut runs) in of_vehicle {
        let Some(vehicle) = facts.usable.get(id) else { continue };
        runs.sort_by_key(|(_, run)| run.depart);
        day(vehicle, &runs, &facts.limits, found);
    }
}

/// A time on a whole minute.
fn whole(time: Time) -> bool {
    time.second() == 0 && time.subsec_nanosecond() == 0
}

/// Rules that a run can break alone.
fn one(run: &Run, facts: &Facts<'_>, folk: &Folk<'_>) -> Vec<RunRule> {
    let mut broken = Vec::new();
    let limits = &facts.limits;
    let people = || run.pick_ups.iter().flat_map(|stop| &stop.people);
    if run.pick_ups.is_empty() || run.pick_ups.iter().any(|stop| stop.people.is_empty()) {
        broken.push(RunRule::Nobody);
    }
    match facts.usable.get(&run.vehicle) {
        None => broken.push(RunRule::Vehicle),
        Some(vehicle) => {
            let row = vehicle.row;
            if (run.kind, &run.base, run.seats) != (row.kind, &row.base, vehicle.seats) {
                broken.push(RunRule::VehicleSays);
            }
            if people().count() as u64 > vehicle.seats {
                broken.push(RunRule::Seats);
            }
            let mut worst = row.origin;
            let mut at = &run.base;
            for stop in &run.pick_ups {
                worst = worst.max(facts.hop(at, &stop.district).map_or(worst, |h| h.1));
                worst = worst.max(facts.origin_of_places(&stop.district, &run.facility));
                at = &stop.district;
            }
            for from in [at, &run.base] {
                worst = worst.max(facts.lane(from, &run.facility).map_or(worst, |l| l.2));
            }
            let origins = people().filter_map(|p| folk.all.get(&p.person)).map(|one| one.row.origin);
            if origins.fold(worst, Ord::max) != run.origin {
                broken.push(RunRule::Origin);
            }
            if minute(run.depart) < vehicle.from || minute(run.back) > vehicle.until {
                broken.push(RunRule::Shift);
            }
        }
    }
    match legs(run, facts) {
        None => broken.push(RunRule::Way),
        Some((out, home)) => {
            if !times_follow(run, &out, home, limits) {
                broken.push(RunRule::Times);
            }
        }
    }
    if run.depart < limits.from || run.arrive > limits.until {
        broken.push(RunRule::Window);
    }
    if run.kind == VehicleKind::Coach
        && spans(limits.curfew_from, limits.curfew_until)
            .iter()
            .any(|span| minute(run.depart) < span.1 && minute(run.back) > span.0)
    {
        broken.push(RunRule::Curfew);
    }
    for stop in &run.pick_ups {
        for one in stop.people.iter().filter_map(|p| folk.all.get(&p.person)) {
            // Nobody is fetched where they are not, or before they are there.
            if one.fate == Fate::Goes && (one.row.district != stop.district || one.ready > minute(stop.arrive)) {
                broken.push(RunRule::Times);
            }
        }
    }
    broken
}

/// Minutes to each stop and to the facility, and home; `None` when a way is not known.
fn legs(run: &Run, facts: &Facts<'_>) -> Option<(Vec<u32>, u32)> {
    let mut out = Vec::new();
    let mut at = &run.base;
    for stop in &run.pick_ups {
        out.push(facts.hop(at, &stop.district)?.0);
        at = &stop.district;
    }
    out.push(facts.lane(at, &run.facility)?.0);
    let sum = out.iter().fold(0u32, |sum, leg| sum.saturating_add(*leg));
    let home = facts.lane(&run.base, &run.facility).map_or(sum, |l| l.0);
    Some((out, home))
}

fn times_follow(run: &Run, out: &[u32], home: u32, limits: &RunLimits) -> bool {
    let mut now = u64::from(minute(run.depart));
    let mut good = [run.depart, run.arrive, run.leave, run.back].into_iter().all(whole);
    for (stop, leg) in run.pick_ups.iter().zip(out) {
        now += u64::from(*leg);
        good &= whole(stop.arrive) && whole(stop.depart) && u64::from(minute(stop.arrive)) == now;
        now += u64::from(limits.load_minutes);
        good &= u64::from(minute(stop.depart)) == now;
    }
    now += u64::from(out.last().copied().unwrap_or(0));
    good &= u64::from(minute(run.arrive)) == now;
    let (leave, unload) = (u64::from(minute(run.leave)), u64::from(limits.unload_minutes));
    good &= leave == now + unload || leave == now + unload + u64::from(limits.break_minutes);
    let wheel = out.iter().fold(u64::from(home), |sum, leg| sum + u64::from(*leg));
    good && u64::from(minute(run.back)) == leave + u64::from(home) && u64::from(run.drive_minutes) == wheel
}

/// A span of the clock as spans of the day.
fn spans(from: Time, until: Time) -> Vec<(u32, u32)> {
    let (from, until) = (minute(from), minute(until));
    match from.cmp(&until) {
        Ordering::Less => vec![(from, until)],
        Ordering::Equal => Vec::new(),
        Ordering::Greater => vec![(0, until), (from, 24 * 60)],
    }
}

/// The wheel of a crew since its last break.
#[derive(Clone, Copy, Default)]
struct Stretch {
    minutes: u64,
    night: bool,
}

impl Stretch {
    /// Drives from a minute to another; whether that is still allowed.
    fn drive(&mut self, from: u32, to: u32, limits: &RunLimits) -> bool {
        self.minutes += u64::from(to.saturating_sub(from));
        let night = spans(limits.night_from, limits.night_until);
        self.night |= to > from && night.iter().any(|(a, b)| from < *b && to > *a);
        let at_night = if self.night { limits.continuous_night_minutes } else { u32::MAX };
        self.minutes <= u64::from(limits.continuous_minutes.min(at_night))
    }
}

/// All runs of one vehicle in order: cleaning between them, breaks, hours at the wheel.
fn day(vehicle: &Usable<'_>, runs: &[(usize, &Run)], limits: &RunLimits, found: &mut Vec<RunViolation>) {
    let mut stretch = Stretch::default();
    let mut wheel = 0u64;
    let mut free: Option<u32> = None;
    for (number, run) in runs {
        let mut broken = |rule| found.push(RunViolation::Run { run: *number, rule });
        let depart = minute(run.depart);
        if let Some(free) = free {
            match depart.checked_sub(free) {
                None => broken(RunRule::TurnRound),
                Some(idle) if idle >= limits.break_minutes => stretch = Stretch::default(),
                Some(_) => {}
            }
        }
        let mut good = true;
        let mut now = depart;
        for stop in &run.pick_ups {
            good &= stretch.drive(now, minute(stop.arrive), limits);
            now = minute(stop.depart);
        }
        good &= stretch.drive(now, minute(run.arrive), limits);
        let rest = minute(run.leave).saturating_sub(minute(run.arrive)).saturating_sub(limits.unload_minutes);
        if rest >= limits.break_minutes {
            stretch = Stretch::default();
        }
        good &= stretch.drive(minute(run.leave), minute(run.back), limits);
        if !good {
            broken(RunRule::Break);
        }
        wheel += u64::from(run.drive_minutes);
        if wheel > u64::from(vehicle.wheel) {
            broken(RunRule::Driving);
        }
        free = Some(minute(run.back).saturating_add(limits.turnround_minutes));
    }
}

/// Whether a vehicle that does nothing else could fetch people from a district who are there from a minute on: every departure is tried.
pub(crate) fn could(
    vehicle: &Usable<'_>,
    facts: &Facts<'_>,
    district: &PlaceCode,
    facility: &FacilityId,
    ready: u32,
) -> bool {
    let limits = &facts.limits;
    let (Some((hop, _)), Some((lane, _, _))) = (facts.hop(&vehicle.row.base, district), facts.lane(district, facility))
    else {
        return false;
    };
    let home = facts.lane(&vehicle.row.base, facility).map_or(hop.saturating_add(lane), |l| l.0);
    if u64::from(hop) + u64::from(lane) + u64::from(home) > u64::from(vehicle.wheel) {
        return false;
    }
    let first = vehicle.from.max(minute(limits.from)).max(ready.saturating_sub(hop));
    (first..24 * 60).any(|depart| {
        let there = depart.saturating_add(hop);
        let loaded = there.saturating_add(limits.load_minutes);
        let arrive = loaded.saturating_add(lane);
        let unloaded = arrive.saturating_add(limits.unload_minutes);
        let mut out = Stretch::default();
        if there < ready || !(out.drive(depart, there, limits) && out.drive(loaded, arrive, limits)) {
            return false;
        }
        [false, true].into_iter().any(|rests| {
            let (mut stretch, leave) = if rests {
                (Stretch::default(), unloaded.saturating_add(limits.break_minutes))
            } else {
                (out, unloaded)
            };
            let back = leave.saturating_add(home);
            let barred = vehicle.row.kind == VehicleKind::Coach
                && spans(limits.curfew_from, limits.curfew_until).iter().any(|(a, b)| depart < *b && back > *a);
            stretch.drive(leave, back, limits) && arrive <= minute(limits.until) && back <= vehicle.until && !barred
        })
    })
}
