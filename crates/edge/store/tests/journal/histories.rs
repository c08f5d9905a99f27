//! Random histories: both stores keep the same bytes, and a rebuild gives them again.

use crate::city::*;
use crate::suite::{all_events, assert_sound, dump};
use jiff::civil::date;
use levee_app::event::{ArtefactKind, NewEvent};
use levee_app::journal::Journal;
use levee_ledger::Flow;
use levee_store::memory::MemoryJournal;
use levee_store::sqlite::SqliteJournal;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Batch {
        rows: Vec<(u64, u8, u64)>,
        rejected: u8,
        claimed_too_many: bool,
    },
    Owed {
        area: u8,
        flow: Flow,
        units: u64,
    },
    Issued(ArtefactKind),
    Read,
    /// The command of so many steps ago, sent once more.
    Again(usize),
    Idle,
}

fn step() -> impl Strategy<Value = Step> {
    let rows = prop::collection::vec((0..40u64, 0..5u8, 0..10_000u64), 0..30);
    let flow = prop_oneof![Just(Flow::Opened), Just(Flow::Opened), Just(Flow::Met), Just(Flow::Waived)];
    prop_oneof![
        4 => (rows, 0..4u8, prop::bool::weighted(0.2))
            .prop_map(|(rows, rejected, claimed_too_many)| Step::Batch { rows, rejected, claimed_too_many }),
        4 => (0..4u8, flow, 0..20u64).prop_map(|(area, flow, units)| Step::Owed { area, flow, units }),
        1 => prop_oneof![Just(ArtefactKind::Outlook), Just(ArtefactKind::Plan)].prop_map(Step::Issued),
        1 => Just(Step::Read),
        1 => (1..9usize).prop_map(Step::Again),
        1 => Just(Step::Idle),
    ]
}

fn events(nth: u128, step: &Step) -> Vec<NewEvent> {
    match step {
        Step::Batch { rows, rejected: bad, claimed_too_many } => {
            let count = rows.len() as u64;
            let row = |(line, (place, day, confirmed)): (usize, &(u64, u8, u64))| {
                let day = date(2022, 11, 10).saturating_add(jiff::Span::new().days(i64::from(*day)));
                (line as u64 + 2, infections(&format!("5001{place:02}"), day, *confirmed))
            };
            let lines = 100..100 + u64::from(*bad);
            let claimed = count + u64::from(*claimed_too_many);
            let mut all = vec![opened(nth)];
            // Chunks as intake makes them, only smaller.
            let rows: Vec<_> = rows.iter().enumerate().map(row).collect();
            all.extend(rows.chunks(7).map(|chunk| accepted(nth, chunk.to_vec())));
            all.push(rejected(nth, lines));
            all.push(closed(nth, claimed, u64::from(*bad), 0));
            all
        }
        Step::Owed { area, flow, units } => vec![obligations(&format!("50010{area}"), *flow, *units)],
        Step::Issued(kind) => vec![issued(nth, *kind)],
        Step::Read => vec![read_rejected(1)],
        Step::Again(_) | Step::Idle => vec![],
    }
}

/// Runs a history; gives for each step what came of it.
fn run(journal: &mut impl Journal, history: &[(Step, i64)]) -> Vec<String> {
    append(journal, 0, at(0), vec![founded()]).unwrap();
    let mut now = 0;
    let mut outcomes = vec![];
    for (nth, (step, later)) in history.iter().enumerate() {
        now += later;
        let id = match step {
            Step::Again(ago) => nth.saturating_sub(*ago),
            _ => nth,
        };
        let done = append(journal, id as u128 + 1, at(now), events(nth as u128 + 1, step));
        outcomes.push(match done {
            Ok(receipt) => format!("{receipt:?}"),
            Err(refused) => refused.to_string(),
        });
    }
    outcomes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// After any history both stores have the same chains, events and projections, and verify.
    #[test]
    fn both_stores_keep_the_same_bytes(history in prop::collection::vec((step(), -3..20i64), 0..25)) {
        let folder = tempfile::tempdir().unwrap();
        let mut on_disk = SqliteJournal::create(folder.path()).unwrap();
        let mut in_memory = MemoryJournal::new();
        prop_assert_eq!(run(&mut on_disk, &history), run(&mut in_memory, &history));
        prop_assert_eq!(on_disk.heads().unwrap(), in_memory.heads().unwrap());
        prop_assert_eq!(all_events(&on_disk, 0), all_events(&in_memory, 0));
        prop_assert_eq!(dump(&on_disk), dump(&in_memory));
        assert_sound(&on_disk);
        assert_sound(&in_memory);
    }
}
