//! Ways from each district to the beds that may serve each class, the nearest first.

use super::{Bed, Group};
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::{CareClass, Gap, Lane, LaneMethod, METRES_AT_MOST, PlanLimits, Window};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// A way from a district to a facility's beds at one level, which come with what the group needs.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) bed: usize,
    pub(crate) metres: u64,
    pub(crate) minutes: u32,
    /// Levels above the needed one.
    pub(crate) upgrade: usize,
    pub(crate) method: LaneMethod,
    pub(crate) origin: Origin,
    /// The group needs a service there of which nobody knows how many more can have it.
    pub(crate) service_unknown: bool,
}

pub(crate) fn read(
    lanes: &[Lane],
    districts: &[PlaceCode],
    groups: &[Group],
    beds: &[Bed],
    limits: &PlanLimits,
    coach_window: Window,
    gaps: &mut BTreeSet<Gap>,
) -> Vec<Vec<Way>> {
    let best = one_per_pair(lanes, districts, gaps);
    let coach_minutes_at_most = minutes_between(coach_window);
    let mut from: Vec<BTreeMap<&FacilityId, &Lane>> = Vec::new();
    for district in districts {
        let from_here: BTreeMap<&FacilityId, &Lane> =
            best.iter().filter(|((from, _), _)| *from == district).map(|((_, to), lane)| (*to, *lane)).collect();
        if from_here.is_empty() {
            gaps.insert(Gap::NoLanes { district: district.clone() });
        }
        from.push(from_here);
    }
    groups
        .iter()
        .map(|group| {
            let class = CareClass::ALL[group.class];
            let mut ways: Vec<Way> = beds
                .iter()
                .enumerate()
                .filter_map(|(bed, row)| {
                    let upgrade = row.rank.checked_sub(group.class)?;
                    let lane = from[group.district].get(&row.facility)?;
                    let slots = group.care.map_or(Some(Some(0)), |care| row.slots.get(&care).copied())?;
                    let minutes = if class.is_life_saving() { lane.ambulance_minutes } else { lane.coach_minutes };
                    // A coach that cannot arrive within the window never departs (law 9).
                    let rides = class.is_life_saving() || coach_minutes_at_most.is_some_and(|most| minutes <= most);
                    (rides && upgrade <= usize::from(limits.upgrade_levels)).then_some(Way {
                        bed,
                        metres: lane.metres,
                        minutes,
                        upgrade,
                        method: lane.method,
                        origin: lane.origin,
                        service_unknown: slots.is_none(),
                    })
                })
                .collect();
            ways.sort_by_key(|w| (w.metres, w.upgrade, w.bed));
            ways
        })
        .collect()
}

type Pairs<'a> = BTreeMap<(&'a PlaceCode, &'a FacilityId), &'a Lane>;

fn one_per_pair<'a>(lanes: &'a [Lane], districts: &[PlaceCode], gaps: &mut BTreeSet<Gap>) -> Pairs<'a> {
    let mut best: Pairs<'a> = BTreeMap::new();
    for lane in lanes.iter().filter(|l| districts.binary_search(&l.from).is_ok()) {
        let (district, facility) = (lane.from.clone(), lane.facility.clone());
        if lane.metres > METRES_AT_MOST {
            gaps.insert(Gap::LaneNotCredible { district, facility });
            continue;
        }
        let longer = |a: &Lane| (a.metres, a.coach_minutes, a.ambulance_minutes, a.method, a.origin);
        let held = best.entry((&lane.from, &lane.facility)).or_insert(lane);
        if *held != lane {
            gaps.insert(Gap::LaneContradicts { district, facility });
            if longer(lane) > longer(held) {
                *held = lane;
            }
        }
    }
    best
}

/// Whole minutes from the earliest departure to the latest arrival; `None` when the window ends before it starts.
fn minutes_between(window: Window) -> Option<u32> {
    let second = |t: jiff::civil::Time| i32::from(t.hour()) * 3600 + i32::from(t.minute()) * 60 + i32::from(t.second());
    u32::try_from((second(window.until) - second(window.from)).div_euclid(60)).ok()
}
