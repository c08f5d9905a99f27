//! A day's books, from the sample tables of all systems to the seal of two people.

use crate::town::{Town, moment, person};
use jiff::civil::date;
use levee_app::city::AppError;
use levee_app::event::Mode;
use levee_app::ledger::owed::{Query, owed, record};
use levee_app::ledger::settle::{Settled, sealed_statement, settle, statement};
use levee_app::ledger::{Ask, Desk, carry_out, undo};
use levee_ledger::settlement::Unsettled;
use levee_ledger::{Change, Command, Flow, State, Target};
use levee_model::command::Actor;

const DAY: jiff::civil::Date = date(2022, 11, 18);

/// Chongqing with everything of its sample tables open.
fn town() -> Town {
    let mut town = Town::new(Mode::Replay);
    for kind in town.owed_kinds() {
        let report = town.send_owed(&kind);
        assert_eq!(report.balance.accepted, report.balance.received, "{kind}: {report:?}");
        assert!(report.balance.received > 0, "{kind}");
    }
    town
}

fn midnight() -> jiff::Timestamp {
    moment(date(2022, 11, 19).at(0, 30, 0, 0))
}

fn try_settle(town: &mut Town, who: &str) -> Settled {
    let envelope = town.command(person(who));
    settle(&mut town.city(), &envelope, None, DAY, Some(midnight())).unwrap()
}

fn explain_all(town: &mut Town) {
    let desk = Desk::load(&town.journal).unwrap();
    let city = desk.places.city().clone();
    let statement = statement(&town.journal, &desk, &city, DAY).unwrap();
    let what: Vec<Target> = statement.unexplained().map(|arrear| arrear.obligation.into()).collect();
    let (reason, owner) = ("no_capacity".to_owned(), "commander-1".parse().unwrap());
    let explain = Command::Explain { what, day: DAY, ends: statement.ends, reason, owner };
    let envelope = town.command(person("commander-1"));
    let ask = Ask { commands: vec![explain], at: Some(midnight()), note: Some("18日未办结".to_owned()) };
    carry_out(&mut town.city(), &envelope, &ask).unwrap();
}

#[test]
fn every_kind_of_the_catalogue_is_opened_owned_and_settled_from_the_first_day() {
    let mut town = town();
    let desk = Desk::load(&town.journal).unwrap();
    let kinds = town.owed_kinds();
    assert_eq!(kinds.len(), desk.catalogue.kinds().count(), "a sample table of every kind");

    // Everything is owed, and everything has an owner.
    let area = "500000".parse().unwrap();
    let query = Query { area, late: false, kind: None, section: None, owner: None, limit: 10_000 };
    let now = moment(date(2022, 11, 18).at(23, 59, 0, 0));
    let all = owed(&town.journal, &desk, &query, now).unwrap();
    assert_eq!(all.kinds.len(), kinds.len());
    assert_eq!(all.items.len() as u64, all.kinds.values().map(|kind| kind.items).sum::<u64>());
    assert!(all.items.iter().all(|item| item.owner.is_some()));
    assert!(all.items.is_sorted_by_key(|item| item.due));
    let late = all.items.iter().filter(|item| item.due < now).count() as u64;
    assert_eq!(late, all.kinds.values().map(|kind| kind.late_items).sum::<u64>());
    assert!(late > 0 && all.items.iter().any(|item| item.asked.is_some()));
    let only_late = owed(&town.journal, &desk, &Query { late: true, ..query }, now).unwrap();
    assert_eq!(only_late.items.len() as u64, late);
    let posts = record(&town.journal, &desk, DAY, now).unwrap();
    assert!(posts.iter().all(|post| post.on_duty.is_some()));
    assert!(posts.iter().map(|post| post.closure.due).sum::<u64>() > 0);

    // Arrears that nobody explained refuse the seal, and are listed.
    let Settled::Refused { why: Unsettled::Arrears { items, .. }, statement } = try_settle(&mut town, "commander-1")
    else {
        panic!("a day with unexplained arrears was settled")
    };
    assert_eq!(items, statement.unexplained().count() as u64);

    // One person is not enough, however often; the second seals.
    explain_all(&mut town);
    assert!(matches!(try_settle(&mut town, "commander-1"), Settled::Prepared { replaces: None, .. }));
    assert!(matches!(try_settle(&mut town, "commander-1"), Settled::Refused { why: Unsettled::SamePerson(_), .. }));
    let Settled::Sealed { statement, .. } = try_settle(&mut town, "lead-transfer") else { panic!("it was not sealed") };
    assert!(statement.lines.iter().all(|line| line.residual() == 0));
    assert!(statement.arrears.iter().all(|arrear| arrear.reason.as_deref() == Some("no_capacity")));
    let city = "500000".parse().unwrap();
    assert_eq!(sealed_statement(&town.city(), &city, DAY).unwrap(), Some(statement));
    assert!(matches!(try_settle(&mut town, "commander-1"), Settled::Refused { why: Unsettled::Sealed { .. }, .. }));
    town.verify();
}

#[test]
fn what_is_said_of_a_sealed_day_stands_on_the_next_as_a_correction() {
    let mut town = town();
    let desk = Desk::load(&town.journal).unwrap();
    let first = {
        let query = Query {
            area: "500000".parse().unwrap(),
            late: false,
            kind: Some("test_round".parse().unwrap()),
            section: None,
            owner: None,
            limit: 1,
        };
        owed(&town.journal, &desk, &query, midnight()).unwrap().items.remove(0)
    };
    let noon = moment(date(2022, 11, 18).at(15, 0, 0, 0));
    let act = |town: &mut Town, command: Command| {
        let envelope = town.command(person("commander-1"));
        carry_out(&mut town.city(), &envelope, &Ask { at: Some(noon), ..command.into() }).unwrap().changes
    };
    let void = Command::Close {
        what: first.obligation.into(),
        to: State::Voided,
        units: 1,
        reason: "duplicate".into(),
        said: levee_ledger::Said::Actor,
        evidence: vec![],
    };
    act(&mut town, void);
    explain_all(&mut town);
    try_settle(&mut town, "commander-1");
    assert!(matches!(try_settle(&mut town, "lead-transfer"), Settled::Sealed { .. }));
    let correct =
        Command::Correct { what: first.obligation.into(), from: State::Voided, units: 1, reason: "it was none".into() };
    let changes = act(&mut town, correct);
    let Some(Change::Moved(moved)) = changes.first() else { panic!("{changes:?}") };
    assert_eq!(moved.day, date(2022, 11, 19), "not on the sealed day, though it was said to be of then");
    let city = "500000".parse().unwrap();
    let next = statement(&town.journal, &desk, &city, date(2022, 11, 19)).unwrap();
    assert_eq!(next.lines.iter().map(|line| line.of(Flow::Corrected)).sum::<u64>(), 1);
    assert!(next.lines.iter().all(|line| line.residual() == 0));
    town.verify();
}

#[test]
fn a_group_is_given_to_somebody_and_taken_back_as_one() {
    let mut town = town();
    let desk = Desk::load(&town.journal).unwrap();
    let query =
        Query { area: "500000".parse().unwrap(), late: false, kind: None, section: None, owner: None, limit: 200 };
    let before = owed(&town.journal, &desk, &query, midnight()).unwrap();
    let what: Vec<Target> = before.items.iter().map(|item| item.obligation.into()).collect();
    let envelope = town.command(person("commander-1"));
    let assign = Command::Assign { what, to: Some("lead-transfer".parse().unwrap()) };
    let ask = Ask { at: Some(midnight()), ..assign.into() };
    carry_out(&mut town.city(), &envelope, &ask).unwrap();
    let mine = Query { owner: Some("lead-transfer".parse().unwrap()), ..query.clone() };
    assert_eq!(owed(&town.journal, &desk, &mine, midnight()).unwrap().items.len(), before.items.len());

    let back = town.command(person("commander-1"));
    undo::undo(&mut town.city(), &back, envelope.command_id).unwrap();
    assert_eq!(owed(&town.journal, &desk, &query, midnight()).unwrap(), before);
    let again = town.command(person("commander-1"));
    let refused = undo::undo(&mut town.city(), &again, envelope.command_id).unwrap_err();
    assert!(matches!(refused, AppError::Asked { .. }), "{refused}");
    town.verify();
}

#[test]
fn a_table_sent_twice_opens_nothing_twice() {
    let mut town = Town::new(Mode::Replay);
    let kind = "food_delivery".parse().unwrap();
    let first = town.send_owed(&kind);
    let second = town.send_owed(&kind);
    assert_eq!((second.balance.duplicate, second.balance.accepted), (first.balance.accepted, 0));
    assert!(second.same_file_before);
    town.verify();
}

#[test]
fn nobody_without_a_name_or_standing_settles_or_moves_anything() {
    let mut town = town();
    let said = |error: AppError| format!("{error}\nhint: {}", error.hint().unwrap_or_default());
    let envelope = town.command(Actor::LocalOperator);
    let refused = settle(&mut town.city(), &envelope, None, DAY, Some(midnight())).unwrap_err();
    insta::assert_snapshot!(said(refused), @"
    to seal a day, a person must act
    hint: say who acts with --as PERSON
    ");
    let desk = Desk::load(&town.journal).unwrap();
    let query = Query {
        area: "500000".parse().unwrap(),
        late: false,
        kind: Some("food_delivery".parse().unwrap()),
        section: None,
        owner: None,
        limit: 1,
    };
    let item = owed(&town.journal, &desk, &query, midnight()).unwrap().items.remove(0);
    let begin = Command::Begin { what: item.obligation.into(), units: 1 };
    let envelope = town.command(Actor::LocalOperator);
    let refused = carry_out(&mut town.city(), &envelope, &begin.into()).unwrap_err();
    insta::assert_snapshot!(said(refused), @"
    a person must do this: the planner and the clock propose, people decide
    hint: say who acts with --as PERSON
    ");
    town.verify();
}
