//! The map: districts with what is due in them, sites, tasks; and the geometry of everything.

use super::gather::Gather;
use crate::city::{AppError, City, founded};
use crate::facts::{self, known};
use crate::outlooks::geojson::outlines;
use crate::plans::PlanDocument;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_brief::facts::{Origin, Words};
use levee_brief::operations::{Feature, FeatureKind, NoGeometry, Row, Source, State};
use levee_model::area::{Level as AreaLevel, PlaceCode};
use levee_model::facility::{Facility, FacilityStatus};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn point(lat: f64, lon: f64) -> Value {
    json!({ "type": "Point", "coordinates": [lon, lat] })
}

/// Adds districts, sites and tasks, and draws everything that has a place.
pub(super) fn map(
    city: &City<'_>,
    plan: Option<&PlanDocument>,
    moment: Timestamp,
    gather: &mut Gather<'_>,
) -> Result<(), AppError> {
    let (founded, _, _) = founded(city.journal)?;
    let bytes = founded.boundaries.as_ref().map(|blob| city.blobs.get(blob)).transpose()?;
    let outlines = bytes.as_deref().map(outlines).transpose()?.unwrap_or_default();
    sites(city, plan, moment, gather)?;
    tasks(gather);
    districts(gather);
    let places = std::sync::Arc::clone(&gather.desk.places);
    for feature in &mut gather.features {
        if feature.geometry != Err(NoGeometry::PlaceNotDrawn) {
            continue;
        }
        let code: Option<PlaceCode> = feature.place.parse().ok();
        let area = code.as_ref().and_then(|code| places.area(code));
        feature.geometry = match (area, feature.kind) {
            (Some(area), _) if area.level == AreaLevel::City => Err(NoGeometry::WholeCity),
            // A task stands at the point of its place: an outline for each would repeat the district a thousand times.
            (Some(area), FeatureKind::Task) => {
                area.point.map(|(lat, lon)| point(lat, lon)).ok_or(NoGeometry::PlaceNotDrawn)
            }
            (Some(area), _) => match (outlines.get(area.code.as_str()), area.point) {
                (Some(outline), _) => Ok(outline.clone()),
                (None, Some((lat, lon))) => Ok(point(lat, lon)),
                (None, None) => Err(NoGeometry::PlaceNotDrawn),
            },
            (None, _) => Err(NoGeometry::PlaceNotDrawn),
        };
    }
    Ok(())
}

fn sites(
    city: &City<'_>,
    plan: Option<&PlanDocument>,
    moment: Timestamp,
    gather: &mut Gather<'_>,
) -> Result<(), AppError> {
    let rows = known(city.journal, "facilities", None, Date::MAX, moment)?;
    let mut all: BTreeMap<String, Facility> = BTreeMap::new();
    for row in &rows {
        // Of several offices the one that spoke last counts.
        let one = facts::facility(row)?;
        all.insert(one.id.to_string(), one);
    }
    let mut status: BTreeMap<(String, String), FacilityStatus> = BTreeMap::new();
    for row in known(city.journal, "facility_status", None, gather.today(), moment)? {
        let one = facts::facility_status(&row)?;
        let key = (one.facility.to_string(), format!("{:?}", one.level));
        if status.get(&key).is_none_or(|before| before.at <= one.at) {
            status.insert(key, one);
        }
    }
    for (id, one) in all {
        let levels: Vec<Value> = status
            .range((id.clone(), String::new())..)
            .take_while(|((of, _), _)| *of == id)
            .map(|(_, row)| {
                let usable = row.usable().map(|(usable, _)| usable);
                let free = usable.zip(row.occupied).map(|(usable, occupied)| usable.saturating_sub(occupied));
                json!({ "level": row.level, "unit": row.unit, "as_of": row.at, "usable": usable, "occupied": row.occupied,
                    "free": free, "synthetic": row.provenance.origin == Origin::Synthetic })
            })
            .collect();
        let decided = plan.and_then(|plan| {
            let openings = plan.openings.as_ref()?;
            let opens = openings.plan.openings.iter().find(|opening| opening.facility == one.id);
            let closes = openings.plan.closings.iter().find(|closing| closing.facility == one.id);
            opens
                .map(|opening| json!({ "opens_on": opening.opens_on, "decide_by": opening.prepare_from }))
                .or_else(|| closes.map(|closing| json!({ "closes_on": closing.closes_on })))
        });
        let path = gather.path(&one.area);
        let more = BTreeMap::from([
            ("facility_kind".to_owned(), json!(one.kind)),
            // Never reported is null, which is not zero.
            ("capacity".to_owned(), if levels.is_empty() { Value::Null } else { Value::Array(levels) }),
            ("acceptance_until".to_owned(), json!(one.acceptance_until)),
            ("opens_on".to_owned(), json!(one.opens_on)),
            ("closes_on".to_owned(), json!(one.closes_on)),
            ("proposed".to_owned(), decided.unwrap_or(Value::Null)),
        ]);
        gather.features.push(Feature {
            kind: FeatureKind::Site,
            id,
            name: Words::new(&one.name_zh, &one.name_en),
            place: one.id.to_string(),
            district: path.as_ref().map_or_else(|| one.area.to_string(), |path| path.book().to_owned()),
            section: None,
            owner: None,
            state: None,
            from: None,
            until: None,
            origin: one.provenance.origin,
            more,
            geometry: one.point.map(|(lat, lon)| point(lat, lon)).ok_or(NoGeometry::PlaceNotDrawn),
        });
    }
    Ok(())
}

/// One feature for each open obligation.
fn tasks(gather: &mut Gather<'_>) {
    let task = |row: &Row| Feature {
        kind: FeatureKind::Task,
        id: row.id.clone(),
        name: row.what.clone(),
        place: row.place.clone(),
        district: row.district.clone(),
        section: Some(row.section.clone()),
        owner: row.owner.clone(),
        state: Some(row.state),
        from: row.from,
        until: Some(row.until),
        origin: row.origin,
        more: BTreeMap::from([
            ("units".to_owned(), json!(row.units.as_ref().map(|(count, _)| count))),
            ("late_minutes".to_owned(), json!(row.late_minutes)),
            ("unowned".to_owned(), json!(row.is_unowned())),
            ("life_saving".to_owned(), json!(row.life_saving)),
        ]),
        geometry: Err(NoGeometry::PlaceNotDrawn),
    };
    let tasks: Vec<Feature> =
        gather.rows.iter().filter(|row| row.source == Source::Obligation && row.is_open()).map(task).collect();
    gather.features.extend(tasks);
}

/// One feature for each district, with what is due in it.
fn districts(gather: &mut Gather<'_>) {
    let codes: Vec<String> = gather.desk.places.districts().map(|area| area.code.to_string()).collect();
    for code in codes {
        let rows = || gather.rows.iter().filter(|row| row.district == code);
        let count = |fits: fn(&Row) -> bool| json!(rows().filter(|row| fits(row)).count());
        let more = BTreeMap::from([
            ("overdue".to_owned(), count(|row| row.state == State::Overdue)),
            ("owed".to_owned(), count(Row::is_task)),
            ("live_measures".to_owned(), count(|row| row.source == Source::Measure && row.state == State::Live)),
            ("unowned".to_owned(), count(|row| row.is_open() && row.is_unowned())),
        ]);
        let origin = rows().map(|row| row.origin).max().unwrap_or(Origin::Reported);
        let name = gather.short(&code);
        gather.features.push(Feature {
            kind: FeatureKind::District,
            id: code.clone(),
            name,
            place: code.clone(),
            district: code,
            section: None,
            owner: None,
            state: None,
            from: None,
            until: None,
            origin,
            more,
            geometry: Err(NoGeometry::PlaceNotDrawn),
        });
    }
}
