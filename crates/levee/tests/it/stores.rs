//! A city is copied, backed up and restored; what is half or changed is found out.

use crate::settle::owing;
use crate::support::{City, LEVEE, finish};

fn whole(city: &City, folder: &str) {
    let said = city.run(&["journal", "verify", folder]).done();
    assert!(said.out.contains("whole: nothing was changed"), "{said:#?}");
}

#[test]
fn a_backup_is_checked_without_a_key_and_restored_to_any_moment() {
    let city = City::replay();
    let before = city.events();
    owing(&city, &["500103"], 5);
    city.run(&["backup", "city", "--to", "copy"]).done();
    let mut keyless = city.command(LEVEE);
    let checked = finish(keyless.env("LEVEE_KEYS", city.at("nokeys")).args(["backup", "check", "copy"])).done();
    assert!(checked.out.contains("whole: chongqing-2022 to position"), "{checked:#?}");

    city.run(&["restore", "copy", "--to", "now"]).done();
    whole(&city, "now");
    let then = city.run(&["restore", "copy", "--to", "then", "--until", &before.to_string(), "--json"]).done().json();
    assert_eq!(then["last"].as_u64(), Some(before));
    whole(&city, "then");
    let ended = city.run(&["restore", "copy", "--to", "late", "--until", "2999-01-01T00:00"]).done();
    assert!(ended.out.contains("restored"), "{ended:#?}");
    city.run(&["restore", "copy", "--to", "x", "--until", "999999"]).refused(&["ends at position", "mend"]);
    city.run(&["restore", "copy", "--to", "x", "--until", "2001-01-01T00:00"]).refused(&["not founded", "mend"]);
    city.run(&["restore", "copy", "--to", "x", "--until", "yesterday"]).refused(&["neither a position"]);
    city.run(&["restore", "copy", "--to", "now"]).refused(&["is not empty", "not there yet"]);
    assert!(!city.at("x").exists(), "a restore that is refused leaves nothing");
}

#[test]
fn half_a_backup_is_none() {
    let city = City::replay();
    city.run(&["backup", "city", "--to", "copy"]).done();
    city.run(&["backup", "city", "--to", "city"]).refused(&["holds the backup of another city, or something"]);
    let db = std::fs::read(city.at("copy/levee.db")).unwrap();
    std::fs::write(city.at("copy/levee.db"), &db[..db.len() / 2]).unwrap();
    city.run(&["backup", "check", "copy"]).no(&["the backup is damaged", "mend"]);
    city.run(&["restore", "copy", "--to", "x"]).refused(&["the backup is damaged"]);
    std::fs::remove_file(city.at("copy/backup.json")).unwrap();
    city.run(&["backup", "check", "copy"]).no(&["not a whole backup", "mend"]);
    city.run(&["backup", "check", "nowhere"]).no(&["not a whole backup"]);
    city.run(&["backup", "nowhere", "--to", "copy"]).refused(&["is no city folder"]);
    assert!(!city.at("x").exists());
}

#[test]
fn a_city_is_copied_to_a_folder_and_both_are_equal() {
    let city = City::replay();
    owing(&city, &["500103", "500104"], 5);
    let said = city.run(&["store", "copy", "city", "--to", "second"]).done();
    assert!(said.out.contains("compared: both are equal"), "{said:#?}");
    whole(&city, "second");
    city.run(&["store", "copy", "city", "--to", "second"]).refused(&["is not empty"]);
    city.run(&["store", "copy", "city", "--to", "mysql://host/db"]).refused(&["no store that Levee knows"]);
    city.run(&["store", "copy", "city", "--to", "third", "--switch"]).refused(&["only a journal in a database"]);
    assert!(!city.at(".second.copying").exists());
}

#[test]
fn an_address_that_does_not_answer_is_refused_and_its_password_is_not_said() {
    let city = City::replay();
    let address = "postgres://levee:hush-hush@127.0.0.1:1/none";
    let said = city.run(&["store", "copy", "city", "--to", address]).refused(&["could not be reached", "mend"]);
    assert!(!format!("{said:?}").contains("hush-hush"), "{said:#?}");
    let said = city.run(&["store", "copy", "city", "--to", "postgres://["]).refused(&["cannot be read", "mend"]);
    assert!(!said.err.contains("panicked"));
    city.write("city/store.toml", format!("schema = \"levee.store/1\"\n[journal]\npostgres = \"{address}\"\n"));
    let said = city.run(&["batches", "city"]).refused(&["could not be reached", "store.toml"]);
    assert!(!format!("{said:?}").contains("hush-hush"), "{said:#?}");
    city.write("city/store.toml", "journal = hush-hush");
    let said = city.run(&["batches", "city"]).refused(&["does not say where the journal lives"]);
    assert!(!format!("{said:?}").contains("hush-hush"), "{said:#?}");
}

/// The same server that the store's own tests start.
#[path = "../../../edge/store/tests/support/postgres.rs"]
mod postgres;

#[test]
fn a_city_moves_into_a_database_and_back() {
    let server = postgres::Server::start();
    let address = server.database();
    let city = City::replay();
    owing(&city, &["500103", "500104"], 5);
    let events = city.events();
    city.run(&["store", "copy", "city", "--to", &address, "--switch"]).done();
    assert!(!city.at("city/levee.db").exists() && city.at("city/before-postgres/levee.db").is_file());
    use std::os::unix::fs::MetadataExt as _;
    assert_eq!(std::fs::metadata(city.at("city/store.toml")).unwrap().mode() & 0o777, 0o600);
    whole(&city, "city");
    let at = ["--date", "2022-11-18", "--at", "2022-11-19T00:30", "--as", "commander-1", "--lang", "en"];
    city.run(&[&["settle", "city"], &at[..]].concat()).no(&["10 unit(s) of 2 obligation(s)"]);

    city.run(&["store", "copy", "city", "--to", &address]).refused(&["a journal in this database already"]);
    city.run(&["store", "copy", "city", "--to", &address, "--switch"]).refused(&["lives in a database already"]);
    city.run(&["backup", "city", "--to", "copy"]).done();
    let back = city.run(&["store", "copy", "city", "--to", "folder", "--json"]).done().json();
    assert_eq!((back["events"].as_u64(), back["equal"].as_bool()), (Some(events), Some(true)));
    whole(&city, "folder");
}
