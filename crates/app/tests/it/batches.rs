//! Law 1: nothing received is lost, and the store itself refuses a batch that does not add up.

use crate::town::{Town, bad, good, moment, row};
use jiff::civil::date;
use levee_app::blob::BlobRef;
use levee_app::event::*;
use levee_app::facts::known;
use levee_app::intake::IncomingRow;
use levee_app::journal::{Journal, JournalError, LawBroken};
use levee_app::projection::BatchState;
use levee_app::rejected::batches;
use levee_model::command::Actor;
use levee_model::ids::EntityId;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One row of a generated file: which place and day, what it says, at which hour it was known. `None` = unreadable.
type Spec = Option<(usize, u64, i64)>;

const PLACES: [&str; 3] = ["500103", "500112", "CQ-WS"];

fn file() -> impl Strategy<Value = Vec<Spec>> {
    prop::collection::vec(prop::option::weighted(0.85, (0usize..6, 0u64..3, 0i64..6)), 0..40)
}

/// Six rows of the table: three places, two days.
fn incoming(specs: &[Spec]) -> Vec<IncomingRow> {
    let one = |(line, spec): (u64, &Spec)| match spec {
        None => bad(line),
        Some((key, figure, hour)) => {
            let known_at = date(2022, 11, 20).at(0, 0, 0, 0).checked_add(jiff::Span::new().hours(*hour)).unwrap();
            let day = date(2022, 11, if key % 2 == 0 { 17 } else { 18 });
            good(line, row(PLACES[key / 2], day, *figure, known_at))
        }
    };
    (2u64..).zip(specs).map(one).collect()
}

/// What a clerk with paper and patience would keep: for each key its versions in the order in which they became known.
#[derive(Default)]
struct Paper(BTreeMap<usize, Vec<(i64, u64, usize)>>);

impl Paper {
    fn take(&mut self, file: usize, specs: &[Spec]) -> Balance {
        let mut balance = Balance { received: specs.len() as u64, ..Balance::default() };
        for spec in specs {
            let Some((key, figure, hour)) = *spec else {
                balance.rejected += 1;
                continue;
            };
            let versions = self.0.entry(key).or_default();
            let at = versions.partition_point(|(known, _, _)| *known <= hour);
            match at.checked_sub(1).map(|before| versions[before]) {
                Some((_, same, _)) if same == figure => balance.duplicate += 1,
                // Two figures of one file for one moment: nothing says which holds.
                Some((known, _, by)) if known == hour && by == file => balance.rejected += 1,
                _ => {
                    versions.insert(at, (hour, figure, file));
                    balance.accepted += 1;
                }
            }
        }
        balance
    }

    /// Figure by key as known at an hour.
    fn known(&self, hour: i64) -> BTreeMap<usize, u64> {
        let latest =
            |versions: &[(i64, u64, usize)]| versions.iter().rev().find(|(known, _, _)| *known <= hour).copied();
        self.0.iter().filter_map(|(key, versions)| Some((*key, latest(versions)?.1))).collect()
    }
}

fn kept(town: &Town, hour: i64) -> BTreeMap<usize, u64> {
    let at = moment(date(2022, 11, 20).at(0, 0, 0, 0)).checked_add(jiff::Span::new().hours(hour)).unwrap();
    let rows = known(&town.journal, "infections", None, date(2022, 12, 31), at).unwrap();
    let key = |row: &levee_model::table::Row| {
        let place = PLACES.iter().position(|place| row.text("place") == Some(place)).unwrap();
        place * 2 + usize::from(row.datetime("period_start").unwrap().day() == 18)
    };
    rows.iter().map(|known| (key(&known.row), known.row.count("confirmed").unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    /// Whatever is sent in whatever order: each file balances as on paper, every moment is known as on paper, and the
    /// record verifies.
    #[test]
    fn nothing_received_is_lost(files in prop::collection::vec(file(), 1..5)) {
        let mut town = Town::new(Mode::Replay);
        let mut paper = Paper::default();
        for specs in &files {
            // The very same file sent again is the same file.
            let nth = files.iter().position(|file| file == specs).unwrap();
            let report = town.send(incoming(specs));
            prop_assert!(report.balance.holds());
            prop_assert_eq!(report.balance, paper.take(nth, specs));
        }
        for hour in -1..7 {
            prop_assert_eq!(kept(&town, hour), paper.known(hour), "as known at hour {}", hour);
        }
        let batches = batches(&town.journal).unwrap();
        prop_assert_eq!(batches.len(), files.len());
        for batch in batches {
            let BatchState::Closed { balance, .. } = batch.state else { panic!("a batch was left open") };
            prop_assert_eq!((batch.accepted, batch.rejected), (balance.accepted, balance.rejected));
        }
        town.verify();
    }

    /// The same file again adds nothing, if its rows come in the order in which they became known. Rows of it that
    /// contradict each other are rejected again.
    #[test]
    fn the_same_file_twice_adds_nothing(specs in file()) {
        let mut specs = specs;
        specs.sort_by_key(|spec| spec.map(|(key, _, hour)| (hour, key)));
        let mut town = Town::new(Mode::Replay);
        town.send(incoming(&specs));
        let before = kept(&town, 6);
        let again = town.send(incoming(&specs));
        prop_assert_eq!((again.balance.accepted, again.same_file_before), (0, true));
        prop_assert_eq!(kept(&town, 6), before);
    }

    /// A batch is committed when its claim is what was written, and only then; otherwise nothing is left of it.
    #[test]
    fn a_batch_that_does_not_add_up_is_refused(
        written in (0u64..4, 0u64..4), claimed in (0u64..4, 0u64..4, 0u64..4), received in 0u64..12,
    ) {
        let mut town = Town::new(Mode::Replay);
        let (accepted, rejected, duplicate) = claimed;
        let balance = Balance { received, accepted, rejected, duplicate };
        let events = |batch| vec![opened(batch), rows(batch, written.0), refused(batch, written.1), closed(batch, balance)];
        let before = town.journal.last().unwrap();
        let done = append(&mut town, events);
        if (accepted, rejected) == written && accepted + rejected + duplicate == received {
            prop_assert!(done.is_ok());
        } else {
            prop_assert!(matches!(done, Err(JournalError::Law(LawBroken::Unbalanced { .. }))), "{done:?}");
            prop_assert_eq!(town.journal.last().unwrap(), before);
            prop_assert!(batches(&town.journal).unwrap().is_empty());
        }
        town.verify();
    }
}

fn event(event: Event) -> NewEvent {
    let now = moment(date(2022, 12, 1).at(12, 0, 0, 0));
    NewEvent { stream: "intake.infections".parse().unwrap(), occurred: now, known_at: now, event }
}

fn opened(batch: EntityId) -> NewEvent {
    let (file, file_name) = (BlobRef([1; 32]), BlobRef([2; 32]));
    let dialect = Dialect::default();
    event(Event::BatchOpened(BatchOpened { batch, table: "infections".into(), file, file_name, bytes: 1, dialect }))
}

fn rows(batch: EntityId, count: u64) -> NewEvent {
    let known_at = date(2022, 11, 19).at(0, 0, 0, 0);
    let row = |line| AcceptedRow {
        line,
        change: Change::New,
        known_at: moment(known_at),
        row: row(["500101", "500102", "500103"][usize::try_from(line).unwrap()], date(2022, 11, 17), line, known_at),
    };
    event(Event::RowsAccepted(RowsAccepted { batch, rows: (0..count).map(row).collect(), notes: None }))
}

fn refused(batch: EntityId, count: u64) -> NewEvent {
    let rows = (10..10 + count).map(|line| RejectedRow { line, problems: vec![] }).collect();
    event(Event::RowsRejected(RowsRejected { batch, rows, values: BlobRef([3; 32]) }))
}

fn closed(batch: EntityId, balance: Balance) -> NewEvent {
    event(Event::BatchClosed(BatchClosed { batch, balance, superseding: 0, warnings: vec![] }))
}

fn append(town: &mut Town, events: impl Fn(EntityId) -> Vec<NewEvent>) -> Result<(), JournalError> {
    let envelope = town.command(Actor::System);
    let events = events(EntityId::new(envelope.command_id.uuid(), 0));
    let now = town.clock.0;
    town.journal
        .transact(&envelope, now, &mut |tx| events.iter().try_for_each(|e| tx.append(e.clone()).map(|_| ())))?;
    Ok(())
}

#[test]
fn a_batch_is_whole_or_not_there() {
    let mut town = Town::new(Mode::Replay);
    let before = town.journal.last().unwrap();
    let not_whole =
        |done: Result<(), JournalError>| matches!(done, Err(JournalError::Law(LawBroken::BatchNotWhole { .. })));
    assert!(not_whole(append(&mut town, |batch| vec![opened(batch), rows(batch, 1)])), "left open");
    assert!(not_whole(append(&mut town, |batch| vec![rows(batch, 1)])), "rows of no batch");
    assert!(not_whole(append(&mut town, |batch| vec![opened(batch), opened(batch)])), "opened twice");
    let none = Balance::default();
    assert!(
        not_whole(append(&mut town, |batch| vec![opened(batch), closed(batch, none), rows(batch, 1)])),
        "rows after"
    );
    assert_eq!(town.journal.last().unwrap(), before);
    town.verify();
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let specs = [Some((0, 1, 0)), None, Some((0, 1, 0)), Some((0, 2, 1)), Some((0, 1, 1))];
    let mut town = Town::new(Mode::Replay);
    let before = town.journal.last().unwrap();
    let dry = town.try_out(incoming(&specs));
    assert_eq!(town.journal.last().unwrap(), before);
    assert_eq!(dry.balance, Balance { received: 5, accepted: 2, rejected: 2, duplicate: 1 });
    assert_eq!(town.send(incoming(&specs)).balance, dry.balance);
}
