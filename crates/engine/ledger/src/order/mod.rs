//! Orders: planned actions that meet obligations, and the capacity that they hold.
//!
//! Two steps, as in ledgers built for money: approving an order *holds* capacity, which stays pending until it is used;
//! a hold that is not used by its time lapses by itself, and cancelling or failing releases it. A named bed is a resource of one
//! unit; the same bed twice cannot be held.

mod hold;
mod life;

pub use hold::{CapacityChange, CapacityStep, Hold, NoCapacity, Overbooked, Resource, ResourceId};
pub use life::OrderState;

use crate::obligation::{BadText, ObligationId, Section, short_text};
use crate::place::AreaPath;
use jiff::Timestamp;
use levee_model::ids::{BadId, EntityId, PersonId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Identity of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderId(pub EntityId);

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OrderId {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        given.parse().map(Self)
    }
}

short_text!(
    /// What an order does: `transfer`, `deliver`, `inspect`.
    Action,
    "action"
);

/// Units of one obligation that an order promises to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Of which obligation.
    pub obligation: ObligationId,
    /// How many.
    pub units: u64,
}

/// Why there is an order: no order without one (law 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// A code: `need`, `rule`, `forecast`, `request`, `directive`.
    pub code: String,
    /// The need, rule, forecast or meeting that made it: an id or a clause.
    pub rests_on: String,
}

/// A planned action that meets obligations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// What it does.
    pub action: Action,
    /// Where; its place in the books.
    pub path: AreaPath,
    /// The section that carries it out.
    pub section: Section,
    /// The obligations that it is to meet.
    pub meets: Vec<Promise>,
    /// Why.
    pub why: Why,
    /// The capacity that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
    /// Every obligation of it saves lives: one person dispatches, and no full ward stands in its way (law 7).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub life_saving: bool,
    /// Who carries it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_out_by: Option<PersonId>,
    /// By when it is to be done.
    pub due: Timestamp,
    /// How far it has come.
    pub state: OrderState,
    /// Why it failed or was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Counts its changes, from 1.
    pub version: u32,
}

/// What has happened to an order.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderChange {
    /// Somebody, or the planner, proposed it.
    Proposed(Order),
    /// It went on, or ended.
    Advanced(Advanced),
}

/// An order went from state to state.
#[derive(Clone, Debug, PartialEq)]
pub struct Advanced {
    /// Which.
    pub order: OrderId,
    /// From.
    pub from: OrderState,
    /// To.
    pub to: OrderState,
    /// At which moment; holds lapse by it.
    pub at: Timestamp,
    /// Why, where it failed or was cancelled.
    pub reason: Option<String>,
    /// Where capacity is held with this step: how much of each resource there is, as known.
    pub capacities: Vec<(ResourceId, u64)>,
}

impl Order {
    /// What a step does to capacity, resource by resource.
    pub fn capacity_changes(&self, step: &Advanced) -> Vec<CapacityChange> {
        let of = |nth: usize, hold: &Hold, what| CapacityChange {
            resource: hold.resource.clone(),
            order: self.id,
            nth: u32::try_from(nth).unwrap_or(u32::MAX),
            at: step.at,
            step: what,
        };
        let each = |what: &dyn Fn(&Hold) -> Option<CapacityStep>| {
            let holds = self.holds.iter().enumerate();
            holds.filter_map(|(nth, hold)| Some(of(nth, hold, what(hold)?))).collect::<Vec<_>>()
        };
        if self.state.holds_capacity(step.to) {
            return each(&|hold| {
                let known = step.capacities.iter().find(|(id, _)| *id == hold.resource);
                Some(CapacityStep::Hold { hold: hold.clone(), capacity: known.map_or(0, |(_, units)| *units) })
            });
        }
        match step.to {
            OrderState::Accepted => each(&|hold| Some(CapacityStep::Use(hold.clone()))),
            to if self.state.releases_capacity(to) => each(&|_| Some(CapacityStep::Release)),
            _ => vec![],
        }
    }

    /// The order after a step.
    pub fn advanced(&self, step: &Advanced) -> Self {
        let holds = self
            .holds
            .iter()
            .map(|hold| match step.to {
                OrderState::Accepted => Hold { used: true, ..hold.clone() },
                _ => hold.clone(),
            })
            .collect();
        Self { state: step.to, reason: step.reason.clone(), version: self.version + 1, holds, ..self.clone() }
    }
}
