//! Runs as a plan document keeps them: people as spans of numbers, equal rows together. A day of ten thousand people is a few
//! hundred spans.

use jiff::civil::{Date, Time};
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::CareClass;
use levee_model::plan::runs::{
    Cut, Meant, Passenger, PickUp, Run, RunFigures, RunGap, RunPlan, RunRemedy, StayCause, StillWaiting, Urgent,
    VehicleId,
};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use levee_model::subject::Pseudonym;
use serde::{Deserialize, Serialize};

/// People by number, both ends included. Numbers run over the day's people, district by district, the most ill first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl Span {
    /// How many.
    pub fn people(self) -> u64 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }
}

/// People dispatched now, of one district and class and to one place; see [`Urgent`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgentRow {
    /// Who.
    pub people: Span,
    /// Where.
    pub district: PlaceCode,
    /// How ill.
    pub class: CareClass,
    /// Where a place is meant for them; `None` = the nearest emergency department that the dispatcher knows.
    pub facility: Option<FacilityId>,
    /// Whether that facility receives over capacity.
    pub over_capacity: bool,
    /// An ambulance to send first, for each of them; empty = whatever the dispatcher can send.
    pub vehicles: Vec<VehicleId>,
}

/// People who get on at a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boarding {
    /// Who.
    pub people: Span,
    /// At which level of care they are received.
    pub level: Level,
    /// Whose places they take.
    pub place_of: CareClass,
}

/// A stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopRow {
    /// Where.
    pub district: PlaceCode,
    /// When the vehicle is there.
    pub arrive: Time,
    /// When it leaves.
    pub depart: Time,
    /// Who gets on.
    pub people: Vec<Boarding>,
}

/// One journey of one vehicle; see [`Run`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRow {
    /// Which vehicle.
    pub vehicle: VehicleId,
    /// What it is.
    pub kind: VehicleKind,
    /// Where it starts and ends.
    pub base: PlaceCode,
    /// When it leaves its base.
    pub depart: Time,
    /// Where people get on.
    pub pick_ups: Vec<StopRow>,
    /// Where it goes.
    pub facility: FacilityId,
    /// When it arrives.
    pub arrive: Time,
    /// When it leaves, empty.
    pub leave: Time,
    /// When it is back.
    pub back: Time,
    /// Minutes at the wheel.
    pub drive_minutes: u32,
    /// Seats.
    pub seats: u64,
    /// What it rests on.
    pub origin: Origin,
}

impl RunRow {
    /// How many people ride.
    pub fn people(&self) -> u64 {
        self.pick_ups.iter().flat_map(|stop| &stop.people).map(|boarding| boarding.people.people()).sum()
    }
}

/// People who still wait, for one cause; see [`StillWaiting`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRow {
    /// Who.
    pub people: Span,
    /// Where.
    pub district: PlaceCode,
    /// How ill.
    pub class: CareClass,
    /// Why.
    pub cause: StayCause,
    /// The place that was meant for them.
    pub meant: Option<Meant>,
    /// What would mend it.
    pub mends: Vec<RunRemedy>,
    /// Minutes waited at 24:00.
    pub minutes: Option<u64>,
}

/// The runs of a day for people who are counted; see [`RunPlan`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountedRuns {
    /// The day.
    pub day: Date,
    /// Dispatched now (law 7).
    pub urgent: Vec<UrgentRow>,
    /// Runs, by departure.
    pub runs: Vec<RunRow>,
    /// Who still waits, and why.
    pub waiting: Vec<WaitingRow>,
    /// Places that no run fills.
    pub cuts: Vec<Cut>,
    /// What the inputs lack.
    pub gaps: Vec<RunGap>,
    /// Sums and times.
    pub figures: RunFigures,
    /// Worst origin.
    pub origin: Origin,
    /// Steps of the search.
    pub iterations: u64,
    /// Version of the planner.
    pub engine_version: String,
    /// Seed of the search.
    pub seed: u64,
}

fn number(person: Pseudonym) -> u64 {
    person.counted().unwrap_or(u64::MAX)
}

/// Rows with one more person each, those that follow on from the row before put together.
fn spans<T, Row>(all: &[T], row: impl Fn(&T) -> Row, joins: impl Fn(&mut Row, &Row) -> bool) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for one in all {
        let next = row(one);
        if !rows.last_mut().is_some_and(|last| joins(last, &next)) {
            rows.push(next);
        }
    }
    rows
}

fn follows(last: &mut Span, next: Span) -> bool {
    let yes = last.last.checked_add(1) == Some(next.first);
    if yes {
        last.last = next.last;
    }
    yes
}

impl CountedRuns {
    /// Of runs of counted people; `None` when somebody in them is not counted but somebody (then they cannot be kept so).
    pub fn of(plan: &RunPlan) -> Option<Self> {
        let counted = Self {
            day: plan.day,
            urgent: urgent(&plan.urgent),
            runs: plan.runs.iter().map(run).collect(),
            waiting: waiting(&plan.waiting),
            cuts: plan.cuts.clone(),
            gaps: plan.gaps.clone(),
            figures: plan.figures.clone(),
            origin: plan.origin,
            iterations: plan.iterations,
            engine_version: plan.engine_version.clone(),
            seed: plan.seed,
        };
        counted.plan(u64::MAX).filter(|again| again == plan).map(|_| counted)
    }

    /// The runs with everybody on a line of their own; `None` when they name more than `people` people.
    pub fn plan(&self, people: u64) -> Option<RunPlan> {
        let named = self.spans().map(Span::people).fold(0u64, u64::saturating_add);
        if named > people {
            return None;
        }
        let pick_up = |stop: &StopRow| PickUp {
            district: stop.district.clone(),
            arrive: stop.arrive,
            depart: stop.depart,
            people: stop
                .people
                .iter()
                .flat_map(|some| {
                    each(some.people).map(|person| Passenger { person, level: some.level, place_of: some.place_of })
                })
                .collect(),
        };
        let run = |run: &RunRow| Run {
            vehicle: run.vehicle.clone(),
            kind: run.kind,
            base: run.base.clone(),
            depart: run.depart,
            pick_ups: run.pick_ups.iter().map(pick_up).collect(),
            facility: run.facility.clone(),
            arrive: run.arrive,
            leave: run.leave,
            back: run.back,
            drive_minutes: run.drive_minutes,
            seats: run.seats,
            origin: run.origin,
        };
        let urgent = |row: &UrgentRow| -> Vec<Urgent> {
            let vehicles = row.vehicles.iter().cloned().map(Some).chain(std::iter::repeat(None));
            each(row.people)
                .zip(vehicles)
                .map(|(person, vehicle)| Urgent {
                    person,
                    district: row.district.clone(),
                    class: row.class,
                    facility: row.facility.clone(),
                    over_capacity: row.over_capacity,
                    vehicle,
                    escort: None,
                })
                .collect()
        };
        let waits = |row: &WaitingRow| -> Vec<StillWaiting> {
            each(row.people)
                .map(|person| StillWaiting {
                    person,
                    district: row.district.clone(),
                    class: row.class,
                    cause: row.cause,
                    meant: row.meant.clone(),
                    mends: row.mends.clone(),
                    minutes: row.minutes,
                })
                .collect()
        };
        Some(RunPlan {
            day: self.day,
            urgent: self.urgent.iter().flat_map(urgent).collect(),
            runs: self.runs.iter().map(run).collect(),
            exempt: Vec::new(),
            waiting: self.waiting.iter().flat_map(waits).collect(),
            cuts: self.cuts.clone(),
            gaps: self.gaps.clone(),
            figures: self.figures.clone(),
            origin: self.origin,
            iterations: self.iterations,
            engine_version: self.engine_version.clone(),
            seed: self.seed,
        })
    }

    fn spans(&self) -> impl Iterator<Item = Span> {
        let riding =
            self.runs.iter().flat_map(|run| &run.pick_ups).flat_map(|stop| &stop.people).map(|some| some.people);
        let urgent = self.urgent.iter().map(|row| row.people);
        riding.chain(urgent).chain(self.waiting.iter().map(|row| row.people))
    }
}

fn each(span: Span) -> impl Iterator<Item = Pseudonym> {
    (span.first..=span.last).map(Pseudonym::of_counted)
}

fn of(person: Pseudonym) -> Span {
    Span { first: number(person), last: number(person) }
}

fn urgent(all: &[Urgent]) -> Vec<UrgentRow> {
    let row = |one: &Urgent| UrgentRow {
        people: of(one.person),
        district: one.district.clone(),
        class: one.class,
        facility: one.facility.clone(),
        over_capacity: one.over_capacity,
        vehicles: one.vehicle.iter().cloned().collect(),
    };
    spans(all, row, |last, next| {
        let same = (&last.district, last.class, &last.facility, last.over_capacity)
            == (&next.district, next.class, &next.facility, next.over_capacity);
        // Whoever has an ambulance named stands before those who have none.
        let full = last.vehicles.len() as u64 == last.people.people() || next.vehicles.is_empty();
        let joins = same && full && follows(&mut last.people, next.people);
        if joins {
            last.vehicles.extend(next.vehicles.iter().cloned());
        }
        joins
    })
}

fn waiting(all: &[StillWaiting]) -> Vec<WaitingRow> {
    let row = |one: &StillWaiting| WaitingRow {
        people: of(one.person),
        district: one.district.clone(),
        class: one.class,
        cause: one.cause,
        meant: one.meant.clone(),
        mends: one.mends.clone(),
        minutes: one.minutes,
    };
    spans(all, row, |last, next| {
        let same = (&last.district, last.class, last.cause, &last.meant, &last.mends, last.minutes)
            == (&next.district, next.class, next.cause, &next.meant, &next.mends, next.minutes);
        same && follows(&mut last.people, next.people)
    })
}

fn run(run: &Run) -> RunRow {
    let stop = |stop: &PickUp| StopRow {
        district: stop.district.clone(),
        arrive: stop.arrive,
        depart: stop.depart,
        people: spans(
            &stop.people,
            |one| Boarding { people: of(one.person), level: one.level, place_of: one.place_of },
            |last, next| {
                (last.level, last.place_of) == (next.level, next.place_of) && follows(&mut last.people, next.people)
            },
        ),
    };
    RunRow {
        vehicle: run.vehicle.clone(),
        kind: run.kind,
        base: run.base.clone(),
        depart: run.depart,
        pick_ups: run.pick_ups.iter().map(stop).collect(),
        facility: run.facility.clone(),
        arrive: run.arrive,
        leave: run.leave,
        back: run.back,
        drive_minutes: run.drive_minutes,
        seats: run.seats,
        origin: run.origin,
    }
}
