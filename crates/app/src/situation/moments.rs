//! When the city learnt what: the moments that a picture can be looked at from.

use crate::city::AppError;
use crate::journal::{Read, Space};
use crate::projection::keys;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What became known at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Rows.
    pub rows: u64,
    /// Their tables.
    pub tables: BTreeSet<&'static str>,
}

/// What became known when, by moment.
pub type Moments = BTreeMap<Timestamp, Known>;

/// Tables that the picture is made of and that grow with the days.
const OF_THE_DAYS: [&str; 3] = ["infections", "statements", "facility_status"];

/// The moments in `from..=until` at which figures became known.
///
/// # Errors
/// The journal cannot be read.
pub fn moments(on: &dyn Read, from: Timestamp, until: Timestamp) -> Result<Moments, AppError> {
    let mut all = Moments::new();
    for table in OF_THE_DAYS {
        let (first, last) = keys::fact_range(table, None, Date::MAX);
        // The moment stands in the key: no row is read.
        on.scan(Space::Fact, &first, &last, &mut |(key, _)| {
            if let Some(at) = keys::fact_known(key).filter(|at| (from..=until).contains(at)) {
                let known = all.entry(at).or_default();
                known.rows += 1;
                known.tables.insert(table);
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(all)
}
