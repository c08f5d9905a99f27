//! From the code of a place to its path in the tree of areas.

use levee_ledger::AreaPath;
use levee_model::area::{PlaceCode, Relation};
use levee_model::gazetteer::Gazetteer;

/// The path of a place, the city first. A unit that reports apart lies in its district; any other one in the city. `None`
/// for a place that the city does not know.
pub fn path_of(places: &Gazetteer, code: &PlaceCode) -> Option<AreaPath> {
    let mut codes = vec![code.clone()];
    let mut at = match (places.area(code), places.unit(code)) {
        (Some(area), _) => area.parent.clone(),
        (None, Some(unit)) => Some(match &unit.relation {
            Relation::Apart { within } => within.clone(),
            Relation::Overlap | Relation::Group { .. } => places.city().clone(),
        }),
        (None, None) => return None,
    };
    while let Some(parent) = at {
        // The gazetteer refuses trees with a loop; eight levels end it in any case.
        if codes.len() > 8 {
            return None;
        }
        at = places.area(&parent).and_then(|area| area.parent.clone());
        codes.push(parent);
    }
    codes.reverse();
    AreaPath::new(&codes).ok()
}
