//! The plan as people get it: openings with reasons, balances by day, what sharing saves, tiers.

use super::balance::{Balance, Short, safety, suffices};
use super::promises::held;
use super::search::{Cost, Found, caps};
use super::shortfalls::shortfalls;
use super::world::{Caps, World};
use levee_model::plan::SolverRecord;
use levee_model::plan::room_plan::{
    DistrictRooms, RoomDay, RoomOpening, RoomPlan, RoomReason, RoomSharing, RoomTier, RoomTierOutcome,
};
use levee_model::quantity::Rooms;

/// Everything that was found out about a day.
pub(super) struct Judged {
    pub(super) known: Short,
    pub(super) draws: Short,
}

pub(super) fn plan(world: &World<'_>, found: &Found) -> RoomPlan {
    let caps = caps(world, &found.opens);
    let days: Vec<Judged> = (0..world.days())
        .map(|t| Judged {
            known: Balance::of_known(world, t).short(&caps.own[t], &caps.group[t]),
            draws: Balance::of_draws(world, t).short(&caps.own[t], &caps.group[t]),
        })
        .collect();
    RoomPlan {
        start: world.inputs.start,
        days: u8::try_from(world.days()).unwrap_or(u8::MAX),
        overflow_probability: stated(world.inputs.policy.overflow_probability),
        draws: u32::try_from(world.draws).unwrap_or(u32::MAX),
        draws_allowed: u32::try_from(world.allowed).unwrap_or(u32::MAX),
        openings: openings(world, found),
        city: (0..world.days()).map(|t| city_day(world, &caps, t, &days[t])).collect(),
        districts: (0..world.districts.len())
            .map(|d| DistrictRooms {
                district: world.districts[d].clone(),
                days: (0..world.days()).map(|t| district_day(world, &caps, t, d, &days[t])).collect(),
            })
            .collect(),
        sharing: if world.draws == 0 { Vec::new() } else { sharing(world, &caps) },
        shortfalls: shortfalls(world, &found.opens, &caps, &days),
        gaps: world.gaps.iter().cloned().collect(),
        tiers: tiers(&found.cost, &found.bound),
        record: held(&world.inputs.promises),
        origin: world.origin,
        solver: SolverRecord {
            name: "branch-and-bound".to_owned(),
            iterations: found.nodes,
            solves: found.evaluations,
            fell_back: (!found.finished).then(|| format!("the search ended after {} nodes", found.nodes)),
        },
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// What is no probability promises that no draw overflows.
fn stated(probability: f64) -> f64 {
    if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 }
}

fn openings(world: &World<'_>, found: &Found) -> Vec<RoomOpening> {
    let mut openings: Vec<RoomOpening> = Vec::new();
    for (i, candidate) in world.candidates.iter().enumerate().filter(|(i, _)| found.opens[*i] < world.days()) {
        let opens_on = world.dates[found.opens[i]];
        let lead = match candidate.row.opening {
            levee_model::plan::rooms::Opening::Possible { lead_days: Some(lead), .. } => i64::from(lead.max(1)),
            _ => 1,
        };
        let mut without = found.opens.clone();
        without[i] = world.days();
        let worse = safety(world, &caps(world, &without));
        let reason = if worse[0] > found.cost[0] {
            RoomReason::Known { room_days: worse[0] - found.cost[0] }
        } else if worse[1] > found.cost[1] {
            RoomReason::Promise { room_days: worse[1] - found.cost[1] }
        } else if worse[2] > found.cost[2] {
            RoomReason::Tail { room_days: worse[2] - found.cost[2] }
        } else {
            RoomReason::NotProved
        };
        let row = candidate.row;
        let lanes = world.inputs.lanes.iter().filter(|lane| lane.site == row.site).map(|lane| lane.origin);
        let demand = world.inputs.demand.iter().map(|d| d.origin());
        openings.push(RoomOpening {
            decide_by: opens_on.saturating_sub(jiff::Span::new().days(lead)),
            opens_on,
            site: row.site.clone(),
            district: row.district.clone(),
            serves: row.serves.clone(),
            rooms: Rooms::new(candidate.rooms),
            staff: candidate.staff,
            staff_unconfirmed: world.staff_free.is_none(),
            metres: candidate.metres,
            reasons: vec![reason],
            origin: lanes.chain(demand).fold(row.origin, |a, b| a.and(b)),
        });
    }
    openings.sort_by(|a, b| (a.decide_by, a.opens_on, &a.site).cmp(&(b.decide_by, b.opens_on, &b.site)));
    openings
}

fn count(sample: &[u64]) -> u32 {
    u32::try_from(sample.iter().filter(|n| **n > 0).count()).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "rooms are counted far below 2^53")]
fn mean(sample: &[u64]) -> Option<f64> {
    (!sample.is_empty()).then(|| sample.iter().sum::<u64>() as f64 / sample.len() as f64)
}

fn city_day(world: &World<'_>, caps: &Caps, t: usize, judged: &Judged) -> RoomDay {
    let mut sums = vec![0u64; world.draws];
    for row in &world.needed[t] {
        sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    RoomDay {
        day: world.dates[t],
        usable: Rooms::new(caps.total(t)),
        known: Rooms::new(world.known[t].iter().flatten().sum()),
        known_short: Rooms::new(judged.known.city.iter().sum()),
        expected: mean(&sums),
        uncovered: suffices(judged.draws.city.clone(), world.allowed).map(Rooms::new),
        overflow_draws: count(&judged.draws.city),
        short_sum: judged.draws.city.iter().sum(),
        need: suffices(sums, world.allowed).map(Rooms::new),
    }
}

fn district_day(world: &World<'_>, caps: &Caps, t: usize, d: usize, judged: &Judged) -> RoomDay {
    let needed = &world.needed[t][d];
    let mut short = judged.draws.districts[d].clone();
    short.resize(world.draws, 0);
    RoomDay {
        day: world.dates[t],
        usable: Rooms::new(caps.own[t][d]),
        known: Rooms::new(world.known[t][d].iter().sum()),
        known_short: Rooms::new(judged.known.districts[d].iter().sum()),
        expected: mean(needed),
        need: suffices(needed.clone(), world.allowed).map(Rooms::new),
        overflow_draws: count(&short),
        short_sum: short.iter().sum(),
        uncovered: suffices(short, world.allowed).map(Rooms::new),
    }
}

fn sharing(world: &World<'_>, caps: &Caps) -> Vec<RoomSharing> {
    let day = |t: usize| {
        let mut sums = vec![0u64; world.draws];
        let mut separate = 0u64;
        for row in &world.needed[t] {
            sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
            separate = separate.saturating_add(suffices(row.clone(), world.allowed).unwrap_or(0));
        }
        let beside = Balance::of_draws(world, t).beside_own(&caps.own[t]);
        RoomSharing {
            day: world.dates[t],
            separate: Rooms::new(separate),
            together: Rooms::new(suffices(sums, world.allowed).unwrap_or(0)),
            beside_own: Rooms::new(suffices(beside, world.allowed).unwrap_or(0)),
            held: Rooms::new(caps.group[t].iter().fold(0, |sum, n| sum.saturating_add(*n))),
        }
    };
    (0..world.days()).map(day).collect()
}

/// A tier's bound holds as long as every tier before it is at its own.
fn tiers(cost: &Cost, bound: &Cost) -> Vec<RoomTierOutcome> {
    let mut exact = true;
    let one = |(nth, tier): (usize, RoomTier)| {
        let known = exact;
        exact &= cost[nth] == bound[nth];
        RoomTierOutcome { tier, value: cost[nth], bound: known.then_some(bound[nth]) }
    };
    RoomTier::ALL.into_iter().enumerate().map(one).collect()
}
