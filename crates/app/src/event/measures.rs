//! What happens to restrictions, and what is recorded for their gate.

use crate::blob::BlobRef;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::{AreaPath, ObligationId};
use levee_measures::{
    Change, Demand, ExitKind, GateFacts, Inspection, MeasureId, Notice, Promise, Provider, Service, WayId,
};
use serde::{Deserialize, Serialize};

/// Restrictions changed.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuresChanged {
    /// What changed, in order.
    pub changes: Vec<Change>,
    /// The facts on which the gate ran, where a change rests on a pass: in the commit the gate runs again over them.
    pub gate: Option<Box<GateFacts>>,
}

/// Something that a restriction needs to be judged, gated or kept was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureRecorded {
    /// Of which restriction.
    pub id: MeasureId,
    /// What.
    pub what: Recorded,
}

/// What was recorded of a restriction beside its life.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// What its proposal said in words, and where it lies.
    Sheet(Sheet),
    /// How many it holds.
    Counted(Counted),
    /// A provider keeps so much for it. The same provider, service and time again replaces what it kept.
    Reserved(Promise),
    /// A provider keeps a service for it no longer.
    Withdrawn {
        /// Who.
        provider: Provider,
        /// What.
        service: Service,
    },
    /// A way out that its people depend on.
    Way {
        /// Its name.
        id: WayId,
        /// Its kind.
        kind: ExitKind,
    },
    /// Somebody looked at a way out.
    Seen {
        /// Which.
        way: WayId,
        /// What was seen.
        seen: Inspection,
    },
    /// People were told.
    Notice(Notice),
    /// Where people can appeal.
    AppealChannel(String),
    /// What the rulebook said.
    Judged(Judged),
    /// What is owed because of it.
    Obliged(Vec<Obliged>),
}

/// A proposal in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The area that the city knows and in which it lies.
    pub path: AreaPath,
    /// The words of the proposal, in the blob store.
    pub text: BlobRef,
    /// Days on which its people are offered a test, from 1 = the first day.
    pub tests_on: Vec<u16>,
}

/// How many a restriction holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Who needs what.
    pub demand: Demand,
    /// Households; 1 for a person.
    pub households: u64,
}

/// What the rulebook said of a restriction on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The rulebook.
    pub book: String,
    /// Its text as it was judged by, in the blob store.
    pub text: BlobRef,
    /// The day whose rules were used.
    pub day: Date,
    /// The rules that the verdict rests on.
    pub rules: Vec<String>,
    /// Gates of the book that are not shown to be open: rule and check.
    pub shut: Vec<(String, String)>,
    /// What the book obliges to while the restriction is in force.
    pub duties: Vec<Duty>,
}

/// Something that the book obliges to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The rule.
    pub rule: String,
    /// Its name within the rule.
    pub id: String,
    /// Due so long after the start, minutes.
    pub due_minutes: i64,
}

/// Why something is owed under a restriction, and with that: until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owes {
    /// A service, day by day; goes on while people are free for now.
    Service,
    /// A test; nobody is asked for it while people are free.
    Test,
    /// An exit is looked at.
    Inspection,
    /// What a rule of the book names.
    Rule,
    /// People are released, and are told.
    Release,
    /// An appeal is answered.
    Appeal,
}

/// Something that is owed under a restriction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obliged {
    /// The obligation.
    pub obligation: ObligationId,
    /// Why.
    pub owes: Owes,
    /// By when.
    pub due: Timestamp,
}

/// A provider said how much of a service it can give in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceOffered {
    /// Who.
    pub provider: Provider,
    /// What.
    pub service: Service,
    /// How much at once, over all restrictions, in the unit of the service.
    pub units: u64,
}

/// The city goes by a rulebook, for measures that start on a day or later, until another is kept for a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulebookKept {
    /// Its id.
    pub book: String,
    /// Its text, in the blob store; with that, its digest.
    pub text: BlobRef,
    /// The first day on which it holds.
    pub from: Date,
}
