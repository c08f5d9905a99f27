//! What every journal does, this one does; and a group of commands is like one command after another.

use super::Server;
use crate::suite;
use levee_store::postgres::PostgresJournal;

#[test]
fn the_journal_in_postgresql_conforms() {
    let server = Server::start();
    suite::conformance(|| PostgresJournal::create(&server.database()).unwrap());
}
