//! How much there is of what an order needs.
//!
//! Of a `facility:level` the city's own reports say it: min(physical, staffed, equipped) less what is occupied (law 8),
//! of the latest report known at the moment, and only while the facility's safety acceptance is valid. What somebody
//! states by hand can lower it and never raise it. What nobody has reported stays unknown (law 11): only then does what
//! was stated by hand stand alone.

use super::counter::Counter;
use crate::cli::ledger::Amount;
use crate::failure::Failure;
use crate::say;
use jiff::Timestamp;
use levee_app::facts::{facility, facility_status, known};
use levee_ledger::order::{Order, ResourceId};
use levee_model::facility::Level;
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

/// The capacities that can be stated for the holds of an order.
pub(super) fn stated(
    counter: &Counter,
    order: &Order,
    given: &[Amount<ResourceId>],
    at: Timestamp,
) -> Result<Vec<(ResourceId, u64)>, Failure> {
    let mut all: BTreeMap<ResourceId, u64> = given.iter().map(|one| (one.of.clone(), one.units)).collect();
    for hold in &order.holds {
        let Some((facility, level)) = facility_level(&hold.resource) else { continue };
        let resource = &hold.resource;
        match reported(counter, facility, level, at, hold.from.max(at))? {
            Reported::Free(free, since) => {
                let stated = all.entry(resource.clone()).or_insert(free);
                if *stated > free {
                    say::note(&format!(
                        "{resource}: {}",
                        counter
                            .say(
                                "报告余量为 N，手填数不作数",
                                "N are free by its own report; what was stated beyond it does not count"
                            )
                            .replace('N', &say::count(free))
                    ));
                    *stated = free;
                }
                say::note(&format!(
                    "{resource}: {} {} ({})",
                    counter.say("可用", "free"),
                    say::count(free),
                    counter.time(since)
                ));
            }
            Reported::NotAccepted => {
                // Law 8: without a valid acceptance nobody is planned in. What saves lives goes in all the same.
                all.remove(resource);
                say::note(&format!(
                    "{resource}: {}",
                    counter.say("安全验收不在有效期内", "no valid safety acceptance")
                ));
            }
            Reported::Unknown => {}
        }
    }
    Ok(all.into_iter().collect())
}

fn facility_level(resource: &ResourceId) -> Option<(&str, Level)> {
    let (facility, level) = resource.as_str().split_once(':')?;
    Some((facility, serde_json::from_value(level.into()).ok()?))
}

/// As known at `at`, for a stay that begins at `from`.
fn reported(counter: &Counter, id: &str, level: Level, at: Timestamp, from: Timestamp) -> Result<Reported, Failure> {
    let journal = &counter.opened.journal;
    let now = counter.desk.calendar.civil(at);
    let mut registered = None;
    for row in known(journal, "facilities", None, now.date(), at)? {
        let one = facility(&row)?;
        if one.id.as_str() == id {
            registered = Some(one);
        }
    }
    let Some(registered) = registered else { return Ok(Reported::Unknown) };
    let begins = counter.desk.calendar.civil(from).date();
    if registered.acceptance_until.is_none_or(|until| until < begins) {
        return Ok(Reported::NotAccepted);
    }
    let mut latest = None;
    for row in known(journal, "facility_status", None, now.date(), at)? {
        let status = facility_status(&row)?;
        let newer = latest.as_ref().is_none_or(|known: &levee_model::facility::FacilityStatus| known.at <= status.at);
        if status.facility.as_str() == id && status.level == level && status.at <= now && newer {
            latest = Some(status);
        }
    }
    let free = latest.and_then(|status| {
        let (usable, _) = status.usable()?;
        Some((usable.saturating_sub(status.occupied?), counter.desk.calendar.moment(status.at)?))
    });
    Ok(free.map_or(Reported::Unknown, |(free, since)| Reported::Free(free, since)))
}
