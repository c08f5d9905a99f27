//! A reason of a judgement with everything that a reader needs, so that it outlives the facts it was made from.

use levee_rulebook::{FactPath, Outcome, Reason, RuleId, Title, Value};

/// What would change a finding, or make a check possible: a code with its arguments (`docs/rulebook.md`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldChange {
    /// `change.fact_must` and its like.
    pub code: &'static str,
    /// Arguments by name.
    pub args: Vec<(&'static str, String)>,
}

/// One check of one rule that applies, and how it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The rule.
    pub rule: RuleId,
    /// Its title.
    pub title: Title,
    /// The check; `None` when it cannot be said whether the rule applies at all.
    pub check: Option<String>,
    /// How it came out.
    pub outcome: Outcome,
    /// Why the rule asks it, in the words of the book.
    pub why: String,
    /// The clauses that the rule restates: key of the source, and which part of it.
    pub clauses: Vec<(String, String)>,
    /// A city's or province's text.
    pub local: bool,
    /// The facts that decided it.
    pub facts_used: Vec<(FactPath, Value)>,
    /// The facts that would be needed.
    pub facts_missing: Vec<FactPath>,
    /// Parameters of the rule whose number nobody found.
    pub numbers_missing: Vec<String>,
    /// What would change it.
    pub changes: Vec<ToldChange>,
}

impl Told {
    /// `None` for a check that does not concern the measure.
    pub(super) fn of(reason: &Reason<'_>) -> Option<Self> {
        if reason.outcome == Outcome::NotConcerned {
            return None;
        }
        Some(Self {
            rule: reason.rule.id.clone(),
            title: reason.rule.title.clone(),
            check: reason.check.map(|check| check.id.clone()),
            outcome: reason.outcome,
            why: reason.check.map(|check| check.why.clone()).unwrap_or_default(),
            clauses: reason.clauses().iter().map(|one| (one.source.clone(), one.clause.clone())).collect(),
            local: reason.rule.local,
            facts_used: reason.facts_used.iter().map(|(path, value)| ((*path).clone(), (*value).clone())).collect(),
            facts_missing: reason.facts_missing.iter().map(|path| (*path).clone()).collect(),
            numbers_missing: reason.numbers_missing.iter().map(|name| (*name).to_owned()).collect(),
            changes: reason
                .changes
                .iter()
                .map(|change| ToldChange { code: change.code(), args: change.args() })
                .collect(),
        })
    }
}
