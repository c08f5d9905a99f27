//! A journal that many threads share is a journal as any other, and their commands are carried out whole.

use crate::city::*;
use crate::suite::{assert_sound, conformance};
use jiff::Timestamp;
use levee_app::clock::Clock;
use levee_app::event::{Position, StoredEvent, StreamName};
use levee_app::journal::{Each, EachRow, Journal, JournalError, Read, Receipt, Space, Verification, Work};
use levee_ledger::Flow;
use levee_model::command::{CommandId, Envelope};
use levee_store::group::{Committer, GroupLimits, Handle};
use levee_store::shared::SharedJournal;
use levee_store::sqlite::SqliteJournal;
use std::cell::Cell;
use std::sync::{Arc, Mutex};

/// The committer's clock, set by the suite before each command.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Timestamp>>);

impl Clock for Told {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct Shared {
    journal: SharedJournal<SqliteJournal, SqliteJournal>,
    clock: Told,
}

impl Read for Shared {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        self.journal.get(space, key)
    }
    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.journal.scan(space, from, to, each)
    }
}

impl Journal for Shared {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        *self.clock.0.lock().unwrap() = now;
        self.journal.transact(envelope, now, work)
    }
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        self.journal.receipt(command)
    }
    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        self.journal.events(after, each)
    }
    fn last(&self) -> Result<Position, JournalError> {
        self.journal.last()
    }
    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        self.journal.heads()
    }
    fn verify(&self) -> Result<Verification, JournalError> {
        self.journal.verify()
    }
}

#[test]
fn a_shared_journal_conforms() {
    let outer = tempfile::tempdir().unwrap();
    let made = Cell::new(0);
    conformance(|| {
        made.set(made.get() + 1);
        let folder = outer.path().join(made.get().to_string());
        std::fs::create_dir(&folder).unwrap();
        let clock = Told::default();
        let writer = SqliteJournal::create(&folder).unwrap();
        let writer = Committer::start(writer, clock.clone(), GroupLimits::default()).unwrap().handle();
        Shared { journal: SharedJournal::new(SqliteJournal::open_read_only(&folder).unwrap(), writer), clock }
    });
}

/// Many threads at once, through both roads: each command is there once, whole, and its own thread sees it.
#[test]
fn threads_write_through_both_roads_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = SqliteJournal::create(folder.path()).unwrap();
    append(&mut first, 1, at(0), vec![founded()]).unwrap();
    let committer = Committer::start(first, levee_app::clock::FixedClock(at(1)), GroupLimits::default()).unwrap();
    let handle: Handle<SqliteJournal> = committer.handle();
    std::thread::scope(|threads| {
        for thread in 0..4u32 {
            let (handle, folder) = (handle.clone(), folder.path());
            threads.spawn(move || {
                let mut shared = SharedJournal::new(SqliteJournal::open_read_only(folder).unwrap(), handle.clone());
                for nth in 0..25u32 {
                    let id = 100 + u128::from(thread * 1000 + nth);
                    if nth % 2 == 0 {
                        let receipt = append(&mut shared, id, at(1), vec![obligations("500103", Flow::Opened, 1)]);
                        let receipt = receipt.unwrap();
                        assert!(shared.last().unwrap() >= receipt.last);
                        assert_eq!(shared.receipt(receipt.command_id).unwrap().unwrap().last, receipt.last);
                    } else {
                        handle
                            .transact(command(id), |on| on.append(obligations("500103", Flow::Opened, 1)).map(|_| ()))
                            .unwrap();
                    }
                }
                // A command that gives up, and one whose thread panics, hold nobody else up.
                let gave_up = shared.transact(&command(9000 + u128::from(thread)), at(1), &mut |on| {
                    on.append(obligations("500103", Flow::Opened, 1))?;
                    Err(JournalError::GivenUp)
                });
                assert!(matches!(gave_up, Err(JournalError::GivenUp)), "{gave_up:?}");
                let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    shared.transact(&command(9900 + u128::from(thread)), at(1), &mut |_| panic!("in the middle"))
                }));
                assert!(panicked.is_err());
            });
        }
    });
    let journal = committer.stop().unwrap();
    assert_eq!(journal.last().unwrap(), Position(101));
    assert_sound(&journal);
}
