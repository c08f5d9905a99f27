//! The hours of one vehicle: when a run can start, where its crew rests, whether it is within all limits.

use crate::runs::problem::minute;
use levee_model::plan::runs::{RunLimits, RunVehicle};
use levee_model::report::VehicleKind;

/// Last minute of a day.
const LAST_MINUTE: u32 = 23 * 60 + 59;

/// What one vehicle and its crew may do today. Minutes of the day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    /// First departure.
    from: u32,
    /// Back at the base by then.
    back_by: u32,
    /// Arrival at a facility by then.
    arrive_by: u32,
    /// Minutes at the wheel left today.
    wheel: u32,
    /// On the road never within these.
    barred: [(u32, u32); 2],
    /// Counted as night.
    night: [(u32, u32); 2],
    limits: RunLimits,
}

/// A span of the clock as spans of the day: over midnight it is two.
fn spans(from: u32, until: u32) -> [(u32, u32); 2] {
    match from.cmp(&until) {
        std::cmp::Ordering::Less => [(from, until), (0, 0)],
        std::cmp::Ordering::Equal => [(0, 0), (0, 0)],
        std::cmp::Ordering::Greater => [(0, until), (from, 24 * 60)],
    }
}

/// The way of a run: minutes of each part, and from when people can be picked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// To the first pick-up, from each to the next, from the last to the facility.
    pub(crate) legs: Vec<u32>,
    /// From which minute on each pick-up's people are there; one entry fewer than `legs`.
    pub(crate) ready: Vec<u32>,
    /// From the facility to the base.
    pub(crate) home: u32,
}

impl Way {
    pub(crate) fn out(&self) -> u32 {
        self.legs.iter().fold(0, |sum, leg| sum.saturating_add(*leg))
    }
}

/// When a run happens. Minutes of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) depart: u32,
    /// Arrival at each pick-up.
    pub(crate) stops: Vec<u32>,
    pub(crate) arrive: u32,
    pub(crate) leave: u32,
    pub(crate) back: u32,
    pub(crate) wheel: u32,
}

/// Where a vehicle and its crew stand after some runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// Back and clean at the base.
    pub(crate) free: u32,
    /// At the wheel today.
    wheel: u32,
    /// At the wheel since the last break, and whether at night.
    stretch: u32,
    stretch_night: bool,
}

impl Hours {
    /// `None` when something needed is not reported.
    pub(crate) fn of(row: &RunVehicle, limits: &RunLimits) -> Option<Self> {
        let crew = row.crew?;
        let (day, week) = (crew.driven_24h_minutes?, crew.driven_7d_minutes?);
        let in_day = crew.limit_minutes.map_or(limits.drive_24h_minutes, |own| own.min(limits.drive_24h_minutes));
        let (shift_from, shift_until) = (minute(crew.from), minute(crew.until));
        let curfew = spans(minute(limits.curfew_from), minute(limits.curfew_until));
        Some(Self {
            from: shift_from.max(minute(limits.from)),
            // A shift over midnight ends with the day here: runs start and end on their day.
            back_by: if shift_until > shift_from { shift_until } else { LAST_MINUTE },
            arrive_by: minute(limits.until),
            wheel: in_day.saturating_sub(day).min(limits.drive_7d_minutes.saturating_sub(week)),
            barred: if row.kind == VehicleKind::Coach { curfew } else { [(0, 0); 2] },
            night: spans(minute(limits.night_from), minute(limits.night_until)),
            limits: *limits,
        })
    }

    pub(crate) fn start(&self) -> Clock {
        Clock { free: self.from, wheel: 0, stretch: 0, stretch_night: false }
    }

    fn at_night(&self, from: u32, until: u32) -> bool {
        until > from && self.night.iter().any(|(a, b)| from < *b && *a < until)
    }

    fn within(&self, stretch: u32, night: bool) -> bool {
        let limits = &self.limits;
        stretch <= limits.continuous_minutes && (!night || stretch <= limits.continuous_night_minutes)
    }

    /// The earliest times at which the run fits after what was done before, and where the vehicle stands then.
    pub(crate) fn run(&self, before: &Clock, way: &Way) -> Option<(Times, Clock)> {
        let (out, limits) = (way.out(), &self.limits);
        let wheel = out.checked_add(way.home)?;
        if before.wheel.checked_add(wheel)? > self.wheel {
            return None;
        }
        let mut starts = vec![before.free.max(self.from), before.free.saturating_add(limits.break_minutes)];
        // Later starts help when the hours bar earlier ones: after the curfew; after the night, so that one of the legs is no more in it.
        starts.extend(self.barred.iter().map(|(_, until)| *until));
        let mut offset: u32 = 0;
        for leg in &way.legs {
            starts.extend(self.night.iter().map(|(_, until)| until.saturating_sub(offset)));
            offset = offset.saturating_add(*leg).saturating_add(limits.load_minutes);
        }
        // The last stop is the facility: unloading there, with or without a break.
        let home = offset.saturating_sub(limits.load_minutes).saturating_add(limits.unload_minutes);
        for rest in [0, limits.break_minutes] {
            let leave = home.saturating_add(rest);
            starts.extend(self.night.iter().map(|(_, until)| until.saturating_sub(leave)));
        }
        starts.sort_unstable();
        starts.dedup();
        starts.into_iter().filter(|s| *s >= before.free.max(self.from)).find_map(|s| self.at(before, way, s, out))
    }

    fn at(&self, before: &Clock, way: &Way, start: u32, out: u32) -> Option<(Times, Clock)> {
        let limits = &self.limits;
        if start > LAST_MINUTE || out > LAST_MINUTE || way.home > LAST_MINUTE {
            return None;
        }
        // Wait at the base, not on the road, until people are there.
        let mut depart = start;
        let mut offset: u32 = 0;
        for (leg, ready) in way.legs.iter().zip(&way.ready) {
            offset = offset.checked_add(*leg)?;
            depart = depart.max(ready.saturating_sub(offset));
            offset = offset.checked_add(limits.load_minutes)?;
        }
        let (mut now, mut stops, mut night) = (depart, Vec::with_capacity(way.ready.len()), false);
        for (k, leg) in way.legs.iter().enumerate() {
            night |= self.at_night(now, now.checked_add(*leg)?);
            now += leg;
            if k < way.ready.len() {
                stops.push(now);
                now = now.checked_add(limits.load_minutes)?;
            }
        }
        let arrive = now;
        let rested = depart >= before.free.saturating_add(limits.break_minutes);
        let (mut stretch, mut stretch_night) = if rested { (0, false) } else { (before.stretch, before.stretch_night) };
        stretch = stretch.checked_add(out)?;
        stretch_night |= night;
        if !self.within(stretch, stretch_night) {
            return None;
        }
        let unloaded = arrive.checked_add(limits.unload_minutes)?;
        let home = |leave: u32, stretch: u32, night: bool| -> Option<(u32, u32, bool)> {
            let back = leave.checked_add(way.home)?;
            let night = night || self.at_night(leave, back);
            self.within(stretch.checked_add(way.home)?, night).then_some((back, stretch + way.home, night))
        };
        let (leave, (back, stretch, stretch_night)) = match home(unloaded, stretch, stretch_night) {
            Some(done) => (unloaded, done),
            None => {
                let rested = unloaded.checked_add(limits.break_minutes)?;
                (rested, home(rested, 0, false)?)
            }
        };
        let on_time = arrive <= self.arrive_by && back <= self.back_by;
        let barred = self.barred.iter().any(|(a, b)| depart < *b && *a < back);
        if !on_time || barred {
            return None;
        }
        let wheel = out + way.home;
        let clock = Clock {
            free: back.saturating_add(limits.turnround_minutes),
            wheel: before.wheel + wheel,
            stretch,
            stretch_night,
        };
        Some((Times { depart, stops, arrive, leave, back, wheel }, clock))
    }

    /// All runs in this order, each as early as it fits; `None` when they do not.
    pub(crate) fn all<'w>(&self, ways: impl IntoIterator<Item = &'w Way>) -> Option<(Vec<Times>, Clock)> {
        let mut clock = self.start();
        let mut times = Vec::new();
        for way in ways {
            let (time, after) = self.run(&clock, way)?;
            times.push(time);
            clock = after;
        }
        Some((times, clock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use levee_model::plan::runs::Crew;
    use levee_model::provenance::Origin;

    fn hours(kind: VehicleKind, from: i8, until: i8, limits: &RunLimits) -> Hours {
        let crew = Crew {
            from: time(from, 0, 0, 0),
            until: time(until, 0, 0, 0),
            driven_24h_minutes: Some(0),
            driven_7d_minutes: Some(0),
            limit_minutes: None,
        };
        let row = RunVehicle {
            id: "V1".parse().unwrap(),
            kind,
            base: "D1".parse().unwrap(),
            seats: Some(40),
            crew: Some(crew),
            origin: Origin::Reported,
        };
        Hours::of(&row, limits).unwrap()
    }

    fn way(minutes: u32) -> Way {
        Way { legs: vec![0, minutes], ready: vec![0], home: minutes }
    }

    #[test]
    fn a_crew_rests_after_four_hours_and_stops_after_eight() {
        let hours = hours(VehicleKind::Coach, 6, 22, &RunLimits::default());
        // 100 out and 100 back: within four hours; the second run has its break at the base, 20 minutes after cleaning.
        let (times, clock) = hours.all([&way(100), &way(100)]).unwrap();
        assert_eq!((times[0].depart, times[0].arrive, times[0].leave, times[0].back), (360, 480, 495, 595));
        assert_eq!(times[1].depart, 595 + 30 + 20);
        assert!(hours.run(&clock, &way(41)).is_none(), "400 + 82 minutes are more than eight hours");
        assert!(hours.run(&clock, &way(40)).is_some());
    }

    #[test]
    fn a_long_way_has_its_break_at_the_facility_and_a_longer_one_none() {
        let hours = hours(VehicleKind::Coach, 6, 22, &RunLimits::default());
        let (times, _) = hours.all([&way(130)]).unwrap();
        assert_eq!(times[0].leave, times[0].arrive + 15 + 20);
        assert!(hours.all([&way(241)]).is_none(), "nobody drives people for more than four hours without a break");
    }

    #[test]
    fn a_coach_keeps_off_the_road_from_two_to_five_and_a_taxi_does_not() {
        let early = RunLimits { from: time(0, 0, 0, 0), ..RunLimits::default() };
        let coach = hours(VehicleKind::Coach, 0, 22, &early);
        let (times, _) = coach.all([&way(20), &way(20)]).unwrap();
        // The second would still be on the road at 02:00.
        assert_eq!((times[0].depart, times[0].back, times[1].depart), (0, 20 + 20 + 15 + 20, 5 * 60));
        let taxi = hours(VehicleKind::Taxi, 1, 22, &early);
        let (times, _) = taxi.all([&way(40), &way(40)]).unwrap();
        // It drives on through the night; the third stretch of 40 minutes fills two hours, so the crew rests before the fourth.
        assert_eq!(times[1].depart, 60 + 40 + 20 + 15 + 40 + 30);
        assert_eq!(times[1].leave, times[1].arrive + 15 + 20);
    }

    #[test]
    fn at_night_two_hours_are_the_most() {
        let early = RunLimits { from: time(5, 0, 0, 0), ..RunLimits::default() };
        let hours = hours(VehicleKind::Coach, 4, 22, &early);
        // People get in at the base for 20 minutes: the wheels turn at six, not before.
        let (times, _) = hours.all([&way(150)]).unwrap();
        assert_eq!((times[0].depart, times[0].arrive), (6 * 60 - 20, 6 * 60 + 150));
        // Ten minutes to the first people are part of the stretch: 160 minutes from 05:00 would be a night stretch.
        let further = Way { legs: vec![10, 150], ready: vec![0], home: 150 };
        let (times, _) = hours.all([&further]).unwrap();
        assert_eq!(times[0].depart, 6 * 60);
        // Two hours are not too much at night.
        let (times, _) = hours.all([&way(120)]).unwrap();
        assert_eq!(times[0].depart, 5 * 60);
    }

    #[test]
    fn a_vehicle_waits_at_its_base_until_people_are_there() {
        let hours = hours(VehicleKind::Coach, 6, 22, &RunLimits::default());
        let later = Way { legs: vec![15, 30], ready: vec![14 * 60], home: 40 };
        let (times, _) = hours.all([&later]).unwrap();
        assert_eq!((times[0].depart, times[0].stops[0]), (14 * 60 - 15, 14 * 60));
    }
}
