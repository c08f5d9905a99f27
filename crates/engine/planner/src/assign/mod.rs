//! The large assignment, exactly: thousands of people with a cost row each, tens of facilities with places.
//!
//! Fewest people without a place first, then least cost. Method: people come in one after the other, each by a shortest path over the
//! facilities (successive shortest paths; Ahuja, Magnanti, Orlin, "Network Flows", 1993, section 9.7, on the graph of the facilities
//! only): an edge from a full facility to another costs what its cheapest mover pays more there. Prices keep every edge at zero or
//! above, so Dijkstra's search applies. They come out with the answer and prove it: at these prices nobody would rather be
//! elsewhere, and only full facilities have one ([`Assignment::prices`]); `levee-check` asks for exactly that.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// This person may not go there.
pub const FORBIDDEN: u32 = u32::MAX;

/// People, facilities, places and costs.
#[derive(Clone, Copy, Debug)]
pub struct AssignInputs<'a> {
    /// Row by row, one for each person: what each facility costs them, in any one unit; [`FORBIDDEN`] = not there.
    pub costs: &'a [u32],
    /// Places of each facility.
    pub places: &'a [u64],
}

/// Who goes where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// For each person the facility; `None` = no place is left for them.
    pub facility: Vec<Option<usize>>,
    /// Sum of costs of those who have one.
    pub cost: u64,
    /// People without a place.
    pub unplaced: u64,
    /// For each facility what one place more would save at most, in the costs' unit; being without a place counts as
    /// [`AssignInputs::without_a_place`]. Zero where places are left.
    pub prices: Vec<u64>,
    /// Facilities looked at in all searches.
    pub steps: u64,
}

/// Why an assignment cannot be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// The costs are not whole rows.
    #[error(
        "{costs} costs are not whole rows of {facilities} facilities; give every person one cost for each facility"
    )]
    NotRows {
        /// How many costs there are.
        costs: usize,
        /// How many facilities.
        facilities: usize,
    },
    /// Sums would not fit.
    #[error("{people} people at costs up to {highest} are too many to add up exactly; use a coarser unit of cost")]
    TooLarge {
        /// How many people.
        people: usize,
        /// The highest cost.
        highest: u32,
    },
}

impl AssignInputs<'_> {
    /// How many people.
    pub fn people(&self) -> usize {
        self.costs.len().checked_div(self.places.len()).unwrap_or(0)
    }

    fn highest(&self) -> u32 {
        self.costs.iter().copied().filter(|c| *c != FORBIDDEN).max().unwrap_or(0)
    }

    /// What being without a place counts as: more than all people's costs together. `None` when sums would not fit.
    pub fn without_a_place(&self) -> Option<u64> {
        let people = self.people() as u64;
        let weight = (u64::from(self.highest()) + 1).checked_mul(people + 1)?;
        // A path adds and takes away at most one such weight for each facility; people's sum must fit as well.
        let longest = (people + 1).max(self.places.len() as u64 + 2).checked_mul(2)?;
        i64::try_from(weight.checked_mul(longest)?).ok().map(|_| weight)
    }
}

/// One person who could move: by how much more it costs them, and who.
type Mover = Reverse<(i64, u32)>;

struct Search<'a> {
    inputs: AssignInputs<'a>,
    /// Facilities, and last "without a place", which has room for everybody.
    nodes: usize,
    weight: i64,
    at: Vec<usize>,
    members: Vec<Vec<u32>>,
    /// Where each person stands in the list of their facility.
    slot: Vec<usize>,
    /// `[from * nodes + to]`: movers of full facilities, the cheapest first; may hold people who have left.
    movers: Vec<BinaryHeap<Mover>>,
    prices: Vec<i64>,
    steps: u64,
}

const NOWHERE: usize = usize::MAX;

impl Search<'_> {
    fn cost(&self, person: usize, node: usize) -> Option<i64> {
        if node + 1 == self.nodes {
            return Some(self.weight);
        }
        let cost = self.inputs.costs[person * (self.nodes - 1) + node];
        (cost != FORBIDDEN).then_some(i64::from(cost))
    }

    fn is_full(&self, node: usize) -> bool {
        self.inputs.places.get(node).is_some_and(|places| self.members[node].len() as u64 >= *places)
    }

    /// The cheapest move from a full facility to another node.
    fn cheapest(&mut self, from: usize, to: usize) -> Option<(i64, u32)> {
        let heap = &mut self.movers[from * self.nodes + to];
        while let Some(Reverse((more, person))) = heap.peek().copied() {
            if self.at[person as usize] == from {
                return Some((more, person));
            }
            heap.pop();
        }
        None
    }

    fn leave(&mut self, person: usize) {
        let (from, slot) = (self.at[person], self.slot[person]);
        self.members[from].swap_remove(slot);
        if let Some(moved) = self.members[from].get(slot) {
            self.slot[*moved as usize] = slot;
        }
        self.at[person] = NOWHERE;
    }

    /// Somebody takes a place that is left.
    fn enter(&mut self, person: usize, node: usize) {
        self.at[person] = node;
        self.slot[person] = self.members[node].len();
        #[expect(clippy::cast_possible_truncation, reason = "people are counted below 2^32 when the search begins")]
        self.members[node].push(person as u32);
        // Movers are asked of full facilities only, and a full one stays full: all of its people at once, in linear time.
        if self.is_full(node) {
            for to in (0..self.nodes).filter(|to| *to != node) {
                let all: Vec<Mover> = self.members[node]
                    .iter()
                    .filter_map(|p| {
                        let (there, here) = (self.cost(*p as usize, to)?, self.cost(*p as usize, node)?);
                        Some(Reverse((there - here, *p)))
                    })
                    .collect();
                self.movers[node * self.nodes + to] = BinaryHeap::from(all);
            }
        }
    }

    /// Somebody takes the place of somebody who has just left a full facility.
    fn replace(&mut self, person: usize, node: usize) {
        self.at[person] = node;
        self.slot[person] = self.members[node].len();
        #[expect(clippy::cast_possible_truncation, reason = "people are counted below 2^32 when the search begins")]
        let id = person as u32;
        self.members[node].push(id);
        let Some(here) = self.cost(person, node) else { return };
        for to in (0..self.nodes).filter(|to| *to != node) {
            if let Some(there) = self.cost(person, to) {
                self.movers[node * self.nodes + to].push(Reverse((there - here, id)));
            }
        }
    }

    /// Brings one more person in by the cheapest chain of moves.
    fn insert(&mut self, person: usize) {
        let nodes = self.nodes;
        let mut distance: Vec<Option<i64>> =
            (0..nodes).map(|node| self.cost(person, node).map(|cost| cost + self.prices[node])).collect();
        let mut before: Vec<Option<(usize, u32)>> = vec![None; nodes];
        let mut done: Vec<usize> = Vec::new();
        let mut is_done = vec![false; nodes];
        let end = loop {
            let open = (0..nodes).filter(|node| !is_done[*node]);
            // "Without a place" is never full and always allowed, so there is a nearest node and the loop ends.
            let Some((near, node)) = open.filter_map(|node| Some((distance[node]?, node))).min() else { return };
            self.steps += 1;
            if !self.is_full(node) {
                break (near, node);
            }
            is_done[node] = true;
            done.push(node);
            for to in 0..nodes {
                if is_done[to] {
                    continue;
                }
                if let Some((more, mover)) = self.cheapest(node, to) {
                    let by_here = near + more + self.prices[to] - self.prices[node];
                    if distance[to].is_none_or(|known| by_here < known) {
                        distance[to] = Some(by_here);
                        before[to] = Some((node, mover));
                    }
                }
            }
        };
        let (shortest, mut node) = end;
        for passed in done {
            if let Some(near) = distance[passed] {
                self.prices[passed] += shortest - near;
            }
        }
        let mut first = true;
        while let Some((from, mover)) = before[node] {
            self.leave(mover as usize);
            if first {
                self.enter(mover as usize, node);
            } else {
                self.replace(mover as usize, node);
            }
            first = false;
            node = from;
        }
        if first { self.enter(person, node) } else { self.replace(person, node) }
    }
}

/// Assigns everybody: fewest without a place, then least cost. The same inputs give the same answer; of equal answers, which one
/// depends on the order of the rows.
pub fn assign(inputs: AssignInputs<'_>) -> Result<Assignment, AssignError> {
    let facilities = inputs.places.len();
    let people = inputs.people();
    if people * facilities != inputs.costs.len() {
        return Err(AssignError::NotRows { costs: inputs.costs.len(), facilities });
    }
    let too_large = AssignError::TooLarge { people, highest: inputs.highest() };
    let weight = inputs.without_a_place().and_then(|weight| i64::try_from(weight).ok()).ok_or(too_large)?;
    if u32::try_from(people).is_err() {
        return Err(too_large);
    }
    let nodes = facilities + 1;
    let mut search = Search {
        inputs,
        nodes,
        weight,
        at: vec![NOWHERE; people],
        members: vec![Vec::new(); nodes],
        slot: vec![0; people],
        movers: vec![BinaryHeap::new(); nodes * nodes],
        prices: vec![0; nodes],
        steps: 0,
    };
    for person in 0..people {
        search.insert(person);
    }
    let facility: Vec<Option<usize>> = search.at.iter().map(|at| Some(*at).filter(|at| *at < facilities)).collect();
    let costs = facility.iter().enumerate().filter_map(|(p, f)| Some(u64::from(inputs.costs[p * facilities + (*f)?])));
    Ok(Assignment {
        cost: costs.sum(),
        unplaced: facility.iter().filter(|f| f.is_none()).count() as u64,
        prices: search.prices.iter().take(facilities).map(|p| u64::try_from(*p).unwrap_or(0)).collect(),
        facility,
        steps: search.steps,
    })
}
