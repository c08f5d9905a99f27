//! Programmes: what the back ends answer, against trying everything.

use crate::back_ends::back_ends;
use levee_planner::solver::programme::{BackEnd, MicroLp, Programme, Row, Solved, WhyNot, WorkLimits};
use proptest::prelude::*;

/// Three things of 3, 4 and 5 kg in a bag of 7 kg, worth 4, 5 and 6: as much worth as can be; of that, as few things.
fn bag() -> Programme {
    let mut bag = Programme::default();
    let things: Vec<usize> = (0..3).map(|_| bag.switch()).collect();
    bag.rows.push(Row::at_most(things.iter().copied().zip([3, 4, 5]).collect(), 7));
    bag.tiers.push(things.iter().copied().zip([-4, -5, -6]).collect());
    bag.tiers.push(things.iter().map(|&thing| (thing, 1)).collect());
    bag
}

fn solve(by: &dyn BackEnd, programme: &Programme) -> Result<Solved, WhyNot> {
    by.solve(programme, WorkLimits::default())
}

#[test]
fn a_bag_is_packed_by_every_back_end() {
    for by in back_ends() {
        let solved = solve(by.as_ref(), &bag()).unwrap();
        assert_eq!(solved.rounded(), [1, 1, 0], "{}", by.name());
        let said: Vec<(f64, f64)> = solved.tiers.iter().map(|t| (t.value, t.bound)).collect();
        assert_eq!(said, [(-9.0, -9.0), (2.0, 2.0)], "{}", by.name());
    }
}

#[test]
fn a_lower_tier_only_chooses_among_what_is_best_in_the_higher_one() {
    // x + y >= 3, each at most 2: least x + y = 3; of those, the least y is 1; nothing is left to the third tier.
    let mut programme = Programme::default();
    let (x, y) = (programme.variable(0, Some(2)), programme.variable(0, Some(2)));
    programme.rows.push(Row { entries: vec![(x, 1), (y, 1)], at_least: Some(3), at_most: None });
    programme.tiers = vec![vec![(x, 1), (y, 1)], vec![(y, 1_000_000)], vec![(x, 1)]];
    for by in back_ends() {
        let solved = solve(by.as_ref(), &programme).unwrap();
        assert_eq!(solved.rounded(), [2, 1], "{}", by.name());
        let values: Vec<f64> = solved.tiers.iter().map(|t| t.value).collect();
        assert_eq!(values, [3.0, 1_000_000.0, 2.0], "{}", by.name());
    }
}

#[test]
fn what_cannot_be_is_said() {
    let mut over = bag();
    over.rows.push(Row::equal(vec![(0, 1), (1, 1), (2, 1)], 3));
    let mut endless = Programme::default();
    endless.variable(0, None);
    endless.tiers.push(vec![(0, -1)]);
    for by in back_ends() {
        assert_eq!(solve(by.as_ref(), &over), Err(WhyNot::Infeasible), "{}", by.name());
        let said = solve(by.as_ref(), &endless);
        // HiGHS may find out that nothing bounds it before it has looked whether anything is possible.
        assert!(matches!(said, Err(WhyNot::Unbounded { .. } | WhyNot::Infeasible)), "{}: {said:?}", by.name());
        assert_eq!(solve(by.as_ref(), &Programme::default()).unwrap().values, [0.0; 0], "{}", by.name());
    }
}

#[test]
fn a_programme_that_contradicts_itself_is_refused() {
    let with = |change: fn(&mut Programme)| {
        let mut programme = bag();
        change(&mut programme);
        for by in back_ends() {
            assert_eq!(solve(by.as_ref(), &programme).map_err(|e| matches!(e, WhyNot::Faulty { .. })), Err(true));
        }
        solve(&MicroLp::default(), &programme).unwrap_err().to_string()
    };
    let said = [
        with(|p| p.rows[0].entries.push((3, 1))),
        with(|p| p.rows[0].entries.push((0, 1))),
        with(|p| p.variables[1].at_least = 2),
        with(|p| p.tiers[1][0].1 = i64::MAX),
        with(|p| p.rows[0].at_most = Some(i64::MIN)),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    this is no programme: row 0 names variable 3, of 3
    this is no programme: row 0 names variable 0 twice
    this is no programme: variable 1 is to be at least 2 and at most less
    this is no programme: the factor of variable 0 in tier 1 is beyond 2^53
    this is no programme: a bound of row 0 is beyond 2^53
    ");
}

#[test]
fn what_is_too_large_for_microlp_is_refused_before_it_begins() {
    let small = MicroLp { entries_at_most: 2, ..MicroLp::default() };
    let whole = MicroLp { whole_at_most: 2, ..MicroLp::default() };
    let said = [small, whole].map(|by| solve(&by, &bag()).unwrap_err().to_string());
    insta::assert_snapshot!(said.join("\n"), @r"
    3 factors, and microlp is given 2 at most; build with the feature `highs`, or solve a smaller programme
    3 variables must be whole, and microlp is given 2 at most; build with the feature `highs`, or solve a smaller programme
    ");
}

#[cfg(feature = "highs")]
#[test]
fn too_much_work_is_refused() {
    use levee_planner::solver::programme::Highs;
    let mut programme = Programme::default();
    let all: Vec<usize> = (0..30).map(|_| programme.variable(0, Some(3))).collect();
    for k in 0..30_i64 {
        let factors = all.iter().map(|&v| (v, 1 + (v as i64 * 7 + k * 11) % 13)).collect();
        programme.rows.push(Row { entries: factors, at_least: Some(50 + k % 7), at_most: None });
    }
    programme.tiers.push(all.iter().map(|&v| (v, 1 + (v as i64 * 5) % 9)).collect());
    let limits = WorkLimits { iterations_at_most: 1, ..WorkLimits::default() };
    assert_eq!(Highs::default().solve(&programme, limits), Err(WhyNot::WorkLimit { tier: 0 }));
    assert!(Highs::default().solve(&programme, WorkLimits::default()).is_ok());
}

#[test]
fn an_answer_that_breaks_the_programme_is_named() {
    let said = |values: &[f64]| bag().broken_by(values).unwrap();
    assert_eq!(said(&[1.0, 1.0]), "2 values for 3 variables");
    assert_eq!(said(&[1.0, 1.0, 2.0]), "variable 2 is 2");
    assert_eq!(said(&[1.0, 0.5, 0.0]), "variable 1 is 0.5 and should be whole");
    assert_eq!(said(&[1.0, 1.0, 1.0]), "row 0 comes to 12");
    assert_eq!(said(&[f64::NAN, 0.0, 0.0]), "variable 0 is NaN");
    assert_eq!(bag().broken_by(&[1.0, 1.0, 0.0]), None);
}

/// Four whole numbers from 0 to 3, up to three rows, two tiers.
fn small() -> impl Strategy<Value = Programme> {
    let row = (proptest::array::uniform4(-3..4i64), -4..9i64, proptest::option::of(0..6i64));
    let tier = proptest::array::uniform4(-4..5i64);
    (proptest::collection::vec(row, 0..3), proptest::array::uniform2(tier)).prop_map(|(rows, tiers)| {
        let mut programme = Programme::default();
        for _ in 0..4 {
            let v = programme.variable(0, Some(3));
            programme.variables[v].whole = true;
        }
        let entries = |factors: [i64; 4]| factors.into_iter().enumerate().filter(|(_, f)| *f != 0).collect();
        for (factors, most, width) in rows {
            let at_least = width.map(|width| most - width);
            programme.rows.push(Row { entries: entries(factors), at_least, at_most: Some(most) });
        }
        programme.tiers = tiers.map(entries).into();
        programme
    })
}

/// The best values of both tiers, by trying all 256 answers.
fn by_trying_all(programme: &Programme) -> Option<Vec<f64>> {
    let all = (0..256).map(|n| [n & 3, n >> 2 & 3, n >> 4 & 3, n >> 6].map(f64::from));
    let possible = all.filter(|values| programme.broken_by(values).is_none());
    let values = possible.map(|values| (0..2).map(|tier| programme.value_of(tier, &values)).collect::<Vec<f64>>());
    values.min_by(|a, b| a.partial_cmp(b).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whole numbers in tiers: every back end comes to what trying everything comes to.
    #[test]
    fn no_better_answer_is_overlooked(programme in small()) {
        let best = by_trying_all(&programme);
        for by in back_ends() {
            match solve(by.as_ref(), &programme) {
                Err(WhyNot::Infeasible) => prop_assert_eq!(&best, &None, "{}", by.name()),
                Err(other) => prop_assert!(false, "{}: {other}", by.name()),
                Ok(solved) => {
                    prop_assert_eq!(programme.broken_by(&solved.values), None);
                    let said: Vec<f64> = solved.tiers.iter().map(|t| t.value).collect();
                    prop_assert_eq!(Some(said), best.clone(), "{}", by.name());
                    let known = solved.tiers.iter().all(|t| t.bound >= t.value - 1e-4);
                    prop_assert!(known, "{}: {:?}", by.name(), solved.tiers);
                }
            }
        }
    }
}
