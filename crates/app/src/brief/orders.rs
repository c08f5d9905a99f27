//! Tomorrow's proposed orders, gathered by destination and class of illness.

use super::plan::{care_words, class_words, level_words, vehicle_words};
use super::words::{Naming, section};
use levee_brief::facts::{Arg, Message, OrderRow};
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::{CareClass, CareNeed, Plan, ProposedOrder, Reason, RideBy};
use levee_model::quantity::Persons;
use levee_model::report::VehicleKind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Districts that one row names.
const ORIGINS_SHOWN: usize = 4;

/// Orders of the first day, one group for each destination and class, each with its number: what a commander approves is where
/// people go, and from where.
pub(crate) fn numbered(plan: &Plan) -> Vec<(String, Vec<&ProposedOrder>)> {
    let mut groups: BTreeMap<(Reverse<CareClass>, &FacilityId), Vec<&ProposedOrder>> = BTreeMap::new();
    for proposed in plan.orders.iter().filter(|o| o.day == plan.start) {
        groups.entry((Reverse(proposed.class), &proposed.facility)).or_default().push(proposed);
    }
    let number = |nth: usize| format!("{}-{:02}", plan.start.strftime("%m%d"), nth + 1);
    groups.into_values().enumerate().map(|(nth, orders)| (number(nth), orders)).collect()
}

/// One row for each group. Each single order with its own reasons stands in the plan, as do the later days of the schedule.
pub(crate) fn rows(plan: &Plan, names: &dyn Naming) -> Vec<OrderRow> {
    numbered(plan).into_iter().filter_map(|(number, orders)| row(&orders, number, names)).collect()
}

fn row(orders: &[&ProposedOrder], id: String, names: &dyn Naming) -> Option<OrderRow> {
    let first = orders.first()?;
    let total: u64 = orders.iter().map(|o| o.people.get()).sum();
    Some(OrderRow {
        id,
        what: Message::new("order.transfer_to")
            .with("n", Arg::Count(total))
            .with("class", Arg::Words(class_words(first.class)))
            .with("to", Arg::Words(names.facility(&first.facility)))
            .with("origins", Arg::List(origins(orders, names))),
        starts: Some(first.day.to_datetime(first.window.from)),
        due: Some(first.day.to_datetime(first.window.until)),
        owner: section("transfer"),
        reasons: reasons(orders),
        life_saving: first.class.is_life_saving(),
        origin: orders.iter().map(|o| o.origin).max().unwrap_or(first.origin),
    })
}

/// From where, the most people first; a district that stands in several orders stands once.
fn origins(orders: &[&ProposedOrder], names: &dyn Naming) -> Vec<Arg> {
    let mut by_place: BTreeMap<&PlaceCode, u64> = BTreeMap::new();
    for order in orders {
        *by_place.entry(&order.from).or_default() += order.people.get();
    }
    let mut from: Vec<(&PlaceCode, u64)> = by_place.into_iter().collect();
    from.sort_by_key(|(_, people)| Reverse(*people));
    let one = |(place, people): &(&PlaceCode, u64)| {
        let of = Message::new("order.origin").with("place", Arg::Words(names.short(place)));
        Arg::Message(Box::new(of.count("n", *people)))
    };
    let mut said: Vec<Arg> = from.iter().take(ORIGINS_SHOWN).map(one).collect();
    if from.len() > ORIGINS_SHOWN {
        let rest = from.iter().skip(ORIGINS_SHOWN).map(|(_, people)| people).sum();
        let more = Message::new("order.other_origins")
            .with("places", Arg::Count((from.len() - ORIGINS_SHOWN) as u64))
            .with("n", Arg::Count(rest));
        said.push(Arg::Message(Box::new(more)));
    }
    said
}

/// Why these orders are as they are: the need, how far, past which nearer ones, by which vehicles.
fn reasons(orders: &[&ProposedOrder]) -> Vec<Message> {
    let mut said = needs(orders);
    said.extend(services(orders));
    said.push(ways(orders));
    let count = |which: fn(&Reason) -> bool| {
        let of = orders.iter().filter(|o| o.reasons.iter().any(which)).map(|o| &o.from);
        of.collect::<BTreeSet<_>>().len() as u64
    };
    for (code, n) in [
        ("reason.past_full", count(|r| matches!(r, Reason::NearerFull { .. }))),
        ("reason.past_left", count(|r| matches!(r, Reason::NearerLeftToOthers { .. }))),
        ("reason.past_unknown", count(|r| matches!(r, Reason::NearerUnknown { .. }))),
        ("reason.past_not_accepted", count(|r| matches!(r, Reason::NearerNotAccepted { .. }))),
        ("reason.past_not_open", count(|r| matches!(r, Reason::NearerNotOpen { .. }))),
        ("reason.past_forbidden", count(|r| matches!(r, Reason::NearerForbidden { .. }))),
        ("reason.past_pinned", count(|r| matches!(r, Reason::NearerPinned { .. }))),
    ] {
        if n > 0 {
            said.push(Message::new(code).with("n", Arg::Count(n)));
        }
    }
    let upgraded = orders.iter().flat_map(|o| &o.reasons).find_map(|r| match r {
        Reason::Upgraded { needed, given } => Some((needed, given)),
        _ => None,
    });
    if let Some((needed, given)) = upgraded {
        let message = Message::new("reason.upgraded").with("needed", Arg::Words(level_words(*needed)));
        said.push(message.with("given", Arg::Words(level_words(*given))));
    }
    let accepted: u64 = orders.iter().filter(|o| o.reasons.contains(&Reason::Accepted)).map(|o| o.people.get()).sum();
    let people = |of: fn(&Reason) -> Option<&Persons>| {
        orders.iter().flat_map(|o| &o.reasons).filter_map(of).map(|people| people.get()).sum::<u64>()
    };
    let waited = people(|r| if let Reason::Waited { people } = r { Some(people) } else { None });
    let pinned = people(|r| if let Reason::Pinned { people } = r { Some(people) } else { None });
    let issued = people(|r| if let Reason::AsIssued { people } = r { Some(people) } else { None });
    for (code, n) in [
        ("reason.waited", waited),
        ("reason.accepted", accepted),
        ("reason.pinned", pinned),
        ("reason.as_issued", issued),
    ] {
        if n > 0 {
            said.push(Message::new(code).count("n", n));
        }
    }
    said.extend(rides(orders));
    said
}

fn needs(orders: &[&ProposedOrder]) -> Vec<Message> {
    let (mut known, mut expected, mut level) = (0u64, 0u64, 0.0f64);
    for reason in orders.iter().flat_map(|o| &o.reasons) {
        match reason {
            Reason::NeedKnown { people } => known += people.get(),
            Reason::NeedForecast { people, quantiles } => {
                expected += people.get();
                level = level.max(quantiles.1);
            }
            _ => {}
        }
    }
    let mut said = Vec::new();
    if known > 0 {
        said.push(Message::new("reason.need_known").with("n", Arg::Count(known)));
    }
    if expected > 0 {
        let message = Message::new("reason.need_forecast").with("n", Arg::Count(expected));
        said.push(message.with("quantile", Arg::Percent(100.0 * level)));
    }
    said
}

/// Who of them needs a service beside the bed.
fn services(orders: &[&ProposedOrder]) -> impl Iterator<Item = Message> {
    let mut by_care: BTreeMap<CareNeed, u64> = BTreeMap::new();
    for order in orders {
        if let Some(care) = order.care {
            *by_care.entry(care).or_default() += order.people.get();
        }
    }
    by_care.into_iter().map(|(care, n)| Message::new("reason.care").count("n", n).words("care", care_words(care)))
}

fn ways(orders: &[&ProposedOrder]) -> Message {
    let districts = |of: &dyn Fn(&ProposedOrder) -> bool| {
        orders.iter().filter(|o| of(o)).map(|o| &o.from).collect::<BTreeSet<_>>().len() as u64
    };
    let nearest = districts(&|o| o.reasons.contains(&Reason::Nearest));
    let minutes = || orders.iter().map(|o| u64::from(o.minutes));
    Message::new("reason.ways")
        .with("nearest", Arg::Count(nearest))
        .with("districts", Arg::Count(districts(&|_| true)))
        .with("least", Arg::Count(minutes().min().unwrap_or(0)))
        .with("most", Arg::Count(minutes().max().unwrap_or(0)))
}

fn rides(orders: &[&ProposedOrder]) -> Vec<Message> {
    // By coach, orders from one district to one facility ride together, and each names the trips of all: they count once.
    let mut coaches: BTreeMap<(&PlaceCode, &FacilityId), u64> = BTreeMap::new();
    let mut fleets: BTreeMap<VehicleKind, (u64, u64)> = BTreeMap::new();
    let (mut unconfirmed, mut dispatched) = (0u64, false);
    for (order, ride) in orders.iter().flat_map(|order| order.rides.iter().map(move |ride| (*order, ride))) {
        match ride.by {
            RideBy::Fleet { kind, trips } => {
                let sum = fleets.entry(kind).or_default();
                sum.1 += ride.people.get();
                if kind == VehicleKind::Coach {
                    let together = coaches.entry((&order.from, &order.facility)).or_default();
                    *together = trips.max(*together);
                } else {
                    sum.0 += trips;
                }
            }
            RideBy::Unconfirmed { .. } => unconfirmed += ride.people.get(),
            RideBy::Dispatch => dispatched = true,
        }
    }
    if let Some(sum) = fleets.get_mut(&VehicleKind::Coach) {
        sum.0 += coaches.values().sum::<u64>();
    }
    let mut said: Vec<Message> = fleets
        .into_iter()
        .map(|(kind, (trips, carried))| {
            let message = Message::new("reason.ride").with("kind", Arg::Words(vehicle_words(kind)));
            message.with("trips", Arg::Count(trips)).with("n", Arg::Count(carried))
        })
        .collect();
    if unconfirmed > 0 {
        said.push(Message::new("reason.rides_unconfirmed").with("n", Arg::Count(unconfirmed)));
    }
    if dispatched {
        said.push(Message::new("reason.life_saving"));
    }
    said
}
