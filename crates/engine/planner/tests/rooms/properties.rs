//! Properties over random small cities.

use crate::city::any_city;
use levee_check::rooms::check;
use levee_model::plan::room_plan::{RoomPlan, RoomTier};
use levee_model::plan::rooms::{Opening, RoomInputs};
use levee_model::quantity::Rooms;
use levee_planner::rooms::{NODES, as_it_is, propose};
use proptest::prelude::*;

fn cost(plan: &RoomPlan) -> Vec<u64> {
    plan.tiers.iter().map(|t| t.value).collect()
}

/// The best of all choices: every site that could open, each on every day or never.
fn by_trying_all(inputs: &RoomInputs) -> Option<Vec<u64>> {
    let nothing = as_it_is(inputs);
    let days = i64::from(nothing.days);
    let mut choices: Vec<RoomInputs> = vec![inputs.clone()];
    // A choice is written down as sites that are open from a day on, or whose lead is too long.
    let mut which: Vec<usize> = Vec::new();
    for (i, site) in inputs.sites.iter().enumerate() {
        if matches!(site.opening, Opening::Possible { .. }) {
            which.push(i);
        }
    }
    if which.len() > 2 || inputs.days > 3 {
        return None;
    }
    for i in &which {
        let Opening::Possible { lead_days, staff, price } = inputs.sites[*i].opening else { unreachable!() };
        let mut more = Vec::new();
        for city in &choices {
            for day in 0..=days {
                let mut city = city.clone();
                // Exactly on that day: what the search would call first = last.
                let lead =
                    lead_days.map(|lead| if day == days { 99 } else { lead.max(u16::try_from(day).unwrap() + 1) });
                city.sites[*i].opening = Opening::Possible { lead_days: lead, staff, price };
                more.push(city);
            }
        }
        choices = more;
    }
    choices.iter().map(|city| cost(&propose(city, 0))).min()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The checker, which shares no code, finds nothing, whether the search ends or is cut off; nor when nothing opens.
    #[test]
    fn a_proposal_passes_the_check(inputs in any_city(), nodes in prop_oneof![Just(NODES), 0..3u32]) {
        prop_assert_eq!(check(&propose(&inputs, nodes), &inputs), []);
        prop_assert_eq!(check(&as_it_is(&inputs), &inputs), []);
    }

    /// The same input gives the same bytes, in whatever order its rows come.
    #[test]
    fn the_order_of_the_rows_means_nothing(inputs in any_city()) {
        let mut turned = inputs.clone();
        turned.sites.reverse();
        turned.lanes.reverse();
        turned.known.reverse();
        turned.promises.reverse();
        let bytes = |i: &RoomInputs| serde_json::to_string(&propose(i, NODES)).unwrap();
        prop_assert_eq!(bytes(&inputs), bytes(&inputs));
        prop_assert_eq!(bytes(&inputs), bytes(&turned));
    }

    /// The search always ends on such cities, its bounds are its values, and opening something is never worse than nothing.
    #[test]
    fn the_search_ends_and_is_never_worse_than_nothing(inputs in any_city()) {
        let plan = propose(&inputs, NODES);
        prop_assert_eq!(&plan.solver.fell_back, &None);
        prop_assert!(plan.tiers.iter().all(|t| t.bound == Some(t.value)));
        prop_assert!(cost(&plan) <= cost(&as_it_is(&inputs)));
    }

    /// Whatever the limit, the first tier's bound is no more than its value, and a bound that stands is true.
    #[test]
    fn a_search_cut_off_says_so_and_its_bounds_are_true(inputs in any_city(), nodes in 0u32..3) {
        let (cut, whole) = (propose(&inputs, nodes), propose(&inputs, NODES));
        for (short, best) in cut.tiers.iter().zip(&whole.tiers) {
            let Some(bound) = short.bound else { break };
            prop_assert!(bound <= short.value);
            prop_assert!(bound <= best.value, "{:?}: {bound} > {}", short.tier, best.value);
            if bound < short.value { break }
        }
    }

    /// One more room in a site that is open never makes a tier of safety worse.
    #[test]
    fn more_rooms_never_harm(inputs in any_city(), which in 0..7usize) {
        let mut inputs = inputs;
        let mut seen = std::collections::BTreeSet::new();
        inputs.sites.retain(|s| seen.insert(s.site.clone()));
        let mut more = inputs.clone();
        if let Some(site) = more.sites.get_mut(which) {
            for rooms in [&mut site.physical, &mut site.certified, &mut site.staffed] {
                *rooms = rooms.map(|n| Rooms::new(n.get() + 1));
            }
        }
        prop_assert!(cost(&propose(&more, NODES))[..3] <= cost(&propose(&inputs, NODES))[..3]);
    }

    /// A plan survives being stored.
    #[test]
    fn a_plan_survives_its_json(inputs in any_city()) {
        let plan = propose(&inputs, NODES);
        let text = serde_json::to_string(&plan).unwrap();
        let read: RoomPlan = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read, plan);
    }

    /// No choice of sites and days is better than what the search found.
    #[test]
    fn nothing_is_better_by_trying_all(inputs in any_city()) {
        let mut inputs = inputs;
        inputs.days = inputs.days.min(3);
        let mut possible = 0;
        inputs.sites.retain(|s| {
            possible += usize::from(matches!(s.opening, Opening::Possible { .. }));
            possible <= 2
        });
        if let Some(best) = by_trying_all(&inputs) {
            prop_assert_eq!(cost(&propose(&inputs, NODES)), best);
        }
    }
}

/// The properties above mean something only if the cities they try hold openings and shortages of every kind.
#[test]
fn the_random_cities_are_worth_checking() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..600 {
        let city = any_city().new_tree(&mut runner).unwrap().current();
        let plan = propose(&city, NODES);
        let text = serde_json::to_string(&plan).unwrap();
        let mut count = |what: &'static str, so: bool| *seen.entry(what).or_insert(0u32) += u32::from(so);
        let tier = |which: RoomTier| plan.tiers.iter().find(|t| t.tier == which).unwrap().value;
        count("openings", !plan.openings.is_empty());
        count("two openings", plan.openings.len() > 1);
        count("nodes", plan.solver.iterations > 0);
        count("known short", tier(RoomTier::Known) > 0);
        count("promise short", tier(RoomTier::Promise) > 0);
        count("tail long", tier(RoomTier::Tail) > 0);
        for word in [
            "\"code\":\"known\"",
            "\"code\":\"promise\"",
            "\"code\":\"tail\"",
            "\"cause\":\"no_site\"",
            "\"cause\":\"unknown\"",
            "\"cause\":\"not_accepted\"",
            "\"cause\":\"lead_time\"",
            "\"cause\":\"staff\"",
            "\"cause\":\"rooms\"",
            "\"remedy\":\"one_room\"",
            "staff_to_open",
            "staff_rooms",
            "no_lane",
            "site_contradicts",
        ] {
            count(word, text.contains(word));
        }
    }
    for (what, times) in &seen {
        assert!(*times >= 5, "{what}: only in {times} of 600 cities; all: {seen:?}");
    }
}

/// Ten thousand random small plans, and as many as `LEVEE_RANDOM_PLANS` says where that is set.
#[test]
fn many_random_plans_pass_the_check() {
    use proptest::strategy::ValueTree;
    let asked = std::env::var("LEVEE_RANDOM_PLANS").ok().and_then(|n| n.parse().ok());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for nth in 0..asked.unwrap_or(10_000) {
        let city = any_city().new_tree(&mut runner).unwrap().current();
        let plan = propose(&city, NODES);
        let found = check(&plan, &city);
        assert!(found.is_empty(), "plan {nth}: {found:?}\n{city:#?}\n{plan:#?}");
    }
}
