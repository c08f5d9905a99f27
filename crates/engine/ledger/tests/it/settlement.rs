//! When a day may be sealed.

use jiff::Timestamp;
use jiff::civil::date;
use levee_ledger::settlement::{Arrear, Line, settled};
use levee_ledger::{Balance, Broken, Flow, Flows, ObligationId, State};
use levee_model::ids::EntityId;
use proptest::prelude::*;

fn arrear(nth: u32, units: u64, reason: Option<&str>) -> Arrear {
    Arrear {
        obligation: ObligationId(EntityId::new(uuid::Uuid::from_u128(7), nth)),
        kind: "care_placement".parse().unwrap(),
        path: "500000/500103".parse().unwrap(),
        section: "transfer".parse().unwrap(),
        units,
        due: Timestamp::UNIX_EPOCH,
        reason: reason.map(str::to_owned),
        owner: None,
    }
}

fn line(carried_in: u64, opened: u64, carried_out: u64) -> Line {
    let mut flows = Flows::default();
    flows.post(Flow::Opened, opened);
    let (path, kind) = ("500000/500103".parse().unwrap(), "care_placement".parse().unwrap());
    Line { path, kind, carried_in, flows, carried_out }
}

#[test]
fn what_stands_against_a_seal_is_said_with_what_to_do() {
    let day = date(2022, 11, 18);
    let said = |lines: &[Line], arrears: &[Arrear]| match settled(day, lines.iter(), arrears.iter()) {
        Ok(()) => "may be sealed".to_owned(),
        Err(why) => format!("{why}\nhint: {}", why.hint()),
    };
    assert_eq!(said(&[line(2, 3, 5)], &[arrear(0, 5, Some("no_capacity"))]), "may be sealed");
    let late = [arrear(0, 5, Some("no_capacity")), arrear(1, 3, None), arrear(2, 4, None)];
    insta::assert_snapshot!(said(&[line(2, 3, 5)], &late), @"
7 unit(s) of 2 obligation(s) due by the end of 2022-11-18 are neither met nor explained
hint: meet them, or say why and who answers for it: `levee explain CITY --date DAY --reason R --owner PERSON`
");
    insta::assert_snapshot!(said(&[line(2, 3, 4)], &[]), @"
the books of 500000/500103 do not balance for `care_placement` on 2022-11-18: 1 remain
hint: this is a fault of ours: run `levee journal verify CITY` and report it
");
}

proptest! {
    /// The two sides of an account are kept apart: a balance that anything was done to otherwise does not check.
    #[test]
    fn one_side_alone_never_passes(steps in prop::collection::vec((0usize..9, 0usize..9, 1u64..5), 0..40), off in 1u64..9) {
        let mut balance = Balance::default();
        balance.open(Flow::Opened, 50, false);
        for (from, to, units) in steps {
            let (from, to) = (State::ALL[from], State::ALL[to]);
            let before = balance;
            // Corrections of what was never closed are the obligation's to refuse; the account sees owed units only.
            if !from.is_owed() {
                continue;
            }
            match balance.shift(from, to, units, false) {
                Ok(()) if to == State::Named => balance.name(units),
                Ok(()) => {}
                Err(Broken::Below { .. } | Broken::Transition { .. }) => balance = before,
                Err(other) => prop_assert!(false, "{other}"),
            }
            prop_assert_eq!(balance.check(), Ok(()));
        }
        let mut more = balance;
        more.opened += off;
        prop_assert!(more.check().is_err());
        let mut flowed = balance;
        flowed.flows.post(Flow::Met, off);
        prop_assert!(flowed.check().is_err());
    }
}
