//! How many of a district's people are infected and not found yet, from the outlook's joint draws.
//!
//! Rounds reach everybody once in so many days, so whoever the outlook expects to be found in the days of one round stands in that round's
//! queues. Some of them will be found as contacts instead: the share errs on the high side, and pools on the small one.

use super::days_ahead;
use super::table::Table;
use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::plan::CareClass;
use levee_model::plan::testing::Prevalence;
use levee_model::provenance::Origin;
use levee_outlook::demand::{Demand, Kind};
use std::collections::BTreeMap;

/// Lower end, centre and upper end: the outlook's 90 % interval.
const LEVELS: [f64; 3] = [0.05, 0.5, 0.95];

/// By district, and the centre of the whole city.
pub(super) struct Shares {
    districts: BTreeMap<PlaceCode, Prevalence>,
    city: Option<f64>,
}

impl Shares {
    pub(super) fn into_rows(self) -> Vec<Prevalence> {
        self.districts.into_values().collect()
    }

    /// Which round goes first: where more are infected than in the city as a whole, or where nobody knows.
    pub(super) fn priority(&self, district: &PlaceCode) -> u8 {
        let known = self.districts.get(district).zip(self.city);
        if known.is_some_and(|(one, city)| one.mid < city) { 2 } else { 1 }
    }
}

pub(super) fn of(known: &KnownCity, demand: Option<&Demand>, start: Date, table: &mut Table<'_>) -> Shares {
    let every = table.at_least("testing.round_every_days", 1.0);
    let mut shares = Shares { districts: BTreeMap::new(), city: None };
    let (Some(demand), Some(every)) = (demand, every) else { return shares };
    let Some(ahead) = days_ahead(demand, start) else { return shares };
    let days: usize = super::small(every.value, 28);
    let share = |place: &PlaceCode| {
        let residents = known.places.area(place)?.population.filter(|n| n.get() > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "residents lie far below 2^52")]
        let residents = residents.get() as f64;
        let mut found = found(demand, place, ahead..(ahead + days).min(demand.days()))?;
        found.sort_unstable_by(f64::total_cmp);
        Some(LEVELS.map(|level| rounded(quantile(&found, level) / residents)))
    };
    let rests_on = CareClass::ALL.into_iter().map(|class| demand.origin(Kind::Found(class)));
    let origin = rests_on.fold(every.origin.and(Origin::Derived), Origin::and);
    for area in known.places.districts() {
        if let Some([low, mid, high]) = share(&area.code) {
            let district = area.code.clone();
            shares.districts.insert(district.clone(), Prevalence { district, low, mid, high, origin });
        }
    }
    shares.city = share(known.places.city()).map(|[_, mid, _]| mid);
    shares
}

/// People found on these days, path by path.
fn found(demand: &Demand, place: &PlaceCode, days: std::ops::Range<usize>) -> Option<Vec<f64>> {
    let mut sums: Vec<f64> = Vec::new();
    for day in days {
        for class in CareClass::ALL {
            let more = demand.draws(place, Kind::Found(class), day)?.ok()?;
            sums.resize(more.len(), 0.0);
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }
    (!sums.is_empty() && sums.iter().all(|n| n.is_finite())).then_some(sums)
}

/// Of a sorted sample, by the next draw: never between two, so that ends enclose the centre.
fn quantile(sorted: &[f64], level: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand paths")]
    let at: usize = super::small(level * sorted.len() as f64, usize::MAX);
    sorted.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

/// A share with as many digits as mean something.
fn rounded(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * 1e7).round() / 1e7
}
