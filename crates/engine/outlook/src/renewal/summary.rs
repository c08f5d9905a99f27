//! Figures from draws: R, growth, nowcast; and how the fit went.

use super::answer::{Basis, Convergence, Hyper, Interval, NowcastDay};
use super::course::Course;
use super::input::Input;
use super::parameters::growth_of;
use super::problem::{BEFORE, Problem, START};
use super::sample::poisson;
use super::scales::{Grid, GridPoint};
use super::split::Split;
use super::{Fit, sample};
use crate::random::{Purpose, Stream};

/// Draws behind R and the nowcast. The spread of 300 normals is known to 4 %.
const DRAWS: u32 = 300;
/// Normal quantiles of 75, 90 and 97.5 %.
const Z: [f64; 3] = [0.674_489_750_196_1, 1.281_551_565_544_6, 1.959_963_984_540_1];
/// Days over which a borrowed place's share of the city is taken.
const SHARE_DAYS: usize = 21;

impl Fit {
    pub(crate) fn new(
        input: &Input,
        problem: Problem,
        grid: Grid,
        places: Vec<Basis>,
        set_aside: Vec<Vec<usize>>,
        (splits, delay_days): (Vec<Option<Split>>, usize),
        (iterations, halvings): (u32, u32),
    ) -> Self {
        let kept = grid.points.len();
        let squares: f64 = grid.points.iter().map(|p| p.weight * p.weight).sum();
        let mean = |f: &dyn Fn(&GridPoint) -> f64| grid.points.iter().map(|p| p.weight * f(p)).sum::<f64>();
        let hyper = Hyper {
            city_step: mean(&|p| p.scales.city_step),
            district_step: mean(&|p| p.scales.district_step),
            size: mean(&|p| p.scales.size),
            day: problem.day_sd,
        };
        let first_point = grid.points[0].clone();
        let report = &first_point.mode.report;
        let convergence = Convergence {
            converged: report.converged,
            iterations,
            halvings,
            decrement: report.decrement,
            gradient: report.gradient,
            mixing_change: report.mixing_change,
            grid: (kept, grid.laid - kept),
            grid_effective: 1.0 / squares,
            places,
            set_aside,
        };
        let residents_left = input
            .places
            .iter()
            .map(|p| {
                let counted: f64 = p.counts.iter().flatten().sum();
                // Where more are counted than live there, the residents' figure caps nothing.
                p.population.filter(|n| counted < 0.95 * n).map_or(f64::INFINITY, |n| (n - counted).floor())
            })
            .collect();
        let fitted: Vec<usize> = problem.places.iter().map(|p| p.number).collect();
        let borrowed = (0..input.places.len())
            .filter(|p| !fitted.contains(p))
            .map(|p| (p, share_of_fitted(input, p, &fitted)))
            .collect();
        let home = (0..problem.places.len()).map(|i| problem.mixing.share(i, i)).collect();
        let seed = input.seed;
        let recent = |p: &super::PlaceInput| {
            let mut out = [0.0; 6];
            for (back, value) in (1..=6).rev().zip(&mut out) {
                let day = input.days - back;
                p.counts.get(day).copied()??;
                *value = p.community.get(day).copied()??;
            }
            Some(out)
        };
        let recent_community = input.places.iter().map(recent).collect();
        Self {
            problem,
            grid: grid.points,
            first_point,
            seed,
            home,
            splits,
            delay_days,
            recent_community,
            residents_left,
            borrowed,
            convergence,
            hyper,
        }
    }

    /// Appends path `k` of every place to `out`, in the order of the input: final counts of the `horizon` days after the
    /// origin, whole persons. Path `k` of all places belongs to one future. `out` must have one entry for each place; places
    /// beyond are left alone.
    pub fn path(&self, k: u32, horizon: usize, out: &mut [Vec<u64>]) {
        self.write_path(k, horizon, out);
    }

    /// Reproduction number by day of the calendar: onward infections of a day's average infection, managed ones and those
    /// already immune accounted for. 1 is the threshold of growth. A borrowed place has the city's, wider. Empty for a place that
    /// does not exist.
    pub fn r(&self, place: usize) -> Vec<Interval> {
        self.log_r(place).into_iter().map(|(mean, sd)| around(mean, sd)).collect()
    }

    /// R of an infection that nobody manages, by day; `None` where the split is not known or does not enter the model
    /// ([`super::Priors::managed_effect`] 0). Deviation: the design note calls R (1 - k q) the community's; that is [`Fit::r`].
    pub fn community_r(&self, place: usize) -> Option<Vec<Interval>> {
        let i = self.problem.places.iter().position(|p| p.number == place)?;
        self.splits.get(place)?.as_ref()?;
        let fitted = &self.problem.places[i];
        if self.problem.priors.managed_effect <= 0.0 {
            return None;
        }
        let each = self.log_r(place).into_iter().zip(&fitted.free[BEFORE..]);
        Some(each.map(|((mean, sd), free)| around(mean - free.ln(), sd)).collect())
    }

    /// Chance that the community cases of seven days, together in these places, are at most `threshold`, by day after the
    /// origin, over the first `paths` paths. `None` unless each of these places is fitted, knows its split, and has all counts
    /// of the last six days with their community part: anything less would invent the days it sums.
    pub fn community_end(&self, places: &[usize], threshold: f64, paths: u32, horizon: usize) -> Option<Vec<f64>> {
        let mut recent = [0.0; 6];
        for number in places {
            self.splits.get(*number)?.as_ref()?;
            let known = self.recent_community.get(*number)?.as_ref()?;
            for (sum, one) in recent.iter_mut().zip(known) {
                *sum += one;
            }
        }
        let mut below = vec![0.0; horizon];
        let mut counts = vec![Vec::new(); self.convergence.places.len()];
        for k in 0..paths {
            counts.iter_mut().for_each(Vec::clear);
            self.path(k, horizon, &mut counts);
            let mut daily = recent.to_vec();
            daily.resize(6 + horizon, 0.0);
            for number in places {
                let i = self.problem.places.iter().position(|p| p.number == *number)?;
                let split = self.splits.get(*number)?.as_ref()?;
                let managed = self.split_ahead(k, i, horizon);
                let number16 = u16::try_from(*number).unwrap_or(u16::MAX);
                let mut stream = Stream::new(self.seed, Purpose::RenewalCheck, k, number16);
                for ((sum, count), share) in daily[6..].iter_mut().zip(&counts[*number]).zip(managed) {
                    let count = *count as f64;
                    *sum += count - sample::beta_binomial(count, share, split.strength, &mut stream);
                }
            }
            for (day, chance) in below.iter_mut().enumerate() {
                *chance += f64::from(u8::from(daily[day..day + 7].iter().sum::<f64>() <= threshold));
            }
        }
        Some(below.into_iter().map(|b| b / f64::from(paths.max(1))).collect())
    }

    /// Growth per day that R means (natural logarithm), by day of the calendar. Doubling time = ln 2 / growth.
    pub fn growth(&self, place: usize) -> Vec<Interval> {
        let g = &self.problem.generation;
        let of = |r: f64| growth_of(r, g);
        let pair = |(low, high)| (of(low), of(high));
        let each = self.r(place).into_iter();
        each.map(|r| Interval {
            median: of(r.median),
            half: pair(r.half),
            eighty: pair(r.eighty),
            ninety_five: pair(r.ninety_five),
        })
        .collect()
    }

    /// Mean and spread of log R by day, over the draws that the paths use. The generation interval is not known either: counts
    /// give growth, and log R is about growth times its mean. (It cancels in paths, which R and interval make together.)
    fn log_r(&self, place: usize) -> Vec<(f64, f64)> {
        if place >= self.convergence.places.len() {
            return Vec::new();
        }
        let problem = &self.problem;
        let fitted = problem.places.iter().position(|p| p.number == place);
        let (mut sums, mut squares) = (vec![0.0; problem.days], vec![0.0; problem.days]);
        for k in 0..DRAWS {
            let shared = self.shared(k, 0);
            let local = fitted.map(|i| self.local(k, i, &shared));
            let at = |knot: usize| shared.now[knot] + local.as_ref().map_or(0.0, |l| l[START + knot]);
            for (day, (knot, part)) in problem.between.iter().enumerate() {
                let x = at(*knot) * (1.0 - part) + at(knot + 1) * part;
                sums[day] += x;
                squares[day] += x * x;
            }
        }
        let n = f64::from(DRAWS);
        let scale = fitted.map_or_else(|| vec![1.0; problem.days], |i| self.acting(i));
        let more = if fitted.is_some() { 0.0 } else { self.resting() };
        (0..problem.days)
            .map(|day| {
                let mean = sums[day] / n;
                let unsure = self.problem.priors.generation_unsure * mean;
                let variance = (squares[day] / n - mean * mean).max(0.0) + more * more + unsure * unsure;
                (mean + scale[day].max(1e-6).ln(), variance.sqrt())
            })
            .collect()
    }

    /// What susceptibles and isolation leave of R, by day, at the mode.
    fn acting(&self, fitted: usize) -> Vec<f64> {
        let place = &self.problem.places[fitted];
        let mut course = Course::default();
        let point = &self.first_point.mode.point;
        course.run(&self.problem, place, &point.at(&self.problem, fitted), false);
        let mut used = 0.0;
        (0..self.problem.days)
            .map(|day| {
                let left = place.population.map_or(1.0, |n| (1.0 - used / n).max(0.0));
                used += course.infections.get(BEFORE + day).copied().unwrap_or(0.0);
                left * place.free[BEFORE + day]
            })
            .collect()
    }

    /// The newest `days` days, oldest first; empty for a place that is not fitted.
    pub fn nowcast(&self, place: usize, days: usize) -> Vec<NowcastDay> {
        let problem = &self.problem;
        let Some(i) = problem.places.iter().position(|p| p.number == place) else { return Vec::new() };
        let fitted = &problem.places[i];
        let days = days.min(problem.days);
        let from = problem.days - days;
        let mut counts = vec![Vec::new(); days];
        let mut infections = counts.clone();
        let mut course = Course::default();
        for k in 0..DRAWS {
            let shared = self.shared(k, 0);
            let local = self.local(k, i, &shared);
            let imports = &shared.point.mode.point.imports[i];
            let at = super::course::At { shared: &shared.now, local: &local, imports, home: self.home[i] };
            if !course.run(problem, fitted, &at, false) {
                continue;
            }
            let number = u16::try_from(place).unwrap_or(u16::MAX);
            let mut stream = Stream::new(self.seed, Purpose::RenewalCheck, k, number);
            let size = shared.point.scales.size * fitted.size_factor;
            for d in 0..days {
                let day = from + d;
                infections[d].push(course.infections[BEFORE + day]);
                let mean = course.mean[day] * problem.day_effect(&problem.contrasts(day), &shared.now, day).exp();
                let seen = fitted.seen.iter().rev().find(|(t, _, _)| *t == day);
                counts[d].push(match seen {
                    Some((_, count, share)) if *share >= 1.0 => *count,
                    // What is not yet reported, given what is: Poisson about what is left of the day's gamma factor.
                    Some((_, count, share)) => {
                        let factor = (count + size) / (size / mean + share)
                            * sample::gamma_of_mean_one(count + size, &mut stream);
                        count + poisson(factor * (1.0 - share), &mut stream)
                    }
                    None => sample::negative_binomial(mean, size, &mut stream),
                });
            }
        }
        let pairs = counts.iter_mut().zip(&mut infections);
        pairs.map(|(c, i)| NowcastDay { count: Interval::of(c), infections: Interval::of(i) }).collect()
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

/// Of a log-normal.
fn around(mean: f64, sd: f64) -> Interval {
    let pair = |z: f64| ((mean - z * sd).exp(), (mean + z * sd).exp());
    Interval { median: mean.exp(), half: pair(Z[0]), eighty: pair(Z[1]), ninety_five: pair(Z[2]) }
}

/// A place's share of the fitted places' counts over its newest known days; its share of residents, or an even one, if it has
/// no counts.
fn share_of_fitted(input: &Input, place: usize, fitted: &[usize]) -> f64 {
    let from = input.days.saturating_sub(SHARE_DAYS);
    let (mut own, mut others) = (0.0, 0.0);
    for day in from..input.days {
        if let Some(count) = input.places[place].counts[day] {
            own += count;
            others += fitted.iter().filter_map(|p| input.places[*p].counts[day]).sum::<f64>();
        }
    }
    if others > 0.0 {
        return (own + 0.5) / (others + 0.5);
    }
    let residents = input.places[place].population;
    let of_fitted: Option<f64> = fitted.iter().map(|p| input.places[*p].population).sum();
    match (residents, of_fitted) {
        (Some(own), Some(others)) if others > 0.0 => own / others,
        _ => 1.0 / fitted.len() as f64,
    }
}
