//! Laws over random small days.

use crate::day::any_day;
use levee_check::runs::check;
use levee_model::plan::runs::RunPlan;
use levee_planner::runs::{RunSearch, propose};

/// A short search: what is proved does not depend on how long it goes on.
const SEARCH: RunSearch = RunSearch { tries: 4, aid: 20_000 };

/// 10^4 days, or as many as `LEVEE_RANDOM_PLANS` says; `cargo xtask prove` says 10^6.
fn days() -> u64 {
    std::env::var("LEVEE_RANDOM_PLANS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

#[test]
fn the_checker_finds_nothing_on_any_day() {
    for seed in 0..days() {
        let day = any_day(seed);
        let found = check(&propose(&day, SEARCH, seed), &day);
        assert!(found.is_empty(), "day {seed}: {found:?}");
    }
}

#[test]
fn the_order_of_the_rows_means_nothing_and_the_plan_survives_its_json() {
    for seed in 0..days() / 10 {
        let day = any_day(seed);
        let mut turned = day.clone();
        turned.people.reverse();
        turned.quotas.reverse();
        turned.lanes.reverse();
        turned.hops.reverse();
        turned.vehicles.reverse();
        let plan = propose(&day, SEARCH, 1);
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(text, serde_json::to_string(&propose(&turned, SEARCH, 1)).unwrap(), "day {seed}");
        assert_eq!(serde_json::from_str::<RunPlan>(&text).unwrap(), plan, "day {seed}");
    }
}

/// Life-saving people are dispatched now whatever else there is: taking away every place, way and coach changes nothing but where to.
#[test]
fn nothing_stands_before_life_saving_care() {
    for seed in 0..days() / 10 {
        let day = any_day(seed);
        let mut bare = day.clone();
        bare.quotas.clear();
        bare.lanes.clear();
        bare.vehicles.clear();
        let who = |plan: &RunPlan| plan.urgent.iter().map(|u| u.person).collect::<Vec<_>>();
        assert_eq!(who(&propose(&day, SEARCH, 1)), who(&propose(&bare, SEARCH, 1)), "day {seed}");
    }
}

/// The laws mean something only if the days hold runs, families, help between districts and every cause of waiting.
#[test]
fn the_random_days_are_worth_checking() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..2_000 {
        let plan = propose(&any_day(seed), SEARCH, seed);
        let text = serde_json::to_string(&plan).unwrap();
        let mut count = |what: &'static str, so: bool| *seen.entry(what).or_insert(0u32) += u32::from(so);
        count("runs", !plan.runs.is_empty());
        count(
            "two runs of a vehicle",
            plan.runs.iter().any(|a| plan.runs.iter().any(|b| a.vehicle == b.vehicle && a != b)),
        );
        count("two pick-ups", plan.runs.iter().any(|r| r.pick_ups.len() > 1));
        count("another district's vehicle", plan.runs.iter().any(|r| r.pick_ups[0].district != r.base));
        count("a household together", plan.figures.households_together > 0);
        count(
            "going up",
            text.contains("\"place_of\":\"moderate\"")
                && plan
                    .runs
                    .iter()
                    .flat_map(|r| &r.pick_ups)
                    .flat_map(|s| &s.people)
                    .any(|p| any_day(seed).people.iter().any(|q| q.person == p.person && q.class != p.place_of)),
        );
        count("a break at the facility", plan.runs.iter().any(|r| r.leave.duration_since(r.arrive).as_mins() > 15));
        count("escort", text.contains("\"escort\":\"p-"));
        count("along", plan.figures.along.iter().any(|n| n.get() > 0));
        count("cuts", !plan.cuts.is_empty());
        for cause in [
            "no_place",
            "no_place_together",
            "no_lane",
            "no_vehicle",
            "vehicles_unknown",
            "no_seats_together",
            "way_too_long",
            "vehicle_time",
            "guardian_unknown",
            "guardian_does_not_travel",
            "exemption_undecided",
            "household_held",
            "contradiction",
            "not_yet",
        ] {
            count(cause, text.contains(&format!("\"cause\":\"{cause}\"")));
        }
    }
    for (what, times) in &seen {
        assert!(*times >= 10, "{what}: only in {times} of 2000 days; all: {seen:?}");
    }
}
