//! What demand answers: whole persons and what they need, by place, path and day.

use super::assumptions::{Assumptions, Role, Unusable, index, positive};
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;
use std::collections::BTreeMap;

/// Something that will be needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// People found on a day who come to need this level of care at the most, persons a day.
    Found(CareClass),
    /// Patients to be moved: to their first bed, and on to a higher level, persons a day.
    Transfers,
    /// Contacts to be taken to a room, persons a day.
    ContactTransfers,
    /// Beds in use at the end of the day if everybody who needs one has one.
    Beds(CareClass),
    /// Isolation rooms in use at the end of the day, one for each contact.
    Rooms,
    /// Swabs a day: residents' rounds spread evenly over their days, and contacts.
    Swabs,
    /// Tubes a day for these, controls not counted.
    Tubes,
    /// Oxygen, litres a minute at the end of the day.
    Oxygen,
    /// People on duty in one shift.
    OnDuty(Role),
}

impl Kind {
    /// All of them, in the order in which a table shows them.
    pub fn all() -> impl Iterator<Item = Self> {
        let classes = || CareClass::ALL.into_iter();
        classes()
            .map(Self::Found)
            .chain([Self::Transfers, Self::ContactTransfers])
            .chain(classes().map(Self::Beds))
            .chain([Self::Rooms, Self::Swabs, Self::Tubes, Self::Oxygen])
            .chain(Role::ALL.map(Self::OnDuty))
    }
}

/// Where the people come from who are in care before the first day forecast.
#[derive(Clone, Debug, PartialEq)]
pub enum Present {
    /// Reported: beds in use by level, or all people in care, divided as lengths of stay have it.
    Reported {
        /// By level, or only in all.
        by_level: bool,
    },
    /// From the counts of the days before, by the same lengths of stay.
    FromCounts {
        /// The first day whose count went in. Nobody found before it is in the answer.
        since: Date,
        /// Days since then without a count; the mean of the nearest known days before and after stands for each.
        filled_days: u32,
    },
    /// Neither is known: beds and rooms of this place are not said.
    Unknown,
}

/// The draws of one place, path after path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) found: [Vec<u64>; 4],
    pub(crate) transfers: Vec<u64>,
    pub(crate) contacts: Vec<u64>,
    pub(crate) beds: [Vec<u64>; 4],
    pub(crate) rooms: Vec<u64>,
}

impl Drawn {
    pub(crate) fn with_capacity(size: usize) -> Self {
        let room = || Vec::with_capacity(size);
        Self {
            found: std::array::from_fn(|_| room()),
            transfers: room(),
            contacts: room(),
            beds: std::array::from_fn(|_| room()),
            rooms: room(),
        }
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Vec<u64>> {
        self.found.iter_mut().chain(&mut self.beds).chain([&mut self.transfers, &mut self.contacts, &mut self.rooms])
    }

    fn all(&self) -> impl Iterator<Item = &Vec<u64>> {
        self.found.iter().chain(&self.beds).chain([&self.transfers, &self.contacts, &self.rooms])
    }

    /// Adds another place's draws, path by path.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, more) in self.all_mut().zip(other.all()) {
            if sum.is_empty() {
                sum.clone_from(more);
            } else {
                sum.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.saturating_add(*more));
            }
        }
    }
}

/// One place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlaceDemand {
    pub(crate) drawn: Drawn,
    pub(crate) residents: Option<f64>,
    pub(crate) present: Present,
}

/// Demand of all places, as joint draws: path `k` of every place and kind belongs to path `k` of the outlook.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    pub(crate) first_day: Date,
    pub(crate) days: usize,
    pub(crate) paths: usize,
    pub(crate) places: BTreeMap<PlaceCode, PlaceDemand>,
    pub(crate) city: PlaceCode,
    pub(crate) assumptions: Assumptions,
    /// Why beds of a level cannot be said anywhere.
    pub(crate) no_beds: [Option<Unusable>; 4],
    /// Why contacts cannot.
    pub(crate) no_contacts: Option<Unusable>,
    /// Why rooms cannot although contacts can.
    pub(crate) no_rooms: Option<Unusable>,
}

impl Demand {
    /// The first day.
    pub fn first_day(&self) -> Date {
        self.first_day
    }
    /// Days.
    pub fn days(&self) -> usize {
        self.days
    }
    /// Paths.
    pub fn paths(&self) -> usize {
        self.paths
    }
    /// The places that demand is said for; the city is one of them.
    pub fn places(&self) -> impl Iterator<Item = &PlaceCode> {
        self.places.keys()
    }
    /// What it was computed with.
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }
    /// Where the people come from who were there before; `None` for a place without a forecast.
    pub fn present(&self, place: &PlaceCode) -> Option<&Present> {
        self.places.get(place).map(|p| &p.present)
    }

    /// The draws of a kind on the `ahead`-th day (0 = the first), path by path; `None` for a place or day without a
    /// forecast.
    pub fn draws(&self, place: &PlaceCode, kind: Kind, ahead: usize) -> Option<Result<Vec<f64>, Unusable>> {
        let at = self.places.get(place).filter(|_| ahead < self.days)?;
        let day =
            |values: &[u64]| -> Vec<f64> { values.iter().skip(ahead).step_by(self.days).map(|n| *n as f64).collect() };
        Some(self.of_kind(at, kind, &day))
    }

    /// Quantiles of a kind on a day by linear interpolation, one for each level; never crossing for rising levels.
    pub fn quantiles(
        &self,
        place: &PlaceCode,
        kind: Kind,
        ahead: usize,
        levels: &[f64],
    ) -> Option<Result<Vec<f64>, Unusable>> {
        Some(self.draws(place, kind, ahead)?.map(|mut sample| crate::quantile::quantiles(&mut sample, levels)))
    }

    fn of_kind(&self, at: &PlaceDemand, kind: Kind, day: &dyn Fn(&[u64]) -> Vec<f64>) -> Result<Vec<f64>, Unusable> {
        let known = || if at.present == Present::Unknown { Err(Unusable::Present) } else { Ok(()) };
        let contacts = || self.no_contacts.clone().map_or(Ok(()), Err);
        let beds = |class: usize| -> Result<Vec<f64>, Unusable> {
            self.no_beds[class].clone().map_or(Ok(()), Err)?;
            known()?;
            Ok(day(&at.drawn.beds[class]))
        };
        // So many for each bed of each level, summed over the levels.
        let weighed = |each: &[super::assumptions::Wanted; 4], per: f64| -> Result<Vec<f64>, Unusable> {
            let mut sum = Vec::new();
            for (class, each) in each.iter().enumerate() {
                let each = positive(each, 0.0)?.value / per;
                let beds = beds(class)?;
                sum.resize(beds.len(), 0.0);
                sum.iter_mut().zip(beds).for_each(|(sum, beds)| *sum += each * beds);
            }
            Ok(sum)
        };
        let a = &self.assumptions;
        match kind {
            Kind::Found(class) => Ok(day(&at.drawn.found[index(class)])),
            Kind::Transfers => Ok(day(&at.drawn.transfers)),
            Kind::ContactTransfers => contacts().map(|()| day(&at.drawn.contacts)),
            Kind::Beds(class) => beds(index(class)),
            Kind::Rooms => self.rooms(at, day),
            Kind::Swabs => self.swabs(at, day, 1.0),
            Kind::Tubes => self.swabs(at, day, positive(&a.persons_per_tube, 1.0)?.value),
            Kind::Oxygen => weighed(&a.oxygen_litres_per_minute, 1.0),
            Kind::OnDuty(role) => {
                let shifts = |which: usize| positive(&a.shifts[which], 1.0).map(|s| s.value);
                let each = |mut of: Vec<f64>, per: f64| {
                    of.iter_mut().for_each(|n| *n /= per);
                    of
                };
                match role {
                    Role::Doctor => weighed(&a.doctors_per_100, 100.0),
                    Role::Nurse => weighed(&a.nurses_per_100, 100.0),
                    Role::Steward => {
                        let per = positive(&a.stewards_per_100, 0.0)?.value / 100.0;
                        Ok(self.rooms(at, day)?.into_iter().map(|rooms| rooms * per).collect())
                    }
                    Role::Sampler => {
                        let per = positive(&a.swabs_per_sampler, 1.0)?.value * shifts(3)?;
                        Ok(each(self.swabs(at, day, 1.0)?, per))
                    }
                    Role::Tracer => {
                        contacts()?;
                        let per = positive(&a.contacts_per_tracer, 0.01)?.value * shifts(4)?;
                        Ok(each(day(&at.drawn.contacts), per))
                    }
                }
            }
        }
    }

    fn rooms(&self, at: &PlaceDemand, day: &dyn Fn(&[u64]) -> Vec<f64>) -> Result<Vec<f64>, Unusable> {
        self.no_contacts.clone().map_or(Ok(()), Err)?;
        self.no_rooms.clone().map_or(Ok(()), Err)?;
        if at.present == Present::Unknown { Err(Unusable::Present) } else { Ok(day(&at.drawn.rooms)) }
    }

    fn swabs(&self, at: &PlaceDemand, day: &dyn Fn(&[u64]) -> Vec<f64>, tube: f64) -> Result<Vec<f64>, Unusable> {
        let a = &self.assumptions;
        let share = positive(&a.round_share, 0.0)?.value;
        let every = positive(&a.round_days, 0.1)?.value;
        let each = positive(&a.contact_tests_per_day, 0.0)?.value;
        let round = at.residents.ok_or(Unusable::Residents)? * share / every / tube;
        Ok(self.rooms(at, day)?.into_iter().map(|contacts| round + contacts * each).collect())
    }

    /// The worst origin of what a kind rests on, the infections themselves not counted.
    pub fn origin(&self, kind: Kind) -> Origin {
        let a = &self.assumptions;
        let shares: Vec<_> = a.class_share.iter().chain([&a.class_concentration_persons]).collect();
        let stays: Vec<_> = a.stay_mean_days.iter().chain(&a.stay_sd_days).collect();
        let contacts = vec![&a.contacts_mean, &a.contacts_size];
        let rooms = [contacts.clone(), vec![&a.isolation_days]].concat();
        let swabs = [rooms.clone(), vec![&a.round_days, &a.round_share, &a.contact_tests_per_day]].concat();
        let beds = [shares.clone(), stays].concat();
        let rests_on = match kind {
            Kind::Found(_) | Kind::Transfers => shares,
            Kind::ContactTransfers => contacts,
            Kind::Beds(_) => beds,
            Kind::Rooms => rooms,
            Kind::Swabs => swabs,
            Kind::Tubes => [swabs, vec![&a.persons_per_tube]].concat(),
            Kind::Oxygen => [beds, a.oxygen_litres_per_minute.iter().collect()].concat(),
            Kind::OnDuty(Role::Doctor) => [beds, a.doctors_per_100.iter().collect()].concat(),
            Kind::OnDuty(Role::Nurse) => [beds, a.nurses_per_100.iter().collect()].concat(),
            Kind::OnDuty(Role::Steward) => [rooms, vec![&a.stewards_per_100]].concat(),
            Kind::OnDuty(Role::Sampler) => [swabs, vec![&a.swabs_per_sampler]].concat(),
            Kind::OnDuty(Role::Tracer) => [contacts, vec![&a.contacts_per_tracer]].concat(),
        };
        let origins = rests_on.into_iter().filter_map(|wanted| wanted.as_ref().ok().map(|found| found.origin));
        origins.fold(Origin::Derived, Origin::and)
    }

    /// Shifts a day of a role.
    pub fn shifts_per_day(&self, role: Role) -> Result<f64, Unusable> {
        let nth = Role::ALL.iter().position(|r| *r == role).unwrap_or(0);
        positive(&self.assumptions.shifts[nth], 1.0).map(|found| found.value)
    }

    /// People of a class to be placed, by day and district, so that the policy's quantile holds for the city's sum.
    ///
    /// Those found on days before `from` wait on it: no report says that anybody has placed them. The quantile is that of
    /// the city's cumulated sum over joint paths, so that the sum over days is as rare as each day's; it is shared out by what the
    /// districts expect. A quantile for each district by itself would leave out nearly all of a rare class: its median is
    /// zero in every district while the city's is not. Rows of `days` days, in order; empty without a district.
    pub fn to_place(&self, class: CareClass, from: Date, days: usize, quantile: f64) -> Vec<BTreeMap<PlaceCode, f64>> {
        let before = usize::try_from(crate::daily::days_between(self.first_day, from)).unwrap_or(0);
        let class = index(class);
        let districts: Vec<_> = self.places.iter().filter(|(code, _)| **code != self.city).collect();
        let mut cumulated = vec![0.0; self.paths];
        let mut so_far = 0.0;
        let mut rows = Vec::new();
        for nth in 0..days {
            let (first, last) = (if nth == 0 { 0 } else { before + nth }, before + nth);
            let mut means: BTreeMap<PlaceCode, f64> = BTreeMap::new();
            for (code, place) in &districts {
                let mut total = 0.0;
                for (path, sum) in place.drawn.found[class].chunks_exact(self.days.max(1)).zip(&mut cumulated) {
                    let new: u64 = path.iter().skip(first).take(last + 1 - first).sum();
                    *sum += new as f64;
                    total += new as f64;
                }
                means.insert((*code).clone(), total / self.paths.max(1) as f64);
            }
            let mut sorted = cumulated.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            let wanted = crate::quantile::of_sorted(&sorted, quantile).max(so_far);
            let mean: f64 = means.values().sum();
            if mean > 0.0 {
                means.values_mut().for_each(|m| *m *= (wanted - so_far) / mean);
                so_far = wanted;
            }
            rows.push(means);
        }
        rows
    }
}
