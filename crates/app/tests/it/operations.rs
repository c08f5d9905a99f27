//! The operations map and timetable: nothing is left out in silence, nothing later enters an earlier view, nobody is named.

use crate::ledger::{at, command};
use crate::measures::{Place, at as from, book, proposal};
use crate::town::{Town, moment, person};
use jiff::Timestamp;
use jiff::civil::date;
use levee_app::event::Mode;
use levee_app::ledger::owed::{Query, owed};
use levee_app::ledger::{Ask as LedgerAsk, Desk, carry_out};
use levee_app::measures::{Ask as MeasureAsk, Proposal, carry_out_at};
use levee_app::operations::{Ask, Operations, operations};
use levee_brief::Lang;
use levee_brief::operations::{FeatureKind, NoGeometry, Source, State};
use levee_ledger::catalogue::FieldValue;
use levee_ledger::{Command, NewObligation, ObligationId};
use levee_measures::For;
use levee_model::ids::EntityId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn seen(town: &mut Town, at: Timestamp) -> Operations {
    operations(&town.city(), Ask { at, book: None, plan: None, picture: None }).unwrap()
}

fn do_it(town: &mut Town, command: Command, at: Timestamp) {
    let envelope = town.command(person("commander-1"));
    // A command that is refused changes nothing, and is part of the game.
    let _ = carry_out(&mut town.city(), &envelope, &LedgerAsk { commands: vec![command], at: Some(at), note: None });
}

fn must(town: &mut Town, command: Command, at: Timestamp) {
    let envelope = town.command(person("commander-1"));
    let ask = LedgerAsk { commands: vec![command], at: Some(at), note: None };
    carry_out(&mut town.city(), &envelope, &ask).unwrap();
}

/// found = rows + unplaced + filtered, for each source, and what was counted is what is there.
fn conserved(of: &Operations) -> Result<(), TestCaseError> {
    for source in Source::ALL {
        let tally = of.tally[&source];
        prop_assert_eq!(tally.found, tally.rows + tally.unplaced + tally.filtered, "{:?}", source);
        prop_assert_eq!(tally.rows, of.rows.iter().filter(|row| row.source == source).count() as u64);
        prop_assert_eq!(tally.unplaced, of.unplaced.iter().filter(|one| one.source == source).count() as u64);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_is_owed_is_in_the_timetable_and_nothing_later_enters(
        early in prop::collection::vec((command(), 0i64..30), 0..40),
        late in prop::collection::vec((command(), 31i64..60), 0..20),
        hour in 30i64..31,
    ) {
        let mut town = Town::new(Mode::Replay);
        let mut early = early;
        early.sort_by_key(|(_, hour)| *hour);
        for (command, hour) in early {
            do_it(&mut town, command, at(hour));
        }
        let now = at(hour);
        let first = seen(&mut town, now);
        conserved(&first)?;
        let desk = Desk::load(&town.journal).unwrap();
        let query = Query {
            area: "500000".parse().unwrap(), late: false, kind: None, section: None, owner: None, limit: usize::MAX,
        };
        let books = owed(&town.journal, &desk, &query, now).unwrap();
        let open: BTreeMap<&str, _> = first
            .rows
            .iter()
            .filter(|row| row.source == Source::Obligation && row.is_open())
            .map(|row| (row.id.as_str(), row))
            .collect();
        prop_assert_eq!(open.len(), books.items.len());
        for item in &books.items {
            let row = open[item.obligation.to_string().as_str()];
            prop_assert_eq!(row.until.utc, item.due);
            prop_assert_eq!(row.units.as_ref().unwrap().0, item.row.units);
            prop_assert_eq!(row.state == State::Overdue, item.due < now);
        }
        let tasks = first.features.iter().filter(|one| one.kind == FeatureKind::Task).count();
        prop_assert_eq!(tasks, books.items.len());

        let mut late = late;
        late.sort_by_key(|(_, hour)| *hour);
        for (command, hour) in late {
            do_it(&mut town, command, at(hour));
        }
        prop_assert_eq!(&seen(&mut town, now), &first, "something that became known later entered");

        for district in ["500000", "500103", "500112"] {
            for section in ["transfer", "supplies", "headquarters"] {
                let some = first.clone().only(Some(district), Some(section));
                conserved(&some)?;
                prop_assert!(some.rows.iter().all(|row| row.district == district && row.section == section));
            }
        }
    }
}

fn deliver(nth: u32, path: &str, subject: Option<&str>, due: Timestamp) -> Command {
    Command::Open(Box::new(NewObligation {
        id: ObligationId(EntityId::new(Uuid::from_u128(0x0193_4a5b_0000_7000_a000_0000_0000_0000), nth)),
        kind: "food_delivery".parse().unwrap(),
        path: path.parse().unwrap(),
        units: 1,
        subject: subject.map(|subject| subject.parse().unwrap()),
        ground: None,
        opened_at: at(0),
        due: Some(due),
        owner: None,
        fields: BTreeMap::from([("packages".to_owned(), FieldValue::Count(1))]),
        note: None,
        synthetic: false,
    }))
}

fn everything(of: &Operations) -> String {
    let mut all = format!("{}{}{}", of.to_json(), of.geojson(), of.to_html(Lang::Zh));
    for lang in Lang::BOTH {
        all.push_str(&of.ics(lang).replace("\r\n ", ""));
        all.push_str(&format!("{:?}", of.sheets(lang)));
        all.push_str(&of.headline(lang));
    }
    all
}

#[test]
fn a_delivery_is_told_down_to_the_community_and_names_nobody() {
    let mut town = Town::new(Mode::Replay);
    let deep = "500000/500103/s-1/community-2/compound-secret/building-secret/household-secret";
    must(&mut town, deliver(1, deep, Some("hh-secret-12"), at(2)), at(0));
    let then = seen(&mut town, at(5));
    let row = then.rows.iter().find(|row| row.source == Source::Obligation).unwrap();
    assert_eq!((row.place.as_str(), row.district.as_str(), row.state), ("community-2", "500103", State::Overdue));
    assert_eq!(row.late_minutes, Some(180));
    assert!(!everything(&then).contains("secret"), "{}", everything(&then));
    // Its point would be that of the district: it is not there.
    let task = then.features.iter().find(|one| one.kind == FeatureKind::Task).unwrap();
    assert_eq!(task.geometry, Err(NoGeometry::PlaceNotDrawn));
}

/// The restriction of one person, with an appeal by somebody.
fn quarantine(town: &mut Town) -> String {
    let calendar = Desk::load(&town.journal).unwrap().calendar;
    let text = r#"
decided_by = "commander-1"
[person]
subject = "person-secret-17"
kind = "quarantine"
within = "500103"
[ground]
rule = "cn.contact.close"
clause = "x"
[time]
start = "2022-11-18T08:00"
review = "2022-11-19T08:00"
end = "2022-11-23T08:00"
[[evidence]]
report = "r-1"
occurred = "2022-11-17T20:00"
[words]
what = { zh = "secret", en = "secret" }
why = { zh = "secret", en = "secret" }
alternative = { zh = "secret", en = "secret" }
"#;
    let proposal = Proposal::read(text, &calendar).unwrap();
    let desk = Desk::load(&town.journal).unwrap();
    let envelope = town.command(person("coordinator-500103"));
    let ask = MeasureAsk::Propose(Box::new(proposal));
    let done = carry_out_at(&desk, &mut town.city(), &envelope, &ask, Some(at(0))).unwrap();
    let id = done.id.unwrap();
    let envelope = town.command(person("commander-2"));
    let appeal = MeasureAsk::Appeal { id, by: "person-secret-17".parse().unwrap(), asks: For::All };
    let _ = carry_out_at(&desk, &mut town.city(), &envelope, &appeal, Some(at(1)));
    id.to_string()
}

#[test]
fn a_person_is_on_no_map_and_in_no_export() {
    let mut town = Town::new(Mode::Replay);
    let id = quarantine(&mut town);
    let then = seen(&mut town, at(2));
    conserved(&then).unwrap();
    let sources: BTreeSet<Source> = then.rows.iter().filter(|row| row.id == id).map(|row| row.source).collect();
    assert_eq!(sources, BTreeSet::from([Source::Measure, Source::Review]));
    let row = then.rows.iter().find(|row| row.source == Source::Measure).unwrap();
    assert_eq!((row.state, row.what.en.as_str()), (State::Planned, "Quarantine of one person"));
    assert_eq!(row.owner.as_ref().unwrap().person, "commander-1");
    let feature = then.features.iter().find(|one| one.kind == FeatureKind::Measure).unwrap();
    assert_eq!(feature.geometry, Err(NoGeometry::OnePerson));
    assert!(!everything(&then).contains("secret"));
    // Before it was proposed nobody knew of it.
    let before = seen(&mut town, at(0) - jiff::SignedDuration::from_secs(1));
    assert!(before.rows.iter().all(|row| row.source != Source::Measure) && before.tally[&Source::Measure].found == 0);
}

#[test]
fn what_nobody_stands_behind_is_a_finding() {
    let mut town = Town::new(Mode::Replay);
    must(&mut town, deliver(1, "500000/500112", None, at(12)), at(0));
    let then = seen(&mut town, at(1));
    let row = then.rows.iter().find(|row| row.source == Source::Obligation).unwrap();
    let owner = row.owner.as_ref().unwrap();
    // The pack has a lead for supplies, so somebody answers by role; without people nobody does.
    assert_eq!((owner.how.as_str(), row.is_unowned()), ("by_role", false));
    let mut nobody = then.clone();
    nobody.rows.iter_mut().for_each(|row| row.owner = None);
    assert_eq!(nobody.unowned().count(), nobody.rows.iter().filter(|row| row.is_open()).count());
    assert!(nobody.headline(Lang::En).contains("with nobody behind"), "{}", nobody.headline(Lang::En));
    assert!(nobody.ics(Lang::En).contains("NO OWNER") && nobody.to_html(Lang::Zh).contains("无人负责"));
}

#[test]
fn a_moment_before_the_outbreak_or_the_first_report_is_refused_with_the_mend() {
    let mut town = Town::new(Mode::Replay);
    let refused = |town: &mut Town, at| {
        let error = operations(&town.city(), Ask { at, book: None, plan: None, picture: None }).unwrap_err();
        format!("{error}; {}", error.hint().unwrap())
    };
    let said = refused(&mut town, moment(date(2022, 10, 1).at(0, 0, 0, 0)));
    assert!(said.contains("before the outbreak began") && said.contains("later moment"), "{said}");
    town.send_pack_as(|row| Some(row).filter(|row| row.spec().name == "infections"));
    let said = refused(&mut town, moment(date(2022, 11, 1).at(0, 1, 0, 0)));
    assert!(said.contains("no report had come in") && said.contains("the first one was known at"), "{said}");
    let mut live = Town::new(Mode::Live);
    let ahead = live.clock.0 + jiff::SignedDuration::from_hours(1);
    assert!(refused(&mut live, ahead).contains("has not come yet"));
}

#[test]
fn a_live_city_reads_what_it_keeps_and_a_past_moment_is_made_again() {
    let mut town = Town::new(Mode::Live);
    let first = town.clock.0;
    must(&mut town, deliver(1, "500000/500103", None, first + jiff::SignedDuration::from_hours(4)), first);
    town.clock.0 = first + jiff::SignedDuration::from_hours(6);
    let late = deliver(2, "500000/500103", None, town.clock.0 + jiff::SignedDuration::from_hours(4));
    let now = town.clock.0;
    must(&mut town, late, now);
    let lines = |of: &Operations| of.tally[&Source::Obligation].rows;
    assert_eq!((lines(&seen(&mut town, now)), lines(&seen(&mut town, first))), (2, 1));
    // Made again for now it is what is kept.
    let kept = seen(&mut town, now);
    town.clock.0 = now + jiff::SignedDuration::from_secs(1);
    assert_eq!(seen(&mut town, now), kept);
}

#[test]
fn a_restriction_stands_in_the_timetable_from_its_draft_to_its_end() {
    let mut place = Place::new();
    let ask = MeasureAsk::Propose(Box::new(proposal(0, false)));
    let id = place.ask("coordinator-500103", ask).unwrap().id.unwrap();
    place.provide(id, None);
    for way in ["door", "lane"] {
        place.inspect(id, way, true).unwrap();
    }
    let notice = MeasureAsk::Notice { id, how: "posted".into(), appeal_channel: None };
    place.ask("lead-community", notice).unwrap();
    place.ask("coordinator-500103", MeasureAsk::Assess { id, book: book(), effect: None }).unwrap();
    place.ask("coordinator-500103", MeasureAsk::Gate(id)).unwrap();
    let activate = MeasureAsk::Activate { id, second: "commander-1".parse().unwrap() };
    place.ask("coordinator-500103", activate).unwrap();
    place.now = 10;
    place.inspect(id, "lane", false).unwrap();
    let mut state = |hour: i64| {
        let then = seen(&mut place.town, from(hour));
        conserved(&then).unwrap();
        let row = then.rows.iter().find(|row| row.source == Source::Measure).cloned();
        let due = then.rows.iter().filter(|row| row.source == Source::Obligation && row.is_open()).count();
        (row.map(|row| (row.state, row.place_name.en, row.until.utc)), due, then)
    };
    let end = from(96);
    let (live, due, then) = state(1);
    assert_eq!(live, Some((State::Live, "Building 7, Jiefangbei".to_owned(), end)));
    assert!(due > 10, "going live opens what is owed: {due}");
    let review = then.rows.iter().find(|row| row.source == Source::Review).unwrap();
    assert_eq!((review.state, review.until.utc), (State::Owed, from(48)));
    let feature = then.features.iter().find(|one| one.kind == FeatureKind::Measure).unwrap();
    assert_eq!((feature.more["phase"].as_str(), feature.more["binds"].as_bool()), (Some("live"), Some(true)));
    // A blocked way frees people in the same minute.
    let (suspended, _, then) = state(10);
    assert_eq!(suspended.unwrap().0, State::Suspended);
    let note = then.rows.iter().find(|row| row.source == Source::Measure).unwrap().note.clone().unwrap();
    assert_eq!(note.en, "a way out is blocked");
    // Nobody wrote its end down; it is over all the same.
    assert_eq!(state(97).0.unwrap().0, State::Done);
    assert_eq!(state(150).0, None, "what was over before today is history");
}
