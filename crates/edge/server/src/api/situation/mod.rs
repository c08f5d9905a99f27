//! Where the city stands: the picture of a day as it was known, the outlines of its places, and when it learnt what.

mod made;
mod shapes;
mod told;

use super::Problems;
use crate::app::App;
use crate::auth::Signed;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At, Params};
use crate::kept::{About, Said};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::rights::Right;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shapes::Situation;
use utoipa::{IntoParams, ToSchema};

/// The longest series.
const LONGEST: u16 = 400;

/// As known when, and how far back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// As it was known at this moment; the end of the day, or now if that is earlier, where left out. After the day: what was known of
    /// the day by then.
    #[param(value_type = Option<String>, format = DateTime)]
    known_at: Option<Timestamp>,
    /// Days of the series that end with the day; 28 where left out, 400 at most.
    #[param(minimum = 1, maximum = 400)]
    days: Option<u16>,
}

/// Where the city stood on a day, as it was known at a moment: each figure with its age and source, or why there is none.
#[utoipa::path(get, path = "/api/v1/days/{day}/situation", tag = "day", security(("token" = []), ("session" = [])),
    params(("day" = String, Path, format = Date, description = "The day."), Seen,
        ("if-none-match" = Option<String>, Header, description = "The ETag of what was seen.")),
    responses((status = 200, description = "The situation.", body = Situation),
        (status = 304, description = "It is as it was seen."), Problems))]
pub(crate) async fn situation(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
    At(day): At<Date>,
    Params(Seen { known_at, days }): Params<Seen>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    let days = days.unwrap_or(28);
    if !(1..=LONGEST).contains(&days) {
        return Err(Problem::bad_input(format!("`days` is {days}"), "ask for 1 to 400"));
    }
    let kept = std::sync::Arc::clone(&app.kept);
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let about = About::Situation(day, known_at, days);
        let said = kept.said(about, &*city.journal, city.clock.now(), || {
            let seen = levee_app::situation::situation(city, day, known_at, days)?;
            Ok((Said::json(&made::made(&seen))?, seen.is_now))
        })?;
        Ok(said.to(&headers))
    })
    .await
}

/// The outlines of the city's places and where facilities lie, as GeoJSON (RFC 7946). A place that the pack does not outline has no
/// geometry. `source` names the document that the outlines come from; positions are in its datum.
#[utoipa::path(get, path = "/api/v1/areas/shapes", tag = "city", security(("token" = []), ("session" = [])),
    params(("if-none-match" = Option<String>, Header, description = "The ETag of what was seen.")),
    responses((status = 200, description = "A FeatureCollection.", body = Object, content_type = "application/geo+json"),
        (status = 304, description = "It is as it was seen."), Problems))]
pub(crate) async fn shapes(State(app): State<App>, _signed: Signed, headers: HeaderMap) -> Result<Response, Problem> {
    let kept = std::sync::Arc::clone(&app.kept);
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let said = kept.said(About::Shapes, &*city.journal, city.clock.now(), || {
            Ok((Said::of(&drawn(city)?, "application/geo+json")?, false))
        })?;
        Ok(said.to(&headers))
    })
    .await
}

/// The id that packs give to the document of their outlines.
const OUTLINES: &str = "BOUNDARY";

fn drawn(city: &levee_app::city::City<'_>) -> Result<Value, Problem> {
    let mut outlines = levee_app::situation::outlines(city)?;
    let places = levee_app::places::gazetteer(city.journal)?;
    let sources = levee_app::places::sources(city.journal)?;
    let source = sources.iter().find(|source| source.id == OUTLINES);
    let source = source.map(|source| {
        json!({ "id": source.id, "title": source.title, "publisher": source.publisher, "licence": source.licence })
    });
    let mut features = vec![];
    for area in places.areas() {
        let geometry = outlines.remove(area.code.as_str()).unwrap_or(Value::Null);
        // Below a district only what is outlined: there are too many to list, and none of them is drawn.
        if geometry.is_null() && !matches!(area.level, levee_model::area::Level::District) {
            continue;
        }
        let point = area.point.map(|(lat, lon)| json!([lon, lat]));
        features.push(json!({ "type": "Feature", "id": area.code.as_str(), "geometry": geometry, "properties": {
            "what": "area", "level": area.level, "parent": area.parent.as_ref().map(ToString::to_string),
            "name_zh": area.name.zh, "name_en": area.name.en, "short_zh": area.name.short_zh,
            "short_en": area.name.short_en, "point": point } }));
    }
    for facility in levee_app::facts::facilities(city.journal)? {
        let geometry = facility.point.map(|(lat, lon)| json!({ "type": "Point", "coordinates": [lon, lat] }));
        features.push(json!({ "type": "Feature", "id": facility.id.as_str(), "geometry": geometry, "properties": {
            "what": "facility", "kind": facility.kind, "area": facility.area.as_str(), "name_zh": facility.name_zh,
            "name_en": facility.name_en,
            "synthetic": facility.provenance.origin == levee_model::provenance::Origin::Synthetic } }));
    }
    Ok(json!({ "type": "FeatureCollection", "schema": "levee.shapes/1", "source": source, "features": features }))
}

/// From when to when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Between {
    /// From this moment on; the first one where left out.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Up to this moment; the last one where left out.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// When figures became known: what a slider over time stops at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Learnt {
    /// Ascending; the latest 1,000 at most.
    moments: Vec<LearntAt>,
    /// Whether there are earlier ones.
    more: bool,
}

/// What became known at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LearntAt {
    /// The moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Rows.
    rows: u64,
    /// Their tables.
    #[schema(value_type = Vec<String>)]
    tables: std::collections::BTreeSet<&'static str>,
}

/// Moments that are told at once.
const MOMENTS: usize = 1000;

/// When figures of the picture became known, moment by moment. In a city at work that is when batches arrived.
#[utoipa::path(get, path = "/api/v1/batches/times", tag = "day", security(("token" = []), ("session" = [])), params(Between),
    responses((status = 200, description = "The moments.", body = Learnt),
        (status = 304, description = "It is as it was seen."), Problems))]
pub(crate) async fn moments(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
    Params(Between { from, until }): Params<Between>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    let (from, until) = (from.unwrap_or(Timestamp::MIN), until.unwrap_or(Timestamp::MAX));
    let kept = std::sync::Arc::clone(&app.kept);
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let said = kept.said(About::Moments(from, until), &*city.journal, city.clock.now(), || {
            let all = levee_app::situation::moments(city.journal, from, until)?;
            let skip = all.len().saturating_sub(MOMENTS);
            let at = |(at, known): (Timestamp, levee_app::situation::Known)| LearntAt {
                at,
                rows: known.rows,
                tables: known.tables,
            };
            let moments = all.into_iter().skip(skip).map(at).collect();
            Ok((Said::json(&Learnt { moments, more: skip > 0 })?, false))
        })?;
        Ok(said.to(&headers))
    })
    .await
}
