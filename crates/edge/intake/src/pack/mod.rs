//! A pack: the folder of tables and settings that describes a city. `docs/pack.md` explains it to people.
//!
//! [`read_pack`] reads what a city is made from: settings, reference tables, outlines. [`check_pack`] reads its report
//! tables too and holds everything against everything else. Both tell all problems at once.

mod boundaries;
mod catalogue;
mod check;
mod founding;
mod kinds_page;
mod owed;
mod page;
mod problem;
mod settings;
mod tables;

pub use boundaries::Boundaries;
pub use check::{PackReport, TableCount, check_pack};
pub use founding::{PackSource, founding_rows};
pub use kinds_page::catalogue_page;
pub use levee_model::settings::{CitySettings, SCHEMA};
pub use page::pack_page;
pub use problem::PackProblem;

use crate::headings::Headings;
use crate::message::code;
use crate::places::PlaceIndex;
use crate::read::{Defaults, Layout, ReadRow, References, read_rows};
use crate::tabular::Source;
use jiff::civil::{Date, DateTime};
use levee_ledger::catalogue::{Catalogue, KindId};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::OfficeId;
use levee_model::parameter::Parameters;
use levee_model::person::Person;
use levee_model::provenance::Origin;
use levee_model::table::{Row, TABLES, TableSpec, Use};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// An office that reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Its id.
    pub id: OfficeId,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Report tables that it sends.
    pub tables: Vec<String>,
    /// Hours between its reports; `None` = irregular.
    pub cadence_hours: Option<u64>,
    /// Hours after which its latest figure counts as old.
    pub age_limit_hours: Option<u64>,
    /// What it rests on; `Synthetic` for an invented office.
    pub origin: Origin,
}

/// A document or page that figures come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Day of publication.
    pub published: Option<Date>,
    /// Licence or terms.
    pub licence: String,
}

/// What a city is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Where it lies.
    pub dir: PathBuf,
    /// `city.toml`.
    pub settings: CitySettings,
    /// Areas and reporting units.
    pub gazetteer: Gazetteer,
    /// People who may act.
    pub people: Vec<Person>,
    /// Numbers taken from the world.
    pub parameters: Parameters,
    /// Offices that report.
    pub offices: Vec<Office>,
    /// Documents.
    pub sources: Vec<Document>,
    /// Headings of the offices.
    pub headings: Headings,
    /// Kinds of obligations.
    pub catalogue: Catalogue,
    /// Kinds of which the pack brings a table `owed/<kind>.csv`, by name.
    pub owed: Vec<KindId>,
    /// Report tables that the pack brings, in the order of [`TABLES`].
    pub reports: Vec<&'static str>,
    /// Outlines, if the pack has any.
    pub boundaries: Option<Boundaries>,
}

impl Pack {
    /// How report table `table` is read; `None` if no report table is called so.
    ///
    /// Offices and documents are checked against the pack. Facilities are not, for offices may register more.
    pub fn layout(&self, table: &str, now: DateTime) -> Option<Layout> {
        let spec = TableSpec::named(table).filter(|spec| spec.used == Use::Report)?;
        Some(self.layout_of(spec, self.headings.clone(), now))
    }

    /// How a table of obligations of `kind` is read; `None` if the catalogue has no such kind.
    pub fn owed_layout(&self, kind: &KindId, now: DateTime) -> Option<Layout> {
        let spec = crate::owed::spec(&self.catalogue, kind)?;
        Some(self.layout_of(spec, crate::owed::headings(&self.headings, &self.catalogue, kind), now))
    }

    fn layout_of(&self, spec: &'static TableSpec, headings: Headings, now: DateTime) -> Layout {
        Layout {
            spec,
            headings,
            places: PlaceIndex::new(&self.gazetteer),
            now,
            defaults: Defaults::default(),
            references: References {
                offices: Some(self.offices.iter().map(|office| office.id.to_string()).collect()),
                sources: Some(self.sources.iter().map(|source| source.id.clone()).collect()),
                facilities: None,
            },
        }
    }
    /// Where report table `table` of the pack lies.
    pub fn table(&self, table: &str) -> Source {
        Source::path(self.dir.join(format!("{table}.csv")))
    }
}

/// Reference tables without which there is no city.
const NEEDED: &[&str] = &["areas", "offices", "sources", "people"];

/// Reads settings, reference tables and outlines. All problems come back, not the first.
pub fn read_pack(dir: &Path) -> Result<Pack, Vec<PackProblem>> {
    let mut problems = Vec::new();
    let (pack, _) = read_as_far_as_can_be(dir, &mut problems);
    pack.filter(|_| problems.is_empty()).ok_or(problems)
}

/// The pack if its parts hold together at all, with the counts of its tables; what is wrong goes to `problems`.
pub(crate) fn read_as_far_as_can_be(dir: &Path, problems: &mut Vec<PackProblem>) -> (Option<Pack>, Vec<TableCount>) {
    let mut counts = Vec::new();
    let settings = settings::read(dir, problems);
    let mut layout = Reading::layout();
    let mut read = |name: &str, layout: &mut Layout, problems: &mut Vec<PackProblem>| {
        let Some(spec) = TableSpec::named(name) else { return Reading::default() };
        layout.spec = spec;
        let file = format!("{name}.csv");
        if !NEEDED.contains(&name) && !dir.join(&file).exists() {
            return Reading::default();
        }
        let reading = Reading::of(dir, &file, layout, problems);
        counts.extend(reading.count.clone());
        reading
    };
    let sources = tables::sources(&read("sources", &mut layout, problems), problems);
    layout.references.sources = Some(sources.iter().map(|source| source.id.clone()).collect());
    let offices = tables::offices(&read("offices", &mut layout, problems), problems);
    let areas = tables::areas(&read("areas", &mut layout, problems), problems);
    let units = tables::units(&read("reporting_units", &mut layout, problems), problems);
    let any_area = !areas.is_empty();
    let gazetteer = Gazetteer::new(areas, units)
        .map_err(|faults| {
            // Without a readable areas.csv every fault of the tree only repeats that.
            let faults = faults.into_iter().filter(|_| any_area);
            problems.extend(faults.map(|fault| PackProblem::new("areas.csv", code::BAD_TREE, [fault.to_string()])));
        })
        .ok();
    if let Some(gazetteer) = &gazetteer {
        layout.places = PlaceIndex::new(gazetteer);
    }
    // Without places, people's areas cannot be told known from unknown; their table waits until the tree stands.
    let people = match &gazetteer {
        Some(_) => tables::people(&read("people", &mut layout, problems), problems),
        None => Vec::new(),
    };
    let parameters = Parameters::new(tables::parameters(&read("parameters", &mut layout, problems), problems));
    let headings = tables::headings(&read("headings", &mut layout, problems), problems);
    let rows = levee_app::catalogue::TABLES.map(|table| read(table, &mut layout, problems));
    let catalogue = catalogue::read(&rows, problems);
    let owed = catalogue.as_ref().map(|catalogue| owed::there(dir, catalogue, problems)).unwrap_or_default();
    let boundaries = settings
        .as_ref()
        .and_then(|s| s.boundaries.as_deref())
        .and_then(|file| boundaries::read(dir, file, gazetteer.as_ref()).map_err(|found| problems.extend(found)).ok());
    if let (Some(settings), Some(gazetteer)) = (&settings, &gazetteer)
        && settings.city_area != *gazetteer.city()
    {
        let why = format!("city_area is {}, but the city in areas.csv is {}", settings.city_area, gazetteer.city());
        problems.push(PackProblem::new("city.toml", code::BAD_SETTINGS, [why]));
    }
    let reports = TABLES
        .iter()
        .filter(|spec| spec.used == Use::Report && dir.join(format!("{}.csv", spec.name)).exists())
        .map(|spec| spec.name)
        .collect();
    let dir = dir.to_owned();
    let pack = settings.zip(gazetteer).zip(catalogue).map(|((settings, gazetteer), catalogue)| Pack {
        dir,
        settings,
        gazetteer,
        people,
        parameters,
        offices,
        sources,
        headings,
        catalogue,
        owed,
        reports,
        boundaries,
    });
    (pack, counts)
}

/// A table of a pack that was read whole.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) file: String,
    pub(crate) rows: Vec<(u64, Row)>,
    pub(crate) warnings: Vec<PackProblem>,
    pub(crate) count: Option<TableCount>,
}

impl Reading {
    /// Reference tables carry their own provenance; nothing in them can lie in the future.
    fn layout() -> Layout {
        Layout {
            spec: TABLES.first().unwrap_or(&EMPTY),
            headings: Headings::default(),
            places: PlaceIndex::default(),
            now: DateTime::MAX,
            defaults: Defaults::default(),
            references: References::default(),
        }
    }

    /// Reads a table, telling every bad row and every key that stands twice.
    pub(crate) fn of(dir: &Path, file: &str, layout: &Layout, problems: &mut Vec<PackProblem>) -> Self {
        let mut reading = Self { file: file.to_owned(), ..Self::default() };
        let mut keys: BTreeMap<String, u64> = BTreeMap::new();
        let mut found = Vec::new();
        let mut each = |row| {
            match row {
                ReadRow::Good { line, row, warnings } => {
                    reading.warnings.extend(warnings.into_iter().map(|w| PackProblem::at(file, line, w)));
                    // A later statement with the same key supersedes an earlier one; two of the same moment contradict.
                    let known = row.get("known_at").map(ToString::to_string).unwrap_or_default();
                    let key = row.key();
                    let code = if known.is_empty() { code::LISTED_TWICE } else { code::KEY_TWICE };
                    if let Some(first) = keys.insert(format!("{key}|{known}"), line) {
                        found.push(PackProblem::new(file, code, [first.to_string(), key]).on_line(line));
                    }
                    reading.rows.push((line, row));
                }
                ReadRow::Bad { line, problems, .. } => {
                    found.extend(problems.into_iter().map(|problem| PackProblem::at(file, line, problem)));
                }
            }
            ControlFlow::Continue(())
        };
        let summary = read_rows(&Source::path(dir.join(file)), layout, &mut each);
        match summary {
            Ok(summary) => {
                problems.append(&mut found);
                let notes = summary.notes.iter().map(|note| PackProblem::new(file, note.code, note.args.clone()));
                reading.warnings.extend(notes);
                reading.count = Some(TableCount {
                    table: layout.spec.name,
                    received: summary.received,
                    good: summary.good,
                    bad: summary.bad,
                    flagged: summary.flagged,
                });
            }
            Err(error) => {
                reading.rows.clear();
                reading.warnings.clear();
                problems.push(PackProblem::unreadable(file, error));
            }
        }
        reading
    }

    /// The texts of a column.
    pub(crate) fn column(&self, column: &str) -> BTreeSet<String> {
        self.rows.iter().filter_map(|(_, row)| row.text(column)).map(str::to_owned).collect()
    }
}

static EMPTY: TableSpec = TableSpec { name: "", used: Use::Reference, about: "", columns: &[], key: &[] };
