//! The outlines of the city's places, as its pack drew them.

use crate::city::{AppError, City, founded};
use crate::outlooks::geojson;
use serde_json::Value;
use std::collections::BTreeMap;

/// The outlines by code, rings turned as RFC 7946 asks, positions in the datum that the pack's file has. Empty where the pack has none.
///
/// # Errors
/// The journal or the blobs cannot be read; the file is no GeoJSON.
pub fn outlines(city: &City<'_>) -> Result<BTreeMap<String, Value>, AppError> {
    let (founded, _, _) = founded(city.journal)?;
    let Some(blob) = founded.boundaries else { return Ok(Default::default()) };
    geojson::outlines(&city.blobs.get(&blob)?)
}
