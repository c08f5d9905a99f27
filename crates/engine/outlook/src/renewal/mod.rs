//! The renewal model: each infection causes R others over the generation interval, in all districts together.
//!
//! In: counts by place and day with their gaps and the share reported by now ([`Input`]). Out: a [`Fit`] with joint paths, R by
//! place and day, a nowcast, and whether it converged ([`Convergence`]). Counts stand for reported infections: how many are
//! never reported cannot be told from counts alone.

#![allow(dead_code, reason = "the interface stands before the model: what uses the tables follows in the next commit")]

mod answer;
mod input;
pub mod parameters;

pub use answer::{Basis, Convergence, Hyper, Interval, NowcastDay, WhyBorrowed};
pub use input::{Input, MAX_DAYS, MAX_PLACES, NotFitted, PlaceInput, Priors};
pub use parameters::Disease;

/// A fitted model: all that draws are made from.
#[derive(Clone, Debug)]
pub struct Fit {
    convergence: Convergence,
    hyper: Hyper,
}

/// Fits the model; the same input, priors and seed give the same bytes.
pub fn fit(input: &Input, priors: &Priors) -> Result<Fit, NotFitted> {
    priors.disease.check()?;
    let _ = input;
    Err(NotFitted::Nothing { need: 14 })
}

impl Fit {
    /// Appends path `k` of every place to `out`, in the order of the input: final counts of the `horizon` days after the
    /// origin, whole persons. Path `k` of all places belongs to one future. `out` must have one entry for each place; places
    /// beyond are left alone.
    pub fn path(&self, k: u32, horizon: usize, out: &mut [Vec<u64>]) {
        let _ = k;
        for place in out {
            place.extend(std::iter::repeat_n(0, horizon));
        }
    }

    /// Reproduction number by day of the calendar: onward infections of a day's average infection, managed ones and those
    /// already immune accounted for. 1 is the threshold of growth. Empty for a place that does not exist.
    pub fn r(&self, place: usize) -> Vec<Interval> {
        let _ = place;
        Vec::new()
    }

    /// R of an infection that nobody manages, by day; `None` where the split is not known or not used.
    pub fn community_r(&self, place: usize) -> Option<Vec<Interval>> {
        let _ = place;
        None
    }

    /// Growth per day that R means (natural logarithm), by day of the calendar. Doubling time = ln 2 / growth.
    pub fn growth(&self, place: usize) -> Vec<Interval> {
        let _ = place;
        Vec::new()
    }

    /// The newest `days` days, oldest first.
    pub fn nowcast(&self, place: usize, days: usize) -> Vec<NowcastDay> {
        let _ = (place, days);
        Vec::new()
    }

    /// How the fit went.
    pub fn convergence(&self) -> &Convergence {
        &self.convergence
    }

    /// The hyper-parameters' posterior means.
    pub fn hyper(&self) -> Hyper {
        self.hyper
    }
}
