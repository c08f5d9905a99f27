//! What a brief is made of. The use case fills [`BriefFacts`] from the picture, the outlook, the planner and the ledger;
//! this crate only arranges it, composes its sentences and writes it down.
//!
//! The shape is public: it is the `facts` part of the document `levee.brief/1`. A change of a name or a meaning here is
//! a new version of the document.

mod care;
mod city;
mod demand;
mod explain;
mod figure;
mod message;
mod outlook;
mod record;
mod section;
mod timetable;
mod work;

pub use care::{Binding, CareFacts, FacilityRow, Level, Load, LoadDay, LoadPanel, LoadUnit, SeverityRow};
pub use city::{CityDay, CityFacts, CityPartDay, DistrictFacts, DistrictRow, Place, SharePoint};
pub use demand::{Demand, DemandRow, DistrictDemand};
pub use explain::{Change, DriverShare, Explanation};
pub use figure::{AsOf, DateEstimate, Estimate, Figure, Known, Origin, Qualifier, Unknown};
pub use message::{Arg, Message, Words};
pub use outlook::{Coverage, DistrictOutlook, Fan, FanDay, MedianPoint, Outlook, Quantile, Standing};
pub use record::{DistrictLook, DistrictRecord, LookBack, RecordLine, RecordOf, Relative, Scores, TrackRecord};
pub use section::{PlanSection, SectionColumn, SectionTable};
pub use timetable::{DueLine, MeasureLine, PostLine, Timetable, ZoneLine};
pub use work::{
    Audit, AuditLine, Contradiction, DataAge, Decision, MeasureFacts, ObservedMeasure, OrderRow, OwedRow, Plan,
    ShortfallRow, Surge,
};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// Everything a brief says, before it is put into sentences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefFacts {
    /// Whose brief, of which day, as known when.
    pub masthead: Masthead,
    /// The city's series.
    pub city: CityFacts,
    /// The latest list by district.
    pub districts: DistrictFacts,
    /// People in care and where.
    pub care: CareFacts,
    /// What changed since yesterday, most important first.
    pub changes: Vec<Message>,
    /// Figures that contradict one another and are not reconciled.
    pub contradictions: Vec<Contradiction>,
    /// How old the data of each office is, against its limit.
    pub data_ages: Vec<DataAge>,
    /// The outlook; unknown when none could be made.
    pub outlook: Figure<Outlook>,
    /// Why it changed against the one issued before; unknown when nothing can be compared, and in briefs issued before this was
    /// said.
    #[serde(default = "explain::not_computed")]
    pub explanation: Figure<Explanation>,
    /// Demand against capacity; unknown when it could not be computed.
    pub load: Figure<Load>,
    /// What the coming infections will need, by kind and district; unknown when it could not be computed, and in briefs issued
    /// before it was.
    #[serde(default = "demand::not_computed")]
    pub demand: Figure<Demand>,
    /// The proposed plan; unknown when none was made.
    pub plan: Figure<Plan>,
    /// Obligations by kind, urgent care first; unknown while no ledger is kept.
    pub owed: Figure<Vec<OwedRow>>,
    /// Who does what where by when in the hours to come; unknown in briefs issued before there was a timetable.
    #[serde(default = "timetable::not_computed")]
    pub timetable: Figure<Timetable>,
    /// What the meeting is asked to decide, in the order of urgency.
    pub decisions: Vec<Decision>,
    /// Measures in force around the day.
    pub measures: MeasureFacts,
    /// Sources by id.
    pub sources: Vec<SourceLine>,
    /// Parameters that the outlook and the plan used.
    pub parameters: Vec<ParameterLine>,
    /// Licences and terms of the data, each as it must be named.
    pub licences: Vec<Words>,
    /// What is synthetic in this brief, if anything is. Shown at the foot of every sheet.
    pub synthetic_note: Option<Words>,
}

/// Whose brief it is, of which day, as known when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masthead {
    /// The city: 重庆市, Chongqing.
    pub city: Words,
    /// Whom it is made for: 重庆市疫情防控指挥部, Chongqing outbreak headquarters.
    pub headquarters: Words,
    /// The day of the brief.
    pub day: Date,
    /// First day of the outbreak; the brief of that day is no. 1. `None` = the brief has no number.
    pub outbreak_started: Option<Date>,
    /// The moment up to which everything that was known went into it, in the city's calendar.
    pub as_known_at: DateTime,
    /// Whether it was made later from the record, as known then.
    pub replay: bool,
    /// Short digest of its inputs, such as `20221118-1800-3f9c`.
    pub code: String,
    /// Version of the engines that made it.
    pub engine_version: String,
    /// Seed of the outlook.
    pub seed: u64,
}

impl Masthead {
    /// Days since the outbreak started, from 1; `None` without a start or before it.
    pub fn number(&self) -> Option<u32> {
        let days = self.outbreak_started?.until(self.day).ok()?.get_days();
        u32::try_from(days).ok()?.checked_add(1)
    }
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Words,
    /// Who published it.
    pub publisher: Option<Words>,
    /// When.
    pub published: Option<Date>,
    /// Under which terms.
    pub licence: Option<String>,
}

/// A parameter that was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterLine {
    /// Its id, the unit last.
    pub id: String,
    /// Its value; unknown when it was looked for and not found.
    pub value: Figure<f64>,
    /// Its range.
    pub range: Option<(f64, f64)>,
    /// Its unit in words, as the table of parameters has it.
    pub unit: String,
    /// Who says so.
    pub source: String,
}
