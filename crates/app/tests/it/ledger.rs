//! The books that a city reads back are those that its entries make.

use crate::town::Town;
use jiff::civil::date;
use levee_app::event::{Event, Mode, NewEvent, ObligationsMoved};
use levee_app::journal::{Journal, JournalError, LawBroken};
use levee_app::projection::obligations;
use levee_ledger::{Account, Books, Command, Entry, Flow, KindId};
use levee_model::command::Actor;
use proptest::prelude::*;

fn account(area: usize, day: i8) -> Account {
    let area = ["500103", "500112"][area].parse().unwrap();
    Account { kind: KindId::named("care_placement").unwrap(), area, day: date(2022, 11, day) }
}

fn command() -> impl Strategy<Value = Command> {
    let account = || (0usize..2, 17i8..20).prop_map(|(area, day)| account(area, day));
    let reason = || "moot".to_owned();
    prop_oneof![
        4 => (account(), 0u64..40, 15i8..18).prop_map(|(account, units, ground)| {
            Command::Open { account, units, ground: date(2022, 11, ground) }
        }),
        2 => (account(), 1u64..20).prop_map(|(account, units)| Command::Meet { account, units }),
        1 => (account(), 1u64..9).prop_map(move |(account, units)| {
            Command::Waive { account, units, reason: reason(), by: "commander-1".parse().unwrap() }
        }),
        1 => (account(), 1u64..9).prop_map(|(from, units)| {
            Command::Transfer { from, to: "500107".parse().unwrap(), units }
        }),
        1 => (17i8..20).prop_map(move |day| Command::CarryOver { day: date(2022, 11, day), reason: reason() }),
    ]
}

fn append(town: &mut Town, entries: &[Entry]) -> Result<(), JournalError> {
    let envelope = town.command(Actor::System);
    let now = town.clock.0;
    town.journal.transact(&envelope, now, &mut |tx| {
        let event = Event::ObligationsMoved(ObligationsMoved { entries: entries.to_vec() });
        tx.append(NewEvent { stream: "ledger".parse().unwrap(), occurred: now, known_at: now, event }).map(|_| ())
    })?;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// After any history the books read back are the ones that were kept, so that they decide alike.
    #[test]
    fn the_books_read_back_are_the_books(commands in prop::collection::vec(command(), 0..40), next in command()) {
        let mut town = Town::new(Mode::Replay);
        let mut books = Books::default();
        for command in commands {
            let Ok(entries) = books.decide(command) else { continue };
            entries.iter().for_each(|entry| books.apply(entry));
            append(&mut town, &entries).unwrap();
        }
        let read = obligations::books(&town.journal).unwrap();
        prop_assert_eq!(read.decide(next.clone()), books.decide(next));
        prop_assert_eq!(read, books);
        town.verify();
    }

    /// Law 2 in the store: whatever code claims, more never goes out than came in.
    #[test]
    fn more_never_goes_out_than_came_in(opened in 0u64..20, closed in 0u64..20) {
        let mut town = Town::new(Mode::Replay);
        let entry = |flow, units| {
            Entry { account: account(0, 18), flow, units, ground: None, reason: None, decided_by: None }
        };
        let done = append(&mut town, &[entry(Flow::Opened, opened), entry(Flow::Met, closed)]);
        if closed <= opened {
            prop_assert!(done.is_ok());
        } else {
            prop_assert!(matches!(done, Err(JournalError::Law(LawBroken::Obligations { .. }))), "{done:?}");
            prop_assert!(obligations::books(&town.journal).unwrap().accounts().next().is_none());
        }
        town.verify();
    }
}
