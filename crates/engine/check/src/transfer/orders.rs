//! What each order must keep by itself.

use crate::transfer::facts::{Facts, group_of, seconds, ward_of};
use crate::transfer::violation::{OrderRule, Violation};
use levee_model::plan::{Plan, ProposedOrder};
use std::collections::BTreeSet;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, found: &mut Vec<Violation>) {
    let mut seen = BTreeSet::new();
    for (number, order) in plan.orders.iter().enumerate() {
        let mut broken = |rule| found.push(Violation::Order { order: number, rule });
        if facts.day(order.day).is_none() {
            broken(OrderRule::Day);
        }
        if order.people.get() == 0 {
            broken(OrderRule::Nobody);
        }
        if order.known > order.people {
            broken(OrderRule::Known);
        }
        if !seen.insert((order.day, group_of(order), ward_of(order), order.frozen)) {
            broken(OrderRule::Twice);
        }
        beds(facts, order, &mut broken);
        way(facts, order, &mut broken);
        hours(facts, order, &mut broken);
    }
    let keys = plan.orders.iter().map(|o| (o.day, std::cmp::Reverse(o.class), &o.from));
    if !keys.is_sorted() {
        found.push(Violation::Unordered { list: "orders" });
    }
}

fn beds(facts: &Facts<'_>, order: &ProposedOrder, broken: &mut impl FnMut(OrderRule)) {
    let ward = ward_of(order);
    if !facts.wards.contains_key(&ward) {
        return broken(OrderRule::NoBeds);
    }
    if facts.beds(ward).is_none() {
        broken(OrderRule::UnknownBeds);
    }
    if !facts.is_open(ward, order.day) {
        broken(OrderRule::NotOpen);
    }
    if !facts.is_accepted(ward, order.day) {
        broken(OrderRule::NotAccepted);
    }
    if facts.upgrade(order.class, order.level).is_none() {
        broken(OrderRule::Level);
    }
    if order.care.is_some_and(|care| facts.service(ward, care).flatten().is_none()) {
        broken(OrderRule::Service);
    }
}

fn way(facts: &Facts<'_>, order: &ProposedOrder, broken: &mut impl FnMut(OrderRule)) {
    let Some(lane) = facts.lane(&order.from, &order.facility) else { return broken(OrderRule::Lane) };
    let minutes = if order.class.is_life_saving() { lane.ambulance_minutes } else { lane.coach_minutes };
    if (order.metres, order.minutes) != (lane.metres, minutes) {
        broken(OrderRule::Lane);
    }
    let bed = facts.row(ward_of(order)).map(|r| r.origin);
    let people = facts.need_origin(group_of(order), order.day);
    if bed.is_some_and(|bed| order.origin != bed.max(lane.origin).max(people)) {
        broken(OrderRule::Origin);
    }
}

/// Coaches keep to the window of the limits and are never on the road from 02:00 to 05:00; ambulances go at any hour.
fn hours(facts: &Facts<'_>, order: &ProposedOrder, broken: &mut impl FnMut(OrderRule)) {
    let (from, until) = (seconds(order.window.from), seconds(order.window.until));
    let ok = if order.class.is_life_saving() {
        // A person in danger never waits for an hour of the day (law 7).
        (from, until) == (0, 23 * 3600 + 59 * 60)
    } else {
        let ride = i64::from(order.minutes) * 60;
        (from, until) == facts.coach_seconds() && from >= 5 * 3600 && ride <= i64::from(until - from)
    };
    if !ok {
        broken(OrderRule::Window);
    }
}
