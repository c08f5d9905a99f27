//! What people decided before the plan: each decision has its answer, what is said to be kept holds, and what is refused
//! could not be kept.

use crate::transfer::facts::{Facts, Group, Ward};
use crate::transfer::flows::{Flows, needed};
use crate::transfer::law7;
use crate::transfer::violation::Violation;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::{CareClass, CareNeed, Pin, Plan, PlanInputs, Refusal, StandingOrder};
use levee_model::quantity::Persons;
use levee_model::report::VehicleKind;
use std::collections::{BTreeMap, BTreeSet};

/// Who goes where on which day.
pub(crate) type Key<'a> = (Date, Group<'a>, Ward<'a>);

pub(crate) fn key_of(order: &StandingOrder) -> Key<'_> {
    (order.day, (&order.from, order.class, order.care), (&order.facility, order.level))
}

/// Decisions that bind the plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided<'a> {
    pub(crate) forbids: Vec<(&'a PlaceCode, &'a FacilityId, Option<CareClass>)>,
    pub(crate) caps: BTreeMap<Ward<'a>, u64>,
    /// People, and whether exactly so many.
    pub(crate) assigned: BTreeMap<Key<'a>, (u64, bool)>,
    priorities: Vec<(&'a PlaceCode, CareClass, Option<CareNeed>)>,
    pub(crate) frozen: BTreeMap<Key<'a>, u64>,
    issued: BTreeMap<Key<'a>, u64>,
}

#[derive(Clone, Copy)]
enum Item<'a> {
    Frozen(&'a StandingOrder),
    Pin(&'a Pin),
}

impl<'a> Decided<'a> {
    /// What the plan says it kept, and what issued orders said.
    pub(crate) fn of(plan: &'a Plan, inputs: &'a PlanInputs) -> Self {
        let mut decided = Self::default();
        for outcome in &plan.frozen {
            if outcome.refused.is_none() {
                decided.with(Item::Frozen(&outcome.order));
            }
        }
        for outcome in plan.pins.iter().filter(|o| o.refused.is_none()) {
            decided.with(Item::Pin(&outcome.pin));
        }
        let called_back = plan.frozen.iter().filter(|o| o.refused.is_some()).map(|o| &o.order);
        for order in inputs.revision.issued.iter().chain(called_back).filter(|o| o.people.get() > 0) {
            let sum = decided.issued.entry(key_of(order)).or_default();
            *sum = sum.saturating_add(order.people.get());
        }
        decided
    }

    fn with(&mut self, item: Item<'a>) {
        match item {
            Item::Frozen(order) => {
                self.frozen.insert(key_of(order), order.people.get());
            }
            Item::Pin(Pin::Forbid { from, facility, class }) => self.forbids.push((from, facility, *class)),
            Item::Pin(Pin::Cap { facility, level, beds }) => {
                self.caps.insert((facility, *level), beds.get());
            }
            Item::Pin(Pin::Assign { order, exactly }) => {
                self.assigned.insert(key_of(order), (order.people.get(), *exactly));
            }
            Item::Pin(Pin::Priority { district, class, care }) => self.priorities.push((district, *class, *care)),
        }
    }

    pub(crate) fn forbids(&self, group: Group<'_>, facility: &FacilityId) -> bool {
        self.forbids.iter().any(|(from, to, class)| {
            **from == *group.0 && **to == *facility && class.is_none_or(|class| class == group.1)
        })
    }

    /// Whether these people count as vulnerable because a pin says so.
    pub(crate) fn prefers(&self, group: Group<'_>) -> bool {
        self.priorities.iter().any(|(district, class, care)| {
            **district == *group.0 && *class == group.1 && (care.is_none() || *care == group.2)
        })
    }

    pub(crate) fn is_exact(&self, key: Key<'_>) -> bool {
        self.assigned.get(&key).is_some_and(|(_, exactly)| *exactly)
    }

    /// People whom a pin sends there, beside those of the accepted order.
    pub(crate) fn pinned(&self, key: Key<'_>) -> u64 {
        let frozen = self.frozen.get(&key).copied().unwrap_or(0);
        self.assigned.get(&key).map_or(0, |(people, _)| people.saturating_sub(frozen))
    }

    pub(crate) fn issued(&self, key: Key<'_>) -> u64 {
        self.issued.get(&key).copied().unwrap_or(0)
    }

    pub(crate) fn has_issued(&self, facts: &Facts<'_>, group: Group<'_>) -> bool {
        self.issued.keys().any(|(day, of, _)| *of == group && facts.day(*day).is_some())
    }

    /// Whether anything is kept that could bear on life-saving care.
    fn binds(&self) -> bool {
        !(self.forbids.is_empty() && self.caps.is_empty() && self.assigned.is_empty() && self.frozen.is_empty())
    }

    /// People who are not the planner's to place.
    pub(crate) fn fixed(&self) -> BTreeMap<Key<'a>, u64> {
        let mut fixed = self.frozen.clone();
        for key in self.assigned.keys() {
            *fixed.entry(*key).or_default() += self.pinned(*key);
        }
        fixed.retain(|_, people| *people > 0);
        fixed
    }
}

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, inputs: &PlanInputs, found: &mut Vec<Violation>) {
    all_answered(plan, inputs, found);
    orders_hold(plan, facts, found);
    let refused = plan.frozen.iter().map(|o| o.refused).chain(plan.pins.iter().map(|o| o.refused));
    let binds = facts.decided.binds();
    let judged = binds || refused.flatten().any(|why| why == Refusal::LifeSaving);
    let base = if judged { law7::least_person_days(facts, &Decided::default()) } else { None };
    if binds && law7::least_person_days(facts, &facts.decided) != base {
        found.push(Violation::Decisions { what: "what is kept holds back life-saving care" });
    }
    for outcome in &plan.frozen {
        let item = Item::Frozen(&outcome.order);
        let so = match outcome.refused {
            None => outcome.order.people.get() > 0,
            Some(why) => is_so(facts, inputs, item, why, base),
        };
        if !so {
            found.push(Violation::Frozen { order: outcome.order.clone() });
        }
    }
    for outcome in &plan.pins {
        let so = match outcome.refused {
            None => may_be_kept(plan, facts, inputs, &outcome.pin),
            Some(why) => is_so(facts, inputs, Item::Pin(&outcome.pin), why, base),
        };
        if !so {
            found.push(Violation::Pin { pin: outcome.pin.clone() });
        }
    }
}

/// Each decision stands in the plan once, and no other does.
fn all_answered(plan: &Plan, inputs: &PlanInputs, found: &mut Vec<Violation>) {
    let asked: BTreeSet<&Pin> = inputs.revision.pins.iter().collect();
    let answered: BTreeSet<&Pin> = plan.pins.iter().map(|o| &o.pin).collect();
    if asked != answered || answered.len() != plan.pins.len() {
        found.push(Violation::Decisions { what: "not every pin has one answer" });
    }
    let mut accepted: BTreeMap<Key<'_>, u64> = BTreeMap::new();
    for order in &inputs.revision.frozen {
        let sum = accepted.entry(key_of(order)).or_default();
        *sum = sum.saturating_add(order.people.get());
    }
    let answers: BTreeMap<Key<'_>, u64> =
        plan.frozen.iter().map(|o| (key_of(&o.order), o.order.people.get())).collect();
    if accepted != answers || answers.len() != plan.frozen.len() {
        found.push(Violation::Decisions { what: "not every accepted order has one answer" });
    }
}

/// Accepted orders stand unchanged, and nothing else is marked as accepted; pins hold.
fn orders_hold(plan: &Plan, facts: &Facts<'_>, found: &mut Vec<Violation>) {
    let decided = &facts.decided;
    let mut marked: BTreeMap<Key<'_>, u64> = BTreeMap::new();
    for order in plan.orders.iter().filter(|o| o.frozen) {
        let key = (order.day, (&order.from, order.class, order.care), (&order.facility, order.level));
        *marked.entry(key).or_default() += order.people.get();
    }
    if marked != decided.frozen {
        found.push(Violation::Decisions { what: "accepted orders do not stand unchanged" });
    }
}

fn may_be_kept(plan: &Plan, facts: &Facts<'_>, inputs: &PlanInputs, pin: &Pin) -> bool {
    match pin {
        Pin::Forbid { from, facility, class } => {
            inputs.lanes.iter().any(|l| l.from == *from && l.facility == *facility)
                && !plan.orders.iter().any(|o| {
                    !o.frozen && o.from == *from && o.facility == *facility && class.is_none_or(|c| c == o.class)
                })
        }
        // That no more beds are used is judged with the other beds.
        Pin::Cap { facility, level, .. } => {
            let same =
                |other: &&Pin| matches!(other, Pin::Cap { facility: f, level: l, .. } if f == facility && l == level);
            let kept = plan.pins.iter().filter(|o| o.refused.is_none()).map(|o| &o.pin);
            facts.wards.contains_key(&(facility, *level)) && kept.filter(same).count() == 1
        }
        Pin::Assign { order, exactly } => {
            let key = key_of(order);
            let there =
                plan.orders.iter().filter(|o| (o.day, (&o.from, o.class, o.care), (&o.facility, o.level)) == key);
            let people: u64 = there.map(|o| o.people.get()).sum();
            let known = facts.day(order.day).is_some() && facts.new.contains_key(&key.1);
            if *exactly {
                people == order.people.get() && known && facts.wards.contains_key(&key.2)
            } else {
                order.people.get() > 0 && people >= order.people.get()
            }
        }
        Pin::Priority { district, class, care } => {
            *class == CareClass::Mild
                && facts.new.keys().any(|g| g.0 == district && g.1 == *class && (care.is_none() || *care == g.2))
        }
    }
}

fn is_so(facts: &Facts<'_>, inputs: &PlanInputs, item: Item<'_>, why: Refusal, base: Option<u64>) -> bool {
    if why == Refusal::LifeSaving {
        // A way refused to be forbidden may have been assigned since.
        if let Item::Pin(Pin::Forbid { from, facility, class }) = item
            && facts.decided.assigned.keys().any(|(_, group, ward)| {
                *group.0 == *from && *ward.0 == *facility && class.is_none_or(|class| class == group.1)
            })
        {
            return true;
        }
        let mut with = facts.decided.clone();
        with.with(item);
        let Some(days) = law7::least_person_days(facts, &with) else {
            // Beside what was kept after it, it is not possible at all any more; by itself it is.
            let mut alone = Decided::default();
            alone.with(item);
            return law7::least_person_days(facts, &alone).is_some();
        };
        return base.is_none_or(|base| days > base);
    }
    match item {
        Item::Frozen(order) => order_is_refused(facts, order, order.people.get(), why),
        Item::Pin(Pin::Assign { order, exactly }) => assign_is_refused(facts, order, *exactly, why),
        Item::Pin(Pin::Forbid { from, facility, .. }) => {
            why == Refusal::NoLane && !inputs.lanes.iter().any(|l| l.from == *from && l.facility == *facility)
        }
        Item::Pin(Pin::Cap { facility, level, beds }) => {
            let ward = (facility, *level);
            match why {
                Refusal::NoBeds => !facts.wards.contains_key(&ward),
                Refusal::Contradicts => facts.decided.caps.contains_key(&ward),
                Refusal::NotEnoughBeds => (0..facts.days.len()).any(|t| {
                    let held = sum(facts, |key| key.2 == ward && key.0 <= facts.days[t]);
                    held > Flows::free_within(facts, ward, t, Some(beds.get())).unwrap_or(0)
                }),
                _ => false,
            }
        }
        Item::Pin(Pin::Priority { district, class, care }) => match why {
            Refusal::AlreadyFirst => *class != CareClass::Mild,
            Refusal::NotEnoughPeople => {
                !facts.new.keys().any(|g| g.0 == district && g.1 == *class && (care.is_none() || *care == g.2))
            }
            _ => false,
        },
    }
}

fn assign_is_refused(facts: &Facts<'_>, order: &StandingOrder, exactly: bool, why: Refusal) -> bool {
    let key = key_of(order);
    let frozen = facts.decided.frozen.get(&key).copied().unwrap_or(0);
    match why {
        Refusal::Forbidden => facts.decided.forbids(key.1, key.2.0),
        Refusal::Contradicts => facts.decided.assigned.contains_key(&key) || (exactly && frozen > order.people.get()),
        Refusal::Nobody => order.people == Persons::ZERO && !exactly,
        why => order_is_refused(facts, order, order.people.get().saturating_sub(frozen), why),
    }
}

/// Whether an order for `more` people beside those of orders and pins kept breaks what `why` says.
fn order_is_refused(facts: &Facts<'_>, order: &StandingOrder, more: u64, why: Refusal) -> bool {
    let (day, group, ward) = key_of(order);
    let service = order.care.map(|care| facts.service(ward, care));
    let over = |limit: &dyn Fn(usize) -> bool| {
        facts.days.iter().enumerate().filter(|(_, on)| **on >= day).any(|(t, _)| limit(t))
    };
    match why {
        Refusal::OutsidePlan => facts.day(day).is_none(),
        Refusal::Nobody => order.people == Persons::ZERO,
        Refusal::NoBeds => !facts.wards.contains_key(&ward),
        Refusal::WrongLevel => facts.upgrade(group.1, ward.1).is_none(),
        Refusal::NoLane => facts.ways(group).iter().all(|w| w.0 != ward) && service != Some(None),
        Refusal::NoService => service == Some(None),
        Refusal::Unknown => facts.beds(ward).is_none() || service == Some(Some(None)),
        Refusal::NotOpen => !facts.is_open(ward, day),
        Refusal::NotAccepted => !facts.is_accepted(ward, day),
        Refusal::NotEnoughPeople => {
            !facts.new.contains_key(&group)
                || over(&|t| {
                    let moved = sum(facts, |key| key.1 == group && key.0 <= facts.days[t]);
                    moved.saturating_add(more) > needed(facts, group, t).0
                })
        }
        Refusal::NotEnoughBeds => over(&|t| {
            let held = sum(facts, |key| key.2 == ward && key.0 <= facts.days[t]);
            held.saturating_add(more) > Flows::free_within(facts, ward, t, facts.cap(ward)).unwrap_or(0)
        }),
        Refusal::NotEnoughSlots => service
            .flatten()
            .flatten()
            .is_some_and(|slots| sum(facts, |key| key.2 == ward && key.1.2 == order.care).saturating_add(more) > slots),
        Refusal::NotEnoughVehicles => coaches_do_not_suffice(facts, day, group, ward, more),
        Refusal::Forbidden | Refusal::Contradicts | Refusal::AlreadyFirst | Refusal::LifeSaving => false,
    }
}

fn coaches_do_not_suffice(facts: &Facts<'_>, day: Date, group: Group<'_>, ward: Ward<'_>, more: u64) -> bool {
    let Ok(Some((possible, seats))) = facts.fleet(group.0, VehicleKind::Coach) else { return false };
    let mut riding: BTreeMap<&FacilityId, u64> = BTreeMap::from([(ward.0, more)]);
    for ((on, of, to), people) in facts.decided.fixed() {
        if on == day && of.0 == group.0 && !of.1.is_life_saving() {
            *riding.entry(to.0).or_default() += people;
        }
    }
    let trips = riding.values().fold(0u64, |sum, people| sum.saturating_add(people.div_ceil(seats.max(1))));
    !group.1.is_life_saving() && trips > possible
}

fn sum(facts: &Facts<'_>, meant: impl Fn(&Key<'_>) -> bool) -> u64 {
    let fixed = facts.decided.fixed();
    fixed.iter().filter(|(key, _)| meant(key)).fold(0u64, |sum, (_, people)| sum.saturating_add(*people))
}
