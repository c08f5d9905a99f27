//! A proposal as somebody writes it: one TOML file, times in the city's calendar.

use super::fault::Fault;
use super::proposal::{Place, Proposal, Whom, Words};
use crate::event::Counted;
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::DateTime;
use levee_measures::{Demand, EvidenceItem, ExitKind, Ground, PersonalKind, Service, WayId};
use levee_model::settings::Bilingual;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    place: Option<GivenPlace>,
    person: Option<GivenPerson>,
    ground: GivenGround,
    time: GivenTime,
    #[serde(default)]
    evidence: Vec<GivenEvidence>,
    #[serde(default)]
    people: BTreeMap<String, u64>,
    #[serde(default)]
    way: Vec<GivenWay>,
    decided_by: Option<String>,
    appeal_channel: Option<String>,
    #[serde(default)]
    tests_on: Vec<u16>,
    words: GivenWords,
    #[serde(default)]
    facts: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPlace {
    code: String,
    within: Option<String>,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPerson {
    subject: String,
    kind: PersonalKind,
    within: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenGround {
    rule: String,
    clause: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenTime {
    start: String,
    review: String,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenEvidence {
    report: String,
    occurred: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenWay {
    id: String,
    kind: ExitKind,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenWords {
    what: Bilingual,
    why: Bilingual,
    alternative: Bilingual,
}

fn sheet(field: &str, error: impl Display) -> Fault {
    Fault::Sheet(format!("`{field}`: {error}"))
}

fn read<T: FromStr<Err: Display>>(field: &str, given: &str) -> Result<T, Fault> {
    given.parse().map_err(|error: T::Err| sheet(field, error))
}

/// A moment of the city's calendar, such as `2022-11-24T08:00`.
pub fn moment(field: &str, given: &str, calendar: &Calendar) -> Result<Timestamp, Fault> {
    let civil: DateTime = read(field, given)?;
    calendar.moment(civil).ok_or_else(|| sheet(field, "it lies beyond the calendar"))
}

/// How many, from a table of numbers: `persons`, `households` and the services that not everybody needs.
pub fn counted(people: &BTreeMap<String, u64>) -> Result<Option<Counted>, Fault> {
    if people.is_empty() {
        return Ok(None);
    }
    let mut demand = Demand { persons: people.get("persons").copied(), special: BTreeMap::new() };
    for (name, units) in people.iter().filter(|(name, _)| !matches!(name.as_str(), "persons" | "households")) {
        let service: Service = read("people", name)?;
        if service.for_everybody() {
            return Err(sheet("people", format!("everybody needs {service}; say `persons` and `households`")));
        }
        demand.special.insert(service, *units);
    }
    let households = people.get("households").copied().filter(|households| *households > 0);
    let households = households.ok_or_else(|| sheet("people", "`households` is not there or 0"))?;
    Ok(Some(Counted { demand, households }))
}

impl Proposal {
    /// Reads a proposal. What is wrong names the line or the field.
    pub fn read(text: &str, calendar: &Calendar) -> Result<Self, Fault> {
        let given = toml::from_str(text).map_err(|error| Fault::Sheet(error.to_string().trim().to_owned()))?;
        Self::of(given, calendar)
    }

    /// Reads a proposal from the same tables as JSON.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn of_json(tables: serde_json::Value, calendar: &Calendar) -> Result<Self, Fault> {
        Self::of(serde_json::from_value(tables).map_err(|error| Fault::Sheet(error.to_string()))?, calendar)
    }

    fn of(given: Given, calendar: &Calendar) -> Result<Self, Fault> {
        let (whom, place) = match (given.place, given.person) {
            (Some(GivenPlace { code, within, zh, en }), None) => {
                let within = within.map(|within| read("place.within", &within)).transpose()?;
                (Whom::Area(Place { code: read("place.code", &code)?, within }), Bilingual { zh, en })
            }
            (None, Some(GivenPerson { subject, kind, within })) => {
                let names = match kind {
                    PersonalKind::Quarantine => ("隔离医学观察（一人）", "Quarantine of one person"),
                    PersonalKind::Isolation => ("隔离治疗（一人）", "Isolation of one person"),
                };
                let (zh, en) = (names.0.to_owned(), names.1.to_owned());
                let subject = subject.parse().map_err(|error| sheet("person.subject", error))?;
                (Whom::Person { subject, kind, within: read("person.within", &within)? }, Bilingual { zh, en })
            }
            _ => return Err(Fault::Sheet("it has either [place] or [person], and not both".to_owned())),
        };
        let at = |field, given: &str| moment(field, given, calendar);
        let evidence = given
            .evidence
            .into_iter()
            .map(|one| Ok(EvidenceItem { report: one.report, occurred: at("evidence.occurred", &one.occurred)? }));
        let ways = given.way.into_iter().map(|one| Ok((read::<WayId>("way.id", &one.id)?, one.kind)));
        let GivenWords { what, why, alternative } = given.words;
        Ok(Self {
            whom,
            ground: Ground { rule: read("ground.rule", &given.ground.rule)?, clause: given.ground.clause },
            evidence: evidence.collect::<Result<_, Fault>>()?,
            decided_by: given.decided_by.map(|id| read("decided_by", &id)).transpose()?,
            start: at("time.start", &given.time.start)?,
            review: at("time.review", &given.time.review)?,
            end: at("time.end", &given.time.end)?,
            counted: counted(&given.people)?,
            ways: ways.collect::<Result<_, Fault>>()?,
            appeal_channel: given.appeal_channel,
            tests_on: given.tests_on,
            words: Words { place, what, why, alternative, facts: serde_json::Value::Object(given.facts) },
        })
    }
}
