//! What must lie nowhere: values in plain text, and the key of somebody who was erased.

use crate::place::*;
use levee_app::city::AppError;
use levee_app::journal::Journal as _;
use levee_app::vault::{Comparison, Vault as _, VaultError, compare};
use std::path::Path;

/// A text as it could lie in a file.
fn writings(text: &str) -> [Vec<u8>; 3] {
    let units = || text.encode_utf16();
    [
        text.as_bytes().to_vec(),
        units().flat_map(u16::to_le_bytes).collect(),
        units().flat_map(u16::to_be_bytes).collect(),
    ]
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}

fn assert_nowhere(below: &Path, texts: &[String]) {
    let all = files(below);
    assert!(all.len() >= 5, "there is something to look through: {}", all.len());
    for (path, bytes) in all {
        for text in texts {
            for written in writings(text) {
                assert!(!holds(&bytes, &written), "`{text}` stands in {}", path.display());
            }
        }
    }
}

fn values() -> Vec<String> {
    (1..=3).flat_map(|nth| [name(nth), telephone(nth), format!("桂花街{nth}号")]).chain([REASON.to_owned()]).collect()
}

#[test]
fn no_value_lies_in_plain_text_anywhere() {
    let mut place = Place::new();
    place.seal(&[1, 2, 3]).unwrap();
    let read = place.read(2).unwrap();
    assert_eq!(read[0].values.values().map(|value| value.expose()).collect::<Vec<_>>(), [name(2), telephone(2)]);
    {
        // While everything is open, with logs not yet carried over.
        let mut open = place.open();
        let people = [levee_app::vault::NewSubject { subject: somebody(9), record: record(9) }];
        let sealing = levee_app::vault::Sealing::New;
        open.with(|city, vault| levee_app::vault::seal(city, vault, &command(999), &people, sealing)).unwrap();
        assert!(place.city().join("vault.db-wal").is_file(), "the log is there to be looked through");
        assert_nowhere(place.outer.path(), &values());
    }
    place.erase(3).unwrap();
    assert_nowhere(place.outer.path(), &values());
    // The search finds what is there.
    std::fs::write(place.city().join("note"), writings(&name(1))[1].clone()).unwrap();
    let found = std::panic::catch_unwind(|| assert_nowhere(place.outer.path(), &values()));
    assert!(found.is_err());
}

#[test]
fn who_was_erased_stays_so_after_old_keys_were_put_back() {
    let mut place = Place::new();
    place.seal(&[1, 2]).unwrap();
    place.copy(&place.keys(), "backup of keys");
    let slots = std::fs::read(place.vault_keys().join("subjects")).unwrap();
    let mut ours = slots.chunks(128).filter(|slot| slot.starts_with(&somebody(1).bytes()));
    let wrapped = ours.next().unwrap()[16..88].to_vec();

    place.erase(1).unwrap();
    for (path, bytes) in files(&place.keys()) {
        for piece in wrapped.chunks(12) {
            assert!(!holds(&bytes, piece), "a part of the key stands in {}", path.display());
        }
    }
    for (path, bytes) in files(&place.city()).iter().filter(|(path, _)| path.ends_with("vault.db")) {
        assert!(!holds(bytes, &somebody(1).bytes()), "a record stands in {}", path.display());
    }

    place.restore("backup of keys", &place.keys());
    let purpose = "food_delivery".parse().unwrap();
    let open = place.open();
    let comparison = Comparison { returned: vec![somebody(1)], ..Comparison::default() };
    assert_eq!(compare(&open.journal, &open.vault).unwrap(), comparison);
    drop(open);
    assert!(matches!(place.read(1), Err(AppError::Vault(VaultError::Erased { .. }))), "the journal knows");

    let done = place.reapply(&[]);
    assert_eq!((done.destroyed_again, done.written_down), (vec![somebody(1)], vec![]));
    let open = place.open();
    assert!(matches!(open.vault.open(somebody(1), &purpose), Err(VaultError::Erased { .. })));
    assert_eq!(open.vault.erased().unwrap(), [somebody(1)]);
    assert!(!holds(&std::fs::read(place.vault_keys().join("subjects")).unwrap(), &wrapped));
    assert!(open.vault.open(somebody(2), &purpose).is_ok(), "nobody else is hurt");
    drop(open);
    place.verify();
}

#[test]
fn a_list_that_stayed_finishes_the_erasure_when_the_vault_is_opened() {
    let mut place = Place::new();
    place.seal(&[1, 2]).unwrap();
    let subjects = place.vault_keys().join("subjects");
    let (keys, records) = (std::fs::read(&subjects).unwrap(), std::fs::read(place.city().join("vault.db")).unwrap());
    place.erase(1).unwrap();
    // Only the keys and the records come back, or were never reached: the list is ahead of them.
    std::fs::write(&subjects, keys).unwrap();
    std::fs::write(place.city().join("vault.db"), records).unwrap();
    assert_eq!(place.open().vault.subjects().unwrap(), [somebody(2)]);
    assert_ne!(std::fs::read(&subjects).unwrap()[128], somebody(1).bytes()[0], "overwritten by opening");
}

#[test]
fn old_keys_and_an_old_city_need_the_list_from_a_third_place() {
    let mut place = Place::new();
    place.seal(&[1, 2]).unwrap();
    place.copy(&place.keys(), "backup of keys");
    place.copy(&place.city(), "backup of the city");
    place.erase(1).unwrap();
    let list = std::fs::read_to_string(place.vault_keys().join("erased")).unwrap();
    place.restore("backup of keys", &place.keys());
    place.restore("backup of the city", &place.city());
    assert!(place.read(1).is_ok(), "nothing here remembers: that is why the list is kept in a third place too");
    let list: Vec<_> = list.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(place.reapply(&list).written_down, [somebody(1)]);
    assert!(place.read(1).is_err());
    assert!(place.read(2).is_ok());
    place.verify();
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_keys_and_list() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut place = Place::new();
    place.seal(&[1]).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = place.vault_keys();
    assert_eq!((mode(&folder), mode(&folder.join("subjects")), mode(&folder.join("erased"))), (0o700, 0o600, 0o600));
    assert!(place.open().journal.last().unwrap().0 > 2);
}
