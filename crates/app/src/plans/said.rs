//! Codes and arguments for what a plan says of its inputs, of pins and of changes.

use super::view::DecidedRow;
use crate::brief::plan::{class_words, level_words, vehicle_words};
use crate::brief::words::Naming;
use levee_brief::facts::{Arg, Message, Words};
use levee_model::plan::{ChangeCause, FrozenOutcome, Gap, Pin, PinOutcome, Plan, Refusal, StandingOrder};
use std::collections::{BTreeMap, BTreeSet};

/// What the inputs lack: one message for each kind of gap, with how many places it concerns and the first of them.
pub(crate) fn gaps(gaps: &[Gap], names: &dyn Naming) -> Vec<Message> {
    let mut by_code: BTreeMap<&'static str, BTreeSet<(String, Words)>> = BTreeMap::new();
    for gap in gaps {
        let (code, key, name) = one_gap(gap, names);
        by_code.entry(code).or_default().insert((key, name));
    }
    by_code
        .into_iter()
        .filter_map(|(code, places)| {
            let n = places.len() as u64;
            let (_, first) = places.into_iter().next()?;
            let more = if n > 1 { Message::new("gap.more") } else { Message::new("fact.empty") };
            Some(Message::new(code).count("n", n).words("first", first).with("more", Arg::Message(Box::new(more))))
        })
        .collect()
}

/// The code of a gap, what makes it one of its own, and the place that it concerns.
fn one_gap(gap: &Gap, names: &dyn Naming) -> (&'static str, String, Words) {
    match gap {
        Gap::CapacityUnknown { facility, level, .. } => {
            ("gap.capacity_unknown", format!("{facility} {level:?}"), names.facility(facility))
        }
        Gap::CapacityContradicts { facility, level } => {
            ("gap.capacity_contradicts", format!("{facility} {level:?}"), names.facility(facility))
        }
        Gap::NotAccepted { facility } => ("gap.not_accepted", facility.to_string(), names.facility(facility)),
        Gap::NeverOpen { facility } => ("gap.never_open", facility.to_string(), names.facility(facility)),
        Gap::FleetUnknown { district, .. } | Gap::FleetContradicts { district, .. } => {
            ("gap.fleet_unknown", district.to_string(), names.short(district))
        }
        Gap::NoLanes { district } => ("gap.no_lanes", district.to_string(), names.short(district)),
        Gap::LaneContradicts { district, facility } | Gap::LaneNotCredible { district, facility } => {
            ("gap.lane", format!("{district} {facility}"), names.short(district))
        }
        Gap::NeedOutsidePlan { district, day, class, .. } | Gap::NeedNotCredible { district, day, class } => {
            ("gap.need", format!("{district} {day} {class:?}"), names.short(district))
        }
        Gap::ForecastFailed { district, .. } => ("gap.forecast_failed", district.to_string(), names.short(district)),
        Gap::ServiceUnknown { facility, level, care } => {
            ("gap.service_unknown", format!("{facility} {level:?} {care:?}"), names.facility(facility))
        }
        Gap::StepDownNotPossible { facility, level, .. } => {
            ("gap.step_down", format!("{facility} {level:?}"), names.facility(facility))
        }
    }
}

/// What became of pins and accepted orders, refused ones first.
pub(crate) fn decided(plan: &Plan, names: &dyn Naming) -> Vec<DecidedRow> {
    let pin = |one: &PinOutcome| DecidedRow {
        what: pin(&one.pin, names),
        outcome: one.refused.map_or_else(|| Message::new("pin.kept"), refusal),
        refused: one.refused.is_some(),
        order: false,
    };
    let order = |one: &FrozenOutcome| DecidedRow {
        what: standing("pin.frozen", &one.order, names),
        outcome: one.refused.map_or_else(|| Message::new("pin.stands"), refusal),
        refused: one.refused.is_some(),
        order: true,
    };
    let mut rows: Vec<DecidedRow> = plan.pins.iter().map(pin).chain(plan.frozen.iter().map(order)).collect();
    rows.sort_by_key(|row| !row.refused);
    rows
}

fn standing(code: &str, order: &StandingOrder, names: &dyn Naming) -> Message {
    Message::new(code)
        .count("n", order.people.get())
        .words("class", class_words(order.class))
        .words("place", names.short(&order.from))
        .words("facility", names.facility(&order.facility))
        .day("day", order.day)
}

fn pin(pin: &Pin, names: &dyn Naming) -> Message {
    match pin {
        Pin::Forbid { from, facility, class } => {
            let way = |code: &str| {
                Message::new(code).words("place", names.short(from)).words("facility", names.facility(facility))
            };
            match class {
                None => way("pin.forbid"),
                Some(class) => way("pin.forbid_class").words("class", class_words(*class)),
            }
        }
        Pin::Cap { facility, level, beds } => Message::new("pin.cap")
            .count("n", beds.get())
            .words("level", level_words(*level))
            .words("facility", names.facility(facility)),
        Pin::Assign { order, exactly } => {
            standing(if *exactly { "pin.assign_exactly" } else { "pin.assign" }, order, names)
        }
        Pin::Priority { district, class, .. } => {
            Message::new("pin.priority").words("place", names.short(district)).words("class", class_words(*class))
        }
    }
}

fn refusal(refusal: Refusal) -> Message {
    Message::new(match refusal {
        Refusal::OutsidePlan => "refused.outside_plan",
        Refusal::Nobody => "refused.nobody",
        Refusal::NoBeds => "refused.no_beds",
        Refusal::WrongLevel => "refused.wrong_level",
        Refusal::NoLane => "refused.no_lane",
        Refusal::NoService => "refused.no_service",
        Refusal::Unknown => "refused.unknown",
        Refusal::NotOpen => "refused.not_open",
        Refusal::NotAccepted => "refused.not_accepted",
        Refusal::Forbidden => "refused.forbidden",
        Refusal::Contradicts => "refused.contradicts",
        Refusal::NotEnoughPeople => "refused.not_enough_people",
        Refusal::NotEnoughBeds => "refused.not_enough_beds",
        Refusal::NotEnoughSlots => "refused.not_enough_slots",
        Refusal::NotEnoughVehicles => "refused.not_enough_vehicles",
        Refusal::AlreadyFirst => "refused.already_first",
        Refusal::LifeSaving => "refused.life_saving",
    })
}

/// Why people go elsewhere than in the plan before.
pub(crate) fn cause(cause: &ChangeCause) -> Message {
    let n = |code: &str, n: u64| Message::new(code).count("n", n);
    match cause {
        ChangeCause::Pin => Message::new("changed.pin"),
        ChangeCause::Accepted => Message::new("changed.accepted"),
        ChangeCause::NeedGrew { by } => n("changed.need_grew", by.get()),
        ChangeCause::NeedShrank { by } => n("changed.need_shrank", by.get()),
        ChangeCause::BedsOpened => Message::new("changed.beds_opened"),
        ChangeCause::BedsClosed => Message::new("changed.beds_closed"),
        ChangeCause::BedsGained { by } => n("changed.beds_gained", by.get()),
        ChangeCause::BedsLost { by } => n("changed.beds_lost", by.get()),
        ChangeCause::LaneFound => Message::new("changed.lane_found"),
        ChangeCause::LaneGone => Message::new("changed.lane_gone"),
        ChangeCause::LaneChanged => Message::new("changed.lane_changed"),
        ChangeCause::Vehicles { kind } => Message::new("changed.vehicles").words("kind", vehicle_words(*kind)),
        ChangeCause::OtherDays => Message::new("changed.other_days"),
        ChangeCause::Elsewhere => Message::new("changed.elsewhere"),
    }
}
