//! Round after round: the cheapest choice by the cuts, its exact cost, and the cut that this gives.

use super::cuts::{ALL, Cut, Value, with_staff};
use super::explain;
use super::network::{Network, Solved, WAITS};
use super::search::{Last, Priced, search};
use super::sites::Field;
use crate::solver::{Basis, SolverError};
use crate::transfer::problem::Problem;
use levee_model::facility::Level;
use levee_model::plan::{OpeningGap, OpeningTier, OpeningTierOutcome, OpeningsInputs, OpeningsPlan, OpeningsRecord};
use levee_model::provenance::Origin;
use std::collections::BTreeSet;

/// How much work a plan of openings may take. Counted, never timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningLimits {
    /// Flows solved while searching; those that explain the answer come on top, a few for each site.
    pub flows_at_most: u64,
    /// Nodes of the search, over all rounds.
    pub nodes_at_most: u64,
}

impl Default for OpeningLimits {
    fn default() -> Self {
        // Measured at 40 x 60 x 7 with 112 openings: see bench/results/planner-openings.md. Far above what most cities take.
        Self { flows_at_most: 400, nodes_at_most: 5_000_000 }
    }
}

/// Nodes of one round; then the best found so far is tried, because its cut helps more than further nodes do.
const NODES_A_ROUND: u64 = 200_000;

/// Proposes openings and closings. There always is an answer; what it cannot do stands in it.
pub fn propose(inputs: &OpeningsInputs, seed: u64) -> OpeningsPlan {
    propose_within(inputs, OpeningLimits::default(), seed)
}

/// [`propose`] within other limits.
pub fn propose_within(inputs: &OpeningsInputs, limits: OpeningLimits, seed: u64) -> OpeningsPlan {
    let dates = Problem::new(&inputs.city).dates;
    let field = Field::new(inputs, dates);
    let mut gaps = field.gaps.clone();
    let network = Network::new(inputs, &field, &mut gaps);
    let mut work = Work::default();
    let answer = best_choice(&field, &network, limits, &mut work);
    write(inputs, &field, &network, gaps, answer.as_ref(), work, seed)
}

/// Work done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    pub(crate) flows: u64,
    pub(crate) nodes: u64,
    pub(crate) pivots: u64,
    pub(crate) failed: Option<SolverError>,
}

/// The best choice found, and how good it is.
pub(crate) struct Best {
    pub(crate) choices: Vec<usize>,
    pub(crate) solved: Solved,
    pub(crate) value: Value,
    /// What it costs to leave everything as it is.
    pub(crate) unchanged: Value,
    /// No choice costs less.
    pub(crate) bound: Value,
}

pub(crate) fn staff_days(field: &Field<'_>, choices: &[usize]) -> i64 {
    field.candidates.iter().zip(choices).filter_map(|(c, &k)| c.choices.get(k)).map(|choice| choice.staff_days).sum()
}

impl Work {
    pub(crate) fn solve(
        &mut self,
        network: &Network,
        choices: &Vec<usize>,
        besides: Option<&super::network::Change>,
        start: Option<&Basis>,
    ) -> Option<Solved> {
        self.flows += 1;
        match network.solve(choices, besides, start) {
            Ok(solved) => {
                self.pivots += solved.answer.iterations;
                Some(solved)
            }
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }
}

/// What the rounds have come to.
struct Rounds<'a> {
    field: &'a Field<'a>,
    network: &'a Network,
    limits: OpeningLimits,
    cuts: Vec<Cut>,
    tried: BTreeSet<Vec<usize>>,
    basis: Basis,
    best: Best,
}

fn best_choice(field: &Field<'_>, network: &Network, limits: OpeningLimits, work: &mut Work) -> Option<Best> {
    let leave = vec![0; field.candidates.len()];
    let solved = work.solve(network, &leave, None, None)?;
    let unchanged = with_staff(solved.waits, staff_days(field, &leave));
    let mut cuts = vec![Cut::nothing_waits(field)];
    cuts.extend(Cut::of(network, field, &solved));
    // Everything open on its first day, whatever the staff: no plan, but no plan waits less, and its cut says by how much.
    let first = |c: &super::sites::Candidate<'_>| usize::from(!c.beds.is_empty() && c.choices.len() > 1);
    let all: Vec<usize> = field.candidates.iter().map(first).collect();
    if let Some(rich) = work.solve(network, &all, None, Some(&solved.basis)) {
        cuts.extend(Cut::of(network, field, &rich));
    }
    let basis = solved.basis.clone();
    let tried = BTreeSet::from([leave.clone()]);
    let best = Best { choices: leave, value: unchanged, solved, unchanged, bound: [0; ALL] };
    let mut rounds = Rounds { field, network, limits, cuts, tried, basis, best };
    if rounds.go(Last::MostStaff, work) {
        rounds.go(Last::LeastStaff, work);
    }
    Some(rounds.best)
}

impl Rounds<'_> {
    /// What has to be undercut: first only in the tiers of waiting, then in staff-days too.
    fn limit(&self, last: Last) -> Value {
        let mut limit = self.best.value;
        if last == Last::MostStaff {
            limit[ALL - 1] = i64::MIN / 4;
        }
        limit
    }

    /// A lower bound as it counts for the plan: in staff-days nothing is known before waiting is settled.
    fn bound(&mut self, mut says: Value, last: Last) {
        if last == Last::MostStaff {
            says[ALL - 1] = 0;
        }
        self.best.bound = self.best.bound.max(says).min(self.best.value);
    }

    /// A cut beside a choice: the same with all sites that have beds of a level or above open on their first day. Where the tiers that
    /// these beds serve cannot be brought further, this cut says so, and what it says of the lower tiers counts; the cut of the choice
    /// itself may promise more in the higher tiers than is there, and then says nothing of the lower ones.
    fn richer(&self, choices: &[usize], level: Level, work: &mut Work) -> Option<Cut> {
        let mut rich = choices.to_vec();
        for (choice, candidate) in rich.iter_mut().zip(&self.field.candidates) {
            if candidate.choices.len() > 1 && candidate.beds.iter().any(|(l, _)| *l >= level) {
                *choice = 1;
            }
        }
        if rich == choices {
            return None;
        }
        let solved = work.solve(self.network, &rich, None, Some(&self.basis))?;
        Cut::of(self.network, self.field, &solved)
    }

    /// Rounds until nothing cheaper is left; false when the work limit ended them.
    fn go(&mut self, last: Last, work: &mut Work) -> bool {
        let limit = self.limit(last);
        let mut priced: Vec<Priced> =
            self.cuts.iter().flat_map(|cut| Priced::all(cut, self.field, limit, last)).collect();
        let settled = loop {
            if work.flows >= self.limits.flows_at_most || work.nodes >= self.limits.nodes_at_most {
                break false;
            }
            let limit = self.limit(last);
            let left = self.limits.nodes_at_most - work.nodes;
            let mut found = search(self.field, &priced, limit, NODES_A_ROUND.min(left));
            work.nodes += found.nodes;
            if found.best.is_none() && !found.complete {
                found = search(self.field, &priced, limit, left.saturating_sub(found.nodes));
                work.nodes += found.nodes;
            }
            let Some((choices, says)) = found.best else {
                if found.complete {
                    let value = self.best.value;
                    self.bound(value, last);
                }
                break found.complete;
            };
            if found.complete {
                self.bound(says, last);
            }
            if !self.tried.insert(choices.clone()) {
                // Its own cut should have excluded it; without a cut there is nothing to go on with.
                break false;
            }
            let Some(solved) = work.solve(self.network, &choices, None, Some(&self.basis)) else { break false };
            let value = with_staff(solved.waits, staff_days(self.field, &choices));
            let mut fresh: Vec<Cut> = Cut::of(self.network, self.field, &solved).into_iter().collect();
            self.basis = solved.basis.clone();
            for level in [Level::Severe, Level::General, Level::Makeshift] {
                fresh.extend(self.richer(&choices, level, work));
            }
            self.cuts.extend(fresh.iter().cloned());
            if value < self.best.value {
                let (unchanged, bound) = (self.best.unchanged, self.best.bound);
                self.best = Best { choices, value, solved, unchanged, bound };
                let limit = self.limit(last);
                priced = self.cuts.iter().flat_map(|cut| Priced::all(cut, self.field, limit, last)).collect();
            } else {
                let limit = self.limit(last);
                priced.extend(fresh.iter().flat_map(|cut| Priced::all(cut, self.field, limit, last)));
            }
        };
        let at_root = priced.iter().map(Priced::bound).max().unwrap_or([0; ALL]);
        self.bound(super::search::unscaled(at_root), last);
        settled
    }
}

fn write(
    inputs: &OpeningsInputs,
    field: &Field<'_>,
    network: &Network,
    gaps: BTreeSet<OpeningGap>,
    best: Option<&Best>,
    mut work: Work,
    seed: u64,
) -> OpeningsPlan {
    let proved = best.is_some_and(|b| b.bound == b.value);
    let said = explain::all(inputs, field, network, best, proved, &mut work);
    let tiers = best.map_or_else(Vec::new, |best| {
        let mut known = true;
        let mut rows = Vec::new();
        for (k, tier) in OpeningTier::ALL.into_iter().enumerate() {
            let whole = |x: i64| u64::try_from(x).unwrap_or(0);
            let bound = known.then(|| whole(best.bound[k]));
            known &= best.bound[k] == best.value[k];
            rows.push(OpeningTierOutcome {
                tier,
                value: whole(best.value[k]),
                bound,
                unchanged: whole(best.unchanged[k]),
            });
        }
        rows
    });
    let fell_back = work.failed.as_ref().map(std::string::ToString::to_string);
    OpeningsPlan {
        start: inputs.city.start,
        days: u8::try_from(field.days()).unwrap_or(u8::MAX),
        openings: said.openings,
        closings: said.closings,
        left: said.left,
        staff: said.staff,
        one_more_bed: said.one_more_bed,
        tiers,
        gaps: gaps.into_iter().collect(),
        origin: origin(inputs),
        solver: OpeningsRecord {
            name: "cuts-of-exact-flows".to_owned(),
            flows: work.flows,
            nodes: work.nodes,
            iterations: work.pivots,
            fell_back,
        },
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
    }
}

/// Worst origin of all rows.
pub(crate) fn origin(inputs: &OpeningsInputs) -> Origin {
    let city = &inputs.city;
    let needs = city.needs.iter().map(|r| r.origin).chain(city.capacity.iter().map(|r| r.origin));
    let city = needs.chain(city.lanes.iter().map(|r| r.origin)).chain(city.fleets.iter().map(|r| r.origin));
    let ours = inputs.rooms.iter().map(|r| r.origin).chain(inputs.sites.iter().map(|r| r.origin));
    city.chain(ours).chain(inputs.staff.iter().map(|r| r.origin)).fold(Origin::Reported, Origin::and)
}

const _: () = assert!(ALL == WAITS + 1);
