//! A catalogue that breaks a law, or does not hang together, is refused with every fault named.

use levee_ledger::catalogue::{
    Catalogue, CatalogueFault, Class, Counting, DueFrom, Field, FieldType, FieldValue, Kind, KindId, Ladder, MayDecide,
    Outcome, Post, Reason, Rung, SubjectKind,
};
use levee_model::area::Level;
use std::collections::BTreeMap;

fn post() -> Post {
    Post { section: "transfer".to_owned(), level: Level::District }
}

fn kind(id: &str, class: Class) -> Kind {
    Kind {
        id: id.parse().unwrap(),
        system: 15,
        name_zh: id.to_owned(),
        name_en: id.to_owned(),
        unit: ("人".to_owned(), "people".to_owned()),
        counting: Counting::Both,
        class,
        life_saving: false,
        priority: 2,
        due: DueFrom::Rule(60),
        owner: post(),
        ladder: "hours".to_owned(),
        evidence: vec![],
        subject: SubjectKind::Person,
        retention_days: 30,
    }
}

fn ladder(minutes: &[u32]) -> Ladder {
    let rung = |after_minutes: &u32| Rung { after_minutes: *after_minutes, post: post() };
    Ladder { id: "hours".to_owned(), rungs: minutes.iter().map(rung).collect() }
}

fn reason(outcome: Outcome, code: &str, by: MayDecide, moot: bool) -> Reason {
    let (name_zh, name_en) = (code.to_owned(), code.to_owned());
    Reason { outcome, code: code.to_owned(), name_zh, name_en, by, moot, evidence: vec![] }
}

fn faults(made: Result<Catalogue, Vec<CatalogueFault>>) -> String {
    made.map_or_else(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), |_| "whole".into())
}

#[test]
fn law_2_holds_for_every_class_that_never_expires() {
    for class in [Class::Care, Class::Food, Class::Exit, Class::Ordinary] {
        for (outcome, by, moot, lawful) in [
            (Outcome::Expired, MayDecide::Commander, true, false),
            (Outcome::Waived, MayDecide::Recipient, false, true),
            (Outcome::Waived, MayDecide::Clinician, true, true),
            (Outcome::Waived, MayDecide::Clinician, false, false),
            (Outcome::Waived, MayDecide::Owner, false, false),
            (Outcome::Waived, MayDecide::SectionLead, false, false),
            (Outcome::Waived, MayDecide::Commander, false, false),
        ] {
            let given = vec![(Some("care".parse().unwrap()), reason(outcome, "said", by, moot))];
            let made = Catalogue::new(vec![kind("care", class)], vec![], vec![ladder(&[0])], given);
            assert_eq!(made.is_ok(), lawful || class == Class::Ordinary, "{class:?} {outcome:?} by {by:?}, {moot}");
        }
    }
}

#[test]
fn every_fault_is_named() {
    let care: KindId = "care".parse().unwrap();
    let mut odd = kind("odd", Class::Ordinary);
    (odd.system, odd.priority, odd.ladder, odd.life_saving, odd.subject) =
        (30, 0, "none".to_owned(), true, SubjectKind::None);
    let said = reason(Outcome::Met, "done", MayDecide::Owner, false);
    let made = Catalogue::new(
        vec![kind("care", Class::Care), kind("care", Class::Care), odd],
        vec![],
        vec![ladder(&[60, 30])],
        vec![
            (Some(care.clone()), said.clone()),
            (Some(care.clone()), said),
            (Some(care), reason(Outcome::Expired, "late", MayDecide::Owner, false)),
            (Some("gone".parse().unwrap()), reason(Outcome::Met, "done", MayDecide::Owner, false)),
        ],
    );
    insta::assert_snapshot!(faults(made), @"
ladder `hours` has no step, or a step that comes no later than the one below it
kind `care` stands twice
kind `odd` climbs ladder `none`, which is not in the catalogue
kind `odd` is named and says not to whom, or counted and names somebody
kind `odd`: the systems are numbered 1 to 29
kind `odd`: priorities are numbered 1 (first) to 9
kind `odd`: what saves lives is of class care, food or exit
kind `care` has reason `done` twice
`care` never expires: reason `late` cannot expire it
reason `done` names kind `gone`, which is not in the catalogue
");
}

#[test]
fn fields_are_held_to_their_kind() {
    let field = |name: &str, holds, required| Field {
        name: name.to_owned(),
        holds,
        required,
        unit: None,
        about: (name.to_owned(), name.to_owned()),
    };
    let care: KindId = "care".parse().unwrap();
    let fields = vec![
        (care.clone(), field("beds", FieldType::Count, true)),
        (care.clone(), field("floor", FieldType::Choice(vec!["ground".into(), "upper".into()]), false)),
        (care.clone(), field("name", FieldType::Personal, true)),
    ];
    let made = Catalogue::new(vec![kind("care", Class::Care)], fields, vec![ladder(&[0])], vec![]).unwrap();
    let said = |given: &[(&str, FieldValue)]| {
        let given: BTreeMap<String, FieldValue> =
            given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        made.check_fields(&care, &given).map_or_else(|bad| bad.to_string(), |()| "fits".to_owned())
    };
    let (beds, text) = (("beds", FieldValue::Count(3)), |text: &str| FieldValue::Text(text.to_owned()));
    let all = [
        said(std::slice::from_ref(&beds)),
        said(&[]),
        said(&[("beds", text("three"))]),
        said(&[beds.clone(), ("floor", text("cellar"))]),
        said(&[beds.clone(), ("colour", text("red"))]),
        said(&[beds, ("name", text("somebody"))]),
    ];
    insta::assert_snapshot!(all.join("\n"), @"
fits
field `beds` of `care` is missing
field `beds` of `care` cannot be that: expected a whole number
field `floor` of `care` cannot be that: expected one of ground, upper
`care` has no field `colour`
field `name` of `care` is personal: it belongs in the vault
");
}
