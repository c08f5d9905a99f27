//! What the coming infections will need: transfers, beds by level, isolation rooms, tests, oxygen and staff.
//!
//! In go the joint paths of an [`Outlook`] (whole persons found by place, path and day), the vintage they came from, what is
//! known of people in care now, and the city's table of parameters ([`Assumptions`]). Out come joint draws ([`Demand`]): path `k` stays
//! path `k`, so that a city's figure is the sum of its districts' on each path and never a sum of quantiles.
//!
//! - **Classes.** Each day's persons are divided by one multinomial over the highest level of care they come to need. Shares
//!   differ between places by a Dirichlet distribution and keep to it along a path; the share of severe and critical
//!   cases also varies over its published range, for the whole city at once.
//! - **Stays.** A delay wheel: whoever comes in is told off at once, by one multinomial over the exact distribution of whole
//!   days, to the day of leaving. Nobody is made or lost. There are no stages that people leave at a constant rate:
//!   with steps of a day those let too many leave too early. Mean stays vary over their range from path to path.
//! - **Who is there already.** Beds in use, where reported, leave by what is left of a stay; else those found on the days before,
//!   by the same stays; else it is not known, and then beds are not either.
//! - **Worsening.** Where the table has days from being found to severe and on to critical, they are spent a level lower.
//! - **Contacts** are negative binomial, exactly, and stay in a room for the days that the rule says. Contacts who turn
//!   out infected leave their room later here than they would: that errs on the side of more rooms.
//! - **Tests, oxygen and staff** follow from these and from the ratios of the table.
//!
//! What the table lacks makes that demand [`Unusable`], and only that. Severity by age is not used: no parameter of the packs
//! gives it.

mod answer;
mod assumptions;
mod chance;
mod simulate;
mod sojourn;
mod special;
mod wheel;

pub use answer::{Demand, Kind, Present};
pub use assumptions::{Assumed, Assumptions, Role, Unusable, Wanted};
pub use sojourn::stays;

use crate::answer::{Outlook, PlaceDraws, Standing};
use crate::config::Config;
use crate::daily::{Calendar, Daily};
use crate::random::{Counter, Purpose};
use crate::vintage::Vintage;
use answer::{Drawn, PlaceDemand};
use jiff::ToSpan;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use simulate::{Before, Model, PAST, Residuals};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// People in care in the city at the end of the day before the first one forecast, as far as somebody reported them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InCare {
    /// Beds in use, or patients, at each level, the mildest first.
    pub by_level: [Option<u64>; 4],
    /// All people in care. Those of no reported level are divided over the others as the stays have it. Without it, levels are
    /// used only if all four are known.
    pub total: Option<u64>,
}

/// Demand of every place that has a forecast, and of the city.
///
/// Refused are only shares that are missing or do not add up: without them nobody can be told what anybody needs. Everything else that is
/// missing makes the kinds of demand unknown that need it. The same input gives the same bytes.
pub fn demand(
    vintage: &Vintage,
    outlook: &Outlook,
    in_care: &InCare,
    assumptions: &Assumptions,
    seed: u64,
) -> Result<Demand, Unusable> {
    let draws = &outlook.draws;
    let paths = u32::try_from(draws.paths()).unwrap_or(u32::MAX);
    let model = Model::of(assumptions, seed, draws.days(), paths)?;
    let (no_beds, no_contacts, no_rooms) = model.gaps();
    let places = Run { vintage, outlook, model, past: pasts(vintage) }.all(in_care);
    Ok(Demand {
        first_day: outlook.first_day,
        days: draws.days(),
        paths: draws.paths(),
        places,
        city: vintage.city.clone(),
        assumptions: assumptions.clone(),
        no_beds,
        no_contacts,
        no_rooms,
    })
}

/// Counts of the days before the first one forecast, newest first, with what was not known filled.
#[derive(Clone, Debug)]
struct Past {
    counts: Vec<u64>,
    since: Date,
    filled: u32,
}

/// Days of the newest counts that must hold a known one at least, for the days before to say who is there.
const RECENT: usize = 7;

/// Who was found before, place by place; nobody for a place whose newest count is older than a week.
fn pasts(vintage: &Vintage) -> BTreeMap<PlaceCode, Past> {
    let Ok(calendar) = Calendar::of(vintage, &Config::default()) else { return BTreeMap::new() };
    let past = |series| {
        let daily = Daily::of(series, &calendar, &vintage.completeness);
        let newest_first: Vec<Option<f64>> = daily.counts.iter().rev().take(PAST).copied().collect();
        newest_first.iter().take(RECENT).flatten().next()?;
        let oldest = newest_first.iter().rposition(Option::is_some)?;
        let known = newest_first.get(..=oldest)?;
        let mut filled = 0;
        let counts = (0..known.len())
            .map(|at| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of persons")]
                let whole = |n: f64| n.max(0.0).round() as u64;
                if let Some(count) = known[at] {
                    return whole(count);
                }
                filled += 1;
                let newer = known.get(..at).and_then(|days| days.iter().rev().flatten().next());
                let older = known.get(at..).and_then(|days| days.iter().flatten().next());
                whole(match (newer, older) {
                    (Some(a), Some(b)) => 0.5 * (a + b),
                    (Some(one), None) | (None, Some(one)) => *one,
                    (None, None) => 0.0,
                })
            })
            .collect();
        let back = i64::try_from(oldest).unwrap_or(0);
        let since = vintage.origin.checked_sub(back.days()).unwrap_or(vintage.origin);
        Some(Past { counts, since, filled })
    };
    vintage.series.iter().filter_map(|series| Some((series.place.clone(), past(series)?))).collect()
}

/// Where the counts of the days before come from, for one place.
enum Source {
    /// Its own.
    Own(Past),
    /// The city's, in proportion to the place's share of the city on each path.
    Share(Past),
    /// Nowhere.
    None,
}

/// One place that is to be simulated.
struct Task<'a> {
    code: Option<PlaceCode>,
    number: u16,
    found: Cow<'a, [u64]>,
    residents: Option<f64>,
    source: Source,
}

struct Run<'a> {
    vintage: &'a Vintage,
    outlook: &'a Outlook,
    model: Model,
    past: BTreeMap<PlaceCode, Past>,
}

impl Run<'_> {
    fn all(&self, in_care: &InCare) -> BTreeMap<PlaceCode, PlaceDemand> {
        let mut places = BTreeMap::new();
        let (tasks, city_is_sum) = self.tasks();
        let shares = self.shares(&tasks);
        let there = self.present(&tasks, city_is_sum, &shares, in_care);
        let residents = self.residents(&self.vintage.city);
        let mut city: Option<(Drawn, Present)> = None;
        let mut below = 0usize;
        for (nth, task) in tasks.iter().enumerate() {
            let own = there.as_ref().map(|(people, residuals)| (people[nth], residuals));
            let share = matches!(task.source, Source::Share(_)).then(|| {
                below += 1;
                (shares.get(below - 1), shares.get(below))
            });
            let drawn = self.model.place(task.number, &task.found, |path| {
                let counts = match (&task.source, share) {
                    (Source::Own(past), _) => Cow::Borrowed(past.counts.as_slice()),
                    (Source::Share(past), Some((Some(low), Some(high)))) => {
                        let at = |row: &Vec<f64>| row.get(path as usize).copied().unwrap_or(0.0);
                        Cow::Owned(self.shared_out(&past.counts, path, at(low), at(high)))
                    }
                    _ => Cow::Borrowed(&[][..]),
                };
                match (own, &task.source) {
                    (Some((people, residuals)), _) => Before::There(people, residuals, counts),
                    (None, Source::None) => Before::Nothing,
                    (None, _) => Before::Counts(counts),
                }
            });
            let present = match (&there, &task.source) {
                (Some(_), _) => Present::Reported { by_level: in_care.by_level.iter().all(Option::is_some) },
                (None, Source::Own(past) | Source::Share(past)) => {
                    Present::FromCounts { since: past.since, filled_days: past.filled }
                }
                (None, Source::None) => Present::Unknown,
            };
            if city_is_sum {
                let (sum, from) = city.get_or_insert_with(|| (Drawn::default(), present.clone()));
                sum.add(&drawn);
                *from = worst(from, &present);
            }
            if let Some(code) = &task.code {
                places.insert(code.clone(), PlaceDemand { drawn, residents: task.residents, present });
            }
        }
        if let Some((drawn, present)) = city {
            places.insert(self.vintage.city.clone(), PlaceDemand { drawn, residents, present });
        }
        places
    }

    fn residents(&self, code: &PlaceCode) -> Option<f64> {
        Some(self.vintage.series.iter().find(|s| s.place == *code)?.population?.get() as f64)
    }

    /// What is simulated: every district with a forecast, and what of the city's paths no district accounts for. Where
    /// districts hold more than the city on some path, the city by itself. And whether the city is the sum.
    fn tasks(&self) -> (Vec<Task<'_>>, bool) {
        let city = self.outlook.draws.of(&self.vintage.city);
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for (number, series) in self.outlook.series.iter().enumerate() {
            let Some(draws) = self.outlook.draws.of(&series.place).filter(|_| series.place != self.vintage.city) else {
                continue;
            };
            let source = match (&series.standing, self.past.get(&series.place), self.past.get(&self.vintage.city)) {
                (Standing::Borrowed { .. }, _, Some(past)) => Source::Share(past.clone()),
                (Standing::Own, Some(past), _) => Source::Own(past.clone()),
                _ => Source::None,
            };
            tasks.push(Task {
                code: Some(series.place.clone()),
                number: u16::try_from(number).unwrap_or(u16::MAX - 1),
                found: Cow::Borrowed(draws.as_slice()),
                residents: self.residents(&series.place),
                source,
            });
        }
        let Some(city) = city else { return (tasks, false) };
        match left_over(city, &tasks) {
            Some(rest) => {
                if rest.iter().any(|n| *n > 0) {
                    let source =
                        self.past.get(&self.vintage.city).map_or(Source::None, |past| Source::Share(past.clone()));
                    tasks.push(Task { code: None, number: u16::MAX, found: Cow::Owned(rest), residents: None, source });
                }
                (tasks, true)
            }
            None => {
                let source = self.past.get(&self.vintage.city).map_or(Source::None, |past| Source::Own(past.clone()));
                tasks.push(Task {
                    code: Some(self.vintage.city.clone()),
                    number: u16::MAX,
                    found: Cow::Borrowed(city.as_slice()),
                    residents: self.residents(&self.vintage.city),
                    source,
                });
                (tasks, false)
            }
        }
    }

    /// For those who share the city's past: each one's upper bound on a scale from 0 to 1, by path; the first row is 0.
    ///
    /// What a place has of the city on a path over its first week, it is taken to have had before.
    fn shares(&self, tasks: &[Task<'_>]) -> Vec<Vec<f64>> {
        let days = self.outlook.draws.days().max(1);
        let Some(city) = self.outlook.draws.of(&self.vintage.city) else { return Vec::new() };
        let week = |paths: &[u64]| -> Vec<f64> {
            paths.chunks_exact(days).map(|path| path.iter().take(7).sum::<u64>() as f64).collect()
        };
        let whole = week(city.as_slice());
        let mut rows = vec![vec![0.0; whole.len()]];
        for task in tasks.iter().filter(|t| matches!(t.source, Source::Share(_))) {
            let last = rows.last().cloned().unwrap_or_default();
            let row = last.iter().zip(week(&task.found)).zip(&whole);
            rows.push(row.map(|((sum, part), of)| if *of > 0.0 { (sum + part / of).min(1.0) } else { *sum }).collect());
        }
        rows
    }

    /// A place's part of the city's past counts on a path: systematic rounding with one uniform number for each day that all
    /// places share, so that whole persons add up.
    fn shared_out(&self, counts: &[u64], path: u32, low: f64, high: f64) -> Vec<u64> {
        let mut start = Counter::new(self.outlook.seed, Purpose::DemandPast, path, u16::MAX, 0);
        let mut out = Vec::with_capacity(counts.len());
        for n in counts {
            let start = start.uniform();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative")]
            let up_to = |share: f64| (*n as f64 * share + start).floor() as u64;
            out.push(up_to(high).saturating_sub(up_to(low)));
        }
        out
    }

    /// People reported in care, by task and level, and what is left of their stays; `None` if nobody reported them.
    fn present(
        &self,
        tasks: &[Task<'_>],
        city_is_sum: bool,
        shares: &[Vec<f64>],
        in_care: &InCare,
    ) -> Option<(Vec<[u64; 4]>, Residuals)> {
        let city_past: Vec<f64> = match self.past.get(&self.vintage.city) {
            Some(past) => past.counts.iter().map(|n| *n as f64).collect(),
            None => Vec::new(),
        };
        let share = |nth: usize| {
            let mean = |row: Option<&Vec<f64>>| row.map_or(0.0, |r| r.iter().sum::<f64>() / r.len().max(1) as f64);
            mean(shares.get(nth + 1)) - mean(shares.get(nth))
        };
        let mut shared = 0;
        let weights: Vec<[f64; 4]> = tasks
            .iter()
            .map(|task| match &task.source {
                Source::Own(past) => {
                    let counts: Vec<f64> = past.counts.iter().map(|n| *n as f64).collect();
                    self.model.expected_present(&counts)
                }
                Source::Share(_) => {
                    shared += 1;
                    let share = share(shared - 1);
                    self.model.expected_present(&city_past).map(|n| n * share)
                }
                // Its part of what is found from now on is the only thing known of it.
                Source::None => [task.found.iter().map(|n| *n as f64).sum::<f64>(); 4],
            })
            .collect();
        // A city by itself comes last and has all of them; its districts share what they account for.
        let column = |class: usize| -> Vec<f64> {
            let mut column: Vec<f64> = weights.iter().map(|row| row[class]).collect();
            if let Some(last) = column.pop() {
                let districts: f64 = column.iter().sum();
                column.push(if city_is_sum { last } else { (last - districts).max(0.0) });
            }
            column
        };
        let by_level = match (in_care.by_level, in_care.total) {
            ([Some(a), Some(b), Some(c), Some(d)], _) => [a, b, c, d],
            (levels, Some(total)) => {
                let rest = total.saturating_sub(levels.iter().flatten().sum());
                let open = |class: usize| if levels[class].is_some() { 0.0 } else { column(class).iter().sum() };
                let parts = apportion(rest, &[0, 1, 2, 3].map(open))?;
                [0, 1, 2, 3].map(|class: usize| levels[class].unwrap_or(parts[class]))
            }
            _ => return None,
        };
        let mut people = vec![[0; 4]; tasks.len()];
        for (class, total) in by_level.into_iter().enumerate() {
            for (row, n) in people.iter_mut().zip(apportion(total, &column(class))?) {
                row[class] = n;
            }
            if let Some(city) = people.last_mut().filter(|_| !city_is_sum) {
                city[class] = total;
            }
        }
        Some((people, self.model.residuals(&city_past)))
    }
}

/// Whole parts of a total in proportion to weights, by largest remainders; `None` without any weight to go by.
fn apportion(total: u64, weights: &[f64]) -> Option<Vec<u64>> {
    let sum: f64 = weights.iter().sum();
    if total == 0 {
        return Some(vec![0; weights.len()]);
    }
    if !(sum.is_finite() && sum > 0.0) {
        return None;
    }
    let exact: Vec<f64> = weights.iter().map(|w| total as f64 * w / sum).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the total")]
    let mut parts: Vec<u64> = exact.iter().map(|e| e.floor() as u64).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())));
    let given: u64 = parts.iter().sum();
    let left = usize::try_from(total.saturating_sub(given)).unwrap_or(0);
    for at in order.iter().cycle().take(left) {
        parts[*at] += 1;
    }
    Some(parts)
}

/// The city's paths without the districts'; `None` if they hold more than the city anywhere.
fn left_over(city: PlaceDraws<'_>, tasks: &[Task<'_>]) -> Option<Vec<u64>> {
    let mut rest = city.as_slice().to_vec();
    for task in tasks {
        for (left, part) in rest.iter_mut().zip(task.found.iter()) {
            *left = left.checked_sub(*part)?;
        }
    }
    Some(rest)
}

/// What a sum rests on: unknown if a part is, else the shortest record of its parts.
fn worst(a: &Present, b: &Present) -> Present {
    match (a, b) {
        (Present::Unknown, _) | (_, Present::Unknown) => Present::Unknown,
        (Present::FromCounts { since: x, filled_days: m }, Present::FromCounts { since: y, filled_days: n }) => {
            Present::FromCounts { since: *x.max(y), filled_days: *m.max(n) }
        }
        (one, _) => one.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// No person is made or lost in dividing, and nobody is given to a weight of nothing by more than rounding.
        #[test]
        fn parts_add_up(total in 0u64..1_000_000, weights in prop::collection::vec(0.0f64..100.0, 1..45)) {
            match apportion(total, &weights) {
                Some(parts) => prop_assert_eq!(parts.iter().sum::<u64>(), total),
                None => prop_assert!(weights.iter().sum::<f64>() <= 0.0),
            }
        }
    }
}
