//! What somebody asks of the ledger.

use crate::catalogue::{FieldValue, KindId};
use crate::change::{Evidence, Said};
use crate::obligation::{Digest, Ground, ObligationId, State, Subject};
use crate::order::{Order, OrderId, ResourceId};
use crate::place::AreaPath;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::ids::PersonId;
use std::collections::BTreeMap;

/// An obligation that a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub id: ObligationId,
    /// As the one who asks has seen it; another version is refused. None = as it is now.
    pub version: Option<u32>,
}

impl From<ObligationId> for Target {
    fn from(id: ObligationId) -> Self {
        Self { id, version: None }
    }
}

/// An obligation to be opened.
#[derive(Clone, Debug, PartialEq)]
pub struct NewObligation {
    /// Its id, made from the command.
    pub id: ObligationId,
    /// What is owed.
    pub kind: KindId,
    /// Where.
    pub path: AreaPath,
    /// How many units; 1 for a named one.
    pub units: u64,
    /// To whom, if named.
    pub subject: Option<Subject>,
    /// What it follows from.
    pub ground: Option<Ground>,
    /// Since when.
    pub opened_at: Timestamp,
    /// By when; none where the kind has a rule.
    pub due: Option<Timestamp>,
    /// Whom it is given to at once.
    pub owner: Option<PersonId>,
    /// What only this kind says.
    pub fields: BTreeMap<String, FieldValue>,
    /// A free text, in the blob store.
    pub note: Option<Digest>,
    /// Invented for an exercise or a demonstration.
    pub synthetic: bool,
}

/// Somebody counted becomes somebody named.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSubject {
    /// The id of the named obligation, made from the command.
    pub id: ObligationId,
    /// Who.
    pub subject: Subject,
    /// What only this kind says.
    pub fields: BTreeMap<String, FieldValue>,
}

/// What somebody asks of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Something is owed. Opened again on the same ground it is corrected to the new number: more are opened, or the
    /// surplus is voided.
    Open(Box<NewObligation>),
    /// Give obligations to a person, or back to their post.
    Assign {
        /// Which.
        what: Vec<Target>,
        /// To whom.
        to: Option<PersonId>,
    },
    /// Somebody is at it.
    Begin {
        /// Which.
        what: Target,
        /// How many units.
        units: u64,
    },
    /// It was done.
    Meet {
        /// Which.
        what: Target,
        /// How many units.
        units: u64,
        /// In which way, where the catalogue tells ways apart.
        reason: Option<String>,
        /// Who says so.
        said: Said,
        /// What proves it.
        evidence: Vec<Evidence>,
    },
    /// It is closed without being done.
    Close {
        /// Which.
        what: Target,
        /// [`State::Waived`], [`State::Expired`] or [`State::Voided`].
        to: State,
        /// How many units.
        units: u64,
        /// Why, a code of the catalogue.
        reason: String,
        /// Who says so.
        said: Said,
        /// What proves it.
        evidence: Vec<Evidence>,
    },
    /// It was recorded as closed, and is owed after all.
    Correct {
        /// Which.
        what: Target,
        /// The state that it was recorded in.
        from: State,
        /// How many units.
        units: u64,
        /// Why.
        reason: String,
    },
    /// It is owed in another area from now on.
    Transfer {
        /// Which.
        what: Target,
        /// How many units.
        units: u64,
        /// Where to.
        to: AreaPath,
        /// The id of the obligation there, made from the command.
        id: ObligationId,
    },
    /// Those who were counted are known by name now.
    Name {
        /// Which counted obligation.
        what: Target,
        /// Who they are.
        subjects: Vec<NewSubject>,
    },
    /// Say why something is still owed after a day, and who answers for it.
    Explain {
        /// Which.
        what: Vec<Target>,
        /// For the settlement of which day.
        day: Date,
        /// 24:00 of that day.
        ends: Timestamp,
        /// Why, a code of the catalogue.
        reason: String,
        /// Who answers for it.
        owner: PersonId,
    },
    /// Propose an order.
    Propose(Box<Order>),
    /// A person approves an order; its capacity is held.
    Approve {
        /// Which.
        order: OrderId,
        /// As the one who asks has seen it.
        version: Option<u32>,
        /// How much there is of what it needs, as known.
        capacities: Vec<(ResourceId, u64)>,
    },
    /// Give an approved order out; or dispatch at once what saves lives.
    Issue {
        /// Which.
        order: OrderId,
        /// For what saves lives: how much there is of what it needs, as known.
        capacities: Vec<(ResourceId, u64)>,
    },
    /// Take an issued order.
    Accept {
        /// Which.
        order: OrderId,
    },
    /// An order is done; what it did not meet goes back to be owed.
    Finish {
        /// Which.
        order: OrderId,
        /// Units that were met, by obligation; none = all that it promised.
        met: Option<BTreeMap<ObligationId, u64>>,
        /// In which way, where the catalogue tells ways apart.
        reason: Option<String>,
        /// What proves it.
        evidence: Vec<Evidence>,
    },
    /// An order cannot be done.
    Fail {
        /// Which.
        order: OrderId,
        /// Why.
        reason: String,
    },
    /// Take an order back.
    Cancel {
        /// Which.
        order: OrderId,
        /// Why.
        reason: String,
    },
}
