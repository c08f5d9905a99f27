//! Runs of tomorrow: how many ride, who has no ride and why, by district.

use crate::brief::words::Naming;
use crate::plans::counted::{CountedRuns, RunRow};
use crate::plans::document::PlanDocument;
use crate::plans::view::DocumentNames;
use jiff::civil::Time;
use levee_brief::facts::{Arg, Message, PlanSection, SectionColumn, SectionTable};
use levee_model::area::PlaceCode;
use levee_model::plan::runs::{RunGap, RunRemedy, StayCause, VehicleId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Districts that the table shows.
const SHOWN: usize = 12;

/// Causes that get a line of their own, those of most people.
const CAUSES: usize = 2;

pub(super) fn section(document: &PlanDocument) -> Option<PlanSection> {
    let plan = &document.runs.as_ref()?.plan;
    let names = DocumentNames(document);
    let mut lines = Vec::new();
    lines.extend(how(plan));
    lines.extend(urgent(plan));
    lines.extend(left(plan, &names));
    lines.extend(unknown(plan));
    if !plan.runs.is_empty() || !plan.waiting.is_empty() {
        lines.push(Message::new("runs.counted"));
    }
    Some(PlanSection {
        part: "runs".to_owned(),
        title: title(plan),
        lines,
        table: table(plan, &names),
        origin: plan.origin,
    })
}

fn time(at: Time) -> Arg {
    Arg::Plain(at.strftime("%H:%M").to_string())
}

fn sum(all: &[levee_model::quantity::Persons; 4]) -> u64 {
    all.iter().map(|n| n.get()).sum()
}

fn title(plan: &CountedRuns) -> Message {
    let (riding, left) = (sum(&plan.figures.on_runs), sum(&plan.figures.waiting));
    let last = plan.runs.iter().map(|run| run.arrive).max();
    let message = |code: &str| Message::new(code).day("day", plan.day).count("n", riding + left);
    match (last, left) {
        (None, 0) if plan.urgent.is_empty() => message("runs.nobody"),
        (None, 0) => message("runs.urgent_only"),
        (None, _) => message("runs.none"),
        (Some(last), 0) => message("runs.all").count("runs", plan.runs.len() as u64).with("time", time(last)),
        (Some(last), left) => {
            message("runs.some").count("left", left).count("runs", plan.runs.len() as u64).with("time", time(last))
        }
    }
}

/// The vehicle itself, whichever crew drives it.
fn wheels(id: &VehicleId) -> &str {
    let id = id.as_str();
    id.strip_suffix("-early").or_else(|| id.strip_suffix("-late")).unwrap_or(id)
}

fn how(plan: &CountedRuns) -> Option<Message> {
    let first = plan.runs.iter().map(|run| run.depart).min()?;
    let vehicles: BTreeSet<&str> = plan.runs.iter().map(|run| wheels(&run.vehicle)).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let pct = 100.0 * sum(&plan.figures.on_runs) as f64 / plan.figures.seats.max(1) as f64;
    let message = Message::new("runs.how").count("vehicles", vehicles.len() as u64).with("time", time(first));
    let message = message.count("hours", plan.figures.drive_minutes.div_ceil(60));
    Some(message.with("pct", Arg::Percent((pct * 10.0).round() / 10.0)))
}

fn urgent(plan: &CountedRuns) -> Option<Message> {
    let people: u64 = plan.urgent.iter().map(|row| row.people.people()).sum();
    (people > 0).then(|| Message::new("runs.urgent").count("n", people))
}

/// Causes by people, each with the mend that would help most of them.
fn left(plan: &CountedRuns, names: &dyn Naming) -> Vec<Message> {
    let mut by_cause: BTreeMap<StayCause, BTreeMap<&RunRemedy, u64>> = BTreeMap::new();
    for row in &plan.waiting {
        // Of each row the best mend; a row without one is refused by the checker.
        let of = by_cause.entry(row.cause).or_default().entry(row.mends.first().unwrap_or(&RunRemedy::NextDay));
        let people = of.or_default();
        *people = people.saturating_add(row.people.people());
    }
    let sum = |mends: &BTreeMap<&RunRemedy, u64>| mends.values().fold(0u64, |sum, n| sum.saturating_add(*n));
    let mut all: Vec<_> = by_cause.into_iter().collect();
    all.sort_by_key(|(cause, mends)| (Reverse(sum(mends)), *cause));
    all.into_iter()
        .take(CAUSES)
        .map(|(cause, mends)| {
            let most = mends.iter().max_by_key(|(mend, people)| (**people, Reverse(**mend)));
            let (mend, helped) = most.map_or((&RunRemedy::NextDay, 0), |(mend, people)| (*mend, *people));
            let mend = remedy(mend, names);
            let message = Message::new("runs.left").count("n", sum(&mends)).count("helped", helped);
            let message = message.with("cause", Arg::Message(Box::new(Message::new(why(cause)))));
            message.with("mend", Arg::Message(Box::new(mend)))
        })
        .collect()
}

fn why(cause: StayCause) -> &'static str {
    match cause {
        StayCause::NoPlace => "stay.no_place",
        StayCause::NoPlaceTogether => "stay.no_place_together",
        StayCause::NoLane => "stay.no_lane",
        StayCause::NoVehicle => "stay.no_vehicle",
        StayCause::VehiclesUnknown => "stay.vehicles_unknown",
        StayCause::NoSeatsTogether => "stay.no_seats_together",
        StayCause::WayTooLong => "stay.way_too_long",
        StayCause::VehicleTime => "stay.vehicle_time",
        StayCause::GuardianUnknown
        | StayCause::GuardianDoesNotTravel
        | StayCause::ExemptionUndecided
        | StayCause::HouseholdHeld
        | StayCause::Contradiction
        | StayCause::NotYet => "stay.other",
    }
}

fn remedy(mend: &RunRemedy, names: &dyn Naming) -> Message {
    let of = |code: &str, district: &PlaceCode| Message::new(code).words("from", names.short(district));
    match mend {
        RunRemedy::OneRun { district, facility, seats, minutes } => of("ride.one_run", district)
            .words("facility", names.facility(facility))
            .count("seats", *seats)
            .count("minutes", u64::from(*minutes)),
        RunRemedy::Relay { district, facility } => {
            of("ride.relay", district).words("facility", names.facility(facility))
        }
        RunRemedy::LargerVehicle { district, seats } => of("ride.larger_vehicle", district).count("seats", *seats),
        RunRemedy::ReportVehicles { district } => of("ride.report_vehicles", district),
        RunRemedy::Lanes { district } => of("ride.lanes", district),
        RunRemedy::Places { district, .. } => of("ride.places", district),
        RunRemedy::AskHousehold | RunRemedy::NameGuardian | RunRemedy::DecideExemption | RunRemedy::Reconcile => {
            Message::new("ride.person")
        }
        RunRemedy::NextDay => Message::new("ride.next_day"),
    }
}

fn unknown(plan: &CountedRuns) -> Option<Message> {
    let (mut vehicles, mut missing) = (BTreeSet::new(), BTreeSet::new());
    for gap in &plan.gaps {
        if let RunGap::VehicleUnknown { vehicle, missing: what } = gap {
            vehicles.insert(wheels(vehicle));
            missing.extend(what.iter().map(|name| match name.as_str() {
                "seats" => "missing.seats",
                "crew" => "missing.crew",
                _ => "missing.hours",
            }));
        }
    }
    let what = missing.into_iter().map(|code| Arg::Message(Box::new(Message::new(code)))).collect();
    let message = Message::new("runs.vehicles_unknown").count("n", vehicles.len() as u64);
    (!vehicles.is_empty()).then(|| message.with("what", Arg::List(what)))
}

/// What the runs do for one district's people.
#[derive(Default)]
struct District<'a> {
    riding: u64,
    left: u64,
    runs: u64,
    vehicles: BTreeSet<&'a str>,
    first: Option<Time>,
    last: Option<Time>,
    facilities: BTreeSet<&'a levee_model::ids::FacilityId>,
}

impl<'a> District<'a> {
    fn ride(&mut self, run: &'a RunRow, people: u64, depart: Time) {
        self.riding = self.riding.saturating_add(people);
        self.runs += 1;
        self.vehicles.insert(wheels(&run.vehicle));
        self.first = Some(self.first.map_or(depart, |held| held.min(depart)));
        self.last = Some(self.last.map_or(run.arrive, |held| held.max(run.arrive)));
        self.facilities.insert(&run.facility);
    }
}

/// Districts: whose people have no ride first, then by people.
fn table(plan: &CountedRuns, names: &dyn Naming) -> Option<SectionTable> {
    let mut districts: BTreeMap<&PlaceCode, District<'_>> = BTreeMap::new();
    for run in &plan.runs {
        for stop in &run.pick_ups {
            let people = stop.people.iter().map(|some| some.people.people()).sum();
            districts.entry(&stop.district).or_default().ride(run, people, stop.depart);
        }
    }
    for row in &plan.waiting {
        let of = districts.entry(&row.district).or_default();
        of.left = of.left.saturating_add(row.people.people());
    }
    let mut all: Vec<_> = districts.into_iter().collect();
    all.sort_by_key(|(code, of)| (Reverse(of.left), Reverse(of.riding), *code));
    let left_out = all.len().saturating_sub(SHOWN) as u64;
    let rows: Vec<Vec<Option<Arg>>> = all
        .into_iter()
        .take(SHOWN)
        .map(|(code, of)| {
            let at = |time_of: Option<Time>| Some(time_of.map_or_else(|| Arg::Plain("–".to_owned()), time));
            vec![
                Some(Arg::Words(names.short(code))),
                Some(Arg::Count(of.riding)),
                Some(Arg::Count(of.runs)),
                Some(Arg::Count(of.vehicles.len() as u64)),
                at(of.first),
                at(of.last),
                Some(Arg::Count(of.facilities.len() as u64)),
                Some(Arg::Count(of.left)),
            ]
        })
        .collect();
    let columns = vec![
        SectionColumn::text("区县", "From", 18),
        SectionColumn::figures("乘车人数", "People", 12),
        SectionColumn::figures("车次", "Runs", 9),
        SectionColumn::figures("车辆", "Vehicles", 11),
        SectionColumn::figures("首班发车", "First leaves", 14),
        SectionColumn::figures("末班到达", "Last arrives", 14),
        SectionColumn::figures("去向数", "Facilities", 12),
        SectionColumn::figures("无车", "No ride", 10),
    ];
    (!rows.is_empty()).then_some(SectionTable { columns, rows, left_out })
}
