//! Capacity that orders hold: pending until used, lapsing by itself, never more than there is.

use super::OrderId;
use crate::obligation::{BadText, short_text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

short_text!(
    /// What can be held: `facility:level`, `facility:bed-12`, `coach:500103-7`, `team:sampling-3`.
    ResourceId,
    "resource"
);

/// So many units of a resource for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Of what.
    pub resource: ResourceId,
    /// How many.
    pub units: u64,
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub until: Timestamp,
    /// Unless it is used by then, it lapses.
    pub confirm_by: Timestamp,
    /// Whether it is used, not only pending.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
    /// Taken beyond what there is because a life depends on it (law 7); recorded, shown, and never refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub surge: bool,
}

impl Hold {
    /// Whether it still takes capacity, seen at `now`.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.used || now < self.confirm_by
    }
    fn overlaps(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// There is not enough.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{resource}: {asked} asked for, {free} free of {capacity} in that time")]
pub struct Overbooked {
    /// Of what.
    pub resource: ResourceId,
    /// How many were asked for.
    pub asked: u64,
    /// How many are free in that time.
    pub free: u64,
    /// How many there are.
    pub capacity: u64,
}

/// What an order's step does to one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityChange {
    /// Which resource.
    pub resource: ResourceId,
    /// Which order.
    pub order: OrderId,
    /// Which hold of that order, from 0.
    pub nth: u32,
    /// At which moment.
    pub at: Timestamp,
    /// What is done.
    pub step: CapacityStep,
}

/// What is done with a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CapacityStep {
    /// It is taken, pending.
    Hold {
        /// What is held.
        hold: Hold,
        /// How much there is, as known.
        capacity: u64,
    },
    /// It is used: the hold that was taken.
    Use(Hold),
    /// It is given back.
    Release,
}

/// Why capacity could not change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCapacity {
    /// There is not enough.
    #[error(transparent)]
    Overbooked(#[from] Overbooked),
    /// It was not used in time.
    #[error("the hold of order {0} has lapsed")]
    Lapsed(OrderId),
}

/// What is held of one resource, by order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Standing and lapsed holds, by order and place in it.
    #[serde(with = "as_list")]
    pub holds: BTreeMap<(OrderId, u32), Hold>,
}

impl Resource {
    /// The most units that are held at any one moment of a hold's time, seen at `now`. It can only peak where some
    /// hold begins, so only those moments are asked.
    fn held(&self, wanted: &Hold, now: Timestamp) -> u64 {
        let standing: Vec<&Hold> =
            self.holds.values().filter(|hold| hold.stands(now) && hold.overlaps(wanted)).collect();
        let moments = standing.iter().map(|hold| hold.from.max(wanted.from)).chain([wanted.from]);
        moments
            .map(|at| {
                let there = standing.iter().filter(|hold| hold.from <= at && at < hold.until);
                there.fold(0, |sum: u64, hold| sum.saturating_add(hold.units))
            })
            .max()
            .unwrap_or(0)
    }

    /// Holds, or says what is missing. What saves lives is always held, and marked as surge where it goes beyond.
    fn hold(
        &mut self,
        by: (OrderId, u32),
        mut wanted: Hold,
        capacity: u64,
        life_saving: bool,
        now: Timestamp,
    ) -> Result<(), Overbooked> {
        let free = capacity.saturating_sub(self.held(&wanted, now));
        if wanted.units > free {
            if !life_saving {
                return Err(Overbooked { resource: wanted.resource, asked: wanted.units, free, capacity });
            }
            wanted.surge = true;
        }
        // Lapsed holds are of no more use; what is used stays until its time is over.
        self.holds.retain(|_, hold| hold.stands(now) && hold.until > now);
        self.holds.insert(by, wanted);
        Ok(())
    }

    /// Carries out what an order's step does here.
    pub fn change(&mut self, change: &CapacityChange, life_saving: bool) -> Result<(), NoCapacity> {
        let key = (change.order, change.nth);
        match &change.step {
            CapacityStep::Hold { hold, capacity } => {
                self.hold(key, hold.clone(), *capacity, life_saving, change.at)?;
            }
            CapacityStep::Use(taken) => match self.holds.get_mut(&key) {
                Some(hold) if hold.stands(change.at) => hold.used = true,
                // What saves lives goes ahead, and its hold is taken again: a bed with a patient in it is not free. How
                // much there is nobody asks at this step, so whatever else stands there makes it a surge.
                _ if life_saving => {
                    let was = self.holds.remove(&key);
                    let surge = was.is_some_and(|hold| hold.surge) || self.held(taken, change.at) > 0;
                    self.holds.insert(key, Hold { used: true, surge, ..taken.clone() });
                }
                _ => return Err(NoCapacity::Lapsed(change.order)),
            },
            CapacityStep::Release => {
                self.holds.remove(&key);
            }
        }
        Ok(())
    }
}

/// JSON has no keys of two parts: the holds are written as a list.
mod as_list {
    use super::{Hold, OrderId};
    use serde::{Deserialize, Deserializer, Serialize as _, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(holds: &BTreeMap<(OrderId, u32), Hold>, to: S) -> Result<S::Ok, S::Error> {
        holds.iter().map(|((order, nth), hold)| (order, nth, hold)).collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<(OrderId, u32), Hold>, D::Error> {
        let list = Vec::<(OrderId, u32, Hold)>::deserialize(from)?;
        Ok(list.into_iter().map(|(order, nth, hold)| ((order, nth), hold)).collect())
    }
}
