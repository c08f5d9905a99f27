//! Numbers taken from the world, with source and range, and the distributions by whole day made of them.

use super::input::NotFitted;

/// A number with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sourced {
    /// The value used.
    pub value: f64,
    /// Range of plausible values.
    pub range: (f64, f64),
    /// Unit in words.
    pub unit: &'static str,
    /// Who says so.
    pub source: &'static str,
}

impl Sourced {
    /// A quarter of the range over the value: the relative standard deviation if the range holds 95 %.
    pub(crate) fn unsure(&self) -> f64 {
        (self.range.1 - self.range.0) / (4.0 * self.value)
    }
}

/// Omicron: mean generation interval under control measures.
pub const GENERATION_MEAN: Sourced = Sourced {
    value: 3.0,
    range: (2.4, 4.0),
    unit: "days",
    source: "realised 2.99 (2.48-3.49), Xu X et al., BMC Med 2023; intrinsic 6.84 (5.72-8.60), Manica et al. 2022, conflicts: \
             contacts are cut short under control, so the realised one is used; growth biases it (Park et al., PNAS 2023)",
};
/// Omicron: standard deviation of the generation interval.
pub const GENERATION_SD: Sourced = Sourced {
    value: 1.5,
    range: (1.2, 2.0),
    unit: "days",
    source: "judgement: half the mean, as for gamma intervals of respiratory viruses; no source checked",
};
/// Omicron BA.5: mean incubation.
pub const INCUBATION_MEAN: Sourced = Sourced {
    value: 2.6,
    range: (2.5, 2.8),
    unit: "days",
    source: "Ogata & Tanaka, Emerg Infect Dis 29(3), 2023: mean 2.6, median 2.5, 95th percentile 4.5, gamma",
};
/// From the day on which symptoms would begin to the day of report.
pub const REPORT_AFTER_INCUBATION: Sourced = Sourced {
    value: 1.0,
    range: (0.0, 3.0),
    unit: "days",
    source: "judgement: repeated mass screening finds most infections about when symptoms would begin, and a bulletin counts \
             the day before; not measured",
};
/// Infection to report, standard deviation.
pub const REPORT_SD: Sourced = Sourced {
    value: 1.8,
    range: (1.2, 3.0),
    unit: "days",
    source: "judgement: 1.1 of incubation (95th percentile 4.5, Ogata & Tanaka 2023) and 1.4 between rounds of screening",
};

/// Longest generation interval and delay that are followed, days.
pub(crate) const REACH: usize = 14;

/// Generation interval and delay from infection to report: gamma distributions, days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disease {
    /// Mean of the generation interval.
    pub generation_mean: f64,
    /// Its standard deviation.
    pub generation_sd: f64,
    /// Mean delay from infection to report.
    pub report_mean: f64,
    /// Its standard deviation.
    pub report_sd: f64,
}

impl Disease {
    /// Omicron under control measures, from the table above.
    pub fn omicron() -> Self {
        Self {
            generation_mean: GENERATION_MEAN.value,
            generation_sd: GENERATION_SD.value,
            report_mean: INCUBATION_MEAN.value + REPORT_AFTER_INCUBATION.value,
            report_sd: REPORT_SD.value,
        }
    }

    pub(crate) fn check(&self) -> Result<(), NotFitted> {
        let range = |prior, given: f64, low: f64, high: f64, allowed| {
            if (low..=high).contains(&given) { Ok(()) } else { Err(NotFitted::Prior { prior, given, allowed }) }
        };
        range("generation_mean", self.generation_mean, 1.0, 10.0, "1 to 10 days")?;
        range("generation_sd", self.generation_sd, 0.3, 6.0, "0.3 to 6 days")?;
        range("report_mean", self.report_mean, 0.0, 10.0, "0 to 10 days")?;
        range("report_sd", self.report_sd, 0.3, 6.0, "0.3 to 6 days")
    }

    /// Share of onward infections by whole days since infection: index 0 is one day, `REACH` entries, adds up to 1. Nobody
    /// infects on the day of their own infection: that share goes to day one.
    pub(crate) fn generation(&self) -> [f64; REACH] {
        let cut = by_day::<{ REACH + 1 }>(self.generation_mean, self.generation_sd);
        let mut out = [0.0; REACH];
        out.copy_from_slice(&cut[1..]);
        out[0] += cut[0];
        out
    }

    /// Share reported by whole days since infection: index 0 is the same day, adds up to 1.
    pub(crate) fn delay(&self) -> [f64; REACH] {
        by_day(self.report_mean, self.report_sd)
    }
}

/// A gamma distribution by whole day, day `i` from `i - 0.5` to `i + 0.5`, cut after `N` days and made to add up to 1.
///
/// Integrated by the midpoint rule on a fine grid: 200 points a day are exact to about 1e-6 for shapes above 0.5.
fn by_day<const N: usize>(mean: f64, sd: f64) -> [f64; N] {
    const FINE: usize = 200;
    let mut out = [0.0; N];
    if mean < 1e-3 {
        out[0] = 1.0;
        return out;
    }
    let (shape, scale) = ((mean / sd).powi(2), sd * sd / mean);
    for (day, share) in out.iter_mut().enumerate() {
        for i in 0..FINE {
            let x = day as f64 - 0.5 + (i as f64 + 0.5) / FINE as f64;
            if x > 0.0 {
                // The density's constant falls out of the final division; centred at the mean against underflow.
                *share += ((shape - 1.0) * (x / mean).ln() - (x - mean) / scale).exp();
            }
        }
    }
    let total: f64 = out.iter().sum();
    for share in &mut out {
        *share /= total;
    }
    out
}

/// Growth rate per day that reproduction number `r` means under generation interval `g` (Euler and Lotka; Wallinga and
/// Lipsitch 2007, doi 10.1098/rspb.2006.3754): the root of r Σ g(s) exp(-growth s) = 1.
pub(crate) fn growth_of(r: f64, g: &[f64; REACH]) -> f64 {
    let off = |growth: f64| {
        let sum: f64 = g.iter().zip(1..).map(|(w, s)| w * (-growth * f64::from(s)).exp()).sum();
        r.max(1e-9).ln() + sum.ln()
    };
    let (mut low, mut high) = (-3.0, 3.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if off(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Reproduction number that a growth rate per day means: the inverse of [`growth_of`].
pub(crate) fn r_of(growth: f64, g: &[f64; REACH]) -> f64 {
    1.0 / g.iter().zip(1..).map(|(w, s)| w * (-growth * f64::from(s)).exp()).sum::<f64>()
}
