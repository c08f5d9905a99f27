//! A building with forty people, everything that the gate asks for, and people who may act.

use jiff::{SignedDuration, Timestamp};
use levee_measures::{
    Acting, Appeal, AppealId, Assessment, Change, Command, Demand, EvidenceItem, ExitKind, FieldReport, GateFacts,
    Ground, Household, Inspection, MeasureId, Measures, Notice, ObservedMeasure, PersonalKind, Promise, Refusal, Scope,
    Service, Terms, Way,
};
use levee_model::ids::{EntityId, PersonId};
use levee_rulebook::Verdict;
use std::collections::BTreeMap;

pub(crate) const HOUR_ZERO: &str = "2022-11-24T00:00:00Z";

/// So many hours after the first moment of all tests; may be negative.
pub(crate) fn at(hours: i64) -> Timestamp {
    HOUR_ZERO.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

pub(crate) fn who(name: &str) -> PersonId {
    name.parse().unwrap()
}

fn entity(kind: u128, nth: u32) -> EntityId {
    EntityId::new(uuid::Uuid::from_u128(kind), nth)
}

pub(crate) fn measure(nth: u32) -> MeasureId {
    MeasureId(entity(1, nth))
}

pub(crate) fn appeal(nth: u32) -> AppealId {
    AppealId(entity(2, nth))
}

pub(crate) fn household(name: &str) -> Household {
    name.parse().unwrap()
}

pub(crate) fn evidence(report: &str, hours: i64) -> EvidenceItem {
    EvidenceItem { report: report.to_owned(), occurred: at(hours) }
}

pub(crate) fn area() -> Scope {
    Scope::Area("500103-a-7".parse().unwrap())
}

pub(crate) fn one_person() -> Scope {
    Scope::Person { subject: "p-17".parse().unwrap(), kind: PersonalKind::Quarantine }
}

/// From hour 0 to hour 120, reviewed at hour 72, decided by `li`.
pub(crate) fn terms(scope: Scope) -> Terms {
    let ground =
        Ground { rule: "cn.zone.high.designate".parse().unwrap(), clause: "20 measures, measure 4".to_owned() };
    Terms::new(scope, ground, [evidence("r-1", -5)], who("li"), (at(0), at(72), at(120))).unwrap()
}

pub(crate) fn assessment() -> Assessment {
    Assessment {
        effect: None,
        persons: 40,
        person_days: 200,
        alternative: "testing the stairwell daily: two chains are unknown".to_owned(),
        verdict: Verdict::Within,
        rulebook_gates_open: true,
    }
}

pub(crate) fn way(id: &str, kind: ExitKind, hours: i64, open: bool) -> Way {
    Way { id: id.parse().unwrap(), kind, inspected: Some(seen(hours, open)) }
}

pub(crate) fn seen(hours: i64, open: bool) -> Inspection {
    Inspection { at: at(hours), by: who("warden"), open }
}

/// All services from long before to the end given, exits seen at `now`, notice and appeal channel.
pub(crate) fn facts(now: i64, end: i64) -> GateFacts {
    let promise = |service: Service| Promise {
        service,
        provider: format!("{service} office").parse().unwrap(),
        reserved: 40,
        vehicle: (service == Service::UrgentCare).then(|| "ambulance 3".to_owned()),
        from: at(-1000),
        to: at(end),
    };
    let special = Service::ALL.into_iter().filter(|one| !one.for_everybody()).map(|service| (service, 2));
    GateFacts {
        demand: Demand { persons: Some(40), special: special.collect() },
        promises: Service::ALL.into_iter().map(promise).collect(),
        offers: BTreeMap::new(),
        ways: vec![way("main door", ExitKind::Exit, now, true), way("lane", ExitKind::FireLane, now, true)],
        notice: Some(Notice { at: at(now), how: "posted at both doors and online".to_owned() }),
        appeal_channel: Some("hotline 12345, option 3".to_owned()),
    }
}

pub(crate) fn without(mut facts: GateFacts, service: Service) -> GateFacts {
    facts.promises.retain(|promise| promise.service != service);
    facts
}

/// The facts that a command brings to the gate.
pub(crate) fn facts_of(command: &Command) -> Option<&GateFacts> {
    match command {
        Command::Gate { facts, .. }
        | Command::Override { facts, .. }
        | Command::Activate { facts, .. }
        | Command::Complete { facts, .. }
        | Command::Renew { facts, .. } => Some(facts),
        _ => None,
    }
}

/// Decides and applies; gives what happened.
pub(crate) fn act(
    measures: &mut Measures,
    hours: i64,
    actor: Option<&str>,
    command: Command,
) -> Result<Vec<Change>, Refusal> {
    let actor = actor.map(who);
    let told = facts_of(&command).cloned();
    let changes = measures.decide(&Acting { now: at(hours), actor: actor.as_ref() }, command)?;
    for change in &changes {
        // Whatever is decided can be proved to a store.
        measures.proves(change, told.as_ref()).unwrap();
        measures.apply(change);
    }
    Ok(changes)
}

/// A measure that is live since hour 0.
pub(crate) fn live(scope: Scope) -> Measures {
    let mut measures = Measures::default();
    let id = measure(1);
    let facts = || Box::new(facts(0, 120));
    for command in [
        Command::Propose { id, terms: Box::new(terms(scope)) },
        Command::Assess { id, assessment: Box::new(assessment()) },
        Command::Gate { id, facts: facts() },
        Command::Activate { id, facts: facts(), second: who("wang") },
    ] {
        act(&mut measures, 0, Some("li"), command).unwrap();
    }
    measures
}

pub(crate) fn report(report: FieldReport) -> Command {
    Command::Report { id: measure(1), report }
}

pub(crate) fn observed(nth: u32) -> ObservedMeasure {
    ObservedMeasure {
        id: measure(nth),
        area: "500103".parse().unwrap(),
        what: "a whole street told not to go out".to_owned(),
        report: "r-9".to_owned(),
        since: None,
        end: None,
        last_seen: at(0),
        services: [Service::Food].into(),
        exits_open: None,
        verdict: Some(Verdict::Stricter),
    }
}

pub(crate) fn first_appeal(measures: &Measures) -> Option<&Appeal> {
    measures.measure(&measure(1))?.appeals().values().next()
}
