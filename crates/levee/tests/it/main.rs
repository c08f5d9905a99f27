//! Runs the real program on real folders. Each module is one promise of it.

mod a_day_of_chongqing;
mod bad_input;
mod faults;
mod help;
mod import_balance;
mod import_formats;
mod support;
