//! Personal data at the command line: masked, read for a reason by somebody who may, written down, destroyed for good.

use crate::settle::envelope;
use crate::support::City;
use jiff::civil::date;
use levee_app::city::City as Open;
use levee_app::clock::MachineClock;
use levee_app::vault::{NewSubject, PersonalRecord, Sealing, Secret, seal};
use levee_model::subject::Pseudonym;
use levee_store::sqlite::SqliteJournal;
use levee_store::vault::{FolderVault, random_pseudonym};

/// Takes so many invented people in; gives their pseudonyms.
pub(crate) fn taken_in(city: &City, people: usize, until: jiff::civil::Date) -> Vec<Pseudonym> {
    let mut journal = SqliteJournal::open(&city.at("city")).unwrap();
    let blobs = city.blobs();
    let mut open = Open { journal: &mut journal, blobs: &blobs, clock: &MachineClock };
    let mut vault = FolderVault::open(&city.at("city"), &city.at("keys")).unwrap();
    let new = |nth: usize| {
        let fields = [("name", format!("Invented Person {nth}")), ("phone", format!("1380000{nth:04}"))];
        let fields = fields.map(|(field, value)| (field.parse().unwrap(), Secret::new(value)));
        let record = PersonalRecord::new(fields.into(), "care_placement".parse().unwrap(), until).unwrap();
        NewSubject { subject: random_pseudonym().unwrap(), record }
    };
    let all: Vec<NewSubject> = (0..people).map(new).collect();
    seal(&mut open, &mut vault, &envelope("clerk-1"), &all, Sealing::New).unwrap();
    all.iter().map(|one| one.subject).collect()
}

fn far() -> jiff::civil::Date {
    date(2999, 1, 1)
}

fn vault(city: &City, args: &[&str]) -> crate::support::Output {
    city.run(&[&["vault", "city"], args].concat())
}

#[test]
fn values_are_masked_until_somebody_reads_them_for_a_reason() {
    let city = City::live();
    let whom = taken_in(&city, 2, far())[0].to_string();
    let shown = vault(&city, &["show", "--as", "analyst-1"]).done();
    assert!(shown.out.contains(&whom) && shown.out.contains("care_placement"), "{shown:#?}");
    assert!(!shown.out.contains("Invented Person") && !shown.out.contains("13800000000"), "{shown:#?}");

    let ask = ["read", &whom, "--field", "name", "--reason", "call about the bed"];
    let read = vault(&city, &[&ask[..], &["--as", "lead-transfer"]].concat()).done();
    assert!(read.out.contains("Invented Person 0") && !read.out.contains("1380000"), "{read:#?}");
    let audit = vault(&city, &["audit", "--from", "2020-01-01", "--to", "2998-12-31", "--as", "auditor-1"]).done();
    for said in ["lead-transfer", &whom, "call about the bed", "1 readings"] {
        assert!(audit.out.contains(said), "{said}: {audit:#?}");
    }
    city.is_whole();
}

#[test]
fn values_go_to_a_new_file_of_their_reader_and_nowhere_else() {
    let city = City::live();
    let whom = taken_in(&city, 1, far())[0].to_string();
    let ask = ["read", &whom, "--field", "name", "--reason", "call", "--as", "lead-transfer", "--out", "values.txt"];
    let read = vault(&city, &ask).done();
    assert!(!format!("{}{}", read.out, read.err).contains("Invented"), "{read:#?}");
    assert!(city.read("values.txt").contains("Invented Person 0"));
    use std::os::unix::fs::MetadataExt as _;
    assert_eq!(std::fs::metadata(city.at("values.txt")).unwrap().mode() & 0o777, 0o600);
    let before = city.events();
    vault(&city, &ask).refused(&["could not make the new file", "values.txt"]);
    assert_eq!(city.events(), before, "what could not be handed over was not read");
}

#[test]
fn who_may_not_read_reads_nothing() {
    let city = City::live();
    let people = taken_in(&city, 101, far());
    let whom = people[0].to_string();
    let before = city.events();
    let read = |more: &[&str]| vault(&city, &[&["read", &whom, "--field", "name"], more].concat());
    read(&["--reason", "r"]).refused(&["to read personal data, a person must act", "--as PERSON"]);
    read(&["--reason", "r", "--as", "analyst-1"]).refused(&["may not read personal data"]);
    read(&["--reason", "  ", "--as", "lead-transfer"]).refused(&["for a reason", "say why"]);
    read(&["--as", "lead-transfer"]).refused(&["--reason"]);
    let unknown = levee_store::vault::random_pseudonym().unwrap().to_string();
    let ask = ["read", &unknown, "--field", "name", "--reason", "r", "--as", "lead-transfer"];
    vault(&city, &ask).refused(&["the vault keeps nothing about", "check the pseudonym"]);
    vault(&city, &["read", "zhang-wei", "--field", "name", "--reason", "r"]).refused(&["zhang-wei"]);

    let all: Vec<String> = people.iter().map(ToString::to_string).collect();
    let many = |more: &[&str]| {
        let mut args = vec!["read"];
        args.extend(all.iter().map(String::as_str));
        args.extend(["--field", "name", "--reason", "r", "--as", "lead-transfer"]);
        args.extend(more);
        vault(&city, &args)
    };
    many(&[]).refused(&["101 people are read by two persons", "name the second person"]);
    many(&["--with", "lead-transfer"]).refused(&["the second person is the first one again"]);
    many(&["--with", "clerk-1"]).refused(&["may not read personal data"]);
    assert_eq!(city.events(), before, "a refusal leaves no event");
    assert_eq!(many(&["--with", "commander-1", "--json"]).done().json()["people"].as_array().unwrap().len(), 101);
    vault(&city, &["audit", "--from", "2020-01-01", "--to", "2998-12-31", "--as", "clerk-1"]).refused(&["may not see"]);
    vault(&city, &["audit", "--from", "2022-02-01", "--to", "2022-01-01", "--as", "auditor-1"]).refused(&["first day"]);
}

#[test]
fn what_is_destroyed_stays_destroyed_after_a_restore() {
    let city = City::live();
    let people = taken_in(&city, 3, far());
    city.run(&["backup", "city", "--to", "copy"]).done();
    let whom = people[1].to_string();
    vault(&city, &["erase", &whom, "--why", "person_asked"]).refused(&["a person must act"]);
    vault(&city, &["erase", &whom, "--why", "on_the_list"]).refused(&["on_the_list"]);
    vault(&city, &["erase", &whom, "--why", "person_asked", "--as", "commander-1"]).done();
    let again = vault(&city, &["erase", &whom, "--why", "person_asked", "--as", "commander-1", "--json"]).done().json();
    assert_eq!(again["now"].as_array().unwrap().len(), 0);
    let ask = ["read", &whom, "--field", "name", "--reason", "r", "--as", "lead-transfer"];
    vault(&city, &ask).refused(&["were erased; nobody can read them any more"]);
    city.is_whole();

    let restored = city.run(&["restore", "copy", "--to", "again"]).done();
    assert!(restored.out.contains("erasures applied again: 1 people"), "{restored:#?}");
    let there = city.run(&["vault", "again", "show", "--as", "commander-1", "--json"]).done().json();
    assert_eq!((there["people"].as_u64(), there["kept"].as_u64()), (Some(3), Some(2)));
    city.run(&[&["vault", "again"], &ask[..]].concat()).refused(&["were erased"]);
    let said = city.run(&["journal", "verify", "again"]).done();
    assert!(said.out.contains("whole"), "{said:#?}");
}

#[test]
fn the_last_day_passes_without_anybody_asking() {
    let city = City::live();
    taken_in(&city, 2, date(2020, 1, 1));
    let kept = taken_in(&city, 1, far());
    let gone = vault(&city, &["expire"]).done();
    assert!(gone.out.contains("data of 2 people destroyed"), "{gone:#?}");
    let shown = vault(&city, &["show", &kept[0].to_string(), "--as", "analyst-1"]).done();
    assert!(shown.out.contains("1 of them kept"), "{shown:#?}");
}

#[test]
fn a_vault_that_lost_its_keys_is_a_fault_of_the_city() {
    let city = City::live();
    taken_in(&city, 2, far());
    let mut keys = std::fs::read_dir(city.at("keys")).unwrap().map(|entry| entry.unwrap().path());
    let folder = keys.find(|path| path.is_dir()).unwrap();
    std::fs::remove_file(folder.join("subjects")).unwrap();
    city.run(&["journal", "verify", "city"]).no(&["fault:", "NOT whole"]);
}
