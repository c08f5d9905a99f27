//! The lanes of a plan as data for a map: one line for each way that people travel, with how many (GeoJSON, RFC 7946).

use super::document::{PlanDocument, SCHEMA};
use jiff::civil::Date;
use levee_brief::facts::Words;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The map data, and how many people travel on lanes without a point at one of their ends.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneMap {
    /// A `FeatureCollection`.
    pub geojson: Value,
    /// Lanes drawn.
    pub lanes: usize,
    /// People on lanes that cannot be drawn.
    pub not_drawn: u64,
}

#[derive(Default)]
struct Flow {
    by_class: BTreeMap<CareClass, u64>,
    known: u64,
    metres: u64,
    minutes: u32,
    origin: Option<Origin>,
}

/// One feature for each day, district and facility. Positions are longitude, latitude; lines are straight: a lane says
/// from where to where, not by which road.
pub fn lanes(document: &PlanDocument, only: Option<Date>) -> LaneMap {
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
        let facility = document.facilities.iter().find(|one| one.id == *to);
        let ends = place.and_then(|p| p.point).zip(facility.and_then(|f| f.point));
        let Some(((from_lat, from_lon), (to_lat, to_lon))) = ends else {
            not_drawn += people;
            continue;
        };
        let name = |words: Option<&Words>, code: &str| words.cloned().unwrap_or_else(|| Words::same(code));
        let (from_name, to_name) =
            (name(place.map(|p| &p.name), from.as_str()), name(facility.map(|f| &f.name), to.as_str()));
        let classes: Map<String, Value> =
            flow.by_class.iter().filter_map(|(class, n)| Some((word(class)?, (*n).into()))).collect();
        features.push(json!({
            "type": "Feature",
            "geometry": { "type": "LineString", "coordinates": [[from_lon, from_lat], [to_lon, to_lat]] },
            "properties": {
                "day": day, "from": from, "from_zh": from_name.zh, "from_en": from_name.en,
                "facility": to, "facility_zh": to_name.zh, "facility_en": to_name.en,
                "people": people, "by_class": classes, "known": flow.known,
                "metres": flow.metres, "minutes": flow.minutes,
                "origin": flow.origin, "synthetic": flow.origin == Some(Origin::Synthetic),
            },
        }));
    }
    let lanes = features.len();
    // Members beyond the standard's are allowed and left alone by readers (RFC 7946, section 6.1).
    let geojson = json!({
        "type": "FeatureCollection", "plan": document.name().ok(), "plan_schema": SCHEMA,
        "city_zh": document.city.zh, "city_en": document.city.en, "people_not_drawn": not_drawn, "features": features,
    });
    LaneMap { geojson, lanes, not_drawn }
}

fn word(class: &CareClass) -> Option<String> {
    serde_json::to_value(class).ok()?.as_str().map(str::to_owned)
}
