//! Pins: what a section lead asks of a plan before it is made, as a file (TOML, `levee.pins/1`).
//!
//! Strict: an unknown key, place or facility is refused with its line and what to write instead, and every such row is told,
//! not the first. Whether a pin can be kept is the planner's answer, not this reader's.

use crate::city::AppError;
use crate::facts;
use crate::journal::Read;
use crate::places;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_brief::facts::Words;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{CareClass, CareNeed, Pin, StandingOrder};
use levee_model::quantity::{Beds, Persons};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Name and version of the file's shape.
pub const PINS_SCHEMA: &str = "levee.pins/1";

/// What is wrong with a file of pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinFault {
    /// Its line, from 1; `None` = the file as a whole.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: Words,
    /// How to mend it.
    pub mend: Words,
}

/// The places that pins may name.
#[derive(Clone, Debug, Default)]
pub struct KnownPlaces {
    districts: BTreeMap<PlaceCode, Words>,
    facilities: BTreeMap<FacilityId, Words>,
}

impl KnownPlaces {
    /// Those of a city, as known at a moment.
    pub fn of(on: &dyn Read, day: Date, moment: Timestamp) -> Result<Self, AppError> {
        let gazetteer = places::gazetteer(on)?;
        let districts = gazetteer
            .districts()
            .map(|area| (area.code.clone(), Words::new(&area.name.short_zh, &area.name.short_en)))
            .collect();
        let mut facilities = BTreeMap::new();
        for row in facts::known(on, "facilities", None, day, moment)? {
            let one = facts::facility(&row)?;
            facilities.insert(one.id, Words::new(one.name_zh, one.name_en));
        }
        Ok(Self { districts, facilities })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Spanned<String>,
    #[serde(default)]
    assign: Vec<Assign>,
    #[serde(default)]
    forbid: Vec<Forbid>,
    #[serde(default)]
    cap: Vec<Cap>,
    #[serde(default)]
    priority: Vec<Priority>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assign {
    day: Spanned<toml::value::Datetime>,
    from: Spanned<String>,
    class: CareClass,
    care: Option<CareNeed>,
    facility: Spanned<String>,
    level: Option<Level>,
    people: u64,
    #[serde(default)]
    exactly: bool,
    /// For whoever reads the file; it is not taken into the plan, since it may hold names.
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forbid {
    from: Spanned<String>,
    facility: Spanned<String>,
    class: Option<CareClass>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cap {
    facility: Spanned<String>,
    level: Level,
    beds: u64,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Priority {
    district: Spanned<String>,
    class: CareClass,
    care: Option<CareNeed>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

struct Reader<'a> {
    text: &'a str,
    known: &'a KnownPlaces,
    faults: Vec<PinFault>,
}

/// Reads a file of pins.
///
/// # Errors
/// Everything that is wrong with it, by line.
pub fn parse_pins(text: &str, known: &KnownPlaces) -> Result<Vec<Pin>, Vec<PinFault>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let file: File = toml::from_str(text).map_err(|e| {
        let line = e.span().map(|span| line_of(text, span.start));
        vec![PinFault { line, what: Words::same(e.message()), mend: keys() }]
    })?;
    let mut reader = Reader { text, known, faults: Vec::new() };
    if file.schema.get_ref() != PINS_SCHEMA {
        let given = file.schema.get_ref();
        reader.fault(
            file.schema.span().start,
            Words::new(format!("schema “{given}”不可识别"), format!("schema `{given}` is not known")),
            Words::new(format!("写作 schema = \"{PINS_SCHEMA}\""), format!("write schema = \"{PINS_SCHEMA}\"")),
        );
    }
    let mut pins = Vec::new();
    for row in &file.assign {
        let (from, facility) = (reader.district(&row.from), reader.facility(&row.facility));
        let day = reader.day(&row.day);
        if let (Some(from), Some(facility), Some(day)) = (from, facility, day) {
            let level = row.level.unwrap_or(row.class.level_needed());
            let people = Persons::new(row.people);
            let order = StandingOrder { day, from, class: row.class, care: row.care, facility, level, people };
            pins.push(Pin::Assign { order, exactly: row.exactly });
        }
    }
    for row in &file.forbid {
        let (from, facility) = (reader.district(&row.from), reader.facility(&row.facility));
        if let (Some(from), Some(facility)) = (from, facility) {
            pins.push(Pin::Forbid { from, facility, class: row.class });
        }
    }
    for row in &file.cap {
        if let Some(facility) = reader.facility(&row.facility) {
            pins.push(Pin::Cap { facility, level: row.level, beds: Beds::new(row.beds) });
        }
    }
    for row in &file.priority {
        if let Some(district) = reader.district(&row.district) {
            pins.push(Pin::Priority { district, class: row.class, care: row.care });
        }
    }
    reader.faults.sort_by_key(|fault| fault.line);
    if reader.faults.is_empty() { Ok(pins) } else { Err(reader.faults) }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

fn keys() -> Words {
    Words::new(
        "表：[[assign]] day from class facility people（可选 care level exactly）、[[forbid]] from facility（可选 class）、\
         [[cap]] facility level beds、[[priority]] district class（可选 care）；均可加 note。日期不加引号",
        "tables: [[assign]] day from class facility people (care level exactly may follow), [[forbid]] from facility (class), \
         [[cap]] facility level beds, [[priority]] district class (care); note anywhere. A day is written without quotes",
    )
}

impl Reader<'_> {
    fn fault(&mut self, at: usize, what: Words, mend: Words) {
        self.faults.push(PinFault { line: Some(line_of(self.text, at)), what, mend });
    }

    fn day(&mut self, given: &Spanned<toml::value::Datetime>) -> Option<Date> {
        let day = given.get_ref().date.filter(|_| given.get_ref().time.is_none());
        let day = day.and_then(|d| {
            let (year, month) = (i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?);
            Date::new(year, month, i8::try_from(d.day).ok()?).ok()
        });
        if day.is_none() {
            self.fault(
                given.span().start,
                Words::new(format!("“{}”不是日期", given.get_ref()), format!("`{}` is not a day", given.get_ref())),
                Words::new("写作 day = 2022-11-19", "write day = 2022-11-19"),
            );
        }
        day
    }

    fn district(&mut self, given: &Spanned<String>) -> Option<PlaceCode> {
        let found = self.known.districts.keys().find(|code| code.as_str() == given.get_ref()).cloned();
        if found.is_none() {
            let near = nearest(given.get_ref(), self.known.districts.iter().map(|(code, name)| (code.as_str(), name)));
            self.unknown(given, ("区县", "district"), ("areas.csv", near));
        }
        found
    }

    fn facility(&mut self, given: &Spanned<String>) -> Option<FacilityId> {
        let found = self.known.facilities.keys().find(|id| id.as_str() == given.get_ref()).cloned();
        if found.is_none() {
            let near = nearest(given.get_ref(), self.known.facilities.iter().map(|(id, name)| (id.as_str(), name)));
            self.unknown(given, ("设施", "facility"), ("facilities.csv", near));
        }
        found
    }

    fn unknown(&mut self, given: &Spanned<String>, what: (&str, &str), (table, near): (&str, Option<(String, Words)>)) {
        let text = given.get_ref();
        let mend = match near {
            Some((code, name)) => Words::new(
                format!("是否为 {code}（{}）？写编码，见 {table}", name.zh),
                format!("did you mean {code} ({})? write its code, see {table}", name.en),
            ),
            None => Words::new(format!("写 {table} 中的编码"), format!("write a code of {table}")),
        };
        self.fault(
            given.span().start,
            Words::new(format!("本城没有{}“{text}”", what.0), format!("the city knows no {} `{text}`", what.1)),
            mend,
        );
    }
}

/// What was probably meant: the one of that name, or of nearly that code.
fn nearest<'a>(given: &str, known: impl Iterator<Item = (&'a str, &'a Words)>) -> Option<(String, Words)> {
    let lower = given.to_lowercase();
    known
        .filter_map(|(code, name)| {
            let same_name = name.zh == given || name.en.to_lowercase() == lower;
            let far = if same_name { 0 } else { edits(&code.to_lowercase(), &lower) };
            (far <= 2).then(|| (far, code.to_owned(), name.clone()))
        })
        .min_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)))
        .map(|(_, code, name)| (code, name))
}

/// Letters to be changed, added or taken away to make one text of the other.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(80).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (nth, y) in b.iter().enumerate() {
            let above = row.get(nth + 1).copied().unwrap_or(0);
            let here = (diagonal + usize::from(x != *y)).min(above + 1).min(left + 1);
            diagonal = above;
            if let Some(cell) = row.get_mut(nth) {
                *cell = left;
            }
            left = here;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownPlaces {
        let words = |zh: &str, en: &str| Words::new(zh, en);
        KnownPlaces {
            districts: [("500112".parse().unwrap(), words("渝北区", "Yubei"))].into(),
            facilities: [("CQ-MH-03".parse().unwrap(), words("方舱医院03号", "Makeshift hospital 03"))].into(),
        }
    }

    #[test]
    fn letters_are_counted() {
        for (a, b, far) in [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("ab", "xabc", 2)] {
            assert_eq!(edits(a, b), far, "{a} {b}");
        }
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = "schema = \"levee.pins/1\"\n[[assign]]\nday = 2022-11-19\nfrom = \"500112\"\nclass = \"mild\"\n\
                    facility = \"CQ-MH-03\"\npeople = 40\nnote = \"asked for by the lead\"\n[[forbid]]\nfrom = \"500112\"\n\
                    facility = \"CQ-MH-03\"\nclass = \"moderate\"\n[[cap]]\nfacility = \"CQ-MH-03\"\nlevel = \"makeshift\"\nbeds = 9\n\
                    [[priority]]\ndistrict = \"500112\"\nclass = \"mild\"\ncare = \"frail\"\n";
        let pins = parse_pins(text, &known()).unwrap();
        assert_eq!(pins.len(), 4);
        assert!(matches!(&pins[0], Pin::Assign { order, exactly: false } if order.level == Level::Makeshift));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_its_mend() {
        let told = |text: &str| {
            let faults = parse_pins(text, &known()).unwrap_err();
            let one = |f: &PinFault| format!("{:?}: {} | {}", f.line.unwrap_or(0), f.what.en, f.mend.en);
            faults.iter().map(one).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told("schema = \"levee.pins/2\"\n[[forbid]]\nfrom = \"Yubei\"\nfacility = \"CQ-MH-3\"\n[[cap]]\nfacility = \"X\"\nlevel = \"makeshift\"\nbeds = 1\n"), @r#"
        1: schema `levee.pins/2` is not known | write schema = "levee.pins/1"
        3: the city knows no district `Yubei` | did you mean 500112 (Yubei)? write its code, see areas.csv
        4: the city knows no facility `CQ-MH-3` | did you mean CQ-MH-03 (Makeshift hospital 03)? write its code, see facilities.csv
        6: the city knows no facility `X` | write a code of facilities.csv
        "#);
        for (text, line) in [
            ("schema = \"levee.pins/1\"\n[[forbid]]\nform = \"500112\"\n", 3),
            ("schema = \"levee.pins/1\"\n[[cap]]\nfacility = \"CQ-MH-03\"\nlevel = \"makeshift\"\nbeds = -1\n", 5),
            ("schema = \"levee.pins/1\"\n[[cap]]\nfacility = \"CQ-MH-03\"\nlevel = \"loft\"\nbeds = 1\n", 4),
            ("schema = \"levee.pins/1\"\nx = 1\n", 2),
            ("[[cap]\n", 1),
        ] {
            let faults = parse_pins(text, &known()).unwrap_err();
            assert_eq!(faults[0].line, Some(line), "{text}: {:?}", faults[0]);
            assert!(faults[0].mend.en.contains("[[assign]]"));
        }
    }
}
