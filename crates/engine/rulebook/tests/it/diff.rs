//! What changed between two books, and between two days of one.

use crate::common::{CHINA, MEASLES, book};
use jiff::civil::{Date, date};
use levee_rulebook::diff::{Difference, Part, Side, concerns, diff};
use levee_rulebook::{Facts, Rulebook, Verdict, judge};

fn whole(book: &Rulebook) -> Side<'_> {
    Side { book, on: None }
}

/// Every instance is judged again, from nothing but its facts and days.
fn instances_hold(found: &Difference<'_>, before: &Rulebook, after: &Rulebook) -> usize {
    let all = found.added.iter().chain(&found.removed).filter_map(|one| one.instance.as_ref());
    let all = all.chain(found.changed.iter().filter_map(|one| one.instance.as_ref()));
    let mut seen = 0;
    for one in all.filter(|one| one.whole) {
        let mut facts = Facts::new();
        one.facts.iter().for_each(|(path, value)| facts.insert(path.clone(), value.clone()).unwrap());
        let verdicts = (judge(before, one.before.1, &facts).verdict, judge(after, one.after.1, &facts).verdict);
        assert_eq!(verdicts, (one.before.0, one.after.0), "{one:?}");
        assert_ne!(one.before.0, one.after.0);
        seen += 1;
    }
    seen
}

#[test]
fn a_book_does_not_differ_from_itself_whatever_its_order() {
    let (one, mut root) = (book(CHINA), serde_norway::from_str::<serde_norway::Value>(CHINA).unwrap());
    root["rules"].as_sequence_mut().unwrap().reverse();
    let two = book(&serde_norway::to_string(&root).unwrap());
    let found = diff(whole(&one), whole(&two));
    assert_eq!((found.added.len(), found.removed.len(), found.changed.len(), found.same), (0, 0, 0, 67));
}

fn days(from: Date, to: Date) -> String {
    let book = book(CHINA);
    let found = diff(Side { book: &book, on: Some(from) }, Side { book: &book, on: Some(to) });
    assert!(instances_hold(&found, &book, &book) > 0);
    let mut lines = Vec::new();
    for (sign, list) in [("+", &found.added), ("-", &found.removed)] {
        for one in list {
            let told = one.instance.as_ref().map(|one| format!("{} -> {}", one.before.0, one.after.0));
            lines.push(format!("{sign} {}: {}", one.rule.id, told.unwrap_or_default()));
        }
    }
    for one in &found.changed {
        let told = one.instance.as_ref().map(|one| format!("{} -> {}", one.before.0, one.after.0));
        lines.push(format!("~ {} -> {}: {}", one.before.id, one.after.id, told.unwrap_or_default()));
        lines.extend(one.parts.iter().filter_map(|part| match part {
            Part::Param { name, before, after } => Some(format!("    {name}: {before:?} -> {after:?}")),
            _ => None,
        }));
    }
    lines.push(format!("= {}", found.same));
    lines.join("\n")
}

#[test]
fn the_twenty_measures_changed_this_overnight() {
    insta::assert_snapshot!(days(date(2022, 11, 10), date(2022, 11, 11)), @r#"
    + cn.conduct.no_escalation: within -> stricter
    + cn.premises.enterprise: within -> stricter
    + cn.premises.school: within -> stricter
    + cn.service.medical: not_covered -> blocked
    + cn.service.mind: not_covered -> laxer
    + cn.service.supply: not_covered -> blocked
    + cn.test.no_mass: not_covered -> stricter
    + cn.travel.stranded: not_covered -> undetermined
    + cn.vulnerable.list: not_covered -> blocked
    + cn.vulnerable.protect: not_covered -> laxer
    + cn.worker.after_loop: not_covered -> stricter
    + cn.zone.low: within -> stricter
    + cn.zone.temporary: within -> undetermined
    ~ cn.contact.close.v9 -> cn.contact.close: laxer -> within
        central_days: Some(Some(Number(7.0))) -> Some(Some(Number(5.0)))
        central_tests: Some(Some(List([Number(1.0), Number(2.0), Number(3.0), Number(5.0), Number(7.0)]))) -> Some(Some(List([Number(1.0), Number(2.0), Number(3.0), Number(5.0)])))
        clock: Some(Some(Text("from last exposure"))) -> Some(Some(Text("from last exposure (v9 rule, not restated in M20)")))
        home_tests: Some(Some(List([Number(3.0)]))) -> Some(Some(List([Number(1.0), Number(3.0)])))
        total_days: None -> Some(Some(Number(8.0)))
    ~ cn.contact.secondary.v9 -> cn.contact.secondary: laxer -> stricter
        home_days: Some(Some(Number(7.0))) -> None
        max_days: None -> Some(Some(Number(0.0)))
        tests: Some(Some(List([Number(1.0), Number(4.0), Number(7.0)]))) -> None
    ~ cn.spillover.v9 -> cn.spillover: laxer -> stricter
        clock: None -> Some(Some(Text("from leaving the area")))
        high_central_days: Some(Some(Number(7.0))) -> None
        home_days: None -> Some(Some(Number(7.0)))
        medium_home_days: Some(Some(Number(7.0))) -> None
        tests: None -> Some(Some(List([Number(1.0), Number(3.0), Number(5.0), Number(7.0)])))
    ~ cn.zone.medium.v9 -> cn.zone.categories: stricter -> within
    ~ cn.zone.high.designate.v9 -> cn.zone.high.designate: undetermined -> stricter
        default_max_scope: None -> Some(Some(Text("building")))
        moderate_max_scope: None -> Some(Some(Text("compound")))
    ~ cn.zone.high.release.v9 -> cn.zone.high.release: laxer -> within
        clear_days: None -> Some(Some(Number(5.0)))
        final_round_required_from: None -> Some(Some(Date(2022-11-21)))
        prompt_hours: None -> Some(None)
        to_low_days_more: Some(Some(Number(3.0))) -> None
        to_medium_days: Some(Some(Number(7.0))) -> None
    = 26
    "#);
}

#[test]
fn the_ten_measures_changed_this_overnight() {
    insta::assert_snapshot!(days(date(2022, 12, 6), date(2022, 12, 7)), @r#"
    + cn.hazard.exits.10m: not_covered -> blocked
    - cn.case.transfer: undetermined -> not_covered
    - cn.contact.transfer: laxer -> not_covered
    - cn.fangcang.intake: laxer -> not_covered
    - cn.fangcang.reserve: laxer -> not_covered
    - cn.isolation.reserve: laxer -> not_covered
    - cn.spillover: stricter -> not_covered
    - cn.test.landing: stricter -> not_covered
    - cn.test.region.ordinary: stricter -> within
    - cn.test.round24: laxer -> not_covered
    - cn.test.zone: laxer -> not_covered
    - cn.travel.leave: stricter -> not_covered
    - cn.traveller.low: stricter -> not_covered
    ~ cn.case.place -> cn.case.place.10m: laxer -> within
        release_ct: None -> Some(Some(Number(35.0)))
        release_days: None -> Some(Some(List([Number(6.0), Number(7.0)])))
    ~ cn.contact.close -> cn.contact.close.10m: laxer -> undetermined
        central_days: Some(Some(Number(5.0))) -> None
        central_tests: Some(Some(List([Number(1.0), Number(2.0), Number(3.0), Number(5.0)]))) -> None
        clock: Some(Some(Text("from last exposure (v9 rule, not restated in M20)"))) -> None
        home_days: Some(Some(Number(3.0))) -> Some(Some(Number(5.0)))
        home_tests: Some(Some(List([Number(1.0), Number(3.0)]))) -> None
        release_test_day: None -> Some(Some(Number(5.0)))
        total_days: Some(Some(Number(8.0))) -> None
    ~ cn.test.region.mega -> cn.test.no_mass.10m: stricter -> within
        clean_rounds: Some(Some(Number(3.0))) -> None
        closing_rounds: Some(Some(Number(1.0))) -> None
        pause_days: Some(Some(Number(3.0))) -> None
        rounds_per_day: Some(Some(Number(1.0))) -> None
    ~ cn.zone.high.designate -> cn.zone.high.designate.10m: stricter -> undetermined
        default_max_scope: Some(Some(Text("building"))) -> None
        moderate_max_scope: Some(Some(Text("compound"))) -> None
    ~ cn.zone.temporary -> cn.zone.temporary.10m: undetermined -> stricter
    = 37
    "#);
}

#[test]
fn one_number_of_one_rule_is_told_with_facts_that_fall_between_the_two() {
    let (one, two) = (book(MEASLES), book(&MEASLES.replacen("hours: 2", "hours: 3", 1)));
    let found = diff(whole(&one), whole(&two));
    assert_eq!((found.added.len(), found.removed.len(), found.changed.len()), (0, 0, 1));
    let changed = &found.changed[0];
    assert!(matches!(changed.parts[..], [Part::Param { .. }]), "{:?}", changed.parts);
    let instance = changed.instance.as_ref().unwrap();
    assert_eq!((instance.before.0, instance.after.0), (Verdict::Stricter, Verdict::Within));
    let hours = instance.facts.iter().find(|(path, _)| path.as_str() == "measure.hours").unwrap();
    assert!(matches!(hours.1, levee_rulebook::Value::Number(hours) if 2.0 < hours && hours <= 3.0), "{hours:?}");
    assert_eq!(instances_hold(&found, &one, &two), 1);
}

#[test]
fn a_rule_that_went_is_told_with_whom_it_was_for() {
    let (one, root) = (book(MEASLES), serde_norway::from_str::<serde_norway::Value>(MEASLES).unwrap());
    let mut fewer = root.clone();
    fewer["rules"].as_sequence_mut().unwrap().retain(|rule| rule["id"] != "ms.contact.immune");
    let two = book(&serde_norway::to_string(&fewer).unwrap());
    let found = diff(whole(&one), whole(&two));
    assert_eq!((found.added.len(), found.removed.len(), found.changed.len()), (0, 1, 0));
    assert_eq!(found.removed[0].rule.id.as_str(), "ms.contact.immune");
    assert!(!concerns(found.removed[0].rule).is_empty());
    assert_eq!(instances_hold(&found, &one, &two), 1);
    let back = diff(whole(&two), whole(&one));
    assert_eq!((back.added.len(), back.removed.len()), (1, 0));
}
