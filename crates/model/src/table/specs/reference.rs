//! What a city is made from: places, offices, documents, people, numbers.

use super::{AREA_LEVEL, ORIGIN, may, must};
use crate::table::Kind::{Choice, Count, Date, Decimal, Id, Ids, Note, Place, Text};
use crate::table::{TableSpec, Use};

pub(super) const AREAS: TableSpec = TableSpec {
    name: "areas",
    used: Use::Reference,
    about: "a node of the tree of areas",
    key: &["code"],
    columns: &[
        must("code", Id, "code of the area"),
        may("parent_code", Id, "the area it lies in; empty only for the city"),
        must("level", Choice(AREA_LEVEL), "level in the tree"),
        must("name_zh", Text, "full Chinese name"),
        must("name_en", Text, "full English name"),
        must("short_zh", Text, "short Chinese name"),
        must("short_en", Text, "short English name"),
        may("population", Count, "residents"),
        may("population_date", Date, "day the population was counted"),
        may("lat", Decimal, "latitude, degrees"),
        may("lon", Decimal, "longitude, degrees"),
        must("origin", Choice(ORIGIN), "what it rests on"),
        must("source_id", Ids, "document that says it"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const REPORTING_UNITS: TableSpec = TableSpec {
    name: "reporting_units",
    used: Use::Reference,
    about: "a unit that reports but is no node of the tree",
    key: &["code"],
    columns: &[
        must("code", Id, "code of the unit"),
        must("name_zh", Text, "full Chinese name"),
        must("name_en", Text, "full English name"),
        must("short_zh", Text, "short Chinese name"),
        must("short_en", Text, "short English name"),
        must(
            "kind",
            Choice(&["apart", "overlap", "group"]),
            "apart: added to its district; overlap: never added; group: a stated total",
        ),
        may("within_code", Id, "the district it is added to"),
        may("members", Ids, "areas that a group is a total of, joined by +"),
        must("origin", Choice(ORIGIN), "what it rests on"),
        must("source_id", Ids, "document that says it"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const OFFICES: TableSpec = TableSpec {
    name: "offices",
    used: Use::Reference,
    about: "an office that reports, and how often",
    key: &["office"],
    columns: &[
        must("office", Id, "id of the office"),
        must("name_zh", Text, "Chinese name"),
        must("name_en", Text, "English name"),
        must("tables", Ids, "tables it reports, joined by +"),
        may("cadence_hours", Count, "hours between its reports"),
        may("age_limit_hours", Count, "hours after which its latest figure counts as old"),
        must("origin", Choice(ORIGIN), "what it rests on"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const SOURCES: TableSpec = TableSpec {
    name: "sources",
    used: Use::Reference,
    about: "a document or page that figures come from",
    key: &["source_id"],
    columns: &[
        must("source_id", Id, "id of the document"),
        must("title", Text, "title, in our words where the page is in another language"),
        may("publisher", Text, "publisher"),
        may("url", Text, "address"),
        may("published", Date, "day of publication"),
        must("licence", Text, "licence or terms"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const PEOPLE: TableSpec = TableSpec {
    name: "people",
    used: Use::Reference,
    about: "a person who may act in Levee",
    key: &["person"],
    columns: &[
        must("person", Id, "id of the person"),
        must("name_zh", Text, "Chinese name"),
        must("name_en", Text, "English name"),
        must(
            "role",
            Choice(&["commander", "section_lead", "coordinator", "intake_clerk", "analyst", "auditor"]),
            "role",
        ),
        may("section", Id, "section that the role belongs to"),
        may("area_code", Place, "area that the role covers; empty = the city"),
        must("origin", Choice(ORIGIN), "what it rests on"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const PARAMETERS: TableSpec = TableSpec {
    name: "parameters",
    used: Use::Reference,
    about: "a number taken from the world, with unit, range and source",
    key: &["parameter", "version"],
    columns: &[
        must("parameter", Id, "id, the unit last"),
        must("version", Count, "version; a higher one replaces a lower one"),
        may("value", Decimal, "value; empty = looked for and not found"),
        may("low", Decimal, "lower end of the range"),
        may("high", Decimal, "upper end of the range"),
        must("unit", Text, "unit"),
        may("effective_from", Date, "first day it holds"),
        must("origin", Choice(ORIGIN), "what it rests on"),
        must("source_id", Ids, "document that says it"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const HEADINGS: TableSpec = TableSpec {
    name: "headings",
    used: Use::Reference,
    about: "an office's heading for a column",
    key: &["table", "heading"],
    columns: &[
        must("table", Id, "table that the heading belongs to"),
        must("column", Id, "its column, or `date` for a full day"),
        must("heading", Text, "heading as offices write it"),
    ],
};
