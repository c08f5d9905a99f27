//! The large assignment: against every possible answer, against OR-tools, and by its own proof.

#![allow(clippy::unwrap_used, reason = "helpers of tests, on inputs the tests make themselves")]

use levee_check::assign::{Answer, AssignViolation, check};
use levee_planner::assign::{AssignError, AssignInputs, Assignment, FORBIDDEN, assign};
use proptest::prelude::*;

fn judged(costs: &[u32], places: &[u64]) -> (Assignment, Vec<AssignViolation>) {
    let answer = assign(AssignInputs { costs, places }).unwrap();
    let found = {
        let (facility, prices) = (&answer.facility, &answer.prices);
        check(costs, places, Answer { facility, cost: answer.cost, unplaced: answer.unplaced, prices })
    };
    (answer, found)
}

/// People without a place, then cost, of the best of all answers.
fn best_of_all(costs: &[u32], places: &mut [u64]) -> (u64, u64) {
    let facilities = places.len();
    if costs.is_empty() {
        return (0, 0);
    }
    let (row, rest) = costs.split_at(facilities);
    let (unplaced, cost) = best_of_all(rest, places);
    let mut best = (unplaced + 1, cost);
    for f in (0..facilities).filter(|f| row[*f] != FORBIDDEN) {
        if places[f] > 0 {
            places[f] -= 1;
            let (unplaced, cost) = best_of_all(rest, places);
            best = best.min((unplaced, cost + u64::from(row[f])));
            places[f] += 1;
        }
    }
    best
}

fn a_cost() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 0..50u32, 1 => Just(FORBIDDEN)]
}

proptest! {
    /// As good as the best of all answers, and proved to be.
    #[test]
    fn no_answer_is_better(
        (costs, mut places) in (1..4usize, 0..7usize).prop_flat_map(|(facilities, people)| {
            (prop::collection::vec(a_cost(), facilities * people), prop::collection::vec(0..4u64, facilities))
        })
    ) {
        let (answer, found) = judged(&costs, &places);
        prop_assert_eq!(found, []);
        prop_assert_eq!((answer.unplaced, answer.cost), best_of_all(&costs, &mut places));
    }

    /// Larger ones, by the proof alone.
    #[test]
    fn larger_ones_prove_themselves(
        (costs, places) in (1..12usize, 0..80usize).prop_flat_map(|(facilities, people)| {
            (prop::collection::vec(a_cost(), facilities * people), prop::collection::vec(0..12u64, facilities))
        })
    ) {
        prop_assert_eq!(judged(&costs, &places).1, []);
    }

    /// A worse answer is not let through: two people who trade places for a higher cost.
    #[test]
    fn a_worse_answer_is_caught(
        costs in prop::collection::vec(0..50u32, 24), a in 0..8usize, b in 0..8usize
    ) {
        let places = [3, 3, 3];
        let (mut answer, _) = judged(&costs, &places);
        let cost = |f: &[Option<usize>]| f.iter().enumerate().map(|(p, f)| u64::from(costs[p * 3 + f.unwrap()])).sum::<u64>();
        let before = cost(&answer.facility);
        answer.facility.swap(a, b);
        answer.cost = cost(&answer.facility);
        let (facility, prices) = (&answer.facility, &answer.prices);
        let found = check(&costs, &places, Answer { facility, cost: answer.cost, unplaced: 0, prices });
        prop_assert_eq!(found.is_empty(), answer.cost == before);
    }
}

#[test]
fn what_cannot_be_tried_is_refused_with_what_to_do() {
    let error = assign(AssignInputs { costs: &[1, 2, 3], places: &[1, 1] }).unwrap_err();
    insta::assert_snapshot!(error, @"3 costs are not whole rows of 2 facilities; give every person one cost for each facility");
    assert_eq!(
        assign(AssignInputs { costs: &[1], places: &[] }).unwrap_err(),
        AssignError::NotRows { costs: 1, facilities: 0 }
    );
    assert!(assign(AssignInputs { costs: &[], places: &[] }).is_ok());
}

/// Values of OR-tools' min-cost flow, on the first instances of `examples/assign_peers.rs`; made by `bench/peers/assign.py`.
#[test]
fn or_tools_finds_the_same_values() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/assign.json")).unwrap();
    let instances = golden["instances"].as_array().unwrap();
    assert!(instances.len() >= 3);
    for one in instances {
        let numbers =
            |what: &str| one[what].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect::<Vec<_>>();
        let costs: Vec<u32> = numbers("costs").into_iter().map(|c| u32::try_from(c).unwrap()).collect();
        let (answer, found) = judged(&costs, &numbers("places"));
        assert_eq!(found, []);
        assert_eq!(one["unplaced"].as_u64(), Some(answer.unplaced));
        assert_eq!(one["cost"].as_u64(), Some(answer.cost));
    }
}
