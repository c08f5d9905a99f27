//! How much there is of what an order needs.
//!
//! Of a `facility:level` the city's own reports say it: min(physical, staffed, equipped) less what is occupied (law 8),
//! of the latest report known at the moment, and only while the facility's safety acceptance is valid. What somebody
//! states by hand can lower it and never raise it. What nobody has reported stays unknown (law 11): only then does what
//! was stated by hand stand alone.

use super::Desk;
use crate::city::AppError;
use crate::facts::{facility, facility_status, known};
use crate::journal::Read;
use jiff::Timestamp;
use levee_ledger::order::{Order, ResourceId};
use levee_model::facility::{FacilityStatus, Level};
use std::collections::BTreeMap;

/// What the city's reports say of a place with a level of care.
enum Reported {
    /// So much is free, by a report of then.
    Free(u64, Timestamp),
    /// It may not be planned in.
    NotAccepted,
    /// Nobody has said enough.
    Unknown,
}

/// What somebody who holds capacity has to know of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// More was stated by hand than its own report has free: what lies beyond does not count.
    Lowered {
        /// Of which.
        resource: ResourceId,
        /// Units that are free.
        free: u64,
    },
    /// So much is free by its own report.
    Free {
        /// Of which.
        resource: ResourceId,
        /// Units that are free.
        free: u64,
        /// When that was so.
        since: Timestamp,
    },
    /// Without a valid safety acceptance nobody is planned in.
    NotAccepted {
        /// Of which.
        resource: ResourceId,
    },
}

/// How much there is, resource by resource.
pub type Capacities = Vec<(ResourceId, u64)>;

/// The capacities that can be stated for the holds of an order, seen at `at`, and what to tell of them.
///
/// # Errors
/// The journal cannot be read.
pub fn stated(
    on: &dyn Read,
    desk: &Desk,
    order: &Order,
    given: &BTreeMap<ResourceId, u64>,
    at: Timestamp,
) -> Result<(Capacities, Vec<Told>), AppError> {
    let (mut all, mut told) = (given.clone(), Vec::new());
    for hold in &order.holds {
        let Some((facility, level)) = facility_level(&hold.resource) else { continue };
        let resource = &hold.resource;
        match reported(on, desk, facility, level, at, hold.from.max(at))? {
            Reported::Free(free, since) => {
                let stated = all.entry(resource.clone()).or_insert(free);
                if *stated > free {
                    told.push(Told::Lowered { resource: resource.clone(), free });
                    *stated = free;
                }
                told.push(Told::Free { resource: resource.clone(), free, since });
            }
            Reported::NotAccepted => {
                // Law 8: without a valid acceptance nobody is planned in. What saves lives goes in all the same.
                all.remove(resource);
                told.push(Told::NotAccepted { resource: resource.clone() });
            }
            Reported::Unknown => {}
        }
    }
    Ok((all.into_iter().collect(), told))
}

fn facility_level(resource: &ResourceId) -> Option<(&str, Level)> {
    let (facility, level) = resource.as_str().split_once(':')?;
    Some((facility, serde_json::from_value(level.into()).ok()?))
}

/// As known at `at`, for a stay that begins at `from`.
fn reported(
    on: &dyn Read,
    desk: &Desk,
    id: &str,
    level: Level,
    at: Timestamp,
    from: Timestamp,
) -> Result<Reported, AppError> {
    let now = desk.calendar.civil(at);
    let mut registered = None;
    for row in known(on, "facilities", None, now.date(), at)? {
        let one = facility(&row)?;
        if one.id.as_str() == id {
            registered = Some(one);
        }
    }
    let Some(registered) = registered else { return Ok(Reported::Unknown) };
    let begins = desk.calendar.civil(from).date();
    if registered.acceptance_until.is_none_or(|until| until < begins) {
        return Ok(Reported::NotAccepted);
    }
    let mut latest = None;
    for row in known(on, "facility_status", None, now.date(), at)? {
        let status = facility_status(&row)?;
        let newer = latest.as_ref().is_none_or(|known: &FacilityStatus| known.at <= status.at);
        if status.facility.as_str() == id && status.level == level && status.at <= now && newer {
            latest = Some(status);
        }
    }
    let free = latest.and_then(|status| {
        let (usable, _) = status.usable()?;
        Some((usable.saturating_sub(status.occupied?), desk.calendar.moment(status.at)?))
    });
    Ok(free.map_or(Reported::Unknown, |(free, since)| Reported::Free(free, since)))
}
