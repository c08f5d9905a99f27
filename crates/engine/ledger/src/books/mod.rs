//! The books in memory: everything owed, by obligation and by account.
//!
//! A use case reads what its command touches into books of its own and asks them; a test or a drill keeps all of it here.
//! The stores keep the same state as projections and change it by the same functions ([`Obligation::after`],
//! [`Balance::shift`], [`Flows::post`]).

mod closing;
mod decide;
mod draft;
mod opening;
mod orders;

use crate::account::{Balance, Flow, Flows};
use crate::catalogue::{Catalogue, KindId};
use crate::change::{Change, Named, Opening};
use crate::obligation::{Ground, Obligation, ObligationId, Section};
use crate::order::{Order, OrderChange, OrderId, Resource, ResourceId};
use crate::place::AreaPath;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::ids::PersonId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How somebody stands towards an obligation or order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Neither theirs nor below them.
    Stranger,
    /// Theirs: given to them, or they are on duty for its post.
    Owner,
    /// They lead the section or coordinate the district.
    Lead,
    /// City headquarters.
    Commander,
}

/// Who acts, when, and on the books of which day.
#[derive(Clone, Copy)]
pub struct Acting<'a> {
    /// When it happened.
    pub now: Timestamp,
    /// On the books of which day it is entered.
    pub day: Date,
    /// Who; none = Levee itself, which may open what reports say is owed, and propose.
    pub actor: Option<&'a PersonId>,
    /// How the actor stands towards what is owed in an area by a section, given to that person or to nobody yet.
    pub standing: &'a dyn Fn(&AreaPath, &Section, Option<&PersonId>) -> Standing,
}

/// Everything that is owed.
#[derive(Clone, Debug, Default)]
pub struct Books {
    catalogue: Arc<Catalogue>,
    obligations: BTreeMap<ObligationId, Obligation>,
    grounds: BTreeMap<(KindId, AreaPath, Ground), ObligationId>,
    balances: BTreeMap<(AreaPath, KindId), Balance>,
    accounts: BTreeMap<(Date, AreaPath, KindId), Flows>,
    orders: BTreeMap<OrderId, Order>,
    resources: BTreeMap<ResourceId, Resource>,
    /// The last sealed day of each book.
    sealed: BTreeMap<String, Date>,
}

impl Books {
    /// Empty books of a city with this catalogue.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, ..Self::default() }
    }
    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }
    /// An obligation.
    pub fn obligation(&self, id: &ObligationId) -> Option<&Obligation> {
        self.obligations.get(id)
    }
    /// All obligations, by id.
    pub fn obligations(&self) -> impl Iterator<Item = &Obligation> {
        self.obligations.values()
    }
    /// What was opened on a ground.
    pub fn on_ground(&self, kind: &KindId, path: &AreaPath, ground: &Ground) -> Option<&Obligation> {
        let id = self.grounds.get(&(kind.clone(), path.clone(), ground.clone()))?;
        self.obligations.get(id)
    }
    /// Where the units of an account stand.
    pub fn balance(&self, path: &AreaPath, kind: &KindId) -> Balance {
        self.balances.get(&(path.clone(), kind.clone())).copied().unwrap_or_default()
    }
    /// All accounts with where their units stand.
    pub fn balances(&self) -> impl Iterator<Item = (&(AreaPath, KindId), &Balance)> {
        self.balances.iter()
    }
    /// What flowed, by day and account.
    pub fn accounts(&self) -> impl Iterator<Item = (&(Date, AreaPath, KindId), &Flows)> {
        self.accounts.iter()
    }
    /// An order.
    pub fn order(&self, id: &OrderId) -> Option<&Order> {
        self.orders.get(id)
    }
    /// All orders, by id.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }
    /// What is held of a resource.
    pub fn resource(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// Takes an obligation as it stands, without its account; for books that a use case reads for one command.
    pub fn take(&mut self, obligation: Obligation) {
        if let Some(ground) = &obligation.ground {
            let key = (obligation.kind.clone(), obligation.path.clone(), ground.clone());
            self.grounds.insert(key, obligation.id);
        }
        self.obligations.insert(obligation.id, obligation);
    }
    /// Takes an order as it stands.
    pub fn take_order(&mut self, order: Order) {
        self.orders.insert(order.id, order);
    }
    /// Takes what is held of a resource.
    pub fn take_resource(&mut self, id: ResourceId, resource: Resource) {
        self.resources.insert(id, resource);
    }
    /// Nothing is entered any more up to this day in the books of a district or the city.
    pub fn seal(&mut self, book: &str, day: Date) {
        self.sealed.insert(book.to_owned(), day);
    }
    /// The last sealed day of a book.
    pub fn sealed(&self, book: &str) -> Option<Date> {
        self.sealed.get(book).copied()
    }

    /// Applies a change that has happened. There is nothing left to refuse: a change of something that these books do
    /// not hold leaves them as they are.
    pub fn apply(&mut self, change: &Change) {
        if let Change::Opened(opened) = change {
            let obligation = opened.obligation.clone();
            let (units, named) = (obligation.split.all(), obligation.is_named());
            let account = (obligation.path.clone(), obligation.kind.clone());
            let flow = match opened.how {
                Opening::New => Some(Flow::Opened),
                Opening::Transferred(_) => Some(Flow::TransferredIn),
                Opening::Named(_) => None,
            };
            if let Some(flow) = flow {
                self.post(obligation.posted, &account, flow, units);
            }
            let balance = self.balances.entry(account).or_default();
            match flow {
                Some(flow) => balance.open(flow, units, named),
                None => balance.name(units),
            }
            self.take(obligation);
            return;
        }
        if let Change::Order(order) = change {
            self.apply_order(order);
            return;
        }
        let Some(before) = change.obligation().and_then(|id| self.obligations.remove(&id)) else { return };
        let (account, named) = ((before.path.clone(), before.kind.clone()), before.is_named());
        match change {
            Change::Grown(grown) => {
                self.post(grown.day, &account, Flow::Opened, grown.units);
                self.balances.entry(account).or_default().open(Flow::Opened, grown.units, named);
            }
            Change::Moved(moved) => {
                if let Some(flow) = Flow::of(moved.from, moved.to) {
                    self.post(moved.day, &account, flow, moved.units);
                }
                let balance = self.balances.entry(account).or_default();
                // `decide` has looked: it fits.
                let shifted = balance.shift(moved.from, moved.to, moved.units, named);
                debug_assert_eq!(shifted, Ok(()));
            }
            Change::Named(Named { from, units, .. }) => {
                let balance = self.balances.entry(account).or_default();
                let left = balance.leave_to_be_named(*from, *units);
                debug_assert_eq!(left, Ok(()));
            }
            _ => {}
        }
        let after = before.clone().after(change).unwrap_or(before);
        self.obligations.insert(after.id, after);
    }

    fn post(&mut self, day: Date, account: &(AreaPath, KindId), flow: Flow, units: u64) {
        let (path, kind) = account.clone();
        self.accounts.entry((day, path, kind)).or_default().post(flow, units);
    }

    fn apply_order(&mut self, change: &OrderChange) {
        match change {
            OrderChange::Proposed(order) => {
                self.tie(order, true);
                self.orders.insert(order.id, order.clone());
            }
            OrderChange::Advanced(step) => {
                let Some(before) = self.orders.remove(&step.order) else { return };
                self.hold(&before, step);
                if step.to.is_over() {
                    self.tie(&before, false);
                }
                let after = before.advanced(step);
                self.orders.insert(after.id, after);
            }
        }
    }

    /// Notes on the obligations that an order names whether it is under way.
    fn tie(&mut self, order: &Order, live: bool) {
        for promise in &order.meets {
            if let Some(obligation) = self.obligations.remove(&promise.obligation) {
                self.obligations.insert(promise.obligation, obligation.with_order(order.id, live));
            }
        }
    }

    fn hold(&mut self, order: &Order, step: &crate::order::Advanced) {
        for change in order.capacity_changes(step) {
            let resource = self.resources.entry(change.resource.clone()).or_default();
            // `decide` has looked: it fits.
            let done = resource.change(&change, order.life_saving);
            debug_assert!(done.is_ok(), "{done:?}");
        }
    }
}

#[cfg(test)]
mod tests;
