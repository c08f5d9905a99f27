//! The tables of `levee.pack/1`.

mod catalogue;
mod reference;
mod report;

use super::{Column, Kind, TableSpec};

pub(super) const ORIGIN: &[&str] = &["reported", "derived", "synthetic"];
const AREA_LEVEL: &[&str] =
    &["city", "district", "subdistrict", "community", "compound", "building", "unit", "household"];

const fn must(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column { name, kind, required: true, about }
}

const fn may(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column { name, kind, required: false, about }
}

/// Every table, reference tables first.
pub const TABLES: &[TableSpec] = &[
    reference::AREAS,
    reference::REPORTING_UNITS,
    reference::OFFICES,
    reference::SOURCES,
    reference::PEOPLE,
    reference::PARAMETERS,
    reference::HEADINGS,
    catalogue::OBLIGATION_KINDS,
    catalogue::OBLIGATION_FIELDS,
    catalogue::OBLIGATION_LADDERS,
    catalogue::OBLIGATION_REASONS,
    report::INFECTIONS,
    report::STATEMENTS,
    report::FACILITIES,
    report::FACILITY_STATUS,
    report::FACILITY_SERVICES,
    report::VEHICLES,
    report::STOCK,
    report::EVENTS,
    report::MEASURE_FACTS,
    report::DUTY_ROSTER,
];
