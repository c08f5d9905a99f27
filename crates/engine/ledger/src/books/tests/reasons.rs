//! Who may excuse what: every reason held against every standing and everybody who may have said it.

use super::*;
use crate::obligation::State;

fn waive(reason: &str, said: Said) -> Command {
    let (what, reason) = (obligation(0).into(), reason.to_owned());
    Command::Close { what, to: State::Waived, units: 1, reason, said, evidence: photo() }
}

/// The whole table, told once in words so that it can be read, and held against the code.
#[test]
fn a_waiver_is_given_only_by_somebody_who_may() {
    let of = |reason: &str, kind: &str| {
        let world = World::after([open(0, kind, 3)]);
        let everybody =
            [None, Some(Standing::Stranger), Some(Standing::Owner), Some(Standing::Lead), Some(Standing::Commander)];
        let mut may = Vec::new();
        for said in [Said::Actor, Said::Recipient, Said::Clinician] {
            for who in everybody {
                if world.clone().by(who).ask(waive(reason, said)).is_ok() {
                    let who = who.map_or("Levee".to_owned(), |who| format!("{who:?}"));
                    may.push(if said == Said::Actor { who } else { format!("{who} for the {said:?}") });
                }
            }
        }
        format!("{reason}: {}", if may.is_empty() { "nobody".to_owned() } else { may.join(", ") })
    };
    let reasons = ["refused", "recovered", "moved_away", "need_gone", "excused", "lead_excused", "superseded"];
    insta::assert_snapshot!(reasons.map(|reason| of(reason, TEST)).join("\n"), @"
refused: Owner for the Recipient, Lead for the Recipient, Commander for the Recipient
recovered: Levee for the Clinician, Owner for the Clinician, Lead for the Clinician, Commander for the Clinician
moved_away: Levee, Owner, Lead, Commander, Levee for the Recipient, Owner for the Recipient, Lead for the Recipient, Commander for the Recipient, Levee for the Clinician, Owner for the Clinician, Lead for the Clinician, Commander for the Clinician
need_gone: Levee, Lead, Commander, Levee for the Recipient, Lead for the Recipient, Commander for the Recipient, Levee for the Clinician, Lead for the Clinician, Commander for the Clinician
excused: Owner, Lead, Commander, Owner for the Recipient, Lead for the Recipient, Commander for the Recipient, Owner for the Clinician, Lead for the Clinician, Commander for the Clinician
lead_excused: Lead, Commander, Lead for the Recipient, Commander for the Recipient, Lead for the Clinician, Commander for the Clinician
superseded: Commander, Commander for the Recipient, Commander for the Clinician
");
    // Care is waived by the recipient, or because it became moot: whatever else the catalogue offers does not hold.
    insta::assert_snapshot!(reasons.map(|reason| of(reason, CARE)).join("\n"), @"
refused: Owner for the Recipient, Lead for the Recipient, Commander for the Recipient
recovered: Levee for the Clinician, Owner for the Clinician, Lead for the Clinician, Commander for the Clinician
moved_away: Levee, Owner, Lead, Commander, Levee for the Recipient, Owner for the Recipient, Lead for the Recipient, Commander for the Recipient, Levee for the Clinician, Owner for the Clinician, Lead for the Clinician, Commander for the Clinician
need_gone: Levee, Lead, Commander, Levee for the Recipient, Lead for the Recipient, Commander for the Recipient, Levee for the Clinician, Lead for the Clinician, Commander for the Clinician
excused: nobody
lead_excused: nobody
superseded: nobody
");
}

#[test]
fn a_refused_waiver_says_whose_it_is_to_give() {
    let world = World::after([open(0, TEST, 3)]);
    let said = |who, reason: &str, said| world.clone().by(Some(who)).refused(waive(reason, said));
    insta::assert_snapshot!(said(Standing::Commander, "refused", Said::Actor), @"
refused: `refused` can only be given by Recipient
hint: let the one to whom it is owed say so, and write it down for them
");
    insta::assert_snapshot!(said(Standing::Commander, "recovered", Said::Recipient), @"
refused: `recovered` can only be given by Clinician
hint: let a clinician say so, and write it down for them
");
    insta::assert_snapshot!(said(Standing::Owner, "lead_excused", Said::Actor), @"
refused: `lead_excused` can only be given by SectionLead
hint: ask somebody who may
");
    insta::assert_snapshot!(said(Standing::Lead, "superseded", Said::Actor), @"
refused: `superseded` can only be given by Commander
hint: ask somebody who may
");
    insta::assert_snapshot!(said(Standing::Stranger, "excused", Said::Actor), @"
refused: 01934a5b000070009000000000000000-0 is owned by transfer of 500103-a, and you do not stand above them
hint: ask the owner, the lead of the section, or headquarters
");
    insta::assert_snapshot!(world.by(None).refused(waive("excused", Said::Actor)), @"
refused: a person must do this: the planner and the clock propose, people decide
hint: say who acts with --as PERSON
");
}

#[test]
fn care_and_exits_never_expire() {
    for kind in [CARE, RESCUE, EXIT] {
        let mut first = new(0, kind, 1);
        first.subject = Some("p-1".parse().unwrap());
        let world = World::after([Command::Open(Box::new(first))]);
        for reason in ["not_done", "refused", "no_such_reason"] {
            let (what, reason) = (obligation(0).into(), reason.to_owned());
            let expire =
                Command::Close { what, to: State::Expired, units: 1, reason, said: Said::Recipient, evidence: photo() };
            assert!(matches!(world.ask(expire), Err(Refusal::NeverExpires { .. })));
        }
    }
}

/// What saves lives is anybody's to begin and to meet; whose it is otherwise is asked.
#[test]
fn nobody_who_is_known_is_kept_from_saving_a_life() {
    let world = World::after([open(0, RESCUE, 3), open(1, CARE, 3)]).by(Some(Standing::Stranger));
    assert!(world.ask(begin(0, 1)).is_ok() && world.ask(meet(0, 1)).is_ok());
    let refused = |command| matches!(world.ask(command), Err(Refusal::NotTheirs { .. }));
    assert!(refused(begin(1, 1)) && refused(meet(1, 1)));
    let nobody = world.clone().by(None);
    assert_eq!(nobody.ask(begin(0, 1)), Err(Refusal::NeedsAPerson));
}
