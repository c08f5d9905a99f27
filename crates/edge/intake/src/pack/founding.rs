//! What a city keeps of its pack: the settings as written and the rows of the reference tables.

use super::{Pack, PackProblem, Reading, settings};
use crate::message::code;
use levee_model::table::{Row, TABLES, Use};

/// A pack as a city takes it over, unchanged.
#[derive(Clone, Debug, PartialEq)]
pub struct PackSource {
    /// `city.toml` as it stands.
    pub city_toml: String,
    /// Rows of each reference table that the pack has, in the order of [`TABLES`].
    pub reference: Vec<Vec<Row>>,
}

/// Reads what a city keeps of a pack that [`super::read_pack`] found sound.
pub fn founding_rows(pack: &Pack) -> Result<PackSource, Vec<PackProblem>> {
    let city_toml = std::fs::read_to_string(pack.dir.join(settings::FILE))
        .map_err(|e| vec![PackProblem::new(settings::FILE, code::BAD_SETTINGS, [e.to_string()])])?;
    let mut problems = Vec::new();
    let mut reference = Vec::new();
    let mut layout = Reading::layout();
    layout.places = crate::places::PlaceIndex::new(&pack.gazetteer);
    for spec in TABLES.iter().filter(|spec| spec.used == Use::Reference) {
        let file = format!("{}.csv", spec.name);
        if pack.dir.join(&file).exists() {
            layout.spec = spec;
            let reading = Reading::of(&pack.dir, &file, &layout, &mut problems);
            reference.push(reading.rows.into_iter().map(|(_, row)| row).collect());
        }
    }
    if problems.is_empty() { Ok(PackSource { city_toml, reference }) } else { Err(problems) }
}
