//! The journal's file: who may open it, and what is told to whoever may not.

use crate::city::*;
use crate::suite::{all_events, assert_sound};
use levee_app::event::Position;
use levee_app::journal::{Journal, JournalError};
use levee_store::sqlite::{FILE, SqliteJournal};
use std::error::Error;
use std::path::Path;

fn why(error: &JournalError, folder: &Path) -> String {
    let mut all = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        all = format!("{all}: {inner}");
        source = inner.source();
    }
    all.replace(&folder.display().to_string(), "<city>").replace(&std::process::id().to_string(), "<pid>")
}

#[test]
fn one_process_writes_and_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = SqliteJournal::create(folder.path()).unwrap();
    append(&mut writer, 1, at(0), vec![founded()]).unwrap();
    let refused = SqliteJournal::open(folder.path()).err().unwrap();
    insta::assert_snapshot!(why(&refused, folder.path()), @"another process works on <city> (process <pid>)");

    let mut reader = SqliteJournal::open_read_only(folder.path()).unwrap();
    assert_eq!(reader.last().unwrap(), Position(1));
    append(&mut writer, 2, at(0), batch(2, 0..10)).unwrap();
    assert_eq!(all_events(&reader, 1).len(), 4);
    assert_sound(&reader);
    let refused = append(&mut reader, 3, at(0), vec![read_rejected(2)]).unwrap_err();
    insta::assert_snapshot!(why(&refused, folder.path()), @"the journal <city>/levee.db failed: the journal was opened for reading only");

    drop(writer);
    let mut writer = SqliteJournal::open(folder.path()).unwrap();
    assert_eq!(append(&mut writer, 3, at(0), vec![read_rejected(2)]).unwrap().first, Position(6));
}

#[test]
fn what_is_not_a_journal_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let told = |journal: Result<SqliteJournal, JournalError>| why(&journal.err().unwrap(), folder.path());
    insta::assert_snapshot!(told(SqliteJournal::open(folder.path())), @"the journal <city>/levee.db failed: there is no journal here; make a city with `levee init`, or name the folder of one");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was made");

    let file = folder.path().join(FILE);
    std::fs::write(&file, "a shopping list\n".repeat(1000)).unwrap();
    insta::assert_snapshot!(told(SqliteJournal::open(folder.path())), @"the journal <city>/levee.db failed: the file is not a journal of Levee; it was left as it is");
    insta::assert_snapshot!(told(SqliteJournal::open_read_only(folder.path())), @"the journal <city>/levee.db failed: the file is not a journal of Levee; it was left as it is");
    assert_eq!(std::fs::read(&file).unwrap(), "a shopping list\n".repeat(1000).as_bytes());

    std::fs::remove_file(&file).unwrap();
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE lunch (day TEXT)").unwrap();
    insta::assert_snapshot!(told(SqliteJournal::open(folder.path())), @"the journal <city>/levee.db failed: the file is not a journal of Levee; it was left as it is");
    insta::assert_snapshot!(told(SqliteJournal::create(folder.path())), @"the journal <city>/levee.db failed: the file is not a journal of Levee; it was left as it is");

    std::fs::remove_file(&file).unwrap();
    drop(SqliteJournal::create(folder.path()).unwrap());
    insta::assert_snapshot!(told(SqliteJournal::create(folder.path())), @"the journal <city>/levee.db failed: there is a journal here already; name an empty folder");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    insta::assert_snapshot!(told(SqliteJournal::open(folder.path())), @"<city>/levee.db was written by a later version of Levee (schema 99, this one reads up to 3)");
}

#[test]
fn a_damaged_file_is_named_with_its_mend() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::create(folder.path()).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    append(&mut journal, 2, at(0), batch(2, 0..900)).unwrap();
    drop(journal);
    let file = folder.path().join(FILE);
    let mut bytes = std::fs::read(&file).unwrap();
    let half = bytes.len() / 4;
    bytes[half..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let refused = SqliteJournal::open_read_only(folder.path()).and_then(|journal| journal.verify()).unwrap_err();
    let told = why(&refused, folder.path());
    assert!(told.contains("the file is damaged; keep a copy of it, run `levee journal verify`"), "{told}");
}

#[test]
fn a_creation_that_was_cut_off_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), b"").unwrap();
    assert!(SqliteJournal::open(folder.path()).is_err());
    let mut journal = SqliteJournal::create(folder.path()).unwrap();
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
}
