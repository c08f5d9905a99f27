//! Journals that move between stores, and blobs beside the journal.

use super::{Admin, Server};
use crate::city::*;
use crate::suite::{all_events, assert_sound, dump};
use levee_app::blob::{BlobError, Blobs};
use levee_app::event::{ArtefactKind, Position};
use levee_app::journal::Journal;
use levee_ledger::Flow;
use levee_store::blobs::{BlobStoreError, CheckBlob};
use levee_store::keys::KeyError;
use levee_store::memory::MemoryJournal;
use levee_store::postgres::{PostgresBlobs, PostgresJournal};
use levee_store::raw;
use levee_store::sqlite::SqliteJournal;

#[test]
fn a_city_moves_into_postgresql_and_out_again() {
    let server = Server::start();
    journals_are_copied_whole_and_up_to_a_position(&server);
    what_is_changed_is_not_copied(&server);
    blobs_lie_beside_the_journal(&server);
}

fn fill(journal: &mut impl Journal) {
    append(journal, 1, at(0), vec![founded()]).unwrap();
    append(journal, 2, at(10), batch(2, 0..3000)).unwrap();
    append(journal, 3, at(15), vec![]).unwrap();
    append(journal, 4, at(20), vec![obligations("500103", Flow::Opened, 7), issued(4, ArtefactKind::Plan)]).unwrap();
    append(journal, 5, at(30), vec![obligations("500103", Flow::Met, 2), read_rejected(2)]).unwrap();
}

fn same(left: &impl Journal, right: &impl Journal) {
    assert_eq!(left.heads().unwrap(), right.heads().unwrap());
    assert_eq!(all_events(left, 0), all_events(right, 0));
    assert_eq!(dump(left), dump(right));
    for nth in 1..7 {
        let id = command(nth).command_id;
        assert_eq!(left.receipt(id).unwrap(), right.receipt(id).unwrap());
    }
    assert_sound(left);
}

fn journals_are_copied_whole_and_up_to_a_position(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    let mut file = SqliteJournal::create(folder.path()).unwrap();
    fill(&mut file);
    let mut one = PostgresJournal::create(&server.database()).unwrap();
    let copied = raw::copy(&file, &mut one, None).unwrap();
    assert_eq!((copied.events, copied.commands, copied.last), (9, 5, Position(9)));
    assert_eq!(copied.mended, []);
    same(&one, &file);

    let mut other = PostgresJournal::create(&server.database()).unwrap();
    raw::copy(&one, &mut other, None).unwrap();
    same(&other, &file);
    // Goes on where the other stopped.
    append(&mut other, 6, at(40), vec![obligations("500103", Flow::Met, 5)]).unwrap();
    append(&mut file, 6, at(40), vec![obligations("500103", Flow::Met, 5)]).unwrap();
    same(&other, &file);
    assert!(raw::copy(&file, &mut other, None).is_err(), "only into an empty one");
    same(&other, &file);

    // Within command 4: back to the end of what was whole before.
    let mut earlier = MemoryJournal::new();
    let copied = raw::copy(&other, &mut earlier, Some(Position(6))).unwrap();
    assert_eq!((copied.last, copied.asked), (Position(5), Some(Position(6))));
    assert_eq!(raw::position_at(&other, at(25)).unwrap(), Position(7));
    assert_sound(&earlier);
}

fn what_is_changed_is_not_copied(server: &Server) {
    let address = server.database();
    let mut journal = PostgresJournal::create(&address).unwrap();
    fill(&mut journal);
    Admin::connect(&address).change("UPDATE levee.event SET known_at = known_at + 1 WHERE position = 6");
    let target = server.database();
    let mut to = PostgresJournal::create(&target).unwrap();
    let refused = raw::copy(&journal, &mut to, None).unwrap_err();
    assert!(super::why(&refused, server).contains("event 6 (`ledger.500103` no. 1) was changed"), "{refused:?}");
    assert_eq!((to.last().unwrap(), dump(&to)), (Position(0), vec![]));
    append(&mut to, 1, at(0), vec![founded()]).unwrap();
    assert_sound(&to);
}

fn blobs_lie_beside_the_journal(server: &Server) {
    let address = server.database();
    drop(PostgresJournal::create(&address).unwrap());
    let outer = tempfile::tempdir().unwrap();
    let (keys, city) = (outer.path().join("keys"), outer.path().join("city"));
    let inside = PostgresBlobs::create(&address, Some(&city), &city.join("keys")).err().unwrap();
    assert!(matches!(inside, BlobStoreError::Key(KeyError::WithTheData { .. })), "{inside}");
    assert!(matches!(PostgresBlobs::open(&address, &keys), Err(BlobStoreError::Key(KeyError::Unnamed { .. }))));

    let blobs = PostgresBlobs::create(&address, None, &keys).unwrap();
    assert!(PostgresBlobs::create(&address, None, &keys).is_err(), "one key for a city");
    let admin = Admin::connect(&address);
    let count = || admin.run("SELECT (SELECT count(*) FROM levee.blob), (SELECT count(*) FROM levee.blob_piece)");
    let large: Vec<u8> = (0..251u8).cycle().take((2 << 20) + 77).collect();
    let contents: [&[u8]; 3] = [b"", b"eleven beds", &large];
    for content in contents {
        let digest = blobs.put(content).unwrap();
        assert_eq!(digest, blobs.digest(content));
        assert_eq!(blobs.put_stream(&mut &*content).unwrap(), (digest, content.len() as u64), "kept once");
        assert_eq!(blobs.get(&digest).unwrap(), content);
    }
    assert_eq!(count(), [["3", "5"]], "one piece, one, and three");
    let seen = admin.run("SELECT count(*) FROM levee.blob_piece WHERE position('eleven'::bytea IN body) > 0");
    assert_eq!(seen, [["0"]], "what lies there is sealed");

    // Another process, and what it does not find.
    let other = PostgresBlobs::open(&address, &keys).unwrap();
    assert_eq!(other.get(&blobs.digest(&large)).unwrap(), large);
    let missing = other.get(&blob(1)).unwrap_err();
    assert!(matches!(missing, BlobError::Missing { .. }), "{missing}");

    // A byte is changed: it does not open, and who puts it again mends it.
    let digest = blobs.digest(&large);
    assert_eq!(
        admin.change("UPDATE levee.blob_piece SET body = set_byte(body, 9, get_byte(body, 9) # 1) WHERE nth = 1"),
        1
    );
    assert!(matches!(other.check(&digest), Err(BlobError::Sealed { .. })));
    other.put(&large).unwrap();
    assert_eq!(blobs.get(&digest).unwrap(), large);
    assert_eq!(count(), [["3", "5"]]);

    // A source that fails leaves nothing.
    struct Torn;
    impl std::io::Read for Torn {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            match into.len() {
                1..70_000 => Err(std::io::Error::other("torn")),
                length => {
                    into.fill(3);
                    Ok(length)
                }
            }
        }
    }
    assert!(blobs.put_stream(&mut std::io::Read::chain(&large[..], Torn)).is_err());
    assert_eq!(count(), [["3", "5"]]);
    assert!(blobs.put(b"and it goes on").is_ok());
}
