//! An issued outlook as a map: GeoJSON (RFC 7946), one feature for each place below the city, the city itself beside them.
//!
//! Geometry is the outline of the pack, rings turned as RFC 7946 asks (outer counterclockwise, holes clockwise), positions in the datum that the
//! pack's file has; a place without an outline has `null`. Properties are those of [`Place`]. What is not known is `null`, never 0, and a
//! district that borrows has no R of its own: the map hatches it.

use super::archive::{Issued, archive};
use crate::city::{AppError, City, founded};
use crate::day::{ArchivedOutlook, ArchivedSeries};
use crate::places;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::gazetteer::Gazetteer;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Shape of the document, its foreign member `schema`.
pub const SCHEMA: &str = "levee.outlook_map/1";

/// What the map says of a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Its code.
    pub code: String,
    /// Full names; the code where the city has none.
    pub name_zh: String,
    /// The same in English.
    pub name_en: String,
    /// How its forecast was made: `own`, `borrowed` (its share of the city's) or `unknown`.
    pub standing: String,
    /// Whether R is unknown, so that the map hatches the place instead of colouring it.
    pub hatch: bool,
    /// R on the day of origin by the place's own counts, median.
    pub r: Option<f64>,
    /// Lower end of its 95 % interval.
    pub r_low: Option<f64>,
    /// Upper end.
    pub r_high: Option<f64>,
    /// New infections of the day of origin once all of it is reported, persons: median. `null` where the count is complete or not
    /// the place's own.
    pub nowcast: Option<f64>,
    /// Lower end of its 95 % interval.
    pub nowcast_low: Option<f64>,
    /// Upper end.
    pub nowcast_high: Option<f64>,
    /// New infections forecast for the first day, persons: median.
    pub forecast: Option<f64>,
    /// Lower end of its 95 % interval.
    pub forecast_low: Option<f64>,
    /// Upper end.
    pub forecast_high: Option<f64>,
}

/// A map and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The day of the meeting that the outlook was issued for.
    pub day: Date,
    /// The last full day that it knew.
    pub origin: Date,
    /// The method.
    pub engine: String,
    /// The document.
    pub json: Value,
    /// Features.
    pub places: usize,
    /// Of these, without an outline.
    pub not_outlined: Vec<String>,
    /// Of these, hatched.
    pub hatched: usize,
}

fn place(outlook: &ArchivedOutlook, series: &ArchivedSeries, gazetteer: &Gazetteer) -> Place {
    let name = series.place.parse::<PlaceCode>().ok().and_then(|code| gazetteer.name(&code).cloned());
    let level = |wanted: f64| {
        let at = outlook.levels.iter().position(|level| (level - wanted).abs() < 1e-9)?;
        series.quantiles.first()?.get(at).copied()
    };
    let r = |at: usize| series.reproduction.and_then(|r| r.get(at).copied());
    let nowcast = |at: usize| series.nowcast.and_then(|n| n.get(at).copied());
    Place {
        code: series.place.clone(),
        name_zh: name.as_ref().map_or_else(|| series.place.clone(), |n| n.zh.clone()),
        name_en: name.map_or_else(|| series.place.clone(), |n| n.en),
        standing: series.standing.clone(),
        hatch: series.reproduction.is_none(),
        r: r(0),
        r_low: r(1),
        r_high: r(2),
        nowcast: nowcast(0),
        nowcast_low: nowcast(1),
        nowcast_high: nowcast(2),
        forecast: level(0.5),
        forecast_low: level(0.025),
        forecast_high: level(0.975),
    }
}

/// The outlines by code; what is no outline of a place is left out, as it was when the pack was read.
pub(crate) fn outlines(bytes: &[u8]) -> Result<BTreeMap<String, Value>, AppError> {
    let bad = |why: String| AppError::Meaning { table: "boundaries".into(), why };
    let mut parsed: Value = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
    let features = parsed.get_mut("features").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let outline = |mut feature: Value| {
        let code = feature.pointer("/properties/code")?.as_str()?.to_owned();
        let mut geometry = feature.get_mut("geometry")?.take();
        let polygons = geometry.get("type")?.as_str()? == "MultiPolygon";
        let coordinates = geometry.get_mut("coordinates")?.as_array_mut()?;
        if polygons {
            coordinates.iter_mut().filter_map(Value::as_array_mut).for_each(|rings| turn(rings));
        } else {
            turn(coordinates);
        }
        Some((code, geometry))
    };
    Ok(features.into_iter().filter_map(outline).collect())
}

/// Turns the rings of one polygon: the outer one counterclockwise, holes clockwise.
fn turn(rings: &mut [Value]) {
    for (nth, ring) in rings.iter_mut().enumerate() {
        let Some(ring) = ring.as_array_mut() else { continue };
        let at = |position: &Value| Some((position.get(0)?.as_f64()?, position.get(1)?.as_f64()?));
        let points: Vec<(f64, f64)> = ring.iter().filter_map(at).collect();
        // Twice the area (Gauss's shoelace), positive if counterclockwise.
        let area: f64 = points.windows(2).map(|p| p[0].0 * p[1].1 - p[1].0 * p[0].1).sum();
        if (area < 0.0) == (nth == 0) && area.abs() > 0.0 {
            ring.reverse();
        }
    }
}

/// Makes the map of an outlook. `outlined` is the boundaries file, if the city has one.
pub fn map(outlook: &ArchivedOutlook, gazetteer: &Gazetteer, outlined: Option<&[u8]>) -> Result<Map, AppError> {
    let mut outlines = outlined.map(outlines).transpose()?.unwrap_or_default();
    let (mut features, mut city, mut not_outlined, mut hatched) = (Vec::new(), Value::Null, Vec::new(), 0);
    for series in &outlook.series {
        let place = place(outlook, series, gazetteer);
        if series.place == gazetteer.city().as_str() {
            city = json!(place);
            continue;
        }
        let geometry = outlines.remove(&series.place).unwrap_or(Value::Null);
        if geometry.is_null() {
            not_outlined.push(series.place.clone());
        }
        hatched += usize::from(place.hatch);
        features.push(json!({ "type": "Feature", "id": place.code, "geometry": geometry, "properties": place }));
    }
    let places = features.len();
    let json = json!({
        "type": "FeatureCollection", "features": features, "schema": SCHEMA, "day": outlook.day, "as_known_at": outlook.as_known_at,
        "origin_date": outlook.origin, "first_day": outlook.first_day, "engine": outlook.engine, "interval": 0.95, "city": city,
    });
    let (day, origin, engine) = (outlook.day, outlook.origin, outlook.engine.clone());
    Ok(Map { day, origin, engine, json, places, not_outlined, hatched })
}

/// The map of the outlook that was issued for a day, or of the newest one.
pub fn export(city: &City<'_>, day: Option<Date>) -> Result<Map, AppError> {
    let (founded, settings, _) = founded(city.journal)?;
    let last = Date::MAX.yesterday().unwrap_or(Date::MAX);
    let (from, to) = day.map_or((settings.outbreak_started, last), |day| (day, day.min(last)));
    let archive = archive(city, from, to)?;
    let Some(Issued { outlook, .. }) = archive.issued.last() else {
        return Err(super::hubverse::not_issued(day));
    };
    let outlined = founded.boundaries.as_ref().map(|blob| city.blobs.get(blob)).transpose()?;
    map(outlook, &places::gazetteer(city.journal)?, outlined.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_rings_run_counterclockwise_and_holes_clockwise() {
        let square = json!([[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]);
        let hole = json!([[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]);
        let turned = json!([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]);
        let turned_hole = json!([[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]);
        let of = |kind: &str, coordinates: Value| {
            let feature = json!({ "type": "Feature", "properties": { "code": "a" },
                "geometry": { "type": kind, "coordinates": coordinates } });
            let file = json!({ "type": "FeatureCollection", "features": [feature] }).to_string();
            outlines(file.as_bytes()).unwrap()["a"]["coordinates"].clone()
        };
        assert_eq!(of("Polygon", json!([square, hole])), json!([turned, turned_hole]));
        assert_eq!(of("MultiPolygon", json!([[square], [turned]])), json!([[turned], [turned]]));
    }

    #[test]
    fn a_file_that_is_no_json_is_refused() {
        assert!(outlines(b"{").unwrap_err().to_string().contains("boundaries"));
    }
}
