//! The inputs, tidied: places by district and facility, ways, vehicles that may be planned with, and what is missing.

use crate::runs::clock::Hours;
use crate::runs::people::{KINDS, Kinds, People, kind_of};
use jiff::civil::Time;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::{Quota, RunGap, RunInputs, RunLimits, RunVehicle};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use std::collections::{BTreeMap, BTreeSet};

/// The places that one district's people have in one facility.
pub(crate) struct Site {
    pub(crate) facility: usize,
    /// Minutes by coach from the district; `None` = no way known.
    pub(crate) minutes: Option<u32>,
    /// Places of each kind, by level, the lowest first.
    pub(crate) levels: [BTreeMap<Level, u64>; KINDS],
    pub(crate) origin: Origin,
}

impl Site {
    pub(crate) fn places(&self) -> Kinds {
        std::array::from_fn(|kind| self.levels[kind].values().fold(0u64, |sum, n| sum.saturating_add(*n)))
    }
}

/// A vehicle that may be planned with.
pub(crate) struct Car<'a> {
    pub(crate) row: &'a RunVehicle,
    pub(crate) base: usize,
    pub(crate) seats: u64,
    pub(crate) hours: Hours,
}

pub(crate) struct Problem<'a> {
    pub(crate) limits: RunLimits,
    pub(crate) people: People<'a>,
    pub(crate) districts: Vec<PlaceCode>,
    pub(crate) facilities: Vec<FacilityId>,
    /// `[district]`: facilities with places for its people; those with a way first, the nearest first.
    pub(crate) sites: Vec<Vec<Site>>,
    /// `[district]`: its groups, by key; indices into the people's groups.
    pub(crate) groups: Vec<Vec<usize>>,
    /// By id.
    pub(crate) cars: Vec<Car<'a>>,
    /// Districts that have a coach or taxi of which something needed is not known.
    pub(crate) unknown_cars: BTreeSet<usize>,
    /// Ambulances of each district that a dispatcher may be told of, those with negative pressure first.
    pub(crate) ambulances: Vec<Vec<&'a RunVehicle>>,
    /// Minutes by coach from district to facility.
    lanes: BTreeMap<(usize, usize), (u32, u32, Origin)>,
    /// Minutes between districts, both ways.
    hops: BTreeMap<(usize, usize), (u32, Origin)>,
    pub(crate) gaps: BTreeSet<RunGap>,
}

/// Whether a quota gives places that runs fill.
fn fills(quota: &Quota) -> Option<usize> {
    let level_fits = quota.level >= quota.class.level_needed() && quota.level != Level::Laboratory;
    kind_of(quota.class, quota.care).filter(|_| level_fits && !quota.over_capacity && quota.people.get() > 0)
}

pub(crate) fn minute(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

impl<'a> Problem<'a> {
    pub(crate) fn new(inputs: &'a RunInputs) -> Self {
        let mut people = People::new(&inputs.people, inputs.day);
        let mut gaps = std::mem::take(&mut people.gaps);
        let mut districts: BTreeSet<&PlaceCode> = inputs.people.iter().map(|p| &p.district).collect();
        districts.extend(inputs.quotas.iter().map(|q| &q.from));
        districts.extend(inputs.vehicles.iter().map(|v| &v.base));
        districts.extend(inputs.hops.iter().flat_map(|h| [&h.from, &h.to]));
        let districts: Vec<PlaceCode> = districts.into_iter().cloned().collect();
        let facilities: BTreeSet<&FacilityId> = inputs.quotas.iter().map(|q| &q.facility).collect();
        let facilities: Vec<FacilityId> = facilities.into_iter().cloned().collect();
        let lanes = lanes(inputs, &districts, &facilities, &mut gaps);
        let hops = hops(inputs, &districts, &mut gaps);
        let sites = sites(inputs, &districts, &facilities, &lanes);
        let mut groups = vec![Vec::new(); districts.len()];
        for (k, group) in people.groups.iter().enumerate() {
            let at = group.members.first().and_then(|m| districts.binary_search(&people.row(*m).district).ok());
            if let Some(all) = at.and_then(|d| groups.get_mut(d)) {
                all.push(k);
            }
        }
        let mut problem = Self {
            limits: inputs.limits,
            people,
            ambulances: vec![Vec::new(); districts.len()],
            districts,
            facilities,
            sites,
            groups,
            cars: Vec::new(),
            unknown_cars: BTreeSet::new(),
            lanes,
            hops,
            gaps,
        };
        problem.read_vehicles(&inputs.vehicles);
        problem
    }

    /// Minutes by coach from a district to a facility.
    pub(crate) fn lane(&self, district: usize, facility: usize) -> Option<u32> {
        self.lanes.get(&(district, facility)).map(|l| l.0)
    }

    pub(crate) fn ambulance_minutes(&self, district: usize, facility: usize) -> Option<u32> {
        self.lanes.get(&(district, facility)).map(|l| l.1)
    }

    pub(crate) fn lane_origin(&self, district: usize, facility: usize) -> Origin {
        self.lanes.get(&(district, facility)).map_or(Origin::Reported, |l| l.2)
    }

    /// Minutes between two districts; none within one unless a row says otherwise.
    pub(crate) fn hop(&self, a: usize, b: usize) -> Option<u32> {
        self.hops.get(&(a.min(b), a.max(b))).map(|h| h.0).or_else(|| (a == b).then_some(0))
    }

    pub(crate) fn hop_origin(&self, a: usize, b: usize) -> Origin {
        self.hops.get(&(a.min(b), a.max(b))).map_or(Origin::Reported, |h| h.1)
    }

    fn read_vehicles(&mut self, rows: &'a [RunVehicle]) {
        let mut by_id: BTreeMap<_, Vec<&'a RunVehicle>> = BTreeMap::new();
        for row in rows {
            by_id.entry(&row.id).or_default().push(row);
        }
        for (id, rows) in by_id {
            let Some(&row) = rows.first() else { continue };
            let planned_kind = |r: &&RunVehicle| matches!(r.kind, VehicleKind::Coach | VehicleKind::Taxi);
            let bases =
                rows.iter().filter(|r| planned_kind(r)).filter_map(|r| self.districts.binary_search(&r.base).ok());
            if rows.iter().any(|r| *r != row) {
                self.unknown_cars.extend(bases.collect::<Vec<_>>());
                self.gaps.insert(RunGap::VehicleContradicts { vehicle: id.clone() });
                continue;
            }
            let Ok(base) = self.districts.binary_search(&row.base) else { continue };
            if !planned_kind(&row) {
                if row.crew.is_some() {
                    self.ambulances[base].push(row);
                }
                continue;
            }
            let missing = missing(row);
            if !missing.is_empty() {
                self.unknown_cars.insert(base);
                self.gaps.insert(RunGap::VehicleUnknown { vehicle: id.clone(), missing });
                continue;
            }
            if let (Some(seats), Some(hours)) = (row.seats, Hours::of(row, &self.limits)) {
                self.cars.push(Car { row, base, seats, hours });
            }
        }
        for all in &mut self.ambulances {
            all.sort_by_key(|r| (r.kind != VehicleKind::NegativePressureAmbulance, r.id.clone()));
        }
    }
}

/// What a vehicle's row lacks.
fn missing(row: &RunVehicle) -> Vec<String> {
    let crew = row.crew;
    let lacks = [
        ("seats", row.seats.is_none()),
        ("crew", crew.is_none()),
        ("driven_24h_minutes", crew.is_some_and(|c| c.driven_24h_minutes.is_none())),
        ("driven_7d_minutes", crew.is_some_and(|c| c.driven_7d_minutes.is_none())),
    ];
    lacks.iter().filter(|(_, lacks)| *lacks).map(|(what, _)| (*what).to_owned()).collect()
}

fn lanes(
    inputs: &RunInputs,
    districts: &[PlaceCode],
    facilities: &[FacilityId],
    gaps: &mut BTreeSet<RunGap>,
) -> BTreeMap<(usize, usize), (u32, u32, Origin)> {
    let mut all: BTreeMap<(usize, usize), (u32, u32, Origin)> = BTreeMap::new();
    for lane in &inputs.lanes {
        let (Ok(d), Ok(f)) = (districts.binary_search(&lane.from), facilities.binary_search(&lane.facility)) else {
            continue;
        };
        let new = (lane.coach_minutes, lane.ambulance_minutes, lane.origin);
        let held = all.entry((d, f)).or_insert(new);
        if *held != new {
            gaps.insert(RunGap::LaneContradicts { district: lane.from.clone(), facility: lane.facility.clone() });
            *held = (*held).max(new);
        }
    }
    all
}

fn hops(
    inputs: &RunInputs,
    districts: &[PlaceCode],
    gaps: &mut BTreeSet<RunGap>,
) -> BTreeMap<(usize, usize), (u32, Origin)> {
    let mut all: BTreeMap<(usize, usize), (u32, Origin)> = BTreeMap::new();
    for hop in &inputs.hops {
        let (Ok(a), Ok(b)) = (districts.binary_search(&hop.from), districts.binary_search(&hop.to)) else { continue };
        let new = (hop.minutes, hop.origin);
        let held = all.entry((a.min(b), a.max(b))).or_insert(new);
        if *held != new {
            let (from, to) = if a <= b { (&hop.from, &hop.to) } else { (&hop.to, &hop.from) };
            gaps.insert(RunGap::HopContradicts { from: from.clone(), to: to.clone() });
            *held = (*held).max(new);
        }
    }
    all
}

fn sites(
    inputs: &RunInputs,
    districts: &[PlaceCode],
    facilities: &[FacilityId],
    lanes: &BTreeMap<(usize, usize), (u32, u32, Origin)>,
) -> Vec<Vec<Site>> {
    let mut all: BTreeMap<(usize, usize), Site> = BTreeMap::new();
    for quota in &inputs.quotas {
        let (Some(kind), Ok(d), Ok(f)) =
            (fills(quota), districts.binary_search(&quota.from), facilities.binary_search(&quota.facility))
        else {
            continue;
        };
        let site = all.entry((d, f)).or_insert_with(|| Site {
            facility: f,
            minutes: lanes.get(&(d, f)).map(|l| l.0),
            levels: Default::default(),
            origin: Origin::Reported,
        });
        site.origin = site.origin.and(quota.origin);
        let places = site.levels[kind].entry(quota.level).or_insert(0);
        *places = places.saturating_add(quota.people.get());
    }
    let mut sites: Vec<Vec<Site>> = districts.iter().map(|_| Vec::new()).collect();
    for ((d, _), site) in all {
        sites[d].push(site);
    }
    for of_district in &mut sites {
        of_district.sort_by_key(|s| (s.minutes.is_none(), s.minutes, s.facility));
    }
    sites
}
