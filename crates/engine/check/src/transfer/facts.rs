//! The inputs as the checker reads them, stated anew from the definitions in `levee_model::plan`.

use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{
    Capacity, CareClass, Fleet, Lane, METRES_AT_MOST, Need, PEOPLE_AT_MOST, PlanInputs, PlanLimits, ProposedOrder,
};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use std::collections::BTreeMap;

/// A place and a class.
pub(crate) type Group<'a> = (&'a PlaceCode, CareClass);
/// A facility and a level.
pub(crate) type Ward<'a> = (&'a FacilityId, Level);

pub(crate) struct Facts<'a> {
    pub(crate) days: Vec<Date>,
    pub(crate) limits: PlanLimits,
    pub(crate) needs: &'a [Need],
    /// The way in use between two places: of contradicting ones the longest.
    lanes: BTreeMap<(&'a PlaceCode, &'a FacilityId), &'a Lane>,
    pub(crate) fleets: &'a [Fleet],
    /// People and, of them, known ones; by group and day.
    pub(crate) new: BTreeMap<Group<'a>, Vec<(u64, u64)>>,
    pub(crate) wards: BTreeMap<Ward<'a>, Vec<&'a Capacity>>,
    /// Worst origin of all rows.
    pub(crate) origin: Origin,
}

/// The people a need counts: known ones, and the next whole number of expected ones. `None` = not credible.
pub(crate) fn people_of(need: &Need) -> Option<u64> {
    let expected = need.forecast.map_or(0.0, |f| f.people.get().ceil());
    #[expect(clippy::cast_precision_loss, reason = "compared with a bound far below 2^53")]
    let together = need.known.get() as f64 + expected;
    #[expect(clippy::cast_precision_loss, reason = "the bound is far below 2^53")]
    let credible = together <= PEOPLE_AT_MOST as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=PEOPLE_AT_MOST")]
    credible.then(|| need.known.get() + expected as u64)
}

/// The order of care; `None` for what is no bed for infected people.
pub(crate) fn care(level: Level) -> Option<u8> {
    [Level::Makeshift, Level::General, Level::Severe, Level::Critical]
        .iter()
        .zip(0..)
        .find_map(|(l, rank)| (*l == level).then_some(rank))
}

impl<'a> Facts<'a> {
    pub(crate) fn of(inputs: &'a PlanInputs) -> Self {
        let days: Vec<Date> =
            inputs.start.series(jiff::Span::new().days(1)).take(usize::from(inputs.limits.days.clamp(1, 28))).collect();
        let mut new: BTreeMap<Group<'a>, Vec<(u64, u64)>> = BTreeMap::new();
        for need in &inputs.needs {
            let (Some(people @ 1..), Some(day)) = (people_of(need), days.iter().position(|d| *d == need.day)) else {
                continue;
            };
            let row = new.entry((&need.district, need.class)).or_insert_with(|| vec![(0, 0); days.len()]);
            row[day].0 += people;
            row[day].1 += need.known.get();
        }
        let mut wards: BTreeMap<Ward<'a>, Vec<&'a Capacity>> = BTreeMap::new();
        for row in inputs.capacity.iter().filter(|c| care(c.level).is_some()) {
            wards.entry((&row.facility, row.level)).or_default().push(row);
        }
        let length = |l: &Lane| (l.metres, l.coach_minutes, l.ambulance_minutes, l.method, l.origin);
        let mut lanes: BTreeMap<(&'a PlaceCode, &'a FacilityId), &'a Lane> = BTreeMap::new();
        for lane in inputs.lanes.iter().filter(|l| l.metres <= METRES_AT_MOST) {
            let held = lanes.entry((&lane.from, &lane.facility)).or_insert(lane);
            if length(lane) > length(held) {
                *held = lane;
            }
        }
        let origins = inputs.needs.iter().map(|n| n.origin).chain(inputs.capacity.iter().map(|c| c.origin));
        let origins = origins.chain(inputs.lanes.iter().map(|l| l.origin));
        let worst = origins.chain(inputs.fleets.iter().map(|f| f.origin)).fold(Origin::Reported, Ord::max);
        Self {
            days,
            limits: inputs.limits,
            needs: &inputs.needs,
            lanes,
            fleets: &inputs.fleets,
            new,
            wards,
            origin: worst,
        }
    }

    pub(crate) fn day(&self, day: Date) -> Option<usize> {
        self.days.iter().position(|d| *d == day)
    }

    /// The one row of a ward; `None` when there is none or they contradict one another.
    pub(crate) fn row(&self, ward: Ward<'_>) -> Option<&'a Capacity> {
        let rows = self.wards.get(&ward)?;
        let first = *rows.first()?;
        rows.iter().all(|r| *r == first).then_some(first)
    }

    /// Usable beds and occupied ones, when all that is needed for both is known.
    pub(crate) fn beds(&self, ward: Ward<'_>) -> Option<(u64, u64)> {
        let row = self.row(ward)?;
        let usable = row.physical?.get().min(row.staffed?.get()).min(row.equipped?.get());
        Some((usable, row.occupied?.get()))
    }

    /// People who were there before and leave on each day.
    pub(crate) fn leaving(&self, ward: Ward<'_>) -> Vec<u64> {
        let (Some(row), Some((_, mut there))) = (self.row(ward), self.beds(ward)) else { return Vec::new() };
        let mut leaving = Vec::new();
        for day in 0..self.days.len() {
            let gone = row.discharges.get(day).map_or(0, |b| b.get()).min(there);
            there -= gone;
            leaving.push(gone);
        }
        leaving
    }

    pub(crate) fn is_open(&self, ward: Ward<'_>, day: Date) -> bool {
        self.row(ward).is_some_and(|r| {
            r.opens_on.is_none_or(|opens| opens <= day) && r.closes_on.is_none_or(|closes| day < closes)
        })
    }

    pub(crate) fn is_accepted(&self, ward: Ward<'_>, day: Date) -> bool {
        self.row(ward).is_some_and(|r| r.acceptance_until.is_some_and(|until| day <= until))
    }

    /// Whether people may be planned in on that day, room aside.
    pub(crate) fn admits(&self, ward: Ward<'_>, day: Date) -> bool {
        self.beds(ward).is_some() && self.is_open(ward, day) && self.is_accepted(ward, day)
    }

    /// The way in use between two places.
    pub(crate) fn lane(&self, from: &PlaceCode, to: &FacilityId) -> Option<&'a Lane> {
        self.lanes.get(&(from, to)).copied()
    }

    /// How many levels above the needed one; `None` when it is below, or higher than the limits allow.
    pub(crate) fn upgrade(&self, class: CareClass, level: Level) -> Option<u8> {
        let above = care(level)?.checked_sub(care(class.level_needed())?)?;
        (above <= self.limits.upgrade_levels).then_some(above)
    }

    /// Seconds of a day in which coaches may be on the road; empty when the limits contradict themselves.
    pub(crate) fn coach_seconds(&self) -> (i32, i32) {
        (seconds(self.limits.coach_from).max(5 * 3600), seconds(self.limits.coach_until))
    }

    /// Wards that may serve a group over a way that its vehicle can make, with their distance and upgrade.
    pub(crate) fn ways(&self, (district, class): Group<'_>) -> Vec<(Ward<'a>, &'a Lane, u8)> {
        let (from, until) = self.coach_seconds();
        self.wards
            .keys()
            .filter_map(|&ward| {
                let upgrade = self.upgrade(class, ward.1)?;
                let lane = self.lane(district, ward.0)?;
                let fits = class.is_life_saving() || i64::from(lane.coach_minutes) * 60 <= i64::from(until - from);
                fits.then_some((ward, lane, upgrade))
            })
            .collect()
    }

    /// Trips a day and seats of a district's vehicles of one kind; `Err` = not known; `Ok(None)` = no row.
    pub(crate) fn fleet(&self, district: &PlaceCode, kind: VehicleKind) -> Result<Option<(u64, u64)>, ()> {
        let rows: Vec<&Fleet> = self.fleets.iter().filter(|f| f.district == *district && f.kind == kind).collect();
        let Some(first) = rows.first() else { return Ok(None) };
        if rows.iter().any(|r| r != first) {
            return Err(());
        }
        let (Some(vehicles), Some(crews), Some(seats), Some(trips)) =
            (first.vehicles, first.crews, first.seats, first.trips_per_day)
        else {
            return Err(());
        };
        // A vehicle without a seat makes no trip that counts.
        let trips = if seats == 0 { 0 } else { vehicles.get().min(crews).saturating_mul(trips) };
        Ok(Some((trips, seats)))
    }

    /// Worst origin of what a group's people rest on up to a day.
    pub(crate) fn need_origin(&self, (district, class): Group<'_>, day: Date) -> Origin {
        self.needs
            .iter()
            .filter(|n| n.district == *district && n.class == class && n.day <= day && self.day(n.day).is_some())
            .filter(|n| people_of(n).is_some_and(|people| people > 0))
            .fold(Origin::Reported, |worst, n| worst.max(n.origin))
    }

    /// Districts in which somebody needs a bed, and whether mild or moderate, severe or critical ones do.
    pub(crate) fn districts(&self) -> BTreeMap<&'a PlaceCode, (bool, bool)> {
        let mut all: BTreeMap<&'a PlaceCode, (bool, bool)> = BTreeMap::new();
        for (district, class) in self.new.keys() {
            let needs = all.entry(district).or_default();
            if class.is_life_saving() { needs.1 = true } else { needs.0 = true }
        }
        all
    }
}

/// The ward that an order fills.
pub(crate) fn ward_of(order: &ProposedOrder) -> Ward<'_> {
    (&order.facility, order.level)
}

pub(crate) fn seconds(t: jiff::civil::Time) -> i32 {
    i32::from(t.hour()) * 3600 + i32::from(t.minute()) * 60 + i32::from(t.second())
}
