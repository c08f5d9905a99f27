//! The gate: what must be shown before a restriction goes live. What is not shown fails.

use crate::measure::MeasureId;
use crate::service::{Demand, Provider, Service};
use crate::terms::{Assessment, Scope, Terms};
use crate::{INSPECTED_WITHIN_HOURS, OVERRIDE_HOURS, after};
use jiff::Timestamp;
use levee_model::ids::{BadId, PersonId};
use levee_rulebook::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A small checked id of this crate.
macro_rules! levee_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        impl $name {
            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(given: String) -> Result<Self, BadId> {
                given.parse()
            }
        }
        impl From<$name> for String {
            fn from(one: $name) -> String {
                one.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(given: &str) -> Result<Self, BadId> {
                if given.trim().is_empty() || given.chars().count() > 64 {
                    let why = "expected 1 to 64 characters";
                    return Err(BadId { kind: stringify!($name), given: given.chars().take(80).collect(), why });
                }
                Ok(Self(given.to_owned()))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
levee_id!(
    /// An exit or a fire lane.
    WayId
);

/// What kind of way out it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExitKind {
    /// A way on which people leave.
    Exit,
    /// A way on which help comes.
    FireLane,
}

/// A way out that people under a restriction depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Its name.
    pub id: WayId,
    /// Its kind.
    pub kind: ExitKind,
    /// The last inspection; `None` = nobody looked.
    pub inspected: Option<Inspection>,
}

/// Somebody looked at a way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PersonId,
    /// Whether it was open.
    pub open: bool,
}

/// A provider's promise of a service to a restriction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What.
    pub service: Service,
    /// Who.
    pub provider: Provider,
    /// How much, in the unit of the service.
    pub reserved: u64,
    /// The vehicle; urgent care has one.
    pub vehicle: Option<String>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// The restriction was made known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When: published for an area, handed over for a person.
    pub at: Timestamp,
    /// Where, or by what.
    pub how: String,
}

/// What is known when the gate runs. Missing facts fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateFacts {
    /// Who needs what.
    pub demand: Demand,
    /// Who gives what.
    pub promises: Vec<Promise>,
    /// What each provider can give of a service in all, over every restriction at once; absent = not known, and then the
    /// provider is taken to be able to keep one promise of it.
    pub offers: BTreeMap<(Provider, Service), u64>,
    /// The ways out.
    pub ways: Vec<Way>,
    /// Where people were told.
    pub notice: Option<Notice>,
    /// Where people can appeal.
    pub appeal_channel: Option<String>,
}

/// What an override may put off, and nothing else (law 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// Food.
    Food,
    /// Medicine.
    Medicine,
    /// Water.
    Water,
    /// Notice.
    Notice,
}

impl Deferrable {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Food, Self::Medicine, Self::Water, Self::Notice];

    /// Its message key.
    pub fn code(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Medicine => "medicine",
            Self::Water => "water",
            Self::Notice => "notice",
        }
    }
}

impl std::str::FromStr for Deferrable {
    type Err = BadId;
    fn from_str(given: &str) -> Result<Self, BadId> {
        Self::ALL.into_iter().find(|one| one.code() == given).ok_or_else(|| BadId {
            kind: "thing that may be put off",
            given: given.chars().take(80).collect(),
            why: "expected food, medicine, water or notice; urgent care and exits are never put off",
        })
    }
}

/// One line of the gate that fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Lack {
    /// Nobody said how many are held.
    #[error("nobody said how many people are restricted")]
    PersonsUnknown,
    /// Nobody asked how many need it.
    #[error("nobody said how many of them need {0}")]
    DemandUnknown(Service),
    /// Not enough of it, or not for long enough.
    #[error("{service}: {reserved} of {needed} reserved from start to end")]
    Service {
        /// Which.
        service: Service,
        /// How much is needed.
        needed: u64,
        /// How much is reserved over the whole time.
        reserved: u64,
    },
    /// Urgent care without a way to bring people to it.
    #[error("urgent care of `{0}` has no vehicle")]
    NoVehicle(Provider),
    /// One provider cannot keep it all.
    #[error("`{provider}` promised {service} twice: {promised} in all, it can give {offered}{}", also(other.as_ref()))]
    PromisedTwice {
        /// Who.
        provider: Provider,
        /// What.
        service: Service,
        /// How much in all, at once.
        promised: u64,
        /// How much there is.
        offered: u64,
        /// Another restriction that relies on it.
        other: Option<MeasureId>,
    },
    /// No way out was named.
    #[error("no {} is named", way_kind(*.0))]
    NoWay(ExitKind),
    /// Nobody looked at it.
    #[error("{} `{id}` was not inspected", way_kind(*kind))]
    NotInspected {
        /// Which.
        id: WayId,
        /// Its kind.
        kind: ExitKind,
    },
    /// The last look is too old, or claimed of the future.
    #[error("{} `{id}` was last inspected at {at}, not in the 24 h before {live}", way_kind(*kind))]
    InspectionOld {
        /// Which.
        id: WayId,
        /// Its kind.
        kind: ExitKind,
        /// When.
        at: Timestamp,
        /// When the restriction would begin to bind, or goes on.
        live: Timestamp,
    },
    /// It is shut.
    #[error("{} `{id}` is blocked", way_kind(*kind))]
    Blocked {
        /// Which.
        id: WayId,
        /// Its kind.
        kind: ExitKind,
    },
    /// Nobody was told.
    #[error("no notice was given")]
    NoNotice,
    /// Nowhere to turn to.
    #[error("no appeal channel is named")]
    NoAppealChannel,
    /// It was not weighed.
    #[error("it was not assessed")]
    NotAssessed,
    /// The book says no.
    #[error("the rulebook blocks it, or a gate of the rulebook is not shown to be open")]
    Rulebook,
}

fn also(other: Option<&MeasureId>) -> String {
    other.map(|other| format!(" (also to {other})")).unwrap_or_default()
}

fn way_kind(kind: ExitKind) -> &'static str {
    match kind {
        ExitKind::Exit => "exit",
        ExitKind::FireLane => "fire lane",
    }
}

impl Lack {
    /// What would mend it.
    pub fn mend(&self) -> String {
        match self {
            Self::PersonsUnknown => "count the people in it".to_owned(),
            Self::DemandUnknown(service) => format!("ask who needs {service}; none is an answer"),
            Self::Service { service, needed, reserved } => {
                format!("reserve {} more of {service}, from start to end", needed.saturating_sub(*reserved))
            }
            Self::NoVehicle(provider) => format!("name the vehicle of `{provider}`, or another provider"),
            Self::PromisedTwice { service, promised, offered, .. } => {
                format!("find {} of {service} elsewhere", promised.saturating_sub(*offered))
            }
            Self::NoWay(kind) => format!("name each {}", way_kind(*kind)),
            Self::NotInspected { id, .. } | Self::InspectionOld { id, .. } => {
                format!("have `{id}` inspected today, by a named person")
            }
            Self::Blocked { id, .. } => format!("open `{id}`, then have it inspected"),
            Self::NoNotice => {
                "publish what, why, from when to when, who, how to appeal; hand it to the person it holds".to_owned()
            }
            Self::NoAppealChannel => "name where people can ask for review".to_owned(),
            Self::NotAssessed => "assess it: effect, people held, the milder alternative, the rulebook".to_owned(),
            Self::Rulebook => "mend what the judgement names, or change the measure".to_owned(),
        }
    }

    /// What an override could put off of it; `None` = never.
    pub fn deferrable(&self) -> Option<Deferrable> {
        match self {
            Self::Service { service, .. } | Self::DemandUnknown(service) => match service {
                Service::Food => Some(Deferrable::Food),
                Service::Medicine => Some(Deferrable::Medicine),
                Service::Water => Some(Deferrable::Water),
                _ => None,
            },
            Self::NoNotice => Some(Deferrable::Notice),
            _ => None,
        }
    }
}

/// Everything was shown. Only the gate makes one; what is read back from a record is shown to [`crate::Measures::proves`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatePass {
    at: Timestamp,
    promises: Vec<Promise>,
}

/// Everything was shown but what two people put off. Only the gate makes one; what is read back from a record is shown to
/// [`crate::Measures::proves`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverridePass {
    at: Timestamp,
    until: Timestamp,
    by: [PersonId; 2],
    interim: BTreeMap<Deferrable, Provider>,
    promises: Vec<Promise>,
}

/// Why a restriction may be live. There is no third way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// All services are there.
    Gated(GatePass),
    /// Food, medicine, water or notice are put off for a time, once.
    Overridden(OverridePass),
}

impl Basis {
    /// A pass as a journal recorded it. It proves nothing by itself: whoever writes it down again shows it, with the facts that
    /// it rests on, to [`crate::Measures::proves`], where the gate runs again.
    pub fn recorded(at: Timestamp, promises: Vec<Promise>) -> Self {
        Self::Gated(GatePass { at, promises })
    }
    /// The same of an override.
    pub fn recorded_override(
        at: Timestamp,
        until: Timestamp,
        by: [PersonId; 2],
        interim: BTreeMap<Deferrable, Provider>,
        promises: Vec<Promise>,
    ) -> Self {
        Self::Overridden(OverridePass { at, until, by, interim, promises })
    }
    /// When the gate ran.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Gated(pass) => pass.at,
            Self::Overridden(pass) => pass.at,
        }
    }
    /// Until when it holds of itself; `None` = as long as nothing is lost.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Gated(_) => None,
            Self::Overridden(pass) => Some(pass.until),
        }
    }
    /// What is reserved for it.
    pub fn promises(&self) -> &[Promise] {
        match self {
            Self::Gated(pass) => &pass.promises,
            Self::Overridden(pass) => &pass.promises,
        }
    }
}

impl OverridePass {
    /// Until when.
    pub fn until(&self) -> Timestamp {
        self.until
    }
    /// The two who answer for it.
    pub fn by(&self) -> &[PersonId; 2] {
        &self.by
    }
    /// What is put off, and who helps out meanwhile.
    pub fn interim(&self) -> &BTreeMap<Deferrable, Provider> {
        &self.interim
    }
}

/// A restriction at the gate.
pub(crate) struct AtGate<'a> {
    pub(crate) id: MeasureId,
    pub(crate) terms: &'a Terms,
    pub(crate) assessment: Option<&'a Assessment>,
    /// What other restrictions rely on: whose, and each promise.
    pub(crate) elsewhere: &'a [(MeasureId, Promise)],
    pub(crate) now: Timestamp,
}

/// Runs the gate. Every line that fails is told, once, in a fixed order.
pub(crate) fn run(at: &AtGate<'_>, facts: &GateFacts) -> Result<GatePass, BTreeSet<Lack>> {
    let lacks = lacks(at, facts);
    if lacks.is_empty() { Ok(GatePass { at: at.now, promises: facts.promises.clone() }) } else { Err(lacks) }
}

/// Runs the gate for an override: what fails must be deferrable and have somebody who helps out.
pub(crate) fn run_overridden(
    at: &AtGate<'_>,
    facts: &GateFacts,
    until: Timestamp,
    by: [PersonId; 2],
    interim: &BTreeMap<Deferrable, Provider>,
) -> Result<OverridePass, BTreeSet<Lack>> {
    let not_covered = |lack: &Lack| lack.deferrable().is_none_or(|what| !interim.contains_key(&what));
    let lacks: BTreeSet<Lack> = lacks(at, facts).into_iter().filter(not_covered).collect();
    if !lacks.is_empty() {
        return Err(lacks);
    }
    let until = until.min(after(at.now, OVERRIDE_HOURS));
    Ok(OverridePass { at: at.now, until, by, interim: interim.clone(), promises: facts.promises.clone() })
}

fn lacks(at: &AtGate<'_>, facts: &GateFacts) -> BTreeSet<Lack> {
    let mut lacks = BTreeSet::new();
    services(at, facts, &mut lacks);
    twice(at, facts, &mut lacks);
    ways(at, facts, &mut lacks);
    if facts.notice.as_ref().is_none_or(|notice| notice.at > at.now || notice.how.trim().is_empty()) {
        lacks.insert(Lack::NoNotice);
    }
    if facts.appeal_channel.as_ref().is_none_or(|channel| channel.trim().is_empty()) {
        lacks.insert(Lack::NoAppealChannel);
    }
    match at.assessment {
        None => lacks.insert(Lack::NotAssessed),
        Some(told) if told.verdict == Verdict::Blocked || !told.rulebook_gates_open => lacks.insert(Lack::Rulebook),
        Some(_) => false,
    };
    lacks
}

fn services(at: &AtGate<'_>, facts: &GateFacts, lacks: &mut BTreeSet<Lack>) {
    if facts.demand.persons.is_none_or(|persons| persons == 0) {
        lacks.insert(Lack::PersonsUnknown);
    }
    // What was put off starts later than the restriction; it must last to its end all the same.
    let start = at.terms.start.max(at.now);
    for service in Service::ALL {
        let Some(needed) = facts.demand.of(service) else {
            // Of what everybody needs it was said already that nobody counted them, and what is reserved cannot be enough.
            if !service.for_everybody() {
                lacks.insert(Lack::DemandUnknown(service));
            }
            continue;
        };
        let good =
            |promise: &&Promise| promise.service == service && promise.from <= start && promise.to >= at.terms.end;
        let with_vehicle = |promise: &&Promise| {
            let named = promise.vehicle.as_ref().is_some_and(|vehicle| !vehicle.trim().is_empty());
            service != Service::UrgentCare || named
        };
        for promise in facts.promises.iter().filter(good).filter(|promise| !with_vehicle(promise)) {
            lacks.insert(Lack::NoVehicle(promise.provider.clone()));
        }
        let reserved = facts
            .promises
            .iter()
            .filter(good)
            .filter(with_vehicle)
            .fold(0_u64, |sum, promise| sum.saturating_add(promise.reserved));
        if reserved < needed {
            lacks.insert(Lack::Service { service, needed, reserved });
        }
    }
}

/// What one provider promised to several, or several times: in all no more than it can give at once.
fn twice(at: &AtGate<'_>, facts: &GateFacts, lacks: &mut BTreeSet<Lack>) {
    for (nth, promise) in facts.promises.iter().enumerate() {
        let same = |other: &Promise| other.provider == promise.provider && other.service == promise.service;
        let at_once = |other: &Promise| same(other) && other.from < promise.to && promise.from < other.to;
        if facts.promises.get(..nth).unwrap_or_default().iter().any(same) {
            // Counted with the first one.
            continue;
        }
        let here = facts.promises.iter().filter(|other| same(other));
        let there = || at.elsewhere.iter().filter(|(id, other)| *id != at.id && at_once(other));
        let promised = here.clone().chain(there().map(|(_, other)| other));
        let promised = promised.fold(0_u64, |sum, other| sum.saturating_add(other.reserved));
        let more_than_one = here.count() > 1 || there().next().is_some();
        let offered = facts.offers.get(&(promise.provider.clone(), promise.service)).copied();
        let over = match offered {
            Some(offered) => promised > offered,
            None => more_than_one,
        };
        if over {
            lacks.insert(Lack::PromisedTwice {
                provider: promise.provider.clone(),
                service: promise.service,
                promised,
                offered: offered.unwrap_or(promise.reserved),
                other: there().map(|(id, _)| *id).next(),
            });
        }
    }
}

fn ways(at: &AtGate<'_>, facts: &GateFacts, lacks: &mut BTreeSet<Lack>) {
    // A single person's home may have no fire lane of its own; an area has.
    let kinds: &[ExitKind] = match at.terms.scope {
        Scope::Area(_) => &[ExitKind::Exit, ExitKind::FireLane],
        Scope::Person { .. } => &[ExitKind::Exit],
    };
    for kind in kinds {
        if !facts.ways.iter().any(|way| way.kind == *kind) {
            lacks.insert(Lack::NoWay(*kind));
        }
    }
    for way in &facts.ways {
        let (id, kind) = (way.id.clone(), way.kind);
        match &way.inspected {
            None => lacks.insert(Lack::NotInspected { id, kind }),
            // Fresh when the restriction begins to bind, which may be later than now.
            Some(seen) if seen.at > at.now || after(seen.at, INSPECTED_WITHIN_HOURS) < at.now.max(at.terms.start) => {
                lacks.insert(Lack::InspectionOld { id, kind, at: seen.at, live: at.now.max(at.terms.start) })
            }
            Some(seen) if !seen.open => lacks.insert(Lack::Blocked { id, kind }),
            Some(_) => false,
        };
    }
}
