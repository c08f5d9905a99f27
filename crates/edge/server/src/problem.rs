//! What went wrong, as `application/problem+json` (RFC 9457): what, why, and how to mend it.

use crate::city::RETRY_AFTER;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use levee_app::access::AccessError;
use levee_app::city::AppError;
use levee_app::journal::JournalError;
use levee_app::measures::Fault;
use levee_app::rights::NotAllowed;
use levee_ledger::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem, as it goes over the wire.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Which kind, as a path of this server's documentation.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong here.
    pub detail: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: format!("/problems/{kind}"), title, status: status.as_u16(), detail: detail.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn bad_input(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-input", "What was sent cannot be taken", detail).hint(hint)
    }

    pub(crate) fn not_found(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", what).hint(hint)
    }

    pub(crate) fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign-in", "Nobody is signed in", detail)
            .hint("sign in at POST /api/v1/session, or send a token: Authorization: Bearer …")
    }

    pub(crate) fn forbidden(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", "This person may not", detail).hint(hint)
    }

    pub(crate) fn changed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "changed", "Somebody changed it meanwhile", detail)
            .hint("look at what stands there now, then send the change with its version")
    }

    pub(crate) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is too large",
            "more was sent than is taken at once",
        )
        .hint("send it in parts, or import files at POST /api/v1/imports")
    }

    pub(crate) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "The body came too slowly", "the body did not come in time")
            .hint("send it again over a better line, or in smaller parts")
    }

    pub(crate) fn too_many() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            "Too many requests",
            "this session or address asks for more than its share",
        )
        .hint("wait for the seconds of Retry-After; send commands in groups; listen to GET /api/v1/changes instead of asking again")
    }

    pub(crate) fn overloaded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "Too much at once",
            "more requests wait than can be served",
        )
        .hint("send it again after the seconds of Retry-After; a command with the same id is carried out once")
    }

    pub(crate) fn closing() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "closing",
            "The server is stopping",
            "the server takes no more requests",
        )
        .hint("send it again in a moment; a command with the same id is carried out once")
    }

    pub(crate) fn fault(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "A fault in Levee", detail)
            .hint("this is a fault of ours: please report it")
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

fn whole_story(error: &dyn std::error::Error) -> String {
    let mut story = error.to_string();
    let mut inner = error.source();
    while let Some(source) = inner {
        let said = source.to_string();
        if !story.contains(&said) {
            story = format!("{story}: {said}");
        }
        inner = source.source();
    }
    story
}

/// Where the store lies and what it said is for whoever runs the server: it goes to the log, and not to anybody who asks.
fn kept_back(error: &dyn std::error::Error, told: &'static str) -> &'static str {
    tracing::error!(error = whole_story(error), "the store failed");
    told
}

const NO_ANSWER: &str = "the store of this city does not answer; the server's log says why";

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        Self::from(AppError::Journal(error))
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Changed => Self::changed(error.to_string()),
            AccessError::Store { .. } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "store", "The store failed", kept_back(&error, NO_ANSWER))
                    .hint("send it again after the seconds of Retry-After; the store of sign-ins does not answer")
            }
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let hint = error.hint();
        let unavailable = |kind, title| Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, title, whole_story(&error));
        let problem = match &error {
            AppError::Journal(JournalError::Full { .. }) => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk-full",
                "The disk is full",
                kept_back(&error, "the disk on which this city lies is full"),
            ),
            AppError::Journal(JournalError::Busy { .. }) => unavailable("busy", "The city is busy"),
            AppError::Journal(JournalError::Store { .. }) | AppError::Blob(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "store", "The store failed", kept_back(&error, NO_ANSWER))
            }
            AppError::Journal(JournalError::ClockBehind { .. }) => unavailable("clock", "The clock is wrong").hint(
                "set the server's clock right, then send it again; a command with the same id is carried out once",
            ),
            AppError::Journal(JournalError::Stale { .. }) => Self::changed(error.to_string()),
            AppError::Journal(JournalError::Law(_)) => {
                Self::new(StatusCode::CONFLICT, "law", "A law stands against it", error.to_string())
            }
            AppError::Refused(refusal) if matches!(**refusal, Refusal::Stale { .. }) => {
                Self::changed(refusal.to_string())
            }
            AppError::Refused(refusal) if matches!(**refusal, Refusal::NotTheirs { .. }) => {
                Self::forbidden(refusal.to_string(), "")
            }
            AppError::Refused(_) => Self::new(StatusCode::CONFLICT, "refused", "The ledger refuses", error.to_string()),
            AppError::Measure(fault) => measure(fault),
            AppError::NotAllowed(NotAllowed::Policies(_)) => Self::fault(error.to_string()),
            AppError::NotAllowed(_) => Self::forbidden(error.to_string(), ""),
            AppError::Vault(_) => Self::new(StatusCode::CONFLICT, "vault", "The vault refuses", whole_story(&error)),
            AppError::NoCity => unavailable("no-city", "There is no city"),
            AppError::Asked { .. }
            | AppError::Date { .. }
            | AppError::File { .. }
            | AppError::NotAReport(_)
            | AppError::Engine { .. } => Self::bad_input(whole_story(&error), ""),
            _ => Self::fault(whole_story(&error)),
        };
        Self { hint: hint.or(problem.hint.filter(|hint| !hint.is_empty())), ..problem }
    }
}

fn measure(fault: &Fault) -> Problem {
    if fault.is_about_the_input() {
        Problem::bad_input(whole_story(fault), "")
    } else {
        Problem::new(StatusCode::CONFLICT, "restriction-refused", "A restriction cannot be so", whole_story(fault))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        }
        response
    }
}
