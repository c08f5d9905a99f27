//! Small made-up cities: parts for stories, random ones for properties.

use jiff::civil::date;
use levee_model::plan::testing::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Persons, Tubes};
use proptest::prelude::*;

pub(crate) fn span(from: u16, until: u16) -> HourSpan {
    HourSpan { from, until }
}

pub(crate) fn duty(id: &str, district: &str, class: TestClass, people: u64, window: HourSpan, hours: u32) -> Duty {
    Duty {
        id: id.parse().unwrap(),
        district: district.parse().unwrap(),
        site: None,
        class,
        at_door: false,
        people: Persons::new(people),
        resolved: Persons::ZERO,
        window,
        promise_minutes: hours * 60,
        priority: 1,
        ground: "cn.test".to_owned(),
        origin: Origin::Reported,
    }
}

pub(crate) fn site(id: &str, district: &str, teams: u32) -> SamplingSite {
    SamplingSite {
        site: id.parse().unwrap(),
        district: district.parse().unwrap(),
        open: vec![span(0, 24)],
        teams_at_most: Some(teams),
        origin: Origin::Reported,
    }
}

pub(crate) fn team(id: &str, district: &str, shift: HourSpan, rate: u32) -> Team {
    Team {
        team: id.parse().unwrap(),
        count: 1,
        districts: vec![district.parse().unwrap()],
        at_door: false,
        shift,
        hours_at_most: 8,
        people_per_hour: Some(rate),
        origin: Origin::Reported,
    }
}

pub(crate) fn laboratory(id: &str, district: &str, per_hour: u64, hours: HourSpan, turnaround: u32) -> Laboratory {
    Laboratory {
        laboratory: id.parse().unwrap(),
        district: district.parse().unwrap(),
        per_day: Some(Tubes::new(per_hour * 24)),
        per_hour: vec![HourlyCapacity { hours, tubes: Tubes::new(per_hour) }],
        loaded_before: Tubes::ZERO,
        batch: 1,
        turnaround_minutes: Some(turnaround),
        outages: vec![],
        stopped_from: None,
        origin: Origin::Reported,
    }
}

pub(crate) fn lane(from: &str, to: &str, minutes: u32) -> TubeLane {
    TubeLane {
        from: from.parse().unwrap(),
        laboratory: to.parse().unwrap(),
        metres: u64::from(minutes) * 600,
        minutes,
        every_hours: 1,
        origin: Origin::Reported,
    }
}

pub(crate) fn prevalence(district: &str, mid: f64) -> Prevalence {
    let (low, high) = (mid / 2.0, (mid * 2.0).min(1.0));
    Prevalence { district: district.parse().unwrap(), low, mid, high, origin: Origin::Reported }
}

pub(crate) fn inputs() -> TestingInputs {
    TestingInputs {
        start: date(2022, 11, 23),
        duties: vec![],
        sites: vec![],
        teams: vec![],
        laboratories: vec![],
        lanes: vec![],
        prevalence: vec![],
        waiting: vec![],
        issued: vec![],
        limits: TestingLimits::default(),
    }
}

fn mostly<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop_oneof![24 => value.prop_map(Some), 1 => Just(None)]
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![8 => Just(Origin::Reported), 1 => Just(Origin::Derived), 1 => Just(Origin::Synthetic)]
}

fn district() -> impl Strategy<Value = String> {
    (1..3u8).prop_map(|n| format!("D{n}"))
}

/// Starting below `from`, at least `long` hours, at most thrice that.
fn hours(from: u16, long: u16) -> impl Strategy<Value = HourSpan> {
    (0..from, long..3 * long).prop_map(|(from, long)| span(from, from + long))
}

fn any_duty() -> impl Strategy<Value = Duty> {
    let class = proptest::sample::select(TestClass::ALL.to_vec());
    let who = (0..12u8, district(), class, proptest::bool::weighted(0.1), origin());
    let people = prop_oneof![20 => 0..90u64, 1 => Just(u64::MAX / 2), 1 => 90..4000u64];
    let only = prop_oneof![8 => Just(None), 1 => (0..5u8).prop_map(Some)];
    (who, people, 0..12u64, hours(7, 3), 120..1200u32, 0..4u8, only).prop_map(
        |((id, district, class, at_door, origin), people, resolved, window, promise_minutes, priority, only)| Duty {
            site: only.map(|s| format!("S{s}").parse().unwrap()),
            at_door,
            resolved: Persons::new(resolved.min(people + u64::from(id == 3))),
            promise_minutes,
            priority,
            origin,
            ..duty(&format!("duty-{id}"), &district, class, people, window, 1)
        },
    )
}

fn any_site() -> impl Strategy<Value = SamplingSite> {
    (0..5u8, district(), proptest::collection::vec(hours(4, 9), 1..3), mostly(1..5u32), origin()).prop_map(
        |(id, district, open, teams_at_most, origin)| SamplingSite {
            open,
            teams_at_most,
            origin,
            ..site(&format!("S{id}"), &district, 1)
        },
    )
}

fn any_team() -> impl Strategy<Value = Team> {
    let districts = proptest::collection::vec(district(), 1..3);
    // Mostly some, now and then none or as many as can be written.
    let count = prop_oneof![12 => 1..4u32, 1 => 60..200u32, 1 => Just(0), 1 => Just(u32::MAX)];
    let shift = (hours(12, 4), 1..12u16);
    (count, districts, proptest::bool::weighted(0.15), shift, mostly(0..40u32), origin()).prop_map(
        |(count, districts, at_door, (shift, hours_at_most), people_per_hour, origin)| Team {
            count,
            districts: districts.iter().map(|d| d.parse().unwrap()).collect(),
            at_door,
            hours_at_most,
            people_per_hour,
            origin,
            ..team("T", "D1", shift, 1)
        },
    )
}

fn any_laboratory() -> impl Strategy<Value = Laboratory> {
    let works = proptest::collection::vec((hours(5, 14), 0..50u64), 0..3);
    let outages = prop_oneof![3 => Just(vec![]), 1 => proptest::collection::vec(hours(14, 2), 1..2)];
    let stop = prop_oneof![8 => Just(None), 1 => (0..30u16).prop_map(Some)];
    let size = (mostly(0..600u64), mostly(0..200u32), 0..12u32, 0..40u64);
    (0..4u8, district(), size, works, outages, stop, origin()).prop_map(
        |(id, district, (per_day, turnaround_minutes, batch, before), works, outages, stopped_from, origin)| {
            let per_hour = |(hours, tubes)| HourlyCapacity { hours, tubes: Tubes::new(tubes) };
            Laboratory {
                per_day: per_day.map(Tubes::new),
                per_hour: works.into_iter().map(per_hour).collect(),
                loaded_before: Tubes::new(before.saturating_sub(30)),
                batch,
                turnaround_minutes,
                outages,
                stopped_from,
                origin,
                ..laboratory(&format!("L{id}"), &district, 1, span(0, 1), 60)
            }
        },
    )
}

fn any_lane() -> impl Strategy<Value = TubeLane> {
    let from = prop_oneof![5 => (0..5u8).prop_map(|n| format!("S{n}")), 1 => (0..4u8).prop_map(|n| format!("L{n}"))];
    let metres = prop_oneof![30 => 0..90_000u64, 1 => Just(90_000_000u64)];
    (from, 0..4u8, metres, 0..120u32, 0..3u16, origin()).prop_map(|(from, to, metres, minutes, every_hours, origin)| {
        TubeLane { metres, every_hours, origin, ..lane(&from, &format!("L{to}"), minutes) }
    })
}

fn any_prevalence() -> impl Strategy<Value = Prevalence> {
    let mid = prop_oneof![Just(0.0), Just(0.001), Just(0.01), Just(0.08), Just(0.4), Just(f64::NAN)];
    (district(), mid).prop_map(|(district, mid)| prevalence(&district, mid))
}

fn any_waiting() -> impl Strategy<Value = WaitingTubes> {
    let at = prop_oneof![(0..5u8).prop_map(|n| format!("S{n}")), (0..4u8).prop_map(|n| format!("L{n}"))];
    let class = proptest::sample::select(TestClass::ALL.to_vec());
    (at, district(), class, -14..6i32, 60..1200u32, 0..60u64, 1..11u32, proptest::bool::ANY).prop_map(
        |(at, district, class, sampled_hour, promise_minutes, tubes, people_per_tube, received)| WaitingTubes {
            at: at.parse().unwrap(),
            district: district.parse().unwrap(),
            class,
            sampled_hour,
            promise_minutes,
            tubes: Tubes::new(tubes),
            people_per_tube,
            received,
            origin: Origin::Reported,
        },
    )
}

fn any_issued() -> impl Strategy<Value = IssuedTubes> {
    (0..5u8, 0..12u8, 0..4u8).prop_map(|(site, duty, lab)| IssuedTubes {
        site: format!("S{site}").parse().unwrap(),
        duty: format!("duty-{duty}").parse().unwrap(),
        laboratory: format!("L{lab}").parse().unwrap(),
    })
}

fn any_limits() -> impl Strategy<Value = TestingLimits> {
    let hours = (prop_oneof![4 => Just(0u16), 1 => 0..9u16], 8..30u16, 1..30u16);
    let life = prop_oneof![4 => 4..14u16, 1 => 0..3u16];
    let share = prop_oneof![4 => Just(900), 1 => 0..1200u32];
    let sizes = prop_oneof![6 => Just(vec![1, 5, 10, 20]), 1 => Just(vec![]), 1 => Just(vec![3, 7]), 1 => Just(vec![0, 10, 10])];
    (hours, life, share, sizes, proptest::bool::weighted(0.9), proptest::bool::weighted(0.8), 0..30u16).prop_map(
        |((from_hour, sampling_hours, more), tube_life_hours, share_per_mille, pool_sizes, rules, help, untested)| {
            let limits = TestingLimits::default();
            TestingLimits {
                from_hour,
                sampling_hours,
                laboratory_hours: sampling_hours + more,
                tube_life_hours,
                share_per_mille,
                pool_sizes,
                pool_rules: if rules { limits.pool_rules.clone() } else { vec![] },
                untested_hours: untested,
                outside: limits.outside.filter(|_| help).map(|o| OutsideHelp { from_hour: 3, minutes: 70, ..o }),
                ..limits
            }
        },
    )
}

/// Now and then a row stands twice.
fn named<T: Clone>(mut rows: Vec<T>, twice: usize, name: impl Fn(&mut T, usize)) -> Vec<T> {
    for (k, row) in rows.iter_mut().enumerate() {
        name(row, k);
    }
    if let Some(row) = rows.get(twice).cloned() {
        rows.push(row);
    }
    rows
}

/// Small, but with every kind of trouble: doubled rows, things not known, sums beyond reason, windows beyond the plan.
pub(crate) fn any_city() -> impl Strategy<Value = TestingInputs> {
    use proptest::collection::vec;
    let people =
        (vec(any_duty(), 0..7), vec(any_prevalence(), 0..3), vec(any_waiting(), 0..3), vec(any_issued(), 0..6));
    let places =
        (vec(any_site(), 1..5), vec(any_team(), 0..8), vec(any_laboratory(), 0..4), vec(mostly(any_lane()), 20));
    (people, places, vec(any_lane(), 0..2), any_limits(), 0..60usize).prop_map(
        |((duties, prevalence, waiting, issued), (sites, teams, labs, ways), more, limits, twice)| {
            let each = |(k, way): (usize, Option<TubeLane>)| TubeLane {
                from: format!("S{}", k % 5).parse().unwrap(),
                laboratory: format!("L{}", k / 5).parse().unwrap(),
                ..way.unwrap_or_else(|| lane("S9", "L9", 1))
            };
            TestingInputs {
                duties: named(duties, twice, |d, k| d.id = format!("duty-{k}").parse().unwrap()),
                sites: named(sites, twice / 3, |s, k| s.site = format!("S{k}").parse().unwrap()),
                teams: named(teams, twice / 2, |t, k| t.team = format!("T{k}").parse().unwrap()),
                laboratories: named(labs, twice / 4, |l, k| l.laboratory = format!("L{k}").parse().unwrap()),
                lanes: ways.into_iter().enumerate().filter(|(_, w)| w.is_some()).map(each).chain(more).collect(),
                prevalence,
                waiting,
                issued,
                limits,
                ..inputs()
            }
        },
    )
}
