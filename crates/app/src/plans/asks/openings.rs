//! What the planner of openings is asked: makeshift and designated hospitals that are shut, halls that are planned, makeshift
//! hospitals that could close, and the staff that is free for them. Isolation sites are the rooms' question.
//!
//! Sites that are open, and sites whose opening is decided (a day and beds stand in the register), are the city's own beds: the
//! plan of transfers counts on those and on nothing that stands here.

use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::area::Area;
use levee_model::facility::{CapacityUnit, Facility, FacilityKind, FacilityStatus, Level};
use levee_model::ids::FacilityId;
use levee_model::plan::{
    Lane, OpeningsInputs, PlanInputs, Site, SiteBeds, SiteNow, StaffCount, StaffKind, StaffTeam, TeamId,
};
use levee_model::provenance::Origin;
use levee_model::quantity::Beds;
use levee_picture::{FacilityLevel, Picture};
use levee_planner::{LaneMaker, Place};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Levels of care in beds.
const IN_BEDS: [Level; 4] = [Level::Makeshift, Level::General, Level::Severe, Level::Critical];

/// Halls of one hospital that are asked about at most; more are planned as one.
const HALLS_AT_MOST: u64 = 12;

/// What is asked beside the city's own needs, beds and ways, which stand with the transfers of the same plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningsAsked {
    /// Sites about which can be decided. A hall is named by its hospital: `CQ-MH-01.hall-2`.
    pub sites: Vec<Site>,
    /// Staff that no site has yet.
    pub staff: Vec<StaffTeam>,
    /// Ways to sites to which the transfers have none.
    pub lanes: Vec<Lane>,
}

impl OpeningsAsked {
    /// The whole question, with the city that the transfers are planned for.
    pub fn inputs(&self, city: &PlanInputs) -> OpeningsInputs {
        let mut city = city.clone();
        let shut: BTreeSet<&FacilityId> =
            self.sites.iter().filter(|site| site.now == SiteNow::Shut).map(|site| &site.facility).collect();
        // A shut site that reports no beds has nothing in the city, and would stand there twice once it opens.
        city.capacity.retain(|row| !shut.contains(&row.facility));
        city.lanes.extend(self.lanes.iter().cloned());
        OpeningsInputs { city, rooms: Vec::new(), sites: self.sites.clone(), staff: self.staff.clone() }
    }
}

/// The hospital that a hall belongs to, and which hall of it; `None` for a site of its own.
pub fn hall_of(site: &FacilityId) -> Option<(&str, &str)> {
    site.as_str().rsplit_once(".hall-")
}

/// The parameters that are asked, and the worst that they rest on.
struct Asking<'a> {
    known: &'a KnownCity,
    start: Date,
    origin: Origin,
}

impl Asking<'_> {
    fn parameter(&mut self, id: &str) -> Option<f64> {
        let (row, value) = self.known.parameters.in_force(id, self.start).ok()?;
        self.origin = self.origin.and(row.origin);
        Some(value).filter(|value| value.is_finite() && *value >= 0.0)
    }

    fn days(&mut self, id: &str) -> Option<u8> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded on the line before")]
        self.parameter(id).map(|days| days.ceil().min(255.0) as u8)
    }

    /// Staff for so many beds at a level, on each day, all shifts together.
    fn runs(&mut self, beds: &[(Level, u64)]) -> Option<Vec<StaffCount>> {
        let shifts = self.parameter("staff.care_shifts_per_day")?;
        let support = self.parameter("staff.support_per_100_beds")?;
        let mut people: BTreeMap<StaffKind, f64> = BTreeMap::new();
        for (level, beds) in beds {
            let name = level_name(*level)?;
            let doctors = self.parameter(&format!("staff.doctors_per_100_{name}_beds"))?;
            let nurses = self.parameter(&format!("staff.nurses_per_100_{name}_beds"))?;
            let nursing = if *level == Level::Critical { StaffKind::IntensiveCare } else { StaffKind::Nurse };
            #[expect(clippy::cast_precision_loss, reason = "counts of beds lie far below 2^52")]
            let hundreds = *beds as f64 / 100.0 * shifts;
            *people.entry(StaffKind::Physician).or_default() += doctors * hundreds;
            *people.entry(nursing).or_default() += nurses * hundreds;
            *people.entry(StaffKind::Support).or_default() += support * hundreds;
        }
        Some(counts(people))
    }

    /// Staff that prepares so many beds, on each day of the lead time.
    fn prepares(&mut self, beds: u64) -> Option<Vec<StaffCount>> {
        let per = self.parameter("staff.preparing_per_100_beds")?;
        #[expect(clippy::cast_precision_loss, reason = "counts of beds lie far below 2^52")]
        let people = per * beds as f64 / 100.0;
        Some(counts([(StaffKind::Support, people)].into()))
    }

    /// A site that is shut, of its own or a hall of one that is open.
    fn shut(&mut self, facility: &Facility, id: FacilityId, beds: Vec<SiteBeds>, origin: Origin) -> Site {
        let lead = match facility.kind {
            FacilityKind::DesignatedHospital => "designated.lead_days",
            _ => "makeshift.lead_days",
        };
        let known: Option<Vec<(Level, u64)>> =
            beds.iter().map(|row| Some((row.level, row.physical?.min(row.equipped?).get()))).collect();
        let (run_by, prepared_by) = match &known {
            Some(known) => (self.runs(known), self.prepares(known.iter().map(|(_, beds)| beds).sum())),
            None => (None, None),
        };
        Site {
            facility: id,
            kind: facility.kind,
            district: facility.area.clone(),
            now: SiteNow::Shut,
            beds,
            lead_days: self.days(lead),
            prepared_by,
            run_by,
            minimum_days_open: self.days("makeshift.minimum_days_open").unwrap_or(0),
            acceptance_until: facility.acceptance_until,
            origin: origin.and(facility.provenance.origin),
        }
    }
}

fn counts(people: BTreeMap<StaffKind, f64>) -> Vec<StaffCount> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "people of a checked table")]
    people.into_iter().map(|(kind, people)| StaffCount { kind, people: people.ceil() as u64 }).collect()
}

fn level_name(level: Level) -> Option<&'static str> {
    match level {
        Level::Makeshift => Some("makeshift"),
        Level::General => Some("general"),
        Level::Severe => Some("severe"),
        Level::Critical => Some("critical"),
        Level::Isolation | Level::Laboratory => None,
    }
}

/// What it is asked. A parameter that the city lacks leaves what rests on it unknown, and the plan names it.
pub(crate) fn asked(known: &KnownCity, picture: &Picture, city: &PlanInputs) -> OpeningsAsked {
    let mut asking = Asking { known, start: city.start, origin: Origin::Reported };
    let mut by_facility: BTreeMap<&FacilityId, Vec<&FacilityLevel>> = BTreeMap::new();
    for row in &picture.care.facilities {
        by_facility.entry(&row.facility.id).or_default().push(row);
    }
    let mut sites = Vec::new();
    let mut points = Vec::new();
    for (id, rows) in &by_facility {
        let Some(facility) = rows.first().map(|row| &row.facility) else { continue };
        let found = sites_of(&mut asking, facility, rows);
        points.extend(found.iter().map(|site| Place {
            id: site.facility.clone(),
            point: facility.point,
            origin: facility.provenance.origin,
        }));
        debug_assert!(found.iter().all(|site| site.facility.as_str().starts_with(id.as_str())));
        sites.extend(found);
    }
    // Registered, and nothing ever reported of it: named, so that somebody reports it.
    let silent: BTreeMap<&FacilityId, &Facility> =
        known.facts.facilities.iter().map(|facility| (&facility.id, facility)).collect();
    for (id, facility) in silent {
        if !by_facility.contains_key(id) && is_hospital(facility) && is_shut(facility, city.start) {
            sites.push(asking.shut(facility, id.clone(), vec![unknown_beds(facility)], facility.provenance.origin));
        }
    }
    let held: BTreeSet<&FacilityId> = city.lanes.iter().map(|lane| &lane.facility).collect();
    points.retain(|place| !held.contains(&place.id));
    let speeds = asking.parameter("speed.coach_km_per_hour").zip(asking.parameter("speed.ambulance_km_per_hour"));
    let lanes = speeds.map_or_else(Vec::new, |(coach, ambulance)| {
        let districts: Vec<Place<_>> = known.places.districts().map(place_of).collect();
        let maker = LaneMaker { detour: LaneMaker::DETOUR, coach_km_per_hour: coach, ambulance_km_per_hour: ambulance };
        maker.lanes(&districts, &points)
    });
    let staff = teams(&mut asking);
    // Lead times, halls and staff are the parameters', whoever reported the site.
    for site in &mut sites {
        site.origin = site.origin.and(asking.origin);
    }
    OpeningsAsked { sites, staff, lanes }
}

fn place_of(area: &Area) -> Place<levee_model::area::PlaceCode> {
    Place { id: area.code.clone(), point: area.point, origin: Origin::Reported }
}

fn is_hospital(facility: &Facility) -> bool {
    matches!(facility.kind, FacilityKind::MakeshiftHospital | FacilityKind::DesignatedHospital)
}

fn is_shut(facility: &Facility, start: Date) -> bool {
    facility.opens_on.is_some_and(|day| day > start)
}

fn unknown_beds(facility: &Facility) -> SiteBeds {
    let level = match facility.kind {
        FacilityKind::DesignatedHospital => Level::General,
        _ => Level::Makeshift,
    };
    SiteBeds { level, physical: None, equipped: None }
}

fn in_beds<'a>(row: &&'a FacilityLevel) -> Option<&'a FacilityStatus> {
    row.status.as_ref().filter(|status| status.unit == CapacityUnit::Beds && IN_BEDS.contains(&status.level))
}

/// What can be decided about one facility.
fn sites_of(asking: &mut Asking<'_>, facility: &Facility, rows: &[&FacilityLevel]) -> Vec<Site> {
    if !is_hospital(facility) || facility.closes_on.is_some_and(|day| day <= asking.start) {
        return vec![];
    }
    let reported: Vec<&FacilityStatus> = rows.iter().filter_map(in_beds).collect();
    let origin = reported.iter().fold(facility.provenance.origin, |origin, row| origin.and(row.provenance.origin));
    let some_beds = reported.iter().any(|row| row.physical.is_some_and(|beds| beds > 0));
    match (is_shut(facility, asking.start), some_beds) {
        // A day and beds: that is decided, and the city counts on it.
        (true, true) => vec![],
        (true, false) => {
            let planned = |row: &&FacilityStatus| {
                let beds = row.planned.map(Beds::new);
                SiteBeds { level: row.level, physical: beds, equipped: beds }
            };
            let mut beds: Vec<SiteBeds> = reported.iter().map(planned).collect();
            if beds.is_empty() {
                beds.push(unknown_beds(facility));
            }
            vec![asking.shut(facility, facility.id.clone(), beds, origin)]
        }
        (false, _) => {
            let halls = halls(asking, facility, &reported, origin);
            if halls.is_empty() && facility.kind == FacilityKind::MakeshiftHospital && nearly_empty(asking, &reported) {
                vec![open(asking, facility, &reported, origin)]
            } else {
                halls
            }
        }
    }
}

/// Beds that are planned at an open makeshift hospital beyond those that exist, hall by hall.
fn halls(asking: &mut Asking<'_>, facility: &Facility, reported: &[&FacilityStatus], origin: Origin) -> Vec<Site> {
    let row = reported.iter().find(|row| row.level == Level::Makeshift && row.planned > row.physical);
    let Some((there, planned)) = row.and_then(|row| row.physical.zip(row.planned)) else { return vec![] };
    let to_come = planned - there;
    let size = asking.parameter("makeshift.hall_beds").filter(|beds| *beds >= 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of beds, at least one")]
    let size = size.map_or(to_come, |beds| beds as u64).max(to_come.div_ceil(HALLS_AT_MOST)).max(1);
    (0..to_come.div_ceil(size))
        .filter_map(|nth| {
            let beds = Beds::new(size.min(to_come - nth * size));
            // The first hall is the one that is open.
            let id = format!("{}.hall-{}", facility.id, nth + 2).parse().ok()?;
            let beds = SiteBeds { level: Level::Makeshift, physical: Some(beds), equipped: Some(beds) };
            Some(asking.shut(facility, id, vec![beds], origin))
        })
        .collect()
}

/// Whether so few beds are in use that closing may be asked about. The plan sees a week and no cost in moving a patient, so it would
/// empty a hall that is needed in the next; a share that nobody named, or beds that nobody reported, ask about nothing.
fn nearly_empty(asking: &mut Asking<'_>, reported: &[&FacilityStatus]) -> bool {
    let Some(share) = asking.parameter("makeshift.close_below_share") else { return false };
    let sum = |count: fn(&FacilityStatus) -> Option<u64>| reported.iter().map(|row| count(row)).sum::<Option<u64>>();
    #[expect(clippy::cast_precision_loss, reason = "counts of beds lie far below 2^52")]
    sum(|row| row.occupied)
        .zip(sum(|row| row.staffed))
        .is_some_and(|(in_use, beds)| in_use as f64 <= share * beds as f64)
}

/// A makeshift hospital that takes people, and could close.
fn open(asking: &mut Asking<'_>, facility: &Facility, reported: &[&FacilityStatus], origin: Origin) -> Site {
    let staffed: Option<Vec<(Level, u64)>> = reported.iter().map(|row| Some((row.level, row.staffed?))).collect();
    Site {
        facility: facility.id.clone(),
        kind: facility.kind,
        district: facility.area.clone(),
        now: SiteNow::Open { since: facility.opens_on },
        beds: Vec::new(),
        lead_days: None,
        prepared_by: None,
        run_by: staffed.filter(|beds| !beds.is_empty()).and_then(|beds| asking.runs(&beds)),
        minimum_days_open: asking.days("makeshift.minimum_days_open").unwrap_or(u8::MAX),
        acceptance_until: facility.acceptance_until,
        origin,
    }
}

/// Each district's free staff, by the residents that it has; a district whose residents nobody counted has a team of unknown size.
fn teams(asking: &mut Asking<'_>) -> Vec<StaffTeam> {
    const FREE: [(StaffKind, &str); 4] = [
        (StaffKind::Physician, "physicians"),
        (StaffKind::Nurse, "nurses"),
        (StaffKind::IntensiveCare, "intensive_care"),
        (StaffKind::Support, "support"),
    ];
    let mut teams = Vec::new();
    for (kind, name) in FREE {
        let Some(per) = asking.parameter(&format!("staff.free_{name}_per_10000")) else { continue };
        for area in asking.known.places.districts() {
            let Ok(team) = format!("{}.reserve", area.code).parse::<TeamId>() else { continue };
            teams.push(StaffTeam {
                team,
                kind,
                people: free(per, area),
                outside: false,
                from: asking.start,
                until: None,
                origin: asking.origin,
            });
        }
    }
    teams
}

/// So many for each 10,000 residents of an area.
pub(super) fn free(per_10000: f64, area: &Area) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let people = per_10000 * area.population?.get() as f64 / 10_000.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "people of a checked table")]
    Some(people.floor().clamp(0.0, 1e9) as u64)
}
