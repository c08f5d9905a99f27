//! The inputs as the checker reads them, stated anew from the definitions in `levee_model::plan`.

use crate::transfer::decided::Decided;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{
    Capacity, CareClass, CareNeed, Fleet, Lane, METRES_AT_MOST, Need, PEOPLE_AT_MOST, Plan, PlanInputs, PlanLimits,
    ProposedOrder, StepDown,
};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use std::collections::BTreeMap;

/// A place, a class and what they need beside the bed.
pub(crate) type Group<'a> = (&'a PlaceCode, CareClass, Option<CareNeed>);
/// A facility and a level.
pub(crate) type Ward<'a> = (&'a FacilityId, Level);

/// People who may move from beds of one level to a lower one of the same facility.
pub(crate) struct Steps<'a> {
    pub(crate) facility: &'a FacilityId,
    pub(crate) level: Level,
    pub(crate) to: Level,
    /// By day: so many may have moved by then. Of those who would stay to the plan's end; where people may move to two
    /// levels, these count for the first of them.
    pub(crate) able: Vec<u64>,
    pub(crate) origin: Origin,
}

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
    pub(crate) steps: Vec<Steps<'a>>,
    /// What people decided and the plan says it kept.
    pub(crate) decided: Decided<'a>,
    /// Worst origin of all rows.
    pub(crate) origin: Origin,
}

/// The people a need counts: known ones, and the next whole number of those that an outlook which did not fail expects.
/// `None` = not credible.
pub(crate) fn people_of(need: &Need) -> Option<u64> {
    let expected = need.forecast.filter(|_| !need.forecast_failed).map_or(0.0, |f| f.people.get().ceil());
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
    pub(crate) fn of(plan: &'a Plan, inputs: &'a PlanInputs) -> Self {
        let days: Vec<Date> =
            inputs.start.series(jiff::Span::new().days(1)).take(usize::from(inputs.limits.days.clamp(1, 28))).collect();
        let mut new: BTreeMap<Group<'a>, Vec<(u64, u64)>> = BTreeMap::new();
        for need in &inputs.needs {
            let (Some(people @ 1..), Some(day)) = (people_of(need), days.iter().position(|d| *d == need.day)) else {
                continue;
            };
            let row = new.entry((&need.district, need.class, need.care)).or_insert_with(|| vec![(0, 0); days.len()]);
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
        let origins = origins.chain(inputs.step_downs.iter().map(|s| s.origin));
        let worst = origins.chain(inputs.fleets.iter().map(|f| f.origin)).fold(Origin::Reported, Ord::max);
        let mut facts = Self {
            days,
            limits: inputs.limits,
            needs: &inputs.needs,
            lanes,
            fleets: &inputs.fleets,
            new,
            wards,
            steps: Vec::new(),
            decided: Decided::of(plan, inputs),
            origin: worst,
        };
        for row in sorted(&inputs.step_downs) {
            if let Some(steps) = facts.steps_of(inputs, row) {
                facts.steps.push(steps);
            }
        }
        facts
    }

    /// `None` = nobody can be planned to move: the rows differ, a level is not known, the lower one is not lower or gives
    /// life-saving care, or the higher one holds more people than it has usable beds.
    fn steps_of(&self, inputs: &PlanInputs, row: &'a StepDown) -> Option<Steps<'a>> {
        let (facility, level, to) = (&row.facility, row.level, row.to);
        let same = |other: &&StepDown| (&other.facility, other.level, other.to) == (facility, level, to);
        if inputs.step_downs.iter().filter(same).any(|other| other != row) || care(to)? >= care(level)? || care(to)? > 1
        {
            return None;
        }
        self.beds((facility, to))?;
        let (usable, occupied) = self.beds((facility, level))?;
        if occupied > usable {
            return None;
        }
        let before = self.steps.iter().filter(|s| s.facility == facility && s.level == level);
        let spoken_for: u64 = before.filter_map(|s| s.able.last()).sum();
        let stay = self.staying((facility, level), self.days.len() - 1)?.saturating_sub(spoken_for);
        let by = |t: usize| row.eligible.iter().take(t + 1).fold(0u64, |sum, p| sum.saturating_add(p.get()));
        let able = (0..self.days.len()).map(|t| by(t).min(stay)).collect();
        Some(Steps { facility, level, to, able, origin: row.origin })
    }

    /// Of the people there before, those who are still there at the end of a day.
    pub(crate) fn staying(&self, ward: Ward<'_>, day: usize) -> Option<u64> {
        let (_, occupied) = self.beds(ward)?;
        Some(occupied - self.leaving(ward).iter().take(day + 1).sum::<u64>())
    }

    /// How many more people who need a service a ward can take: `None` = it does not offer it, `Some(None)` = not known.
    pub(crate) fn service(&self, ward: Ward<'_>, care: CareNeed) -> Option<Option<u64>> {
        let row = self.row(ward)?;
        let mut entries = row.services.iter().filter(|s| s.care == care).map(|s| s.slots);
        let first = entries.next()?;
        // More than live on Earth are as good as any number.
        Some(first.filter(|_| entries.all(|other| other == first)).map(|slots| slots.get().min(PEOPLE_AT_MOST)))
    }

    pub(crate) fn cap(&self, ward: Ward<'_>) -> Option<u64> {
        self.decided.caps.iter().find(|(w, _)| **w == ward).map(|(_, beds)| *beds)
    }

    /// Whether a pin keeps beds out of use.
    pub(crate) fn is_capped(&self, ward: Ward<'_>) -> bool {
        self.cap(ward).zip(self.beds(ward)).is_some_and(|(cap, (usable, _))| cap < usable)
    }

    /// Whether people of a group may be planned in on that day, room aside.
    pub(crate) fn takes(&self, group: Group<'_>, ward: Ward<'_>, day: Date) -> bool {
        self.admits(ward, day)
            && group.2.is_none_or(|care| self.service(ward, care).flatten().is_some())
            && !self.decided.forbids(group, ward.0)
            && !self.decided.is_exact((day, group, ward))
    }

    /// The tier in which a group waits: 0 to 2.
    pub(crate) fn tier(&self, group: Group<'_>) -> usize {
        match group.1 {
            CareClass::Severe | CareClass::Critical => 0,
            CareClass::Moderate => 1,
            CareClass::Mild => {
                if self.decided.prefers(group) {
                    1
                } else {
                    2
                }
            }
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
    pub(crate) fn ways(&self, (district, class, care): Group<'_>) -> Vec<(Ward<'a>, &'a Lane, u8)> {
        let (from, until) = self.coach_seconds();
        self.wards
            .keys()
            .filter_map(|&ward| {
                let upgrade = self.upgrade(class, ward.1)?;
                let lane = self.lane(district, ward.0)?;
                let fits = class.is_life_saving() || i64::from(lane.coach_minutes) * 60 <= i64::from(until - from);
                let offered = care.is_none_or(|care| self.service(ward, care).is_some());
                (fits && offered).then_some((ward, lane, upgrade))
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
    pub(crate) fn need_origin(&self, (district, class, care): Group<'_>, day: Date) -> Origin {
        self.needs
            .iter()
            .filter(|n| {
                n.district == *district
                    && n.class == class
                    && n.care == care
                    && n.day <= day
                    && self.day(n.day).is_some()
            })
            .filter(|n| people_of(n).is_some_and(|people| people > 0))
            .fold(Origin::Reported, |worst, n| worst.max(n.origin))
    }

    /// Districts in which somebody needs a bed, and whether mild or moderate, severe or critical ones do.
    pub(crate) fn districts(&self) -> BTreeMap<&'a PlaceCode, (bool, bool)> {
        let mut all: BTreeMap<&'a PlaceCode, (bool, bool)> = BTreeMap::new();
        for (district, class, _) in self.new.keys() {
            let needs = all.entry(district).or_default();
            if class.is_life_saving() { needs.1 = true } else { needs.0 = true }
        }
        all
    }
}

/// Each row once, by facility and levels: what the order of the rows means nothing for.
fn sorted(rows: &[StepDown]) -> impl Iterator<Item = &StepDown> {
    let mut first: BTreeMap<_, &StepDown> = BTreeMap::new();
    for row in rows {
        first.entry((&row.facility, row.level, row.to)).or_insert(row);
    }
    first.into_values()
}

/// The people whom an order moves.
pub(crate) fn group_of(order: &ProposedOrder) -> Group<'_> {
    (&order.from, order.class, order.care)
}

/// The ward that an order fills.
pub(crate) fn ward_of(order: &ProposedOrder) -> Ward<'_> {
    (&order.facility, order.level)
}

pub(crate) fn seconds(t: jiff::civil::Time) -> i32 {
    i32::from(t.hour()) * 3600 + i32::from(t.minute()) * 60 + i32::from(t.second())
}
