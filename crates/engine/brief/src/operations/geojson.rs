//! The map as GeoJSON (RFC 7946), `levee.operations_map/1`.
//!
//! Features without a geometry say why in `no_geometry`. Positions are in the datum of the pack's files.

use super::document::owner;
use super::facts::{Feature, FeatureKind, Operations};
use serde_json::{Value, json};

fn feature(one: &Feature) -> Value {
    let (geometry, why) = match &one.geometry {
        Ok(geometry) => (geometry.clone(), Value::Null),
        Err(why) => (Value::Null, why.code().into()),
    };
    let kind = match one.kind {
        FeatureKind::District => "district",
        FeatureKind::Zone => "zone",
        FeatureKind::Measure => "measure",
        FeatureKind::Site => "site",
        FeatureKind::Task => "task",
    };
    let mut properties = json!({
        "kind": kind, "from": one.id, "name_zh": one.name.zh, "name_en": one.name.en, "place": one.place,
        "district": one.district, "section": one.section, "owner": owner(one.owner.as_ref()),
        "state": one.state.map(super::State::code), "starts": one.from.map(|at| at.utc), "due": one.until.map(|at| at.utc),
        "origin": one.origin, "no_geometry": why,
    });
    if let Value::Object(fields) = &mut properties {
        fields.extend(one.more.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    json!({ "type": "Feature", "id": format!("{kind}:{}", one.id), "geometry": geometry, "properties": properties })
}

impl Operations {
    /// The map.
    pub fn geojson(&self) -> Value {
        json!({
            "type": "FeatureCollection", "schema": "levee.operations_map/1", "at": self.at.utc, "city": self.city_code,
            "asked": { "district": self.district, "section": self.section },
            "features": self.features.iter().map(feature).collect::<Vec<_>>(),
        })
    }
}
