//! What becomes of each duty, by what its parcels say.

use crate::testing::facts::{Facts, Job, late};
use crate::testing::sampling::posts;
use crate::testing::violation::TestingViolation;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{DutyOutcome, HourSpan, TestingCause, TestingPlan, TestingRemedy, TubeOrder};
use std::collections::BTreeMap;

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut parcels: BTreeMap<_, Vec<&TubeOrder>> = BTreeMap::new();
    for order in &plan.tubes {
        parcels.entry(&order.duty).or_default().push(order);
    }
    let mut due: Vec<_> = facts.jobs.iter().collect();
    due.sort_by(|a, b| (a.1.class, &a.1.district, a.0).cmp(&(b.1.class, &b.1.district, b.0)));
    let listed: Vec<_> = plan.duties.iter().map(|d| &d.duty).collect();
    if listed != due.iter().map(|(id, _)| *id).collect::<Vec<_>>() {
        found.push(TestingViolation::Wrong { what: "list of duties" });
    }
    let free = Free::of(plan, facts);
    for row in &plan.duties {
        let Some(job) = facts.jobs.get(&row.duty) else { continue };
        let empty = Vec::new();
        let mine = parcels.get(&row.duty).unwrap_or(&empty);
        for what in broken(row, job, mine) {
            found.push(TestingViolation::Duty { duty: row.duty.clone(), what });
        }
        let short = row.late.get() + row.unsampled.get() > 0;
        let right = match (short, row.cause) {
            (false, None) => row.mends.is_empty(),
            (true, Some(cause)) => {
                let (truth, mends) = why(row, job, facts, &free);
                cause == truth && row.mends == mends
            }
            _ => false,
        };
        if !right {
            found.push(TestingViolation::Duty { duty: row.duty.clone(), what: "cause or remedy is not so" });
        }
    }
}

fn broken(row: &DutyOutcome, job: &Job, mine: &[&TubeOrder]) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    let mut must = |so: bool, what: &'static str| {
        if !so {
            wrong.push(what);
        }
    };
    let sum = |of: &dyn Fn(&TubeOrder) -> u64| mine.iter().map(|o| of(o)).fold(0u64, u64::saturating_add);
    let hours = |o: &TubeOrder| late(o.result.into(), o.due.into());
    let sampled = sum(&|o| o.people.get());
    let tubes = sum(&|o| o.tubes.get());
    must(row.district == job.district && row.class == job.class, "district or class is not so");
    must((row.people.get(), row.resolved.get()) == (job.named, job.resolved), "people or resolved ones are not so");
    must(tubes <= job.tubes(), "more tubes than people need");
    let whole = if tubes == job.tubes() { job.people() } else { tubes.saturating_mul(job.pool) };
    must(sampled == whole && row.sampled.get() == sampled, "people sampled are not so");
    must(row.unsampled.get() == job.people().saturating_sub(sampled), "people not sampled are not so");
    must(row.late.get() == sum(&|o| if hours(o) > 0 { o.people.get() } else { 0 }), "late people are not so");
    must(row.on_time.get() == sum(&|o| if hours(o) == 0 { o.people.get() } else { 0 }), "people in time are not so");
    must(row.late_person_hours == sum(&|o| hours(o).saturating_mul(o.people.get())), "late hours are not so");
    wrong
}

/// What the plan leaves free, by site, hour and door.
struct Free<'a>(BTreeMap<(&'a FacilityId, u16, bool), u64>);

impl<'a> Free<'a> {
    fn of(plan: &'a TestingPlan, facts: &Facts<'_>) -> Self {
        let mut free: BTreeMap<_, u64> =
            posts(plan, facts).into_iter().map(|(key, (_, people))| (key, people)).collect();
        for order in &plan.tubes {
            if let Some(job) = facts.jobs.get(&order.duty)
                && let Some(left) = free.get_mut(&(&order.site, order.hour, job.at_door))
            {
                *left = left.saturating_sub(order.tubes.get().saturating_mul(job.pool));
            }
        }
        Self(free)
    }
}

fn why(row: &DutyOutcome, job: &Job, facts: &Facts<'_>, free: &Free<'_>) -> (TestingCause, Vec<TestingRemedy>) {
    let hours = HourSpan { from: job.from, until: job.until };
    let district = job.district.clone();
    let sites: Vec<&FacilityId> = facts.sites.keys().copied().filter(|site| facts.serves(site, job)).collect();
    let open: Vec<(&FacilityId, u16)> = sites
        .iter()
        .flat_map(|&site| (job.from..job.until).map(move |hour| (site, hour)))
        .filter(|(site, hour)| facts.open(site, *hour))
        .collect();
    if open.is_empty() {
        return (TestingCause::NoSite, vec![TestingRemedy::OpenSite { district, hours }]);
    }
    let send = vec![TestingRemedy::SendTeam { district: district.clone(), hours, at_door: job.at_door }];
    if open.iter().all(|(site, hour)| people_at_most(facts, site, *hour, job.at_door) == 0) {
        return (TestingCause::NoTeam, send);
    }
    let mut lives = false;
    let mut quickest: Option<i64> = None;
    for &(site, hour) in &open {
        for ((_, id), lane) in facts.lanes.iter().filter(|((from, _), _)| *from == site) {
            let (_, arrives) = Facts::trip(lane, u32::from(hour) + 1);
            if i64::from(arrives) - i64::from(hour) * 60 > facts.life() {
                continue;
            }
            lives = true;
            let Some(lab) = facts.labs.get(id) else { continue };
            let there = |h: u16| u32::from(h) * 60 >= arrives && h >= facts.loading.from;
            let works = |h: u16, possible: u64| possible > 0 && facts.daily(lab, h / 24) > 0;
            let loaded = (0u16..).zip(facts.hourly(lab)).find(|&(h, possible)| there(h) && works(h, possible));
            if let Some((loaded, _)) = loaded {
                let minutes = Facts::result(lab, loaded) - i64::from(hour) * 60;
                quickest = Some(quickest.map_or(minutes, |q| q.min(minutes)));
            }
        }
    }
    let laboratories = vec![TestingRemedy::LaboratoryHours];
    if !lives {
        return (TestingCause::NoLane, vec![TestingRemedy::Lane { district }]);
    }
    match quickest {
        None => return (TestingCause::NoLaboratory, laboratories),
        Some(minutes) if minutes > job.promise => {
            let minutes = u32::try_from(minutes).unwrap_or(u32::MAX);
            return (TestingCause::PromiseTooShort, vec![TestingRemedy::LongerPromise { minutes }]);
        }
        Some(_) => {}
    }
    let full = open.iter().all(|&(site, hour)| free.0.get(&(site, hour, job.at_door)).copied().unwrap_or(0) < job.pool);
    if row.unsampled.get() > 0 && full {
        (TestingCause::Teams, send)
    } else {
        (TestingCause::Laboratories, laboratories)
    }
}

/// The most that any posting of teams could sample at a site in an hour.
pub(crate) fn people_at_most(facts: &Facts<'_>, site: &FacilityId, hour: u16, at_door: bool) -> u64 {
    let Some(row) = facts.sites.get(site).filter(|_| facts.open(site, hour)) else { return 0 };
    let could = |t: &&&levee_model::plan::testing::Team| {
        t.at_door == at_door && t.districts.contains(&row.district) && Facts::shift(t).holds(hour)
    };
    let mut teams: Vec<_> = facts.teams.values().filter(could).collect();
    teams.sort_unstable_by_key(|t| t.people_per_hour);
    let (mut room, mut people) = (row.teams_at_most.unwrap_or(0), 0u64);
    while let Some(team) = teams.pop() {
        let go = team.count.min(room);
        room -= go;
        people = people.saturating_add(u64::from(team.people_per_hour.unwrap_or(0)) * u64::from(go));
    }
    people
}
