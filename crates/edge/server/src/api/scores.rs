//! Issued outlooks looked back at, and handed on in the formats of the field.

use super::Problems;
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use levee_app::outlooks::{By, ScoreOptions, document, geojson, hubverse, score};
use levee_app::rights::Right;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// A way to group forecasts.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grouped {
    /// By week ahead.
    Horizon,
    /// By place.
    Place,
    /// By the week, from Monday, in which the forecast day lies.
    Week,
}

/// Which outlooks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// First day whose outlook counts; the first of the outbreak where left out.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Last day whose outlook counts; the newest where left out.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// What came is taken as known at 24:00 of this day; as known now where left out.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// How forecasts are grouped; by week ahead where left out.
    #[param(inline)]
    by: Option<Grouped>,
}

/// How the issued outlooks did against what came: scores, coverage, calibration. Of a day that was run more than once, the first one.
#[utoipa::path(get, path = "/api/v1/outlooks/scores", tag = "day", security(("token" = []), ("session" = [])), params(Which),
    responses((status = 200, description = "`levee.score/1`.", body = Object), Problems))]
pub(crate) async fn scores(
    State(app): State<App>,
    asking: Asking,
    Params(Which { from, to, as_of, by }): Params<Which>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    let by = match by.unwrap_or(Grouped::Horizon) {
        Grouped::Horizon => By::Horizon,
        Grouped::Place => By::Place,
        Grouped::Week => By::Week,
    };
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let options = ScoreOptions { from, to, as_of, by: [by].into() };
        Ok(Json(document::of(&score(city, &options)?)))
    })
    .await
}

/// A format of the field.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exchange {
    /// Model output of the forecast hubs, comma-separated.
    Hubverse,
    /// Map of R by district.
    Geojson,
}

/// Which outlook, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handed {
    /// The day that it was issued for; the newest where left out.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Date>,
    /// The form; the hubs' table where left out.
    #[param(inline)]
    form: Option<Exchange>,
}

/// An issued outlook in a format of the field.
#[utoipa::path(get, path = "/api/v1/outlooks/export", tag = "day", security(("token" = []), ("session" = [])), params(Handed),
    responses((status = 200, description = "The table, or the map.", content((String = "text/csv"), (Object = "application/geo+json"))), Problems))]
pub(crate) async fn export(
    State(app): State<App>,
    asking: Asking,
    Params(Handed { day, form }): Params<Handed>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        Ok(match form.unwrap_or(Exchange::Hubverse) {
            Exchange::Hubverse => {
                ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], hubverse::export(city, day)?.csv).into_response()
            }
            Exchange::Geojson => {
                let map = geojson::export(city, day)?.json.to_string();
                ([(header::CONTENT_TYPE, "application/geo+json")], map).into_response()
            }
        })
    })
    .await
}
