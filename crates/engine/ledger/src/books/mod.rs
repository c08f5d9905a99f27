//! The books in memory: everything owed, by obligation and by account.
//!
//! A use case reads what its command touches into books of its own and asks them; a test or a drill keeps all of it here.
//! The stores keep the same state as projections and change it by the same functions ([`Obligation::after`],
//! [`Balance::shift`], [`Flows::post`]).

mod accounts;
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
use accounts::{AccountNo, Accounts};
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

/// An obligation, and the account that its units stand in.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    obligation: Obligation,
    account: AccountNo,
}

/// Everything that is owed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    catalogue: Arc<Catalogue>,
    /// Where in `kept` each one lies. A tree of small entries stays in the processor's memory; one of obligations would not.
    places: BTreeMap<ObligationId, u32>,
    kept: Vec<Kept>,
    accounts: Accounts,
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
        let place = *self.places.get(id)?;
        self.kept.get(place as usize).map(|kept| &kept.obligation)
    }
    /// All obligations, by id.
    pub fn obligations(&self) -> impl Iterator<Item = &Obligation> {
        self.places.values().filter_map(|place| self.kept.get(*place as usize)).map(|kept| &kept.obligation)
    }
    /// What was opened on a ground.
    pub fn on_ground(&self, kind: &KindId, path: &AreaPath, ground: &Ground) -> Option<&Obligation> {
        let account = self.accounts.find(path, kind)?;
        let place = self.accounts.on_ground(account, ground)?;
        self.kept.get(place as usize).map(|kept| &kept.obligation)
    }
    /// Where the units of an account stand.
    pub fn balance(&self, path: &AreaPath, kind: &KindId) -> Balance {
        self.accounts.find(path, kind).and_then(|no| self.accounts.balance(no)).unwrap_or_default()
    }
    /// All accounts with where their units stand, by area and kind.
    pub fn balances(&self) -> impl Iterator<Item = (&(AreaPath, KindId), &Balance)> {
        self.accounts.balances()
    }
    /// What flowed, by area, kind and day.
    pub fn accounts(&self) -> impl Iterator<Item = (&(AreaPath, KindId), Date, &Flows)> {
        self.accounts.flows()
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
        let account = self.accounts.number(&obligation.path, &obligation.kind);
        self.keep(obligation, account);
    }

    fn keep(&mut self, obligation: Obligation, account: AccountNo) {
        // Four thousand million obligations do not fit into any memory.
        let next = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(obligation.id).or_insert(next);
        if let Some(ground) = &obligation.ground {
            self.accounts.ground(account, ground, place);
        }
        let kept = Kept { obligation, account };
        match self.kept.get_mut(place as usize) {
            Some(known) => *known = kept,
            None => self.kept.push(kept),
        }
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
        match change {
            Change::Opened(opened) => self.opened(opened.obligation.clone(), opened.how),
            other => self.apply_to_known(other),
        }
    }

    /// The same of a change that nobody else needs: what it opens is kept as it is, and not copied.
    pub fn enter(&mut self, change: Change) {
        match change {
            Change::Opened(opened) => self.opened(opened.obligation, opened.how),
            other => self.apply_to_known(&other),
        }
    }

    fn opened(&mut self, obligation: Obligation, how: Opening) {
        let (units, named) = (obligation.split.all(), obligation.is_named());
        let account = self.accounts.number(&obligation.path, &obligation.kind);
        match how {
            Opening::New => self.accounts.open(account, obligation.posted, Flow::Opened, units, named),
            Opening::Transferred(_) => {
                self.accounts.open(account, obligation.posted, Flow::TransferredIn, units, named);
            }
            Opening::Named(_) => self.accounts.change(account, |balance| {
                balance.name(units);
                Ok(())
            }),
        }
        self.keep(obligation, account);
    }

    fn apply_to_known(&mut self, change: &Change) {
        if let Change::Order(order) = change {
            self.apply_order(order);
            return;
        }
        let Some(id) = change.obligation() else { return };
        let Some(kept) = self.places.get(&id).and_then(|place| self.kept.get_mut(*place as usize)) else { return };
        let (account, named) = (kept.account, kept.obligation.is_named());
        // `decide` has looked: it fits.
        let fits = kept.obligation.change(change);
        debug_assert_eq!(fits, Ok(()));
        match change {
            Change::Grown(grown) => self.accounts.open(account, grown.day, Flow::Opened, grown.units, named),
            Change::Moved(moved) => {
                if let Some(flow) = Flow::of(moved.from, moved.to) {
                    self.accounts.post(account, moved.day, flow, moved.units);
                }
                self.accounts.change(account, |balance| balance.shift(moved.from, moved.to, moved.units, named));
            }
            Change::Named(Named { from, units, .. }) => {
                self.accounts.change(account, |balance| balance.leave_to_be_named(*from, *units));
            }
            _ => {}
        }
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
            let place = self.places.get(&promise.obligation);
            if let Some(kept) = place.and_then(|place| self.kept.get_mut(*place as usize)) {
                kept.obligation.tie(order.id, live);
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
