//! How many teams of each kind work at which site. A team stays at one site for its whole shift, so nobody is sent to two places, and no
//! hour is lost on the way. Rest between shifts is the roster's business.
//!
//! Teams are sent one after the other to the site where their hours serve most people who would else not be sampled, safety duties
//! first; then, so that sampling has a choice of hours, for a margin on top of the need; the rest is kept in reserve. Of a kind
//! with more than [`STEPS`] teams several go at once.

use crate::testing::problem::{Crew, Problem};
use levee_model::area::PlaceCode;
use levee_model::plan::testing::Station;
use std::collections::BTreeMap;

/// How much more than the need teams are sent for, percent: room for people who come late, and a choice of hours. Judgement.
const MARGIN_PERCENT: u64 = 20;

/// Teams of one kind are sent in steps of their number by this, so that a kind of a million takes no longer than one of a
/// thousand. A step is cut to as many teams as serve all whom it would, so nobody is sent in vain.
const STEPS: u32 = 64;

/// How many of each kind work at each spot; the rest is in reserve. In the order of `problem.crews`.
pub(crate) type Posts = Vec<BTreeMap<usize, u32>>;

/// People still to be served, by task: in need, and in the margin.
type Left = Vec<u64>;

pub(crate) fn send(problem: &Problem<'_>) -> Posts {
    let mut posts: Posts = vec![BTreeMap::new(); problem.crews.len()];
    let mut teams: Vec<Vec<u32>> = vec![vec![0; usize::from(problem.sampling.until)]; problem.spots.len()];
    let places = |k: usize| problem.tasks[k].tubes().saturating_mul(u64::from(problem.tasks[k].pool));
    let mut need: Left = (0..problem.tasks.len()).map(places).collect();
    let mut margin: Left = (0..problem.tasks.len()).map(|k| places(k) / 100 * MARGIN_PERCENT).collect();
    let tasks = tasks_by_spot(problem);
    // Who has the least choice of districts goes first; then by name.
    let mut order: Vec<usize> = (0..problem.crews.len()).collect();
    order.sort_by_key(|&k| (problem.crews[k].districts.len(), &problem.crews[k].id));
    for left in [&mut need, &mut margin] {
        for &k in &order {
            let crew = &problem.crews[k];
            let mut idle = crew.count - posts[k].values().sum::<u32>();
            while idle > 0 {
                let step = idle.div_ceil(STEPS);
                let best = candidates(problem, crew, &teams)
                    .map(|(spot, room)| (spot, step.min(room)))
                    .map(|(spot, n)| (serve(problem, crew, n, spot, &tasks[spot], left, false), spot, n))
                    .max_by(|(a, s, _), (b, t, _)| (a, busy(&teams[*t]), t).cmp(&(b, busy(&teams[*s]), s)));
                let Some((gain, spot, most)) = best else { break };
                if gain == [0; 3] {
                    break;
                }
                let (mut n, mut over) = (1, most);
                while n < over {
                    let half = n + (over - n) / 2;
                    if serve(problem, crew, half, spot, &tasks[spot], left, false) == gain {
                        over = half;
                    } else {
                        n = half + 1;
                    }
                }
                serve(problem, crew, n, spot, &tasks[spot], left, true);
                *posts[k].entry(spot).or_default() += n;
                idle -= n;
                for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
                    teams[spot][usize::from(hour)] += n;
                }
            }
        }
    }
    posts
}

fn busy(hours: &[u32]) -> u64 {
    hours.iter().map(|&n| u64::from(n)).sum()
}

fn tasks_by_spot(problem: &Problem<'_>) -> Vec<Vec<usize>> {
    let mut tasks = vec![Vec::new(); problem.spots.len()];
    for (k, task) in problem.tasks.iter().enumerate() {
        for spot in problem.spots_of(task) {
            tasks[spot].push(k);
        }
    }
    tasks
}

/// Spots that a crew may go to, each with how many more teams it has room for in all of their hours.
fn candidates<'p>(
    problem: &'p Problem<'_>,
    crew: &'p Crew,
    teams: &'p [Vec<u32>],
) -> impl Iterator<Item = (usize, u32)> + 'p {
    problem.spots.iter().enumerate().filter(|(_, spot)| crew.districts.contains(&spot.district)).filter_map(
        move |(k, spot)| {
            let there = |hour: u16| teams[k].get(usize::from(hour)).copied().unwrap_or(0);
            let most = (crew.hours.from..crew.hours.until).map(there).max().unwrap_or(0);
            spot.teams_at_most.checked_sub(most).filter(|room| *room > 0).map(|room| (k, room))
        },
    )
}

/// People whom so many teams would serve at a spot, by tier; takes them from those who are left if it is `meant`.
fn serve(
    problem: &Problem<'_>,
    crew: &Crew,
    teams: u32,
    spot: usize,
    tasks: &[usize],
    left: &mut Left,
    meant: bool,
) -> [u64; 3] {
    let mut gain = [0u64; 3];
    let mut taken: BTreeMap<usize, u64> = BTreeMap::new();
    for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
        if !problem.spots[spot].open[usize::from(hour)] {
            continue;
        }
        let mut free = u64::from(crew.rate) * u64::from(teams);
        for &k in tasks {
            let task = &problem.tasks[k];
            if free == 0 {
                break;
            }
            if task.at_door != crew.at_door || !task.window.holds(hour) {
                continue;
            }
            let before = taken.get(&k).copied().unwrap_or(0);
            let people = free.min(left[k].saturating_sub(before));
            if people > 0 {
                free -= people;
                gain[task.tier()] += people;
                taken.insert(k, before + people);
            }
        }
    }
    if meant {
        for (k, people) in taken {
            left[k] -= people;
        }
    }
    gain
}

/// People that can be sampled, `[spot][hour][at_door]`.
pub(crate) fn possible(problem: &Problem<'_>, posts: &Posts) -> Vec<Vec<[u64; 2]>> {
    let mut found = vec![vec![[0u64; 2]; usize::from(problem.sampling.until)]; problem.spots.len()];
    for (crew, spot, teams) in posted(problem, posts) {
        for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
            if problem.spots[spot].open[usize::from(hour)] {
                let place = &mut found[spot][usize::from(hour)][usize::from(crew.at_door)];
                *place = place.saturating_add(u64::from(crew.rate) * u64::from(teams));
            }
        }
    }
    found
}

/// The most people that any posting of the crews could sample, `[spot][hour][at_door]`: every crew at every spot it may go to.
pub(crate) fn possible_at_most(problem: &Problem<'_>) -> Vec<Vec<[u64; 2]>> {
    let mut rates = vec![vec![[Vec::new(), Vec::new()]; usize::from(problem.sampling.until)]; problem.spots.len()];
    let mut spots: BTreeMap<&PlaceCode, Vec<usize>> = BTreeMap::new();
    for (k, spot) in problem.spots.iter().enumerate() {
        spots.entry(&spot.district).or_default().push(k);
    }
    for crew in &problem.crews {
        for &spot in crew.districts.iter().filter_map(|d| spots.get(d)).flatten() {
            for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
                if problem.spots[spot].open[usize::from(hour)] {
                    rates[spot][usize::from(hour)][usize::from(crew.at_door)].push((u64::from(crew.rate), crew.count));
                }
            }
        }
    }
    let best = |mut rates: Vec<(u64, u32)>, mut room: u32| {
        rates.sort_unstable_by(|a, b| b.cmp(a));
        rates.into_iter().fold(0u64, |sum, (rate, teams)| {
            let here = teams.min(room);
            room -= here;
            sum.saturating_add(rate * u64::from(here))
        })
    };
    rates
        .into_iter()
        .zip(&problem.spots)
        .map(|(hours, spot)| hours.into_iter().map(|both| both.map(|rates| best(rates, spot.teams_at_most))).collect())
        .collect()
}

/// Teams on duty, `[spot][hour][at_door]`.
pub(crate) fn on_duty(problem: &Problem<'_>, posts: &Posts) -> Vec<Vec<[u32; 2]>> {
    let mut found = vec![vec![[0; 2]; usize::from(problem.sampling.until)]; problem.spots.len()];
    for (crew, spot, teams) in posted(problem, posts) {
        for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
            found[spot][usize::from(hour)][usize::from(crew.at_door)] += teams;
        }
    }
    found
}

fn posted<'p>(problem: &'p Problem<'_>, posts: &'p Posts) -> impl Iterator<Item = (&'p Crew, usize, u32)> {
    let crews = problem.crews.iter().zip(posts);
    crews.flat_map(|(crew, post)| post.iter().map(move |(&spot, &teams)| (crew, spot, teams)))
}

pub(crate) fn rows(problem: &Problem<'_>, posts: &Posts) -> Vec<Station> {
    let mut rows = Vec::new();
    for (crew, post) in problem.crews.iter().zip(posts) {
        let idle = crew.count - post.values().sum::<u32>();
        // Spots stand in the order of their names.
        let places = post.iter().map(|(&spot, &teams)| (Some(problem.spots[spot].id.clone()), teams));
        rows.extend([(None, idle)].into_iter().chain(places).filter(|(_, teams)| *teams > 0).map(|(site, count)| {
            Station { team: crew.id.clone(), site, count, hours: crew.hours, people_per_hour: crew.rate }
        }));
    }
    rows
}
