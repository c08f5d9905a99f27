//! What a rulebook allows of zones on a day, found by asking it.

use jiff::civil::Date;
use levee_model::area::Level;
use levee_rulebook::{FactPath, Facts, Outcome, RuleId, Rulebook, Value, Verdict, judge};
use std::collections::BTreeSet;

/// More facts than so many that nobody reported are not tried: 2^6 judgements at most.
const MOST_OPEN: usize = 6;

/// Whether a high-risk area of some level may be drawn around a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// The book finds nothing against it.
    Yes,
    /// The book leaves it to a human.
    AskAHuman,
    /// Wider than it allows.
    No,
}

/// The rules about zones on one day.
pub struct ZoneRules<'b> {
    book: &'b Rulebook,
    day: Date,
    /// What is known of the outbreak, such as `outbreak.transmission_risk_unclear`.
    outbreak: Facts,
}

impl<'b> ZoneRules<'b> {
    /// The rules of a day. `outbreak` holds facts about the outbreak that widen or narrow what is allowed; what is not among them
    /// is unknown, and exempts from nothing.
    pub fn on(book: &'b Rulebook, day: Date, outbreak: &Facts) -> Self {
        Self { book, day, outbreak: outbreak.clone() }
    }

    fn facts(&self, more: &[(&str, Value)]) -> Facts {
        let mut facts = self.outbreak.clone();
        for (path, value) in more {
            if let Ok(path) = path.parse::<FactPath>() {
                // A fact that was given beforehand stands.
                let _ = facts.insert(path, value.clone());
            }
        }
        facts
    }

    /// Whether a high-risk area of this level may be drawn around the home of an infected person, by the checks that look at its
    /// size. Without a rule that applies nothing is allowed. A check that hangs on facts nobody reported is tried with every
    /// answer to them: what no answer speaks against is allowed.
    pub fn allows(&self, level: Level) -> Allowed {
        let facts = self.facts(&[
            ("measure.type", text("close_area")),
            ("measure.level", text("high")),
            ("place.role", text("residence")),
            ("measure.scope", text(word(level))),
        ]);
        let (first, open) = self.sized(&facts);
        if first != Allowed::Yes || open.is_empty() {
            return first;
        }
        if open.len() > MOST_OPEN {
            return Allowed::AskAHuman;
        }
        let every = (0..1_u32 << open.len()).all(|answers| {
            let mut facts = facts.clone();
            for (nth, path) in open.iter().enumerate() {
                // It is missing, so it can be given.
                let _ = facts.insert(path.clone(), Value::Bool(answers >> nth & 1 == 1));
            }
            let (found, open) = self.sized(&facts);
            found == Allowed::Yes && open.is_empty()
        });
        if every { Allowed::Yes } else { Allowed::AskAHuman }
    }

    /// What the checks of the size find, and the facts that those lack which were not made.
    fn sized(&self, facts: &Facts) -> (Allowed, BTreeSet<FactPath>) {
        let judgement = judge(self.book, self.day, facts);
        let (mut asked, mut allowed, mut open) = (false, Allowed::Yes, BTreeSet::new());
        for reason in &judgement.reasons {
            if !reason.facts_used.keys().any(|path| path.as_str() == "measure.scope") {
                continue;
            }
            asked = true;
            match reason.outcome {
                Outcome::Finding(Verdict::Blocked | Verdict::Stricter) => return (Allowed::No, BTreeSet::new()),
                Outcome::Finding(_) => allowed = Allowed::AskAHuman,
                Outcome::Skipped => open.extend(reason.facts_missing.iter().map(|path| (*path).clone())),
                Outcome::Passed | Outcome::NotConcerned => {}
            }
        }
        (if asked { allowed } else { Allowed::No }, open)
    }

    /// Whether a high-risk area may be released after so many clear days: nothing is found against it and nothing that was asked
    /// is unknown. `final_round` is whether the closing round was all negative; `None` = there was none.
    pub fn releases(&self, days_clear: i64, final_round: Option<bool>) -> bool {
        let mut more = vec![
            ("measure.type", text("release_area")),
            ("measure.level", text("high")),
            ("place.days_clear", number(days_clear)),
        ];
        more.extend(final_round.map(|negative| ("place.final_round_negative", Value::Bool(negative))));
        let facts = self.facts(&more);
        let judgement = judge(self.book, self.day, &facts);
        let shown =
            judgement.reasons.iter().all(|reason| matches!(reason.outcome, Outcome::Passed | Outcome::NotConcerned));
        shown && judgement.reasons.iter().any(|reason| reason.outcome == Outcome::Passed)
    }

    /// How many clear days the release needs, at most `most`; `None` when no number of days is enough.
    pub fn clear_days(&self, most: i64) -> Option<i64> {
        (0..=most).find(|days| self.releases(*days, Some(true)))
    }

    /// Whether the release needs a closing round that was all negative.
    pub fn needs_final_round(&self, clear_days: i64) -> bool {
        !self.releases(clear_days, None)
    }

    /// The rules that the answers rest on, by id.
    pub fn grounds(&self) -> BTreeSet<RuleId> {
        let asked = [
            self.facts(&[
                ("measure.type", text("close_area")),
                ("measure.level", text("high")),
                ("measure.scope", text("building")),
            ]),
            self.facts(&[
                ("measure.type", text("release_area")),
                ("measure.level", text("high")),
                ("place.days_clear", number(0)),
            ]),
        ];
        asked
            .iter()
            .flat_map(|facts| {
                let judgement = judge(self.book, self.day, facts);
                let zone = |path: &&FactPath| matches!(path.as_str(), "measure.scope" | "place.days_clear");
                let asks = |reason: &&levee_rulebook::Reason<'_>| {
                    reason.facts_used.keys().any(&zone) || reason.facts_missing.iter().any(&zone)
                };
                judgement.reasons.iter().filter(asks).map(|reason| reason.rule.id.clone()).collect::<Vec<_>>()
            })
            .collect()
    }
}

fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

fn number(days: i64) -> Value {
    Value::Number(days as f64)
}

/// A level as rulebooks name it.
pub(crate) fn word(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::District => "district",
        Level::Subdistrict => "subdistrict",
        Level::Community => "community",
        Level::Compound => "compound",
        Level::Building => "building",
        Level::Unit => "unit",
        Level::Household => "household",
    }
}
