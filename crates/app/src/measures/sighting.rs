//! What somebody saw done outside Levee, as a person writes it down, and what the rulebook says of it.
//!
//! It is recorded whatever it is: an observed measure is judged and flagged, never gated.

use super::book::Book;
use super::fault::Fault;
use super::sheet::moment;
use crate::settings::Calendar;
use jiff::Timestamp;
use levee_measures::{MeasureId, ObservedMeasure, Service};
use levee_model::area::PlaceCode;
use levee_model::ids::EntityId;
use levee_rulebook::{Facts, Verdict, judge};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What somebody saw. Whatever is not known is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Where.
    pub place: PlaceCode,
    /// What was done, in the words of the report.
    pub what: String,
    /// The report.
    pub report: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when, as announced.
    pub end: Option<Timestamp>,
    /// Seen in force for the last time; none = when it is recorded.
    pub last_seen: Option<Timestamp>,
    /// Services that were seen to be there.
    pub services: BTreeSet<Service>,
    /// Whether the exits were seen to be open.
    pub exits_open: Option<bool>,
    /// Facts for the rulebook, as a rulebook writes them; empty = none.
    pub facts: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    place: String,
    what: String,
    report: String,
    since: Option<String>,
    end: Option<String>,
    last_seen: Option<String>,
    #[serde(default)]
    services: BTreeSet<String>,
    exits_open: Option<bool>,
    #[serde(default)]
    facts: serde_json::Map<String, serde_json::Value>,
}

impl Sighting {
    /// Reads one from TOML, times in the city's calendar. What is wrong names the line or the field.
    pub fn read(text: &str, calendar: &Calendar) -> Result<Self, Fault> {
        let given: Given =
            toml::from_str(text).map_err(|error| Fault::Sighting(error.to_string().trim().to_owned()))?;
        let at = |field: &str, given: Option<String>| given.map(|text| moment(field, &text, calendar)).transpose();
        let field = |name: &str, error: String| Fault::Sighting(format!("`{name}`: {error}"));
        let service = |name: &String| name.parse::<Service>().map_err(|error| field("services", error.to_string()));
        Ok(Self {
            place: given.place.parse().map_err(|error| field("place", format!("{error}")))?,
            what: given.what,
            report: given.report,
            since: at("since", given.since)?,
            end: at("end", given.end)?,
            last_seen: at("last_seen", given.last_seen)?,
            services: given.services.iter().map(service).collect::<Result<_, _>>()?,
            exits_open: given.exits_open,
            facts: serde_json::Value::Object(given.facts).to_string(),
        })
    }

    /// As it is recorded: judged by the book on the day it began, or was seen. Without a fact nothing is judged, and that is flagged.
    pub fn observed(self, book: &Book, calendar: &Calendar, now: Timestamp) -> Result<ObservedMeasure, Fault> {
        let words = |name: &str, text: &str| match text.trim().is_empty() {
            true => Err(Fault::Sighting(format!("`{name}` is empty"))),
            false => Ok(text.trim().to_owned()),
        };
        let last_seen = self.last_seen.unwrap_or(now);
        let facts = match self.facts.trim() {
            "" => Facts::new(),
            given => Facts::parse(given).map_err(|error| Fault::Sighting(format!("`facts`: {error}")))?,
        };
        if let Some((given, known)) = book.rules().misspelt(&facts).first() {
            return Err(Fault::Misspelt { given: given.to_string(), known: known.to_string() });
        }
        let day = calendar.civil(self.since.unwrap_or(last_seen)).date();
        let before = book.rules().first_day().is_some_and(|first| day < first);
        let verdict = match (facts.iter().next(), before) {
            (None, _) => None,
            (Some(_), true) => Some(Verdict::Undetermined),
            (Some(_), false) => Some(judge(book.rules(), day, &facts).verdict),
        };
        Ok(ObservedMeasure {
            // Its id is made where it is recorded.
            id: MeasureId(EntityId::new(uuid::Uuid::nil(), 0)),
            what: words("what", &self.what)?,
            report: words("report", &self.report)?,
            area: self.place,
            since: self.since,
            end: self.end,
            last_seen,
            services: self.services,
            exits_open: self.exits_open,
            verdict,
        })
    }
}
