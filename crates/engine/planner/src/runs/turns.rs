//! Who comes first gets the earlier run: groups that can take one another's places are put in the order of their keys.

use crate::runs::aid::times;
use crate::runs::people::{Kinds, Profile};
use crate::runs::places::Share;
use crate::runs::problem::Problem;
use crate::runs::schedule::Roster;
use std::collections::{BTreeMap, BTreeSet};

/// Where each group ends up: on a run, or with a place that no run reaches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meant {
    /// Group -> site of its district, for those who have a place and no run.
    pub(crate) site: BTreeMap<usize, usize>,
}

/// Gives people alone who have no run one of the places that are left: where a vehicle gets to first, the nearest first.
fn meant(problem: &Problem<'_>, district: usize, share: &Share, riding: &BTreeSet<usize>, left: &mut [Kinds]) -> Meant {
    let mut meant = Meant::default();
    for (site, households) in share.households.iter().enumerate() {
        meant.site.extend(households.iter().filter(|g| !riding.contains(*g)).map(|g| (*g, site)));
    }
    let mut sites: Vec<usize> = (0..problem.sites[district].len()).collect();
    sites.sort_by_key(|s| (share.reach[*s] == 0, *s));
    for (kind, alone) in share.alone.iter().enumerate() {
        let mut at = sites.iter().copied().peekable();
        for g in alone.iter().filter(|g| !riding.contains(*g)) {
            while at.next_if(|s| left[*s][kind] == 0).is_some() {}
            if let Some(site) = at.peek() {
                left[*site][kind] -= 1;
                meant.site.insert(*g, *site);
            }
        }
    }
    meant
}

/// A turn that groups of one profile can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Minute of loading, then arrival; car, trip, stop, place in its list.
    Run(u32, u32, usize, usize, usize, usize),
    /// A place in a site of the district, without a run.
    Place(usize),
}

/// Puts each district's groups of one profile in order, and says who has a place without a run. The shares follow.
pub(crate) fn in_order(problem: &Problem<'_>, shares: &mut [Share], roster: &mut Roster) -> Meant {
    let before = roster.clone();
    let meant = reorder(problem, shares, roster, true);
    let holds = |roster: &Roster| (0..roster.trips.len()).all(|car| times(problem, car, &roster.trips[car]).is_some());
    // Somebody ready later may make a timetable earlier or later; should it not hold any more, everybody keeps their turn.
    let meant = if holds(roster) {
        meant
    } else {
        *roster = before;
        reorder(problem, shares, roster, false)
    };
    for (district, share) in shares.iter_mut().enumerate() {
        follow(problem, district, share, roster, &meant);
    }
    meant
}

/// Writes down anew who goes where.
fn follow(problem: &Problem<'_>, district: usize, share: &mut Share, roster: &Roster, meant: &Meant) {
    let mut at: BTreeMap<usize, usize> = BTreeMap::new();
    for trip in roster.trips.iter().flatten() {
        let Some(site) = problem.sites[district].iter().position(|s| s.facility == trip.facility) else { continue };
        let stops = trip.stops.iter().filter(|(d, _)| *d == district);
        at.extend(stops.flat_map(|(_, groups)| groups).map(|g| (*g, site)));
    }
    let here = problem.groups[district].iter();
    at.extend(here.filter_map(|g| meant.site.get(g).map(|site| (*g, *site))));
    share.households.iter_mut().for_each(Vec::clear);
    share.alone.iter_mut().for_each(Vec::clear);
    for (g, site) in at {
        let group = &problem.people.groups[g];
        if group.size() == 1 {
            share.alone[group.kind()].push(g);
        } else {
            share.households[site].push(g);
        }
    }
}

fn reorder(problem: &Problem<'_>, shares: &[Share], roster: &mut Roster, swap: bool) -> Meant {
    let mut turns: Vec<BTreeMap<Profile, Vec<Turn>>> = vec![BTreeMap::new(); shares.len()];
    let mut riding: BTreeSet<usize> = BTreeSet::new();
    let mut left: Vec<Vec<Kinds>> = shares.iter().map(|s| s.left.clone()).collect();
    for (car, trips) in roster.trips.iter().enumerate() {
        let Some((times, _)) = times(problem, car, trips) else { continue };
        for (t, (trip, time)) in trips.iter().zip(&times).enumerate() {
            for (s, ((district, groups), loading)) in trip.stops.iter().zip(&time.stops).enumerate() {
                for (n, g) in groups.iter().enumerate() {
                    let group = &problem.people.groups[*g];
                    riding.insert(*g);
                    let turn = Turn::Run(*loading, time.arrive, car, t, s, n);
                    turns[*district].entry(group.profile()).or_default().push(turn);
                    let site = problem.sites[*district].iter().position(|s| s.facility == trip.facility);
                    if let (1, Some(site)) = (group.size(), site) {
                        left[*district][site][group.kind()] -= 1;
                    }
                }
            }
        }
    }
    let mut all = Meant::default();
    for (district, share) in shares.iter().enumerate() {
        let placed = meant(problem, district, share, &riding, &mut left[district]).site;
        if !swap {
            all.site.extend(placed);
            continue;
        }
        for (g, site) in placed {
            turns[district].entry(problem.people.groups[g].profile()).or_default().push(Turn::Place(site));
        }
        let mut of_profile: BTreeMap<Profile, Vec<usize>> = BTreeMap::new();
        for &g in &problem.groups[district] {
            of_profile.entry(problem.people.groups[g].profile()).or_default().push(g);
        }
        for (profile, mut turns) in std::mem::take(&mut turns[district]) {
            turns.sort_unstable();
            let groups = of_profile.remove(&profile).unwrap_or_default();
            let mut open: Vec<bool> = vec![true; groups.len()];
            let mut from = 0;
            for turn in turns {
                while open.get(from) == Some(&false) {
                    from += 1;
                }
                let by = if let Turn::Run(loading, ..) = turn { loading } else { u32::MAX };
                let next = (from..groups.len()).find(|n| open[*n] && problem.people.groups[groups[*n]].ready <= by);
                let Some(n) = next else { continue };
                open[n] = false;
                match turn {
                    Turn::Run(_, _, car, t, s, at) => roster.trips[car][t].stops[s].1[at] = groups[n],
                    Turn::Place(site) => {
                        all.site.insert(groups[n], site);
                    }
                }
            }
        }
    }
    all
}
