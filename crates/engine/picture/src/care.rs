//! People in care, and the facilities that hold them.

use crate::Moment;
use crate::figure::{Figure, Known, Why, hours_between};
use levee_model::facility::{Binding, Facility, FacilityStatus, Level};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::FacilityId;
use levee_model::report::{Qualifier, Statement};
use std::collections::BTreeMap;

/// What a facility holds at one level, as last reported.
#[derive(Clone, Debug, PartialEq)]
pub struct FacilityLevel {
    /// The facility.
    pub facility: Facility,
    /// The level.
    pub level: Level,
    /// Its latest status; `None` = never reported.
    pub status: Option<FacilityStatus>,
    /// min(physical, staffed, equipped) and which binds; unknown while one of them is.
    pub usable: Known<(u64, Binding)>,
    /// In use.
    pub occupied: Known<u64>,
    /// Hours since the moment it speaks of; `None` = never reported.
    pub age_hours: Option<f64>,
}

/// People in care, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Care {
    /// Latest figure of each kind that was stated for the city, by kind and name.
    pub stated: BTreeMap<(String, String), Figure<f64>>,
    /// People in care: stated as one total, or the sum of confirmed and asymptomatic of the same hour.
    pub in_care: Known<f64>,
    /// Facilities by id and level.
    pub facilities: Vec<FacilityLevel>,
}

impl Care {
    /// The latest figure of a kind stated for the city, under whatever name; the latest name first.
    pub fn latest(&self, kind: &str) -> Option<&Figure<f64>> {
        self.stated.iter().filter(|((k, _), _)| k == kind).map(|(_, f)| f).max_by_key(|f| f.as_of)
    }
}

fn figure(statement: &Statement, moment: Moment) -> Figure<f64> {
    let mut figure = Figure::stated(statement.value, &statement.provenance, statement.at, moment.as_known_at);
    figure.qualifier = statement.qualifier;
    figure
}

fn in_care(stated: &BTreeMap<(String, String), Figure<f64>>) -> Known<f64> {
    let latest = |kind: &str| stated.iter().filter(|((k, _), _)| k == kind).map(|(_, f)| f).max_by_key(|f| f.as_of);
    let total = latest("in_hospital_total");
    let sum = latest("under_care_confirmed").zip(latest("under_care_asymptomatic")).and_then(|(c, a)| {
        let mut sum = c.computed(c.value + a.value);
        sum.also_from(a);
        (c.as_of == a.as_of).then_some(sum)
    });
    match (total, sum) {
        // Of the same hour, the stated total stands; otherwise the later one.
        (Some(total), Some(sum)) if sum.as_of > total.as_of => Known::Known(sum),
        (Some(total), _) => Known::Known(total.clone()),
        (None, Some(sum)) => Known::Known(sum),
        // Only a part was ever stated: all of them are more than that.
        (None, None) => match latest("under_care_confirmed").or(latest("under_care_asymptomatic")) {
            Some(part) => {
                let mut at_least = part.computed(part.value);
                at_least.qualifier = Qualifier::MoreThan;
                Known::Known(at_least)
            }
            None => Known::Unknown(Why::NeverReported),
        },
    }
}

pub(crate) fn care(
    moment: Moment,
    places: &Gazetteer,
    statements: &[Statement],
    facilities: &[Facility],
    statuses: &[FacilityStatus],
) -> Care {
    let mut stated: BTreeMap<(String, String), Figure<f64>> = BTreeMap::new();
    for statement in statements.iter().filter(|s| s.place == *places.city() && s.at <= moment.as_known_at) {
        let key = (statement.kind.clone(), statement.name.clone());
        let newer = stated.get(&key).is_none_or(|old| old.as_of <= statement.at);
        if newer {
            stated.insert(key, figure(statement, moment));
        }
    }
    let mut latest: BTreeMap<(&FacilityId, Level), &FacilityStatus> = BTreeMap::new();
    for status in statuses.iter().filter(|s| s.at <= moment.as_known_at) {
        let slot = latest.entry((&status.facility, status.level)).or_insert(status);
        if (status.at, status.provenance.known_at) >= (slot.at, slot.provenance.known_at) {
            *slot = status;
        }
    }
    // Rows come in the order they became known: a facility's later row replaces its earlier one.
    let by_id: BTreeMap<&FacilityId, &Facility> = facilities.iter().map(|f| (&f.id, f)).collect();
    let mut rows = Vec::new();
    for (id, facility) in &by_id {
        let of_facility: Vec<_> = latest.iter().filter(|((f, _), _)| f == id).collect();
        if of_facility.is_empty()
            && let Some(level) = usual_level(facility)
        {
            rows.push(row(facility, level, None, moment));
        }
        for ((_, level), status) in of_facility {
            rows.push(row(facility, *level, Some(status), moment));
        }
    }
    Care { in_care: in_care(&stated), stated, facilities: rows }
}

/// The level under which a facility that never reported is listed, so that it is seen as unknown.
fn usual_level(facility: &Facility) -> Option<Level> {
    use levee_model::facility::FacilityKind as Kind;
    match facility.kind {
        Kind::MakeshiftHospital => Some(Level::Makeshift),
        Kind::DesignatedHospital => Some(Level::General),
        Kind::IsolationSite => Some(Level::Isolation),
        Kind::Laboratory => Some(Level::Laboratory),
        Kind::SamplingSite | Kind::Depot | Kind::Warehouse => None,
    }
}

fn row(facility: &Facility, level: Level, status: Option<&FacilityStatus>, moment: Moment) -> FacilityLevel {
    let known = |value: Option<u64>, status: &FacilityStatus| match value {
        Some(value) => Known::Known(stated_by(value, status, moment)),
        None => Known::Unknown(Why::NotReportedForDay),
    };
    FacilityLevel {
        facility: facility.clone(),
        level,
        usable: status.map_or(Known::Unknown(Why::NeverReported), |s| match s.usable() {
            Some(usable) => Known::Known(stated_by(usable, s, moment)),
            None => Known::Unknown(Why::PartUnknown),
        }),
        occupied: status.map_or(Known::Unknown(Why::NeverReported), |s| known(s.occupied, s)),
        age_hours: status.map(|s| hours_between(s.at, moment.as_known_at)),
        status: status.cloned(),
    }
}

fn stated_by<T>(value: T, status: &FacilityStatus, moment: Moment) -> Figure<T> {
    let mut figure = Figure::stated(value, &status.provenance, status.at, moment.as_known_at);
    figure.qualifier = Qualifier::Exact;
    figure
}
