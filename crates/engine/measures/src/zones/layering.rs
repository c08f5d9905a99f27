//! Orders of lower bodies that repeat a higher order with more days or a wider scope: "layering on".

use super::lies_in;
use crate::audit::Seen;
use levee_model::gazetteer::Gazetteer;
use levee_rulebook::{Orders, Value};

/// In what a lower order goes further.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Excess {
    /// It lasts longer, days.
    Days {
        /// By the higher order.
        higher: f64,
        /// By the lower one.
        lower: f64,
    },
    /// It closes a larger level, as ranks of `orders.scope`.
    Scope {
        /// By the higher order.
        higher: usize,
        /// By the lower one.
        lower: usize,
    },
}

/// A lower order that goes further than the higher one that it repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct Layered {
    /// The higher order.
    pub higher: String,
    /// The lower one.
    pub lower: String,
    /// In what it goes further; never empty.
    pub excess: Vec<Excess>,
}

/// Finds them: same type of measure, in force on a common day, at a place within the higher order's, ordered by a body that ranks
/// below. An order that does not say who gave it is never accused. By the lower order's id, then the higher's.
pub fn layering(seen: &[Seen], orders: &Orders, places: &Gazetteer) -> Vec<Layered> {
    let mut found = Vec::new();
    for lower in seen {
        for higher in seen.iter().filter(|higher| higher.id != lower.id) {
            let (Some(above), Some(below)) = (rank(higher, orders), rank(lower, orders)) else { continue };
            let same = text(higher, "measure.type").is_some_and(|kind| text(lower, "measure.type") == Some(kind));
            let within = |inner| {
                let held = |outer| lies_in(places, inner, outer) || is_member(places, inner, outer);
                higher.places.iter().any(held)
            };
            let common = higher.runs(lower.since.max(higher.since)) && lower.runs(lower.since.max(higher.since));
            if above <= below || !same || !common || lower.places.is_empty() || !lower.places.iter().all(within) {
                continue;
            }
            let excess = excess(higher, lower, orders);
            if !excess.is_empty() {
                found.push(Layered { higher: higher.id.clone(), lower: lower.id.clone(), excess });
            }
        }
    }
    found.sort_by(|a, b| (&a.lower, &a.higher).cmp(&(&b.lower, &b.higher)));
    found
}

fn excess(higher: &Seen, lower: &Seen, orders: &Orders) -> Vec<Excess> {
    let number = |seen| match value(seen, "measure.days") {
        Some(Value::Number(days)) => Some(*days),
        _ => None,
    };
    let scope = |seen| orders.scope_rank(text(seen, "measure.scope")?);
    let days = number(higher).zip(number(lower)).filter(|(above, below)| below > above);
    let wider = scope(higher).zip(scope(lower)).filter(|(above, below)| below > above);
    days.map(|(higher, lower)| Excess::Days { higher, lower })
        .into_iter()
        .chain(wider.map(|(higher, lower)| Excess::Scope { higher, lower }))
        .collect()
}

fn is_member(places: &Gazetteer, inner: &levee_model::area::PlaceCode, outer: &levee_model::area::PlaceCode) -> bool {
    match places.unit(outer).map(|unit| &unit.relation) {
        Some(levee_model::area::Relation::Group { members }) => members.iter().any(|one| lies_in(places, inner, one)),
        _ => false,
    }
}

fn rank(seen: &Seen, orders: &Orders) -> Option<usize> {
    orders.authority_rank(text(seen, "measure.ordered_by")?)
}

fn text<'s>(seen: &'s Seen, path: &str) -> Option<&'s str> {
    match value(seen, path) {
        Some(Value::Text(word)) => Some(word),
        _ => None,
    }
}

fn value<'s>(seen: &'s Seen, path: &str) -> Option<&'s Value> {
    seen.facts.iter().find(|fact| fact.path.as_str() == path).map(|fact| &fact.value)
}
