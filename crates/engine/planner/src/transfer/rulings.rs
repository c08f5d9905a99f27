//! Accepted orders and pins, one by one: kept, or refused with the cause.
//!
//! Accepted orders come first, then forbidden ways, caps, assignments (the most ill first) and priorities, each in the
//! order of its own words, so that the order of the rows means nothing. What is kept never bends a law: beds, acceptance,
//! coaches and slots are counted, and whatever would cost life-saving care a person-day is refused (law 7). For that the
//! least number of person-days of severe and critical people is computed without any decision and with those kept.

use crate::solver::{Cost, FromSink, Solver};
use crate::transfer::books::{Move, fixed_by_site};
use crate::transfer::limits::Limits;
use crate::transfer::network::{LIFE_SAVING, Network};
use crate::transfer::problem::{BedState, Coaches, Door, Problem, index, rank};
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{FrozenOutcome, Pin, PinOutcome, PlanInputs, Refusal, Revision, StandingOrder};
use levee_model::quantity::Persons;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What became of each decision.
#[derive(Debug, Default)]
pub(crate) struct Rulings {
    pub(crate) frozen: Vec<FrozenOutcome>,
    pub(crate) pins: Vec<PinOutcome>,
}

#[derive(Clone, Debug)]
enum Item {
    Frozen(StandingOrder),
    Pin(Pin),
}

/// Rules on all of them and leaves what is kept in the problem.
pub(crate) fn rule(problem: &mut Problem, inputs: &PlanInputs) -> Rulings {
    let items = in_order(&inputs.revision);
    let mut refused = vec![None; items.len()];
    if !items.is_empty() {
        let base = life_saving_person_days(problem);
        admit(problem, inputs, base, &items, &mut refused);
    }
    let mut rulings = Rulings::default();
    let mut issued = inputs.revision.issued.clone();
    for (item, refused) in items.into_iter().zip(refused) {
        match item {
            Item::Frozen(order) => {
                if refused.is_some() {
                    // Called back, it is still what people were told.
                    issued.push(order.clone());
                }
                rulings.frozen.push(FrozenOutcome { order, refused });
            }
            Item::Pin(pin) => rulings.pins.push(PinOutcome { pin, refused }),
        }
    }
    for order in issued.iter().filter(|order| order.people.get() > 0) {
        let (Some(group), Some(day)) = (group_of(problem, order), day_of(problem, order)) else { continue };
        problem.kept.was_issued.insert(group);
        if let Some(bed) = bed_of(problem, &order.facility, order.level) {
            let sum = problem.kept.issued.entry(Move { day, group, bed }).or_default();
            *sum = sum.saturating_add(order.people.get());
        }
    }
    rulings
}

fn in_order(revision: &Revision) -> Vec<Item> {
    let mut frozen: BTreeMap<_, u64> = BTreeMap::new();
    for order in &revision.frozen {
        let key = StandingOrder { people: Persons::ZERO, ..order.clone() };
        let sum = frozen.entry((order.day, Reverse(order.class), key)).or_default();
        *sum = sum.saturating_add(order.people.get());
    }
    let frozen =
        frozen.into_iter().map(|((.., order), people)| StandingOrder { people: Persons::new(people), ..order });
    let mut pins: Vec<Pin> = revision.pins.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
    pins.sort_by_key(|pin| match pin {
        Pin::Forbid { .. } => (0, None),
        Pin::Cap { .. } => (1, None),
        Pin::Assign { order, .. } => (2, Some((Reverse(order.class), order.day))),
        Pin::Priority { .. } => (3, None),
    });
    frozen.map(Item::Frozen).chain(pins.into_iter().map(Item::Pin)).collect()
}

/// Rules on a run of items: all together when that costs life-saving care nothing, else in halves. What is kept is the
/// same as if each were tried by itself, because one decision more never gives life-saving care a person-day back.
fn admit(
    problem: &mut Problem,
    inputs: &PlanInputs,
    base: Option<u128>,
    items: &[Item],
    refused: &mut [Option<Refusal>],
) {
    let before = problem.kept.clone();
    for (item, refused) in items.iter().zip(&mut *refused) {
        *refused = one(problem, inputs, item).err();
    }
    let touched = problem.kept.fixed != before.fixed
        || problem.kept.forbidden != before.forbidden
        || problem.kept.caps != before.caps
        || problem.kept.exact != before.exact;
    if !touched || (base.is_some() && life_saving_person_days(problem) == base) {
        return;
    }
    problem.kept = before;
    if let ([_], [refused]) = (items, &mut *refused) {
        *refused = Some(Refusal::LifeSaving);
        return;
    }
    let (first, second) = items.split_at(items.len() / 2);
    let (refused_first, refused_second) = refused.split_at_mut(items.len() / 2);
    admit(problem, inputs, base, first, refused_first);
    admit(problem, inputs, base, second, refused_second);
}

/// The least person-days of severe and critical people without a bed, with what is kept so far; each service and each
/// day of moving down counted by itself. `None` = no answer, and then nothing may touch life-saving care.
fn life_saving_person_days(problem: &Problem) -> Option<u128> {
    let mut network = Network::of_life_saving_care(problem, &Limits::each_alone(problem));
    // Only this tier is asked for, and no lower one changes it: without them most ways cost the same, and few pivots are left.
    for arc in &mut network.flow.arcs {
        arc.cost = Cost::in_tier(LIFE_SAVING, arc.cost.0[LIFE_SAVING]);
    }
    let answer = FromSink::default().solve(&network.flow).ok()?;
    network.cost_of(&answer).get(LIFE_SAVING).copied()
}

fn one(problem: &mut Problem, inputs: &PlanInputs, item: &Item) -> Result<(), Refusal> {
    match item {
        Item::Frozen(order) => {
            let key = can_stand(problem, order, order.people.get())?;
            problem.kept.fixed.entry(key).or_default().frozen += order.people.get();
            Ok(())
        }
        Item::Pin(Pin::Forbid { from, facility, class }) => {
            if !inputs.lanes.iter().any(|lane| lane.from == *from && lane.facility == *facility) {
                return Err(Refusal::NoLane);
            }
            let Ok(district) = problem.districts.binary_search(from) else { return Ok(()) };
            let of_class = |g: &crate::transfer::problem::Group| class.is_none_or(|class| index(class) == g.class);
            let groups = problem.groups.iter().enumerate().filter(|(_, g)| g.district == district && of_class(g));
            let beds = problem.beds.iter().enumerate().filter(|(_, bed)| bed.facility == *facility);
            let beds: Vec<usize> = beds.map(|(bed, _)| bed).collect();
            let pairs: Vec<_> = groups.flat_map(|(group, _)| beds.iter().map(move |bed| (group, *bed))).collect();
            problem.kept.forbidden.extend(pairs);
            Ok(())
        }
        Item::Pin(Pin::Cap { facility, level, beds }) => cap(problem, facility, *level, beds.get()),
        Item::Pin(Pin::Assign { order, exactly }) => assign(problem, order, *exactly),
        Item::Pin(Pin::Priority { district, class, care }) => {
            let district = problem.districts.binary_search(district);
            let meant = problem.groups.iter().enumerate().filter(|(_, g)| {
                Ok(g.district) == district && g.class() == *class && care.is_none_or(|care| g.care == Some(care))
            });
            let meant: Vec<usize> = meant.map(|(group, _)| group).collect();
            if index(*class) > 0 {
                return Err(Refusal::AlreadyFirst);
            }
            if meant.is_empty() {
                return Err(Refusal::NotEnoughPeople);
            }
            problem.kept.vulnerable.extend(meant);
            Ok(())
        }
    }
}

fn cap(problem: &mut Problem, facility: &FacilityId, level: Level, beds: u64) -> Result<(), Refusal> {
    let bed = bed_of(problem, facility, level).ok_or(Refusal::NoBeds)?;
    if problem.kept.caps.contains_key(&bed) {
        return Err(Refusal::Contradicts);
    }
    for day in 0..problem.days() {
        let held = fixed_in(problem, bed, day);
        if held > problem.beds[bed].free(day, Some(beds)).unwrap_or(0) {
            return Err(Refusal::NotEnoughBeds);
        }
    }
    problem.kept.caps.insert(bed, beds);
    Ok(())
}

fn assign(problem: &mut Problem, order: &StandingOrder, exactly: bool) -> Result<(), Refusal> {
    if order.people.get() == 0 && exactly {
        return fix_at_nobody(problem, order);
    }
    let frozen = place(problem, order).map_or(0, |key| problem.kept.fixed(key).frozen);
    let more = order.people.get().saturating_sub(frozen);
    let key = can_stand(problem, order, more)?;
    if problem.kept.forbids(key.group, key.bed) {
        return Err(Refusal::Forbidden);
    }
    if problem.kept.fixed(key).pinned > 0
        || problem.kept.exact.contains(&key)
        || (exactly && frozen > order.people.get())
    {
        return Err(Refusal::Contradicts);
    }
    if more > 0 {
        problem.kept.fixed.entry(key).or_default().pinned += more;
    }
    if exactly {
        problem.kept.exact.insert(key);
    }
    Ok(())
}

/// Exactly nobody goes there on that day: possible wherever the words mean something.
fn fix_at_nobody(problem: &mut Problem, order: &StandingOrder) -> Result<(), Refusal> {
    day_of(problem, order).ok_or(Refusal::OutsidePlan)?;
    bed_of(problem, &order.facility, order.level).ok_or(Refusal::NoBeds)?;
    group_of(problem, order).ok_or(Refusal::NotEnoughPeople)?;
    let key = place(problem, order).ok_or(Refusal::OutsidePlan)?;
    if problem.kept.fixed(key).people() > 0 {
        return Err(Refusal::Contradicts);
    }
    problem.kept.exact.insert(key);
    Ok(())
}

/// Whether an order for `more` people beside those fixed breaks nothing.
fn can_stand(problem: &Problem, order: &StandingOrder, more: u64) -> Result<Move, Refusal> {
    let day = day_of(problem, order).ok_or(Refusal::OutsidePlan)?;
    if order.people.get() == 0 {
        return Err(Refusal::Nobody);
    }
    let bed = bed_of(problem, &order.facility, order.level).ok_or(Refusal::NoBeds)?;
    let row = &problem.beds[bed];
    let above = row.rank.checked_sub(index(order.class)).ok_or(Refusal::WrongLevel)?;
    if above > usize::from(problem.limits.upgrade_levels) {
        return Err(Refusal::WrongLevel);
    }
    if matches!(row.state, BedState::Unknown) {
        return Err(Refusal::Unknown);
    }
    let group = group_of(problem, order).ok_or(Refusal::NotEnoughPeople)?;
    if order.care.is_some_and(|care| !row.slots.contains_key(&care)) {
        return Err(Refusal::NoService);
    }
    let way = problem.ways[group].iter().find(|way| way.bed == bed).ok_or(Refusal::NoLane)?;
    if way.service_unknown {
        return Err(Refusal::Unknown);
    }
    match row.door[day] {
        Door::NotOpen => return Err(Refusal::NotOpen),
        Door::NotAccepted => return Err(Refusal::NotAccepted),
        Door::Open => {}
    }
    let key = Move { day, group, bed };
    has_room(problem, key, more)?;
    has_coaches(problem, key, more)?;
    Ok(key)
}

fn has_room(problem: &Problem, key: Move, more: u64) -> Result<(), Refusal> {
    let care = problem.groups[key.group].care;
    let mut needed: u64 = (0..key.day).map(|day| problem.need(key.group, day)).sum();
    for day in key.day..problem.days() {
        needed = needed.saturating_add(problem.need(key.group, day));
        let moved = fixed_where(problem, |other| other.group == key.group && other.day <= day);
        if moved.saturating_add(more) > needed {
            return Err(Refusal::NotEnoughPeople);
        }
        if fixed_in(problem, key.bed, day).saturating_add(more) > problem.free(key.bed, day).unwrap_or(0) {
            return Err(Refusal::NotEnoughBeds);
        }
    }
    let served = fixed_where(problem, |other| other.bed == key.bed && problem.groups[other.group].care == care);
    if care.is_some() && served.saturating_add(more) > problem.slots(key.bed, care) {
        return Err(Refusal::NotEnoughSlots);
    }
    Ok(())
}

/// Coaches make whole trips: those of all fixed people of the district's day, this one's included.
fn has_coaches(problem: &Problem, key: Move, more: u64) -> Result<(), Refusal> {
    let group = problem.groups[key.group];
    let Coaches::Known { trips, seats } = problem.coaches[group.district] else { return Ok(()) };
    if group.is_life_saving() {
        return Ok(());
    }
    let mut sites = fixed_by_site(problem, group.district, key.day);
    *sites.entry(problem.beds[key.bed].site).or_default() += more;
    let needed = sites.values().fold(0u64, |sum, people| sum.saturating_add(people.div_ceil(seats.max(1))));
    if needed > trips { Err(Refusal::NotEnoughVehicles) } else { Ok(()) }
}

fn fixed_where(problem: &Problem, meant: impl Fn(&Move) -> bool) -> u64 {
    problem.kept.fixed.iter().filter(|(key, _)| meant(key)).map(|(_, fixed)| fixed.people()).sum()
}

/// Fixed people in beds of a row at the end of a day.
fn fixed_in(problem: &Problem, bed: usize, day: usize) -> u64 {
    fixed_where(problem, |key| key.bed == bed && key.day <= day)
}

fn day_of(problem: &Problem, order: &StandingOrder) -> Option<usize> {
    problem.dates.binary_search(&order.day).ok()
}

fn group_of(problem: &Problem, order: &StandingOrder) -> Option<usize> {
    let district = problem.districts.binary_search(&order.from).ok()?;
    let wanted = crate::transfer::problem::Group { district, class: index(order.class), care: order.care };
    problem.groups.binary_search(&wanted).ok()
}

fn bed_of(problem: &Problem, facility: &FacilityId, level: Level) -> Option<usize> {
    rank(level)?;
    problem.beds.iter().position(|bed| bed.facility == *facility && bed.level == level)
}

fn place(problem: &Problem, order: &StandingOrder) -> Option<Move> {
    let (day, group) = (day_of(problem, order)?, group_of(problem, order)?);
    Some(Move { day, group, bed: bed_of(problem, &order.facility, order.level)? })
}
