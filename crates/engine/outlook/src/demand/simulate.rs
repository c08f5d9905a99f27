//! One place on one path: who is found, which care they need, who lies where on which day.

use super::answer::Drawn;
use super::assumptions::{Assumed, Assumptions, Unusable, positive};
use super::chance::{Coin, Contacts, gamma};
use super::sojourn::Sojourn;
use super::wheel::Wheel;
use crate::random::{Counter, Purpose, Stream};
use std::borrow::Cow;

/// Values of a mean stay that paths choose from, at even steps of probability over its range.
const GRID: usize = 16;
/// Days before the first one whose patients may still be there.
pub(crate) const PAST: usize = 60;

/// Lengths of stay at one level, at each point of the grid.
struct Stays {
    by_grid: Vec<Sojourn>,
    /// `[grid][days]`: is somebody who came so many days ago still there?
    still: Vec<Vec<Coin>>,
}

impl Stays {
    fn of(mean: &Assumed, sd: &Assumed) -> Self {
        let by_grid: Vec<Sojourn> = (0..GRID)
            .map(|g| {
                let at = mean.at(at_grid(g));
                // A longer mean comes with a wider spread.
                Sojourn::gamma(at, sd.value * at / mean.value)
            })
            .collect();
        let still = by_grid
            .iter()
            .map(|stay| (0..PAST.min(stay.longest())).map(|a| Coin::new(stay.stays_beyond(a))).collect())
            .collect();
        Self { by_grid, still }
    }
}

/// Standard deviations from the middle at a point of the grid: the middle of its step of probability.
fn at_grid(g: usize) -> f64 {
    normal_quantile((g as f64 + 0.5) / GRID as f64)
}

/// The standard normal quantile, by bisection on its distribution: sixteen values, once.
fn normal_quantile(p: f64) -> f64 {
    // P(|Z| <= z) is the lower gamma function of 1/2 at z^2 / 2.
    let below = |z: f64| {
        let inner = super::special::lower_gamma(0.5, z * z / 2.0);
        if z < 0.0 { 0.5 - inner / 2.0 } else { 0.5 + inner / 2.0 }
    };
    let (mut low, mut high) = (-8.0, 8.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Everything that all places and paths share.
pub(crate) struct Model {
    shares: [f64; 4],
    severity: Option<Assumed>,
    concentration: f64,
    stays: [Result<Stays, Unusable>; 4],
    worsening: [Option<Sojourn>; 2],
    /// At each point of the grid.
    contacts: Result<Vec<Contacts>, Unusable>,
    isolation: Result<(), Unusable>,
    /// Days of isolation; 0 if they are not known.
    isolation_days: usize,
    /// Days before the first one that may still have patients.
    window: usize,
    by_path: Vec<Assumes>,
    seed: u64,
    days: usize,
}

/// What a path assumes in every place: nobody knows the true mean stay, so each path has its own.
struct Assumes {
    grid: [usize; 4],
    shares: [f64; 4],
    contacts: usize,
}

/// What is left of a stay at each level and point of the grid.
pub(crate) type Residuals = [[Sojourn; GRID]; 4];

/// What is known of a place before its first day.
pub(crate) enum Before<'a> {
    /// Counts of the days before, the newest first.
    Counts(Cow<'a, [u64]>),
    /// People at each level, and the counts that say since when they may be there, newest first.
    There([u64; 4], &'a Residuals, Cow<'a, [u64]>),
    /// Nothing.
    Nothing,
}

impl Model {
    /// From the table; refuses when the class shares are missing or do not add up.
    pub(crate) fn of(a: &Assumptions, seed: u64, days: usize, paths: u32) -> Result<Self, Unusable> {
        let mut shares = [0.0; 4];
        for (share, wanted) in shares.iter_mut().zip(&a.class_share) {
            *share = positive(wanted, 0.0)?.value;
        }
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > 1e-3 {
            return Err(Unusable::Shares { sum });
        }
        let stays = [0, 1, 2, 3].map(|c| {
            let mean = positive(&a.stay_mean_days[c], 0.1)?;
            Ok(Stays::of(mean, positive(&a.stay_sd_days[c], 0.0)?))
        });
        let worsening = [0, 1].map(|c| {
            let mean = positive(&a.worsening_days[c], 0.5).ok()?;
            let sd = positive(&a.worsening_sd_days[c], 0.0).map_or(0.0, |sd| sd.value);
            Some(Sojourn::gamma(mean.value, sd))
        });
        let contacts = positive(&a.contacts_mean, 0.0).and_then(|mean| {
            let size = positive(&a.contacts_size, 1e-3)?.value;
            Ok((0..GRID).map(|g| Contacts::new(mean.at(at_grid(g)), size)).collect())
        });
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and PAST")]
        let isolation = positive(&a.isolation_days, 1.0).map(|days| days.value.round().min(PAST as f64) as usize);
        let isolation_days = isolation.as_ref().copied().unwrap_or(0);
        let longest = |stays: &Result<Stays, Unusable>| {
            stays.as_ref().map_or(0, |s| s.by_grid.iter().map(Sojourn::longest).max().unwrap_or(0))
        };
        let longest_stay = stays.iter().map(longest).max().unwrap_or(0);
        let delays: usize = worsening.iter().flatten().map(Sojourn::longest).sum();
        let window = (longest_stay + delays).max(isolation_days).min(PAST);
        let mut this = Self {
            shares: shares.map(|s| s / sum),
            severity: positive(&a.severity, 0.0).ok().cloned(),
            concentration: positive(&a.class_concentration_persons, 1.0)?.value,
            stays,
            worsening,
            contacts,
            isolation: isolation.map(|_| ()),
            isolation_days,
            window,
            by_path: Vec::new(),
            seed,
            days,
        };
        this.by_path = (0..paths).map(|path| this.assumes(path)).collect();
        Ok(this)
    }

    /// Why beds of each level cannot be said; contacts; rooms.
    pub(crate) fn gaps(&self) -> ([Option<Unusable>; 4], Option<Unusable>, Option<Unusable>) {
        let beds = [0, 1, 2, 3].map(|c| self.stays[c].as_ref().err().cloned());
        (beds, self.contacts.as_ref().err().cloned(), self.isolation.as_ref().err().cloned())
    }

    /// What is left of stays at each level and point of the grid, for people of whom `arrived[a]` came `a` days before.
    pub(crate) fn residuals(&self, arrived: &[f64]) -> Residuals {
        [0, 1, 2, 3].map(|c| {
            std::array::from_fn(|g| match &self.stays[c] {
                Ok(stays) => stays.by_grid.get(g).map_or_else(|| Sojourn::exactly(1), |s| s.residual(arrived)),
                Err(_) => Sojourn::exactly(1),
            })
        })
    }

    /// People expected at each level by the central stays, of whom `arrived[a]` were found `a` days before.
    pub(crate) fn expected_present(&self, arrived: &[f64]) -> [f64; 4] {
        [0, 1, 2, 3].map(|c| match &self.stays[c] {
            Ok(stays) => {
                let stay = &stays.by_grid[GRID / 2];
                arrived.iter().enumerate().map(|(a, n)| n * self.shares[c] * stay.stays_beyond(a)).sum()
            }
            Err(_) => 0.0,
        })
    }

    fn assumes(&self, path: u32) -> Assumes {
        let mut stream = Stream::new(self.seed, Purpose::DemandPath, path, 0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below GRID")]
        let mut point = || ((stream.uniform() * GRID as f64) as usize).min(GRID - 1);
        let (grid, contacts) = ([point(), point(), point(), point()], point());
        let severity = stream.normal();
        let mut shares = self.shares;
        if let Some(published) = self.severity.as_ref().filter(|s| s.value > 0.0) {
            let factor = published.at(severity) / published.value;
            let highest = ((shares[2] + shares[3]) * factor).min(1.0);
            let (rest, was) = (1.0 - highest, shares[0] + shares[1]);
            let parts = if was > 0.0 { [shares[0] / was, shares[1] / was] } else { [1.0, 0.0] };
            shares = [parts[0] * rest, parts[1] * rest, shares[2] * factor, shares[3] * factor];
        }
        Assumes { grid, shares, contacts }
    }

    /// All paths of a place. `found` are its paths one after another; `before` says who is there on each of them.
    pub(crate) fn place<'b>(&self, place: u16, found: &[u64], mut before: impl FnMut(u32) -> Before<'b>) -> Drawn {
        let mut drawn = Drawn::with_capacity(found.len());
        let mut one = OnePath::new(self);
        for ((path, found), assumes) in (0u32..).zip(found.chunks_exact(self.days.max(1))).zip(&self.by_path) {
            one.run((place, path), found, assumes, &before(path), &mut drawn);
        }
        drawn
    }
}

/// The two coins that divide people into classes, and how.
struct Divider {
    grave: Coin,
    critical: Coin,
    moderate: Coin,
}

impl Divider {
    fn of(shares: [f64; 4]) -> Self {
        let (grave, light) = (shares[2] + shares[3], shares[0] + shares[1]);
        let part = |of: f64, all: f64| Coin::new(if all > 0.0 { of / all } else { 0.0 });
        Self {
            grave: Coin::new(grave / (grave + light)),
            critical: part(shares[3], grave),
            moderate: part(shares[1], light),
        }
    }

    /// One multinomial over the classes.
    fn divide(&self, n: u64, counter: &mut Counter) -> [u64; 4] {
        let grave = self.grave.of(n, counter);
        let critical = self.critical.of(grave, counter);
        let moderate = self.moderate.of(n - grave, counter);
        [n - grave - moderate, moderate, grave - critical, critical]
    }
}

/// Room for one path, used again and again.
struct OnePath<'m> {
    model: &'m Model,
    /// At their last level: the mildest first.
    at: [Wheel; 4],
    /// On their way: to severe; to severe and then critical; from severe to critical.
    on_way: [Wheel; 3],
    rooms: Wheel,
    /// Patients who moved up a level on a day.
    moved: u64,
}

impl<'m> OnePath<'m> {
    fn new(model: &'m Model) -> Self {
        let wheel = || Wheel::new(PAST + model.days);
        Self {
            model,
            at: std::array::from_fn(|_| wheel()),
            on_way: std::array::from_fn(|_| wheel()),
            rooms: wheel(),
            moved: 0,
        }
    }

    fn run(&mut self, address: (u16, u32), found: &[u64], assumes: &Assumes, before: &Before<'_>, drawn: &mut Drawn) {
        let (place, path) = address;
        let model = self.model;
        for wheel in self.at.iter_mut().chain(&mut self.on_way).chain([&mut self.rooms]) {
            wheel.clear();
        }
        // The shares of a place keep to it along a path: a Dirichlet distribution around the city's.
        let mut counter = Counter::new(model.seed, Purpose::DemandPlace, path, place, 0);
        let weights = assumes.shares.map(|share| gamma(share * model.concentration, &mut counter));
        let total: f64 = weights.iter().sum();
        let shares = if total > 0.0 { weights.map(|w| w / total) } else { assumes.shares };
        let divider = Divider::of(shares);
        self.begin(address, &divider, assumes, before);
        for (ahead, n) in found.iter().enumerate() {
            let day = u16::try_from(ahead).unwrap_or(u16::MAX);
            let mut counter = Counter::new(model.seed, Purpose::Demand, path, place, day);
            let day = PAST + ahead;
            self.turn(day, assumes, &mut counter);
            let classes = divider.divide(*n, &mut counter);
            for (class, people) in classes.into_iter().enumerate() {
                self.find(class, people, day, assumes, &mut counter);
                drawn.found[class].push(people);
            }
            let contacts = self.contacts(*n, day, assumes, &mut counter);
            drawn.contacts.push(contacts);
            drawn.transfers.push(n.saturating_add(self.moved));
            drawn.rooms.push(self.rooms.inside());
            let way = [0, self.on_way[0].inside() + self.on_way[1].inside(), self.on_way[2].inside(), 0];
            for (class, way) in way.into_iter().enumerate() {
                drawn.beds[class].push(self.at[class].inside().saturating_add(way));
            }
        }
    }

    /// Who is there when the first day begins.
    fn begin(&mut self, (place, path): (u16, u32), divider: &Divider, assumes: &Assumes, before: &Before<'_>) {
        let model = self.model;
        let (counts, there) = match before {
            Before::Counts(counts) => (counts, None),
            Before::There(people, residual, counts) => (counts, Some((people, residual))),
            Before::Nothing => return,
        };
        if let Some((people, residual)) = there {
            let mut counter = Counter::new(model.seed, Purpose::DemandPast, path, place, u16::MAX);
            for class in 0..4 {
                let wheel = &mut self.at[class];
                wheel.come(people[class]);
                let left = &residual[class][assumes.grid[class]];
                left.split(people[class], 0, model.days + 2, &mut counter, |l, n| wheel.told(PAST + l - 1, n));
            }
        }
        let worsens = model.worsening.iter().any(Option::is_some);
        let window = if there.is_some() { model.isolation_days } else { model.window };
        // The oldest first, so that those who worsen do so in order.
        for (ago, n) in counts.iter().enumerate().take(window).rev() {
            let day = PAST - 1 - ago;
            let mut counter =
                Counter::new(model.seed, Purpose::DemandPast, path, place, u16::try_from(ago).unwrap_or(u16::MAX));
            if worsens {
                self.turn(day, assumes, &mut counter);
            }
            if *n == 0 {
                continue;
            }
            if ago < model.isolation_days {
                self.contacts(*n, day, assumes, &mut counter);
            }
            if there.is_some() {
                continue;
            }
            let classes = divider.divide(*n, &mut counter);
            for (class, people) in classes.into_iter().enumerate() {
                if class >= 2 && worsens {
                    self.find(class, people, day, assumes, &mut counter);
                    continue;
                }
                let Ok(stays) = &model.stays[class] else { continue };
                let (stay, still) = (&stays.by_grid[assumes.grid[class]], &stays.still[assumes.grid[class]]);
                let Some(still) = still.get(ago).filter(|_| people > 0) else { continue };
                let wheel = &mut self.at[class];
                let before = PAST + model.days - day;
                let there = stay.still_there(people, ago, still, before, &mut counter, |l, n| wheel.told(day + l, n));
                wheel.come(there);
            }
        }
    }

    /// The start of a day: who is well leaves, who is worse moves up.
    fn turn(&mut self, day: usize, assumes: &Assumes, counter: &mut Counter) {
        for wheel in self.at.iter_mut().chain([&mut self.rooms]) {
            wheel.turn(day);
        }
        self.moved = 0;
        if self.model.worsening.iter().all(Option::is_none) {
            return;
        }
        let [to_severe, to_critical, on] = [0, 1, 2].map(|way: usize| self.on_way[way].turn(day));
        self.moved = to_severe + to_critical + on;
        self.admit(2, to_severe, day, assumes, counter);
        self.worsen(2, 1, to_critical, day, assumes, counter);
        self.admit(3, on, day, assumes, counter);
    }

    /// `n` people are found who come to need this level.
    fn find(&mut self, class: usize, n: u64, day: usize, assumes: &Assumes, counter: &mut Counter) {
        match class {
            2 => self.worsen(0, 0, n, day, assumes, counter),
            3 => self.worsen(1, 0, n, day, assumes, counter),
            _ => self.admit(class, n, day, assumes, counter),
        }
    }

    /// They wait a level lower until they worsen, for as long as the table says; at once if it says nothing.
    fn worsen(&mut self, way: usize, step: usize, n: u64, day: usize, assumes: &Assumes, counter: &mut Counter) {
        match &self.model.worsening[step] {
            Some(delay) => {
                let wheel = &mut self.on_way[way];
                wheel.come(n);
                delay.split(n, 0, PAST + self.model.days - day, counter, |l, n| wheel.told(day + l, n));
            }
            None if way == 1 => self.worsen(2, 1, n, day, assumes, counter),
            None => self.admit(if way == 2 { 3 } else { 2 }, n, day, assumes, counter),
        }
    }

    fn admit(&mut self, class: usize, n: u64, day: usize, assumes: &Assumes, counter: &mut Counter) {
        if let (Ok(stays), 1..) = (&self.model.stays[class], n) {
            let wheel = &mut self.at[class];
            wheel.come(n);
            let stay = &stays.by_grid[assumes.grid[class]];
            stay.split(n, 0, PAST + self.model.days - day, counter, |l, n| wheel.told(day + l, n));
        }
    }

    fn contacts(&mut self, n: u64, day: usize, assumes: &Assumes, counter: &mut Counter) -> u64 {
        let Ok(contacts) = &self.model.contacts else { return 0 };
        let contacts = contacts.get(assumes.contacts).map_or(0, |contacts| contacts.of(n, counter));
        if self.model.isolation_days > 0 {
            self.rooms.come(contacts);
            // Everybody stays for the days that the rule says.
            self.rooms.told(day + self.model.isolation_days, contacts);
        }
        contacts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_quantile() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
        assert!((normal_quantile(0.03) + normal_quantile(0.97)).abs() < 1e-9);
        assert!(normal_quantile(0.5).abs() < 1e-9);
    }
}
