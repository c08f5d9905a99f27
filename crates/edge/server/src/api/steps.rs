//! The steps of a restriction, as they come over the wire.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What something is expected to do, from an issued outlook.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// Of what, such as `R` or `new infections a day`.
    pub(super) what: String,
    /// Lower end of its interval.
    pub(super) low: f64,
    /// Upper end of its interval.
    pub(super) high: f64,
    /// The day of the outlook that it rests on.
    #[schema(value_type = String, format = Date)]
    pub(super) outlook: Date,
}

/// A report on which something rests.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    /// Which.
    pub(super) report: String,
    /// When that was so.
    #[schema(value_type = String, format = DateTime)]
    pub(super) occurred: Timestamp,
}

/// The kind of a way out.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WayKind {
    /// A way on which people leave.
    Exit,
    /// A way on which help comes.
    FireLane,
}

/// What was seen in the field.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "what", deny_unknown_fields)]
pub(crate) enum SeenThere {
    /// Urgent care can no longer be had.
    UrgentCareLost,
    /// It can again.
    UrgentCareBack,
    /// A household lacks a delivery that was due.
    Unserved {
        /// Which, by pseudonym.
        household: String,
        /// Since when.
        #[schema(value_type = String, format = DateTime)]
        since: Timestamp,
    },
    /// Help for it is confirmed.
    Served {
        /// Which, by pseudonym.
        household: String,
    },
    /// What the restriction rests on is no longer so.
    GroundLapsed,
}

/// A step of a restriction.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub(crate) enum Step {
    /// Say how many it holds: `persons`, `households`, and the services that not everybody needs.
    Count {
        /// How many, by name.
        people: BTreeMap<String, u64>,
    },
    /// Judge it by a rulebook and weigh it.
    Assess {
        /// The text of a rulebook; the city's own where left out.
        rulebook: Option<String>,
        /// What it is expected to do; left out = none known, and that is said.
        effect: Option<Expected>,
    },
    /// A provider keeps something for it.
    Reserve {
        /// What: `food`, `medicine`, `water`, `urgent_care` and others.
        service: String,
        /// Who.
        provider: String,
        /// How much, in the unit of the service.
        units: u64,
        /// The vehicle; urgent care has one.
        vehicle: Option<String>,
        /// From when; its start where left out.
        #[schema(value_type = Option<String>, format = DateTime)]
        from: Option<Timestamp>,
        /// Until when; its end where left out.
        #[schema(value_type = Option<String>, format = DateTime)]
        to: Option<Timestamp>,
    },
    /// A provider keeps it no longer.
    Withdraw {
        /// What.
        service: String,
        /// Who.
        provider: String,
    },
    /// Somebody looked at a way out.
    Inspect {
        /// Which.
        way: String,
        /// Its kind, where it is named for the first time.
        kind: Option<WayKind>,
        /// What was seen; left out = it is only named.
        open: Option<bool>,
    },
    /// People were told.
    Notice {
        /// Where, or by what.
        how: String,
        /// Where they can appeal.
        appeal_channel: Option<String>,
    },
    /// Run the gate.
    Gate,
    /// Run it with food, medicine, water or notice put off. Waits for the second person.
    Override {
        /// Until when, 24 h at most.
        #[schema(value_type = String, format = DateTime)]
        until: Timestamp,
        /// What is put off, and who helps out.
        interim: BTreeMap<String, String>,
        /// The second person.
        second: String,
    },
    /// Put it in force, or in force again. Waits for the second person.
    Activate {
        /// The second person.
        second: String,
    },
    /// What was put off is there.
    Complete,
    /// Free people for now.
    Suspend,
    /// Move its end, on fresh evidence. Waits for the second person.
    Renew {
        /// The new end.
        #[schema(value_type = String, format = DateTime)]
        end: Timestamp,
        /// The new review.
        #[schema(value_type = String, format = DateTime)]
        review: Timestamp,
        /// The evidence.
        evidence: Vec<Report>,
        /// The text of a rulebook; the city's own where left out.
        rulebook: Option<String>,
        /// The second person.
        second: String,
    },
    /// Somebody looked at it; or should.
    Review {
        /// Ask for a look.
        open: bool,
    },
    /// End it.
    End,
    /// Report from the field.
    Report {
        /// What was seen.
        seen: SeenThere,
    },
    /// Ask for review.
    Appeal {
        /// Who, by pseudonym.
        by: String,
        /// For one household; left out = that it ends.
        household: Option<String>,
    },
    /// Decide an appeal.
    Decide {
        /// Which appeal.
        appeal: String,
        /// Whether it is right.
        upheld: bool,
        /// Why.
        reason: String,
    },
}

impl Step {
    /// The person without whom it is not done.
    pub(super) fn second(&self) -> Option<&str> {
        match self {
            Self::Override { second, .. } | Self::Activate { second } | Self::Renew { second, .. } => Some(second),
            _ => None,
        }
    }
}
