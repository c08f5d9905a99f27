//! Moves become orders: with people known and expected, rides, window and reasons.

use crate::transfer::books::{Books, Move};
use crate::transfer::problem::{Ambulances, BedState, Coaches, Door, MOST_ILL_FIRST, Problem, Way};
use jiff::civil::Time;
use levee_model::plan::{LaneMethod, ProposedOrder, Reason, Ride, RideBy, StepDownOrder, StepDownReason, Window};
use levee_model::quantity::Persons;
use levee_model::report::VehicleKind;

/// How many nearer facilities an order explains; more would bury the reader.
const NEARER_EXPLAINED: usize = 3;

pub(crate) const ANY_HOUR: Window = Window { from: Time::constant(0, 0, 0, 0), until: Time::constant(23, 59, 0, 0) };

/// People of one class who came on one day, and wait in line.
struct Cohort {
    day: usize,
    known: u64,
    forecast: u64,
    quantiles: Option<(f64, f64)>,
}

/// Who of the line goes with an order.
#[derive(Default)]
struct Taken {
    known: u64,
    forecast: u64,
    waited: u64,
    quantiles: Option<(f64, f64)>,
}

/// People of one class in one district, the longest waiting first; of one day, known people before expected ones.
#[derive(Default)]
struct Line(std::collections::VecDeque<Cohort>);

impl Line {
    fn take(&mut self, mut people: u64, today: usize) -> Taken {
        let mut taken = Taken::default();
        while people > 0 {
            let Some(first) = self.0.front_mut() else { break };
            let known = people.min(first.known);
            let forecast = (people - known).min(first.forecast);
            first.known -= known;
            first.forecast -= forecast;
            people -= known + forecast;
            taken.known += known;
            taken.forecast += forecast;
            if first.day < today {
                taken.waited += known + forecast;
            }
            if let (1.., Some((low, high))) = (forecast, first.quantiles) {
                let (a, b) = taken.quantiles.unwrap_or((low, high));
                taken.quantiles = Some((a.min(low), b.max(high)));
            }
            if first.known == 0 && first.forecast == 0 {
                self.0.pop_front();
            }
        }
        taken
    }
}

pub(crate) fn orders(problem: &Problem, books: &Books<'_>) -> Vec<ProposedOrder> {
    let mut lines: Vec<Line> = problem.groups.iter().map(|_| Line::default()).collect();
    let mut orders = Vec::new();
    for day in 0..problem.days() {
        let mut ambulances = problem.ambulances.clone();
        for class in MOST_ILL_FIRST {
            for group in problem.of_class(class) {
                let line = &mut lines[group];
                let new = &problem.demand[group][day];
                if new.people() > 0 {
                    line.0.push_back(Cohort {
                        day,
                        known: new.known,
                        forecast: new.forecast,
                        quantiles: new.quantiles,
                    });
                }
                // In the order of the ways: who waited longest goes to the nearest; on one way with the accepted order.
                for way in &problem.ways[group] {
                    let key = Move { day, group, bed: way.bed };
                    let Some(&people) = books.moves().get(&key) else { continue };
                    let frozen = problem.kept.fixed(key).frozen.min(people);
                    for (people, frozen) in [(frozen, true), (people - frozen, false)] {
                        if people == 0 {
                            continue;
                        }
                        let taken = line.take(people, day);
                        let rides = if class.is_life_saving() {
                            by_ambulance(people, &mut ambulances[problem.groups[group].district])
                        } else {
                            by_coach(problem, books, key, people)
                        };
                        orders.push(order(problem, books, key, way, &taken, rides, frozen));
                    }
                }
            }
        }
    }
    orders
}

/// Moves from higher beds to lower ones, by day, facility and levels.
pub(crate) fn step_downs(problem: &Problem, books: &Books<'_>) -> Vec<StepDownOrder> {
    let mut orders = Vec::new();
    for day in 0..problem.days() {
        for (number, step) in problem.steps.iter().enumerate() {
            let people = books.steps()[number][day];
            if people == 0 {
                continue;
            }
            let (upper, lower) = (&problem.beds[step.upper], &problem.beds[step.lower]);
            let coming = books.moves().iter().filter(|(key, _)| key.bed == step.upper && key.day >= day);
            let mut needed: u64 = coming.map(|(_, people)| *people).sum();
            for (other, by_day) in problem.steps.iter().zip(books.steps()) {
                if other.lower == step.upper {
                    needed += by_day[day..].iter().sum::<u64>();
                }
            }
            let able = problem.steps[number].able.get(day).copied().unwrap_or(0);
            orders.push(StepDownOrder {
                day: problem.dates[day],
                facility: upper.facility.clone(),
                level: upper.level,
                to: lower.level,
                people: Persons::new(people),
                reasons: vec![
                    StepDownReason::Eligible { people: Persons::new(able) },
                    StepDownReason::BedsNeeded { people: Persons::new(needed) },
                ],
                origin: step.origin.and(upper.origin).and(lower.origin),
            });
        }
    }
    orders
}

fn ride(by: RideBy, people: u64) -> Ride {
    Ride { by, people: Persons::new(people) }
}

fn by_coach(problem: &Problem, books: &Books<'_>, key: Move, people: u64) -> Vec<Ride> {
    let kind = VehicleKind::Coach;
    let district = problem.groups[key.group].district;
    vec![match problem.coaches[district] {
        Coaches::Known { seats, .. } => {
            let trips = books.trips_to(problem.beds[key.bed].site, district, key.day, seats);
            ride(RideBy::Fleet { kind, trips }, people)
        }
        Coaches::Unknown => ride(RideBy::Unconfirmed { kind }, people),
    }]
}

fn by_ambulance(people: u64, left: &mut Ambulances) -> Vec<Ride> {
    let mut rides = Vec::new();
    let mut waiting = people;
    for (kind, trips_left, seats) in &mut left.known {
        let trips = waiting.div_ceil((*seats).max(1)).min(*trips_left);
        let carried = waiting.min(trips.saturating_mul(*seats));
        if carried > 0 {
            *trips_left -= trips;
            waiting -= carried;
            rides.push(ride(RideBy::Fleet { kind: *kind, trips }, carried));
        }
    }
    if waiting > 0 {
        rides.push(ride(left.unknown.map_or(RideBy::Dispatch, |kind| RideBy::Unconfirmed { kind }), waiting));
    }
    rides
}

fn order(
    problem: &Problem,
    books: &Books<'_>,
    key: Move,
    way: &Way,
    taken: &Taken,
    rides: Vec<Ride>,
    frozen: bool,
) -> ProposedOrder {
    let bed = &problem.beds[way.bed];
    let group = problem.groups[key.group];
    let class = group.class();
    let people = taken.known + taken.forecast;
    let mut reasons = Vec::new();
    if taken.known > 0 {
        reasons.push(Reason::NeedKnown { people: Persons::new(taken.known) });
    }
    if let (1.., Some(quantiles)) = (taken.forecast, taken.quantiles) {
        reasons.push(Reason::NeedForecast { people: Persons::new(taken.forecast), quantiles });
    }
    if taken.waited > 0 {
        reasons.push(Reason::Waited { people: Persons::new(taken.waited) });
    }
    if frozen {
        reasons.push(Reason::Accepted);
    } else {
        let pinned = problem.kept.fixed(key).pinned;
        if pinned > 0 {
            reasons.push(Reason::Pinned { people: Persons::new(pinned) });
        }
        let as_issued = problem.kept.issued(key).min(people);
        if as_issued > 0 {
            reasons.push(Reason::AsIssued { people: Persons::new(as_issued) });
        }
        // Where a pin sends all of them, no distance was weighed.
        if pinned < people {
            reasons.extend(why_here(problem, books, key, way));
        }
    }
    if way.upgrade > 0 {
        reasons.push(Reason::Upgraded { needed: class.level_needed(), given: bed.level });
    }
    if way.method == LaneMethod::GreatCircle {
        reasons.push(Reason::LaneEstimated);
    }
    let demand = &problem.demand[key.group];
    let origin = demand[..=key.day].iter().fold(bed.origin.and(way.origin), |worst, d| worst.and(d.origin));
    ProposedOrder {
        day: problem.dates[key.day],
        from: problem.districts[group.district].clone(),
        facility: bed.facility.clone(),
        level: bed.level,
        class,
        care: group.care,
        frozen,
        people: Persons::new(people),
        known: Persons::new(taken.known),
        metres: way.metres,
        minutes: way.minutes,
        rides,
        window: if class.is_life_saving() { ANY_HOUR } else { problem.coach_window },
        reasons,
        origin,
    }
}

/// Why this facility: what speaks against each nearer one at a level no higher than the one given.
fn why_here(problem: &Problem, books: &Books<'_>, key: Move, chosen: &Way) -> Vec<Reason> {
    let mut nearer: Vec<Reason> = problem.ways[key.group]
        .iter()
        .take_while(|w| w.bed != chosen.bed)
        .filter(|w| w.upgrade <= chosen.upgrade && w.metres < chosen.metres)
        .map(|w| against(problem, books, key, w))
        .collect();
    // A facility that admits nobody says so once for all its levels.
    nearer = nearer.iter().enumerate().filter(|(k, r)| !nearer[..*k].contains(r)).map(|(_, r)| r.clone()).collect();
    if nearer.is_empty() {
        return vec![Reason::Nearest];
    }
    let left_to_others = nearer.iter().any(|r| matches!(r, Reason::NearerLeftToOthers { .. }));
    let mut reasons = if left_to_others { Vec::new() } else { vec![Reason::NearestWithRoom] };
    reasons.extend(nearer.into_iter().take(NEARER_EXPLAINED));
    reasons
}

fn against(problem: &Problem, books: &Books<'_>, key: Move, way: &Way) -> Reason {
    let row = &problem.beds[way.bed];
    let (facility, level) = (row.facility.clone(), row.level);
    if problem.kept.forbids(key.group, way.bed) {
        return Reason::NearerForbidden { facility };
    }
    if way.service_unknown {
        return Reason::NearerUnknown { facility, level };
    }
    match (&row.state, row.door[key.day]) {
        (BedState::Unknown, _) => Reason::NearerUnknown { facility, level },
        (_, Door::NotAccepted) => Reason::NearerNotAccepted { facility },
        (_, Door::NotOpen) => Reason::NearerNotOpen { facility },
        (BedState::Known { .. }, Door::Open) => {
            let care = problem.groups[key.group].care;
            if problem.kept.exact.contains(&Move { bed: way.bed, ..key }) {
                Reason::NearerPinned { facility, level }
            } else if books.empty(way.bed, key.day) > 0 && books.slots_left(way.bed, care) > 0 {
                Reason::NearerLeftToOthers { facility, level }
            } else {
                Reason::NearerFull { facility, level }
            }
        }
    }
}
