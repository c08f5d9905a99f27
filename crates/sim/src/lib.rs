//! Synthetic tables for tests, benchmarks and drills, and a city's days simulated ([`city_day`]): seeded, so that the same
//! seed gives the same bytes everywhere.
//!
//! Nothing here stands for anything that happened. Every row says so: its origin is `synthetic`, its office and its
//! source are those under which the demonstration packs keep invented rows.

pub mod city_day;
pub mod crew;
mod faults;
mod infections;
mod places;
mod random;

pub use faults::Faults;
pub use infections::{LAST_DAY, ROWS_PER_DAY, Table, Tally, infections_csv};
pub use places::{APART, CENTRAL, CENTRAL_DISTRICTS, CITY, DISTRICTS};
