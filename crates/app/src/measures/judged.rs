//! A restriction held against the rulebook on the day it starts, and weighed.

use super::ask::Effect;
use super::book::Book;
use super::fault::Fault;
use super::proposal::Words;
use crate::blob::BlobRef;
use crate::event::{Duty, Judged};
use crate::projection::measures::MeasureRow;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_measures::Assessment;
use levee_rulebook::{Facts, GateState, judge};

/// What an assessment rests on beside the row itself.
pub(super) struct Weighed<'a> {
    pub(super) book: &'a Book,
    /// The text of the book in the blob store.
    pub(super) text: BlobRef,
    pub(super) words: &'a Words,
    pub(super) effect: Option<&'a Effect>,
    /// The day whose rules hold: the day it starts, for a renewal the day it is renewed.
    pub(super) day: Date,
    /// From when to when people are held.
    pub(super) over: (Timestamp, Timestamp),
}

/// Days that have begun between two moments.
pub(super) fn days(from: Timestamp, to: Timestamp) -> u64 {
    let seconds = to.duration_since(from).as_secs().max(0);
    u64::try_from(seconds.div_euclid(86_400) + i64::from(seconds.rem_euclid(86_400) > 0)).unwrap_or(0)
}

/// Judges and weighs. What the book says of gates is as the proposal states its facts; whether services are there the gate asks itself.
pub(super) fn weigh(row: &MeasureRow, weighed: &Weighed<'_>) -> Result<(Assessment, Judged), Fault> {
    let Weighed { book, text, words, effect, day, over } = weighed;
    let id = row.measure.id();
    let name = book.rules.id().to_string();
    if let Some(first) = book.rules.first_day().filter(|first| day < first) {
        return Err(Fault::BeforeBook { book: name, day: *day, first });
    }
    let ground = &row.measure.terms().ground().rule;
    if !book.rules.in_force(*day).iter().any(|rule| rule.id == *ground) {
        return Err(Fault::NoSuchRule { rule: ground.to_string(), book: name, day: *day });
    }
    let facts = Facts::parse(&words.facts.to_string()).map_err(|error| Fault::Facts(error.to_string()))?;
    if let Some((given, known)) = book.rules.misspelt(&facts).first() {
        return Err(Fault::Misspelt { given: given.to_string(), known: known.to_string() });
    }
    if words.alternative.zh.trim().is_empty() && words.alternative.en.trim().is_empty() {
        return Err(Fault::NoAlternative);
    }
    let persons = row.counted.as_ref().and_then(|counted| counted.demand.persons).ok_or(Fault::NotCounted(id))?;
    let judgement = judge(&book.rules, *day, &facts);
    let shut = judgement.gates.iter().filter(|gate| gate.state != GateState::Open);
    let due = |duty: &levee_rulebook::Obligation| duty.due.filter(|_| !duty.gate).map(|due| due.as_mins());
    let duties = judgement.obligations().filter_map(|(rule, duty)| {
        due(duty).map(|due_minutes| Duty { rule: rule.id.to_string(), id: duty.id.clone(), due_minutes })
    });
    let judged = Judged {
        book: name,
        text: *text,
        day: *day,
        rules: judgement.grounds().into_iter().map(ToString::to_string).collect(),
        shut: shut.map(|gate| (gate.rule.id.to_string(), gate.check.id.clone())).collect(),
        duties: duties.collect(),
    };
    let assessment = Assessment {
        effect: effect.map(told).transpose()?,
        persons,
        person_days: persons.saturating_mul(days(over.0, over.1)),
        // The words lie in the blob store with the proposal.
        alternative: row.sheet.as_ref().map_or_else(String::new, |sheet| sheet.text.to_string()),
        verdict: judgement.verdict,
        rulebook_gates_open: judgement.gates_open(),
    };
    Ok((assessment, judged))
}

/// An effect with its interval, for people: `R: 0.7 to 1.1 (outlook of 2022-11-18)`.
fn told(Effect { what, low, high, outlook }: &Effect) -> Result<String, Fault> {
    if what.trim().is_empty() || what.chars().count() > 80 {
        return Err(Fault::Effect("does not say on what, in up to 80 characters".to_owned()));
    }
    if !low.is_finite() || !high.is_finite() || low > high {
        return Err(Fault::Effect(format!("has no interval: {low} to {high}")));
    }
    Ok(format!("{what}: {low} to {high} (outlook of {outlook})"))
}
