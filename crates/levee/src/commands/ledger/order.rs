//! `levee order`: from proposal to evidence.

use super::capacity::stated;
use super::counter::Counter;
use super::{obligation, show};
use crate::cli::Cli;
use crate::cli::ledger::{OrderArgs, OrderCommand, Propose, When};
use crate::failure::Failure;
use crate::open::Access;
use levee_ledger::Command;
use levee_ledger::order::{Hold, Order, OrderId, OrderState, Promise, Why};
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &OrderArgs) -> Result<ExitCode, Failure> {
    let write = |when: &When| Counter::open(cli, &args.city, Access::Write, when.lang);
    // What needs nothing but the moment.
    let plain = |when: &When, command: Command| {
        let mut counter = write(when)?;
        let at = counter.at(when)?;
        counter.carry_out(vec![command], at, None)
    };
    match &args.what {
        OrderCommand::Show { id, lang } => show::order(&Counter::open(cli, &args.city, Access::Read, *lang)?, *id),
        OrderCommand::Propose(new) => propose(&mut write(&new.when)?, new),
        OrderCommand::Approve { id, version, capacity, when } => {
            let mut counter = write(when)?;
            let at = counter.at(when)?;
            let order = show::known_order(&counter, *id)?;
            let capacities = stated(&counter, &order, capacity, at)?;
            counter.carry_out(vec![Command::Approve { order: *id, version: *version, capacities }], at, None)
        }
        OrderCommand::Issue { id, capacity, when } => {
            let mut counter = write(when)?;
            let at = counter.at(when)?;
            let order = show::known_order(&counter, *id)?;
            // Only what saves lives is held with this step; of the others it was held when they were approved.
            let capacities = match order.life_saving {
                true => stated(&counter, &order, capacity, at)?,
                false => vec![],
            };
            counter.carry_out(vec![Command::Issue { order: *id, capacities }], at, None)
        }
        OrderCommand::Accept { id, when } => plain(when, Command::Accept { order: *id }),
        OrderCommand::Finish { id, met, reason, evidence, when } => {
            let mut counter = write(when)?;
            let at = counter.at(when)?;
            let evidence = counter.evidence(evidence)?;
            let met = (!met.is_empty()).then(|| met.iter().map(|one| (one.of, one.units)).collect());
            let command = Command::Finish { order: *id, met, reason: reason.clone(), evidence };
            counter.carry_out(vec![command], at, None)
        }
        OrderCommand::Fail { id, reason, when } => plain(when, Command::Fail { order: *id, reason: reason.clone() }),
        OrderCommand::Cancel { id, reason, when } => {
            plain(when, Command::Cancel { order: *id, reason: reason.clone() })
        }
    }
}

fn propose(counter: &mut Counter, new: &Propose) -> Result<ExitCode, Failure> {
    let at = counter.at(&new.when)?;
    if let Some(by) = &new.by {
        counter.known(by)?;
    }
    // The arguments ask for at least one.
    let first = match new.meets.first() {
        Some(first) => Some(obligation::known(counter, first.of)?),
        None => None,
    };
    let path = match (&new.area, &first) {
        (Some(area), _) => counter.path(area)?,
        (None, Some(first)) => first.path.clone(),
        (None, None) => counter.path_or_city(None)?,
    };
    let of_first = first.map(|first| first.section);
    let section = new.section.clone().or(of_first).ok_or_else(|| {
        counter.failure(
            ("没有说明由哪个工作组执行".into(), "no section is named".into()),
            ("用 --section 说明".into(), "name it with --section".into()),
        )
    })?;
    let due = counter.moment(new.due)?;
    let confirm_by = new.confirm_by.map_or(Ok(due), |at| counter.moment(at))?;
    let mut holds = Vec::new();
    for given in &new.hold {
        let (from, until) = (counter.moment(given.from)?, counter.moment(given.until)?);
        let (resource, units) = (given.resource.clone(), given.units);
        holds.push(Hold { resource, units, from, until, confirm_by, used: false, surge: false });
    }
    let order = Order {
        id: OrderId(counter.new_entity()),
        action: new.action.clone(),
        path,
        section,
        meets: new.meets.iter().map(|one| Promise { obligation: one.of, units: one.units }).collect(),
        why: Why { code: new.why.code.clone(), rests_on: new.why.rests_on.clone() },
        holds,
        life_saving: false,
        carried_out_by: new.by.clone(),
        due,
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    };
    counter.carry_out(vec![Command::Propose(Box::new(order))], at, None)
}
