//! What was done outside Levee: always recorded, judged and flagged, never gated.

use crate::measure::MeasureId;
use crate::service::Service;
use jiff::Timestamp;
use levee_model::area::PlaceCode;
use levee_rulebook::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What speaks against an observed measure. A flag stops nothing: it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// The rulebook blocks it.
    Blocked,
    /// Stricter than the rulebook allows.
    Stricter,
    /// Laxer than the rulebook asks.
    Laxer,
    /// A human has to say.
    Undetermined,
    /// It was not judged.
    NotJudged,
    /// No end is known.
    NoEnd,
    /// It goes on after its end.
    PastItsEnd,
    /// Nobody reported that this service is there.
    NoService(Service),
    /// Nobody reported that the exits are open.
    ExitsNotShown,
}

/// A measure that somebody else decided. Whatever is not known is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservedMeasure {
    /// Its id in Levee.
    pub id: MeasureId,
    /// Where.
    pub area: PlaceCode,
    /// What was done, in the words of the report.
    pub what: String,
    /// The report.
    pub report: String,
    /// Since when, as reported.
    pub since: Option<Timestamp>,
    /// Until when, as announced.
    pub end: Option<Timestamp>,
    /// Seen in force for the last time.
    pub last_seen: Timestamp,
    /// Services that were reported to be there.
    pub services: BTreeSet<Service>,
    /// Whether the exits were reported open.
    pub exits_open: Option<bool>,
    /// What the rulebook says of it.
    #[serde(with = "crate::told::verdict_if_any")]
    pub verdict: Option<Verdict>,
}

impl ObservedMeasure {
    /// What speaks against it, in a fixed order.
    pub fn flags(&self) -> BTreeSet<Flag> {
        let mut flags = BTreeSet::new();
        match self.verdict {
            None => flags.insert(Flag::NotJudged),
            Some(Verdict::Blocked) => flags.insert(Flag::Blocked),
            Some(Verdict::Stricter) => flags.insert(Flag::Stricter),
            Some(Verdict::Laxer) => flags.insert(Flag::Laxer),
            Some(Verdict::Undetermined) => flags.insert(Flag::Undetermined),
            Some(Verdict::Within | Verdict::NotCovered) => false,
        };
        match self.end {
            None => flags.insert(Flag::NoEnd),
            Some(end) if end <= self.last_seen => flags.insert(Flag::PastItsEnd),
            Some(_) => false,
        };
        flags.extend(Service::ALL.into_iter().filter(|one| !self.services.contains(one)).map(Flag::NoService));
        if self.exits_open != Some(true) {
            flags.insert(Flag::ExitsNotShown);
        }
        flags
    }
}
