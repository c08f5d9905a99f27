//! Personal data: masked for everybody, read by those who may for a reason that is written down, by two for many people.

use super::Problems;
use super::wire::named;
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At, Body};
use crate::problem::Problem;
use crate::seconds::{Pending, Seconds};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use levee_app::rights::Right;
use levee_app::vault::{self, MOST_BY_ONE, MaskedPerson, PersonalValues, ReadRequest};
use levee_model::ids::PersonId;
use levee_model::subject::{PersonalField, Pseudonym};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The most people in one request.
const MOST: usize = 10_000;

/// Somebody whose data the city keeps, as everybody sees them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Masked {
    /// Who, by pseudonym.
    subject: String,
    /// What the data are kept for.
    kept_for: String,
    /// Until when.
    #[schema(format = Date)]
    until: String,
    /// Whether they were destroyed.
    erased: bool,
    /// The fields, masked.
    masked: BTreeMap<String, String>,
}

impl From<MaskedPerson> for Masked {
    fn from(one: MaskedPerson) -> Self {
        Self {
            subject: one.subject.to_string(),
            kept_for: one.record.purpose.as_str().to_owned(),
            until: one.record.retain_until.to_string(),
            erased: one.record.erased.is_some(),
            masked: one.masked.into_iter().map(|(field, value)| (field.as_str().to_owned(), value)).collect(),
        }
    }
}

/// Somebody whose data the city keeps, masked.
#[utoipa::path(get, path = "/api/v1/vault/{subject}", tag = "vault", security(("token" = []), ("session" = [])),
    params(("subject" = String, Path, description = "Who, by pseudonym.")),
    responses((status = 200, description = "Masked.", body = Masked), Problems))]
pub(crate) async fn masked(
    State(app): State<App>,
    asking: Asking,
    At(subject): At<String>,
) -> Result<Json<Masked>, Problem> {
    asking.may(Right::SeeMasked, None)?;
    let subject: Pseudonym = named("subject", &subject)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let vault = open.vault()?;
        let shown = vault::show(city, &*vault, &asking.envelope, &[subject])?.into_iter().next();
        shown.map(|one| Json(one.into())).ok_or_else(|| Problem::fault("nobody was shown"))
    })
    .await
}

/// Whose data are read, and why.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reading {
    /// Who, by pseudonym: up to 100, or up to 10,000 with a second person.
    subjects: BTreeSet<String>,
    /// Which fields.
    fields: BTreeSet<String>,
    /// Why: it is written down with the reader's name.
    reason: String,
    /// The second person, for more than 100 people. They confirm with their own session.
    with: Option<String>,
}

/// Data of one person.
#[derive(Serialize, ToSchema)]
pub(crate) struct Values {
    /// Who.
    subject: String,
    /// The fields that were asked for and are there.
    values: BTreeMap<String, String>,
}

impl From<PersonalValues> for Values {
    fn from(one: PersonalValues) -> Self {
        let value =
            |(field, value): (PersonalField, vault::Secret)| (field.as_str().to_owned(), value.expose().to_owned());
        Self { subject: one.subject.to_string(), values: one.values.into_iter().map(value).collect() }
    }
}

/// A reading that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waits {
    /// Its id: the second person confirms it, then the same reading is asked for again.
    id: String,
    /// Who reads.
    reader: String,
    /// Who confirms.
    second: String,
    /// How many people.
    people: usize,
    /// Which fields.
    fields: Vec<String>,
    /// Why.
    reason: String,
    /// Whether it is confirmed.
    confirmed: bool,
}

impl From<(String, Pending)> for Waits {
    fn from((id, pending): (String, Pending)) -> Self {
        Self {
            id,
            reader: pending.first.to_string(),
            second: pending.second.to_string(),
            people: pending.people,
            fields: pending.fields,
            reason: pending.reason,
            confirmed: pending.confirmed,
        }
    }
}

/// Read personal data, for a reason. It is in the audit chain before anything is handed over. Of more than 100 people, two read: the
/// answer is 202 until the second person has confirmed.
#[utoipa::path(post, path = "/api/v1/vault/readings", tag = "vault", security(("token" = []), ("session" = [])), request_body = Reading,
    responses((status = 200, description = "What was asked for.", body = Vec<Values>),
        (status = 202, description = "It waits for the second person.", body = Waits), Problems))]
pub(crate) async fn read(
    State(app): State<App>,
    asking: Asking,
    Body(reading): Body<Reading>,
) -> Result<Response, Problem> {
    let asking = asking.fully()?;
    asking.may(Right::ReadPersonal, None)?;
    if reading.subjects.len() > MOST {
        return Err(Problem::bad_input(
            format!("{} people were asked for", reading.subjects.len()),
            "ask for 10,000 or fewer",
        ));
    }
    let subjects = reading.subjects.iter().map(|one| named("subjects", one)).collect::<Result<Vec<Pseudonym>, _>>()?;
    let fields = reading.fields.iter().map(|one| named("fields", one)).collect::<Result<Vec<PersonalField>, _>>()?;
    let with = reading.with.as_deref().map(|one| named::<PersonId>("with", one)).transpose()?;
    if let (true, Some(second)) = (subjects.len() > MOST_BY_ONE, &with) {
        if *second == asking.person.id {
            return Err(Problem::bad_input("the second person is the first one again", "name another person"));
        }
        let digest = Seconds::digest(&serde_json::to_vec(&reading).map_err(|error| Problem::fault(error.to_string()))?);
        let pending = Pending {
            first: asking.person.id.clone(),
            second: second.clone(),
            people: subjects.len(),
            fields: reading.fields.iter().cloned().collect(),
            reason: reading.reason.clone(),
            confirmed: false,
            made: app.city.now(),
        };
        if let Some(waits) = app.seconds.ask(digest, pending)? {
            return Ok((StatusCode::ACCEPTED, Json(Waits::from(waits))).into_response());
        }
    }
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let vault = open.vault()?;
        let request =
            ReadRequest { subjects: &subjects, fields: &fields, reason: &reading.reason, with: with.as_ref() };
        let people = vault::read(city, &*vault, &asking.envelope, &request)?;
        Ok(Json(people.into_iter().map(Values::from).collect::<Vec<_>>()).into_response())
    })
    .await
}

/// Confirm somebody's reading of more than 100 people, as its second person.
#[utoipa::path(post, path = "/api/v1/vault/readings/{id}/confirm", tag = "vault", security(("session" = [])),
    params(("id" = String, Path, description = "The reading that waits.")),
    responses((status = 200, description = "Confirmed: its reader asks for it again.", body = Waits), Problems))]
pub(crate) async fn confirm(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<Json<Waits>, Problem> {
    let asking = asking.fully()?;
    asking.may(Right::ReadPersonal, None)?;
    if asking.signed.token.is_some() {
        return Err(Problem::forbidden("a program confirms nothing in a person's name", "sign in to confirm"));
    }
    let confirmed = app.seconds.confirm(&id, &asking.person.id, app.city.now());
    let pending = confirmed.ok_or_else(|| {
        Problem::not_found("no reading of this id waits for you", "its reader asks anew; it waits for 30 minutes")
    })?;
    Ok(Json(Waits::from((id, pending))))
}
