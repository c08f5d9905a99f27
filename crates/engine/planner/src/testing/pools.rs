//! How many people share a tube.
//!
//! Method: R. Dorfman, "The Detection of Defective Members of Large Populations", Annals of Mathematical Statistics 14 (1943): with a
//! share p infected, one tube for n people and a second sample of each of them when it is positive needs
//! 1/n + 1 - (1-p)^n tubes per person. What it leaves out is said with every plan: infected people who queue together make it
//! better, dilution makes it miss more.

use levee_model::plan::testing::{PoolReason, PoolRule, TestClass};

/// Tubes per person, second samples included, with `size` people to a tube and a share `infected` of them, 0 to 1.
pub fn tubes_per_person(size: u32, infected: f64) -> f64 {
    if size <= 1 {
        return 1.0;
    }
    1.0 / f64::from(size) + positive_share(size, infected)
}

/// Chance that a tube of `people` holds at least one infected person.
pub fn positive_share(people: u32, infected: f64) -> f64 {
    // -expm1(n ln(1-p)) keeps its digits for small p.
    if infected >= 1.0 { 1.0 } else { -(f64::from(people) * (-infected).ln_1p()).exp_m1() }
}

/// The size of `sizes` that needs fewest tubes per person; of equal ones the smallest. 1 if there is none.
pub fn best_size(sizes: &[u32], infected: f64) -> u32 {
    let mut sizes: Vec<u32> = sizes.iter().copied().filter(|&n| n > 0).collect();
    sizes.sort_unstable();
    let mut best = (f64::INFINITY, 1);
    for size in sizes {
        let cost = tubes_per_person(size, infected);
        if cost < best.0 {
            best = (cost, size);
        }
    }
    best.1
}

/// The smallest share of infected people from which `smaller` needs no more tubes than `larger`; `None` if it never does.
///
/// ```
/// use levee_planner::testing::threshold;
/// let percent = |larger, smaller| (threshold(larger, smaller).unwrap() * 1e4).round() / 1e2;
/// assert_eq!([percent(20, 10), percent(10, 5), percent(5, 1)], [0.54, 2.36, 27.52]);
/// ```
pub fn threshold(larger: u32, smaller: u32) -> Option<f64> {
    let better = |p: f64| tubes_per_person(smaller, p) <= tubes_per_person(larger, p);
    // The difference has one root before it turns; a grid of thousandths finds its side, halving finds it.
    let first = (0..=1000).map(|k| f64::from(k) / 1000.0).find(|&p| better(p))?;
    let (mut low, mut high) = ((first - 0.001).max(0.0), first);
    for _ in 0..60 {
        let mid = f64::midpoint(low, high);
        if better(mid) { high = mid } else { low = mid }
    }
    Some(high)
}

/// How many people of a class share a tube at an upper prevalence, and why.
pub(crate) fn choose(sizes: &[u32], rules: &[PoolRule], class: TestClass, upper: Option<f64>) -> (u32, PoolReason) {
    // Two rules for one class: the stricter one.
    let Some(rule) = rules.iter().filter(|r| r.class == class).min_by_key(|r| (r.at_most, &r.source)) else {
        return (1, PoolReason::NoRule);
    };
    let allowed: Vec<u32> = sizes.iter().copied().filter(|&n| n > 0 && n <= rule.at_most.max(1)).collect();
    if allowed.iter().all(|&n| n == 1) {
        return (1, PoolReason::Single { source: rule.source.clone() });
    }
    let Some(upper) = upper else {
        let smallest = allowed.iter().copied().filter(|&n| n > 1).min().unwrap_or(1);
        return (smallest, PoolReason::PrevalenceUnknown);
    };
    let size = best_size(&allowed, upper);
    let reason = if best_size(sizes, upper) > size {
        PoolReason::RuleLimit { upper, source: rule.source.clone() }
    } else {
        PoolReason::FewestTubes { upper }
    };
    (size, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_shrink_at_the_thresholds_of_dorfman() {
        let sizes = [1, 5, 10, 20];
        for (larger, smaller, at) in [(20, 10, 0.0054), (10, 5, 0.0236), (5, 1, 0.275)] {
            let found = threshold(larger, smaller).unwrap();
            assert!((found - at).abs() < 0.0005, "{larger} -> {smaller}: {found}");
            assert_eq!(best_size(&sizes, found - 1e-4), larger);
            assert_eq!(best_size(&sizes, found + 1e-4), smaller);
        }
    }

    #[test]
    fn a_rule_is_never_outvoted_by_arithmetic() {
        let rules = PoolRule::china_ninth_edition();
        let size = |class, upper| choose(&[1, 5, 10, 20], &rules, class, upper).0;
        assert_eq!(size(TestClass::Screening, Some(0.0001)), 20);
        assert_eq!(size(TestClass::KeyPost, Some(0.0001)), 10);
        assert_eq!(size(TestClass::Contact, Some(0.0)), 1);
        assert_eq!(size(TestClass::Screening, None), 5);
        assert_eq!(choose(&[1, 20], &[], TestClass::Screening, Some(0.0)), (1, PoolReason::NoRule));
    }
}
