//! Ways, vehicles and places, stated anew from the definitions in `levee_model::plan::runs`.

use jiff::civil::Time;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::{RunGap, RunInputs, RunLimits, RunVehicle, VehicleId};
use levee_model::plan::{CareClass, CareNeed, Lane};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use std::collections::{BTreeMap, BTreeSet};

/// Whose people, where, at which level, for whom.
pub(crate) type Place<'a> = (&'a PlaceCode, &'a FacilityId, Level, CareClass, Option<CareNeed>);

/// A coach or taxi of which all that is needed is known.
#[derive(Clone, Copy)]
pub(crate) struct Usable<'a> {
    pub(crate) row: &'a RunVehicle,
    pub(crate) seats: u64,
    pub(crate) from: u32,
    pub(crate) until: u32,
    /// Minutes at the wheel left today.
    pub(crate) wheel: u32,
}

pub(crate) struct Facts<'a> {
    pub(crate) limits: RunLimits,
    pub(crate) lanes: BTreeMap<(&'a PlaceCode, &'a FacilityId), (u32, u32, Origin)>,
    hops: BTreeMap<(&'a PlaceCode, &'a PlaceCode), (u32, Origin)>,
    pub(crate) usable: BTreeMap<&'a VehicleId, Usable<'a>>,
    /// Bases of coaches and taxis that may not be planned with for want of facts.
    pub(crate) unknown_bases: BTreeSet<&'a PlaceCode>,
    /// Ambulances of a district in the order in which they are sent.
    pub(crate) ambulances: BTreeMap<&'a PlaceCode, Vec<&'a RunVehicle>>,
    /// Places for planned runs, and what they rest on.
    pub(crate) places: BTreeMap<Place<'a>, u64>,
    place_origin: BTreeMap<(&'a PlaceCode, &'a FacilityId), Origin>,
    pub(crate) gaps: BTreeSet<RunGap>,
}

/// The minute of the day, seconds cut off.
pub(crate) fn minute(time: Time) -> u32 {
    u32::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or(0)
}

/// The level of care of a class, spelled out.
pub(crate) fn level_of(class: CareClass) -> Level {
    match class {
        CareClass::Mild => Level::Makeshift,
        CareClass::Moderate => Level::General,
        CareClass::Severe => Level::Severe,
        CareClass::Critical => Level::Critical,
    }
}

/// Whether a level is one of care, and enough for a class.
pub(crate) fn serves(level: Level, class: CareClass) -> bool {
    let care = [Level::Makeshift, Level::General, Level::Severe, Level::Critical];
    let place = |l: Level| care.iter().position(|c| *c == l);
    place(level).is_some_and(|at| place(level_of(class)).is_some_and(|needed| at >= needed))
}

pub(crate) fn is_planned(class: CareClass) -> bool {
    matches!(class, CareClass::Mild | CareClass::Moderate)
}

impl<'a> Facts<'a> {
    pub(crate) fn of(inputs: &'a RunInputs) -> Self {
        let mut gaps = BTreeSet::new();
        let mut facts = Self {
            limits: inputs.limits,
            lanes: BTreeMap::new(),
            hops: BTreeMap::new(),
            usable: BTreeMap::new(),
            unknown_bases: BTreeSet::new(),
            ambulances: BTreeMap::new(),
            places: BTreeMap::new(),
            place_origin: BTreeMap::new(),
            gaps: BTreeSet::new(),
        };
        facts.read_ways(inputs, &mut gaps);
        facts.read_vehicles(inputs, &mut gaps);
        for quota in &inputs.quotas {
            let planned = is_planned(quota.class) && serves(quota.level, quota.class) && !quota.over_capacity;
            if planned && quota.people.get() > 0 {
                let place = (&quota.from, &quota.facility, quota.level, quota.class, quota.care);
                let sum = facts.places.entry(place).or_default();
                *sum = sum.saturating_add(quota.people.get());
                let origin = facts.place_origin.entry((&quota.from, &quota.facility)).or_insert(Origin::Reported);
                *origin = (*origin).max(quota.origin);
            }
        }
        facts.gaps = gaps;
        facts
    }

    fn read_ways(&mut self, inputs: &'a RunInputs, gaps: &mut BTreeSet<RunGap>) {
        // Lanes matter to facilities that somebody may go to, from districts that the inputs speak of.
        let facilities: BTreeSet<&FacilityId> = inputs.quotas.iter().map(|q| &q.facility).collect();
        let districts: BTreeSet<&PlaceCode> = (inputs.people.iter().map(|p| &p.district))
            .chain(inputs.quotas.iter().map(|q| &q.from))
            .chain(inputs.vehicles.iter().map(|v| &v.base))
            .chain(inputs.hops.iter().flat_map(|h| [&h.from, &h.to]))
            .collect();
        let matters = |l: &&Lane| facilities.contains(&l.facility) && districts.contains(&l.from);
        let mut lanes: BTreeMap<_, BTreeSet<(u32, u32, Origin)>> = BTreeMap::new();
        for lane in inputs.lanes.iter().filter(matters) {
            let way = (lane.coach_minutes, lane.ambulance_minutes, lane.origin);
            lanes.entry((&lane.from, &lane.facility)).or_default().insert(way);
        }
        for ((from, to), ways) in lanes {
            if ways.len() > 1 {
                gaps.insert(RunGap::LaneContradicts { district: from.clone(), facility: to.clone() });
            }
            self.lanes.extend(ways.last().map(|way| ((from, to), *way)));
        }
        let mut hops: BTreeMap<_, BTreeSet<(u32, Origin)>> = BTreeMap::new();
        for hop in &inputs.hops {
            let ends = (&hop.from).min(&hop.to);
            hops.entry((ends, (&hop.from).max(&hop.to))).or_default().insert((hop.minutes, hop.origin));
        }
        for ((a, b), ways) in hops {
            if ways.len() > 1 {
                gaps.insert(RunGap::HopContradicts { from: a.clone(), to: b.clone() });
            }
            self.hops.extend(ways.last().map(|way| ((a, b), *way)));
        }
    }

    fn read_vehicles(&mut self, inputs: &'a RunInputs, gaps: &mut BTreeSet<RunGap>) {
        let mut rows: BTreeMap<&VehicleId, Vec<&'a RunVehicle>> = BTreeMap::new();
        for row in &inputs.vehicles {
            rows.entry(&row.id).or_default().push(row);
        }
        let on_runs = |row: &RunVehicle| [VehicleKind::Coach, VehicleKind::Taxi].contains(&row.kind);
        for (id, rows) in rows {
            let Some(row) = rows.first().copied() else { continue };
            if rows.iter().any(|other| *other != row) {
                gaps.insert(RunGap::VehicleContradicts { vehicle: id.clone() });
                self.unknown_bases.extend(rows.iter().filter(|r| on_runs(r)).map(|r| &r.base));
            } else if !on_runs(row) {
                if row.crew.is_some() {
                    self.ambulances.entry(&row.base).or_default().push(row);
                }
            } else if let Some(usable) = self.usable(row) {
                self.usable.insert(id, usable);
            } else {
                let mut missing = Vec::new();
                if row.seats.is_none() {
                    missing.push("seats".to_owned());
                }
                match row.crew {
                    None => missing.push("crew".to_owned()),
                    Some(crew) => {
                        if crew.driven_24h_minutes.is_none() {
                            missing.push("driven_24h_minutes".to_owned());
                        }
                        if crew.driven_7d_minutes.is_none() {
                            missing.push("driven_7d_minutes".to_owned());
                        }
                    }
                }
                gaps.insert(RunGap::VehicleUnknown { vehicle: id.clone(), missing });
                self.unknown_bases.insert(&row.base);
            }
        }
        for all in self.ambulances.values_mut() {
            all.sort_by(|a, b| {
                let pressure = |r: &RunVehicle| r.kind == VehicleKind::NegativePressureAmbulance;
                pressure(b).cmp(&pressure(a)).then_with(|| a.id.cmp(&b.id))
            });
        }
    }

    fn usable(&self, row: &'a RunVehicle) -> Option<Usable<'a>> {
        let crew = row.crew?;
        let left_today = {
            let most = crew.limit_minutes.unwrap_or(u32::MAX).min(self.limits.drive_24h_minutes);
            most.saturating_sub(crew.driven_24h_minutes?)
        };
        let left_this_week = self.limits.drive_7d_minutes.saturating_sub(crew.driven_7d_minutes?);
        let (from, until) = (minute(crew.from), minute(crew.until));
        Some(Usable {
            row,
            seats: row.seats?,
            from,
            // A shift over midnight counts to the end of this day.
            until: if until <= from { 24 * 60 - 1 } else { until },
            wheel: left_today.min(left_this_week),
        })
    }

    pub(crate) fn hop(&self, a: &PlaceCode, b: &PlaceCode) -> Option<(u32, Origin)> {
        let known = self.hops.get(&(a.min(b), a.max(b))).copied();
        known.or_else(|| (a == b).then_some((0, Origin::Reported)))
    }

    pub(crate) fn lane(&self, from: &PlaceCode, to: &FacilityId) -> Option<(u32, u32, Origin)> {
        self.lanes.get(&(from, to)).copied()
    }

    pub(crate) fn origin_of_places(&self, from: &PlaceCode, to: &FacilityId) -> Origin {
        self.place_origin.get(&(from, to)).copied().unwrap_or(Origin::Reported)
    }
}
