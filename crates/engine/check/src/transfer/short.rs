//! Who stays without a bed is listed, with a cause that is so; life-saving care is listed as surge besides.

use crate::transfer::facts::{Facts, Group, Ward};
use crate::transfer::flows::Flows;
use crate::transfer::violation::Violation;
use levee_model::facility::Binding;
use levee_model::plan::{Cause, Plan, Remedy, Shortfall, Surge};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use std::cmp::Reverse;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    for &group in facts.new.keys() {
        for (t, &day) in facts.days.iter().enumerate() {
            let (district, class) = (group.0.clone(), group.1);
            let waiting = flows.waiting(facts, group, t);
            let entries: Vec<&Shortfall> =
                plan.shortfalls.iter().filter(|s| s.day == day && (&s.district, s.class, s.care) == group).collect();
            let listed: Vec<u64> = entries.iter().map(|s| s.people.get()).collect();
            let expected: &[u64] = if waiting == 0 { &[] } else { &[waiting] };
            if listed != expected {
                found.push(Violation::Shortfall { district, class, day, waiting, listed });
                continue;
            }
            for entry in entries {
                for what in not_so(plan, facts, flows, entry, t) {
                    found.push(Violation::ShortfallSays { district: district.clone(), class, day, what });
                }
            }
            if class.is_life_saving() {
                surge(plan, facts, group, t, waiting, found);
            }
        }
    }
    strays(plan, facts, found);
    if !plan.shortfalls.iter().map(|s| (s.day, Reverse(s.class), &s.district)).is_sorted() {
        found.push(Violation::Unordered { list: "shortfalls" });
    }
    if !plan.surge.iter().map(|s| (s.day, Reverse(s.class), &s.from)).is_sorted() {
        found.push(Violation::Unordered { list: "surge entries" });
    }
}

/// Entries about nobody.
fn strays(plan: &Plan, facts: &Facts<'_>, found: &mut Vec<Violation>) {
    let needed =
        |district, class, care, day| facts.new.contains_key(&(district, class, care)) && facts.day(day).is_some();
    for s in plan.shortfalls.iter().filter(|s| !needed(&s.district, s.class, s.care, s.day)) {
        let (district, class, day) = (s.district.clone(), s.class, s.day);
        found.push(Violation::Shortfall { district, class, day, waiting: 0, listed: vec![s.people.get()] });
    }
    for s in plan.surge.iter().filter(|s| !s.class.is_life_saving() || !needed(&s.from, s.class, s.care, s.day)) {
        let (district, class, day) = (s.from.clone(), s.class, s.day);
        found.push(Violation::Surge { district, class, day, what: "nobody needs it" });
    }
}

fn origin(facts: &Facts<'_>, group: Group<'_>, t: usize) -> Origin {
    let ways = facts.ways(group).into_iter().map(|(ward, lane, _)| {
        facts.wards.get(&ward).into_iter().flatten().fold(lane.origin, |worst, row| worst.max(row.origin))
    });
    ways.fold(facts.need_origin(group, facts.days[t]), Ord::max)
}

fn who(entry: &Shortfall) -> Group<'_> {
    (&entry.district, entry.class, entry.care)
}

fn not_so(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, entry: &Shortfall, t: usize) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    if !cause_is_so(plan, facts, flows, entry, t) || !cause_fits_first_remedy(entry) {
        wrong.push("cause");
    }
    let twice = |k: usize| entry.mends[..k].contains(&entry.mends[k]);
    if entry.mends.is_empty()
        || (0..entry.mends.len()).any(twice)
        || !entry.mends.iter().all(|m| remedy_is_possible(facts, flows, entry, &m.remedy))
    {
        wrong.push("remedy");
    }
    if entry.origin != origin(facts, who(entry), t) {
        wrong.push("origin");
    }
    wrong
}

fn cause_is_so(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, entry: &Shortfall, t: usize) -> bool {
    let day = facts.days[t];
    let group = who(entry);
    let ways = facts.ways(group);
    let mut fit = facts.wards.keys().filter(|w| facts.upgrade(entry.class, w.1).is_some()).peekable();
    let exists = fit.peek().is_some();
    let offered = entry.care.is_none_or(|care| fit.any(|w| facts.service(*w, care).is_some()));
    let taking: Vec<_> = ways.iter().map(|w| w.0).filter(|w| facts.takes(group, *w, day)).collect();
    let room = taking.iter().any(|w| flows.room(facts, *w, group, t) > 0);
    let coaches = matches!(facts.fleet(&entry.district, VehicleKind::Coach), Ok(Some(_)));
    let may_be_coaches = coaches && !entry.class.is_life_saving();
    let binds = |limit: fn(&levee_model::plan::Capacity) -> Option<levee_model::quantity::Beds>| {
        !(may_be_coaches && room)
            && taking.iter().filter(|w| !facts.is_capped(**w)).any(|w| {
                facts
                    .row(*w)
                    .and_then(limit)
                    .zip(facts.beds(*w))
                    .is_some_and(|(beds, (usable, _))| beds.get() == usable)
            })
    };
    let shut = |why: &dyn Fn(Ward<'_>) -> bool| taking.is_empty() && ways.iter().any(|w| why(w.0));
    match entry.cause {
        Cause::NoFacility => !exists,
        Cause::NoService => exists && !offered,
        Cause::NoLane => exists && offered && ways.is_empty(),
        Cause::Vehicles => {
            may_be_coaches
                && !taking.is_empty()
                && (room || crate::transfer::rides::coaches_are_spent(plan, facts, &entry.district, day))
        }
        Cause::Beds => binds(|r| r.physical),
        Cause::Staff => binds(|r| r.staffed),
        Cause::Equipment => binds(|r| r.equipped),
        Cause::Slots => taking.iter().any(|w| flows.slots_left(facts, *w, group) == 0),
        Cause::Pinned => taking.iter().any(|w| facts.is_capped(*w)) || shut(&|w| is_pinned_shut(facts, group, w, day)),
        Cause::UnknownCapacity => shut(&|w| facts.beds(w).is_none() || is_service_unknown(facts, group, w)),
        Cause::NotAccepted => shut(&|w| !facts.is_accepted(w, day)),
        Cause::NotOpen => shut(&|w| !facts.is_open(w, day)),
    }
}

fn is_pinned_shut(facts: &Facts<'_>, group: Group<'_>, ward: Ward<'_>, day: jiff::civil::Date) -> bool {
    facts.decided.forbids(group, ward.0) || facts.decided.is_exact((day, group, ward))
}

fn is_service_unknown(facts: &Facts<'_>, group: Group<'_>, ward: Ward<'_>) -> bool {
    group.2.is_some_and(|care| facts.service(ward, care) == Some(None))
}

/// The first remedy answers the cause.
fn cause_fits_first_remedy(entry: &Shortfall) -> bool {
    let Some(first) = entry.mends.first() else { return false };
    entry.cause
        == match &first.remedy {
            Remedy::OneBed { limits, .. } => match limits.first() {
                Some(Binding::Staffed) => Cause::Staff,
                Some(Binding::Equipped) => Cause::Equipment,
                _ => Cause::Beds,
            },
            Remedy::OneCoachSeat { .. } => Cause::Vehicles,
            Remedy::ReportCapacity { .. } | Remedy::ReportService { .. } => Cause::UnknownCapacity,
            Remedy::Acceptance { .. } => Cause::NotAccepted,
            Remedy::OpenEarlier { .. } => Cause::NotOpen,
            Remedy::Lanes { .. } => Cause::NoLane,
            Remedy::Facility { .. } => Cause::NoFacility,
            Remedy::Service { .. } => Cause::NoService,
            Remedy::OneSlot { .. } => Cause::Slots,
            Remedy::LiftPin { .. } => Cause::Pinned,
            Remedy::ReportFleet { .. } | Remedy::Reconcile => return false,
        }
}

fn remedy_is_possible(facts: &Facts<'_>, flows: &Flows<'_>, entry: &Shortfall, remedy: &Remedy) -> bool {
    let day = entry.day;
    let group = who(entry);
    let ways = facts.ways(group);
    let some_way = |so: &dyn Fn(Ward<'_>) -> bool| ways.iter().any(|w| so(w.0));
    let level_needed = entry.class.level_needed();
    match remedy {
        Remedy::OneBed { facility, level, from_day, limits } => {
            let ward = (facility, *level);
            let binding = facts.row(ward).zip(facts.beds(ward)).map(|(row, (usable, _))| {
                [(row.physical, Binding::Physical), (row.staffed, Binding::Staffed), (row.equipped, Binding::Equipped)]
                    .into_iter()
                    .filter(|(beds, _)| beds.is_some_and(|b| b.get() == usable))
                    .map(|(_, limit)| limit)
                    .collect::<Vec<_>>()
            });
            *from_day == day
                && some_way(&|w| w == ward && facts.takes(group, w, day) && !facts.is_capped(w))
                && binding.as_ref() == Some(limits)
        }
        Remedy::OneCoachSeat { district, day: on } => {
            entry.cause == Cause::Vehicles && *district == entry.district && *on == day
        }
        Remedy::ReportCapacity { facility, level } => some_way(&|w| w == (facility, *level) && facts.beds(w).is_none()),
        Remedy::Acceptance { facility } => some_way(&|w| w.0 == facility && !facts.is_accepted(w, day)),
        Remedy::OpenEarlier { facility } => some_way(&|w| w.0 == facility && !facts.is_open(w, day)),
        Remedy::Lanes { district } => entry.cause == Cause::NoLane && *district == entry.district,
        Remedy::Facility { level } => entry.cause == Cause::NoFacility && *level == level_needed,
        Remedy::Service { level, care } => {
            entry.cause == Cause::NoService && *level == level_needed && Some(*care) == entry.care
        }
        Remedy::ReportService { facility, level, care } => {
            Some(*care) == entry.care && some_way(&|w| w == (facility, *level) && is_service_unknown(facts, group, w))
        }
        Remedy::OneSlot { facility, level, care } => {
            Some(*care) == entry.care
                && some_way(&|w| {
                    w == (facility, *level) && facts.takes(group, w, day) && flows.slots_left(facts, w, group) == 0
                })
        }
        Remedy::LiftPin { facility, level } => some_way(&|w| {
            w == (facility, *level)
                && (is_pinned_shut(facts, group, w, day) || (facts.takes(group, w, day) && facts.is_capped(w)))
        }),
        // These mend no shortfall.
        Remedy::ReportFleet { .. } | Remedy::Reconcile => false,
    }
}

fn surge(plan: &Plan, facts: &Facts<'_>, group: Group<'_>, t: usize, waiting: u64, found: &mut Vec<Violation>) {
    let day = facts.days[t];
    let entries: Vec<&Surge> =
        plan.surge.iter().filter(|s| s.day == day && (&s.from, s.class, s.care) == group).collect();
    let mut wrong = |what| found.push(Violation::Surge { district: group.0.clone(), class: group.1, day, what });
    let [entry] = entries.as_slice() else {
        if waiting > 0 || !entries.is_empty() {
            wrong("one entry where somebody is without a usable bed, none elsewhere");
        }
        return;
    };
    let new = facts.new.get(&group).map_or(0, |n| n[t].0);
    if waiting == 0 || entry.in_surge.get() != waiting || entry.people.get() != new.min(waiting) {
        wrong("its people");
    }
    let short = plan.shortfalls.iter().find(|s| s.day == day && (&s.district, s.class, s.care) == group);
    if short.is_none_or(|s| s.cause != entry.cause) {
        wrong("its cause");
    }
    if short.is_none_or(|s| s.origin != entry.origin) {
        wrong("its origin");
    }
    // The nearest that is open, an accepted one if there is any; over a forbidden way only if there is no other.
    let open: Vec<_> = facts.ways(group).into_iter().filter(|w| facts.is_open(w.0, day)).collect();
    let allowed = |w: &&(Ward<'_>, _, u8)| !facts.decided.forbids(group, w.0.0);
    let open: Vec<_> =
        if open.iter().any(|w| allowed(&w)) { open.iter().filter(allowed).collect() } else { open.iter().collect() };
    let accepted: Vec<_> = open.iter().copied().filter(|w| facts.is_accepted(w.0, day)).collect();
    let candidates = if accepted.is_empty() { open } else { accepted };
    let least = candidates.iter().map(|w| w.1.metres).min();
    let so = match &entry.facility {
        None => candidates.is_empty(),
        Some(named) => candidates.iter().any(|w| w.0.0 == named && Some(w.1.metres) == least),
    };
    if !so {
        wrong("its facility");
    }
}
