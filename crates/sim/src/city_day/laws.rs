//! The laws, held against a store: what it keeps must be what the tally says.

use super::tally::{Account, Tally};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::City;
use levee_app::journal::{Journal, Read, Space};
use levee_app::ledger::settle::{Statement, sealed_statement};
use levee_app::projection::ledger::rows::Numbers as _;
use levee_app::projection::ledger::{keys, read};
use levee_ledger::order::{Hold, OrderState};
use levee_ledger::{Flow, Flows, ObligationId, State};
use levee_model::area::PlaceCode;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What does not hold, in words.
pub(super) type Held = Result<(), String>;

fn cannot_read(error: impl std::fmt::Display) -> String {
    format!("the store cannot be read: {error}")
}

/// One obligation in the store is what the tally says.
fn item(tally: &Tally, on: &dyn Read, id: ObligationId) -> Held {
    let kept = read::obligation(on, &id).map_err(cannot_read)?;
    let (Some(kept), Some(item)) = (kept, tally.items.get(&id)) else {
        return Err(format!("nothing acknowledged is lost: {id} is not in the store"));
    };
    let of = |state| kept.split.of(state);
    let stored = [
        kept.owed(),
        of(State::Met),
        of(State::Waived),
        of(State::Expired),
        of(State::Voided),
        of(State::Transferred),
        of(State::Named),
    ];
    let tallied = [item.owed, item.met, item.waived, item.expired, item.voided, item.transferred, item.became_named];
    if stored != tallied {
        return Err(format!("{id} ({}): the store says {stored:?}, committed was {tallied:?}", item.kind));
    }
    if kept.never_expires && of(State::Expired) > 0 {
        return Err(format!("{id} ({}) expired and never may", item.kind));
    }
    if kept.owner != item.owner {
        return Err(format!("{id} is {:?}'s in the store and {:?}'s by what was committed", kept.owner, item.owner));
    }
    Ok(())
}

fn account(tally: &Tally, on: &dyn Read, of: &Account) -> Held {
    let kept = read::balance(on, &of.0, &of.1).map_err(cannot_read)?;
    let tallied = tally.accounts.get(of).copied().unwrap_or_default();
    if kept.flows.to_array() != tallied {
        return Err(format!(
            "{} in {}: flows {:?} in the store, {tallied:?} committed",
            of.1,
            of.0,
            kept.flows.to_array()
        ));
    }
    let [opened, transferred_in, corrected, out @ ..] = tallied;
    let owed = opened + transferred_in + corrected - out.iter().sum::<u64>();
    if kept.owed() != owed {
        return Err(format!(
            "law 2: {} in {}: {} are owed in the store, {owed} by what came and went",
            of.1,
            of.0,
            kept.owed()
        ));
    }
    Ok(())
}

/// After a step: everything that it touched, and with `all` every account.
pub(super) fn after_step(tally: &mut Tally, on: &dyn Read, all: bool, forget: bool) -> Held {
    let touched: Vec<ObligationId> = tally.touched.iter().copied().collect();
    let mut accounts: BTreeSet<Account> = BTreeSet::new();
    for id in &touched {
        item(tally, on, *id)?;
        if let Some(item) = tally.items.get(id) {
            accounts.insert((item.path.clone(), item.kind.clone()));
        }
    }
    for id in &tally.touched_orders {
        let kept = read::order(on, id).map_err(cannot_read)?.map(|order| order.state);
        let known = tally.orders.get(id).map(|order| order.state);
        if kept != known {
            return Err(format!("order {id} is {kept:?} in the store and {known:?} by what was committed"));
        }
    }
    match all {
        true => tally.accounts.keys().try_for_each(|of| account(tally, on, of))?,
        false => accounts.iter().try_for_each(|of| account(tally, on, of))?,
    }
    if forget {
        tally.touched.clear();
        tally.touched_orders.clear();
    }
    Ok(())
}

/// No bed twice: of a named bed, no two orders hold or use the same time.
pub(super) fn beds(tally: &Tally, now: Timestamp) -> Held {
    let mut held: BTreeMap<&str, Vec<(&Hold, bool)>> = BTreeMap::new();
    for order in tally.orders.values() {
        let used = matches!(order.state, OrderState::Accepted | OrderState::Done);
        let pending = matches!(order.state, OrderState::Approved | OrderState::Issued);
        for hold in &order.holds {
            if !order.life_saving && (used || (pending && now < hold.confirm_by)) {
                held.entry(hold.resource.as_str()).or_default().push((hold, used));
            }
        }
    }
    for (bed, holds) in held {
        for (nth, (one, _)) in holds.iter().enumerate() {
            for (other, _) in holds.iter().skip(nth + 1) {
                if one.from < other.until && other.from < one.until {
                    return Err(format!(
                        "law 8: {bed} is held twice between {} and {}",
                        one.from.max(other.from),
                        one.until.min(other.until)
                    ));
                }
            }
        }
    }
    Ok(())
}

/// What flowed on a day stands in the store as it was committed.
pub(super) fn day(tally: &Tally, on: &dyn Read, day: Date) -> Held {
    let mut kept: BTreeMap<Vec<u8>, [u64; 8]> = BTreeMap::new();
    let from = keys::on_day(day);
    let (from, to) = keys::beginning(from);
    on.scan(Space::Account, &from, &to, &mut |(key, bytes)| {
        kept.insert(key.to_vec(), Flows::from_bytes(bytes).unwrap_or_default().to_array());
        ControlFlow::Continue(())
    })
    .map_err(cannot_read)?;
    for ((at, of), flows) in tally.days.iter().filter(|((at, _), _)| *at == day) {
        let stored = kept.remove(&keys::account(*at, &of.0, &of.1)).unwrap_or_default();
        if stored != *flows {
            return Err(format!("{} in {} on {at}: {stored:?} in the store, {flows:?} committed", of.1, of.0));
        }
    }
    match kept.iter().find(|(_, flows)| flows.iter().any(|units| *units > 0)) {
        Some((key, flows)) => {
            Err(format!("{flows:?} flowed on {day} in {}, and nobody committed it", key.escape_ascii()))
        }
        None => Ok(()),
    }
}

/// A statement says what was committed, and its books balance.
pub(super) fn statement(tally: &Tally, statement: &Statement) -> Held {
    let mut before: BTreeMap<&Account, i128> = BTreeMap::new();
    let mut on_day: BTreeMap<&Account, [u64; 8]> = BTreeMap::new();
    let net = |flows: &[u64; 8]| {
        let [opened, transferred_in, corrected, out @ ..] = flows;
        i128::from(opened + transferred_in + corrected) - i128::from(out.iter().sum::<u64>())
    };
    for ((at, of), flows) in &tally.days {
        if !statement.books.iter().any(|book| book == of.0.book()) || *at > statement.day {
            continue;
        }
        if *at < statement.day {
            *before.entry(of).or_default() += net(flows);
        } else {
            on_day.insert(of, *flows);
        }
    }
    let expected = before
        .iter()
        .filter(|(_, owed)| **owed != 0)
        .map(|(of, _)| *of)
        .chain(on_day.iter().filter(|(_, flows)| flows.iter().any(|units| *units > 0)).map(|(of, _)| *of));
    let expected: BTreeSet<&Account> = expected.collect();
    if expected.len() != statement.lines.len() {
        return Err(format!(
            "the statement of {} on {} has {} lines, {} accounts moved or owe",
            statement.scope,
            statement.day,
            statement.lines.len(),
            expected.len()
        ));
    }
    for line in &statement.lines {
        let of = (line.path.clone(), line.kind.clone());
        let flows = on_day.get(&of).copied().unwrap_or_default();
        let carried_in = before.get(&of).copied().unwrap_or_default();
        let carried_out = carried_in + net(&flows);
        let stated: Vec<u64> = Flow::ALL.iter().map(|flow| line.of(*flow)).collect();
        if i128::from(line.carried_in) != carried_in || i128::from(line.carried_out) != carried_out || stated != flows {
            return Err(format!(
                "{} in {} on {}: stated {} + {stated:?} = {}, committed {carried_in} + {flows:?} = {carried_out}",
                of.1, of.0, statement.day, line.carried_in, line.carried_out
            ));
        }
        if line.residual() != 0 {
            return Err(format!("{} in {} on {}: {} remain", of.1, of.0, statement.day, line.residual()));
        }
    }
    Ok(())
}

/// A sealed day as it was sealed.
#[derive(Clone, Debug)]
pub(super) struct SealedDay {
    pub(super) scope: PlaceCode,
    pub(super) day: Date,
    pub(super) statement: Statement,
}

/// A sealed day reads as it did when it was sealed.
pub(super) fn still_sealed(city: &City<'_>, sealed: &SealedDay) -> Held {
    let kept = sealed_statement(city, &sealed.scope, sealed.day).map_err(cannot_read)?;
    if kept.as_ref() != Some(&sealed.statement) {
        return Err(format!("the sealed statement of {} on {} is another now", sealed.scope, sealed.day));
    }
    Ok(())
}

/// Everything, at the end of a run: every obligation, account and day, every acknowledgement, and the record itself.
pub(super) fn whole(tally: &Tally, journal: &dyn Journal) -> Held {
    tally.items.keys().try_for_each(|id| item(tally, journal, *id))?;
    tally.accounts.keys().try_for_each(|of| account(tally, journal, of))?;
    let days: BTreeSet<Date> = tally.days.keys().map(|(at, _)| *at).collect();
    days.into_iter().try_for_each(|at| day(tally, journal, at))?;
    acknowledged(tally.acknowledged.iter(), journal)?;
    committed(tally, journal)
}

/// Everything that anybody was told is there.
pub(super) fn acknowledged<'c>(
    mut commands: impl Iterator<Item = &'c levee_model::command::CommandId>,
    journal: &dyn Journal,
) -> Held {
    commands.try_for_each(|command| match journal.receipt(*command).map_err(cannot_read)? {
        Some(_) => Ok(()),
        None => Err(format!("nothing acknowledged is lost: the store knows no command {command}")),
    })
}

/// Every command is in the journal once, and none is there that was not committed.
fn committed(tally: &Tally, journal: &dyn Journal) -> Held {
    let mut runs: BTreeMap<levee_model::command::CommandId, u64> = BTreeMap::new();
    let mut last = None;
    journal
        .events(levee_app::event::Position(0), &mut |stored| {
            let command = stored.envelope.command_id;
            if last != Some(command) {
                *runs.entry(command).or_default() += 1;
                last = Some(command);
            }
            ControlFlow::Continue(())
        })
        .map_err(cannot_read)?;
    if let Some((command, times)) = runs.iter().find(|(_, times)| **times > 1) {
        return Err(format!("nothing is done twice: command {command} stands in {times} places of the journal"));
    }
    let founding = 2;
    let strangers = runs.keys().filter(|command| !tally.committed.contains(command)).count();
    if strangers > founding {
        return Err(format!("{strangers} commands of the journal were never committed by anybody"));
    }
    Ok(())
}

/// The record itself: chains, seals, projections.
pub(super) fn verified(journal: &dyn Journal) -> Held {
    let found = journal.verify().map_err(cannot_read)?;
    match found.faults.first() {
        Some(fault) => Err(format!("{} fault(s), the first: {fault}", found.faults.len())),
        None => Ok(()),
    }
}
