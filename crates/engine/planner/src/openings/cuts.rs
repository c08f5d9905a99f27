//! What a solved flow says of every other choice.
//!
//! The potentials of an optimal flow price every capacity and every person. By weak duality the same prices, with the capacities and
//! people of another choice, are never more than what that choice costs (Benders, 1962; Geoffrion, 1972). Costs in tiers form an
//! ordered group, in which this holds as it does for numbers: no weight is chosen, and the comparison is exact in all tiers at once.

use super::network::{Change, Network, Solved, WAITS, Waits};
use super::sites::Field;

/// Tiers of waiting, and staff-days.
pub(crate) const ALL: usize = WAITS + 1;

/// Person-days in the four tiers of waiting, then staff-days.
pub(crate) type Value = [i64; ALL];

pub(crate) fn plus(a: Value, b: Value) -> Value {
    std::array::from_fn(|k| a[k].saturating_add(b[k]))
}

pub(crate) fn with_staff(waits: Waits, staff_days: i64) -> Value {
    [waits[0], waits[1], waits[2], waits[3], staff_days]
}

/// A lower bound on what any choice costs: a sum over candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) fixed: Value,
    /// `[candidate][choice]`.
    pub(crate) each: Vec<Vec<Value>>,
}

impl Cut {
    /// Nobody waits less than not at all.
    pub(crate) fn nothing_waits(field: &Field<'_>) -> Self {
        let staff = |c: &super::sites::Candidate<'_>| {
            c.choices.iter().map(|choice| with_staff([0; WAITS], choice.staff_days)).collect()
        };
        Self { fixed: [0; ALL], each: field.candidates.iter().map(staff).collect() }
    }

    /// From a solved flow. `None` when its potentials do not hang together, which says nothing of other choices.
    pub(crate) fn of(network: &Network, field: &Field<'_>, solved: &Solved) -> Option<Self> {
        let potentials = solved.basis.potentials(&solved.flow);
        let sink = *potentials.first()?;
        if potentials.iter().any(|p| p[0] != sink[0]) {
            return None;
        }
        let price = |node: usize| -> Waits { std::array::from_fn(|k| sink[k + 1] - potentials[node][k + 1]) };
        // What one unit of capacity saves, never more than nothing.
        let rent = |arc: usize| -> Waits {
            let a = &network.flow.arcs[arc];
            let reduced: Waits =
                std::array::from_fn(|k| a.cost.0[k] + potentials[a.from][k + 1] - potentials[a.to][k + 1]);
            if reduced < [0; WAITS] { reduced } else { [0; WAITS] }
        };
        let times = |each: Waits, many: i64| -> Waits { each.map(|x| x.saturating_mul(many)) };
        let sum = |a: Waits, b: Waits| -> Waits { std::array::from_fn(|k| a[k].saturating_add(b[k])) };
        let mut fixed = [0; WAITS];
        for (node, &supply) in network.flow.supply.iter().enumerate().skip(1).filter(|(_, s)| **s != 0) {
            fixed = sum(fixed, times(price(node), supply));
        }
        for (arc, a) in network.flow.arcs.iter().enumerate() {
            let rent = rent(arc);
            if rent != [0; WAITS] {
                fixed = sum(fixed, times(rent, a.cap));
            }
        }
        let worth = |change: &Change| {
            let caps = change.caps.iter().map(|&(arc, before, after)| times(rent(arc), after - before));
            let people = change.people.iter().map(|&(node, more)| times(price(node), more));
            caps.chain(people).fold([0; WAITS], sum)
        };
        let each = network.changes.iter().zip(&field.candidates).map(|(changes, candidate)| {
            let both = changes.iter().zip(&candidate.choices);
            both.map(|(change, choice)| with_staff(worth(change), choice.staff_days)).collect()
        });
        Some(Self { fixed: with_staff(fixed, 0), each: each.collect() })
    }

    /// What it says of one choice.
    pub(crate) fn at(&self, choices: &[usize]) -> Value {
        let each = self.each.iter().zip(choices).filter_map(|(c, &k)| c.get(k));
        each.fold(self.fixed, |sum, value| plus(sum, *value))
    }
}
