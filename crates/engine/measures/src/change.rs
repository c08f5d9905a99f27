//! What happened to restrictions. A change that was decided can always be applied.

use crate::appeal::{AppealId, Decided, For};
use crate::gate::{Basis, Inspection, Way, WayId};
use crate::measure::MeasureId;
use crate::observed::ObservedMeasure;
use crate::terms::{Assessment, EvidenceItem, Household, Subject, Terms};
use jiff::Timestamp;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Why people are free for now, while services go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspendReason {
    /// A person said so.
    Decided,
    /// A way out is blocked.
    WayBlocked(WayId),
    /// Nobody inspected a way out for 72 hours: it is not shown to be open.
    InspectionOverdue(WayId),
    /// Urgent care was lost.
    UrgentCareLost,
    /// The person's household lacks a delivery for 24 hours.
    Unserved,
    /// The time of an override is over, and what it put off is still not there.
    OverrideOver,
}

/// Why a restriction is over before its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// A person ended it, or took a draft back.
    Decided,
    /// What it rested on is no longer so.
    GroundLapsed,
    /// An appeal was upheld.
    AppealUpheld,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Somebody proposed it. It binds nobody.
    Proposed {
        /// Which.
        id: MeasureId,
        /// Its terms.
        terms: Box<Terms>,
    },
    /// It was weighed; what the gate found before no longer counts.
    Assessed {
        /// Which.
        id: MeasureId,
        /// What was weighed.
        assessment: Box<Assessment>,
    },
    /// It passed the gate.
    Gated {
        /// Which.
        id: MeasureId,
        /// On what.
        basis: Box<Basis>,
        /// The ways out, as inspected.
        ways: Vec<Way>,
    },
    /// It is in force, for the first time or again after a suspension.
    Activated {
        /// Which.
        id: MeasureId,
        /// On what.
        basis: Box<Basis>,
        /// The ways out, as inspected.
        ways: Vec<Way>,
        /// The two who did it.
        by: [PersonId; 2],
        /// When.
        at: Timestamp,
    },
    /// What an override had put off is there.
    Completed {
        /// Which.
        id: MeasureId,
        /// On what.
        basis: Box<Basis>,
        /// The ways out, as inspected.
        ways: Vec<Way>,
    },
    /// People are free for now; services go on.
    Suspended {
        /// Which.
        id: MeasureId,
        /// Why.
        reason: SuspendReason,
        /// When.
        at: Timestamp,
    },
    /// A household is free until the restriction is over; services go on.
    HouseholdFreed {
        /// Which restriction.
        id: MeasureId,
        /// Which household.
        household: Household,
        /// When.
        at: Timestamp,
    },
    /// It goes on to a later end, on fresh evidence.
    Renewed {
        /// Which.
        id: MeasureId,
        /// The new end.
        end: Timestamp,
        /// The new review.
        review: Timestamp,
        /// The evidence.
        evidence: BTreeSet<EvidenceItem>,
        /// What was weighed.
        assessment: Box<Assessment>,
        /// On what it goes on.
        basis: Box<Basis>,
        /// The ways out, as inspected.
        ways: Vec<Way>,
        /// The two who did it.
        by: [PersonId; 2],
    },
    /// Somebody has to look at it, or has.
    ReviewFlag {
        /// Which.
        id: MeasureId,
        /// Whether it is open.
        open: bool,
    },
    /// Over before its end.
    Ended {
        /// Which.
        id: MeasureId,
        /// Why.
        reason: EndReason,
        /// When.
        at: Timestamp,
    },
    /// Its end came.
    Lapsed {
        /// Which.
        id: MeasureId,
        /// When it was over: its end, whenever this was noticed.
        at: Timestamp,
    },
    /// Somebody looked at a way out.
    Inspected {
        /// Which restriction.
        id: MeasureId,
        /// Which way.
        way: WayId,
        /// What was seen.
        seen: Inspection,
    },
    /// Urgent care is there again, or not.
    UrgentCare {
        /// Which restriction.
        id: MeasureId,
        /// Whether it is there.
        there: bool,
    },
    /// A household lacks a delivery that is due.
    Unserved {
        /// Which restriction.
        id: MeasureId,
        /// Which household.
        household: Household,
        /// Since when.
        since: Timestamp,
    },
    /// It was helped.
    Served {
        /// Which restriction.
        id: MeasureId,
        /// Which household.
        household: Household,
    },
    /// Somebody asks for review.
    Appealed {
        /// Which restriction.
        id: MeasureId,
        /// Which appeal.
        appeal: AppealId,
        /// Who, by pseudonym.
        by: Subject,
        /// For what.
        asks: For,
        /// When.
        at: Timestamp,
    },
    /// Nobody decided an appeal in time. Told once.
    AppealLate {
        /// Which restriction.
        id: MeasureId,
        /// Which appeal.
        appeal: AppealId,
    },
    /// An appeal was decided.
    AppealDecided {
        /// Which restriction.
        id: MeasureId,
        /// Which appeal.
        appeal: AppealId,
        /// How.
        decided: Decided,
    },
    /// Others did something. It stands as they did it.
    Observed(Box<ObservedMeasure>),
    /// A vehicle for urgent care was sent. Nothing stands before it.
    UrgentCareSent {
        /// For whom, by pseudonym.
        subject: Subject,
        /// When.
        at: Timestamp,
    },
}

impl Change {
    /// The restriction that it is about; none for what is about none.
    pub fn measure(&self) -> Option<MeasureId> {
        match self {
            Self::Proposed { id, .. }
            | Self::Assessed { id, .. }
            | Self::Gated { id, .. }
            | Self::Activated { id, .. }
            | Self::Completed { id, .. }
            | Self::Suspended { id, .. }
            | Self::HouseholdFreed { id, .. }
            | Self::Renewed { id, .. }
            | Self::ReviewFlag { id, .. }
            | Self::Ended { id, .. }
            | Self::Lapsed { id, .. }
            | Self::Inspected { id, .. }
            | Self::UrgentCare { id, .. }
            | Self::Unserved { id, .. }
            | Self::Served { id, .. }
            | Self::Appealed { id, .. }
            | Self::AppealLate { id, .. }
            | Self::AppealDecided { id, .. } => Some(*id),
            Self::Observed(_) | Self::UrgentCareSent { .. } => None,
        }
    }

    /// The pass that it rests on, where it rests on one.
    pub fn basis(&self) -> Option<&Basis> {
        match self {
            Self::Gated { basis, .. }
            | Self::Activated { basis, .. }
            | Self::Completed { basis, .. }
            | Self::Renewed { basis, .. } => Some(basis),
            _ => None,
        }
    }
}
