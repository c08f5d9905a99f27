//! That not everything can be in time, proved by a cut: duties whose tubes must all pass through capacities too small for them.
//!
//! The network holds only ways that are in time, every task with all teams that could come for itself, and runs that need not be
//! whole: whatever cannot pass here cannot pass in any plan.

use crate::solver::{Arc, Cost, Flow, Solver, SolverError, TieredFlow, UNLIMITED};
use crate::testing::allot::Slot;
use crate::testing::network::whole;
use crate::testing::problem::Problem;
use levee_model::plan::testing::{Binding, ShortfallProof};
use levee_model::quantity::Tubes;
use std::collections::BTreeMap;

/// The cut and the iterations it took; no cut if everything could be in time.
pub(crate) fn find(
    solver: &dyn Solver,
    problem: &Problem<'_>,
    slots: &[Slot],
) -> Result<(Option<ShortfallProof>, u64), SolverError> {
    let mut flow = TieredFlow { supply: vec![0], arcs: Vec::new() };
    let mut bindings: BTreeMap<usize, Binding> = BTreeMap::new();
    let node = |flow: &mut TieredFlow, supply: i64| {
        flow.supply.push(supply);
        flow.supply[0] -= supply;
        flow.supply.len() - 1
    };
    let arc = |flow: &mut TieredFlow, from: usize, to: usize, cap: i64, cost: i64| {
        flow.arcs.push(Arc { from, to, cap, cost: Cost::in_tier(0, cost) });
        flow.arcs.len() - 1
    };
    let mut unserved = Vec::new();
    let mut tasks = Vec::new();
    for task in &problem.tasks {
        let here = node(&mut flow, whole(task.tubes()));
        unserved.push(arc(&mut flow, here, 0, UNLIMITED, 1));
        tasks.push(here);
    }
    let mut hours: BTreeMap<(usize, u16), usize> = BTreeMap::new();
    for (k, bench) in problem.benches.iter().enumerate() {
        let days: Vec<usize> = bench.by_day.iter().map(|_| node(&mut flow, 0)).collect();
        for (day, &cap) in bench.by_day.iter().enumerate() {
            let id = arc(&mut flow, days[day], 0, whole(cap), 0);
            let day = u16::try_from(day).unwrap_or(u16::MAX);
            bindings.insert(id, Binding::LaboratoryDay { laboratory: bench.id.clone(), day, tubes: Tubes::new(cap) });
        }
        for hour in problem.loading.from..problem.loading.until {
            let cap = bench.loose[usize::from(hour)];
            if cap > 0 {
                let here = node(&mut flow, 0);
                let id = arc(&mut flow, here, days[usize::from(hour) / 24], whole(cap), 0);
                hours.insert((k, hour), here);
                let tubes = Tubes::new(cap);
                bindings.insert(id, Binding::LaboratoryHour { laboratory: bench.id.clone(), hour, tubes });
            }
        }
    }
    let mut racks: BTreeMap<(usize, u16, u16), usize> = BTreeMap::new();
    for slot in slots {
        let task = &problem.tasks[slot.task];
        let here = node(&mut flow, 0);
        let id = arc(&mut flow, tasks[slot.task], here, whole(slot.cap), 0);
        let (duty, site, tubes) = (task.id.clone(), problem.spots[slot.spot].id.clone(), Tubes::new(slot.cap));
        bindings.insert(id, Binding::TeamHour { duty, site, hour: slot.hour, tubes });
        for road in problem.roads_from(&problem.spots[slot.spot].id) {
            let Some((_, _, first)) = problem.trip(road, slot.hour) else { continue };
            let spare = task.due(slot.hour) - i64::from(problem.benches[road.bench].turnaround);
            let Ok(last) = u16::try_from(spare.div_euclid(60)) else { continue };
            let last = last.min(problem.loading.until.saturating_sub(1));
            if last < first {
                continue;
            }
            let rack = *racks.entry((road.bench, first, last)).or_insert_with(|| {
                let rack = node(&mut flow, 0);
                for (_, &hour) in hours.range((road.bench, first)..=(road.bench, last)) {
                    arc(&mut flow, rack, hour, UNLIMITED, 0);
                }
                rack
            });
            arc(&mut flow, here, rack, UNLIMITED, 0);
        }
    }
    let answer = solver.solve(&flow)?;
    Ok((cut(problem, &flow, &answer, &tasks, &unserved, &bindings), answer.iterations))
}

/// The cut when laboratories take whatever comes: duties that all teams which could come cannot sample. `None` if each could be by itself.
pub(crate) fn by_teams(problem: &Problem<'_>, slots: &[Slot]) -> Option<ShortfallProof> {
    let mut proof = ShortfallProof { duties: Vec::new(), needed: Tubes::ZERO, binding: Vec::new(), short: Tubes::ZERO };
    for (k, task) in problem.tasks.iter().enumerate() {
        let mine = || slots.iter().filter(|s| s.task == k);
        let through: u64 = mine().map(|s| s.cap).fold(0, u64::saturating_add);
        let Some(short) = task.tubes().checked_sub(through).filter(|&n| n > 0) else { continue };
        proof.duties.push(task.id.clone());
        proof.needed = [proof.needed, Tubes::new(task.tubes())].into_iter().sum();
        proof.short = [proof.short, Tubes::new(short)].into_iter().sum();
        proof.binding.extend(mine().map(|s| Binding::TeamHour {
            duty: task.id.clone(),
            site: problem.spots[s.spot].id.clone(),
            hour: s.hour,
            tubes: Tubes::new(s.cap),
        }));
    }
    proof.duties.sort();
    proof.binding.sort();
    (!proof.duties.is_empty()).then_some(proof)
}

fn cut(
    problem: &Problem<'_>,
    flow: &TieredFlow,
    answer: &Flow,
    tasks: &[usize],
    unserved: &[usize],
    bindings: &BTreeMap<usize, Binding>,
) -> Option<ShortfallProof> {
    let first_unserved: std::collections::BTreeSet<usize> = unserved.iter().copied().collect();
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); flow.supply.len()];
    for (k, arc) in flow.arcs.iter().enumerate().filter(|(k, _)| !first_unserved.contains(k)) {
        at[arc.from].push(k);
        at[arc.to].push(k);
    }
    let mut reached = vec![false; flow.supply.len()];
    let mut stack: Vec<usize> = tasks
        .iter()
        .zip(unserved)
        .filter(|(_, arc)| answer.on.get(**arc).is_some_and(|&n| n > 0))
        .map(|(n, _)| *n)
        .collect();
    for &node in &stack {
        reached[node] = true;
    }
    while let Some(node) = stack.pop() {
        for &k in &at[node] {
            let arc = &flow.arcs[k];
            let on = answer.on[k];
            let next = if arc.from == node && on < arc.cap {
                arc.to
            } else if arc.to == node && on > 0 {
                arc.from
            } else {
                continue;
            };
            if !reached[next] {
                reached[next] = true;
                stack.push(next);
            }
        }
    }
    let chosen = |k: &usize| reached[tasks[*k]];
    let needed: u64 = (0..tasks.len()).filter(chosen).map(|k| problem.tasks[k].tubes()).sum();
    let mut binding = Vec::new();
    let mut through = 0u64;
    for (k, arc) in flow.arcs.iter().enumerate() {
        let crosses = reached[arc.from] && !reached[arc.to];
        if let Some(named) = bindings.get(&k).filter(|_| crosses) {
            through = through.saturating_add(u64::try_from(arc.cap).unwrap_or(u64::MAX));
            binding.push(named.clone());
        }
    }
    binding.sort();
    let short = needed.checked_sub(through).filter(|&n| n > 0 && !reached[0])?;
    let mut duties: Vec<_> = (0..tasks.len()).filter(chosen).map(|k| problem.tasks[k].id.clone()).collect();
    duties.sort();
    Some(ShortfallProof { duties, needed: Tubes::new(needed), binding, short: Tubes::new(short) })
}
