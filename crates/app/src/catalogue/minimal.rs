//! The catalogue of a city whose pack brings none: care placement alone.

use super::CatalogueProblem;
use levee_ledger::catalogue::{
    Catalogue, Class, Counting, DueFrom, Kind, Ladder, MayDecide, Outcome, Post, Reason, Rung,
};
use levee_ledger::catalogue::{KindId, SubjectKind};
use levee_model::area::Level;
use levee_model::table::CellProblem;

/// Hours within which somebody who tested positive is placed. No public rule gives a number; a day is our policy, for a pack
/// that says nothing itself.
const PLACED_WITHIN_HOURS: u32 = 24;

/// Who is asked when it is late, by minutes overdue: the district at once, the section after two hours, headquarters after
/// eight. Our policy too.
const STEPS: [(u32, &str, Level); 3] =
    [(0, "transfer", Level::District), (120, "transfer", Level::City), (480, "headquarters", Level::City)];

/// Outcome, code, Chinese, English, who may give it, whether the need is gone.
const REASONS: &[(Outcome, &str, &str, &str, MayDecide, bool)] = &[
    (Outcome::Met, "transferred", "已转运", "transferred", MayDecide::Owner, false),
    (Outcome::Met, "admitted", "已收治", "admitted", MayDecide::Owner, false),
    (Outcome::Met, "exempt_clinical", "因临床原因不宜转运", "exempt on clinical grounds", MayDecide::Clinician, false),
    (Outcome::Met, "exempt_carer", "因须照料他人免转运", "exempt as a carer", MayDecide::SectionLead, false),
    (
        Outcome::Met,
        "exempt_child_with_guardian",
        "儿童与监护人同住免转运",
        "exempt as a child with guardian",
        MayDecide::SectionLead,
        false,
    ),
    (Outcome::Met, "exempt_disability", "因残疾免转运", "exempt for a disability", MayDecide::SectionLead, false),
    (Outcome::Waived, "recipient_refused", "对象拒绝", "the recipient refused", MayDecide::Recipient, false),
    (Outcome::Waived, "recovered", "已康复", "recovered", MayDecide::Clinician, true),
    (Outcome::Waived, "moved_away", "已离开本市", "moved away", MayDecide::Owner, true),
    (Outcome::Waived, "deceased", "对象去世", "the person died", MayDecide::Clinician, true),
    (Outcome::Voided, "duplicate", "重复登记", "entered twice", MayDecide::Owner, false),
    (Outcome::Voided, "opened_in_error", "误登记", "opened in error", MayDecide::SectionLead, false),
    (Outcome::Carried, "no_capacity", "无可用容量", "no capacity free", MayDecide::Owner, false),
    (Outcome::Carried, "no_vehicle", "无可用车辆", "no vehicle free", MayDecide::Owner, false),
    (Outcome::Carried, "no_staff", "人手不足", "not enough staff", MayDecide::Owner, false),
    (Outcome::Carried, "other", "其他原因（见说明）", "another reason, in the note", MayDecide::SectionLead, false),
];

pub(super) fn catalogue() -> Result<Catalogue, Vec<CatalogueProblem>> {
    let told = |why: String| {
        let problem =
            CellProblem { column: String::new(), value: String::new(), code: super::code::BAD_VALUE, args: vec![] };
        CatalogueProblem { table: "obligation_kinds", nth: None, problem, why }
    };
    let id: KindId = "care_placement".parse().map_err(|e: levee_model::ids::BadId| vec![told(e.to_string())])?;
    let post = |section: &str, level| Post { section: section.to_owned(), level };
    let kind = Kind {
        id: id.clone(),
        system: 15,
        name_zh: "收治（转运或注明豁免）".to_owned(),
        name_en: "care placement (transfer, or a documented exemption)".to_owned(),
        unit: ("人".to_owned(), "people".to_owned()),
        counting: Counting::Both,
        class: Class::Care,
        life_saving: false,
        priority: 2,
        due: DueFrom::Rule(PLACED_WITHIN_HOURS * 60),
        owner: post("transfer", Level::District),
        ladder: "transfer_hours".to_owned(),
        evidence: Vec::new(),
        subject: SubjectKind::Person,
        retention_days: 30,
    };
    let rung = |(after_minutes, section, level): (u32, &str, Level)| Rung { after_minutes, post: post(section, level) };
    let ladder = Ladder { id: "transfer_hours".to_owned(), rungs: STEPS.into_iter().map(rung).collect() };
    let reasons = REASONS.iter().map(|(outcome, code, zh, en, by, moot)| {
        let (name_zh, name_en) = ((*zh).to_owned(), (*en).to_owned());
        let reason = Reason {
            outcome: *outcome,
            code: (*code).to_owned(),
            name_zh,
            name_en,
            by: *by,
            moot: *moot,
            evidence: Vec::new(),
        };
        (Some(id.clone()), reason)
    });
    Catalogue::new(vec![kind], Vec::new(), vec![ladder], reasons.collect())
        .map_err(|faults| faults.into_iter().map(|fault| told(fault.to_string())).collect())
}
