//! Who does what where by when: the timetable and map of a moment, in every form that people work with.

use super::Problems;
use super::days::{Language, zh};
use super::ledger::moment;
use super::measures::book_of_city;
use crate::app::App;
use crate::city::{OpenCity, Urgency, run};
use crate::extract::{Asking, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use levee_app::catalogue::sections;
use levee_app::ledger::Desk;
use levee_app::operations::{Ask, operations as gathered};
use levee_app::rights::Right;
use levee_brief::Lang;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The form of a timetable.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TimetableForm {
    /// The document.
    Json,
    /// The map.
    Geojson,
    /// One self-contained page.
    Html,
    /// A workbook.
    Xlsx,
    /// A calendar: what must be done by a time as tasks, what runs for a time as events.
    Ics,
}

/// Which part of it, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// The moment; now where left out. A replay must be told.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Only this district; the city's own code: what concerns the whole city.
    district: Option<String>,
    /// Only this section.
    section: Option<String>,
    /// The form; the document where left out.
    #[param(inline)]
    form: Option<TimetableForm>,
    /// The language of pages and tables; the city's where left out.
    #[param(inline)]
    lang: Option<Language>,
}

/// Refuses a word that is not among the known ones, and names what may have been meant.
fn among(open: &OpenCity, what: &str, given: Option<&str>, known: &[&str]) -> Result<(), Problem> {
    let Some(given) = given.filter(|given| !known.contains(given)) else { return Ok(()) };
    let near = open.parts.tables.nearest(given, known);
    let near = near.map_or_else(String::new, |near| format!("the nearest is {near}; "));
    let hint = format!("{near}there are: {}", known.join(", "));
    Err(Problem::bad_input(format!("there is no {what} `{given}`"), hint))
}

fn is_known(open: &OpenCity, desk: &Desk, which: &Which) -> Result<(), Problem> {
    let codes: Vec<&str> = std::iter::once(desk.places.city().as_str())
        .chain(desk.places.districts().map(|area| area.code.as_str()))
        .collect();
    among(open, "district", which.district.as_deref(), &codes)?;
    let mut all = sections(&desk.catalogue);
    all.insert("headquarters");
    let all: Vec<&str> = all.into_iter().collect();
    among(open, "section", which.section.as_deref(), &all)
}

/// Who does what where by when, as known at a moment: as data, map, page, workbook or calendar. Nobody is named by a pseudonym here.
#[utoipa::path(get, path = "/api/v1/operations", tag = "operations", security(("token" = []), ("session" = [])), params(Which),
    responses((status = 200, description = "`levee.operations/1`, a map, a page, a workbook or a calendar.",
        content((Object = "application/json"), (Object = "application/geo+json"), (String = "text/html"), (String = "text/calendar"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Problems))]
pub(crate) async fn operations(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Which>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    let at = moment(&app, which.at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        is_known(open, &desk, &which)?;
        let lang = if zh(open, which.lang) { Lang::Zh } else { Lang::En };
        // Without a rulebook everything but the areas of high risk is there, and they are named as missing.
        let book = book_of_city(open, city, (desk.calendar.civil(at).date(), at))?;
        let book = book.as_ref().map(|book| book.rules());
        let all = gathered(city, Ask { at, book, plan: None, picture: None })?;
        let chosen = all.only(which.district.as_deref(), which.section.as_deref());
        let file = |media: &'static str, name: &'static str, body: Vec<u8>| {
            let media = (header::CONTENT_TYPE, HeaderValue::from_static(media));
            let name = (header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
            ([media, name], body).into_response()
        };
        Ok(match which.form.unwrap_or(TimetableForm::Json) {
            TimetableForm::Json => Json(chosen.to_json()).into_response(),
            TimetableForm::Geojson => {
                ([(header::CONTENT_TYPE, "application/geo+json")], chosen.geojson().to_string()).into_response()
            }
            TimetableForm::Html => {
                ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], chosen.to_html(lang)).into_response()
            }
            TimetableForm::Xlsx => file(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "attachment; filename=\"operations.xlsx\"",
                open.parts.tables.workbook(&chosen.sheets(lang))?,
            ),
            TimetableForm::Ics => file(
                "text/calendar; charset=utf-8",
                "attachment; filename=\"operations.ics\"",
                chosen.ics(lang).into_bytes(),
            ),
        })
    })
    .await
}
