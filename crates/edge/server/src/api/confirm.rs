//! What waits for a second person. The first one's request is kept as they sent it; it is carried out when the person whom it names
//! confirms it with their own session, and never otherwise.

use super::Problems;
use super::measures::{StepAsked, StepDone, carry_out_step};
use super::wire::named;
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use levee_app::access::{AccessError, AccessRecords, RecordKind};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How long a request waits: a duty shift and its neighbour. What nobody confirmed by then is asked for again.
const WAITS: SignedDuration = SignedDuration::from_hours(24);

/// A request that waits, as it is kept under its command's id.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    command: Uuid,
    by: PersonId,
    second: PersonId,
    made: Timestamp,
    measure: String,
    step: StepAsked,
}

/// A request that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waiting {
    /// What to confirm: the first one's command.
    confirm: String,
    /// Who asked.
    by: String,
    /// Who must confirm.
    second: String,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    made: Timestamp,
    /// Until when it waits.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// The restriction.
    measure: String,
    /// The step, as it was sent.
    step: StepAsked,
}

impl Kept {
    fn until(&self) -> Timestamp {
        self.made.checked_add(WAITS).unwrap_or(Timestamp::MAX)
    }
}

impl From<Kept> for Waiting {
    fn from(kept: Kept) -> Self {
        let until = kept.until();
        let Kept { command, by, second, made, measure, step } = kept;
        Self {
            confirm: command.to_string(),
            by: by.to_string(),
            second: second.to_string(),
            made,
            until,
            measure,
            step,
        }
    }
}

fn unreadable(error: &serde_json::Error) -> Problem {
    Problem::fault(format!("a request that waits cannot be read: {error}"))
}

/// Keeps a request until the second person confirms it.
pub(super) fn keep(
    records: &dyn AccessRecords,
    asking: &Asking,
    second: &str,
    measure: String,
    step: StepAsked,
    now: Timestamp,
) -> Result<Waiting, Problem> {
    let second: PersonId = named("second", second)?;
    if second == asking.person.id {
        return Err(Problem::bad_input(
            "the second person is the first",
            "name somebody else, who confirms it themselves",
        ));
    }
    let command = asking.envelope.command_id.uuid();
    let kept = Kept { command, by: asking.person.id.clone(), second, made: now, measure, step };
    let bytes = serde_json::to_vec(&kept).map_err(|error| unreadable(&error))?;
    match records.put(RecordKind::Request, &command.to_string(), &bytes, 0) {
        // Sent again: it waits already, as it was sent first.
        Err(AccessError::Changed) => {
            let known = find(records, command, now)?.filter(|known| known.by == asking.person.id);
            known.map(Waiting::from).ok_or_else(|| gone(command))
        }
        done => done.map(|()| kept.into()).map_err(Problem::from),
    }
}

fn find(records: &dyn AccessRecords, command: Uuid, now: Timestamp) -> Result<Option<Kept>, Problem> {
    let Some(kept) = records.get(RecordKind::Request, &command.to_string())? else { return Ok(None) };
    let kept: Kept = serde_json::from_slice(&kept.value).map_err(|error| unreadable(&error))?;
    Ok(Some(kept).filter(|kept| now < kept.until()))
}

fn gone(command: Uuid) -> Problem {
    Problem::not_found(format!("nothing waits under {command} for you"), "see GET /api/v1/confirmations")
}

/// What waits for whoever asks, and what they have asked of others.
#[utoipa::path(get, path = "/api/v1/confirmations", tag = "measures", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "Requests, the earliest first.", body = Vec<Waiting>), Problems))]
pub(crate) async fn waiting(State(app): State<App>, asking: Asking) -> Result<Json<Vec<Waiting>>, Problem> {
    let (records, now) = (std::sync::Arc::clone(&app.records), app.city.now());
    run(&app.city, Urgency::Ordinary, move |_, _| {
        let mut mine = Vec::new();
        for (key, kept) in records.all(RecordKind::Request)? {
            let kept: Kept = serde_json::from_slice(&kept.value).map_err(|error| unreadable(&error))?;
            if now >= kept.until() {
                records.forget(RecordKind::Request, &key)?;
            } else if kept.second == asking.person.id || kept.by == asking.person.id {
                mine.push(kept);
            }
        }
        mine.sort_by_key(|kept| (kept.made, kept.command));
        Ok(Json(mine.into_iter().map(Waiting::from).collect()))
    })
    .await
}

/// Confirm what somebody else asks, as its second person. It is carried out as they sent it, in both names.
#[utoipa::path(post, path = "/api/v1/confirmations/{id}", tag = "measures", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "What to confirm.")),
    responses((status = 200, description = "Carried out, or had been.", body = StepDone), Problems))]
pub(crate) async fn confirm(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<Json<StepDone>, Problem> {
    let asking = asking.fully()?;
    let command: Uuid = named("id", &id)?;
    let (records, now) = (std::sync::Arc::clone(&app.records), app.city.now());
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let kept = find(&*records, command, now)?.ok_or_else(|| gone(command))?;
        if kept.second != asking.person.id {
            return Err(if kept.by == asking.person.id {
                Problem::forbidden(
                    format!("you asked for it yourself; {} must confirm it", kept.second),
                    "nobody signs for somebody else",
                )
            } else {
                gone(command)
            });
        }
        let envelope = Envelope {
            command_id: CommandId::new(kept.command),
            actor: Actor::Person(kept.by.clone()),
            on_behalf_of: None,
            channel: Channel::Api,
            assurance: Assurance::Authenticated,
        };
        let done = carry_out_step(open, city, &envelope, &kept.measure, &kept.step)?;
        records.forget(RecordKind::Request, &command.to_string())?;
        Ok(Json(done))
    })
    .await
}

/// Take back what one has asked, or refuse what one was asked to confirm.
#[utoipa::path(delete, path = "/api/v1/confirmations/{id}", tag = "measures", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "What waits.")),
    responses((status = 204, description = "It waits no longer; nothing was done."), Problems))]
pub(crate) async fn refuse(State(app): State<App>, asking: Asking, At(id): At<String>) -> Result<StatusCode, Problem> {
    let asking = asking.fully()?;
    let command: Uuid = named("id", &id)?;
    let (records, now) = (std::sync::Arc::clone(&app.records), app.city.now());
    run(&app.city, Urgency::Ordinary, move |_, _| {
        let kept = find(&*records, command, now)?;
        let theirs = kept.is_some_and(|kept| kept.second == asking.person.id || kept.by == asking.person.id);
        if !theirs {
            return Err(gone(command));
        }
        records.forget(RecordKind::Request, &command.to_string())?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
