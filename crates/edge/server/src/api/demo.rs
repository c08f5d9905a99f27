//! Whether this is a demonstration: asked before anybody has signed in.

use crate::app::App;
use crate::demo::PASSWORD;
use axum::Json;
use axum::extract::State;
use levee_model::person::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody whom a visitor of a demonstration may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoPerson {
    /// The login.
    login: String,
    /// Chinese name.
    name_zh: String,
    /// English name.
    name_en: String,
    /// The role.
    #[schema(value_type = String)]
    role: Role,
    /// The section that they lead.
    section: Option<String>,
    /// The area that they cover.
    area: Option<String>,
}

/// A demonstration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Demonstration {
    /// Whether this is one; if not, the rest is empty.
    demo: bool,
    /// The password of everybody.
    password: Option<String>,
    /// Everybody.
    people: Vec<DemoPerson>,
}

/// Whether this is a demonstration, and whom one may be in it.
#[utoipa::path(get, path = "/api/v1/demonstration", tag = "session",
    responses((status = 200, description = "Of a city at work: that it is none.", body = Demonstration),
        (status = 429, description = "Too many requests; `Retry-After` says when to send it again.", body = crate::problem::Problem, content_type = "application/problem+json")))]
pub(crate) async fn demonstration(State(app): State<App>) -> Json<Demonstration> {
    if !app.demo {
        return Json(Demonstration { demo: false, password: None, people: vec![] });
    }
    let desk = app.city.known_desk();
    let person = |one: &levee_model::person::Person| DemoPerson {
        login: one.id.to_string(),
        name_zh: one.name_zh.clone(),
        name_en: one.name_en.clone(),
        role: one.role,
        section: one.section.clone(),
        area: one.area.as_ref().map(ToString::to_string),
    };
    let people = desk.duties.people.iter().map(person).collect();
    Json(Demonstration { demo: true, password: Some(PASSWORD.to_owned()), people })
}
