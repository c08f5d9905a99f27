//! Restrictions for tests: a building with forty people, through its life in one moment.

use crate::city::{at, blob, entity, new};
use jiff::Timestamp;
use jiff::civil::date;
use levee_app::event::{
    Counted, Duty, Event, Judged, MeasureRecorded, MeasuresChanged, NewEvent, Obliged, Owes, Recorded, RulebookKept,
    ServiceOffered, Sheet,
};
use levee_measures::{
    Acting, AppealId, Assessment, Basis, Change, Command, Deferrable, Demand, EvidenceItem, ExitKind, FieldReport, For,
    GateFacts, Ground, Inspection, MeasureId, Measures, Notice, ObservedMeasure, PersonalKind, Promise, Scope, Service,
    SuspendReason, Terms, Way,
};
use levee_rulebook::Verdict;
use std::collections::BTreeMap;

fn id() -> MeasureId {
    MeasureId(entity(31))
}

fn hour(hours: i64) -> Timestamp {
    at(hours * 3600)
}

fn terms(scope: Scope) -> Box<Terms> {
    let ground = Ground { rule: "cn.zone.high.designate".parse().unwrap(), clause: "measure 4".into() };
    let evidence = EvidenceItem { report: "r-1".into(), occurred: hour(-5) };
    let decider = "li-na".parse().unwrap();
    Box::new(Terms::new(scope, ground, [evidence], decider, (hour(0), hour(72), hour(120))).unwrap())
}

fn assessment() -> Box<Assessment> {
    Box::new(Assessment {
        effect: Some("R: 0.7 to 1.1 (outlook of 2022-11-18)".into()),
        persons: 40,
        person_days: 200,
        alternative: blob(21).to_string(),
        verdict: Verdict::Within,
        rulebook_gates_open: true,
    })
}

fn promise(service: Service) -> Promise {
    Promise {
        service,
        provider: format!("{service} office").parse().unwrap(),
        reserved: 40,
        vehicle: (service == Service::UrgentCare).then(|| "ambulance 3".into()),
        from: hour(-1),
        to: hour(120),
    }
}

fn seen(open: bool) -> Inspection {
    Inspection { at: hour(0), by: "zhang-wei".parse().unwrap(), open }
}

fn facts() -> GateFacts {
    let special = Service::ALL.into_iter().filter(|one| !one.for_everybody()).map(|service| (service, 2));
    let way = |id: &str, kind| Way { id: id.parse().unwrap(), kind, inspected: Some(seen(true)) };
    GateFacts {
        demand: Demand { persons: Some(40), special: special.collect() },
        promises: Service::ALL.into_iter().map(promise).collect(),
        offers: BTreeMap::from([(("food office".parse().unwrap(), Service::Food), 400)]),
        ways: vec![way("main-door", ExitKind::Exit), way("lane", ExitKind::FireLane)],
        notice: Some(Notice { at: hour(0), how: "posted at both doors".into() }),
        appeal_channel: Some("12345".into()),
    }
}

/// A life in one moment, as the engine decides it, and the facts on which its gate ran.
pub(crate) fn restriction() -> (Vec<Change>, GateFacts) {
    let (id, facts) = (id(), facts());
    let gate = || Box::new(facts.clone());
    let appeal = AppealId(entity(32));
    let household = "h-1".parse().unwrap();
    let report = |report| Command::Report { id, report };
    let observed = ObservedMeasure {
        id: MeasureId(entity(33)),
        area: "500103".parse().unwrap(),
        what: "a street told not to go out".into(),
        report: "r-9".into(),
        since: None,
        end: Some(hour(9)),
        last_seen: hour(0),
        services: [Service::Food].into(),
        exits_open: None,
        verdict: Some(Verdict::Stricter),
    };
    let commands = vec![
        Command::Propose { id, terms: terms(Scope::Area("500103-7".parse().unwrap())) },
        Command::Assess { id, assessment: assessment() },
        Command::Gate { id, facts: gate() },
        Command::Activate { id, facts: gate(), second: "zhang-wei".parse().unwrap() },
        report(FieldReport::Inspected { way: "lane".parse().unwrap(), seen: seen(true) }),
        Command::Appeal { id, appeal, by: "p-9".parse().unwrap(), asks: For::Household(household) },
        report(FieldReport::Unserved { household: "h-2".parse().unwrap(), since: hour(-3) }),
        report(FieldReport::Served { household: "h-2".parse().unwrap() }),
        report(FieldReport::UrgentCareLost),
        report(FieldReport::UrgentCareBack),
        Command::Review { id, open: true },
        Command::Observe(Box::new(observed)),
        Command::SendUrgentCare { subject: "p-3".parse().unwrap() },
        Command::End { id },
    ];
    let actor = "li-na".parse().unwrap();
    let mut city = Measures::default();
    let mut changes = vec![];
    for command in commands {
        let decided = city.decide(&Acting { now: at(0), actor: Some(&actor) }, command).unwrap();
        decided.iter().for_each(|change| city.apply(change));
        changes.extend(decided);
    }
    (changes, facts)
}

pub(crate) fn restricted(changes: Vec<Change>, gate: Option<GateFacts>) -> NewEvent {
    new("measures", Event::MeasuresChanged(MeasuresChanged { changes, gate: gate.map(Box::new) }))
}

pub(crate) fn measures_changed() -> NewEvent {
    let (changes, facts) = restriction();
    restricted(changes, Some(facts))
}

pub(crate) fn recorded(what: Recorded) -> NewEvent {
    new("measures", Event::MeasureRecorded(Box::new(MeasureRecorded { id: id(), what })))
}

pub(crate) fn measure_recorded() -> NewEvent {
    recorded(Recorded::Reserved(promise(Service::UrgentCare)))
}

pub(crate) fn service_offered() -> NewEvent {
    let provider = "food office".parse().unwrap();
    new("measures", Event::ServiceOffered(ServiceOffered { provider, service: Service::Food, units: 400 }))
}

pub(crate) fn rulebook_kept() -> NewEvent {
    let kept = RulebookKept { book: "cn-covid19-v9-20".into(), text: blob(7), from: date(2022, 11, 11) };
    new("city", Event::RulebookKept(kept))
}

/// One of each change, each reason and each basis. They need not be able to follow one another.
pub(crate) fn every_change_of_a_restriction() -> Vec<Change> {
    let (id, by) = (id(), ["li-na".parse().unwrap(), "zhang-wei".parse().unwrap()]);
    let interim = BTreeMap::from([
        (Deferrable::Food, "street kitchen".parse().unwrap()),
        (Deferrable::Notice, "loudspeaker van".parse().unwrap()),
    ]);
    let basis = Basis::recorded_override(at(0), hour(20), by.clone(), interim, vec![promise(Service::Water)]);
    let whole = || Box::new(Basis::recorded(at(0), vec![promise(Service::Food)]));
    let ways = facts().ways;
    let person = Scope::Person { subject: "p-17".parse().unwrap(), kind: PersonalKind::Isolation };
    let mut all = restriction().0;
    all.extend([
        Change::Proposed { id, terms: terms(person) },
        Change::Gated { id, basis: Box::new(basis), ways: ways.clone() },
        Change::Completed { id, basis: whole(), ways: ways.clone() },
        Change::HouseholdFreed { id, household: "h-1".parse().unwrap(), at: hour(3) },
        Change::Renewed {
            id,
            end: hour(200),
            review: hour(150),
            evidence: [EvidenceItem { report: "r-2".into(), occurred: hour(100) }].into(),
            assessment: assessment(),
            basis: whole(),
            ways,
            by,
        },
        Change::Lapsed { id, at: hour(120) },
        Change::AppealLate { id, appeal: AppealId(entity(32)) },
        Change::AppealDecided {
            id,
            appeal: AppealId(entity(32)),
            decided: levee_measures::Decided {
                at: hour(4),
                by: "wang-fang".parse().unwrap(),
                upheld: true,
                reason: blob(22).to_string(),
            },
        },
        Change::Appealed { id, appeal: AppealId(entity(34)), by: "p-9".parse().unwrap(), asks: For::All, at: hour(1) },
        Change::Ended { id, reason: levee_measures::EndReason::AppealUpheld, at: hour(4) },
        Change::Ended { id, reason: levee_measures::EndReason::GroundLapsed, at: hour(4) },
    ]);
    for reason in [
        SuspendReason::Decided,
        SuspendReason::WayBlocked("lane".parse().unwrap()),
        SuspendReason::InspectionOverdue("lane".parse().unwrap()),
        SuspendReason::Unserved,
        SuspendReason::OverrideOver,
    ] {
        all.push(Change::Suspended { id, reason, at: hour(2) });
    }
    all
}

/// One of each thing that is recorded for a restriction.
pub(crate) fn everything_recorded() -> Vec<Recorded> {
    let facts = facts();
    let obliged = |owes| Obliged { obligation: levee_ledger::ObligationId(entity(35)), owes, due: hour(24) };
    let owes = [Owes::Service, Owes::Test, Owes::Inspection, Owes::Rule, Owes::Release, Owes::Appeal];
    vec![
        Recorded::Sheet(Sheet { path: "500000/500103".parse().unwrap(), text: blob(21), tests_on: vec![1, 2, 3, 5] }),
        Recorded::Counted(Counted { demand: facts.demand, households: 14 }),
        Recorded::Reserved(promise(Service::Dialysis)),
        Recorded::Withdrawn { provider: "food office".parse().unwrap(), service: Service::Food },
        Recorded::Way { id: "lane".parse().unwrap(), kind: ExitKind::FireLane },
        Recorded::Seen { way: "lane".parse().unwrap(), seen: seen(false) },
        Recorded::Notice(Notice { at: hour(0), how: "posted".into() }),
        Recorded::AppealChannel("12345".into()),
        Recorded::Judged(Judged {
            book: "cn-covid19-v9-20".into(),
            text: blob(23),
            day: date(2022, 11, 18),
            rules: vec!["cn.zone.high.designate".into()],
            shut: vec![("cn.zone.high.regime".into(), "services".into())],
            duties: vec![Duty { rule: "cn.zone.high.release".into(), id: "day5-round".into(), due_minutes: 7200 }],
        }),
        Recorded::Obliged(owes.into_iter().map(obliged).collect()),
    ]
}
