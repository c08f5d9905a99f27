//! One restriction, and the states that it can be in.

use crate::appeal::{Appeal, AppealId, For};
use crate::change::{Change, EndReason, SuspendReason};
use crate::gate::{Basis, Promise, Way};
use crate::terms::{Assessment, EvidenceItem, Household, Scope, Terms};
use crate::{INSPECTED_EVERY_HOURS, UNSERVED_HOURS, after};
use jiff::Timestamp;
use levee_model::ids::{BadId, EntityId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Identity of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MeasureId(pub EntityId);

impl std::str::FromStr for MeasureId {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        given.parse().map(Self)
    }
}

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a restriction stands, with what it needs to stand there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Proposed. It binds nobody.
    Draft,
    /// Weighed. It binds nobody.
    Assessed,
    /// Passed the gate. It binds nobody yet.
    Gated(Basis),
    /// In force, on one of two bases.
    Live(Basis),
    /// People are free; services go on.
    Suspended(SuspendReason),
    /// Over before its end.
    Ended(EndReason),
    /// Over because its end came.
    Lapsed,
}

/// Name of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names of the variants of `Phase`, documented there")]
pub enum PhaseName {
    Draft,
    Assessed,
    Gated,
    Live,
    Suspended,
    Ended,
    Lapsed,
}

impl PhaseName {
    /// All of them, in the order of life.
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Assessed, Self::Gated, Self::Live, Self::Suspended, Self::Ended, Self::Lapsed];

    /// The whole state machine. There is no other transition.
    pub fn may_become(self, next: Self) -> bool {
        use PhaseName::{Assessed, Draft, Ended, Gated, Lapsed, Live, Suspended};
        match next {
            Draft => false,
            // Weighed anew: what the gate found before no longer counts.
            Assessed => matches!(self, Draft | Gated),
            Gated => self == Assessed,
            Live => matches!(self, Gated | Suspended),
            Suspended => self == Live,
            Ended | Lapsed => !self.is_over(),
        }
    }

    /// Whether nothing can come after it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Lapsed)
    }

    /// Its message key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Assessed => "assessed",
            Self::Gated => "gated",
            Self::Live => "live",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
            Self::Lapsed => "lapsed",
        }
    }
}

impl fmt::Display for PhaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Phase {
    /// Its name.
    pub fn name(&self) -> PhaseName {
        match self {
            Self::Draft => PhaseName::Draft,
            Self::Assessed => PhaseName::Assessed,
            Self::Gated(_) => PhaseName::Gated,
            Self::Live(_) => PhaseName::Live,
            Self::Suspended(_) => PhaseName::Suspended,
            Self::Ended(_) => PhaseName::Ended,
            Self::Lapsed => PhaseName::Lapsed,
        }
    }
}

/// One restriction. It can be written to a row and read back as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    pub(crate) id: MeasureId,
    pub(crate) terms: Terms,
    pub(crate) assessment: Option<Assessment>,
    pub(crate) phase: Phase,
    /// The ways out, as last inspected.
    pub(crate) ways: Vec<Way>,
    pub(crate) urgent_care_lost: bool,
    pub(crate) review_open: bool,
    /// That the present review is due was said.
    pub(crate) review_told: bool,
    /// What is reserved for it; services go on while it is suspended.
    pub(crate) promises: Vec<Promise>,
    pub(crate) override_used: bool,
    /// Who activated or renewed it.
    pub(crate) activated_by: BTreeSet<PersonId>,
    /// Households without a delivery that was due, since when.
    pub(crate) unserved: BTreeMap<Household, Timestamp>,
    pub(crate) freed: BTreeSet<Household>,
    /// Everything that it ever rested on.
    pub(crate) evidence_used: BTreeSet<EvidenceItem>,
    pub(crate) appeals: BTreeMap<AppealId, Appeal>,
    pub(crate) over_at: Option<Timestamp>,
}

impl Measure {
    pub(crate) fn proposed(id: MeasureId, terms: Terms) -> Self {
        let evidence_used = terms.evidence.clone();
        Self {
            id,
            terms,
            assessment: None,
            phase: Phase::Draft,
            ways: Vec::new(),
            urgent_care_lost: false,
            review_open: false,
            review_told: false,
            promises: Vec::new(),
            override_used: false,
            activated_by: BTreeSet::new(),
            unserved: BTreeMap::new(),
            freed: BTreeSet::new(),
            evidence_used,
            appeals: BTreeMap::new(),
            over_at: None,
        }
    }

    /// Its id.
    pub fn id(&self) -> MeasureId {
        self.id
    }
    /// Its terms as they stand now, renewed ones included.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
    /// What was weighed.
    pub fn assessment(&self) -> Option<&Assessment> {
        self.assessment.as_ref()
    }
    /// Its phase as written down. Ask [`Self::binds`] whether it holds anybody.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }
    /// Whether somebody has to look at it.
    pub fn review_open(&self) -> bool {
        self.review_open
    }
    /// Whether its one override was used.
    pub fn override_used(&self) -> bool {
        self.override_used
    }
    /// Households that it no longer holds.
    pub fn freed(&self) -> &BTreeSet<Household> {
        &self.freed
    }
    /// Appeals against it.
    pub fn appeals(&self) -> &BTreeMap<AppealId, Appeal> {
        &self.appeals
    }
    /// The ways out, as last inspected.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }
    /// When it was over, if it was before or at its end.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.over_at
    }

    /// Whether it holds anybody at this moment, whether or not time was told to it: never before its start, from its end
    /// on, past an override, without urgent care,
    /// with a way out that is blocked or that nobody looked at for 72 hours.
    pub fn binds(&self, now: Timestamp) -> bool {
        match &self.phase {
            Phase::Live(basis) => {
                self.terms.start <= now
                    && now < self.terms.end
                    && basis.until().is_none_or(|until| now < until)
                    && self.overdue_way(now).is_none()
                    && !self.urgent_care_lost
                    && !(self.is_personal() && self.unserved.values().any(|since| after(*since, UNSERVED_HOURS) <= now))
            }
            _ => false,
        }
    }

    /// Whether it holds this household at this moment.
    pub fn binds_household(&self, household: &Household, now: Timestamp) -> bool {
        let unserved = self.unserved.get(household).is_some_and(|since| after(*since, UNSERVED_HOURS) <= now);
        self.binds(now) && !self.freed.contains(household) && !unserved
    }

    /// Whether it holds one person rather than an area.
    pub fn is_personal(&self) -> bool {
        matches!(self.terms.scope, Scope::Person { .. })
    }

    /// A way out that is not shown to be open: not inspected for 72 hours.
    pub(crate) fn overdue_way(&self, now: Timestamp) -> Option<&Way> {
        self.ways.iter().find(|way| {
            way.inspected.as_ref().is_none_or(|seen| after(seen.at, INSPECTED_EVERY_HOURS) <= now || !seen.open)
        })
    }

    /// Applies what happened to it. Total: there is nothing left to refuse, and what cannot follow changes nothing.
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::Proposed { .. } | Change::Observed(_) | Change::UrgentCareSent { .. } => {}
            Change::Assessed { assessment, .. } => {
                self.assessment = Some((**assessment).clone());
                self.promises.clear();
                // Weighed twice before any gate: the phase is what it was.
                if self.phase.name() != PhaseName::Assessed {
                    self.become_(Phase::Assessed);
                }
            }
            Change::Gated { basis, ways, .. } => {
                self.stand_on(basis, ways);
                self.become_(Phase::Gated((**basis).clone()));
            }
            Change::Activated { basis, ways, by, .. } => {
                self.stand_on(basis, ways);
                self.override_used |= matches!(**basis, Basis::Overridden(_));
                self.activated_by.extend(by.iter().cloned());
                self.urgent_care_lost = false;
                self.become_(Phase::Live((**basis).clone()));
            }
            Change::Completed { basis, ways, .. } => {
                self.stand_on(basis, ways);
                self.phase = Phase::Live((**basis).clone());
            }
            Change::Suspended { reason, .. } => self.become_(Phase::Suspended(reason.clone())),
            Change::HouseholdFreed { household, .. } => {
                self.freed.insert(household.clone());
            }
            Change::Renewed { end, review, evidence, assessment, basis, ways, by, .. } => {
                self.stand_on(basis, ways);
                self.phase = Phase::Live((**basis).clone());
                self.assessment = Some((**assessment).clone());
                self.review_told = false;
                (self.terms.end, self.terms.review) = (*end, *review);
                self.terms.evidence.clone_from(evidence);
                self.evidence_used.extend(evidence.iter().cloned());
                self.activated_by.extend(by.iter().cloned());
                self.review_open = false;
            }
            Change::ReviewFlag { open, .. } => {
                self.review_open = *open;
                self.review_told |= open;
            }
            Change::Ended { reason, at, .. } => {
                self.over_at = Some(*at);
                self.promises.clear();
                self.become_(Phase::Ended(reason.clone()));
            }
            Change::Lapsed { at, .. } => {
                self.over_at = Some(*at);
                self.promises.clear();
                self.become_(Phase::Lapsed);
            }
            Change::Inspected { way, seen, .. } => {
                for known in self.ways.iter_mut().filter(|known| known.id == *way) {
                    // A look reported late does not hide a later one.
                    if known.inspected.as_ref().is_none_or(|before| before.at <= seen.at) {
                        known.inspected = Some(seen.clone());
                    }
                }
            }
            Change::UrgentCare { there, .. } => self.urgent_care_lost = !there,
            Change::Unserved { household, since, .. } => {
                let known = self.unserved.entry(household.clone()).or_insert(*since);
                *known = (*known).min(*since);
            }
            Change::Served { household, .. } => {
                self.unserved.remove(household);
            }
            Change::Appealed { appeal, by, asks, at, .. } => {
                let (by, asks, opened) = (by.clone(), asks.clone(), *at);
                self.appeals.insert(*appeal, Appeal { by, asks, opened, decided: None, told_late: false });
            }
            Change::AppealLate { appeal, .. } => {
                if let Some(appeal) = self.appeals.get_mut(appeal) {
                    appeal.told_late = true;
                }
            }
            Change::AppealDecided { appeal, decided, .. } => {
                if let Some(appeal) = self.appeals.get_mut(appeal) {
                    if let (true, For::Household(household)) = (decided.upheld, &appeal.asks) {
                        self.freed.insert(household.clone());
                    }
                    appeal.decided = Some(decided.clone());
                }
            }
        }
    }

    fn stand_on(&mut self, basis: &Basis, ways: &[Way]) {
        self.ways = ways.to_vec();
        self.promises = basis.promises().to_vec();
    }

    fn become_(&mut self, next: Phase) {
        debug_assert!(self.phase.name().may_become(next.name()), "{} > {}", self.phase.name(), next.name());
        self.phase = next;
    }
}
