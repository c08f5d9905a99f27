//! What vehicles carry, order by order and day by day.

use crate::transfer::facts::Facts;
use crate::transfer::violation::{OrderRule, Violation};
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::{Plan, ProposedOrder, RideBy};
use levee_model::report::VehicleKind;
use std::collections::{BTreeMap, BTreeSet};

const AMBULANCES: [VehicleKind; 2] = [VehicleKind::NegativePressureAmbulance, VehicleKind::Ambulance];

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, found: &mut Vec<Violation>) {
    let mut trips: Trips<'_> = BTreeMap::new();
    let mut beyond: BTreeSet<(&PlaceCode, Date)> = BTreeSet::new();
    for (number, order) in plan.orders.iter().enumerate() {
        let carried = order.rides.iter().fold(0u64, |sum, r| sum.saturating_add(r.people.get()));
        if carried != order.people.get() || order.rides.iter().any(|r| r.people.get() == 0) {
            found.push(Violation::Order { order: number, rule: OrderRule::Rides });
        }
        for ride in &order.rides {
            if let Some(rule) = one(facts, order, ride.by, ride.people.get()) {
                found.push(Violation::Order { order: number, rule });
            }
            match ride.by {
                // Coaches are counted by where they go: orders share them.
                RideBy::Fleet { kind: VehicleKind::Coach, .. } => {}
                RideBy::Fleet { kind, trips: made } => {
                    let sum = trips.entry((&order.from, order.day, kind)).or_default();
                    *sum = sum.saturating_add(made);
                }
                RideBy::Dispatch => {
                    beyond.insert((&order.from, order.day));
                }
                RideBy::Unconfirmed { kind } if AMBULANCES.contains(&kind) => {
                    beyond.insert((&order.from, order.day));
                }
                RideBy::Unconfirmed { .. } => {}
            }
        }
    }
    coaches(plan, facts, &mut trips, found);
    for (&(district, day, kind), &made) in &trips {
        let possible = facts.fleet(district, kind).ok().flatten().map_or(0, |(trips, _)| trips);
        if made > possible {
            found.push(Violation::TooManyTrips { district: district.clone(), kind, day, trips: made, possible });
        }
    }
    for (district, day) in beyond {
        let idle = AMBULANCES.iter().any(|&kind| {
            let made = trips.get(&(district, day, kind)).copied().unwrap_or(0);
            matches!(facts.fleet(district, kind), Ok(Some((possible, 1..))) if made < possible)
        });
        if idle {
            found.push(Violation::DispatchedWithinFleet { district: district.clone(), day });
        }
    }
}

type Trips<'a> = BTreeMap<(&'a PlaceCode, Date, VehicleKind), u64>;

fn by_coach(order: &ProposedOrder) -> u64 {
    let on_board = |by| matches!(by, RideBy::Fleet { kind: VehicleKind::Coach, .. });
    order.rides.iter().filter(|r| on_board(r.by)).fold(0, |sum, r| sum.saturating_add(r.people.get()))
}

/// Coaches to one facility are shared by a district's orders of a day: as many trips as all their people fill.
fn coach_trips<'a>(plan: &'a Plan, facts: &Facts<'_>) -> BTreeMap<(&'a PlaceCode, Date, &'a FacilityId), u64> {
    let mut riding: BTreeMap<_, u64> = BTreeMap::new();
    for order in plan.orders.iter().filter(|o| by_coach(o) > 0) {
        let sum = riding.entry((&order.from, order.day, &order.facility)).or_default();
        *sum = sum.saturating_add(by_coach(order));
    }
    for ((from, _, _), people) in &mut riding {
        let seats = facts.fleet(from, VehicleKind::Coach).ok().flatten().map_or(1, |(_, seats)| seats.max(1));
        *people = people.div_ceil(seats);
    }
    riding
}

/// Whether a district's coaches make no further trip on a day.
pub(crate) fn coaches_are_spent(plan: &Plan, facts: &Facts<'_>, district: &PlaceCode, day: Date) -> bool {
    let Ok(Some((possible, _))) = facts.fleet(district, VehicleKind::Coach) else { return false };
    let all = coach_trips(plan, facts);
    let here = all.iter().filter(|((from, on, _), _)| *from == district && *on == day);
    here.fold(0u64, |sum, (_, trips)| sum.saturating_add(*trips)) >= possible
}

fn coaches<'a>(plan: &'a Plan, facts: &Facts<'_>, trips: &mut Trips<'a>, found: &mut Vec<Violation>) {
    let needed = coach_trips(plan, facts);
    for (&(from, day, _), made) in &needed {
        let sum = trips.entry((from, day, VehicleKind::Coach)).or_default();
        *sum = sum.saturating_add(*made);
    }
    for (number, order) in plan.orders.iter().enumerate() {
        for ride in &order.rides {
            let RideBy::Fleet { kind: VehicleKind::Coach, trips } = ride.by else { continue };
            if needed.get(&(&order.from, order.day, &order.facility)) != Some(&trips) {
                found.push(Violation::Order { order: number, rule: OrderRule::Rides });
            }
        }
    }
}

fn one(facts: &Facts<'_>, order: &ProposedOrder, by: RideBy, people: u64) -> Option<OrderRule> {
    let fits =
        |kind| if order.class.is_life_saving() { AMBULANCES.contains(&kind) } else { kind == VehicleKind::Coach };
    match by {
        RideBy::Fleet { kind, .. } | RideBy::Unconfirmed { kind } if !fits(kind) => Some(OrderRule::Vehicle),
        RideBy::Fleet { kind, trips } => match facts.fleet(&order.from, kind) {
            // As many trips as the people fill, no empty one.
            Ok(Some((_, seats))) => {
                let alone = kind != VehicleKind::Coach;
                let enough = seats > 0 && (!alone || trips == people.div_ceil(seats));
                (!enough).then_some(OrderRule::Rides)
            }
            _ => Some(OrderRule::Confirmed),
        },
        RideBy::Unconfirmed { kind: VehicleKind::Coach } => {
            matches!(facts.fleet(&order.from, VehicleKind::Coach), Ok(Some(_))).then_some(OrderRule::Confirmed)
        }
        // Of ambulances, one kind may be known and the other not.
        RideBy::Unconfirmed { kind } => (!is_unknown(facts, order, kind)).then_some(OrderRule::Confirmed),
        RideBy::Dispatch if !order.class.is_life_saving() => Some(OrderRule::Vehicle),
        RideBy::Dispatch => ambulances_unknown(facts, order).then_some(OrderRule::Confirmed),
    }
}

/// Whether a kind of ambulance should be there and is not known; where no kind is reported at all, plain ones.
fn is_unknown(facts: &Facts<'_>, order: &ProposedOrder, kind: VehicleKind) -> bool {
    let none = AMBULANCES.iter().all(|kind| facts.fleet(&order.from, *kind) == Ok(None));
    facts.fleet(&order.from, kind).is_err() || (none && kind == VehicleKind::Ambulance)
}

fn ambulances_unknown(facts: &Facts<'_>, order: &ProposedOrder) -> bool {
    let all = AMBULANCES.map(|kind| facts.fleet(&order.from, kind));
    all.iter().any(Result::is_err) || all.iter().all(|fleet| *fleet == Ok(None))
}
