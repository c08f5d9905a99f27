//! Use case: run a day. Picture, outlook, ledger, plan, check, brief; each stored as issued.

mod completeness;
mod demand;
mod demand_json;
mod explain;
pub mod known;
mod needs;
mod outlook_json;
mod owed;
mod vintage;

pub use owed::{KindView, OwedView};

pub use demand_json::{ArchivedDemand, kind_name};
pub use explain::Explained;
pub use needs::USED as PLAN_PARAMETERS;
pub use outlook_json::{ArchivedOutlook, ArchivedSeries, Asked, BASELINE};

use crate::blob::BlobRef;
use crate::brief;
use crate::city::{AppError, City, founded, stream};
use crate::event::{ArtefactIssued, ArtefactKind, Event, Mode, NewEvent, Position};
use crate::journal::{JournalError, Read, Space};
use crate::ledger::{Desk, placements};
use crate::operations;
use crate::outlooks::archive;
use crate::plans::{self, AskedTesting, CountedRuns, OpeningsAsked, Part, RunsAsked};
use crate::projection::{ArtefactRecord, decode, keys};
use crate::rights::{Right, check};
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use known::KnownCity;
use levee_model::command::{Actor, Envelope};
use levee_model::ids::EntityId;
use levee_model::parameter::Parameters;
use levee_model::plan::room_plan::RoomPlan;
use levee_model::plan::rooms::RoomInputs;
use levee_model::plan::testing::TestingPlan;
use levee_model::plan::{OpeningsPlan, Pin, Plan, PlanInputs};
use levee_outlook::Outlook;
use levee_outlook::demand::Demand;
use levee_picture::{Moment, Picture};
use levee_rulebook::Rulebook;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Why something was not computed, for a reader in either language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Why {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Everything that was computed for a day, before it is put into the brief.
#[derive(Debug)]
pub struct Day {
    /// The day.
    pub day: Date,
    /// What was known by then went in.
    pub as_known_at: Timestamp,
    /// The city as known.
    pub known: KnownCity,
    /// Where it stood.
    pub picture: Picture,
    /// Where it may go; or why that could not be said.
    pub outlook: Result<Outlook, Why>,
    /// What the coming infections will need; or why that could not be said.
    pub demand: Result<Demand, Why>,
    /// What it was asked and what the baseline says of the same; `None` if there was nothing to ask.
    pub asked: Option<Asked>,
    /// What the planner was asked and what it proposed; or why nothing was.
    pub plan: Result<(PlanInputs, Plan), Why>,
    /// The parts that the plan was asked for.
    pub parts: Vec<Part>,
    /// What the planner of rooms was asked and what it proposed, or why nothing was; `None` = it was not asked.
    pub rooms: Option<Result<(RoomInputs, RoomPlan), Why>>,
    /// The same of openings and closings, beside the needs of `plan`.
    pub openings: Option<Result<(OpeningsAsked, OpeningsPlan), Why>>,
    /// The same of the runs of the plan's first day.
    pub runs: Option<Result<(RunsAsked, CountedRuns), Why>>,
    /// What the planner of testing was asked and what it proposed, or why nothing was; `None` = it was not asked.
    pub testing: Option<Result<(AskedTesting, TestingPlan), Why>>,
    /// The plan that was stored last for this day or an earlier one; what this one is compared with.
    pub before: Option<plans::archive::Stored>,
    /// Outlooks issued for earlier days, oldest first.
    pub earlier: Vec<ArchivedOutlook>,
    /// Why the outlook changed against the last of these; or why that could not be said.
    pub explained: Result<Explained, Why>,
    /// What is owed, with what this day's counts open.
    pub owed: OwedView,
    /// Seed of the outlook.
    pub seed: u64,
    /// Live or replay.
    pub mode: Mode,
}

/// What `run` leaves: where the artefacts lie and the brief itself.
#[derive(Debug)]
pub struct DayReport {
    /// The day.
    pub day: Date,
    /// The brief.
    pub brief: levee_brief::facts::BriefFacts,
    /// What was computed.
    pub computed: Day,
}

/// Nodes that the search for rooms may expand: a day's plan is made while people wait for it.
const ROOM_NODES: u32 = 300;

/// Settings of a run. The seed is part of the record: the same city, day and seed give the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct DayOptions {
    /// Seed of the outlook's paths.
    pub seed: u64,
}

impl Default for DayOptions {
    fn default() -> Self {
        Self { seed: 1 }
    }
}

/// What is known counts up to 24:00 of the day; on a day that is not over, up to now.
pub(crate) fn as_known_at(calendar: &Calendar, day: Date, mode: Mode, now: Timestamp) -> Result<Timestamp, AppError> {
    let bad = |what: String, hint: &str| AppError::Date { what, hint: hint.to_owned() };
    let end = calendar.end_of(day).ok_or_else(|| bad(format!("{day} has no end"), "check the date"))?;
    if mode == Mode::Live && calendar.civil(now).date() < day {
        return Err(bad(format!("{day} has not begun"), "choose today or an earlier day"));
    }
    Ok(if mode == Mode::Live { end.min(now) } else { end })
}

/// Outlooks that had been issued for days before `day`, by events up to now, oldest first.
fn earlier(city: &City<'_>, from: Date, day: Date) -> Result<Vec<ArchivedOutlook>, AppError> {
    let Ok(yesterday) = day.yesterday() else { return Ok(vec![]) };
    Ok(archive(city, from, yesterday)?.issued.into_iter().map(|one| one.outlook).collect())
}

/// Computes a day from what was known; writes nothing.
pub fn compute(city: &City<'_>, day: Date, options: DayOptions) -> Result<Day, AppError> {
    compute_with(city, day, options, Asking { pins: &[], parts: &[Part::Transfer], follows: day.yesterday().ok() })
}

/// What is known counts up to this moment of a day; no later than now in a city at work.
pub(crate) fn moment_of(city: &City<'_>, day: Date) -> Result<Timestamp, AppError> {
    let (founded, _, calendar) = founded(city.journal)?;
    as_known_at(&calendar, day, founded.mode, city.clock.now())
}

/// What the plan of a day is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    /// Pins that it must answer.
    pub(crate) pins: &'a [Pin],
    /// Parts to be planned.
    pub(crate) parts: &'a [Part],
    /// The last day whose plan may be the one before it. A plan made again on its day follows what the day has; the run of a day follows
    /// the days before, so that running it twice says the same.
    pub(crate) follows: Option<Date>,
}

/// The same with what the plan is asked.
pub(crate) fn compute_with(
    city: &City<'_>,
    day: Date,
    options: DayOptions,
    asking: Asking<'_>,
) -> Result<Day, AppError> {
    let (founded, settings, calendar) = founded(city.journal)?;
    if day < settings.outbreak_started {
        return Err(AppError::Date {
            what: format!("{day} lies before the outbreak began ({})", settings.outbreak_started),
            hint: "choose a later day".to_owned(),
        });
    }
    let moment = as_known_at(&calendar, day, founded.mode, city.clock.now())?;
    let on: &dyn Read = city.journal;
    let known = known::load(on, &settings, &calendar, day, moment)?;
    let seen = Moment { outbreak_started: settings.outbreak_started, day, as_known_at: calendar.civil(moment) };
    let picture = levee_picture::picture(seen, &known.places, &known.facts, &settings.preferred_offices);
    let completeness = completeness::completeness(on, &calendar, day, moment)?;
    let (outlook, asked) = match outlook_of(&known, &picture, completeness.clone(), options.seed) {
        Ok((outlook, asked)) => (Ok(outlook), Some(asked)),
        Err(why) => (Err(why), None),
    };
    let demand = match &outlook {
        Err(why) => Err(why.clone()),
        Ok(outlook) => demand::of(&known, &picture, &completeness, outlook, options.seed),
    };
    let before = match asking.follows {
        Some(last) => plans::archive::latest(city, last)?,
        None => None,
    };
    let (plans_openings, plans_runs) = (asking.parts.contains(&Part::Openings), asking.parts.contains(&Part::Runs));
    let mut parts = asking.parts.to_vec();
    // Openings are decided by the needs of the transfers, and runs carry their orders out.
    if (plans_openings || plans_runs) && !parts.contains(&Part::Transfer) {
        parts.insert(0, Part::Transfer);
    }
    let plan = match parts.contains(&Part::Transfer) {
        true => plan_of(city, &known, &picture, demand.as_ref().ok(), day, asking.pins)?,
        false => Err(Why::new("未要求编制", "it was not asked for")),
    };
    let rooms = match (asking.parts.contains(&Part::Rooms), day.tomorrow()) {
        (true, Ok(start)) => {
            // A promise of this very day is this plan's own.
            let earlier = match day.yesterday() {
                Ok(yesterday) => plans::archive::latest(city, yesterday)?,
                Err(_) => None,
            };
            let promises = earlier.as_ref().map(plans::promised).unwrap_or_default();
            let asked = plans::asks::rooms::asked(&known, &picture, demand.as_ref().ok(), start, promises);
            Some(asked.map(|asked| {
                let plan = levee_planner::rooms::propose(&asked, ROOM_NODES);
                (asked, plan)
            }))
        }
        _ => None,
    };
    let openings = plans_openings.then(|| {
        let (city, _) = plan.as_ref().map_err(Why::clone)?;
        let asked = plans::asks::openings::asked(&known, &picture, city);
        let decided = levee_planner::openings::propose(&asked.inputs(city), options.seed);
        Ok((asked, decided))
    });
    let runs = plans_runs.then(|| {
        let (city, transfers) = plan.as_ref().map_err(Why::clone)?;
        plans::asks::runs::planned(&known, city, transfers, options.seed)
    });
    let testing = match (asking.parts.contains(&Part::Testing), day.tomorrow()) {
        (true, Ok(start)) => {
            let asked = plans::asks::testing::asked(&known, &picture, demand.as_ref().ok(), start);
            Some(asked.map(|asked| {
                let plan = levee_planner::testing::propose(&asked.inputs, 0);
                (asked, plan)
            }))
        }
        _ => None,
    };
    let desk = Desk::load(on)?;
    let owed = owed::view(on, &desk, &picture, &calendar, moment)?;
    let earlier = earlier(city, settings.outbreak_started, day)?;
    let explained = match (&outlook, earlier.last()) {
        (Err(why), _) => Err(why.clone()),
        (Ok(_), None) => Err(Why::new("此前未发布研判", "no outlook was issued before")),
        (Ok(outlook), Some(before)) => {
            let vintage = vintage::vintage(&picture, &known.places, outlook.origin, completeness);
            explain::of(on, (&settings, &calendar), before, &vintage, outlook, options.seed)?
        }
    };
    Ok(Day {
        day,
        as_known_at: moment,
        before,
        parts,
        rooms,
        openings,
        runs,
        testing,
        earlier,
        explained,
        known,
        picture,
        outlook,
        demand,
        asked,
        plan,
        owed,
        seed: options.seed,
        mode: founded.mode,
    })
}

/// The generation interval that the city's parameters name, mean and spread; a mean without a range is taken as exact. `None`
/// leaves it to the engine's cited default.
fn generation_of(parameters: &Parameters, on: Date) -> Option<levee_outlook::Generation> {
    let (mean, mean_days) = parameters.in_force("generation_interval.mean_days", on).ok()?;
    let (_, sd_days) = parameters.in_force("generation_interval.sd_days", on).ok()?;
    Some(levee_outlook::Generation {
        mean_days,
        mean_range: (mean.low.unwrap_or(mean_days), mean.high.unwrap_or(mean_days)),
        sd_days,
        source: mean.source.clone(),
    })
}

fn outlook_of(
    known: &KnownCity,
    picture: &Picture,
    completeness: levee_outlook::Completeness,
    seed: u64,
) -> Result<(Outlook, Asked), Why> {
    let origin = vintage::origin(picture)
        .ok_or_else(|| Why::new("没有任何全天新增数据", "no full day of new infections is known"))?;
    let vintage = vintage::vintage(picture, &known.places, origin, completeness);
    let threshold = known.parameters.in_force("community.ended_at_most_7d_persons", origin).ok();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of people from a checked table"
    )]
    let community_threshold = threshold.map(|(_, v)| levee_model::quantity::Persons::new(v.max(0.0) as u64));
    let generation = generation_of(&known.parameters, origin);
    let config = levee_outlook::Config { seed, community_threshold, generation, ..levee_outlook::Config::default() };
    let outlook = levee_outlook::outlook(&vintage, &config).map_err(|refusal| {
        let en = format!("{refusal}; {}", refusal.hint());
        Why::new(format!("研判未能作出（{en}）"), en)
    })?;
    Ok((outlook, Asked::of(&vintage, &config)))
}

/// Proposes and checks. A plan that the checker refuses is never shown: it is a fault of ours, and an error.
fn plan_of(
    city: &City<'_>,
    known: &KnownCity,
    picture: &Picture,
    demand: Option<&Demand>,
    day: Date,
    pins: &[Pin],
) -> Result<Result<(PlanInputs, Plan), Why>, AppError> {
    let Ok(start) = day.tomorrow() else { return Ok(Err(Why::new("没有次日", "there is no tomorrow"))) };
    let mut revision = plans::standing(city, &known.calendar, day, moment_of(city, day)?)?;
    revision.pins = pins.to_vec();
    let inputs = match needs::inputs(known, picture, demand, start, revision) {
        Ok(inputs) => inputs,
        Err(AppError::Engine { what, .. }) => return Ok(Err(Why::new(format!("方案未能编制（{what}）"), what))),
        Err(other) => return Err(other),
    };
    let plan = levee_planner::propose(&inputs, 0);
    let violations = levee_check::check(&plan, &inputs);
    match violations.first() {
        None => Ok(Ok((inputs, plan))),
        Some(first) => Err(AppError::PlanRefused { count: violations.len(), first: first.to_string() }),
    }
}

struct Issue {
    kind: ArtefactKind,
    body: BlobRef,
    inputs: Vec<BlobRef>,
    engine: String,
}

/// Runs a day: computes it, opens its obligations, and stores outlook, plan and brief as issued, in one commit.
pub fn run(city: &mut City<'_>, envelope: &Envelope, day: Date, options: DayOptions) -> Result<DayReport, AppError> {
    run_by(city, envelope, day, options, None)
}

/// A refusal of a date is a reason, and no fault: the brief says so and goes on.
fn unless_undated<T>(done: Result<T, AppError>) -> Result<Option<T>, AppError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(AppError::Date { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same by a rulebook: the brief says what others did against it, and which areas of high risk it would allow.
pub fn run_by(
    city: &mut City<'_>,
    envelope: &Envelope,
    day: Date,
    options: DayOptions,
    book: Option<&Rulebook>,
) -> Result<DayReport, AppError> {
    check(city.journal, &envelope.actor, Right::RunDay)?;
    let computed =
        compute_with(city, day, options, Asking { pins: &[], parts: &Part::ALL, follows: day.yesterday().ok() })?;
    // Made once and checked, before anybody reads of it.
    let document = computed.plan.is_ok().then(|| plans::document(&computed)).transpose()?;
    let name = document.as_ref().map(plans::PlanDocument::name).transpose()?;
    let ask = operations::Ask {
        at: computed.as_known_at,
        book,
        plan: name.as_deref().zip(document.as_ref()),
        picture: Some(&computed.picture),
    };
    let timetable = unless_undated(operations::operations(city, ask))?;
    let audit = match book {
        Some(book) => unless_undated(crate::audit::measures(city, book, Some(day)))?,
        None => None,
    };
    let around = brief::Around { operations: timetable.as_ref(), audit: audit.as_ref() };
    let brief = brief::facts(&computed, document.as_ref(), around);
    let now = city.clock.now();
    let position = city.journal.last()?;
    let mut issues: Vec<Issue> = Vec::new();
    let bytes_of = |value: Result<Vec<u8>, serde_json::Error>| {
        value.map_err(|e| AppError::Meaning { table: "artefacts".into(), why: e.to_string() })
    };
    if let Ok(outlook) = &computed.outlook {
        let archived = ArchivedOutlook::of(&computed, outlook);
        let body = city.blobs.put(&bytes_of(serde_json::to_vec(&archived))?)?;
        issues.push(Issue { kind: ArtefactKind::Outlook, body, inputs: vec![], engine: outlook.engine.to_owned() });
    }
    if let Some(document) = document {
        let body = city.blobs.put(&document.bytes()?)?;
        let made_from = issues.iter().map(|issue| issue.body).collect();
        issues.push(Issue { kind: ArtefactKind::Plan, body, inputs: made_from, engine: document.made.engine });
    }
    let made_from = issues.iter().map(|issue| issue.body).collect();
    let body = city.blobs.put(&bytes_of(serde_json::to_vec(&brief))?)?;
    let engine = format!("levee {}", env!("CARGO_PKG_VERSION"));
    issues.push(Issue { kind: ArtefactKind::Brief, body, inputs: made_from, engine });

    let desk = Desk::load(city.journal)?;
    let (_, _, calendar) = founded(city.journal)?;
    let uuid = envelope.command_id.uuid();
    let plan_stream = stream("plan")?;
    let mut refused = None;
    let done = city.journal.transact(envelope, now, &mut |tx| {
        // Levee opens what the reports say is owed; that nobody decides.
        let system = Envelope { actor: Actor::System, ..envelope.clone() };
        let opened = placements::commands(&*tx, &desk, &computed.picture, uuid, &|day| calendar.end_of(day)).and_then(
            |(commands, _)| {
                // What was known by 24:00 stands on the books of the day that ends then.
                let within = computed.as_known_at.checked_sub(jiff::SignedDuration::from_secs(1));
                let times = (within.unwrap_or(computed.as_known_at), computed.as_known_at);
                desk.work(tx, &system, times, &commands, None)
            },
        );
        match opened {
            Ok(_) => {}
            Err(AppError::Journal(error)) => return Err(error),
            Err(error) => {
                refused = Some(error);
                return Err(JournalError::GivenUp);
            }
        }
        for (ordinal, issue) in (0u32..).zip(&issues) {
            let event = Event::ArtefactIssued(ArtefactIssued {
                id: EntityId::new(envelope.command_id.uuid(), ordinal),
                kind: issue.kind,
                day,
                as_known_at: computed.as_known_at,
                position,
                body: issue.body,
                inputs: issue.inputs.clone(),
                engine: issue.engine.clone(),
                seed: options.seed,
            });
            let known_at = computed.as_known_at;
            tx.append(NewEvent { stream: plan_stream.clone(), occurred: now, known_at, event })?;
        }
        Ok(())
    });
    if let Some(error) = refused {
        return Err(error);
    }
    done?;
    Ok(DayReport { day, brief, computed })
}

/// The days for which a brief was issued.
pub fn issued_briefs(on: &dyn Read) -> Result<BTreeSet<Date>, AppError> {
    let (first, last) = keys::artefact_range(ArtefactKind::Brief, Date::MIN, Date::MAX);
    let (mut days, mut failed) = (BTreeSet::new(), None);
    on.scan(
        Space::Artefact,
        &first,
        &last,
        &mut |(_, value)| match decode::<ArtefactRecord>(Space::Artefact, value) {
            Ok(record) => {
                days.insert(record.issued.day);
                ControlFlow::Continue(())
            }
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        },
    )?;
    failed.map_or(Ok(days), |error| Err(error.into()))
}

/// The brief that was issued for a day, as it was issued; the last one, if the day was run more than once.
pub fn issued_brief(
    city: &City<'_>,
    day: Date,
) -> Result<Option<(Position, levee_brief::facts::BriefFacts)>, AppError> {
    let (first, last) = keys::artefact_range(ArtefactKind::Brief, day, day);
    let mut latest = None;
    city.journal.scan(Space::Artefact, &first, &last, &mut |(_, value)| {
        latest = Some(value.to_vec());
        ControlFlow::Continue(())
    })?;
    let Some(bytes) = latest else { return Ok(None) };
    let record: ArtefactRecord = decode(Space::Artefact, &bytes)?;
    let body = city.blobs.get(&record.issued.body)?;
    let facts =
        serde_json::from_slice(&body).map_err(|e| AppError::Meaning { table: "briefs".into(), why: e.to_string() })?;
    Ok(Some((record.position, facts)))
}
