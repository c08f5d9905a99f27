//! Work that takes longer than a request may wait.

use super::Problems;
use super::wire::named;
use crate::app::App;
use crate::extract::{Asking, At};
use crate::jobs::{Doing, JobShown, Made, start};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use levee_app::day::DayOptions;
use levee_app::rights::Right;

/// How far a job has come; only for whoever asked for it. It is kept for an hour.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "The job.")),
    responses((status = 200, description = "As it stands.", body = JobShown), Problems))]
pub(crate) async fn job(State(app): State<App>, asking: Asking, At(id): At<String>) -> Result<Json<JobShown>, Problem> {
    app.jobs.shown(named("id", &id)?, &asking.person.id).map(Json)
}

/// Stop a job. One that waits never begins; a plan that is being made is not stored. A day that runs cannot be stopped midway: 409.
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", tag = "jobs", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "The job.")),
    responses((status = 202, description = "It stops, and nothing of it is written.", body = JobShown), Problems))]
pub(crate) async fn cancel(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<(StatusCode, Json<JobShown>), Problem> {
    let asking = asking.fully()?;
    let id = named("id", &id)?;
    app.jobs.cancel(id, &asking.person.id, app.city.now())?;
    Ok((StatusCode::ACCEPTED, Json(app.jobs.shown(id, &asking.person.id)?)))
}

/// Run a day: picture, outlook, plan, brief, each stored as issued.
#[utoipa::path(post, path = "/api/v1/days/{day}/run", tag = "day", security(("token" = []), ("session" = [])),
    params(("day" = String, Path, format = Date, description = "The day."),
        ("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id, and the job's.")),
    responses((status = 202, description = "It is queued: ask GET /api/v1/jobs/{id}.", body = JobShown), Problems))]
pub(crate) async fn run_day(
    State(app): State<App>,
    asking: Asking,
    At(day): At<Date>,
) -> Result<(StatusCode, Json<JobShown>), Problem> {
    let asking = asking.fully()?;
    asking.may(Right::RunDay, None)?;
    let (envelope, by) = (asking.envelope, asking.person.id);
    let job = start(&app, envelope.command_id.uuid(), Doing::Day, &by, move |open, city, stopped| {
        stopped.look()?;
        let ends = open.known_desk().calendar.end_of(day);
        let ends =
            ends.ok_or_else(|| Problem::bad_input(format!("{day} has no end"), "choose a day of the calendar"))?;
        // A city that names no rulebook has its brief all the same; it says that nothing was held against one.
        let book = super::measures::book_of_city(open, city, (day, ends))?;
        // What time has brought to restrictions is written down first, as Levee itself.
        levee_app::measures::tick_of_day(city, envelope.command_id, day)?;
        let book = book.as_ref().map(|book| book.rules());
        levee_app::day::run_by(city, &envelope, day, DayOptions::default(), book)?;
        Ok(Made { link: format!("/api/v1/days/{day}/brief"), name: day.to_string(), stored: true })
    })?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}
