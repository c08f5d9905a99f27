//! Properties over random small cities.

use crate::city::any_city;
use levee_check::check;
use levee_model::plan::{PlanInputs, Tier};
use levee_model::quantity::Beds;
use levee_planner::solver::Programmes;
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
        }
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
        let theirs = propose_with(&Programmes, &inputs, 0);
        prop_assert_eq!(check(&theirs, &inputs), []);
        prop_assume!(theirs.solver.fell_back.is_none());
        for (a, b) in ours.tiers.iter().zip(&theirs.tiers) {
            prop_assert_eq!(a.tier, b.tier);
            // With shared seats the second solve starts from one of several optima of the first.
            prop_assert_eq!(a.bound.filter(|_| a.tier != Tier::Distance), b.bound.filter(|_| a.tier != Tier::Distance));
            if ours.solver.solves == 1 && theirs.solver.solves == 1 && a.bound.is_some() && b.bound.is_some() {
                prop_assert_eq!(a.bound, b.bound);
            }
        }
    }
}

/// The properties above mean something only if the cities they try hold orders, surge and shortages of every kind.
#[test]
fn the_random_cities_are_worth_checking() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..400 {
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
    }
    for (what, times) in &seen {
        assert!(*times >= 5, "{what}: only in {times} of 400 cities; all: {seen:?}");
    }
    println!("{seen:?}");
}
