//! Why the ledger would not accept a command. Refusing is a normal answer.

use crate::catalogue::{BadField, KindId, MayDecide, Outcome};
use crate::obligation::{ObligationId, State};
use crate::order::{OrderId, OrderState, Overbooked};
use jiff::Timestamp;
use jiff::civil::Date;

/// Why the ledger would not accept a command.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No such kind.
    #[error("`{0}` is no kind of obligation of this city")]
    UnknownKind(KindId),
    /// No such obligation.
    #[error("there is no obligation {0}")]
    UnknownObligation(ObligationId),
    /// No such order.
    #[error("there is no order {0}")]
    UnknownOrder(OrderId),
    /// The id is taken.
    #[error("{0} is opened already")]
    OpenedTwice(ObligationId),
    /// What it follows from was opened for somebody else.
    #[error("`{ground}` was opened as {id}, which is owed to somebody else")]
    GroundTaken {
        /// What it follows from.
        ground: crate::obligation::Ground,
        /// What was opened on it.
        id: ObligationId,
    },
    /// Somebody changed it meanwhile.
    #[error("{id} has changed: you saw version {seen}, it is at version {now}")]
    Stale {
        /// Which.
        id: String,
        /// The version that was seen.
        seen: u32,
        /// The version that it has.
        now: u32,
    },
    /// More units than there are.
    #[error("{asked} cannot leave {id}: {there} are {states}")]
    TooMany {
        /// Which.
        id: ObligationId,
        /// How many were asked for.
        asked: u64,
        /// How many there are.
        there: u64,
        /// In which state, in words.
        states: &'static str,
    },
    /// Nothing to do.
    #[error("no units were named for {0}")]
    NoUnits(ObligationId),
    /// Law 2.
    #[error("`{kind}` never expires: it stays owed until it is met, waived by the recipient, or moot")]
    NeverExpires {
        /// The kind.
        kind: KindId,
    },
    /// The catalogue has no such reason for it.
    #[error("`{reason}` is no reason for which `{kind}` is {outcome:?}")]
    UnknownReason {
        /// The kind.
        kind: KindId,
        /// What was asked for.
        outcome: Outcome,
        /// The reason given.
        reason: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The reason is somebody else's to give.
    #[error("`{reason}` can only be given by {by:?}")]
    NotTheirReason {
        /// The reason.
        reason: String,
        /// Who may give it.
        by: MayDecide,
    },
    /// The obligation is somebody else's.
    #[error("{id} is owned by {owner}, and you do not stand above them")]
    NotTheirs {
        /// Which.
        id: String,
        /// Whose it is.
        owner: String,
    },
    /// A person must decide this.
    #[error("a person must do this: the planner and the clock propose, people decide")]
    NeedsAPerson,
    /// What must prove it is missing.
    #[error("{id} needs {what} as evidence")]
    EvidenceMissing {
        /// Which.
        id: ObligationId,
        /// What is missing, as codes joined by commas.
        what: String,
    },
    /// Fields do not fit the kind.
    #[error(transparent)]
    Field(#[from] BadField),
    /// A named kind needs a subject and one unit, a counted one has none.
    #[error("`{kind}` {why}")]
    Counting {
        /// The kind.
        kind: KindId,
        /// What is wrong.
        why: &'static str,
    },
    /// No due time, and the kind has no rule for one.
    #[error("`{kind}` has no rule for its due time, and none was given")]
    NoDue {
        /// The kind.
        kind: KindId,
    },
    /// Due before it is opened.
    #[error("it would be due at {due}, before it is opened at {opened_at}")]
    DueBeforeOpened {
        /// When it would be due.
        due: Timestamp,
        /// When it is opened.
        opened_at: Timestamp,
    },
    /// Time would run backwards.
    #[error("{id} was last changed on the books of {posted}: nothing can be entered on {day}")]
    TimeBackwards {
        /// Which.
        id: ObligationId,
        /// The day of its last entry.
        posted: Date,
        /// The day asked for.
        day: Date,
    },
    /// The day is sealed.
    #[error("{day} is sealed in the books of {book}")]
    Sealed {
        /// Whose books.
        book: String,
        /// The day.
        day: Date,
    },
    /// A transition that there is not.
    #[error("{id} cannot go from `{from:?}` to `{to:?}`")]
    Transition {
        /// Which.
        id: ObligationId,
        /// From.
        from: State,
        /// To.
        to: State,
    },
    /// A step of an order that there is not.
    #[error("order {id} is {from:?} and cannot become {to:?}{why}")]
    OrderStep {
        /// Which.
        id: OrderId,
        /// From.
        from: OrderState,
        /// To.
        to: OrderState,
        /// A word on why, or nothing.
        why: &'static str,
    },
    /// An order that promises nothing, or has no reason.
    #[error("an order {0}")]
    BadOrder(&'static str),
    /// Not enough capacity.
    #[error(transparent)]
    Overbooked(#[from] Overbooked),
    /// Capacity of something that nobody has stated.
    #[error("nobody has stated how much there is of `{0}`")]
    UnknownCapacity(String),
    /// A hold was not used in time.
    #[error("what order {0} held has lapsed: it was not used in time")]
    HoldLapsed(OrderId),
    /// A transfer to where it is owed already.
    #[error("it is already owed there")]
    SameArea,
    /// Not late, so nothing to explain.
    #[error("{id} is not late on {day}")]
    NotLate {
        /// Which.
        id: ObligationId,
        /// The day.
        day: Date,
    },
}

impl Refusal {
    /// What the person who gave the command can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownKind(_) => "see `levee kinds CITY` for the catalogue".to_owned(),
            Self::UnknownObligation(_) => "see `levee owed CITY` for what is owed".to_owned(),
            Self::UnknownOrder(_) => "see `levee orders CITY`".to_owned(),
            Self::OpenedTwice(_) => "give the command an id of its own".to_owned(),
            Self::GroundTaken { .. } => "give each person or site a reference of its own".to_owned(),
            Self::Stale { .. } => "look at it as it is now, then decide again".to_owned(),
            Self::TooMany { there, .. } => format!("name at most {there}"),
            Self::NoUnits(_) => "say how many".to_owned(),
            Self::NeverExpires { .. } => "carry it over with a reason, or let the recipient waive it".to_owned(),
            Self::UnknownReason { known, .. } if known.is_empty() => "the catalogue has none for this".to_owned(),
            Self::UnknownReason { known, .. } => format!("choose one of {}", known.join(", ")),
            Self::NotTheirReason { by: MayDecide::Recipient, .. } => {
                "let the one to whom it is owed say so, and write it down for them".to_owned()
            }
            Self::NotTheirReason { by: MayDecide::Clinician, .. } => {
                "let a clinician say so, and write it down for them".to_owned()
            }
            Self::NotTheirReason { .. } => "ask somebody who may".to_owned(),
            Self::NotTheirs { .. } => "ask the owner, the lead of the section, or headquarters".to_owned(),
            Self::NeedsAPerson => "say who acts with --as PERSON".to_owned(),
            Self::EvidenceMissing { .. } => "attach it with --evidence WHAT=FILE".to_owned(),
            Self::Field(_) => "see `levee kinds CITY --kind KIND` for its fields".to_owned(),
            Self::Counting { .. } => "see how the kind counts in the catalogue".to_owned(),
            Self::NoDue { .. } => "say by when it is owed".to_owned(),
            Self::DueBeforeOpened { .. } => "check both times".to_owned(),
            Self::TimeBackwards { posted, .. } => format!("enter it on {posted} or later"),
            Self::Sealed { .. } => "enter it today, as a correction that names what it corrects".to_owned(),
            Self::Transition { .. } => "see its state in `levee owed`".to_owned(),
            Self::OrderStep { .. } => "see the order's state in `levee orders`".to_owned(),
            Self::BadOrder(_) => "name the obligations that it meets, and why".to_owned(),
            Self::Overbooked(_) => "choose another place or time, or ask for more".to_owned(),
            Self::UnknownCapacity(_) => "take in a report of the facility first: unknown is not free".to_owned(),
            Self::HoldLapsed(_) => "cancel the order and propose it again".to_owned(),
            Self::SameArea => "name another area".to_owned(),
            Self::NotLate { .. } => "what is not due yet carries over without a reason".to_owned(),
        }
    }
}
