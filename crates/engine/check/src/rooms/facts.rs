//! The inputs as the checker reads them, stated anew from the definitions in `levee_model::plan::rooms`.

use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::rooms::{Opening, RoomInputs, RoomMeasure, RoomSite, Serves};
use levee_model::plan::{METRES_AT_MOST, PEOPLE_AT_MOST};
use levee_model::quantity::Rooms;
use std::collections::{BTreeMap, BTreeSet};

/// What the rows of one site come to.
pub(crate) struct SiteView<'a> {
    /// The row, if all rows agree and are credible.
    pub(crate) row: Option<&'a RoomSite>,
    /// Districts of the plan that any of its rows serves.
    pub(crate) serves: BTreeSet<usize>,
    /// Whether its group is one of those that the plan tells apart; true for one district alone.
    pub(crate) told_apart: bool,
    /// Columns about its rooms that nobody reported.
    pub(crate) rooms_missing: Vec<&'static str>,
    /// Columns about its opening that nobody reported.
    pub(crate) opening_missing: Vec<&'static str>,
    /// Whether its acceptance holds on the plan's first day.
    pub(crate) accepted: bool,
}

impl<'a> SiteView<'a> {
    /// The row, if the site may be planned with.
    pub(crate) fn usable(&self) -> Option<&'a RoomSite> {
        let known = self.rooms_missing.is_empty() && self.opening_missing.is_empty();
        self.row.filter(|_| known && self.accepted && self.told_apart && !self.serves.is_empty())
    }

    /// What it holds or needs cannot be known.
    pub(crate) fn is_unknown(&self) -> bool {
        let planned_at_all = self.told_apart && !self.serves.is_empty();
        self.row.is_none() || planned_at_all && !(self.rooms_missing.is_empty() && self.opening_missing.is_empty())
    }

    /// The day, counted from the plan's first, on which it could take people; `None` = open, or not to be planned with.
    pub(crate) fn could_open(&self) -> Option<usize> {
        match self.usable()?.opening {
            Opening::Possible { lead_days: Some(lead), .. } => Some(usize::from(lead.max(1)) - 1),
            _ => None,
        }
    }
}

pub(crate) struct Facts<'a> {
    pub(crate) inputs: &'a RoomInputs,
    pub(crate) dates: Vec<Date>,
    pub(crate) districts: Vec<&'a PlaceCode>,
    pub(crate) draws: usize,
    /// Draws that may overflow; `None` = the probability or the number of draws promises nothing.
    pub(crate) allowed: Option<usize>,
    pub(crate) sites: BTreeMap<&'a FacilityId, SiteView<'a>>,
    columns: Vec<Option<usize>>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(inputs: &'a RoomInputs) -> Self {
        let asked = usize::from(inputs.days).clamp(1, 28);
        let days = inputs.demand.as_ref().map_or(asked, |demand| demand.days().min(asked));
        let dates = inputs.start.series(jiff::Span::new().days(1)).take(days).collect();
        let mut codes: BTreeSet<&'a PlaceCode> = inputs.known.iter().map(|row| &row.district).collect();
        codes.extend(inputs.demand.iter().flat_map(|demand| demand.districts()));
        let districts: Vec<&'a PlaceCode> = codes.into_iter().collect();
        let column =
            |code: &&PlaceCode| inputs.demand.as_ref().and_then(|m| m.districts().iter().position(|d| d == *code));
        let columns = districts.iter().map(column).collect();
        let draws = inputs.demand.as_ref().map_or(0, |demand| demand.draws());
        let mut facts = Self { inputs, dates, districts, draws, allowed: None, sites: BTreeMap::new(), columns };
        facts.allowed = facts.may_overflow();
        facts.read_sites();
        facts
    }

    /// The day to come is one more draw: so many may lie above a threshold that (they + 1) / (draws + 1) is no more than the
    /// stated probability.
    fn may_overflow(&self) -> Option<usize> {
        let stated = self.inputs.policy.overflow_probability;
        #[expect(clippy::cast_precision_loss, reason = "draws are counted in thousands")]
        let keeps = |above: usize| (above + 1) as f64 <= stated.clamp(0.0, 1.0) * (self.draws + 1) as f64 + 1e-9;
        (0..self.draws).rev().find(|above| keeps(*above)).map(|above| {
            // All draws may, if the probability is one.
            if keeps(self.draws) { self.draws } else { above }
        })
    }

    fn read_sites(&mut self) {
        let mut rows: BTreeMap<&'a FacilityId, Vec<&'a RoomSite>> = BTreeMap::new();
        self.inputs.sites.iter().for_each(|row| rows.entry(&row.site).or_default().push(row));
        let mut views: BTreeMap<&'a FacilityId, SiteView<'a>> = BTreeMap::new();
        for (site, rows) in rows {
            let whole = |n: Option<Rooms>| n.is_none_or(|n| n.get() <= PEOPLE_AT_MOST);
            let first = rows[0];
            let agree = rows.iter().all(|row| *row == first);
            let credible =
                whole(first.physical) && whole(first.certified) && whole(first.staffed) && whole(first.occupied);
            let serves = rows.iter().flat_map(|row| self.served_by(row)).collect();
            let open = matches!(first.opening, Opening::Open { .. });
            let mut rooms_missing = Vec::new();
            if first.physical.is_none() {
                rooms_missing.push("physical");
            }
            if first.certified.is_none() {
                rooms_missing.push("certified");
            }
            if open && first.staffed.is_none() {
                rooms_missing.push("staffed");
            }
            if open && self.counts_additional() && first.occupied.is_none() {
                rooms_missing.push("occupied");
            }
            let mut opening_missing = Vec::new();
            if let Opening::Possible { lead_days, staff, .. } = first.opening {
                if lead_days.is_none() {
                    opening_missing.push("lead_days");
                }
                if staff.is_none() && !self.inputs.staff_free.is_empty() {
                    opening_missing.push("staff");
                }
            }
            let accepted = first.acceptance_until.is_some_and(|until| until >= self.inputs.start);
            let row = (agree && credible).then_some(first);
            let view = SiteView { row, serves, told_apart: true, rooms_missing, opening_missing, accepted };
            views.insert(site, view);
        }
        // Six groups are told apart: the city's first, the others in the order of their districts.
        let everybody: BTreeSet<usize> = (0..self.districts.len()).collect();
        let several = views.values().filter(|v| v.row.is_some() && v.serves.len() > 1).map(|v| v.serves.clone());
        let mut groups: Vec<BTreeSet<usize>> = several.collect::<BTreeSet<_>>().into_iter().collect();
        groups.sort_by_key(|group| *group != everybody);
        groups.truncate(6);
        for view in views.values_mut() {
            view.told_apart = view.row.is_none() || view.serves.len() < 2 || groups.contains(&view.serves);
        }
        self.sites = views;
    }

    fn served_by(&self, row: &RoomSite) -> BTreeSet<usize> {
        let serves = |code: &PlaceCode| match &row.serves {
            Serves::Own => *code == row.district,
            Serves::Districts(codes) => codes.contains(code),
            Serves::City => true,
        };
        (0..self.districts.len()).filter(|d| serves(self.districts[*d])).collect()
    }

    fn counts_additional(&self) -> bool {
        self.inputs.demand.as_ref().is_some_and(|demand| demand.measure() == RoomMeasure::Additional)
    }

    /// Rooms that known people of a district need on a day.
    pub(crate) fn known(&self, d: usize, t: usize) -> u64 {
        let rows =
            self.inputs.known.iter().filter(|row| row.district == *self.districts[d] && row.day == self.dates[t]);
        rows.map(|row| row.rooms.get()).filter(|rooms| *rooms <= PEOPLE_AT_MOST).fold(0, u64::saturating_add)
    }

    /// Rooms that a district needs on a day in each draw, known people never forgotten.
    pub(crate) fn needed(&self, d: usize, t: usize) -> Vec<u64> {
        let known = self.known(d, t);
        let drawn = |k: usize| self.inputs.demand.as_ref()?.rooms(k, self.columns[d]?, t);
        (0..self.draws).map(|k| drawn(k).map_or(0, u64::from).max(known)).collect()
    }

    /// Whether the draws speak of a district.
    pub(crate) fn has_draws(&self, d: usize) -> bool {
        self.columns[d].is_some()
    }

    /// Rooms that exist and are certified.
    pub(crate) fn whole(row: &RoomSite) -> u64 {
        row.physical.map_or(0, Rooms::get).min(row.certified.map_or(0, Rooms::get))
    }

    /// Rooms that a site offers on a day: if it is open, or opens by then.
    pub(crate) fn offered(&self, view: &SiteView<'_>, opens: Option<Date>, t: usize) -> u64 {
        let Some(row) = view.usable() else { return 0 };
        let date = self.dates[t];
        let holds =
            row.acceptance_until.is_some_and(|until| until >= date) && row.closes_on.is_none_or(|end| end > date);
        let (from, usable, in_use) = match row.opening {
            Opening::Open { from } => {
                let left: u64 = row.leaving.iter().take(t + 1).fold(0, |sum, n| sum.saturating_add(n.get()));
                let occupied = if self.counts_additional() { row.occupied.map_or(0, Rooms::get) } else { 0 };
                let staffed = row.staffed.map_or(0, Rooms::get);
                (from.unwrap_or(Date::MIN), Self::whole(row).min(staffed), occupied.saturating_sub(left))
            }
            Opening::Possible { .. } => (opens.unwrap_or(Date::MAX), Self::whole(row), 0),
        };
        if holds && from <= date { usable.saturating_sub(in_use) } else { 0 }
    }

    /// People free to run openings on a day; `None` = nobody says.
    pub(crate) fn staff_free(&self, t: usize) -> Option<u64> {
        let free = &self.inputs.staff_free;
        free.get(t).or(free.last()).copied()
    }

    /// The longest way stated from a district to a site, if it is one.
    pub(crate) fn lane(&self, d: usize, site: &FacilityId) -> Option<u64> {
        let lanes = self.inputs.lanes.iter().filter(|lane| lane.site == *site && lane.from == *self.districts[d]);
        lanes.map(|lane| lane.metres).filter(|metres| *metres <= METRES_AT_MOST).max()
    }

    /// Mean way of a site's people, each district weighed by the sum over the draws of its highest day.
    pub(crate) fn mean_way(&self, site: &FacilityId, view: &SiteView<'_>) -> Option<u64> {
        let ways: Vec<(usize, u64)> = view.serves.iter().filter_map(|d| Some((*d, self.lane(*d, site)?))).collect();
        let weight = |d: usize| {
            let mut highest = vec![0u64; self.draws];
            for t in 0..self.dates.len() {
                highest.iter_mut().zip(self.needed(d, t)).for_each(|(most, n)| *most = n.max(*most));
            }
            highest.into_iter().map(u128::from).sum::<u128>()
        };
        let weighed: Vec<(u128, u128)> = ways.iter().map(|(d, metres)| (weight(*d), u128::from(*metres))).collect();
        let plain = weighed.iter().all(|(weight, _)| *weight == 0);
        let of = |weight: u128| if plain { 1 } else { weight };
        let sum: u128 = weighed.iter().map(|(weight, metres)| of(*weight) * metres).sum();
        let all: u128 = weighed.iter().map(|(weight, _)| of(*weight)).sum();
        u64::try_from(sum.checked_div(all)?).ok()
    }
}
