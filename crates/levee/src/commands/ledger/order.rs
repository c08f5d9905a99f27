//! `levee order`: from proposal to evidence.

use super::capacity::stated;
use super::counter::Counter;
use super::{refusal, show};
use crate::cli::Cli;
use crate::cli::ledger::{OrderArgs, OrderCommand, Propose, When};
use crate::failure::Failure;
use crate::open::Access;
use levee_app::ledger::orders::{NewOrder, proposed};
use levee_ledger::Command;
use levee_ledger::order::{Hold, Promise, Why};
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
    let path = new.area.as_ref().map(|area| counter.path(area)).transpose()?;
    let due = counter.moment(new.due)?;
    let confirm_by = new.confirm_by.map_or(Ok(due), |at| counter.moment(at))?;
    let mut holds = Vec::new();
    for given in &new.hold {
        let (from, until) = (counter.moment(given.from)?, counter.moment(given.until)?);
        let (resource, units) = (given.resource.clone(), given.units);
        holds.push(Hold { resource, units, from, until, confirm_by, used: false, surge: false });
    }
    let new = NewOrder {
        action: new.action.clone(),
        meets: new.meets.iter().map(|one| Promise { obligation: one.of, units: one.units }).collect(),
        why: Why { code: new.why.code.clone(), rests_on: new.why.rests_on.clone() },
        due,
        holds,
        path,
        section: new.section.clone(),
        by: new.by.clone(),
    };
    let id = counter.new_entity();
    let order = proposed(&counter.opened.journal, new, id).map_err(|error| refusal::told(error, counter.lang))?;
    counter.carry_out(vec![Command::Propose(Box::new(order))], at, None)
}
