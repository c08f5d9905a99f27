//! The ledger in a city: what the store keeps is what the books in memory say, and no event can break a law.

use crate::town::{Town, moment, person};
use jiff::Timestamp;
use jiff::civil::date;
use levee_app::event::{Event, LedgerChanged, Mode, NewEvent};
use levee_app::journal::{Journal, JournalError, LawBroken};
use levee_app::ledger::orders::page;
use levee_app::ledger::{Ask, Desk, carry_out};
use levee_app::projection::ledger::read;
use levee_ledger::order::{Hold, Order, OrderId, OrderState, Promise, Why};
use levee_ledger::{
    Acting, AreaPath, Books, Change, Command, Move, NewObligation, NewSubject, ObligationId, Said, Standing, State,
};
use levee_model::command::Actor;
use levee_model::ids::EntityId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Entities by small numbers, so that commands meet the same ones again and again.
fn entity(nth: u32) -> EntityId {
    EntityId::new(Uuid::from_u128(0x0193_4a5b_0000_7000_9000_0000_0000_0000), nth)
}

pub(crate) fn obligation(nth: u32) -> ObligationId {
    ObligationId(entity(nth))
}

fn path(nth: usize) -> AreaPath {
    ["500000", "500000/500103", "500000/500112"][nth % 3].parse().unwrap()
}

pub(crate) fn at(hour: i64) -> Timestamp {
    moment(date(2022, 11, 18).at(8, 0, 0, 0)) + jiff::SignedDuration::from_hours(hour)
}

fn open(nth: u32, kind: &str, area: usize, units: u64, ground: Option<u8>) -> Command {
    Command::Open(Box::new(NewObligation {
        id: obligation(nth),
        kind: kind.parse().unwrap(),
        path: path(area),
        units,
        subject: None,
        ground: ground.map(|ground| format!("request:{ground}").parse().unwrap()),
        opened_at: at(0),
        due: Some(at(24)),
        owner: None,
        fields: BTreeMap::new(),
        note: None,
        synthetic: true,
    }))
}

fn order(nth: u32, of: u32, units: u64, bed: u8) -> Command {
    Command::Propose(Box::new(Order {
        id: OrderId(entity(1000 + nth)),
        action: "transfer".parse().unwrap(),
        path: path(1),
        section: "transfer".parse().unwrap(),
        meets: vec![Promise { obligation: obligation(of), units }],
        why: Why { code: "need".into(), rests_on: obligation(of).to_string() },
        holds: vec![Hold {
            resource: format!("hospital:bed-{bed}").parse().unwrap(),
            units: 1,
            from: at(0),
            until: at(48),
            confirm_by: at(30),
            used: false,
            surge: false,
        }],
        life_saving: false,
        carried_out_by: None,
        due: at(40),
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    }))
}

fn closing() -> impl Strategy<Value = (State, &'static str)> {
    prop_oneof![
        Just((State::Voided, "duplicate")),
        Just((State::Waived, "deceased")),
        Just((State::Waived, "recipient_refused")),
        Just((State::Expired, "no_capacity")),
    ]
}

pub(crate) fn command() -> impl Strategy<Value = Command> {
    let id = || 0u32..6;
    let order_id = || (0u32..4).prop_map(|nth| OrderId(entity(1000 + nth)));
    let met = || Some("transferred".to_owned());
    prop_oneof![
        4 => (id(), 0usize..3, 1u64..20, prop::option::of(0u8..3))
            .prop_map(|(nth, area, units, ground)| open(nth, "care_placement", area, units, ground)),
        2 => (id(), 1u64..9).prop_map(|(nth, units)| Command::Begin { what: obligation(nth).into(), units }),
        3 => (id(), 1u64..9).prop_map(move |(nth, units)| Command::Meet {
            what: obligation(nth).into(), units, reason: met(), said: Said::Actor, evidence: vec![],
        }),
        2 => (id(), 1u64..9, closing()).prop_map(|(nth, units, (to, reason))| Command::Close {
            what: obligation(nth).into(), to, units, reason: reason.to_owned(), said: Said::Recipient, evidence: vec![],
        }),
        1 => (id(), 1u64..5).prop_map(|(nth, units)| Command::Correct {
            what: obligation(nth).into(), from: State::Met, units, reason: "counted_twice".to_owned(),
        }),
        2 => (id(), 6u32..9, 0usize..3, 1u64..5).prop_map(|(nth, new, to, units)| Command::Transfer {
            what: obligation(nth).into(), units, to: path(to), id: obligation(new),
        }),
        1 => (id(), 9u32..12).prop_map(|(nth, new)| Command::Name {
            what: obligation(nth).into(),
            subjects: vec![NewSubject {
                id: obligation(new), subject: "p-example".parse().unwrap(), fields: BTreeMap::new(),
            }],
        }),
        2 => (prop::collection::btree_set(id(), 1..3), prop::bool::ANY).prop_map(|(which, back)| Command::Assign {
            what: which.into_iter().map(|nth| obligation(nth).into()).collect(),
            to: (!back).then(|| "lead-transfer".parse().unwrap()),
        }),
        3 => (0u32..4, id(), 1u64..6, 0u8..2).prop_map(|(nth, of, units, bed)| order(nth, of, units, bed)),
        3 => (order_id(), 0u8..2).prop_map(|(order, bed)| Command::Approve {
            order, version: None, capacities: (0..2).map(|nth| {
                (format!("hospital:bed-{nth}").parse().unwrap(), u64::from(nth == bed))
            }).collect(),
        }),
        3 => order_id().prop_map(|order| Command::Issue { order, capacities: vec![] }),
        3 => order_id().prop_map(|order| Command::Accept { order }),
        3 => order_id().prop_map(move |order| Command::Finish { order, met: None, reason: met(), evidence: vec![] }),
        1 => order_id().prop_map(|order| Command::Fail { order, reason: "road_closed".into() }),
        1 => order_id().prop_map(|order| Command::Cancel { order, reason: "taken_back".into() }),
    ]
}

/// What both say of everything that was ever opened.
fn same(town: &Town, books: &Books) -> Result<(), TestCaseError> {
    for known in books.obligations() {
        let kept = read::obligation(&town.journal, &known.id).unwrap();
        prop_assert_eq!(kept.as_ref(), Some(known));
    }
    for ((path, kind), balance) in books.balances() {
        prop_assert_eq!(read::balance(&town.journal, path, kind).unwrap(), *balance);
        prop_assert_eq!(balance.check(), Ok(()));
    }
    for known in books.orders() {
        let kept = read::order(&town.journal, &known.id).unwrap();
        prop_assert_eq!(kept.as_ref(), Some(known));
        for hold in &known.holds {
            let kept = read::resource(&town.journal, &hold.resource).unwrap().unwrap_or_default();
            prop_assert_eq!(kept, books.resource(&hold.resource).cloned().unwrap_or_default());
        }
    }
    for area in (0..3).map(path).chain(["500000".parse().unwrap()]) {
        let mut wanted: Vec<_> =
            books.orders().filter(|one| !one.state.is_over() && one.path.is_within(&area)).cloned().collect();
        wanted.sort_by_key(|one| (one.due.as_second(), one.id));
        let (mut listed, mut after) = (vec![], None);
        loop {
            let (orders, more) = page(&town.journal, &area, None, after, 2).unwrap();
            prop_assert!(orders.len() <= 2 && (!more || orders.len() == 2));
            after = orders.last().map(|one| (one.due.as_second(), one.id));
            listed.extend(orders);
            if !more {
                break;
            }
        }
        prop_assert_eq!(listed, wanted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// After any history the store holds what the books in memory hold, and both accept and refuse alike.
    #[test]
    fn the_store_keeps_what_the_books_say(commands in prop::collection::vec((command(), 0i64..40), 0..60)) {
        let mut town = Town::new(Mode::Replay);
        let desk = Desk::load(&town.journal).unwrap();
        let mut books = Books::new(desk.catalogue.clone());
        let commander = "commander-1".parse().unwrap();
        let mut commands = commands;
        commands.sort_by_key(|(_, hour)| *hour);
        for (command, hour) in commands {
            let now = at(hour);
            let day = desk.calendar.civil(now).date();
            let standing = |_: &AreaPath, _: &levee_ledger::Section, _: Option<&_>| Standing::Commander;
            let acting = Acting { now, day, actor: Some(&commander), standing: &standing };
            let decided = books.decide(&acting, command.clone());
            let envelope = town.command(person("commander-1"));
            let ask = Ask { commands: vec![command], at: Some(now), note: None };
            let done = carry_out(&mut town.city(), &envelope, &ask);
            match decided {
                Ok(changes) => {
                    prop_assert_eq!(&done.unwrap().changes, &changes);
                    changes.iter().for_each(|change| books.apply(change));
                }
                Err(refusal) => prop_assert_eq!(done.unwrap_err().to_string(), refusal.to_string()),
            }
            same(&town, &books)?;
        }
        town.verify();
    }

    /// Law 2 in the commit: whatever code claims, more never goes out than came in.
    #[test]
    fn more_never_goes_out_than_came_in(opened in 1u64..20, closed in 0u64..20, from in 0usize..9) {
        let mut town = Town::new(Mode::Replay);
        let envelope = town.command(person("commander-1"));
        let ask = Ask { at: Some(at(0)), ..open(0, "care_placement", 1, opened, None).into() };
        carry_out(&mut town.city(), &envelope, &ask).unwrap();
        let from = State::ALL[from];
        let day = date(2022, 11, 18);
        let (id, said) = (obligation(0), Said::Actor);
        let to = State::Met;
        let moved = Move { obligation: id, from, to, units: closed, day, reason: None, said, evidence: vec![] };
        let done = claim(&mut town, &Change::Moved(moved));
        if from == State::Opened && closed <= opened {
            prop_assert!(done.is_ok(), "{done:?}");
        } else if closed > 0 {
            prop_assert!(matches!(done, Err(JournalError::Law(LawBroken::Obligations { .. }))), "{done:?}");
        }
        town.verify();
    }
}

/// Appends a change that nobody decided.
fn claim(town: &mut Town, change: &Change) -> Result<(), JournalError> {
    let envelope = town.command(Actor::System);
    let now = town.clock.0;
    town.journal.transact(&envelope, now, &mut |tx| {
        let event = Event::LedgerChanged(LedgerChanged { changes: vec![change.clone()], batch: None, note: None });
        tx.append(NewEvent { stream: "ledger.500103".parse().unwrap(), occurred: now, known_at: now, event })
            .map(|_| ())
    })?;
    Ok(())
}

#[test]
fn care_never_expires_whoever_claims_it() {
    let mut town = Town::new(Mode::Replay);
    let envelope = town.command(person("commander-1"));
    let ask = Ask { at: Some(at(0)), ..open(0, "care_placement", 1, 5, None).into() };
    carry_out(&mut town.city(), &envelope, &ask).unwrap();
    let (id, said, day) = (obligation(0), Said::Actor, date(2022, 11, 18));
    let (from, to) = (State::Opened, State::Expired);
    let moved = Move { obligation: id, from, to, units: 1, day, reason: None, said, evidence: vec![] };
    let refused = claim(&mut town, &Change::Moved(moved)).unwrap_err();
    assert_eq!(refused.to_string(), "obligations do not balance: `care_placement` never expires");
    town.verify();
}
