//! Demand as it is stored with its outlook: enough to be shown beside what came.

use levee_model::plan::CareClass;
use levee_outlook::demand::{Demand, Kind, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Quantiles that are kept: the median and the 80 % interval.
const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];
/// Days that are kept: two weeks, twice what a plan looks ahead.
const DAYS: usize = 14;

/// Stored demand of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchivedDemand {
    /// The quantile levels of every row.
    pub levels: Vec<f64>,
    /// By kind and place: a row for each day from the outlook's first, a column for each level.
    pub kinds: BTreeMap<String, BTreeMap<String, Vec<Vec<f64>>>>,
    /// Kinds that could not be said for the city, with the reason.
    pub unknown: BTreeMap<String, String>,
}

/// The name of a kind in stored documents.
pub fn kind_name(kind: Kind) -> String {
    let class = |class: CareClass| match class {
        CareClass::Mild => "makeshift",
        CareClass::Moderate => "general",
        CareClass::Severe => "severe",
        CareClass::Critical => "critical",
    };
    match kind {
        Kind::Found(of) => format!("found.{}", class(of)),
        Kind::Transfers => "transfers".to_owned(),
        Kind::ContactTransfers => "contact_transfers".to_owned(),
        Kind::Beds(of) => format!("beds.{}", class(of)),
        Kind::Rooms => "isolation_rooms".to_owned(),
        Kind::Swabs => "swabs".to_owned(),
        Kind::Tubes => "tubes".to_owned(),
        Kind::Oxygen => "oxygen_litres_per_minute".to_owned(),
        Kind::OnDuty(role) => match role {
            Role::Doctor => "on_duty.doctors",
            Role::Nurse => "on_duty.nurses",
            Role::Steward => "on_duty.stewards",
            Role::Sampler => "on_duty.samplers",
            Role::Tracer => "on_duty.tracers",
        }
        .to_owned(),
    }
}

/// Kinds that are kept by district; of the others, which follow from these by the ratios of the table, the city's.
fn by_district(kind: Kind) -> bool {
    matches!(kind, Kind::Transfers | Kind::Beds(_) | Kind::Rooms)
}

impl ArchivedDemand {
    /// Of a day's demand.
    pub fn of(demand: &Demand, city: &levee_model::area::PlaceCode) -> Self {
        let mut this = Self { levels: LEVELS.to_vec(), kinds: BTreeMap::new(), unknown: BTreeMap::new() };
        for kind in Kind::all() {
            let mut places = BTreeMap::new();
            for place in demand.places().filter(|place| *place == city || by_district(kind)) {
                let rows: Result<Vec<Vec<f64>>, _> = (0..DAYS.min(demand.days()))
                    .filter_map(|ahead| demand.quantiles(place, kind, ahead, &LEVELS))
                    // Whole units: no table of ratios is finer than that.
                    .map(|row| row.map(|row| row.into_iter().map(f64::round).collect()))
                    .collect();
                match rows {
                    Ok(rows) => {
                        places.insert(place.to_string(), rows);
                    }
                    Err(why) if place == city => {
                        this.unknown.insert(kind_name(kind), why.to_string());
                    }
                    Err(_) => {}
                }
            }
            if !places.is_empty() {
                this.kinds.insert(kind_name(kind), places);
            }
        }
        this
    }
}
