//! What the renewal model answers besides paths.

/// Median and central 50, 80 and 95 % intervals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// Median.
    pub median: f64,
    /// 25 and 75 %.
    pub half: (f64, f64),
    /// 10 and 90 %.
    pub eighty: (f64, f64),
    /// 2.5 and 97.5 %.
    pub ninety_five: (f64, f64),
}

impl Interval {
    /// Of a sample, which is sorted on the way; all zero of none.
    pub(crate) fn of(sample: &mut [f64]) -> Self {
        sample.sort_unstable_by(f64::total_cmp);
        let at = |level| crate::quantile::of_sorted(sample, level);
        Self {
            median: at(0.5),
            half: (at(0.25), at(0.75)),
            eighty: (at(0.1), at(0.9)),
            ninety_five: (at(0.025), at(0.975)),
        }
    }
}

/// One day of a nowcast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NowcastDay {
    /// The day's count once all of it has been reported, persons.
    pub count: Interval,
    /// Infections of that day that are or will be reported, persons. Unreported infections are not identified.
    pub infections: Interval,
}

/// What a place's figures rest on.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// Its own counts.
    Fitted,
    /// The city's R and its own recent level: the fit could not speak for it.
    Borrowed(WhyBorrowed),
    /// Nothing: no counts at all. Its paths are what reaches it from elsewhere.
    NoCounts,
}

/// Why a place is not fitted from its own counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WhyBorrowed {
    /// Fewer days with counts than this model needs.
    FewDays {
        /// Days with a count.
        have: usize,
        /// Days needed.
        need: usize,
    },
    /// No case at all: its R is the city's.
    NoCases,
    /// More cases than residents.
    MoreThanPopulation,
    /// Its part of the fit did not converge.
    NotConverged {
        /// What was left: gᵀA⁻¹g of its own block.
        decrement: f64,
    },
    /// Its counts jump in a way that no R explains: so many of its days are not believed.
    Erratic {
        /// Days set aside.
        days: usize,
    },
}

/// How the fit went.
#[derive(Clone, Debug, PartialEq)]
pub struct Convergence {
    /// Whether the shared parameters and every fitted place converged.
    pub converged: bool,
    /// Newton steps, all grid points together.
    pub iterations: u32,
    /// Step halvings, all grid points together.
    pub halvings: u32,
    /// Newton decrement gᵀH⁻¹g at the centre of the grid: squared posterior standard deviations that are left to go.
    pub decrement: f64,
    /// Largest |g_i| / sqrt(H_ii) there.
    pub gradient: f64,
    /// Largest change of log imports from other places between the last two rounds.
    pub mixing_change: f64,
    /// Grid points of the hyper-parameters, and those left out because they did not converge.
    pub grid: (usize, usize),
    /// Effective number of grid points: 1 / Σ weight².
    pub grid_effective: f64,
    /// What each place rests on.
    pub places: Vec<Basis>,
    /// Days set aside in each place because no R explains them.
    pub set_aside: Vec<Vec<usize>>,
}

/// Posterior of the hyper-parameters, means over the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// Weekly step of the city's log R.
    pub city_step: f64,
    /// Weekly step of a district's deviation.
    pub district_step: f64,
    /// Size of the negative binomial counts.
    pub size: f64,
    /// Spread of what moves all places on a day alike.
    pub day: f64,
}
