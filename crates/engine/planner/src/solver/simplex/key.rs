//! Costs as keys that are added and compared: whole numbers compared one after the other, or the same packed into one.
//!
//! Packing is exact, not a weighting: the room for each tier is computed from the network so that no sum of costs along any path
//! can reach into the tier above. Where that does not fit into 128 bits, the numbers themselves are used.

use crate::solver::{Arc, TIERS, TieredFlow};

/// A cost with one more tier in front, for flow on the artificial arcs that make the first tree.
pub(super) type Wide = [i64; TIERS + 1];

/// An ordered group.
pub(super) trait Key: Copy + Ord {
    const NOTHING: Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
}

impl Key for Wide {
    const NOTHING: Self = [0; TIERS + 1];
    #[inline]
    fn add(self, other: Self) -> Self {
        std::array::from_fn(|k| self[k] + other[k])
    }
    #[inline]
    fn sub(self, other: Self) -> Self {
        std::array::from_fn(|k| self[k] - other[k])
    }
}

impl Key for i128 {
    const NOTHING: Self = 0;
    #[inline]
    fn add(self, other: Self) -> Self {
        self + other
    }
    #[inline]
    fn sub(self, other: Self) -> Self {
        self - other
    }
}

/// A cost of the network, with nothing in the tier of artificial arcs.
pub(super) fn widen(arc: &Arc) -> Wide {
    std::array::from_fn(|k| if k == 0 { 0 } else { arc.cost.0[k - 1] })
}

/// One person on an artificial arc.
pub(super) const ARTIFICIAL: Wide = {
    let mut one = [0; TIERS + 1];
    one[0] = 1;
    one
};

/// What one unit of each tier weighs in the packed number.
pub(super) struct Packing([i128; TIERS + 1]);

impl Packing {
    /// `None` when 128 bits do not suffice.
    pub(super) fn of(flow: &TieredFlow) -> Option<Self> {
        // A potential is the cost of a path in the tree, at most one arc to each node; a reduced cost is two of them and an arc.
        let arcs = i128::try_from(flow.supply.len()).ok()? + 2;
        let mut most = [0i64; TIERS + 1];
        most[0] = 1;
        for arc in &flow.arcs {
            for (most, cost) in most.iter_mut().zip(widen(arc)) {
                *most = (*most).max(cost.checked_abs()?);
            }
        }
        let mut unit = [0i128; TIERS + 1];
        let mut next = 1i128;
        for k in (0..=TIERS).rev() {
            unit[k] = next;
            let reach = i128::from(most[k]).checked_mul(arcs.checked_mul(3)?)?;
            // Digits from -reach to reach, and the sum of all lower ones stays below one unit of this.
            next = next.checked_mul(reach.checked_mul(2)?.checked_add(1)?)?;
        }
        (next < i128::MAX / 4).then_some(Self(unit))
    }

    pub(super) fn pack(&self, cost: Wide) -> i128 {
        self.0.iter().zip(cost).map(|(unit, c)| unit * i128::from(c)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::Cost;

    fn network(nodes: usize, cost: [i64; TIERS]) -> TieredFlow {
        TieredFlow { supply: vec![0; nodes], arcs: vec![Arc { from: 0, to: 1, cap: 1, cost: Cost(cost) }] }
    }

    #[test]
    fn packed_costs_compare_as_the_tiers_do() {
        let packing = Packing::of(&network(100, [1, 1, 1, 0, 40_000_000])).unwrap();
        // As far as sums along paths can go.
        let far = [-306, -2, -1, 0, 1, 2, 306];
        let metres = [-306 * 40_000_000, -1, 0, 1, 306 * 40_000_000];
        let mut all: Vec<Wide> = Vec::new();
        for a in far {
            for b in far {
                all.extend(metres.map(|m| [a, b, -b, a, 0, m]));
            }
        }
        for x in &all {
            for y in &all {
                assert_eq!(packing.pack(*x).cmp(&packing.pack(*y)), x.cmp(y), "{x:?} {y:?}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_packed() {
        assert!(Packing::of(&network(15_000, [1, 1, 1, 0, 200_000_000])).is_some());
        assert!(Packing::of(&network(15_000, [i64::MAX / 8; TIERS])).is_none());
    }
}
