//! Version 1 of what the events of restrictions are made of. Frozen, as [`super::v1`] is.

use jiff::Timestamp;
use levee_measures::{
    Assessment, Basis, Deferrable, Demand, EvidenceItem, ExitKind, For, GateFacts, Ground, Inspection, MeasureId,
    Notice, ObservedMeasure, PersonalKind, Promise, Scope, Service, Terms, Way, verdict_of,
};
use levee_model::area::PlaceCode;
use levee_model::ids::{EntityId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// A checked text, read back.
pub(super) fn text<T: FromStr<Err: Display>>(given: &str) -> Result<T, String> {
    given.parse().map_err(|error: T::Err| error.to_string())
}

fn verdict(code: &str) -> Result<levee_rulebook::Verdict, String> {
    verdict_of(code).ok_or_else(|| format!("`{code}` is no verdict"))
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPersonal {
    Quarantine,
    Isolation,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredScope {
    Area(PlaceCode),
    Person { subject: String, kind: StoredPersonal },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredEvidence {
    report: String,
    occurred: Timestamp,
}

impl StoredEvidence {
    pub(super) fn of(EvidenceItem { report, occurred }: &EvidenceItem) -> Self {
        Self { report: report.clone(), occurred: *occurred }
    }
    pub(super) fn read(self) -> EvidenceItem {
        EvidenceItem { report: self.report, occurred: self.occurred }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredTerms {
    scope: StoredScope,
    rule: String,
    clause: String,
    evidence: Vec<StoredEvidence>,
    decider: PersonId,
    start: Timestamp,
    review: Timestamp,
    end: Timestamp,
}

impl StoredTerms {
    pub(super) fn of(terms: &Terms) -> Self {
        let scope = match terms.scope() {
            Scope::Area(area) => StoredScope::Area(area.clone()),
            Scope::Person { subject, kind } => {
                let kind = match kind {
                    PersonalKind::Quarantine => StoredPersonal::Quarantine,
                    PersonalKind::Isolation => StoredPersonal::Isolation,
                };
                StoredScope::Person { subject: subject.as_str().to_owned(), kind }
            }
        };
        Self {
            scope,
            rule: terms.ground().rule.to_string(),
            clause: terms.ground().clause.clone(),
            evidence: terms.evidence().iter().map(StoredEvidence::of).collect(),
            decider: terms.decider().clone(),
            start: terms.start(),
            review: terms.review(),
            end: terms.end(),
        }
    }

    pub(super) fn read(self) -> Result<Terms, String> {
        let scope = match self.scope {
            StoredScope::Area(area) => Scope::Area(area),
            StoredScope::Person { subject, kind } => {
                let kind = match kind {
                    StoredPersonal::Quarantine => PersonalKind::Quarantine,
                    StoredPersonal::Isolation => PersonalKind::Isolation,
                };
                Scope::Person { subject: text(&subject)?, kind }
            }
        };
        let ground = Ground { rule: text(&self.rule)?, clause: self.clause };
        let evidence = self.evidence.into_iter().map(StoredEvidence::read);
        Terms::new(scope, ground, evidence, self.decider, (self.start, self.review, self.end))
            .map_err(|error| error.to_string())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredAssessment {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
    persons: u64,
    person_days: u64,
    alternative: String,
    verdict: String,
    rulebook_gates_open: bool,
}

impl StoredAssessment {
    pub(super) fn of(one: &Assessment) -> Self {
        let Assessment { effect, persons, person_days, alternative, verdict, rulebook_gates_open } = one.clone();
        let verdict = verdict.code().to_owned();
        Self { effect, persons, person_days, alternative, verdict, rulebook_gates_open }
    }
    pub(super) fn read(self) -> Result<Assessment, String> {
        let Self { effect, persons, person_days, alternative, verdict: code, rulebook_gates_open } = self;
        Ok(Assessment { effect, persons, person_days, alternative, verdict: verdict(&code)?, rulebook_gates_open })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredPromise {
    service: String,
    provider: String,
    reserved: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vehicle: Option<String>,
    from: Timestamp,
    to: Timestamp,
}

impl StoredPromise {
    pub(super) fn of(one: &Promise) -> Self {
        let Promise { service, provider, reserved, vehicle, from, to } = one.clone();
        let (service, provider) = (service.code().to_owned(), provider.as_str().to_owned());
        Self { service, provider, reserved, vehicle, from, to }
    }
    pub(super) fn read(self) -> Result<Promise, String> {
        let Self { service, provider, reserved, vehicle, from, to } = self;
        Ok(Promise { service: text(&service)?, provider: text(&provider)?, reserved, vehicle, from, to })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOverride {
    until: Timestamp,
    by: (PersonId, PersonId),
    interim: BTreeMap<String, String>,
}

/// A pass of the gate; with `deferred`, an override.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredBasis {
    at: Timestamp,
    promises: Vec<StoredPromise>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deferred: Option<StoredOverride>,
}

impl StoredBasis {
    pub(super) fn of(basis: &Basis) -> Self {
        let deferred = match basis {
            Basis::Gated(_) => None,
            Basis::Overridden(pass) => {
                let [first, second] = pass.by().clone();
                let interim = pass.interim().iter();
                let interim = interim.map(|(what, who)| (what.code().to_owned(), who.as_str().to_owned())).collect();
                Some(StoredOverride { until: pass.until(), by: (first, second), interim })
            }
        };
        Self { at: basis.at(), promises: basis.promises().iter().map(StoredPromise::of).collect(), deferred }
    }
    pub(super) fn read(self) -> Result<Basis, String> {
        let promises = self.promises.into_iter().map(StoredPromise::read).collect::<Result<_, _>>()?;
        let Some(StoredOverride { until, by, interim }) = self.deferred else {
            return Ok(Basis::recorded(self.at, promises));
        };
        let interim = interim
            .iter()
            .map(|(what, who)| Ok((text::<Deferrable>(what)?, text(who)?)))
            .collect::<Result<_, String>>()?;
        Ok(Basis::recorded_override(self.at, until, [by.0, by.1], interim, promises))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredInspection {
    at: Timestamp,
    by: PersonId,
    open: bool,
}

impl StoredInspection {
    pub(super) fn of(Inspection { at, by, open }: &Inspection) -> Self {
        Self { at: *at, by: by.clone(), open: *open }
    }
    pub(super) fn read(self) -> Inspection {
        let Self { at, by, open } = self;
        Inspection { at, by, open }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredExit {
    Exit,
    FireLane,
}

impl From<ExitKind> for StoredExit {
    fn from(kind: ExitKind) -> Self {
        match kind {
            ExitKind::Exit => Self::Exit,
            ExitKind::FireLane => Self::FireLane,
        }
    }
}

impl From<StoredExit> for ExitKind {
    fn from(kind: StoredExit) -> Self {
        match kind {
            StoredExit::Exit => Self::Exit,
            StoredExit::FireLane => Self::FireLane,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredWay {
    id: String,
    kind: StoredExit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inspected: Option<StoredInspection>,
}

impl StoredWay {
    pub(super) fn of(Way { id, kind, inspected }: &Way) -> Self {
        let inspected = inspected.as_ref().map(StoredInspection::of);
        Self { id: id.to_string(), kind: (*kind).into(), inspected }
    }
    pub(super) fn read(self) -> Result<Way, String> {
        let inspected = self.inspected.map(StoredInspection::read);
        Ok(Way { id: text(&self.id)?, kind: self.kind.into(), inspected })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredDemand {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    persons: Option<u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    special: BTreeMap<String, u64>,
}

impl StoredDemand {
    pub(super) fn of(Demand { persons, special }: &Demand) -> Self {
        let special = special.iter().map(|(service, units)| (service.code().to_owned(), *units)).collect();
        Self { persons: *persons, special }
    }
    pub(super) fn read(self) -> Result<Demand, String> {
        let special = self.special.iter().map(|(service, units)| Ok((text::<Service>(service)?, *units)));
        Ok(Demand { persons: self.persons, special: special.collect::<Result<_, String>>()? })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredNotice {
    at: Timestamp,
    how: String,
}

impl StoredNotice {
    pub(super) fn of(Notice { at, how }: &Notice) -> Self {
        Self { at: *at, how: how.clone() }
    }
    pub(super) fn read(self) -> Notice {
        Notice { at: self.at, how: self.how }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredFacts {
    demand: StoredDemand,
    promises: Vec<StoredPromise>,
    /// Provider, service, how much in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offers: Vec<(String, String, u64)>,
    ways: Vec<StoredWay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<StoredNotice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    appeal_channel: Option<String>,
}

impl StoredFacts {
    pub(super) fn of(one: &GateFacts) -> Self {
        let GateFacts { demand, promises, offers, ways, notice, appeal_channel } = one;
        let offer = |((provider, service), units): (&(levee_measures::Provider, Service), &u64)| {
            (provider.as_str().to_owned(), service.code().to_owned(), *units)
        };
        Self {
            demand: StoredDemand::of(demand),
            promises: promises.iter().map(StoredPromise::of).collect(),
            offers: offers.iter().map(offer).collect(),
            ways: ways.iter().map(StoredWay::of).collect(),
            notice: notice.as_ref().map(StoredNotice::of),
            appeal_channel: appeal_channel.clone(),
        }
    }
    pub(super) fn read(self) -> Result<GateFacts, String> {
        let offer =
            |(provider, service, units): (String, String, u64)| Ok(((text(&provider)?, text(&service)?), units));
        Ok(GateFacts {
            demand: self.demand.read()?,
            promises: self.promises.into_iter().map(StoredPromise::read).collect::<Result<_, _>>()?,
            offers: self.offers.into_iter().map(offer).collect::<Result<_, String>>()?,
            ways: self.ways.into_iter().map(StoredWay::read).collect::<Result<_, _>>()?,
            notice: self.notice.map(StoredNotice::read),
            appeal_channel: self.appeal_channel,
        })
    }
}

/// What an appeal asks for; none: that the restriction ends.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredAppeal {
    All,
    Household(String),
}

impl StoredAppeal {
    pub(super) fn of(asks: &For) -> Self {
        match asks {
            For::All => Self::All,
            For::Household(household) => Self::Household(household.as_str().to_owned()),
        }
    }
    pub(super) fn read(self) -> Result<For, String> {
        Ok(match self {
            Self::All => For::All,
            Self::Household(household) => For::Household(text(&household)?),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredObserved {
    id: EntityId,
    area: PlaceCode,
    what: String,
    report: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<Timestamp>,
    last_seen: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    services: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exits_open: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
}

impl StoredObserved {
    pub(super) fn of(one: &ObservedMeasure) -> Self {
        let ObservedMeasure { id, area, what, report, since, end, last_seen, services, exits_open, verdict } =
            one.clone();
        let services = services.into_iter().map(|service| service.code().to_owned()).collect();
        let verdict = verdict.map(|verdict| verdict.code().to_owned());
        Self { id: id.0, area, what, report, since, end, last_seen, services, exits_open, verdict }
    }
    pub(super) fn read(self) -> Result<ObservedMeasure, String> {
        let Self { id, area, what, report, since, end, last_seen, services, exits_open, verdict: code } = self;
        Ok(ObservedMeasure {
            id: MeasureId(id),
            area,
            what,
            report,
            since,
            end,
            last_seen,
            services: services.iter().map(|service| text(service)).collect::<Result<_, _>>()?,
            exits_open,
            verdict: code.as_deref().map(verdict).transpose()?,
        })
    }
}
