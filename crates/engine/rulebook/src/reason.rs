//! Why a verdict is what it is, as codes with arguments; screens make sentences of them in their language.

use crate::eval::{Scene, Trace, Truth};
use crate::ids::FactPath;
use crate::predicate::{Comparison, Predicate};
use crate::rule::{Check, Clause, Rule, Verdict};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It speaks against the measure, or leaves it to a human: blocked, stricter, laxer or undetermined.
    Finding(Verdict),
    /// It holds.
    Passed,
    /// Its `when` does not hold, or its `unless` does.
    NotConcerned,
    /// It was not made, because a fact that it needs is not known.
    Skipped,
}

impl Outcome {
    /// `finding.stricter`, `passed`, `not_concerned`, `skipped`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Finding(Verdict::Blocked) => "finding.blocked",
            Self::Finding(Verdict::Stricter) => "finding.stricter",
            Self::Finding(Verdict::Laxer) => "finding.laxer",
            Self::Finding(_) => "finding.undetermined",
            Self::Passed => "passed",
            Self::NotConcerned => "not_concerned",
            Self::Skipped => "skipped",
        }
    }
}

/// Something that would make a finding or a gap go away. Alternatives and parts are listed alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change<'a> {
    /// The measure would have to be so (or, with `must` false, not so).
    Fact {
        /// What is asked of the fact.
        comparison: &'a Comparison,
        /// The value on its other side, with parameters filled in; `None` for `exists`, `missing` and the day.
        wanted: Option<&'a Value>,
        /// Whether the comparison must hold or must not.
        must: bool,
    },
    /// The exemption would hold if this were shown.
    Exemption {
        /// What is asked of the fact.
        comparison: &'a Comparison,
        /// As above.
        wanted: Option<&'a Value>,
        /// As above.
        must: bool,
    },
    /// Somebody has to report this fact.
    Report(&'a FactPath),
    /// Somebody has to find this number, a parameter of the rule, with its source.
    FindNumber(&'a str),
    /// The fact has the wrong kind of value, or a level that the book does not know.
    Mend(&'a FactPath),
}

impl Change<'_> {
    /// Its message key.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fact { must: true, .. } => "change.fact_must",
            Self::Fact { must: false, .. } => "change.fact_must_not",
            Self::Exemption { must: true, .. } => "change.exempt_if",
            Self::Exemption { must: false, .. } => "change.exempt_if_not",
            Self::Report(_) => "change.report_fact",
            Self::FindNumber(_) => "change.find_number",
            Self::Mend(_) => "change.mend_fact",
        }
    }

    /// Its arguments by name: `fact`, `op`, `value`, `param`.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Fact { comparison, wanted, .. } | Self::Exemption { comparison, wanted, .. } => {
                let op = match &comparison.test {
                    crate::predicate::Test::Exists => "exists",
                    crate::predicate::Test::Missing => "missing",
                    crate::predicate::Test::Compare(op, _) => op.code(),
                };
                let mut args = vec![("fact", comparison.path.to_string()), ("op", op.to_owned())];
                args.extend(wanted.map(|value| ("value", value.to_string())));
                args
            }
            Self::Report(path) | Self::Mend(path) => vec![("fact", path.to_string())],
            Self::FindNumber(name) => vec![("param", (*name).to_owned())],
        }
    }
}

/// One check of one rule that applies, and how it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The check; `None` when it cannot be said whether the rule applies at all.
    pub check: Option<&'a Check>,
    /// How it came out.
    pub outcome: Outcome,
    /// The facts that decided it, the rule's `applies` included.
    pub facts_used: BTreeMap<&'a FactPath, &'a Value>,
    /// The facts that would be needed.
    pub facts_missing: BTreeSet<&'a FactPath>,
    /// Parameters of the rule whose number nobody found.
    pub numbers_missing: BTreeSet<&'a str>,
    /// What would change it; empty for a check that passed or does not concern the measure.
    pub changes: Vec<Change<'a>>,
}

impl<'a> Reason<'a> {
    /// The clauses that the rule restates.
    pub fn clauses(&self) -> &'a [Clause] {
        &self.rule.source
    }

    pub(crate) fn of_check(scene: &Scene<'a, '_>, check: &'a Check, outcome: Outcome) -> Self {
        let mut trace = Trace::default();
        scene.trace(&scene.rule.applies, &mut trace);
        // What `applies` would still like to know cannot matter: it holds.
        trace.missing.clear();
        let mut changes = Vec::new();
        if let Some(when) = &check.when {
            scene.trace(when, &mut trace);
        }
        let concerned = check.when.as_ref().is_none_or(|when| scene.truth(when) != Truth::False);
        if let (true, Some(unless)) = (concerned, &check.unless) {
            scene.trace(unless, &mut trace);
            if matches!(outcome, Outcome::Finding(_)) {
                wanted(scene, unless, true, &mut |comparison, wanted, must| {
                    changes.push(Change::Exemption { comparison, wanted, must });
                });
            }
        }
        if outcome != Outcome::NotConcerned {
            scene.trace(&check.assert, &mut trace);
        }
        if matches!(outcome, Outcome::Finding(_)) {
            let mut asked = Vec::new();
            wanted(scene, &check.assert, true, &mut |comparison, wanted, must| {
                asked.push(Change::Fact { comparison, wanted, must });
            });
            asked.append(&mut changes);
            changes = asked;
        }
        Self::new(scene.rule, Some(check), outcome, trace, changes)
    }

    /// A rule of which nobody can say whether it applies, though its facts were reported.
    pub(crate) fn of_applies(scene: &Scene<'a, '_>) -> Self {
        let mut trace = Trace::default();
        scene.trace(&scene.rule.applies, &mut trace);
        Self::new(scene.rule, None, Outcome::Finding(Verdict::Undetermined), trace, Vec::new())
    }

    fn new(
        rule: &'a Rule,
        check: Option<&'a Check>,
        outcome: Outcome,
        trace: Trace<'a>,
        mut changes: Vec<Change<'a>>,
    ) -> Self {
        if matches!(outcome, Outcome::Finding(_) | Outcome::Skipped) {
            changes.extend(trace.missing.iter().map(|path| Change::Report(path)));
            changes.extend(trace.numbers.iter().map(|name| Change::FindNumber(name)));
            changes.extend(trace.unfit.iter().map(|path| Change::Mend(path)));
        }
        Self {
            rule,
            check,
            outcome,
            facts_used: trace.used,
            facts_missing: trace.missing,
            numbers_missing: trace.numbers,
            changes,
        }
    }
}

/// Calls `visit` for every comparison that stands between a predicate and the truth `wish`.
///
/// Comparisons in doubt are left out: what they need is a fact or a number, and that is said apart.
fn wanted<'a>(
    scene: &Scene<'a, '_>,
    predicate: &'a Predicate,
    wish: bool,
    visit: &mut impl FnMut(&'a Comparison, Option<&'a Value>, bool),
) {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => {
            for part in parts {
                wanted(scene, part, wish, visit);
            }
        }
        Predicate::Not(part) => wanted(scene, part, !wish, visit),
        Predicate::Is(comparison) => {
            if scene.truth(predicate) == Truth::from(!wish) {
                visit(comparison, scene.operand(comparison), wish);
            }
        }
    }
}
