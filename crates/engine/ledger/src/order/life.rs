//! The life of an order.

use serde::{Deserialize, Serialize};

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Somebody, or the planner, proposes it.
    Proposed,
    /// A person approved it; its capacity is held.
    Approved,
    /// It was given out; the units that it promises are assigned.
    Issued,
    /// Whoever carries it out has taken it.
    Accepted,
    /// Done.
    Done,
    /// It could not be done.
    Failed,
    /// It was taken back, or what it was for is gone.
    Cancelled,
}

impl OrderState {
    /// The whole state machine.
    ///
    /// Law 10: an ordinary order is approved by a person before it is issued. Law 7: what saves lives is dispatched by one
    /// person in one step; there is no approval that could delay it.
    pub fn may_become(self, next: Self, life_saving: bool) -> bool {
        use OrderState::{Accepted, Approved, Cancelled, Done, Failed, Issued, Proposed};
        match (self, next) {
            (Proposed, Approved) => !life_saving,
            (Proposed, Issued) => life_saving,
            (Approved, Issued) | (Issued, Accepted) | (Accepted, Done) => true,
            (Issued | Accepted, Failed) | (Proposed | Approved | Issued | Accepted, Cancelled) => true,
            _ => false,
        }
    }

    /// Whether it is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// Whether units of its obligations are assigned to it.
    pub fn has_units(self) -> bool {
        matches!(self, Self::Issued | Self::Accepted)
    }

    /// Whether this step holds capacity.
    pub fn holds_capacity(self, next: Self) -> bool {
        matches!((self, next), (Self::Proposed, Self::Approved | Self::Issued))
    }

    /// Whether this step gives capacity back. What was used stays in use until its end.
    pub fn releases_capacity(self, next: Self) -> bool {
        matches!(self, Self::Approved | Self::Issued | Self::Accepted) && matches!(next, Self::Failed | Self::Cancelled)
    }
}
