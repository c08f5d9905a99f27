//! What somebody asks of restrictions, and what was done.

use super::book::Book;
use super::proposal::Proposal;
use crate::event::Counted;
use crate::journal::Receipt;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_measures::{
    AppealId, Change, Deferrable, EvidenceItem, ExitKind, FieldReport, For, MeasureId, ObservedMeasure, Promise,
    Provider, Service, Subject, WayId,
};
use levee_model::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// What a restriction is expected to do, from an issued outlook.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Of what, such as `R` or `new infections a day`.
    pub what: String,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// The day of the outlook that it rests on.
    pub outlook: Date,
}

/// What somebody asks.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Draft a restriction.
    Propose(Box<Proposal>),
    /// Say how many it holds.
    Count {
        /// Which.
        id: MeasureId,
        /// How many.
        counted: Counted,
    },
    /// Judge it by the rulebook in force and weigh it.
    Assess {
        /// Which.
        id: MeasureId,
        /// The rulebook.
        book: Box<Book>,
        /// What it is expected to do; none = none known, and that is said.
        effect: Option<Effect>,
    },
    /// A provider says what it can give in all.
    Offer {
        /// Who.
        provider: Provider,
        /// What.
        service: Service,
        /// How much at once.
        units: u64,
    },
    /// A provider keeps something for it.
    Reserve {
        /// Which.
        id: MeasureId,
        /// What; none for `from` and `to`: from start to end.
        promise: Reserve,
    },
    /// A provider keeps it no longer.
    Withdraw {
        /// Which.
        id: MeasureId,
        /// Who.
        provider: Provider,
        /// What.
        service: Service,
    },
    /// Somebody looked at a way out; with its kind where it is named for the first time.
    Inspect {
        /// Which.
        id: MeasureId,
        /// Which way.
        way: WayId,
        /// Its kind, for a new one.
        kind: Option<ExitKind>,
        /// What was seen; none = it is only named.
        open: Option<bool>,
    },
    /// People were told.
    Notice {
        /// Which.
        id: MeasureId,
        /// Where, or by what.
        how: String,
        /// Where they can appeal.
        appeal_channel: Option<String>,
    },
    /// Run the gate.
    Gate(MeasureId),
    /// Run it with something put off.
    Override {
        /// Which.
        id: MeasureId,
        /// Until when.
        until: Timestamp,
        /// What, and who helps out.
        interim: BTreeMap<Deferrable, Provider>,
        /// The second person.
        second: PersonId,
    },
    /// Put it in force, or in force again.
    Activate {
        /// Which.
        id: MeasureId,
        /// The second person.
        second: PersonId,
    },
    /// What was put off is there.
    Complete(MeasureId),
    /// Free people for now.
    Suspend(MeasureId),
    /// Move its end, on fresh evidence.
    Renew {
        /// Which.
        id: MeasureId,
        /// The new end.
        end: Timestamp,
        /// The new review.
        review: Timestamp,
        /// The evidence.
        evidence: BTreeSet<EvidenceItem>,
        /// The rulebook.
        book: Box<Book>,
        /// The second person.
        second: PersonId,
    },
    /// Somebody looked at it, or should.
    Review {
        /// Which.
        id: MeasureId,
        /// Ask for a look.
        open: bool,
    },
    /// End it.
    End(MeasureId),
    /// Report from the field.
    Report {
        /// Which.
        id: MeasureId,
        /// What.
        report: FieldReport,
    },
    /// Ask for review.
    Appeal {
        /// Against which.
        id: MeasureId,
        /// Who, by pseudonym.
        by: Subject,
        /// For what.
        asks: For,
    },
    /// Decide an appeal.
    Decide {
        /// Which restriction.
        id: MeasureId,
        /// Which appeal.
        appeal: AppealId,
        /// Whether it is right.
        upheld: bool,
        /// Why.
        reason: String,
    },
    /// Record what others did. Its id is made here.
    Observe(Box<ObservedMeasure>),
    /// Send a vehicle for urgent care. Nothing is asked.
    UrgentCare {
        /// For whom, by pseudonym.
        subject: Subject,
    },
}

/// A promise, for as long as the restriction unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// What.
    pub service: Service,
    /// Who.
    pub provider: Provider,
    /// How much, in the unit of the service.
    pub reserved: u64,
    /// The vehicle; urgent care has one.
    pub vehicle: Option<String>,
    /// From when; none = its start.
    pub from: Option<Timestamp>,
    /// Until when; none = its end.
    pub to: Option<Timestamp>,
}

impl Reserve {
    pub(super) fn over(self, start: Timestamp, end: Timestamp) -> Promise {
        let Self { service, provider, reserved, vehicle, from, to } = self;
        Promise { service, provider, reserved, vehicle, from: from.unwrap_or(start), to: to.unwrap_or(end) }
    }
}

impl Ask {
    /// The restriction that it is about, where it is there already.
    pub(super) fn about(&self) -> Option<MeasureId> {
        match self {
            Self::Count { id, .. }
            | Self::Assess { id, .. }
            | Self::Reserve { id, .. }
            | Self::Withdraw { id, .. }
            | Self::Inspect { id, .. }
            | Self::Notice { id, .. }
            | Self::Gate(id)
            | Self::Override { id, .. }
            | Self::Activate { id, .. }
            | Self::Complete(id)
            | Self::Suspend(id)
            | Self::Renew { id, .. }
            | Self::Review { id, .. }
            | Self::End(id)
            | Self::Report { id, .. }
            | Self::Appeal { id, .. }
            | Self::Decide { id, .. } => Some(*id),
            Self::Propose(_) | Self::Offer { .. } | Self::Observe(_) | Self::UrgentCare { .. } => None,
        }
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Where it stands in the journal.
    pub receipt: Receipt,
    /// The restriction.
    pub id: Option<MeasureId>,
    /// The appeal.
    pub appeal: Option<AppealId>,
    /// What time brought to restrictions before the command was looked at.
    pub ticked: Vec<Change>,
    /// What changed.
    pub changes: Vec<Change>,
    /// Obligations opened by it.
    pub opened: u64,
    /// Obligations that became moot.
    pub closed: u64,
    /// Obligations that were met by it.
    pub met: u64,
    /// Why something that it would have met is still owed.
    pub unmet: Option<levee_ledger::Refusal>,
}
