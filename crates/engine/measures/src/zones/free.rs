//! Communities without infections for some days. The status gives no privilege and ranks nobody (law 12).

use super::{CaseAt, above, at_level};
use jiff::civil::Date;
use levee_model::area::{Level, PlaceCode};
use levee_model::gazetteer::Gazetteer;
use std::collections::BTreeMap;

/// What is known of one community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeState {
    /// No infection in the last days, and every infection around it is known closely enough to say so.
    Free,
    /// There was one.
    NotFree,
    /// Infections of its subdistrict, district or city are known only by that: one of them may be its own.
    Unknown,
}

/// Each community of the city on `on`, looking back `days` days, that day included.
pub fn free_communities(places: &Gazetteer, cases: &[CaseAt], on: Date, days: i64) -> BTreeMap<PlaceCode, FreeState> {
    let recent = |case: &&CaseAt| {
        let ago = on.duration_since(case.day).as_hours() / 24;
        case.persons > 0 && (0..days).contains(&ago) && case.day <= on
    };
    let recent: Vec<&CaseAt> = cases.iter().filter(recent).collect();
    // A figure for a reporting unit may lie anywhere.
    let anywhere = recent.iter().any(|case| places.area(&case.place).is_none());
    places
        .areas()
        .filter(|area| area.level == Level::Community)
        .map(|area| {
            let own =
                recent.iter().any(|case| at_level(places, &case.place, Level::Community).as_ref() == Some(&area.code));
            let around =
                above(places, &area.code).skip(1).any(|(code, _)| recent.iter().any(|case| case.place == code));
            let state = match (own, around || anywhere) {
                (true, _) => FreeState::NotFree,
                (false, true) => FreeState::Unknown,
                (false, false) => FreeState::Free,
            };
            (area.code.clone(), state)
        })
        .collect()
}
