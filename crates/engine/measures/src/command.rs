//! What people, reports and time bring.

use crate::appeal::{AppealId, For};
use crate::gate::{Deferrable, GateFacts, Inspection, WayId};
use crate::measure::MeasureId;
use crate::observed::ObservedMeasure;
use crate::service::Provider;
use crate::terms::{Assessment, EvidenceItem, Household, Subject, Terms};
use jiff::Timestamp;
use levee_model::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// What is seen in the field. Always taken, in any phase.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldReport {
    /// A way out was looked at.
    Inspected {
        /// Which.
        way: WayId,
        /// What was seen.
        seen: Inspection,
    },
    /// Urgent care can no longer be had.
    UrgentCareLost,
    /// It can again.
    UrgentCareBack,
    /// A household lacks a delivery that was due.
    Unserved {
        /// Which.
        household: Household,
        /// Since when.
        since: Timestamp,
    },
    /// Help for it is confirmed.
    Served {
        /// Which.
        household: Household,
    },
    /// What the restriction rests on is no longer so.
    GroundLapsed,
}

/// What somebody wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Draft a restriction.
    Propose {
        /// Its id.
        id: MeasureId,
        /// Its terms.
        terms: Box<Terms>,
    },
    /// Say what was weighed.
    Assess {
        /// Which.
        id: MeasureId,
        /// What.
        assessment: Box<Assessment>,
    },
    /// Run the gate.
    Gate {
        /// Which.
        id: MeasureId,
        /// What is known.
        facts: Box<GateFacts>,
    },
    /// Run the gate with something put off, once, by two people, with somebody who helps out.
    Override {
        /// Which.
        id: MeasureId,
        /// What is known.
        facts: Box<GateFacts>,
        /// Until when; at most 24 hours from now.
        until: Timestamp,
        /// What is put off, and who helps out.
        interim: BTreeMap<Deferrable, Provider>,
        /// The second person.
        second: PersonId,
    },
    /// Put a gated restriction in force, or a suspended one in force again. The gate runs again.
    Activate {
        /// Which.
        id: MeasureId,
        /// What is known.
        facts: Box<GateFacts>,
        /// The second person.
        second: PersonId,
    },
    /// What an override had put off is there: run the whole gate.
    Complete {
        /// Which.
        id: MeasureId,
        /// What is known.
        facts: Box<GateFacts>,
    },
    /// Free people for now.
    Suspend {
        /// Which.
        id: MeasureId,
    },
    /// Move the end, on fresh evidence.
    Renew {
        /// Which.
        id: MeasureId,
        /// The new end.
        end: Timestamp,
        /// The new review.
        review: Timestamp,
        /// Evidence that the restriction did not rest on before, of a later time.
        evidence: BTreeSet<EvidenceItem>,
        /// What is known: the services must last to the new end, and the gate runs again.
        facts: Box<GateFacts>,
        /// What was weighed, the rulebook's word on going on included.
        assessment: Box<Assessment>,
        /// The second person.
        second: PersonId,
    },
    /// Say that somebody looked at it and it goes on as it is, or ask that somebody look.
    Review {
        /// Which.
        id: MeasureId,
        /// Ask for a look.
        open: bool,
    },
    /// End it, or take a draft back.
    End {
        /// Which.
        id: MeasureId,
    },
    /// Report from the field.
    Report {
        /// Which restriction.
        id: MeasureId,
        /// What.
        report: FieldReport,
    },
    /// Ask for review.
    Appeal {
        /// Which restriction.
        id: MeasureId,
        /// Id of the appeal.
        appeal: AppealId,
        /// Who, by pseudonym.
        by: Subject,
        /// For what.
        asks: For,
    },
    /// Decide an appeal.
    DecideAppeal {
        /// Which restriction.
        id: MeasureId,
        /// Which appeal.
        appeal: AppealId,
        /// Whether it is right.
        upheld: bool,
        /// Why.
        reason: String,
    },
    /// Record what others did.
    Observe(Box<ObservedMeasure>),
    /// Send a vehicle for urgent care. Never refused: no zone, test, signature, capacity or state is asked for.
    SendUrgentCare {
        /// For whom, by pseudonym.
        subject: Subject,
    },
    /// Do what time alone brings, for every restriction. It only ever loosens.
    Tick,
}
