//! What is to be done: proposals, shortfalls, obligations, decisions, measures; and what cannot be trusted.

use crate::facts::{Estimate, Figure, LoadUnit, Message, Origin, PlanSection, Words};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// Figures that contradict one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// What contradicts what: code with place, day, figures, offices.
    pub what: Message,
    /// What it touches in this brief.
    pub touches: Option<Message>,
    /// Whether a headline figure depends on it.
    pub touches_headline: bool,
}

/// Age of one office's table against its limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataAge {
    /// The office.
    pub office: Words,
    /// What it reports: 区县清单, district lists.
    pub table: Words,
    /// Hours since what it last reported on; `None` = it never reported.
    pub age_hours: Option<f64>,
    /// Hours from which it is old; `None` = no limit was set.
    pub limit_hours: Option<f64>,
    /// When its last report arrived.
    pub last: Option<DateTime>,
}

/// The proposed plan. Proposals only: people decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Proposed orders.
    pub orders: Vec<OrderRow>,
    /// What cannot be met.
    pub shortfalls: Vec<ShortfallRow>,
    /// Where life-saving care will be given over capacity. Never refused.
    pub surge: Vec<Surge>,
    /// Its other parts: what changed since the plan before, openings, rooms, tests. Empty in briefs issued before there were any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<PlanSection>,
}

/// One proposed order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderRow {
    /// Its id, short.
    pub id: String,
    /// What is to be done, with its amounts.
    pub what: Message,
    /// From when.
    pub starts: Option<DateTime>,
    /// By when.
    pub due: Option<DateTime>,
    /// The section that would own it.
    pub owner: Words,
    /// Which need, rule or forecast made it.
    pub reasons: Vec<Message>,
    /// Whether it is life-saving care; such orders stand first.
    pub life_saving: bool,
    /// What it rests on.
    pub origin: Origin,
}

/// Something that cannot be met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShortfallRow {
    /// What it is about in a noun, for the lead: 床位, beds.
    pub noun: Words,
    /// What cannot be met.
    pub what: Message,
    /// From which day.
    pub from: Date,
    /// How much is missing.
    pub missing: Figure<Estimate>,
    /// In which unit.
    pub unit: LoadUnit,
    /// Why.
    pub reasons: Vec<Message>,
    /// What would mend it.
    pub mends: Vec<Message>,
    /// Whether it is life-saving care.
    pub life_saving: bool,
}

/// Life-saving care over capacity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surge {
    /// Where.
    pub facility: Words,
    /// From which day.
    pub from: Date,
    /// How many people over its capacity.
    pub people_over: Figure<Estimate>,
    /// Why it is planned so.
    pub reasons: Vec<Message>,
}

/// Obligations of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwedRow {
    /// 急救, urgent care.
    pub kind: Words,
    /// Whether it is life-saving care.
    pub life_saving: bool,
    /// How many are open.
    pub open: Figure<u64>,
    /// How many of them are overdue.
    pub overdue: Figure<u64>,
    /// Age of the oldest overdue one, hours.
    pub oldest_hours: Figure<f64>,
    /// Who owns them; `None` = nobody does, which is a finding.
    pub owner: Option<Words>,
}

/// Something the meeting is asked to decide. It becomes a directive with an owner and a deadline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What is asked for, as an instruction.
    pub what: Message,
    /// Why, and what it costs, with figures.
    pub why: Vec<Message>,
    /// The section that would own it.
    pub owner: Words,
    /// Until when it must be done.
    pub deadline: Option<DateTime>,
    /// Whether it is life-saving care.
    pub life_saving: bool,
    /// What it rests on.
    pub origin: Origin,
}

/// Measures around the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureFacts {
    /// Measures on the public record that are in force on the day or began or ended within a week of it, newest first.
    pub observed: Vec<ObservedMeasure>,
    /// The audit against the rulebook; unknown while none is kept.
    pub audit: Figure<Audit>,
}

/// A measure that somebody else decided, as the record has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservedMeasure {
    /// Its id.
    pub id: String,
    /// First day.
    pub starts_on: Date,
    /// Last day, if it has one.
    pub ends_on: Option<Date>,
    /// Where.
    pub place: Option<Words>,
    /// What, as the record has it.
    pub text: Words,
    /// What it rests on.
    pub origin: Origin,
    /// Ids of its sources.
    pub sources: Vec<String>,
}

/// Measures held against the rulebook, both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Measures in force.
    pub live: u64,
    /// Stricter than the rulebook allows.
    pub stricter: Vec<Words>,
    /// Laxer than it asks.
    pub laxer: Vec<Words>,
    /// Suspended.
    pub suspended: u64,
    /// For a person to decide.
    pub undetermined: u64,
    /// Days for which the oldest of these has been so.
    #[serde(default)]
    pub undetermined_days: Option<u64>,
    /// Within the rules.
    #[serde(default)]
    pub within: u64,
    /// Which no rule of the book covers.
    #[serde(default)]
    pub not_covered: u64,
    /// The stricter, laxer and undetermined ones, the oldest first.
    #[serde(default)]
    pub lines: Vec<AuditLine>,
}

/// A measure of others that is not within the rules, or of which it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// `stricter`, `laxer`, `undetermined`.
    pub verdict: String,
    /// Where.
    pub place: Words,
    /// What was done, in the words of the record.
    pub what: Words,
    /// Rules that it was held against.
    pub rules: Vec<String>,
    /// Days for which it has been so.
    pub days: u64,
}
