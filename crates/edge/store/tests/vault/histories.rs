//! Random histories on disk, with folders copied and put back as backups are.

use crate::place::*;
use levee_app::event::{Event, Position};
use levee_app::journal::Journal as _;
use levee_app::vault::Vault as _;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

#[derive(Clone, Debug)]
enum Step {
    Seal(u8),
    Read(u8),
    Erase(u8),
    BackupKeys,
    RestoreKeys,
    BackupRecords,
    RestoreRecords,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..4u8).prop_map(Step::Seal),
        3 => (0..4u8).prop_map(Step::Read),
        3 => (0..4u8).prop_map(Step::Erase),
        1 => Just(Step::BackupKeys),
        2 => Just(Step::RestoreKeys),
        1 => Just(Step::BackupRecords),
        2 => Just(Step::RestoreRecords),
    ]
}

fn readings(place: &Place) -> usize {
    let mut count = 0;
    let each = &mut |stored: levee_app::event::StoredEvent| {
        count += usize::from(matches!(stored.event, Event::PersonRead(_)));
        ControlFlow::Continue(())
    };
    place.open().journal.events(Position(0), each).unwrap();
    count
}

/// The records alone: the journal stays, as it would after only `vault.db` was put back.
fn copy_records(place: &Place, back: bool) {
    let (kept, live) = (place.outer.path().join("backup of records"), place.city().join("vault.db"));
    let (from, to) = if back { (kept, live) } else { (live, kept) };
    if from.exists() {
        std::fs::copy(from, to).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is sealed, read, erased and put back: who was erased never opens again, the audit has one event for each
    /// reading that gave values, and the journal verifies.
    #[test]
    fn an_erased_person_never_opens_again(steps in prop::collection::vec(step(), 1..25)) {
        let mut place = Place::new();
        let (mut known, mut erased, mut read) = (BTreeSet::new(), BTreeSet::new(), 0);
        place.copy(&place.keys(), "backup of keys");
        for step in steps {
            match step {
                Step::Seal(nth) => prop_assert_eq!(place.seal(&[nth]).is_ok(), known.insert(nth)),
                Step::Read(nth) => {
                    let values = place.read(nth);
                    prop_assert!(values.is_err() || !erased.contains(&nth));
                    read += usize::from(values.is_ok());
                }
                Step::Erase(nth) => {
                    prop_assert_eq!(place.erase(nth).is_ok(), known.contains(&nth));
                    erased.extend(known.contains(&nth).then_some(nth));
                }
                Step::BackupKeys => place.copy(&place.keys(), "backup of keys"),
                Step::RestoreKeys => {
                    place.restore("backup of keys", &place.keys());
                    for nth in &erased {
                        prop_assert!(place.read(*nth).is_err(), "before anything is applied again");
                    }
                    place.reapply(&[]);
                }
                Step::BackupRecords => copy_records(&place, false),
                Step::RestoreRecords => copy_records(&place, true),
            }
            let open = place.open();
            for nth in &erased {
                prop_assert!(open.vault.open(somebody(*nth), &"food_delivery".parse().unwrap()).is_err());
                prop_assert!(!open.vault.subjects().unwrap().contains(&somebody(*nth)));
            }
            drop(open);
            prop_assert_eq!(readings(&place), read);
        }
        place.verify();
    }
}
