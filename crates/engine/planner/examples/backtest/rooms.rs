//! Rooms: the promise against what came, and three ways of running the same sites.

use crate::city::{AHEAD, City, DISTRICTS, Random, SIZES};
use crate::figures::Mean;
use jiff::civil::{Date, date};
use levee_model::area::PlaceCode;
use levee_model::plan::rooms::*;
use levee_model::provenance::Origin;
use levee_model::quantity::Rooms;
use levee_planner::rooms::propose;

/// 199 draws and 5 %: nine may overflow, so that the next one does with 10 / 200 exactly.
pub(crate) const DRAWS: usize = 199;
pub(crate) const OVERFLOW: f64 = 0.05;
const NODES: u32 = 60;

fn code(d: usize) -> PlaceCode {
    format!("D{d}").parse().unwrap()
}

pub(crate) fn day(n: usize) -> Date {
    date(2022, 1, 1).checked_add(jiff::Span::new().days(n as i64)).unwrap()
}

/// A site: where, for all or for its district, rooms, days of lead (0 = always open).
#[derive(Clone, Copy)]
struct Site {
    district: usize,
    shared: bool,
    rooms: u64,
    lead: u16,
}

/// Each district has rooms that are always open and one site more; the city has six that it may share.
fn sites() -> Vec<Site> {
    let mut all = Vec::new();
    for (d, size) in SIZES.iter().enumerate() {
        all.push(Site { district: d, shared: false, rooms: (60.0 * size) as u64, lead: 0 });
        all.push(Site { district: d, shared: false, rooms: (60.0 * size) as u64, lead: 2 });
    }
    for (d, rooms, lead) in [(0, 60, 1), (1, 120, 2), (2, 120, 3), (3, 240, 3), (4, 240, 4), (5, 480, 5)] {
        all.push(Site { district: d, shared: true, rooms, lead });
    }
    all
}

fn row(nth: usize, site: Site, serves: Serves, lead_left: Option<u16>) -> RoomSite {
    let rooms = Some(Rooms::new(site.rooms));
    RoomSite {
        site: format!("S{nth:02}").parse().unwrap(),
        district: code(site.district),
        serves,
        physical: rooms,
        certified: rooms,
        staffed: rooms,
        occupied: None,
        leaving: Vec::new(),
        acceptance_until: Some(day(9_999)),
        closes_on: None,
        opening: match lead_left {
            None => Opening::Open { from: None },
            Some(lead) => Opening::Possible { lead_days: Some(lead), staff: Some(site.rooms / 20), price: site.rooms },
        },
        origin: Origin::Synthetic,
    }
}

/// How somebody runs the sites: for each the days that are left until it is open, if it was ordered.
#[derive(Clone)]
struct Running {
    left: Vec<Option<u16>>,
    short: u64,
    short_days: u64,
    site_room_days: u64,
}

impl Running {
    fn new() -> Self {
        Self { left: vec![None; sites().len()], short: 0, short_days: 0, site_room_days: 0 }
    }
    fn is_open(&self, nth: usize, site: Site) -> bool {
        site.lead == 0 || self.left[nth] == Some(0)
    }
    /// The orders of today: what is not wanted any more closes, or is not waited for; the next day begins.
    fn order(&mut self, wanted: &[bool]) {
        for ((left, wanted), site) in self.left.iter_mut().zip(wanted).zip(sites()) {
            *left = wanted.then(|| left.unwrap_or(site.lead).saturating_sub(1));
        }
    }
    fn settle(&mut self, needed: &[u64; DISTRICTS], alone: bool) {
        let (mut own, mut shared) = ([0u64; DISTRICTS], 0);
        for (nth, site) in sites().into_iter().enumerate() {
            if !self.is_open(nth, site) {
                continue;
            }
            if site.lead > 0 {
                self.site_room_days += site.rooms;
            }
            if site.shared && !alone { shared += site.rooms } else { own[site.district] += site.rooms }
        }
        let rest: u64 = needed.iter().zip(own).map(|(n, own)| n.saturating_sub(own)).sum();
        self.short += rest.saturating_sub(shared);
        self.short_days += u64::from(rest > shared);
    }
}

fn inputs(start: Date, demand: RoomDemand, known: Vec<KnownRooms>, sites: Vec<RoomSite>) -> RoomInputs {
    RoomInputs {
        start,
        days: AHEAD as u8,
        demand: Some(demand),
        known,
        sites,
        lanes: Vec::new(),
        staff_free: vec![10_000],
        promises: Vec::new(),
        // A tail that opens nothing: the promise alone decides, so that it can be held against what came.
        policy: RoomPolicy { overflow_probability: OVERFLOW, tail_room_days: u64::MAX / 1_000_000 },
    }
}

/// What one city's days came to.
#[derive(Default)]
pub(crate) struct Tally {
    /// Promises broken, by days ahead: the city's; districts'; the sum of the districts' thresholds; Poisson's.
    pub(crate) city: [u32; AHEAD],
    pub(crate) districts: [u32; AHEAD],
    pub(crate) summed: [u32; AHEAD],
    pub(crate) poisson: [u32; AHEAD],
    /// Promises whose day came, by days ahead.
    pub(crate) promises: [u32; AHEAD],
    /// Plans.
    pub(crate) days: u32,
    /// Rooms: together, separate, Poisson; and expected.
    pub(crate) rooms: [f64; 4],
    /// Days whose rooms the plan said would do, and those on which they did not.
    pub(crate) covered: u32,
    pub(crate) covered_short: u32,
    /// Short and days of it, and rooms opened for a day: planned, nearest first, alone.
    pub(crate) short: [u64; 3],
    pub(crate) short_days: [u64; 3],
    pub(crate) opened: [u64; 3],
    pub(crate) cut_off: u32,
}

fn threshold(mut sample: Vec<u32>) -> u32 {
    sample.sort_unstable_by(|a, b| b.cmp(a));
    sample[draws_allowed(OVERFLOW, sample.len()).unwrap()]
}

/// The 95 % point of a Poisson number, by its normal form with a correction for skewness.
fn poisson_95(mean: f64) -> f64 {
    (mean + 1.645 * mean.sqrt() + (1.645f64.powi(2) - 1.0) / 6.0).ceil()
}

struct Made {
    city: [u32; AHEAD],
    summed: [u32; AHEAD],
    poisson: [u32; AHEAD],
    districts: [[u32; AHEAD]; DISTRICTS],
}

fn made(rooms: &[u32], tally: &mut Tally) -> Made {
    let cell = |k: usize, d: usize, t: usize| rooms[(k * DISTRICTS + d) * AHEAD + t];
    let one = |d: usize, t: usize| threshold((0..DRAWS).map(|k| cell(k, d, t)).collect());
    let sums = |t: usize| (0..DRAWS).map(|k| (0..DISTRICTS).map(|d| cell(k, d, t)).sum()).collect::<Vec<u32>>();
    let districts: [[u32; AHEAD]; DISTRICTS] = std::array::from_fn(|d| std::array::from_fn(|t| one(d, t)));
    let mean = |t: usize| sums(t).into_iter().map(f64::from).sum::<f64>() / DRAWS as f64;
    let made = Made {
        city: std::array::from_fn(|t| threshold(sums(t))),
        summed: std::array::from_fn(|t| districts.iter().map(|row| row[t]).sum()),
        poisson: std::array::from_fn(|t| poisson_95(mean(t)) as u32),
        districts,
    };
    for t in 0..AHEAD {
        let row = [f64::from(made.city[t]), f64::from(made.summed[t]), f64::from(made.poisson[t]), mean(t)];
        tally.rooms.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    tally.days += 1;
    made
}

/// A city's days. `plans` = sites are run as well, not only promises made.
pub(crate) fn run(city: &mut City, seed: u64, days: usize, independent: bool, plans: bool) -> Tally {
    let all = sites();
    let mut tally = Tally::default();
    let (mut planned, mut nearest, mut alone) = (Running::new(), Running::new(), Running::new());
    let mut standing: Vec<(usize, Made)> = Vec::new();
    let mut random = Random(seed);
    for _ in 0..days {
        let today = city.infections.len() - 1;
        let (_, rooms) = city.draws(DRAWS, random.next(), independent);
        standing.push((today, made(&rooms, &mut tally)));
        let mut says_enough = false;
        if plans {
            says_enough = plan(city, &rooms, &mut planned, &mut tally);
            go_nearest(city, &mut nearest, &all);
            plan_alone(city, &rooms, &mut alone);
        }
        city.pass();
        let now = today + 1;
        let needed: [u64; DISTRICTS] = std::array::from_fn(|d| u64::from(city.in_use(d, now, now)));
        if plans {
            let before = planned.short;
            planned.settle(&needed, false);
            nearest.settle(&needed, false);
            alone.settle(&needed, true);
            tally.covered += u32::from(says_enough);
            tally.covered_short += u32::from(says_enough && planned.short > before);
        }
        score(&mut standing, now, &needed, &mut tally);
    }
    for (n, running) in [planned, nearest, alone].into_iter().enumerate() {
        (tally.short[n], tally.short_days[n]) = (running.short, running.short_days);
        tally.opened[n] = running.site_room_days;
    }
    tally
}

fn score(standing: &mut Vec<(usize, Made)>, now: usize, needed: &[u64; DISTRICTS], tally: &mut Tally) {
    let all: u64 = needed.iter().sum();
    // Every promise is scored for all its days, so that all of them count alike.
    for (made_on, made) in standing.iter() {
        let t = now - made_on - 1;
        tally.city[t] += u32::from(all > u64::from(made.city[t]));
        tally.summed[t] += u32::from(all > u64::from(made.summed[t]));
        tally.poisson[t] += u32::from(all > u64::from(made.poisson[t]));
        tally.districts[t] +=
            needed.iter().zip(&made.districts).map(|(n, row)| u32::from(*n > u64::from(row[t]))).sum::<u32>();
        tally.promises[t] += 1;
    }
    standing.retain(|(made_on, _)| now - made_on < AHEAD);
}

fn known(city: &City, districts: impl Iterator<Item = usize>) -> Vec<KnownRooms> {
    let today = city.infections.len() - 1;
    let row = |d: usize, t: usize| KnownRooms {
        district: code(d),
        day: day(today + 1 + t),
        rooms: Rooms::new(u64::from(city.in_use(d, today + 1 + t, today))),
        origin: Origin::Synthetic,
    };
    districts.flat_map(|d| (0..AHEAD).map(move |t| row(d, t))).collect()
}

/// What a site needs until it is open: its lead, or what is left of it; one day to stay open tomorrow.
fn lead_left(running: &Running, nth: usize, site: Site) -> Option<u16> {
    (site.lead > 0).then(|| running.left[nth].map_or(site.lead, |left| left.max(1)))
}

/// Sites that must be decided today: their last day of decision has come.
fn wanted(plan: &levee_model::plan::room_plan::RoomPlan, today: usize) -> Vec<bool> {
    let mut wanted = vec![false; sites().len()];
    for opening in plan.openings.iter().filter(|o| o.decide_by <= day(today)) {
        wanted[opening.site.as_str()[1..].parse::<usize>().unwrap()] = true;
    }
    wanted
}

fn plan(city: &City, rooms: &[u32], running: &mut Running, tally: &mut Tally) -> bool {
    let today = city.infections.len() - 1;
    let serves = |site: &Site| if site.shared { Serves::City } else { Serves::Own };
    let rows = sites().into_iter().enumerate().map(|(nth, s)| row(nth, s, serves(&s), lead_left(running, nth, s)));
    let codes = (0..DISTRICTS).map(code).collect();
    let demand = RoomDemand::new(RoomMeasure::InUse, codes, AHEAD, rooms.to_vec(), Origin::Synthetic).unwrap();
    let inputs = inputs(day(today + 1), demand, known(city, 0..DISTRICTS), rows.collect());
    let plan = propose(&inputs, NODES);
    if today.is_multiple_of(20) {
        assert_eq!(levee_check::rooms::check(&plan, &inputs), []);
    }
    tally.cut_off += u32::from(plan.solver.fell_back.is_some());
    running.order(&keep_ordered(running, wanted(&plan, today), &plan));
    plan.city[0].uncovered == Some(Rooms::ZERO)
}

/// A site that was ordered and is not open yet is waited for as long as the plan still wants it within its days.
fn keep_ordered(running: &Running, mut wanted: Vec<bool>, plan: &levee_model::plan::room_plan::RoomPlan) -> Vec<bool> {
    for opening in &plan.openings {
        let nth = opening.site.as_str()[1..].parse::<usize>().unwrap();
        wanted[nth] |= running.left[nth].is_some_and(|left| left > 0);
    }
    wanted
}

/// By hand: what is in use now decides. Sites are opened until they hold it, the shortest lead first, and closed as soon as
/// the others do.
fn go_nearest(city: &City, running: &mut Running, all: &[Site]) {
    let today = city.infections.len() - 1;
    let needed: Vec<u64> = (0..DISTRICTS).map(|d| u64::from(city.in_use(d, today, today))).collect();
    let mut own = [0u64; DISTRICTS];
    all.iter().filter(|s| s.lead == 0).for_each(|s| own[s.district] += s.rooms);
    let mut order: Vec<usize> = (0..all.len()).filter(|n| all[*n].lead > 0).collect();
    // What is open already first, then the shortest lead, then its own district's.
    order.sort_by_key(|n| (lead_left(running, *n, all[*n]), all[*n].shared, all[*n].rooms));
    let mut wanted = vec![false; all.len()];
    let mut shared = 0;
    for n in order {
        let site = all[n];
        let rest = |own: &[u64; DISTRICTS]| needed.iter().zip(own).map(|(n, o)| n.saturating_sub(*o)).sum::<u64>();
        let helps = if site.shared {
            rest(&own) > shared
        } else {
            needed[site.district] > own[site.district] && rest(&own) > shared
        };
        if helps {
            wanted[n] = true;
            if site.shared { shared += site.rooms } else { own[site.district] += site.rooms }
        }
    }
    running.order(&wanted);
}

/// Each district by itself, with the same planner: a shared site is its own district's.
fn plan_alone(city: &City, rooms: &[u32], running: &mut Running) {
    let today = city.infections.len() - 1;
    let mut all = vec![false; sites().len()];
    for d in 0..DISTRICTS {
        let here = sites().into_iter().enumerate().filter(|(_, s)| s.district == d);
        let rows = here.map(|(nth, s)| row(nth, s, Serves::Own, lead_left(running, nth, s))).collect();
        let own = (0..DRAWS).flat_map(|k| rooms[(k * DISTRICTS + d) * AHEAD..][..AHEAD].to_vec()).collect();
        let demand = RoomDemand::new(RoomMeasure::InUse, vec![code(d)], AHEAD, own, Origin::Synthetic).unwrap();
        let plan = propose(&inputs(day(today + 1), demand, known(city, d..d + 1), rows), NODES);
        let wanted = keep_ordered(running, wanted(&plan, today), &plan);
        all.iter_mut().zip(wanted).for_each(|(a, b)| *a |= b);
    }
    running.order(&all);
}

/// The share of promises broken, in percent, over all days ahead, with its interval over cities.
pub(crate) fn broken(
    tallies: &[Tally],
    of: impl Fn(&Tally) -> &[u32; AHEAD],
    ahead: std::ops::Range<usize>,
    each: u32,
) -> Mean {
    let share = |t: &Tally| {
        let (broken, all) = (of(t)[ahead.clone()].iter().sum::<u32>(), t.promises[ahead.clone()].iter().sum::<u32>());
        100.0 * f64::from(broken) / f64::from(all * each)
    };
    Mean::of(tallies.iter().map(share))
}
