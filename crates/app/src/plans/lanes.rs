//! The lanes of a plan as data for a map: one line for each way that people or tubes travel, with how many (GeoJSON, RFC 7946).

use super::document::{PlanDocument, SCHEMA};
use jiff::civil::Date;
use levee_brief::facts::Words;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The map data, and what travels on lanes without a point at one of their ends.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneMap {
    /// A `FeatureCollection`.
    pub geojson: Value,
    /// Lanes drawn.
    pub lanes: usize,
    /// People on lanes that cannot be drawn.
    pub not_drawn: u64,
    /// Tubes on lanes that cannot be drawn.
    pub tubes_not_drawn: u64,
}

#[derive(Default)]
struct Flow {
    by_class: BTreeMap<CareClass, u64>,
    known: u64,
    metres: u64,
    minutes: u32,
    origin: Option<Origin>,
}

/// One feature for each day, kind, place of departure and facility. Positions are longitude, latitude; lines are straight: a lane says
/// from where to where, not by which road. `kind` tells people (`people`, from a district) from samples (`tubes`, from a site).
pub fn lanes(document: &PlanDocument, only: Option<Date>) -> LaneMap {
    let (mut features, not_drawn) = people(document, only);
    let (tubes, tubes_not_drawn) = tubes(document, only);
    features.extend(tubes);
    let lanes = features.len();
    // Members beyond the standard's are allowed and left alone by readers (RFC 7946, section 6.1).
    let geojson = json!({
        "type": "FeatureCollection", "plan": document.name().ok(), "plan_schema": SCHEMA,
        "city_zh": document.city.zh, "city_en": document.city.en, "people_not_drawn": not_drawn,
        "tubes_not_drawn": tubes_not_drawn, "features": features,
    });
    LaneMap { geojson, lanes, not_drawn, tubes_not_drawn }
}

fn line((from_lat, from_lon): (f64, f64), (to_lat, to_lon): (f64, f64), properties: &Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": { "type": "LineString", "coordinates": [[from_lon, from_lat], [to_lon, to_lat]] },
        "properties": properties,
    })
}

/// Name and point of a facility; its id where it has no name.
fn facility(document: &PlanDocument, id: &FacilityId) -> (Words, Option<(f64, f64)>) {
    let found = document.facilities.iter().find(|one| one.id == *id);
    found.map_or_else(|| (Words::same(id.as_str()), None), |one| (one.name.clone(), one.point))
}

fn people(document: &PlanDocument, only: Option<Date>) -> (Vec<Value>, u64) {
    let mut flows: BTreeMap<(Date, &PlaceCode, &FacilityId), Flow> = BTreeMap::new();
    for order in document.transfers().iter().flat_map(|plan| &plan.orders) {
        if only.is_some_and(|day| day != order.day) {
            continue;
        }
        let flow = flows.entry((order.day, &order.from, &order.facility)).or_default();
        *flow.by_class.entry(order.class).or_default() += order.people.get();
        flow.known += order.known.get();
        flow.metres = flow.metres.max(order.metres);
        flow.minutes = flow.minutes.max(order.minutes);
        flow.origin = flow.origin.max(Some(order.origin));
    }
    let (mut features, mut not_drawn) = (Vec::new(), 0);
    for ((day, from, to), flow) in flows {
        let people: u64 = flow.by_class.values().sum();
        let place = document.places.iter().find(|place| place.code == *from);
        let (to_name, to_point) = facility(document, to);
        let Some((a, b)) = place.and_then(|p| p.point).zip(to_point) else {
            not_drawn += people;
            continue;
        };
        let from_name = place.map_or_else(|| Words::same(from.as_str()), |place| place.name.clone());
        let classes: Map<String, Value> =
            flow.by_class.iter().filter_map(|(class, n)| Some((word(class)?, (*n).into()))).collect();
        let properties = json!({
            "kind": "people", "day": day, "from": from, "from_zh": from_name.zh, "from_en": from_name.en,
            "facility": to, "facility_zh": to_name.zh, "facility_en": to_name.en,
            "people": people, "by_class": classes, "known": flow.known,
            "metres": flow.metres, "minutes": flow.minutes,
            "origin": flow.origin, "synthetic": flow.origin == Some(Origin::Synthetic),
        });
        features.push(line(a, b, &properties));
    }
    (features, not_drawn)
}

#[derive(Default)]
struct Parcels {
    tubes: u64,
    late: u64,
    minutes: u32,
    origin: Option<Origin>,
}

/// Tubes by the day on which they are sampled.
fn tubes(document: &PlanDocument, only: Option<Date>) -> (Vec<Value>, u64) {
    let mut flows: BTreeMap<(Date, &FacilityId, &FacilityId), Parcels> = BTreeMap::new();
    if let Some(part) = &document.testing {
        for order in &part.plan.tubes {
            let day = part.plan.start.saturating_add(jiff::Span::new().days(i64::from(order.hour / 24)));
            if only.is_some_and(|only| only != day) {
                continue;
            }
            let flow = flows.entry((day, &order.site, &order.laboratory)).or_default();
            flow.tubes += order.tubes.get();
            flow.late += if order.result > order.due { order.tubes.get() } else { 0 };
            flow.minutes = flow.minutes.max(order.arrives.saturating_sub(order.departs));
            flow.origin = flow.origin.max(Some(order.origin));
        }
    }
    let (mut features, mut not_drawn) = (Vec::new(), 0);
    for ((day, from, to), flow) in flows {
        let ((from_name, a), (to_name, b)) = (facility(document, from), facility(document, to));
        let Some((a, b)) = a.zip(b) else {
            not_drawn += flow.tubes;
            continue;
        };
        let properties = json!({
            "kind": "tubes", "day": day, "from": from, "from_zh": from_name.zh, "from_en": from_name.en,
            "facility": to, "facility_zh": to_name.zh, "facility_en": to_name.en,
            "tubes": flow.tubes, "late": flow.late, "minutes": flow.minutes,
            "origin": flow.origin, "synthetic": flow.origin == Some(Origin::Synthetic),
        });
        features.push(line(a, b, &properties));
    }
    (features, not_drawn)
}

fn word(class: &CareClass) -> Option<String> {
    serde_json::to_value(class).ok()?.as_str().map(str::to_owned)
}
