//! The statement of a day, held against one told a second time by code that knows nothing of the ledger.

use crate::ledger::{at, command, obligation};
use crate::town::{Town, person};
use jiff::civil::Date;
use levee_app::event::Mode;
use levee_app::ledger::settle::statement;
use levee_app::ledger::{Ask, Desk, carry_out};
use levee_check::ledger::{Due, Movement, Whereabouts, arrears, equations};
use levee_ledger::{Change, Command, Flow, Obligation, ObligationId, Opening, State};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn whereabouts(state: State) -> Whereabouts {
    match state {
        State::Opened | State::Assigned | State::InProgress => Whereabouts::Owed,
        State::Met => Whereabouts::Met,
        State::Waived => Whereabouts::Waived,
        State::Expired => Whereabouts::Expired,
        State::Voided => Whereabouts::Voided,
        State::Transferred => Whereabouts::OtherAccount,
        State::Named => Whereabouts::SameAccount,
    }
}

/// What the changes of a history say, in plain rows.
#[derive(Default)]
struct Plain {
    obligations: BTreeMap<ObligationId, Obligation>,
    movements: Vec<Movement>,
    due: BTreeMap<ObligationId, Due>,
}

impl Plain {
    fn moved(&mut self, id: ObligationId, day: Date, from: Whereabouts, to: Whereabouts, units: u64) {
        let one = &self.obligations[&id];
        let (obligation, kind, path) = (id.to_string(), one.kind.to_string(), one.path.to_string());
        self.movements.push(Movement { obligation, kind, path, day, from, to, units });
    }

    fn note(&mut self, change: &Change) {
        match change {
            Change::Opened(opened) => {
                let one = opened.obligation.clone();
                let (id, day, units) = (one.id, one.posted, one.split.all());
                self.due.insert(id, Due { obligation: id.to_string(), due: one.due, said: vec![] });
                self.obligations.insert(id, one);
                let from = match opened.how {
                    Opening::New => Whereabouts::Unknown,
                    Opening::Transferred(_) => Whereabouts::OtherAccount,
                    Opening::Named(_) => Whereabouts::SameAccount,
                };
                self.moved(id, day, from, Whereabouts::Owed, units);
            }
            Change::Grown(one) => {
                self.moved(one.obligation, one.day, Whereabouts::Unknown, Whereabouts::Owed, one.units);
            }
            Change::Moved(one) => {
                self.moved(one.obligation, one.day, whereabouts(one.from), whereabouts(one.to), one.units);
            }
            Change::Named(one) => {
                self.moved(one.obligation, one.day, whereabouts(one.from), Whereabouts::SameAccount, one.units);
            }
            Change::Explained(one) => {
                self.due.get_mut(&one.obligation).unwrap().said.push((one.day, one.reason.clone()));
            }
            Change::Owned(_) | Change::Order(_) => {}
        }
    }
}

fn explain() -> impl Strategy<Value = Command> {
    (0u32..12, 24i64..90).prop_map(|(nth, hour)| {
        let end = at(hour);
        let day = end.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
        let (reason, owner) = ("no_capacity".to_owned(), "lead-transfer".parse().unwrap());
        Command::Explain { what: vec![obligation(nth).into()], day, ends: end, reason, owner }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// After any history, the lines and arrears of every day are what the movements alone say, and each line balances.
    #[test]
    fn a_statement_says_what_the_movements_say(
        commands in prop::collection::vec((prop_oneof![6 => command(), 1 => explain()], 0i64..90), 0..60)
    ) {
        let mut town = Town::new(Mode::Replay);
        let desk = Desk::load(&town.journal).unwrap();
        let mut plain = Plain::default();
        let mut commands = commands;
        commands.sort_by_key(|(_, hour)| *hour);
        for (command, hour) in commands {
            let envelope = town.command(person("commander-1"));
            let ask = Ask { commands: vec![command], at: Some(at(hour)), note: None };
            if let Ok(done) = carry_out(&mut town.city(), &envelope, &ask) {
                done.changes.iter().for_each(|change| plain.note(change));
            }
        }
        let city = "500000".parse().unwrap();
        let mut day = desk.calendar.civil(at(0)).date();
        for _ in 0..5 {
            let said = statement(&town.journal, &desk, &city, day).unwrap();
            let told = equations(&plain.movements, day).unwrap();
            let mut lines = BTreeMap::new();
            for line in &said.lines {
                let told = told.get(&(line.path.to_string(), line.kind.to_string())).copied().unwrap_or_default();
                prop_assert_eq!((line.residual(), told.residual()), (0, 0));
                prop_assert_eq!(line.carried_in, told.carried_in, "carried in of {} on {}", line.path, day);
                let flows = [
                    (Flow::Opened, told.opened), (Flow::TransferredIn, told.transferred_in),
                    (Flow::Corrected, told.corrected), (Flow::Met, told.met), (Flow::Waived, told.waived),
                    (Flow::Expired, told.expired), (Flow::Voided, told.voided),
                    (Flow::TransferredOut, told.transferred_out),
                ];
                for (flow, units) in flows {
                    prop_assert_eq!(line.of(flow), units, "{:?} of {} on {}", flow, line.path, day);
                }
                prop_assert_eq!(line.carried_out, told.carried_out, "carried out of {} on {}", line.path, day);
                lines.insert((line.path.to_string(), line.kind.to_string()), ());
            }
            prop_assert!(told.keys().all(|account| lines.contains_key(account)), "a line is missing on {}", day);
            let due: Vec<Due> = plain.due.values().cloned().collect();
            let late = arrears(&plain.movements, &due, day, said.ends).unwrap();
            let mut listed = BTreeMap::new();
            for arrear in &said.arrears {
                let late_one = levee_check::ledger::Late { units: arrear.units, reason: arrear.reason.clone() };
                listed.insert(arrear.obligation.to_string(), late_one);
            }
            prop_assert_eq!(listed, late, "arrears of {}", day);
            day = day.tomorrow().unwrap();
        }
    }
}
