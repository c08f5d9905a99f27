//! What comes out: quantiles by place and week, and what they rest on.

use crate::quantile::LEVELS;
use jiff::civil::Date;

/// The forecast of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct PooledForecast {
    /// One for each place, in the panel's order.
    pub places: Vec<PlaceForecast>,
}

/// The forecast of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceForecast {
    /// Its name.
    pub place: String,
    /// What it rests on.
    pub standing: PooledStanding,
    /// What whoever reads it should know.
    pub flags: Vec<PooledFlag>,
    /// One for each week asked for, in the order of the request.
    pub weeks: Vec<WeekForecast>,
}

/// The forecast of one week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekForecast {
    /// As asked.
    pub horizon: u32,
    /// Its last day.
    pub ends: Date,
    /// Counts at the 23 levels of [`crate::QUANTILE_LEVELS`]; never negative, never crossing.
    pub quantiles: [f64; LEVELS],
}

/// What the forecast of a place rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PooledStanding {
    /// Its own level and growth, and how such places went on in the past.
    Own,
    /// Too little of its own: how other places went on, from its last level.
    Borrowed,
    /// Neither it nor the panel has a past to speak of: a spread by judgement, on purpose wide.
    Judgement,
}

/// What whoever reads a forecast should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PooledFlag {
    /// The place has not one report.
    NeverReported,
    /// Fewer than four weeks of reports.
    ShortHistory {
        /// Weeks since its first report, begun ones not counted.
        weeks: u32,
    },
    /// Every report is zero.
    AllZero,
    /// The newest reports are missing or implausibly low, and were filled in from the weeks before.
    NewestFilled {
        /// Days (of a daily feed) or weeks (of a weekly one).
        periods: u32,
    },
    /// No report for longer than can be filled in; what is forecast starts from silence taken at its word.
    Silent {
        /// Days (of a daily feed) or weeks (of a weekly one).
        periods: u32,
    },
    /// So few past rows in the panel that the spread is partly or wholly judgement.
    FewRows {
        /// Rows of the nearest week.
        rows: u32,
    },
}
