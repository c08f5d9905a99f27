//! The situation as it goes over the wire.

use super::told::{CountTold, RateTold, ReportTold, RestsOn, Span, Unknown};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use levee_model::facility::{Binding, CapacityUnit, FacilityKind, Level};
use serde::Serialize;
use utoipa::ToSchema;

/// Where the city stood on a day, as it was known at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Situation {
    /// `levee.situation/1`.
    pub(super) schema: &'static str,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub(super) day: Date,
    /// What was known by then went in.
    #[schema(value_type = String, format = DateTime)]
    pub(super) as_known_at: Timestamp,
    /// The same in the city's calendar.
    #[schema(value_type = String)]
    pub(super) as_known_local: DateTime,
    /// Whether this is a past outbreak run again.
    pub(super) replay: bool,
    /// Whether any figure here was invented for a demonstration.
    pub(super) synthetic: bool,
    /// The days of every series, ascending; their columns have one entry for each.
    #[schema(value_type = Vec<String>)]
    pub(super) days: Vec<Date>,
    /// The period of the latest list of districts; null = none has arrived.
    pub(super) list: Option<Span>,
    /// The city as a whole.
    pub(super) city: CityNow,
    /// The districts, by code.
    pub(super) districts: Vec<DistrictNow>,
    /// Facilities, by id.
    pub(super) facilities: Vec<FacilityNow>,
    /// What cannot all be true, the latest first. Nothing is repaired.
    pub(super) contradictions: Vec<ContradictionNow>,
    /// Who reports what, and how old it is.
    pub(super) offices: Vec<OfficeNow>,
    /// The documents that figures here come from, by id.
    pub(super) sources: Vec<SourceTold>,
}

/// Names in both languages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Names {
    /// Chinese.
    pub(super) zh: String,
    /// English.
    pub(super) en: String,
    /// Short Chinese.
    pub(super) short_zh: String,
    /// Short English.
    pub(super) short_en: String,
}

/// How many people live somewhere, and who counted them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Residents {
    /// How many.
    pub(super) residents: u64,
    /// When they were counted.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) counted_on: Option<Date>,
    /// Ids of the documents.
    pub(super) sources: Vec<String>,
    /// What the number rests on.
    pub(super) origin: RestsOn,
}

/// New infections day by day, column by column: one entry for each of `days`, null = not known.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct DaySeries {
    /// New infections.
    pub(super) new: Vec<Option<u64>>,
    /// Confirmed, conversions included.
    pub(super) confirmed: Vec<Option<u64>>,
    /// Asymptomatic.
    pub(super) asymptomatic: Vec<Option<u64>>,
    /// Confirmed who had been counted as asymptomatic.
    pub(super) converted: Vec<Option<u64>>,
    /// Found in the community.
    pub(super) community: Vec<Option<u64>>,
    /// Found among people under control.
    pub(super) managed: Vec<Option<u64>>,
    /// New infections of which nobody said where they were found; all of them on a day without a split.
    pub(super) not_split: Vec<Option<u64>>,
    /// What `new` rests on; null where it is not known.
    pub(super) origin: Vec<Option<RestsOn>>,
    /// Why `new` is not known; null where it is.
    pub(super) unknown: Vec<Option<Unknown>>,
}

/// What was told of a period that is not one full day. It is never taken for a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PartOfDay {
    /// The period.
    pub(super) period: Span,
    /// New infections in it.
    pub(super) new: u64,
    /// Confirmed.
    pub(super) confirmed: Option<u64>,
    /// Asymptomatic.
    pub(super) asymptomatic: Option<u64>,
    /// Found in the community.
    pub(super) community: Option<u64>,
    /// Found among people under control.
    pub(super) managed: Option<u64>,
    /// What it rests on.
    pub(super) origin: RestsOn,
    /// Ids of the documents.
    pub(super) sources: Vec<String>,
}

/// The last report about a place, against the limit of the office that sent it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LastReport {
    /// The office.
    pub(super) office: String,
    /// The end of what it speaks of, in the city's calendar.
    #[schema(value_type = String)]
    pub(super) until: DateTime,
    /// Hours since then.
    pub(super) age_hours: f64,
    /// Hours after which it counts as old; null = the office has no limit.
    pub(super) limit_hours: Option<u64>,
    /// Older than its limit; null where there is none.
    pub(super) late: Option<bool>,
}

/// A share found in the community.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ShareNow {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub(super) day: Date,
    /// The city, or a group of districts that is stated together.
    pub(super) place: String,
    /// Percent.
    pub(super) percent: RateTold,
}

/// A single figure that an office states of the city, such as people in hospital.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StatedNow {
    /// What it is about.
    pub(super) kind: String,
    /// Of what.
    pub(super) name: String,
    /// The figure.
    pub(super) figure: RateTold,
}

/// The city.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CityNow {
    /// Its code.
    pub(super) code: String,
    /// Its names.
    pub(super) name: Names,
    /// How many live there; null = not known.
    pub(super) population: Option<Residents>,
    /// New infections of the last full day that is known.
    pub(super) latest: CountTold,
    /// Of the last seven full days.
    pub(super) seven_days: CountTold,
    /// Of the seven before.
    pub(super) seven_days_before: CountTold,
    /// New infections of the latest part of a day after it, if one was told.
    pub(super) part_day: Option<CountTold>,
    /// Of the same hours a day earlier.
    pub(super) same_hours_before: Option<CountTold>,
    /// Day by day.
    pub(super) series: DaySeries,
    /// Of other periods.
    pub(super) parts: Vec<PartOfDay>,
    /// Shares found in the community, as stated or from counts, within `days`.
    pub(super) shares: Vec<ShareNow>,
    /// People in care.
    pub(super) in_care: RateTold,
    /// Other single figures, the latest of each.
    pub(super) stated: Vec<StatedNow>,
}

/// A district.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DistrictNow {
    /// Its code.
    pub(super) code: String,
    /// Its names.
    pub(super) name: Names,
    /// How many live there; null = not known.
    pub(super) population: Option<Residents>,
    /// New infections in the period of the latest list, units that are listed apart included.
    pub(super) latest: CountTold,
    /// The same per 100,000 residents.
    pub(super) per_100k: RateTold,
    /// New infections of the last seven full days per 100,000 residents.
    pub(super) incidence_7d: RateTold,
    /// Of the latest list, found in the community, percent.
    pub(super) community_pct: RateTold,
    /// The last report about it; null = nobody has ever reported.
    pub(super) last_report: Option<LastReport>,
    /// Day by day.
    pub(super) series: DaySeries,
    /// Of other periods.
    pub(super) parts: Vec<PartOfDay>,
}

/// A facility.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacilityNow {
    /// Its id.
    pub(super) id: String,
    /// What it is.
    #[schema(value_type = String)]
    pub(super) kind: FacilityKind,
    /// Chinese name.
    pub(super) name_zh: String,
    /// English name.
    pub(super) name_en: String,
    /// The district it lies in.
    pub(super) area: String,
    /// Latitude, degrees, in the datum of the pack; null = not known.
    pub(super) lat: Option<f64>,
    /// Longitude.
    pub(super) lon: Option<f64>,
    /// Until when its safety acceptance is valid; null = none is known, and none may be planned in.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) acceptance_until: Option<Date>,
    /// Whether it is valid on the day.
    pub(super) accepted: bool,
    /// First day on which it may take people; null = open.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) opens_on: Option<Date>,
    /// First day on which it takes none any more; null = not foreseen.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) closes_on: Option<Date>,
    /// What its entry in the register rests on.
    pub(super) origin: RestsOn,
    /// What it can hold, level by level; a level without a report has nulls, which are not zero.
    pub(super) levels: Vec<LevelNow>,
}

/// What a facility can hold at one level of care.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LevelNow {
    /// The level.
    #[schema(value_type = String)]
    pub(super) level: Level,
    /// Unit of the counts; null = never reported.
    #[schema(value_type = Option<String>)]
    pub(super) unit: Option<CapacityUnit>,
    /// That exist.
    pub(super) physical: Option<u64>,
    /// Of these, with staff.
    pub(super) staffed: Option<u64>,
    /// Of these, with equipment.
    pub(super) equipped: Option<u64>,
    /// In use; may exceed what exists.
    pub(super) occupied: Option<u64>,
    /// Planned in the end.
    pub(super) planned: Option<u64>,
    /// min(physical, staffed, equipped); null while one of them is not known.
    pub(super) usable: Option<u64>,
    /// Which of the three binds.
    #[schema(value_type = Option<String>)]
    pub(super) binds: Option<Binding>,
    /// Usable less occupied; null while either is not known.
    pub(super) free: Option<u64>,
    /// The moment it speaks of, in the city's calendar; null = never reported.
    #[schema(value_type = Option<String>)]
    pub(super) as_of: Option<DateTime>,
    /// Hours since then.
    pub(super) age_hours: Option<f64>,
    /// Hours after which it counts as old; null = the office has no limit.
    pub(super) limit_hours: Option<u64>,
    /// Older than its limit; null where there is none, or nothing was reported.
    pub(super) late: Option<bool>,
    /// Who says so.
    pub(super) office: Option<String>,
    /// Ids of the documents.
    pub(super) sources: Vec<String>,
    /// When the city received it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) known_at: Option<Timestamp>,
    /// What it rests on.
    pub(super) origin: Option<RestsOn>,
}

/// Figures that cannot all be right.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContradictionNow {
    /// A code that stays the same, such as `contradiction.offices_differ`.
    pub(super) code: String,
    /// Where.
    pub(super) place: String,
    /// The period.
    pub(super) period: Option<Span>,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub(super) day: Date,
    /// In Chinese.
    pub(super) zh: String,
    /// In English.
    pub(super) en: String,
    /// Ids of the documents.
    pub(super) sources: Vec<String>,
    /// The reports of that place and time, at most 50.
    pub(super) reports: Vec<ReportTold>,
}

/// What an office reports, and how old it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeNow {
    /// The office.
    pub(super) office: String,
    /// Its Chinese name.
    pub(super) name_zh: String,
    /// Its English name.
    pub(super) name_en: String,
    /// The table.
    pub(super) table: String,
    /// What the table holds, in Chinese.
    pub(super) table_zh: String,
    /// In English.
    pub(super) table_en: String,
    /// The end of the last thing it spoke of, in the city's calendar; null = it never reported.
    #[schema(value_type = Option<String>)]
    pub(super) last: Option<DateTime>,
    /// Hours since then.
    pub(super) age_hours: Option<f64>,
    /// Hours after which it counts as old; null = it has no limit.
    pub(super) limit_hours: Option<u64>,
    /// Older than its limit; null where there is none. An office that never reported is late.
    pub(super) late: Option<bool>,
    /// Its latest day brought far fewer rows than the same weekday used to.
    pub(super) far_less: Option<FarLess>,
}

/// Far fewer rows than usual.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct FarLess {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub(super) day: Date,
    /// Rows of that day.
    pub(super) rows: u64,
    /// Median of the same weekday before.
    pub(super) usual: u64,
}

/// A document that figures come from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceTold {
    /// Its id.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Who published it.
    pub(super) publisher: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) published: Option<Date>,
    /// Under which terms.
    pub(super) licence: String,
}
