//! Teams stand at one site each, within their shift; sites take what their teams can.

use crate::testing::facts::Facts;
use crate::testing::violation::TestingViolation;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{TeamId, TestingPlan};
use std::collections::{BTreeMap, BTreeSet};

/// Teams and people they can sample, by site, hour and door.
pub(crate) type Posts<'a> = BTreeMap<(&'a FacilityId, u16, bool), (u32, u64)>;

pub(crate) fn posts<'p>(plan: &'p TestingPlan, facts: &Facts<'_>) -> Posts<'p> {
    let mut posts = Posts::new();
    for station in &plan.stations {
        let (Some(site), Some(team)) = (&station.site, facts.teams.get(&station.team)) else { continue };
        for hour in station.hours.from..station.hours.until {
            if facts.open(site, hour) {
                let post = posts.entry((site, hour, team.at_door)).or_default();
                post.0 += 1;
                post.1 += u64::from(team.people_per_hour.unwrap_or(0));
            }
        }
    }
    posts.retain(|_, (_, people)| *people > 0);
    posts
}

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut seen: BTreeSet<&TeamId> = BTreeSet::new();
    let mut crowd: BTreeMap<(&FacilityId, u16), u32> = BTreeMap::new();
    let mut last: Option<&TeamId> = None;
    for station in &plan.stations {
        let mut wrong = |what| found.push(TestingViolation::Team { team: station.team.clone(), what });
        if last.is_some_and(|before| *before > station.team) {
            wrong("it does not stand in its order");
        }
        last = Some(&station.team);
        if !seen.insert(&station.team) {
            wrong("it stands twice");
        }
        let Some(team) = facts.teams.get(&station.team) else {
            wrong("no such team can be planned with");
            continue;
        };
        if station.hours != Facts::shift(team) || Some(station.people_per_hour) != team.people_per_hour {
            wrong("its hours or its rate are not so");
        }
        if let Some(site) = &station.site {
            match facts.sites.get(site) {
                Some(row) if team.districts.contains(&row.district) => {}
                _ => wrong("it may not be sent there"),
            }
            for hour in station.hours.from..station.hours.until.min(facts.sampling.until) {
                *crowd.entry((site, hour)).or_default() += 1;
            }
        }
    }
    for team in facts.teams.keys().filter(|t| !seen.contains(**t)) {
        found.push(TestingViolation::Team { team: (*team).clone(), what: "it is not listed" });
    }
    for ((site, hour), teams) in crowd {
        let room = facts.sites.get(site).and_then(|s| s.teams_at_most).unwrap_or(0);
        if teams > room {
            found.push(TestingViolation::TooManyTeams { site: site.clone(), hour, teams, room });
        }
    }
    rows(plan, facts, found);
}

fn rows(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut taken: BTreeMap<(&FacilityId, u16, bool), (u64, u64)> = BTreeMap::new();
    for order in &plan.tubes {
        let Some(job) = facts.jobs.get(&order.duty) else { continue };
        let sum = taken.entry((&order.site, order.hour, job.at_door)).or_default();
        sum.0 = sum.0.saturating_add(order.tubes.get().saturating_mul(job.pool));
        sum.1 = sum.1.saturating_add(order.tubes.get());
    }
    let posts = posts(plan, facts);
    let mut said = Vec::new();
    for row in &plan.sampling {
        let key = (&row.site, row.hour, row.at_door);
        said.push(key);
        let (teams, possible) = posts.get(&key).copied().unwrap_or_default();
        let (people, tubes) = taken.get(&key).copied().unwrap_or_default();
        let so = (row.teams, row.possible.get(), row.people.get(), row.tubes.get()) == (teams, possible, people, tubes);
        if !so || people > possible {
            found.push(TestingViolation::Sampling { site: row.site.clone(), hour: row.hour });
        }
    }
    if said != posts.keys().copied().collect::<Vec<_>>() {
        found.push(TestingViolation::Wrong { what: "list of sampling hours" });
    }
    for (key, _) in taken.iter().filter(|(key, _)| !posts.contains_key(*key)) {
        found.push(TestingViolation::Sampling { site: key.0.clone(), hour: key.1 });
    }
}
