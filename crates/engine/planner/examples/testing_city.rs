//! Plans a day of testing for a made-up city and says how long it took and how the naive rule does. Nothing in it is a real figure.
//!
//! `cargo run --release -p levee-planner --example testing_city [-- DISTRICTS SITES_EACH LABORATORIES SEED LOAD_PERCENT]`
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an example run by hand, on inputs it makes itself"
)]

#[path = "common/random.rs"]
mod random;

use jiff::civil::date;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Persons, Tubes};
use levee_planner::great_circle_metres;
use levee_planner::testing::{nearest_until_full, propose};
use random::Random;
use std::time::Instant;

/// `load` = what a day's tubes, second samples left out, are of the laboratories' planned day, percent.
fn city(districts: u64, each: u64, laboratories: u64, seed: u64, load: u64) -> TestingInputs {
    let mut random = Random(seed);
    let origin = Origin::Synthetic;
    let at = |r: &mut Random| (29.2 + 0.8 * r.unit(), 106.1 + 0.9 * r.unit());
    let day = |from, until| HourSpan { from, until };
    let (mut duties, mut sites, mut teams, mut prevalence) = (vec![], vec![], vec![], vec![]);
    let mut points: Vec<(FacilityId, (f64, f64))> = Vec::new();
    let mut tubes = 0;
    for d in 0..districts {
        let district: levee_model::area::PlaceCode = format!("D{d:02}").parse().unwrap();
        let centre = at(&mut random);
        let size = 4_000 + random.below(16_000);
        let mid = 0.0002 + 0.006 * random.unit() * random.unit();
        prevalence.push(Prevalence { district: district.clone(), low: mid / 2.0, mid, high: mid * 1.8, origin });
        for s in 0..each {
            let site: FacilityId = format!("S{d:02}-{s}").parse().unwrap();
            let near = |x: f64, r: &mut Random| x + 0.08 * (r.unit() - 0.5);
            points.push((site.clone(), (near(centre.0, &mut random), near(centre.1, &mut random))));
            // One site of each district stays open at night.
            let open = vec![if s == 0 { day(0, 24) } else { day(7, 21) }];
            sites.push(SamplingSite { site, district: district.clone(), open, teams_at_most: Some(40), origin });
        }
        let rows = [
            (TestClass::Urgent, 2, day(7, 14), 360),
            (TestClass::Urgent, 2, day(14, 21), 360),
            (TestClass::Contact, 6, day(7, 19), 720),
            (TestClass::Institution, 10, day(7, 12), 720),
            (TestClass::KeyPost, 25, day(7, 21), 1440),
            (TestClass::Screening, 100, day(7, 21), 1440),
        ];
        for (k, (class, percent, window, promise_minutes)) in rows.into_iter().enumerate() {
            let people = size * percent / 100;
            tubes += if percent < 10 { people } else { people / 10 };
            duties.push(Duty {
                id: format!("duty-{d:02}-{k}").parse().unwrap(),
                district: district.clone(),
                site: None,
                class,
                at_door: class == TestClass::Contact,
                people: Persons::new(people),
                resolved: Persons::new(people / 50),
                window,
                promise_minutes,
                priority: 1,
                ground: "made-up".to_owned(),
                origin,
            });
        }
        for (t, shift, at_door) in (0..size / 400).flat_map(|t| [(t, day(7, 14), false), (t, day(13, 21), t % 4 == 0)])
        {
            teams.push(Team {
                team: format!("T{d:02}-{t}-{}", shift.from).parse().unwrap(),
                count: 1,
                districts: vec![district.clone()],
                at_door,
                shift,
                hours_at_most: 8,
                people_per_hour: Some(if at_door { 20 } else { 80 }),
                origin,
            });
        }
        teams.push(Team {
            team: format!("T{d:02}-night").parse().unwrap(),
            count: 1,
            districts: vec![district.clone()],
            at_door: false,
            shift: day(17, 24),
            hours_at_most: 8,
            people_per_hour: Some(80),
            origin,
        });
        teams.push(Team {
            team: format!("T{d:02}-door").parse().unwrap(),
            count: 1,
            districts: vec![district.clone()],
            at_door: true,
            shift: day(7, 15),
            hours_at_most: 8,
            people_per_hour: Some(40),
            origin,
        });
    }
    let mut lanes = Vec::new();
    let mut labs = Vec::new();
    for l in 0..laboratories {
        let laboratory: FacilityId = format!("L{l:02}").parse().unwrap();
        let point = at(&mut random);
        let share = 50 + random.below(100);
        let per_day = tubes * 100 / load * 10 / 9 / laboratories * share / 100;
        for (site, from) in &points {
            let metres = great_circle_metres(*from, point) * 1.35;
            lanes.push(TubeLane {
                from: site.clone(),
                laboratory: laboratory.clone(),
                metres: metres as u64,
                minutes: 10 + (metres / 1000.0 / 40.0 * 60.0) as u32,
                every_hours: 1,
                origin,
            });
        }
        labs.push(Laboratory {
            laboratory,
            district: format!("D{:02}", l % districts).parse().unwrap(),
            per_day: Some(Tubes::new(per_day)),
            per_hour: vec![HourlyCapacity { hours: day(0, 48), tubes: Tubes::new(per_day / 20) }],
            loaded_before: Tubes::ZERO,
            batch: 94,
            turnaround_minutes: Some(150 + 30 * u32::try_from(random.below(4)).unwrap()),
            outages: vec![],
            stopped_from: None,
            origin,
        });
    }
    TestingInputs {
        start: date(2022, 11, 23),
        duties,
        sites,
        teams,
        laboratories: labs,
        lanes,
        prevalence,
        waiting: vec![],
        issued: vec![],
        limits: TestingLimits::default(),
    }
}

fn say(name: &str, plan: &TestingPlan, seconds: f64) {
    println!("{name}: {seconds:.3} s, {:?}", plan.solver);
    println!("  {:?}", plan.totals);
    for s in &plan.shares {
        println!(
            "  {:?}: {} people, {:?} per mille in time, {} late person-hours, {} not sampled",
            s.class, s.people, s.in_time_per_mille, s.late_person_hours, s.unsampled
        );
    }
    for t in &plan.tiers {
        println!("  {t:?}");
    }
    if let Some(proof) = &plan.proof {
        println!(
            "  proof: {} of {} tubes of {} duties short, {} capacities bind",
            proof.short,
            proof.needed,
            proof.duties.len(),
            proof.binding.len()
        );
    }
    if let Some(ask) = &plan.ask {
        println!(
            "  ask: {} tubes from hour {}, peak {}, {:?} -> {:?}",
            ask.tubes, ask.from_hour, ask.peak, ask.without, ask.with
        );
    }
}

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let number = |k: usize, default: u64| args.get(k).copied().unwrap_or(default);
    let mut inputs = city(number(0, 40), number(1, 3), number(2, 25), number(3, 1), number(4, 60));
    println!(
        "{} duties, {} sites, {} teams, {} laboratories, {} lanes",
        inputs.duties.len(),
        inputs.sites.len(),
        inputs.teams.len(),
        inputs.laboratories.len(),
        inputs.lanes.len()
    );
    let timed = |name: &str, make: &dyn Fn() -> TestingPlan| {
        let began = Instant::now();
        let plan = make();
        say(name, &plan, began.elapsed().as_secs_f64());
        plan
    };
    timed("plan", &|| propose(&inputs, 1));
    timed("nearest until full", &|| nearest_until_full(&inputs, 1));
    inputs.laboratories[0].outages.push(HourSpan { from: 9, until: 48 });
    timed("one laboratory out from 09:00", &|| propose(&inputs, 1));
    timed("nearest until full, with that outage", &|| nearest_until_full(&inputs, 1));
}
