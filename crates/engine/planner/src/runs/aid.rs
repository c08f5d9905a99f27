//! Districts help one another: people left over get on vehicles of others, or on one more run of anybody's.

use crate::runs::clock::{Clock, Times, Way};
use crate::runs::places::{Share, way_of};
use crate::runs::problem::Problem;
use crate::runs::schedule::{Rest, Roster, Trip};

/// From how many of the nearest other districts a vehicle is sent. A choice of judgement: beyond, driving there eats the shift.
const NEIGHBOURS: usize = 6;

/// The way of a trip of any number of stops; `None` when a part is not known. Each stop waits for those who get on there.
pub(crate) fn way_of_trip(problem: &Problem<'_>, car: usize, trip: &Trip) -> Option<Way> {
    let car = &problem.cars[car];
    let mut legs = Vec::with_capacity(trip.stops.len() + 1);
    let mut at = car.base;
    let mut ready = Vec::with_capacity(trip.stops.len());
    for (district, groups) in &trip.stops {
        legs.push(problem.hop(at, *district)?);
        at = *district;
        ready.push(groups.iter().map(|g| problem.people.groups[*g].ready).max().unwrap_or(0));
    }
    legs.push(problem.lane(at, trip.facility)?);
    Some(way_of(problem, car, legs, ready, trip.facility))
}

/// The times of all trips of a vehicle.
pub(crate) fn times(problem: &Problem<'_>, car: usize, trips: &[Trip]) -> Option<(Vec<Times>, Clock)> {
    let ways: Option<Vec<Way>> = trips.iter().map(|trip| way_of_trip(problem, car, trip)).collect();
    problem.cars[car].hours.all(ways?.iter())
}

/// A place in the roster for people of one district: which vehicle, which trip (none = one more), before or after its other stops.
struct Chance {
    /// Minute at which the vehicle arrives at the facility, and vehicle.
    rank: (bool, u32, usize),
    car: usize,
    trip: Option<usize>,
    first: bool,
    seats: u64,
    loading: u32,
}

/// Puts people who are left over on vehicles of any district, while that brings somebody. Says how many timetables were tried.
pub(crate) fn aid(problem: &Problem<'_>, shares: &[Share], roster: &mut Roster, limit: u64) -> u64 {
    let mut tried = 0;
    for (district, share) in shares.iter().enumerate() {
        let mut rest = rest_of(problem, district, share, roster);
        if rest.nothing_left() {
            continue;
        }
        let cars = cars_near(problem, district);
        let mut closed = vec![false; problem.sites[district].len()];
        // The site of whoever comes first, until no site is open.
        while let Some(site) = (0..closed.len())
            .filter(|s| !closed[*s] && rest.finds(*s, u64::MAX).1 > 0)
            .min_by_key(|s| (rest.first_for(*s), *s))
        {
            if tried >= limit {
                return tried;
            }
            let facility = problem.sites[district][site].facility;
            let mut chances = chances(problem, roster, &cars, district, facility, &mut tried);
            chances.sort_by_key(|c| c.rank);
            let mut done = false;
            for chance in chances {
                let on_board = rest.fill(site, chance.seats, chance.loading);
                if on_board.is_empty() {
                    continue;
                }
                let trips = &mut roster.trips[chance.car];
                match chance.trip.and_then(|t| trips.get_mut(t)) {
                    Some(trip) if chance.first => trip.stops.insert(0, (district, on_board)),
                    Some(trip) => trip.stops.push((district, on_board)),
                    None => trips.push(Trip { stops: vec![(district, on_board)], facility }),
                }
                done = true;
                break;
            }
            closed[site] = !done;
        }
    }
    tried
}

fn rest_of<'a, 'b>(problem: &'a Problem<'b>, district: usize, share: &'a Share, roster: &Roster) -> Rest<'a, 'b> {
    let mut rest = Rest::new(problem, share);
    for trip in roster.trips.iter().flatten() {
        for (_, groups) in trip.stops.iter().filter(|(d, _)| *d == district) {
            let site = problem.sites[district].iter().position(|s| s.facility == trip.facility);
            for g in groups {
                if let Some(site) = site {
                    rest.take(site, *g);
                }
            }
        }
    }
    rest
}

/// Own vehicles and those of the nearest other districts.
fn cars_near(problem: &Problem<'_>, district: usize) -> Vec<usize> {
    let mut others: Vec<(u32, usize)> = (0..problem.districts.len())
        .filter(|d| *d != district)
        .filter_map(|d| problem.hop(d, district).map(|minutes| (minutes, d)))
        .collect();
    others.sort_unstable();
    others.truncate(NEIGHBOURS);
    let near = |base: usize| base == district || others.iter().any(|(_, d)| *d == base);
    (0..problem.cars.len()).filter(|c| near(problem.cars[*c].base)).collect()
}

fn chances(
    problem: &Problem<'_>,
    roster: &Roster,
    cars: &[usize],
    district: usize,
    facility: usize,
    tried: &mut u64,
) -> Vec<Chance> {
    let mut all = Vec::new();
    for &car in cars {
        let trips = &roster.trips[car];
        let seats = problem.cars[car].seats;
        let mut attempt = |trip: Option<usize>, first: bool, free: u64| {
            let mut changed = trips.clone();
            let stop = (district, Vec::new());
            let nth = trip.unwrap_or(changed.len());
            match trip.and_then(|t| changed.get_mut(t)) {
                Some(trip) if first => trip.stops.insert(0, stop),
                Some(trip) => trip.stops.push(stop),
                None => changed.push(Trip { stops: vec![stop], facility }),
            }
            *tried += 1;
            let Some((times, _)) = times(problem, car, &changed) else { return };
            let Some(time) = times.get(nth) else { return };
            let at = if first { time.stops.first() } else { time.stops.last() };
            let loading = at.copied().unwrap_or(time.depart);
            all.push(Chance { rank: (trip.is_none(), time.arrive, car), car, trip, first, seats: free, loading });
        };
        for (t, trip) in trips.iter().enumerate() {
            let free = seats.saturating_sub(trip.people(problem));
            let known_here = trip.stops.iter().any(|(d, _)| *d == district);
            if trip.facility == facility && free > 0 && !known_here {
                attempt(Some(t), false, free);
                attempt(Some(t), true, free);
            }
        }
        attempt(None, false, seats);
    }
    all
}
