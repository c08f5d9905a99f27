//! Openings of sites and runs of vehicles, as parts of a plan of Chongqing.

use crate::town::Town;
use jiff::civil::{Date, Time, date};
use levee_app::event::Mode;
use levee_app::plans::{self, Part, PlanAsk, PlanDocument, sections};
use levee_brief::catalogue;
use levee_brief::facts::PlanSection;
use levee_brief::lang::{DateStyle, Lang, Speaker};
use levee_model::plan::runs::{RunGap, StayCause};
use levee_model::plan::{LeftBecause, OpeningReason};
use levee_model::report::VehicleKind;
use levee_model::table::{Cell, Row};
use std::collections::BTreeMap;

const MEETING: Date = date(2022, 11, 18);

fn made(town: &mut Town, what: &[Part]) -> PlanDocument {
    let ask = PlanAsk { what: what.to_vec(), ..PlanAsk::default() };
    let document = plans::make(&town.city(), MEETING, &ask).unwrap();
    assert_eq!(plans::check(&document).unwrap(), Vec::<String>::new());
    document
}

fn chongqing() -> Town {
    let mut town = Town::new(Mode::Replay);
    town.send_pack();
    town
}

/// A part as people read it: title, lines, table.
fn read(section: &PlanSection, lang: Lang) -> String {
    let speaker = Speaker { lang, year: 2022 };
    let mut out = vec![catalogue::write(&section.title, speaker).capitalised().plain()];
    out.extend(section.lines.iter().map(|line| format!("- {}", catalogue::write(line, speaker).plain())));
    if let Some(table) = &section.table {
        let head: Vec<&str> = table.columns.iter().map(|column| lang.of(&column.name)).collect();
        out.push(head.join(" | "));
        for row in &table.rows {
            let cell = |cell: &Option<_>| match cell {
                Some(arg) => catalogue::argument(arg, DateStyle::Short, speaker).plain(),
                None => "?".to_owned(),
            };
            out.push(row.iter().map(cell).collect::<Vec<_>>().join(" | "));
        }
        out.push(format!("(+{})", table.left_out));
    }
    out.join("\n")
}

fn part<'a>(all: &'a [PlanSection], name: &str) -> &'a PlanSection {
    all.iter().find(|one| one.part == name).unwrap()
}

/// People of the first day's orders and of its surge = dispatched now + on runs + still waiting.
#[track_caller]
fn nobody_is_lost(document: &PlanDocument) {
    let plan = document.transfers().unwrap();
    let runs = &document.runs.as_ref().unwrap().plan;
    let orders: u64 = plan.orders.iter().filter(|o| o.day == runs.day).map(|o| o.people.get()).sum();
    let surge: u64 = plan.surge.iter().filter(|s| s.day == runs.day).map(|s| s.people.get()).sum();
    let riding: u64 = runs.runs.iter().map(plans::RunRow::people).sum();
    let urgent: u64 = runs.urgent.iter().map(|row| row.people.people()).sum();
    let waiting: u64 = runs.waiting.iter().map(|row| row.people.people()).sum();
    assert_eq!(orders + surge, riding + urgent + waiting);
    assert!(orders > 0);
    // Whoever is listed has a cause and a mend; whoever is urgent stands in no queue (law 7).
    assert!(runs.waiting.iter().all(|row| !row.mends.is_empty() && !row.class.is_life_saving()));
}

#[test]
fn tomorrow_has_openings_and_runs_that_are_read_in_both_languages() {
    let document = made(&mut chongqing(), &[]);
    assert_eq!(document.parts(), Part::ALL);
    nobody_is_lost(&document);
    let all = sections(&document, None);
    let both = |name: &str| format!("{}\n\n{}", read(part(&all, name), Lang::Zh), read(part(&all, name), Lang::En));
    insta::assert_snapshot!("openings_of_chongqing", both("openings"));
    insta::assert_snapshot!("runs_of_chongqing", both("runs"));
    // Yuelai is planned for 12,000 beds and has 6,000: its halls open no earlier than their lead time, with staff that is there.
    let openings = document.openings.as_ref().unwrap();
    let halls: Vec<_> =
        openings.plan.openings.iter().filter(|one| one.facility.as_str().starts_with("CQ-MH-01.hall-")).collect();
    assert!(!halls.is_empty());
    for hall in halls {
        assert!(hall.opens_on >= date(2022, 11, 22) && hall.prepare_from >= date(2022, 11, 19), "{hall:?}");
        assert!(hall.reasons.iter().any(|reason| matches!(reason, OpeningReason::Saves { .. })));
    }
    for row in &openings.plan.staff {
        assert!(row.preparing + row.running <= row.free + row.freed, "{row:?}");
    }
    // Nobody counts on them before somebody decides.
    let orders = &document.transfers().unwrap().orders;
    assert!(orders.iter().all(|order| plans::hall_of(&order.facility).is_none()));
    // With a lead time, sites in reserve are no gap any more but openings, within the stewards that are free.
    let rooms = &document.rooms.as_ref().unwrap().plan;
    assert!(
        !rooms.openings.is_empty() && rooms.openings.iter().all(|one| !one.staff_unconfirmed),
        "{:?}",
        rooms.openings
    );
}

/// Law 9, told apart from the checker: the hours of each crew and the road at night.
#[test]
fn runs_keep_the_hours_of_drivers_and_the_night_of_coaches() {
    let document = made(&mut chongqing(), &[Part::Runs]);
    let runs = &document.runs.as_ref().unwrap().plan.runs;
    assert!(!runs.is_empty());
    let mut by_crew: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for run in runs {
        assert!(matches!(run.kind, VehicleKind::Coach | VehicleKind::Taxi), "an ambulance is free for urgent people");
        assert!(run.depart >= Time::constant(6, 0, 0, 0) && run.arrive <= Time::constant(22, 0, 0, 0), "{run:?}");
        assert!(run.depart < run.arrive && run.arrive < run.leave && run.leave < run.back, "{run:?}");
        assert!(run.people() <= run.seats);
        by_crew.entry(&run.vehicle).or_default().push(run);
    }
    for (crew, mut runs) in by_crew {
        // 8 h in 24 h, and 44 h in 7 days of which 36 are spent: both say eight today.
        assert!(runs.iter().map(|run| run.drive_minutes).sum::<u32>() <= 8 * 60, "{crew}");
        runs.sort_by_key(|run| run.depart);
        assert!(runs.windows(2).all(|two| two[0].back <= two[1].depart), "{crew} is in two places");
    }
}

#[test]
fn without_vehicles_everybody_is_listed_with_the_cause_and_what_mends_it() {
    let mut town = Town::new(Mode::Replay);
    town.send_pack_without("vehicles");
    let document = made(&mut town, &[Part::Runs]);
    nobody_is_lost(&document);
    let runs = &document.runs.as_ref().unwrap().plan;
    assert!(runs.runs.is_empty() && !runs.waiting.is_empty());
    assert!(runs.waiting.iter().all(|row| row.cause == StayCause::NoVehicle), "{:?}", runs.waiting.first());
    // Law 7: whoever must go now goes, with whatever the dispatcher can send.
    let ill = |o: &&levee_model::plan::ProposedOrder| o.day == runs.day && o.class.is_life_saving();
    assert_eq!(runs.urgent.is_empty(), document.transfers().unwrap().orders.iter().find(ill).is_none());
    assert!(runs.urgent.iter().all(|row| row.vehicles.is_empty()));
    let said = read(part(&sections(&document, None), "runs"), Lang::En);
    assert!(said.starts_with("None of the") && said.contains("no vehicle for planned runs is known"), "{said}");
}

#[test]
fn hours_that_nobody_reported_are_a_gap_and_not_zero() {
    let mut town = Town::without_parameters(&["driver.driven_before_7d_hours", "makeshift.lead_days", "staff.free_"]);
    town.send_pack();
    let document = made(&mut town, &[]);
    nobody_is_lost(&document);
    let runs = &document.runs.as_ref().unwrap().plan;
    assert!(runs.runs.is_empty());
    assert!(runs.waiting.iter().all(|row| row.cause == StayCause::VehiclesUnknown), "{:?}", runs.waiting.first());
    assert!(runs.gaps.iter().all(|gap| matches!(gap, RunGap::VehicleUnknown { .. })) && !runs.gaps.is_empty());
    let openings = &document.openings.as_ref().unwrap().plan;
    assert!(openings.openings.is_empty());
    let hall = openings.left.iter().find(|left| plans::hall_of(&left.facility).is_some()).unwrap();
    assert!(matches!(&hall.because, LeftBecause::Unknown { missing } if missing.contains(&"lead_days".to_owned())));
    let said = read(part(&sections(&document, None), "openings"), Lang::En);
    assert!(said.contains("lead time not being known") || said.contains("lead time"), "{said}");
    assert!(said.contains("parameters.csv"), "{said}");
}

/// Law 8: what it would save does not matter.
#[test]
fn an_expired_acceptance_opens_nothing() {
    let mut town = Town::new(Mode::Replay);
    let expired = |row: Row| match row.text("facility") {
        Some("CQ-MH-01") if row.spec().name == "facilities" => {
            row.with("acceptance_until", Cell::Date(date(2022, 11, 17)))
        }
        _ => row,
    };
    town.send_pack_changed("", &expired);
    let document = made(&mut town, &[Part::Openings]);
    let plan = &document.openings.as_ref().unwrap().plan;
    assert!(plan.openings.is_empty(), "{:?}", plan.openings);
    let halls: Vec<_> = plan.left.iter().filter(|left| plans::hall_of(&left.facility).is_some()).collect();
    assert!(!halls.is_empty());
    assert!(halls.iter().all(|left| matches!(left.because, LeftBecause::NotAccepted { .. })), "{halls:?}");
    let said = read(part(&sections(&document, None), "openings"), Lang::En);
    assert!(said.contains("without a safety acceptance that holds"), "{said}");
}

#[test]
fn openings_and_runs_that_somebody_changed_are_caught() {
    let document = made(&mut chongqing(), &[Part::Openings, Part::Runs]);
    let printed = document.printed().unwrap();
    assert_eq!(plans::parse(printed.to_string().as_bytes()).unwrap(), document);
    let broken = |at: &str, value: serde_json::Value| {
        let mut changed = printed.clone();
        changed.as_object_mut().unwrap().remove("name");
        *changed.pointer_mut(at).unwrap() = value;
        plans::check(&plans::parse(changed.to_string().as_bytes()).unwrap()).unwrap()
    };
    let caught = |at: &str, value: serde_json::Value, part: &str| {
        let found = broken(at, value);
        assert!(found.iter().any(|said| said.starts_with(part)), "{at}: {found:?}");
    };
    caught("/openings/plan/openings/0/opens_on", "2022-11-19".into(), "openings: ");
    caught("/openings/plan/openings/0/run_by/0/people", 1.into(), "openings: ");
    caught("/openings/plan/staff/0/free", 9_999_999.into(), "openings: ");
    caught("/openings/asked/sites/0/acceptance_until", serde_json::Value::Null, "the inputs are not those");
    caught("/runs/plan/runs/0/depart", "02:30:00".into(), "runs: ");
    caught("/runs/plan/runs/0/drive_minutes", 1.into(), "runs: ");
    caught("/runs/plan/runs/0/pick_ups/0/people/0/people/last", u64::MAX.into(), "runs: they name more people");
    caught("/runs/asked/limits/drive_24h_minutes", 1_000.into(), "the inputs are not those");
    // A run taken away leaves its people in no list.
    let mut runs = printed["runs"]["plan"]["runs"].clone();
    runs.as_array_mut().unwrap().remove(0);
    caught("/runs/plan/runs", runs, "runs: ");
    // An order made smaller leaves more people on runs than have places.
    let mut orders = printed["transfer"]["plan"]["orders"].clone();
    orders.as_array_mut().unwrap().retain(|order| order["class"] != "mild");
    caught("/transfer/plan/orders", orders, "runs: ");
    caught("/transfer", serde_json::Value::Null, "runs: the orders that they carry out");
}
