//! How completely young days are known, from every version of every count that the journal keeps.

use crate::city::AppError;
use crate::facts::{self, KnownRow};
use crate::journal::Read;
use crate::settings::Calendar;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use levee_outlook::{Completeness, Version};
use std::collections::BTreeMap;

/// Days back whose versions are read. Older ones weigh next to nothing (`levee_outlook::Completeness`).
const DAYS: i64 = 120;

/// What was learnt by `moment` from the counts of days up to `to`.
pub(super) fn completeness(
    on: &dyn Read,
    calendar: &Calendar,
    to: Date,
    moment: Timestamp,
) -> Result<Completeness, AppError> {
    // 24:00 still belongs to the day that it ends.
    let day_of = |moment: Timestamp| {
        calendar.civil(moment.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(moment)).date()
    };
    let from = to.checked_sub(jiff::Span::new().days(DAYS)).ok();
    let mut series: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut versions = Vec::new();
    facts::each_version(on, "infections", from, to, moment, &mut |known: KnownRow| {
        let report = facts::infection(&known)?;
        let (Some(day), Some((count, _))) = (report.period.full_day(), report.new_infections()) else { return Ok(()) };
        let next = u32::try_from(series.len()).unwrap_or(u32::MAX);
        let office = (report.place.to_string(), report.provenance.office.to_string());
        let series = *series.entry(office).or_insert(next);
        versions.push(Version { series, day, known_on: day_of(known.known_at), count });
        Ok(())
    })?;
    Ok(Completeness::learn(&versions, day_of(moment)))
}
