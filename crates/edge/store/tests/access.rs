//! What every store of sign-ins must do. A new one calls [`conformance`] and is done.
#![expect(clippy::unwrap_used, reason = "helpers of tests; a failure is the test's")]
#![cfg_attr(
    feature = "postgres",
    expect(clippy::panic, reason = "the server that these tests start; a failure is the test's")
)]

#[cfg(feature = "postgres")]
#[path = "support/postgres.rs"]
mod postgres;

use levee_app::access::{AccessError, AccessRecords, Kept, RecordKind};
use levee_store::access::{MemoryAccess, SqliteAccess};

fn conformance(store: &dyn AccessRecords) {
    let (account, session) = (RecordKind::Account, RecordKind::Session);
    assert_eq!(store.get(account, "chen").unwrap(), None);
    store.put(account, "chen", b"one", 0).unwrap();
    assert_eq!(store.get(account, "chen").unwrap(), Some(Kept { value: b"one".to_vec(), version: 1 }));
    // Kinds do not see one another, and a key that is no plain word is a key.
    assert_eq!(store.get(session, "chen").unwrap(), None);
    store.put(session, "'; DROP TABLE record; --", b"", 0).unwrap();
    // Of two who change the same version, one is told.
    store.put(account, "chen", b"two", 1).unwrap();
    assert!(matches!(store.put(account, "chen", b"three", 1), Err(AccessError::Changed)));
    assert!(matches!(store.put(account, "chen", b"three", 0), Err(AccessError::Changed)));
    assert!(matches!(store.put(account, "nobody", b"three", 4), Err(AccessError::Changed)));
    store.put(account, "an", b"first by key", 0).unwrap();
    let all = store.all(account).unwrap();
    let told: Vec<_> = all.iter().map(|(key, kept)| (key.as_str(), kept.version)).collect();
    assert_eq!(told, [("an", 1), ("chen", 2)]);
    store.forget(account, "chen").unwrap();
    store.forget(account, "chen").unwrap();
    assert_eq!(store.get(account, "chen").unwrap(), None);
    assert_eq!(store.all(session).unwrap().len(), 1);
}

#[test]
fn sign_ins_in_memory_conform() {
    conformance(&MemoryAccess::default());
}

#[test]
fn sign_ins_on_disk_conform_and_last() {
    let folder = tempfile::tempdir().unwrap();
    conformance(&SqliteAccess::open(folder.path()).unwrap());
    let again = SqliteAccess::open(folder.path()).unwrap();
    assert_eq!(again.all(RecordKind::Account).unwrap().len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = folder.path().join(levee_store::access::FILE);
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[cfg(feature = "postgres")]
#[test]
fn sign_ins_in_a_database_conform_and_are_shared() {
    use levee_store::access::PostgresAccess;
    let server = postgres::Server::start();
    let address = server.database();
    let first = PostgresAccess::open(&address).unwrap();
    conformance(&first);
    let second = PostgresAccess::open(&address).unwrap();
    assert_eq!(second.all(RecordKind::Account).unwrap().len(), 1);
    second.forget(RecordKind::Account, "an").unwrap();
    assert_eq!(first.get(RecordKind::Account, "an").unwrap(), None);
}
