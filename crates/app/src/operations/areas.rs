//! Lines of proposed areas of high risk, with their clocks; and their place on the map.

use super::gather::Gather;
use crate::city::{AppError, City};
use crate::zones::{ProposedZones, propose_at};
use jiff::Timestamp;
use levee_brief::facts::{Origin, Words};
use levee_brief::operations::{
    Feature, FeatureKind, NoGeometry, NotInBooks, Row, Source, State, WhyUnplaced, ZoneClock,
};
use levee_measures::zones::{Zone, ZoneState};
use levee_model::area::PlaceCode;
use levee_rulebook::Rulebook;
use serde_json::json;
use std::collections::BTreeMap;

/// Whose task the areas are: service to the door, and release.
const SECTION: &str = "community";

/// The clock of a proposed area.
fn clock(zone: &Zone) -> ZoneClock {
    let (clock, released_on) = match zone.state {
        ZoneState::Closed(clock) => (clock, None),
        ZoneState::Released { on, clock } => (clock, Some(on)),
    };
    ZoneClock {
        since: zone.since,
        last_infection: clock.last_infection,
        days_clear: clock.days_clear,
        days_needed: clock.days_needed,
        complete_on: clock.complete_on(),
        waits_for_round: clock.waits_for_round(),
        released_on,
    }
}

fn clock_words(clock: &ZoneClock) -> Words {
    let needed =
        clock.days_needed.map_or_else(|| ("未知".to_owned(), "unknown".to_owned()), |n| (n.to_string(), n.to_string()));
    let (zh, en) = match (clock.released_on, clock.waits_for_round) {
        (Some(_), _) => ("；解除条件已具备", "; the condition of its release holds"),
        (None, true) => ("；只待闭环检测全阴", "; waits only for an all-negative closing round"),
        (None, false) => ("", ""),
    };
    let days = clock.days_clear;
    Words::new(format!("清零计时{days}天，须{}天{zh}", needed.0), format!("{days} clear days of {}{en}", needed.1))
}

/// Areas that are closed, or whose release falls on the day: those that ask something of somebody. What was released before is on the
/// map alone, as its history.
pub(super) fn areas(
    city: &City<'_>,
    book: Option<&Rulebook>,
    moment: Timestamp,
    gather: &mut Gather<'_>,
) -> Result<(), AppError> {
    let what = || Words::new("高风险区", "areas of high risk");
    let Some(book) = book else {
        let why = Words::new(
            "未指明规则库：见 city.toml 或 --rulebook",
            "nobody said which rulebook: see city.toml, or --rulebook",
        );
        gather.missing.push(NotInBooks { what: what(), why });
        return Ok(());
    };
    let today = gather.today();
    let proposed = match propose_at(city, book, today, moment) {
        Ok(proposed) => proposed,
        // A day before every version of the rules: nothing allows an area.
        Err(AppError::Date { what: why, .. }) => {
            gather.missing.push(NotInBooks { what: what(), why: Words::same(why) });
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let asks = |zone: &&Zone| match zone.state {
        ZoneState::Closed(_) => true,
        ZoneState::Released { on, .. } => on >= today,
    };
    let now: Vec<&Zone> = proposed.zones.zones.iter().filter(asks).collect();
    let (coarse, assess) = (&proposed.zones.too_coarse, &proposed.zones.to_assess);
    gather.found(Source::Zone, (now.len() + coarse.len() + assess.len()) as u64);
    for zone in now {
        line(gather, zone);
    }
    for one in coarse {
        let district = district(gather, &one.place);
        let (from, to) = one.days;
        let what = gather.short(one.place.as_str());
        let what = Words::new(
            format!("{}：{from}至{to}的感染", what.zh),
            format!("{}: infections of {from} to {to}", what.en),
        );
        let id = format!("{}/{from}", one.place);
        gather.unplaced(Source::Zone, id, what, district, WhyUnplaced::TooCoarse);
    }
    for one in assess {
        let district = district(gather, &one.place);
        let place = gather.short(one.place.as_str());
        let what =
            Words::new(format!("{}：{}的感染", place.zh, one.day), format!("{}: infections of {}", place.en, one.day));
        gather.unplaced(Source::Zone, format!("{}/{}", one.place, one.day), what, district, WhyUnplaced::ToAssess);
    }
    features(gather, &proposed);
    Ok(())
}

fn district(gather: &Gather<'_>, place: &PlaceCode) -> Option<String> {
    gather.path(place).map(|path| path.book().to_owned())
}

fn line(gather: &mut Gather<'_>, zone: &Zone) {
    let clock = clock(zone);
    let id = format!("{}/{}", zone.place, zone.since);
    let name = gather.short(zone.place.as_str());
    let Some(path) = gather.path(&zone.place) else {
        gather.unplaced(Source::Zone, id, name, None, WhyUnplaced::NoPlace);
        return;
    };
    let what = match clock.released_on {
        Some(_) => Words::new("解除高风险区（建议）", "release the area of high risk (proposed)"),
        None => Words::new("高风险区（建议）", "area of high risk (proposed)"),
    };
    // Released: by the end of the day on which it may be. Closed: until its clear days are complete.
    let end = clock.released_on.or(clock.complete_on).and_then(|day| gather.calendar.end_of(day));
    let Some(until) = end else {
        let district = Some(path.book().to_owned());
        gather.unplaced(Source::Zone, id, what, district, WhyUnplaced::NoTime);
        return;
    };
    let late = if clock.waits_for_round || clock.released_on.is_some() { gather.late(until) } else { None };
    let row = Row {
        source: Source::Zone,
        id,
        state: if late.is_some() { State::Overdue } else { State::Planned },
        what,
        units: None,
        section: SECTION.to_owned(),
        owner: gather.on_duty(&path, SECTION, gather.now),
        district: path.book().to_owned(),
        place: zone.place.to_string(),
        place_name: name,
        from: gather.begin(zone.since),
        until: gather.at(until),
        late_minutes: late,
        life_saving: false,
        origin: Origin::Derived,
        note: Some(clock_words(&clock)),
    };
    gather.row(row);
}

fn features(gather: &mut Gather<'_>, proposed: &ProposedZones) {
    for zone in &proposed.zones.zones {
        let clock = clock(zone);
        let Some(path) = gather.path(&zone.place) else { continue };
        let end = clock.released_on.or(clock.complete_on).and_then(|day| gather.calendar.end_of(day));
        let more = BTreeMap::from([
            ("level".to_owned(), json!(zone.level)),
            ("clock".to_owned(), json!(clock)),
            ("released".to_owned(), json!(clock.released_on.is_some())),
        ]);
        gather.features.push(Feature {
            kind: FeatureKind::Zone,
            id: format!("{}/{}", zone.place, zone.since),
            name: gather.short(zone.place.as_str()),
            place: zone.place.to_string(),
            district: path.book().to_owned(),
            section: Some(SECTION.to_owned()),
            owner: gather.on_duty(&path, SECTION, gather.now),
            state: Some(if clock.released_on.is_some() { State::Done } else { State::Planned }),
            from: gather.begin(zone.since),
            until: end.map(|end| gather.at(end)),
            origin: Origin::Derived,
            more,
            geometry: Err(NoGeometry::PlaceNotDrawn),
        });
    }
}
