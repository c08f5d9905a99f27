//! The steps of an order, and what each does to the obligations that it names and the capacity that it holds.

use super::decide::{Why, proven};
use super::draft::Draft;
use super::{Acting, Standing};
use crate::catalogue::Outcome;
use crate::change::{Change, Evidence, Said};
use crate::obligation::{ObligationId, State};
use crate::order::{Advanced, CapacityStep, NoCapacity, Order, OrderChange, OrderId, OrderState, ResourceId};
use crate::refusal::Refusal;
use std::collections::BTreeMap;

impl Draft<'_> {
    fn order(&self, id: OrderId) -> Result<Order, Refusal> {
        self.books.orders.get(&id).cloned().ok_or(Refusal::UnknownOrder(id))
    }

    /// Appends a step of an order.
    pub(super) fn step(
        &mut self,
        acting: &Acting<'_>,
        order: OrderId,
        from: OrderState,
        to: OrderState,
        reason: Option<String>,
        capacities: Vec<(ResourceId, u64)>,
    ) {
        let step = Advanced { order, from, to, at: acting.now, reason, capacities };
        self.changes.push(Change::Order(Box::new(OrderChange::Advanced(step))));
    }

    fn may_become(order: &Order, to: OrderState) -> Result<(), Refusal> {
        if order.state.may_become(to, order.life_saving) {
            return Ok(());
        }
        let why = match (order.state, to, order.life_saving) {
            (OrderState::Proposed, OrderState::Issued, false) => ": a person must approve it first",
            (OrderState::Proposed, OrderState::Approved, true) => ": it saves lives and needs no approval; issue it",
            _ => "",
        };
        Err(Refusal::OrderStep { id: order.id, from: order.state, to, why })
    }

    fn stands(order: &Order, acting: &Acting<'_>, at_least: Standing) -> Result<(), Refusal> {
        let Some(actor) = acting.actor else { return Err(Refusal::NeedsAPerson) };
        if order.life_saving || (at_least == Standing::Owner && order.carried_out_by.as_ref() == Some(actor)) {
            return Ok(());
        }
        if (acting.standing)(&order.path, &order.section, order.carried_out_by.as_ref()) >= at_least {
            return Ok(());
        }
        let owner = format!("{} of {}", order.section, order.path.area());
        Err(Refusal::NotTheirs { id: order.id.to_string(), owner })
    }

    pub(super) fn propose(&mut self, acting: &Acting<'_>, order: Order) -> Result<(), Refusal> {
        if self.books.orders.contains_key(&order.id) {
            return Err(Refusal::BadOrder("with this id is there already"));
        }
        if order.meets.is_empty() {
            return Err(Refusal::BadOrder("must name the obligations that it meets"));
        }
        if order.why.code.trim().is_empty() || order.why.rests_on.trim().is_empty() {
            return Err(Refusal::BadOrder("must say which need, rule, forecast or meeting made it"));
        }
        if order.due < acting.now {
            return Err(Refusal::BadOrder("cannot be due before it is proposed"));
        }
        if order.holds.iter().any(|hold| hold.units == 0 || hold.until <= hold.from) {
            return Err(Refusal::BadOrder("cannot hold nothing, or for no time"));
        }
        let mut life_saving = true;
        let mut seen = std::collections::BTreeSet::new();
        for promise in &order.meets {
            let obligation = self.get(&promise.obligation)?;
            let there = obligation.owed();
            if promise.units == 0 || !seen.insert(promise.obligation) {
                return Err(Refusal::NoUnits(promise.obligation));
            }
            if promise.units > there {
                let (id, asked) = (promise.obligation, promise.units);
                return Err(Refusal::TooMany { id, asked, there, states: "still owed" });
            }
            life_saving &= obligation.life_saving;
        }
        let order = Order { life_saving, state: OrderState::Proposed, reason: None, version: 1, ..order };
        self.changes.push(Change::Order(Box::new(OrderChange::Proposed(order))));
        Ok(())
    }

    /// Whether the capacity that a step needs is there.
    fn capacity(&self, order: &Order, step: &Advanced) -> Result<(), Refusal> {
        let mut resources: BTreeMap<ResourceId, crate::order::Resource> = BTreeMap::new();
        for change in order.capacity_changes(step) {
            let held = matches!(change.step, CapacityStep::Hold { .. });
            if held && !order.life_saving && !step.capacities.iter().any(|(id, _)| *id == change.resource) {
                return Err(Refusal::UnknownCapacity(change.resource.to_string()));
            }
            let resource = resources
                .entry(change.resource.clone())
                .or_insert_with(|| self.books.resources.get(&change.resource).cloned().unwrap_or_default());
            resource.change(&change, order.life_saving).map_err(|no| match no {
                NoCapacity::Overbooked(overbooked) => Refusal::Overbooked(overbooked),
                NoCapacity::Lapsed(order) => Refusal::HoldLapsed(order),
            })?;
        }
        Ok(())
    }

    fn advance(
        &mut self,
        acting: &Acting<'_>,
        order: &Order,
        to: OrderState,
        reason: Option<String>,
        capacities: Vec<(ResourceId, u64)>,
    ) -> Result<(), Refusal> {
        let step = Advanced { order: order.id, from: order.state, to, at: acting.now, reason, capacities };
        self.capacity(order, &step)?;
        self.changes.push(Change::Order(Box::new(OrderChange::Advanced(step))));
        Ok(())
    }

    pub(super) fn approve(
        &mut self,
        acting: &Acting<'_>,
        id: OrderId,
        version: Option<u32>,
        capacities: Vec<(ResourceId, u64)>,
    ) -> Result<(), Refusal> {
        let order = self.order(id)?;
        if let Some(seen) = version.filter(|seen| *seen != order.version) {
            return Err(Refusal::Stale { id: id.to_string(), seen, now: order.version });
        }
        Self::may_become(&order, OrderState::Approved)?;
        Self::stands(&order, acting, Standing::Lead)?;
        self.advance(acting, &order, OrderState::Approved, None, capacities)
    }

    pub(super) fn issue(
        &mut self,
        acting: &Acting<'_>,
        id: OrderId,
        capacities: Vec<(ResourceId, u64)>,
    ) -> Result<(), Refusal> {
        let order = self.order(id)?;
        Self::may_become(&order, OrderState::Issued)?;
        Self::stands(&order, acting, Standing::Owner)?;
        for promise in &order.meets {
            let split = self.get(&promise.obligation)?.split;
            let free = split.of(State::Opened).saturating_add(split.of(State::Assigned));
            if promise.units > free {
                let (id, asked) = (promise.obligation, promise.units);
                return Err(Refusal::TooMany { id, asked, there: free, states: "open or assigned" });
            }
            // Units that a person was given already count as assigned.
            match promise.units.min(split.of(State::Opened)) {
                0 => {}
                units => {
                    self.shift(acting, promise.obligation, &[State::Opened], State::Assigned, units, &Why::none())?;
                }
            }
        }
        self.advance(acting, &order, OrderState::Issued, None, capacities)
    }

    pub(super) fn accept(&mut self, acting: &Acting<'_>, id: OrderId) -> Result<(), Refusal> {
        let order = self.order(id)?;
        Self::may_become(&order, OrderState::Accepted)?;
        Self::stands(&order, acting, Standing::Owner)?;
        self.shift_promised(acting, &order, State::Assigned, State::InProgress)?;
        self.advance(acting, &order, OrderState::Accepted, None, vec![])
    }

    /// Moves what an order promised, as far as it is still in that state: it may have been closed otherwise meanwhile.
    fn shift_promised(&mut self, acting: &Acting<'_>, order: &Order, from: State, to: State) -> Result<(), Refusal> {
        for promise in &order.meets {
            let there = self.get(&promise.obligation)?.split.of(from);
            match promise.units.min(there) {
                0 => {}
                units => self.shift(acting, promise.obligation, &[from], to, units, &Why::none())?,
            }
        }
        Ok(())
    }

    pub(super) fn finish(
        &mut self,
        acting: &Acting<'_>,
        id: OrderId,
        met: Option<&BTreeMap<ObligationId, u64>>,
        reason: Option<String>,
        evidence: Vec<Evidence>,
    ) -> Result<(), Refusal> {
        let order = self.order(id)?;
        Self::may_become(&order, OrderState::Done)?;
        Self::stands(&order, acting, Standing::Owner)?;
        if let Some(stranger) =
            met.and_then(|met| met.keys().find(|id| !order.meets.iter().any(|p| p.obligation == **id)))
        {
            return Err(Refusal::UnknownObligation(*stranger));
        }
        let why = Why { reason, said: Said::Actor, evidence };
        for promise in &order.meets {
            let obligation = self.get(&promise.obligation)?.clone();
            let there = obligation.split.of(State::InProgress).min(promise.units);
            let done = match met {
                None => there,
                Some(met) => met.get(&promise.obligation).copied().unwrap_or(0),
            };
            if done > there {
                let (id, asked) = (promise.obligation, done);
                return Err(Refusal::TooMany { id, asked, there, states: "in progress under this order" });
            }
            if done > 0 {
                let kind = self.kind_of(&obligation)?;
                proven(&obligation, kind.evidence.iter().map(String::as_str), &why.evidence)?;
                if let Some(code) = &why.reason {
                    self.reason(acting, &obligation, Outcome::Met, code, why.said, &why.evidence)?;
                }
                self.shift(acting, promise.obligation, &[State::InProgress], State::Met, done, &why)?;
            }
            match there - done {
                0 => {}
                left => {
                    self.shift(acting, promise.obligation, &[State::InProgress], State::Opened, left, &Why::none())?;
                }
            }
        }
        self.advance(acting, &order, OrderState::Done, None, vec![])?;
        for promise in &order.meets {
            self.lapse_others(acting, promise.obligation, id)?;
        }
        Ok(())
    }

    /// Orders other than this one whose every obligation is closed now.
    fn lapse_others(&mut self, acting: &Acting<'_>, id: ObligationId, done: OrderId) -> Result<(), Refusal> {
        let obligation = self.get(&id)?.clone().with_order(done, false);
        self.carry(obligation);
        self.lapse(acting, id)
    }

    pub(super) fn end(
        &mut self,
        acting: &Acting<'_>,
        id: OrderId,
        to: OrderState,
        reason: String,
    ) -> Result<(), Refusal> {
        let order = self.order(id)?;
        Self::may_become(&order, to)?;
        Self::stands(&order, acting, Standing::Owner)?;
        if reason.trim().is_empty() {
            return Err(Refusal::BadOrder("that fails or is cancelled needs a reason"));
        }
        match order.state {
            OrderState::Issued => self.shift_promised(acting, &order, State::Assigned, State::Opened)?,
            OrderState::Accepted => self.shift_promised(acting, &order, State::InProgress, State::Opened)?,
            _ => {}
        }
        self.advance(acting, &order, to, Some(reason), vec![])
    }
}
