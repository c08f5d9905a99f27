//! The inputs, tidied: what can be planned with, and what is missing.

use crate::testing::{pools, stations};
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{
    Duty, DutyId, HourSpan, Laboratory, PoolChoice, PoolReason, Prevalence, TeamId, TestClass, TestingGap,
    TestingInputs, TestingLimits, WaitingTubes,
};
use levee_model::plan::{METRES_AT_MOST, PEOPLE_AT_MOST};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// Hours are planned up to here at most; beyond, the tables would only grow.
pub(crate) const HOURS_AT_MOST: u16 = 120;

/// A duty that is planned for, in tubes.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: DutyId,
    pub(crate) district: PlaceCode,
    pub(crate) class: TestClass,
    pub(crate) at_door: bool,
    pub(crate) site: Option<FacilityId>,
    /// People named, and those of them who are resolved.
    pub(crate) named: u64,
    pub(crate) resolved: u64,
    /// Clipped to the plan.
    pub(crate) window: HourSpan,
    pub(crate) promise: u32,
    pub(crate) priority: u8,
    pub(crate) pool: u32,
    /// Held for second samples.
    pub(crate) reserve: bool,
    pub(crate) origin: Origin,
}

impl Task {
    pub(crate) fn people(&self) -> u64 {
        self.named - self.resolved
    }
    pub(crate) fn tubes(&self) -> u64 {
        self.people().div_ceil(u64::from(self.pool))
    }
    /// The tier of its lateness, from 0.
    pub(crate) fn tier(&self) -> usize {
        tier_of(self.class)
    }
    /// Minute until which a sample of this hour is promised.
    pub(crate) fn due(&self, hour: u16) -> i64 {
        i64::from(hour) * 60 + i64::from(self.promise)
    }
    /// What a tube that is never taken costs in its tier.
    pub(crate) fn untested(&self, limits: &TestingLimits) -> u64 {
        let whole = u64::from(limits.untested_hours.max(1)) * u64::from(self.pool);
        whole.div_ceil(u64::from(self.priority.max(1)))
    }
}

/// 0 safety, 1 vulnerable, 2 everybody else: the order of `TestingTier`.
pub(crate) fn tier_of(class: TestClass) -> usize {
    class.tier() as usize
}

/// Whole hours by which a result misses its promise; a part of an hour counts as one.
pub(crate) fn hours_late(result: i64, due: i64) -> u64 {
    u64::try_from(result - due).unwrap_or(0).div_ceil(60)
}

/// A site that teams can be sent to.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) id: FacilityId,
    pub(crate) district: PlaceCode,
    /// By hour of the plan.
    pub(crate) open: Vec<bool>,
    pub(crate) teams_at_most: u32,
    pub(crate) origin: Origin,
}

/// Teams of one kind that can be sent.
#[derive(Clone, Debug)]
pub(crate) struct Crew {
    pub(crate) id: TeamId,
    pub(crate) count: u32,
    pub(crate) districts: BTreeSet<PlaceCode>,
    pub(crate) at_door: bool,
    /// Hours they work: the first of the shift, as many as they may.
    pub(crate) hours: HourSpan,
    pub(crate) rate: u32,
}

/// A laboratory that tubes can be sent to.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    pub(crate) id: FacilityId,
    pub(crate) district: PlaceCode,
    pub(crate) turnaround: u32,
    pub(crate) batch: u64,
    /// Tubes that may be loaded, by hour: whole runs within the planned share.
    pub(crate) by_hour: Vec<u64>,
    /// The same, by hour, where runs need not be whole: at least as much in every hour.
    pub(crate) loose: Vec<u64>,
    /// By day of the plan.
    pub(crate) by_day: Vec<u64>,
    pub(crate) origin: Origin,
}

impl Bench {
    /// Minute of the result of what is loaded in this hour.
    pub(crate) fn result(&self, hour: u16) -> i64 {
        i64::from(hour) * 60 + i64::from(self.turnaround)
    }
}

/// A way from a place to a bench.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Road {
    pub(crate) bench: usize,
    pub(crate) metres: u64,
    pub(crate) minutes: u32,
    pub(crate) every: u32,
    pub(crate) origin: Origin,
}

impl Road {
    /// Minutes of departure and receipt of tubes that are ready at `ready` (an hour).
    pub(crate) fn trip(&self, ready: u32) -> (u32, u32) {
        let departs = ready.div_ceil(self.every) * self.every * 60;
        (departs, departs + self.minutes)
    }
}

/// Everything that a plan is made from.
#[derive(Clone, Debug)]
pub(crate) struct Problem<'a> {
    pub(crate) inputs: &'a TestingInputs,
    pub(crate) limits: &'a TestingLimits,
    pub(crate) tasks: Vec<Task>,
    pub(crate) spots: Vec<Spot>,
    pub(crate) crews: Vec<Crew>,
    /// People that any posting of the crews could sample at most, `[spot][hour][at_door]`.
    pub(crate) at_most: Vec<Vec<[u64; 2]>>,
    pub(crate) benches: Vec<Bench>,
    /// From each place that tubes may leave.
    pub(crate) roads: BTreeMap<FacilityId, Vec<Road>>,
    pub(crate) prevalence: BTreeMap<PlaceCode, &'a Prevalence>,
    pub(crate) pools: Vec<PoolChoice>,
    pub(crate) waiting: Vec<&'a WaitingTubes>,
    /// Laboratories that issued orders name, by site and duty.
    pub(crate) issued: BTreeMap<(&'a FacilityId, &'a DutyId), BTreeSet<&'a FacilityId>>,
    pub(crate) gaps: BTreeSet<TestingGap>,
    pub(crate) origin: Origin,
    pub(crate) sampling: HourSpan,
    pub(crate) loading: HourSpan,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(inputs: &'a TestingInputs) -> Self {
        let limits = &inputs.limits;
        let until = limits.sampling_hours.min(HOURS_AT_MOST);
        let sampling = HourSpan { from: limits.from_hour.min(until), until };
        let until = limits.laboratory_hours.clamp(sampling.until, HOURS_AT_MOST);
        let loading = HourSpan { from: limits.from_hour.min(until), until };
        let mut problem = Self {
            inputs,
            limits,
            tasks: Vec::new(),
            spots: Vec::new(),
            crews: Vec::new(),
            at_most: Vec::new(),
            benches: Vec::new(),
            roads: BTreeMap::new(),
            prevalence: BTreeMap::new(),
            pools: Vec::new(),
            waiting: inputs.waiting.iter().filter(|w| w.tubes.get() > 0).collect(),
            issued: BTreeMap::new(),
            gaps: BTreeSet::new(),
            origin: origin(inputs),
            sampling,
            loading,
        };
        // By value, so that the order of the rows means nothing.
        problem.waiting.sort_by_key(|w| {
            (
                &w.at,
                &w.district,
                w.class,
                w.sampled_hour,
                w.promise_minutes,
                w.people_per_tube,
                w.received,
                w.tubes,
                w.origin,
            )
        });
        for row in &inputs.issued {
            problem.issued.entry((&row.site, &row.duty)).or_default().insert(&row.laboratory);
        }
        problem.read_prevalence();
        problem.read_tasks();
        problem.read_spots();
        problem.read_crews();
        problem.read_benches();
        problem.read_roads();
        problem.at_most = stations::possible_at_most(&problem);
        problem
    }

    fn read_prevalence(&mut self) {
        let shares = by(&self.inputs.prevalence, |p| &p.district);
        let districts: BTreeSet<&PlaceCode> = self.inputs.duties.iter().map(|d| &d.district).collect();
        for district in districts {
            match shares.get(district).map(Vec::as_slice) {
                Some([one]) if credible(one) => {
                    self.prevalence.insert(district.clone(), one);
                }
                _ => {
                    self.gaps.insert(TestingGap::PrevalenceUnknown { district: district.clone() });
                }
            }
        }
    }

    fn read_tasks(&mut self) {
        let mut pools: BTreeMap<(PlaceCode, TestClass), (u32, PoolReason)> = BTreeMap::new();
        for (id, rows) in by(&self.inputs.duties, |d| &d.id) {
            let [duty] = rows.as_slice() else {
                self.gaps.insert(TestingGap::DutyContradicts { duty: id.clone() });
                continue;
            };
            let window = clip(duty.window, self.sampling);
            let named = duty.people.get();
            if named > PEOPLE_AT_MOST || duty.resolved > duty.people || window.from >= window.until {
                self.gaps.insert(TestingGap::DutyNotCredible { duty: id.clone() });
                continue;
            }
            let (pool, reason) = self.pool_of(&duty.district, duty.class);
            if reason == PoolReason::NoRule {
                self.gaps.insert(TestingGap::NoPoolRule { class: duty.class });
            }
            pools.insert((duty.district.clone(), duty.class), (pool, reason));
            self.tasks.push(task(duty, window, pool));
        }
        self.pools = pools
            .into_iter()
            .map(|((district, class), (size, reason))| PoolChoice { district, class, size, reason })
            .collect();
        self.order_tasks();
    }

    /// The most important first; of one class the one with the least choice of hours.
    pub(crate) fn order_tasks(&mut self) {
        self.tasks.sort_by(|a, b| rank(a).cmp(&rank(b)));
    }

    pub(crate) fn pool_of(&self, district: &PlaceCode, class: TestClass) -> (u32, PoolReason) {
        let upper = self.prevalence.get(district).map(|p| p.high);
        pools::choose(&self.limits.pool_sizes, &self.limits.pool_rules, class, upper)
    }

    fn read_spots(&mut self) {
        for (id, rows) in by(&self.inputs.sites, |s| &s.site) {
            let [row] = rows.as_slice() else {
                self.gaps.insert(TestingGap::SiteContradicts { site: id.clone() });
                continue;
            };
            let Some(teams_at_most) = row.teams_at_most else {
                self.gaps.insert(TestingGap::SiteUnknown { site: id.clone() });
                continue;
            };
            let open = |hour: u16| self.sampling.holds(hour) && row.open.iter().any(|span| span.holds(hour));
            self.spots.push(Spot {
                id: id.clone(),
                district: row.district.clone(),
                open: (0..self.sampling.until).map(open).collect(),
                teams_at_most,
                origin: row.origin,
            });
        }
    }

    fn read_crews(&mut self) {
        for (id, rows) in by(&self.inputs.teams, |t| &t.team) {
            let ([row], Some(rate)) = (rows.as_slice(), rows.first().and_then(|r| r.people_per_hour)) else {
                self.gaps.insert(TestingGap::TeamUnknown { team: id.clone() });
                continue;
            };
            let until = row.shift.until.min(row.shift.from.saturating_add(row.hours_at_most));
            self.crews.push(Crew {
                id: id.clone(),
                count: row.count,
                districts: row.districts.iter().cloned().collect(),
                at_door: row.at_door,
                hours: HourSpan { from: row.shift.from, until },
                rate,
            });
        }
    }

    fn read_benches(&mut self) {
        for (id, rows) in by(&self.inputs.laboratories, |l| &l.laboratory) {
            let bench = match rows.as_slice() {
                [row] => bench(row, self.limits, self.loading),
                _ => None,
            };
            let Some(bench) = bench else {
                self.gaps.insert(TestingGap::LaboratoryUnknown { laboratory: id.clone() });
                continue;
            };
            if let Some(from) = rows.first().and_then(|r| r.stopped_from).filter(|&h| h < self.loading.until) {
                self.gaps.insert(TestingGap::LaboratoryStopped { laboratory: id.clone(), from });
            }
            self.benches.push(bench);
        }
    }

    fn read_roads(&mut self) {
        let number: BTreeMap<&FacilityId, usize> = self.benches.iter().enumerate().map(|(k, b)| (&b.id, k)).collect();
        for ((from, to), rows) in by(&self.inputs.lanes, |l| (&l.from, &l.laboratory)) {
            let lane = rows.iter().max_by_key(|l| (l.minutes, l.metres, l.every_hours, l.origin));
            let Some(lane) = lane else { continue };
            let figures = |l: &levee_model::plan::testing::TubeLane| (l.minutes, l.metres, l.every_hours);
            if rows.iter().any(|l| figures(l) != figures(lane)) {
                self.gaps.insert(TestingGap::LaneContradicts { from: from.clone(), laboratory: to.clone() });
            }
            // A week on the road is no way for tubes either.
            if lane.metres > METRES_AT_MOST || lane.minutes > 7 * 24 * 60 || lane.every_hours > HOURS_AT_MOST {
                self.gaps.insert(TestingGap::LaneNotCredible { from: from.clone(), laboratory: to.clone() });
                continue;
            }
            let Some(&bench) = number.get(to) else { continue };
            self.roads.entry(from.clone()).or_default().push(Road {
                bench,
                metres: lane.metres,
                minutes: lane.minutes,
                every: u32::from(lane.every_hours.max(1)),
                origin: lane.origin,
            });
        }
        for spot in &self.spots {
            if !self.roads.contains_key(&spot.id) {
                self.gaps.insert(TestingGap::NoLanes { site: spot.id.clone() });
            }
        }
    }

    /// Ways out of a place; none if there is none.
    pub(crate) fn roads_from(&self, place: &FacilityId) -> &[Road] {
        self.roads.get(place).map_or(&[], Vec::as_slice)
    }

    /// Numbers of the spots that may serve a task.
    pub(crate) fn spots_of<'t>(&'t self, task: &'t Task) -> impl Iterator<Item = usize> + 't {
        self.spots.iter().enumerate().filter_map(move |(k, spot)| {
            let may = match &task.site {
                Some(site) => *site == spot.id,
                None => spot.district == task.district,
            };
            may.then_some(k)
        })
    }

    /// Minutes of departure and receipt, and the first hour of loading, of samples taken in an hour; `None` if they
    /// would not live to be received, or not be loaded before the plan ends.
    pub(crate) fn trip(&self, road: &Road, hour: u16) -> Option<(u32, u32, u16)> {
        let (departs, arrives) = road.trip(u32::from(hour) + 1);
        let alive = arrives <= (u32::from(hour) + u32::from(self.limits.tube_life_hours)) * 60;
        let first = u16::try_from(arrives.div_ceil(60)).ok()?.max(self.loading.from);
        (alive && first < self.loading.until).then_some((departs, arrives, first))
    }

    /// The same for tubes collected before the plan. Those that a laboratory has received, and that stay there, need no way.
    pub(crate) fn trip_of_waiting(&self, row: &WaitingTubes, road: &Road) -> Option<(u32, u32, u16)> {
        let ready = u32::from(self.loading.from).max(u32::try_from(row.sampled_hour.saturating_add(1)).unwrap_or(0));
        let (departs, arrives) = road.trip(ready);
        let age = i64::from(arrives) - i64::from(row.sampled_hour) * 60;
        let alive = row.received || age <= i64::from(self.limits.tube_life_hours) * 60;
        let first = u16::try_from(arrives.div_ceil(60)).ok()?.max(self.loading.from);
        (alive && first < self.loading.until).then_some((departs, arrives, first))
    }

    /// The bench at which tubes collected before lie already, if it is one.
    pub(crate) fn bench_at(&self, row: &WaitingTubes) -> Option<usize> {
        if row.received { self.benches.iter().position(|b| b.id == row.at) } else { None }
    }
}

fn rank(task: &Task) -> (usize, TestClass, u8, u16, u16, &DutyId) {
    (task.tier(), task.class, task.priority, task.window.until - task.window.from, task.window.from, &task.id)
}

fn task(duty: &Duty, window: HourSpan, pool: u32) -> Task {
    Task {
        id: duty.id.clone(),
        district: duty.district.clone(),
        class: duty.class,
        at_door: duty.at_door,
        site: duty.site.clone(),
        named: duty.people.get(),
        resolved: duty.resolved.get(),
        window,
        promise: duty.promise_minutes,
        priority: if duty.class == TestClass::Screening { duty.priority.max(1) } else { 1 },
        pool,
        reserve: false,
        origin: duty.origin,
    }
}

/// What both spans hold; empty if nothing.
pub(crate) fn clip(span: HourSpan, within: HourSpan) -> HourSpan {
    let from = span.from.max(within.from);
    HourSpan { from, until: span.until.min(within.until).max(from) }
}

fn credible(p: &Prevalence) -> bool {
    let share = |x: f64| (0.0..=1.0).contains(&x);
    share(p.low) && share(p.mid) && share(p.high) && p.low <= p.mid && p.mid <= p.high
}

/// Rows by a key, in the key's order.
fn by<'a, K: Ord, T>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, Vec<&'a T>> {
    let mut found: BTreeMap<K, Vec<&T>> = BTreeMap::new();
    for row in rows {
        found.entry(key(row)).or_default().push(row);
    }
    found
}

/// Capacity by hour and day. Runs are whole: after so many hours' worth of certified capacity, so many runs.
fn bench(row: &Laboratory, limits: &TestingLimits, loading: HourSpan) -> Option<Bench> {
    let (per_day, turnaround) = (row.per_day?.get(), row.turnaround_minutes?);
    if row.per_hour.is_empty() {
        return None;
    }
    let share = u128::from(limits.share_per_mille.min(1000));
    let batch = u64::from(row.batch.max(1));
    let stands = |hour: u16| {
        let (from, until) = (u32::from(hour) * 60, (u32::from(hour) * 60).saturating_add(turnaround.max(60)));
        let touches = |span: &HourSpan| from < u32::from(span.until) * 60 && u32::from(span.from) * 60 < until;
        row.outages.iter().any(|o| o.from < o.until && touches(o))
            || row.stopped_from.is_some_and(|stop| u32::from(stop) * 60 < until)
    };
    let mut by_hour = vec![0; usize::from(loading.until)];
    let mut loose = by_hour.clone();
    let mut grown = 0u128;
    for hour in loading.from..loading.until {
        // Two rows for one hour: the smaller counts.
        let certified = row.per_hour.iter().filter(|c| c.hours.holds(hour)).map(|c| c.tubes.get()).min().unwrap_or(0);
        if stands(hour) {
            continue;
        }
        let more = u128::from(certified.min(PEOPLE_AT_MOST)) * share;
        let run = u128::from(batch) * 1000;
        let whole = (grown + more) / run - grown / run;
        grown += more;
        let here = usize::from(hour);
        by_hour[here] = u64::try_from(whole).unwrap_or(u64::MAX).saturating_mul(batch);
        loose[here] = u64::try_from(more / 1000).unwrap_or(u64::MAX).max(by_hour[here]);
    }
    let day = u64::try_from(u128::from(per_day.min(PEOPLE_AT_MOST)) * share / 1000).unwrap_or(u64::MAX);
    let days = usize::from(loading.until.div_ceil(24));
    let mut by_day = vec![day; days];
    if let Some(first) = by_day.first_mut() {
        *first = first.saturating_sub(row.loaded_before.get());
    }
    Some(Bench {
        id: row.laboratory.clone(),
        district: row.district.clone(),
        turnaround,
        batch,
        by_hour,
        loose,
        by_day,
        origin: row.origin,
    })
}

fn origin(inputs: &TestingInputs) -> Origin {
    let all = (inputs.duties.iter().map(|r| r.origin))
        .chain(inputs.sites.iter().map(|r| r.origin))
        .chain(inputs.teams.iter().map(|r| r.origin))
        .chain(inputs.laboratories.iter().map(|r| r.origin))
        .chain(inputs.lanes.iter().map(|r| r.origin))
        .chain(inputs.prevalence.iter().map(|r| r.origin))
        .chain(inputs.waiting.iter().map(|r| r.origin));
    all.fold(Origin::Reported, Origin::and)
}
