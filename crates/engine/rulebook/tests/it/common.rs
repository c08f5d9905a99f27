//! Books, and a plain rendering of judgements for snapshots.

use levee_rulebook::{Case, Change, GateState, Judgement, Outcome, Rulebook, parse_cases};
use std::fmt::Write as _;

pub(crate) const CHINA: &str = include_str!("../../../../../rulebooks/china-covid-v9-20.yaml");
pub(crate) const GENERIC: &str = include_str!("../../../../../rulebooks/who-generic.yaml");
pub(crate) const MEASLES: &str = include_str!("../../../../../rulebooks/measles-school.yaml");
const CASES: &str = include_str!("../../../../../rulebooks/questions.yaml");

pub(crate) fn book(text: &str) -> Rulebook {
    match Rulebook::parse(text) {
        Ok(book) => book,
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("the book should be good:\n{}", lines.join("\n"));
        }
    }
}

pub(crate) fn books() -> [Rulebook; 3] {
    [CHINA, GENERIC, MEASLES].map(book)
}

pub(crate) fn cases() -> Vec<Case> {
    parse_cases(CASES).unwrap()
}

pub(crate) fn change(change: &Change<'_>) -> String {
    let args: Vec<String> = change.args().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}({})", change.code(), args.join(" "))
}

/// The verdict, the findings in full, the rest by name, and the gates.
pub(crate) fn render(judgement: &Judgement<'_>) -> String {
    let mut out = String::new();
    let grounds: Vec<&str> = judgement.grounds().iter().map(|id| id.as_str()).collect();
    writeln!(out, "{} {}: {}", judgement.date, judgement.verdict, grounds.join(", ")).unwrap();
    for reason in &judgement.reasons {
        let check = reason.check.map_or("applies", |check| check.id.as_str());
        writeln!(out, "- {}/{check}: {}", reason.rule.id, reason.outcome.code()).unwrap();
        if !matches!(reason.outcome, Outcome::Finding(_) | Outcome::Skipped) {
            continue;
        }
        let clauses: Vec<String> = reason.clauses().iter().map(|c| format!("{} {}", c.source, c.clause)).collect();
        writeln!(out, "    clauses: {}", clauses.join("; ")).unwrap();
        let used: Vec<String> = reason.facts_used.iter().map(|(path, value)| format!("{path}={value}")).collect();
        writeln!(out, "    used: {}", used.join(", ")).unwrap();
        let missing: Vec<String> = reason.facts_missing.iter().map(ToString::to_string).collect();
        if !missing.is_empty() {
            writeln!(out, "    missing: {}", missing.join(", ")).unwrap();
        }
        for number in &reason.numbers_missing {
            writeln!(out, "    no number: {number}").unwrap();
        }
        for wanted in &reason.changes {
            writeln!(out, "    {}", change(wanted)).unwrap();
        }
    }
    for (rule, missing) in &judgement.possible {
        let missing: Vec<&str> = missing.iter().map(|path| path.as_str()).collect();
        writeln!(out, "? {}: {}", rule.id, missing.join(", ")).unwrap();
    }
    for gate in &judgement.gates {
        let state = match &gate.state {
            GateState::Open => "open".to_owned(),
            GateState::Shut { facts_missing } if facts_missing.is_empty() => "shut".to_owned(),
            GateState::Shut { facts_missing } => {
                let missing: Vec<&str> = facts_missing.iter().map(|path| path.as_str()).collect();
                format!("shut, nobody reported {}", missing.join(", "))
            }
        };
        writeln!(out, "gate {}/{}: {state}", gate.rule.id, gate.check.id).unwrap();
    }
    out
}
