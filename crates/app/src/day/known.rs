//! Everything that engines ask of a city, as it was known at a moment.

use crate::city::AppError;
use crate::facts::{self, KnownRow};
use crate::journal::Read;
use crate::places::{self, Source};
use crate::settings::{Calendar, CitySettings};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::facility::FacilityService;
use levee_model::gazetteer::Gazetteer;
use levee_model::parameter::Parameters;
use levee_model::report::{ObservedEvent, VehicleFleet};
use levee_picture::Facts;

/// A city as it was known at a moment.
#[derive(Debug)]
pub struct KnownCity {
    /// Its settings.
    pub settings: CitySettings,
    /// Joins its calendar and moments.
    pub calendar: Calendar,
    /// Its places.
    pub places: Gazetteer,
    /// Its parameters.
    pub parameters: Parameters,
    /// What offices had said.
    pub facts: Facts,
    /// Services beside the bed, the latest statement of each facility, level and service.
    pub services: Vec<FacilityService>,
    /// Vehicles, the latest statement of each base and kind.
    pub fleets: Vec<VehicleFleet>,
    /// What happened or was decided outside Levee.
    pub events: Vec<ObservedEvent>,
    /// Documents that figures come from.
    pub sources: Vec<Source>,
}

/// Days before the outbreak whose figures are still read: a forecast learns its errors from them, if there are any.
const DAYS_BEFORE: i64 = 120;

/// Loads what was known at `moment` about days up to `to`.
pub fn load(
    on: &dyn Read,
    settings: &CitySettings,
    calendar: &Calendar,
    to: Date,
    moment: Timestamp,
) -> Result<KnownCity, AppError> {
    let from = settings.outbreak_started.checked_sub(jiff::Span::new().days(DAYS_BEFORE)).ok();
    let rows = |table: &str, from: Option<Date>| facts::known(on, table, from, to, moment);
    fn all<T>(rows: &[KnownRow], one: fn(&KnownRow) -> Result<T, AppError>) -> Result<Vec<T>, AppError> {
        rows.iter().map(one).collect()
    }
    let fleets = latest_fleets(all(&rows("vehicles", from)?, facts::fleet)?);
    let services = latest_services(all(&rows("facility_services", from)?, facts::facility_service)?);
    let infections = rows("infections", from)?;
    let statements = rows("statements", from)?;
    let statuses = rows("facility_status", from)?;
    let volumes = [("infections", &infections), ("statements", &statements), ("facility_status", &statuses)]
        .into_iter()
        .flat_map(|(table, rows)| facts::volumes(table, rows))
        .collect();
    Ok(KnownCity {
        settings: settings.clone(),
        calendar: calendar.clone(),
        places: places::gazetteer(on)?,
        parameters: places::parameters(on)?,
        facts: Facts {
            infections: all(&infections, facts::infection)?,
            statements: all(&statements, facts::statement)?,
            // A register has no day: it is read whole.
            facilities: all(&rows("facilities", None)?, facts::facility)?,
            statuses: all(&statuses, facts::facility_status)?,
            offices: places::offices(on)?,
            volumes,
        },
        services,
        fleets,
        events: all(&rows("events", from)?, facts::observed_event)?,
        sources: places::sources(on)?,
    })
}

fn latest_services(services: Vec<FacilityService>) -> Vec<FacilityService> {
    let mut latest = std::collections::BTreeMap::new();
    for service in services {
        let key = (service.facility.clone(), service.level, service.care);
        if latest.get(&key).is_none_or(|old: &FacilityService| old.at <= service.at) {
            latest.insert(key, service);
        }
    }
    latest.into_values().collect()
}

fn latest_fleets(fleets: Vec<VehicleFleet>) -> Vec<VehicleFleet> {
    let mut latest = std::collections::BTreeMap::new();
    for fleet in fleets {
        let key = (fleet.base.clone(), fleet.kind);
        let newer = latest.get(&key).is_none_or(|old: &VehicleFleet| old.at <= fleet.at);
        if newer {
            latest.insert(key, fleet);
        }
    }
    latest.into_values().collect()
}
