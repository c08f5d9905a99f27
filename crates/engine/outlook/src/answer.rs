//! What the outlook answers.

use crate::generation::Generation;
use crate::quantile::LEVELS;
use crate::renewal::{Convergence, NotFitted};
use crate::reproduction::Reproduction;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use std::collections::BTreeMap;

/// Forecasts for all places of a vintage.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The last day that the forecast knew.
    pub origin: Date,
    /// The first day forecast: the day after the origin.
    pub first_day: Date,
    /// Days forecast.
    pub horizon_days: u32,
    /// One for each series of the vintage, in its order. The city comes first if it had no series of its own.
    pub series: Vec<SeriesOutlook>,
    /// The joint futures behind the quantiles.
    pub draws: Draws,
    /// The seed they were drawn with.
    pub seed: u64,
    /// Name and version of the method: [`crate::ENGINE`].
    pub engine: &'static str,
    /// The members and their weights, which add up to 1.
    pub members: Vec<(Member, f64)>,
    /// Past dates of this city that the members learnt from. Few dates: nearly all is borrowed from other outbreaks, see
    /// `Flag::FewErrors`.
    pub error_dates: u32,
    /// How the renewal model went: the districts' fit, then the city's. A fit that was not tried is absent.
    pub renewal: Vec<Result<Convergence, NotFitted>>,
    /// The generation interval that R rests on.
    pub generation: Generation,
    /// Whether that is the engine's default, because the caller named none.
    pub generation_is_default: bool,
}

impl Outlook {
    /// The forecast of one place.
    pub fn of(&self, place: &PlaceCode) -> Option<&SeriesOutlook> {
        self.series.iter().find(|s| &s.place == place)
    }
}

/// A rule whose quantiles are a part of the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// A regression over all places and past days, close to what outbreaks in other places taught.
    Pooled,
    /// The same regression, led by what this city itself has shown.
    Learning,
    /// A local line through the newest days whose slope dies away.
    Trend,
}

/// The forecast of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesOutlook {
    /// The place.
    pub place: PlaceCode,
    /// What the forecast rests on.
    pub standing: Standing,
    /// New infections, persons per day: one row for each day from `first_day`, one column for each of
    /// [`crate::QUANTILE_LEVELS`]. Never falling within a row. Empty while the standing is unknown.
    pub quantiles: Vec<[f64; LEVELS]>,
    /// What a reader must know about it.
    pub flags: Vec<Flag>,
    /// How fast it grows now; `None` without an own series of recent full days.
    pub growth: Option<Growth>,
    /// Reproduction number and nowcast by the renewal model; `None` unless it was fitted from the place's own counts.
    pub reproduction: Option<Reproduction>,
    /// When community spread ends, or why that cannot be said.
    pub community_end: Result<CommunityEnd, CommunityUnknown>,
}

/// What a forecast rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its own series of full days. For a city: its own series, or the sum of joint paths of all its districts.
    Own,
    /// Another place's forecast, times this place's share in the newest lists.
    Borrowed {
        /// The place it is borrowed from.
        from: PlaceCode,
    },
    /// No forecast.
    Unknown {
        /// Why.
        reason: WhyUnknown,
    },
}

/// Why a place has no forecast.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyUnknown {
    /// Nothing is known of it.
    #[error("no count is known")]
    NoReports,
    /// Too few full days, and no usable list.
    #[error("{have} full day(s) in the last {window} days, {need} are needed, and no usable list of districts")]
    TooFewDays {
        /// Full days within the window.
        have: u32,
        /// Full days needed.
        need: u32,
        /// Length of the window, days.
        window: u32,
    },
    /// Its newest full day is too old, and no list is usable.
    #[error("the newest full day is {newest}, more than {allowed} days before the origin")]
    TooOld {
        /// The newest full day.
        newest: Date,
        /// Days allowed.
        allowed: u32,
    },
    /// It would borrow from the city, which has no forecast.
    #[error("lists give its share, but the city has no forecast to take it from")]
    NothingToBorrow,
    /// A city without a usable series, some of whose districts have no forecast.
    #[error("no usable series of the city, and {unknown} of its districts have no forecast")]
    DistrictsUnknown {
        /// How many.
        unknown: u32,
    },
}

/// Something that a reader of a forecast must know.
#[derive(Clone, Debug, PartialEq)]
pub enum Flag {
    /// The newest full day is this many days older than the origin.
    Stale {
        /// Days.
        days: u32,
    },
    /// Days missing within the last four weeks before the newest full day.
    Gaps {
        /// How many of 28, or of the days since the first count.
        missing_days: u32,
    },
    /// Young days are usually not complete yet: they were completed by what still came in on such days before, or left out.
    Completed {
        /// How many days.
        days: u32,
        /// The smallest share of a final count known by now among them, 0 to 1.
        least_share: f64,
    },
    /// It has few past days of its own to learn from; the forecast is nearly all what other places' outbreaks taught.
    FewErrors {
        /// Its own past dates.
        own_dates: u32,
    },
    /// Not one case in the days that were read.
    NoCases,
    /// The newest day differs by more than a factor 10 from the days before. Half of the paths believe it.
    Jump {
        /// Newest day's count over the median of the seven before (both plus one).
        factor: f64,
    },
    /// Counts add up to more than the residents. They are taken as they are; paths are capped at the residents.
    MoreThanPopulation,
    /// Two different counts for one full day; one without double counting, else the later in the list, was taken.
    TwoCounts {
        /// Such days.
        days: u32,
    },
    /// Some counts may hold people twice (conversions not stated), within the last four weeks.
    MayCountTwice {
        /// Such days.
        days: u32,
    },
    /// Some counts are synthetic.
    Synthetic,
    /// City: the districts add up to something else than the city's own counts (ratio of the last common days).
    DistrictsDoNotAddUp {
        /// Sum of the districts over the city's own.
        ratio: f64,
    },
    /// City: made as the sum of its districts' joint paths.
    SumOfDistricts,
    /// The share rests on lists of which the newest is so old.
    ListAge {
        /// Days before the origin.
        days: u32,
        /// Whether every usable list covers only a part of a day.
        part_day_only: bool,
    },
    /// A path's size was cut at the residents who are left.
    CappedByPopulation,
}

/// Growth of new infections at the origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Per day, natural logarithm of (1 + count).
    pub per_day: f64,
    /// Lower end of its 80 % interval.
    pub low80: f64,
    /// Upper end of its 80 % interval.
    pub high80: f64,
}

impl Growth {
    /// Days in which counts double; `None` while they do not grow.
    pub fn doubling_days(&self) -> Option<f64> {
        (self.per_day > 1e-4).then(|| std::f64::consts::LN_2 / self.per_day)
    }
    /// Days in which counts halve; `None` while they do not fall.
    pub fn halving_days(&self) -> Option<f64> {
        (self.per_day < -1e-4).then(|| -std::f64::consts::LN_2 / self.per_day)
    }
}

/// When the last seven days' community cases first fall to the threshold. A date that lies beyond the horizon is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommunityEnd {
    /// First day on which at least 90 % of the paths are at or below the threshold; the day to announce.
    pub first_day_90: Option<Date>,
    /// Half of the paths have been there once by this day.
    pub median: Option<Date>,
    /// A tenth of them.
    pub low80: Option<Date>,
    /// Nine tenths of them.
    pub high80: Option<Date>,
    /// Share of the paths that get there within the horizon.
    pub probability_within_horizon: f64,
    /// Community share of new infections at the origin, 0 to 1.
    pub share_now: f64,
}

/// Why the end of community spread is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommunityUnknown {
    /// No threshold was given.
    #[error("no threshold was asked for")]
    NotAsked,
    /// The first form works it out but does not stand by it: in Shanghai, origins of 12 April to 9 May 2022, the day came
    /// before the interval began for 27 of 28 origins. Asked for with `Config::unproven_community_end`.
    #[error("this version's dates came too late in its trial, so none is given")]
    Unproven,
    /// The place has no forecast of its own to take a share of.
    #[error("the place has no forecast from its own days")]
    NoForecast,
    /// The share of community cases is not known recently enough.
    #[error("the community share is known on {known} of the last 7 days, all of them are needed")]
    ShareNotKnown {
        /// Days of the last seven with a community count.
        known: u32,
    },
}

/// Joint futures: path `k` of every place belongs to the same future. Whole persons per day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draws {
    pub(crate) days: usize,
    pub(crate) paths: usize,
    pub(crate) by_place: BTreeMap<PlaceCode, Vec<u64>>,
}

impl Draws {
    /// Number of paths.
    pub fn paths(&self) -> usize {
        self.paths
    }
    /// Days in each path.
    pub fn days(&self) -> usize {
        self.days
    }
    /// Places that have a forecast, by code.
    pub fn places(&self) -> impl Iterator<Item = &PlaceCode> {
        self.by_place.keys()
    }
    /// The paths of one place; `None` while its standing is unknown.
    pub fn of(&self, place: &PlaceCode) -> Option<PlaceDraws<'_>> {
        self.by_place.get(place).map(|values| PlaceDraws { days: self.days, values })
    }
}

/// The paths of one place.
#[derive(Clone, Copy, Debug)]
pub struct PlaceDraws<'a> {
    days: usize,
    values: &'a [u64],
}

impl<'a> PlaceDraws<'a> {
    /// Path `k`, one count for each day; `None` beyond the last path.
    pub fn path(&self, k: usize) -> Option<&'a [u64]> {
        self.values.get(k.checked_mul(self.days)?..k.checked_add(1)?.checked_mul(self.days)?)
    }
    /// All paths in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u64]> + use<'a> {
        self.values.chunks_exact(self.days)
    }
    /// All counts, path after path.
    pub fn as_slice(&self) -> &'a [u64] {
        self.values
    }
}
