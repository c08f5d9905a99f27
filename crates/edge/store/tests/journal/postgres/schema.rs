//! Databases that are no journal, of a later version, or of an earlier one.

use super::{Admin, Server, why};
use crate::city::*;
use crate::suite::{all_events, assert_sound};
use levee_app::blob::Blobs;
use levee_app::journal::{Journal, JournalError};
use levee_store::postgres::{PostgresBlobs, PostgresJournal};

/// Every version that was ever released, as it was then, with a small city in it. Who made them: the README beside.
const RELEASED: [(u32, &str); 2] =
    [(1, include_str!("../../golden/postgres/v1.sql")), (3, include_str!("../../golden/postgres/v3.sql"))];

#[test]
fn databases_of_every_kind_are_opened_or_refused() {
    let server = Server::start();
    every_released_version_is_brought_to_this_one(&server);
    what_is_no_journal_is_left_as_it_is(&server);
}

fn every_released_version_is_brought_to_this_one(server: &Server) {
    for (version, sql) in RELEASED {
        let address = server.database();
        let admin = Admin::connect(&address);
        admin.run(sql);
        let versions = || admin.run("SELECT version FROM levee.migration ORDER BY version");
        assert_eq!(versions().last(), Some(&vec![version.to_string()]), "as it was then");
        // Whoever only reads has it brought up as well: an earlier version's projections say other things.
        let reader = PostgresJournal::open_read_only(&address).unwrap();
        assert_sound(&reader);
        let mut journal = PostgresJournal::open(&address).unwrap();
        assert_eq!(versions(), [["1"], ["2"], ["3"], ["4"]]);
        assert_eq!(all_events(&journal, 0), all_events(&reader, 0));
        assert_eq!(journal.last().unwrap().0, 8);
        append(&mut journal, 1000, at(1000), vec![read_rejected(1)]).unwrap();
        assert_sound(&journal);
        assert_sound(&reader);
        let keys = tempfile::tempdir().unwrap();
        let blobs = PostgresBlobs::create(&address, None, keys.path()).unwrap();
        blobs.put(b"what version 1 could not keep").unwrap();
        // Two that open at once bring it up once.
        drop(PostgresJournal::open(&address).unwrap());
        assert_eq!(versions(), [["1"], ["2"], ["3"], ["4"]]);
    }
}

fn what_is_no_journal_is_left_as_it_is(server: &Server) {
    let told = |journal: Result<PostgresJournal, JournalError>| why(&journal.err().unwrap(), server);
    insta::assert_snapshot!(told(PostgresJournal::open("postgres://:secret@[/x")), @"the journal PostgreSQL failed: the address of the database cannot be read; it looks like `postgres://user@host/database` or `host=/folder/of/socket dbname=database`: invalid connection string: invalid value for option `host`");
    insta::assert_snapshot!(told(PostgresJournal::open("host=/nowhere dbname=x user=y password=secret")), @"the journal PostgreSQL database `x` at /nowhere failed: the database could not be reached; check that PostgreSQL runs there and that this user may connect: error connecting to server: No such file or directory (os error 2)");
    insta::assert_snapshot!(told(PostgresJournal::open(&server.address("chongqing"))), @"the journal PostgreSQL database `chongqing` at <server> failed: there is no journal in this database; make a city in it, or name the database of one");

    let address = server.database();
    insta::assert_snapshot!(told(PostgresJournal::open(&address)), @"the journal PostgreSQL database `city` at <server> failed: there is no journal in this database; make a city in it, or name the database of one");
    insta::assert_snapshot!(told(PostgresJournal::open_read_only(&address)), @"the journal PostgreSQL database `city` at <server> failed: there is no journal in this database; make a city in it, or name the database of one");
    let admin = Admin::connect(&address);
    assert_eq!(admin.run("SELECT to_regnamespace('levee') IS NULL"), [["t"]], "nothing was made");

    admin.run("CREATE SCHEMA levee; CREATE TABLE levee.lunch (day text)");
    insta::assert_snapshot!(told(PostgresJournal::open(&address)), @"the journal PostgreSQL database `city` at <server> failed: the schema `levee` of this database is not a journal of Levee; it was left as it is");
    insta::assert_snapshot!(told(PostgresJournal::create(&address)), @"the journal PostgreSQL database `city` at <server> failed: the schema `levee` of this database is not a journal of Levee; it was left as it is");
    admin
        .run("CREATE TABLE levee.migration (step text); CREATE TABLE levee.event (); CREATE TABLE levee.projection ()");
    insta::assert_snapshot!(told(PostgresJournal::open(&address)), @"the journal PostgreSQL database `city` at <server> failed: the schema `levee` of this database is not a journal of Levee; it was left as it is");
    assert_eq!(admin.run("SELECT count(*) FROM pg_class WHERE relnamespace = 'levee'::regnamespace"), [["4"]]);
    admin.run("DROP SCHEMA levee CASCADE");

    // What else is in the database does not matter.
    admin.run("CREATE TABLE event (day text)");
    drop(PostgresJournal::create(&address).unwrap());
    insta::assert_snapshot!(told(PostgresJournal::create(&address)), @"the journal PostgreSQL database `city` at <server> failed: there is a journal in this database already; name an empty one");
    admin.run("INSERT INTO levee.migration (version) VALUES (99)");
    insta::assert_snapshot!(told(PostgresJournal::open(&address)), @"PostgreSQL database `city` at <server> was written by a later version of Levee (schema 99, this one reads up to 4)");
    insta::assert_snapshot!(told(PostgresJournal::open_read_only(&address)), @"PostgreSQL database `city` at <server> was written by a later version of Levee (schema 99, this one reads up to 4)");

    Admin::connect(&server.address("postgres")).run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    insta::assert_snapshot!(told(PostgresJournal::create(&server.address("latin"))), @"the journal PostgreSQL database `latin` at <server> failed: the database keeps texts as LATIN1; make one with `CREATE DATABASE … ENCODING 'UTF8'`");
}
