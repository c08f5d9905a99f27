//! A command that was cut off at any of its steps is finished, or its leftovers are found.

use crate::place::*;
use levee_app::event::ErasedWhy;
use levee_app::journal::Journal as _;
use levee_app::projection::subjects::subject;
use levee_app::vault::{self, Comparison, NewSubject, Sealing, Vault as _};

#[test]
fn data_whose_commit_never_came_are_found_and_the_command_can_be_given_again() {
    let place = Place::new();
    let people = [NewSubject { subject: somebody(1), record: record(1) }];
    let mut open = place.open();
    // The vault was written, then the power went.
    open.vault.seal(&[(somebody(1), record(1)), (somebody(2), record(2))]).unwrap();
    open.with(|city, vault| vault::seal(city, vault, &command(50), &people, Sealing::New)).unwrap();
    let left = vault::compare(&open.journal, &open.vault).unwrap();
    assert_eq!(left, Comparison { unrecorded: vec![somebody(2)], ..Comparison::default() });
    assert_eq!(open.with(|city, vault| vault::clear_unrecorded(city, vault, &command(51))).unwrap(), [somebody(2)]);
    assert_eq!(vault::compare(&open.journal, &open.vault).unwrap(), Comparison::default());
    drop(open);
    place.verify();
}

#[test]
fn an_erasure_whose_event_never_came_is_written_down_afterwards() {
    let mut place = Place::new();
    place.seal(&[1, 2]).unwrap();
    // List, key and record are gone; the journal's commit was cut off.
    place.open().vault.erase(&[somebody(1)]).unwrap();
    assert!(place.read(1).is_err());
    let before = place.open().journal.last().unwrap();
    assert_eq!(place.reapply(&[]).written_down, [somebody(1)]);
    let open = place.open();
    assert_eq!(open.journal.last().unwrap().0, before.0 + 1);
    assert_eq!(subject(&open.journal, somebody(1)).unwrap().unwrap().erased, Some(ErasedWhy::OnTheList));
    drop(open);
    assert_eq!(place.reapply(&[]).written_down, []);
    place.verify();
}
