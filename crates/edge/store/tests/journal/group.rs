//! Commands that share a transaction: the same journal as one by one, and no command pays for another.

use crate::city::*;
use crate::copy::assert_same;
use crate::suite::{assert_sound, dump};
use levee_app::clock::FixedClock;
use levee_app::event::{NewEvent, Position};
use levee_app::journal::{Journal, JournalError, LawBroken, Read as _, Receipt, Space, Transaction};
use levee_ledger::Flow;
use levee_store::group::{CommitError, Committer, Done, Group, GroupLimits, GroupStore, Handle};
use levee_store::memory::MemoryJournal;
use levee_store::sqlite::SqliteJournal;
use proptest::prelude::*;
use std::sync::mpsc::{Receiver, channel};

/// Hands the events of a command over.
fn appends(mut events: Vec<NewEvent>) -> impl FnMut(&mut dyn Transaction) -> Result<(), JournalError> + Send + 'static {
    move |on| std::mem::take(&mut events).into_iter().try_for_each(|event| on.append(event).map(|_| ()))
}

fn in_group(group: &mut dyn Group, nth: u32, events: Vec<NewEvent>) -> Result<Receipt, JournalError> {
    group.transact(&command(nth.into()), at(nth.into()), &mut appends(events))
}

/// What a store must do with commands that come together. A new store calls it.
pub(crate) fn groups_conform<J: GroupStore>(make: impl Fn() -> J) {
    each_sees_those_before_it(make());
    a_refused_one_leaves_nothing_and_the_others_stay(make());
    one_that_outgrows_its_memory_is_as_any_other(make());
}

fn each_sees_those_before_it(mut journal: impl GroupStore) {
    journal
        .group(&mut |group| {
            assert_eq!(group.last(), Position(0));
            in_group(group, 1, vec![founded()]).unwrap();
            let mut seen = vec![];
            for nth in 2..5 {
                let work = &mut |on: &mut dyn Transaction| {
                    on.append(obligations("500103", Flow::Opened, 1))?;
                    let head = on.head(&"ledger.500103".parse().unwrap())?;
                    let mut keys = 0;
                    on.scan(Space::Owed, &[], &[0xff; 40], &mut |_| {
                        keys += 1;
                        std::ops::ControlFlow::Continue(())
                    })?;
                    seen.push((head.0, keys, on.heads()?.len()));
                    Ok(())
                };
                group.transact(&command(nth), at(2), work).unwrap();
            }
            assert_eq!(seen, [(1, 1, 2), (2, 1, 2), (3, 1, 2)]);
            assert_eq!(group.last(), Position(4));
            // The first command once more, in the same group: carried out once.
            let again = in_group(group, 2, vec![read_rejected(1)]).unwrap();
            assert_eq!((again.first, again.last, again.repeated), (Position(2), Position(2), true));
            // Times of record do not run backwards within a group either.
            let early = group.transact(&command(9), at(-10), &mut |_| Ok(()));
            assert!(matches!(early, Err(JournalError::ClockBehind { .. })), "{early:?}");
        })
        .unwrap();
    assert_eq!(journal.last().unwrap(), Position(4));
    assert_sound(&journal);
}

fn a_refused_one_leaves_nothing_and_the_others_stay(mut journal: impl GroupStore) {
    append(&mut journal, 1, at(0), vec![founded(), obligations("500103", Flow::Opened, 3)]).unwrap();
    journal
        .group(&mut |group| {
            in_group(group, 2, batch(2, 0..4)).unwrap();
            let law = in_group(group, 3, vec![read_rejected(1), obligations("500103", Flow::Met, 4)]).unwrap_err();
            assert!(matches!(law, JournalError::Law(LawBroken::Obligations { .. })), "{law}");
            let open = in_group(group, 4, batch(4, 0..4).into_iter().take(3).collect()).unwrap_err();
            assert!(matches!(open, JournalError::Law(LawBroken::BatchNotWhole { .. })), "{open}");
            let stale = group.transact(&command(5), at(5), &mut |on| on.expect(&"intake".parse().unwrap(), 3));
            assert!(matches!(stale, Err(JournalError::Stale { expected: 3, found: 4, .. })), "{stale:?}");
            in_group(group, 6, vec![obligations("500103", Flow::Met, 3)]).unwrap();
        })
        .unwrap();
    let mut alone = MemoryJournal::new();
    append(&mut alone, 1, at(0), vec![founded(), obligations("500103", Flow::Opened, 3)]).unwrap();
    append(&mut alone, 2, at(2), batch(2, 0..4)).unwrap();
    append(&mut alone, 6, at(6), vec![obligations("500103", Flow::Met, 3)]).unwrap();
    assert_same(&journal, &alone);
    assert_sound(&journal);
}

/// About 40 MiB of rows: more than twice what a command may keep in memory.
fn huge(nth: u128, rejected_rows: u64) -> Vec<NewEvent> {
    let chunks = 60;
    let mut all = vec![opened(nth)];
    for chunk in 0..chunks {
        let rows = (0..1000).map(|row| {
            let line = chunk * 1000 + row;
            (line + 2, infections(&format!("{:06}", 500_000 + line), jiff::civil::date(2022, 11, 17), line))
        });
        all.push(accepted(nth, rows));
    }
    all.push(rejected(nth, 0..2));
    all.push(closed(nth, chunks * 1000, rejected_rows, 0));
    all
}

fn one_that_outgrows_its_memory_is_as_any_other(mut journal: impl GroupStore) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    journal
        .group(&mut |group| {
            in_group(group, 2, vec![obligations("500103", Flow::Opened, 3)]).unwrap();
            let law = in_group(group, 3, huge(3, 7)).unwrap_err();
            assert!(matches!(law, JournalError::Law(LawBroken::Unbalanced { .. })), "{law}");
            in_group(group, 4, vec![obligations("500103", Flow::Met, 1)]).unwrap();
        })
        .unwrap();
    assert_eq!(journal.last().unwrap(), Position(3));
    assert_eq!(dump(&journal).iter().filter(|(space, ..)| *space == Space::Fact).count(), 0);
    assert_sound(&journal);
    journal
        .group(&mut |group| {
            in_group(group, 5, vec![obligations("500103", Flow::Met, 1)]).unwrap();
            in_group(group, 6, huge(6, 2)).unwrap();
            in_group(group, 7, vec![obligations("500103", Flow::Met, 1)]).unwrap();
        })
        .unwrap();
    assert_eq!(journal.last().unwrap(), Position(3 + 1 + 63 + 1));
    assert_sound(&journal);
}

#[test]
fn both_stores_carry_out_groups() {
    let outer = tempfile::tempdir().unwrap();
    let made = std::cell::Cell::new(0);
    groups_conform(|| {
        made.set(made.get() + 1);
        let folder = outer.path().join(made.get().to_string());
        std::fs::create_dir(&folder).unwrap();
        SqliteJournal::create(&folder).unwrap()
    });
    groups_conform(MemoryJournal::new);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However commands are cut into groups, the journal and every answer are those of one by one.
    #[test]
    fn groups_do_not_show_in_the_journal(
        history in prop::collection::vec((0..6u8, 0..3u8, 0..12u64, prop::bool::weighted(0.3)), 1..30),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut on_disk = SqliteJournal::create(folder.path()).unwrap();
        let mut in_memory = MemoryJournal::new();
        append(&mut on_disk, 0, at(0), vec![founded()]).unwrap();
        append(&mut in_memory, 0, at(0), vec![founded()]).unwrap();
        let events = |nth: usize| {
            let (kind, area, units, _) = history[nth];
            let area = format!("50010{area}");
            match kind {
                0 => batch(nth as u128 + 1, 0..units),
                1 => batch(nth as u128 + 1, 0..units).into_iter().take(3).collect(),
                2 | 3 => vec![obligations(&area, Flow::Opened, units)],
                4 => vec![read_rejected(1), obligations(&area, Flow::Met, units)],
                _ => vec![],
            }
        };
        // A command now and then comes a second time.
        let id = |nth: usize| if history[nth].2 == 11 { nth as u128 / 2 + 1 } else { nth as u128 + 1 };
        let one_by_one: Vec<String> = (0..history.len())
            .map(|nth| told(append(&mut in_memory, id(nth), at(nth as i64), events(nth))))
            .collect();
        let mut together = vec![];
        let mut next = 0;
        while next < history.len() {
            on_disk.group(&mut |group| {
                while next < history.len() {
                    let done = group.transact(&command(id(next)), at(next as i64), &mut appends(events(next)));
                    together.push(told(done));
                    next += 1;
                    if history[next - 1].3 { break }
                }
            }).unwrap();
        }
        prop_assert_eq!(together, one_by_one);
        assert_same(&on_disk, &in_memory);
        assert_sound(&on_disk);
    }
}

fn told(done: Result<Receipt, JournalError>) -> String {
    done.map_or_else(|refused| refused.to_string(), |receipt| format!("{receipt:?}"))
}

type BoxedWork = Box<dyn FnMut(&mut dyn Transaction) -> Result<u64, JournalError> + Send>;
type Answers<T> = Receiver<(u128, Result<Done<T>, CommitError>)>;

/// Hands commands in while the committer is held up, so that they form one group.
fn together(handle: &Handle<SqliteJournal>, commands: Vec<(u128, BoxedWork)>) -> Answers<u64> {
    let (release, held) = channel::<()>();
    let (begun, begins) = channel();
    let looking = handle.clone();
    let look = std::thread::spawn(move || {
        looking
            .read(move |_: &SqliteJournal| {
                begun.send(()).unwrap();
                held.recv().unwrap();
            })
            .unwrap();
    });
    begins.recv().unwrap();
    let (give, take) = channel();
    for (nth, work) in commands {
        let give = give.clone();
        handle.submit(command(nth), work, move |done| give.send((nth, done)).unwrap());
    }
    release.send(()).unwrap();
    look.join().unwrap();
    take
}

#[test]
fn a_panic_fails_its_own_command_only_and_everybody_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::create(folder.path()).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let committer = Committer::start(journal, FixedClock(at(9)), GroupLimits::default()).unwrap();
    let handle = committer.handle();
    let work = |panics: bool| -> BoxedWork {
        Box::new(move |on| {
            let position = on.append(obligations("500103", Flow::Opened, 1))?;
            if panics {
                std::panic::resume_unwind(Box::new("the abacus broke"));
            }
            Ok(position.0)
        })
    };
    let given_up = Box::new(|on: &mut dyn Transaction| {
        on.append(read_rejected(1))?;
        Err(JournalError::GivenUp)
    });
    let commands = vec![(2, work(false)), (3, work(true)), (4, given_up), (5, work(false)), (2, work(false))];
    let mut answers: Vec<String> = together(&handle, commands)
        .iter()
        .map(|(nth, done)| match done {
            Ok(done) => {
                format!("{nth}: {:?} at {}, repeated: {}", done.value, done.receipt.first.0, done.receipt.repeated)
            }
            Err(error) => format!("{nth}: {error}"),
        })
        .collect();
    answers.sort();
    insta::assert_snapshot!(answers.join("\n"), @r"
    2: None at 2, repeated: true
    2: Some(2) at 2, repeated: false
    3: the command failed by a fault in Levee and nothing of it was written: the abacus broke
    4: the command was given up; nothing was written
    5: Some(3) at 3, repeated: false
    ");
    let seen = handle.read(|journal| journal.last().unwrap()).unwrap();
    assert_eq!(seen, Position(3));
    let journal = committer.stop().unwrap();
    assert_sound(&journal);
    assert_eq!(journal.get(Space::Obligation, b"none").unwrap(), None);
    let late = handle.transact(command(9), |on| on.append(read_rejected(1)));
    assert!(matches!(late, Err(CommitError::Stopped)), "{late:?}");
}

#[test]
fn many_threads_each_wait_for_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::create(folder.path()).unwrap();
    append(&mut journal, 0, at(0), vec![founded()]).unwrap();
    let committer = Committer::start(journal, FixedClock(at(9)), GroupLimits::default()).unwrap();
    let (threads, each) = (16u128, 20u128);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let handle = committer.handle();
            scope.spawn(move || {
                for nth in 0..each {
                    let id = command(1 + thread * each + nth);
                    let work = |on: &mut dyn Transaction| on.append(obligations("500103", Flow::Opened, 1));
                    let done = handle.transact(id.clone(), work).unwrap();
                    assert_eq!(done.value, Some(done.receipt.first));
                    // It is there for everybody as soon as it is answered.
                    let receipt = handle.read(move |journal| journal.receipt(id.command_id).unwrap()).unwrap();
                    assert_eq!(receipt.unwrap().first, done.receipt.first);
                }
            });
        }
    });
    let journal = committer.stop().unwrap();
    assert_eq!(u128::from(journal.last().unwrap().0), 1 + threads * each);
    assert_sound(&journal);
}
