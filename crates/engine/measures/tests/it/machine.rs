//! The whole state machine: from a draft, every command at every state and hour that can be reached, once for each state that differs.

use crate::common::{
    act, appeal, area, assessment, at, evidence, facts, first_appeal, household, measure, one_person, report, seen,
    terms, without,
};
use levee_measures::{
    Basis, Change, Command, Deferrable, FieldReport, For, GateFacts, Measures, Phase, PhaseName, Scope, Service,
    SuspendReason,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every command, in forms that the gate lets pass and in forms that it does not.
///
/// `talk` = what people say of a live one (appeals, reviews, a renewal); else what the field reports and overrides. Both at once
/// would multiply states that have nothing to do with one another.
fn alphabet(now: i64, end: i64, talk: bool) -> Vec<(Option<&'static str>, Command)> {
    let id = measure(1);
    let mut all = Vec::new();
    let good = || facts(now, end + 48);
    let offered: [GateFacts; 3] = [good(), without(good(), Service::Food), without(good(), Service::UrgentCare)];
    for (actor, second) in [(Some("li"), "wang"), (Some("zhao"), "zhao"), (None, "wang")] {
        let second = crate::common::who(second);
        all.push((actor, Command::Assess { id, assessment: Box::new(assessment()) }));
        // Whether people may do it does not hang on what the gate says.
        let told = if actor == Some("li") && !talk { offered.as_slice() } else { &offered[..1] };
        for facts in told {
            let facts = || Box::new(facts.clone());
            all.push((actor, Command::Gate { id, facts: facts() }));
            all.push((actor, Command::Activate { id, facts: facts(), second: second.clone() }));
            all.push((actor, Command::Complete { id, facts: facts() }));
            if talk {
                let evidence = BTreeSet::from([evidence(&format!("r-at-{now}"), now)]);
                let (end, review) = (at(end + 24), at(end + 20));
                let (facts, second, assessment) = (facts(), second.clone(), Box::new(assessment()));
                if end <= at(144) {
                    all.push((actor, Command::Renew { id, end, review, evidence, facts, assessment, second }));
                }
                continue;
            }
            let interim = BTreeMap::from([(Deferrable::Food, "street kitchen".parse().unwrap())]);
            let until = at(now + 24);
            let second = second.clone();
            all.push((actor, Command::Override { id, facts: facts(), until, interim, second }));
        }
        all.push((actor, Command::Suspend { id }));
        all.push((actor, Command::End { id }));
        if !talk {
            continue;
        }
        all.push((actor, Command::Review { id, open: true }));
        all.push((actor, Command::Review { id, open: false }));
        all.push((actor, Command::Appeal { id, appeal: appeal(1), by: "p-1".parse().unwrap(), asks: For::All }));
    }
    for actor in [Some("li"), Some("judge"), None] {
        for upheld in [true, false].into_iter().filter(|_| talk) {
            all.push((actor, Command::DecideAppeal { id, appeal: appeal(1), upheld, reason: "w".to_owned() }));
        }
    }
    let unserved = FieldReport::Unserved { household: household("h-1"), since: at(now) };
    let inspected = |open| FieldReport::Inspected { way: "lane".parse().unwrap(), seen: seen(now, open) };
    for seen in [
        unserved,
        FieldReport::Served { household: household("h-1") },
        FieldReport::UrgentCareLost,
        FieldReport::UrgentCareBack,
        inspected(true),
        inspected(false),
        FieldReport::GroundLapsed,
    ]
    .into_iter()
    .filter(|_| !talk)
    {
        all.push((None, report(seen)));
    }
    all.push((None, Command::Tick));
    all.push((None, Command::SendUrgentCare { subject: "p-2".parse().unwrap() }));
    all
}

fn end_of(city: &Measures) -> i64 {
    city.measure(&measure(1)).unwrap().terms().end().duration_since(at(0)).as_hours()
}

/// What tells states apart: everything that a command could depend on, ages in the steps in which time goes here.
fn key(city: &Measures, now: i64) -> String {
    let measure = city.measure(&measure(1)).unwrap();
    let basis = match measure.phase() {
        Phase::Gated(basis) | Phase::Live(basis) => match basis {
            Basis::Gated(_) => "gated".to_owned(),
            Basis::Overridden(pass) => format!("overridden {}", pass.until() <= at(now)),
        },
        Phase::Suspended(reason) => format!("{reason:?}"),
        Phase::Ended(reason) => format!("{reason:?}"),
        _ => String::new(),
    };
    let age = |moment: jiff::Timestamp| match at(now).duration_since(moment).as_hours() {
        ..=24 => "fresh",
        25..72 => "good",
        _ => "old",
    };
    let ways: Vec<_> =
        measure.ways().iter().flat_map(|way| &way.inspected).map(|seen| (seen.open, age(seen.at))).collect();
    let appeal = first_appeal(city).map(|appeal| (appeal.decided.is_some(), appeal.late(at(now))));
    let bound = measure.binds_household(&household("h-1"), at(now + 24));
    format!(
        "{:?} {basis} {ways:?} {appeal:?} {bound} {} {} {} {now} {}",
        measure.phase().name(),
        measure.review_open(),
        measure.override_used(),
        measure.freed().len(),
        end_of(city),
    )
}

/// What must hold of every state, whatever led to it.
fn sound(city: &Measures, now: i64) {
    let measure = city.measure(&measure(1)).unwrap();
    for hours in [now, now + 1, now + 25, now + 71, now + 200] {
        if !measure.binds(at(hours)) {
            continue;
        }
        let Phase::Live(basis) = measure.phase() else { unreachable!("only what is live binds") };
        assert!(at(hours) < measure.terms().end(), "it survives its end");
        assert!(basis.until().is_none_or(|until| at(hours) < until), "it survives its override");
        let kept: BTreeSet<Service> = basis.promises().iter().map(|promise| promise.service).collect();
        let lacking: Vec<Service> = Service::ALL.into_iter().filter(|one| !kept.contains(one)).collect();
        assert!(lacking.is_empty() || (lacking == [Service::Food] && basis.until().is_some()), "{lacking:?}");
        for way in measure.ways() {
            let seen = way.inspected.as_ref().unwrap();
            assert!(seen.open && at(hours).duration_since(seen.at).as_hours() < 72);
        }
    }
}

struct Seen {
    states: BTreeSet<String>,
    transitions: BTreeSet<(PhaseName, PhaseName)>,
    tried: usize,
}

fn explore(scope: Scope, talk: bool, seen: &mut Seen) {
    let id = measure(1);
    let mut start = Measures::default();
    act(&mut start, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(scope)) }).unwrap();
    let mut open = vec![(start, 0_i64)];
    while let Some((city, now)) = open.pop() {
        if now > 144 || !seen.states.insert(format!("{talk} {}", key(&city, now))) {
            continue;
        }
        sound(&city, now);
        for (actor, command) in alphabet(now, end_of(&city), talk) {
            seen.tried += 1;
            let who = actor.map(crate::common::who);
            let acting = levee_measures::Acting { now: at(now), actor: who.as_ref() };
            let care = matches!(command, Command::SendUrgentCare { .. });
            let Ok(changes) = city.decide(&acting, command) else {
                assert!(!care, "urgent care was refused");
                continue;
            };
            assert!(!care || changes.len() == 1);
            let mut next = city.clone();
            for change in &changes {
                let before = next.measure(&id).unwrap().phase().name();
                next.apply(change);
                let after = next.measure(&id).unwrap().phase().name();
                if before != after {
                    seen.transitions.insert((before, after));
                    // Levee alone suspends, ends and lets lapse; it never tightens.
                    let loosens = matches!(after, PhaseName::Suspended | PhaseName::Ended | PhaseName::Lapsed);
                    assert!(actor.is_some() || loosens, "{before} > {after} without a person");
                }
                let renewed = matches!(change, Change::Renewed { .. } | Change::Completed { .. });
                assert!(actor.is_some() || !renewed);
            }
            open.push((next, now));
        }
        open.push((city, now + 24));
    }
}

#[test]
fn every_state_is_reached_only_by_the_transitions_that_there_are() {
    let declared: BTreeSet<(PhaseName, PhaseName)> = PhaseName::ALL
        .into_iter()
        .flat_map(|from| PhaseName::ALL.map(|to| (from, to)))
        .filter(|(from, to)| from.may_become(*to))
        .collect();
    assert_eq!(declared.len(), 2 + 1 + 2 + 1 + 10);
    for scope in [area(), one_person()] {
        let personal = matches!(scope, Scope::Person { .. });
        let mut seen = Seen { states: BTreeSet::new(), transitions: BTreeSet::new(), tried: 0 };
        explore(scope.clone(), false, &mut seen);
        explore(scope, true, &mut seen);
        assert_eq!(seen.transitions, declared);
        assert!(seen.states.len() > 500, "only {} states were tried", seen.states.len());
        let reached = |what: &str| seen.states.iter().any(|state| state.contains(what));
        for reason in
            ["WayBlocked", "InspectionOverdue", "UrgentCareLost", "OverrideOver", "GroundLapsed", "AppealUpheld"]
        {
            assert!(reached(reason), "{reason} was never reached in {} tries", seen.tried);
        }
        assert_eq!(reached(&format!("{:?}", SuspendReason::Unserved)), personal);
    }
}
