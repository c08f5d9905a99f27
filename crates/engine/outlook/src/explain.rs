//! Why the outlook changed against the one issued before: what came in, put in one at a time.
//!
//! The outlook is made again with one input after another exchanged, in a fixed order, and each difference is ascribed to
//! what was exchanged. The contributions are signed, in persons over the same days, and add up to the change exactly:
//!
//! 1. [`Driver::Method`]: the earlier vintage with today's method and settings, against what was issued;
//! 2. [`Driver::Revisions`]: days that were known then, as they are known now (late reports, corrections);
//! 3. [`Driver::Expected`]: the new days as they had been forecast; what changes merely because days passed;
//! 4. [`Driver::Weekday`]: the part of the new days' surprise that their weekdays usually show at this place, over what the forecast
//!    held of it already and as far as chance does not do as much one time in twenty; nothing in a young outbreak;
//! 5. [`Driver::Level`]: the rest of their surprise, as if it had held for all of the last three weeks, so that growth stays what it was;
//! 6. [`Driver::Growth`]: the new days as they came: what the method makes of a change instead of a level;
//! 7. [`Driver::Lists`]: the newest lists of districts, hence a borrower's share of the city;
//! 8. [`Driver::Chance`]: what is left; the steps use fewer paths than the outlook that is issued.
//!
//! The order matters where inputs act together; it is fixed so that two explanations can be compared. A number of tests is no
//! input of the method, so it never contributes; the caller may show it beside the drivers.

mod weekday;

use crate::answer::{Outlook, Standing};
use crate::config::Config;
use crate::daily::days_between;
use crate::engine::outlook;
use crate::quantile;
use crate::vintage::{Observation, OutlookRefusal, Series, Vintage};
use jiff::ToSpan;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::quantity::Persons;
use levee_model::time::Period;
use std::collections::BTreeMap;
use weekday::Unforeseen;

/// Days over which the two outlooks are compared.
pub const DAYS: usize = 7;
/// Paths of the steps between: their medians lie within about 2 % of those of a thousand, and common random numbers make
/// differences between steps far steadier than that.
const PATHS: u32 = 300;
/// Days before the new ones that a change of level is laid over: as far as the growth estimate looks back.
const LEVEL_DAYS: i64 = 21;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Driver {
    /// Another method, other settings or another seed.
    Method,
    /// Counts of earlier days that came late or were corrected.
    Revisions,
    /// Days passed, as expected.
    Expected,
    /// The weekdays of the new days.
    Weekday,
    /// New counts above or below what was forecast.
    Level,
    /// The change of growth that they show.
    Growth,
    /// New lists of districts.
    Lists,
    /// Simulation noise.
    Chance,
}

impl Driver {
    /// All, in the order in which they are put in.
    pub const ALL: [Self; 8] = [
        Self::Method,
        Self::Revisions,
        Self::Expected,
        Self::Weekday,
        Self::Level,
        Self::Growth,
        Self::Lists,
        Self::Chance,
    ];
}

/// What was issued before.
#[derive(Clone, Debug)]
pub struct Issued<'a> {
    /// The vintage it was made from.
    pub vintage: &'a Vintage,
    /// Its method.
    pub engine: &'a str,
    /// Medians of new infections by place, day by day from its first day.
    pub medians: BTreeMap<PlaceCode, Vec<f64>>,
    /// The first day forecast.
    pub first_day: Date,
}

/// Why one place's forecast changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The place.
    pub place: PlaceCode,
    /// Sum of the medians over the compared days, persons, as issued before.
    pub before: f64,
    /// The same days now.
    pub after: f64,
    /// Contributions, persons, the largest first; those of nothing are left out. They add up to `after - before`.
    pub drivers: Vec<(Driver, f64)>,
    /// New days: how many were known, and their sum over what had been forecast for them, both plus half a person; `None`
    /// without a new full day of this place's own.
    pub surprise: Option<(u32, f64)>,
}

/// Why the outlook changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The first of the compared days; there are [`DAYS`] of them.
    pub from: Date,
    /// Place by place, the city first, for those with a forecast in both.
    pub changes: Vec<Change>,
    /// Places whose forecast appeared or vanished: no change can be counted.
    pub not_comparable: Vec<PlaceCode>,
}

/// Why there is no explanation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unexplained {
    /// The earlier outlook does not reach the days that the new one begins with.
    #[error(
        "the outlook issued before ends before {from} and the six days after it, so the two have no week in common"
    )]
    NoCommonDays {
        /// First day of the new outlook.
        from: Date,
    },
    /// The earlier outlook knew later days than the new one.
    #[error("the outlook issued before knew {before}, later than {now}: it is not an earlier one")]
    NotEarlier {
        /// Its origin.
        before: Date,
        /// The new origin.
        now: Date,
    },
    /// A step could not be made.
    #[error("the outlook could not be made again: {0}")]
    Refused(#[from] OutlookRefusal),
}

/// Explains `now`, made from `vintage` with `config`, against what was issued before.
pub fn explain(
    before: &Issued<'_>,
    vintage: &Vintage,
    now: &Outlook,
    config: &Config,
) -> Result<Explanation, Unexplained> {
    let from = now.first_day;
    if before.vintage.origin > vintage.origin {
        return Err(Unexplained::NotEarlier { before: before.vintage.origin, now: vintage.origin });
    }
    let skip = usize::try_from(days_between(before.first_day, from)).unwrap_or(0);
    if before.medians.values().all(|medians| medians.len() < skip + DAYS) {
        return Err(Unexplained::NoCommonDays { from });
    }
    let mut steps = Steps {
        before,
        vintage,
        config: &Config { paths: PATHS.min(config.paths), reproduction: false, ..config.clone() },
        from,
        weekdays: Unforeseen::default(),
    };
    steps.weekdays = Unforeseen::of(&steps.revised(), config);
    let sums = steps.run()?;
    let issued: BTreeMap<&PlaceCode, f64> =
        before.medians.iter().filter_map(|(place, m)| Some((place, m.get(skip..skip + DAYS)?.iter().sum()))).collect();
    let after = week_medians(now, from);
    let mut all = Explanation { from, changes: Vec::new(), not_comparable: Vec::new() };
    let same_method = before.engine == now.engine;
    for series in &now.series {
        let place = &series.place;
        let (was, is) = (issued.get(place).copied(), after.get(place).copied());
        let made: Option<Vec<f64>> = sums.iter().map(|step| step.get(place).copied()).collect();
        match (was, is, made) {
            (Some(was), Some(is), Some(made)) => {
                all.changes.push(change(place, (was, is), &made, same_method, steps.surprise(place)));
            }
            (None, None, _) => {}
            _ => all.not_comparable.push(place.clone()),
        }
    }
    all.changes.sort_by_key(|change| change.place != vintage.city);
    Ok(all)
}

/// `made` are the steps' sums in order: the earlier vintage, then one for each driver from revisions to lists.
fn change(
    place: &PlaceCode,
    (before, after): (f64, f64),
    made: &[f64],
    same_method: bool,
    surprise: Option<(u32, f64)>,
) -> Change {
    let mut drivers = Vec::new();
    let first = made.first().copied().unwrap_or(before);
    let mut sum = 0.0;
    if !same_method {
        drivers.push((Driver::Method, first - before));
        sum += first - before;
    }
    for (driver, pair) in Driver::ALL.into_iter().skip(1).zip(made.windows(2)) {
        drivers.push((driver, pair[1] - pair[0]));
        sum += pair[1] - pair[0];
    }
    drivers.push((Driver::Chance, after - before - sum));
    drivers.retain(|(_, persons)| persons.abs() > 1e-9);
    drivers.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    Change { place: place.clone(), before, after, drivers, surprise }
}

/// Sums of medians over the compared days.
fn week_medians(outlook: &Outlook, from: Date) -> BTreeMap<PlaceCode, f64> {
    let skip = usize::try_from(days_between(outlook.first_day, from)).unwrap_or(0);
    let week = |rows: &[[f64; quantile::LEVELS]]| {
        Some(rows.get(skip..skip + DAYS)?.iter().map(|row| row[quantile::MEDIAN]).sum())
    };
    let known = outlook.series.iter().filter(|s| !matches!(s.standing, Standing::Unknown { .. }));
    known.filter_map(|s| Some((s.place.clone(), week(&s.quantiles)?))).collect()
}

struct Steps<'a> {
    before: &'a Issued<'a>,
    vintage: &'a Vintage,
    config: &'a Config,
    from: Date,
    weekdays: Unforeseen,
}

impl Steps<'_> {
    fn run(&self) -> Result<Vec<BTreeMap<PlaceCode, f64>>, OutlookRefusal> {
        let vintages: [&dyn Fn() -> Vintage; 7] = [
            &|| self.before.vintage.clone(),
            &|| self.revised(),
            &|| self.with_new_days(|_, _, forecast, _| forecast),
            &|| self.with_new_days(|this, place, forecast, day| forecast * this.weekdays.factor(place, day)),
            &|| self.level(),
            &|| self.without_new_lists(),
            &|| self.vintage.clone(),
        ];
        let mut last: Option<(Vintage, BTreeMap<PlaceCode, f64>)> = None;
        let mut sums = Vec::new();
        for make in vintages {
            let vintage = make();
            // What was exchanged changed nothing: no need to compute it again.
            let made = match &last {
                Some((same, sums)) if *same == vintage => sums.clone(),
                _ => week_medians(&outlook(&vintage, self.config)?, self.from),
            };
            sums.push(made.clone());
            last = Some((vintage, made));
        }
        Ok(sums)
    }

    fn is_new(&self, o: &Observation) -> bool {
        o.period.start().date() > self.before.vintage.origin
    }

    /// As known now, but only of the days that were known then.
    fn revised(&self) -> Vintage {
        let mut vintage = self.vintage.clone();
        vintage.origin = self.before.vintage.origin;
        for series in &mut vintage.series {
            series.observations.retain(|o| !self.is_new(o));
            if series.place != vintage.city {
                self.keep_lists(series);
            }
        }
        vintage
    }

    /// A district's lists as they were known then, its full days as they are now: new lists of old days wait for their own step.
    fn keep_lists(&self, series: &mut Series) {
        let was = self.before.vintage.series.iter().find(|s| s.place == series.place);
        if self.own(series) {
            return;
        }
        series.observations = was.map_or_else(Vec::new, |s| s.observations.clone());
    }

    /// Whether a district had enough full days to be forecast from them.
    fn own(&self, series: &Series) -> bool {
        let full = series.observations.iter().filter(|o| o.period.full_day().is_some()).count();
        full >= self.config.own_min_days as usize
    }

    /// The new full days of a place and their counts, as known now.
    fn new_days(&self, place: &PlaceCode) -> BTreeMap<Date, Observation> {
        let series = self.vintage.series.iter().find(|s| s.place == *place);
        let observations = series.map_or(&[][..], |s| &s.observations);
        let new = observations.iter().filter(|o| self.is_new(o));
        new.filter_map(|o| Some((o.period.full_day()?, *o))).collect()
    }

    /// What had been forecast for a day.
    fn forecast(&self, place: &PlaceCode, day: Date) -> Option<f64> {
        let ahead = usize::try_from(days_between(self.before.first_day, day)).ok()?;
        self.before.medians.get(place)?.get(ahead).copied()
    }

    /// The new days as some function of what was forecast for them.
    fn with_new_days(&self, count: impl Fn(&Self, &PlaceCode, f64, Date) -> f64) -> Vintage {
        let mut vintage = self.revised();
        vintage.origin = self.vintage.origin;
        for series in &mut vintage.series {
            if series.place != self.vintage.city && !self.own(series) {
                continue;
            }
            for (day, observation) in self.new_days(&series.place) {
                let count = match self.forecast(&series.place, day) {
                    Some(forecast) => count(self, &series.place, forecast, day),
                    None => observation.new_infections.get() as f64,
                };
                series.observations.push(with_count(&observation, count));
            }
        }
        vintage
    }

    /// The new days' sum over what was forecast for them, weekdays taken off.
    fn ratio(&self, place: &PlaceCode) -> f64 {
        let (mut seen, mut expected) = (0.5, 0.5);
        for (day, observation) in self.new_days(place) {
            if let Some(forecast) = self.forecast(place, day) {
                seen += observation.new_infections.get() as f64;
                expected += forecast * self.weekdays.factor(place, day);
            }
        }
        seen / expected
    }

    /// The surprise laid over the last three weeks and the new days alike.
    fn level(&self) -> Vintage {
        let mut vintage = self.with_new_days(|this, place, forecast, day| {
            forecast * this.weekdays.factor(place, day) * this.ratio(place)
        });
        let since = self.before.vintage.origin.checked_sub(LEVEL_DAYS.days()).unwrap_or(Date::MIN);
        for series in &mut vintage.series {
            if series.place != self.vintage.city && !self.own(series) {
                continue;
            }
            let ratio = self.ratio(&series.place);
            for o in &mut series.observations {
                let old = !self.is_new(o) && o.period.full_day().is_some_and(|day| day > since);
                if old {
                    *o = with_count(o, o.new_infections.get() as f64 * ratio);
                }
            }
        }
        vintage
    }

    /// Everything as it came but the lists of districts that borrow.
    fn without_new_lists(&self) -> Vintage {
        let mut vintage = self.vintage.clone();
        for series in &mut vintage.series {
            if series.place != self.vintage.city {
                self.keep_lists(series);
            }
        }
        vintage
    }

    fn surprise(&self, place: &PlaceCode) -> Option<(u32, f64)> {
        let new = self.new_days(place);
        let (mut seen, mut expected, mut days) = (0.5, 0.5, 0);
        for (day, observation) in new {
            seen += observation.new_infections.get() as f64;
            expected += self.forecast(place, day)?;
            days += 1;
        }
        (days > 0).then_some((days, seen / expected))
    }
}

fn with_count(like: &Observation, count: f64) -> Observation {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, far below 2^64")]
    let whole = Persons::new(count.max(0.0).round().min(1e15) as u64);
    let community = like.community.map(|c| c.min(whole));
    let period: Period = like.period;
    Observation { period, new_infections: whole, community, ..*like }
}
