//! Teams stand at one site each, within their shift, and none is made or lost; sites take what their teams can.

use crate::testing::facts::Facts;
use crate::testing::violation::TestingViolation;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{TeamId, TestingPlan};
use std::collections::BTreeMap;

/// Teams and people they can sample, by site, hour and door.
pub(crate) type Posts<'a> = BTreeMap<(&'a FacilityId, u16, bool), (u32, u64)>;

pub(crate) fn posts<'p>(plan: &'p TestingPlan, facts: &Facts<'_>) -> Posts<'p> {
    let mut posts = Posts::new();
    for station in &plan.stations {
        let (Some(site), Some(team)) = (&station.site, facts.teams.get(&station.team)) else { continue };
        for hour in station.hours.from..station.hours.until {
            if facts.open(site, hour) {
                let post = posts.entry((site, hour, team.at_door)).or_default();
                post.0 = post.0.saturating_add(station.count);
                let people = u64::from(team.people_per_hour.unwrap_or(0)) * u64::from(station.count);
                post.1 = post.1.saturating_add(people);
            }
        }
    }
    posts.retain(|_, (_, people)| *people > 0);
    posts
}

pub(crate) fn check(plan: &TestingPlan, facts: &Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut seen: BTreeMap<&TeamId, u64> = BTreeMap::new();
    let mut crowd: BTreeMap<(&FacilityId, u16), u32> = BTreeMap::new();
    let mut last: Option<(&TeamId, Option<&FacilityId>)> = None;
    for station in &plan.stations {
        let mut wrong = |what| found.push(TestingViolation::Team { team: station.team.clone(), what });
        let place = (&station.team, station.site.as_ref());
        if last.is_some_and(|before| before >= place) {
            wrong("it does not stand in its order, or twice at one place");
        }
        last = Some(place);
        if station.count == 0 {
            wrong("none of them is there");
        }
        *seen.entry(&station.team).or_default() += u64::from(station.count);
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
                let there: &mut u32 = crowd.entry((site, hour)).or_default();
                *there = there.saturating_add(station.count);
            }
        }
    }
    for (id, team) in &facts.teams {
        if seen.get(id).copied().unwrap_or(0) != u64::from(team.count) {
            found.push(TestingViolation::Team { team: (*id).clone(), what: "not all of them, or more, are listed" });
        }
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
