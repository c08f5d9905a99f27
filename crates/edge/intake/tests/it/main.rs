//! What intake promises, tried from outside.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod bad_files;
mod cells;
mod documents;
mod obligations;
mod packs;
mod rejected;
mod robust;
mod rows;
mod support;
mod twins;
