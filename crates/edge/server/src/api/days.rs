//! A day: what is known of it, what was likely, and what was issued.

use super::Problems;
use crate::app::App;
use crate::city::{OpenCity, Urgency, run};
use crate::extract::{Asking, At, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use levee_app::day::{issued_brief, issued_briefs};
use levee_app::rights::Right;
use levee_brief::{Document, Lang};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) fn no_brief(day: Date) -> Problem {
    Problem::not_found(format!("nothing was issued for {day}"), "run the day first")
}

/// The days for which something was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Days {
    /// Oldest first.
    #[schema(value_type = Vec<String>)]
    days: Vec<Date>,
}

/// The days for which a brief was issued.
#[utoipa::path(get, path = "/api/v1/briefs", tag = "day", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "Oldest first.", body = Days), Problems))]
pub(crate) async fn briefs(State(app): State<App>, asking: Asking) -> Result<Json<Days>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, |_, city| {
        Ok(Json(Days { days: issued_briefs(city.journal)?.into_iter().collect() }))
    })
    .await
}

/// In which form and language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct InForm {
    /// A page for people, or the document; the document where left out.
    #[param(inline)]
    form: Option<BriefForm>,
    /// The page's language; the city's where left out.
    #[param(inline)]
    lang: Option<Language>,
}

/// The form of a brief.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BriefForm {
    /// One self-contained page.
    Html,
    /// The document.
    Json,
}

/// A language.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Whether to say it in Chinese: as was asked, or as the city does.
pub(crate) fn zh(open: &OpenCity, lang: Option<Language>) -> bool {
    let own = open.settings.language == levee_model::settings::Language::Zh;
    lang.map_or(own, |lang| matches!(lang, Language::Zh))
}

/// The brief that was issued for a day.
#[utoipa::path(get, path = "/api/v1/days/{day}/brief", tag = "day", security(("token" = []), ("session" = [])),
    params(("day" = String, Path, format = Date, description = "The day."), InForm),
    responses((status = 200, description = "As issued.", content((Object = "application/json"), (String = "text/html"))), Problems))]
pub(crate) async fn brief(
    State(app): State<App>,
    asking: Asking,
    At(day): At<Date>,
    Params(InForm { form, lang }): Params<InForm>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let (_, facts) = issued_brief(city, day)?.ok_or_else(|| no_brief(day))?;
        let document = Document::new(facts);
        if let Some(BriefForm::Html) = form {
            let page = document.to_html(if zh(open, lang) { Lang::Zh } else { Lang::En });
            return Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response());
        }
        let document = serde_json::to_value(&document).map_err(|error| Problem::fault(error.to_string()))?;
        Ok(Json(document).into_response())
    })
    .await
}
