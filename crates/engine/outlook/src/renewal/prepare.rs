//! From an input to a problem: refuse what cannot be, set aside days that no R explains, choose the places that are fitted.

use super::answer::{Basis, WhyBorrowed};
use super::course::Course;
use super::input::{Input, MAX_DAYS, MAX_PLACES, NotFitted, Priors};
use super::parameters::r_of;
use super::posterior::{Point, Posterior, Scales};
use super::problem::{self, BEFORE, Mixing, Place, Problem, START, WEEK};

/// Fewest days of a calendar.
const FEWEST_DAYS: usize = 14;
/// Days with counts that a place needs to be fitted from itself.
pub(crate) const NEED: usize = 10;
/// A day above this many times the largest of its neighbours within a week, and so many more, is set aside: no generation
/// interval allows it, so it is a backlog, a double count or the first round of a new screening. Judgement; Shanghai's and
/// Chongqing's 2022 outbreaks have no such day in the middle.
const SPIKE: (f64, f64) = (8.0, 50.0);
/// A day below this share of the least of its neighbours within three days, if that is so large, was not reported.
const SILENT: (f64, f64) = (0.1, 20.0);
/// Largest count that is read.
const LARGEST_COUNT: f64 = 1e12;
/// Sizes of a place's counts over the shared size that are tried.
const SIZE_FACTORS: [f64; 9] = [1.0 / 64.0, 1.0 / 16.0, 1.0 / 8.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];
/// Spread of the logarithm of such a factor beforehand.
const SIZE_FACTOR_SD: f64 = 0.8;

/// Spread of a shock common to all places on a day before anything is seen, and how many days that counts for.
const DAY_PRIOR: (f64, f64) = (0.1, 5.0);
/// Least spread of such a shock: 0 would be a different model.
const DAY_LEAST: f64 = 0.01;

/// What the checks found.
pub(crate) struct Prepared {
    pub(crate) problem: Problem,
    pub(crate) places: Vec<Basis>,
    pub(crate) set_aside: Vec<Vec<usize>>,
}

/// Refuses an input or a prior that cannot be.
pub(crate) fn check(input: &Input, priors: &Priors) -> Result<(), NotFitted> {
    priors.check()?;
    let size = |what, given, low: usize, high: usize| {
        let allowed = format!("{low} to {high}");
        if (low..=high).contains(&given) { Ok(()) } else { Err(NotFitted::Size { what, given, allowed }) }
    };
    size("days", input.days, FEWEST_DAYS, MAX_DAYS)?;
    size("places", input.places.len(), 1, MAX_PLACES)?;
    size("first weekday", input.first_weekday, 0, 6)?;
    for (place, p) in input.places.iter().enumerate() {
        let shape = |what, given: usize| {
            let expected = input.days;
            if given == expected { Ok(()) } else { Err(NotFitted::Shape { place, what, given, expected }) }
        };
        shape("counts", p.counts.len())?;
        if !p.community.is_empty() {
            shape("community", p.community.len())?;
        }
        if !p.reported_share.is_empty() {
            shape("reported share", p.reported_share.len())?;
        }
        let number = |day, what, given: f64, ok: bool, allowed| {
            if ok { Ok(()) } else { Err(NotFitted::Number { place, day, what, given, allowed }) }
        };
        for (what, counts) in [("count", &p.counts), ("community count", &p.community)] {
            for (day, count) in counts.iter().enumerate().filter_map(|(t, c)| Some((t, (*c)?))) {
                number(day, what, count, (0.0..=LARGEST_COUNT).contains(&count), "0 to 10^12, or nothing")?;
            }
        }
        for (day, share) in p.reported_share.iter().enumerate() {
            number(day, "reported share", *share, *share > 0.0 && *share <= 1.0, "above 0, to 1")?;
        }
        if let Some(n) = p.population {
            number(0, "population", n, (1.0..=LARGEST_COUNT).contains(&n), "1 to 10^12, or nothing")?;
        }
    }
    if let Some(table) = &input.mixing {
        let n = input.places.len();
        let shape = |place, given| Err(NotFitted::Shape { place, what: "mixing", given, expected: n });
        if table.len() != n {
            return shape(0, table.len());
        }
        for (place, row) in table.iter().enumerate() {
            if row.len() != n {
                return shape(place, row.len());
            }
            let sum: f64 = row.iter().sum();
            if !row.iter().all(|m| (0.0..=1.0).contains(m)) || (sum - 1.0).abs() > 1e-6 {
                let allowed = "shares from 0 to 1 that add up to 1";
                return Err(NotFitted::Number { place, day: 0, what: "sum of mixing", given: sum, allowed });
            }
        }
    }
    Ok(())
}

impl Priors {
    fn check(&self) -> Result<(), NotFitted> {
        self.disease.check()?;
        let range = |prior, given: f64, low: f64, high: f64, allowed| {
            if (low..=high).contains(&given) { Ok(()) } else { Err(NotFitted::Prior { prior, given, allowed }) }
        };
        range("generation_unsure", self.generation_unsure, 0.0, 1.0, "0 to 1")?;
        range("level_sd", self.level_sd, 0.01, 3.0, "0.01 to 3")?;
        range("city_step", self.city_step.0, 0.001, 3.0, "0.001 to 3")?;
        range("city_step spread", self.city_step.1, 0.01, 3.0, "0.01 to 3")?;
        range("drift_sd", self.drift_sd, 0.0, 1.0, "0 to 1")?;
        range("district_step", self.district_step.0, 0.001, 3.0, "0.001 to 3")?;
        range("district_step spread", self.district_step.1, 0.01, 3.0, "0.01 to 3")?;
        range("district_keeps", self.district_keeps, 0.0, 0.999, "0 to 0.999")?;
        range("size", self.size.0, 0.1, 1e4, "0.1 to 10000")?;
        range("size spread", self.size.1, 0.01, 3.0, "0.01 to 3")?;
        range("weekday_sd", self.weekday_sd, 0.001, 3.0, "0.001 to 3")?;
        range("slope_keeps", self.slope_keeps, 0.0, 1.0, "0 to 1")?;
        range("rise_keeps", self.rise_keeps, 0.0, 1.0, "0 to 1")?;
        range("fall_keeps", self.fall_keeps, 0.0, 1.0, "0 to 1")?;
        range("step_ahead", self.step_ahead, 0.0, 2.0, "0 to 2")?;
        range("mixing_away", self.mixing_away, 0.0, 0.9, "0 to 0.9")?;
        range("managed_effect", self.managed_effect, 0.0, 0.99, "0 to 0.99")
    }
}

/// Chooses places and days, and writes the problem. `free` = infectiousness left by isolation, by place and day; `out` = places
/// that did not converge before, with what was left to go.
pub(crate) fn prepare(
    input: &Input,
    priors: &Priors,
    free: &[Vec<f64>],
    out: &[(usize, f64)],
) -> Result<Prepared, NotFitted> {
    let (mut bases, mut aside, mut fitted) = (Vec::new(), Vec::new(), Vec::new());
    for (number, place) in input.places.iter().enumerate() {
        let days = odd_days(&place.counts);
        let have = place.counts.iter().flatten().count() - days.len();
        let none = place.counts.iter().flatten().sum::<f64>() <= 0.0;
        let failed = out.iter().find(|(p, _)| *p == number);
        bases.push(match have {
            _ if failed.is_some() => {
                Basis::Borrowed(WhyBorrowed::NotConverged { decrement: failed.map_or(0.0, |(_, d)| *d) })
            }
            0 => Basis::NoCounts,
            1..NEED => Basis::Borrowed(WhyBorrowed::FewDays { have, need: NEED }),
            _ if none => Basis::Borrowed(WhyBorrowed::NoCases),
            _ => Basis::Fitted,
        });
        if have >= NEED && failed.is_none() {
            fitted.push(number);
        }
        aside.push(days);
    }
    if fitted.is_empty() {
        return Err(NotFitted::Nothing { need: NEED });
    }
    let problem = build(input, priors, free, &fitted, &aside);
    Ok(Prepared { problem, places: bases, set_aside: aside })
}

pub(crate) fn build(
    input: &Input,
    priors: &Priors,
    free: &[Vec<f64>],
    fitted: &[usize],
    aside: &[Vec<usize>],
) -> Problem {
    let (knots, between) = problem::knots(input.days);
    let generation = priors.disease.generation();
    let places: Vec<Place> = fitted
        .iter()
        .map(|number| {
            let place = &input.places[*number];
            let share = |day: usize| place.reported_share.get(day).copied().unwrap_or(1.0);
            let seen: Vec<(usize, f64, f64)> = place
                .counts
                .iter()
                .enumerate()
                .filter(|(day, _)| !aside[*number].contains(day))
                .filter_map(|(day, count)| Some((day, (*count)?, share(day))))
                .collect();
            let first: Vec<f64> = seen.iter().take(WEEK).map(|(_, count, share)| count / share).collect();
            let mean = first.iter().sum::<f64>() / first.len().max(1) as f64;
            let total: f64 = seen.iter().map(|(_, count, share)| count / share).sum();
            Place {
                number: *number,
                free: free.get(*number).cloned().unwrap_or_else(|| vec![1.0; BEFORE + input.days]),
                // More cases than residents: one of the two is wrong, and the counts are what is forecast.
                population: place.population.filter(|n| total < 0.95 * n),
                height: (mean + 0.3).ln(),
                size_factor: 1.0,
                seen,
            }
        })
        .collect();
    let mut city_start = city_start(input, fitted, aside, priors, knots, &generation);
    for (knot, start) in city_start.iter_mut().enumerate() {
        // What isolation takes is in the counts already.
        let day = (BEFORE + input.days - 1).saturating_sub((knots - 1 - knot) * WEEK + 3);
        let left = places.iter().map(|p: &Place| p.free[day].ln()).sum::<f64>() / places.len() as f64;
        *start -= left;
    }
    Problem {
        days: input.days,
        knots,
        between,
        first_weekday: input.first_weekday,
        generation,
        delay: priors.disease.delay(),
        mixing: Mixing::of(input, priors, fitted),
        places,
        priors: priors.clone(),
        // One or two places cannot tell a shock of the day from their own noise.
        day_sd: if fitted.len() >= 3 { DAY_PRIOR.0 } else { 0.0 },
        city_start,
    }
}

/// Days whose counts no R explains.
fn odd_days(counts: &[Option<f64>]) -> Vec<usize> {
    let around = |day: usize, reach: usize| {
        (day.saturating_sub(reach)..(day + reach + 1).min(counts.len()))
            .filter(move |d| *d != day)
            .filter_map(|d| counts[d].map(|c| (d, c)))
            .collect::<Vec<_>>()
    };
    let odd = |day: usize, count: f64| {
        let week = around(day, WEEK);
        let largest = week.iter().map(|(_, c)| *c).fold(0.0, f64::max);
        let spike = week.len() >= 3 && count > SPIKE.0 * largest + SPIKE.1;
        let near = around(day, 3);
        let least = near.iter().map(|(_, c)| *c).fold(f64::INFINITY, f64::min);
        let silent = near.len() >= 3 && least >= SILENT.1 && count < SILENT.0 * least;
        spike || silent
    };
    counts.iter().enumerate().filter_map(|(day, c)| odd(day, (*c)?).then_some(day)).collect()
}

/// log R of the city at each knot from the growth of smoothed counts: only where the search begins.
fn city_start(
    input: &Input,
    fitted: &[usize],
    aside: &[Vec<usize>],
    priors: &Priors,
    knots: usize,
    generation: &[f64; super::parameters::REACH],
) -> Vec<f64> {
    let days = input.days;
    let smooth = |place: usize, day: usize| {
        let near = (day.saturating_sub(3)..(day + 4).min(days)).filter(|d| !aside[place].contains(d));
        let known: Vec<f64> = near.filter_map(|d| input.places[place].counts[d]).collect();
        (known.len() >= 3).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    (0..knots)
        .map(|knot| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10 days")]
            let delay = priors.disease.report_mean.round() as usize;
            // Days from the knot to the origin.
            let back = (knots - 1 - knot) * WEEK;
            let day = (days - 1 + delay).saturating_sub(back).clamp(3, days - 4);
            let (mut before, mut after) = (0.0, 0.0);
            for place in fitted {
                if let (Some(b), Some(a)) = (smooth(*place, day - 3), smooth(*place, day + 3)) {
                    before += b;
                    after += a;
                }
            }
            let growth = (((after + 0.5) / (before + 0.5)).ln() / 6.0).clamp(-0.3, 0.4);
            r_of(growth, generation).ln()
        })
        .collect()
}

/// Where the search begins: the city's growth, and each place at the height of its counts.
pub(crate) fn start(problem: &Problem) -> Point {
    let mut shared = problem.city_start.clone();
    shared.resize(problem.shared(), 0.0);
    let imports = vec![vec![problem::FROM_NOWHERE; problem.days]; problem.places.len()];
    let local = problem.places.iter().map(|p| [&[p.height, 0.0][..], &vec![0.0; problem.knots]].concat()).collect();
    let mut point = Point { shared, local, imports };
    let mut course = Course::default();
    for (i, place) in problem.places.iter().enumerate() {
        if course.run(problem, place, &point.at(problem, i), false) {
            let seen: f64 = place.seen.iter().map(|(_, count, _)| count).sum();
            let expected: f64 = place.seen.iter().map(|(day, _, share)| course.mean[*day] * share).sum();
            point.local[i][0] += ((seen + 0.5) / (expected + 0.5)).ln().clamp(-8.0, 8.0);
        }
    }
    debug_assert!(point.local.iter().all(|l| l.len() == START + problem.knots));
    point
}

/// Gives each place the size of its counts that its residuals about `point` speak for; returns the places that are erratic.
pub(crate) fn fit_sizes(problem: &mut Problem, point: &Point, scales: Scales) -> Vec<usize> {
    let mut course = Course::default();
    let mut erratic = Vec::new();
    let mut factors = Vec::new();
    for (i, place) in problem.places.iter().enumerate() {
        if !course.run(problem, place, &point.at(problem, i), false) {
            factors.push(1.0);
            continue;
        }
        let mut best = (f64::NEG_INFINITY, 1.0);
        for factor in SIZE_FACTORS {
            let mut tried = place.clone();
            tried.size_factor = factor;
            let of_place = Posterior::likelihood_of(problem, &tried, &course, &point.shared, scales.size);
            let value = of_place - 0.5 * (factor.ln() / SIZE_FACTOR_SD).powi(2);
            if value > best.0 {
                best = (value, factor);
            }
        }
        if best.1 <= SIZE_FACTORS[1] {
            erratic.push(i);
        }
        factors.push(best.1);
    }
    for (place, factor) in problem.places.iter_mut().zip(factors) {
        place.size_factor = factor;
    }
    erratic
}

/// Measures what moves all places on a day alike: how far their common residual lies from the course without shocks, less what
/// counting alone would do.
pub(crate) fn fit_days(problem: &mut Problem, point: &Point, scales: Scales) {
    if problem.shocks() == 0 {
        return;
    }
    let mut course = Course::default();
    let (mut sums, mut weights) = (vec![0.0; problem.days], vec![0.0; problem.days]);
    let mut places = vec![0; problem.days];
    for (i, place) in problem.places.iter().enumerate() {
        if !course.run(problem, place, &point.at(problem, i), false) {
            continue;
        }
        let size = scales.size * place.size_factor;
        for (day, count, share) in &place.seen {
            let mean = course.mean[*day] * share * problem.weekday(&point.shared, *day).exp();
            let weight = size * mean / (size + mean);
            sums[*day] += weight * ((count - mean) / mean).clamp(-2.0, 2.0);
            weights[*day] += weight;
            places[*day] += 1;
        }
    }
    let (mut over, mut days) = (DAY_PRIOR.0 * DAY_PRIOR.0 * DAY_PRIOR.1, DAY_PRIOR.1);
    for ((sum, weight), places) in sums.iter().zip(&weights).zip(&places) {
        // One or two places cannot tell a common shock from their own noise; a few cases cannot either.
        if *places >= 3 && *weight > 5.0 {
            over += (sum / weight).powi(2) - 1.0 / weight;
            days += 1.0;
        }
    }
    problem.day_sd = (over / days).max(DAY_LEAST * DAY_LEAST).sqrt();
}
