//! Lines of the plan that was last stored: what it proposes. People decide; nothing here was ordered.

use super::gather::Gather;
use crate::brief::plan::vehicle_words;
use crate::plans::PlanDocument;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span};
use levee_brief::catalogue::write;
use levee_brief::facts::{Message, Origin, Words};
use levee_brief::lang::{Lang, Speaker};
use levee_brief::operations::{At, Row, Source, State, WhyUnplaced};
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;

/// A message of the brief in both languages.
fn said(message: &Message, day: Date) -> Words {
    let of = |lang| write(message, Speaker { lang, year: day.year() }).plain();
    Words::new(of(Lang::Zh), of(Lang::En))
}

/// What a proposal says.
struct Proposal {
    source: Source,
    id: String,
    what: Words,
    units: Option<(u64, Words)>,
    section: &'static str,
    district: Option<PlaceCode>,
    place: String,
    place_name: Words,
    from: Option<DateTime>,
    until: Option<DateTime>,
    life_saving: bool,
    origin: Origin,
    note: Option<Words>,
}

fn midnight(day: Date) -> DateTime {
    day.to_datetime(Time::midnight())
}

fn hour(day: Date, hour: u16) -> Option<DateTime> {
    midnight(day).checked_add(SignedDuration::from_hours(i64::from(hour))).ok()
}

fn people() -> Words {
    Words::new("人", "people")
}

/// Adds the lines of a plan.
pub(super) fn plan(gather: &mut Gather<'_>, name: &str, document: &PlanDocument) {
    let mut all = Vec::new();
    transfers(name, document, &mut all);
    sites(name, document, &mut all);
    runs(name, document, &mut all);
    teams(name, document, &mut all);
    for one in all {
        gather.found(one.source, 1);
        line(gather, one);
    }
}

fn line(gather: &mut Gather<'_>, one: Proposal) {
    let path = match &one.district {
        Some(code) => gather.path(code),
        None => gather.path(gather.desk.places.city()),
    };
    let Some(path) = path else {
        let district = one.district.map(|code| code.to_string());
        gather.unplaced(one.source, one.id, one.what, district, WhyUnplaced::NoPlace);
        return;
    };
    let at = |time: Option<DateTime>| -> Option<At> { time.and_then(|time| gather.civil(time)) };
    let Some(until) = at(one.until) else {
        let district = Some(path.book().to_owned());
        gather.unplaced(one.source, one.id, one.what, district, WhyUnplaced::NoTime);
        return;
    };
    let from = at(one.from);
    let over = until.utc < gather.now;
    let begins = from.map_or(until.utc, |from| from.utc);
    let passed = || {
        Words::new("时间已过；是否执行，见指令", "its time is over; whether it was carried out stands with the orders")
    };
    let row = Row {
        source: one.source,
        id: one.id,
        // A proposal is never late: nobody owes it before somebody orders it.
        state: State::Planned,
        what: one.what,
        units: one.units,
        section: one.section.to_owned(),
        owner: gather.on_duty(&path, one.section, begins),
        district: path.book().to_owned(),
        place: one.place,
        place_name: one.place_name,
        from,
        until,
        late_minutes: None,
        life_saving: one.life_saving,
        origin: one.origin,
        note: if over { Some(passed()) } else { one.note },
    };
    gather.row(row);
}

fn district_of(document: &PlanDocument, id: &FacilityId) -> Option<PlaceCode> {
    document.facilities.iter().find(|one| one.id == *id).map(|one| one.district.clone())
}

fn transfers(name: &str, document: &PlanDocument, all: &mut Vec<Proposal>) {
    let Some(view) = document.transfer_view() else { return };
    for order in &view.orders {
        let facility = document.orders(&order.id).first().map(|(_, first)| first.facility.clone());
        all.push(Proposal {
            source: Source::Transfers,
            id: format!("{name}/{}", order.id),
            what: said(&order.what, document.day),
            units: None,
            section: "transfer",
            district: facility.as_ref().and_then(|id| district_of(document, id)),
            place: facility.as_ref().map(ToString::to_string).unwrap_or_default(),
            place_name: facility.as_ref().map(|id| document.facility_name(id)).unwrap_or_default(),
            from: order.starts,
            until: order.due,
            life_saving: order.life_saving,
            origin: order.origin,
            note: None,
        });
    }
}

fn sites(name: &str, document: &PlanDocument, all: &mut Vec<Proposal>) {
    let day_before = |day: Date| Words::new(format!("须在{day}前决定"), format!("must be decided by {day}"));
    if let Some(part) = &document.openings {
        for one in &part.plan.openings {
            let beds = one.beds.iter().fold(0u64, |sum, (_, beds)| sum.saturating_add(beds.get()));
            let site = document.facility_name(&one.facility);
            all.push(Proposal {
                source: Source::Opening,
                id: format!("{name}/openings/{}", one.facility),
                what: Words::new(format!("启用{}", site.zh), format!("open {}", site.en)),
                units: Some((beds, Words::new("张床位", "beds"))),
                section: "isolation",
                district: Some(one.district.clone()),
                place: one.facility.to_string(),
                place_name: site,
                from: Some(midnight(one.prepare_from)),
                until: Some(midnight(one.opens_on)),
                life_saving: false,
                origin: one.origin,
                note: Some(day_before(one.prepare_from)),
            });
        }
        for one in &part.plan.closings {
            let moved = one.moved_out.iter().fold(0u64, |sum, (_, people)| sum.saturating_add(people.get()));
            let site = document.facility_name(&one.facility);
            all.push(Proposal {
                source: Source::Closing,
                id: format!("{name}/closings/{}", one.facility),
                what: Words::new(format!("关停{}", site.zh), format!("close {}", site.en)),
                units: Some((moved, Words::new("人转出", "people to move out"))),
                section: "isolation",
                district: Some(one.district.clone()),
                place: one.facility.to_string(),
                place_name: site,
                from: document.day.tomorrow().ok().map(midnight),
                until: Some(midnight(one.closes_on)),
                life_saving: false,
                origin: one.origin,
                note: None,
            });
        }
    }
    if let Some(part) = &document.rooms {
        for (nth, one) in (1..).zip(&part.plan.openings) {
            let site = document.facility_name(&one.site);
            all.push(Proposal {
                source: Source::Rooms,
                id: format!("{name}/rooms/{nth}-{}", one.site),
                what: Words::new(format!("启用隔离房间：{}", site.zh), format!("open isolation rooms: {}", site.en)),
                units: Some((one.rooms.get(), Words::new("间", "rooms"))),
                section: "isolation",
                district: Some(one.district.clone()),
                place: one.site.to_string(),
                place_name: site,
                from: Some(midnight(one.decide_by)),
                until: Some(midnight(one.opens_on)),
                life_saving: false,
                origin: one.origin,
                note: Some(day_before(one.decide_by)),
            });
        }
    }
}

fn runs(name: &str, document: &PlanDocument, all: &mut Vec<Proposal>) {
    if let Some(part) = &document.runs {
        let day = part.plan.day;
        for (nth, run) in (1..).zip(&part.plan.runs) {
            let depart = day.to_datetime(run.depart);
            let mut back = day.to_datetime(run.back);
            if back < depart {
                back = back.checked_add(Span::new().days(1)).unwrap_or(back);
            }
            let (to, kind) = (document.facility_name(&run.facility), vehicle_words(run.kind));
            all.push(Proposal {
                source: Source::Run,
                id: format!("{name}/runs/{nth}"),
                what: Words::new(
                    format!("{}（{}）送往{}", kind.zh, run.vehicle, to.zh),
                    format!("{} {} to {}", kind.en, run.vehicle, to.en),
                ),
                units: Some((run.people(), people())),
                section: "transfer",
                district: Some(run.base.clone()),
                place: run.facility.to_string(),
                place_name: to,
                from: Some(depart),
                until: Some(back),
                life_saving: false,
                origin: run.origin,
                note: None,
            });
        }
    }
}

fn teams(name: &str, document: &PlanDocument, all: &mut Vec<Proposal>) {
    if let Some(part) = &document.testing {
        let start = part.plan.start;
        for (nth, station) in (1..).zip(&part.plan.stations) {
            let site = station.site.as_ref();
            let of_site = site.and_then(|id| part.asked.sites.iter().find(|one| one.site == *id));
            let team = part.asked.teams.iter().find(|one| one.team == station.team);
            let own = || team.filter(|team| team.districts.len() == 1).and_then(|team| team.districts.first());
            let district = of_site.map(|one| &one.district).or_else(own).cloned();
            let place_name = match (site, &district) {
                (Some(id), _) => document.facility_name(id),
                (None, Some(district)) => document.place_name(district),
                (None, None) => document.city.clone(),
            };
            let what = match site {
                Some(_) => {
                    Words::new(format!("采样队（{}）", station.team), format!("sampling teams ({})", station.team))
                }
                None => Words::new(
                    format!("采样队待命（{}）", station.team),
                    format!("sampling teams in reserve ({})", station.team),
                ),
            };
            all.push(Proposal {
                source: Source::Team,
                id: format!("{name}/teams/{nth}-{}", station.team),
                what,
                units: Some((u64::from(station.count), Words::new("支", "teams"))),
                section: "testing",
                district,
                place: site.map(ToString::to_string).unwrap_or_default(),
                place_name,
                from: hour(start, station.hours.from),
                until: hour(start, station.hours.until),
                life_saving: false,
                origin: team.map_or(part.plan.origin, |team| team.origin),
                note: None,
            });
        }
    }
}
