//! What holds for any facts and any order of rules.

use crate::common::{CHINA, GENERIC, MEASLES, book, cases, render};
use jiff::civil::{Date, date};
use levee_rulebook::{
    FactPath, Facts, GateState, Judgement, Outcome, Predicate, Rulebook, Test, Value, Verdict, judge, parse_cases,
};
use levee_rulebook::{Operand, Reason};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static BOOKS: LazyLock<[Rulebook; 3]> = LazyLock::new(|| [CHINA, GENERIC, MEASLES].map(book));

static CASES: LazyLock<Vec<levee_rulebook::Case>> = LazyLock::new(cases);

/// The facts that the books ask for, and the values that they compare them with: random facts hit rules.
static WORDS: LazyLock<(Vec<FactPath>, Vec<Value>)> = LazyLock::new(|| {
    let mut paths = BTreeSet::new();
    let mut values = vec![Value::Number(-1.0), Value::Number(4.5), Value::Number(1e9), Value::List(Vec::new())];
    let mut keep = |value: &Value| {
        if !values.contains(value) {
            values.push(value.clone());
        }
    };
    for rule in BOOKS.iter().flat_map(Rulebook::rules) {
        rule.each_path(&mut |path| {
            paths.insert(path.clone());
        });
        let mut literal = |predicate: &Predicate| {
            predicate.each(&mut |comparison| {
                if let Test::Compare(_, Operand::Value(value)) = &comparison.test {
                    keep(value);
                    if let Value::List(items) = value {
                        items.iter().for_each(&mut keep);
                    }
                }
            });
        };
        rule.predicates().for_each(&mut literal);
        rule.params.values().flatten().for_each(&mut keep);
    }
    (paths.into_iter().filter(|path| !path.is_date()).collect(), values)
});

/// Facts that a book may have been written for: half of them start from a public case, then some are changed.
fn facts() -> impl Strategy<Value = Facts> {
    let (paths, values) = &*WORDS;
    let change = (0..paths.len(), prop::option::weighted(0.8, 0..values.len()));
    (prop::option::of(0..25_usize), prop::collection::vec(change, 0..12)).prop_map(move |(case, changes)| {
        let mut all: std::collections::BTreeMap<FactPath, Value> = case.map_or_else(Default::default, |case| {
            CASES[case].facts.iter().map(|(path, value)| (path.clone(), value.clone())).collect()
        });
        for (path, value) in changes {
            match value {
                Some(value) => all.insert(paths[path].clone(), values[value].clone()),
                None => all.remove(&paths[path]),
            };
        }
        let mut facts = Facts::new();
        all.into_iter().for_each(|(path, value)| facts.insert(path, value).unwrap());
        facts
    })
}

fn day() -> impl Strategy<Value = Date> {
    (0..1500_i64).prop_map(|days| date(2020, 1, 1) + jiff::Span::new().days(days))
}

/// The verdict from its definition alone: the strongest finding.
fn by_definition(judgement: &Judgement<'_>) -> Verdict {
    let has = |verdict| judgement.reasons.iter().any(|reason: &Reason<'_>| reason.outcome == Outcome::Finding(verdict));
    for verdict in [Verdict::Blocked, Verdict::Stricter, Verdict::Laxer, Verdict::Undetermined] {
        if has(verdict) {
            return verdict;
        }
    }
    if judgement.applied.is_empty() { Verdict::NotCovered } else { Verdict::Within }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Any facts on any day give a judgement whose verdict is its strongest finding, and which names its grounds.
    #[test]
    fn the_strongest_finding_decides(facts in facts(), day in day(), book in 0..3_usize) {
        let judgement = judge(&BOOKS[book], day, &facts);
        prop_assert_eq!(judgement.verdict, by_definition(&judgement));
        prop_assert_eq!(judgement.grounds().is_empty(), judgement.verdict == Verdict::NotCovered);
        prop_assert!(judgement.applied.iter().all(|rule| rule.effective.holds(day)));
        for reason in &judgement.reasons {
            prop_assert!(!reason.clauses().is_empty());
            let needs = matches!(reason.outcome, Outcome::Finding(_) | Outcome::Skipped) && reason.check.is_some();
            prop_assert!(!needs || !reason.changes.is_empty(), "{}", render(&judgement));
        }
    }

    /// A number that nobody found never lets a check pass, and never speaks for or against a measure.
    #[test]
    fn a_missing_number_leaves_it_to_a_human(facts in facts(), day in day(), book in 0..3_usize) {
        for reason in &judge(&BOOKS[book], day, &facts).reasons {
            if !reason.numbers_missing.is_empty() {
                prop_assert_eq!(reason.outcome, Outcome::Finding(Verdict::Undetermined));
            }
        }
    }

    /// A measure that is blocked never has all gates open; a gate without its facts is shut.
    #[test]
    fn what_is_not_shown_shuts_the_gate(facts in facts(), day in day(), book in 0..3_usize) {
        let judgement = judge(&BOOKS[book], day, &facts);
        prop_assert!(judgement.verdict != Verdict::Blocked || !judgement.gates_open());
        for gate in &judgement.gates {
            if let GateState::Shut { facts_missing } = &gate.state {
                prop_assert!(facts_missing.iter().all(|path| facts.get(path).is_none()));
            }
        }
    }

    /// Taking facts away never opens a gate that was shut for want of them or for what they said, save by making
    /// the gate no concern of the measure; and never makes a measure covered that was not.
    #[test]
    fn knowing_less_never_opens_a_gate(facts in facts(), day in day(), book in 0..3_usize, keep in any::<u64>()) {
        let mut fewer = Facts::new();
        for (i, (path, value)) in facts.iter().enumerate() {
            if keep >> (i % 64) & 1 == 1 {
                fewer.insert(path.clone(), value.clone()).unwrap();
            }
        }
        let reads_absence = |judgement: &Judgement<'_>, gate: &levee_rulebook::Gate<'_>| {
            // `missing` and `exists` are the only tests that absence itself answers.
            let _ = judgement;
            let mut found = false;
            let parts = gate.check.when.iter().chain(&gate.check.unless).chain(Some(&gate.check.assert));
            for part in parts.chain(Some(&gate.rule.applies)) {
                part.each(&mut |comparison| found |= !matches!(comparison.test, Test::Compare(..)));
            }
            found
        };
        let (before, after) = (judge(&BOOKS[book], day, &facts), judge(&BOOKS[book], day, &fewer));
        for gate in &before.gates {
            if gate.state == GateState::Open || reads_absence(&before, gate) {
                continue;
            }
            let same = after.gates.iter().find(|g| g.rule.id == gate.rule.id && g.check.id == gate.check.id);
            prop_assert!(same.is_some_and(|same| same.state != GateState::Open), "{}", render(&after));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Cutting or overwriting a book anywhere gives a book or faults, never a panic; faults name lines of the text.
    #[test]
    fn a_broken_book_is_refused_and_never_panics(
        cut in 0..MEASLES.len(), len in 0..80_usize, put in "[ -~\\n]{0,12}",
    ) {
        let at = |i: usize| (i..=MEASLES.len()).find(|i| MEASLES.is_char_boundary(*i)).unwrap();
        let text = format!("{}{put}{}", &MEASLES[..at(cut)], &MEASLES[at((cut + len).min(MEASLES.len()))..]);
        let lines = text.lines().count();
        if let Err(problems) = Rulebook::parse(&text) {
            prop_assert!(!problems.is_empty());
            for problem in &problems {
                prop_assert!(problem.line.is_none_or(|line| (1..=lines + 1).contains(&line)), "{problem}");
                prop_assert!(!problem.mend().is_empty());
            }
        }
        let _ = parse_cases(&text);
    }
}

/// The China book with its rules in thirty other orders, reversed among them.
static SHUFFLED: LazyLock<Vec<Rulebook>> = LazyLock::new(|| {
    let root: serde_norway::Value = serde_norway::from_str(CHINA).unwrap();
    let rules = root["rules"].as_sequence().unwrap();
    (0..30_usize)
        .map(|nth| {
            // Strides prime to the number of rules visit each once; the first is the reverse.
            let (count, stride) = (rules.len(), if nth == 0 { rules.len() - 1 } else { 2 * nth + 1 });
            let start = if nth == 0 { count - 1 } else { nth };
            assert!((2..=stride).all(|part| count % part != 0 || stride % part != 0), "{count} and {stride}");
            let order = (0..count).map(|step| rules[(start + step * stride) % count].clone());
            let mut other = root.clone();
            other["rules"] = serde_norway::Value::Sequence(order.collect());
            book(&serde_norway::to_string(&other).unwrap())
        })
        .collect()
});

/// 10^4 sets of facts, or as many as `LEVEE_RANDOM_FACTS` says; `cargo xtask prove` says 10^6.
fn orders() -> u32 {
    std::env::var("LEVEE_RANDOM_FACTS").ok().and_then(|given| given.parse().ok()).unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: orders(), ..ProptestConfig::default() })]

    /// The order of the rules in the file never matters: not to the verdict, its reasons or its gates.
    #[test]
    fn the_order_of_rules_never_matters(facts in facts(), day in day(), order in 0..30_usize) {
        let (as_written, shuffled) = (judge(&BOOKS[0], day, &facts), judge(&SHUFFLED[order], day, &facts));
        prop_assert_eq!(as_written, shuffled);
    }
}

/// 10^5 sets of facts, or as many as `LEVEE_RANDOM_FACTS` says; `cargo xtask prove` says 10^6.
fn many() -> u32 {
    std::env::var("LEVEE_RANDOM_FACTS").ok().and_then(|given| given.parse().ok()).unwrap_or(100_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: many(), ..ProptestConfig::default() })]

    /// Whatever else is reported - zones, tests, signatures, free beds - a measure that denies urgent care is never let
    /// through by the books that speak of it, and whatever else is missing, one that does not is never held for denying it.
    #[test]
    fn urgent_care_hangs_on_no_zone_test_signature_or_bed(facts in facts(), day in day(), denies in any::<bool>()) {
        let with = |changes: &[(&str, Value)]| {
            let mut all: std::collections::BTreeMap<FactPath, Value> =
                facts.iter().map(|(path, value)| (path.clone(), value.clone())).collect();
            all.extend(changes.iter().map(|(path, value)| (path.parse().unwrap(), value.clone())));
            let mut told = Facts::new();
            all.into_iter().for_each(|(path, value)| told.insert(path, value).unwrap());
            told
        };
        let holds = |book: &Rulebook, facts: &Facts, rule: &str, check: &str| {
            let judgement = judge(book, day, facts);
            judgement.reasons.iter().any(|reason| {
                let named = reason.rule.id.as_str() == rule && reason.check.is_some_and(|known| known.id == check);
                named && matches!(reason.outcome, Outcome::Finding(Verdict::Blocked | Verdict::Stricter))
            })
        };
        let restricts = ("measure.restricts_people", Value::Bool(true));
        let general = with(&[restricts, ("measure.denies_urgent_care", Value::Bool(denies))]);
        let core = BOOKS[1].rules().find(|rule| rule.checks.iter().any(|check| check.id == "core")).unwrap();
        if core.effective.holds(day) {
            prop_assert_eq!(holds(&BOOKS[1], &general, core.id.as_str(), "core"), denies);
        }
        let refused = with(&[
            ("measure.type", Value::Text("refuse_patient".to_owned())),
            ("measure.refused", Value::Bool(denies)),
        ]);
        for rule in judge(&BOOKS[0], day, &refused).applied.iter().filter(|rule| rule.checks.iter().any(|check| check.id == "refuse")) {
            prop_assert_eq!(holds(&BOOKS[0], &refused, rule.id.as_str(), "refuse"), denies);
        }
    }
}
