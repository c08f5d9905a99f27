//! What has happened in the ledger.

use crate::account::Broken;
use crate::obligation::{Arrears, Digest, Obligation, ObligationId, Split, State};
use crate::order::{OrderChange, OrderId};
use jiff::civil::Date;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Something attached that proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is, a code that the kind asks for: `photo`, `receipt`, `signature`.
    pub what: String,
    /// Its bytes, in the blob store.
    pub digest: Digest,
}

/// Who has said it, where that is not the one who wrote it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Whoever gave the command.
    Actor,
    /// The one to whom it is owed.
    Recipient,
    /// A clinician.
    Clinician,
}

/// How an obligation came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is newly owed.
    New,
    /// It was owed in another area.
    Transferred(ObligationId),
    /// It was counted among others.
    Named(ObligationId),
}

/// An obligation was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// As it was opened, all units in [`State::Opened`], version 1.
    pub obligation: Obligation,
    /// How it came about.
    pub how: Opening,
    /// A free text, in the blob store.
    pub note: Option<Digest>,
}

/// More units are owed on the ground of an obligation than were known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Which.
    pub obligation: ObligationId,
    /// How many more.
    pub units: u64,
    /// On the books of which day.
    pub day: Date,
}

/// Units went from state to state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Of which obligation.
    pub obligation: ObligationId,
    /// From.
    pub from: State,
    /// To.
    pub to: State,
    /// How many.
    pub units: u64,
    /// On the books of which day.
    pub day: Date,
    /// Why, a code of the catalogue, where one is needed.
    pub reason: Option<String>,
    /// Who said so.
    pub said: Said,
    /// What proves it.
    pub evidence: Vec<Evidence>,
}

/// Units went from counted to named: those that follow as openings of the same command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Of which counted obligation.
    pub obligation: ObligationId,
    /// From which state.
    pub from: State,
    /// How many.
    pub units: u64,
    /// On the books of which day.
    pub day: Date,
}

/// An obligation was given to somebody, or back to its post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Which.
    pub obligation: ObligationId,
    /// Whose it was.
    pub before: Option<PersonId>,
    /// Whose it is.
    pub owner: Option<PersonId>,
}

/// Why something is still owed after a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Which.
    pub obligation: ObligationId,
    /// For the settlement of which day.
    pub day: Date,
    /// Why, a code of the catalogue.
    pub reason: String,
    /// Who answers for it.
    pub owner: PersonId,
}

/// What has happened in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An obligation was opened.
    Opened(Box<Opened>),
    /// More are owed than were known.
    Grown(Grown),
    /// Units went from state to state.
    Moved(Move),
    /// Units went from counted to named.
    Named(Named),
    /// Somebody else owns it.
    Owned(Owned),
    /// Arrears were explained.
    Explained(Explained),
    /// Something happened to an order.
    Order(Box<OrderChange>),
}

impl Change {
    /// The obligation that it is about; none for an order.
    pub fn obligation(&self) -> Option<ObligationId> {
        match self {
            Self::Opened(opened) => Some(opened.obligation.id),
            Self::Grown(Grown { obligation, .. })
            | Self::Moved(Move { obligation, .. })
            | Self::Named(Named { obligation, .. })
            | Self::Owned(Owned { obligation, .. })
            | Self::Explained(Explained { obligation, .. }) => Some(*obligation),
            Self::Order(_) => None,
        }
    }
    /// The day on whose books it is posted, where it moves units.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Opened(opened) => Some(opened.obligation.posted),
            Self::Grown(Grown { day, .. }) | Self::Moved(Move { day, .. }) | Self::Named(Named { day, .. }) => {
                Some(*day)
            }
            Self::Owned(_) | Self::Explained(_) | Self::Order(_) => None,
        }
    }
}

impl Obligation {
    /// After a change of it that has happened. What is no change of it leaves it as it is.
    ///
    /// Errors: more units than are there, or a transition that there is not; then the books were not asked first.
    pub fn after(mut self, change: &Change) -> Result<Self, Broken> {
        self.change(change)?;
        Ok(self)
    }

    /// The same in place; on an error nothing of it has changed.
    pub fn change(&mut self, change: &Change) -> Result<(), Broken> {
        match change {
            Change::Opened(_) | Change::Order(_) => return Ok(()),
            Change::Grown(_) | Change::Moved(_) | Change::Named(_) => {
                if let Some((split, posted)) = self.moved(change)? {
                    (self.split, self.posted) = (split, posted);
                }
            }
            Change::Owned(Owned { owner, .. }) => self.owner = owner.clone(),
            Change::Explained(Explained { day, reason, owner, .. }) => {
                self.arrears = Some(Arrears { day: *day, reason: reason.clone(), owner: owner.clone() });
            }
        }
        self.version = self.version.saturating_add(1);
        Ok(())
    }

    /// Where its units stand after a change, and the day on whose books that is; none when the change moves no units.
    /// Errors as [`Obligation::after`] does.
    pub(crate) fn moved(&self, change: &Change) -> Result<Option<(Split, Date)>, Broken> {
        let below = |state| Broken::Below { state };
        Ok(match change {
            Change::Grown(Grown { units, day, .. }) => {
                Some((self.split.grown(*units).ok_or(below(State::Opened))?, *day))
            }
            Change::Moved(Move { from, to, units, day, .. }) => {
                if !from.may_become(*to) {
                    return Err(Broken::Transition { from: *from, to: *to });
                }
                Some((self.split.moved(*from, *to, *units).ok_or(below(*from))?, *day))
            }
            Change::Named(Named { from, units, day, .. }) => {
                if !from.is_owed() {
                    return Err(Broken::Transition { from: *from, to: State::Named });
                }
                Some((self.split.moved(*from, State::Named, *units).ok_or(below(*from))?, *day))
            }
            Change::Opened(_) | Change::Order(_) | Change::Owned(_) | Change::Explained(_) => None,
        })
    }

    /// After a step of an order that names it.
    pub fn with_order(mut self, order: OrderId, live: bool) -> Self {
        self.tie(order, live);
        self
    }

    /// The same in place.
    pub fn tie(&mut self, order: OrderId, live: bool) {
        self.orders.retain(|known| *known != order);
        if live {
            self.orders.push(order);
        }
    }
}
