//! The journal in PostgreSQL: the laws, and what befalls a journal that many processes share.
//!
//! Each test starts a server of its own, so that they can run in processes of their own; there are few of them.

#[path = "../support/postgres.rs"]
mod server;

#[path = "postgres/conforms.rs"]
mod conforms;

use server::Server;
