//! Moves become orders: with people known and expected, rides, window and reasons.

use crate::transfer::books::{Books, Move};
use crate::transfer::problem::{Ambulances, BedState, Coaches, Door, MOST_ILL_FIRST, Problem, Way, index};
use jiff::civil::Time;
use levee_model::plan::{CareClass, LaneMethod, ProposedOrder, Reason, Ride, RideBy, Window};
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
    let mut lines: Vec<[Line; 4]> = problem.districts.iter().map(|_| Default::default()).collect();
    let mut orders = Vec::new();
    for day in 0..problem.days() {
        let mut ambulances = problem.ambulances.clone();
        for class in MOST_ILL_FIRST {
            for (district, lines) in lines.iter_mut().enumerate() {
                let line = &mut lines[index(class)];
                let new = &problem.demand[district][index(class)][day];
                if new.people() > 0 {
                    line.0.push_back(Cohort {
                        day,
                        known: new.known,
                        forecast: new.forecast,
                        quantiles: new.quantiles,
                    });
                }
                // In the order of the ways: who waited longest goes to the nearest.
                for way in &problem.ways[district][index(class)] {
                    let key = Move { day, district, class: index(class), bed: way.bed };
                    if let Some(&people) = books.moves().get(&key) {
                        let taken = line.take(people, day);
                        let rides = if class.is_life_saving() {
                            by_ambulance(people, &mut ambulances[district])
                        } else {
                            by_coach(problem, books, key, people)
                        };
                        orders.push(order(problem, books, key, class, way, &taken, rides));
                    }
                }
            }
        }
    }
    orders
}

fn ride(by: RideBy, people: u64) -> Ride {
    Ride { by, people: Persons::new(people) }
}

fn by_coach(problem: &Problem, books: &Books<'_>, key: Move, people: u64) -> Vec<Ride> {
    let kind = VehicleKind::Coach;
    vec![match problem.coaches[key.district] {
        Coaches::Known { seats, .. } => {
            let trips = books.trips_to(problem.beds[key.bed].site, key.district, key.day, seats);
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
    class: CareClass,
    way: &Way,
    taken: &Taken,
    rides: Vec<Ride>,
) -> ProposedOrder {
    let bed = &problem.beds[way.bed];
    let people = Persons::new(taken.known + taken.forecast);
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
    reasons.extend(why_here(problem, books, key, way));
    if way.upgrade > 0 {
        reasons.push(Reason::Upgraded { needed: class.level_needed(), given: bed.level });
    }
    if way.method == LaneMethod::GreatCircle {
        reasons.push(Reason::LaneEstimated);
    }
    let demand = &problem.demand[key.district][key.class];
    let origin = demand[..=key.day].iter().fold(bed.origin.and(way.origin), |worst, d| worst.and(d.origin));
    ProposedOrder {
        day: problem.dates[key.day],
        from: problem.districts[key.district].clone(),
        facility: bed.facility.clone(),
        level: bed.level,
        class,
        care: None,
        frozen: false,
        people,
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
    let mut nearer: Vec<Reason> = problem.ways[key.district][key.class]
        .iter()
        .take_while(|w| w.bed != chosen.bed)
        .filter(|w| w.upgrade <= chosen.upgrade && w.metres < chosen.metres)
        .map(|w| against(problem, books, w.bed, key.day))
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

fn against(problem: &Problem, books: &Books<'_>, bed: usize, day: usize) -> Reason {
    let row = &problem.beds[bed];
    let (facility, level) = (row.facility.clone(), row.level);
    match (&row.state, row.door[day]) {
        (BedState::Unknown, _) => Reason::NearerUnknown { facility, level },
        (_, Door::NotAccepted) => Reason::NearerNotAccepted { facility },
        (_, Door::NotOpen) => Reason::NearerNotOpen { facility },
        (BedState::Known { free, .. }, Door::Open) if free[day] > books.held(bed, day) => {
            Reason::NearerLeftToOthers { facility, level }
        }
        _ => Reason::NearerFull { facility, level },
    }
}
