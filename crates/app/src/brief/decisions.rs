//! What the meeting is asked to decide. Each asks for one thing, with its figure, an owner and a deadline.

use super::plan::{deadline, level_words};
use super::words::Names;
use crate::day::Day;
use jiff::civil::Date;
use levee_brief::facts::{Arg, Decision, Figure, Message, Plan, Words};
use levee_model::facility::{Binding, FacilityKind, Level};
use levee_model::plan::Cause;
use levee_model::provenance::Origin;
use levee_picture::Known;
use std::collections::BTreeMap;

pub(super) fn asked(day: &Day, names: &Names<'_>, plan: &Figure<Plan>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if let Some(known) = plan.as_known() {
        for surge in &known.value.surge {
            decisions.push(Decision {
                what: Message::new("decide.surge")
                    .with("facility", Arg::Words(surge.facility.clone()))
                    .day("day", surge.from),
                why: vec![Message::new("reason.life_saving")],
                owner: names.section("treatment"),
                deadline: deadline(day),
                life_saving: true,
                origin: known.origin,
            });
        }
    }
    decisions.extend(beds(day, names));
    decisions.extend(approve(day, names, plan.value().map_or(0, |plan| plan.orders.len() as u64)));
    decisions.extend(report(day, names));
    decisions.extend(reconcile(day, names));
    decisions
}

/// What would let most people out of waiting: staff or equipment for beds that stand idle, or more beds.
fn beds(day: &Day, names: &Names<'_>) -> Option<Decision> {
    let (_, plan) = day.plan.as_ref().ok()?;
    // More beds mend only what beds, their staff or their equipment keep waiting: not a missing vehicle, way or report.
    let for_want_of_beds = |cause| matches!(cause, Cause::Beds | Cause::Staff | Cause::Equipment | Cause::NoFacility);
    let mut short: BTreeMap<(Level, Date), u64> = BTreeMap::new();
    for one in plan.shortfalls.iter().filter(|s| for_want_of_beds(s.cause)) {
        *short.entry((one.class.level_needed(), one.day)).or_default() += one.people.get();
    }
    let ((level, day_of), missing) = short.into_iter().max_by_key(|((_, on), n)| (*n, std::cmp::Reverse(*on)))?;
    // Beds that exist at that level but lack staff or equipment.
    let idle: Vec<(u64, Binding, Words)> = day
        .picture
        .care
        .facilities
        .iter()
        .filter(|row| row.level == level)
        .filter_map(|row| {
            let physical = row.status.as_ref()?.physical?;
            let Known::Known(usable) = &row.usable else { return None };
            let (usable, binding) = usable.value;
            (physical > usable).then(|| (physical - usable, binding, names.facility(&row.facility.id)))
        })
        .collect();
    let total_idle: u64 = idle.iter().map(|(n, _, _)| n).sum();
    let why = Message::new("why.without_it")
        .with("n", Arg::Count(missing))
        .with("day", Arg::Day(day_of))
        .with("what", Arg::Words(level_words(level)));
    let mut reasons = vec![why];
    if total_idle > 0 {
        let staff: u64 = idle.iter().filter(|(_, b, _)| *b == Binding::Staffed).map(|(n, _, _)| n).sum();
        reasons.push(Message::new("why.idle_beds").with("n", Arg::Count(total_idle)).with("staff", Arg::Count(staff)));
    }
    Some(Decision {
        what: Message::new("decide.add_beds")
            .with("n", Arg::Count(missing))
            .with("what", Arg::Words(level_words(level)))
            .with("day", Arg::Day(day_of)),
        why: reasons,
        owner: names.section(if level == Level::Makeshift { "isolation" } else { "treatment" }),
        deadline: deadline(day),
        life_saving: false,
        origin: plan.origin,
    })
}

fn approve(day: &Day, names: &Names<'_>, rows: u64) -> Option<Decision> {
    let (_, plan) = day.plan.as_ref().ok()?;
    let people: u64 = plan.orders.iter().filter(|o| o.day == plan.start).map(|o| o.people.get()).sum();
    (rows > 0).then(|| Decision {
        what: Message::new("decide.approve_orders")
            .with("n", Arg::Count(rows))
            .with("people", Arg::Count(people))
            .with("day", Arg::Day(plan.start)),
        why: vec![Message::new("why.proposals")],
        owner: names.section("transfer"),
        deadline: super::tomorrow_at(day.day, 6),
        life_saving: false,
        origin: plan.origin,
    })
}

/// Who has not reported what the plan had to leave out.
fn report(day: &Day, names: &Names<'_>) -> Option<Decision> {
    let unreported: Vec<_> = day
        .picture
        .care
        .facilities
        .iter()
        .filter(|row| row.facility.kind != FacilityKind::Laboratory && row.occupied.value().is_none())
        .collect();
    let origin = unreported.iter().map(|row| row.facility.provenance.origin).max()?;
    let silent: Vec<Arg> = unreported.iter().map(|row| Arg::Words(names.facility(&row.facility.id))).collect();
    let waited_for =
        day.plan.as_ref().is_ok_and(|(_, plan)| plan.shortfalls.iter().any(|s| s.cause == Cause::UnknownCapacity));
    let first = silent.first()?.clone();
    let what = match silent.len() as u64 {
        n @ 1..=3 => Message::new("decide.report_use").with("n", Arg::Count(n)).with("places", Arg::List(silent)),
        n => Message::new("decide.report_use_of").with("n", Arg::Count(n)).with("first", first),
    };
    Some(Decision {
        what,
        why: vec![Message::new(if waited_for { "why.unreported_beds" } else { "why.left_out" })],
        owner: names.section("information"),
        deadline: super::tomorrow_at(day.day, 19),
        life_saving: false,
        origin,
    })
}

fn reconcile(day: &Day, names: &Names<'_>) -> Option<Decision> {
    let headline = day.picture.city.last_known()?.day;
    let open = super::known_issues::contradictions(day, names).iter().filter(|c| c.touches_headline).count() as u64;
    (open > 0).then(|| Decision {
        what: Message::new("decide.reconcile_day").with("n", Arg::Count(open)).with("day", Arg::Day(headline)),
        why: vec![],
        owner: names.section("information"),
        deadline: super::tomorrow_at(day.day, 12),
        life_saving: false,
        origin: Origin::Reported,
    })
}
