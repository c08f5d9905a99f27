//! What others did, held against the rules of its days: within, stricter, laxer, undetermined or not covered, and why.
//!
//! In go measures as reports describe them ([`Seen`]: facts with the words or figures that they rest on) and a rulebook. Out comes,
//! for each, what it was on the day it began and again on every day on which the rules changed while it ran ([`Span`]). It
//! describes; it endorses neither the measure nor the rule. Nothing is gated here, and nothing is refused: it happened.
//!
//! Some answers of the rulebook are read more strictly than it gives them. "Within" of which no check could be made, because facts
//! are missing, is undetermined; so is "not covered" while a rule may cover it; and so are both before the first instrument that
//! the book restates, when only older laws of it were in force. Unknown is not zero.

mod district;
mod told;

pub use district::{Standing, by_district};
pub use told::{Told, ToldChange};

use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_rulebook::{BadFacts, FactPath, Facts, Judgement, Outcome, RuleId, Rulebook, Value, Verdict, judge};
use std::collections::{BTreeMap, BTreeSet};

/// What a fact rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rests {
    /// The words of an event, as somebody read them.
    Words {
        /// The event.
        event: String,
        /// The documents that say it, joined by `+`.
        source: String,
        /// Why the words mean it, in English.
        why_en: String,
        /// The same in Chinese.
        why_zh: String,
    },
    /// Figures that the city knew.
    Figures {
        /// Which, in English.
        what_en: String,
        /// The same in Chinese.
        what_zh: String,
    },
}

/// A fact of a measure and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFact {
    /// Its name in the rulebook.
    pub path: FactPath,
    /// What it is.
    pub value: Value,
    /// What it rests on.
    pub rests: Rests,
}

/// A measure that somebody else took, as reports describe it. What they do not say is absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// What was done, in the words of its events: English, then Chinese.
    pub words: Vec<(String, String)>,
    /// Its events.
    pub events: Vec<String>,
    /// Where, as reported.
    pub places: Vec<PlaceCode>,
    /// The districts that those places touch.
    pub districts: BTreeSet<PlaceCode>,
    /// First day.
    pub since: Date,
    /// Last day, where it is known.
    pub until: Option<Date>,
    /// What is known of it on every day.
    pub facts: Vec<ReadFact>,
}

impl Seen {
    /// Whether it runs on `day`; without a known end it runs.
    pub fn runs(&self, day: Date) -> bool {
        self.since <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A measure on the days from `from` to `to`, over which the answer is the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day, both included.
    pub to: Date,
    /// What it was.
    pub verdict: Verdict,
    /// What the rulebook alone says; differs where nothing could be checked.
    pub by_book: Verdict,
    /// The day from which the book restates the instruments of its time, when this span lies before it.
    pub before_book: Option<Date>,
    /// The rules in force that apply.
    pub rules: Vec<RuleId>,
    /// Every check that was made or could not be made, findings first.
    pub reasons: Vec<Told>,
    /// Rules that may apply, with the facts that would tell.
    pub possible: Vec<(RuleId, Vec<FactPath>)>,
    /// The facts it was judged by.
    pub facts: Vec<ReadFact>,
}

impl Span {
    /// Its length in days, both ends included.
    pub fn days(&self) -> i64 {
        days(self.from, self.to)
    }

    fn continues(&self, other: &Self) -> bool {
        // Which further rules may apply changes with every version; what was found does not.
        let key = |span: &Self| (span.verdict, span.by_book, span.before_book, span.rules.clone());
        key(self) == key(other) && self.reasons == other.reasons
    }
}

/// One measure, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Audited {
    /// The measure.
    pub seen: Seen,
    /// What it was, day by day, without gaps, from its first day to its last or to the day of the audit. Never empty.
    pub spans: Vec<Span>,
}

impl Audited {
    /// What it is on the day of the audit, or was on its last day.
    pub fn latest(&self) -> Option<&Span> {
        self.spans.last()
    }

    /// How many days it was stricter than the rules of those days (or blocked by them).
    pub fn days_stricter(&self) -> i64 {
        self.days_of(|verdict| matches!(verdict, Verdict::Stricter | Verdict::Blocked))
    }

    /// How many days it was laxer.
    pub fn days_laxer(&self) -> i64 {
        self.days_of(|verdict| verdict == Verdict::Laxer)
    }

    fn days_of(&self, is: fn(Verdict) -> bool) -> i64 {
        self.spans.iter().filter(|span| is(span.verdict)).map(Span::days).sum()
    }
}

/// Days from one day to another, both included.
pub(crate) fn days(from: Date, to: Date) -> i64 {
    (to.duration_since(from).as_hours() / 24).max(0) + 1
}

/// Holds every measure that began by `on` against the rules of its days.
///
/// `figures` gives what the city's figures add to a measure on a day; what the words say stands before it. Fails only when a
/// measure's words give one fact twice.
pub fn audit(
    book: &Rulebook,
    on: Date,
    seen: &[Seen],
    figures: &dyn Fn(&Seen, Date) -> Vec<ReadFact>,
) -> Result<Vec<Audited>, BadFacts> {
    let mut audited = Vec::new();
    for one in seen.iter().filter(|one| one.since <= on) {
        let last = one.until.map_or(on, |until| until.min(on)).max(one.since);
        let mut starts = vec![one.since];
        starts.extend(book.turning_days().into_iter().filter(|day| *day > one.since && *day <= last));
        let mut spans: Vec<Span> = Vec::new();
        for (nth, from) in starts.iter().enumerate() {
            let to = starts.get(nth + 1).and_then(|next| next.yesterday().ok()).unwrap_or(last);
            let span = judged(book, (*from, to), one, figures(one, *from))?;
            match spans.last_mut() {
                Some(before) if before.continues(&span) => *before = Span { from: before.from, ..span },
                _ => spans.push(span),
            }
        }
        audited.push(Audited { seen: one.clone(), spans });
    }
    Ok(audited)
}

fn judged(book: &Rulebook, (from, to): (Date, Date), seen: &Seen, figures: Vec<ReadFact>) -> Result<Span, BadFacts> {
    let mut facts = Facts::new();
    let mut all = seen.facts.clone();
    for fact in &all {
        facts.insert(fact.path.clone(), fact.value.clone())?;
    }
    for fact in figures {
        if facts.get(&fact.path).is_none() {
            facts.insert(fact.path.clone(), fact.value.clone())?;
            all.push(fact);
        }
    }
    let judgement = judge(book, from, &facts);
    let before_book = book.restates_from().filter(|begins| from < *begins);
    Ok(Span {
        from,
        to,
        verdict: verdict(&judgement, before_book.is_some()),
        by_book: judgement.verdict,
        before_book,
        rules: judgement.applied.iter().map(|rule| rule.id.clone()).collect(),
        reasons: judgement.reasons.iter().filter_map(Told::of).collect(),
        possible: judgement
            .possible
            .iter()
            .map(|(rule, facts)| (rule.id.clone(), facts.iter().map(|path| (*path).clone()).collect()))
            .collect(),
        facts: all,
    })
}

/// The rulebook's verdict, but nothing checked is not "within", and perhaps covered is not "not covered".
fn verdict(judgement: &Judgement<'_>, before_book: bool) -> Verdict {
    let outcome = |wanted: Outcome| judgement.reasons.iter().any(|reason| reason.outcome == wanted);
    match judgement.verdict {
        Verdict::Within | Verdict::NotCovered if before_book => Verdict::Undetermined,
        Verdict::Within if outcome(Outcome::Skipped) && !outcome(Outcome::Passed) => Verdict::Undetermined,
        Verdict::NotCovered if !judgement.possible.is_empty() => Verdict::Undetermined,
        verdict => verdict,
    }
}

/// How many measures stand how, by their latest span.
pub fn counts(audited: &[Audited]) -> BTreeMap<Verdict, usize> {
    let mut counts = BTreeMap::new();
    for span in audited.iter().filter_map(Audited::latest) {
        *counts.entry(span.verdict).or_insert(0) += 1;
    }
    counts
}
