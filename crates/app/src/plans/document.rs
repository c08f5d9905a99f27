//! The document `levee.plan/1`: a plan with everything that it was made from, so that a file alone can be read, compared and
//! checked again.
//!
//! A plan's name is its day and eight hex digits of the hash of its bytes: the same plan has the same name wherever and whenever
//! it is made, and a document that was changed no longer bears its own.

use super::asks::openings::{OpeningsAsked, hall_of};
use super::asks::runs::RunsAsked;
use super::counted::CountedRuns;
use crate::city::AppError;
use crate::day::{Day, Why};
use jiff::civil::{Date, DateTime};
use levee_brief::facts::Words;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::RoomPlan;
use levee_model::plan::rooms::RoomInputs;
use levee_model::plan::testing::{TestingInputs, TestingPlan};
use levee_model::plan::{OpeningsPlan, Plan, PlanInputs, ProposedOrder, SolverRecord};
use levee_model::provenance::Origin;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Name and version of the shape.
pub const SCHEMA: &str = "levee.plan/1";

/// A class of problem that a plan can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Who goes to which bed on which day.
    Transfer,
    /// Hospitals and halls that open or close, and when. It asks for transfers as well: their needs decide it.
    Openings,
    /// Isolation rooms: reserve, openings, promise.
    Rooms,
    /// Which vehicle brings tomorrow's people where, and when. It asks for transfers as well: it carries them out.
    Runs,
    /// Tests: whom to sample where, and which laboratory takes which tubes in which hour.
    Testing,
}

impl Part {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 5] = [Self::Transfer, Self::Openings, Self::Rooms, Self::Runs, Self::Testing];
}

/// What was asked and what was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered<Inputs, Plan> {
    /// What the planner was asked.
    pub asked: Inputs,
    /// What it proposed.
    pub plan: Plan,
}

/// A plan with what it was made from. It binds nobody: people decide (law 10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanDocument {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Whose plan.
    pub city: Words,
    /// The day of the meeting; the plan begins the day after.
    pub day: Date,
    /// What was known by then went in; in the city's calendar.
    pub as_known_at: DateTime,
    /// How it was made.
    pub made: Made,
    /// What could not be planned at all, and why. What is missing within a part stands in the part.
    pub gaps: Vec<PartGap>,
    /// Places that the plan names.
    pub places: Vec<PlaceLine>,
    /// Facilities that the plan names.
    pub facilities: Vec<FacilityLine>,
    /// Transfers and beds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Answered<PlanInputs, Plan>>,
    /// Openings and closings; what they are asked stands here and in `transfer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openings: Option<Answered<OpeningsAsked, OpeningsPlan>>,
    /// Runs of the first day; what they are asked stands here and in `transfer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Answered<RunsAsked, CountedRuns>>,
    /// Isolation rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rooms: Option<Answered<RoomInputs, RoomPlan>>,
    /// Tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testing: Option<Answered<TestingInputs, TestingPlan>>,
}

/// How a plan was made: enough to make it again to the byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Version of Levee.
    pub engine: String,
    /// What solved it, part by part: back end and its work.
    pub solvers: Vec<String>,
    /// Seed of the outlook's paths.
    pub seed: u64,
    /// Hash of what the planner was asked, all parts.
    pub inputs: String,
    /// The outlook that it rests on; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<OutlookRef>,
    /// Hash of the pins that people set; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pins: Option<String>,
    /// The plan before it, by name; absent for the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// Names an outlook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlookRef {
    /// The method.
    pub engine: String,
    /// The last full day it knew.
    pub origin: Date,
    /// Digest of the counts that it was made from.
    pub vintage: String,
}

/// A part for which no plan, or only half of one, could be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartGap {
    /// Which part.
    pub part: Part,
    /// What is missing and why.
    pub why: Words,
}

/// A place by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceLine {
    /// Its code.
    pub code: PlaceCode,
    /// Its short name.
    pub name: Words,
    /// Latitude and longitude, WGS 84, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<(f64, f64)>,
}

/// A facility by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacilityLine {
    /// Its id.
    pub id: FacilityId,
    /// Its name.
    pub name: Words,
    /// The district it lies in.
    pub district: PlaceCode,
    /// Latitude and longitude, WGS 84, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<(f64, f64)>,
    /// What the register's row rests on.
    pub origin: Origin,
}

/// A part of the day; `None` when it was not asked for or could not be planned.
fn answered<Inputs: Clone, Plan: Clone>(
    part: &Option<Result<(Inputs, Plan), Why>>,
    gap: impl FnOnce(&Why),
) -> Option<Answered<Inputs, Plan>> {
    match part {
        Some(Ok((asked, plan))) => Some(Answered { asked: asked.clone(), plan: plan.clone() }),
        Some(Err(why)) => {
            gap(why);
            None
        }
        None => None,
    }
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn not_writable(error: &serde_json::Error) -> AppError {
    AppError::Meaning { table: "plans".into(), why: error.to_string() }
}

impl PlanDocument {
    /// Of a computed day, without its parent.
    pub(crate) fn of(day: &Day) -> Result<Self, AppError> {
        let known = &day.known;
        let mut gaps: Vec<PartGap> = Vec::new();
        let mut gap = |part, why: &Why| gaps.push(PartGap { part, why: Words::new(&why.zh, &why.en) });
        let transfer = match &day.plan {
            Ok((asked, plan)) => Some(Answered { asked: asked.clone(), plan: plan.clone() }),
            Err(_) if !day.parts.contains(&Part::Transfer) => None,
            Err(why) => {
                gap(Part::Transfer, why);
                None
            }
        };
        if let (Some(_), Err(why)) = (&transfer, &day.demand) {
            gap(Part::Transfer, why);
        }
        let openings = answered(&day.openings, |why| gap(Part::Openings, why));
        let rooms = answered(&day.rooms, |why| gap(Part::Rooms, why));
        let runs = answered(&day.runs, |why| gap(Part::Runs, why));
        let testing = match &day.testing {
            Some(Ok((asked, plan))) => {
                asked.gaps.iter().for_each(|why| gap(Part::Testing, why));
                Some(Answered { asked: asked.inputs.clone(), plan: plan.clone() })
            }
            Some(Err(why)) => {
                gap(Part::Testing, why);
                None
            }
            None => None,
        };
        let mut document = Self {
            schema: SCHEMA.to_owned(),
            city: Words::new(&known.settings.name.zh, &known.settings.name.en),
            day: day.day,
            as_known_at: day.picture.moment.as_known_at,
            made: Made {
                engine: format!("levee {}", env!("CARGO_PKG_VERSION")),
                solvers: Vec::new(),
                seed: day.seed,
                inputs: String::new(),
                outlook: match (&day.outlook, &day.asked) {
                    (Ok(outlook), Some(asked)) => Some(OutlookRef {
                        engine: outlook.engine.to_owned(),
                        origin: outlook.origin,
                        vintage: asked.vintage.clone(),
                    }),
                    _ => None,
                },
                pins: match &day.plan {
                    Ok((asked, _)) if !asked.revision.pins.is_empty() => {
                        Some(hash(&serde_json::to_vec(&asked.revision.pins).map_err(|e| not_writable(&e))?))
                    }
                    _ => None,
                },
                parent: None,
            },
            gaps,
            places: Vec::new(),
            facilities: Vec::new(),
            transfer,
            openings,
            runs,
            rooms,
            testing,
        };
        document.made.solvers = document.solvers();
        document.made.inputs = document.inputs_hash()?;
        document.name_places(day);
        Ok(document)
    }

    /// Who solved each part, with how much work.
    fn solvers(&self) -> Vec<String> {
        let transfer = self.transfer.iter().map(|part| ("transfer", &part.plan.solver));
        let rooms = self.rooms.iter().map(|part| ("rooms", &part.plan.solver));
        let testing = self.testing.iter().map(|part| ("testing", &part.plan.solver));
        let said = |(part, solver): (&str, &SolverRecord)| {
            let fell_back = solver.fell_back.as_ref().map_or_else(String::new, |why| format!("; {why}"));
            format!("{part}: {}, {} iterations, {} solves{fell_back}", solver.name, solver.iterations, solver.solves)
        };
        let mut all: Vec<String> = transfer.chain(rooms).chain(testing).map(said).collect();
        all.extend(self.openings.iter().map(|part| {
            let solver = &part.plan.solver;
            let fell_back = solver.fell_back.as_ref().map_or_else(String::new, |why| format!("; {why}"));
            format!(
                "openings: {}, {} iterations, {} flows, {} nodes{fell_back}",
                solver.name, solver.iterations, solver.flows, solver.nodes
            )
        }));
        all.extend(self.runs.iter().map(|part| format!("runs: search, {} steps", part.plan.iterations)));
        all
    }

    /// Names and points of what the plan speaks of, so that it can be read without the city.
    fn name_places(&mut self, day: &Day) {
        let mut places: BTreeSet<&PlaceCode> = day.known.places.districts().map(|area| &area.code).collect();
        places.insert(day.known.places.city());
        self.places = places
            .into_iter()
            .map(|code| PlaceLine {
                code: code.clone(),
                name: day
                    .known
                    .places
                    .name(code)
                    .map_or_else(|| Words::same(code.as_str()), |name| Words::new(&name.short_zh, &name.short_en)),
                point: day.known.places.area(code).and_then(|area| area.point),
            })
            .collect();
        let mut facilities: Vec<FacilityLine> = day
            .known
            .facts
            .facilities
            .iter()
            .map(|one| FacilityLine {
                id: one.id.clone(),
                name: Words::new(&one.name_zh, &one.name_en),
                district: one.area.clone(),
                point: one.point,
                origin: one.provenance.origin,
            })
            .collect();
        facilities.extend(self.halls(day));
        facilities.sort_by(|a, b| a.id.cmp(&b.id));
        facilities.dedup_by(|a, b| a.id == b.id);
        self.facilities = facilities;
    }

    /// Halls that the openings ask about, named after their hospitals.
    fn halls(&self, day: &Day) -> Vec<FacilityLine> {
        let asked = self.openings.iter().flat_map(|part| &part.asked.sites);
        let hall = |site: &levee_model::plan::Site| {
            let (hospital, nth) = hall_of(&site.facility)?;
            let of = day.known.facts.facilities.iter().find(|one| one.id.as_str() == hospital)?;
            let name = Words::new(format!("{}{nth}厅", of.name_zh), format!("{}, hall {nth}", of.name_en));
            let (district, origin) = (of.area.clone(), of.provenance.origin);
            Some(FacilityLine { id: site.facility.clone(), name, district, point: of.point, origin })
        };
        asked.filter_map(hall).collect()
    }

    /// Hash of what the planner was asked.
    pub fn inputs_hash(&self) -> Result<String, AppError> {
        let transfer = self.transfer.as_ref().map(|part| &part.asked);
        let rooms = self.rooms.as_ref().map(|part| &part.asked);
        let mut asked = serde_json::to_vec(&(transfer, rooms)).map_err(|e| not_writable(&e))?;
        // Parts that came later: where there are none, an older plan has the hash that it always had.
        if let Some(part) = &self.openings {
            asked.extend(serde_json::to_vec(&("openings", &part.asked)).map_err(|e| not_writable(&e))?);
        }
        if let Some(part) = &self.runs {
            asked.extend(serde_json::to_vec(&("runs", &part.asked)).map_err(|e| not_writable(&e))?);
        }
        if let Some(part) = &self.testing {
            asked.extend(serde_json::to_vec(&("testing", &part.asked)).map_err(|e| not_writable(&e))?);
        }
        Ok(hash(&asked))
    }

    /// The bytes that are stored: JSON without white space.
    pub fn bytes(&self) -> Result<Vec<u8>, AppError> {
        serde_json::to_vec(self).map_err(|e| not_writable(&e))
    }

    /// Its name: the day and eight hex digits of the hash of its bytes.
    pub fn name(&self) -> Result<String, AppError> {
        let hash = hash(&self.bytes()?);
        Ok(format!("{}-{}", self.day.strftime("%Y%m%d"), hash.get(..8).unwrap_or(&hash)))
    }

    /// The document as it is printed: with its name, which says whether it was changed since.
    pub fn printed(&self) -> Result<serde_json::Value, AppError> {
        let mut value = serde_json::to_value(self).map_err(|e| not_writable(&e))?;
        let name = self.name()?;
        if let Some(object) = value.as_object_mut() {
            object.insert("name".to_owned(), name.into());
        }
        Ok(value)
    }

    /// An order of the first day by its number: `1119-05/2` is the second of its group, as they stand in the plan.
    pub fn order(&self, number: &str) -> Option<&ProposedOrder> {
        number.contains('/').then(|| self.orders(number).first().map(|(_, order)| *order))?
    }

    /// The orders of a group (`1119-05`), or the one of a number (`1119-05/2`), each with its number.
    pub fn orders(&self, wanted: &str) -> Vec<(String, &ProposedOrder)> {
        let mut found = Vec::new();
        for (group, orders) in self.transfers().map(crate::brief::orders::numbered).unwrap_or_default() {
            for (nth, order) in (1..).zip(orders) {
                let number = format!("{group}/{nth}");
                if number == wanted || group == wanted {
                    found.push((number, order));
                }
            }
        }
        found
    }

    /// The plan of transfers.
    pub fn transfers(&self) -> Option<&Plan> {
        self.transfer.as_ref().map(|part| &part.plan)
    }
}

/// Why a text is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// It is not JSON, or lacks something.
    #[error("it is no plan document: {0}")]
    Json(String),
    /// It is another document.
    #[error("its schema is `{0}`; a plan's is `{SCHEMA}`")]
    Schema(String),
    /// It bears a name that its bytes do not give.
    #[error("it was changed: it calls itself {said}, and its content gives {is}")]
    Changed {
        /// The name it bears.
        said: String,
        /// The name of its content.
        is: String,
    },
}

impl NoPlan {
    /// How to mend it.
    pub fn hint(&self) -> String {
        match self {
            Self::Json(_) | Self::Schema(_) => {
                "write one with `levee plan CITY --date D --json`, or `levee plan show CITY PLAN --json`".to_owned()
            }
            Self::Changed { .. } => {
                "take the document as it was issued (`levee plan show CITY PLAN --json`); to change a plan, pin what you \
                 want and plan again"
                    .to_owned()
            }
        }
    }
}

/// Reads a plan document, as stored or as printed.
pub fn parse(text: &[u8]) -> Result<PlanDocument, NoPlan> {
    let json = |e: serde_json::Error| NoPlan::Json(e.to_string());
    let mut value: serde_json::Value = serde_json::from_slice(text).map_err(json)?;
    let schema = value.get("schema").and_then(serde_json::Value::as_str).map(str::to_owned);
    match schema.as_deref() {
        Some(SCHEMA) => {}
        Some(other) => return Err(NoPlan::Schema(other.to_owned())),
        None => return Err(NoPlan::Json("it has no `schema`".to_owned())),
    }
    let said = value.as_object_mut().and_then(|object| object.remove("name"));
    let document: PlanDocument = serde_json::from_value(value).map_err(json)?;
    if let Some(said) = said.as_ref().and_then(serde_json::Value::as_str) {
        let is = document.name().map_err(|e| NoPlan::Json(e.to_string()))?;
        if said != is {
            return Err(NoPlan::Changed { said: said.to_owned(), is });
        }
    }
    Ok(document)
}
