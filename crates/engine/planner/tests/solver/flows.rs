//! Flows by our simplex and as programmes, against one another and against flows worked out by hand.

use crate::back_ends::back_ends;
use levee_planner::solver::programme::WorkLimits;
use levee_planner::solver::{Arc, Cost, FromSink, NetworkSimplex, Solver, SolverError, TIERS, TieredFlow, UNLIMITED};
use proptest::prelude::*;

fn arc(from: usize, to: usize, cap: i64, cost: [i64; TIERS]) -> Arc {
    Arc { from, to, cap, cost: Cost(cost) }
}

#[test]
fn no_amount_of_a_lower_tier_outweighs_a_higher_one() {
    // Four people from 0 to 2. The way past 1 costs a fortune in the last tier and takes three; the direct one costs
    // one unit of the first tier.
    let flow = TieredFlow {
        supply: vec![4, 0, -4],
        arcs: vec![
            arc(0, 1, 3, [0, 0, 0, 0, 1_000_000_000_000]),
            arc(1, 2, UNLIMITED, [0; TIERS]),
            arc(0, 2, 9, [1, 0, 0, 0, 0]),
        ],
    };
    let answer = NetworkSimplex::default().solve(&flow).unwrap();
    assert_eq!(answer.on, [3, 3, 1]);
    assert_eq!(flow.cost_of(&answer.on), [1, 0, 0, 0, 3_000_000_000_000]);
}

#[test]
fn what_has_no_way_out_is_infeasible_and_too_much_work_is_refused() {
    let flow = TieredFlow { supply: vec![1, -1], arcs: vec![] };
    assert_eq!(NetworkSimplex::default().solve(&flow), Err(SolverError::Infeasible));
    let flow = TieredFlow { supply: vec![1, -1], arcs: vec![arc(0, 1, 1, [0; TIERS])] };
    assert_eq!(
        NetworkSimplex { pivots_at_most: 0 }.solve(&flow).unwrap_err().to_string(),
        "stopped after 0 iterations, the limit given; raise it or plan fewer days"
    );
}

#[test]
fn a_flow_out_of_balance_is_named() {
    let flow = TieredFlow { supply: vec![2, -2], arcs: vec![arc(0, 1, 2, [0; TIERS])] };
    assert_eq!(flow.broken_by(&[2]), None);
    assert_eq!(flow.broken_by(&[3]).unwrap(), "3 on arc 0, which takes 0 to 2");
    assert_eq!(flow.broken_by(&[1]).unwrap(), "node 0 is out of balance by 1");
}

/// Any network of nine nodes in which everybody can also stay unserved, at a price in the first tier.
fn network() -> impl Strategy<Value = TieredFlow> {
    let cost = proptest::array::uniform5(0..5i64);
    let arcs = proptest::collection::vec((0..8usize, 0..8usize, 0..6i64, cost), 0..40);
    (arcs, proptest::collection::vec(0..6i64, 4)).prop_map(|(arcs, sources)| {
        let mut supply = vec![0; 9];
        let mut all: Vec<Arc> =
            arcs.into_iter().filter(|a| a.0 != a.1).map(|(a, b, cap, c)| arc(a, b, cap, c)).collect();
        for (node, &people) in sources.iter().enumerate() {
            supply[node] = people;
            supply[8] -= people;
            all.push(arc(node, 8, UNLIMITED, [3; TIERS]));
        }
        all.extend((4..8).map(|node| arc(node, 8, 4, [0; TIERS])));
        TieredFlow { supply, arcs: all }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Same cost in every tier, by an algorithm that shares nothing with ours.
    #[test]
    fn one_pass_over_tiers_equals_one_programme_per_tier(flow in network()) {
        let ours = NetworkSimplex::default().solve(&flow).unwrap();
        prop_assert_eq!(flow.broken_by(&ours.on), None);
        let hung = FromSink::default().solve(&flow).unwrap();
        prop_assert_eq!(flow.broken_by(&hung.on), None);
        prop_assert_eq!(flow.cost_of(&hung.on), flow.cost_of(&ours.on));
        for by in back_ends() {
            let theirs = by.solve(&flow.programme(), WorkLimits::default());
            prop_assume!(theirs.is_ok());
            let on = theirs.unwrap().rounded();
            prop_assert_eq!(flow.broken_by(&on), None, "{}", by.name());
            prop_assert_eq!(flow.cost_of(&ours.on), flow.cost_of(&on), "{}", by.name());
        }
    }
}

/// The same network with other capacities, supplies and costs.
fn changed(flow: &TieredFlow, changes: &[(usize, i64, i64)]) -> TieredFlow {
    let mut flow = flow.clone();
    for &(at, cap, people) in changes {
        let arcs = flow.arcs.len();
        if let Some(arc) = flow.arcs.get_mut(at % arcs.max(1)).filter(|a| a.cap < UNLIMITED) {
            arc.cap = cap;
            arc.cost = arc.cost + Cost([0, people % 2, 0, 0, cap]);
        }
        let source = at % 4;
        flow.supply[8] += flow.supply[source] - people;
        flow.supply[source] = people;
    }
    flow
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// From the tree of another network of the same shape, the same cost in every tier as from nothing; from its own, no pivot.
    #[test]
    fn a_warm_start_ends_where_a_cold_one_does(
        flow in network(),
        changes in proptest::collection::vec((0..60usize, 0..6i64, 0..6i64), 1..8),
    ) {
        let solver = NetworkSimplex::default();
        let (before, basis) = solver.solve_from(&flow, None).unwrap();
        let (again, same) = solver.solve_from(&flow, Some(&basis)).unwrap();
        prop_assert_eq!((again.iterations, &again.on, &same), (0, &before.on, &basis));
        let flow = changed(&flow, &changes);
        let cold = solver.solve(&flow).unwrap();
        let (warm, _) = solver.solve_from(&flow, Some(&basis)).unwrap();
        prop_assert_eq!(flow.broken_by(&warm.on), None);
        prop_assert_eq!(flow.cost_of(&warm.on), flow.cost_of(&cold.on));
    }

    /// A basis of another network is no harm, whatever it says.
    #[test]
    fn a_foreign_basis_is_no_harm(flow in network(), other in network()) {
        let solver = NetworkSimplex::default();
        let (_, basis) = solver.solve_from(&other, None).unwrap();
        let cold = solver.solve(&flow).unwrap();
        let (warm, _) = solver.solve_from(&flow, Some(&basis)).unwrap();
        prop_assert_eq!(flow.cost_of(&warm.on), flow.cost_of(&cold.on));
    }
}
