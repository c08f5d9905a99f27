//! Orders: what they hold, who lets them go, and what becomes of the units that they promise.

use super::history::{Step, steps};
use super::*;
use crate::obligation::State;
use crate::order::{OrderChange, Overbooked};
use proptest::prelude::*;

fn accept(nth: u32) -> Command {
    Command::Accept { order: order_id(nth) }
}

fn propose(nth: u32, meets: &[(u32, u64)], bed: Option<u8>) -> Command {
    Command::Propose(Box::new(order(nth, meets, bed)))
}

/// Pairs of holds of one bed that stand at the same time, neither marked as surge.
fn twice(books: &Books, now: Timestamp) -> Vec<(Hold, Hold)> {
    let mut found = Vec::new();
    for (id, _) in beds() {
        let standing: Vec<Hold> = books.resource(&id).map_or(vec![], |resource| {
            resource.holds.values().filter(|hold| hold.stands(now) && hold.until > now).cloned().collect()
        });
        for (nth, one) in standing.iter().enumerate() {
            for other in standing.iter().skip(nth + 1) {
                if one.from < other.until && other.from < one.until && !one.surge && !other.surge {
                    found.push((one.clone(), other.clone()));
                }
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Laws 7, 8 and 10, after any history.
    #[test]
    fn orders_keep_the_laws(steps in steps()) {
        let mut books = Books::new(catalogue());
        let mut latest = at(0);
        for Step { command, who, hour } in steps {
            let decided = decide(&books, who, hour, command.clone());
            let saves = |id: &OrderId| books.order(id).is_some_and(|order| order.life_saving);
            match (&command, &decided) {
                (Command::Approve { order, .. }, Ok(_)) => {
                    prop_assert!(!saves(order), "approving what saves lives would delay it");
                    prop_assert!(who >= Some(Standing::Lead), "approved by {:?}", who);
                }
                (Command::Approve { order, .. } | Command::Issue { order, .. }, Err(Refusal::Overbooked(full))) => {
                    prop_assert!(!saves(order), "a full ward stands before a life: {}", full);
                }
                (Command::Issue { order, .. }, Ok(_)) => {
                    let from = books.order(order).unwrap().state;
                    let expected = if saves(order) { OrderState::Proposed } else { OrderState::Approved };
                    prop_assert_eq!(from, expected);
                    prop_assert!(who.is_some(), "issued by nobody");
                }
                _ => {}
            }
            for change in decided.unwrap_or_default() {
                if let Change::Order(order) = &change
                    && let OrderChange::Advanced(step) = order.as_ref()
                {
                    let known = books.order(&step.order).unwrap();
                    prop_assert!(step.from.may_become(step.to, known.life_saving), "{:?}", step);
                    prop_assert_eq!(step.from, known.state);
                }
                books.apply(&change);
            }
            latest = latest.max(at(hour));
            prop_assert_eq!(twice(&books, latest), vec![]);
            for order in books.orders() {
                for promise in &order.meets {
                    let named = books.obligation(&promise.obligation).unwrap().orders.contains(&order.id);
                    prop_assert_eq!(named, !order.state.is_over(), "{:?} in {:?}", order.id, order.state);
                }
            }
        }
    }
}

#[test]
fn a_bed_is_held_once() {
    let mut world = World::after([open(0, CARE, 9), propose(0, &[(0, 1)], Some(0)), propose(1, &[(0, 1)], Some(0))]);
    world.done(approve(0));
    insta::assert_snapshot!(world.refused(approve(1)), @"
refused: hospital:bed-0: 1 asked for, 0 free of 1 in that time
hint: choose another place or time, or ask for more
");
}

#[test]
fn a_hold_lapses_by_itself_and_then_the_bed_is_free() {
    let mut world = World::after([open(0, CARE, 9), propose(0, &[(0, 1)], Some(0)), propose(1, &[(0, 1)], Some(0))]);
    world.done(approve(0));
    world.done(issue(0));
    // Confirmed by hour 30 at the latest: at 29 the bed is held, at 30 it is not.
    let mut world = world.at(29);
    assert!(matches!(world.ask(approve(1)), Err(Refusal::Overbooked(Overbooked { free: 0, capacity: 1, .. }))));
    assert!(world.ask(accept(0)).is_ok());
    world = world.at(30);
    insta::assert_snapshot!(world.refused(accept(0)), @"
refused: what order 01934a5b000070009000000000000000-1000 held has lapsed: it was not used in time
hint: cancel the order and propose it again
");
    // Only one order may be due by then: its own hold goes on to hour 31.
    let mut later = order(2, &[(0, 1)], Some(0));
    later.holds[0].confirm_by = at(31);
    world.done(Command::Propose(Box::new(later)));
    world.done(approve(2));
    assert_eq!(
        world.refused(accept(0)),
        format!(
            "refused: what order {} held has lapsed: it was not used in time\nhint: cancel the order and propose it again",
            order_id(0)
        )
    );
    world.done(issue(2));
    world.done(accept(2));
    assert!(world.books.resource(&beds()[0].0).unwrap().holds.values().all(|hold| hold.used));
}

#[test]
fn what_was_used_stays_in_use_until_its_end_and_what_failed_is_free_at_once() {
    let ready = || {
        let mut world =
            World::after([open(0, CARE, 9), propose(0, &[(0, 1)], Some(0)), propose(1, &[(0, 1)], Some(0))]);
        world.done(approve(0));
        world.done(issue(0));
        world.done(accept(0));
        world
    };
    let mut done = ready();
    done.done(Command::Finish { order: order_id(0), met: None, reason: None, evidence: vec![] });
    assert!(matches!(done.ask(approve(1)), Err(Refusal::Overbooked(_))), "somebody lies in it");
    let mut failed = ready();
    failed.done(Command::Fail { order: order_id(0), reason: "road_closed".to_owned() });
    assert!(failed.ask(approve(1)).is_ok(), "nobody lies in it");
    assert_eq!(failed.of(0).split.of(State::Opened), 9, "what it had promised is open again");
}

#[test]
fn one_person_dispatches_what_saves_lives_and_a_full_ward_does_not_refuse_it() {
    let mut world = World::after([
        open(0, CARE, 9),
        open(1, RESCUE, 2),
        propose(0, &[(0, 1)], Some(0)),
        propose(1, &[(1, 1)], Some(0)),
        // Not all that it meets saves lives: it is an ordinary order.
        propose(2, &[(1, 1), (0, 1)], Some(0)),
    ]);
    world.done(approve(0));
    assert!(world.order(1).life_saving && !world.order(2).life_saving);
    insta::assert_snapshot!(world.refused(approve(1)), @"
refused: order 01934a5b000070009000000000000000-1001 is Proposed and cannot become Approved: it saves lives and needs no approval; issue it
hint: see the order's state in `levee orders`
");
    insta::assert_snapshot!(world.refused(issue(2)), @"
refused: order 01934a5b000070009000000000000000-1002 is Proposed and cannot become Issued: a person must approve it first
hint: see the order's state in `levee orders`
");
    insta::assert_snapshot!(world.clone().by(None).refused(issue(1)), @"
refused: a person must do this: the planner and the clock propose, people decide
hint: say who acts with --as PERSON
");
    let mut world = world.by(Some(Standing::Stranger));
    world.done(issue(1));
    let holds = &world.books.resource(&beds()[0].0).unwrap().holds;
    assert!(holds[&(order_id(1), 0)].surge && !holds[&(order_id(0), 0)].surge);
    // Nor does it wait for capacity that nobody has stated.
    let mut world = World::after([open(1, RESCUE, 2), propose(1, &[(1, 1)], Some(0))]);
    world.done(Command::Issue { order: order_id(1), capacities: vec![] });
}

/// A late ambulance still takes its bed: the next one must not be sent to the same.
#[test]
fn what_saves_lives_takes_its_bed_again_when_its_hold_has_lapsed() {
    let mut world = World::after([open(0, CARE, 9), open(1, RESCUE, 1), propose(1, &[(1, 1)], Some(0))]);
    world.done(issue(1));
    let mut world = world.at(32);
    let mut next = order(0, &[(0, 1)], Some(0));
    next.holds[0].confirm_by = at(40);
    world.done(Command::Propose(Box::new(next)));
    let mut meanwhile = world.clone();
    world.done(accept(1));
    assert!(matches!(world.ask(approve(0)), Err(Refusal::Overbooked(_))), "a patient lies in it");
    // Somebody else was given the bed meanwhile: both stand, and it shows.
    meanwhile.done(approve(0));
    meanwhile.done(accept(1));
    let holds = &meanwhile.books.resource(&beds()[0].0).unwrap().holds;
    assert!(holds[&(order_id(1), 0)].used && holds[&(order_id(1), 0)].surge, "{holds:?}");
}

#[test]
fn an_ordinary_order_is_approved_by_a_person() {
    let world = World::after([open(0, CARE, 9), propose(0, &[(0, 1)], None)]);
    insta::assert_snapshot!(world.refused(issue(0)), @"
refused: order 01934a5b000070009000000000000000-1000 is Proposed and cannot become Issued: a person must approve it first
hint: see the order's state in `levee orders`
");
    insta::assert_snapshot!(world.clone().by(None).refused(approve(0)), @"
refused: a person must do this: the planner and the clock propose, people decide
hint: say who acts with --as PERSON
");
    insta::assert_snapshot!(world.clone().by(Some(Standing::Owner)).refused(approve(0)), @"
refused: 01934a5b000070009000000000000000-1000 is owned by transfer of 500103-a, and you do not stand above them
hint: ask the owner, the lead of the section, or headquarters
");
    assert!(world.clone().by(Some(Standing::Lead)).ask(approve(0)).is_ok());
    // Levee itself may propose, and no more.
    let proposed = world.by(None).ask(propose(1, &[(0, 1)], None));
    assert!(proposed.is_ok());
}

#[test]
fn an_order_whose_obligations_were_all_closed_otherwise_is_cancelled() {
    let mut world = World::after([
        open(0, CARE, 2),
        open(1, VISIT, 1),
        propose(0, &[(0, 1), (1, 1)], Some(0)),
        approve(0),
        issue(0),
        meet(0, 2),
    ]);
    assert_eq!(world.order(0).state, OrderState::Issued, "one of its obligations is still owed");
    world.done(meet(1, 1));
    let order = world.order(0);
    assert_eq!((order.state, order.reason.as_deref()), (OrderState::Cancelled, Some("ground_lapsed")));
    assert!(world.books.resource(&beds()[0].0).unwrap().holds.is_empty(), "its bed is free");
    assert!(world.of(0).orders.is_empty() && world.of(1).orders.is_empty());
}

#[test]
fn what_an_order_did_not_meet_is_owed_again() {
    let ready = [open(0, CARE, 9), propose(0, &[(0, 5)], None), approve(0), issue(0), accept(0)];
    let finish = |met: u64| Command::Finish {
        order: order_id(0),
        met: Some(BTreeMap::from([(obligation(0), met)])),
        reason: None,
        evidence: vec![],
    };
    for met in 0..=5 {
        let mut world = World::after(ready.clone());
        world.done(finish(met));
        let split = world.of(0).split;
        assert_eq!((split.of(State::Met), split.of(State::Opened), split.of(State::InProgress)), (met, 9 - met, 0));
        assert_eq!(world.order(0).state, OrderState::Done);
    }
    insta::assert_snapshot!(World::after(ready).refused(finish(6)), @"
refused: 6 cannot leave 01934a5b000070009000000000000000-0: 5 are in progress under this order
hint: name at most 5
");
}
