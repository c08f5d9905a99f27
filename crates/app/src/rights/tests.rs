//! The policies: what they say, and what no policy can say.

use super::policy::{POLICIES, Policies, SCHEMA, Who, role_name};
use super::{NotAllowed, Right, manages_accounts, may, stands_above};
use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use levee_ledger::AreaPath;
use levee_model::area::PlaceCode;
use levee_model::person::{Person, Role};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const ROLES: [Role; 6] =
    [Role::Commander, Role::SectionLead, Role::Coordinator, Role::IntakeClerk, Role::Analyst, Role::Auditor];

/// The policies that are asked about a section, not about a right of the role alone.
const OF_A_SECTION: [Right; 2] = [Right::Lead, Right::Command];

fn person(role: Role, section: Option<&str>, area: Option<&str>) -> Person {
    Person {
        id: "somebody".parse().unwrap(),
        name_zh: String::new(),
        name_en: String::new(),
        role,
        section: section.map(str::to_owned),
        area: area.map(|code| code.parse().unwrap()),
    }
}

fn path(codes: &[&str]) -> AreaPath {
    let codes: Vec<PlaceCode> = codes.iter().map(|code| code.parse().unwrap()).collect();
    AreaPath::new(&codes).unwrap()
}

fn schema() -> Schema {
    Schema::from_cedarschema_str(SCHEMA).unwrap().0
}

fn fits(policies: &str) -> bool {
    let set: PolicySet = policies.parse().unwrap();
    Validator::new(schema()).validate(&set, ValidationMode::Strict).validation_passed()
}

#[test]
fn the_policies_fit_what_they_speak_of() {
    let set: PolicySet = POLICIES.parse().unwrap();
    let result = Validator::new(schema()).validate(&set, ValidationMode::Strict);
    let wrong: Vec<String> = result
        .validation_errors()
        .map(ToString::to_string)
        .chain(result.validation_warnings().map(|w| w.to_string()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let named: BTreeSet<String> = schema().actions().map(|uid| uid.id().unescaped().to_owned()).collect();
    let ours: BTreeSet<String> = Right::ALL.iter().map(|right| right.name().to_owned()).collect();
    assert_eq!(named, ours);
    // A role that is mistyped would permit nobody and forbid nobody, and the language cannot tell.
    for (_, after) in POLICIES.match_indices("Role::\"").map(|(at, found)| POLICIES.split_at(at + found.len())) {
        let name = after.split('"').next().unwrap();
        assert!(ROLES.iter().any(|role| role_name(*role) == name), "{name}");
    }
}

#[test]
fn no_policy_can_stand_before_urgent_care() {
    assert!(Right::ALL.iter().all(|right| !right.name().contains("urgent")));
    assert!(!fits(r#"forbid (principal, action == Action::"urgent_care", resource);"#), "there is no such action");
    assert!(!fits(r#"forbid (principal, action == Action::"send_urgent_care", resource);"#), "there is no such action");
}

#[test]
fn what_nobody_permits_is_refused_and_what_cannot_be_worked_out_too() {
    let commander = person(Role::Commander, None, None);
    let ask = |text: &str| Policies::parse(text).unwrap().permit(Who::Person(&commander), Right::SeeOwed, None, None);
    assert_eq!(ask(""), Ok(false));
    assert_eq!(ask("permit (principal, action, resource);"), Ok(true));
    assert_eq!(ask("permit (principal, action, resource); forbid (principal, action, resource);"), Ok(false));
    let broken =
        "permit (principal, action, resource); forbid (principal, action, resource) when { principal.area == 1 };";
    assert!(ask(broken).unwrap_err().contains("area"));
    assert!(Policies::parse("permit (principal, action").is_err());
}

#[test]
fn this_is_who_may_what() {
    let mut table = format!("{:20}", "");
    for role in ROLES {
        write!(table, "{:14}", role_name(role)).unwrap();
    }
    table.push_str("machine\n");
    for right in Right::ALL.into_iter().filter(|right| !OF_A_SECTION.contains(right)) {
        write!(table, "{:20}", right.name()).unwrap();
        for role in ROLES {
            let allowed = may(&person(role, Some("testing"), Some("500101")), right, None).is_ok();
            write!(table, "{:14}", if allowed { "yes" } else { "-" }).unwrap();
        }
        let machine = Policies::ours().unwrap().permit(Who::Operator, right, None, None).unwrap();
        table.push_str(if machine { "yes\n" } else { "-\n" });
    }
    insta::assert_snapshot!(table, @"
                        commander     section_lead  coordinator   intake_clerk  analyst       auditor       machine
    see_picture         yes           yes           yes           yes           yes           yes           yes
    see_owed            yes           yes           yes           yes           yes           yes           yes
    see_masked          yes           yes           yes           yes           yes           yes           -
    read_rejected       yes           -             -             yes           -             -             -
    read_personal       yes           yes           yes           -             -             -             -
    audit_readings      yes           -             -             -             -             yes           -
    import              yes           yes           yes           yes           -             -             yes
    run_day             yes           yes           -             -             yes           -             yes
    change_owed         yes           yes           yes           yes           -             -             yes
    report_from_field   yes           yes           yes           yes           -             -             yes
    seal_personal       yes           yes           yes           yes           -             -             yes
    erase_personal      yes           yes           -             -             -             -             -
    seal                yes           yes           yes           -             -             -             -
    propose_measure     yes           yes           yes           -             -             -             -
    record_for_measure  yes           yes           yes           yes           -             -             -
    decide_measure      yes           -             yes           -             -             -             -
    decide_appeal       yes           yes           yes           -             -             -             -
    keep_rulebook       yes           -             -             -             -             -             -
    manage_accounts     -             -             -             -             -             -             -
    ");
}

#[test]
fn a_lead_stands_above_the_own_section_a_coordinator_above_the_own_area_a_commander_above_all() {
    let (here, there) = (path(&["500000", "500101"]), path(&["500000", "500103"]));
    let above = |person: &Person, path, section| {
        let asked = |right| stands_above(person, right, path, section).unwrap();
        (asked(Right::Lead), asked(Right::Command))
    };
    let lead = person(Role::SectionLead, Some("testing"), Some("500000"));
    assert_eq!((above(&lead, &here, "testing"), above(&lead, &here, "transfer")), ((true, false), (false, false)));
    let coordinator = person(Role::Coordinator, None, Some("500101"));
    assert_eq!(
        (above(&coordinator, &here, "testing"), above(&coordinator, &there, "testing")),
        ((true, false), (false, false))
    );
    let nowhere = person(Role::Coordinator, None, None);
    assert_eq!(above(&nowhere, &here, "testing"), (false, false));
    let commander = person(Role::Commander, None, None);
    assert_eq!(above(&commander, &there, "transfer"), (true, true));
    for role in [Role::IntakeClerk, Role::Analyst, Role::Auditor] {
        assert_eq!(above(&person(role, Some("testing"), Some("500000")), &here, "testing"), (false, false));
    }
}

#[test]
fn administrators_and_nobody_else_look_after_accounts() {
    assert!(manages_accounts(true).unwrap() && !manages_accounts(false).unwrap());
    for right in Right::ALL.into_iter().filter(|right| *right != Right::ManageAccounts) {
        let account = Who::Account { administrator: true };
        assert!(!Policies::ours().unwrap().permit(account, right, None, None).unwrap(), "{right:?}");
    }
}

/// What a decision costs, to be read with `--no-capture`; the figures stand in `docs/design/server.md`.
#[test]
fn a_thousand_decisions_are_the_same_and_this_is_what_one_costs() {
    let (coordinator, here) =
        (person(Role::Coordinator, None, Some("500101")), path(&["500000", "500101", "500101001"]));
    let began = std::time::Instant::now();
    assert!((0..1000).all(|_| may(&coordinator, Right::SeeOwed, Some(&here)).is_ok()));
    println!("{:.1} microseconds a decision", began.elapsed().as_secs_f64() * 1e3);
}

fn code() -> impl Strategy<Value = String> {
    "[A-Z]{1,3}(-[0-9]{1,2})?"
}

proptest! {
    #[test]
    fn nobody_acts_beyond_their_area_and_everything_in_it_is_theirs(
        codes in prop::collection::btree_set(code(), 1..6),
        own in prop::option::of((any::<prop::sample::Index>(), prop::option::weighted(0.3, code()))),
        role in prop::sample::select(ROLES.to_vec()),
        right in prop::sample::select(Right::ALL.to_vec()),
    ) {
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let own = own.map(|(nth, foreign)| foreign.unwrap_or_else(|| nth.get(&codes).to_string()));
        let who = person(role, Some("testing"), own.as_deref());
        let there = path(&codes);
        let covered = own.as_deref().is_none_or(|own| codes.contains(&own));
        let (at_all, here) = (may(&who, right, None), may(&who, right, Some(&there)));
        let anywhere = right == Right::ReportFromField;
        prop_assert_eq!(here.is_ok(), at_all.is_ok() && (covered || anywhere));
        if at_all.is_ok() && here.is_err() {
            let elsewhere = matches!(here, Err(NotAllowed::Area { .. }));
            prop_assert!(elsewhere);
        }
    }
}
