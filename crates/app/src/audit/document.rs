//! The audit as one JSON document, `levee.measures_audit/1`.

use super::MeasuresAudit;
use jiff::Timestamp;
use levee_measures::audit::{Audited, ReadFact, Rests, Span, Told};
use levee_measures::{Flag, ObservedMeasure};
use levee_rulebook::{Rulebook, Value as Fact};
use serde_json::{Map, Value, json};

/// The document.
pub fn of(audit: &MeasuresAudit, book: &Rulebook) -> Value {
    let counts: Map<String, Value> = levee_measures::audit::counts(&audit.measures)
        .into_iter()
        .map(|(verdict, count)| (verdict.code().to_owned(), count.into()))
        .collect();
    let districts: Vec<Value> = audit
        .districts
        .iter()
        .map(|(code, standing)| {
            let aged = |list: &[(String, i64)]| -> Vec<Value> {
                list.iter().map(|(id, days)| json!({ "measure": id, "days": days })).collect()
            };
            let counts: Map<String, Value> =
                standing.counts.iter().map(|(verdict, n)| (verdict.code().to_owned(), (*n).into())).collect();
            json!({
                "district": code.as_str(), "in_force": counts, "stricter": aged(&standing.stricter),
                "laxer": aged(&standing.laxer),
            })
        })
        .collect();
    let unread: Vec<Value> = audit
        .unread
        .iter()
        .map(|event| {
            json!({ "event": event.id, "on": event.starts_on, "kind": event.kind,
                    "en": event.description_en, "zh": event.description_zh })
        })
        .collect();
    json!({
        "schema": "levee.measures_audit/1",
        "date": audit.on,
        "rulebook": book.id().as_str(),
        "endorses": false,
        "recorded": audit.recorded.iter().map(observed).collect::<Vec<_>>(),
        "verdicts": counts,
        "measures": audit.measures.iter().map(measure).collect::<Vec<_>>(),
        "districts": districts,
        "layered_on": audit.layered.iter().map(|one| json!({ "higher": one.higher, "lower": one.lower })).collect::<Vec<_>>(),
        "unread_events": unread,
        "faults": audit.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn measure(one: &Audited) -> Value {
    let seen = &one.seen;
    let words: Vec<Value> = seen.words.iter().map(|(en, zh)| json!({ "en": en, "zh": zh })).collect();
    json!({
        "measure": seen.id,
        "events": seen.events,
        "words": words,
        "places": seen.places.iter().map(|place| place.as_str()).collect::<Vec<_>>(),
        "districts": seen.districts.iter().map(|place| place.as_str()).collect::<Vec<_>>(),
        "since": seen.since,
        "until": seen.until,
        "days_stricter": one.days_stricter(),
        "days_laxer": one.days_laxer(),
        "spans": one.spans.iter().map(span).collect::<Vec<_>>(),
    })
}

fn span(span: &Span) -> Value {
    let possible: Vec<Value> = span
        .possible
        .iter()
        .map(|(rule, facts)| {
            json!({ "rule": rule.as_str(), "facts_missing": facts.iter().map(|path| path.as_str()).collect::<Vec<_>>() })
        })
        .collect();
    json!({
        "from": span.from,
        "to": span.to,
        "days": span.days(),
        "verdict": span.verdict.code(),
        "by_rulebook_alone": span.by_book.code(),
        "before_book": span.before_book,
        "rules": span.rules.iter().map(|rule| rule.as_str()).collect::<Vec<_>>(),
        "reasons": span.reasons.iter().map(told).collect::<Vec<_>>(),
        "possible": possible,
        "facts": span.facts.iter().map(fact).collect::<Vec<_>>(),
    })
}

fn told(told: &Told) -> Value {
    let used: Map<String, Value> =
        told.facts_used.iter().map(|(path, value)| (path.to_string(), value.to_string().into())).collect();
    let changes: Vec<Value> = told
        .changes
        .iter()
        .map(|change| {
            let args: Map<String, Value> =
                change.args.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
            json!({ "code": change.code, "args": args })
        })
        .collect();
    json!({
        "rule": told.rule.as_str(),
        "title": { "en": told.title.en, "zh": told.title.zh },
        "check": told.check,
        "outcome": told.outcome.code(),
        "why": told.why,
        "local": told.local,
        "clauses": told.clauses.iter().map(|(source, part)| json!({ "source": source, "clause": part })).collect::<Vec<_>>(),
        "facts_used": used,
        "facts_missing": told.facts_missing.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        "numbers_missing": told.numbers_missing,
        "changes": changes,
    })
}

fn fact(fact: &ReadFact) -> Value {
    let rests = match &fact.rests {
        Rests::Words { event, source, why_en, why_zh } => {
            json!({ "event": event, "source": source, "en": why_en, "zh": why_zh })
        }
        Rests::Figures { what_en, what_zh } => json!({ "figures": true, "en": what_en, "zh": what_zh }),
    };
    json!({ "fact": fact.path.as_str(), "value": plain(&fact.value), "rests_on": rests })
}

/// A fact as JSON.
fn plain(value: &Fact) -> Value {
    match value {
        Fact::Bool(yes) => (*yes).into(),
        Fact::Number(number) => json!(number),
        Fact::List(items) => items.iter().map(plain).collect(),
        other => other.to_string().into(),
    }
}

/// What was recorded by hand, as data.
pub fn observed(observed: &ObservedMeasure) -> Value {
    let flags: Vec<String> = observed
        .flags()
        .into_iter()
        .map(|flag| match flag {
            Flag::Blocked => "blocked".to_owned(),
            Flag::Stricter => "stricter".to_owned(),
            Flag::Laxer => "laxer".to_owned(),
            Flag::Undetermined => "undetermined".to_owned(),
            Flag::NotJudged => "not_judged".to_owned(),
            Flag::NoEnd => "no_end".to_owned(),
            Flag::PastItsEnd => "past_its_end".to_owned(),
            Flag::NoService(service) => format!("no_service:{}", service.code()),
            Flag::ExitsNotShown => "exits_not_shown".to_owned(),
        })
        .collect();
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "measure": observed.id.to_string(), "place": observed.area.as_str(), "what": observed.what, "report": observed.report,
        "since": time(observed.since), "end": time(observed.end), "last_seen": observed.last_seen,
        "services": observed.services.iter().map(|one| one.code()).collect::<Vec<_>>(), "exits_open": observed.exits_open,
        "verdict": observed.verdict.map(|verdict| verdict.code()), "flags": flags,
    })
}
