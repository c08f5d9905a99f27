//! A simulated city: infections by district, contacts, and a forecaster who knows only the past.
//!
//! Log R follows an autoregression that nobody sees. A day's infections in a district are negative binomial around R times those of
//! the days before, saturating, with a few brought in; the contacts of n infections are negative binomial. The forecaster runs a
//! particle filter over log R on the counts of the past and draws joint futures from its particles. Right parameters make its draws
//! calibrated by construction; a variant hands it wrong ones.

/// SplitMix64 (Steele, Lea, Flood, 2014).
#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
    /// Marsaglia and Tsang, 2000.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.unit().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
    fn poisson(&mut self, mean: f64) -> u32 {
        if mean > 40.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u32;
        }
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            n += 1;
        }
        n
    }
    fn negative_binomial(&mut self, mean: f64, size: f64) -> u32 {
        if mean <= 0.0 {
            0
        } else {
            let rate = self.gamma(size) * mean / size;
            self.poisson(rate)
        }
    }
}

pub(crate) const DISTRICTS: usize = 8;
pub(crate) const AHEAD: usize = 7;
/// Days that a contact stays in a room.
pub(crate) const STAY: usize = 5;
/// Relative sizes of the districts.
pub(crate) const SIZES: [f64; DISTRICTS] = [2.0, 1.6, 1.3, 1.0, 0.8, 0.6, 0.4, 0.3];
const WEIGHTS: [f64; 5] = [0.3, 0.3, 0.2, 0.1, 0.1];

/// What somebody believes of the disease.
#[derive(Clone, Copy)]
pub(crate) struct Belief {
    /// Standard deviation of a day's step of log R.
    pub(crate) step: f64,
    /// Contacts vary only as a Poisson number does.
    pub(crate) poisson_contacts: bool,
}

pub(crate) const TRUTH: Belief = Belief { step: 0.08, poisson_contacts: false };

fn walk(x: f64, belief: Belief, random: &mut Random) -> f64 {
    -0.04 + 0.96 * (x + 0.04) + belief.step * random.normal()
}

type Counts = [u32; DISTRICTS];

/// Expected infections of the next day in each district, given the days before, the newest last.
fn expected(past: &[Counts], log_r: f64) -> [f64; DISTRICTS] {
    let mut pressure = [0.0; DISTRICTS];
    for (weight, day) in WEIGHTS.iter().zip(past.iter().rev()) {
        pressure.iter_mut().zip(day).for_each(|(sum, n)| *sum += weight * f64::from(*n));
    }
    let (all, sizes): (f64, f64) = (pressure.iter().sum(), SIZES.iter().sum());
    std::array::from_fn(|d| {
        let mixed = 0.85 * pressure[d] + 0.15 * all * SIZES[d] / sizes;
        let mean = log_r.exp() * mixed + 0.25 * SIZES[d];
        mean / (1.0 + mean / (80.0 * SIZES[d]))
    })
}

const SIZE: f64 = 8.0;

fn contacts(infections: u32, belief: Belief, random: &mut Random) -> u32 {
    let n = f64::from(infections);
    if belief.poisson_contacts { random.poisson(3.0 * n) } else { random.negative_binomial(3.0 * n, 0.5 * n) }
}

/// The city as it happens, and the filter that follows it.
pub(crate) struct City {
    random: Random,
    log_r: f64,
    pub(crate) infections: Vec<Counts>,
    pub(crate) contacts: Vec<Counts>,
    particles: Vec<f64>,
    belief: Belief,
    /// From this day on, for three weeks, R is only so much of what it would be, and no forecaster is told.
    measure: Option<usize>,
}

impl City {
    pub(crate) fn new(seed: u64, belief: Belief, measure: Option<usize>) -> Self {
        let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5bf0_3635);
        let start: Counts = std::array::from_fn(|d| (4.0 * SIZES[d]) as u32);
        let stationary = |random: &mut Random| -0.04 + TRUTH.step / (1.0f64 - 0.96 * 0.96).sqrt() * random.normal();
        let log_r = stationary(&mut random);
        let particles = (0..400).map(|_| stationary(&mut random)).collect();
        let mut city = Self {
            random,
            log_r,
            infections: vec![start; 5],
            contacts: vec![[0; DISTRICTS]; 5],
            particles,
            belief,
            measure,
        };
        (0..20).for_each(|_| city.pass());
        city
    }

    /// A day passes: infections, contacts, and what the filter learns.
    pub(crate) fn pass(&mut self) {
        self.log_r = walk(self.log_r, TRUTH, &mut self.random);
        let day = self.infections.len();
        let held = self.measure.is_some_and(|from| (from..from + 21).contains(&day));
        let log_r = self.log_r + if held { 0.6f64.ln() } else { 0.0 };
        let means = expected(&self.infections, log_r);
        let today: Counts = std::array::from_fn(|d| self.random.negative_binomial(means[d], SIZE));
        let people = std::array::from_fn(|d| contacts(today[d], TRUTH, &mut self.random));
        let mut weights = Vec::with_capacity(self.particles.len());
        for x in &mut self.particles {
            *x = walk(*x, self.belief, &mut self.random);
            let means = expected(&self.infections, *x);
            // Log density up to what all particles share.
            let one = |(n, m): (&u32, f64)| f64::from(*n) * (m / (m + SIZE)).ln() + SIZE * (SIZE / (m + SIZE)).ln();
            weights.push(today.iter().zip(means).map(one).sum::<f64>());
        }
        let most = weights.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
        weights.iter_mut().for_each(|w| *w = (*w - most).exp());
        // Systematic resampling.
        let each = weights.iter().sum::<f64>() / weights.len() as f64;
        let (mut at, mut sum, mut next) = (0, weights[0], each * self.random.unit());
        let mut kept = Vec::with_capacity(weights.len());
        for _ in 0..weights.len() {
            while sum < next && at + 1 < weights.len() {
                at += 1;
                sum += weights[at];
            }
            kept.push(self.particles[at]);
            next += each;
        }
        self.particles = kept;
        self.infections.push(today);
        self.contacts.push(people);
    }

    /// Rooms in use at the end of a day by contacts found until `known`.
    pub(crate) fn in_use(&self, d: usize, day: usize, known: usize) -> u32 {
        (day + 1 - STAY..=day).filter(|t| *t <= known).map(|t| self.contacts.get(t).map_or(0, |c| c[d])).sum()
    }

    /// Joint draws made today: infections and rooms in use, by draw, district and day ahead.
    pub(crate) fn draws(&self, draws: usize, seed: u64, independent: bool) -> (Vec<u32>, Vec<u32>) {
        let mut random = Random(seed ^ 0xd1b5_4a32_d192_ed03);
        let today = self.infections.len() - 1;
        let (mut found, mut rooms) = (vec![0; draws * DISTRICTS * AHEAD], vec![0; draws * DISTRICTS * AHEAD]);
        for k in 0..draws {
            let mut x = self.particles[k * self.particles.len() / draws];
            let mut past: Vec<Counts> = self.infections[today - 4..].to_vec();
            let mut came = [[0u32; AHEAD]; DISTRICTS];
            for t in 0..AHEAD {
                x = walk(x, self.belief, &mut random);
                let means = expected(&past, x);
                let next: Counts = std::array::from_fn(|d| random.negative_binomial(means[d], SIZE));
                past.remove(0);
                past.push(next);
                for d in 0..DISTRICTS {
                    came[d][t] = contacts(next[d], self.belief, &mut random);
                    let still: u32 = came[d][(t + 1).saturating_sub(STAY)..=t].iter().sum();
                    // Districts turned against one another: draw k of one beside another draw of the next.
                    let at = if independent { (k + 37 * d) % draws } else { k };
                    let cell = (at * DISTRICTS + d) * AHEAD + t;
                    found[cell] = next[d];
                    rooms[cell] = still + self.in_use(d, today + 1 + t, today);
                }
            }
        }
        (found, rooms)
    }
}
