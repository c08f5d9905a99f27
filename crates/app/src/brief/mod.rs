//! From what was computed to what the brief says: figures, findings as codes, decisions. No sentence is made here.

mod care;
mod city;
mod decisions;
mod demand;
mod districts;
mod explain;
mod figures;
pub(crate) mod known_issues;
pub(crate) mod orders;
mod outlook;
mod owed;
pub(crate) mod plan;
mod record;
mod timetable;
pub(crate) mod words;

use crate::audit::MeasuresAudit;
use crate::day::Day;
use crate::event::Mode;
use crate::operations::Operations;
use crate::plans::PlanDocument;
use jiff::civil::Time;
use levee_brief::facts::{
    Arg, BriefFacts, Figure, Masthead, MeasureFacts, Message, ObservedMeasure, ParameterLine, SourceLine, Words,
};
use std::collections::BTreeSet;

/// What stands around a day: the timetable, and what others did held against the rulebook.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// The timetable at the moment of the brief.
    pub operations: Option<&'a Operations>,
    /// The audit; none without a rulebook.
    pub audit: Option<&'a MeasuresAudit>,
}

/// The facts of a day's brief. `document` is the plan as it is issued with it; none when there is no plan.
pub fn facts(day: &Day, document: Option<&PlanDocument>, around: Around<'_>) -> BriefFacts {
    let names = words::Names::of(day);
    let city = city::facts(day, &names);
    let districts = districts::facts(day, &names);
    let care = care::facts(day, &names);
    let outlook = outlook::facts(day, &names);
    let load = plan::load(day);
    let demand = demand::facts(day, &names);
    let explanation = explain::facts(day, &names);
    let plan = plan::facts(day, document, &names);
    let contradictions = known_issues::contradictions(day, &names);
    let data_ages = known_issues::ages(day, &names);
    let decisions = decisions::asked(day, &names, &plan);
    let mut facts = BriefFacts {
        masthead: masthead(day),
        changes: known_issues::changes(day, &names),
        measures: measures(day, &names, around.audit),
        timetable: timetable::timetable(around.operations),
        owed: owed::owed(day, &names),
        sources: Vec::new(),
        parameters: parameters(day),
        licences: licences(day),
        synthetic_note: None,
        city,
        districts,
        care,
        contradictions,
        data_ages,
        outlook,
        explanation,
        load,
        demand,
        plan,
        decisions,
    };
    facts.sources = sources(day, &facts);
    if uses_synthetic(&facts) {
        facts.synthetic_note = Some(Words::new(
            "标S的数字依据模拟数据：设施、床位、人员到位、车辆和规划参数并非公开记录，仅按真实总数推定规模。",
            "Figures marked S rest on synthetic rows: facilities, beds, staff, vehicles and planning parameters are not on \
             the public record; they are only sized from real totals.",
        ));
    }
    facts
}

fn masthead(day: &Day) -> Masthead {
    let settings = &day.known.settings;
    let as_known_at = day.picture.moment.as_known_at;
    Masthead {
        city: Words::new(&settings.name.zh, &settings.name.en),
        headquarters: Words::new(&settings.headquarters.zh, &settings.headquarters.en),
        day: day.day,
        outbreak_started: Some(settings.outbreak_started),
        as_known_at,
        replay: day.mode == Mode::Replay,
        code: code(day),
        engine_version: format!("levee {}", env!("CARGO_PKG_VERSION")),
        seed: day.seed,
    }
}

/// A short name of what went in: the day and a digest of every figure known, so that two briefs with the same code
/// were made from the same data.
fn code(day: &Day) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{:?}", day.known.facts).as_bytes());
    hasher.update(format!("{:?}", day.known.fleets).as_bytes());
    hasher.update(&day.seed.to_be_bytes());
    let digest = hasher.finalize().to_hex();
    format!("{}-{}", day.day.strftime("%Y%m%d"), &digest.as_str()[..8])
}

fn measures(day: &Day, names: &words::Names<'_>, audit: Option<&MeasuresAudit>) -> MeasureFacts {
    let around = |event: &&levee_model::report::ObservedEvent| {
        let from = day.day.saturating_sub(jiff::Span::new().days(7));
        let is_measure = event.kind.starts_with("measure") || event.kind == "rule" || event.kind == "facility opening";
        is_measure && event.starts_on >= from && event.starts_on <= day.day
    };
    let mut observed: Vec<ObservedMeasure> = day
        .known
        .events
        .iter()
        .filter(around)
        .map(|event| ObservedMeasure {
            id: event.id.clone(),
            starts_on: event.starts_on,
            ends_on: event.ends_on,
            place: names.joined(&event.places).or_else(|| event.area_text.as_ref().map(Words::same)),
            text: Words::new(&event.description_zh, &event.description_en),
            origin: event.provenance.origin,
            sources: event.provenance.source.split('+').map(str::to_owned).collect(),
        })
        .collect();
    observed.sort_by(|a, b| (b.starts_on, &b.id).cmp(&(a.starts_on, &a.id)));
    MeasureFacts { observed, audit: timetable::audit(audit) }
}

fn parameters(day: &Day) -> Vec<ParameterLine> {
    let mut lines = Vec::new();
    let assumed: Vec<&str> = match &day.demand {
        Ok(demand) => demand.assumptions().found().map(|found| found.id.as_str()).collect(),
        Err(_) => Vec::new(),
    };
    // A parameter of both stands once.
    let ids: BTreeSet<&str> = crate::day::PLAN_PARAMETERS.iter().copied().chain(assumed).collect();
    for id in ids {
        let Ok((parameter, value)) = day.known.parameters.in_force(id, day.day) else {
            lines.push(ParameterLine {
                id: id.to_owned(),
                value: Figure::unknown(Message::new("no_parameter").with("id", Arg::Plain(id.to_owned()))),
                range: None,
                unit: String::new(),
                source: String::new(),
            });
            continue;
        };
        lines.push(ParameterLine {
            id: id.to_owned(),
            value: Figure::known(value, parameter.origin),
            range: parameter.low.zip(parameter.high),
            unit: parameter.unit.clone(),
            source: parameter.source.clone(),
        });
    }
    lines
}

fn licences(day: &Day) -> Vec<Words> {
    let licences: BTreeSet<&str> = day.known.sources.iter().map(|s| s.licence.as_str()).collect();
    licences.into_iter().map(Words::same).collect()
}

/// The sources that a figure of this brief names, in the order of their ids.
fn sources(day: &Day, facts: &BriefFacts) -> Vec<SourceLine> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let json = serde_json::to_value(facts).unwrap_or_default();
    collect_sources(&json, &mut used);
    used.extend(facts.parameters.iter().flat_map(|p| p.source.split('+').map(str::to_owned)));
    day.known
        .sources
        .iter()
        .filter(|source| used.contains(&source.id))
        .map(|source| SourceLine {
            id: source.id.clone(),
            title: Words::same(source.title.clone()),
            publisher: source.publisher.clone().map(Words::same),
            published: source.published,
            licence: Some(source.licence.clone()),
        })
        .collect()
}

fn collect_sources(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (key, inner) in object {
                if key == "sources"
                    && let Some(list) = inner.as_array()
                {
                    into.extend(list.iter().filter_map(|v| v.as_str().map(str::to_owned)));
                }
                collect_sources(inner, into);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_sources(item, into)),
        _ => {}
    }
}

fn uses_synthetic(facts: &BriefFacts) -> bool {
    serde_json::to_string(facts).is_ok_and(|json| json.contains("\"origin\":\"synthetic\""))
}

/// 08:00 of the day after: when a night's work must be done.
pub(crate) fn tomorrow_at(day: jiff::civil::Date, hour: i8) -> Option<jiff::civil::DateTime> {
    Some(day.tomorrow().ok()?.to_datetime(Time::new(hour, 0, 0, 0).ok()?))
}
