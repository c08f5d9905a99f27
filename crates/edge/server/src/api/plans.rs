//! Plans: asked for, looked at, compared, drawn, and handed to the ledger as proposals. The planner proposes, people decide.

use super::Problems;
use super::commands::{CapacityTold, next_id};
use super::ledger::moment;
use super::wire::{Written, named};
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At, Body, Params};
use crate::jobs::{Doing, JobShown, Made, start};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::City;
use levee_app::day::DayOptions;
use levee_app::ledger::capacity::stated;
use levee_app::ledger::{Ask, carry_out};
use levee_app::plans::{self, Part, PlanAsk, archive, known_places, parse_pins, proposals};
use levee_app::rights::Right;
use levee_ledger::Command;
use levee_model::plan::Pin;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// A part of a plan.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PartAsked {
    /// Who goes to which bed on which day.
    Transfer,
    /// Hospitals and halls that open or close.
    Openings,
    /// Isolation rooms.
    Rooms,
    /// Which vehicle brings tomorrow's people where, and when.
    Runs,
    /// Tests.
    Testing,
}

impl From<PartAsked> for Part {
    fn from(part: PartAsked) -> Self {
        match part {
            PartAsked::Transfer => Self::Transfer,
            PartAsked::Openings => Self::Openings,
            PartAsked::Rooms => Self::Rooms,
            PartAsked::Runs => Self::Runs,
            PartAsked::Testing => Self::Testing,
        }
    }
}

/// What a plan must answer: the text of a file of pins (TOML), or the same tables as JSON.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Pins {
    /// A file of pins, see docs/plan.md.
    Toml(String),
    /// Its tables: `assign`, `forbid`, `cap`, `priority`, each with rows.
    Json(BTreeMap<String, Vec<BTreeMap<String, Value>>>),
}

/// A key of a table, which needs no quotes in TOML.
fn bare(key: &str) -> Result<&str, Problem> {
    let fits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if fits { Ok(key) } else { Err(Problem::bad_input(format!("`pins`: `{key}` is no key"), "see docs/plan.md")) }
}

impl Pins {
    /// As the file that is read everywhere.
    fn text(&self) -> Result<String, Problem> {
        let tables = match self {
            Self::Toml(text) => return Ok(text.clone()),
            Self::Json(tables) => tables,
        };
        let mut text = format!("schema = \"{}\"\n", plans::PINS_SCHEMA);
        for (table, rows) in tables {
            for row in rows {
                text.push_str(&format!("[[{}]]\n", bare(table)?));
                for (key, value) in row {
                    let value = match value {
                        // A day is written without quotes; a string of JSON is one of TOML.
                        Value::String(day) if key == "day" && day.parse::<Date>().is_ok() => day.clone(),
                        Value::String(_) | Value::Bool(_) | Value::Number(_) => value.to_string(),
                        _ => {
                            return Err(Problem::bad_input(
                                format!("`pins.{table}.{key}` is neither text nor a number"),
                                "see docs/plan.md",
                            ));
                        }
                    };
                    text.push_str(&format!("{} = {value}\n", bare(key)?));
                }
            }
        }
        Ok(text)
    }

    fn read(&self, city: &City<'_>, day: Date) -> Result<Vec<Pin>, Problem> {
        parse_pins(&self.text()?, &known_places(city, day)?).map_err(|faults| {
            let said = |words: &dyn Fn(&plans::PinFault) -> String| {
                faults
                    .iter()
                    .map(|fault| {
                        let line = fault.line.map_or_else(String::new, |line| format!("line {line}: "));
                        format!("{line}{}", words(fault))
                    })
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            Problem::bad_input(
                format!("`pins`: {}", said(&|fault| format!("{} / {}", fault.what.en, fault.what.zh))),
                said(&|fault| format!("{} / {}", fault.mend.en, fault.mend.zh)),
            )
        })
    }
}

/// What a plan is asked to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanAsked {
    /// The day of the meeting; the plan begins the day after.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Parts to be planned; all where left out.
    #[serde(default)]
    parts: Vec<PartAsked>,
    /// What it must answer.
    pins: Option<Pins>,
    /// Seed of the outlook's paths; the one of every day where left out.
    seed: Option<u64>,
}

/// Ask for a plan. It is made from the same picture and outlook as the brief of its day, and stored as issued.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans", security(("token" = []), ("session" = [])), request_body = PlanAsked,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id, and the job's.")),
    responses((status = 202, description = "It is queued: ask GET /api/v1/jobs/{id}.", body = JobShown), Problems))]
pub(crate) async fn new_plan(
    State(app): State<App>,
    asking: Asking,
    Body(asked): Body<PlanAsked>,
) -> Result<(StatusCode, Json<JobShown>), Problem> {
    let asking = asking.fully()?;
    asking.may(Right::RunDay, None)?;
    let (envelope, by, day) = (asking.envelope, asking.person.id, asked.day);
    let pins = match asked.pins {
        None => vec![],
        // What is wrong with them is said at once.
        Some(pins) => run(&app.city, Urgency::Ordinary, move |_, city| pins.read(city, day)).await?,
    };
    let options = asked.seed.map_or_else(DayOptions::default, |seed| DayOptions { seed });
    let ask = PlanAsk { options, pins, what: asked.parts.into_iter().map(Part::from).collect() };
    let job = start(&app, envelope.command_id.uuid(), Doing::Plan, &by, move |_, city, stopped| {
        stopped.look()?;
        let document = plans::make(city, day, &ask)?;
        stopped.look()?;
        let made = plans::keep(city, &envelope, day, document)?;
        Ok(Made { link: format!("/api/v1/plans/{}", made.name), name: made.name, stored: made.stored })
    })?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfDay {
    /// Only this day; all where left out.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Date>,
}

/// A stored plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stored {
    /// Its name.
    plan: String,
    /// The day of its meeting.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The plan that it follows.
    after: Option<String>,
    /// Its parts.
    parts: Vec<String>,
    /// The event that issued it.
    position: u64,
    /// Served and unserved by class, as its transfers say.
    #[schema(value_type = Object)]
    totals: Value,
}

/// The stored plans, by day and in the order in which they were issued.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans", security(("token" = []), ("session" = [])), params(OfDay),
    responses((status = 200, description = "Plans.", body = Vec<Stored>), Problems))]
pub(crate) async fn plans(
    State(app): State<App>,
    asking: Asking,
    Params(OfDay { day }): Params<OfDay>,
) -> Result<Json<Vec<Stored>>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let all = archive::stored(city, day.unwrap_or(Date::MIN), day.unwrap_or(Date::MAX))?;
        let shown = |one: &archive::Stored| Stored {
            plan: one.name.clone(),
            day: one.document.day,
            after: one.document.made.parent.clone(),
            parts: one.document.parts().iter().map(|part| format!("{part:?}").to_lowercase()).collect(),
            position: one.position.0,
            totals: json!(one.document.transfers().map(|plan| &plan.totals)),
        };
        Ok(Json(all.iter().map(shown).collect()))
    })
    .await
}

/// The stored plan of this name; not there = 404.
fn stored(city: &City<'_>, name: &str) -> Result<archive::Stored, Problem> {
    archive::named(city, name).map_err(|error| match Problem::from(error) {
        problem if problem.status == 422 => Problem::not_found(problem.detail, "see GET /api/v1/plans"),
        problem => problem,
    })
}

/// A plan as it was issued; the beginning of its name will do.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Its name.")),
    responses((status = 200, description = "The document, `levee.plan/1`.", body = Object), Problems))]
pub(crate) async fn plan(State(app): State<App>, asking: Asking, At(id): At<String>) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| Ok(Json(stored(city, &id)?.document.printed()?))).await
}

/// Two plans side by side: served, late, travelled, reserve, changes and why.
#[utoipa::path(get, path = "/api/v1/plans/{id}/compare/{other}", tag = "plans", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "The first."), ("other" = String, Path, description = "The second.")),
    responses((status = 200, description = "`levee.plan_compare/1`.", body = Object), Problems))]
pub(crate) async fn compare(
    State(app): State<App>,
    asking: Asking,
    At((a, b)): At<(String, String)>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let (a, b) = (stored(city, &a)?, stored(city, &b)?);
        let compared =
            plans::compare(&a.document, &b.document).map_err(|no| Problem::bad_input(no.to_string(), no.hint()))?;
        Ok(Json(json!({ "schema": "levee.plan_compare/1", "a": compared.names.0, "b": compared.names.1,
            "days": [compared.days.0, compared.days.1], "comparison": compared.comparison })))
    })
    .await
}

/// What is wrong with a stored plan, held against its own inputs again by the checker alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanChecked {
    /// Its name.
    plan: String,
    /// All that is wrong; empty = nothing.
    violations: Vec<String>,
}

/// Hold a plan against its own inputs again.
#[utoipa::path(get, path = "/api/v1/plans/{id}/check", tag = "plans", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Its name.")),
    responses((status = 200, description = "What is wrong with it, if anything.", body = PlanChecked), Problems))]
pub(crate) async fn check(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<Json<PlanChecked>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let plan = stored(city, &id)?;
        Ok(Json(PlanChecked { plan: plan.name.clone(), violations: plans::check(&plan.document)? }))
    })
    .await
}

/// The ways that people and tubes travel by a plan, as map data (GeoJSON): a line each, with how many.
#[utoipa::path(get, path = "/api/v1/plans/{id}/lanes", tag = "plans", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Its name."), OfDay),
    responses((status = 200, description = "A feature collection.", body = Object), Problems))]
pub(crate) async fn lanes(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Params(OfDay { day }): Params<OfDay>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| Ok(Json(plans::lanes(&stored(city, &id)?.document, day).geojson)))
        .await
}

/// Which orders of a plan go to the ledger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    /// Orders of its first day: groups (`1119-05`) or one of a group (`1119-05/2`).
    orders: Vec<String>,
    /// Approve them in the same commit; their capacity is held. Otherwise they are proposed only.
    #[serde(default)]
    approve: bool,
    /// To approve: how much there is of what nobody reports; of what is reported it can only lower the number (law 8).
    #[serde(default)]
    capacity: BTreeMap<String, u64>,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Orders that a plan has put into the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenDone {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// The orders.
    orders: Vec<String>,
    /// What stands in the way of holding capacity, or how much is free, by resource.
    capacity: Vec<CapacityTold>,
}

/// Put orders of a stored plan into the ledger as proposals, or approve them as well: all of them, or none. Whoever asks approves them in
/// their own name; nothing is issued (law 10).
#[utoipa::path(post, path = "/api/v1/plans/{id}/orders", tag = "plans", security(("token" = []), ("session" = [])), request_body = Taken,
    params(("id" = String, Path, description = "The plan."),
        ("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "They are proposed, or approved.", body = TakenDone), Problems))]
pub(crate) async fn take_orders(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Body(taken): Body<Taken>,
) -> Result<Json<TakenDone>, Problem> {
    let asking = asking.fully()?;
    asking.may(Right::ChangeOwed, None)?;
    let at = moment(&app, taken.at)?;
    if taken.orders.is_empty() {
        return Err(Problem::bad_input("no order is named", "name orders of the plan, such as 1119-05"));
    }
    let given = taken.capacity.iter().map(|(id, units)| Ok((named("capacity", id)?, *units)));
    let given: BTreeMap<_, _> = given.collect::<Result<_, Problem>>()?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let (desk, plan) = (open.desk(city.journal)?, stored(city, &id)?);
        let (command, mut made) = (asking.envelope.command_id, 0);
        let mut new_id = || {
            let id = next_id(command, made);
            made += 1;
            id
        };
        let mut commands = proposals(city.journal, &desk, &plan, &taken.orders, at, &mut new_id)?;
        let (mut orders, mut approvals, mut told) = (vec![], vec![], vec![]);
        for proposed in &commands {
            let Command::Propose(order) = proposed else { continue };
            orders.push(order.id.to_string());
            if taken.approve {
                let (capacities, says) = stated(city.journal, &desk, order, &given, at)?;
                told.extend(says.into_iter().map(CapacityTold::from));
                approvals.push(Command::Approve { order: order.id, version: None, capacities });
            }
        }
        commands.append(&mut approvals);
        let done = carry_out(city, &asking.envelope, &Ask { commands, at: Some(at), note: None })?;
        Ok(Json(TakenDone { written: Written::from(&done.receipt), orders, capacity: told }))
    })
    .await
}
