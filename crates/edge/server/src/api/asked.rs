//! What can be asked of the ledger, as it comes over the wire.

use super::wire::Evidence;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::Said;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An obligation that a command is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    /// Which.
    pub(super) obligation: String,
    /// As the one who asks has seen it; another version is refused with 412. The header If-Match says it for a single command.
    pub(super) version: Option<u32>,
}

/// Who says that something is done or need not be.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SaidBy {
    /// Whoever sends the command.
    #[default]
    Actor,
    /// The one to whom it is owed.
    Recipient,
    /// A clinician.
    Clinician,
}

impl From<SaidBy> for Said {
    fn from(by: SaidBy) -> Self {
        match by {
            SaidBy::Actor => Self::Actor,
            SaidBy::Recipient => Self::Recipient,
            SaidBy::Clinician => Self::Clinician,
        }
    }
}

/// How something is closed without being done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Closed {
    /// Those to whom it is owed do not need it.
    Waived,
    /// It can no longer be done: it failed.
    Expired,
    /// It was never owed.
    Voided,
}

/// As what something was recorded.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Recorded {
    /// Done.
    Met,
    /// Excused.
    Waived,
    /// Failed.
    Expired,
    /// Never owed.
    Voided,
}

/// Something that is owed from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOwed {
    /// What.
    pub(super) kind: String,
    /// Where: the code of an area.
    pub(super) area: String,
    /// How many units; 1 where one is named.
    pub(super) units: Option<u64>,
    /// To whom, by pseudonym; never a name.
    pub(super) subject: Option<String>,
    /// What it follows from. Opened again on the same ground it is corrected to the new number.
    pub(super) ground: Option<String>,
    /// By when; left out where the kind has a rule.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) due: Option<Timestamp>,
    /// Whom it is given to at once.
    pub(super) owner: Option<String>,
    /// What only this kind says, as its catalogue has it.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    pub(super) fields: BTreeMap<String, Value>,
    /// A free text; it is kept encrypted, apart from the journal.
    pub(super) note: Option<String>,
    /// Invented for an exercise or a demonstration.
    #[serde(default)]
    pub(super) synthetic: bool,
}

/// Capacity that an order needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHold {
    /// Of what, such as `hospital-1:severe`.
    pub(super) resource: String,
    /// How many units.
    pub(super) units: u64,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub(super) from: Timestamp,
    /// Until when, not included.
    #[schema(value_type = String, format = DateTime)]
    pub(super) until: Timestamp,
    /// Unless it is used by then, it lapses; when the order is due where left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) confirm_by: Option<Timestamp>,
}

/// An order that is proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proposed {
    /// What it does: `transfer`, `deliver`, `inspect`.
    pub(super) action: String,
    /// Units that it is to meet, by obligation; one at least.
    pub(super) meets: BTreeMap<String, u64>,
    /// Why there is an order: `need`, `rule`, `forecast`, `request`, `directive`.
    pub(super) why: String,
    /// The need, rule, forecast or meeting that made it: an id or a clause.
    pub(super) rests_on: String,
    /// By when it is to be done.
    #[schema(value_type = String, format = DateTime)]
    pub(super) due: Timestamp,
    /// The capacity that it needs; held from when it is approved.
    #[serde(default)]
    pub(super) holds: Vec<NewHold>,
    /// Where; where its first obligation is, if left out.
    pub(super) area: Option<String>,
    /// The section that carries it out; that of its first obligation if left out.
    pub(super) section: Option<String>,
    /// Who carries it out.
    pub(super) by: Option<String>,
}

/// One command of the ledger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub(crate) enum Asked {
    /// Something is owed.
    Open(Box<NewOwed>),
    /// Those who were counted are known by pseudonym now.
    Name {
        /// Which counted obligation.
        what: About,
        /// Who they are, by pseudonym.
        subjects: Vec<String>,
    },
    /// It was recorded as closed, and is owed after all.
    Correct {
        /// Which.
        what: About,
        /// As what it was recorded.
        from: Recorded,
        /// How many units.
        units: u64,
        /// Why.
        reason: String,
    },
    /// Propose an order.
    ProposeOrder(Box<Proposed>),
    /// Approve an order; its capacity is held.
    ApproveOrder {
        /// Which.
        order: String,
        /// As the one who asks has seen it; another version is refused with 412.
        version: Option<u32>,
        /// How much there is of what nobody reports; of what is reported it can only lower the number (law 8).
        #[serde(default)]
        capacity: BTreeMap<String, u64>,
    },
    /// Give an approved order out; or dispatch at once what saves lives, which waits for no approval.
    IssueOrder {
        /// Which.
        order: String,
        /// For what saves lives: how much there is of what nobody reports.
        #[serde(default)]
        capacity: BTreeMap<String, u64>,
    },
    /// Give obligations to a person, or back to their post.
    Assign {
        /// Which.
        what: Vec<About>,
        /// To whom; left out = back to their post.
        to: Option<String>,
    },
    /// Somebody is at it.
    Begin {
        /// Which.
        what: About,
        /// How many units.
        units: u64,
    },
    /// It was done.
    Meet {
        /// Which.
        what: About,
        /// How many units.
        units: u64,
        /// In which way, where the catalogue tells ways apart.
        reason: Option<String>,
        /// Who says so.
        #[serde(default)]
        said: SaidBy,
        /// What proves it.
        #[serde(default)]
        evidence: Vec<Evidence>,
    },
    /// It is closed without being done.
    Close {
        /// Which.
        what: About,
        /// How.
        to: Closed,
        /// How many units.
        units: u64,
        /// Why, a code of the catalogue.
        reason: String,
        /// Who says so.
        #[serde(default)]
        said: SaidBy,
        /// What proves it.
        #[serde(default)]
        evidence: Vec<Evidence>,
    },
    /// It is owed in another area from now on.
    Transfer {
        /// Which.
        what: About,
        /// How many units.
        units: u64,
        /// The code of the area.
        to: String,
    },
    /// Say why something is still owed after a day, and who answers for it.
    Explain {
        /// Which.
        what: Vec<About>,
        /// For the settlement of which day.
        #[schema(value_type = String, format = Date)]
        day: Date,
        /// Why, a code of the catalogue.
        reason: String,
        /// Who answers for it.
        owner: String,
    },
    /// Take an issued order.
    AcceptOrder {
        /// Which.
        order: String,
    },
    /// An order is done; what it did not meet goes back to be owed.
    FinishOrder {
        /// Which.
        order: String,
        /// Units that were met, by obligation; left out = all that it promised.
        met: Option<BTreeMap<String, u64>>,
        /// In which way, where the catalogue tells ways apart.
        reason: Option<String>,
        /// What proves it.
        #[serde(default)]
        evidence: Vec<Evidence>,
    },
    /// An order cannot be done.
    FailOrder {
        /// Which.
        order: String,
        /// Why.
        reason: String,
    },
    /// Take an order back.
    CancelOrder {
        /// Which.
        order: String,
        /// Why.
        reason: String,
    },
}
