//! What people read when the books refuse: each refusal once, with its hint.

use super::*;
use crate::change::Said;
use crate::command::{NewSubject, Target};
use crate::obligation::State;

fn ready() -> World {
    let mut first = new(5, EXIT, 1);
    first.subject = Some("e-1".parse().unwrap());
    World::after([open(0, CARE, 5), open(1, TEST, 5), open(2, VISIT, 5), Command::Open(Box::new(first))])
}

fn stale(nth: u32, version: u32) -> Target {
    Target { id: obligation(nth), version: Some(version) }
}

fn close(nth: u32, to: State, reason: &str) -> Command {
    let (what, reason) = (obligation(nth).into(), reason.to_owned());
    Command::Close { what, to, units: 1, reason, said: Said::Actor, evidence: vec![] }
}

#[test]
fn opening() {
    let world = ready();
    let opening = |change: &dyn Fn(&mut NewObligation)| {
        let mut one = new(9, VISIT, 1);
        change(&mut one);
        world.refused(Command::Open(Box::new(one)))
    };
    let subject = || Some("p-1".parse().unwrap());
    let said = [
        opening(&|one| one.kind = "unheard_of".parse().unwrap()),
        opening(&|one| one.id = obligation(0)),
        opening(&|one| one.units = 0),
        opening(&|one| (one.subject, one.units) = (subject(), 2)),
        opening(&|one| (one.kind, one.subject) = (TEST.parse().unwrap(), subject())),
        opening(&|one| one.kind = EXIT.parse().unwrap()),
        opening(&|one| (one.kind, one.due) = (DIRECTIVE.parse().unwrap(), None)),
        opening(&|one| one.due = Some(at(-1))),
        opening(&|one| drop(one.fields.insert("colour".to_owned(), crate::catalogue::FieldValue::Count(3)))),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
refused: `unheard_of` is no kind of obligation of this city
hint: see `levee kinds CITY` for the catalogue
refused: 01934a5b000070009000000000000000-0 is opened already
hint: give the command an id of its own
refused: `visit` is opened for no unit at all
hint: see how the kind counts in the catalogue
refused: `visit` is owed to one subject, as one unit
hint: see how the kind counts in the catalogue
refused: `test_round` counts people and names nobody
hint: see how the kind counts in the catalogue
refused: `exit_inspection` must name whom it is owed to
hint: see how the kind counts in the catalogue
refused: `directive` has no rule for its due time, and none was given
hint: say by when it is owed
refused: it would be due at 2022-11-18T07:00:00Z, before it is opened at 2022-11-18T08:00:00Z
hint: check both times
refused: `visit` has no field `colour`
hint: see `levee kinds CITY --kind KIND` for its fields
");
}

#[test]
fn working() {
    let world = ready();
    let met =
        |evidence| Command::Meet { what: obligation(5).into(), units: 1, reason: None, said: Said::Actor, evidence };
    let said = [
        world.refused(begin(7, 1)),
        world.refused(begin(0, 6)),
        world.refused(begin(0, 0)),
        world.refused(Command::Begin { what: stale(0, 4), units: 1 }),
        world.refused(met(vec![])),
        world.refused(close(0, State::Waived, "tired")),
        world.refused(close(0, State::Expired, "not_done")),
        world.refused(close(1, State::Met, "done")),
        world.clone().by(Some(Standing::Stranger)).refused(begin(0, 1)),
        world.clone().by(None).refused(begin(0, 1)),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
refused: there is no obligation 01934a5b000070009000000000000000-7
hint: see `levee owed CITY` for what is owed
refused: 6 cannot leave 01934a5b000070009000000000000000-0: 5 are in a state for that
hint: name at most 5
refused: no units were named for 01934a5b000070009000000000000000-0
hint: say how many
refused: 01934a5b000070009000000000000000-0 has changed: you saw version 4, it is at version 1
hint: look at it as it is now, then decide again
refused: 01934a5b000070009000000000000000-5 needs photo as evidence
hint: attach it with --evidence WHAT=FILE
refused: `tired` is no reason for which `care_placement` is Waived
hint: choose one of refused, recovered, moved_away, need_gone
refused: `care_placement` never expires: it stays owed until it is met, waived by the recipient, or moot
hint: carry it over with a reason, or let the recipient waive it
refused: 01934a5b000070009000000000000000-1 cannot go from `Opened` to `Met`
hint: see its state in `levee owed`
refused: 01934a5b000070009000000000000000-0 is owned by transfer of 500103-a, and you do not stand above them
hint: ask the owner, the lead of the section, or headquarters
refused: a person must do this: the planner and the clock propose, people decide
hint: say who acts with --as PERSON
");
}

#[test]
fn going_back_or_elsewhere() {
    let world = ready();
    let correct = |from, reason: &str| {
        world.refused(Command::Correct { what: obligation(1).into(), from, units: 1, reason: reason.to_owned() })
    };
    let transfer = |to, units| {
        world.refused(Command::Transfer { what: obligation(1).into(), units, to: path(to), id: obligation(9) })
    };
    let name = |nth, many: u32| {
        let one = |new| NewSubject { id: obligation(new), subject: "p-1".parse().unwrap(), fields: BTreeMap::new() };
        world.refused(Command::Name { what: obligation(nth).into(), subjects: (20..20 + many).map(one).collect() })
    };
    let said = [
        correct(State::Met, "counted_twice"),
        correct(State::Opened, "counted_twice"),
        correct(State::Transferred, "counted_twice"),
        correct(State::Met, " "),
        transfer(0, 1),
        transfer(1, 9),
        name(1, 1),
        name(0, 0),
        name(0, 6),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
refused: 1 cannot leave 01934a5b000070009000000000000000-1: 0 are recorded so
hint: name at most 0
refused: 01934a5b000070009000000000000000-1 cannot go from `Opened` to `Opened`
hint: see its state in `levee owed`
refused: 01934a5b000070009000000000000000-1 cannot go from `Transferred` to `Opened`
hint: see its state in `levee owed`
refused: ` ` is no reason for which `test_round` is Carried
hint: the catalogue has none for this
refused: it is already owed there
hint: name another area
refused: 9 cannot leave 01934a5b000070009000000000000000-1: 5 are still owed
hint: name at most 5
refused: `test_round` is not counted first and named later
hint: see how the kind counts in the catalogue
refused: no units were named for 01934a5b000070009000000000000000-0
hint: say how many
refused: 6 cannot leave 01934a5b000070009000000000000000-0: 5 are open
hint: name at most 5
");
}

#[test]
fn days() {
    let mut world = ready();
    let explain = |hour| Command::Explain {
        what: vec![obligation(0).into()],
        day: day(hour),
        ends: at(hour),
        reason: "no_capacity".to_owned(),
        owner: person(),
    };
    world = world.at(40);
    world.done(meet(1, 1));
    let mut said = vec![world.refused(explain(3)), world.clone().at(2).refused(meet(1, 1))];
    world.books.seal("500103", FIRST_DAY);
    said.push(world.clone().at(2).refused(begin(0, 1)));
    insta::assert_snapshot!(said.join("\n"), @"
refused: 01934a5b000070009000000000000000-0 is not late on 2022-11-18
hint: what is not due yet carries over without a reason
refused: 01934a5b000070009000000000000000-1 was last changed on the books of 2022-11-20: nothing can be entered on 2022-11-18
hint: enter it on 2022-11-20 or later
refused: 2022-11-18 is sealed in the books of 500103
hint: enter it today, as a correction that names what it corrects
");
    assert!(world.ask(explain(40)).is_ok());
}

#[test]
fn ordering() {
    let mut world = ready();
    world.done(Command::Propose(Box::new(order(0, &[(0, 1)], Some(0)))));
    let propose = |change: &dyn Fn(&mut Order)| {
        let mut one = order(3, &[(0, 1)], None);
        change(&mut one);
        world.refused(Command::Propose(Box::new(one)))
    };
    let said = [
        world.refused(approve(9)),
        world.refused(Command::Approve { order: order_id(0), version: Some(3), capacities: beds() }),
        world.refused(Command::Approve { order: order_id(0), version: None, capacities: vec![] }),
        world.refused(Command::Accept { order: order_id(0) }),
        world.refused(Command::Fail { order: order_id(0), reason: "road_closed".to_owned() }),
        world.refused(Command::Cancel { order: order_id(0), reason: " ".to_owned() }),
        propose(&|one| one.id = order_id(0)),
        propose(&|one| one.meets.clear()),
        propose(&|one| one.meets[0].units = 9),
        propose(&|one| one.meets.push(one.meets[0])),
        propose(&|one| one.why.rests_on.clear()),
        propose(&|one| one.due = at(0)),
        propose(&|one| one.holds = vec![Hold { units: 0, ..order(0, &[], Some(1)).holds[0].clone() }]),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
refused: there is no order 01934a5b000070009000000000000000-1009
hint: see `levee orders CITY`
refused: 01934a5b000070009000000000000000-1000 has changed: you saw version 3, it is at version 1
hint: look at it as it is now, then decide again
refused: nobody has stated how much there is of `hospital:bed-0`
hint: take in a report of the facility first: unknown is not free
refused: order 01934a5b000070009000000000000000-1000 is Proposed and cannot become Accepted
hint: see the order's state in `levee orders`
refused: order 01934a5b000070009000000000000000-1000 is Proposed and cannot become Failed
hint: see the order's state in `levee orders`
refused: an order that fails or is cancelled needs a reason
hint: name the obligations that it meets, and why
refused: an order with this id is there already
hint: name the obligations that it meets, and why
refused: an order must name the obligations that it meets
hint: name the obligations that it meets, and why
refused: 9 cannot leave 01934a5b000070009000000000000000-0: 5 are still owed
hint: name at most 5
refused: no units were named for 01934a5b000070009000000000000000-0
hint: say how many
refused: an order must say which need, rule, forecast or meeting made it
hint: name the obligations that it meets, and why
refused: an order cannot be due before it is proposed
hint: name the obligations that it meets, and why
refused: an order cannot hold nothing, or for no time
hint: name the obligations that it meets, and why
");
}

/// A command sent twice with the same ids opens nothing twice; the same ground is corrected instead.
#[test]
fn what_comes_twice() {
    let mut world = World::new();
    let ground = |units| {
        let mut one = new(0, CARE, units);
        one.ground = Some("infections:2022-11-18".parse().unwrap());
        Command::Open(Box::new(one))
    };
    world.done(ground(5));
    assert_eq!(world.ask(ground(5)), Ok(vec![]), "known already");
    world.done(ground(8));
    assert_eq!(world.of(0).split.of(State::Opened), 8);
    world.done(meet(0, 3));
    world.done(ground(4));
    assert_eq!((world.of(0).split.of(State::Voided), world.of(0).owed()), (4, 1));
    insta::assert_snapshot!(world.refused(ground(2)), @"
refused: 2 cannot leave 01934a5b000070009000000000000000-0: 1 are still owed
hint: name at most 1
");
}
