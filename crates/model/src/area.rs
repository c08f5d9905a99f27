//! The tree of areas, and the units outside it that report all the same.

use crate::ids::text_id;
use crate::quantity::Persons;
use serde::{Deserialize, Serialize};

text_id!(
    /// The code of a place that reports speak of: an [`Area`] of the tree or a [`ReportingUnit`] beside it.
    ///
    /// GB/T 2260 code (`500103`) or a code of the pack's own (`CQ-WS`), as the pack's scheme says. Checked for form
    /// only; whether the city knows the place is a question for [`crate::gazetteer::Gazetteer`].
    PlaceCode,
    "place code"
);

/// How far down the tree an area lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The whole city; the root.
    City,
    /// 区县.
    District,
    /// 街镇.
    Subdistrict,
    /// 社区.
    Community,
    /// 小区.
    Compound,
    /// One building.
    Building,
    /// One stairwell or entrance of a building.
    Unit,
    /// One household; the leaf.
    Household,
}

/// A name in both languages of the interface, long and short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Full Chinese name: 渝北区.
    pub zh: String,
    /// Full English name: Yubei District.
    pub en: String,
    /// Short Chinese name for charts and tables: 渝北.
    pub short_zh: String,
    /// Short English name: Yubei.
    pub short_en: String,
}

/// A node of the tree city > district > … > household.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Its code.
    pub code: PlaceCode,
    /// The area it lies in; none only for the city.
    pub parent: Option<PlaceCode>,
    /// Its level.
    pub level: Level,
    /// Its names.
    pub name: Name,
    /// Residents; `None` = not known, which is not zero.
    pub population: Option<Persons>,
    /// Latitude and longitude of a point in it, degrees; datum as the pack says.
    pub point: Option<(f64, f64)>,
}

/// How a reporting unit outside the tree relates to areas in it. It decides what may be added to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Relation {
    /// Listed apart from the district that it lies in: its figures are added to that district's.
    Apart {
        /// The district.
        within: PlaceCode,
    },
    /// Overlaps districts whose own lists already hold its cases: never added to anything.
    Overlap,
    /// A total that somebody states over several areas: checked against them, never added.
    Group {
        /// The areas it is a total of.
        members: Vec<PlaceCode>,
    },
}

/// A unit that reports but is no node of the tree: a development zone, or a stated group of districts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportingUnit {
    /// Its code.
    pub code: PlaceCode,
    /// Its names.
    pub name: Name,
    /// What may be done with its figures.
    pub relation: Relation,
}
