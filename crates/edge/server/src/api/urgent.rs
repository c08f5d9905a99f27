//! Urgent care: whoever is signed in sends for it. No right is asked, no limit stands before it, and it is shed last (law 7).

use super::Problems;
use super::ledger::moment;
use super::measures::StepDone;
use super::wire::named;
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, Body};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use levee_app::measures::{Ask, carry_out_at};
use serde::Deserialize;
use utoipa::ToSchema;

/// Who needs urgent care.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Needed {
    /// Who: a person or household by pseudonym, or where they are.
    subject: String,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Send for urgent care. Everybody who is signed in may; no restriction, test or signature stands before it.
#[utoipa::path(post, path = "/api/v1/urgent-care", tag = "urgent care", security(("token" = []), ("session" = [])), request_body = Needed,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "It is on record, and owed at once.", body = StepDone), Problems))]
pub(crate) async fn urgent_care(
    State(app): State<App>,
    asking: Asking,
    Body(needed): Body<Needed>,
) -> Result<Json<StepDone>, Problem> {
    let at = moment(&app, needed.at)?;
    let ask = Ask::UrgentCare { subject: named("subject", &needed.subject)? };
    run(&app.city, Urgency::Urgent, move |open, city| {
        let desk = open.desk(city.journal)?;
        let done = carry_out_at(&desk, city, &asking.envelope, &ask, Some(at))?;
        Ok(Json((&done).into()))
    })
    .await
}
