//! Who answers: every post has somebody at every hour, and how they came to it shows.

use jiff::Timestamp;
use levee_ledger::catalogue::{Ladder, Post, Rung};
use levee_ledger::duty::{Duties, How, Shift, TakenOver};
use levee_ledger::{AreaPath, Section};
use levee_model::area::Level;
use levee_model::person::{Person, Role};
use proptest::prelude::*;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_668_729_600 + 3600 * hour).unwrap()
}

fn section() -> Section {
    "transfer".parse().unwrap()
}

fn path() -> AreaPath {
    "500000/500103/500103-a".parse().unwrap()
}

fn shift(area: &str, from: i64, until: i64, person: &str) -> Shift {
    let (area, section, person, deputy) = (area.to_owned(), section(), person.parse().unwrap(), None);
    Shift { area, section, from: at(from), until: at(until), person, deputy }
}

fn person(id: &str, role: Role, section: Option<&str>, area: &str) -> Person {
    Person {
        id: id.parse().unwrap(),
        name_zh: id.to_owned(),
        name_en: id.to_owned(),
        role,
        section: section.map(str::to_owned),
        area: Some(area.parse().unwrap()),
    }
}

fn people() -> Vec<Person> {
    vec![
        person("commander", Role::Commander, None, "500000"),
        person("lead", Role::SectionLead, Some("transfer"), "500000"),
        person("coordinator", Role::Coordinator, None, "500103"),
    ]
}

fn who(duties: &Duties, hour: i64) -> Option<(String, How)> {
    duties.owner(&path(), &section(), at(hour)).map(|owner| (owner.person.to_string(), owner.how))
}

#[test]
fn the_nearest_roster_stands_before_the_one_above_and_a_role_before_headquarters() {
    let mut duties = Duties { people: people(), ..Duties::default() };
    let mut expect = |change: &dyn Fn(&mut Duties), name: &str, how| {
        change(&mut duties);
        assert_eq!(who(&duties, 1), Some((name.to_owned(), how)));
    };
    expect(&|_| (), "coordinator", How::ByRole);
    expect(&|duties| duties.shifts.push(shift("500000", 0, 8, "city")), "city", How::Rostered);
    expect(&|duties| duties.shifts.push(shift("500103", 0, 8, "district")), "district", How::Rostered);
    expect(&|duties| duties.shifts.push(shift("500103-a", 0, 8, "community")), "community", How::Rostered);
    expect(&|duties| duties.shifts.push(shift("500103-a", 1, 2, "later")), "later", How::Rostered);
    expect(&|duties| duties.shifts.clear(), "coordinator", How::ByRole);
    expect(&|duties| duties.people.retain(|one| one.role != Role::Coordinator), "lead", How::ByRole);
    expect(&|duties| duties.people.retain(|one| one.role != Role::SectionLead), "commander", How::Headquarters);
    duties.people.clear();
    assert_eq!(who(&duties, 1), None);
}

#[test]
fn a_shift_begins_with_its_first_moment_and_ends_before_its_last_and_a_take_over_ends_with_it() {
    let taken = TakenOver { area: "500103".into(), section: section(), at: at(3), by: "next".parse().unwrap() };
    let shifts = vec![shift("500103", 0, 8, "first"), shift("500103", 8, 16, "second")];
    let duties = Duties { shifts, taken_over: vec![taken], people: people() };
    let names: Vec<String> = [-1, 0, 2, 3, 7, 8, 15, 16].map(|hour| who(&duties, hour).unwrap().0).into();
    assert_eq!(names, ["coordinator", "first", "first", "next", "next", "second", "second", "coordinator"]);
    assert_eq!(who(&duties, 7).unwrap().1, How::TookOver);
}

proptest! {
    /// With a commander there is always somebody, whatever the roster says; what is overdue only climbs.
    #[test]
    fn every_post_has_somebody_and_what_is_late_climbs(
        shifts in prop::collection::vec((0usize..3, -24i64..48, 0i64..24), 0..12), hours in prop::collection::vec(-48i64..96, 1..20)
    ) {
        let areas = ["500000", "500103", "500103-a"];
        let shifts = shifts.into_iter().enumerate().map(|(nth, (area, from, long))| {
            shift(areas[area], from, from + long, &format!("p-{nth}"))
        });
        let duties = Duties { shifts: shifts.collect(), taken_over: vec![], people: people() };
        let rung = |after_minutes, level| Rung { after_minutes, post: Post { section: "transfer".into(), level } };
        let rungs = vec![rung(30, Level::Community), rung(120, Level::District), rung(480, Level::City)];
        let ladder = Ladder { id: "hours".into(), rungs };
        let mut hours = hours;
        hours.sort_unstable();
        let mut last = 0;
        for hour in hours {
            prop_assert!(who(&duties, hour).is_some());
            let asked = duties.asked(&ladder, &path(), at(0), at(hour));
            prop_assert_eq!(asked.is_some(), hour >= 1, "half an hour overdue, and not before");
            let reached = asked.map_or(0, |asked| asked.rung);
            prop_assert!(reached >= last, "it came down again");
            prop_assert_eq!(reached, match hour { ..1 => 0, 1 => 1, 2..8 => 2, _ => 3 });
            last = reached;
        }
    }
}
