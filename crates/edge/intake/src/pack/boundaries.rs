//! The outlines of the districts: GeoJSON with a `code` in the properties of each feature.

use super::problem::PackProblem;
use crate::message::code;
use levee_model::gazetteer::Gazetteer;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// The outlines, as they stand in the pack, and the places they outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundaries {
    /// The GeoJSON text, unchanged.
    pub json: String,
    /// Codes of the places outlined.
    pub codes: BTreeSet<String>,
}

pub(crate) fn read(dir: &Path, file: &str, places: Option<&Gazetteer>) -> Result<Boundaries, Vec<PackProblem>> {
    let bad = |why: String| vec![PackProblem::new(file, code::BAD_BOUNDARIES, [why])];
    let json = std::fs::read_to_string(dir.join(file)).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => vec![PackProblem::new(file, code::FILE_MISSING, [])],
        _ => bad(e.to_string()),
    })?;
    let parsed: Value = serde_json::from_str(&json).map_err(|e| bad(e.to_string()))?;
    let features = match (parsed.get("type").and_then(Value::as_str), parsed.get("features")) {
        (Some("FeatureCollection"), Some(Value::Array(features))) => features,
        _ => return Err(bad("it is no FeatureCollection".to_owned())),
    };
    let mut problems = Vec::new();
    let mut codes = BTreeSet::new();
    for (nth, feature) in features.iter().enumerate() {
        match feature.pointer("/properties/code").and_then(Value::as_str) {
            Some(code) if codes.insert(code.to_owned()) => {}
            Some(code) => problems.extend(bad(format!("`{code}` is outlined twice"))),
            None => problems.extend(bad(format!("feature {nth} has none"))),
        }
        let shape = feature.pointer("/geometry/type").and_then(Value::as_str);
        if !matches!(shape, Some("Polygon" | "MultiPolygon")) {
            problems.extend(bad(format!("feature {nth} is no Polygon or MultiPolygon")));
        }
    }
    if let Some(places) = places {
        for code in &codes {
            if !code.parse().is_ok_and(|code| places.knows(&code)) {
                problems.push(PackProblem::new(file, code::BOUNDARY_UNKNOWN, [code.clone()]));
            }
        }
        for district in places.districts().filter(|d| !codes.contains(d.code.as_str())) {
            let name = format!("{} ({})", district.code, district.name.zh);
            problems.push(PackProblem::new(file, code::NO_BOUNDARY, [name]));
        }
    }
    if problems.is_empty() { Ok(Boundaries { json, codes }) } else { Err(problems) }
}
