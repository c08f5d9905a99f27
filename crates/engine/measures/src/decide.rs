//! What a command means, or why it is refused; and what time brings.

use crate::appeal::{AppealId, Decided, For};
use crate::change::{Change, EndReason, SuspendReason};
use crate::command::{Command, FieldReport};
use crate::gate::{self, AtGate, Basis, Deferrable, GateFacts, Lack, Promise};
use crate::measure::{Measure, MeasureId, Phase, PhaseName};
use crate::observed::ObservedMeasure;
use crate::refusal::Refusal;
use crate::service::Provider;
use crate::terms::{Assessment, EvidenceItem, Terms};
use crate::{OVERRIDE_HOURS, UNSERVED_HOURS, after};
use jiff::Timestamp;
use levee_model::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// When it is.
    pub now: Timestamp,
    /// Who; none = Levee itself, which may record and loosen and nothing else.
    pub actor: Option<&'a PersonId>,
}

/// All restrictions of a city, and what others did there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    all: BTreeMap<MeasureId, Measure>,
    observed: BTreeMap<MeasureId, ObservedMeasure>,
    appeals_upheld: u64,
    appeals_late: u64,
    urgent_care_sent: u64,
}

impl Measures {
    /// One restriction.
    pub fn measure(&self, id: &MeasureId) -> Option<&Measure> {
        self.all.get(id)
    }
    /// All restrictions, by id.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.all.values()
    }
    /// What others did, by id.
    pub fn observed(&self) -> impl Iterator<Item = &ObservedMeasure> {
        self.observed.values()
    }
    /// Appeals that were upheld.
    pub fn appeals_upheld(&self) -> u64 {
        self.appeals_upheld
    }
    /// Appeals that were not decided in time.
    pub fn appeals_late(&self) -> u64 {
        self.appeals_late
    }
    /// Vehicles that were sent for urgent care.
    pub fn urgent_care_sent(&self) -> u64 {
        self.urgent_care_sent
    }

    /// Takes a restriction as a store kept it.
    pub fn take(&mut self, measure: Measure) {
        self.all.insert(measure.id, measure);
    }
    /// Takes what others did as a store kept it.
    pub fn take_observed(&mut self, observed: ObservedMeasure) {
        self.observed.insert(observed.id, observed);
    }

    /// Decides what a command means at `acting.now`. Reads, changes nothing, touches no clock.
    ///
    /// What time alone brings to the measure comes first, so that nothing is renewed that is over.
    pub fn decide(&self, acting: &Acting<'_>, command: Command) -> Result<Vec<Change>, Refusal> {
        let now = acting.now;
        match command {
            Command::SendUrgentCare { subject } => Ok(vec![Change::UrgentCareSent { subject, at: now }]),
            Command::Tick => Ok(self.all.values().flat_map(|measure| due(measure, now)).collect()),
            Command::Observe(observed) if self.all.contains_key(&observed.id) => Err(Refusal::NotObserved(observed.id)),
            Command::Observe(observed) => Ok(vec![Change::Observed(observed)]),
            Command::Propose { id, terms } => {
                person(acting)?;
                if self.all.contains_key(&id) || self.observed.contains_key(&id) {
                    return Err(Refusal::Exists(id));
                }
                Ok(vec![Change::Proposed { id, terms }])
            }
            Command::Assess { id, assessment } => self.draft(acting, id)?.assess(assessment),
            Command::Gate { id, facts } => self.draft(acting, id)?.gate(*facts),
            Command::Override { id, facts, until, interim, second } => {
                self.draft(acting, id)?.override_(*facts, until, &interim, second)
            }
            Command::Activate { id, facts, second } => self.draft(acting, id)?.activate(*facts, second),
            Command::Complete { id, facts } => self.draft(acting, id)?.complete(*facts),
            Command::Suspend { id } => self.draft(acting, id)?.suspend(),
            Command::Renew { id, end, review, evidence, facts, assessment, second } => {
                self.draft(acting, id)?.renew((review, end), evidence, *facts, assessment, second)
            }
            Command::Review { id, open } => {
                let mut draft = self.draft(acting, id)?;
                draft.person()?;
                draft.wants(&[PhaseName::Live, PhaseName::Suspended], "only what is live or suspended is reviewed")?;
                draft.push(Change::ReviewFlag { id, open });
                Ok(draft.changes)
            }
            Command::End { id } => {
                let mut draft = self.draft(acting, id)?;
                draft.person()?;
                draft.wants(&PhaseName::ALL[..5], "it is over already")?;
                draft.push(Change::Ended { id, reason: EndReason::Decided, at: now });
                Ok(draft.changes)
            }
            Command::Report { id, report } => Ok(self.draft(acting, id)?.report(report)),
            Command::Appeal { id, appeal, by, asks } => {
                let mut draft = self.draft(acting, id)?;
                draft.wants(&[PhaseName::Live, PhaseName::Suspended], "only what holds people is appealed against")?;
                if self.all.values().any(|measure| measure.appeals.contains_key(&appeal)) {
                    return Err(Refusal::AppealExists(appeal));
                }
                draft.push(Change::Appealed { id, appeal, by, asks, at: now });
                Ok(draft.changes)
            }
            Command::DecideAppeal { id, appeal, upheld, reason } => {
                self.draft(acting, id)?.decide_appeal(appeal, upheld, reason)
            }
        }
    }

    /// Applies something that has happened. Total.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Proposed { id, terms } => {
                self.all.insert(*id, Measure::proposed(*id, Terms::clone(terms)));
            }
            Change::Observed(observed) => {
                self.observed.insert(observed.id, ObservedMeasure::clone(observed));
            }
            Change::UrgentCareSent { .. } => self.urgent_care_sent = self.urgent_care_sent.saturating_add(1),
            Change::Assessed { id, .. }
            | Change::Gated { id, .. }
            | Change::Activated { id, .. }
            | Change::Completed { id, .. }
            | Change::Suspended { id, .. }
            | Change::HouseholdFreed { id, .. }
            | Change::Renewed { id, .. }
            | Change::ReviewFlag { id, .. }
            | Change::Ended { id, .. }
            | Change::Lapsed { id, .. }
            | Change::Inspected { id, .. }
            | Change::UrgentCare { id, .. }
            | Change::Unserved { id, .. }
            | Change::Served { id, .. }
            | Change::Appealed { id, .. } => {
                if let Some(measure) = self.all.get_mut(id) {
                    measure.apply(change);
                }
            }
            Change::AppealLate { id, .. } => {
                self.appeals_late = self.appeals_late.saturating_add(1);
                if let Some(measure) = self.all.get_mut(id) {
                    measure.apply(change);
                }
            }
            Change::AppealDecided { id, decided, .. } => {
                self.appeals_upheld = self.appeals_upheld.saturating_add(u64::from(decided.upheld));
                if let Some(measure) = self.all.get_mut(id) {
                    measure.apply(change);
                }
            }
        }
    }

    /// The measure as it stands now, time included.
    fn draft<'m>(&'m self, acting: &'m Acting<'m>, id: MeasureId) -> Result<Draft<'m>, Refusal> {
        let measure = self.all.get(&id).cloned().ok_or(Refusal::Unknown(id))?;
        let mut draft = Draft { all: self, acting, measure, changes: Vec::new() };
        draft.catch_up();
        Ok(draft)
    }

    /// What every restriction that is not over relies on.
    pub(crate) fn promises(&self) -> Vec<(MeasureId, Promise)> {
        let each = |measure: &Measure| -> Vec<(MeasureId, Promise)> {
            measure.promises.iter().map(|promise| (measure.id, promise.clone())).collect()
        };
        self.all.values().flat_map(each).collect()
    }
}

fn person<'a>(acting: &Acting<'a>) -> Result<&'a PersonId, Refusal> {
    acting.actor.ok_or(Refusal::NeedsAPerson)
}

/// What time, and what was reported, bring to a restriction. It only ever loosens: suspends, frees, ends, tells.
fn due(measure: &Measure, now: Timestamp) -> Vec<Change> {
    let id = measure.id;
    let mut changes = Vec::new();
    let over = measure.phase.name().is_over();
    if !over && measure.terms.end <= now {
        changes.push(Change::Lapsed { id, at: measure.terms.end });
    } else if let Phase::Live(basis) = &measure.phase {
        let unserved = || measure.unserved.iter().filter(|(_, since)| after(**since, UNSERVED_HOURS) <= now);
        let personal = measure.is_personal();
        let reason = if let Some(way) = measure.overdue_way(now) {
            match &way.inspected {
                Some(seen) if !seen.open => Some(SuspendReason::WayBlocked(way.id.clone())),
                _ => Some(SuspendReason::InspectionOverdue(way.id.clone())),
            }
        } else if measure.urgent_care_lost {
            Some(SuspendReason::UrgentCareLost)
        } else if basis.until().is_some_and(|until| until <= now) {
            Some(SuspendReason::OverrideOver)
        } else if personal && unserved().next().is_some() {
            Some(SuspendReason::Unserved)
        } else {
            None
        };
        changes.extend(reason.map(|reason| Change::Suspended { id, reason, at: now }));
        let free = unserved().filter(|(household, _)| !personal && !measure.freed.contains(household));
        changes.extend(free.map(|(household, _)| Change::HouseholdFreed { id, household: household.clone(), at: now }));
    }
    let reviewed = matches!(measure.phase.name(), PhaseName::Live | PhaseName::Suspended);
    if reviewed && measure.terms.review <= now && now < measure.terms.end && !measure.review_told {
        changes.push(Change::ReviewFlag { id, open: true });
    }
    let late =
        measure.appeals.iter().filter(|(_, appeal)| appeal.decided.is_none() && !appeal.told_late && appeal.late(now));
    changes.extend(late.map(|(appeal, _)| Change::AppealLate { id, appeal: *appeal }));
    changes
}

/// A command in the making: the measure as it would stand.
struct Draft<'m> {
    all: &'m Measures,
    acting: &'m Acting<'m>,
    measure: Measure,
    changes: Vec<Change>,
}

impl Draft<'_> {
    fn push(&mut self, change: Change) {
        self.measure.apply(&change);
        self.changes.push(change);
    }

    fn catch_up(&mut self) {
        for change in due(&self.measure, self.acting.now) {
            self.push(change);
        }
    }

    fn person(&self) -> Result<&PersonId, Refusal> {
        person(self.acting)
    }

    fn two(&self, second: PersonId) -> Result<[PersonId; 2], Refusal> {
        let first = self.person()?.clone();
        if first == second { Err(Refusal::SamePerson(second)) } else { Ok([first, second]) }
    }

    fn wants(&self, phases: &[PhaseName], asked: &'static str) -> Result<(), Refusal> {
        let is = self.measure.phase.name();
        if phases.contains(&is) { Ok(()) } else { Err(Refusal::WrongPhase { id: self.measure.id, is, asked }) }
    }

    fn shut(&self, lacks: BTreeSet<Lack>) -> Refusal {
        Refusal::GateShut { id: self.measure.id, lacks }
    }

    fn whole_gate(&self, facts: &GateFacts, terms: &Terms, assessment: Option<&Assessment>) -> Result<Basis, Refusal> {
        let elsewhere = self.all.promises();
        let at = AtGate { id: self.measure.id, terms, assessment, elsewhere: &elsewhere, now: self.acting.now };
        gate::run(&at, facts).map(Basis::Gated).map_err(|lacks| self.shut(lacks))
    }

    fn overridden_gate(
        &self,
        facts: &GateFacts,
        until: Timestamp,
        by: [PersonId; 2],
        interim: &BTreeMap<Deferrable, Provider>,
    ) -> Result<Basis, Refusal> {
        let elsewhere = self.all.promises();
        let (terms, assessment) = (&self.measure.terms, self.measure.assessment.as_ref());
        let at = AtGate { id: self.measure.id, terms, assessment, elsewhere: &elsewhere, now: self.acting.now };
        gate::run_overridden(&at, facts, until, by, interim).map(Basis::Overridden).map_err(|lacks| self.shut(lacks))
    }

    fn assess(mut self, assessment: Box<Assessment>) -> Result<Vec<Change>, Refusal> {
        self.person()?;
        self.wants(&[PhaseName::Draft, PhaseName::Assessed, PhaseName::Gated], "only what was never live is assessed")?;
        self.push(Change::Assessed { id: self.measure.id, assessment });
        Ok(self.changes)
    }

    fn gate(mut self, facts: GateFacts) -> Result<Vec<Change>, Refusal> {
        self.person()?;
        self.wants(&[PhaseName::Assessed], "assess it first; what is gated is activated, which runs the gate again")?;
        let basis = self.whole_gate(&facts, &self.measure.terms, self.measure.assessment.as_ref())?;
        self.push(Change::Gated { id: self.measure.id, basis: Box::new(basis), ways: facts.ways });
        Ok(self.changes)
    }

    fn override_(
        mut self,
        facts: GateFacts,
        until: Timestamp,
        interim: &BTreeMap<Deferrable, Provider>,
        second: PersonId,
    ) -> Result<Vec<Change>, Refusal> {
        let by = self.two(second)?;
        self.wants(&[PhaseName::Assessed], "assess it first; only what was never live is overridden")?;
        if self.measure.override_used {
            return Err(Refusal::OverrideUsed(self.measure.id));
        }
        if interim.is_empty() {
            return Err(Refusal::NothingDeferred);
        }
        let most = after(self.acting.now, OVERRIDE_HOURS);
        if until > most || until <= self.acting.now {
            return Err(Refusal::OverrideTooLong { until, most });
        }
        let basis = self.overridden_gate(&facts, until, by, interim)?;
        self.push(Change::Gated { id: self.measure.id, basis: Box::new(basis), ways: facts.ways });
        Ok(self.changes)
    }

    fn activate(mut self, facts: GateFacts, second: PersonId) -> Result<Vec<Change>, Refusal> {
        let by = self.two(second)?;
        let basis = match &self.measure.phase {
            Phase::Gated(Basis::Overridden(pass)) if pass.until() <= self.acting.now => {
                let most = after(self.acting.now, OVERRIDE_HOURS);
                return Err(Refusal::OverrideTooLong { until: pass.until(), most });
            }
            Phase::Gated(Basis::Overridden(pass)) => {
                let (until, by, interim) = (pass.until(), pass.by().clone(), pass.interim().clone());
                self.overridden_gate(&facts, until, by, &interim)?
            }
            _ => {
                self.wants(&[PhaseName::Gated, PhaseName::Suspended], "run the gate first")?;
                self.whole_gate(&facts, &self.measure.terms, self.measure.assessment.as_ref())?
            }
        };
        let (id, at) = (self.measure.id, self.acting.now);
        self.push(Change::Activated { id, basis: Box::new(basis), ways: facts.ways, by, at });
        Ok(self.changes)
    }

    fn complete(mut self, facts: GateFacts) -> Result<Vec<Change>, Refusal> {
        self.person()?;
        if !matches!(self.measure.phase, Phase::Live(Basis::Overridden(_))) {
            let (id, is) = (self.measure.id, self.measure.phase.name());
            return Err(Refusal::WrongPhase { id, is, asked: "only what is live by an override is completed" });
        }
        let basis = self.whole_gate(&facts, &self.measure.terms, self.measure.assessment.as_ref())?;
        self.push(Change::Completed { id: self.measure.id, basis: Box::new(basis), ways: facts.ways });
        Ok(self.changes)
    }

    fn suspend(mut self) -> Result<Vec<Change>, Refusal> {
        self.person()?;
        self.wants(&[PhaseName::Live], "only what is live is suspended")?;
        let (id, at) = (self.measure.id, self.acting.now);
        self.push(Change::Suspended { id, reason: SuspendReason::Decided, at });
        Ok(self.changes)
    }

    fn renew(
        mut self,
        (review, end): (Timestamp, Timestamp),
        evidence: BTreeSet<EvidenceItem>,
        facts: GateFacts,
        assessment: Box<Assessment>,
        second: PersonId,
    ) -> Result<Vec<Change>, Refusal> {
        let by = self.two(second)?;
        self.wants(&[PhaseName::Live], "only what is live is renewed; what is over is proposed anew")?;
        let now = self.acting.now;
        if evidence.is_empty() {
            return Err(Refusal::NoEvidence);
        }
        let newest = self.measure.evidence_used.iter().map(|item| item.occurred).max();
        let stale = evidence.iter().find(|item| {
            let known = self.measure.evidence_used.iter().any(|used| used.report == item.report);
            known || item.occurred > now || newest.is_some_and(|newest| item.occurred <= newest)
        });
        if let Some(stale) = stale {
            return Err(Refusal::StaleEvidence(stale.report.clone()));
        }
        let before = self.measure.terms.end;
        if end <= before || review <= now || review > end {
            return Err(Refusal::BadRenewal { end, review, after: before });
        }
        let terms = Terms { end, review, ..self.measure.terms.clone() };
        let basis = Box::new(self.whole_gate(&facts, &terms, Some(&assessment))?);
        let (id, ways) = (self.measure.id, facts.ways);
        self.push(Change::Renewed { id, end, review, evidence, assessment, basis, ways, by });
        Ok(self.changes)
    }

    fn report(mut self, report: FieldReport) -> Vec<Change> {
        let id = self.measure.id;
        match report {
            FieldReport::Inspected { way, seen } => self.push(Change::Inspected { id, way, seen }),
            FieldReport::UrgentCareLost => self.push(Change::UrgentCare { id, there: false }),
            FieldReport::UrgentCareBack => self.push(Change::UrgentCare { id, there: true }),
            FieldReport::Unserved { household, since } => self.push(Change::Unserved { id, household, since }),
            FieldReport::Served { household } => self.push(Change::Served { id, household }),
            FieldReport::GroundLapsed if self.measure.phase.name().is_over() => {}
            FieldReport::GroundLapsed => {
                self.push(Change::Ended { id, reason: EndReason::GroundLapsed, at: self.acting.now });
            }
        }
        self.catch_up();
        self.changes
    }

    fn decide_appeal(mut self, appeal: AppealId, upheld: bool, reason: String) -> Result<Vec<Change>, Refusal> {
        let by = self.person()?.clone();
        let known = self.measure.appeals.get(&appeal).ok_or(Refusal::UnknownAppeal(appeal))?;
        if known.decided.is_some() {
            return Err(Refusal::AppealDecided(appeal));
        }
        if self.measure.terms.decider == by || self.measure.activated_by.contains(&by) {
            return Err(Refusal::OwnCase(by));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::NoReason);
        }
        let (id, at) = (self.measure.id, self.acting.now);
        let all = known.asks == For::All;
        self.push(Change::AppealDecided { id, appeal, decided: Decided { at, by, upheld, reason } });
        if upheld && all && !self.measure.phase.name().is_over() {
            self.push(Change::Ended { id, reason: EndReason::AppealUpheld, at });
        }
        Ok(self.changes)
    }
}
