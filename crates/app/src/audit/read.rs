//! The table `measure_facts` and the events it reads, as measures.

use crate::city::AppError;
use crate::facts::KnownRow;
use crate::places::text;
use jiff::civil::Date;
use levee_measures::audit::{ReadFact, Rests, Seen};
use levee_model::area::{Area, Level, PlaceCode, Relation};
use levee_model::gazetteer::Gazetteer;
use levee_model::report::ObservedEvent;
use levee_rulebook::{FactPath, Facts, Rulebook, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The fact that is no rule's: the last day of the measure.
const ENDED_ON: &str = "measure.ended_on";

/// A row of `measure_facts` that cannot be used as it stands, or looks wrong. The measure is judged without it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadingFault {
    /// The value cannot be read.
    #[error("{measure}: {why}; write the value as a rulebook does, such as `district` or `[1, 3]`")]
    Value {
        /// The measure.
        measure: String,
        /// What is wrong.
        why: String,
    },
    /// The event is not known (yet).
    #[error("{measure}: event `{event}` is not known; correct `event` or take the event in first")]
    Event {
        /// The measure.
        measure: String,
        /// The event.
        event: String,
    },
    /// Two rows give one fact differently.
    #[error("{measure}: `{fact}` is given twice, as {kept} and {other}; the one known first stands, correct the other")]
    Twice {
        /// The measure.
        measure: String,
        /// The fact.
        fact: String,
        /// What stands.
        kept: String,
        /// What does not.
        other: String,
    },
    /// No rule reads it and some rule reads one that looks like it.
    #[error("{measure}: no rule reads `{fact}`; did you mean `{near}`?")]
    Misspelt {
        /// The measure.
        measure: String,
        /// The fact.
        fact: String,
        /// The name that a rule reads.
        near: String,
    },
    /// Its last day lies before its first.
    #[error("{measure}: its last day {until} lies before its first {since}; correct `{ENDED_ON}`")]
    EndBeforeStart {
        /// The measure.
        measure: String,
        /// First day.
        since: Date,
        /// Last day.
        until: Date,
    },
}

pub(super) struct Reading {
    pub(super) seen: Vec<Seen>,
    /// Events that some row reads.
    pub(super) events: BTreeSet<String>,
    pub(super) faults: Vec<ReadingFault>,
}

/// Measures of the rows, by id. `rows` come in the order in which they were known.
pub(super) fn seen(
    rows: &[KnownRow],
    events: &[ObservedEvent],
    places: &Gazetteer,
    book: &Rulebook,
) -> Result<Reading, AppError> {
    let by_id: BTreeMap<&str, &ObservedEvent> = events.iter().map(|event| (event.id.as_str(), event)).collect();
    let mut reading = Reading { seen: Vec::new(), events: BTreeSet::new(), faults: Vec::new() };
    let mut of_measure: BTreeMap<&str, Vec<(&KnownRow, &ObservedEvent)>> = BTreeMap::new();
    for row in rows {
        let (measure, event) = (text(&row.row, "measure")?, text(&row.row, "event")?);
        match by_id.get(event) {
            Some(known) => {
                reading.events.insert(event.to_owned());
                of_measure.entry(measure).or_default().push((row, known));
            }
            None => reading.faults.push(ReadingFault::Event { measure: measure.to_owned(), event: event.to_owned() }),
        }
    }
    for (measure, rows) in of_measure {
        reading.seen.extend(one(measure, &rows, places, book, &mut reading.faults)?);
    }
    Ok(reading)
}

/// `None` while only its end is known.
fn one(
    id: &str,
    rows: &[(&KnownRow, &ObservedEvent)],
    places: &Gazetteer,
    book: &Rulebook,
    faults: &mut Vec<ReadingFault>,
) -> Result<Option<Seen>, AppError> {
    let (mut facts, mut until) = (Vec::<ReadFact>::new(), None);
    let mut begins: BTreeMap<&str, &ObservedEvent> = BTreeMap::new();
    for (row, event) in rows {
        let fact = text(&row.row, "fact")?;
        if fact != ENDED_ON {
            begins.insert(&event.id, event);
        }
        let (path, value) = match value(fact, text(&row.row, "fact_value")?) {
            Ok(Some(read)) => read,
            Ok(None) => continue,
            Err(why) => {
                faults.push(ReadingFault::Value { measure: id.to_owned(), why });
                continue;
            }
        };
        if fact == ENDED_ON {
            match value {
                Value::Date(day) => until = Some(day),
                other => {
                    let why = format!("`{ENDED_ON}` must be a day such as 2022-11-24, not {other}");
                    faults.push(ReadingFault::Value { measure: id.to_owned(), why });
                }
            }
            continue;
        }
        if let Some(before) = facts.iter().find(|before| before.path == path) {
            if before.value != value {
                faults.push(ReadingFault::Twice {
                    measure: id.to_owned(),
                    fact: path.to_string(),
                    kept: before.value.to_string(),
                    other: value.to_string(),
                });
            }
            continue;
        }
        let rests = Rests::Words {
            event: event.id.clone(),
            source: text(&row.row, "source_id")?.to_owned(),
            why_en: text(&row.row, "about_en")?.to_owned(),
            why_zh: text(&row.row, "about_zh")?.to_owned(),
        };
        facts.push(ReadFact { path, value, rests });
    }
    let Some(since) = begins.values().map(|event| event.starts_on).min() else { return Ok(None) };
    let until = until.or_else(|| begins.values().filter_map(|event| event.ends_on).max());
    if let Some(until) = until.filter(|until| *until < since) {
        faults.push(ReadingFault::EndBeforeStart { measure: id.to_owned(), since, until });
    }
    misspelt(id, &facts, book, faults);
    let mut at: Vec<PlaceCode> = begins.values().flat_map(|event| event.places.iter().cloned()).collect();
    at.sort();
    at.dedup();
    Ok(Some(Seen {
        id: id.to_owned(),
        words: begins.values().map(|event| (event.description_en.clone(), event.description_zh.clone())).collect(),
        events: begins.keys().map(|event| (*event).to_owned()).collect(),
        districts: at.iter().flat_map(|place| districts(places, place)).collect(),
        places: at,
        since,
        until: until.filter(|until| *until >= since),
        facts,
    }))
}

fn value(fact: &str, given: &str) -> Result<Option<(FactPath, Value)>, String> {
    let facts = Facts::parse(&format!("{fact}: {given}")).map_err(|bad| bad.to_string())?;
    Ok(facts.iter().next().map(|(path, value)| (path.clone(), value.clone())))
}

fn misspelt(id: &str, read: &[ReadFact], book: &Rulebook, faults: &mut Vec<ReadingFault>) {
    let mut facts = Facts::new();
    for fact in read {
        // Each path is there once, and was read as a fact: it cannot be refused.
        let _ = facts.insert(fact.path.clone(), fact.value.clone());
    }
    faults.extend(book.misspelt(&facts).into_iter().map(|(fact, near)| ReadingFault::Misspelt {
        measure: id.to_owned(),
        fact: fact.to_string(),
        near: near.to_string(),
    }));
}

/// The districts that a place touches. Of a zone that overlaps several nobody knows which.
pub(super) fn districts(places: &Gazetteer, place: &PlaceCode) -> Vec<PlaceCode> {
    let within = |code: &PlaceCode| -> Vec<PlaceCode> {
        let mut at = places.area(code);
        while let Some(Area { level, parent, code, .. }) = at {
            match level {
                Level::City => return places.districts().map(|area| area.code.clone()).collect(),
                Level::District => return vec![code.clone()],
                _ => at = parent.as_ref().and_then(|above| places.area(above)),
            }
        }
        Vec::new()
    };
    match places.unit(place).map(|unit| &unit.relation) {
        None => within(place),
        Some(Relation::Apart { within: district }) => within(district),
        Some(Relation::Group { members }) => members.iter().flat_map(within).collect(),
        Some(Relation::Overlap) => Vec::new(),
    }
}
