//! Decision cases: facts with the verdict that people expect, to hold a rulebook and this engine to account.

use crate::facts::Facts;
use crate::ids::{RuleId, RulebookId};
use crate::judge::Judgement;
use crate::problem::{Fault, RulebookProblem};
use crate::read::book::schema;
use crate::read::fields::{At, Faults, Fields, yaml};
use crate::rule::Verdict;
use jiff::civil::Date;
use serde_norway::Value as Yaml;
use std::collections::BTreeSet;

/// The form of the file that this version reads.
const SCHEMA: &str = "levee.rulebook-cases/0.1";

/// What people expect of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The verdict.
    pub verdict: Verdict,
    /// A rule that must be among the grounds; `None` for `not_covered`.
    pub rule: Option<RuleId>,
    /// The clause, in words.
    pub clause: Option<String>,
}

impl Expected {
    /// Whether a judgement gives the verdict and rests it on the rule.
    pub fn met_by(&self, judgement: &Judgement<'_>) -> bool {
        judgement.verdict == self.verdict && self.rule.as_ref().is_none_or(|rule| judgement.grounds().contains(&rule))
    }
}

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its name, such as `Q01`.
    pub id: String,
    /// The book that it is for.
    pub rulebook: RulebookId,
    /// What happened, in words.
    pub text: String,
    /// The day whose rules hold: `facts.date` of the file.
    pub date: Date,
    /// What is known.
    pub facts: Facts,
    /// What people expect, where they said so.
    pub expected: Option<Expected>,
    /// Why, in words.
    pub reason: Option<String>,
}

/// Reads a file of cases; gives every fault at once.
pub fn parse_cases(text: &str) -> Result<Vec<Case>, Vec<RulebookProblem>> {
    let mut faults = Faults::new(text, "cases");
    let cases = yaml(text, &mut faults).and_then(|root| file(&root, &mut faults));
    faults.done(cases)
}

fn file(root: &Yaml, faults: &mut Faults<'_>) -> Option<Vec<Case>> {
    let mut f = Fields::open(root, At::default(), faults)?;
    schema(&mut f, SCHEMA, faults)?;
    f.text_if_any("verdicts", faults);
    let items = f.list("cases", true, faults);
    faults.expect_entries(items.len());
    f.close(faults);
    let mut ids = BTreeSet::new();
    let mut cases = Vec::new();
    for (position, (_, item)) in items.iter().enumerate() {
        let Some(read) = case(item, position, faults) else { continue };
        if !ids.insert(read.id.clone()) {
            faults.add(&At::entry(position, read.id.clone()).child("id"), Fault::Duplicate { id: read.id.clone() });
        }
        cases.push(read);
    }
    Some(cases)
}

fn case(item: &Yaml, position: usize, faults: &mut Faults<'_>) -> Option<Case> {
    let name = item.get("id").and_then(Yaml::as_str).map_or_else(|| format!("case {}", position + 1), str::to_owned);
    let mut f = Fields::open(item, At::entry(position, name.chars().take(80).collect()), faults)?;
    let id = f.text("id", faults);
    let rulebook = f.id("rulebook", faults);
    let text = f.text("text", faults);
    let (date, facts) = facts(&mut f, faults);
    let expected = match f.take("expected") {
        None | Some(Yaml::Null) => Some(None),
        Some(given) => expected(given, f.at.child("expected"), faults).map(Some),
    };
    let reason = f.text_if_any("reason", faults);
    f.close(faults);
    Some(Case { id: id?, rulebook: rulebook?, text: text?, date: date?, facts: facts?, expected: expected?, reason })
}

/// The file keeps the day among the facts; here it is an argument of its own.
fn facts(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> (Option<Date>, Option<Facts>) {
    let Some(given) = f.need("facts", faults) else { return (None, None) };
    let at = f.at.child("facts");
    let Yaml::Mapping(map) = given else {
        faults.wrong_kind(&at, "a map of paths to values", given);
        return (None, None);
    };
    let date = match map.get("date").and_then(Yaml::as_str) {
        Some(given) => crate::read::fields::date(given, &at.child("date"), faults),
        None => {
            faults.add(&at.child("date"), Fault::Missing);
            None
        }
    };
    let mut rest = map.clone();
    rest.shift_remove("date");
    let facts =
        Facts::try_from(Yaml::Mapping(rest)).map_err(|bad| faults.bad_value(&at, "facts", bad.to_string())).ok();
    (date, facts)
}

fn expected(given: &Yaml, at: At, faults: &mut Faults<'_>) -> Option<Expected> {
    let mut f = Fields::open(given, at, faults)?;
    let verdict = f.choice("verdict", faults);
    let rule = match f.text_if_any("rule", faults) {
        None => Some(None),
        Some(given) => crate::read::fields::id(&given, &f.at.child("rule"), faults).map(Some),
    };
    let clause = f.text_if_any("clause", faults);
    f.close(faults);
    Some(Expected { verdict: verdict?, rule: rule?, clause })
}
