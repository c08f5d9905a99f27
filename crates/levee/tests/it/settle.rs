//! A day is closed by two people, and not before everything that is late has a reason.

use crate::support::City;
use jiff::civil::date;
use levee_app::city::City as Open;
use levee_app::clock::MachineClock;
use levee_app::ledger::{Ask, carry_out};
use levee_ledger::{Command, NewObligation, ObligationId};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::EntityId;
use levee_store::sqlite::SqliteJournal;
use std::collections::BTreeMap;

/// Somebody at the city's machine, or a person by name, with a new command.
pub(crate) fn envelope(person: &str) -> Envelope {
    Envelope {
        command_id: CommandId::new(uuid::Uuid::now_v7()),
        actor: Actor::Person(person.parse().unwrap()),
        on_behalf_of: None,
        channel: Channel::Cli,
        assurance: Assurance::Asserted,
    }
}

fn at(hour: i8) -> jiff::Timestamp {
    let china = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    date(2022, 11, 18).at(hour, 0, 0, 0).to_zoned(china).unwrap().timestamp()
}

/// Carries commands out in a replayed city, at an hour of 18 November 2022.
pub(crate) fn carry(city: &City, hour: i8, commands: Vec<Command>) {
    let mut journal = SqliteJournal::open(&city.at("city")).unwrap();
    let blobs = city.blobs();
    let mut open = Open { journal: &mut journal, blobs: &blobs, clock: &MachineClock };
    let ask = Ask { commands, at: Some(at(hour)), note: None };
    carry_out(&mut open, &envelope("commander-1"), &ask).unwrap();
}

/// `units` of care placement in each of `areas`, due by noon; gives the ids in order.
pub(crate) fn owing(city: &City, areas: &[&str], units: u64) -> Vec<ObligationId> {
    let made = EntityId::new(uuid::Uuid::now_v7(), 0);
    let ids: Vec<ObligationId> =
        (0u32..).take(areas.len()).map(|nth| ObligationId(EntityId::new(made.command(), nth))).collect();
    let one = |(id, area): (&ObligationId, &&str)| {
        Command::Open(Box::new(NewObligation {
            id: *id,
            kind: "care_placement".parse().unwrap(),
            path: format!("500000/{area}").parse().unwrap(),
            units,
            subject: None,
            ground: None,
            opened_at: at(8),
            due: Some(at(12)),
            owner: None,
            fields: BTreeMap::new(),
            note: None,
            synthetic: true,
        }))
    };
    carry(city, 8, ids.iter().zip(areas).map(one).collect());
    ids
}

fn explained(city: &City, what: &[ObligationId]) {
    let what = what.iter().map(|id| (*id).into()).collect();
    let day = date(2022, 11, 18);
    let (reason, owner) = ("no_capacity".to_owned(), "lead-transfer".parse().unwrap());
    // 24:00 of the day.
    let ends = at(23) + jiff::SignedDuration::from_hours(1);
    carry(city, 20, vec![Command::Explain { what, day, ends, reason, owner }]);
}

const SETTLE: [&str; 6] = ["settle", "city", "--date", "2022-11-18", "--at", "2022-11-19T00:30"];

fn settle(city: &City, person: &str, more: &[&str]) -> crate::support::Output {
    city.run(&[&SETTLE, &["--as", person][..], more].concat())
}

#[test]
fn a_day_with_unexplained_arrears_is_refused_and_they_are_named() {
    let city = City::replay();
    let ids = owing(&city, &["500103", "500112"], 7);
    let said = settle(&city, "commander-1", &["--lang", "en"]).no(&[
        "14 unit(s) of 2 obligation(s) due by the end of 2022-11-18 are neither met nor explained",
        "Yuzhong",
        "Yubei",
        "12:00",
        "mend: meet them, or say why and who answers for it",
    ]);
    assert!(said.out.contains(&ids[0].to_string()), "{said:#?}");
    settle(&city, "commander-1", &[]).no(&["不能封账", "渝中", "既未办结，也未说明理由"]);
    let json = settle(&city, "commander-1", &["--json"]);
    assert_eq!((json.code, json.json()["unexplained"].as_array().unwrap().len()), (Some(1), 2));
    assert!(!city.at("city/statements").exists(), "nothing is written of a day that is not sealed");
    city.is_whole();
}

#[test]
fn more_than_thirty_are_counted_and_the_longest_listed() {
    let city = City::replay();
    let areas: Vec<&str> = ["500103", "500104", "500105", "500106"].into_iter().cycle().take(41).collect();
    owing(&city, &areas, 1);
    let said = settle(&city, "commander-1", &["--lang", "en"]).no(&["41 in all; above are the 30"]);
    assert_eq!(said.out.lines().filter(|line| line.contains("12:00")).count(), 30);
}

#[test]
fn two_people_seal_a_day_and_its_files_say_what_the_books_say() {
    let city = City::replay();
    let ids = owing(&city, &["500103", "500112"], 7);
    let meet = |id: ObligationId, units| Command::Meet {
        what: id.into(),
        units,
        reason: Some("transferred".into()),
        said: levee_ledger::Said::Actor,
        evidence: vec![],
    };
    carry(&city, 10, vec![meet(ids[0], 7), meet(ids[1], 3)]);
    explained(&city, &ids[1..]);

    let draft = city.run(&["statement", "city", "--date", "2022-11-18", "--lang", "en"]).done();
    assert!(draft.out.contains("not sealed: a draft"), "{draft:#?}");
    assert!(city.read("city/statements/2022-11-18-500000-draft.html").contains("Not sealed: a draft"));

    settle(&city, "commander-1", &["--lang", "en"]).done();
    settle(&city, "commander-1", &["--lang", "en"]).no(&["a second person must seal it", "--as PERSON"]);
    let sealed = settle(&city, "commander-2", &["--lang", "en"]).done();
    assert!(sealed.out.contains("is sealed by Commander One (invented) and Commander Two (invented)"), "{sealed:#?}");
    settle(&city, "commander-2", &["--lang", "en"]).no(&["sealed already"]);

    let csv = city.read("city/statements/2022-11-18-500000.csv");
    let rows: Vec<Vec<&str>> =
        csv.trim_start_matches('\u{FEFF}').lines().map(|line| line.split(',').collect()).collect();
    // Counted from the end: a name before the figures may hold a comma.
    let sum = |key: &str| -> u64 {
        let back = rows[0].iter().rev().position(|head| *head == key).unwrap();
        rows[1..].iter().map(|row| row[row.len() - 1 - back].parse::<u64>().unwrap()).sum()
    };
    assert_eq!([sum("opened"), sum("met"), sum("carried_out"), sum("residual")], [14, 10, 4, 0]);
    let arrears = city.read("city/statements/2022-11-18-500000-arrears.csv");
    assert!(arrears.contains("no capacity free") && arrears.contains("Transfer Lead (invented)"), "{arrears}");
    let page = city.read("city/statements/2022-11-18-500000.html");
    let listed = city.run(&["statement", "city", "--date", "2022-11-18", "--json"]).done().json();
    assert_eq!((listed["sealed"].as_bool(), listed["statement"]["arrears"].as_array().unwrap().len()), (Some(true), 1));
    assert!(page.contains("is closed") && page.contains("模拟数据"));
    assert!(std::fs::read(city.at("city/statements/2022-11-18-500000.xlsx")).unwrap().starts_with(b"PK"));
    city.is_whole();
}

#[test]
fn a_signature_falls_when_the_books_move_on() {
    let city = City::replay();
    let ids = owing(&city, &["500103"], 2);
    explained(&city, &ids);
    settle(&city, "commander-1", &[]).done();
    owing(&city, &["500104"], 1);
    let statement = city.run(&["statement", "city", "--date", "2022-11-18", "--lang", "en"]).done();
    assert!(statement.out.contains("not sealed"), "{statement:#?}");
    settle(&city, "commander-2", &["--lang", "en"]).no(&["1 unit(s) of 1 obligation(s)"]);
}

#[test]
fn settling_asks_for_a_person_a_day_and_a_district() {
    let city = City::replay();
    let run = |more: &[&str]| city.run(&[&SETTLE, more].concat());
    run(&[]).refused(&["to seal a day, a person must act", "--as PERSON"]);
    run(&["--as", "nobody"]).refused(&["the city knows no person `nobody`"]);
    run(&["--as", "clerk-1"]).refused(&["may not seal a day"]);
    run(&["--as", "coordinator-500103", "--area", "500112"]).refused(&["may not seal the day of another area"]);
    run(&["--as", "commander-1", "--area", "999999"])
        .refused(&["the city knows no place `999999`", "settle a district"]);
    let early = ["settle", "city", "--date", "2022-11-18", "--as", "commander-1", "--at", "2022-11-18T20:00"];
    city.run(&[&early[..], &["--lang", "en"]].concat()).no(&["2022-11-18 is not over before"]);
    city.run(&["statement", "nowhere", "--date", "2022-11-18"]).refused(&["is no city folder"]);
}

#[test]
fn a_district_closes_its_own_books() {
    let city = City::replay();
    let ids = owing(&city, &["500103", "500112"], 1);
    explained(&city, &ids[..1]);
    settle(&city, "coordinator-500103", &["--area", "500103"]).done();
    settle(&city, "commander-1", &["--area", "500103"]).done();
    // The city cannot close as long as the other district has something unexplained; then it says who closed apart.
    settle(&city, "commander-1", &["--lang", "en"]).no(&["1 unit(s) of 1 obligation(s)"]);
    explained(&city, &ids[1..]);
    settle(&city, "commander-1", &[]).done();
    settle(&city, "commander-2", &[]).done();
    let page = city.read("city/statements/2022-11-18-500000.html");
    assert!(page.contains("Sealed apart, not in this statement") && page.contains("Yuzhong"));
}
