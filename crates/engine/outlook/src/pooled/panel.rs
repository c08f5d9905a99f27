//! What goes in: one target at many places as it was known on one day, and the weeks that are asked for.

use jiff::civil::Date;

/// How long one period of a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One figure a day.
    Day,
    /// One figure a week.
    Week,
}

impl Step {
    /// Periods in a week.
    pub(crate) fn per_week(self) -> usize {
        match self {
            Self::Day => 7,
            Self::Week => 1,
        }
    }

    /// Days in a period.
    pub(crate) fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }
}

/// One target (say, cases) at many places, as known on one day. All lists of values run from old to new and end in the
/// same period; a place that appeared late has a shorter list.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The last day of the newest period that any place has reported.
    pub newest: Date,
    /// What a period is.
    pub step: Step,
    /// The places, in the order of the answer.
    pub places: Vec<PanelPlace>,
    /// What was known on earlier days, oldest first. They teach how figures are completed afterwards. May be empty: then
    /// nothing is known about revisions and none are made.
    pub earlier: Vec<EarlierVintage>,
}

/// One place of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelPlace {
    /// Its name, as the feed calls it.
    pub place: String,
    /// People who live there; `None` = not known.
    pub residents: Option<f64>,
    /// Counts by period, the last one for `Panel::newest`. `None` = no report. Negative counts are corrections, and are
    /// believed only in what is forecast, not in what it is forecast from.
    pub values: Vec<Option<f64>>,
    /// Counts of a target that runs ahead of this one (cases ahead of deaths), ending in the same period. May be empty.
    pub companion: Vec<Option<f64>>,
}

/// The same panel as it was known on an earlier day.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierVintage {
    /// The last day of the newest period that was known to any place then.
    pub newest: Date,
    /// Counts of each place of the panel, in its order, from old to new, ending in the period of `newest`.
    pub values: Vec<Vec<Option<f64>>>,
}

/// A week that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetWeek {
    /// How whoever asks counts it, 1 = nearest.
    pub horizon: u32,
    /// Its last day. It may begin on or before the newest known day.
    pub ends: Date,
}

/// Why a panel was not forecast at all. A single place that cannot be is no refusal: it is answered with a wide forecast
/// and a flag.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PanelRefusal {
    /// No place.
    #[error("the panel has no places, so nothing can be forecast")]
    Empty,
    /// The same name twice.
    #[error("`{place}` stands twice in the panel")]
    Twice {
        /// The name.
        place: String,
    },
    /// A number that is none, or beyond any count of people.
    #[error("`{place}` has {given} as its {what}, which is no count")]
    NoCount {
        /// Whose.
        place: String,
        /// Which figure.
        what: &'static str,
        /// What was given.
        given: f64,
    },
    /// An earlier vintage that does not match the panel.
    #[error("the vintage of {newest} has {given} places, the panel has {expected}")]
    Vintage {
        /// Its newest day.
        newest: Date,
        /// Places in it.
        given: usize,
        /// Places of the panel.
        expected: usize,
    },
    /// A vintage that reaches past the panel: it would let the future in.
    #[error("the earlier vintage of {newest} reaches past the panel's newest day {panel}")]
    LaterVintage {
        /// Its newest day.
        newest: Date,
        /// The panel's.
        panel: Date,
    },
    /// A week that cannot be laid over the periods of the panel.
    #[error("the week that ends on {ends} does not fit {why}")]
    Week {
        /// Its last day.
        ends: Date,
        /// What it does not fit.
        why: &'static str,
    },
}

impl PanelRefusal {
    /// What whoever asked can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "give at least one place with a report",
            Self::Twice { .. } => "join the two lists; of two figures for one period keep the newest known",
            Self::NoCount { .. } => "leave a figure that is not known out; it is forecast as unknown",
            Self::Vintage { .. } => "give an empty list for a place that the vintage did not know",
            Self::LaterVintage { .. } => "keep only what was known by the origin day",
            Self::Week { .. } => {
                "ask for a week that ends at most a year after the newest known day; for weekly figures, on their weekday"
            }
        }
    }
}

/// No count of people in a week is larger than mankind; beyond it arithmetic on squares would lose its meaning.
const MANKIND: f64 = 1e10;
/// Weeks ahead that can be asked for.
const FARTHEST_WEEKS: i64 = 53;

impl Panel {
    /// Refuses what has no meaning.
    pub(crate) fn check(&self) -> Result<(), PanelRefusal> {
        if self.places.is_empty() {
            return Err(PanelRefusal::Empty);
        }
        let mut names: Vec<&str> = self.places.iter().map(|p| p.place.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(PanelRefusal::Twice { place: pair[0].to_owned() });
        }
        for (nth, place) in self.places.iter().enumerate() {
            let bad = |what, given| Err(PanelRefusal::NoCount { place: place.place.clone(), what, given });
            if let Some(residents) = place.residents.filter(|r| !(r.is_finite() && (0.0..=MANKIND).contains(r))) {
                return bad("number of residents", residents);
            }
            let earlier = self.earlier.iter().filter_map(|v| v.values.get(nth));
            for values in [&place.values, &place.companion].into_iter().chain(earlier) {
                if let Some(value) = values.iter().flatten().find(|v| !(v.is_finite() && v.abs() <= MANKIND)) {
                    return bad("count", *value);
                }
            }
        }
        for vintage in &self.earlier {
            if vintage.values.len() != self.places.len() {
                return Err(PanelRefusal::Vintage {
                    newest: vintage.newest,
                    given: vintage.values.len(),
                    expected: self.places.len(),
                });
            }
            if vintage.newest > self.newest {
                return Err(PanelRefusal::LaterVintage { newest: vintage.newest, panel: self.newest });
            }
        }
        Ok(())
    }

    /// How many periods after the newest one a week ends.
    pub(crate) fn lead(&self, week: TargetWeek) -> Result<i64, PanelRefusal> {
        let fail = |why| PanelRefusal::Week { ends: week.ends, why };
        let days = week.ends.since(self.newest).map(|span| i64::from(span.get_days()));
        let days = days.map_err(|_| fail("the calendar"))?;
        if days.abs() > FARTHEST_WEEKS * 7 {
            return Err(fail("within a year of the newest known day"));
        }
        if days % self.step.days() != 0 {
            return Err(fail("the weekday on which the panel's weeks end"));
        }
        Ok(days / self.step.days())
    }
}

/// Answers the panel with its places in the order of their names, then puts the answers back in the order asked for.
///
/// Sums over places round differently in another order, and a tree may split elsewhere for it: the order in which a feed names its
/// places must not decide a forecast.
pub(super) fn in_order_of_names<E>(
    panel: &Panel,
    answer: impl FnOnce(&Panel) -> Result<super::PooledForecast, E>,
) -> Result<super::PooledForecast, E> {
    if panel.places.is_sorted_by(|a, b| a.place <= b.place) {
        return answer(panel);
    }
    let mut named: Vec<(usize, &PanelPlace)> = panel.places.iter().enumerate().collect();
    named.sort_by(|a, b| a.1.place.cmp(&b.1.place));
    let values_of = |vintage: &EarlierVintage| {
        named.iter().map(|(nth, _)| vintage.values.get(*nth).cloned().unwrap_or_default()).collect()
    };
    let sorted = Panel {
        newest: panel.newest,
        step: panel.step,
        places: named.iter().map(|(_, place)| (*place).clone()).collect(),
        earlier: panel.earlier.iter().map(|v| EarlierVintage { newest: v.newest, values: values_of(v) }).collect(),
    };
    let mut places: Vec<_> = named.iter().map(|(nth, _)| *nth).zip(answer(&sorted)?.places).collect();
    places.sort_by_key(|(nth, _)| *nth);
    Ok(super::PooledForecast { places: places.into_iter().map(|(_, place)| place).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn panel(step: Step) -> Panel {
        let place =
            |name: &str| PanelPlace { place: name.into(), residents: None, values: vec![Some(1.0)], companion: vec![] };
        Panel { newest: date(2021, 3, 7), step, places: vec![place("a"), place("b")], earlier: vec![] }
    }

    #[test]
    fn a_week_is_laid_over_days_and_weeks() {
        let week = |day| TargetWeek { horizon: 1, ends: day };
        assert_eq!(panel(Step::Day).lead(week(date(2021, 3, 13))), Ok(6));
        assert_eq!(panel(Step::Day).lead(week(date(2021, 3, 7))), Ok(0));
        assert_eq!(panel(Step::Week).lead(week(date(2021, 3, 21))), Ok(2));
        let off = panel(Step::Week).lead(week(date(2021, 3, 20))).unwrap_err();
        assert_eq!(
            off.to_string(),
            "the week that ends on 2021-03-20 does not fit the weekday on which the panel's weeks end"
        );
        assert!(panel(Step::Day).lead(week(date(2031, 3, 13))).is_err());
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        let refusal = |change: &dyn Fn(&mut Panel)| {
            let mut panel = panel(Step::Day);
            change(&mut panel);
            panel.check().map_err(|e| e.to_string())
        };
        assert_eq!(refusal(&|_| ()), Ok(()));
        assert_eq!(refusal(&|p| p.places.clear()), Err("the panel has no places, so nothing can be forecast".into()));
        assert_eq!(refusal(&|p| p.places[1].place = "a".into()), Err("`a` stands twice in the panel".into()));
        assert_eq!(
            refusal(&|p| p.places[1].values.push(Some(f64::NAN))),
            Err("`b` has NaN as its count, which is no count".into())
        );
        assert_eq!(
            refusal(&|p| p.places[0].residents = Some(-1.0)),
            Err("`a` has -1 as its number of residents, which is no count".into())
        );
        let later = EarlierVintage { newest: date(2021, 3, 8), values: vec![vec![], vec![]] };
        assert_eq!(
            refusal(&|p| p.earlier.push(later.clone())),
            Err("the earlier vintage of 2021-03-08 reaches past the panel's newest day 2021-03-07".into())
        );
    }
}
