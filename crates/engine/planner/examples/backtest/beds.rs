//! Beds: the plan of transfers against nearest first and each district alone, on the same days.

use crate::city::{AHEAD, City, DISTRICTS, Random, SIZES};
use crate::rooms::day;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, ExpectedPersons, Persons, Vehicles};
use levee_model::report::VehicleKind;
use levee_planner::{nearest_first_greedy, propose};

/// Shares of the classes, the mildest first, and their stays in days: made up for this test.
const SHARES: [f64; 4] = [0.90, 0.075, 0.017, 0.008];
const STAYS: [usize; 4] = [7, 10, 14, 14];
const LEVELS: [Level; 4] = [Level::Makeshift, Level::General, Level::Severe, Level::Critical];
/// Beds of each level in a district of size 1, and days that a plan looks ahead.
const BEDS: [f64; 4] = [20.0, 4.0, 1.5, 0.8];
const DAYS: u8 = 4;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Planned,
    Nearest,
    Alone,
}

/// Who waits and who lies where.
struct State {
    way: Way,
    waiting: [[u64; 4]; DISTRICTS],
    /// By facility and level: people who leave in so many days.
    inside: [[[u64; 15]; 4]; DISTRICTS],
}

/// Person-days without a bed: life-saving, moderate, mild; and person-kilometres.
pub(crate) type Waited = [u64; 4];

fn code(d: usize) -> PlaceCode {
    format!("D{d}").parse().unwrap()
}

fn inputs(state: &State, today: usize, expected: &[[f64; AHEAD]; DISTRICTS]) -> PlanInputs {
    let start = day(today);
    let origin = Origin::Synthetic;
    let (mut needs, mut capacity, mut lanes, mut fleets) = (vec![], vec![], vec![], vec![]);
    // Whole people, so that the city's sum is kept and a rare class is not rounded away.
    let mut owed = [0.0; 4];
    for d in 0..DISTRICTS {
        for (c, class) in CareClass::ALL.into_iter().enumerate() {
            for t in 0..usize::from(DAYS) {
                let mut people = 0.0;
                if t > 0 {
                    owed[c] += expected[d][t - 1] * SHARES[c];
                    people = f64::floor(owed[c]);
                    owed[c] -= people;
                }
                needs.push(Need {
                    district: code(d),
                    day: day(today + t),
                    class,
                    known: Persons::new(if t == 0 { state.waiting[d][c] } else { 0 }),
                    forecast: ExpectedPersons::new(people).map(|people| Forecast { people, quantile: 0.9 }),
                    origin,
                    care: None,
                    forecast_failed: false,
                });
            }
            let beds = Some(Beds::new((BEDS[c] * SIZES[d]).ceil() as u64));
            let inside = &state.inside[d][c];
            capacity.push(Capacity {
                facility: format!("F{d}").parse().unwrap(),
                level: LEVELS[c],
                district: code(d),
                physical: beds,
                staffed: beds,
                equipped: beds,
                occupied: Some(Beds::new(inside.iter().sum())),
                discharges: (0..usize::from(DAYS)).map(|t| Beds::new(inside[t])).collect(),
                acceptance_until: Some(day(9_999)),
                opens_on: None,
                closes_on: None,
                services: Vec::new(),
                origin,
            });
        }
        for to in (0..DISTRICTS).filter(|to| state.way != Way::Alone || *to == d) {
            let km = 5 + 12 * d.abs_diff(to) as u64;
            lanes.push(Lane {
                from: code(d),
                facility: format!("F{to}").parse().unwrap(),
                metres: km * 1000,
                coach_minutes: u32::try_from(km * 2).unwrap(),
                ambulance_minutes: u32::try_from(km).unwrap(),
                method: LaneMethod::RoadTable,
                origin,
            });
        }
        for (kind, vehicles, seats, trips) in
            [(VehicleKind::Coach, 4, 30, 3), (VehicleKind::NegativePressureAmbulance, 6, 1, 6)]
        {
            fleets.push(Fleet {
                district: code(d),
                kind,
                vehicles: Some(Vehicles::new(vehicles)),
                crews: Some(vehicles),
                seats: Some(seats),
                trips_per_day: Some(trips),
                origin,
            });
        }
    }
    let limits = PlanLimits { days: DAYS, ..PlanLimits::default() };
    PlanInputs { start, needs, capacity, lanes, fleets, limits, step_downs: Vec::new(), revision: Revision::default() }
}

/// A day of one way: those who leave, the orders for those who wait, and who is still waiting at its end.
fn pass(state: &mut State, today: usize, expected: &[[f64; AHEAD]; DISTRICTS]) -> Waited {
    let inputs = inputs(state, today, expected);
    let plan = if state.way == Way::Nearest { nearest_first_greedy(&inputs) } else { propose(&inputs, 0) };
    for level in state.inside.iter_mut().flatten() {
        level.rotate_left(1);
        level[14] = 0;
    }
    let mut waited = [0; 4];
    for order in plan.orders.iter().filter(|o| o.day == day(today)) {
        let class = CareClass::ALL.iter().position(|c| *c == order.class).unwrap();
        let level = LEVELS.iter().position(|l| *l == order.level).unwrap();
        let from: usize = order.from.as_str()[1..].parse().unwrap();
        let to: usize = order.facility.as_str()[1..].parse().unwrap();
        state.waiting[from][class] -= order.people.get();
        state.inside[to][level][STAYS[class] - 1] += order.people.get();
        waited[3] += order.people.get() * order.metres / 1000;
    }
    for row in &state.waiting {
        waited[0] += row[2] + row[3];
        waited[1] += row[1];
        waited[2] += row[0];
    }
    waited
}

/// A city's days in the three ways.
pub(crate) fn run(city: &mut City, seed: u64, days: usize) -> [Waited; 3] {
    let mut random = Random(seed);
    let mut states = [Way::Planned, Way::Nearest, Way::Alone].map(|way| State {
        way,
        waiting: Default::default(),
        inside: [[[0; 15]; 4]; DISTRICTS],
    });
    let mut sums = [[0; 4]; 3];
    for _ in 0..days {
        city.pass();
        let today = city.infections.len() - 1;
        // Whoever is found today falls into a class, the same in every way.
        for (d, n) in city.infections[today].into_iter().enumerate() {
            for _ in 0..n {
                let u = random.unit();
                let class = (0..3).find(|c| u < SHARES[..=*c].iter().sum()).unwrap_or(3);
                states.iter_mut().for_each(|s| s.waiting[d][class] += 1);
            }
        }
        let (found, _) = city.draws(50, random.next(), false);
        let mean =
            |d: usize, t: usize| (0..50).map(|k| f64::from(found[(k * DISTRICTS + d) * AHEAD + t])).sum::<f64>() / 50.0;
        let expected = std::array::from_fn(|d| std::array::from_fn(|t| mean(d, t)));
        for (state, sum) in states.iter_mut().zip(&mut sums) {
            let waited = pass(state, today, &expected);
            sum.iter_mut().zip(waited).for_each(|(sum, n)| *sum += n);
        }
    }
    sums
}
