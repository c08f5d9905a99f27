//! Proposed areas as one JSON document, `levee.zones/1`, and as GeoJSON.

use super::ProposedZones;
use levee_measures::zones::{Clock, FreeState, Zone, ZoneState};
use levee_model::area::{Level, PlaceCode};
use levee_rulebook::Rulebook;
use serde_json::{Value, json};

/// The document.
pub fn of(proposed: &ProposedZones, book: &Rulebook) -> Value {
    let zones = &proposed.zones;
    let coarse: Vec<Value> = zones
        .too_coarse
        .iter()
        .map(|one| {
            json!({ "place": one.place.as_str(), "level": one.level, "ask_a_human": one.ask_a_human,
                    "from": one.days.0, "to": one.days.1, "persons": one.persons })
        })
        .collect();
    let assess: Vec<Value> = zones
        .to_assess
        .iter()
        .map(|case| json!({ "place": case.place.as_str(), "on": case.day, "persons": case.persons }))
        .collect();
    let of = |wanted: FreeState| -> Vec<&str> {
        proposed.communities.iter().filter(|(_, state)| **state == wanted).map(|(code, _)| code.as_str()).collect()
    };
    json!({
        "schema": "levee.zones/1",
        "date": proposed.on,
        "rulebook": book.id().as_str(),
        "proposal": true,
        "rules": proposed.grounds.iter().map(|rule| rule.as_str()).collect::<Vec<_>>(),
        "levels_allowed": levels(&proposed.levels.0),
        "levels_left_to_a_human": levels(&proposed.levels.1),
        "clear_days_needed": proposed.clear_days,
        "closing_round_needed": proposed.round_needed,
        "zones": zones.zones.iter().map(zone).collect::<Vec<_>>(),
        "too_coarse": coarse,
        "to_assess": assess,
        "districts": zones.routine.iter().map(|(code, day)| json!({ "district": code.as_str(), "routine_since": day })).collect::<Vec<_>>(),
        "communities": {
            "days": proposed.free_days.as_ref().map(|(days, _)| days),
            "rule": proposed.free_days.as_ref().map(|(_, rule)| rule.as_str()),
            "free": of(FreeState::Free), "not_free": of(FreeState::NotFree), "unknown": of(FreeState::Unknown),
        },
    })
}

fn levels(levels: &[Level]) -> Value {
    levels.iter().map(|level| json!(level)).collect()
}

fn zone(zone: &Zone) -> Value {
    let (state, released, clock) = match zone.state {
        ZoneState::Closed(clock) => ("closed", None, clock),
        ZoneState::Released { on, clock } => ("released", Some(on), clock),
    };
    json!({
        "place": zone.place.as_str(), "level": zone.level, "since": zone.since, "infections_on": zone.infections,
        "state": state, "release_on": released, "clock": told(clock),
    })
}

fn told(clock: Clock) -> Value {
    json!({
        "last_infection": clock.last_infection, "days_clear": clock.days_clear, "days_needed": clock.days_needed,
        "days_complete_on": clock.complete_on(), "round_needed": clock.round_needed,
        "round_all_negative": clock.round, "waits_for_round": clock.waits_for_round(),
    })
}

/// One feature for each area that is closed or released on the day. A place without a point of its own has no geometry: the point of the
/// district around it would put it where it is not. No counts.
pub fn map(proposed: &ProposedZones) -> Value {
    let today = |zone: &&Zone| match zone.state {
        ZoneState::Closed(_) => true,
        ZoneState::Released { on, .. } => on == proposed.on,
    };
    let features: Vec<Value> = proposed
        .zones
        .zones
        .iter()
        .filter(today)
        .map(|one| {
            let name = proposed.places.name(&one.place);
            let mut properties = zone(one);
            if let Value::Object(fields) = &mut properties {
                fields.shift_remove("infections_on");
                fields.insert("code".into(), one.place.as_str().into());
                fields.insert("name_zh".into(), name.map(|name| name.zh.as_str()).into());
                fields.insert("name_en".into(), name.map(|name| name.en.as_str()).into());
            }
            json!({ "type": "Feature", "geometry": point(proposed, &one.place), "properties": properties })
        })
        .collect();
    json!({ "type": "FeatureCollection", "schema": "levee.zone_map/1", "date": proposed.on, "features": features })
}

fn point(proposed: &ProposedZones, place: &PlaceCode) -> Value {
    let known = proposed.places.area(place).and_then(|area| area.point);
    known.map_or(Value::Null, |(lat, lon)| json!({ "type": "Point", "coordinates": [lon, lat] }))
}
