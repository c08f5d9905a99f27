//! Law 2 and its kin, after any history.

use super::history::{Step, steps};
use super::*;
use crate::account::{Balance, Flow, Flows};
use crate::change::Opening;
use crate::obligation::State;
use crate::settlement::Line;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Units by state of every obligation at the end of every day, told from the changes alone.
#[derive(Default)]
struct Told {
    /// Day, obligation, state, units that came or left.
    posts: Vec<(Date, ObligationId, State, i128)>,
}

impl Told {
    fn note(&mut self, change: &Change) {
        match change {
            Change::Opened(one) => {
                let (day, units) = (one.obligation.posted, i128::from(one.obligation.split.all()));
                self.posts.push((day, one.obligation.id, State::Opened, units));
            }
            Change::Grown(one) => self.posts.push((one.day, one.obligation, State::Opened, i128::from(one.units))),
            Change::Moved(one) => {
                let units = i128::from(one.units);
                self.posts.push((one.day, one.obligation, one.from, -units));
                self.posts.push((one.day, one.obligation, one.to, units));
            }
            Change::Named(one) => {
                let units = i128::from(one.units);
                self.posts.push((one.day, one.obligation, one.from, -units));
                self.posts.push((one.day, one.obligation, State::Named, units));
            }
            Change::Owned(_) | Change::Explained(_) | Change::Order(_) => {}
        }
    }

    /// Units owed in an account at the end of a day.
    fn owed(&self, books: &Books, account: &(AreaPath, crate::KindId), day: Date) -> i128 {
        let of = |id: &ObligationId| {
            books.obligation(id).is_some_and(|one| (&one.path, &one.kind) == (&account.0, &account.1))
        };
        let owed = self.posts.iter().filter(|(at, id, state, _)| *at <= day && state.is_owed() && of(id));
        owed.map(|(_, _, _, units)| units).sum()
    }
}

fn before_and_after(books: &Books) -> BTreeMap<(AreaPath, crate::KindId), Balance> {
    books.balances().map(|(account, balance)| (account.clone(), *balance)).collect()
}

/// Carries a history out and holds every step of it to the laws; gives the books and what was told.
fn run(steps: Vec<Step>) -> Result<(Books, Told), TestCaseError> {
    let mut books = Books::new(catalogue());
    let mut told = Told::default();
    for Step { command, who, hour } in steps {
        let before = books.clone();
        let decided = decide(&books, who, hour, command.clone());
        prop_assert!(books == before, "decide changed the books");
        prop_assert_eq!(&decided, &decide(&books, who, hour, command.clone()), "decided otherwise when asked again");
        let Ok(changes) = decided else { continue };
        for change in &changes {
            if let Some(known) = change.obligation().and_then(|id| books.obligation(&id)) {
                prop_assert!(known.clone().after(change).is_ok(), "{:?} does not fit {:?}", change, known);
            }
            let reopens = matches!(change, Change::Moved(moved) if !moved.from.is_owed());
            prop_assert!(!reopens || matches!(command, Command::Correct { .. }), "{:?} by {:?}", change, command);
            told.note(change);
            books.apply(change);
        }
        if matches!(command, Command::Name { .. }) {
            for (account, after) in before_and_after(&books) {
                let was = before.balance(&account.0, &account.1);
                prop_assert_eq!((was.owed(), was.flows), (after.owed(), after.flows), "naming changed a sum");
            }
        }
        closed_units_stay(&before, &books, &command)?;
        states_agree(&books)?;
    }
    Ok((books, told))
}

/// What is closed stays closed, but for a correction.
fn closed_units_stay(before: &Books, after: &Books, command: &Command) -> Result<(), TestCaseError> {
    if matches!(command, Command::Correct { .. }) {
        return Ok(());
    }
    for was in before.obligations() {
        let is = after.obligation(&was.id).unwrap();
        for state in State::ALL.into_iter().filter(|state| !state.is_owed()) {
            prop_assert!(is.split.of(state) >= was.split.of(state), "{:?} left by {:?}", state, command);
        }
    }
    Ok(())
}

/// The accounts say by state what their obligations say; named and counted ones together are all.
fn states_agree(books: &Books) -> Result<(), TestCaseError> {
    let mut sums: BTreeMap<(AreaPath, crate::KindId), [u64; 4]> = BTreeMap::new();
    for one in books.obligations() {
        let sum = sums.entry((one.path.clone(), one.kind.clone())).or_default();
        for (nth, state) in [State::Opened, State::Assigned, State::InProgress].into_iter().enumerate() {
            sum[nth] += one.split.of(state);
        }
        sum[3] += if one.is_named() { one.owed() } else { 0 };
        prop_assert!(!one.never_expires || one.split.of(State::Expired) == 0, "{} expired", one.kind);
        prop_assert!(!one.is_named() || one.split.all() == 1, "a named one is a single unit");
    }
    for (account, balance) in before_and_after(books) {
        let sum = sums.remove(&account).unwrap_or_default();
        prop_assert_eq!([balance.opened, balance.assigned, balance.in_progress, balance.named], sum);
        prop_assert_eq!(balance.check(), Ok(()));
    }
    prop_assert!(sums.values().all(|sum| *sum == [0; 4]), "owed in no account: {:?}", sums);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Law 2: carried in + what came in = what went out + carried out, for every account and day; the carried side is told
    /// from the states of units, the flows are the books' own.
    #[test]
    fn obligations_are_conserved(steps in steps()) {
        let (books, told) = run(steps)?;
        let mut flows: BTreeMap<(AreaPath, crate::KindId), BTreeMap<Date, Flows>> = BTreeMap::new();
        for (account, day, on_day) in books.accounts() {
            flows.entry(account.clone()).or_default().insert(day, *on_day);
        }
        let days: BTreeSet<Date> = (0i64..6).map(|nth| day(24 * nth)).collect();
        for (account, balance) in before_and_after(&books) {
            let of = flows.remove(&account).unwrap_or_default();
            let mut carried = 0i128;
            for day in &days {
                let on_day = of.get(day).copied().unwrap_or_default();
                let out = told.owed(&books, &account, *day);
                prop_assert_eq!(carried + on_day.net(), out, "{:?} on {}", account, day);
                prop_assert!(out >= 0, "fewer than none are owed");
                let mut later = Flows::default();
                of.range(day.tomorrow().unwrap()..).for_each(|(_, flows)| later.add(flows));
                let carried_in = u64::try_from(carried).unwrap();
                let line = Line::new(account.clone(), carried_in, on_day, &later, &balance).unwrap();
                prop_assert_eq!((line.residual(), i128::from(line.carried_out)), (0, out));
                carried = out;
            }
            let mut all = Flows::default();
            of.values().for_each(|flows| all.add(flows));
            prop_assert_eq!(all, balance.flows, "the days do not add up to the whole");
        }
        prop_assert!(flows.is_empty(), "flows of no account: {:?}", flows);
    }

    /// What is transferred goes out of one account and into another, unit for unit.
    #[test]
    fn what_goes_elsewhere_arrives(steps in steps()) {
        let (books, _) = run(steps)?;
        let of = |flow| books.balances().map(|(_, balance)| balance.flows.of(flow)).sum::<u64>();
        prop_assert_eq!(of(Flow::TransferredOut), of(Flow::TransferredIn));
    }
}

/// The properties above say nothing when histories are refused as a whole: every change must come up in some.
#[test]
fn histories_reach_every_change() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..400 {
        let history = steps().new_tree(&mut runner).unwrap().current();
        let mut books = Books::new(catalogue());
        for Step { command, who, hour } in history {
            for change in decide(&books, who, hour, command).unwrap_or_default() {
                reached.insert(match &change {
                    Change::Opened(one) => match one.how {
                        Opening::New => "opened".to_owned(),
                        Opening::Transferred(_) => "transferred in".to_owned(),
                        Opening::Named(_) => "named".to_owned(),
                    },
                    Change::Moved(moved) => format!("to {:?}", moved.to),
                    Change::Order(order) => match order.as_ref() {
                        crate::order::OrderChange::Proposed(order) if order.life_saving => "saves lives".to_owned(),
                        crate::order::OrderChange::Proposed(_) => "proposed".to_owned(),
                        crate::order::OrderChange::Advanced(step) => {
                            format!(
                                "{:?}{}",
                                step.to,
                                step.reason.as_deref().map(|why| format!(", {why}")).unwrap_or_default()
                            )
                        }
                    },
                    Change::Grown(_) => "grown".to_owned(),
                    Change::Named(_) => "counted to named".to_owned(),
                    Change::Owned(_) => "owned".to_owned(),
                    Change::Explained(_) => "explained".to_owned(),
                });
                books.apply(&change);
            }
        }
    }
    insta::assert_snapshot!(reached.into_iter().collect::<Vec<_>>().join("\n"), @"
Accepted
Approved
Cancelled, ground_lapsed
Cancelled, taken_back
Done
Failed, road_closed
Issued
counted to named
explained
grown
named
opened
owned
proposed
saves lives
to Assigned
to Expired
to InProgress
to Met
to Opened
to Transferred
to Voided
to Waived
transferred in
");
}
