//! Transfers and openings as programmes: other arithmetic, other algorithms, the same values.

use crate::back_ends::back_ends;
use crate::city::any_city;
use crate::openings::any_openings;
use levee_planner::solver::programme::{Solved, TOLERANCE, WhyNot, WorkLimits};
use levee_planner::{openings, propose, transfer};
use proptest::prelude::*;

/// Compares values tier by tier: less, equal (within the back ends' tolerance) or more.
fn in_tiers(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    let differs = a.iter().zip(b).find(|(a, b)| (*a - *b).abs() > TOLERANCE * (1.0 + a.abs()));
    differs.map_or(std::cmp::Ordering::Equal, |(a, b)| a.total_cmp(b))
}

/// A back end of floating point may give up on a programme; it must not give up often.
fn count_given_up(solved: Result<Solved, WhyNot>, name: &str) -> Result<Option<Solved>, TestCaseError> {
    match solved {
        Ok(solved) => Ok(Some(solved)),
        Err(WhyNot::BackEnd { .. }) if name == "microlp" => Ok(None),
        Err(WhyNot::TooLarge { .. }) => Ok(None),
        Err(other) => Err(TestCaseError::fail(format!("{name}: {other}"))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "small cities")]
fn float(x: u64) -> f64 {
    x as f64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Where the flow's optimum keeps the rows that no flow keeps, it is the programme's optimum, in every tier. Where it does not, the
    /// programme lies between the flow's bound and the plan.
    #[test]
    fn transfers_as_a_programme_come_to_the_same(inputs in any_city()) {
        let plan = propose(&inputs, 0);
        let made = transfer::programme(&inputs);
        for by in back_ends() {
            let solved = by.solve(&made.programme, WorkLimits::default());
            let Some(solved) = count_given_up(solved, by.name())? else { continue };
            let says: Vec<f64> = solved.tiers.iter().zip(made.fixed).map(|(t, fixed)| t.value + float(fixed)).collect();
            if plan.solver.solves == 1 {
                for (tier, says) in plan.tiers.iter().zip(&says) {
                    if let Some(bound) = tier.bound {
                        let off = (float(bound) - says).abs();
                        prop_assert!(off <= TOLERANCE * (1.0 + says.abs()), "{}: {:?} and {}", by.name(), tier, says);
                    }
                }
            } else {
                let waiting = &plan.tiers[..3];
                let bound: Vec<f64> = waiting.iter().map(|t| float(t.bound.unwrap())).collect();
                let value: Vec<f64> = waiting.iter().map(|t| float(t.value)).collect();
                prop_assert!(in_tiers(&bound, &says[..3]).is_le(), "{}: {bound:?} and {says:?}", by.name());
                prop_assert!(in_tiers(&says[..3], &value).is_le(), "{}: {says:?} and {value:?}", by.name());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Openings by branch and bound over switches come to what the search over cuts proved, in every tier.
    #[test]
    fn openings_as_a_programme_come_to_the_same(inputs in any_openings()) {
        let plan = openings::propose(&inputs, 0);
        let made = openings::programme(&inputs);
        for by in back_ends() {
            let solved = by.solve(&made.programme, WorkLimits::default());
            let Some(solved) = count_given_up(solved, by.name())? else { continue };
            let says: Vec<f64> = solved.tiers.iter().map(|t| t.value).collect();
            let ours: Vec<f64> = plan.tiers.iter().map(|t| float(t.value)).collect();
            prop_assert!(in_tiers(&says, &ours).is_eq(), "{}: {says:?}, and ours {ours:?}", by.name());
        }
    }
}

/// The properties above mean something only if the back ends seldom give up, and if rows that no flow keeps do bind.
#[test]
fn the_programmes_are_worth_comparing() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut given_up, mut coupled, mut above) = (0, 0, 0);
    for _ in 0..200 {
        let inputs = any_city().new_tree(&mut runner).unwrap().current();
        let made = transfer::programme(&inputs);
        coupled += u32::from(made.coupled > 0);
        let plan = propose(&inputs, 0);
        for by in back_ends() {
            let Ok(solved) = by.solve(&made.programme, WorkLimits::default()) else {
                given_up += 1;
                continue;
            };
            let says: Vec<f64> = solved.tiers.iter().map(|t| t.value).take(3).collect();
            let bound: Vec<f64> = plan.tiers.iter().take(3).map(|t| float(t.bound.unwrap())).collect();
            above += u32::from(in_tiers(&bound, &says).is_lt());
        }
    }
    println!("{given_up} given up, {coupled} with rows that no flow keeps, {above} above the flow's bound");
    assert!(given_up <= 4, "{given_up} of 200 programmes given up");
    assert!(coupled >= 20 && above >= 3, "{coupled} coupled, {above} above");
}
