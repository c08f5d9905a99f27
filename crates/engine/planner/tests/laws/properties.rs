//! Properties over random small cities.

use crate::city::any_city;
use levee_check::check;
use levee_model::plan::{CareClass, Pin, PlanInputs, ProposedOrder, Refusal, Revision, StandingOrder, Tier};
use levee_model::quantity::Beds;
use levee_planner::solver::Programmes;
use levee_planner::solver::programme::MicroLp;
use levee_planner::{nearest_first_greedy, propose, propose_with};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn value(plan: &levee_model::plan::Plan, tier: Tier) -> u64 {
    plan.tiers.iter().find(|t| t.tier == tier).unwrap().value
}

fn one_more_bed(mut inputs: PlanInputs, which: usize) -> PlanInputs {
    if !inputs.capacity.is_empty() {
        let at = which % inputs.capacity.len();
        let row = &mut inputs.capacity[at];
        for limit in [&mut row.physical, &mut row.staffed, &mut row.equipped] {
            *limit = limit.map(|beds| Beds::new(beds.get() + 1));
        }
    }
    inputs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law 8, 9, 11 and the balances: the checker, which shares no code, finds nothing; nobody is lost.
    #[test]
    fn a_proposal_passes_the_check(inputs in any_city()) {
        let plan = propose(&inputs, 7);
        prop_assert_eq!(check(&plan, &inputs), []);
        prop_assert!(plan.solver.fell_back.is_none());
        for k in 0..4 {
            let t = &plan.totals;
            prop_assert_eq!(t.admitted[k].get() + t.unserved[k].get(), t.needed[k].get());
            for t in &t.by_care {
                prop_assert_eq!(t.admitted[k].get() + t.unserved[k].get(), t.needed[k].get());
            }
        }
    }

    /// Whatever is decided is answered: kept as it was said, or refused with a cause; accepted orders stand unchanged.
    #[test]
    fn every_decision_is_answered_and_what_is_kept_holds(inputs in any_city()) {
        let plan = propose(&inputs, 7);
        let there = |order: &StandingOrder, frozen: bool| -> u64 {
            let same = plan.orders.iter().filter(|o| {
                (o.day, &o.from, o.class, o.care, &o.facility, o.level)
                    == (order.day, &order.from, order.class, order.care, &order.facility, order.level)
            });
            same.filter(|o| o.frozen || !frozen).map(|o| o.people.get()).sum()
        };
        for pin in &inputs.revision.pins {
            prop_assert_eq!(plan.pins.iter().filter(|o| o.pin == *pin).count(), 1);
        }
        for outcome in plan.pins.iter().filter(|o| o.refused.is_none()) {
            match &outcome.pin {
                Pin::Assign { order, exactly: true } => prop_assert_eq!(there(order, false), order.people.get()),
                Pin::Assign { order, exactly: false } => prop_assert!(there(order, false) >= order.people.get()),
                Pin::Forbid { from, facility, class } => {
                    let goes = |o: &ProposedOrder| o.from == *from && o.facility == *facility && !o.frozen;
                    let meant = plan.orders.iter().filter(|o| class.is_none_or(|c| c == o.class));
                    prop_assert_eq!(meant.filter(|o| goes(o)).count(), 0);
                }
                Pin::Cap { facility, level, beds } => {
                    for load in plan.loads.iter().filter(|l| l.facility == *facility && l.level == *level) {
                        let come = load.admitted.get() + load.stepped_in.get();
                        prop_assert!(come == 0 || load.occupied <= *beds);
                    }
                }
                Pin::Priority { class, .. } => prop_assert_eq!(*class, CareClass::Mild),
            }
        }
        for outcome in plan.frozen.iter().filter(|o| o.refused.is_none()) {
            prop_assert_eq!(there(&outcome.order, true), outcome.order.people.get());
        }
        let all = inputs.revision.frozen.iter().filter(|o| plan.frozen.iter().any(|answer| {
            (answer.order.day, &answer.order.from, &answer.order.facility) == (o.day, &o.from, &o.facility)
        }));
        prop_assert_eq!(all.count(), inputs.revision.frozen.len());
    }

    /// Law 7: with no decision at all, life-saving care has no smaller bound than with all that are kept.
    #[test]
    fn no_decision_holds_back_life_saving_care(inputs in any_city()) {
        let bound = |inputs: &PlanInputs| propose(inputs, 0).tiers[0].bound;
        let free = PlanInputs { revision: Revision::default(), ..inputs.clone() };
        prop_assert_eq!(bound(&inputs), bound(&free));
    }

    /// What a careful dispatcher does keeps the same limits, and life-saving care never fares better with them.
    #[test]
    fn nearest_first_passes_too_and_is_never_better_where_it_matters_most(inputs in any_city()) {
        let greedy = nearest_first_greedy(&inputs);
        prop_assert_eq!(check(&greedy, &inputs), []);
        prop_assert!(value(&propose(&inputs, 0), Tier::LifeSaving) <= value(&greedy, Tier::LifeSaving));
    }

    /// The same input gives the same bytes, in whatever order its rows come.
    #[test]
    fn the_order_of_the_rows_means_nothing(inputs in any_city()) {
        let mut turned = inputs.clone();
        turned.needs.reverse();
        turned.capacity.reverse();
        turned.lanes.reverse();
        turned.fleets.reverse();
        turned.step_downs.reverse();
        turned.revision.pins.reverse();
        turned.revision.frozen.reverse();
        turned.revision.issued.reverse();
        let bytes = |i: &PlanInputs| serde_json::to_string(&propose(i, 3)).unwrap();
        prop_assert_eq!(bytes(&inputs), bytes(&inputs));
        prop_assert_eq!(bytes(&inputs), bytes(&turned));
    }

    /// One more bed anywhere never costs life-saving care a person-day.
    #[test]
    fn more_beds_never_harm_life_saving_care(inputs in any_city(), which in 0..10usize) {
        // A doubled row that differs from its twin is a contradiction: one more bed would make or mend one.
        let mut inputs = inputs;
        let mut seen = std::collections::BTreeSet::new();
        inputs.capacity.retain(|c| seen.insert((c.facility.clone(), c.level)));
        let before = value(&propose(&inputs, 0), Tier::LifeSaving);
        let after = value(&propose(&one_more_bed(inputs, which), 0), Tier::LifeSaving);
        prop_assert!(after <= before, "{after} > {before}");
    }

    /// A plan survives being stored.
    #[test]
    fn a_plan_survives_its_json(inputs in any_city()) {
        let plan = propose(&inputs, 3);
        let text = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<levee_model::plan::Plan>(&text).unwrap(), plan);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A second opinion: one linear programme per tier (microlp) comes to the same values as our simplex.
    #[test]
    fn tier_by_tier_programmes_agree(inputs in any_city()) {
        let ours = propose(&inputs, 0);
        let theirs = propose_with(&Programmes::by(MicroLp::default()), &inputs, 0);
        prop_assert_eq!(check(&theirs, &inputs), []);
        prop_assume!(theirs.solver.fell_back.is_none());
        for (a, b) in ours.tiers.iter().zip(&theirs.tiers) {
            prop_assert_eq!(a.tier, b.tier);
            // With shared seats the second solve starts from one of several optima of the first; and whether there is a second one
            // may depend on which it is. The last two tiers are bounded only where there is none.
            if !matches!(a.tier, Tier::Changes | Tier::Distance) {
                prop_assert_eq!(a.bound, b.bound);
            }
            if ours.solver.solves == 1 && theirs.solver.solves == 1 && a.bound.is_some() && b.bound.is_some() {
                prop_assert_eq!(a.bound, b.bound);
            }
        }
    }
}

/// 10^4 cities here; as many as the environment says where there is time (10^6 in the long form).
#[test]
fn random_plans_pass_the_check() {
    let many = std::env::var("LEVEE_RANDOM_PLANS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000u32);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = any_city();
    for number in 0..many {
        let city = strategy.new_tree(&mut runner).unwrap().current();
        let found = check(&propose(&city, 0), &city);
        assert!(found.is_empty(), "city {number}: {found:?}\n{}", serde_json::to_string(&city).unwrap());
    }
}

/// The properties above mean something only if the cities they try hold orders, surge and shortages of every kind.
#[test]
fn the_random_cities_are_worth_checking() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..1600 {
        let city = any_city().new_tree(&mut runner).unwrap().current();
        let plan = propose(&city, 0);
        let text = serde_json::to_string(&plan).unwrap();
        let mut count = |what: &'static str, so: bool| *seen.entry(what).or_insert(0u32) += u32::from(so);
        count("orders", !plan.orders.is_empty());
        count("second solve", plan.solver.solves == 2);
        count("surge", !plan.surge.is_empty());
        count("dispatch", text.contains("\"dispatch\""));
        count("coach trips", text.contains("\"kind\":\"coach\",\"trips\""));
        count("vehicles bind", text.contains("\"cause\":\"vehicles\""));
        count("upgrades", text.contains("\"upgraded\",\"needed\""));
        count("waited", text.contains("\"waited\""));
        count("nearer left to others", text.contains("nearer_left_to_others"));
        count("steps down", !plan.step_downs.is_empty());
        count("accepted orders kept", plan.frozen.iter().any(|o| o.refused.is_none()));
        count("pins kept", plan.pins.iter().any(|o| o.refused.is_none()));
        count("assignments kept", text.contains("\"pinned\",\"people\""));
        count("as issued", text.contains("as_issued"));
        count("changes", value(&plan, Tier::Changes) > 0);
        count("slots bind", text.contains("\"cause\":\"slots\""));
        count("no service", text.contains("\"cause\":\"no_service\""));
        count("pins bind", text.contains("\"cause\":\"pinned\""));
        count("several solves", plan.solver.solves > 2);
        for why in [
            Refusal::OutsidePlan,
            Refusal::Nobody,
            Refusal::NoBeds,
            Refusal::WrongLevel,
            Refusal::NoLane,
            Refusal::NoService,
            Refusal::Unknown,
            Refusal::NotOpen,
            Refusal::NotAccepted,
            Refusal::Forbidden,
            Refusal::NotEnoughPeople,
            Refusal::NotEnoughBeds,
            Refusal::NotEnoughSlots,
            Refusal::NotEnoughVehicles,
            Refusal::AlreadyFirst,
            Refusal::LifeSaving,
        ] {
            let refused = plan.pins.iter().map(|o| o.refused).chain(plan.frozen.iter().map(|o| o.refused));
            let name: &'static str = format!("{why:?}").leak();
            count(name, refused.flatten().any(|r| r == why));
        }
    }
    println!("{seen:?}");
    for (what, times) in &seen {
        assert!(*times >= 5, "{what}: only in {times} of 1600 cities; all: {seen:?}");
    }
    println!("{seen:?}");
}
