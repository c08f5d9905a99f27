//! Random facts, random commands at random hours: no restriction binds without its services, none survives its end, and urgent care
//! is never refused.
//!
//! 10^4 histories, or as many as `LEVEE_RANDOM_FACTS` says; `cargo xtask prove` says 10^6.

use crate::common::{
    act, appeal, area, assessment, at, evidence, facts, measure, observed, one_person, report, seen, terms, who,
};
use levee_measures::{Acting, Change, Command, Deferrable, FieldReport, For, GateFacts, Measures, Service};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn cases() -> u32 {
    std::env::var("LEVEE_RANDOM_FACTS").ok().and_then(|given| given.parse().ok()).unwrap_or(10_000)
}

/// What the gate is told, with any of it missing or wrong.
#[derive(Clone, Debug)]
struct Told {
    /// Service by service: there, too little, ends early, nobody, not asked.
    services: [u8; 10],
    exits: [u8; 2],
    notice: bool,
    appeals: bool,
}

fn told() -> impl Strategy<Value = Told> {
    let one = || prop_oneof![12 => Just(0_u8), 1 => 1..5_u8];
    (prop::array::uniform10(one()), prop::array::uniform2(one()), prop::bool::weighted(0.9), prop::bool::weighted(0.9))
        .prop_map(|(services, exits, notice, appeals)| Told { services, exits, notice, appeals })
}

impl Told {
    fn facts(&self, now: i64, end: i64) -> GateFacts {
        let mut facts = facts(now, end);
        for (service, state) in Service::ALL.into_iter().zip(self.services) {
            let theirs = facts.promises.iter_mut().filter(|promise| promise.service == service);
            match state {
                1 => theirs.for_each(|promise| promise.reserved = 1),
                2 => theirs.for_each(|promise| promise.to = at(end - 1)),
                3 => facts.promises.retain(|promise| promise.service != service),
                4 if service.for_everybody() => facts.demand.persons = None,
                4 => drop(facts.demand.special.remove(&service)),
                _ => {}
            }
        }
        for (way, state) in facts.ways.iter_mut().zip(self.exits) {
            match (state, &mut way.inspected) {
                (1, Some(seen)) => seen.open = false,
                (2, Some(seen)) => seen.at = at(now - 25),
                (3, Some(seen)) => seen.at = at(now + 1),
                (4, inspected) => *inspected = None,
                _ => {}
            }
        }
        if !self.notice {
            facts.notice = None;
        }
        if !self.appeals {
            facts.appeal_channel = None;
        }
        facts
    }

    /// By the law's words alone, not by the gate: whether a restriction may be live on it, by an override or without.
    fn suffices(&self, overridden: bool) -> bool {
        let may_wait = |service| matches!(service, Service::Food | Service::Water | Service::Medicine);
        let services = Service::ALL.into_iter().zip(self.services).all(|(service, state)| {
            // Nobody counted the people: no override helps.
            let uncounted = state == 4 && service.for_everybody();
            state == 0 || (overridden && may_wait(service) && !uncounted)
        });
        services && self.exits == [0, 0] && (self.notice || overridden) && self.appeals
    }
}

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Assess,
    Gate(Told),
    Override(Told, i64),
    Activate(Told),
    Complete(Told),
    Renew(Told, i64),
    Suspend,
    End,
    Tick,
    Report(u8),
    Appeal,
    Decide(bool),
    Observe,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..40_i64).prop_map(Step::Wait),
        2 => Just(Step::Assess),
        4 => told().prop_map(Step::Gate),
        2 => (told(), 0..30_i64).prop_map(|(told, hours)| Step::Override(told, hours)),
        6 => told().prop_map(Step::Activate),
        2 => told().prop_map(Step::Complete),
        2 => (told(), 1..60_i64).prop_map(|(told, hours)| Step::Renew(told, hours)),
        1 => Just(Step::Suspend),
        1 => Just(Step::End),
        1 => Just(Step::Tick),
        3 => (0..7_u8).prop_map(Step::Report),
        1 => Just(Step::Appeal),
        1 => any::<bool>().prop_map(Step::Decide),
        1 => Just(Step::Observe),
    ]
}

fn field(which: u8, now: i64) -> FieldReport {
    let household = || crate::common::household("h-1");
    match which {
        0 => FieldReport::Inspected { way: "lane".parse().unwrap(), seen: seen(now, false) },
        1 => FieldReport::Inspected { way: "lane".parse().unwrap(), seen: seen(now, true) },
        2 => FieldReport::UrgentCareLost,
        3 => FieldReport::UrgentCareBack,
        4 => FieldReport::Unserved { household: household(), since: at(now - 3) },
        5 => FieldReport::Served { household: household() },
        _ => FieldReport::GroundLapsed,
    }
}

/// Does a step; gives what was told to the gate and whether as an override.
fn take<'s>(city: &Measures, now: i64, step: &'s Step) -> (Option<&'static str>, Command, Option<&'s Told>) {
    let id = measure(1);
    let second = who("wang");
    let end = city.measure(&id).unwrap().terms().end().duration_since(at(0)).as_hours();
    let boxed = |told: &Told, end| Box::new(told.facts(now, end));
    let (command, told) = match step {
        Step::Wait(_) | Step::Tick => return (None, Command::Tick, None),
        Step::Assess => (Command::Assess { id, assessment: Box::new(assessment()) }, None),
        Step::Gate(told) => (Command::Gate { id, facts: boxed(told, end) }, Some(told)),
        Step::Override(told, hours) => {
            let all = [Deferrable::Food, Deferrable::Medicine, Deferrable::Water, Deferrable::Notice];
            let interim: BTreeMap<_, _> =
                all.into_iter().map(|what| (what, "street kitchen".parse().unwrap())).collect();
            (Command::Override { id, facts: boxed(told, end), until: at(now + hours), interim, second }, Some(told))
        }
        Step::Activate(told) => (Command::Activate { id, facts: boxed(told, end), second }, Some(told)),
        Step::Complete(told) => (Command::Complete { id, facts: boxed(told, end) }, Some(told)),
        Step::Renew(told, hours) => {
            let end = end + hours;
            let evidence = BTreeSet::from([evidence(&format!("r-at-{now}"), now)]);
            let (facts, assessment) = (boxed(told, end), Box::new(assessment()));
            (Command::Renew { id, end: at(end), review: at(end), evidence, facts, assessment, second }, Some(told))
        }
        Step::Suspend => (Command::Suspend { id }, None),
        Step::End => (Command::End { id }, None),
        Step::Report(which) => return (None, report(field(*which, now)), None),
        Step::Appeal => {
            let (by, asks) = ("p-1".parse().unwrap(), For::All);
            return (None, Command::Appeal { id, appeal: appeal(1), by, asks }, None);
        }
        Step::Decide(upheld) => {
            let decide = Command::DecideAppeal { id, appeal: appeal(1), upheld: *upheld, reason: "w".to_owned() };
            return (Some("judge"), decide, None);
        }
        Step::Observe => return (None, Command::Observe(Box::new(observed(9))), None),
    };
    (Some("li"), command, told)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_restriction_binds_without_its_services_and_none_survives_its_end(
        personal in any::<bool>(), steps in prop::collection::vec(step(), 1..24), ahead in 0..200_i64,
    ) {
        let id = measure(1);
        let mut city = Measures::default();
        let scope = if personal { one_person() } else { area() };
        act(&mut city, 0, Some("li"), Command::Propose { id, terms: Box::new(terms(scope)) }).unwrap();
        let (mut now, mut overridden_at, mut overrides) = (0_i64, None, 0);
        for step in &steps {
            if let Step::Wait(hours) = step {
                now += hours;
            }
            let (actor, command, told) = take(&city, now, step);
            let actor = actor.map(who);
            let acting = Acting { now: at(now), actor: actor.as_ref() };
            // Urgent care first, from any state, by anybody and by nobody.
            let care = Command::SendUrgentCare { subject: "p-2".parse().unwrap() };
            for acting in [acting, Acting { actor: None, ..acting }] {
                let sent = city.decide(&acting, care.clone());
                let only = matches!(sent.as_deref(), Ok([Change::UrgentCareSent { .. }]));
                prop_assert!(only, "urgent care was not sent");
            }
            let Ok(changes) = city.decide(&acting, command) else { continue };
            for change in &changes {
                city.apply(change);
                match change {
                    Change::Activated { basis, .. } => {
                        let told = told.unwrap();
                        let by_override = basis.until().is_some();
                        prop_assert!(told.suffices(by_override), "{told:?}");
                        overrides += u32::from(by_override);
                        overridden_at = basis.until().map(|_| now);
                    }
                    Change::Completed { .. } | Change::Renewed { .. } => {
                        prop_assert!(told.unwrap().suffices(false));
                        overridden_at = None;
                    }
                    _ => {}
                }
            }
            prop_assert!(overrides <= 1, "overridden twice");
            let measure = city.measure(&id).unwrap();
            for later in [now, now + ahead] {
                if measure.binds(at(later)) {
                    prop_assert!(at(later) < measure.terms().end());
                    prop_assert!(overridden_at.is_none_or(|since| later < since + 24));
                }
            }
        }
        // Whoever asked for nothing more is free in the end, noticed or not.
        let end = city.measure(&id).unwrap().terms().end();
        prop_assert!(!city.measure(&id).unwrap().binds(end));
        // And what time brings is done once.
        act(&mut city, now + 10_000, None, Command::Tick).unwrap();
        prop_assert_eq!(act(&mut city, now + 10_000, None, Command::Tick), Ok(vec![]));
        prop_assert!(city.measure(&id).unwrap().phase().name().is_over());
    }
}
