//! What requests carry, with problems as answers where it cannot be read.

use crate::app::App;
use crate::auth::{Scope, Signed};
use crate::problem::Problem;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use levee_app::city::AppError;
use levee_app::rights::Right;
use levee_ledger::AreaPath;
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::person::Person;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Whether a body could not be read because it came too slowly.
fn is_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<crate::listen::TooSlow>())
}

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "The body is not announced as JSON",
                "the header Content-Type is missing or another",
            )
            .hint("send Content-Type: application/json")),
            Err(JsonRejection::BytesRejection(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::too_large())
            }
            Err(JsonRejection::BytesRejection(error)) if is_slow(&error) => Err(Problem::too_slow()),
            Err(error) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad-input",
                "What was sent cannot be taken",
                error.body_text(),
            )
            .hint("see the body's schema at /openapi.json")),
        }
    }
}

/// The query of the address.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(params) = Query::<T>::from_request_parts(parts, state).await.map_err(|error: QueryRejection| {
            Problem::bad_input(error.body_text(), "see the parameters at /openapi.json")
        })?;
        Ok(Self(params))
    }
}

/// The parts of the address's path.
pub(crate) struct At<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(params) = Path::<T>::from_request_parts(parts, state).await.map_err(|error: PathRejection| {
            Problem::bad_input(error.body_text(), "see the path's parameters at /openapi.json")
        })?;
        Ok(Self(params))
    }
}

/// A person of the city who asks for something, with the envelope of what they ask.
pub(crate) struct Asking {
    pub(crate) signed: Signed,
    pub(crate) person: Person,
    pub(crate) envelope: Envelope,
    /// The version that they have seen, from `If-Match`.
    pub(crate) seen: Option<u32>,
}

/// The command's id: made by the client so that asking twice does once, or made here.
fn command_id(headers: &HeaderMap) -> Result<CommandId, Problem> {
    let Some(given) = headers.get("idempotency-key") else { return Ok(CommandId::new(Uuid::now_v7())) };
    let parsed = given.to_str().ok().and_then(|text| Uuid::parse_str(text.trim_matches('"')).ok());
    match parsed {
        Some(id) if id.get_version_num() == 7 => Ok(CommandId::new(id)),
        _ => Err(Problem::bad_input(
            "the Idempotency-Key is no UUID of version 7",
            "send one: it becomes the command's id",
        )),
    }
}

fn seen(headers: &HeaderMap) -> Result<Option<u32>, Problem> {
    let Some(given) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version =
        given.to_str().ok().and_then(|text| text.trim().trim_start_matches("W/").trim_matches('"').parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::bad_input(
            "the header If-Match holds no version of ours",
            "send back the ETag that came with what you saw",
        )
    })
}

/// The person of the city who is signed in. Their place and role are read anew with each request.
pub(crate) fn person_of(app: &App, signed: &Signed) -> Result<Person, Problem> {
    let id = signed.person.as_ref().ok_or_else(|| {
        Problem::forbidden("this account belongs to nobody of the city", "sign in as a person of the city")
    })?;
    let desk = app.city.known_desk();
    desk.duties.people.iter().find(|person| person.id == *id).cloned().ok_or_else(|| {
        Problem::forbidden(format!("the city knows no person `{id}`"), "see people.csv of the pack for who may act")
    })
}

impl FromRequestParts<App> for Asking {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let person = person_of(app, &signed)?;
        let envelope = Envelope {
            command_id: command_id(&parts.headers)?,
            actor: Actor::Person(person.id.clone()),
            on_behalf_of: None,
            channel: Channel::Api,
            assurance: Assurance::Authenticated,
        };
        Ok(Self { signed, person, envelope, seen: seen(&parts.headers)? })
    }
}

impl Asking {
    /// Refuses whoever may not, by the policies: there, or where no area is named, in the area that they cover.
    pub(crate) fn may(&self, right: Right, path: Option<&AreaPath>) -> Result<(), Problem> {
        Ok(levee_app::rights::may(&self.person, right, path).map_err(AppError::from)?)
    }

    /// Refuses whoever may do none of these, in the area that they cover.
    pub(crate) fn may_any(&self, rights: &[Right]) -> Result<(), Problem> {
        let mut refused = Ok(());
        for right in rights {
            refused = self.may(*right, None);
            if refused.is_ok() {
                break;
            }
        }
        refused
    }

    /// Refuses a token that was made for less than everything.
    pub(crate) fn fully(self) -> Result<Self, Problem> {
        match self.signed.scope {
            Scope::Full => Ok(self),
            Scope::Intake | Scope::Read => {
                Err(Problem::forbidden("this token was not made for this", "make one with the scope `full`"))
            }
        }
    }
}
