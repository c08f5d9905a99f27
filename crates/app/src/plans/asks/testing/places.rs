//! Where samples are taken, by how many teams, which laboratories take the tubes, and the ways between.

use super::Opening;
use super::table::{Found, Table, small, whole};
use crate::day::Why;
use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::facility::{CapacityUnit, Facility, FacilityKind, Level};
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{HourSpan, HourlyCapacity, Laboratory, SamplingSite, Team, TubeLane};
use levee_model::provenance::Origin;
use levee_model::quantity::Tubes;
use levee_picture::Picture;
use levee_planner::{LaneMaker, great_circle_metres};
use std::collections::BTreeMap;

/// Whether it is there on a day: opened, and not closed.
fn is_there(facility: &Facility, day: Date) -> bool {
    facility.opens_on.is_none_or(|opens| opens <= day) && facility.closes_on.is_none_or(|closes| closes > day)
}

/// Sampling sites of the register, as last reported.
pub(super) fn sites(
    known: &KnownCity,
    start: Date,
    opening: Option<Opening>,
    table: &mut Table<'_>,
) -> Vec<SamplingSite> {
    let teams = table.get("testing.teams_per_site_at_most");
    let mut latest: BTreeMap<&FacilityId, &Facility> = BTreeMap::new();
    for one in known.facts.facilities.iter().filter(|one| one.kind == FacilityKind::SamplingSite) {
        let newer = latest.get(&one.id).is_none_or(|old| old.provenance.known_at <= one.provenance.known_at);
        if newer {
            latest.insert(&one.id, one);
        }
    }
    let there = latest.into_values().filter(|one| is_there(one, start));
    there
        .map(|one| SamplingSite {
            site: one.id.clone(),
            district: one.area.clone(),
            open: opening.map(Opening::span).into_iter().collect(),
            teams_at_most: teams.map(|teams| small(teams.value.floor(), u32::MAX)),
            origin: teams.map_or(Origin::Reported, |teams| teams.origin).and(one.provenance.origin),
        })
        .collect()
}

/// Teams by district: so many for its residents, half of them from the opening of the sites on, half until they close.
pub(super) fn teams(known: &KnownCity, opening: Opening, table: &mut Table<'_>) -> Vec<Team> {
    let Some(hours) = table.at_least("testing.team_shift_hours", 1.0) else { return Vec::new() };
    let shift: u16 = small(hours.value.floor(), u16::MAX);
    let open = opening.until - opening.from;
    let shifts = if shift < open {
        vec![
            ("early", HourSpan { from: opening.from, until: opening.from + shift }),
            ("late", HourSpan { from: opening.until - shift, until: opening.until }),
        ]
    } else {
        vec![("day", opening.span())]
    };
    let kinds = [
        (false, "booth", "testing.residents_per_team", "testing.team_persons_per_hour"),
        (true, "door", "testing.residents_per_door_team", "testing.door_team_persons_per_hour"),
    ];
    let mut teams = Vec::new();
    for (at_door, name, per, rate) in kinds {
        let (Some(per), rate) = (table.at_least(per, 1.0), table.get(rate)) else { continue };
        let origin = [Some(per), rate].into_iter().flatten().fold(hours.origin, |all, one: Found| all.and(one.origin));
        for area in known.places.districts() {
            let Some(residents) = area.population else { continue };
            #[expect(clippy::cast_precision_loss, reason = "residents lie far below 2^52")]
            let all = whole(residents.get() as f64 / per.value);
            for (nth, (when, span)) in shifts.iter().enumerate() {
                // The earlier shift has the odd one.
                let count = (all + (shifts.len() - 1 - nth) as u64) / shifts.len() as u64;
                let Ok(team) = format!("{}-{name}-{when}", area.code).parse() else { continue };
                teams.push(Team {
                    team,
                    count: u32::try_from(count).unwrap_or(u32::MAX),
                    districts: vec![area.code.clone()],
                    at_door,
                    shift: *span,
                    hours_at_most: shift,
                    people_per_hour: rate.map(|rate| small(rate.value.floor(), u32::MAX)),
                    origin,
                });
            }
        }
    }
    teams.retain(|team| team.count > 0);
    teams
}

/// Laboratories with their latest status. One without a valid acceptance is not planned with, and named.
pub(super) fn laboratories(
    picture: &Picture,
    start: Date,
    opening: Option<Opening>,
    hours: u16,
    table: &mut Table<'_>,
    gaps: &mut Vec<Why>,
) -> Vec<Laboratory> {
    let works = table.at_least("lab.hours_per_day", 1.0);
    let (run, batch) = (table.get("lab.run_minutes"), table.at_least("lab.run_tubes", 1.0));
    let rests_on = [works, run, batch].into_iter().flatten();
    let origin = rests_on.fold(Origin::Reported, |all, one| all.and(one.origin));
    let mut refused = Vec::new();
    let mut all = Vec::new();
    for row in picture.care.facilities.iter().filter(|row| row.level == Level::Laboratory) {
        let facility = &row.facility;
        if !is_there(facility, start) {
            continue;
        }
        if facility.acceptance_until.is_none_or(|until| until < start) {
            refused.push(facility.id.as_str());
            continue;
        }
        let status = row.status.as_ref().filter(|status| status.unit == CapacityUnit::TubesPerDay);
        let per_day = status.and_then(levee_model::facility::FacilityStatus::usable).map(|(tubes, _)| tubes);
        let per_hour = per_day.zip(works).map_or_else(Vec::new, |(tubes, works)| {
            let worked: u16 = small(works.value.floor().min(24.0), 24);
            let tubes = Tubes::new(tubes / u64::from(worked.max(1)));
            let first = if worked < 24 { opening.map_or(0, |opening| opening.from) } else { 0 };
            working(first, worked, hours).into_iter().map(|hours| HourlyCapacity { hours, tubes }).collect()
        });
        let reported = status.map_or(Origin::Reported, |status| status.provenance.origin);
        all.push(Laboratory {
            laboratory: facility.id.clone(),
            district: facility.area.clone(),
            per_day: per_day.map(Tubes::new),
            per_hour,
            // The plan begins at midnight: nothing is loaded on its first day before it.
            loaded_before: Tubes::ZERO,
            batch: batch.map_or(1, |tubes| small(tubes.value.floor(), u32::MAX)),
            turnaround_minutes: run.map(|run| small(run.value, u32::MAX)),
            outages: Vec::new(),
            stopped_from: None,
            origin: origin.and(reported).and(facility.provenance.origin),
        });
    }
    if !refused.is_empty() {
        let ids = refused.join(", ");
        gaps.push(Why::new(
            format!("实验室{ids}当日无有效验收，未编入；验收后更新 facilities.csv"),
            format!("laboratories without a valid acceptance on the day are not planned with: {ids}; accept them and report it in facilities.csv"),
        ));
    }
    all
}

/// Hours of work within the plan: so many a day from `first` on, past midnight into the next day's morning.
fn working(first: u16, worked: u16, hours: u16) -> Vec<HourSpan> {
    if worked >= 24 {
        return vec![HourSpan { from: 0, until: hours }];
    }
    let mut spans = Vec::new();
    if let Some(rest @ 1..) = (first + worked).checked_sub(24) {
        spans.push(HourSpan { from: 0, until: rest });
    }
    let mut from = first;
    while from < hours {
        spans.push(HourSpan { from, until: (from + worked).min(hours) });
        from += 24;
    }
    spans
}

/// Laboratories that a site may send to: its nearest. Judgement: twelve are twice what a plan without a shortage looks at, and beyond them
/// couriers are on the road for hours; a shortage that they cannot mend is one to ask for help with.
const NEAREST: usize = 12;

/// A way from each site to its nearest laboratories whose points are known: great circle times the detour, at a courier's speed.
pub(super) fn lanes(
    known: &KnownCity,
    picture: &Picture,
    sites: &[SamplingSite],
    laboratories: &[Laboratory],
    table: &mut Table<'_>,
) -> Vec<TubeLane> {
    let courier = (table.at_least("testing.courier_km_per_hour", 1.0), table.get("testing.courier_load_minutes"));
    let every = table.at_least("testing.courier_every_hours", 1.0);
    let ((Some(speed), Some(load)), Some(every)) = (courier, every) else { return Vec::new() };
    let origin = speed.origin.and(load.origin).and(every.origin).and(Origin::Derived);
    let points = |id: &FacilityId| known.facts.facilities.iter().filter(|one| one.id == *id).find_map(|one| one.point);
    let from: Vec<_> = sites.iter().filter_map(|one| Some((one, points(&one.site)?))).collect();
    let to: Vec<_> = picture
        .care
        .facilities
        .iter()
        .filter(|row| row.level == Level::Laboratory)
        .filter(|row| laboratories.iter().any(|one| one.laboratory == row.facility.id))
        .filter_map(|row| Some((&row.facility, row.facility.point?)))
        .collect();
    let mut lanes = Vec::new();
    for (site, a) in &from {
        let mut near: Vec<_> =
            to.iter().map(|(laboratory, b)| (great_circle_metres(*a, *b) * LaneMaker::DETOUR, *laboratory)).collect();
        near.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.id.cmp(&other.1.id)));
        for (metres, laboratory) in near.into_iter().take(NEAREST) {
            let minutes = load.value + metres / 1000.0 / speed.value * 60.0;
            lanes.push(TubeLane {
                from: site.site.clone(),
                laboratory: laboratory.id.clone(),
                metres: whole(metres),
                minutes: small(minutes, u32::MAX),
                every_hours: small(every.value, u16::MAX),
                origin: origin.and(site.origin).and(laboratory.provenance.origin),
            });
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_laboratory_that_works_past_midnight_works_in_the_morning_too() {
        let said = |first, worked| {
            let spans = working(first, worked, 48);
            spans.iter().map(|span| format!("{}-{}", span.from, span.until)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(said(0, 24), "0-48");
        assert_eq!(said(7, 10), "7-17 31-41");
        // From 7 for 20 hours: until 3 in the morning, each day; the plan ends before the second has.
        assert_eq!(said(7, 20), "0-3 7-27 31-48");
    }
}
