//! What is so, from the inputs alone (and from the plan's reserves, which are its own duties).

use crate::testing::violation::TestingViolation;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{
    Duty, DutyId, HourSpan, Laboratory, PoolReason, Prevalence, SamplingSite, Team, TeamId, TestClass, TestingGap,
    TestingInputs, TestingLimits, TestingPlan, TubeLane,
};
use levee_model::plan::{METRES_AT_MOST, PEOPLE_AT_MOST};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// People to be sampled.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) district: PlaceCode,
    pub(crate) class: TestClass,
    pub(crate) site: Option<FacilityId>,
    pub(crate) at_door: bool,
    pub(crate) named: u64,
    pub(crate) resolved: u64,
    pub(crate) from: u16,
    pub(crate) until: u16,
    pub(crate) promise: i64,
    pub(crate) priority: u64,
    pub(crate) pool: u64,
    pub(crate) origin: Origin,
}

impl Job {
    pub(crate) fn people(&self) -> u64 {
        self.named - self.resolved
    }
    pub(crate) fn tubes(&self) -> u64 {
        self.people().div_ceil(self.pool)
    }
}

pub(crate) struct Facts<'a> {
    pub(crate) limits: &'a TestingLimits,
    pub(crate) inputs: &'a TestingInputs,
    /// Hours of sampling and of laboratories.
    pub(crate) sampling: HourSpan,
    pub(crate) loading: HourSpan,
    pub(crate) jobs: BTreeMap<DutyId, Job>,
    pub(crate) sites: BTreeMap<&'a FacilityId, &'a SamplingSite>,
    pub(crate) teams: BTreeMap<&'a TeamId, &'a Team>,
    pub(crate) labs: BTreeMap<&'a FacilityId, &'a Laboratory>,
    pub(crate) lanes: BTreeMap<(&'a FacilityId, &'a FacilityId), &'a TubeLane>,
    pub(crate) prevalence: BTreeMap<&'a PlaceCode, &'a Prevalence>,
    pub(crate) gaps: BTreeSet<TestingGap>,
    pub(crate) origin: Origin,
}

fn grouped<'a, T, K: Ord>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> BTreeMap<K, Vec<&'a T>> {
    rows.iter().fold(BTreeMap::new(), |mut all, row| {
        all.entry(key(row)).or_insert_with(Vec::new).push(row);
        all
    })
}

impl<'a> Facts<'a> {
    pub(crate) fn of(inputs: &'a TestingInputs, plan: &TestingPlan, found: &mut Vec<TestingViolation>) -> Self {
        let limits = &inputs.limits;
        let last = limits.sampling_hours.min(120);
        let end = limits.laboratory_hours.min(120).max(last);
        let mut facts = Self {
            limits,
            inputs,
            sampling: HourSpan { from: limits.from_hour.min(last), until: last },
            loading: HourSpan { from: limits.from_hour.min(end), until: end },
            jobs: BTreeMap::new(),
            sites: BTreeMap::new(),
            teams: BTreeMap::new(),
            labs: BTreeMap::new(),
            lanes: BTreeMap::new(),
            prevalence: BTreeMap::new(),
            gaps: BTreeSet::new(),
            origin: Origin::Reported,
        };
        // A pool of no people is no pool; the plan's own list is judged against the definition below.
        facts.read_prevalence();
        facts.read_duties();
        facts.read_places();
        facts.read_lanes();
        facts.check_pools(plan, found);
        facts.read_reserves(plan, found);
        facts.origin = facts.worst();
        facts
    }

    fn read_prevalence(&mut self) {
        let rows = grouped(&self.inputs.prevalence, |p| &p.district);
        for duty in &self.inputs.duties {
            let known = rows.get(&duty.district).and_then(|rows| match rows.as_slice() {
                [one] => Some(*one),
                _ => None,
            });
            // NaN fails each of these.
            match known.filter(|p| 0.0 <= p.low && p.low <= p.mid && p.mid <= p.high && p.high <= 1.0) {
                Some(one) => {
                    self.prevalence.insert(&duty.district, one);
                }
                None => {
                    self.gaps.insert(TestingGap::PrevalenceUnknown { district: duty.district.clone() });
                }
            }
        }
    }

    fn read_duties(&mut self) {
        for (id, rows) in grouped(&self.inputs.duties, |d| &d.id) {
            if rows.len() > 1 {
                self.gaps.insert(TestingGap::DutyContradicts { duty: id.clone() });
                continue;
            }
            for duty in rows {
                let from = duty.window.from.max(self.sampling.from);
                let until = duty.window.until.min(self.sampling.until);
                let people = duty.people.get();
                if people > PEOPLE_AT_MOST || people < duty.resolved.get() || until <= from {
                    self.gaps.insert(TestingGap::DutyNotCredible { duty: id.clone() });
                    continue;
                }
                if !self.limits.pool_rules.iter().any(|r| r.class == duty.class) {
                    self.gaps.insert(TestingGap::NoPoolRule { class: duty.class });
                }
                let job = self.job(duty, from, until);
                self.jobs.insert(id.clone(), job);
            }
        }
    }

    fn job(&self, duty: &Duty, from: u16, until: u16) -> Job {
        let screening = duty.class == TestClass::Screening;
        Job {
            district: duty.district.clone(),
            class: duty.class,
            site: duty.site.clone(),
            at_door: duty.at_door,
            named: duty.people.get(),
            resolved: duty.resolved.get(),
            from,
            until,
            promise: duty.promise_minutes.into(),
            priority: if screening { u64::from(duty.priority.max(1)) } else { 1 },
            pool: self.pool(&duty.district, duty.class).0,
            origin: duty.origin,
        }
    }

    /// People to a tube by the definition: of the sizes that the rule allows, the one with the least 1/n + 1-(1-p)^n.
    pub(crate) fn pool(&self, district: &PlaceCode, class: TestClass) -> (u64, PoolReason) {
        let mut rules: Vec<_> = self.limits.pool_rules.iter().filter(|r| r.class == class).collect();
        rules.sort_by(|a, b| (a.at_most, &a.source).cmp(&(b.at_most, &b.source)));
        let Some(rule) = rules.first() else { return (1, PoolReason::NoRule) };
        let source = rule.source.clone();
        let sizes: BTreeSet<u32> = self.limits.pool_sizes.iter().copied().filter(|&n| n > 0).collect();
        let within: BTreeSet<u32> = sizes.iter().copied().filter(|&n| n <= rule.at_most.max(1)).collect();
        if within.iter().all(|&n| n == 1) {
            return (1, PoolReason::Single { source });
        }
        let Some(p) = self.prevalence.get(district) else {
            return (within.iter().copied().find(|&n| n > 1).map_or(1, u64::from), PoolReason::PrevalenceUnknown);
        };
        let best = |sizes: &BTreeSet<u32>| {
            let cost = |n: u32| if n == 1 { 1.0 } else { 1.0 / f64::from(n) + positive(n, p.high) };
            sizes.iter().copied().min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap_or(1)
        };
        let size = best(&within);
        let upper = p.high;
        let reason = if best(&sizes) > size {
            PoolReason::RuleLimit { upper, source }
        } else {
            PoolReason::FewestTubes { upper }
        };
        (size.into(), reason)
    }

    fn check_pools(&self, plan: &TestingPlan, found: &mut Vec<TestingViolation>) {
        let due: BTreeSet<(&PlaceCode, TestClass)> = self.jobs.values().map(|j| (&j.district, j.class)).collect();
        let said: Vec<_> = plan.pools.iter().map(|p| (&p.district, p.class)).collect();
        let right = plan.pools.iter().all(|p| (u64::from(p.size), p.reason.clone()) == self.pool(&p.district, p.class));
        if said != due.into_iter().collect::<Vec<_>>() || !right {
            found.push(TestingViolation::Wrong { what: "list of pools" });
        }
    }

    fn read_places(&mut self) {
        for (id, rows) in grouped(&self.inputs.sites, |s| &s.site) {
            match rows.as_slice() {
                [one] if one.teams_at_most.is_some() => {
                    self.sites.insert(id, one);
                }
                [_] => {
                    self.gaps.insert(TestingGap::SiteUnknown { site: id.clone() });
                }
                _ => {
                    self.gaps.insert(TestingGap::SiteContradicts { site: id.clone() });
                }
            }
        }
        for (id, rows) in grouped(&self.inputs.teams, |t| &t.team) {
            match rows.as_slice() {
                [one] if one.people_per_hour.is_some() => {
                    self.teams.insert(id, one);
                }
                _ => {
                    self.gaps.insert(TestingGap::TeamUnknown { team: id.clone() });
                }
            }
        }
        for (id, rows) in grouped(&self.inputs.laboratories, |l| &l.laboratory) {
            match rows.as_slice() {
                [one] if one.per_day.is_some() && one.turnaround_minutes.is_some() && !one.per_hour.is_empty() => {
                    self.labs.insert(id, one);
                    if let Some(from) = one.stopped_from.filter(|&from| from < self.loading.until) {
                        self.gaps.insert(TestingGap::LaboratoryStopped { laboratory: id.clone(), from });
                    }
                }
                _ => {
                    self.gaps.insert(TestingGap::LaboratoryUnknown { laboratory: id.clone() });
                }
            }
        }
    }

    fn read_lanes(&mut self) {
        for (way, rows) in grouped(&self.inputs.lanes, |l| (&l.from, &l.laboratory)) {
            let (from, laboratory) = (way.0.clone(), way.1.clone());
            let longest = rows.iter().copied().max_by_key(|l| (l.minutes, l.metres, l.every_hours, l.origin));
            let Some(lane) = longest else { continue };
            let same =
                |l: &&TubeLane| (l.minutes, l.metres, l.every_hours) == (lane.minutes, lane.metres, lane.every_hours);
            if !rows.iter().all(same) {
                self.gaps.insert(TestingGap::LaneContradicts { from: from.clone(), laboratory: laboratory.clone() });
            }
            if lane.metres > METRES_AT_MOST || lane.minutes > 10_080 || lane.every_hours > 120 {
                self.gaps.insert(TestingGap::LaneNotCredible { from, laboratory });
            } else if self.labs.contains_key(way.1) {
                self.lanes.insert(way, lane);
            }
        }
        for &site in self.sites.keys() {
            if !self.lanes.keys().any(|(from, _)| *from == site) {
                self.gaps.insert(TestingGap::NoLanes { site: site.clone() });
            }
        }
    }

    /// Second samples that the plan holds hours for are duties like any other, sampled one by one.
    fn read_reserves(&mut self, plan: &TestingPlan, found: &mut Vec<TestingViolation>) {
        let sorted = plan.reserves.windows(2).all(|w| match w {
            [a, b] => (&a.district, a.window, &a.duty) < (&b.district, b.window, &b.duty),
            _ => true,
        });
        if !sorted {
            found.push(TestingViolation::Wrong { what: "order of reserves" });
        }
        for row in &plan.reserves {
            let taken = self.inputs.duties.iter().any(|d| d.id == row.duty) || self.jobs.contains_key(&row.duty);
            let inside = self.sampling.from <= row.window.from
                && row.window.from < row.window.until
                && row.window.until <= self.sampling.until
                && row.window.until
                    == row.window.from.saturating_add(self.limits.recheck_within_hours.max(1)).min(self.sampling.until)
                // Second samples are called up every third hour.
                && (row.window.from % 3 == 0 || row.window.from == self.sampling.from);
            let possible = self.prevalence.contains_key(&row.district)
                && self.jobs.values().any(|j| j.district == row.district && j.pool > 1);
            if taken || !inside || !possible || row.people.get() == 0 {
                found.push(TestingViolation::Duty { duty: row.duty.clone(), what: "no such reserve can be" });
                continue;
            }
            let job = Job {
                district: row.district.clone(),
                class: TestClass::Recheck,
                site: None,
                at_door: false,
                named: row.people.get(),
                resolved: 0,
                from: row.window.from,
                until: row.window.until,
                promise: self.limits.recheck_promise_minutes.into(),
                priority: 1,
                pool: self.pool(&row.district, TestClass::Recheck).0,
                origin: self.worst(),
            };
            self.jobs.insert(row.duty.clone(), job);
        }
    }

    fn worst(&self) -> Origin {
        let i = self.inputs;
        let mut all: Vec<Origin> = i.duties.iter().map(|r| r.origin).collect();
        all.extend(i.sites.iter().map(|r| r.origin));
        all.extend(i.teams.iter().map(|r| r.origin));
        all.extend(i.laboratories.iter().map(|r| r.origin));
        all.extend(i.lanes.iter().map(|r| r.origin));
        all.extend(i.prevalence.iter().map(|r| r.origin));
        all.extend(i.waiting.iter().map(|r| r.origin));
        all.into_iter().max().unwrap_or(Origin::Reported)
    }

    /// Hours that a team works.
    pub(crate) fn shift(team: &Team) -> HourSpan {
        let most = u32::from(team.shift.from) + u32::from(team.hours_at_most);
        let until = team.shift.until.min(u16::try_from(most).unwrap_or(u16::MAX));
        HourSpan { from: team.shift.from, until }
    }

    /// Whether a site takes samples in an hour.
    pub(crate) fn open(&self, site: &FacilityId, hour: u16) -> bool {
        self.sampling.holds(hour) && self.sites.get(site).is_some_and(|s| s.open.iter().any(|o| o.holds(hour)))
    }

    /// Whether people of a job may be sampled at a site at all.
    pub(crate) fn serves(&self, site: &FacilityId, job: &Job) -> bool {
        let Some(row) = self.sites.get(site) else { return false };
        job.site.as_ref().map_or(row.district == job.district, |only| only == site)
    }

    /// Minutes of departure and receipt of what is ready at the start of an hour.
    pub(crate) fn trip(lane: &TubeLane, ready: u32) -> (u32, u32) {
        let every = u32::from(lane.every_hours).max(1);
        let mut leaves = ready;
        while !leaves.is_multiple_of(every) {
            leaves += 1;
        }
        (leaves * 60, leaves * 60 + lane.minutes)
    }

    pub(crate) fn life(&self) -> i64 {
        i64::from(self.limits.tube_life_hours) * 60
    }

    /// Certified tubes of a laboratory in an hour times the share, in thousandths; zero while it stands still or would stand still
    /// before the run ends.
    fn certified(&self, lab: &Laboratory, hour: u16) -> u128 {
        let begin = i64::from(hour) * 60;
        let end = begin + i64::from(lab.turnaround_minutes.unwrap_or(0)).max(60);
        let hit = |o: &HourSpan| o.until > o.from && i64::from(o.from) * 60 < end && begin < i64::from(o.until) * 60;
        let stopped = lab.stopped_from.is_some_and(|from| end > i64::from(from) * 60);
        if stopped || lab.outages.iter().any(hit) || !self.loading.holds(hour) {
            return 0;
        }
        let tubes = lab.per_hour.iter().filter(|c| c.hours.holds(hour)).map(|c| c.tubes.get()).min().unwrap_or(0);
        u128::from(tubes.min(PEOPLE_AT_MOST)) * u128::from(self.limits.share_per_mille.min(1000))
    }

    /// Tubes that a laboratory may load in each hour: as many whole runs by the end of an hour as certified capacity has grown to.
    pub(crate) fn hourly(&self, lab: &Laboratory) -> Vec<u64> {
        let run = u128::from(lab.batch.max(1)) * 1000;
        let mut sum = 0u128;
        (0..self.loading.until)
            .map(|hour| {
                let before = sum / run;
                sum += self.certified(lab, hour);
                u64::try_from((sum / run - before) * run / 1000).unwrap_or(u64::MAX)
            })
            .collect()
    }

    /// The same where runs need not be whole, and never less.
    pub(crate) fn hourly_at_most(&self, lab: &Laboratory) -> Vec<u64> {
        let whole = self.hourly(lab);
        (0..self.loading.until)
            .zip(whole)
            .map(|(hour, whole)| whole.max(u64::try_from(self.certified(lab, hour) / 1000).unwrap_or(u64::MAX)))
            .collect()
    }

    /// Tubes that it may load on a day of the plan, from 0.
    pub(crate) fn daily(&self, lab: &Laboratory, day: u16) -> u64 {
        let share = u128::from(self.limits.share_per_mille.min(1000));
        let tubes = u128::from(lab.per_day.map_or(0, |t| t.get()).min(PEOPLE_AT_MOST)) * share / 1000;
        let before = if day == 0 { lab.loaded_before.get() } else { 0 };
        u64::try_from(tubes).unwrap_or(u64::MAX).saturating_sub(before)
    }

    /// Minute of the result of what a laboratory loads in an hour.
    pub(crate) fn result(lab: &Laboratory, hour: u16) -> i64 {
        i64::from(hour) * 60 + i64::from(lab.turnaround_minutes.unwrap_or(0))
    }
}

/// Chance of at least one infected among n.
pub(crate) fn positive(n: u32, p: f64) -> f64 {
    if p >= 1.0 { 1.0 } else { -(f64::from(n) * (-p).ln_1p()).exp_m1() }
}

/// Hours late, begun ones counted whole.
pub(crate) fn late(result: i64, due: i64) -> u64 {
    if result <= due { 0 } else { u64::try_from((result - due + 59) / 60).unwrap_or(0) }
}
