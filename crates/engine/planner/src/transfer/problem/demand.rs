//! Needs, added up by district, class and day.

use super::index;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::plan::{Gap, Need, PEOPLE_AT_MOST};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// People of one class in one district who newly need a bed on one day.
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

type ByDistrict = (Vec<PlaceCode>, Vec<[Vec<Demand>; 4]>);

pub(crate) fn read(needs: &[Need], dates: &[Date], gaps: &mut BTreeSet<Gap>) -> ByDistrict {
    let mut all: BTreeMap<&PlaceCode, [Vec<Demand>; 4]> = BTreeMap::new();
    for need in needs {
        let (district, day, class) = (&need.district, need.day, need.class);
        let forecast = need.forecast.map_or(Some(0), |f| whole(f.people.get()));
        let Some(forecast) = forecast.filter(|f| need.known.get().saturating_add(*f) <= PEOPLE_AT_MOST) else {
            gaps.insert(Gap::NeedNotCredible { district: district.clone(), day, class });
            continue;
        };
        let people = need.known.get() + forecast;
        if people == 0 {
            continue;
        }
        let Some(t) = dates.iter().position(|&d| d == day) else {
            let people = levee_model::quantity::Persons::new(people);
            gaps.insert(Gap::NeedOutsidePlan { district: district.clone(), day, class, people });
            continue;
        };
        let rows = all.entry(district).or_insert_with(|| std::array::from_fn(|_| vec![Demand::NONE; dates.len()]));
        let demand = &mut rows[index(class)][t];
        demand.known = demand.known.saturating_add(need.known.get());
        demand.forecast = demand.forecast.saturating_add(forecast);
        demand.origin = demand.origin.and(need.origin);
        if let (1.., Some(f)) = (forecast, need.forecast) {
            let (low, high) = demand.quantiles.unwrap_or((f.quantile, f.quantile));
            demand.quantiles = Some((low.min(f.quantile), high.max(f.quantile)));
        }
    }
    all.into_iter().map(|(district, demand)| (district.clone(), demand)).unzip()
}
