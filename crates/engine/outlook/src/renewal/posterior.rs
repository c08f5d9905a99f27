//! Log posterior, gradient and Fisher information as an arrow: one block for each place, one border of shared parameters.

use super::course::{At, Course};
use super::matrix;
use super::parameters::REACH;
use super::problem::{CONTRASTS, Place, Problem, START, start_sd};
use super::sample::ln_gamma;

/// Scales that the parameters are fitted under.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scales {
    pub(crate) city_step: f64,
    pub(crate) district_step: f64,
    pub(crate) size: f64,
}

/// A point in the space of parameters, with the imports that go with it.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) shared: Vec<f64>,
    pub(crate) local: Vec<Vec<f64>>,
    /// Infections from elsewhere by place and day: those of the step before.
    pub(crate) imports: Vec<Vec<f64>>,
}

impl Point {
    pub(crate) fn at<'a>(&'a self, problem: &Problem, place: usize) -> At<'a> {
        At {
            shared: &self.shared,
            local: &self.local[place],
            imports: &self.imports[place],
            home: problem.mixing.share(place, place),
        }
    }
}

/// The posterior of one problem under one set of scales.
pub(crate) struct Posterior<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) scales: Scales,
    /// Parts of the log likelihood that the parameters do not change.
    fixed: Vec<f64>,
    /// Effect of the calendar: contrasts by day.
    contrasts: Vec<[f64; CONTRASTS]>,
}

/// The information matrix, factored.
#[derive(Clone, Debug)]
pub(crate) struct Arrow {
    /// Cholesky factor of each place's block.
    pub(crate) blocks: Vec<Vec<f64>>,
    /// L⁻¹ B of each place.
    pub(crate) borders: Vec<Vec<f64>>,
    /// Cholesky factor of the Schur complement.
    pub(crate) corner: Vec<f64>,
    pub(crate) log_det: f64,
}

/// Gradient and step of one Newton round.
pub(crate) struct Round {
    /// Log posterior.
    pub(crate) value: f64,
    pub(crate) arrow: Arrow,
    pub(crate) step_shared: Vec<f64>,
    pub(crate) step_local: Vec<Vec<f64>>,
    /// gᵀ H⁻¹ g.
    pub(crate) decrement: f64,
    /// The part of each place: g_dᵀ A_d⁻¹ g_d.
    pub(crate) of_place: Vec<f64>,
    /// Largest |g| / sqrt(H_ii).
    pub(crate) gradient: f64,
}

impl<'a> Posterior<'a> {
    pub(crate) fn new(problem: &'a Problem, scales: Scales) -> Self {
        let fixed = problem.places.iter().map(|p| fixed_part(p, scales.size * p.size_factor)).collect();
        let contrasts = (0..problem.days).map(|t| problem.contrasts(t)).collect();
        Self { problem, scales, fixed, contrasts }
    }

    /// Log likelihood of a place from its expected counts.
    pub(crate) fn likelihood(&self, number: usize, course: &Course, shared: &[f64]) -> f64 {
        let place = &self.problem.places[number];
        let size = self.scales.size * place.size_factor;
        self.fixed[number] + varying_part(self.problem, &self.contrasts, place, course, shared, size)
    }

    /// The same for a place that may differ from the problem's, under a shared size.
    pub(crate) fn likelihood_of(problem: &Problem, place: &Place, course: &Course, shared: &[f64], size: f64) -> f64 {
        let contrasts: Vec<_> = (0..problem.days).map(|t| problem.contrasts(t)).collect();
        let size = size * place.size_factor;
        fixed_part(place, size) + varying_part(problem, &contrasts, place, course, shared, size)
    }

    /// Log prior density of a place's parameters.
    pub(crate) fn prior_local(&self, number: usize, local: &[f64]) -> f64 {
        let sd = start_sd();
        let height = self.problem.places[number].height;
        let mut sum = normal(local[0] - height, sd[0]) + normal(local[1], sd[1]);
        let (step, keeps) = (self.scales.district_step, self.problem.priors.district_keeps);
        let mut before: Option<f64> = None;
        for u in &local[START..] {
            sum += match before {
                None => normal(*u, resting_sd(step, keeps)),
                Some(b) => normal(u - keeps * b, step),
            };
            before = Some(*u);
        }
        sum
    }

    fn prior_shared(&self, shared: &[f64]) -> f64 {
        let (city, days) = shared.split_at(self.problem.knots);
        let (weekdays, shocks) = days.split_at(CONTRASTS);
        let mut sum = normal(city[0], self.problem.priors.level_sd);
        let step = self.scales.city_step;
        sum += city.windows(2).map(|w| normal(w[1] - w[0], step)).sum::<f64>();
        // A drift common to all steps, integrated out: it correlates them.
        let whole = city[city.len() - 1] - city[0];
        sum += 0.5 * self.drift() * whole * whole;
        let steps = (city.len() - 1) as f64;
        sum -= 0.5 * (1.0 + steps * (self.problem.priors.drift_sd / step).powi(2)).ln();
        sum += weekdays.iter().map(|e| normal(*e, self.problem.priors.weekday_sd)).sum::<f64>();
        sum + shocks.iter().map(|e| normal(*e, self.problem.day_sd)).sum::<f64>()
    }

    /// Log posterior at a point, and what each place's infections cause by day: the coupling of the next round. `None` where a
    /// course gets out of hand.
    pub(crate) fn value(&self, point: &Point, course: &mut Course) -> Option<(f64, Vec<Vec<f64>>)> {
        let mut sum = self.prior_shared(&point.shared);
        let mut forces = Vec::with_capacity(self.problem.places.len());
        for (i, place) in self.problem.places.iter().enumerate() {
            if !course.run(self.problem, place, &point.at(self.problem, i), false) {
                return None;
            }
            sum += self.likelihood(i, course, &point.shared) + self.prior_local(i, &point.local[i]);
            forces.push(course.force.clone());
        }
        sum.is_finite().then_some((sum, forces))
    }

    /// Gradient, information and Newton step at a point. `None` if a course or a factor gets out of hand.
    pub(crate) fn round(&self, point: &Point, course: &mut Course) -> Option<Round> {
        let (locals, shareds) = (self.problem.locals(), self.problem.shared());
        let mut corner = self.information_shared();
        let mut gradient_shared = self.gradient_shared(&point.shared);
        let mut value = self.prior_shared(&point.shared);
        let n = self.problem.places.len();
        let (mut blocks, mut borders, mut steps) =
            (Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n));
        let (mut of_place, mut gradient, mut log_det) = (Vec::with_capacity(n), 0.0f64, 0.0);
        for (i, place) in self.problem.places.iter().enumerate() {
            if !course.run(self.problem, place, &point.at(self.problem, i), true) {
                return None;
            }
            let mut block = self.information_local();
            let mut border = vec![0.0; locals * shareds];
            let mut g = self.gradient_local(i, &point.local[i]);
            value += self.likelihood(i, course, &point.shared) + self.prior_local(i, &point.local[i]);
            let mut parts = Parts {
                block: &mut block,
                border: &mut border,
                corner: &mut corner,
                local: &mut g,
                shared: &mut gradient_shared,
            };
            let sums = self.sums(i, course, &point.shared, &mut parts);
            sums.add(self.problem, &mut parts);
            gradient = (0..locals).map(|j| g[j].abs() / block[j * locals + j].sqrt()).fold(gradient, f64::max);
            log_det += matrix::cholesky(&mut block, locals)?;
            matrix::solve_lower(&block, locals, &mut border, shareds);
            matrix::solve_lower(&block, locals, &mut g, 1);
            of_place.push(g.iter().map(|x| x * x).sum());
            blocks.push(block);
            borders.push(border);
            steps.push(g);
        }
        gradient =
            (0..shareds).map(|j| gradient_shared[j].abs() / corner[j * shareds + j].sqrt()).fold(gradient, f64::max);
        let mut decrement: f64 = of_place.iter().sum();
        let mut reduced = gradient_shared;
        for (border, g) in borders.iter().zip(&steps) {
            for (row, x) in border.chunks_exact(shareds).zip(g) {
                for (sum, v) in reduced.iter_mut().zip(row) {
                    *sum -= v * x;
                }
            }
            matrix::add_square(&mut corner, -1.0, border, shareds);
        }
        log_det += matrix::cholesky(&mut corner, shareds)?;
        matrix::solve_lower(&corner, shareds, &mut reduced, 1);
        decrement += reduced.iter().map(|x| x * x).sum::<f64>();
        matrix::solve_upper(&corner, shareds, &mut reduced);
        let arrow = Arrow { blocks, borders, corner, log_det };
        for (i, step) in steps.iter_mut().enumerate() {
            arrow.back(i, &reduced, step);
        }
        value.is_finite().then_some(Round {
            value,
            arrow,
            step_shared: reduced,
            step_local: steps,
            decrement,
            of_place,
            gradient,
        })
    }

    /// Gradient and information of a place's counts over its own parameters and the weekdays.
    /// What concerns the shocks goes to its place at once.
    fn sums(&self, number: usize, course: &Course, shared: &[f64], to: &mut Parts<'_>) -> Sums {
        let place = &self.problem.places[number];
        let locals = self.problem.locals();
        // A few columns of zeros make tiles whole.
        let width = (locals + CONTRASTS).next_multiple_of(matrix::TILE);
        let stride = super::course::stride(self.problem);
        let size = self.scales.size * place.size_factor;
        let (knots, shareds) = (self.problem.knots, self.problem.shared());
        let shocks = self.problem.shocks() > 0;
        let mut sums = Sums { gradient: vec![0.0; width], information: vec![0.0; width * width], width };
        let mut row = vec![0.0; width];
        let mut scaled = vec![0.0; width * place.seen.len()];
        for ((day, count, share), scaled) in place.seen.iter().zip(scaled.chunks_exact_mut(width)) {
            let contrasts = &self.contrasts[*day];
            let mean = course.mean[*day] * share * self.problem.day_effect(contrasts, shared, *day).exp();
            let slope = size * (count - mean) / (size + mean);
            let weight = size * mean / (size + mean);
            row[..CONTRASTS].copy_from_slice(contrasts);
            row[CONTRASTS..CONTRASTS + locals].copy_from_slice(&course.log_slopes[day * stride..day * stride + locals]);
            // Knots ahead have slope 0 and lie at the end of the row.
            let active = (CONTRASTS + START + self.problem.between[*day].0 + 2).min(width);
            let root = weight.sqrt();
            for i in 0..active {
                sums.gradient[i] += slope * row[i];
                scaled[i] = root * row[i];
            }
            if shocks {
                let column = knots + CONTRASTS + day;
                to.shared[column] += slope;
                let corner = &mut to.corner[column * shareds..(column + 1) * shareds];
                corner[column] += weight;
                for (sum, x) in corner.iter_mut().zip(&row[CONTRASTS + START..CONTRASTS + locals]) {
                    *sum += weight * x;
                }
                for (sum, x) in corner[knots..].iter_mut().zip(contrasts) {
                    *sum += weight * x;
                }
                for (i, x) in row[CONTRASTS..active].iter().enumerate() {
                    to.border[i * shareds + column] += weight * x;
                }
            }
        }
        matrix::add_square(&mut sums.information, 1.0, &scaled, width);
        sums
    }

    fn information_local(&self) -> Vec<f64> {
        let n = self.problem.locals();
        let mut a = vec![0.0; n * n];
        for (i, sd) in start_sd().into_iter().enumerate() {
            a[i * n + i] = 1.0 / (sd * sd);
        }
        let (step, keeps) = (self.scales.district_step, self.problem.priors.district_keeps);
        let (resting, precision) = (resting_sd(step, keeps), 1.0 / (step * step));
        a[START * n + START] += 1.0 / (resting * resting);
        for i in START + 1..n {
            a[i * n + i] += precision;
            a[(i - 1) * n + i - 1] += keeps * keeps * precision;
            a[i * n + i - 1] -= keeps * precision;
        }
        a
    }

    /// What the unknown drift takes from the precision of the whole way from the first knot to the last.
    fn drift(&self) -> f64 {
        let (step, drift) = (self.scales.city_step.powi(2), self.problem.priors.drift_sd.powi(2));
        drift / (step * (step + (self.problem.knots - 1) as f64 * drift))
    }

    fn information_shared(&self) -> Vec<f64> {
        let n = self.problem.shared();
        let mut a = vec![0.0; n * n];
        let precision = 1.0 / (self.scales.city_step * self.scales.city_step);
        a[0] = self.problem.priors.level_sd.powi(-2);
        for i in 1..self.problem.knots {
            a[i * n + i] += precision;
            a[(i - 1) * n + i - 1] += precision;
            a[i * n + i - 1] -= precision;
        }
        let (last, drift) = (self.problem.knots - 1, self.drift());
        a[0] -= drift;
        a[last * n + last] -= drift;
        a[last * n] += drift;
        for i in self.problem.knots..n {
            a[i * n + i] = self.day_prior(i).powi(-2);
        }
        a
    }

    fn gradient_local(&self, number: usize, local: &[f64]) -> Vec<f64> {
        let sd = start_sd();
        let mut g = vec![0.0; local.len()];
        g[0] = -(local[0] - self.problem.places[number].height) / (sd[0] * sd[0]);
        g[1] = -local[1] / (sd[1] * sd[1]);
        let (step, keeps) = (self.scales.district_step, self.problem.priors.district_keeps);
        g[START] -= local[START] / resting_sd(step, keeps).powi(2);
        for i in START + 1..local.len() {
            let off = (local[i] - keeps * local[i - 1]) / (step * step);
            g[i] -= off;
            g[i - 1] += keeps * off;
        }
        g
    }

    fn gradient_shared(&self, shared: &[f64]) -> Vec<f64> {
        let mut g = vec![0.0; shared.len()];
        g[0] = -shared[0] / self.problem.priors.level_sd.powi(2);
        for i in 1..self.problem.knots {
            let off = (shared[i] - shared[i - 1]) / self.scales.city_step.powi(2);
            g[i] -= off;
            g[i - 1] += off;
        }
        let last = self.problem.knots - 1;
        let pull = self.drift() * (shared[last] - shared[0]);
        g[last] += pull;
        g[0] -= pull;
        for i in self.problem.knots..shared.len() {
            g[i] = -shared[i] / self.day_prior(i).powi(2);
        }
        g
    }

    /// Prior spread of the shared parameter `i`, a weekday contrast or a shock.
    fn day_prior(&self, i: usize) -> f64 {
        if i < self.problem.knots + CONTRASTS { self.problem.priors.weekday_sd } else { self.problem.day_sd }
    }
}

impl Arrow {
    /// Turns L⁻¹ g (or standard normals) of a place into its step, given the shared step: L⁻ᵀ (x - V s).
    pub(crate) fn back(&self, place: usize, shared: &[f64], x: &mut [f64]) {
        for (x, row) in x.iter_mut().zip(self.borders[place].chunks_exact(shared.len())) {
            *x -= row.iter().zip(shared).map(|(v, s)| v * s).sum::<f64>();
        }
        matrix::solve_upper(&self.blocks[place], x.len(), x);
    }
}

/// What one place adds, by weekday contrasts first, then local parameters; lower triangle.
struct Sums {
    gradient: Vec<f64>,
    information: Vec<f64>,
    width: usize,
}

struct Parts<'a> {
    block: &'a mut [f64],
    border: &'a mut [f64],
    corner: &'a mut [f64],
    local: &'a mut [f64],
    shared: &'a mut [f64],
}

impl Sums {
    /// The city's log R at a knot has the same slopes as the place's deviation there.
    fn add(&self, problem: &Problem, to: &mut Parts<'_>) {
        let (locals, shareds, knots) = (problem.locals(), problem.shared(), problem.knots);
        let dense = knots + CONTRASTS;
        let at = |i: usize, j: usize| self.information[i.max(j) * self.width + i.min(j)];
        // Column of a shared parameter in the sums.
        let column = |s: usize| if s < knots { CONTRASTS + START + s } else { s - knots };
        for i in 0..locals {
            to.local[i] += self.gradient[CONTRASTS + i];
            for j in 0..=i {
                to.block[i * locals + j] += at(CONTRASTS + i, CONTRASTS + j);
            }
            for s in 0..dense {
                to.border[i * shareds + s] += at(CONTRASTS + i, column(s));
            }
        }
        for s in 0..dense {
            to.shared[s] += self.gradient[column(s)];
            for r in 0..=s {
                to.corner[s * shareds + r] += at(column(s), column(r));
            }
        }
    }
}

fn varying_part(
    problem: &Problem,
    contrasts: &[[f64; CONTRASTS]],
    place: &Place,
    course: &Course,
    shared: &[f64],
    size: f64,
) -> f64 {
    let mut sum = 0.0;
    for (day, count, share) in &place.seen {
        let mean = course.mean[*day] * share * problem.day_effect(&contrasts[*day], shared, *day).exp();
        sum += count * mean.ln() - (count + size) * (size + mean).ln();
    }
    sum
}

fn fixed_part(place: &Place, size: f64) -> f64 {
    let own = ln_gamma(size) - size * size.ln();
    place.seen.iter().map(|(_, count, _)| ln_gamma(count + size) - ln_gamma(count + 1.0) - own).sum()
}

/// Log density of a normal with mean 0.
fn normal(x: f64, sd: f64) -> f64 {
    -0.5 * (x / sd).powi(2) - sd.ln() - 0.918_938_533_204_672_8
}

/// Spread of a deviation that has forgotten where it began.
pub(crate) fn resting_sd(step: f64, keeps: f64) -> f64 {
    step / (1.0 - keeps * keeps).max(1e-6).sqrt()
}

// The recursion looks back as far before day 0 as infections are kept there.
const _: () = assert!(super::problem::BEFORE == REACH);
