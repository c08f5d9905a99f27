//! What was decided before this plan and is kept: accepted orders, pins, and what issued orders said.

use crate::transfer::books::Move;
use std::collections::{BTreeMap, BTreeSet};

/// People of a move who are not the planner's to place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// Of accepted orders.
    pub(crate) frozen: u64,
    /// Of pins, beside those.
    pub(crate) pinned: u64,
}

impl Fixed {
    pub(crate) fn people(self) -> u64 {
        self.frozen.saturating_add(self.pinned)
    }
}

/// Decisions kept. Empty for a plan that nobody has touched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) fixed: BTreeMap<Move, Fixed>,
    /// Moves pinned from both sides: nobody beside the fixed people.
    pub(crate) exact: BTreeSet<Move>,
    /// Group and bed.
    pub(crate) forbidden: BTreeSet<(usize, usize)>,
    /// By bed.
    pub(crate) caps: BTreeMap<usize, u64>,
    /// Groups that count as vulnerable beside the moderate ones.
    pub(crate) vulnerable: BTreeSet<usize>,
    /// People of issued orders.
    pub(crate) issued: BTreeMap<Move, u64>,
    /// Groups that have issued orders: of them, changes are counted.
    pub(crate) was_issued: BTreeSet<usize>,
}

impl Kept {
    pub(crate) fn fixed(&self, key: Move) -> Fixed {
        self.fixed.get(&key).copied().unwrap_or_default()
    }
    pub(crate) fn forbids(&self, group: usize, bed: usize) -> bool {
        self.forbidden.contains(&(group, bed))
    }
    pub(crate) fn cap(&self, bed: usize) -> Option<u64> {
        self.caps.get(&bed).copied()
    }
    /// People of a move whom issued orders place the same way.
    pub(crate) fn issued(&self, key: Move) -> u64 {
        self.issued.get(&key).copied().unwrap_or(0)
    }
    /// People of a move, accepted ones aside, who are placed otherwise than issued orders say.
    pub(crate) fn changed(&self, key: Move, people: u64) -> u64 {
        if self.was_issued.contains(&key.group) { people.saturating_sub(self.issued(key)) } else { 0 }
    }
}
