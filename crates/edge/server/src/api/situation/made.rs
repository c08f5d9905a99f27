//! From what the picture says to what goes over the wire.

use super::shapes::{
    CityNow, ContradictionNow, DaySeries, DistrictNow, FacilityNow, FarLess, LastReport, LevelNow, Names, OfficeNow,
    PartOfDay, Residents, ShareNow, Situation, SourceTold, StatedNow,
};
use super::told::{CountTold, ReportTold, tenths};
use jiff::civil::Date;
use levee_app::situation::Situation as Seen;
use levee_brief::Lang;
use levee_brief::catalogue::write;
use levee_brief::lang::Speaker;
use levee_model::area::{PlaceCode, Relation};
use levee_model::facility::Facility;
use levee_model::ids::OfficeId;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::report::InfectionReport;
use levee_picture::{CityDay, Contradiction, FacilityLevel, Known, PlaceSeries, Why};
use std::collections::{BTreeMap, BTreeSet};

/// Reports that are shown with one contradiction: a list of districts has about 40.
const REPORTS: usize = 50;

pub(super) fn made(seen: &Seen) -> Situation {
    let picture = &seen.picture;
    let days: Vec<Date> =
        seen.series.first().map(|one| one.days.iter().map(|day| day.day).collect()).unwrap_or_default();
    let series: BTreeMap<&PlaceCode, &PlaceSeries> = seen.series.iter().map(|one| (&one.place, one)).collect();
    let limits = limits(seen);
    let mut contradictions: Vec<ContradictionNow> =
        picture.contradictions.iter().map(|one| contradiction(seen, one)).collect();
    contradictions.sort_by_key(|one| std::cmp::Reverse(one.day));
    let mut made = Situation {
        schema: "levee.situation/1",
        day: seen.day,
        as_known_at: seen.as_known_at,
        as_known_local: picture.moment.as_known_at,
        replay: seen.mode == levee_app::event::Mode::Replay,
        synthetic: false,
        city: city(seen, &days, &series),
        districts: districts(seen, &series, &limits),
        days,
        list: picture.districts.period.map(Into::into),
        facilities: facilities(seen, &limits),
        contradictions,
        offices: picture.ages.iter().map(|age| office(seen, age)).collect(),
        sources: vec![],
    };
    let facts = &seen.known.facts;
    let origins = facts.infections.iter().map(|one| one.provenance.origin);
    let origins = origins.chain(facts.statements.iter().map(|one| one.provenance.origin));
    let mut origins = origins.chain(facts.statuses.iter().map(|one| one.provenance.origin));
    made.synthetic = origins.any(|origin| origin == Origin::Synthetic);
    made.sources = sources(seen);
    made
}

/// Hours after which what an office says is old, by office.
fn limits(seen: &Seen) -> BTreeMap<&OfficeId, u64> {
    seen.known.facts.offices.iter().filter_map(|office| Some((&office.id, office.age_limit_hours?))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "hours lie far below 2^52")]
fn late(age_hours: Option<f64>, limit_hours: Option<u64>) -> Option<bool> {
    Some(age_hours? > limit_hours? as f64)
}

fn names(seen: &Seen, code: &PlaceCode) -> Names {
    let plain = code.to_string();
    seen.known.places.name(code).map_or_else(
        || Names { zh: plain.clone(), en: plain.clone(), short_zh: plain.clone(), short_en: plain.clone() },
        |name| Names {
            zh: name.zh.clone(),
            en: name.en.clone(),
            short_zh: name.short_zh.clone(),
            short_en: name.short_en.clone(),
        },
    )
}

fn residents(seen: &Seen, code: &PlaceCode) -> Option<Residents> {
    let residents = seen.known.places.area(code)?.population?.get();
    let by = seen.counted.get(code)?;
    Some(Residents { residents, counted_on: by.on, sources: by.sources.clone(), origin: by.origin.into() })
}

fn value(known: &Known<Persons>) -> Option<u64> {
    known.value().map(|persons| persons.get())
}

/// New infections of which nobody said where they were found; `None` where that cannot be told.
fn not_split(day: &CityDay) -> Option<u64> {
    let said = value(&day.community).unwrap_or(0).saturating_add(value(&day.managed).unwrap_or(0));
    value(&day.new)?.checked_sub(said)
}

fn columns(series: &PlaceSeries) -> DaySeries {
    let mut columns = DaySeries::default();
    for day in &series.days {
        columns.new.push(value(&day.new));
        columns.confirmed.push(value(&day.confirmed));
        columns.asymptomatic.push(value(&day.asymptomatic));
        columns.converted.push(value(&day.converted));
        columns.community.push(value(&day.community));
        columns.managed.push(value(&day.managed));
        columns.not_split.push(not_split(day));
        columns.origin.push(day.new.figure().map(|figure| figure.origin.into()));
        columns.unknown.push(match day.new {
            Known::Known(_) => None,
            Known::Unknown(why) => Some(why.into()),
        });
    }
    columns
}

fn parts(series: &PlaceSeries) -> Vec<PartOfDay> {
    let count = |persons: Option<Persons>| persons.map(Persons::get);
    let part = |part: &levee_picture::PartTold| PartOfDay {
        period: part.period.into(),
        new: part.new.value.get(),
        confirmed: count(part.confirmed),
        asymptomatic: count(part.asymptomatic),
        community: count(part.community),
        managed: count(part.managed),
        origin: part.new.origin.into(),
        sources: part.new.sources.clone(),
    };
    series.parts.iter().map(part).collect()
}

fn city(seen: &Seen, days: &[Date], series: &BTreeMap<&PlaceCode, &PlaceSeries>) -> CityNow {
    let (picture, code) = (&seen.picture, seen.known.places.city());
    let own = series.get(code);
    let never = Known::Unknown(Why::NeverReported);
    let shares = picture.city.shares.iter().filter(|share| days.contains(&share.day));
    let stated = picture.care.stated.iter();
    let part = picture.city.part_day.as_ref();
    CityNow {
        code: code.to_string(),
        name: names(seen, code),
        population: residents(seen, code),
        latest: CountTold::from(picture.city.last_known().map_or(&never, |day| &day.new)),
        seven_days: (&picture.city.seven_days).into(),
        seven_days_before: (&picture.city.seven_days_before).into(),
        part_day: part.map(|part| (&part.new).into()),
        same_hours_before: part.map(|part| (&part.same_hours_before).into()),
        series: own.map(|own| columns(own)).unwrap_or_default(),
        parts: own.map(|own| parts(own)).unwrap_or_default(),
        shares: shares
            .map(|share| ShareNow { day: share.day, place: share.place.to_string(), percent: (&share.percent).into() })
            .collect(),
        in_care: (&picture.care.in_care).into(),
        stated: stated
            .map(|((kind, name), figure)| StatedNow { kind: kind.clone(), name: name.clone(), figure: figure.into() })
            .collect(),
    }
}

fn districts(
    seen: &Seen,
    series: &BTreeMap<&PlaceCode, &PlaceSeries>,
    limits: &BTreeMap<&OfficeId, u64>,
) -> Vec<DistrictNow> {
    let now = seen.picture.moment.as_known_at;
    let one = |row: &levee_picture::DistrictDay| {
        let own = series.get(&row.place);
        let last = own.and_then(|own| own.last.as_ref()).map(|(until, office)| {
            let age_hours = tenths(now.duration_since(*until).as_secs_f64() / 3600.0);
            let limit_hours = limits.get(office).copied();
            LastReport {
                office: office.to_string(),
                until: *until,
                age_hours,
                limit_hours,
                late: late(Some(age_hours), limit_hours),
            }
        });
        DistrictNow {
            code: row.place.to_string(),
            name: names(seen, &row.place),
            population: residents(seen, &row.place),
            latest: (&row.new).into(),
            per_100k: (&row.per_100k).into(),
            incidence_7d: (&row.incidence_7d).into(),
            community_pct: (&row.community_pct).into(),
            last_report: last,
            series: own.map(|own| columns(own)).unwrap_or_default(),
            parts: own.map(|own| parts(own)).unwrap_or_default(),
        }
    };
    seen.picture.districts.rows.iter().map(one).collect()
}

fn facilities(seen: &Seen, limits: &BTreeMap<&OfficeId, u64>) -> Vec<FacilityNow> {
    // Rows come in the order they became known: a facility's later row replaces its earlier one.
    let all: BTreeMap<_, &Facility> = seen.known.facts.facilities.iter().map(|one| (&one.id, one)).collect();
    let mut levels: BTreeMap<_, Vec<LevelNow>> = BTreeMap::new();
    for row in &seen.picture.care.facilities {
        levels.entry(&row.facility.id).or_default().push(level(row, limits));
    }
    let one = |facility: &Facility| FacilityNow {
        id: facility.id.to_string(),
        kind: facility.kind,
        name_zh: facility.name_zh.clone(),
        name_en: facility.name_en.clone(),
        area: facility.area.to_string(),
        lat: facility.point.map(|(lat, _)| lat),
        lon: facility.point.map(|(_, lon)| lon),
        acceptance_until: facility.acceptance_until,
        accepted: facility.acceptance_until.is_some_and(|until| until >= seen.day),
        opens_on: facility.opens_on,
        closes_on: facility.closes_on,
        origin: facility.provenance.origin.into(),
        levels: levels.remove(&facility.id).unwrap_or_default(),
    };
    all.into_values().map(one).collect()
}

fn level(row: &FacilityLevel, limits: &BTreeMap<&OfficeId, u64>) -> LevelNow {
    let status = row.status.as_ref();
    let of = |field: fn(&levee_model::facility::FacilityStatus) -> Option<u64>| status.and_then(field);
    let usable = row.usable.value().copied();
    let told = status.map(|status| &status.provenance);
    let limit_hours = told.and_then(|told| limits.get(&told.office).copied());
    LevelNow {
        level: row.level,
        unit: status.map(|status| status.unit),
        physical: of(|s| s.physical),
        staffed: of(|s| s.staffed),
        equipped: of(|s| s.equipped),
        occupied: of(|s| s.occupied),
        planned: of(|s| s.planned),
        usable: usable.map(|(usable, _)| usable),
        binds: usable.map(|(_, binds)| binds),
        free: usable.zip(of(|s| s.occupied)).map(|((usable, _), occupied)| usable.saturating_sub(occupied)),
        as_of: status.map(|status| status.at),
        age_hours: row.age_hours.map(tenths),
        limit_hours,
        late: late(row.age_hours, limit_hours),
        office: told.map(|told| told.office.to_string()),
        sources: told.map(|told| told.source.split('+').map(str::to_owned).collect()).unwrap_or_default(),
        known_at: told.map(|told| told.known_at),
        origin: told.map(|told| told.origin.into()),
    }
}

/// The places whose figures a contradiction compares: its own, and what is added up to it.
fn compared(seen: &Seen, place: &PlaceCode) -> BTreeSet<PlaceCode> {
    let places = &seen.known.places;
    let mut all = BTreeSet::from([place.clone()]);
    if place == places.city() {
        all.extend(places.districts().map(|area| area.code.clone()));
        all.extend(places.districts().flat_map(|area| places.apart_of(&area.code)).map(|unit| unit.code.clone()));
    }
    if let Some(Relation::Group { members }) = places.unit(place).map(|unit| &unit.relation) {
        all.extend(members.iter().cloned());
    }
    all
}

fn contradiction(seen: &Seen, one: &Contradiction) -> ContradictionNow {
    use levee_picture::Finding;
    let sums = matches!(
        one.what,
        Finding::DistrictsDoNotAddUp { .. } | Finding::GroupDoesNotAddUp { .. } | Finding::GroupsDoNotAddUp { .. }
    );
    let of = if sums { compared(seen, &one.place) } else { BTreeSet::from([one.place.clone()]) };
    let meant = |report: &&InfectionReport| {
        let same_time = match (&one.what, one.period) {
            // A part and its day are two periods of one day.
            (Finding::PartExceedsDay { .. }, _) | (_, None) => report.period.start().date() == one.day,
            (_, Some(period)) => report.period == period,
        };
        same_time && of.contains(&report.place)
    };
    // What is said of a facility or of days without reports rests on no report of infections.
    let has_reports =
        !matches!(one.what, Finding::OverCapacity { .. } | Finding::DayMissing | Finding::CountedTwiceIfSummed { .. });
    let reports = seen.known.facts.infections.iter().filter(|_| has_reports).filter(meant).take(REPORTS);
    let message = seen.said_of(one);
    let say = |lang| write(&message, Speaker { lang, year: seen.day.year() }).capitalised().plain();
    ContradictionNow {
        place: one.place.to_string(),
        period: one.period.map(Into::into),
        day: one.day,
        zh: say(Lang::Zh),
        en: say(Lang::En),
        sources: one.sources.clone(),
        reports: reports.map(ReportTold::from).collect(),
        code: message.code.clone(),
    }
}

fn office(seen: &Seen, age: &levee_picture::Age) -> OfficeNow {
    let (name, table) = (seen.office(&age.office), seen.table(&age.table));
    OfficeNow {
        office: age.office.to_string(),
        name_zh: name.zh,
        name_en: name.en,
        table: age.table.clone(),
        table_zh: table.zh,
        table_en: table.en,
        last: age.last,
        age_hours: age.age_hours.map(tenths),
        limit_hours: age.limit_hours,
        late: match (age.last, age.limit_hours) {
            (None, Some(_)) => Some(true),
            _ => late(age.age_hours, age.limit_hours),
        },
        far_less: age.drop.as_ref().map(|drop| FarLess { day: drop.day, rows: drop.rows, usual: drop.usual }),
    }
}

/// The documents that something here may name, by id.
fn sources(seen: &Seen) -> Vec<SourceTold> {
    let facts = &seen.known.facts;
    let told = facts.infections.iter().map(|one| &one.provenance);
    let told = told.chain(facts.statements.iter().map(|one| &one.provenance));
    let told = told.chain(facts.statuses.iter().map(|one| &one.provenance));
    let mut named: BTreeSet<&str> = told.flat_map(|told| told.source.split('+')).collect();
    named.extend(seen.counted.values().flat_map(|by| by.sources.iter().map(String::as_str)));
    let source = |source: &levee_app::places::Source| SourceTold {
        id: source.id.clone(),
        title: source.title.clone(),
        publisher: source.publisher.clone(),
        published: source.published,
        licence: source.licence.clone(),
    };
    seen.known.sources.iter().filter(|one| named.contains(one.id.as_str())).map(source).collect()
}
