//! What the city is: its settings, areas, people and kinds of obligations.

use super::Problems;
use super::session::Somebody;
use crate::app::App;
use crate::auth::Signed;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::event::Mode;
use serde::Serialize;
use utoipa::ToSchema;

/// The city.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct City {
    /// Its code.
    code: String,
    /// Live, or a past outbreak run again.
    #[schema(value_type = String)]
    mode: Mode,
    /// Its time zone (IANA).
    time_zone: String,
    /// The day on which the outbreak began.
    #[schema(value_type = String, format = Date)]
    outbreak_started: Date,
    /// Now, by its clock.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
}

/// The city.
#[utoipa::path(get, path = "/api/v1/city", tag = "city", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "The city.", body = City), Problems))]
pub(crate) async fn city(State(app): State<App>, _signed: Signed) -> Json<City> {
    Json(City {
        code: app.city.known_desk().places.city().to_string(),
        mode: app.city.mode,
        time_zone: app.city.settings.time_zone.clone(),
        outbreak_started: app.city.settings.outbreak_started,
        now: app.city.now(),
    })
}

/// An area.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Area {
    /// Its code.
    code: String,
    /// The area that it lies in; none for the city.
    parent: Option<String>,
    /// Its level.
    #[schema(value_type = String)]
    level: levee_model::area::Level,
    /// Chinese name.
    name_zh: String,
    /// English name.
    name_en: String,
    /// Short Chinese name.
    short_zh: String,
    /// Short English name.
    short_en: String,
    /// Residents; null = not known, which is not zero.
    population: Option<u64>,
}

/// The areas of the city.
#[utoipa::path(get, path = "/api/v1/areas", tag = "city", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "All areas, by code.", body = Vec<Area>), Problems))]
pub(crate) async fn areas(State(app): State<App>, _signed: Signed) -> Json<Vec<Area>> {
    let desk = app.city.known_desk();
    let area = |area: &levee_model::area::Area| Area {
        code: area.code.to_string(),
        parent: area.parent.as_ref().map(ToString::to_string),
        level: area.level,
        name_zh: area.name.zh.clone(),
        name_en: area.name.en.clone(),
        short_zh: area.name.short_zh.clone(),
        short_en: area.name.short_en.clone(),
        population: area.population.map(levee_model::quantity::Persons::get),
    };
    Json(desk.places.areas().map(area).collect())
}

/// The people who act in Levee.
#[utoipa::path(get, path = "/api/v1/people", tag = "city", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "All of them, by id.", body = Vec<Somebody>), Problems))]
pub(crate) async fn people(State(app): State<App>, _signed: Signed) -> Json<Vec<Somebody>> {
    Json(app.city.known_desk().duties.people.iter().map(Somebody::from).collect())
}

/// A kind of obligation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kind {
    /// Its name.
    kind: String,
    /// The system of the city that it belongs to, 1 to 29.
    system: u8,
    /// Chinese name.
    name_zh: String,
    /// English name.
    name_en: String,
    /// Chinese unit of its counts.
    unit_zh: String,
    /// English unit of its counts.
    unit_en: String,
}

/// The kinds of obligations.
#[utoipa::path(get, path = "/api/v1/kinds", tag = "city", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "The catalogue.", body = Vec<Kind>), Problems))]
pub(crate) async fn kinds(State(app): State<App>, _signed: Signed) -> Json<Vec<Kind>> {
    let kind = |kind: &levee_ledger::Kind| Kind {
        kind: kind.id.to_string(),
        system: kind.system,
        name_zh: kind.name_zh.clone(),
        name_en: kind.name_en.clone(),
        unit_zh: kind.unit.0.clone(),
        unit_en: kind.unit.1.clone(),
    };
    Json(app.city.known_desk().catalogue.kinds().map(kind).collect())
}
