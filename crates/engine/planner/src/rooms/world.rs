//! The inputs, tidied: who needs rooms, which places hold them, which sites could open, and what is missing.

use jiff::ToSpan;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::RoomGap;
use levee_model::plan::rooms::{
    Opening, ROOM_GROUPS_AT_MOST, RoomInputs, RoomMeasure, RoomSite, Serves, draws_allowed,
};
use levee_model::plan::{METRES_AT_MOST, PEOPLE_AT_MOST};
use levee_model::provenance::Origin;
use levee_model::quantity::Rooms;
use std::collections::{BTreeMap, BTreeSet};

/// Where rooms count: for one district alone, or for a group of districts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Own(usize),
    Group(usize),
}

/// Rooms that can be used, by day: of each district's own and of each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caps {
    pub(super) own: Vec<Vec<u64>>,
    pub(super) group: Vec<Vec<u64>>,
}

impl Caps {
    pub(super) fn add(&mut self, place: Place, day: usize, rooms: u64) {
        let cell = match place {
            Place::Own(d) => &mut self.own[day][d],
            Place::Group(g) => &mut self.group[day][g],
        };
        *cell = cell.saturating_add(rooms);
    }
    pub(super) fn total(&self, day: usize) -> u64 {
        self.own[day].iter().chain(&self.group[day]).fold(0, |sum, n| sum.saturating_add(*n))
    }
}

/// A site that could open within the plan.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) row: &'a RoomSite,
    pub(super) place: Place,
    /// Rooms that exist and are certified.
    pub(super) rooms: u64,
    /// Rooms on each day if it is open then: none once its acceptance has ended or it has closed.
    pub(super) by_day: Vec<u64>,
    /// The first day on which it can take people.
    pub(super) first: usize,
    pub(super) price: u64,
    pub(super) staff: Option<u64>,
    pub(super) metres: Option<u64>,
}

impl Candidate<'_> {
    /// Room-metres; a way that nobody knows counts as the longest on Earth.
    pub(super) fn room_metres(&self) -> u64 {
        self.rooms.saturating_mul(self.metres.unwrap_or(METRES_AT_MOST))
    }
}

/// A site's rows as they can be used; for causes and remedies.
#[derive(Clone, Debug)]
pub(super) struct SiteFact<'a> {
    pub(super) row: &'a RoomSite,
    /// Districts of the plan that it serves.
    pub(super) serves: Vec<usize>,
    /// What it holds cannot be known.
    pub(super) unknown: bool,
    /// Its rows agree and are credible.
    pub(super) clear: bool,
    /// Its place, if it is planned with.
    pub(super) place: Option<Place>,
    /// The first day on which it can take people; `None` = open, or not known.
    pub(super) first: Option<usize>,
}

#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) inputs: &'a RoomInputs,
    pub(super) dates: Vec<Date>,
    pub(super) districts: Vec<PlaceCode>,
    /// Rooms needed, by day, district and draw.
    pub(super) needed: Vec<Vec<Vec<u64>>>,
    pub(super) draws: usize,
    /// Rooms that known people need, by day and district, in the shape of one draw.
    pub(super) known: Vec<Vec<Vec<u64>>>,
    /// For each district, the groups that serve it, as bits.
    pub(super) masks: Vec<usize>,
    pub(super) groups: usize,
    /// Rooms that can be used whatever is decided.
    pub(super) base: Caps,
    pub(super) candidates: Vec<Candidate<'a>>,
    pub(super) sites: Vec<SiteFact<'a>>,
    /// Draws that may overflow on a day.
    pub(super) allowed: usize,
    /// How many draws are the worst ones.
    pub(super) worst: usize,
    /// People free, by day; `None` = nobody says.
    pub(super) staff_free: Option<Vec<u64>>,
    pub(super) gaps: BTreeSet<RoomGap>,
    pub(super) origin: Origin,
}

impl<'a> World<'a> {
    pub(super) fn of(inputs: &'a RoomInputs) -> Self {
        let mut gaps = BTreeSet::new();
        let demand = inputs.demand.as_ref();
        let asked = usize::from(inputs.days.clamp(1, 28));
        let days = asked.min(demand.map_or(asked, |d| d.days()));
        if days < asked {
            gaps.insert(RoomGap::FewerDays { days: u8::try_from(days).unwrap_or(u8::MAX) });
        }
        let dates: Vec<Date> = inputs.start.series(1.day()).take(days).collect();
        let (districts, known) = people(inputs, &dates, &mut gaps);
        let draws = demand.map_or(0, |d| d.draws());
        let needed = needed(inputs, &districts, &known, days, draws);
        let allowed = draws_allowed(inputs.policy.overflow_probability, draws);
        match demand {
            None => drop(gaps.insert(RoomGap::NoOutlook)),
            Some(demand) => {
                if demand.is_flagged() {
                    gaps.insert(RoomGap::OutlookFlagged);
                }
                if allowed.is_none() || !(0.0..1.0).contains(&inputs.policy.overflow_probability) {
                    gaps.insert(RoomGap::TooFewDraws);
                }
            }
        }
        let allowed = allowed.unwrap_or(0);
        let free = &inputs.staff_free;
        let staff_free = free.last().map(|last| (0..days).map(|t| *free.get(t).unwrap_or(last)).collect::<Vec<u64>>());
        let mut world = Self {
            inputs,
            needed,
            draws,
            masks: vec![0; districts.len()],
            groups: 0,
            base: Caps { own: vec![vec![0; districts.len()]; days], group: vec![Vec::new(); days] },
            candidates: Vec::new(),
            sites: Vec::new(),
            allowed,
            worst: (allowed + 1).min(draws),
            staff_free,
            origin: origin(inputs),
            gaps,
            dates,
            districts,
            known: known.into_iter().map(|row| row.into_iter().map(|n| vec![n]).collect()).collect(),
        };
        world.read_sites();
        world
    }

    pub(super) fn days(&self) -> usize {
        self.dates.len()
    }

    fn read_sites(&mut self) {
        let mut rows: BTreeMap<&'a FacilityId, Vec<&'a RoomSite>> = BTreeMap::new();
        for row in &self.inputs.sites {
            rows.entry(&row.site).or_default().push(row);
        }
        let all: Vec<usize> = (0..self.districts.len()).collect();
        let mut sets: BTreeSet<Vec<usize>> = BTreeSet::new();
        for rows in rows.values() {
            let Some(&row) = rows.first() else { continue };
            // Of rows that differ each may be true.
            let serves: BTreeSet<usize> = rows.iter().flat_map(|row| self.served(row)).collect();
            let serves: Vec<usize> = serves.into_iter().collect();
            let clear = rows.iter().all(|other| other == &row) && credible(row);
            if !clear {
                self.gaps.insert(RoomGap::SiteContradicts { site: row.site.clone() });
            } else if serves.is_empty() {
                self.gaps.insert(RoomGap::ServesNobody { site: row.site.clone() });
            } else if serves.len() > 1 {
                sets.insert(serves.clone());
            }
            self.sites.push(SiteFact { row, serves, unknown: !clear, clear, place: None, first: None });
        }
        // The city's own group first, the others by their districts.
        let mut groups: Vec<Vec<usize>> = sets.take(&all).into_iter().collect();
        groups.extend(sets);
        groups.truncate(ROOM_GROUPS_AT_MOST);
        self.groups = groups.len();
        for (g, group) in groups.iter().enumerate() {
            group.iter().for_each(|d| self.masks[*d] |= 1 << g);
        }
        self.base.group.iter_mut().for_each(|day| day.resize(groups.len(), 0));
        let mut sites = std::mem::take(&mut self.sites);
        let mut staff_asked = false;
        for fact in sites.iter_mut().filter(|fact| !fact.unknown && !fact.serves.is_empty()) {
            let place = match fact.serves.as_slice() {
                [one] => Place::Own(*one),
                many => match groups.iter().position(|group| group == many) {
                    Some(g) => Place::Group(g),
                    None => {
                        self.gaps.insert(RoomGap::TooManyGroups { site: fact.row.site.clone() });
                        continue;
                    }
                },
            };
            staff_asked |= matches!(fact.row.opening, Opening::Possible { .. });
            self.read_site(fact, place);
        }
        if staff_asked && self.staff_free.is_none() {
            self.gaps.insert(RoomGap::StaffUnknown);
        }
        self.sites = sites;
    }

    fn read_site(&mut self, fact: &mut SiteFact<'a>, place: Place) {
        let row = fact.row;
        let missing = self.missing(row);
        let accepted =
            row.acceptance_until.is_some_and(|until| self.dates.first().is_some_and(|first| *first <= until));
        if !accepted {
            self.gaps.insert(RoomGap::NotAccepted { site: row.site.clone() });
        }
        if !missing.is_empty() {
            fact.unknown = true;
            self.gaps.insert(RoomGap::RoomsUnknown { site: row.site.clone(), missing });
        }
        let rooms = self.rooms_by_day(row);
        match row.opening {
            Opening::Open { .. } => {
                if accepted && !fact.unknown {
                    fact.place = Some(place);
                    (0..self.days()).for_each(|t| self.base.add(place, t, rooms[t]));
                }
            }
            Opening::Possible { lead_days, staff, price } => {
                let mut missing = Vec::new();
                if lead_days.is_none() {
                    missing.push("lead_days".to_owned());
                }
                if staff.is_none() && self.staff_free.is_some() {
                    missing.push("staff".to_owned());
                }
                if !missing.is_empty() {
                    fact.unknown = true;
                    self.gaps.insert(RoomGap::OpeningUnknown { site: row.site.clone(), missing });
                }
                let Some(lead) = lead_days.filter(|_| accepted && !fact.unknown) else { return };
                fact.place = Some(place);
                let first = usize::from(lead.saturating_sub(1));
                fact.first = Some(first);
                if first < self.days() {
                    let metres = self.metres(row, &fact.serves);
                    let rooms_whole = whole(row);
                    let by_day = rooms;
                    let candidate = Candidate { row, place, rooms: rooms_whole, by_day, first, price, staff, metres };
                    self.candidates.push(candidate);
                }
            }
        }
    }

    /// Districts of the plan whose people the site takes.
    fn served(&self, row: &RoomSite) -> Vec<usize> {
        let at = |code: &PlaceCode| self.districts.binary_search(code).ok();
        match &row.serves {
            Serves::Own => at(&row.district).into_iter().collect(),
            Serves::Districts(codes) => codes.iter().filter_map(at).collect::<BTreeSet<_>>().into_iter().collect(),
            Serves::City => (0..self.districts.len()).collect(),
        }
    }

    fn measure(&self) -> RoomMeasure {
        self.inputs.demand.as_ref().map_or(RoomMeasure::InUse, |d| d.measure())
    }

    /// Columns that are not reported and without which nobody can be planned in.
    fn missing(&self, row: &RoomSite) -> Vec<String> {
        let open = matches!(row.opening, Opening::Open { .. });
        let columns = [
            ("physical", row.physical.is_none()),
            ("certified", row.certified.is_none()),
            ("staffed", open && row.staffed.is_none()),
            ("occupied", open && row.occupied.is_none() && self.measure() == RoomMeasure::Additional),
        ];
        columns.into_iter().filter(|(_, lacks)| *lacks).map(|(name, _)| name.to_owned()).collect()
    }

    /// Rooms that an open site offers on a day.
    pub(super) fn open_rooms(&self, row: &RoomSite, day: usize) -> u64 {
        self.rooms_by_day(row).get(day).copied().unwrap_or(0)
    }

    /// Rooms that the site offers on each day on which it takes people; if it must open first, as if it were open.
    fn rooms_by_day(&self, row: &RoomSite) -> Vec<u64> {
        let get = |rooms: Option<Rooms>| rooms.map_or(0, Rooms::get);
        let (open, from) = match row.opening {
            Opening::Open { from } => (true, from),
            Opening::Possible { .. } => (false, None),
        };
        let usable = if open { whole(row).min(get(row.staffed)) } else { whole(row) };
        let mut there = if open && self.measure() == RoomMeasure::Additional { get(row.occupied) } else { 0 };
        let day = |(t, date): (usize, &Date)| {
            there = there.saturating_sub(row.leaving.get(t).map_or(0, |rooms| rooms.get()));
            let takes = from.is_none_or(|from| from <= *date)
                && row.closes_on.is_none_or(|closes| *date < closes)
                && row.acceptance_until.is_some_and(|until| *date <= until);
            if takes { usable.saturating_sub(there) } else { 0 }
        };
        self.dates.iter().enumerate().map(day).collect()
    }

    /// Mean way of the site's people: districts count by the mean over the draws of their highest need.
    fn metres(&mut self, row: &RoomSite, serves: &[usize]) -> Option<u64> {
        let (mut weights, mut sum, mut ways, mut plain) = (0u128, 0u128, 0u128, 0u128);
        for &d in serves {
            let lanes = self.inputs.lanes.iter().filter(|l| l.site == row.site && l.from == self.districts[d]);
            // Of ways that differ the longer one.
            let Some(metres) = lanes.map(|l| l.metres).filter(|m| *m <= METRES_AT_MOST).max() else {
                self.gaps.insert(RoomGap::NoLane { district: self.districts[d].clone(), site: row.site.clone() });
                continue;
            };
            let highest = |k: usize| self.needed.iter().map(|day| day[d][k]).max().unwrap_or(0);
            let weight: u128 = (0..self.draws).map(|k| u128::from(highest(k))).sum();
            weights += weight;
            sum += weight * u128::from(metres);
            ways += 1;
            plain += u128::from(metres);
        }
        let (sum, of) = if weights > 0 { (sum, weights) } else { (plain, ways) };
        sum.checked_div(of).and_then(|mean| u64::try_from(mean).ok())
    }
}

/// Rooms that exist and are certified.
pub(super) fn whole(row: &RoomSite) -> u64 {
    row.physical.map_or(0, Rooms::get).min(row.certified.map_or(0, Rooms::get))
}

/// No count beyond all people on Earth.
fn credible(row: &RoomSite) -> bool {
    let counts = [row.physical, row.certified, row.staffed, row.occupied];
    counts.into_iter().flatten().all(|rooms| rooms.get() <= PEOPLE_AT_MOST)
}

/// The districts of the plan, and what known people need there by day.
fn people(inputs: &RoomInputs, dates: &[Date], gaps: &mut BTreeSet<RoomGap>) -> (Vec<PlaceCode>, Vec<Vec<u64>>) {
    let forecast: BTreeSet<&PlaceCode> = inputs.demand.iter().flat_map(|d| d.districts()).collect();
    let stated: BTreeSet<&PlaceCode> = inputs.known.iter().map(|row| &row.district).collect();
    let districts: Vec<PlaceCode> = forecast.union(&stated).map(|code| (*code).clone()).collect();
    let mut known = vec![vec![0u64; districts.len()]; dates.len()];
    for row in &inputs.known {
        let day = dates.iter().position(|date| *date == row.day).filter(|_| row.rooms.get() <= PEOPLE_AT_MOST);
        match (day, districts.binary_search(&row.district)) {
            (Some(day), Ok(d)) => known[day][d] = known[day][d].saturating_add(row.rooms.get()),
            _ => drop(gaps.insert(RoomGap::KnownNotUsed { district: row.district.clone(), day: row.day })),
        }
    }
    for district in &districts {
        if !stated.contains(district) {
            gaps.insert(RoomGap::KnownMissing { district: district.clone() });
        }
        if inputs.demand.is_some() && !forecast.contains(district) {
            gaps.insert(RoomGap::NoDraws { district: district.clone() });
        }
    }
    (districts, known)
}

/// Rooms needed by day, district and draw; never fewer than known people need.
fn needed(
    inputs: &RoomInputs,
    districts: &[PlaceCode],
    known: &[Vec<u64>],
    days: usize,
    draws: usize,
) -> Vec<Vec<Vec<u64>>> {
    let column = |code: &PlaceCode| inputs.demand.as_ref()?.districts().iter().position(|d| d == code);
    let columns: Vec<Option<usize>> = districts.iter().map(column).collect();
    let cell = |k: usize, column: Option<usize>, t: usize| {
        column.and_then(|at| inputs.demand.as_ref()?.rooms(k, at, t)).map_or(0, u64::from)
    };
    (0..days)
        .map(|t| {
            let row = |(d, at): (usize, &Option<usize>)| {
                (0..draws).map(|k| cell(k, *at, t).max(known[t][d])).collect::<Vec<u64>>()
            };
            columns.iter().enumerate().map(row).collect()
        })
        .collect()
}

/// The worst origin of all rows.
fn origin(inputs: &RoomInputs) -> Origin {
    let rows = inputs.sites.iter().map(|s| s.origin).chain(inputs.known.iter().map(|k| k.origin));
    let rows = rows.chain(inputs.lanes.iter().map(|l| l.origin)).chain(inputs.demand.iter().map(|d| d.origin()));
    rows.fold(Origin::Reported, Origin::and)
}
