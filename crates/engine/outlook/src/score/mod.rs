//! Scores of a forecast against what came.
//!
//! Of 23 quantiles: the weighted interval score ([`wis`], natural and ln(1 + count), with what it is made of), coverage
//! ([`Interval`]), bias and the randomised probability integral transform ([`pit`], [`pit_numbers`]). Of draws: the continuous
//! ranked probability score, bias and the same transform ([`sample`]). Of many forecasts: means ([`Summary`]), their ratio to
//! a baseline on the same forecasts, and pairwise relative skill ([`relative::skill`]).
//!
//! Checked against Python `scoringrules` to 1e-12 in `tests/golden`.

mod calibration;
pub mod relative;
pub mod sample;
mod summary;
mod wis;

pub use calibration::{PIT_BINS, bias, pit, pit_bin, pit_numbers};
pub use summary::{Judged, Summary};
pub use wis::{Interval, Wis, interval_score, wis, wis_log1p};
