//! The journal's file of every released version opens, verifies and reads for ever.

use crate::city::*;
use crate::copy::{assert_same, history};
use crate::suite::assert_sound;
use levee_app::journal::Journal as _;
use levee_store::memory::MemoryJournal;
use levee_store::sqlite::{FILE, SqliteJournal};
use std::path::PathBuf;

/// The folder of the file that a version left.
fn frozen(version: u32) -> PathBuf {
    PathBuf::from(format!("{}/tests/golden/sqlite-v{version}", env!("CARGO_MANIFEST_DIR")))
}

/// The version of the tables that this Levee writes. A new one asks for a frozen file of its own, made before release.
const NEWEST: u32 = 3;

#[test]
#[ignore = "makes the frozen file of a new version, once, where there is none"]
fn make_the_frozen_file() {
    let folder = frozen(NEWEST);
    assert!(!folder.join(FILE).exists(), "a frozen file is never made again");
    std::fs::create_dir_all(&folder).unwrap();
    history(&mut SqliteJournal::create(&folder).unwrap());
    std::fs::remove_file(folder.join("levee.lock")).unwrap();
}

#[test]
fn a_file_of_every_released_version_opens_verifies_and_goes_on() {
    for version in 1..=NEWEST {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(frozen(version).join(FILE), folder.path().join(FILE)).unwrap();
        let mut said = MemoryJournal::new();
        history(&mut said);
        let mut journal = SqliteJournal::open(folder.path()).unwrap();
        assert_same(&journal, &said);
        assert_sound(&journal);
        for journal in [&mut journal as &mut dyn levee_app::journal::Journal, &mut said] {
            journal.transact(&command(6), at(50), &mut |on| on.append(read_rejected(1)).map(|_| ())).unwrap();
        }
        assert_same(&journal, &said);
        drop(journal);
        let file = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
        let now: u32 = file.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(now, NEWEST, "a file of version {version} was brought to the newest");
    }
}

#[test]
fn an_old_file_is_brought_up_also_for_those_who_only_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(frozen(1).join(FILE), folder.path().join(FILE)).unwrap();
    let journal = SqliteJournal::open_read_only(folder.path()).unwrap();
    let mut said = MemoryJournal::new();
    history(&mut said);
    assert_same(&journal, &said);
    assert_sound(&journal);
}

#[test]
fn the_chains_of_the_frozen_file_never_change() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(frozen(1).join(FILE), folder.path().join(FILE)).unwrap();
    let heads = SqliteJournal::open(folder.path()).unwrap().heads().unwrap();
    let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines: Vec<_> =
        heads.into_iter().map(|(name, length, hash)| format!("{name} {length} {}", hex(hash))).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
audit 1 f8d2f86c68d309e6096a36004e9749eeeadb72a62f1ce1afce0e8732319826d6
city 1 f5dbbb815770e9e166ee5fd9b407e19b5edb089a486430c906602b55fa975ee4
intake 4 73db45b8baedc023503acfb7eb8671b5f2388b169a3a24cb10114d12d97d5e3c
ledger.500103 2 341cf5175433de93a716b93e9323d4d07c6101edcdcf8344c0bc5c4546872cc1
outlook 1 34a009459da14ed7795926172a37342d6ee36490901007770989d469bb222ad4
");
}
