//! Needs, added up by district, class, care need and day.

use super::{Group, index};
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::plan::{CareNeed, Gap, Need, PEOPLE_AT_MOST};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// People of one group who newly need a bed on one day.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    pub(crate) known: u64,
    pub(crate) forecast: u64,
    /// Lowest and highest quantile among the forecasts.
    pub(crate) quantiles: Option<(f64, f64)>,
    pub(crate) origin: Origin,
}

impl Demand {
    const NONE: Self = Self { known: 0, forecast: 0, quantiles: None, origin: Origin::Reported };
    pub(crate) fn people(&self) -> u64 {
        self.known.saturating_add(self.forecast)
    }
}

/// A forecast in whole people: the next whole number, so that the stated quantile is still kept.
fn whole(people: f64) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "the bound is far below 2^53")]
    let bound = PEOPLE_AT_MOST as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie in 0..=bound")]
    (people <= bound).then(|| people.ceil() as u64)
}

/// Who needs beds: districts and groups in the order of their codes, and their people by day.
#[derive(Debug)]
pub(crate) struct Demands {
    pub(crate) districts: Vec<PlaceCode>,
    pub(crate) groups: Vec<Group>,
    /// `[group][day]`.
    pub(crate) by_day: Vec<Vec<Demand>>,
}

pub(crate) fn read(needs: &[Need], dates: &[Date], gaps: &mut BTreeSet<Gap>) -> Demands {
    let mut all: BTreeMap<(&PlaceCode, usize, Option<CareNeed>), Vec<Demand>> = BTreeMap::new();
    for need in needs {
        let (district, day, class, care) = (&need.district, need.day, need.class, need.care);
        // Unknown is not zero: what a failed outlook said is not counted, and that it failed is.
        let forecast = need.forecast.filter(|_| !need.forecast_failed);
        if need.forecast_failed {
            gaps.insert(Gap::ForecastFailed { district: district.clone(), day, class, care });
        }
        let expected = forecast.map_or(Some(0), |f| whole(f.people.get()));
        let Some(expected) = expected.filter(|f| need.known.get().saturating_add(*f) <= PEOPLE_AT_MOST) else {
            gaps.insert(Gap::NeedNotCredible { district: district.clone(), day, class });
            continue;
        };
        let people = need.known.get() + expected;
        if people == 0 {
            continue;
        }
        let Some(t) = dates.iter().position(|&d| d == day) else {
            let people = levee_model::quantity::Persons::new(people);
            gaps.insert(Gap::NeedOutsidePlan { district: district.clone(), day, class, people });
            continue;
        };
        let rows = all.entry((district, index(class), care)).or_insert_with(|| vec![Demand::NONE; dates.len()]);
        let demand = &mut rows[t];
        demand.known = demand.known.saturating_add(need.known.get());
        demand.forecast = demand.forecast.saturating_add(expected);
        demand.origin = demand.origin.and(need.origin);
        if let (1.., Some(f)) = (expected, forecast) {
            let (low, high) = demand.quantiles.unwrap_or((f.quantile, f.quantile));
            demand.quantiles = Some((low.min(f.quantile), high.max(f.quantile)));
        }
    }
    let mut found = Demands { districts: Vec::new(), groups: Vec::new(), by_day: Vec::new() };
    for ((district, class, care), demand) in all {
        if found.districts.last() != Some(district) {
            found.districts.push(district.clone());
        }
        found.groups.push(Group { district: found.districts.len() - 1, class, care });
        found.by_day.push(demand);
    }
    found
}
