//! What is refused, with its place and its mend.

use crate::common::{CHINA, MEASLES};
use crate::evaluation::one_rule;
use levee_rulebook::{BadFacts, Facts, Rulebook, parse_cases};

const CHECK: &str = "{id: c, assert: {path: m.days, op: le, value: {param: days}}, else: stricter, why: w}";

/// Every fault with its mend.
fn refused(text: &str) -> String {
    let problems = Rulebook::parse(text).unwrap_err();
    let lines: Vec<String> = problems.iter().map(|p| format!("{p}\n  mend: {}", p.mend())).collect();
    lines.join("\n")
}

/// A good book with some texts replaced; each must be there.
fn with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(one_rule(CHECK), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` does not stand in the book");
        text.replacen(from, to, 1)
    })
}

#[test]
fn the_book_that_the_other_tests_break_is_good() {
    assert!(Rulebook::parse(&one_rule(CHECK)).is_ok());
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_file() {
    let text = with(&[
        ("disease: any", "desease: any"),
        ("kind: testing", "kind: guessing"),
        ("ref: A", "ref: B"),
        ("to: null", "to: 2021-12-31"),
        ("op: le, value: {param: days}", "op: lte, value: {param: days}"),
        ("confidence: high", "confidence: high\n  colour: red"),
    ]);
    insta::assert_snapshot!(refused(&text), @"
    disease: is missing
      mend: add `disease`
    desease (line 4): is no known field
      mend: did you mean `disease`? else take it out
    r.one: kind (line 13): `guessing` is none of: zone_designation, zone_release, contact_quarantine, case_admission, testing, transfer_time_limit, result_time_limit, travel, premises_closure, service_guarantee, vulnerable_care, hotline, isolation_site_standards, fangcang_standards, hazard, proportionality
      mend: use one of these words; levels and bodies are listed under `orders`
    r.one: source[0].ref (line 15): the book has no source `B`
      mend: add `B` to `sources` with title and `seen`, or correct the key
    r.one: effective (line 16): ends on 2021-12-31, before it begins on 2022-01-01
      mend: correct one of the two days; both are included
    r.one: checks[0].assert.op (line 20): `lte` is none of: eq, ne, lt, le, gt, ge, in, not_in, contains_all, scope_le, scope_lt, auth_ge, exists, missing
      mend: use one of these words; levels and bodies are listed under `orders`
    r.one: colour (line 23): is no known field
      mend: take it out, or move it into `notes`
    ");
}

#[test]
fn references_must_resolve() {
    let text = with(&[("ref: A", "ref: B"), ("trigger:", "supersedes: [r.zero]\n  trigger:")]);
    insta::assert_snapshot!(refused(&text), @"
    r.one: source[0].ref (line 15): the book has no source `B`
      mend: add `B` to `sources` with title and `seen`, or correct the key
    r.one: supersedes (line 17): the book has no rule `r.zero`
      mend: correct the id, or keep the older version in the book
    ");
    let text = with(&[("param: days", "param: dyas")]);
    insta::assert_snapshot!(refused(&text), @"
    r.one: checks[0].assert.value (line 20): the rule has no parameter `dyas`; it has: days, found, words
      mend: add `dyas` to `params` (`null` when the number was not found), or correct the name
    ");
}

#[test]
fn a_comparison_that_could_never_be_made_is_refused() {
    for (from, to) in [
        ("value: {param: days}", "value: {param: words}"),
        ("value: {param: days}", "value: soon"),
        ("value: {param: days}", "value: null"),
        ("op: le, value: {param: days}", "op: in, value: building"),
        ("op: le, value: {param: days}", "op: scope_le, value: planet"),
        ("op: le, value: {param: days}", "op: auth_ge, value: 3"),
        ("op: le, value: {param: days}", "op: exists, value: 3"),
        ("{path: m.days, op: le, value: {param: days}}", "{all: []}"),
        ("else: stricter", "else: within"),
        ("m.days", "m..days"),
    ] {
        let problems = Rulebook::parse(&with(&[(from, to)])).unwrap_err();
        assert_eq!(problems.len(), 1, "{to}: {problems:?}");
        assert!(problems[0].field.starts_with("checks[0]."), "{to}: {problems:?}");
        assert_eq!(problems[0].line, Some(20), "{to}: {problems:?}");
    }
}

#[test]
fn a_rule_and_the_rule_it_replaces_are_not_in_force_on_the_same_day() {
    let second = |from: &str, kind: &str| {
        format!(
            "{}- id: r.two
  kind: {kind}
  title: {{en: Two}}
  source: [{{ref: A, clause: art. 2}}]
  effective: {{from: {from}, to: null}}
  supersedes: [r.one]
  trigger: always
  applies: {{path: measure.type, op: eq, value: x}}
  checks: []
  obligations: []
  confidence: high
",
            with(&[("to: null", "to: 2022-06-30")])
        )
    };
    assert!(Rulebook::parse(&second("2022-07-01", "testing")).is_ok());
    insta::assert_snapshot!(refused(&second("2022-06-30", "testing")), @"
    r.two: effective (line 27): replaces `r.one`, yet both are in force from 2022-06-30 to 2022-06-30
      mend: end `r.one` on 2022-06-29 (`effective.to`)
    ");
    // Of another kind it replaces a part only.
    assert!(Rulebook::parse(&second("2022-06-30", "travel")).is_ok());
    let ring = second("2022-07-01", "testing").replacen("  trigger", "  supersedes: [r.two]\n  trigger", 1);
    insta::assert_snapshot!(refused(&ring), @"
    r.one: supersedes (line 17): replaces itself, by way of `r.two`
      mend: keep `supersedes` only on the later version
    r.two: supersedes (line 29): replaces itself, by way of `r.one`
      mend: keep `supersedes` only on the later version
    ");
}

#[test]
fn names_stand_once() {
    let rule = one_rule(CHECK).split_once("rules:\n").unwrap().1.to_owned();
    insta::assert_snapshot!(refused(&format!("{}{rule}", one_rule(CHECK))), @"
    r.one: id (line 23): `r.one` stands twice
      mend: give the second one a name of its own, or take it out
    ");
    insta::assert_snapshot!(refused(&one_rule(&format!("{CHECK}, {CHECK}"))), @"
    r.one: checks[1].id (line 20): `c` stands twice
      mend: give the second one a name of its own, or take it out
    ");
}

#[test]
fn no_rule_stands_without_a_source() {
    insta::assert_snapshot!(refused(&with(&[("[{ref: A, clause: art. 1}]", "[]")])), @"
    r.one: source (line 15): `source` names no clause; no rule and no number stands without one
      mend: correct the value
    ");
}

#[test]
fn due_times_and_days_are_read_or_refused() {
    let owed = |due: &str| {
        with(&[(
            "obligations: []",
            &format!("obligations: [{{id: o, owed_by: a, owed_to: b, what: c, due: {due}, gate: false}}]"),
        )])
    };
    for good in ["PT0H", "P5D", "PT24H", "P1DT12H", "PT30M", "null"] {
        assert!(Rulebook::parse(&owed(good)).is_ok(), "{good}");
    }
    for bad in ["P1M", "-P1D", "5 parsecs", "PT30S", "P1W"] {
        assert_eq!(Rulebook::parse(&owed(bad)).unwrap_err().len(), 1, "{bad}");
    }
}

#[test]
fn texts_that_are_no_rulebooks_are_refused() {
    for text in ["", "[]", "7", "a: b: c", "schema: levee.rulebook/9", "\u{0}", "&a [*a]", "!x {}", "? {a: b}\n: c"] {
        assert!(!Rulebook::parse(text).unwrap_err().is_empty(), "{text}");
        assert!(!parse_cases(text).unwrap_err().is_empty(), "{text}");
    }
    insta::assert_snapshot!(refused("schema: levee.rulebook/0.1\nid: x\nid: y\n"), @r#"
    the file (line 1): not readable as YAML: duplicate entry with key "id"
      mend: mend the line; indent with spaces, quote texts that hold `: ` or ` #`
    "#);
    insta::assert_snapshot!(refused(&MEASLES.replace("levee.rulebook/0.1", "levee.rulebook/0.2")), @"
    schema (line 2): the form is `levee.rulebook/0.2`, this version reads `levee.rulebook/0.1`
      mend: write `schema: levee.rulebook/0.1`, or convert the file to it
    ");
}

#[test]
fn facts_that_are_no_facts_are_refused() {
    let refused = |text: &str| Facts::parse(text).unwrap_err().to_string();
    assert!(matches!(Facts::parse("{a: b"), Err(BadFacts::Unreadable { line: Some(_), .. })));
    assert_eq!(refused("[a]"), "facts must be a map of paths to values, such as `measure.scope: building`");
    assert_eq!(refused("{a: .nan}"), "the fact `a` cannot be read: the number is not finite");
    assert_eq!(refused("{a: 1e300}"), "the fact `a` cannot be read: the number is too large to be held exactly");
    assert_eq!(refused("{m.days: 1, m: {days: 2}}"), "the fact `m.days` is given twice; keep one");
    assert_eq!(refused("{date: 2022-11-24}"), "`date` is no fact: give the day of the judgement beside the facts");
    assert_eq!(refused("{a b: 1}"), "`a b` is not a valid fact path: only letters, digits and - _ . may stand in it");
}

#[test]
fn json_gives_the_same_facts_as_yaml() {
    let json: Facts =
        serde_json::from_str(r#"{"measure": {"days": 5, "note": null}, "place.role": "residence"}"#).unwrap();
    assert_eq!(json, Facts::parse("{measure.days: 5, place: {role: residence}}").unwrap());
}

#[test]
fn cases_are_refused_with_their_name_and_field() {
    let text = "schema: levee.rulebook-cases/0.1
cases:
- id: Q1
  rulebook: measles-school
  text: one
  facts: {measure.type: x}
- id: Q2
  rulebook: measles-school
  text: two
  facts: {date: 2022-11-24, measure.type: x}
  expected: {verdict: allowed, rule: ms.end}
";
    let lines: Vec<String> = parse_cases(text).unwrap_err().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Q1: facts.date (line 6): is missing
    Q2: expected.verdict (line 11): `allowed` is none of: not_covered, within, undetermined, laxer, stricter, blocked
    ");
}

#[test]
fn a_fault_in_a_long_book_names_the_line_that_a_person_must_mend() {
    let breaks = [("else: stricter", "else: strictest"), ("op: ge", "op: gee"), ("gate: true", "gate: yes please")];
    let mut tried = 0;
    for (from, to) in breaks {
        let lines: Vec<&str> = CHINA.lines().collect();
        // Every 7th: enough rules of every shape, and the test stays quick.
        for at in (0..lines.len()).filter(|i| lines[*i].contains(from)).step_by(7) {
            let broken = lines[at].replacen(from, to, 1);
            let mut text = lines.clone();
            text[at] = &broken;
            let problems = Rulebook::parse(&text.join("\n")).unwrap_err();
            assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(at + 1)], "{problems:?}");
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} places were tried");
}

/// A book with two rules of different kinds for one measure.
fn two_rules(first: &str, second: &str, second_from: &str, supersedes: &str) -> String {
    let rule = with(&[(CHECK, "")]);
    let (head, body) = rule.split_once("rules:\n").unwrap();
    let one = body.replacen("checks: []", &format!("checks: [{first}]"), 1);
    let two = body
        .replacen("checks: []", &format!("checks: [{second}]"), 1)
        .replace("r.one", "r.two")
        .replacen("kind: testing", "kind: travel", 1)
        .replacen("from: 2022-01-01", &format!("from: {second_from}"), 1)
        .replacen("  trigger", &format!("  supersedes: [{supersedes}]\n  trigger"), 1);
    format!("{head}rules:\n{one}{two}")
}

#[test]
fn two_rules_in_force_that_no_measure_can_meet_together_are_refused() {
    let at_most = "{id: most, assert: {path: m.days, op: le, value: 5}, else: stricter, why: w}";
    let at_least = "{id: least, assert: {path: m.days, op: ge, value: 7}, else: laxer, why: w}";
    insta::assert_snapshot!(refused(&two_rules(at_most, at_least, "2022-06-01", "")), @"
    r.two: checks[0].assert (line 32): cannot be met together with `r.one/most`: `m.days ge 7` against `m.days le 5`, both in force from 2022-06-01 on, as for measure.type=x
      mend: let one rule replace the other (`supersedes`, `effective.to`), or say in `when` or `unless` which of the two holds when; the other is `r.one/most`
    ");
    for (second, from, supersedes, why) in [
        (at_least.replace("7", "5"), "2022-06-01", "", "five days meet both"),
        (at_least.to_owned(), "2022-06-01", "r.one", "one replaces a part of the other and says so"),
        (at_least.replace("m.days", "m.weeks"), "2022-06-01", "", "another fact"),
        (at_least.replace("laxer", "undetermined"), "2022-06-01", "", "one leaves it to a human"),
        (
            at_least.replace("assert", "when: {path: measure.type, op: eq, value: y}, assert"),
            "2022-06-01",
            "",
            "never made together",
        ),
        (
            at_least.replace("assert", "when: {path: m.days, op: gt, value: 9}, assert"),
            "2022-06-01",
            "",
            "made only of what breaks the other anyway",
        ),
    ] {
        let read = Rulebook::parse(&two_rules(at_most, &second, from, supersedes));
        assert!(read.is_ok(), "{why}: {:?}", read.unwrap_err());
    }
    // Words and levels as well as numbers.
    let pairs = [
        ("op: eq, value: home", "op: in, value: [hotel, site]"),
        ("op: scope_le, value: building", "op: eq, value: city"),
        ("op: eq, value: true", "op: ne, value: true"),
        ("op: eq, value: 2022-05-01", "op: gt, value: 2022-05-01"),
    ];
    for (one, two) in pairs {
        let [one, two] =
            [one, two].map(|asked| format!("{{id: c, assert: {{path: m.fact, {asked}}}, else: stricter, why: w}}"));
        let problems = Rulebook::parse(&two_rules(&one, &two, "2022-06-01", "")).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(matches!(problems[0].fault, levee_rulebook::Fault::Contradiction { .. }), "{problems:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 200, ..Default::default() })]

    /// Two rules are refused exactly when no value of the fact that both ask for meets both: tried value by value.
    #[test]
    fn rules_are_refused_exactly_when_no_value_meets_both(
        ops in proptest::array::uniform2(0..6_usize), values in proptest::array::uniform2(0..5_i32),
    ) {
        let asked = |nth: usize| {
            let op = ["lt", "le", "gt", "ge", "eq", "ne"][ops[nth]];
            format!("{{id: c{nth}, assert: {{path: m.days, op: {op}, value: {}}}, else: stricter, why: w}}", values[nth])
        };
        let by_trying = (-2..=10).any(|half| {
            let value = f64::from(half) / 2.0;
            (0..2).all(|nth| {
                let limit = f64::from(values[nth]);
                [value < limit, value <= limit, value > limit, value >= limit, half == 2 * values[nth], half != 2 * values[nth]]
                    [ops[nth]]
            })
        });
        let read = Rulebook::parse(&two_rules(&asked(0), &asked(1), "2022-06-01", ""));
        proptest::prop_assert_eq!(read.is_ok(), by_trying, "{} {}", asked(0), asked(1));
    }
}
