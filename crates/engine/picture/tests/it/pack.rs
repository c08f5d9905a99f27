//! Tables of a pack as facts, read without Levee's own intake: a second reader would notice if the first went wrong.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use levee_model::area::{Area, Level, Name, PlaceCode, Relation, ReportingUnit};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::OfficeId;
use levee_model::provenance::{Origin, Provenance};
use levee_model::quantity::Persons;
use levee_model::report::InfectionReport;
use levee_model::time::Period;
use levee_picture::{Contradiction, Facts, Finding, Moment, Picture, picture};
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

type Row = BTreeMap<String, String>;

fn table(pack: &str, name: &str) -> Vec<Row> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../packs");
    let mut reader = csv::Reader::from_path(packs.join(pack).join(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// A cell as what it stands for; `None` when it is empty.
fn cell<T: FromStr<Err: std::fmt::Debug>>(row: &Row, column: &str) -> Option<T> {
    Some(row[column].as_str()).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
}

fn name(row: &Row) -> Name {
    let of = |column: &str| row[column].clone();
    Name { zh: of("name_zh"), en: of("name_en"), short_zh: of("short_zh"), short_en: of("short_en") }
}

fn gazetteer(pack: &str) -> Gazetteer {
    let area = |row: Row| Area {
        code: cell(&row, "code").unwrap(),
        parent: cell(&row, "parent_code"),
        level: if row["level"] == "city" { Level::City } else { Level::District },
        name: name(&row),
        population: cell(&row, "population").map(Persons::new),
        point: None,
    };
    let unit = |row: Row| ReportingUnit {
        code: cell(&row, "code").unwrap(),
        name: name(&row),
        relation: match row["kind"].as_str() {
            "apart" => Relation::Apart { within: cell(&row, "within_code").unwrap() },
            "group" => {
                Relation::Group { members: row["members"].split('+').map(|code| code.parse().unwrap()).collect() }
            }
            _ => Relation::Overlap,
        },
    };
    let areas = table(pack, "areas.csv").into_iter().map(area).collect();
    Gazetteer::new(areas, table(pack, "reporting_units.csv").into_iter().map(unit).collect()).unwrap()
}

/// Both cities keep the time of China.
pub(crate) fn moment(local: DateTime) -> Timestamp {
    local.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).unwrap().timestamp()
}

fn report(row: &Row) -> InfectionReport {
    let persons = |column| cell(row, column).map(Persons::new);
    let origin = match row["origin"].as_str() {
        "reported" => Origin::Reported,
        "derived" => Origin::Derived,
        _ => Origin::Synthetic,
    };
    InfectionReport {
        place: cell(row, "place").unwrap(),
        period: Period::new(cell(row, "period_start").unwrap(), cell(row, "period_end").unwrap()).unwrap(),
        confirmed: persons("confirmed"),
        asymptomatic: persons("asymptomatic"),
        converted: persons("converted"),
        total: persons("total"),
        pending: persons("pending"),
        community: persons("community"),
        managed: persons("managed"),
        community_pct: cell(row, "community_pct"),
        deaths: persons("deaths"),
        provenance: Provenance {
            office: cell(row, "office").unwrap(),
            source: row["source_id"].clone(),
            known_at: moment(cell(row, "known_at").unwrap()),
            known_at_assumed: row["known_at_assumed"] == "true",
            origin,
        },
    }
}

/// An outbreak as its pack tells it.
pub(crate) struct Outbreak {
    pub(crate) started: Date,
    pub(crate) places: Gazetteer,
    /// In the order in which they became known.
    pub(crate) reports: Vec<InfectionReport>,
}

impl Outbreak {
    pub(crate) fn of(pack: &str, started: Date) -> Self {
        let mut reports: Vec<InfectionReport> = table(pack, "infections.csv").iter().map(report).collect();
        reports.sort_by_key(|report| report.provenance.known_at);
        Self { started, places: gazetteer(pack), reports }
    }

    /// The picture of `day` as known at `known`; each day is its own row, so there are no versions to choose from.
    pub(crate) fn picture(&self, day: Date, known: DateTime) -> Picture {
        let until = moment(known);
        let reports = self.reports.iter().filter(|report| report.provenance.known_at <= until).cloned().collect();
        let seen = Moment { outbreak_started: self.started, day, as_known_at: known };
        let facts = Facts { infections: reports, ..Facts::default() };
        picture(seen, &self.places, &facts, &[office("cq-hc"), office("sh-hc")])
    }
}

pub(crate) fn office(id: &str) -> OfficeId {
    id.parse().unwrap()
}

pub(crate) fn place(code: &str) -> PlaceCode {
    code.parse().unwrap()
}

/// Findings of a kind with their day, oldest first.
pub(crate) fn found(picture: &Picture, kind: impl Fn(&Finding) -> bool) -> Vec<(Date, &Contradiction)> {
    let mut found: Vec<_> = picture.contradictions.iter().filter(|c| kind(&c.what)).map(|c| (c.day, c)).collect();
    found.sort_by_key(|(day, _)| *day);
    found
}
