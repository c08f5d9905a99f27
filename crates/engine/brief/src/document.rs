//! The document `levee.brief/1`: the facts, what the brief says about them by code and arguments, and both sentences.

use crate::catalogue;
use crate::facts::{BriefFacts, Message};
use crate::findings::{Finding, Findings, Thresholds, findings};
use crate::lang::{Lang, Speaker};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name and version of the shape.
pub const SCHEMA: &str = "levee.brief/1";

/// A sentence of the brief: its code, its arguments and how each language says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// The code.
    pub code: String,
    /// The arguments.
    pub args: BTreeMap<String, crate::facts::Arg>,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Whether it rests on synthetic figures.
    pub synthetic: bool,
}

/// The brief as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The lead.
    pub lead: Vec<Sentence>,
    /// The four facts.
    pub points: Vec<Sentence>,
    /// The title of each part by its key.
    pub titles: BTreeMap<String, Sentence>,
    /// What it was made from.
    pub facts: BriefFacts,
}

impl Document {
    /// Composes the document of these facts.
    pub fn new(facts: BriefFacts) -> Self {
        let Findings { lead, points, titles, .. } = findings(&facts, &Thresholds::default());
        let year = facts.masthead.day.year();
        let say = |message: &Message, lang| catalogue::write(message, Speaker { lang, year }).capitalised().plain();
        let sentence = |finding: Finding| Sentence {
            zh: say(&finding.message, Lang::Zh),
            en: say(&finding.message, Lang::En),
            code: finding.message.code,
            args: finding.message.args,
            synthetic: finding.synthetic,
        };
        Self {
            schema: SCHEMA.to_owned(),
            lead: lead.into_iter().map(sentence).collect(),
            points: points.into_iter().map(sentence).collect(),
            titles: titles.into_iter().map(|(key, finding)| (key, sentence(finding))).collect(),
            facts,
        }
    }

    /// The lead in one language, as one text.
    pub fn lead_text(&self, lang: Lang) -> String {
        let said: Vec<&str> =
            self.lead.iter().map(|sentence| lang.pick(sentence.zh.as_str(), sentence.en.as_str())).collect();
        said.join(lang.pick("", " "))
    }

    /// The document as JSON: indented, ended by a line feed, the same bytes for the same facts.
    pub fn to_json(&self) -> Result<String, NotWritable> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| NotWritable { why: error.to_string() })?;
        text.push('\n');
        Ok(text)
    }

    /// The page with both languages; `shown` is the one that is shown first.
    pub fn to_html(&self, shown: Lang) -> String {
        crate::html::page(&self.facts, &findings(&self.facts, &Thresholds::default()), shown)
    }
}

/// Why a document could not be written. Facts made by Levee's engines never give it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the brief could not be written as JSON: {why}")]
pub struct NotWritable {
    /// What the writer said.
    pub why: String,
}
