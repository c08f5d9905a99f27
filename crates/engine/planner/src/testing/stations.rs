//! Which team works at which site. A team stays at one site for its whole shift, so nobody is sent to two places, and no
//! hour is lost on the way. Rest between shifts is the roster's business.
//!
//! Teams are sent one after the other to the site where their hours serve most people who would else not be sampled, safety duties
//! first; then, so that sampling has a choice of hours, for a margin on top of the need; the rest is kept in reserve.

use crate::testing::problem::{Crew, Problem};
use levee_model::area::PlaceCode;
use levee_model::plan::testing::Station;
use std::collections::BTreeMap;

/// How much more than the need teams are sent for, percent: room for people who come late, and a choice of hours. Judgement.
const MARGIN_PERCENT: u64 = 20;

/// Where each crew works; `None` = in reserve. In the order of `problem.crews`.
pub(crate) type Posts = Vec<Option<usize>>;

/// People still to be served, by task: in need, and in the margin.
type Left = Vec<u64>;

pub(crate) fn send(problem: &Problem<'_>) -> Posts {
    let mut posts: Posts = vec![None; problem.crews.len()];
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
            if posts[k].is_some() {
                continue;
            }
            let crew = &problem.crews[k];
            let best = candidates(problem, crew, &teams)
                .map(|spot| (serve(problem, crew, spot, &tasks[spot], left, false), spot))
                .max_by(|(a, s), (b, t)| (a, busy(&teams[*t]), t).cmp(&(b, busy(&teams[*s]), s)));
            let Some((gain, spot)) = best else { continue };
            if gain == [0; 3] {
                continue;
            }
            serve(problem, crew, spot, &tasks[spot], left, true);
            posts[k] = Some(spot);
            for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
                teams[spot][usize::from(hour)] += 1;
            }
        }
    }
    posts
}

fn busy(hours: &[u32]) -> u32 {
    hours.iter().sum()
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

fn candidates<'p>(problem: &'p Problem<'_>, crew: &'p Crew, teams: &'p [Vec<u32>]) -> impl Iterator<Item = usize> + 'p {
    problem.spots.iter().enumerate().filter_map(move |(k, spot)| {
        let room = |hour: u16| teams[k].get(usize::from(hour)).is_none_or(|&n| n < spot.teams_at_most);
        let fits = crew.districts.contains(&spot.district) && (crew.hours.from..crew.hours.until).all(room);
        fits.then_some(k)
    })
}

/// People whom a crew would serve at a spot, by tier; takes them from those who are left if it is `meant`.
fn serve(problem: &Problem<'_>, crew: &Crew, spot: usize, tasks: &[usize], left: &mut Left, meant: bool) -> [u64; 3] {
    let mut gain = [0u64; 3];
    let mut taken: BTreeMap<usize, u64> = BTreeMap::new();
    for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
        if !problem.spots[spot].open[usize::from(hour)] {
            continue;
        }
        let mut free = u64::from(crew.rate);
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
    let mut found = vec![vec![[0; 2]; usize::from(problem.sampling.until)]; problem.spots.len()];
    for (crew, post) in problem.crews.iter().zip(posts) {
        let Some(spot) = *post else { continue };
        for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
            if problem.spots[spot].open[usize::from(hour)] {
                found[spot][usize::from(hour)][usize::from(crew.at_door)] += u64::from(crew.rate);
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
                    rates[spot][usize::from(hour)][usize::from(crew.at_door)].push(u64::from(crew.rate));
                }
            }
        }
    }
    let best = |mut rates: Vec<u64>, room: u32| {
        rates.sort_unstable_by(|a, b| b.cmp(a));
        rates.iter().take(usize::try_from(room).unwrap_or(usize::MAX)).sum()
    };
    let spot = |(hours, spot): (Vec<[Vec<u64>; 2]>, &crate::testing::problem::Spot)| {
        hours.into_iter().map(|both| both.map(|rates| best(rates, spot.teams_at_most))).collect()
    };
    rates.into_iter().zip(&problem.spots).map(spot).collect()
}

/// Teams on duty, `[spot][hour][at_door]`.
pub(crate) fn on_duty(problem: &Problem<'_>, posts: &Posts) -> Vec<Vec<[u32; 2]>> {
    let mut found = vec![vec![[0; 2]; usize::from(problem.sampling.until)]; problem.spots.len()];
    for (crew, post) in problem.crews.iter().zip(posts) {
        let Some(spot) = *post else { continue };
        for hour in crew.hours.from..crew.hours.until.min(problem.sampling.until) {
            found[spot][usize::from(hour)][usize::from(crew.at_door)] += 1;
        }
    }
    found
}

pub(crate) fn rows(problem: &Problem<'_>, posts: &Posts) -> Vec<Station> {
    let row = |(crew, post): (&Crew, &Option<usize>)| Station {
        team: crew.id.clone(),
        site: post.map(|spot| problem.spots[spot].id.clone()),
        hours: crew.hours,
        people_per_hour: crew.rate,
    };
    problem.crews.iter().zip(posts).map(row).collect()
}
