//! Properties over random small cities.

use crate::city::any_city;
use levee_check::testing::check;
use levee_model::plan::testing::{Team, TestingInputs, TestingPlan, TestingTier};
use levee_model::quantity::Tubes;
use levee_planner::testing::{nearest_until_full, propose};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn value(plan: &TestingPlan, tier: TestingTier) -> u64 {
    plan.tiers.iter().find(|t| t.tier == tier).unwrap().value
}

/// 10^4 cities, or as many as `LEVEE_RANDOM_PLANS` says; `cargo xtask prove` says 10^6.
fn many() -> ProptestConfig {
    let cases = std::env::var("LEVEE_RANDOM_PLANS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(many())]

    /// Every limit and every balance: the checker, which shares no code, finds nothing; nobody is lost, nor any tube.
    #[test]
    fn a_proposal_passes_the_check(inputs in any_city()) {
        let plan = propose(&inputs, 7);
        prop_assert_eq!(check(&plan, &inputs), []);
        prop_assert!(plan.solver.fell_back.is_none());
        let t = &plan.totals;
        prop_assert_eq!(t.people.get(), t.sampled.get() + t.unsampled.get());
        prop_assert_eq!(t.collected.get() + t.waiting.get(), t.analysed.get() + t.lost.get() + t.pending.get());
        for d in &plan.duties {
            prop_assert_eq!(d.people.get(), d.resolved.get() + d.on_time.get() + d.late.get() + d.unsampled.get());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The naive rule keeps the same limits.
    #[test]
    fn nearest_until_full_passes_too(inputs in any_city()) {
        prop_assert_eq!(check(&nearest_until_full(&inputs, 7), &inputs), []);
    }

    /// The same input gives the same bytes, in whatever order its rows come.
    #[test]
    fn the_order_of_the_rows_means_nothing(inputs in any_city()) {
        let mut turned = inputs.clone();
        turned.duties.reverse();
        turned.sites.reverse();
        turned.teams.reverse();
        turned.laboratories.reverse();
        turned.lanes.reverse();
        turned.prevalence.reverse();
        turned.waiting.reverse();
        turned.issued.reverse();
        let bytes = |i: &TestingInputs| serde_json::to_string(&propose(i, 3)).unwrap();
        prop_assert_eq!(bytes(&inputs), bytes(&inputs));
        prop_assert_eq!(bytes(&inputs), bytes(&turned));
    }

    /// Teams written one by one are sent as the same teams written as a kind with their number.
    #[test]
    fn a_kind_of_team_is_its_teams(mut inputs in any_city()) {
        for team in &mut inputs.teams {
            team.count = team.count.min(60);
        }
        let mut apart = inputs.clone();
        let each = |team: &Team| {
            let one = |n: u32| Team { team: format!("{}-{n:02}", team.team).parse().unwrap(), count: 1, ..team.clone() };
            (0..team.count).map(one).collect::<Vec<_>>()
        };
        apart.teams = inputs.teams.iter().flat_map(each).collect();
        let (kinds, teams) = (propose(&inputs, 0), propose(&apart, 0));
        prop_assert_eq!((kinds.sampling, kinds.tubes, kinds.duties), (teams.sampling, teams.tubes, teams.duties));
    }

    /// A plan survives being stored.
    #[test]
    fn a_plan_survives_its_json(inputs in any_city()) {
        let plan = propose(&inputs, 3);
        let text = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<TestingPlan>(&text).unwrap(), plan);
    }

    /// No plan is better than its bound, tier by tier, with whole capacity and with half of it.
    #[test]
    fn a_bound_is_a_bound(inputs in any_city()) {
        let mut half = inputs.clone();
        for lab in &mut half.laboratories {
            for hour in &mut lab.per_hour {
                hour.tubes = Tubes::new(hour.tubes.get() / 2);
            }
        }
        for plan in [propose(&inputs, 0), propose(&half, 0)] {
            let mut exact = true;
            for tier in &plan.tiers {
                prop_assert!(!exact || tier.bound.is_none_or(|bound| bound <= tier.value));
                exact &= tier.bound == Some(tier.value);
            }
        }
    }
}

/// The properties above mean something only if the cities they try hold parcels, shortages and troubles of every kind.
#[test]
fn the_random_cities_are_worth_checking() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..1500 {
        let city = any_city().new_tree(&mut runner).unwrap().current();
        let plan = propose(&city, 0);
        let text = serde_json::to_string(&plan).unwrap();
        let mut count = |what: &'static str, so: bool| *seen.entry(what).or_insert(0u32) += u32::from(so);
        count("parcels", !plan.tubes.is_empty());
        count("late", plan.duties.iter().any(|d| d.late.get() > 0));
        count("not sampled", plan.totals.unsampled.get() > 0);
        count("reserves", !plan.reserves.is_empty());
        count("second samples taken", plan.reserves.iter().any(|r| plan.tubes.iter().any(|t| t.duty == r.duty)));
        count("proof", plan.proof.is_some());
        count("ask", plan.ask.is_some());
        count("lost", plan.totals.lost.get() > 0);
        count("pending", plan.totals.pending.get() > 0);
        count("old analysed", text.contains("\"fate\":\"analysed\""));
        count("changes", value(&plan, TestingTier::Changes) > 0);
        count("helps", plan.totals.helped.get() > 0);
        for cause in ["no_site", "no_team", "no_lane", "no_laboratory", "promise_too_short", "teams", "laboratories"] {
            count(cause, text.contains(&format!("\"cause\":\"{cause}\"")));
        }
    }
    println!("{seen:?}");
    for (what, times) in &seen {
        assert!(*times >= 5, "{what}: only in {times} of 1500 cities; all: {seen:?}");
    }
}
