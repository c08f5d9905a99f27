//! The generation interval that R rests on: the city's own parameter, or the engine's cited default, which says that it is one.

use crate::renewal::{GENERATION_MEAN, GENERATION_SD, Priors};
use crate::vintage::OutlookRefusal;

/// A generation interval, gamma distributed, days.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// Mean.
    pub mean_days: f64,
    /// Range of the mean, read as a 95 % interval: it widens R.
    pub mean_range: (f64, f64),
    /// Standard deviation.
    pub sd_days: f64,
    /// Who says so.
    pub source: String,
}

impl Generation {
    /// The engine's own, for Omicron under control measures, with its source.
    pub fn cited_default() -> Self {
        Self {
            mean_days: GENERATION_MEAN.value,
            mean_range: GENERATION_MEAN.range,
            sd_days: GENERATION_SD.value,
            source: GENERATION_MEAN.source.to_owned(),
        }
    }

    /// Refuses what no generation interval can be.
    pub(crate) fn check(&self) -> Result<(), OutlookRefusal> {
        let (low, high) = self.mean_range;
        crate::config::real("generation.mean_days", self.mean_days, 1.0..=10.0, "1 to 10 days")?;
        crate::config::real("generation.mean_range (low)", low, 0.5..=self.mean_days, "0.5 days to the mean")?;
        crate::config::real("generation.mean_range (high)", high, self.mean_days..=20.0, "the mean to 20 days")?;
        crate::config::real("generation.sd_days", self.sd_days, 0.3..=6.0, "0.3 to 6 days")
    }

    /// The beliefs of the renewal model with this interval.
    pub(crate) fn priors(&self) -> Priors {
        let mut priors = Priors::default();
        priors.disease.generation_mean = self.mean_days;
        priors.disease.generation_sd = self.sd_days;
        // A range that holds 95 % is four standard deviations wide; no more of it than the model takes.
        priors.generation_unsure = ((self.mean_range.1 - self.mean_range.0) / (4.0 * self.mean_days)).min(1.0);
        priors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_models_own() {
        assert_eq!(Generation::cited_default().priors(), Priors::default());
        assert_eq!(Generation::cited_default().check(), Ok(()));
    }
}
