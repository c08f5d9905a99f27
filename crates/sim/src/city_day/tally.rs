//! The simulation's own books: what must be so after what was committed, worked out from the requests alone.
//!
//! It shares no arithmetic with the ledger. It knows no states but those that the equation of law 2 needs: a unit is owed, or
//! it left in one of six ways. The store is held against it in [`super::laws`].

use super::deed::Deed;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use levee_ledger::order::{Hold, OrderId, OrderState};
use levee_ledger::{AreaPath, Command, Ground, KindId, ObligationId, Section, State};
use levee_model::command::{CommandId, Envelope};
use levee_model::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// The flows of law 2, in the order in which the store keeps them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Flow {
    Opened,
    TransferredIn,
    Corrected,
    Met,
    Waived,
    Expired,
    Voided,
    TransferredOut,
}

/// Something owed, as the simulation knows it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: KindId,
    pub(super) path: AreaPath,
    pub(super) section: Section,
    pub(super) due: Timestamp,
    pub(super) never_expires: bool,
    pub(super) life_saving: bool,
    pub(super) named: bool,
    pub(super) owner: Option<PersonId>,
    pub(super) orders: Vec<OrderId>,
    /// The last day for whose settlement somebody said why it is late.
    pub(super) explained: Option<Date>,
    pub(super) owed: u64,
    pub(super) met: u64,
    pub(super) waived: u64,
    pub(super) expired: u64,
    pub(super) voided: u64,
    pub(super) transferred: u64,
    pub(super) became_named: u64,
}

impl Item {
    fn all(&self) -> u64 {
        self.owed + self.met + self.waived + self.expired + self.voided + self.transferred + self.became_named
    }
}

/// An order, as the simulation knows it.
#[derive(Clone, Debug)]
pub(super) struct OrderItem {
    pub(super) state: OrderState,
    pub(super) path: AreaPath,
    pub(super) section: Section,
    pub(super) meets: Vec<(ObligationId, u64)>,
    pub(super) holds: Vec<Hold>,
    pub(super) life_saving: bool,
    pub(super) carried_out_by: Option<PersonId>,
}

pub(super) type Account = (AreaPath, KindId);

/// What must be so.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    zone: TimeZone,
    pub(super) items: BTreeMap<ObligationId, Item>,
    grounds: BTreeMap<(KindId, AreaPath, Ground), ObligationId>,
    pub(super) days: BTreeMap<(Date, Account), [u64; 8]>,
    pub(super) accounts: BTreeMap<Account, [u64; 8]>,
    /// The last sealed day by book.
    pub(super) sealed: BTreeMap<String, Date>,
    pub(super) orders: BTreeMap<OrderId, OrderItem>,
    /// Who took over the post of transfers in a district, in the order in which it was entered.
    pub(super) duty: BTreeMap<String, Vec<(Timestamp, PersonId)>>,
    /// What was given to whom by one command, with whose it was before.
    given: BTreeMap<CommandId, Vec<(ObligationId, Option<PersonId>)>>,
    pub(super) committed: BTreeSet<CommandId>,
    pub(super) acknowledged: BTreeSet<CommandId>,
    /// Touched since it was last asked.
    pub(super) touched: BTreeSet<ObligationId>,
    pub(super) touched_orders: BTreeSet<OrderId>,
}

/// Something that the request could not have done: more left than was there, or something that never was.
#[derive(Clone, Debug)]
pub(super) struct Impossible(pub(super) String);

type Fallible = Result<(), Impossible>;

fn impossible<T>(what: impl Into<String>) -> Result<T, Impossible> {
    Err(Impossible(what.into()))
}

impl Tally {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            items: BTreeMap::new(),
            grounds: BTreeMap::new(),
            days: BTreeMap::new(),
            accounts: BTreeMap::new(),
            sealed: BTreeMap::new(),
            orders: BTreeMap::new(),
            duty: BTreeMap::new(),
            given: BTreeMap::new(),
            committed: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            touched: BTreeSet::new(),
            touched_orders: BTreeSet::new(),
        }
    }

    /// The day on whose books something is entered: that on which it happened, or the first that is sealed neither in
    /// these books nor for the city.
    fn day<'b>(&self, at: Timestamp, books: impl Iterator<Item = &'b AreaPath>) -> Date {
        let happened = at.to_zoned(self.zone.clone()).date();
        let after = |book: &str| self.sealed.get(book).and_then(|day| day.tomorrow().ok());
        books.fold(happened, |day, path| {
            let first = after(path.book()).max(after(path.city()));
            first.map_or(day, |first| day.max(first))
        })
    }

    fn post(&mut self, id: ObligationId, flow: Flow, day: Date, units: u64) -> Fallible {
        let Some(item) = self.items.get(&id) else { return impossible(format!("{id} was never opened")) };
        let account = (item.path.clone(), item.kind.clone());
        self.touched.insert(id);
        for sums in [self.days.entry((day, account.clone())).or_default(), self.accounts.entry(account).or_default()] {
            if let Some(sum) = sums.get_mut(flow as usize) {
                *sum += units;
            }
        }
        Ok(())
    }

    fn leaves(&mut self, id: ObligationId, flow: Flow, day: Date, units: u64) -> Fallible {
        let Some(item) = self.items.get_mut(&id) else { return impossible(format!("{id} was never opened")) };
        let Some(left) = item.owed.checked_sub(units) else {
            return impossible(format!("{units} left {id}, which owes {}", item.owed));
        };
        item.owed = left;
        match flow {
            Flow::Met => item.met += units,
            Flow::Waived => item.waived += units,
            Flow::Expired if item.never_expires => return impossible(format!("{id} expired and never may")),
            Flow::Expired => item.expired += units,
            Flow::Voided => item.voided += units,
            Flow::TransferredOut => item.transferred += units,
            other => return impossible(format!("{other:?} is no way out")),
        }
        self.post(id, flow, day, units)
    }

    /// Orders whose every obligation is closed have lapsed.
    fn lapse(&mut self, id: ObligationId, but: Option<OrderId>) {
        let Some(item) = self.items.get(&id).filter(|item| item.owed == 0) else { return };
        for order in item.orders.clone() {
            let Some(known) = self.orders.get(&order) else { continue };
            let closed = known.meets.iter().all(|(id, _)| self.items.get(id).is_some_and(|item| item.owed == 0));
            if closed && Some(order) != but {
                self.end(order, OrderState::Cancelled);
            }
        }
    }

    fn end(&mut self, order: OrderId, state: OrderState) {
        self.touched_orders.insert(order);
        let Some(known) = self.orders.get_mut(&order) else { return };
        known.state = state;
        for (id, _) in known.meets.clone() {
            if let Some(item) = self.items.get_mut(&id) {
                item.orders.retain(|one| *one != order);
            }
        }
    }

    /// Takes in what was committed. `kinds` says section, class and due time of what is opened.
    pub(super) fn commit(
        &mut self,
        envelope: &Envelope,
        deed: &Deed,
        at: Timestamp,
        kinds: &dyn Fn(&KindId) -> Option<KindOf>,
    ) -> Fallible {
        if !self.committed.insert(envelope.command_id) {
            return impossible(format!("command {} was carried out twice", envelope.command_id));
        }
        match deed {
            Deed::Ask(ask) => ask.commands.iter().try_for_each(|command| self.one(envelope, command, at, kinds)),
            Deed::Undo(command) => {
                for (id, before) in self.given.get(command).cloned().unwrap_or_default().into_iter().rev() {
                    self.touched.insert(id);
                    if let Some(item) = self.items.get_mut(&id) {
                        item.owner = before;
                    }
                }
                Ok(())
            }
            // What these leave is taken in from what was answered.
            Deed::Settle { .. } | Deed::HandOver { .. } => Ok(()),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each command; apart they would say less")]
    fn one(
        &mut self,
        envelope: &Envelope,
        command: &Command,
        at: Timestamp,
        kinds: &dyn Fn(&KindId) -> Option<KindOf>,
    ) -> Fallible {
        let path_of = |tally: &Self, id: &ObligationId| {
            tally
                .items
                .get(id)
                .map(|item| item.path.clone())
                .ok_or_else(|| Impossible(format!("{id} was never opened")))
        };
        match command {
            Command::Open(new) => {
                let day = self.day(at, [&new.path].into_iter());
                let ground = new.ground.clone().map(|ground| (new.kind.clone(), new.path.clone(), ground));
                if let Some(known) = ground.as_ref().and_then(|ground| self.grounds.get(ground)).copied() {
                    let Some(item) = self.items.get_mut(&known) else { return impossible("a ground of nothing") };
                    let standing = item.all() - item.voided;
                    if new.units > standing {
                        item.owed += new.units - standing;
                        self.post(known, Flow::Opened, day, new.units - standing)?;
                    } else if new.units < standing {
                        self.leaves(known, Flow::Voided, day, standing - new.units)?;
                        self.lapse(known, None);
                    }
                    return Ok(());
                }
                let Some(kind) = kinds(&new.kind) else { return impossible("a kind that nobody knows") };
                let due = new
                    .due
                    .or_else(|| new.opened_at.checked_add(jiff::SignedDuration::from_mins(kind.due_after?)).ok());
                let item = Item {
                    kind: new.kind.clone(),
                    path: new.path.clone(),
                    section: kind.section,
                    due: due.unwrap_or(Timestamp::MAX),
                    never_expires: kind.never_expires,
                    life_saving: kind.life_saving,
                    named: new.subject.is_some(),
                    owner: new.owner.clone(),
                    explained: None,
                    orders: vec![],
                    owed: new.units,
                    met: 0,
                    waived: 0,
                    expired: 0,
                    voided: 0,
                    transferred: 0,
                    became_named: 0,
                };
                if self.items.insert(new.id, item).is_some() {
                    return impossible(format!("{} was opened twice", new.id));
                }
                if let Some(ground) = ground {
                    self.grounds.insert(ground, new.id);
                }
                self.post(new.id, Flow::Opened, day, new.units)
            }
            Command::Assign { what, to } => {
                for target in what {
                    let Some(item) = self.items.get_mut(&target.id) else {
                        return impossible("given and never opened");
                    };
                    let before = std::mem::replace(&mut item.owner, to.clone());
                    // What was theirs already was not given to them, and is not taken back.
                    if before != *to {
                        self.given.entry(envelope.command_id).or_default().push((target.id, before));
                    }
                    self.touched.insert(target.id);
                }
                Ok(())
            }
            Command::Begin { .. } => Ok(()),
            Command::Explain { what, day, .. } => {
                for target in what {
                    let Some(item) = self.items.get_mut(&target.id) else {
                        return impossible("explained and never opened");
                    };
                    item.explained = Some(*day);
                }
                Ok(())
            }
            Command::Meet { what, units, .. } => {
                let day = self.day(at, [path_of(self, &what.id)?].iter());
                self.leaves(what.id, Flow::Met, day, *units)?;
                self.lapse(what.id, None);
                Ok(())
            }
            Command::Close { what, to, units, .. } => {
                let day = self.day(at, [path_of(self, &what.id)?].iter());
                let flow = match to {
                    State::Waived => Flow::Waived,
                    State::Expired => Flow::Expired,
                    _ => Flow::Voided,
                };
                self.leaves(what.id, flow, day, *units)?;
                self.lapse(what.id, None);
                Ok(())
            }
            Command::Correct { what, from, units, .. } => {
                let day = self.day(at, [path_of(self, &what.id)?].iter());
                let Some(item) = self.items.get_mut(&what.id) else { return impossible("corrected and never opened") };
                let side = match from {
                    State::Met => &mut item.met,
                    State::Waived => &mut item.waived,
                    State::Expired => &mut item.expired,
                    State::Voided => &mut item.voided,
                    other => return impossible(format!("corrected from {other:?}")),
                };
                let Some(left) = side.checked_sub(*units) else {
                    return impossible("corrected more than was recorded");
                };
                *side = left;
                item.owed += units;
                self.post(what.id, Flow::Corrected, day, *units)
            }
            Command::Transfer { what, units, to, id } => {
                let from = path_of(self, &what.id)?;
                let day = self.day(at, [&from, to].into_iter());
                self.leaves(what.id, Flow::TransferredOut, day, *units)?;
                let Some(item) = self.items.get(&what.id) else { return impossible("transferred and never opened") };
                let there = Item {
                    path: to.clone(),
                    explained: None,
                    owner: None,
                    orders: vec![],
                    owed: *units,
                    met: 0,
                    waived: 0,
                    expired: 0,
                    voided: 0,
                    transferred: 0,
                    became_named: 0,
                    ..item.clone()
                };
                if self.items.insert(*id, there).is_some() {
                    return impossible(format!("{id} was opened twice"));
                }
                self.post(*id, Flow::TransferredIn, day, *units)?;
                self.lapse(what.id, None);
                Ok(())
            }
            Command::Name { what, subjects } => {
                let units = subjects.len() as u64;
                let Some(item) = self.items.get_mut(&what.id) else { return impossible("named and never opened") };
                let Some(left) = item.owed.checked_sub(units) else { return impossible("more named than owed") };
                (item.owed, item.became_named) = (left, item.became_named + units);
                let one = Item {
                    named: true,
                    explained: None,
                    owner: None,
                    orders: vec![],
                    owed: 1,
                    met: 0,
                    waived: 0,
                    expired: 0,
                    voided: 0,
                    transferred: 0,
                    became_named: 0,
                    ..item.clone()
                };
                self.touched.insert(what.id);
                for subject in subjects {
                    self.touched.insert(subject.id);
                    if self.items.insert(subject.id, one.clone()).is_some() {
                        return impossible(format!("{} was opened twice", subject.id));
                    }
                }
                Ok(())
            }
            Command::Propose(order) => {
                let mut life_saving = true;
                for promise in &order.meets {
                    let Some(item) = self.items.get_mut(&promise.obligation) else {
                        return impossible("promised and never opened");
                    };
                    life_saving &= item.life_saving;
                    item.orders.push(order.id);
                }
                let known = OrderItem {
                    state: OrderState::Proposed,
                    path: order.path.clone(),
                    section: order.section.clone(),
                    meets: order.meets.iter().map(|promise| (promise.obligation, promise.units)).collect(),
                    holds: order.holds.clone(),
                    life_saving,
                    carried_out_by: order.carried_out_by.clone(),
                };
                self.touched_orders.insert(order.id);
                match self.orders.insert(order.id, known) {
                    Some(_) => impossible(format!("order {} was proposed twice", order.id)),
                    None => Ok(()),
                }
            }
            Command::Approve { order, .. } => self.step(*order, &[OrderState::Proposed], OrderState::Approved),
            Command::Issue { order, .. } => {
                let first = if self.orders.get(order).is_some_and(|one| one.life_saving) {
                    OrderState::Proposed
                } else {
                    OrderState::Approved
                };
                self.step(*order, &[first], OrderState::Issued)
            }
            Command::Accept { order } => self.step(*order, &[OrderState::Issued], OrderState::Accepted),
            Command::Finish { order, met, .. } => {
                self.step(*order, &[OrderState::Accepted], OrderState::Done)?;
                let Some(known) = self.orders.get(order).cloned() else { return Ok(()) };
                let paths: Vec<AreaPath> =
                    known.meets.iter().filter_map(|(id, _)| Some(self.items.get(id)?.path.clone())).collect();
                let day = self.day(at, paths.iter().chain([&known.path]));
                for (id, _) in &known.meets {
                    if let Some(units) = met.as_ref().and_then(|met| met.get(id)).filter(|units| **units > 0) {
                        self.leaves(*id, Flow::Met, day, *units)?;
                    }
                }
                self.end(*order, OrderState::Done);
                for (id, _) in &known.meets {
                    self.lapse(*id, Some(*order));
                }
                Ok(())
            }
            Command::Fail { order, .. } => {
                self.step(*order, &[OrderState::Issued, OrderState::Accepted], OrderState::Failed)?;
                self.end(*order, OrderState::Failed);
                Ok(())
            }
            Command::Cancel { order, .. } => {
                use OrderState::{Accepted, Approved, Issued, Proposed};
                self.step(*order, &[Proposed, Approved, Issued, Accepted], OrderState::Cancelled)?;
                self.end(*order, OrderState::Cancelled);
                Ok(())
            }
        }
    }

    fn step(&mut self, order: OrderId, from: &[OrderState], to: OrderState) -> Fallible {
        self.touched_orders.insert(order);
        let Some(known) = self.orders.get_mut(&order) else {
            return impossible(format!("order {order} was never proposed"));
        };
        if !from.contains(&known.state) {
            return impossible(format!("order {order} went from {:?} to {to:?}", known.state));
        }
        known.state = to;
        Ok(())
    }
}

/// What the simulation needs to know of a kind.
#[derive(Clone, Debug)]
pub(super) struct KindOf {
    pub(super) section: Section,
    pub(super) never_expires: bool,
    pub(super) life_saving: bool,
    pub(super) due_after: Option<i64>,
}
