//! The vault on disk: what lies where, what is nowhere, and what comes back after a crash or a restore.
#![expect(clippy::unwrap_used, reason = "helpers of tests; a failure is the test's")]

mod place;

mod crash;
mod histories;
mod nowhere;
mod suite;
