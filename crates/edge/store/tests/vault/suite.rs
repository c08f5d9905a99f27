//! What every vault must do: the one on disk and its twin in memory.

use crate::place::*;
use levee_app::vault::{PersonalRecord, Vault, VaultError};
use levee_model::subject::{Pseudonym, Purpose};
use levee_store::vault::{FolderVault, MemoryVault, random_pseudonym};

fn purpose() -> Purpose {
    "food_delivery".parse().unwrap()
}

fn conformance(vault: &mut dyn Vault) {
    let records = |people: &[u8]| -> Vec<(Pseudonym, PersonalRecord)> {
        people.iter().map(|nth| (somebody(*nth), record(*nth))).collect()
    };
    assert!(matches!(vault.open(somebody(1), &purpose()), Err(VaultError::Unknown { .. })));
    vault.seal(&records(&[3, 1, 2])).unwrap();
    vault.seal(&[]).unwrap();
    let mut all = [somebody(1), somebody(2), somebody(3)];
    all.sort();
    assert_eq!(vault.subjects().unwrap(), all);
    assert_eq!(vault.open(somebody(2), &purpose()).unwrap(), record(2));
    let other = vault.open(somebody(2), &"care_placement".parse().unwrap());
    assert!(matches!(other, Err(VaultError::OtherPurpose { .. })), "{other:?}");

    vault.seal(&[(somebody(2), record(8))]).unwrap();
    assert_eq!(vault.open(somebody(2), &purpose()).unwrap(), record(8), "a record is replaced");

    vault.erase(&[somebody(2), somebody(7)]).unwrap();
    vault.erase(&[somebody(2)]).unwrap();
    let mut erased = [somebody(2), somebody(7)];
    erased.sort();
    assert_eq!(vault.erased().unwrap(), erased);
    for gone in [2, 7] {
        assert!(matches!(vault.open(somebody(gone), &purpose()), Err(VaultError::Erased { .. })));
        let refused = vault.seal(&records(&[4, gone]));
        assert!(matches!(refused, Err(VaultError::Erased { .. })), "{refused:?}");
    }
    assert!(vault.open(somebody(4), &purpose()).is_err(), "a refusal keeps nobody");
    assert_eq!(vault.open(somebody(1), &purpose()).unwrap(), record(1));
}

#[test]
fn the_vault_in_memory_conforms() {
    conformance(&mut MemoryVault::default());
}

#[test]
fn the_vault_on_disk_conforms_and_keeps_it() {
    let place = Place::new();
    conformance(&mut place.open().vault);
    let vault = FolderVault::open_read_only(&place.city(), &place.keys()).unwrap();
    let mut left = [somebody(1), somebody(3)];
    left.sort();
    assert_eq!(vault.subjects().unwrap(), left);
    assert_eq!(vault.open(somebody(3), &purpose()).unwrap(), record(3));
    assert!(matches!(vault.open(somebody(2), &purpose()), Err(VaultError::Erased { .. })));
}

#[test]
fn a_vault_that_is_only_read_is_not_made() {
    let place = Place::new();
    let mut vault = FolderVault::open_read_only(&place.city(), &place.keys()).unwrap();
    assert_eq!(vault.subjects().unwrap(), []);
    assert!(matches!(vault.open(somebody(1), &purpose()), Err(VaultError::Unknown { .. })));
    assert!(vault.seal(&[(somebody(1), record(1))]).is_err());
    assert!(vault.erase(&[somebody(1)]).is_err());
    assert!(!place.city().join("vault.db").exists() && !place.vault_keys().exists());
}

#[test]
fn no_record_opens_in_the_place_of_another() {
    let place = Place::new();
    let mut open = place.open();
    open.vault.seal(&[(somebody(1), record(1)), (somebody(2), record(2))]).unwrap();
    drop(open);
    let db = rusqlite::Connection::open(place.city().join("vault.db")).unwrap();
    let swap =
        "UPDATE record SET sealed = (SELECT other.sealed FROM record other WHERE other.subject != record.subject)";
    assert_eq!(db.execute(swap, []).unwrap(), 2);
    let vault = place.open().vault;
    assert!(matches!(vault.open(somebody(1), &purpose()), Err(VaultError::Sealed { .. })));
    drop(vault);
    db.execute("UPDATE record SET revision = 2", []).unwrap();
    assert!(matches!(place.open().vault.open(somebody(2), &purpose()), Err(VaultError::Sealed { .. })));
    db.execute("PRAGMA user_version = 2", []).unwrap();
    drop(db);
    let refused = FolderVault::open(&place.city(), &place.keys()).err().unwrap().to_string();
    assert!(refused.ends_with("vault.db: it was written by a later version of Levee"), "{refused}");
}

#[test]
fn pseudonyms_do_not_repeat() {
    let many: std::collections::BTreeSet<_> = (0..1000).map(|_| random_pseudonym().unwrap()).collect();
    assert_eq!(many.len(), 1000);
}
