//! Runs the real program on real folders. Each module is one promise of it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod a_day_of_chongqing;
mod audit;
mod bad_input;
mod faults;
mod help;
mod import_balance;
mod import_formats;
mod ledger_duty;
mod ledger_open;
mod ledger_orders;
mod ledger_work;
mod measure;
mod operations;
mod outlook_hub;
mod plan;
mod plan_testing;
mod rulebook;
mod score;
mod settle;
mod stores;
mod support;
mod vault;
mod zone;
