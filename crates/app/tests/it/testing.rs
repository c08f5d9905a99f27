//! Tests planned from the city: whom, where, which laboratory; with a laboratory out, without any, without parameters.

use crate::town::Town;
use jiff::civil::{Date, date};
use levee_app::day::{DayOptions, compute};
use levee_app::event::Mode;
use levee_app::plans::{self, Answered, Part, PlanAsk, PlanDocument, sections};
use levee_brief::catalogue;
use levee_brief::facts::Message;
use levee_brief::lang::{Lang, Speaker};
use levee_model::plan::testing::{TestClass, TestingCause, TestingInputs, TestingPlan};
use levee_model::provenance::Origin;
use levee_model::table::{Cell, Row};
use levee_outlook::demand::Kind;

const MEETING: Date = date(2022, 11, 18);

fn plan(town: &mut Town) -> PlanDocument {
    let document =
        plans::make(&town.city(), MEETING, &PlanAsk { what: vec![Part::Testing], ..PlanAsk::default() }).unwrap();
    assert_eq!(plans::check(&document).unwrap(), Vec::<String>::new());
    document
}

fn tests(document: &PlanDocument) -> &Answered<TestingInputs, TestingPlan> {
    document.testing.as_ref().unwrap()
}

fn said(message: &Message, lang: Lang) -> String {
    catalogue::write(message, Speaker { lang, year: 2022 }).capitalised().plain()
}

/// The section of the tests as a reader has it.
fn told(document: &PlanDocument, lang: Lang) -> String {
    let section = sections(document, None).into_iter().find(|section| section.part == "testing").unwrap();
    let lines = section.lines.iter().map(|line| said(line, lang));
    std::iter::once(said(&section.title, lang)).chain(lines).collect::<Vec<_>>().join("\n")
}

/// Nobody is lost: for each duty that was asked for, people = in time + late + not sampled; tubes taken = analysed + lost + pending.
#[track_caller]
fn balances(document: &PlanDocument) {
    let Answered { asked, plan } = tests(document);
    for duty in &asked.duties {
        let outcome = plan.duties.iter().find(|outcome| outcome.duty == duty.id).unwrap();
        let sum = outcome.on_time.get() + outcome.late.get() + outcome.unsampled.get() + outcome.resolved.get();
        assert_eq!((outcome.people, sum), (duty.people, duty.people.get()), "{}", duty.id);
    }
    let t = &plan.totals;
    assert_eq!(t.collected.get() + t.waiting.get(), t.analysed.get() + t.lost.get() + t.pending.get());
    let sent: u64 = plan.tubes.iter().map(|order| order.tubes.get()).sum();
    assert_eq!(sent, t.collected.get());
}

fn people(asked: &TestingInputs, class: TestClass) -> u64 {
    asked.duties.iter().filter(|duty| duty.class == class).map(|duty| duty.people.get()).sum()
}

fn out_of_order(row: Row, laboratory: &str) -> Row {
    let zero = || Cell::Count(0);
    match row.text("facility") == Some(laboratory) && row.spec().name == "facility_status" {
        true => row.with("physical", zero()).with("staffed", zero()).with("equipped", zero()),
        false => row,
    }
}

#[test]
fn chongqing_is_planned_and_its_people_are_those_of_the_outlook() {
    let mut town = Town::new(Mode::Replay);
    town.send_pack();
    let document = plan(&mut town);
    balances(&document);
    let Answered { asked, plan } = tests(&document);
    assert_eq!((asked.sites.len(), asked.laboratories.len()), (38, 20));
    assert_eq!(plan.origin, Origin::Synthetic, "teams, sites and laboratories of the pack are invented, and it shows");
    let size = serde_json::to_vec(&document.testing).unwrap().len();
    assert!(size < 1_000_000, "{size} bytes of tests in the document");
    // Contacts and rounds are the outlook's swabs of the day, at the quantile that plans are made for.
    let day = compute(&town.city(), MEETING, DayOptions::default()).unwrap();
    let demand = day.demand.unwrap();
    let level = day.known.parameters.in_force("plan.quantile", MEETING).unwrap().1;
    let ahead = usize::try_from((asked.start - demand.first_day()).get_days()).unwrap();
    let swabs = demand.quantiles(day.known.places.city(), Kind::Swabs, ahead, &[level]).unwrap().unwrap()[0];
    let (contacts, rounds) = (people(asked, TestClass::Contact), people(asked, TestClass::Screening));
    // Of five districts the pack does not know the residents; the city's sum has them, and the plan says that it has not.
    let places = &day.known.places;
    let residents = |area: Option<&levee_model::area::Area>| area.and_then(|one| one.population).map_or(0, |n| n.get());
    let known: u64 = places.districts().map(|area| residents(Some(area))).sum();
    let unknown = residents(places.area(places.city())) - known;
    let value = |id: &str| day.known.parameters.in_force(id, asked.start).unwrap().1;
    let left_out = unknown as f64 * value("testing.round_share") / value("testing.round_every_days");
    assert!(document.gaps[0].why.en.contains("residents of 500233, 500235"), "{:?}", document.gaps);
    let apart = ((contacts + rounds) as f64 + left_out - swabs).abs();
    assert!(contacts > 1000 && unknown > 0 && apart <= 1.5, "{contacts} + {rounds} + {left_out}, {swabs}");
    // No laboratory loads more on a day than its share of what it is certified for.
    for laboratory in &asked.laboratories {
        let limit = laboratory.per_day.unwrap().get() * u64::from(asked.limits.share_per_mille) / 1000;
        for day in 0..2 {
            let of = |load: &&levee_model::plan::testing::LaboratoryLoad| {
                load.laboratory == laboratory.laboratory && load.hour / 24 == day
            };
            let loaded: u64 = plan.loads.iter().filter(of).map(|load| load.tubes.get()).sum();
            assert!(loaded <= limit, "{}: {loaded} of {limit}", laboratory.laboratory);
        }
    }
    insta::assert_snapshot!("testing_en", told(&document, Lang::En));
    insta::assert_snapshot!("testing_zh", told(&document, Lang::Zh));
    // A document that was changed is refused: one tube more than was taken.
    let mut broken = document.clone();
    let order = &mut broken.testing.as_mut().unwrap().plan.tubes[0];
    order.tubes = levee_model::quantity::Tubes::new(order.tubes.get() + 1);
    let found = plans::check(&broken).unwrap();
    assert!(found.iter().any(|violation| violation.starts_with("testing: ")), "{found:?}");
    let mut other = document.clone();
    other.testing.as_mut().unwrap().asked.laboratories[0].per_day = None;
    assert!(plans::check(&other).unwrap().iter().any(|violation| violation.contains("inputs are not those")));
}

#[test]
fn a_laboratory_that_stands_still_gets_nothing_and_the_others_help() {
    let mut town = Town::new(Mode::Replay);
    town.send_pack_as(|row| Some(out_of_order(row, "CQ-LAB-01")));
    let document = plan(&mut town);
    balances(&document);
    let plan = &tests(&document).plan;
    assert!(plan.tubes.iter().all(|order| order.laboratory.as_str() != "CQ-LAB-01"));
    let yuzhong = plan.duties.iter().find(|outcome| outcome.duty.as_str() == "round-500103").unwrap();
    assert_eq!(yuzhong.unsampled.get() + yuzhong.late.get(), 0, "{yuzhong:?}");
    assert!(plan.tubes.iter().any(|order| order.duty == yuzhong.duty && order.helps));
}

#[test]
fn without_laboratories_the_plan_says_what_is_missing() {
    let mut town = Town::new(Mode::Replay);
    town.send_pack_as(|row| {
        let laboratory = row.text("facility").is_some_and(|id| id.starts_with("CQ-LAB"));
        (!laboratory).then_some(row)
    });
    let document = plan(&mut town);
    balances(&document);
    let plan = &tests(&document).plan;
    assert_eq!(plan.totals.on_time.get(), 0);
    let rounds = plan.duties.iter().filter(|outcome| outcome.class == TestClass::Screening);
    assert!(
        rounds.clone().count() > 30 && rounds.into_iter().all(|outcome| outcome.cause == Some(TestingCause::NoLane))
    );
    insta::assert_snapshot!("testing_no_laboratory", told(&document, Lang::En));
}

#[test]
fn without_parameters_there_is_a_gap_and_no_plan() {
    let mut town = Town::without_parameters(&["testing."]);
    town.send_pack();
    let document = plan(&mut town);
    assert_eq!(document.testing, None);
    let [gap] = document.gaps.as_slice() else { panic!("{:?}", document.gaps) };
    assert_eq!(gap.part, Part::Testing);
    for word in ["it is not known whom to test", "testing.round_share", "parameters.csv"] {
        assert!(gap.why.en.contains(word), "{}", gap.why.en);
    }
    assert!(gap.why.zh.contains("testing.round_share"), "{}", gap.why.zh);
}
