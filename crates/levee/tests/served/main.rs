//! The real server, asked over HTTP. Each module is one promise of it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

#[path = "../it/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line")]
mod support;

#[path = "../../../edge/store/tests/support/postgres.rs"]
mod postgres;

mod authorisation;
mod changes;
mod client;
mod day;
mod docs;
mod door;
mod faults;
mod fuzzed;
mod hostile;
mod imports;
mod ledger;
mod limits;
mod measures;
mod oidc;
mod reach;
mod several;
mod shape;
mod situation;
mod vault;
mod writers;
