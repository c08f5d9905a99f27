//! The laws of the journal, held against every store; and what befalls the one on disk: crashes, full disks, tampering.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests; a failure is the test's")]

mod city;
mod suite;

mod backup;
mod copy;
mod crash;
mod disk;
mod golden;
mod group;
mod histories;
mod migrations;
#[cfg(feature = "postgres")]
mod postgres;
mod restrictions;
mod shared;
mod tamper;

use levee_store::memory::MemoryJournal;
use levee_store::sqlite::SqliteJournal;
use std::cell::Cell;

#[test]
fn the_journal_in_memory_conforms() {
    suite::conformance(MemoryJournal::new);
}

#[test]
fn the_journal_on_disk_conforms() {
    let outer = tempfile::tempdir().unwrap();
    let made = Cell::new(0);
    suite::conformance(|| {
        made.set(made.get() + 1);
        let folder = outer.path().join(made.get().to_string());
        std::fs::create_dir(&folder).unwrap();
        SqliteJournal::create(&folder).unwrap()
    });
}
