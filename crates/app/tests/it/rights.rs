//! Who may do what.

use crate::town::{Town, bad, good, moment, person, row};
use jiff::civil::date;
use levee_app::city::AppError;
use levee_app::day::{DayOptions, run};
use levee_app::event::{Event, Mode, Position};
use levee_app::journal::Journal;
use levee_app::measures::{Ask, carry_out};
use levee_app::rejected;
use levee_app::rights::NotAllowed;
use levee_model::command::Actor;
use std::ops::ControlFlow;

fn town_with_a_rejected_row() -> (Town, levee_model::ids::EntityId) {
    let mut town = Town::new(Mode::Replay);
    let batch = town.send(vec![bad(2)]).batch;
    (town, batch)
}

fn events(town: &Town) -> Vec<Event> {
    let mut events = Vec::new();
    let each = &mut |stored: levee_app::event::StoredEvent| {
        events.push(stored.event);
        ControlFlow::Continue(())
    };
    town.journal.events(Position(0), each).unwrap();
    events
}

#[test]
fn rejected_values_are_read_by_a_named_person_with_a_reason_and_it_leaves_a_trace() {
    let (mut town, batch) = town_with_a_rejected_row();
    let before = town.journal.last().unwrap();
    let read = |town: &mut Town, actor, reason: &str| {
        let envelope = town.command(actor);
        rejected::read(&mut town.city(), &envelope, batch, reason)
    };
    let nameless = read(&mut town, Actor::LocalOperator, "to mend").unwrap_err();
    assert!(matches!(nameless, AppError::NotAllowed(NotAllowed::Nameless { .. })), "{nameless}");
    assert_eq!(nameless.hint().as_deref(), Some("say who acts with --as PERSON"));
    for other in ["analyst-1", "lead-testing", "auditor-1", "coordinator-500112"] {
        let refused = read(&mut town, person(other), "to mend");
        assert!(matches!(refused, Err(AppError::NotAllowed(NotAllowed::Role { .. }))), "{other}: {refused:?}");
    }
    assert!(read(&mut town, person("clerk-1"), "  ").is_err(), "a reason is more than spaces");
    assert_eq!(town.journal.last().unwrap(), before, "nothing was written for a refusal");

    let rows = read(&mut town, person("clerk-1"), "to mend").unwrap().rows;
    assert_eq!(rows[0].cells, ["500103", "-3"]);
    assert!(matches!(events(&town).last(), Some(Event::RejectedRead(read)) if read.rows == 1 && read.batch == batch));
}

#[test]
fn rejected_values_lie_in_no_event() {
    let (town, _) = town_with_a_rejected_row();
    let stored = format!("{:?}", events(&town));
    assert!(stored.contains("L1107") && !stored.contains("\"-3\""), "the journal keeps what is wrong, not the value");
}

#[test]
fn reports_are_taken_in_by_those_whose_role_covers_it() {
    let mut town = Town::new(Mode::Replay);
    let known = date(2022, 11, 19).at(0, 0, 0, 0);
    let mut send = |actor, nth: i8| {
        town.send_as(actor, vec![good(2, row("500103", date(2022, 11, nth), 1, known))]).map(|r| r.balance.accepted)
    };
    for (nth, may) in (1i8..).zip(["clerk-1", "lead-testing", "coordinator-500107", "commander-2"]) {
        assert_eq!(send(person(may), nth).unwrap(), 1, "{may}");
    }
    assert_eq!(send(Actor::LocalOperator, 8).unwrap(), 1);
    for (nth, may_not) in (9i8..).zip(["analyst-1", "auditor-1"]) {
        let refused = send(person(may_not), nth);
        assert!(matches!(refused, Err(AppError::NotAllowed(NotAllowed::Role { .. }))), "{refused:?}");
    }
    let stranger = send(person("nobody"), 12).unwrap_err();
    assert!(matches!(stranger, AppError::NotAllowed(NotAllowed::Unknown(_))), "{stranger}");
    assert_eq!(stranger.to_string(), "the city knows no person `nobody`");
}

#[test]
fn a_day_is_run_by_those_whose_role_covers_it() {
    let mut town = Town::new(Mode::Replay);
    for who in ["clerk-1", "coordinator-500112", "auditor-1", "nobody"] {
        let envelope = town.command(person(who));
        let refused = run(&mut town.city(), &envelope, date(2022, 11, 18), DayOptions::default());
        assert!(matches!(refused, Err(AppError::NotAllowed(_))), "{who}: {:?}", refused.map(|r| r.day));
    }
}

#[test]
fn urgent_care_is_sent_for_by_everybody_and_no_role_is_asked() {
    let mut town = Town::new(Mode::Replay);
    let people = ["commander-1", "lead-testing", "coordinator-500112", "clerk-1", "analyst-1", "auditor-1"];
    let actors = people.map(person).into_iter().chain([Actor::LocalOperator, Actor::System]);
    for actor in actors {
        let envelope = town.command(actor.clone());
        let ask = Ask::UrgentCare { subject: "p-3".parse().unwrap() };
        let at = moment(date(2022, 11, 18).at(12, 0, 0, 0));
        let sent = carry_out(&mut town.city(), &envelope, &ask, Some(at));
        assert!(sent.is_ok(), "{actor:?}: {sent:?}");
    }
}
