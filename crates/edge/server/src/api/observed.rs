//! What others did: held against the rules of its days, stricter and laxer, and recorded by hand. And areas of high risk, proposed.

use super::Problems;
use super::ledger::moment;
use super::measures::{book_of_city, fault};
use super::wire::{Written, named};
use crate::app::App;
use crate::city::{OpenCity, Urgency, run};
use crate::extract::{Asking, Body, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::City;
use levee_app::measures::{Ask, Book, Sighting, carry_out_at};
use levee_app::rights::Right;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// The rulebook that the city goes by on a day; without one nothing can be held against it.
fn book(open: &OpenCity, city: &City<'_>, on: (Date, Timestamp)) -> Result<Box<Book>, Problem> {
    book_of_city(open, city, on)?.ok_or_else(|| {
        Problem::bad_input("nobody said which rulebook this city goes by", "keep one: POST /api/v1/rulebooks")
    })
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Until {
    /// What was known by its 24:00 goes in; today where left out, in a replay the last day of the reports.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Date>,
}

/// What others did, held against the rules of its days: within, stricter, laxer, undetermined, not covered, and why. Levee endorses neither the
/// measures nor the texts.
#[utoipa::path(get, path = "/api/v1/observed-measures/audit", tag = "measures", security(("token" = []), ("session" = [])), params(Until),
    responses((status = 200, description = "`levee.measures_audit/1`.", body = Object), Problems))]
pub(crate) async fn audit(
    State(app): State<App>,
    asking: Asking,
    Params(Until { day }): Params<Until>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let known_by = day.and_then(|day| open.known_desk().calendar.end_of(day)).unwrap_or(Timestamp::MAX);
        let book = book(open, city, (day.unwrap_or(Date::MAX), known_by))?;
        let audited = levee_app::audit::measures(city, book.rules(), day)?;
        Ok(Json(levee_app::audit::document::of(&audited, book.rules())))
    })
    .await
}

/// What somebody saw done outside Levee. What is not known is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// Where: an area's code.
    place: String,
    /// What was done, in the words of the report; it names nobody.
    what: String,
    /// The report that says so.
    report: String,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Until when, as announced.
    #[schema(value_type = Option<String>, format = DateTime)]
    end: Option<Timestamp>,
    /// Seen in force for the last time; when it is recorded where left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen: Option<Timestamp>,
    /// Services that were seen to be there.
    #[serde(default)]
    services: Vec<String>,
    /// Whether the exits were seen to be open.
    exits_open: Option<bool>,
    /// Facts for the rulebook, such as `measure.type`; without any it is recorded and not judged.
    #[serde(default)]
    #[schema(value_type = Object)]
    facts: BTreeMap<String, Value>,
    /// When it is recorded; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObservedDone {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// The observed measure.
    measure: Option<String>,
    /// The rulebook that it was held against.
    rulebook: String,
    /// It, with its verdict and what speaks against it.
    #[schema(value_type = Object)]
    observed: Value,
}

/// Record what was done outside Levee: always taken, judged and flagged, never gated.
#[utoipa::path(post, path = "/api/v1/observed-measures", tag = "measures", security(("token" = []), ("session" = [])), request_body = Seen,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 201, description = "Recorded, or had been.", body = ObservedDone), Problems))]
pub(crate) async fn observe(
    State(app): State<App>,
    asking: Asking,
    Body(seen): Body<Seen>,
) -> Result<(StatusCode, Json<ObservedDone>), Problem> {
    let asking = asking.fully()?;
    asking.may(Right::RecordForMeasure, None)?;
    let at = moment(&app, seen.at)?;
    let facts = if seen.facts.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&seen.facts).map_err(|error| Problem::fault(error.to_string()))?
    };
    let sighting = Sighting {
        place: named("place", &seen.place)?,
        what: seen.what,
        report: seen.report,
        since: seen.since,
        end: seen.end,
        last_seen: seen.last_seen,
        services: seen.services.iter().map(|service| named("services", service)).collect::<Result<_, _>>()?,
        exits_open: seen.exits_open,
        facts,
    };
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let day = desk.calendar.civil(sighting.since.or(sighting.last_seen).unwrap_or(at)).date();
        let book = book(open, city, (day, at))?;
        let observed = sighting.observed(&book, &desk.calendar, at).map_err(fault)?;
        let ask = Ask::Observe(Box::new(observed.clone()));
        let done = carry_out_at(&desk, city, &asking.envelope, &ask, Some(at))?;
        let mut document = levee_app::audit::document::observed(&observed);
        let measure = done.id.map(|id| id.to_string());
        document["measure"] = measure.clone().into();
        let rulebook = book.rules().id().to_string();
        let recorded = ObservedDone { written: (&done.receipt).into(), measure, rulebook, observed: document };
        Ok((StatusCode::CREATED, Json(recorded)))
    })
    .await
}

/// The form of proposed areas.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ZoneForm {
    /// The document.
    Json,
    /// A map of the areas that are closed or released on the day.
    Geojson,
}

/// Which day, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ZonesAsked {
    /// The day; what was known by its 24:00 goes in.
    #[param(value_type = String, format = Date)]
    day: Date,
    /// The form; the document where left out.
    #[param(inline)]
    form: Option<ZoneForm>,
}

/// Areas of high risk as the rules of the day allow them, never wider, and releases the moment their condition holds. Nothing is closed by this:
/// people propose, gate and decide a restriction. The list is for the headquarters and not to be published.
#[utoipa::path(get, path = "/api/v1/zones", tag = "measures", security(("token" = []), ("session" = [])), params(ZonesAsked),
    responses((status = 200, description = "`levee.zones/1`, or a FeatureCollection.", body = Object), Problems))]
pub(crate) async fn zones(
    State(app): State<App>,
    asking: Asking,
    Params(ZonesAsked { day, form }): Params<ZonesAsked>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let known_by = open.known_desk().calendar.end_of(day).unwrap_or(Timestamp::MAX);
        let book = book(open, city, (day, known_by))?;
        let proposed = levee_app::zones::propose(city, book.rules(), day)?;
        Ok(Json(match form.unwrap_or(ZoneForm::Json) {
            ZoneForm::Json => levee_app::zones::document::of(&proposed, book.rules()),
            ZoneForm::Geojson => levee_app::zones::document::map(&proposed),
        }))
    })
    .await
}
